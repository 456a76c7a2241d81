//! The card in a reader: what it tells, and which record a system has of it.
//!
//! Nothing is chosen here: two records are an error that lists both, and an error for none lists what was tried. A
//! record that only a weaker identifier finds is a question to a person, which no option answers.

use crate::failure::{Failure, Kind};
use crate::hex;
use crate::readers::{self, CardLimits, Told, choose_reader, look};
use cardwright_client::{AnyCard, AnyClient, Error};
use cardwright_core::Named as _;
use cardwright_core::identity::{Found, Guess, Identity, Masked, find_records};
use cardwright_core::lifecycle::System;

/// The card in a reader, and what it reports of itself.
#[non_exhaustive]
pub struct InReader {
    /// The reader's name.
    pub reader: String,
    /// The card's ATR.
    pub atr: Vec<u8>,
    /// T of the transmission protocol in use, 0 or 1: what the service negotiated, which need not be the card's default.
    pub protocol: Option<u8>,
    /// Its kind and its serial numbers, as it reports them.
    pub identity: Identity,
    /// How often other programs reset it meanwhile.
    pub resets: u32,
    /// How many attempts the connect took: 2 where the first found no common protocol, as for a moment after a program
    /// was killed in the middle of a command.
    pub attempts: u32,
    /// How often a card had come or gone when it was asked; 0 where the system does not count.
    pub events: u16,
}

impl InReader {
    /// Asks the card in the reader of this name, or in the one reader that has one.
    ///
    /// # Errors
    /// No reader, several readers with a card, and what goes wrong with the card, with what it told before; always in a
    /// build without readers.
    pub fn ask(reader: Option<&str>, limits: CardLimits) -> Result<Self, Failure> {
        match InReader::ask_so_far(reader, limits)? {
            (card, None) => Ok(card),
            // It may have a stronger identifier than those that it told: no record is looked for by these.
            (card, Some(failure)) => Err(failure.and(&format!("it had told: {}", card.description()))),
        }
    }

    /// The same for who only shows it: what the card told until something went wrong, and what that was.
    ///
    /// # Errors
    /// No reader, several readers with a card, and what goes wrong before the card is asked; always in a build without
    /// readers.
    pub fn ask_so_far(reader: Option<&str>, limits: CardLimits) -> Result<(Self, Option<Failure>), Failure> {
        let reader = choose_reader(reader)?;
        // Before it is asked, so that a card that comes later cannot pass for it.
        let events = look(&reader)?.map_or(0, |now| now.events);
        let Told { atr, protocol, identity, resets, attempts, cut_short } = readers::identify(&reader, limits)?;
        Ok((InReader { reader, atr, protocol, identity, resets, attempts, events }, cut_short))
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
    #[must_use]
    pub fn description(&self) -> String {
        match self.identity == Identity::default() {
            true => format!("a card of the ATR {}", hex(&self.atr)),
            false => self.identity.to_string(),
        }
    }

    /// The ATR that a record has, where it has one and it is not the card's.
    #[must_use]
    pub fn other_atr(&self, record: &AnyCard) -> Option<String> {
        other_atr(&self.atr, &record.atr())
    }
}

/// The records that a system has of a card.
pub struct Records {
    /// The guess by which they were found.
    pub by: Option<Guess>,
    /// The records, each once.
    pub cards: Vec<AnyCard>,
    /// The guesses that were tried.
    pub tried: Vec<Guess>,
    /// Whether they are the card's.
    pub found: Found,
    passed_over: usize,
}

impl Records {
    /// Searches a system, or the cards of one user of it.
    ///
    /// # Errors
    /// What goes wrong on the way.
    pub fn search(client: &AnyClient, of: Option<&str>, card: &InReader) -> Result<Self, Failure> {
        let guesses = card.identity.guesses(client.system()).collect();
        Ok(Records::by_guesses(client, of, guesses)?)
    }

    /// Searches with guesses, the strongest identifier first, as [`Identity::guesses`] gives them.
    ///
    /// # Errors
    /// What goes wrong on the way.
    pub fn by_guesses(client: &AnyClient, of: Option<&str>, guesses: Vec<Guess>) -> Result<Self, Error> {
        let mut cards: Vec<AnyCard> = Vec::new();
        // Two spellings may find one record.
        let found = |record: AnyCard| {
            let id = record.id();
            if id.is_empty() || cards.iter().all(|card| card.id() != id) {
                cards.push(record);
            }
        };
        let search = match of {
            Some(user) => find_records(&mut client.of_user(user), guesses.iter().copied(), found),
            None => find_records(&mut &*client, guesses.iter().copied(), found),
        };
        let mut search = search.map_err(|mut error| {
            error.rewrite(&|text| without_personal(text, &guesses));
            error
        })?;
        search.records = cards.len();
        let mut tried = guesses;
        tried.truncate(search.tried);
        Ok(Records { by: search.by, cards, tried, found: search.found(), passed_over: search.passed_over })
    }

