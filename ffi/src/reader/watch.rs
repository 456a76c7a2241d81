//! What happens at the readers.

use super::noted;
use crate::boundary::{CardwrightError, CardwrightText, Output, size};
use crate::hosted::{alone, give, handle, run, take_back};
use cardwright_core::{Code, Error};
use cardwright_reader::{Canceler, Event, Watch};
use std::sync::RwLock;
use std::time::Duration;

/// Tells what happens at the readers, each thing once and in order. A card that came has gone before the next one
/// comes, and a reader's card has gone before the reader has. It does not end by itself: when the service stops, it
/// says so and goes on when it is back.
#[derive(Debug)]
pub struct CardwrightWatch {
    watch: RwLock<Told>,
    canceler: Canceler,
}

/// A watch, and what it told last, to which the caller has pointers.
#[derive(Debug)]
struct Told {
    watch: Watch,
    last: Option<Event>,
}

/// For a time limit: none.
pub const CARDWRIGHT_NO_LIMIT: u32 = u32::MAX;

/// Something that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightEventKind {
    /// Nothing, in the time that was given.
    None = 0,
    /// There is a reader: at the start of the watch, or newly plugged in.
    ReaderAdded = 1,
    /// A reader was unplugged, or went with the service.
    ReaderRemoved = 2,
    /// A card is in a reader: at the start of the watch, or newly put in.
    CardInserted = 3,
    /// A card was pulled, or went with its reader or the service.
    CardRemoved = 4,
    /// More happened at a reader than could be told: cards came or went faster than they were asked for. What
    /// follows leads to the present state.
    Missed = 5,
    /// The service does not answer. Cards and readers that were there are told as removed next.
    ServiceLost = 6,
    /// The service answers again. Its readers and their cards are told next, as new.
    ServiceBack = 7,
}

/// Something that happened. What it points to stays until the next call of `cardwright_watch_next`, or of
/// `cardwright_watch_free`.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightEvent {
    /// `sizeof(CardwrightEvent)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightEventKind`.
    pub kind: u32,
    /// Of a card that came: the reader's count of comings and goings by then, as in `CardwrightReader`. With
    /// `CARDWRIGHT_EVENT_KIND_MISSED`: how many are not told.
    pub events: u32,
    /// Of a service that does not answer: why, a `CardwrightCode`; else 0.
    pub code: i32,
    /// The name of the reader; with `data` as `NULL` where it is not about one.
    pub reader: CardwrightText,
    /// The ATR of a card that came, unchecked.
    pub atr: *const u8,
    /// The length of the ATR; 0 when the card is mute.
    pub atr_length: usize,
}

/// Begins to watch; what is there is told first. `*watch` is the caller's, for `cardwright_watch_free`. That no
/// service is there is the first event then, and no error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_watch_new(watch: *mut *mut CardwrightWatch, error: *mut CardwrightError) -> i32 {
    let body = || {
        // SAFETY: the output is there to be written to.
        let place = unsafe { Output::new(watch) }?;
        let watch = Watch::new();
        let canceler = watch.canceler();
        place.put(give(CardwrightWatch { watch: RwLock::new(Told { watch, last: None }), canceler }));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Waits for the next event, `limit` milliseconds at most; 0 does not wait, `CARDWRIGHT_NO_LIMIT` waits until
/// something happens. Where nothing did, the kind is `CARDWRIGHT_EVENT_KIND_NONE`.
///
/// `CARDWRIGHT_CODE_CANCELED` once the watch was canceled; `CARDWRIGHT_CODE_ARGUMENT` where another thread waits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_watch_next(
    watch: *mut CardwrightWatch,
    limit: u32,
    event: *mut CardwrightEvent,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the watch is there to be used, also by a thread that cancels it; the structure is there to be
        // written to.
        let (watch, place) = unsafe { (handle(watch)?, Output::structure(event)?) };
        let mut told = alone(&watch.watch)?;
        told.last = match limit {
            CARDWRIGHT_NO_LIMIT => told.watch.next(),
            limit => told.watch.next_within(Duration::from_millis(limit.into())),
        };
        if told.last.is_none() && told.watch.is_canceled() {
            return Err(Error::new(Code::Canceled, 0));
        }
        place.put(event_of(told.last.as_ref())?);
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
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
        reader: event.and_then(Event::reader).map_or(CardwrightText::NONE, CardwrightText::within),
        atr: card.as_ptr(),
        atr_length: card.len(),
    })
}

/// Ends a watch, from any thread, also while another one waits in `cardwright_watch_next`, which returns
/// `CARDWRIGHT_CODE_CANCELED` at once, as every later call does. It takes a lock: not for a signal handler.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_watch_cancel(watch: *const CardwrightWatch, error: *mut CardwrightError) -> i32 {
    let body = || {
        // SAFETY: the watch is there to be used.
        unsafe { handle(watch) }?.canceler.cancel();
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Takes a watch back; nobody may be waiting in it. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_watch_free(watch: *mut CardwrightWatch) {
    // SAFETY: what `cardwright_watch_new` gave away, once.
    unsafe { take_back(watch) }
}
