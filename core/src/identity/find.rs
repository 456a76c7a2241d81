//! From the card in the reader to its record: how a system may have written the card's serial, and
//! the search with each of these spellings.
//!
//! What a system stores is documented for few kinds of card. So each spelling is a [`Guess`] that
//! states its evidence. The strongest identifier comes first, and of one identifier the best
//! spelling; identifiers that are not unique to one card make no guess. The record that the
//! strongest identifier finds is the card's. If that one finds nothing and a weaker one does,
//! the record may be another card's, and a person must say whose it is. If one identifier finds two
//! records, both are reported: nothing here chooses.

use super::guid::swap_fields;
use super::spelling::Form;
use super::{ByteOrder, Digits, Identifier, Identity, Kind, Serial, Source, Spelling, Trust};
use crate::named;
use crate::operation::{Evidence, System};

/// One way in which a system may have stored the serial of a card.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{Guess, Source};
/// use cardwright_core::lifecycle::Evidence;
///
/// // What is printed on the card, from a text field.
/// let guess = Guess::new("02A1B3C4", Source::YubiKey, Evidence::Assumed).unwrap();
/// assert_eq!(guess.spelling.to_string(), "02A1B3C4");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Guess {
    /// The serial as the system would write it.
    pub spelling: Spelling,
    /// The identifier that it was made from.
    pub source: Source,
    /// Whether the vendor documents that the system stores the identifier this way, or we assume it.
    pub evidence: Evidence,
}

impl Guess {
    /// A guess of which the spelling is here as a text; `None` for a text that no [`Spelling`] writes.
    #[must_use]
    pub fn new(spelling: &str, source: Source, evidence: Evidence) -> Option<Self> {
        let serial = Serial::parse(spelling).ok()?;
        let order = ByteOrder::Rfc4122;
        let written = match serial.kind() {
            Kind::Guid if spelling.starts_with('{') => serial.braced(order),
            Kind::Guid => serial.bare(order),
            Kind::Bytes => serial.hex(order),
            Kind::Text => Spelling::text(spelling.as_bytes()),
        };
        let same = |one: &Spelling| one.copy_to(&mut [0; 64]).is_some_and(|text| text == spelling);
        let cases = written.into_iter().flat_map(|written| [written.lower(), written.upper()]);
        cases.into_iter().find(same).map(|spelling| Guess { spelling, source, evidence })
    }
}

/// The records of one system, to be searched by serial number.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{Find, Found, Guess, Source, Spelling, find_records};
/// use cardwright_core::lifecycle::Evidence;
///
/// /// A list of cards, as an inventory has it.
/// struct Inventory(Vec<&'static str>);
///
/// impl Find for Inventory {
///     type Record = &'static str;
///     type Error = core::convert::Infallible;
///
///     fn find(&mut self, spelling: &Spelling, found: &mut dyn FnMut(&'static str)) -> Result<(), Self::Error> {
///         let wanted = spelling.to_string();
///         self.0.iter().filter(|serial| **serial == wanted).for_each(|serial| found(serial));
///         Ok(())
///     }
/// }
///
/// let mut inventory = Inventory(vec!["1001", "1002"]);
/// let guess = Guess::new("1002", Source::YubiKey, Evidence::Documented);
/// let mut records = Vec::new();
/// let Ok(search) = find_records(&mut inventory, guess, |record| records.push(record));
/// assert_eq!((search.found(), records), (Found::Record, vec!["1002"]));
/// ```
pub trait Find {
    /// A card's record in the system.
    type Record;
    /// Why the search failed.
    type Error;

    /// Calls `found` with each record whose serial number is this one, as it is spelled.
    ///
    /// # Errors
    ///
    /// If the system cannot be asked or its answer cannot be read. Finding nothing is not an error.
    fn find(&mut self, serial: &Spelling, found: &mut dyn FnMut(Self::Record)) -> Result<(), Self::Error>;
}

/// For a borrowed system.
impl<F: Find + ?Sized> Find for &mut F {
    type Record = F::Record;
    type Error = F::Error;

    fn find(&mut self, serial: &Spelling, found: &mut dyn FnMut(Self::Record)) -> Result<(), Self::Error> {
        (**self).find(serial, found)
    }
}

