//! The one record of a card in a reply that arrives in pieces.
//!
//! What a server does not understand of a query it may ignore, and then send every card. So a reply to a question
//! for one serial number is read to its end, each record's serial number is compared, and what comes out is exactly
//! one record, or the reason why there is none to act on.

use super::{Only, Serial};
use crate::certiflow::CardInfo;
use crate::json::{self, Elements, Scalar, Text};
use crate::mim::Smartcard;
use crate::{Code, Error};
use core::fmt;

/// Reads a reply piece by piece for the only record of a serial number. It needs no heap.
///
/// A record is the card's if its serial number [`matches`](Serial::matches) the wanted one in whatever way: a server
/// may keep a serial number in another spelling than the one that it was asked for, and that the bytes of another
/// card are these in another order does not happen by chance. Where two such records differ in their ids there are
/// several, however well each matches. A record that comes twice is one, as a list that shifts while it is read shows
/// a record twice. A record without a serial number is another card's.
///
/// `R` is what is kept of the record, such as its state.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::CardState;
/// use cardwright_core::identity::{NotOne, OneRecord, Serial};
///
/// // The server was asked for 02A1B3C4, and ignores that. The body comes as it comes.
/// let pieces = [
///     br#"[{"id":1012,"serialNumber":"02a1b3c4","state":"Iss"#.as_slice(),
///     br#"ued"},{"id":1014,"serialNumber":"02A1B3D7","state":"Revoked"}]"#,
/// ];
/// let mut reply = OneRecord::new(Serial::parse("02A1B3C4")?, [0; 1024]);
/// for piece in pieces {
///     reply.cards(piece, |card| card.state().known())?;
/// }
/// assert_eq!(reply.others(), 1);
/// let record = reply.finish()?.one()?;
/// assert_eq!((record.id(), record.kept), ("1012", Some(CardState::Issued)));
///
/// // Two records of one serial number: nothing may be done with either.
/// let mut reply = OneRecord::new(Serial::parse("7")?, [0; 1024]);
/// reply.cards(br#"[{"id":1,"serialNumber":"7"},{"id":2,"serialNumber":"7"}]"#, |_| ())?;
/// assert_eq!(reply.finish()?.one(), Err(NotOne::Several));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug)]
pub struct OneRecord<'w, B, R> {
    elements: Elements<B>,
    found: Found<'w, R>,
}

/// What was found so far.
#[derive(Debug)]
struct Found<'w, R> {
    wanted: Serial<'w>,
    only: Only<Record<R>>,
    others: usize,
    /// The first error: what it was about may have been a record of the card.
    failed: Option<Error>,
}

/// What [`OneRecord::read`] must know of a record.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{Candidate, OneRecord, Serial};
/// use cardwright_core::json::{self, Scalar, Text};
///
/// // A system that lists bare numbers: the number is the id too.
/// let mut reply = OneRecord::new(Serial::parse("02A1B3C4")?, [0; 64]);
/// reply.read(br#"["02A1B3D7","02A1B3C4"]"#, |element| {
///     let number = json::from_slice::<Text<'_>>(element)?;
///     Ok(Candidate { id: Scalar::Text(number), serial_number: Some(number), kept: element.len() })
/// })?;
/// let record = reply.finish()?.one()?;
/// assert_eq!((record.id(), record.kept), ("02A1B3C4", 10));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[allow(
    clippy::exhaustive_structs,
    reason = "the caller makes it, and a field more would be a question that nobody has answered"
)]
pub struct Candidate<'a, R> {
    /// By which the system tells it from others.
    pub id: Scalar<'a>,
    /// Its serial number, as the system writes it.
    pub serial_number: Option<Text<'a>>,
    /// What is kept of it if it is the card's.
    pub kept: R,
}

/// The record of a card: its id, and what was kept of it.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{OneRecord, Record, Serial};
///
/// /// An operation needs the id, whatever was kept.
/// fn path<R>(record: &Record<R>) -> String {
///     format!("smartcards/{}", record.id())
/// }
///
/// let mut reply = OneRecord::new(Serial::parse("7FB2")?, [0; 256]);
/// reply.smartcards(br#"{"Uuid":"a-1","SerialNumber":"7fb2","Status":"Active"}"#, |card| card.status().reads("Active"))?;
/// let record = reply.finish()?.one()?;
/// assert_eq!(path(&record), "smartcards/a-1");
/// assert!(record.kept);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record<R> {
    id: RecordId,
    /// What was kept of it.
    pub kept: R,
}

impl<R> Record<R> {
    /// Its id, as text: what an operation goes by.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// The longest id, in bytes.
const ID_ROOM: usize = 64;

/// An id of a record that outlives the reply.
///
/// # Examples
/// ```
/// use cardwright_core::identity::RecordId;
/// use cardwright_core::json::Scalar;
///
/// // The id stays when the buffer of the reply is used for something else.
/// let id = RecordId::new(Scalar::Number("1013")).unwrap();
/// assert_eq!(id.as_str(), "1013");
/// assert_eq!(RecordId::new(Scalar::Null), None, "a record without an id cannot be named");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RecordId {
    /// Followed by zeros, so that the derived comparison is right.
    bytes: [u8; ID_ROOM],
    length: u8,
}

impl RecordId {
    /// The longest id that is kept, in bytes.
    pub const ROOM: usize = ID_ROOM;

