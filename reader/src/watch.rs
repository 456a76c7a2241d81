//! Changes at the readers: cards inserted and removed, readers plugged in and out, the service itself.
//!
//! Each change is reported once and in order. A card is removed before the next one is inserted, and
//! before its reader is removed, so events come in pairs. A watch does not end by itself: when the
//! service stops or dies, the watch reports it and resumes when the service is back.

use crate::error::Error;
use crate::reader::Slot;
use crate::system;
use pcsc::{Context, PNP_NOTIFICATION, ReaderState, State};
use std::collections::VecDeque;
use std::ffi::CStr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The longest wait of one call. The system ends it early for every change, except for a new reader where
/// the system does not announce it (macOS), and for a cancel just before the call.
const LONGEST_WAIT: Duration = Duration::from_millis(500);

/// How long to wait before looking for the service again.
const RETRY: Duration = Duration::from_millis(100);

/// A change.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// A reader is present at the start of the watch, or was plugged in.
    ReaderAdded {
        /// Its name.
        reader: String,
    },
    /// A reader was unplugged, or disappeared with the service.
    ReaderRemoved {
        /// Its name.
        reader: String,
    },
    /// A card is present at the start of the watch, or was inserted.
    CardInserted {
        /// The reader's name.
        reader: String,
        /// The card's ATR, unchecked; empty when the card is mute.
        atr: Vec<u8>,
        /// The reader's count of insertions and removals, as [`Reader::events`](crate::Reader::events):
        /// while it is the same, so is the card.
        events: u16,
    },
    /// A card was removed, or disappeared with its reader or the service.
    CardRemoved {
        /// The reader's name.
        reader: String,
    },
    /// Cards came and went at a reader faster than they could be reported. The events that follow lead
    /// to the present state.
    Missed {
        /// The reader's name.
        reader: String,
        /// The number of insertions and removals that are not reported.
        events: u16,
    },
    /// The service does not answer. Its cards and readers are reported as removed next.
    ServiceLost(Error),
    /// The service answers again. Its readers and their cards are reported next, as new.
    ServiceBack,
}

impl Event {
    /// The name of the reader concerned.
    #[must_use]
    pub fn reader(&self) -> Option<&str> {
        match self {
            Event::ReaderAdded { reader }
            | Event::ReaderRemoved { reader }
            | Event::CardInserted { reader, .. }
            | Event::CardRemoved { reader }
            | Event::Missed { reader, .. } => Some(reader),
            Event::ServiceLost(_) | Event::ServiceBack => None,
        }
    }

    /// Tells a log of it; of the service, what notices it does.
    fn tell(&self) {
        let what = match self {
            Event::ReaderAdded { .. } => "a reader is there",
            Event::ReaderRemoved { .. } => "a reader is gone",
            Event::CardInserted { .. } => "a card is there",
            Event::CardRemoved { .. } => "a card is gone",
            Event::Missed { .. } => "cards came and went unseen",
            Event::ServiceLost(_) | Event::ServiceBack => return,
        };
        tracing::info!(reader = self.reader(), "{what}");
    }
}

/// An endless iterator over changes. It ends only when it is canceled.
///
/// It begins with the readers and cards that are present. It has its own connection to the service, so
/// that it blocks no session while it waits. After a fork it stays with the parent: in the child it reports
/// [`Event::ServiceLost`], with an error that says so, and ends.
///
/// ```no_run
/// use cardwright_reader::{Event, Watch};
///
/// for event in Watch::new() {
///     if let Event::CardInserted { reader, atr, .. } = event {
///         println!("{reader}: {atr:02X?}");
///     }
/// }
/// ```
#[derive(Debug)]
pub struct Watch {
    service: Service,
    /// The readers that were reported, in the order of [`Connection::states`].
    readers: Vec<KnownReader>,
    /// Changes that were not returned yet.
    events: VecDeque<Event>,
    shared: Arc<Shared>,
    /// Whether it has ended in a child of the process that made it.
    has_ended: bool,
}

/// What is known of the service.
enum Service {
    /// Not asked yet.
    New,
    /// It answers.
    Connected(Box<Connection>),
    /// It did not answer the last call.
    Lost,
}

