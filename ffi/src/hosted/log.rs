//! The log: what the library does, told to a function of the program's.
//!
//! It listens to what the crates below tell `tracing`. A span is told when it ends, as a line with all its
//! fields and how long it took. No lock is held while the program's function runs, so that it may call the
//! library; what such a call does is not told, as that would never end.

use crate::boundary::{ARGUMENT, CardwrightError, CardwrightText, size};
use crate::hosted::{Context, run};
use cardwright_core::{Code, Error};
use core::ffi::c_void;
use core::fmt::{Debug, Write as _};
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};

/// How much a line of the log matters. Each level has those before it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightLogLevel {
    /// Nothing is told.
    Off = 0,
    /// Something does not work.
    Error = 1,
    /// Something is not as it should be.
    Warn = 2,
    /// Something of interest was done.
    Info = 3,
    /// Each request to a server and each connection to a card.
    Debug = 4,
    /// Each exchange with a card: lengths, instructions and status words.
    Trace = 5,
}

/// A line of the log. Its texts stay until the function that it was handed to returns.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightLogRecord {
    /// `sizeof(CardwrightLogRecord)` of the library.
    pub struct_size: u32,
    /// A `CardwrightLogLevel`.
    pub level: u32,
    /// The part of the library that tells it, such as `cardwright_http::transport`.
    pub target: CardwrightText,
    /// What happened, in one line: words, then `name=value` for each detail. There is no password in it, no
    /// token, no parameter of a request, and no data of an APDU.
    pub message: CardwrightText,
}

/// A function of the program's that takes lines of the log. It is called on any thread that is in the library,
/// also on several at once. It may call the library, and what it does there is not told; but not with a `T *` that a
/// call under way has, nor free anything in use. It must return, and not by `longjmp` or an exception.
pub type CardwrightLog = Option<unsafe extern "C" fn(context: *mut c_void, record: *const CardwrightLogRecord)>;

/// Has the library tell what it does, from now on and for the whole process; with `NULL` or
/// `CARDWRIGHT_LOG_LEVEL_OFF`, no more. `level` is a `CardwrightLogLevel`. Whoever was told before is told
/// nothing that begins after this returns; a call that is under way in another thread still comes to its end, so
/// `context` must stay until no other thread is in the library.
///
/// `CARDWRIGHT_CODE_UNKNOWN_VALUE` where `level` is none; `CARDWRIGHT_CODE_ARGUMENT` in a Rust program that has a
/// log of `tracing` already.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_log_set(
    log: CardwrightLog,
    context: *mut c_void,
    level: u32,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        let filter = match level {
            0 => LevelFilter::OFF,
            1 => LevelFilter::ERROR,
            2 => LevelFilter::WARN,
            3 => LevelFilter::INFO,
            4 => LevelFilter::DEBUG,
            5 => LevelFilter::TRACE,
            _ => return Err(Error::of(Code::UnknownValue, "level")),
        };
        set(log.map(|log| Sink { log, context: Context::new(context) }).filter(|_| filter != LevelFilter::OFF), level)
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

fn set(sink: Option<Sink>, level: u32) -> Result<(), Error> {
    // Of a Rust program that has this crate and a log of its own, the log is not taken away.
    static LISTENS: OnceLock<bool> = OnceLock::new();
    if sink.is_some() && !*LISTENS.get_or_init(|| tracing::subscriber::set_global_default(Listener::default()).is_ok())
    {
        return Err(ARGUMENT);
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
    static TELLING: Cell<bool> = const { Cell::new(false) };
}

#[derive(Clone, Copy)]
struct Sink {
    log: unsafe extern "C" fn(*mut c_void, *const CardwrightLogRecord),
    context: Context,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing in them can be half-made.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells a line to the program.
fn tell(metadata: &Metadata<'_>, message: &str) {
    // Taken out, so that nothing is locked while the program's function runs.
    let sink = *locked(&SINK);
    let Some(Sink { log, context }) = sink.filter(|_| !TELLING.get()) else { return };
    // One line, whatever a server or a reader put into it.
    let message = message.replace(char::is_control, " ");
    let record = CardwrightLogRecord {
        struct_size: size::<CardwrightLogRecord>(),
        level: number(*metadata.level()),
        target: CardwrightText::within(metadata.target()),
        message: CardwrightText::within(&message),
    };
    TELLING.set(true);
    // SAFETY: the program handed this function over together with its context, and promises that it takes
    // both on any thread; the record lives until it returns.
    unsafe { log(context.pointer(), &raw const record) };
    TELLING.set(false);
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

/// What `tracing` tells.
#[derive(Debug, Default)]
struct Listener {
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

impl Subscriber for Listener {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        // What others put into the library is theirs to tell.
        let ours = metadata.target().starts_with("cardwright");
        if ours && number(*metadata.level()) <= LEVEL.load(Ordering::Relaxed) {
            Interest::sometimes()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let ours = metadata.target().starts_with("cardwright");
        ours && !TELLING.get() && number(*metadata.level()) <= LEVEL.load(Ordering::Relaxed)
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
        // Written first: what writes itself must not run with the lock held.
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
        tell(event.metadata(), line.0.trim_start());
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
            tell(metadata, &line.0);
        }
        true
    }
}

/// A line that is being written: the message, then each field with its name.
#[derive(Debug)]
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // A String takes everything.
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
