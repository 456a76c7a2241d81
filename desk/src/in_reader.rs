//! The card in a reader: what it tells, and which record a system has of it.
//!
//! Nothing is chosen here: two records are an error that lists both, and an error for none lists what was tried.

use crate::failure::{Failure, Kind};
use crate::hex;
use crate::readers::{self, choose_reader, look};
use cardwright_client::{AnyCard, AnyClient};
use cardwright_core::Named as _;
use cardwright_core::identity::{Guess, Identity, find_records};
use cardwright_core::lifecycle::System;

/// The card in a reader, and what it reports of itself.
pub struct InReader {
    /// The reader's name.
    pub reader: String,
    /// The card's ATR.
    pub atr: Vec<u8>,
    /// Its kind and its serial numbers, as it reports them.
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
    /// No reader, several readers with a card, and what goes wrong with the card; always in a build without
    /// readers.
    pub fn ask(reader: Option<&str>) -> Result<Self, Failure> {
        let reader = choose_reader(reader)?;
        // Before it is asked, so that a card that comes later cannot pass for it.
        let events = look(&reader)?.map_or(0, |now| now.events);
        let (atr, identity, resets) = readers::identify(&reader)?;
        Ok(InReader { reader, atr, identity, resets, events })
    }

    /// Looks at the reader again: whether the card that was asked is still there, and was not out meanwhile.
    /// If the system does not count (macOS), another card with the same ATR is not noticed.
    ///
    /// # Errors
    /// What has changed; nothing should be done then. Always in a build without readers.
    pub fn still_there(&self) -> Result<(), Failure> {
        let reader = &self.reader;
        let what = match look(reader)? {
            None => format!("{reader} was unplugged"),
            Some(now) if !now.has_card => format!("the card was taken out of {reader}"),
            Some(now) if now.atr != self.atr => format!("another card is in {reader} now"),
            Some(now) if now.events != self.events => {
                format!("the card was taken out of {reader}; this one or another one is in it now")
            }
            Some(_) => return Ok(()),
        };
        Err(Failure::new(Kind::Refused, what).hint("nothing was done; put the card in and run the command again"))
    }

    /// What the card says that it is; the ATR if it says nothing.
    pub fn description(&self) -> String {
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

/// The records that a system has of a card.
pub struct Records {
    /// The guess by which they were found.
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
                let cards: Vec<String> = cards.iter().map(describe_record).collect();
                let (count, cards) = (cards.len(), cards.join("; "));
                let message =
                    format!("{system} has {count} records of the card in {reader}, by {}: {cards}", describe_guess(by));
                Err(Failure::new(Kind::Failed, message).hint("nothing was done; name one of them by its id"))
            }
            _ if self.tried.is_empty() => {
                let message = format!(
                    "the card in {reader} tells nothing by which {system} could know it: {}",
                    card.description()
                );
                Err(Failure::new(Kind::NotFound, message).hint("cardwright identify shows all that it tells"))
            }
            _ => {
                let tried: Vec<String> = self.tried.into_iter().map(describe_guess).collect();
                let tried = tried.join(", ");
                let message =
                    format!("{system} has no record of the card in {reader} ({}); tried {tried}", card.description());
                Err(Failure::new(Kind::NotFound, message)
                    .hint("a server whose API is switched off looks the same: cardwright doctor tells"))
            }
        }
    }
}

/// A record in one line, for a person: holder, serial number, state and id.
pub fn describe_record(card: &AnyCard) -> String {
    let holder = match card.user() {
        user if user.is_empty() => "nobody's".to_string(),
        user => user,
    };
    format!("{holder}, serial {}, {}, id {}", card.serial_number(), card.state_text(), card.id())
}

/// A guess and its evidence, for a person.
pub fn describe_guess(guess: Guess) -> String {
    format!("{} ({})", guess.spelling, guess.evidence.name())
}

/// The ATR that a record has, where it has one and it is not this one.
pub fn other_atr(atr: &[u8], its: &str) -> Option<String> {
    // Without what people write between the bytes and before them.
    let digits = its.to_ascii_uppercase().replace("0X", "");
    let digits: String = digits.chars().filter(char::is_ascii_alphanumeric).collect();
    (!digits.is_empty() && digits != hex(atr)).then(|| its.to_string())
}
