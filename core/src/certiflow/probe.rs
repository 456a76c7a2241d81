//! Which generation a server speaks, found out by questions that change nothing.
//!
//! Nothing is sent here. [`Probe::question`] is the next request, [`Probe::answer`] takes what came, at most
//! [`Probe::MOST`] times; [`Probe::finding`] is what is known then. Only what a server does counts: that it has a call, and
//! that it obeys or ignores a filter. A path that is missing proves nothing alone, as something else may stand in front.

use super::{CardInfo, Dialect, Dialects, Endpoint};
use crate::http::{self, Call, Route};
use crate::json::{self, List, Scalar};
use crate::{Named, named};
use core::fmt;

/// What no card and no user is called: a filter with this value must find nothing.
const NOBODY: &str = "0cardwright-no-such-value";

/// The longest id of a card that is asked for, in bytes.
const ID_ROOM: usize = 64;

/// A question to a server.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::{Probe, Question};
///
/// let probe = Probe::new();
/// assert_eq!(probe.question().map(|asked| asked.question()), Some(Question::Cards));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Question {
    /// One card of the list: since G4.
    Cards = 1,
    /// That card by its id: since G7.
    Card = 2,
    /// A serial number that no card has: a filter since G6, ignored before.
    SerialNumber = 3,
    /// The same with the prefix: a filter in G4 and G5, ignored since.
    FilterSerialNumber = 4,
    /// A policy that does not exist: a filter since G7, ignored before.
    PolicyName = 5,
    /// One card of the older list: G2 and G3.
    AllCards = 6,
    /// A serial number that no card has, in the older list: a filter in G3, ignored in G2.
    AllFilterSerialNumber = 7,
    /// The cards of a user that does not exist: G1 to G3.
    CardsOfUser = 8,
}

named! {
    Question {
        Cards,
        Card = "Cards/{id}",
        SerialNumber = "serialNumber",
        FilterSerialNumber = "filter.serialNumber",
        PolicyName = "policyName",
        AllCards = "Card/GetAllCards",
        AllFilterSerialNumber = "filter.serialNumber of Card/GetAllCards",
        CardsOfUser = "user/getcards",
    }
}

impl Question {
    /// Whether it asks for what nobody has.
    const fn is_filter(self) -> bool {
        matches!(self, Self::SerialNumber | Self::FilterSerialNumber | Self::PolicyName | Self::AllFilterSerialNumber)
    }
}

/// The result of a question.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::Answer;
///
/// assert_eq!(Answer::read(401, b""), Answer::Denied);
/// assert_eq!(Answer::read(200, b"[]"), Answer::Empty);
/// assert_eq!(Answer::read(404, b""), Answer::Missing);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Answer<'a> {
    /// The id of a card, alone or in a list.
    Card(Scalar<'a>),
    /// The id of the first card of a list of several.
    Cards(Scalar<'a>),
    /// A list without cards.
    Empty,
    /// That there is no such path, or nothing of that name (404, 405).
    Missing,
    /// That the question itself is wrong (400, 422).
    Refused,
    /// That the account may not ask (401, 403).
    Denied,
    /// Anything else: a page for people, a server that is busy, no answer.
    Unclear,
}

impl<'a> Answer<'a> {
    /// Reads an answer by its status and its whole body.
    #[must_use]
    pub fn read(status: u16, body: &'a [u8]) -> Self {
        let first =
            body.iter().copied().find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xEF | 0xBB | 0xBF));
        match (status, first) {
            (204, _) => Answer::Empty,
            (200..=299, Some(b'[')) => {
                let Ok(list) = List::<CardInfo<'_>>::new(body) else { return Answer::Unclear };
                let mut cards = list.into_iter();
                match (cards.next(), cards.next()) {
                    (None, _) => Answer::Empty,
                    (Some(Ok(card)), None) => Answer::Card(card.id()),
                    (Some(Ok(card)), Some(_)) => Answer::Cards(card.id()),
                    (Some(Err(_)), _) => Answer::Unclear,
                }
            }
            (200..=299, Some(b'{')) => {
                json::from_slice::<CardInfo<'_>>(body).map_or(Answer::Unclear, |card| Answer::Card(card.id()))
            }
            (404 | 405, _) => Answer::Missing,
            (400 | 422, _) => Answer::Refused,
            (401 | 403, _) => Answer::Denied,
            _ => Answer::Unclear,
        }
    }
}

