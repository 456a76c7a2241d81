//! The log: what the library does, reported to a function of the program.
//!
//! It subscribes to what the crates below report to `tracing`. A span is reported when it ends, as a line with all its
//! fields and how long it took. No lock is held while the program's function runs, so that it may call the library;
//! what such a call does is not reported, as that would never end.

use crate::error::{CardwrightError, refused};
use crate::frame::{boundary_with_detail, size};
use crate::hosted::Context;
use crate::text::CardwrightText;
use cardwright_core::{Code, Error};
use core::ffi::c_void;
use core::fmt::{Debug, Write as _};
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};

/// The level of a line of the log. Each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightLogLevel {
    /// No lines.
    Off = 0,
    /// Something does not work.
    Error = 1,
    /// Something is not as expected.
    Warn = 2,
    /// Something notable was done.
    Info = 3,
    /// Each request to a server and each connection to a card.
    Debug = 4,
    /// Each exchange with a card: lengths, instructions and status words.
    Trace = 5,
}

/// A line of the log. Its texts stay valid until the function that it was passed to returns.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightLogRecord {
    /// `sizeof(CardwrightLogRecord)` of the library.
    pub struct_size: u32,
    /// A `CardwrightLogLevel`.
    pub level: u32,
    /// The part of the library that reports it, such as `cardwright_http::transport`.
    pub target: CardwrightText,
    /// What happened, in one line: words, then `name=value` for each detail. It contains no password, no token, no
    /// parameter of a request, and no data of an APDU.
    pub message: CardwrightText,
}

/// A function of the program that receives the lines of the log. It is called on any thread that is in the library,
/// on several at once too. It may call the library, which is not logged; but not with a `T *` that a call under way
/// uses, nor to free anything in use. It must return, and not by `longjmp` or an exception.
pub type CardwrightLog = Option<unsafe extern "C" fn(context: *mut c_void, record: *const CardwrightLogRecord)>;

/// Sets the function that receives the log, for the whole process; `NULL` or `CARDWRIGHT_LOG_LEVEL_OFF` turns it off.
/// `level` is a `CardwrightLogLevel`. The previous function is not called for anything that begins after this returns;
/// a call of it under way in another thread still finishes, so its `context` must stay valid until no other thread is
/// in the library.
///
/// `CARDWRIGHT_CODE_UNKNOWN_VALUE` for an unknown `level`; `CARDWRIGHT_CODE_ARGUMENT` in a Rust program that already
/// has a subscriber of `tracing`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_log_set(
    log: CardwrightLog, context: *mut c_void, level: u32, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        if level > CardwrightLogLevel::Trace as u32 {
            return Err(Error::of(Code::UnknownValue, "level"));
        }
        let log = log.filter(|_| level != CardwrightLogLevel::Off as u32);
        set(log.map(|log| Sink { log, context: Context::new(context) }), level)?;
    })
}

fn set(sink: Option<Sink>, level: u32) -> Result<(), Error> {
    // A Rust program that uses this crate keeps its own subscriber.
    static SUBSCRIBED: OnceLock<bool> = OnceLock::new();
    if sink.is_some() && !*SUBSCRIBED.get_or_init(|| tracing::subscriber::set_global_default(Log::default()).is_ok()) {
        return Err(refused("log", "the program has a subscriber of `tracing` already"));
    }
    LEVEL.store(if sink.is_some() { level } else { 0 }, Ordering::Relaxed);
    *locked(&SINK) = sink;
    tracing::callsite::rebuild_interest_cache();
    Ok(())
}

static SINK: Mutex<Option<Sink>> = Mutex::new(None);
static LEVEL: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// Whether this thread is in the program's function.
    static REPORTING: Cell<bool> = const { Cell::new(false) };
}

#[derive(Clone, Copy)]
struct Sink {
    log: unsafe extern "C" fn(*mut c_void, *const CardwrightLogRecord),
    context: Context,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that they guard can be left half-changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reports a line to the program.
fn report(metadata: &Metadata<'_>, message: &str) {
    // Copied, so that nothing is locked while the program's function runs.
    let sink = *locked(&SINK);
    let Some(Sink { log, context }) = sink.filter(|_| !REPORTING.get()) else { return };
    // One line, whatever a server or a reader put in it.
    let message = message.replace(char::is_control, " ");
    let record = CardwrightLogRecord {
        struct_size: size::<CardwrightLogRecord>(),
        level: number(*metadata.level()),
        target: CardwrightText::of(metadata.target()),
        message: CardwrightText::of(&message),
    };
    REPORTING.set(true);
    // SAFETY: the program passed this function together with its context, and promises that it may be called on any
    // thread; the record lives until it returns.
    unsafe { log(context.pointer(), &raw const record) };
    REPORTING.set(false);
}

fn number(level: Level) -> u32 {
    match level {
        Level::ERROR => 1,
        Level::WARN => 2,
        Level::INFO => 3,
        Level::DEBUG => 4,
        Level::TRACE => 5,
    }
}

/// The subscriber of `tracing`.
#[derive(Debug, Default)]
struct Log {
    /// The spans that have not ended.
    spans: Mutex<HashMap<u64, Span>>,
    last: AtomicU64,
}

#[derive(Debug)]
struct Span {
    metadata: &'static Metadata<'static>,
    line: Line,
    began: Instant,
    handles: usize,
}

impl Subscriber for Log {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        // Other crates in the library are not logged.
        let ours = metadata.target().starts_with("cardwright");
        if ours && number(*metadata.level()) <= LEVEL.load(Ordering::Relaxed) {
            Interest::sometimes()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let ours = metadata.target().starts_with("cardwright");
        ours && !REPORTING.get() && number(*metadata.level()) <= LEVEL.load(Ordering::Relaxed)
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut line = Line(span.metadata().name().into());
        span.record(&mut line);
        let id = self.last.fetch_add(1, Ordering::Relaxed).wrapping_add(1).max(1);
        let span = Span { metadata: span.metadata(), line, began: Instant::now(), handles: 1 };
        locked(&self.spans).insert(id, span);
        Id::from_u64(id)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        // Formatted first: a value's own formatting must not run with the lock held.
        let mut line = Line(String::new());
        values.record(&mut line);
        if let Some(span) = locked(&self.spans).get_mut(&id.into_u64()) {
            span.line.0.push_str(&line.0);
        }
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        report(event.metadata(), line.0.trim_start());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}

    fn clone_span(&self, id: &Id) -> Id {
        if let Some(span) = locked(&self.spans).get_mut(&id.into_u64()) {
            span.handles = span.handles.saturating_add(1);
        }
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let mut spans = locked(&self.spans);
        let Some(span) = spans.get_mut(&id.into_u64()) else { return false };
        span.handles = span.handles.saturating_sub(1);
        if span.handles > 0 {
            return false;
        }
        let ended = spans.remove(&id.into_u64());
        drop(spans);
        if let Some(Span { metadata, mut line, began, .. }) = ended {
            let _ = write!(line.0, " ms={}", began.elapsed().as_millis());
            report(metadata, &line.0);
        }
        true
    }
}

/// A line under construction: the message, then each field with its name.
#[derive(Debug)]
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing to a String does not fail.
        let _ = match field.name() {
            "message" => write!(self.0, " {value:?}"),
            name => write!(self.0, " {name}={value:?}"),
        };
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = match field.name() {
            "message" => write!(self.0, " {value}"),
            name => write!(self.0, " {name}={value}"),
        };
    }
}
