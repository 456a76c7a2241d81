//! Lists of cards that people and programs keep: how a card of a list is named, and the plan of an operation for them.
//!
//! A text has an id or a serial number on each line, or is CSV with a column of one of them, as tables of cards and of
//! outcomes are written. Which of the two a text is follows from the column's name or is said; it is never guessed from
//! the text.

use crate::failure::{Failure, Kind};
use crate::text_file;
use cardwright_client::bulk::Bulk;
use cardwright_client::{AnyCard, AnyClient, Error, Job};
use cardwright_core::csv::unguarded;
use cardwright_core::identity::{Match, Serial};
use cardwright_core::{Code, Named as _};
use std::collections::HashSet;
use std::io::{BufRead, Lines};
use std::sync::atomic::{AtomicBool, Ordering};

/// How many cards are looked up at the same time, and how many are taken from the list for that.
const READERS: usize = 8;
const TAKEN: usize = 64;
/// How many cards that are missing are named.
const NAMED: usize = 10;
/// The longest record of CSV, in lines.
const LINES: usize = 1000;

/// What a card of a list is named by.
///
/// ```
/// use cardwright::CardKey;
///
/// assert_eq!(CardKey::of_column("serialNumber"), Some(CardKey::Serial));
/// assert_eq!(CardKey::of_column("Uuid"), Some(CardKey::Id));
/// assert_eq!(CardKey::of_column("userName"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "a reader of lists must know both")]
pub enum CardKey {
    /// What the system looks it up by: CertiFlow's `id`, MIM CM's `Uuid`.
    Id,
    /// The serial number, in any spelling.
    Serial,
}

impl CardKey {
    /// What a column of this name has: `id` and `serial_number` as in tables, or the vendors' names, in any case of the
    /// letters. `None` for every other column.
    #[must_use]
    pub fn of_column(name: &str) -> Option<Self> {
        let name: String = name.trim().chars().filter(|c| !matches!(c, '_' | '-' | ' ')).collect();
        match name.to_ascii_lowercase().as_str() {
            "id" | "uuid" => Some(CardKey::Id),
            "serialnumber" | "serial" => Some(CardKey::Serial),
            _ => None,
        }
    }

    /// For people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            CardKey::Id => "id",
            CardKey::Serial => "serial number",
        }
    }
}

/// Which column of a table names its cards: that of `asked`; else that of ids; else that of serial numbers. `None` where
/// there is none.
///
/// # Errors
/// Two columns of the same kind.
pub fn card_column<S: AsRef<str>>(names: &[S], asked: Option<CardKey>) -> Result<Option<(usize, CardKey)>, Failure> {
    for wanted in [CardKey::Id, CardKey::Serial] {
        if asked.is_some_and(|asked| asked != wanted) {
            continue;
        }
        let is_one = |(_, name): &(usize, &S)| CardKey::of_column(name.as_ref()) == Some(wanted);
        let mut found = names.iter().enumerate().filter(is_one);
        match (found.next(), found.next()) {
            (Some((_, first)), Some((_, second))) => {
                let (first, second) = (first.as_ref(), second.as_ref());
                return Err(Failure::usage(format!(
                    "two columns have the {} of a card, {first} and {second}: which is it?",
                    wanted.name()
                )));
            }
            (Some((n, _)), _) => return Ok(Some((n, wanted))),
            (None, _) => {}
        }
    }
    Ok(None)
}

/// What is wrong with a table that has no [such column](card_column).
#[must_use]
pub fn no_card_column<S: AsRef<str>>(names: &[S], asked: Option<CardKey>) -> String {
    let wanted = asked.map_or("id or serial number", CardKey::name);
    let names: Vec<&str> = names.iter().map(S::as_ref).collect();
    format!("no column has the {wanted} of a card; the columns are {}", names.join(", "))
}

/// A card of a list.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "made by programs that have lists of their own")]
pub enum ListedCard {
    /// It was read before.
    Record(Box<AnyCard>),
    /// It is to be looked up.
    Named {
        /// What `text` is.
        key: CardKey,
        /// The id or the serial number.
        text: String,
        /// Where it stands, such as `cards.csv, line 2`, or nothing.
        place: String,
    },
}

