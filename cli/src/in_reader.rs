//! The card in a reader: what it tells, and which record a system has of it.
//!
//! Nothing is chosen here: two records are an error that lists both, and what was tried is said where
//! there is none.

use crate::failure::{Exit, Failure};
use crate::output::hex;
use crate::style::{BOLD, CARE, END, KEY, harmless};
use cardwright_client::{AnyCard, AnyClient};
use cardwright_core::Named;
use cardwright_core::identity::{Guess, Identity, find_records};
use cardwright_core::lifecycle::System;
use serde_json::{Value, json};

/// The card in a reader, and what it told.
pub(crate) struct InReader {
    pub(crate) reader: String,
    pub(crate) atr: Vec<u8>,
    pub(crate) identity: Identity,
    /// How often other programs reset it meanwhile.
    pub(crate) resets: u32,
    /// How often a card had come or gone when it was asked; 0 where the system does not count.
    pub(crate) events: u16,
}

impl InReader {
    /// Asks the card in the reader of this name, or in the one reader that has one.
    #[cfg(feature = "reader")]
    pub(crate) fn ask(reader: Option<&str>) -> Result<Self, Failure> {
        let reader = crate::apdu::choose(reader)?;
        // Before it is asked, so that no card that comes later passes for it.
        let events = look(&reader)?.map_or(0, |now| now.events);
        let mut session = cardwright_reader::Session::connect(&reader)?;
        let identity = session.identify()?;
        Ok(InReader { atr: session.atr().to_vec(), resets: session.resets(), reader, identity, events })
    }

    /// Looks at the reader again: whether the card that was asked is there yet, and was not out meanwhile.
    /// Where the system does not count (macOS), another card of the same ATR is not noticed.
    #[cfg(feature = "reader")]
    pub(crate) fn still_there(&self) -> Result<(), Failure> {
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
        Err(Failure::new(Exit::Refused, what).hint("nothing was done; put the card in and run the command again"))
    }

    #[cfg(not(feature = "reader"))]
    pub(crate) fn still_there(&self) -> Result<(), Failure> {
        Err(no_readers())
    }

    #[cfg(not(feature = "reader"))]
    pub(crate) fn ask(_: Option<&str>) -> Result<Self, Failure> {
        Err(no_readers())
    }

    /// What the card says that it is; the ATR when it says nothing.
    pub(crate) fn told(&self) -> String {
        match self.identity == Identity::default() {
            true => format!("a card of the ATR {}", hex(&self.atr)),
            false => self.identity.to_string(),
        }
    }

    /// The ATR that a record has, where it has one and it is not the card's.
    pub(crate) fn other_atr(&self, record: &AnyCard) -> Option<String> {
        let its = record.atr();
        // Without what people write between the bytes and before them.
        let digits = its.to_ascii_uppercase().replace("0X", "");
        let digits: String = digits.chars().filter(char::is_ascii_alphanumeric).collect();
        (!digits.is_empty() && digits != hex(&self.atr)).then_some(its)
    }

    /// The card and its record, for whoever has to say whether they belong together.
    pub(crate) fn introduce(&self, by: Guess, record: &AnyCard) -> String {
        let (reader, told, brief) = (harmless(&self.reader), self.told(), brief(record));
        let mut text = format!("{BOLD}{reader}{END}  {}\n", harmless(&told));
        text += &format!("{KEY}its record by{END} {}{KEY}:{END} {}", said(by), harmless(&brief));
        if let Some(other) = self.other_atr(record) {
            let (other, its) = (harmless(&other), hex(&self.atr));
            text += &format!("\n{CARE}the record has another ATR:{END} {other}, and the card has {its}");
        }
        text
    }

    /// Adds the card, and how its record was found, to what is said of the record.
    pub(crate) fn add_to(&self, object: &mut Value, by: Guess, record: &AnyCard) {
        object["in_reader"] = self.as_json();
        object["by"] = guess_json(by);
        object["other_atr"] = self.other_atr(record).into();
    }

