//! The card in a reader: what it tells, and which record a system has of it.
//!
//! Nothing is chosen here: two records are an error that lists both, and what was tried is said where
//! there is none.

use crate::failure::{Failure, Kind};
use crate::hex;
use cardwright_client::{AnyCard, AnyClient};
use cardwright_core::Named as _;
use cardwright_core::identity::{Guess, Identity, find_records};
use cardwright_core::lifecycle::System;

/// The card in a reader, and what it told.
pub struct InReader {
    /// The reader's name.
    pub reader: String,
    /// The card's ATR.
    pub atr: Vec<u8>,
    /// What it told of its kind and its serial numbers.
    pub identity: Identity,
    /// How often other programs reset it meanwhile.
    pub resets: u32,
    /// How often a card had come or gone when it was asked; 0 where the system does not count.
    pub events: u16,
}

impl InReader {
    /// Asks the card in the reader of this name, or in the one reader that has one.
    ///
    /// # Errors
    /// No reader, several readers with a card, and what goes wrong with the card.
    #[cfg(feature = "reader")]
    pub fn ask(reader: Option<&str>) -> Result<Self, Failure> {
        let reader = choose_reader(reader)?;
        // Before it is asked, so that no card that comes later passes for it.
        let events = look(&reader)?.map_or(0, |now| now.events);
        let mut session = cardwright_reader::Session::connect(&reader)?;
        let identity = session.identify()?;
        Ok(InReader { atr: session.atr().to_vec(), resets: session.resets(), reader, identity, events })
    }

    /// Looks at the reader again: whether the card that was asked is there yet, and was not out meanwhile.
    /// Where the system does not count (macOS), another card of the same ATR is not noticed.
    ///
    /// # Errors
    /// What has changed; nothing should be done then.
    #[cfg(feature = "reader")]
    pub fn still_there(&self) -> Result<(), Failure> {
        let reader = &self.reader;
        let what = match look(reader)? {
            None => format!("{reader} was unplugged"),
            Some(now) if !now.slot.has_card() => format!("the card was taken out of {reader}"),
            Some(now) if now.atr != self.atr => format!("another card is in {reader} now"),
            Some(now) if now.events != self.events => {
                format!("the card was taken out of {reader}; this one or another one is in it now")
            }
            Some(_) => return Ok(()),
        };
        Err(Failure::new(Kind::Refused, what).hint("nothing was done; put the card in and run the command again"))
    }

    /// As with readers.
    ///
    /// # Errors
    /// Always.
    #[cfg(not(feature = "reader"))]
    pub fn still_there(&self) -> Result<(), Failure> {
        Err(no_readers())
    }

    /// As with readers.
    ///
    /// # Errors
    /// Always.
    #[cfg(not(feature = "reader"))]
    pub fn ask(_: Option<&str>) -> Result<Self, Failure> {
        Err(no_readers())
    }

    /// What the card says that it is; the ATR when it says nothing.
    pub fn told(&self) -> String {
        match self.identity == Identity::default() {
            true => format!("a card of the ATR {}", hex(&self.atr)),
            false => self.identity.to_string(),
        }
    }

    /// The ATR that a record has, where it has one and it is not the card's.
    pub fn other_atr(&self, record: &AnyCard) -> Option<String> {
        other_atr(&self.atr, &record.atr())
    }
}

/// The ATR of the card in the reader of this name, or in the one reader that has one; nothing is sent.
///
/// # Errors
/// No reader, several readers with a card, or no card.
#[cfg(feature = "reader")]
pub fn atr_in_reader(reader: Option<&str>) -> Result<Vec<u8>, Failure> {
    let reader = choose_reader(reader)?;
    let atr = look(&reader)?.map(|found| found.atr).filter(|atr| !atr.is_empty());
    atr.ok_or_else(|| {
        Failure::new(Kind::NotFound, format!("no card in {reader} gives an ATR"))
            .hint("is a card in it, and the right way round? cardwright readers shows what is in each")
    })
}

/// A reader as it is now.
#[cfg(feature = "reader")]
fn look(reader: &str) -> Result<Option<cardwright_reader::Reader>, Failure> {
    Ok(cardwright_reader::readers()?.into_iter().find(|other| other.name == reader))
}

/// As with readers.
///
/// # Errors
/// Always.
#[cfg(not(feature = "reader"))]
pub fn atr_in_reader(_: Option<&str>) -> Result<Vec<u8>, Failure> {
    Err(no_readers())
}

#[cfg(not(feature = "reader"))]
pub(crate) fn no_readers() -> Failure {
    Failure::usage("this command was built without readers")
        .hint("that of the Python package is; cargo install --path cli builds one with readers")
}