    /// The guesses of the stronger identifiers, which found nothing.
    #[must_use]
    pub fn passed_over(&self) -> &[Guess] {
        self.tried.get(..self.passed_over).unwrap_or_default()
    }

    /// The one record, and how it was found.
    ///
    /// # Errors
    /// No record, or several: what was tried, or which they are. [`Kind::Refused`] where only a weaker identifier
    /// found it: the evidence.
    pub fn one(self, system: System, card: &InReader) -> Result<(AnyCard, FoundBy), Failure> {
        let (record, by) = self.candidate(system, card)?;
        by.certain(card, &record).map(|()| (record, by))
    }

    /// The one record, which a person must confirm where it is not [certain](FoundBy::certain).
    ///
    /// # Errors
    /// No record, or several: what was tried, or which they are.
    pub fn candidate(mut self, system: System, card: &InReader) -> Result<(AnyCard, FoundBy), Failure> {
        let whose = format!("the card in {}", card.reader);
        if self.found == Found::Several {
            let message = self.several(system, &whose);
            return Err(Failure::new(Kind::Failed, message).hint("nothing was done; name one of them by its id"));
        }
        if let (Some(record), Some(by)) = (self.cards.pop(), self.by) {
            return Ok((record, FoundBy { guess: by, passed_over: self.passed_over().to_vec() }));
        }
        let (system, description) = (system.name(), card.description());
        if self.tried.is_empty() {
            let message = format!("{whose} tells nothing by which {system} could know it: {description}");
            return Err(Failure::new(Kind::NotFound, message).hint("cardwright identify shows all that it tells"));
        }
        let tried = self.tried.into_iter().map(describe_guess).collect::<Vec<_>>().join(", ");
        let message = format!("{system} has no record of {whose} ({description}); tried {tried}");
        Err(Failure::new(Kind::NotFound, message)
            .hint("a server whose API is switched off looks the same: cardwright doctor tells"))
    }

    /// That there are several records of `whose`, and which.
    #[must_use]
    pub fn several(&self, system: System, whose: &str) -> String {
        let cards: Vec<String> = self.cards.iter().map(|card| describe_found(card, self.by)).collect();
        let by = self.by.map(|by| format!(", by {}", describe_guess(by))).unwrap_or_default();
        format!("{} has {} records of {whose}{by}: {}", system.name(), cards.len(), cards.join("; "))
    }
}

/// How the record of a card was found.
#[non_exhaustive]
pub struct FoundBy {
    /// The guess that found it.
    pub guess: Guess,
    /// The guesses of the stronger identifiers, which found nothing. If there are any, it may be another card's.
    pub passed_over: Vec<Guess>,
}

impl FoundBy {
    /// Found by a guess, after those of stronger identifiers had found nothing.
    #[must_use]
    pub fn new(guess: Guess, passed_over: Vec<Guess>) -> Self {
        FoundBy { guess, passed_over }
    }

    /// That it is the card's own record: its strongest identifier found it.
    ///
    /// # Errors
    /// [`Kind::Refused`] with the evidence, where a weaker one found it: only a person can say whose it is then.
    pub fn certain(&self, card: &InReader, record: &AnyCard) -> Result<(), Failure> {
        if self.passed_over.is_empty() {
            return Ok(());
        }
        let message = self.question(&format!("the card in {}", card.reader), record);
        Err(Failure::new(Kind::Refused, message)
            .hint("nothing was done, and --yes does not do it; if the record is this card's, name it by its id"))
    }

