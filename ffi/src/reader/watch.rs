//! Events of the readers.

use super::error::noted;
use crate::error::{CardwrightError, refused};
use crate::frame::{boundary_with_detail, from_c, size, structures};
use crate::hosted::{free, handle, into_raw, write};
use crate::text::CardwrightText;
use cardwright::reader::{Canceler, Event, Watch};
use cardwright_core::{Code, Error};
use std::sync::RwLock;
use std::time::Duration;

/// Reports the events of the readers, each once and in order. A card's removal is reported before the next card's
/// insertion, and before the removal of its reader. A watch does not end by itself: it reports when the service
/// stops, and continues when it is back.
#[derive(Debug)]
pub struct CardwrightWatch {
    watch: RwLock<State>,
    canceler: Canceler,
}

handle!(CardwrightWatch: Send + Sync);

/// A watch, and its last event, to which the caller has pointers.
#[derive(Debug)]
struct State {
    watch: Watch,
    last: Option<Event>,
}

/// For a time limit: none.
pub const CARDWRIGHT_NO_LIMIT: u32 = u32::MAX;

/// The kind of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightEventKind {
    /// Nothing happened within the limit.
    None = 0,
    /// There is a reader: at the start of the watch, or newly plugged in.
    ReaderAdded = 1,
    /// A reader was unplugged, or disappeared with the service.
    ReaderRemoved = 2,
    /// A card is in a reader: at the start of the watch, or newly inserted.
    CardInserted = 3,
    /// A card was removed, or disappeared with its reader or the service.
    CardRemoved = 4,
    /// Events of a reader were missed: cards were inserted or removed faster than events were read. The events that
    /// follow lead to the present state.
    Missed = 5,
    /// The service does not answer. Cards and readers that were there are reported as removed next.
    ServiceLost = 6,
    /// The service answers again. Its readers and their cards are reported next, as new.
    ServiceBack = 7,
}

/// An event. What it points to stays valid until the next call of `cardwright_watch_next` or
/// `cardwright_watch_free`.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightEvent {
    /// `sizeof(CardwrightEvent)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightEventKind`.
    pub kind: u32,
    /// Of an inserted card: the reader's count of insertions and removals by then, as in `CardwrightReader`. With
    /// `CARDWRIGHT_EVENT_KIND_MISSED`: how many were missed.
    pub events: u32,
    /// Of a service that does not answer: the reason, a `CardwrightCode`; else 0.
    pub code: i32,
    /// The name of the reader; `data` is `NULL` if the event is not about one.
    pub reader: CardwrightText,
    /// The ATR of an inserted card, unchecked.
    pub atr: *const u8,
    /// The length of the ATR; 0 if the card is mute.
    pub atr_length: usize,
}

structures!(CardwrightEvent { kind, events, code, reader, atr, atr_length });

/// Begins to watch; the readers and cards that are there are reported first. If there is no service, that is the
/// first event, and not an error. Free `*watch` with `cardwright_watch_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_watch_new(watch: *mut *mut CardwrightWatch, error: *mut CardwrightError) -> i32 {
    boundary_with_detail!(error, {
        let place = from_c!(watch);
        let watch = Watch::new();
        let canceler = watch.canceler();
        place.put(into_raw(CardwrightWatch { watch: RwLock::new(State { watch, last: None }), canceler }));
    })
}

/// Waits for the next event, `limit` milliseconds at most; 0 does not wait, `CARDWRIGHT_NO_LIMIT` waits until
/// something happens. If nothing did, the kind is `CARDWRIGHT_EVENT_KIND_NONE`.
///
/// `CARDWRIGHT_CODE_CANCELED` once the watch is canceled; `CARDWRIGHT_CODE_ARGUMENT` if another thread waits, and in a
/// child that was forked since the watch was made, which makes one of its own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_watch_next(
    watch: *mut CardwrightWatch, limit: u32, event: *mut CardwrightEvent, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (watch, event) = from_c!(watch, event);
        let mut state = write(&watch.watch, "watch")?;
        if !state.watch.is_here() {
            if let Some(Event::ServiceLost(error)) = state.watch.next() {
                return Err(Error { what: "watch", ..noted(error) });
            }
            return Err(refused("watch", "it was made by another process"));
        }
        state.last = match limit {
            CARDWRIGHT_NO_LIMIT => state.watch.next(),
            limit => state.watch.next_within(Duration::from_millis(limit.into())),
        };
        if state.last.is_none() && state.watch.is_canceled() {
            return Err(Error::new(Code::Canceled, 0));
        }
        event.put(event_of(state.last.as_ref())?);
    })
}

fn event_of(event: Option<&Event>) -> Result<CardwrightEvent, Error> {
    use CardwrightEventKind as K;
    let (mut count, mut code, mut card): (u16, u16, &[u8]) = (0, 0, &[]);
    let kind = match event {
        None => K::None,
        Some(Event::ReaderAdded { .. }) => K::ReaderAdded,
        Some(Event::ReaderRemoved { .. }) => K::ReaderRemoved,
        Some(Event::CardInserted { atr, events, .. }) => {
            (card, count) = (atr, *events);
            K::CardInserted
        }
        Some(Event::CardRemoved { .. }) => K::CardRemoved,
        Some(Event::Missed { events, .. }) => {
            count = *events;
            K::Missed
        }
        Some(Event::ServiceLost(error)) => {
            code = noted(error.clone()).code.number();
            K::ServiceLost
        }
        Some(Event::ServiceBack) => K::ServiceBack,
        Some(_) => return Err(Error::new(Code::Internal, 0)),
    };
    Ok(CardwrightEvent {
        struct_size: size::<CardwrightEvent>(),
        kind: kind as u32,
        events: count.into(),
        code: code.into(),
        reader: CardwrightText::of_any(event.and_then(Event::reader)),
        atr: card.as_ptr(),
        atr_length: card.len(),
    })
}

/// Cancels a watch, from any thread, even while another one waits in `cardwright_watch_next`, which
/// then returns `CARDWRIGHT_CODE_CANCELED` at once, as every later call does. It takes a lock: not for a
/// signal handler.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_watch_cancel(watch: *const CardwrightWatch, error: *mut CardwrightError) -> i32 {
    boundary_with_detail!(error, {
        from_c!(watch).canceler.cancel();
    })
}

/// Frees a watch, in which nobody may be waiting. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_watch_free(watch: *mut CardwrightWatch) {
    free!(watch)
}