/// How sure a [`Finding`] is.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::{Answer, Probe, Sure};
///
/// let mut probe = Probe::new();
/// probe.answer(Answer::Denied);
/// assert_eq!(probe.finding().sure(), Sure::Nothing, "nothing is known of a server that lets nobody in");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Sure {
    /// Nothing was learned.
    Nothing = 1,
    /// Several generations would answer so.
    Several = 2,
    /// Only this generation answers so, or only two with the same calls.
    Shown = 3,
}

named! { Sure { Nothing = "cannot tell", Several = "one of several", Shown = "shown" } }

/// What a question showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Card,
    Empty,
    Missing,
    Refused,
    Denied,
    Unclear,
}

/// What the answers tell. `Display` says from what.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::{Dialect, Probe, Sure};
///
/// // Before the first answer.
/// let finding = Probe::new().finding();
/// assert_eq!(finding.sure(), Sure::Nothing);
/// assert_eq!(finding.dialect(&[Dialect::G7]), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    dialects: Dialects,
    seen: [Option<(Question, Seen)>; Probe::MOST],
}

impl Finding {
    /// The generations that would answer so; none where nothing was learned.
    #[must_use]
    pub const fn dialects(&self) -> Dialects {
        self.dialects
    }

    /// How sure that is.
    #[must_use]
    pub const fn sure(&self) -> Sure {
        match self.dialects.len() {
            0 => Sure::Nothing,
            1 => Sure::Shown,
            _ if self.dialects.bits() == SAME_CALLS.bits() => Sure::Shown,
            _ => Sure::Several,
        }
    }

    /// Those to choose from: without the ones of which a call was seen to be missing.
    #[must_use]
    pub fn spoken(&self) -> Dialects {
        let lacks_card = (Question::Card, Seen::Missing);
        let without = if self.dialects == LATER && self.seen.iter().flatten().any(|one| *one == lacks_card) {
            Dialects::only(Dialect::G7)
        } else {
            Dialects::NONE
        };
        self.dialects.without(without)
    }

    /// Whether the server was seen not to speak it.
    #[must_use]
    pub fn rules_out(&self, dialect: Dialect) -> bool {
        !self.dialects.is_empty() && !self.spoken().has(dialect)
    }

    /// The generation to speak: of several that one whose calls they all have. `usual` are those that are known at
    /// the server's base, see [`usual_dialects`](crate::base::usual_dialects).
    #[must_use]
    pub fn dialect(&self, usual: &[Dialect]) -> Option<Dialect> {
        let spoken = self.spoken();
        if spoken == LATER || spoken == ALL_CARDS {
            return spoken.iter().next();
        }
        let at_base = usual.iter().copied().find(|dialect| spoken.has(*dialect));
        at_base.or_else(|| spoken.iter().last())
    }
}

/// `G6: Cards answers, Cards/{id} is missing, serialNumber is obeyed, policyName is ignored`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sure() {
            Sure::Nothing => f.write_str("cannot tell")?,
            _ => fmt::Display::fmt(&self.dialects, f)?,
        }
        let mut between = ": ";
        for (question, seen) in self.seen.iter().flatten() {
            let words = match (seen, question.is_filter()) {
                (Seen::Card, true) => "is ignored",
                (Seen::Empty | Seen::Missing | Seen::Refused, true) => "is obeyed",
                (Seen::Card, _) => "answers",
                (Seen::Empty, _) => "answers, without a card",
                (Seen::Missing, _) => "is missing",
                (Seen::Refused, _) => "is refused",
                (Seen::Denied, _) => "may not be asked",
                (Seen::Unclear, _) => "gives no answer of this API",
            };
            write!(f, "{between}{} {words}", question.name())?;
            between = ", ";
        }
        Ok(())
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