struct Connection {
    context: Context,
    /// The states that PC/SC compares with: one for each reader, and last the notification of new
    /// readers, where the system has it.
    states: Vec<ReaderState>,
    notifies: bool,
}

/// A reader that was reported as added.
#[derive(Debug)]
struct KnownReader {
    name: String,
    /// Whether a card was reported as inserted.
    card: bool,
    /// The system's count of insertions and removals then; `None` before the first look.
    count: Option<u16>,
}

impl Watch {
    /// Begins to watch. A missing service is the first event, not an error.
    #[must_use]
    pub fn new() -> Self {
        Watch {
            service: Service::New,
            readers: Vec::new(),
            events: VecDeque::new(),
            shared: Arc::default(),
            has_ended: false,
        }
    }

    /// A handle that ends the watch from any thread.
    #[must_use]
    pub fn canceler(&self) -> Canceler {
        Canceler(Arc::clone(&self.shared))
    }

    /// Whether it was canceled, so that no more events come.
    #[must_use]
    pub fn is_canceled(&self) -> bool {
        self.has_ended || self.shared.is_here() && self.shared.lock().canceled
    }

    /// Whether it belongs to this process: not in a child that was forked since it was made.
    #[must_use]
    pub fn is_here(&self) -> bool {
        self.shared.is_here()
    }

    /// The next event, or `None` when none came within this time, or the watch was canceled.
    pub fn next_within(&mut self, time: Duration) -> Option<Event> {
        // A time beyond the range of the clock means no limit.
        self.next_until(Instant::now().checked_add(time))
    }

    fn next_until(&mut self, end: Option<Instant>) -> Option<Event> {
        loop {
            if self.is_canceled() {
                return None;
            }
            if !self.shared.is_here() {
                self.has_ended = true;
                return Some(Event::ServiceLost(Error::other_process("a watch")));
            }
            if let Some(event) = self.events.pop_front() {
                event.tell();
                return Some(event);
            }
            let left = end.map(|end| end.saturating_duration_since(Instant::now()));
            let wait = left.map_or(LONGEST_WAIT, |left| left.min(LONGEST_WAIT));
            self.look(wait);
            if left.is_some_and(|left| left.is_zero()) && self.events.is_empty() {
                return None;
            }
        }
    }

    /// Waits for a change, no longer than this, and queues its events.
    fn look(&mut self, wait: Duration) {
        let before = std::mem::replace(&mut self.service, Service::Lost);
        let back = matches!(before, Service::Lost);
        let connection = match before {
            Service::Connected(connection) => Ok(connection),
            Service::New | Service::Lost => Connection::open(),
        };
        let mut connection = match connection {
            Ok(connection) => connection,
            Err(error) => return self.lost(error, back, wait),
        };
        if back {
            tracing::info!("the smart-card service is back");
            self.events.push_back(Event::ServiceBack);
        }
        self.shared.lock().context = Some(connection.context.clone());
        match self.ask(&mut connection, wait) {
            Ok(()) => self.service = Service::Connected(connection),
            Err(error) => {
                drop(connection);
                self.lost(error, false, wait);
            }
        }
    }

    /// The service does not answer: reports everything as removed.
    fn lost(&mut self, error: pcsc::Error, known: bool, wait: Duration) {
        self.shared.lock().context = None;
        if !known {
            tracing::warn!(%error, "the smart-card service does not answer");
            self.events.push_back(Event::ServiceLost(Error::pcsc(error, "")));
        }
        for reader in std::mem::take(&mut self.readers) {
            reader.remove(&mut self.events);
        }
        if known {
            self.shared.pause(RETRY.min(wait));
        }
    }