/// The cards of a text: an id a line, or a serial number where `asked` says so; or CSV whose first line has the column's
/// name. Empty lines and those that begin with `#` are passed over. A cell may be written as `cards --format csv` does.
///
/// ```
/// use cardwright::{CardKey, CardList, ListedCard};
///
/// let text = "serialNumber;userName\r\n02A1B3C4;\"Doe; Jane\"\r\n";
/// let cards: Vec<ListedCard> = CardList::read(text.as_bytes(), "cards.csv", None)?.collect::<Result<_, _>>()?;
/// assert!(matches!(&cards[..], [ListedCard::Named { key: CardKey::Serial, text, .. }] if text == "02A1B3C4"));
/// # Ok::<(), cardwright::Failure>(())
/// ```
pub struct CardList<'i> {
    lines: Lines<Box<dyn BufRead + 'i>>,
    name: String,
    asked: Option<CardKey>,
    /// The line that was read last.
    line: usize,
    /// Of a table: the separator, the place of the column, and what it has.
    column: Option<(char, usize, CardKey)>,
    begun: bool,
}

impl<'i> CardList<'i> {
    /// A list in an input, which is called `name` where something in it is wrong.
    ///
    /// # Errors
    /// An input that cannot be read.
    pub fn read(input: impl BufRead + 'i, name: impl Into<String>, asked: Option<CardKey>) -> Result<Self, Failure> {
        let name = name.into();
        let input = text_file::input(input).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
        Ok(CardList { lines: input.lines(), name, asked, line: 0, column: None, begun: false })
    }

    fn place(&self) -> String {
        format!("{}, line {}", self.name, self.line)
    }

    /// The next line; in a table, with those that a cell goes on with.
    fn next_line(&mut self) -> Option<Result<(String, String), Failure>> {
        let mut whole: Option<(String, String)> = None;
        for _ in 0..LINES {
            let Some(line) = self.lines.next() else { return whole.map(Ok) };
            self.line += 1;
            let place = self.place();
            let line = match line {
                Ok(line) => line,
                Err(error) => return Some(Err(Failure::usage(error.to_string()).about(&place))),
            };
            let (place, line) = match whole.take() {
                Some((place, before)) => (place, format!("{before}\n{line}")),
                None => (place, line),
            };
            if self.column.is_none() || line.matches('"').count() % 2 == 0 {
                return Some(Ok((place, line)));
            }
            whole = Some((place, line));
        }
        Some(Err(Failure::usage(format!("a quote has no end within {LINES} lines")).about(&self.place())))
    }

    /// Takes a line for the names of the columns, where it is.
    fn is_header(&mut self, line: &str) -> Result<bool, Failure> {
        for separator in [',', ';', '\t'] {
            let names = cells(line, separator);
            if let Some((n, key)) = card_column(&names, self.asked)? {
                self.column = Some((separator, n, key));
                return Ok(true);
            }
            if card_column(&names, None)?.is_some() {
                return Err(Failure::usage(no_card_column(&names, self.asked)));
            }
        }
        Ok(false)
    }

    fn card(&mut self, place: String, line: &str) -> Result<Option<ListedCard>, Failure> {
        let line = line.trim_end_matches(['\r', '\n']);
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            return Ok(None);
        }
        if !std::mem::replace(&mut self.begun, true) && self.is_header(line)? {
            return Ok(None);
        }
        let (key, text) = match self.column {
            Some((separator, n, key)) => {
                let text = cells(line, separator).into_iter().nth(n).unwrap_or_default();
                if text.is_empty() {
                    return Err(Failure::usage(format!("no {}", key.name())));
                }
                (key, text)
            }
            None => (self.asked.unwrap_or(CardKey::Id), cell(line)),
        };
        Ok((!text.is_empty()).then_some(ListedCard::Named { key, text, place }))
    }
}

impl std::fmt::Debug for CardList<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CardList").field("name", &self.name).field("line", &self.line).finish_non_exhaustive()
    }
}

impl Iterator for CardList<'_> {
    type Item = Result<ListedCard, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (place, line) = match self.next_line()? {
                Ok(read) => read,
                Err(failure) => return Some(Err(failure)),
            };
            match self.card(place.clone(), &line) {
                Ok(None) => {}
                Ok(Some(card)) => return Some(Ok(card)),
                Err(failure) => return Some(Err(failure.about(&place))),
            }
        }
    }
}