/// The result of a search.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{Find, Found, Spelling, find_records};
///
/// struct Nowhere;
/// impl Find for Nowhere {
///     type Record = ();
///     type Error = core::convert::Infallible;
///     fn find(&mut self, _: &Spelling, _: &mut dyn FnMut(())) -> Result<(), Self::Error> {
///         Ok(())
///     }
/// }
///
/// let Ok(search) = find_records(&mut Nowhere, [], |()| {});
/// assert_eq!((search.found(), search.tried), (Found::Nothing, 0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Search {
    /// The guess that found something first; `None` when none did.
    pub by: Option<Guess>,
    /// How many records were found. A record that two spellings find counts twice here: where records
    /// can be told apart, set this to the number of different ones before asking [`found`](Self::found).
    pub records: usize,
    /// How many guesses were tried, from the first on.
    pub tried: usize,
    /// How many of these, from the first on, are of identifiers that found nothing: all stronger than
    /// that of [`by`](Self::by).
    pub passed_over: usize,
}

impl Search {
    /// What the search says about whose the record is.
    #[must_use]
    pub const fn found(&self) -> Found {
        match (self.records, self.passed_over) {
            (0, _) => Found::Nothing,
            (1, 0) => Found::Record,
            (1, _) => Found::Weaker,
            _ => Found::Several,
        }
    }
}

/// What a search for the record of a card found, and what may be done with it.
///
/// # Examples
/// ```
/// use cardwright_core::Named;
/// use cardwright_core::identity::Found;
///
/// // Only one of them is a record to act on.
/// assert_eq!(Found::from_name("record"), Some(Found::Record));
/// assert_eq!(Found::Several.name(), "several");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Found {
    /// No record: the system does not know the card, or not by anything that the card reveals.
    Nothing = 1,
    /// The record of the card: its strongest identifier found this one and no other.
    Record = 2,
    /// A record that may be another card's: a weaker identifier found it, after a stronger one had found
    /// nothing. Nothing may be done with it until somebody who knows has said that it is this card's.
    Weaker = 3,
    /// Several records, and nothing to tell which is the card's.
    Several = 4,
}

named! { Found { Nothing = "nothing", Record = "record", Weaker = "weaker", Several = "several" } }

/// Searches with one identifier after the other, in every spelling of it, until one finds something, and
/// calls `found` with each record.
///
/// The guesses are those of [`Identity::guesses`], or the caller's own; those of one source, which
/// stand together, are spellings of one identifier. All of them are tried even when the first finds a
/// record: a system that keeps two records of one number in two spellings does not tell which is meant.
///
/// # Errors
///
/// The system's, at the first guess for which it cannot be asked.
pub fn find_records<F: Find + ?Sized>(
    system: &mut F,
    guesses: impl IntoIterator<Item = Guess>,
    mut found: impl FnMut(F::Record),
) -> Result<Search, F::Error> {
    let mut search = Search { by: None, records: 0, tried: 0, passed_over: 0 };
    let mut source = None;
    for guess in guesses {
        if source != Some(guess.source) {
            if search.by.is_some() {
                break;
            }
            source = Some(guess.source);
            search.passed_over = search.tried;
        }
        search.tried = search.tried.saturating_add(1);
        let records = &mut search.records;
        system.find(&guess.spelling, &mut |record| {
            *records = records.saturating_add(1);
            found(record);
        })?;
        if search.records > 0 && search.by.is_none() {
            search.by = Some(guess);
        }
    }
    if search.by.is_none() {
        search.passed_over = search.tried;
    }
    Ok(search)
}

impl Identity {
    /// The spellings in which a system may have stored this card's serial: the strongest identifier
    /// first, and of each identifier the best guess first.
    ///
    /// The strongest is the one that the system's vendor documents as the card's serial; then come the
    /// numbers that the maker gives and nobody can change, those that are written when a card is
    /// issued, the chip's, and last that of the antenna.
    ///
    /// MIM CM writes the card identifier of a Base CSP card in braces, in lower case ("Get
    /// smartcards"); that Windows takes its bytes for a `struct GUID` is common knowledge, so the
    /// other byte order is a second, assumed guess. Of CertiFlow only the field is documented: hexadecimal
    /// in upper case as PKCS#11 modules write it, and the number that is printed on the card.
    pub fn guesses(&self, system: System) -> impl Iterator<Item = Guess> {
        PACKED.iter().filter_map(move |guess| {
            let source = guess.of(system)?;
            let identifier = self.get(source).filter(|one| one.trust() == Trust::Stable)?;
            let spelling = guess.spell(identifier)?;
            Some(Guess { spelling, source, evidence: guess.evidence() })
        })
    }
}

