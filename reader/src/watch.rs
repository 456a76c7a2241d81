//! What happens at the readers: cards come and go, readers are plugged in and out, the service too.
//!
//! Each happening is told once and in order. A card that came has gone before the next one comes, and
//! a reader's card has gone before the reader has; so a program may count on pairs. Nothing here ends
//! by itself: when the service stops or dies, the watch says so and goes on when it is back.

use crate::error::Error;
use crate::reader::Slot;
use crate::system;
use pcsc::{Context, PNP_NOTIFICATION, ReaderState, State};
use std::collections::VecDeque;
use std::ffi::CStr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long one call waits at most. The system wakes it for all that happens, except: a reader plugged
/// in where it has no notification of that (macOS), and a cancel that came just before the call.
const SLICE: Duration = Duration::from_millis(500);

/// How long to wait before the service is looked for again.
const RETRY: Duration = Duration::from_millis(100);

/// Something that happened.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// There is a reader: at the start of the watch, or newly plugged in.
    ReaderAdded {
        /// Its name.
        reader: String,
    },
    /// A reader was unplugged, or went with the service.
    ReaderRemoved {
        /// Its name.
        reader: String,
    },
    /// A card is in a reader: at the start of the watch, or newly put in.
    CardInserted {
        /// The reader's name.
        reader: String,
        /// The card's ATR, unchecked; empty when the card is mute.
        atr: Vec<u8>,
        /// The reader's count of comings and goings by then, as [`Reader::events`](crate::Reader::events):
        /// while it is the same, so is the card.
        events: u16,
    },
    /// A card was pulled, or went with its reader or the service.
    CardRemoved {
        /// The reader's name.
        reader: String,
    },
    /// More happened at a reader than could be told: cards came or went faster than they were asked
    /// for. What follows leads to the present state.
    Missed {
        /// The reader's name.
        reader: String,
        /// How many comings and goings are not told.
        events: u16,
    },
    /// The service does not answer. Cards and readers that were there are told as removed next.
    ServiceLost(Error),
    /// The service answers again. Its readers and their cards are told next, as new.
    ServiceBack,
}

impl Event {
    /// The name of the reader that it happened at.
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
}

/// An endless iterator over what happens. It ends when it is canceled, and only then.
///
/// It begins with what is there. It has a connection of its own to the service, so that it stops no
/// session while it waits.
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
    /// The readers that were told, each with its place in [`Up::states`].
    slots: Vec<Known>,
    /// What happened and was not told yet.
    events: VecDeque<Event>,
    shared: Arc<Shared>,
}

/// The service, as far as it is known.
enum Service {
    /// Not asked yet.
    New,
    /// It answers.
    Up(Box<Up>),
    /// It did not answer when it was asked last.
    Lost,
}

struct Up {
    context: Context,
    /// What PC/SC is told that we know: a slot each, and last the notification of new readers, where
    /// the system has that.
    states: Vec<ReaderState>,
    notifies: bool,
}

/// A reader that was told as added.
#[derive(Debug)]
struct Known {
    name: String,
    /// Whether a card was told as inserted.
    card: bool,
    /// The system's count of comings and goings then; `None` before the first look.
    count: Option<u16>,
}

impl Watch {
    /// Begins to watch. That no service is there is the first event then, and no error.
    pub fn new() -> Self {
        Watch { service: Service::New, slots: Vec::new(), events: VecDeque::new(), shared: Arc::default() }
    }

    /// What ends the watch, from any thread.
    pub fn canceler(&self) -> Canceler {
        Canceler(Arc::clone(&self.shared))
    }

    /// Whether it was canceled: it tells nothing more.
    pub fn is_canceled(&self) -> bool {
        self.shared.lock().canceled
    }

    /// The next event, or `None` when none came in this time, or it was canceled.
    pub fn next_within(&mut self, time: Duration) -> Option<Event> {
        // A time beyond what the clock can count is as good as for ever.
        self.next_until(Instant::now().checked_add(time))
    }

    fn next_until(&mut self, end: Option<Instant>) -> Option<Event> {
        loop {
            if self.is_canceled() {
                return None;
            }
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            let left = end.map(|end| end.saturating_duration_since(Instant::now()));
            let wait = left.map_or(SLICE, |left| left.min(SLICE));
            self.look(wait);
            if left.is_some_and(|left| left.is_zero()) && self.events.is_empty() {
                return None;
            }
        }
    }

    /// Waits for something to happen, no longer than this, and writes it down.
    fn look(&mut self, wait: Duration) {
        let before = std::mem::replace(&mut self.service, Service::Lost);
        let back = matches!(before, Service::Lost);
        let up = match before {
            Service::Up(up) => Ok(up),
            Service::New | Service::Lost => Up::reach(),
        };
        let mut up = match up {
            Ok(up) => up,
            Err(error) => return self.lost(error, back, wait),
        };
        if back {
            tracing::info!("the smart-card service is back");
            self.events.push_back(Event::ServiceBack);
        }
        self.shared.lock().waiting = Some(up.context.clone());
        match self.ask(&mut up, wait) {
            Ok(()) => self.service = Service::Up(up),
            Err(error) => {
                drop(up);
                self.lost(error, false, wait);
            }
        }
    }

    /// The service does not answer: everything is gone.
    fn lost(&mut self, error: pcsc::Error, known: bool, wait: Duration) {
        self.shared.lock().waiting = None;
        if !known {
            tracing::warn!(%error, "the smart-card service does not answer");
            self.events.push_back(Event::ServiceLost(Error::pcsc(error, "")));
        }
        for slot in std::mem::take(&mut self.slots) {
            gone(slot, &mut self.events);
        }
        if known {
            self.shared.pause(RETRY.min(wait));
        }
    }