    fn ask(&mut self, connection: &mut Connection, wait: Duration) -> Result<(), pcsc::Error> {
        let new = match system::names(&connection.context) {
            Ok(names) => self.compare(connection, &names),
            // A reader was plugged in between the two calls that make a list.
            Err(pcsc::Error::InsufficientBuffer) => true,
            Err(error) => return Err(error),
        };
        // A new reader and its card are reported at once.
        let wait = if new || !self.events.is_empty() { Duration::ZERO } else { wait };
        match system::guard(|| connection.context.get_status_change(wait, &mut connection.states)) {
            Ok(()) => {}
            Err(pcsc::Error::Timeout | pcsc::Error::Cancelled) => return Ok(()),
            // A reader was unplugged since the list was made: the next list shows it.
            Err(pcsc::Error::UnknownReader | pcsc::Error::ReaderUnavailable) => return Ok(()),
            Err(error) => return Err(error),
        }
        for (reader, state) in self.readers.iter_mut().zip(&mut connection.states) {
            if state.event_state().contains(State::CHANGED) {
                let slot = Slot::of(state.event_state());
                reader.update(slot, system::count(state), || system::atr(state), &mut self.events);
                state.sync_current_state();
            }
        }
        if connection.notifies
            && let Some(notification) = connection.states.last_mut()
        {
            if notification.event_state().contains(State::UNKNOWN) {
                // This system has none: every call would return at once.
                connection.states.pop();
                connection.notifies = false;
            } else {
                notification.sync_current_state();
            }
        }
        Ok(())
    }

    /// Compares the list of readers with the known ones; returns whether there is a new one.
    fn compare(&mut self, connection: &mut Connection, names: &[std::ffi::CString]) -> bool {
        let is_listed = |name: &CStr| names.iter().any(|other| other.as_c_str() == name);
        // From the last to the first, so that a removal does not shift what is still to be compared.
        for at in (0..self.readers.len()).rev() {
            let stays = connection
                .states
                .get(at)
                .is_some_and(|state| is_listed(state.name()) && !state.event_state().contains(State::UNKNOWN));
            if !stays {
                connection.states.remove(at);
                self.readers.remove(at).remove(&mut self.events);
            }
        }
        let mut new = false;
        for name in names {
            if !connection.states.iter().any(|state| state.name() == name.as_c_str()) {
                let text = name.to_string_lossy().into_owned();
                self.events.push_back(Event::ReaderAdded { reader: text.clone() });
                connection.states.insert(self.readers.len(), ReaderState::new(name.clone(), State::UNAWARE));
                self.readers.push(KnownReader { name: text, card: false, count: None });
                new = true;
            }
        }
        new
    }
}

impl Default for Watch {
    fn default() -> Self {
        Watch::new()
    }
}

impl Iterator for Watch {
    type Item = Event;

    /// Waits for the next event without a time limit; `None` when canceled.
    fn next(&mut self) -> Option<Event> {
        self.next_until(None)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.shared.is_here() {
            // To release it would end the parent's.
            return std::mem::forget(std::mem::replace(&mut self.service, Service::Lost));
        }
        // A canceler may outlive the watch; the connection to the service must not.
        self.shared.lock().context = None;
    }
}

impl Connection {
    /// Connects to the service, and waits for its first answer.
    fn open() -> Result<Box<Self>, pcsc::Error> {
        let context = system::establish()?;
        system::names(&context)?;
        let notification = ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE);
        Ok(Box::new(Connection { context, states: vec![notification], notifies: true }))
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Service::New => "New",
            Service::Connected(_) => "Connected",
            Service::Lost => "Lost",
        })
    }
}

impl KnownReader {
    /// Queues the events that lead from the reported state to this one.
    ///
    /// pcscd changes a reader's state before it counts the change, and a look may come between the two.
    /// Each change of a card is counted once, so the number of changes since the last look is odd exactly
    /// where a card came or went: where it is not, one is still to be counted.
    fn update(&mut self, slot: Slot, count: u16, atr: impl FnOnce() -> Vec<u8>, events: &mut VecDeque<Event>) {
        if slot == Slot::Unavailable {
            // Unplugged or unusable for now: there is no count to continue from.
            if std::mem::take(&mut self.card) {
                events.push_back(Event::CardRemoved { reader: self.name.clone() });
            }
            self.count = None;
            return;
        }
        let card = slot.has_card();
        let before = self.count.unwrap_or(count);
        // A change that was reported before it was counted makes the count one less than expected.
        let counted = if before.wrapping_sub(count) == 1 { 0 } else { count.wrapping_sub(before) };
        let happened = match self.count {
            Some(_) => counted.wrapping_add(u16::from((counted % 2 == 1) != (self.card != card))),
            None => 0,
        };
        let count = before.wrapping_add(happened);
        // Another card than the reported one, which was removed before this one was inserted.
        let other = self.card && card && happened > 0;
        let reported = if other { 2 } else { u16::from(self.card != card) };
        if happened > reported {
            events.push_back(Event::Missed { reader: self.name.clone(), events: happened - reported });
        }
        if self.card && (other || !card) {
            events.push_back(Event::CardRemoved { reader: self.name.clone() });
        }
        if card && (other || !self.card) {
            events.push_back(Event::CardInserted { reader: self.name.clone(), atr: atr(), events: count });
        }
        self.card = card;
        self.count = Some(count);
    }