const CARDS: Dialects = Dialects::between(Dialect::G4, Dialect::G7);
const ALL_CARDS: Dialects = Dialects::between(Dialect::G2, Dialect::G3);
const SAME_CALLS: Dialects = Dialects::between(Dialect::G4, Dialect::G5);
const LATER: Dialects = Dialects::between(Dialect::G6, Dialect::G7);

/// The questions to one server, and what they have shown.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::{Answer, Probe};
/// use cardwright_core::http;
///
/// let mut probe = Probe::new();
/// let mut questions = 0;
/// while let Some(asked) = probe.question() {
///     let mut buffer = [0; 128];
///     assert!(http::target_to(&asked, &mut buffer).is_ok());
///     // A server that has none of it.
///     probe.answer(Answer::Missing);
///     questions += 1;
/// }
/// assert!(questions <= Probe::MOST);
/// ```
#[derive(Debug, Clone)]
pub struct Probe {
    question: Option<Question>,
    id: Id,
    finding: Finding,
}

impl Default for Probe {
    fn default() -> Self {
        Self::new()
    }
}

impl Probe {
    /// The most questions that there are.
    pub const MOST: usize = 6;

    /// A probe of a server of which nothing is known.
    #[must_use]
    pub const fn new() -> Self {
        let finding = Finding { dialects: Dialects::NONE, seen: [None; Probe::MOST] };
        Probe { question: Some(Question::Cards), id: Id::NONE, finding }
    }

    /// The request to send now; `None` at the end. The same until [`answer`](Self::answer). It changes nothing on
    /// the server.
    #[must_use]
    pub fn question(&self) -> Option<Asked<'_>> {
        self.question.map(|question| Asked { question, id: self.id.text() })
    }

    /// Takes the result of the question.
    pub fn answer(&mut self, answer: Answer<'_>) {
        let Some(question) = self.question else { return };
        let seen = match answer {
            Answer::Card(id) if question == Question::Card && !id.reads(self.id.text()) => Seen::Unclear,
            // One that answers everything with a list has no call for one card.
            Answer::Cards(_) if question == Question::Card => Seen::Unclear,
            Answer::Card(_) | Answer::Cards(_) => Seen::Card,
            Answer::Empty => Seen::Empty,
            Answer::Missing => Seen::Missing,
            Answer::Refused => Seen::Refused,
            Answer::Denied => Seen::Denied,
            Answer::Unclear => Seen::Unclear,
        };
        if let (Question::Cards, Answer::Card(id) | Answer::Cards(id)) = (question, answer) {
            use fmt::Write as _;
            // One that is too long is not asked for.
            self.id = Id::NONE;
            if write!(self.id, "{id}").is_err() {
                self.id = Id::NONE;
            }
        }
        let (dialects, next) = self.after(question, seen);
        self.finding.dialects = dialects;
        let full = match self.finding.seen.iter_mut().find(|place| place.is_none()) {
            Some(place) => {
                *place = Some((question, seen));
                false
            }
            None => true,
        };
        self.question = next.filter(|_| !full);
    }

    /// What is known so far.
    #[must_use]
    pub const fn finding(&self) -> Finding {
        self.finding
    }

    /// What is known after an answer, and what is asked next.
    fn after(&self, question: Question, seen: Seen) -> (Dialects, Option<Question>) {
        use Question as Q;
        let known = self.finding.dialects;
        let obeyed = matches!(seen, Seen::Empty | Seen::Missing | Seen::Refused);
        match (question, seen) {
            (Q::Cards, Seen::Card) if self.id.text().is_empty() => (CARDS, Some(Q::SerialNumber)),
            (Q::Cards, Seen::Card) => (CARDS, Some(Q::Card)),
            // Something else may stand in front.
            (Q::Cards, Seen::Unclear) => (known, Some(Q::AllCards)),
            // Without a card no filter shows whether it is obeyed.
            (Q::Cards, Seen::Empty) => (CARDS, None),
            (Q::Cards, Seen::Missing | Seen::Refused) => (Dialects::NONE, Some(Q::AllCards)),
            (Q::Card, Seen::Card) => (Dialects::only(Dialect::G7), None),
            (Q::Card, _) => (known, Some(Q::SerialNumber)),
            (Q::SerialNumber, Seen::Card) => (SAME_CALLS, Some(Q::FilterSerialNumber)),
            (Q::SerialNumber, Seen::Empty) => (LATER, Some(Q::PolicyName)),
            // It refuses what it does not know, or finds nothing of that name: the other one tells.
            (Q::SerialNumber, _) if obeyed => (known, Some(Q::FilterSerialNumber)),
            (Q::FilterSerialNumber, Seen::Empty) => (SAME_CALLS, None),
            (Q::FilterSerialNumber, _) if obeyed => (known, None),
            // It ignores both, and is none of ours.
            (Q::FilterSerialNumber, Seen::Card) if known == SAME_CALLS => (Dialects::NONE, None),
            (Q::FilterSerialNumber, Seen::Card) => (LATER, Some(Q::PolicyName)),
            (Q::FilterSerialNumber, _) => (CARDS, None),
            (Q::PolicyName, Seen::Card) => (Dialects::only(Dialect::G6), None),
            (Q::AllCards, Seen::Card) => (ALL_CARDS, Some(Q::AllFilterSerialNumber)),
            (Q::AllCards, Seen::Empty) => (ALL_CARDS, None),
            (Q::AllCards, Seen::Missing | Seen::Refused | Seen::Unclear) => (known, Some(Q::CardsOfUser)),
            (Q::AllFilterSerialNumber, Seen::Card) => (Dialects::only(Dialect::G2), None),
            (Q::AllFilterSerialNumber, _) if obeyed => (Dialects::only(Dialect::G3), None),
            (Q::CardsOfUser, Seen::Card | Seen::Empty) => (Dialects::only(Dialect::G1), None),
            _ => (known, None),
        }
    }
}