    /// The text of an id; `None` for one that is too long, and for none.
    #[must_use]
    pub fn new(id: Scalar<'_>) -> Option<Self> {
        let mut bytes = [0; ID_ROOM];
        let length = id.copy_to(&mut bytes)?.len();
        Some(RecordId { bytes, length: u8::try_from(length).ok().filter(|length| *length > 0)? })
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let id = self.bytes.get(..usize::from(self.length)).and_then(|id| core::str::from_utf8(id).ok());
        id.unwrap_or_default()
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl<R> Found<'_, R> {
    /// Whether a record is the card's.
    fn is_wanted(&self, serial_number: Option<Text<'_>>) -> Result<bool, Error> {
        let Some(text) = serial_number else { return Ok(false) };
        let mut room = [0; 128];
        // Only a text with escapes must be copied. One that is too long for that could be the card's.
        let text = match text.plain() {
            Some(plain) => plain,
            None => text.copy_to(&mut room).ok_or(Error::of(Code::Room, "serialNumber"))?,
        };
        Ok(Serial::parse(text).is_ok_and(|theirs| theirs.matches(&self.wanted).is_some()))
    }

    /// Notes an error.
    fn check<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        self.failed = self.failed.or(result.as_ref().err().copied());
        result
    }

    /// Takes a record; `keep` is called if it is the card's.
    fn take(&mut self, id: Scalar<'_>, serial: Option<Text<'_>>, keep: impl FnOnce() -> R) -> Result<(), Error> {
        let is_wanted = self.is_wanted(serial);
        if !self.check(is_wanted)? {
            self.others = self.others.saturating_add(1);
            return Ok(());
        }
        let id = self.check(RecordId::new(id).ok_or(Error::of(Code::Room, "id")))?;
        self.only.put_other(Record { id, kept: keep() }, |one, other| one.id == other.id);
        Ok(())
    }
}

impl<'w, B: AsMut<[u8]>, R> OneRecord<'w, B, R> {
    /// A reply before its first byte. A record that crosses the edge of two pieces must fit in `buffer`.
    pub const fn new(wanted: Serial<'w>, buffer: B) -> Self {
        let found = Found { wanted, only: Only::Nothing, others: 0, failed: None };
        OneRecord { elements: Elements::new(buffer), found }
    }

    /// Reads the next piece of a body of CertiFlow's cards, or of one card. `keep` is called for a record of the card.
    ///
    /// # Errors
    /// A 3xx code, with an offset into the body; [`Code::Room`] for a record that does not fit the buffer, and for an id or a
    /// serial number that is too long to be compared. Then it is not known how many records there are.
    pub fn cards(&mut self, mut piece: &[u8], mut keep: impl FnMut(&CardInfo<'_>) -> R) -> Result<(), Error> {
        while let Some(element) = self.found.check(self.elements.next(&mut piece))? {
            let card = json::from_slice::<CardInfo<'_>>(element.json).map_err(|error| error.within(element.at));
            let card = self.found.check(card)?;
            self.found.take(card.id(), card.serial_number(), || keep(&card))?;
        }
        Ok(())
    }

    /// Reads the next piece of a body of MIM CM's smart cards, or of one.
    ///
    /// # Errors
    /// As [`cards`](Self::cards).
    pub fn smartcards(&mut self, mut piece: &[u8], mut keep: impl FnMut(&Smartcard<'_>) -> R) -> Result<(), Error> {
        while let Some(element) = self.found.check(self.elements.next(&mut piece))? {
            let card = json::from_slice::<Smartcard<'_>>(element.json).map_err(|error| error.within(element.at));
            let card = self.found.check(card)?;
            let uuid = card.uuid().map_or(Scalar::Null, Scalar::Text);
            self.found.take(uuid, card.serial_number(), || keep(&card))?;
        }
        Ok(())
    }

    /// Reads the next piece of a body of records of another system: `read` says of each element what it is.
    ///
    /// ```
    /// use cardwright_core::identity::{Candidate, OneRecord, Serial};
    /// use cardwright_core::{json, view};
    ///
    /// view! {
    ///     /// A badge, as a third vendor sends it.
    ///     Badge,
    ///     /// A badge, with its bytes.
    ///     OwnedBadge {
    ///         /// Its id.
    ///         id: Scalar = "badge" required;
    ///         /// The number of its chip.
    ///         chip: Text = "chip";
    ///     }
    /// }
    ///
    /// let mut reply = OneRecord::new(Serial::parse("02A1B3C4")?, [0; 256]);
    /// reply.read(br#"[{"badge":"B7","chip":"02:a1:b3:c4"}]"#, |element| {
    ///     let badge: Badge<'_> = json::from_slice(element)?;
    ///     Ok(Candidate { id: badge.id(), serial_number: badge.chip(), kept: () })
    /// })?;
    /// assert_eq!(reply.finish()?.one()?.id(), "B7");
    /// # Ok::<(), cardwright_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`cards`](Self::cards), and what `read` returns, of which the offset is into the element.
    pub fn read(
        &mut self,
        mut piece: &[u8],
        mut read: impl for<'e> FnMut(&'e [u8]) -> Result<Candidate<'e, R>, Error>,
    ) -> Result<(), Error> {
        while let Some(element) = self.found.check(self.elements.next(&mut piece))? {
            let record = read(element.json).map_err(|error| error.within(element.at));
            let record = self.found.check(record)?;
            self.found.take(record.id, record.serial_number, || record.kept)?;
        }
        Ok(())
    }

    /// How many records of other cards have come. A server that was asked for one serial number and sends these ignores
    /// the filter.
    pub const fn others(&self) -> usize {
        self.found.others
    }

    /// The record of the card, after the last piece. [`Only::one`] makes a result of it.
    ///
    /// # Errors
    /// [`Code::JsonEnd`] where the body did not end: more records may have been coming. The first error of the reading, if
    /// there was one: what could not be read may have been a record of the card.
    pub fn finish(self) -> Result<Only<Record<R>>, Error> {
        match self.found.failed {
            Some(error) => return Err(error),
            None => self.elements.finish()?,
        }
        Ok(self.found.only)
    }
}