/// What a system has of a card.
pub struct Records {
    /// By which guess they were found.
    pub by: Option<Guess>,
    /// The records.
    pub cards: Vec<AnyCard>,
    /// The guesses that were tried.
    pub tried: Vec<Guess>,
}

impl Records {
    /// Searches a system, or the cards of one user of it.
    ///
    /// # Errors
    /// What goes wrong on the way.
    pub fn search(client: &AnyClient, of: Option<&str>, card: &InReader) -> Result<Self, Failure> {
        let system = client.system();
        let mut cards = Vec::new();
        let (guesses, found) = (card.identity.guesses(system), |record| cards.push(record));
        let search = match of {
            Some(user) => find_records(&mut client.of_user(user), guesses, found)?,
            None => find_records(&mut &*client, guesses, found)?,
        };
        Ok(Records { by: search.by, cards, tried: card.identity.guesses(system).take(search.tried).collect() })
    }

    /// The one record, and how it was found.
    ///
    /// # Errors
    /// No record, or several: what was tried, or which they are.
    pub fn one(self, system: System, card: &InReader) -> Result<(AnyCard, Guess), Failure> {
        let (system, reader) = (system.name(), &card.reader);
        match (<[AnyCard; 1]>::try_from(self.cards), self.by) {
            (Ok([record]), Some(by)) => Ok((record, by)),
            (Err(cards), Some(by)) => {
                let cards: Vec<String> = cards.iter().map(brief).collect();
                let (count, cards) = (cards.len(), cards.join("; "));
                let message = format!("{system} has {count} records of the card in {reader}, by {}: {cards}", said(by));
                Err(Failure::new(Kind::Failed, message).hint("nothing was done; name one of them by its id"))
            }
            _ if self.tried.is_empty() => {
                let message =
                    format!("the card in {reader} tells nothing by which {system} could know it: {}", card.told());
                Err(Failure::new(Kind::NotFound, message).hint("cardwright identify shows all that it tells"))
            }
            _ => {
                let tried: Vec<String> = self.tried.into_iter().map(said).collect();
                let tried = tried.join(", ");
                let message =
                    format!("{system} has no record of the card in {reader} ({}); tried {tried}", card.told());
                Err(Failure::new(Kind::NotFound, message)
                    .hint("a server whose API is switched off looks the same: cardwright doctor tells"))
            }
        }
    }
}

/// A record in a line: holder, serial number, state and id.
pub fn brief(card: &AnyCard) -> String {
    let holder = match card.user() {
        user if user.is_empty() => "nobody's".to_string(),
        user => user,
    };
    format!("{holder}, serial {}, {}, id {}", card.serial_number(), card.state_text(), card.id())
}

/// A guess and what it rests on.
pub fn said(guess: Guess) -> String {
    format!("{} ({})", guess.spelling, guess.evidence.name())
}

/// The ATR that a record has, where it has one and it is not this one.
pub fn other_atr(atr: &[u8], its: &str) -> Option<String> {
    // Without what people write between the bytes and before them.
    let digits = its.to_ascii_uppercase().replace("0X", "");
    let digits: String = digits.chars().filter(char::is_ascii_alphanumeric).collect();
    (!digits.is_empty() && digits != hex(atr)).then(|| its.to_string())
}

/// The reader that is meant: by its name, by a part of it, or as the one with a card.
///
/// # Errors
/// No such reader, or several.
#[cfg(feature = "reader")]
pub fn choose_reader(name: Option<&str>) -> Result<String, Failure> {
    let mut readers = cardwright_reader::readers()?;
    if let Some(name) = name {
        if let Some(reader) = readers.iter().find(|reader| reader.name == name) {
            return Ok(reader.name.clone());
        }
        readers.retain(|reader| reader.name.contains(name));
    } else {
        readers.retain(|reader| reader.slot.has_card());
    }
    let names = |readers: &[cardwright_reader::Reader]| {
        let names: Vec<String> = readers.iter().map(|reader| format!("{:?}", reader.name)).collect();
        names.join(", ")
    };
    match (&*readers, name) {
        ([reader], _) => Ok(reader.name.clone()),
        ([], Some(name)) => {
            Err(Failure::new(Kind::NotFound, format!("no reader is called {name:?}"))
                .hint("cardwright readers lists them"))
        }
        ([], None) => Err(Failure::new(Kind::NotFound, "no card is in a reader")),
        (many, Some(name)) => Err(Failure::usage(format!("{name:?} is a part of several: {}", names(many)))),
        (many, None) => {
            Err(Failure::usage(format!("several readers have a card: {}", names(many))).hint("name one by --reader"))
        }
    }
}

/// As with readers.
///
/// # Errors
/// Always.
#[cfg(not(feature = "reader"))]
pub fn choose_reader(_: Option<&str>) -> Result<String, Failure> {
    Err(no_readers())
}