/// The id of a card, plain data, so that it may lie in storage of C's.
#[derive(Debug, Clone)]
struct Id {
    bytes: [u8; ID_ROOM],
    len: usize,
}

impl Id {
    const NONE: Id = Id { bytes: [0; ID_ROOM], len: 0 };

    fn text(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or("")
    }
}

impl fmt::Write for Id {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            *self.bytes.get_mut(self.len).ok_or(fmt::Error)? = byte;
            self.len = self.len.wrapping_add(1);
        }
        Ok(())
    }
}

/// A question as a request.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::Probe;
/// use cardwright_core::http::{Call as _, Method};
///
/// let probe = Probe::new();
/// assert!(probe.question().is_some_and(|asked| asked.route().method == Method::Get), "it changes nothing");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    question: Question,
    id: &'a str,
}

impl Asked<'_> {
    /// The question.
    #[must_use]
    pub const fn question(&self) -> Question {
        self.question
    }
}

impl Call for Asked<'_> {
    fn route(&self) -> &'static Route {
        let (endpoint, dialect) = match self.question {
            Question::Cards | Question::SerialNumber | Question::PolicyName => (Endpoint::Cards, Dialect::G7),
            Question::FilterSerialNumber => (Endpoint::Cards, Dialect::G5),
            Question::Card => (Endpoint::Card, Dialect::G7),
            Question::AllCards | Question::AllFilterSerialNumber => (Endpoint::Cards, Dialect::G3),
            Question::CardsOfUser => (Endpoint::CardsOfUser, Dialect::G1),
        };
        endpoint.route_in(dialect).unwrap_or(endpoint.route())
    }

    fn argument(&self, _: usize) -> &str {
        self.id
    }

    fn query(&self, query: &mut http::Query<'_>) -> fmt::Result {
        let filter = match self.question {
            Question::Card => return Ok(()),
            Question::CardsOfUser => return query.add("name", NOBODY),
            Question::Cards | Question::AllCards => None,
            Question::SerialNumber => Some("serialNumber"),
            Question::FilterSerialNumber | Question::AllFilterSerialNumber => Some("filter.serialNumber"),
            Question::PolicyName => Some("policyName"),
        };
        // As every other list is asked for.
        query.add("offset", "0")?;
        query.add("count", "1")?;
        filter.map_or(Ok(()), |name| query.add(name, NOBODY))
    }
}
