//! A number that a card itself gives, where it comes from, and how far it can be trusted.

use core::fmt;

use super::{Cplc, Digits, FascN, Guid, Masked, OpenPgpAid, Serial, Source, Spelling, Trust};
use crate::Named;
use crate::identity::guid::swap_fields;
use crate::identity::spelling::Form;
use crate::identity::{cplc, fasc_n, open_pgp, shared};
use crate::operation::Evidence;

/// An identifier as it was read from a card: its bytes, and what is known of them.
///
/// `Display` writes it as its makers print it: decimal digits, a GUID, hexadecimal.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{Identifier, Source, Trust};
///
/// let serial = Identifier::new(Source::YubiKey, &[0x00, 0x9A, 0x3B, 0x4C]).unwrap();
/// assert_eq!((serial.trust(), serial.number()), (Trust::Stable, Some(10_107_724)));
///
/// // A GUID of a card, as Windows looks for it.
/// let id = Identifier::new(Source::CardId, &[0x69, 0x68, 0xEF, 0xD1, 0x17, 0x55, 0xA0, 0x42, 0x8F, 5, 22, 0xCA, 26, 11, 0x83, 77]);
/// assert_eq!(id.unwrap().guid().map(|guid| guid.to_string()).as_deref(), Some("d1ef6869-5517-42a0-8f05-16ca1a0b834d"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Identifier {
    source: Source,
    trust: Trust,
    evidence: Evidence,
    is_text: bool,
    length: u8,
    bytes: [u8; Identifier::ROOM],
}

impl Identifier {
    /// The greatest length in bytes: that of CPLC data.
    pub const ROOM: usize = cplc::LENGTH;

    /// An identifier from the bytes that its source gives, or `None` when they cannot be one: a
    /// wrong length, nothing but 00 or nothing but FF, characters that cannot be.
    ///
    /// No bytes at all make a hidden one, of a source that can hide it ([`Source::YubiKey`]). A UID
    /// is taken for one of type A.
    #[inline(never)]
    pub fn new(source: Source, bytes: &[u8]) -> Option<Self> {
        let hidden = source == Source::YubiKey && bytes.iter().all(|byte| *byte == 0);
        let digits;
        let bytes = match source {
            _ if hidden => &[],
            // The holder of the device's certificate is the serial number and five digits.
            Source::SmartCardHsm => bytes.split_last_chunk::<5>()?.0,
            Source::Token2 if bytes.len() == 4 => {
                digits = unpack(bytes.try_into().ok()?);
                &digits
            }
            _ => bytes,
        };
        let (least, most) = LENGTHS.get(source.known() as usize).copied()?;
        let right_length = (usize::from(least)..=usize::from(most)).contains(&bytes.len());
        if !hidden && (is_blank(bytes) || !right_length) {
            return None;
        }
        let beginning: &[u8] = match source {
            Source::CacCuid => &[0xA0, 0x00, 0x00],
            Source::OpenPgpAid => &open_pgp::PREFIX,
            _ => &[],
        };
        if !bytes.starts_with(beginning) {
            return None;
        }
        if source.is_text() && !bytes.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let mut kept = [0; Identifier::ROOM];
        kept.get_mut(..bytes.len())?.copy_from_slice(bytes);
        if let (Source::Rutoken, [a, b, c, d, ..]) = (source, &mut kept) {
            (*a, *b, *c, *d) = (*d, *c, *b, *a);
        }
        let trust = if hidden { Trust::Hidden } else { shared::trust(source, bytes) };
        let length = u8::try_from(bytes.len()).ok()?;
        let (evidence, is_text) = (Evidence::Documented, source.is_text());
        Some(Identifier { source, trust, evidence, is_text, length, bytes: kept })
    }

    /// An identifier of [`Source::Other`] that is a text: up to 32 characters of printable ASCII, written as they are.
    ///
    /// ```
    /// use cardwright_core::identity::{Identifier, Source};
    /// assert_eq!(Identifier::of_text(Source::Other(3), "LX-004711").unwrap().to_string(), "LX-004711");
    /// assert_eq!(Identifier::of_text(Source::Other(3), "\u{9}"), None);
    /// ```
    #[must_use]
    pub fn of_text(source: Source, text: &str) -> Option<Self> {
        let fits = matches!(source, Source::Other(_)) && Spelling::text(text.as_bytes()).is_some();
        let one = Identifier::new(source, text.as_bytes()).filter(|_| fits)?;
        Some(Identifier { is_text: true, ..one })
    }