    /// Queues the removal of the reader, after that of its card.
    fn remove(self, events: &mut VecDeque<Event>) {
        if self.card {
            events.push_back(Event::CardRemoved { reader: self.name.clone() });
        }
        events.push_back(Event::ReaderRemoved { reader: self.name });
    }
}

/// Ends a [`Watch`] from any thread, even while it waits.
#[derive(Debug, Clone)]
pub struct Canceler(Arc<Shared>);

impl Canceler {
    /// Ends the watch: a waiting call returns `None` at once, and so does every later one.
    pub fn cancel(&self) {
        if !self.0.is_here() {
            // The watch is the parent's, and has ended here.
            return;
        }
        let mut state = self.0.lock();
        state.canceled = true;
        if let Some(context) = &state.context {
            // A cancel just before the call that it should end is lost; that call ends after its longest
            // wait, and the flag is read.
            let _ = system::guard(|| context.cancel());
        }
        drop(state);
        self.0.changed.notify_all();
    }
}

/// What a watch shares with its cancelers.
struct Shared {
    /// The process that made the watch.
    process: u32,
    cancellation: Mutex<Cancellation>,
    changed: Condvar,
}

#[derive(Default)]
struct Cancellation {
    canceled: bool,
    /// The connection whose calls a cancel ends.
    context: Option<Context>,
}

impl Default for Shared {
    fn default() -> Self {
        Shared { process: std::process::id(), cancellation: Mutex::default(), changed: Condvar::new() }
    }
}

impl Shared {
    fn is_here(&self) -> bool {
        self.process == std::process::id()
    }

    fn lock(&self) -> MutexGuard<'_, Cancellation> {
        // A panic cannot leave it half-changed.
        self.cancellation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits this long, or until the watch is canceled.
    fn pause(&self, time: Duration) {
        let waited = self.changed.wait_timeout_while(self.lock(), time, |state| !state.canceled);
        drop(waited);
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("canceled", &self.lock().canceled).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told of a reader that is looked at in these states, with these counts.
    fn told(looks: &[(Slot, u16)]) -> Vec<String> {
        let mut reader = KnownReader { name: "R".into(), card: false, count: None };
        let mut events = VecDeque::new();
        for (slot, count) in looks {
            reader.update(*slot, *count, Vec::new, &mut events);
        }
        let word = |event: &Event| match event {
            Event::CardInserted { events, .. } => format!("in {events}"),
            Event::CardRemoved { .. } => "out".into(),
            Event::Missed { events, .. } => format!("missed {events}"),
            other => format!("{other:?}"),
        };
        events.iter().map(word).collect()
    }

    #[test]
    fn a_change_that_is_not_counted_yet_is_told_once() {
        let (empty, card) = (Slot::Empty, Slot::Card);
        assert_eq!(told(&[(empty, 0), (card, 1), (empty, 2)]), ["in 1", "out"]);
        assert_eq!(told(&[(empty, 0), (card, 0), (card, 1), (empty, 2)]), ["in 1", "out"]);
        assert_eq!(told(&[(empty, 0), (card, 0), (card, 0), (card, 1)]), ["in 1"]);
        assert_eq!(told(&[(empty, 0), (card, 1), (empty, 1), (empty, 2), (card, 2)]), ["in 1", "out", "in 3"]);
        assert_eq!(told(&[(empty, 0), (card, 1), (card, 3)]), ["in 1", "out", "in 3"]);
        assert_eq!(told(&[(empty, 0), (card, 1), (card, 2), (card, 3)]), ["in 1", "out", "in 3"]);
        assert_eq!(told(&[(empty, 0), (empty, 1), (empty, 2)]), ["missed 2"]);
        assert_eq!(told(&[(empty, 65_535), (card, 65_535), (card, 0), (empty, 0)]), ["in 0", "out"]);
    }
}