    pub(crate) fn as_json(&self) -> Value {
        let identifiers = self.identity.identifiers().map(|one| {
            json!({
                "source": one.source().name(),
                "trust": one.trust().name(),
                "text": one.to_string(),
                "bytes": hex(one.bytes()),
            })
        });
        let guesses = |system| self.identity.guesses(system).map(guess_json).collect::<Vec<_>>();
        json!({
            "reader": self.reader,
            "atr": hex(&self.atr),
            "kinds": self.identity.kinds().map(Named::name).collect::<Vec<_>>(),
            "identifiers": identifiers.collect::<Vec<_>>(),
            "guesses": {
                System::Mim.name(): guesses(System::Mim),
                System::CertiFlow.name(): guesses(System::CertiFlow),
            },
            "resets": self.resets,
            "events": self.events,
        })
    }
}

/// The ATR of the card in the reader of this name, or in the one reader that has one; nothing is sent.
#[cfg(feature = "reader")]
pub(crate) fn atr(reader: Option<&str>) -> Result<Vec<u8>, Failure> {
    let reader = crate::apdu::choose(reader)?;
    let atr = look(&reader)?.map(|found| found.atr).filter(|atr| !atr.is_empty());
    atr.ok_or_else(|| {
        Failure::new(Exit::NotFound, format!("no card in {reader} gives an ATR"))
            .hint("is a card in it, and the right way round? cardwright readers shows what is in each")
    })
}

/// A reader as it is now.
#[cfg(feature = "reader")]
fn look(reader: &str) -> Result<Option<cardwright_reader::Reader>, Failure> {
    Ok(cardwright_reader::readers()?.into_iter().find(|other| other.name == reader))
}

#[cfg(not(feature = "reader"))]
pub(crate) fn atr(_: Option<&str>) -> Result<Vec<u8>, Failure> {
    Err(no_readers())
}

#[cfg(not(feature = "reader"))]
pub(crate) fn no_readers() -> Failure {
    Failure::usage("this command was built without readers")
        .hint("that of the Python package is; cargo install --path cli builds one with readers")
}

/// What a system has of a card.
pub(crate) struct Records {
    /// By which guess they were found.
    pub(crate) by: Option<Guess>,
    pub(crate) cards: Vec<AnyCard>,
    /// The guesses that were tried.
    pub(crate) tried: Vec<Guess>,
}

impl Records {
    /// Searches a system, or the cards of one user of it.
    pub(crate) fn search(client: &AnyClient, of: Option<&str>, card: &InReader) -> Result<Self, Failure> {
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
    pub(crate) fn one(self, system: System, card: &InReader) -> Result<(AnyCard, Guess), Failure> {
        let (system, reader) = (system.name(), &card.reader);
        match (<[AnyCard; 1]>::try_from(self.cards), self.by) {
            (Ok([record]), Some(by)) => Ok((record, by)),
            (Err(cards), Some(by)) => {
                let cards: Vec<String> = cards.iter().map(brief).collect();
                let (count, cards) = (cards.len(), cards.join("; "));
                let message = format!("{system} has {count} records of the card in {reader}, by {}: {cards}", said(by));
                Err(Failure::new(Exit::Failed, message).hint("nothing was done; name one of them by its id"))
            }
            _ if self.tried.is_empty() => {
                let message =
                    format!("the card in {reader} tells nothing by which {system} could know it: {}", card.told());
                Err(Failure::new(Exit::NotFound, message).hint("cardwright identify shows all that it tells"))
            }
            _ => {
                let tried: Vec<String> = self.tried.into_iter().map(said).collect();
                let tried = tried.join(", ");
                let message =
                    format!("{system} has no record of the card in {reader} ({}); tried {tried}", card.told());
                Err(Failure::new(Exit::NotFound, message)
                    .hint("a server whose API is switched off looks the same: cardwright doctor tells"))
            }
        }
    }
}

/// A record in a line: holder, serial number, state and id.
pub(crate) fn brief(card: &AnyCard) -> String {
    let holder = match card.user() {
        user if user.is_empty() => "nobody's".to_string(),
        user => user,
    };
    format!("{holder}, serial {}, {}, id {}", card.serial_number(), card.state_text(), card.id())
}

/// A guess and what it rests on.
pub(crate) fn said(guess: Guess) -> String {
    format!("{} ({})", guess.spelling, guess.evidence.name())
}

pub(crate) fn guess_json(guess: Guess) -> Value {
    json!({
        "spelling": guess.spelling.to_string(),
        "source": guess.source.name(),
        "evidence": guess.evidence.name(),
    })
}
