//! From the card in the reader to its record: how a system may have written the card's serial, and
//! the search with each of these spellings.
//!
//! What a system stores is documented for few kinds of card. So each spelling is a [`Guess`] that
//! states its evidence; the best comes first, and identifiers that are not unique to one card make
//! none. If one spelling finds two records, both are reported: nothing here chooses.

use super::{ByteOrder, Digits, Guid, Identifier, Identity, Source, Spelling, Trust};
use crate::operation::{Evidence, System};

/// One way in which a system may have stored the serial of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guess {
    /// The serial as the system would write it.
    pub spelling: Spelling,
    /// The identifier that it was made from.
    pub source: Source,
    /// Whether the vendor documents that the system stores the identifier this way, or we assume it.
    pub evidence: Evidence,
}

/// The records of one system, to be searched by serial number.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search {
    /// The guess that found something; `None` when none did.
    pub by: Option<Guess>,
    /// How many records it found. More than one means that the system does not tell which.
    pub records: usize,
    /// How many guesses were tried, from the first on.
    pub tried: usize,
}

/// Searches with one guess after the other until one finds something, and calls `found` with each
/// record that this one finds.
///
/// The guesses are those of [`Identity::guesses`], or the caller's own.
///
/// # Errors
///
/// The system's, at the first guess for which it cannot be asked.
pub fn find_records<F: Find + ?Sized>(
    system: &mut F,
    guesses: impl IntoIterator<Item = Guess>,
    mut found: impl FnMut(F::Record),
) -> Result<Search, F::Error> {
    let mut search = Search { by: None, records: 0, tried: 0 };
    for guess in guesses {
        search.tried = search.tried.saturating_add(1);
        let records = &mut search.records;
        system.find(&guess.spelling, &mut |record| {
            *records = records.saturating_add(1);
            found(record);
        })?;
        if search.records > 0 {
            search.by = Some(guess);
            break;
        }
    }
    Ok(search)
}

impl Identity {
    /// The spellings in which a system may have stored this card's serial, the best guess first.
    ///
    /// MIM CM writes the card identifier of a Base CSP card in braces, in lower case ("Get
    /// smartcards"); that Windows takes its bytes for a `struct GUID` is common knowledge, so the
    /// other byte order is a second, assumed guess. Of CertiFlow only the field is documented: hexadecimal
    /// in upper case as PKCS#11 modules write it, and the number that is printed on the card.
    pub fn guesses(&self, system: System) -> impl Iterator<Item = Guess> {
        GUESSES.iter().filter(move |row| row.0 == system).filter_map(|(_, source, how, evidence)| {
            let identifier = self.get(*source).filter(|one| one.trust() == Trust::Stable)?;
            let spelling = how.spell(identifier)?;
            Some(Guess { spelling, source: *source, evidence: *evidence })
        })
    }
}

/// How a spelling is made.
#[derive(Clone, Copy)]
enum How {
    /// A GUID of the sixteen bytes in this order, in braces.
    Braced(ByteOrder),
    /// As [`Identifier::spelling`].
    Printed,
    Hex,
    /// The number in decimal digits.
    Decimal,
    /// The bytes repeated up to sixteen, as a Windows GUID in braces: OpenSC's minidriver makes a card
    /// identifier this way if a card has none.
    Repeated,
}

/// The best guess first, for each system.
const GUESSES: &[(System, Source, How, Evidence)] = {
    use ByteOrder::{Rfc4122, Windows};
    use Evidence::{Assumed, Documented};
    use How::{Braced, Decimal, Hex, Printed, Repeated};
    use System::{CertiFlow, Mim};
    &[
        (Mim, Source::CardId, Braced(Windows), Documented),
        (Mim, Source::CardId, Braced(Rfc4122), Assumed),
        (Mim, Source::ChuidGuid, Braced(Windows), Assumed),
        (Mim, Source::ChuidGuid, Braced(Rfc4122), Assumed),
        (Mim, Source::FascN, Repeated, Assumed),
        (Mim, Source::CardOs, Repeated, Assumed),
        (Mim, Source::MyEid, Repeated, Assumed),
        (Mim, Source::SmartCardHsm, Repeated, Assumed),
        (Mim, Source::EPass2003, Repeated, Assumed),
        (Mim, Source::Rutoken, Repeated, Assumed),
        (CertiFlow, Source::YubiKey, Printed, Assumed),
        (CertiFlow, Source::YubiKey, Hex, Assumed),
        (CertiFlow, Source::CardId, Hex, Assumed),
        (CertiFlow, Source::CardId, Printed, Assumed),
        (CertiFlow, Source::Rutoken, Hex, Assumed),
        (CertiFlow, Source::Rutoken, Decimal, Assumed),
        (CertiFlow, Source::CardOs, Hex, Assumed),
        (CertiFlow, Source::MyEid, Hex, Assumed),
        (CertiFlow, Source::EPass2003, Hex, Assumed),
        (CertiFlow, Source::SmartCardHsm, Printed, Assumed),
        (CertiFlow, Source::Token2, Printed, Assumed),
        (CertiFlow, Source::CnsId, Printed, Assumed),
        (CertiFlow, Source::Nitrokey, Hex, Assumed),
        (CertiFlow, Source::ChuidGuid, Printed, Assumed),
        (CertiFlow, Source::ChuidGuid, Hex, Assumed),
        (CertiFlow, Source::FascN, Hex, Assumed),
        (CertiFlow, Source::CacCuid, Hex, Assumed),
        (CertiFlow, Source::OpenPgpAid, Printed, Assumed),
        (CertiFlow, Source::Cplc, Printed, Assumed),
        (CertiFlow, Source::Iccsn, Printed, Assumed),
        (CertiFlow, Source::Iccid, Printed, Assumed),
        (CertiFlow, Source::Cin, Hex, Assumed),
        (CertiFlow, Source::Uid, Hex, Assumed),
    ]
};

impl How {
    fn spell(self, identifier: &Identifier) -> Option<Spelling> {
        let bytes = identifier.bytes();
        match self {
            How::Braced(order) => Some(Guid::from_bytes(bytes.try_into().ok()?, order).braced()),
            How::Printed => identifier.spelling(),
            How::Hex => Spelling::hex(bytes),
            How::Decimal => Spelling::text(Digits::from_number(identifier.number()?.into()).as_bytes()),
            How::Repeated => {
                let mut repeated = [0; 16];
                for (place, byte) in repeated.iter_mut().zip(bytes.iter().cycle()) {
                    *place = *byte;
                }
                Some(Guid::from_windows_bytes(repeated).braced())
            }
        }
    }
}