    fn ask(&mut self, up: &mut Up, wait: Duration) -> Result<(), pcsc::Error> {
        let new = match system::names(&up.context) {
            Ok(names) => self.compare(up, &names),
            // One was plugged in between the two calls that make a list.
            Err(pcsc::Error::InsufficientBuffer) => true,
            Err(error) => return Err(error),
        };
        // A new reader is told at once, and its card too.
        let wait = if new || !self.events.is_empty() { Duration::ZERO } else { wait };
        match system::guard(|| up.context.get_status_change(wait, &mut up.states)) {
            Ok(()) => {}
            Err(pcsc::Error::Timeout | pcsc::Error::Cancelled) => return Ok(()),
            // Unplugged since the list was made: the next one says so.
            Err(pcsc::Error::UnknownReader | pcsc::Error::ReaderUnavailable) => return Ok(()),
            Err(error) => return Err(error),
        }
        for (slot, state) in self.slots.iter_mut().zip(&mut up.states) {
            if state.event_state().contains(State::CHANGED) {
                slot.update(state, &mut self.events);
                state.sync_current_state();
            }
        }
        if up.notifies
            && let Some(notification) = up.states.last_mut()
        {
            if notification.event_state().contains(State::UNKNOWN) {
                // This system has none: it would answer at once, for ever.
                up.states.pop();
                up.notifies = false;
            } else {
                notification.sync_current_state();
            }
        }
        Ok(())
    }

    /// Compares the list of readers with the known ones; says whether there is a new one.
    fn compare(&mut self, up: &mut Up, names: &[std::ffi::CString]) -> bool {
        let here = |name: &CStr| names.iter().any(|other| other.as_c_str() == name);
        // From the last to the first, so that what is removed moves nothing that is still to come.
        for at in (0..self.slots.len()).rev() {
            let stays = up
                .states
                .get(at)
                .is_some_and(|state| here(state.name()) && !state.event_state().contains(State::UNKNOWN));
            if !stays {
                up.states.remove(at);
                gone(self.slots.remove(at), &mut self.events);
            }
        }
        let mut new = false;
        for name in names {
            if !up.states.iter().any(|state| state.name() == name.as_c_str()) {
                let text = name.to_string_lossy().into_owned();
                self.events.push_back(Event::ReaderAdded { reader: text.clone() });
                up.states.insert(self.slots.len(), ReaderState::new(name.clone(), State::UNAWARE));
                self.slots.push(Known { name: text, card: false, count: None });
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

    /// Waits for the next event, for as long as it takes; `None` when canceled.
    fn next(&mut self) -> Option<Event> {
        self.next_until(None)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // A canceler may live on; the connection to the service does not.
        self.shared.lock().waiting = None;
    }
}

impl Up {
    /// Connects to the service, and has a first answer of it.
    fn reach() -> Result<Box<Self>, pcsc::Error> {
        let context = system::establish()?;
        system::names(&context)?;
        let notification = ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE);
        Ok(Box::new(Up { context, states: vec![notification], notifies: true }))
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Service::New => "New",
            Service::Up(_) => "Up",
            Service::Lost => "Lost",
        })
    }
}

impl Known {
    /// Tells what led from the state that was told last to this one.
    fn update(&mut self, state: &ReaderState, events: &mut VecDeque<Event>) {
        let slot = Slot::of(state.event_state());
        if slot == Slot::Unavailable {
            // Unplugged, or of no use for now: there is no count to go on from.
            if std::mem::take(&mut self.card) {
                events.push_back(Event::CardRemoved { reader: self.name.clone() });
            }
            self.count = None;
            return;
        }
        let (card, count) = (slot.has_card(), system::count(state));
        let happened = self.count.map_or(0, |before| count.wrapping_sub(before));
        // A card that is not the one that was told: it went, and this one came.
        let other = self.card && card && happened > 0;
        let told = if other { 2 } else { u16::from(self.card != card) };
        if happened > told {
            let events_missed = happened - told;
            events.push_back(Event::Missed { reader: self.name.clone(), events: events_missed });
        }
        if self.card && (other || !card) {
            events.push_back(Event::CardRemoved { reader: self.name.clone() });
        }
        if card && (other || !self.card) {
            let (reader, atr) = (self.name.clone(), system::atr(state));
            events.push_back(Event::CardInserted { reader, atr, events: count });
        }
        self.card = card;
        self.count = Some(count);
    }
}

/// Tells that a reader is gone, and its card before it.
fn gone(slot: Known, events: &mut VecDeque<Event>) {
    if slot.card {
        events.push_back(Event::CardRemoved { reader: slot.name.clone() });
    }
    events.push_back(Event::ReaderRemoved { reader: slot.name });
}

/// Ends a [`Watch`] from any thread, also while it waits.
#[derive(Debug, Clone)]
pub struct Canceler(Arc<Shared>);

impl Canceler {
    /// Ends the watch: a waiting call returns `None` at once, and so does every later one.
    pub fn cancel(&self) {
        let mut state = self.0.lock();
        state.canceled = true;
        if let Some(context) = &state.waiting {
            // One that comes just before the call that it should end is lost; the flag ends that
            // call after a slice.
            let _ = system::guard(|| context.cancel());
        }
        drop(state);
        self.0.changed.notify_all();
    }
}

/// What a watch and its cancelers have in common.
#[derive(Default)]
struct Shared {
    state: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    canceled: bool,
    waiting: Option<Context>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing in it can be half-made.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits this long, or until it is canceled.
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
