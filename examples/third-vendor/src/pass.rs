//! Passes of Lodge: how a card says that it is one, and which.

use cardwright_core::apdu::{self, BerTlvs, Transmit};
use cardwright_core::identity::{self, CardKind, Identifier, Identity, Interface, RESPONSE_ROOM, Source};

/// A pass. The number is this program's: the library has none for it.
pub const PASS: CardKind = CardKind::Other(1);

/// The number of a pass, which Lodge keeps: `LX-`, and six digits.
pub const PASS_NUMBER: Source = Source::Other(1);

/// SELECT of Lodge's application. F0 begins the names that nobody registers (ISO/IEC 7816-5).
const SELECT: &[u8] = b"\x00\xA4\x04\x00\x07\xF0LODGE\x01\x00";
const NAME: &[u8] = b"\xF0LODGE\x01";

/// GET DATA of the number, object DF10.
const NUMBER: &[u8] = b"\x00\xCA\xDF\x10\x00";

/// All that a card tells: what the library knows, and whether it is a pass.
///
/// # Errors
///
/// That of the channel.
pub fn identify<T: Transmit + ?Sized>(card: &mut T, atr: &[u8], interface: Interface) -> Result<Identity, T::Error> {
    let mut response = [0; RESPONSE_ROOM];
    let known = identity::identify(card, atr, interface, &mut response)?;
    add_pass(card, known)
}

/// The same card, with what Lodge's application says.
///
/// A kind rests on the card's own answer, as the library's do: that SELECT succeeds is no evidence, because there
/// are cards that say yes to everything.
///
/// # Errors
///
/// That of the channel.
pub fn add_pass<T: Transmit + ?Sized>(card: &mut T, known: Identity) -> Result<Identity, T::Error> {
    let mut response = [0; 258];
    let length = card.transmit(SELECT, &mut response)?;
    if !response.get(..length).and_then(apdu::data).is_some_and(names_itself) {
        return Ok(known);
    }
    let length = card.transmit(NUMBER, &mut response)?;
    let number = response.get(..length).and_then(apdu::data).and_then(number);
    // There is always room: the library finds no more than five numbers.
    Ok(number.and_then(|number| known.with(PASS, number).ok()).unwrap_or(known))
}

/// Whether the answer to SELECT has the application's name (ISO/IEC 7816-4, 7.4.3).
fn names_itself(answer: &[u8]) -> bool {
    let template = BerTlvs::new(answer).find_tag(0x6F);
    template.and_then(|template| template.objects().find_tag(0x84)).is_some_and(|name| name.value == NAME)
}

/// The number, where it looks like one.
fn number(answer: &[u8]) -> Option<Identifier> {
    let object = BerTlvs::new(answer).find_tag(0xDF10)?;
    let text = std::str::from_utf8(object.value).ok()?;
    let digits = text.strip_prefix("LX-")?;
    let is_number = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_digit());
    Identifier::of_text(PASS_NUMBER, text).filter(|_| is_number)
}