impl Identifier {
    /// The guess that a system has it as [`spelling`](Self::spelling) writes it; `None` unless it is this card's alone.
    /// For [`find_records`] in a system that this library does not know.
    #[must_use]
    pub fn guess(&self, evidence: Evidence) -> Option<Guess> {
        let spelling = self.spelling().filter(|_| self.trust() == Trust::Stable)?;
        Some(Guess { spelling, source: self.source(), evidence })
    }
}

/// How a spelling is made.
#[derive(Clone, Copy)]
enum How {
    /// A GUID of the sixteen bytes as Windows keeps them, in braces.
    Windows,
    /// The same of the bytes as they are.
    Rfc4122,
    /// The sixteen bytes as the text of a GUID without braces.
    Bare,
    /// As [`Identifier::spelling`].
    Printed,
    Hex,
    /// The bytes in hexadecimal, the last one first: what software writes that takes them for one number.
    Reversed,
    /// The number in decimal digits.
    Decimal,
    /// The bytes repeated up to sixteen, as a Windows GUID in braces: OpenSC's minidriver makes a card
    /// identifier this way if a card has none.
    Repeated,
}

/// The strongest identifier first, for each system; the rows of one identifier stand together, the best
/// guess first.
///
/// A maker's serial number is stronger than a GUID or FASC-N, which a tool can write again or copy to
/// another card; these than the numbers of an issuer, which are unique among the issuer's cards only;
/// and all of them than a chip's or an antenna's number, which management software seldom stores.
const GUESSES: &[(System, Source, How, Evidence)] = {
    use Evidence::{Assumed, Documented};
    use How::{Bare, Decimal, Hex, Printed, Repeated, Reversed, Rfc4122, Windows};
    use System::{CertiFlow, Mim};
    &[
        // What the vendor documents.
        (Mim, Source::CardId, Windows, Documented),
        (Mim, Source::CardId, Rfc4122, Assumed),
        // What stands in its place on cards without one. No maker's serial number is a GUID, so that
        // only OpenSC's way of making one of it is left.
        (Mim, Source::ChuidGuid, Windows, Assumed),
        (Mim, Source::ChuidGuid, Rfc4122, Assumed),
        (Mim, Source::FascN, Repeated, Assumed),
        (Mim, Source::CardOs, Repeated, Assumed),
        (Mim, Source::MyEid, Repeated, Assumed),
        (Mim, Source::SmartCardHsm, Repeated, Assumed),
        (Mim, Source::EPass2003, Repeated, Assumed),
        (Mim, Source::Rutoken, Repeated, Assumed),
        (Mim, Source::JaCarta, Repeated, Assumed),
        (Mim, Source::Asepcos, Repeated, Assumed),
        (Mim, Source::Dnie, Repeated, Assumed),
        (Mim, Source::BelgianEid, Repeated, Assumed),
        // The maker's.
        (CertiFlow, Source::YubiKey, Printed, Assumed),
        (CertiFlow, Source::YubiKey, Hex, Assumed),
        (CertiFlow, Source::CardId, Hex, Assumed),
        (CertiFlow, Source::CardId, Printed, Assumed),
        // A Rutoken prints the number in decimal digits; PKCS#11 has hexadecimal, OpenSC the bytes as they come.
        (CertiFlow, Source::Rutoken, Hex, Assumed),
        (CertiFlow, Source::Rutoken, Decimal, Assumed),
        (CertiFlow, Source::Rutoken, Reversed, Assumed),
        (CertiFlow, Source::JaCarta, Hex, Assumed),
        (CertiFlow, Source::JaCarta, Reversed, Assumed),
        (CertiFlow, Source::CardOs, Hex, Assumed),
        (CertiFlow, Source::MyEid, Hex, Assumed),
        (CertiFlow, Source::EPass2003, Hex, Assumed),
        (CertiFlow, Source::SmartCardHsm, Printed, Assumed),
        (CertiFlow, Source::Token2, Printed, Assumed),
        (CertiFlow, Source::CnsId, Printed, Assumed),
        (CertiFlow, Source::Nitrokey, Hex, Assumed),
        (CertiFlow, Source::Solo, Hex, Assumed),
        (CertiFlow, Source::Solo, Bare, Assumed),
        (CertiFlow, Source::Asepcos, Hex, Assumed),
        (CertiFlow, Source::Asepcos, Reversed, Assumed),
        (CertiFlow, Source::EstEid, Printed, Assumed),
        (CertiFlow, Source::FinEid, Printed, Assumed),
        (CertiFlow, Source::BelgianEid, Hex, Assumed),
        (CertiFlow, Source::Dnie, Hex, Assumed),
        (CertiFlow, Source::Dnie, Reversed, Assumed),
        // Written when the card was issued.
        (CertiFlow, Source::ChuidGuid, Printed, Assumed),
        (CertiFlow, Source::ChuidGuid, Hex, Assumed),
        (CertiFlow, Source::FascN, Hex, Assumed),
        (CertiFlow, Source::CacCuid, Hex, Assumed),
        (CertiFlow, Source::OpenPgpAid, Printed, Assumed),
        (CertiFlow, Source::Iccsn, Printed, Assumed),
        (CertiFlow, Source::Iccid, Printed, Assumed),
        (CertiFlow, Source::Cin, Hex, Assumed),
        // The chip's, and that by which a contactless reader tells cards apart.
        (CertiFlow, Source::Cplc, Printed, Assumed),
        (CertiFlow, Source::Uid, Hex, Assumed),
    ]
};