/// The cells of a record of CSV (RFC 4180).
fn cells(record: &str, separator: char) -> Vec<String> {
    let mut quoted = false;
    let parts = record.split(|sign| {
        quoted ^= sign == '"';
        !quoted && sign == separator
    });
    parts.map(cell).collect()
}

/// A cell of CSV, without its quotes and what guards it.
fn cell(text: &str) -> String {
    let text = text.trim();
    let quoted =
        text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).map(|inner| inner.replace("\"\"", "\""));
    unguarded(quoted.as_deref().unwrap_or(text)).trim().into()
}

/// Plans an operation for the cards of a list, which are looked up first, several at a time; of one `user`'s cards alone,
/// where one is given. A card that comes twice counts once. Nothing is sent that changes anything.
///
/// # Errors
/// [`FailureKind::NotFound`](crate::FailureKind) names the cards that the system does not have, up to ten of them. Two
/// records with one serial number are an error too. Nothing is planned then.
pub fn plan_listed(
    client: &AnyClient,
    job: Job,
    user: Option<&str>,
    cards: impl IntoIterator<Item = Result<ListedCard, Failure>>,
) -> Result<Bulk, Failure> {
    let mut found = Found {
        client,
        user,
        cards: cards.into_iter(),
        seen: HashSet::new(),
        ready: Vec::new().into_iter(),
        missing: Vec::new(),
        failure: None,
    };
    let bulk = Bulk::plan(client, job, found.by_ref().map(Ok))?;
    found.failure.or_else(|| missing(client, &found.missing)).map_or(Ok(bulk), Err)
}

/// The ids of the cards of a list, in their order: what [`Bulk::check_cards`] wants to know. A serial number of one of
/// the cards of `bulk` is not looked up.
///
/// # Errors
/// As [`plan_listed`].
pub fn listed_ids(
    client: &AnyClient,
    bulk: &Bulk,
    cards: impl IntoIterator<Item = Result<ListedCard, Failure>>,
) -> Result<Vec<String>, Failure> {
    let mut ids = Vec::new();
    for card in cards {
        let (key, text, place) = match card? {
            ListedCard::Record(card) => {
                ids.push(card.id());
                continue;
            }
            ListedCard::Named { key: CardKey::Id, text, .. } => {
                ids.push(text);
                continue;
            }
            ListedCard::Named { key, text, place } => (key, text, place),
        };
        let mut its = bulk.rows().filter(|row| is_serial(row.serial_number, &text));
        match (its.next(), its.next()) {
            (Some(row), None) => ids.push(row.id.into()),
            _ => match found(client, None, key, &text).map_err(|error| told(error, &place))? {
                Some(card) => ids.push(card.id()),
                None => return Err(missing(client, &[(text, place)]).unwrap_or_else(|| Failure::usage("no card"))),
            },
        }
    }
    Ok(ids)
}

/// Whether two spellings are of one serial number.
fn is_serial(its: &str, wanted: &str) -> bool {
    let (Ok(its), Ok(wanted)) = (Serial::parse(its), Serial::parse(wanted)) else { return false };
    matches!(its.matches(&wanted), Some(Match::Same | Match::TextIgnoringCase))
}

/// Whether a record has this serial number, in whatever spelling.
#[must_use]
pub fn has_serial(card: &AnyCard, serial: &str) -> bool {
    is_serial(&card.serial_number(), serial)
}

fn found(client: &AnyClient, user: Option<&str>, key: CardKey, text: &str) -> Result<Option<AnyCard>, Error> {
    match (user, key) {
        // Another card may have that for its id.
        (Some(user), key) => {
            let card = client.card_of(user, text)?;
            Ok(card.filter(|card| key == CardKey::Id || has_serial(card, text)))
        }
        (None, CardKey::Serial) => client.find(text),
        (None, CardKey::Id) => client.card(text),
    }
}

fn told(error: Error, place: &str) -> Failure {
    let failure = Failure::from(error);
    if place.is_empty() { failure } else { failure.about(place) }
}