    /// The question whether a record is that of `whose`: what found nothing, what found it, and which it is.
    #[must_use]
    pub fn question(&self, whose: &str, record: &AnyCard) -> String {
        let (system, stronger) = (record.system().name(), describe_guesses(&self.passed_over));
        let (by, record) = (describe_guesses(&[self.guess]), describe_found(record, Some(self.guess)));
        format!(
            "{system} has no record of {whose} by its {stronger}; a weaker identifier, its {by}, finds one that may be \
             another card's: {record}"
        )
    }
}

/// A record in one line, for a person: holder, serial number, state and id.
#[must_use]
pub fn describe_record(card: &AnyCard) -> String {
    in_one_line(card, card.serial_number())
}

/// The same for messages, which end up in logs: its serial number is masked where a personal number found it.
fn describe_found(card: &AnyCard, by: Option<Guess>) -> String {
    let serial = card.serial_number();
    in_one_line(card, if by.is_some_and(|by| by.source.is_personal()) { Masked(serial).to_string() } else { serial })
}

fn in_one_line(card: &AnyCard, serial: String) -> String {
    let holder = match card.user() {
        user if user.is_empty() => "nobody's".to_string(),
        user => user,
    };
    format!("{holder}, serial {serial}, {}, id {}", card.state_text(), card.id())
}

/// A guess and its evidence, for a person.
#[must_use]
pub fn describe_guess(guess: Guess) -> String {
    format!("{} ({})", shown(&guess), guess.evidence.name())
}

/// A spelling, for messages, which end up in logs: that of a personal number masked.
fn shown(guess: &Guess) -> String {
    if guess.source.is_personal() { Masked(guess.spelling).to_string() } else { guess.spelling.to_string() }
}

/// A text with the personal numbers of guesses masked: as they are, and as addresses have them, in which braces and
/// hyphens may be percent-encoded (RFC 3986, 2.1).
fn without_personal(text: &str, guesses: &[Guess]) -> String {
    guesses.iter().filter(|guess| guess.source.is_personal()).fold(text.to_string(), |text, guess| {
        let spelling = guess.spelling.to_string();
        let number = spelling.trim_matches(['{', '}']);
        let masked = Masked(number).to_string();
        let text = replace(&text, number, &masked);
        replace(&text, &number.replace('-', "%2D"), &masked)
    })
}

/// Replaces a text of ASCII signs, in whatever case it is.
fn replace(text: &str, what: &str, by: &str) -> String {
    let (folded, what) = (text.to_ascii_lowercase(), what.to_ascii_lowercase());
    let mut replaced = String::with_capacity(text.len());
    let mut from = 0;
    for (at, found) in folded.match_indices(&what) {
        replaced.push_str(text.get(from..at).unwrap_or_default());
        replaced.push_str(by);
        from = at + found.len();
    }
    replaced + text.get(from..).unwrap_or_default()
}

/// The identifiers of guesses, each with its spellings, for a person.
#[must_use]
pub fn describe_guesses(guesses: &[Guess]) -> String {
    let identifiers = guesses.chunk_by(|one, other| one.source == other.source).map(|spellings| {
        let source = spellings.first().map(|guess| guess.source.name()).unwrap_or_default();
        let spellings: Vec<String> = spellings.iter().map(shown).collect();
        format!("{source} {}", spellings.join(" or "))
    });
    identifiers.collect::<Vec<_>>().join(", ")
}

/// The ATR that a record has, where it has one and it is not this one.
pub fn other_atr(atr: &[u8], its: &str) -> Option<String> {
    // Without what people write between the bytes and before them.
    let digits = its.to_ascii_uppercase().replace("0X", "");
    let digits: String = digits.chars().filter(char::is_ascii_alphanumeric).collect();
    (!digits.is_empty() && digits != hex(atr)).then(|| its.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cardwright_core::identity::Source;
    use cardwright_core::lifecycle::Evidence;

    #[test]
    fn messages_name_a_persons_number_by_its_last_two_signs() {
        let guess = |text: &str, source| Guess::new(text, source, Evidence::Assumed).unwrap();
        let guesses = [guess("AS0123456", Source::EstEid), guess("A1B2C3D4", Source::Rutoken)];
        assert_eq!(describe_guesses(&guesses), "EstEID document number *******56, Rutoken serial A1B2C3D4");
        let address = "GET https://h/cards?serialNumber=AS0123456&f=a1b2c3d4: no card as0123456";
        let masked = "GET https://h/cards?serialNumber=*******56&f=a1b2c3d4: no card *******56";
        assert_eq!(without_personal(address, &guesses), masked);
        let braced = guess("{2100530b-3139-4671-0b53-002139317146}", Source::Dnie);
        for (text, masked) in [
            ("x=%7B2100530b-3139-4671-0b53-002139317146%7D", "x=%7B********-****-****-****-**********46%7D"),
            ("x=%7b2100530B%2d3139%2d4671%2d0B53%2d002139317146%7d", "x=%7b********-****-****-****-**********46%7d"),
            ("Ä{2100530b-3139-4671-0b53-002139317146}ß", "Ä{********-****-****-****-**********46}ß"),
        ] {
            assert_eq!(without_personal(text, &[braced]), masked);
        }
        let [document, serial] = guesses.map(describe_guess);
        assert_eq!((document.as_str(), serial.as_str()), ("*******56 (assumed)", "A1B2C3D4 (assumed)"));
    }
}