/// The rows of an identifier stand together, so that its spellings are tried one after the other.
const _: () = {
    const fn are_of_one(row: usize, other: usize) -> bool {
        GUESSES[row].0 as u8 == GUESSES[other].0 as u8 && GUESSES[row].1.bit() == GUESSES[other].1.bit()
    }
    let mut row = 1;
    while row < GUESSES.len() {
        let mut before = 0;
        while before < row {
            assert!(are_of_one(row, row - 1) || !are_of_one(row, before), "an identifier's rows are apart");
            before += 1;
        }
        row += 1;
    }
};

/// The table as a search reads it.
static PACKED: [Packed; GUESSES.len()] = {
    let mut packed = [Packed(0, 0); GUESSES.len()];
    let mut row = 0;
    while row < GUESSES.len() {
        let (system, source, how, evidence) = GUESSES[row];
        packed[row] = Packed(source.known() as u8 | (system as u8) << 6, how as u8 | (evidence as u8) << 4);
        row += 1;
    }
    packed
};

/// A row: the number of the system above six bits of that of the source, that of the evidence above the spelling.
#[derive(Clone, Copy)]
struct Packed(u8, u8);

impl Packed {
    /// The source, if it is a row of this system.
    fn of(self, system: System) -> Option<Source> {
        if self.0 >> 6 != system as u8 {
            return None;
        }
        Source::of_number(self.0 & 0x3F)
    }

    fn evidence(self) -> Evidence {
        if self.1 >> 4 == Evidence::Documented as u8 { Evidence::Documented } else { Evidence::Assumed }
    }

    #[inline(never)]
    fn spell(self, identifier: &Identifier) -> Option<Spelling> {
        const PRINTED: u8 = How::Printed as u8;
        const HEX: u8 = How::Hex as u8;
        const DECIMAL: u8 = How::Decimal as u8;
        const REVERSED: u8 = How::Reversed as u8;
        let bytes = identifier.bytes();
        let how = self.1 & 0x0F;
        let mut kept = [0; Identifier::ROOM];
        match how {
            PRINTED => return identifier.spelling(),
            HEX => return Spelling::hex(bytes),
            DECIMAL if !cfg!(feature = "cards-tokens") => return None,
            REVERSED if !cfg!(any(feature = "cards-tokens", feature = "all-cards")) => return None,
            DECIMAL => return Spelling::text(Digits::from_number(identifier.number()?.into()).as_bytes()),
            REVERSED => {
                for (place, byte) in kept.iter_mut().zip(bytes.iter().rev()) {
                    *place = *byte;
                }
                return Spelling::hex(kept.get(..bytes.len())?);
            }
            _ => {}
        }
        // The others are GUIDs, of which only one is made of what is none.
        if bytes.len() != 16 && how != How::Repeated as u8 {
            return None;
        }
        let mut guid = [0; 16];
        for (place, byte) in guid.iter_mut().zip(bytes.iter().cycle()) {
            *place = *byte;
        }
        if how == How::Windows as u8 || how == How::Repeated as u8 {
            guid = swap_fields(guid);
        }
        Spelling::of(if how == How::Bare as u8 { Form::Bare } else { Form::Braced }, &guid)
    }
}