/// What is said of cards that are missing.
fn missing(client: &AnyClient, missing: &[(String, String)]) -> Option<Failure> {
    let system = client.system().name();
    let message = match missing {
        [] => return None,
        [(text, place)] if place.is_empty() => format!("{system} has no card {text}"),
        [(text, place)] => format!("{place}: {system} has no card {text}"),
        several => {
            let word = |(text, place): &(String, String)| match place.is_empty() {
                true => text.clone(),
                false => format!("{text} ({place})"),
            };
            let words: Vec<String> = several.iter().take(NAMED).map(word).collect();
            let more = if several.len() >= NAMED { ", and perhaps others" } else { "" };
            format!("{system} has none of the cards {}{more}", words.join(", "))
        }
    };
    Some(Failure::of_operation(Kind::NotFound, message, Some(Code::NotFound)))
}

/// The cards of a list as they are found.
struct Found<'c, I> {
    client: &'c AnyClient,
    user: Option<&'c str>,
    cards: I,
    seen: HashSet<(CardKey, String)>,
    ready: std::vec::IntoIter<AnyCard>,
    /// What there is no card for, and where it stands.
    missing: Vec<(String, String)>,
    failure: Option<Failure>,
}

impl<I: Iterator<Item = Result<ListedCard, Failure>>> Iterator for Found<'_, I> {
    type Item = AnyCard;

    fn next(&mut self) -> Option<AnyCard> {
        loop {
            if let Some(card) = self.ready.next() {
                return Some(card);
            }
            if self.failure.is_some() || self.missing.len() >= NAMED || !self.look_up() {
                return None;
            }
        }
    }
}

impl<I: Iterator<Item = Result<ListedCard, Failure>>> Found<'_, I> {
    /// Looks the next cards up; `false` at the end of the list.
    fn look_up(&mut self) -> bool {
        let mut taken = Vec::new();
        while taken.len() < TAKEN {
            match self.cards.next() {
                Some(Ok(ListedCard::Named { key, text, .. })) if !self.seen.insert((key, text.clone())) => {}
                Some(Ok(card)) => taken.push(card),
                Some(Err(failure)) => {
                    self.failure = Some(failure);
                    return false;
                }
                None => break,
            }
        }
        let any = !taken.is_empty();
        let mut cards = Vec::with_capacity(taken.len());
        for (card, read) in self.read(taken) {
            match (card, read) {
                (ListedCard::Record(card), _) => cards.push(*card),
                (_, Ok(Some(card))) => cards.push(card),
                (ListedCard::Named { text, place, .. }, Ok(None)) => self.missing.push((text, place)),
                (ListedCard::Named { place, .. }, Err(error)) => {
                    self.failure = Some(told(error, &place));
                    return false;
                }
            }
        }
        self.ready = cards.into_iter();
        any
    }

    /// Reads the records of those that are only named; after an error, none of the others that have not been begun.
    fn read(&self, taken: Vec<ListedCard>) -> Vec<(ListedCard, Result<Option<AnyCard>, Error>)> {
        let (client, user, failed) = (self.client, self.user, &AtomicBool::new(false));
        let read = move |part: Vec<ListedCard>| {
            let mut pairs = Vec::with_capacity(part.len());
            for card in part {
                if failed.load(Ordering::Relaxed) {
                    break;
                }
                let read = match &card {
                    ListedCard::Record(_) => Ok(None),
                    ListedCard::Named { key, text, .. } => found(client, user, *key, text),
                };
                if read.is_err() {
                    failed.store(true, Ordering::Relaxed);
                }
                pairs.push((card, read));
            }
            pairs
        };
        let is_known = |card: &ListedCard| matches!(card, ListedCard::Record(_));
        if taken.len() < 2 || taken.iter().all(is_known) {
            return read(taken);
        }
        let share = taken.len().div_ceil(READERS);
        let (mut rest, mut parts) = (taken.into_iter(), Vec::new());
        while rest.len() > 0 {
            parts.push(rest.by_ref().take(share).collect::<Vec<_>>());
        }
        std::thread::scope(|scope| {
            let workers: Vec<_> = parts.into_iter().map(|part| scope.spawn(move || read(part))).collect();
            let ended = |worker: std::thread::ScopedJoinHandle<'_, _>| {
                worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            workers.into_iter().flat_map(ended).collect()
        })
    }
}