    /// The same, not known to be this card's alone: a PUPI of four bytes has no rules by which a
    /// random one can be told (ISO/IEC 14443-3, 7.9.2).
    pub(super) fn as_pupi(self) -> Self {
        match self.length {
            4 => Identifier { trust: Trust::Shared, ..self },
            _ => self,
        }
    }

    /// The same, another one each time.
    pub(super) fn as_random(self) -> Self {
        Identifier { trust: Trust::Random, ..self }
    }

    /// The same, read as it is from cards akin to this one.
    pub(super) fn as_assumed(self) -> Self {
        Identifier { evidence: Evidence::Assumed, ..self }
    }

    /// How sure it is that this is the card's number: documented where a maker's document or a public driver
    /// reads it so from such cards, assumed where they do so from its relatives only.
    #[must_use]
    pub const fn evidence(&self) -> Evidence {
        self.evidence
    }

    /// For logs: as `Display`, with a star for each letter and digit but the last two.
    #[must_use]
    pub const fn masked(self) -> Masked<Self> {
        Masked(self)
    }

    /// Where it comes from.
    #[must_use]
    pub const fn source(&self) -> Source {
        self.source
    }

    /// How far it can be trusted.
    #[must_use]
    pub const fn trust(&self) -> Trust {
        self.trust
    }

    /// Its bytes as the card gave them, without tags; see [`Source`]. None when it is hidden.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }

    /// The bytes that tell the card from others, as a serial: the GUID of those that are one, the
    /// chip of CPLC data, else all of them. `None` when it is hidden.
    #[must_use]
    pub fn serial(&self) -> Option<Serial<'static>> {
        if let Some(guid) = self.guid() {
            return Some(guid.into());
        }
        match self.cplc() {
            Some(cplc) => Serial::from_bytes(&cplc.chip()).ok(),
            None => Serial::from_bytes(self.bytes()).ok(),
        }
    }

    /// As its makers print it, to be kept as a value: decimal digits, a GUID, a text, hexadecimal.
    ///
    /// The FASC-N is written in hexadecimal here, and with all its fields by `Display`. `None`
    /// when it is hidden.
    #[must_use]
    pub fn spelling(&self) -> Option<Spelling> {
        let bytes = self.bytes();
        let (guid, chip, digits);
        let (form, written): (Form, &[u8]) = match self.source {
            Source::CardId => {
                guid = swap_fields(bytes.try_into().ok()?);
                (Form::Bare, &guid)
            }
            Source::ChuidGuid => (Form::Bare, bytes),
            // Of a family without its feature it is not known how its makers write it.
            Source::Iccid if !cfg!(feature = "cards-states") => return None,
            Source::Iccsn if !cfg!(feature = "cards-chips") => return None,
            Source::YubiKey if !cfg!(feature = "cards-keys") => return None,
            Source::OpenPgpAid if !cfg!(feature = "cards-openpgp") => return None,
            Source::Cplc if !cfg!(any(feature = "cards-chips", feature = "cards-thales")) => return None,
            Source::Cplc => {
                chip = cplc::chip(bytes)?;
                (Form::Hex, &chip)
            }
            Source::YubiKey | Source::Iccid | Source::Iccsn => {
                digits = match self.source {
                    Source::YubiKey => Some(Digits::from_number(u32::from_be_bytes(bytes.try_into().ok()?).into())),
                    source => Digits::of(bytes, source == Source::Iccid),
                };
                digits.as_ref().map_or((Form::Hex, bytes), |digits| (Form::Text, digits.as_bytes()))
            }
            // Manufacturer and serial number.
            Source::OpenPgpAid => (Form::OpenPgp, bytes.get(8..14)?),
            _ if self.is_text => (Form::Text, bytes),
            _ => (Form::Hex, bytes),
        };
        Spelling::of(form, written).filter(|_| self.trust != Trust::Hidden)
    }

    /// The GUID of a `cardid` (as Windows keeps it) or of a CHUID (RFC 4122).
    #[must_use]
    pub fn guid(&self) -> Option<Guid> {
        let bytes = self.bytes().try_into().ok()?;
        match self.source {
            Source::CardId => Some(Guid::from_windows_bytes(bytes)),
            Source::ChuidGuid => Some(Guid::new(bytes)),
            _ => None,
        }
    }

    /// The fields of a FASC-N; `None` of another source, and when parity or check symbol are wrong.
    #[must_use]
    pub fn fasc_n(&self) -> Option<FascN> {
        FascN::parse(self.bytes()).ok().filter(|_| self.source == Source::FascN)
    }

    /// The fields of CPLC data.
    #[must_use]
    pub fn cplc(&self) -> Option<Cplc> {
        Cplc::parse(self.bytes()).ok().filter(|_| self.source == Source::Cplc)
    }

    /// The fields of the application identifier of an OpenPGP card.
    #[must_use]
    pub fn open_pgp(&self) -> Option<OpenPgpAid> {
        OpenPgpAid::parse(self.bytes()).ok().filter(|_| self.source == Source::OpenPgpAid)
    }

    /// The digits of an ICCID or ICCSN.
    #[must_use]
    pub fn digits(&self) -> Option<Digits> {
        match self.source {
            Source::Iccid => Digits::from_swapped_bcd(self.bytes()),
            Source::Iccsn => Digits::from_bcd(self.bytes()),
            _ => None,
        }
    }

    /// The number of a YubiKey, a Rutoken, or of a UID of four bytes.
    pub fn number(&self) -> Option<u32> {
        let number = self.bytes().try_into().ok().map(u32::from_be_bytes);
        number.filter(|_| matches!(self.source, Source::YubiKey | Source::Rutoken | Source::Uid))
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.fasc_n(), self.spelling()) {
            (Some(fasc_n), _) => fmt::Display::fmt(&fasc_n, f),
            (None, Some(spelling)) => fmt::Display::fmt(&spelling, f),
            (None, None) => f.write_str(self.trust.name()),
        }
    }
}

/// The decimal digits of a number that has two in each byte.
fn unpack(packed: [u8; 4]) -> [u8; 8] {
    let mut digits = [b'0'; 8];
    let mut rest = u32::from_be_bytes(packed);
    for place in &mut digits {
        let [first, ..] = rest.to_be_bytes();
        *place = place.wrapping_add(first >> 4);
        rest <<= 4;
    }
    digits
}

/// The least and the most bytes of each source, by its number.
static LENGTHS: [(u8, u8); Source::ALL.len() + 1] = {
    let mut all = [lengths(Source::Other(0)); Source::ALL.len() + 1];
    let mut rest = Source::ALL;
    while let [source, others @ ..] = rest {
        all[source.known() as usize] = lengths(*source);
        rest = others;
    }
    all
};

/// The least and the most bytes.
const fn lengths(source: Source) -> (u8, u8) {
    match source {
        Source::CardId | Source::ChuidGuid | Source::OpenPgpAid | Source::Nitrokey | Source::CnsId => (16, 16),
        Source::FascN => (fasc_n::LENGTH as u8, fasc_n::LENGTH as u8),
        Source::CacCuid => (10, 21),
        Source::Cplc => (cplc::LENGTH as u8, cplc::LENGTH as u8),
        Source::YubiKey | Source::Rutoken => (4, 4),
        Source::CardOs => (6, 8),
        Source::MyEid => (10, 10),
        Source::SmartCardHsm => (1, 11),
        Source::EPass2003 | Source::JaCarta | Source::Asepcos => (8, 8),
        Source::Token2 => (8, 16),
        Source::Solo | Source::BelgianEid => (16, 16),
        Source::EstEid => (6, 16),
        Source::FinEid => (6, 32),
        Source::Dnie => (7, 7),
        Source::Iccid => (10, 10),
        // One issuer's cards are more than two or three bytes can tell apart.
        Source::Iccsn => (4, 10),
        Source::Cin => (4, 32),
        Source::Iin => (1, 32),
        Source::Uid => (4, 10),
        Source::AtsHistorical => (1, 32),
        Source::Other(_) => (1, Identifier::ROOM as u8),
    }
}

/// Nothing but 00, or nothing but FF.
fn is_blank(bytes: &[u8]) -> bool {
    shared::is_same(bytes) && matches!(bytes, [] | [0x00 | 0xFF, ..])
}
