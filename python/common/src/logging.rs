//! What the crates below report to `tracing`, as records of Python's `logging`.
//!
//! A thread that reports something may hold locks, and none that does may wait for the interpreter. So what is reported
//! is kept with the call that it belongs to ([`Scope`]), and handled by the thread that waits for the call and has the
//! interpreter: in order, and before the call returns. No other thread runs a handler, and nothing is left to do when
//! the interpreter ends.
//!
//! What a handler's own calls report is left out, as that would never end.

mod record;
mod store;

use crate::main_thread::on_main_thread;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{IntoPyDict as _, PyCFunction};
use record::{Kept, Line};
use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};
use store::{QUIET, Span, state};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_core::span::Current;

/// The loggers below `cardwright`, in the order of `cardwright._logging`, and the targets of each; the first fits.
const LOGGERS: [&[&str]; 5] = [
    &["cardwright_http::sign_in", "cardwright_http::oidc", "cardwright_http::proxy::sign_in"],
    &["cardwright_http"],
    &["cardwright_client::bulk"],
    &["cardwright_reader"],
    &["cardwright"],
];

/// The level of a logger to which nobody listens.
const OFF: u8 = u8::MAX;

/// The level of each logger in Python, as far as it is known here.
static LEVELS: [AtomicU8; LOGGERS.len()] = [const { AtomicU8::new(OFF) }; LOGGERS.len()];

/// How many handlers run.
static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// Whether the interpreter is about to end.
static ENDING: AtomicBool = AtomicBool::new(false);

/// The longest that the end of the interpreter waits for handlers, in milliseconds.
const LONGEST_END: u32 = 1_000;

/// The last number that a span or a scope was given.
static LAST: AtomicU64 = AtomicU64::new(QUIET);

thread_local! {
    /// Whether this thread is in a handler.
    static HANDLING: Cell<bool> = const { Cell::new(false) };
    /// The spans that this thread is in.
    static WITHIN: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// Subscribes, once for an extension module.
///
/// # Errors
/// Where the system forks, and Python does not take a function to be called then.
pub fn install(py: Python<'_>) -> PyResult<()> {
    if tracing::subscriber::set_global_default(Log).is_err() {
        return Ok(());
    }
    let ends = PyCFunction::new_closure(py, None, None, |arguments, _| end(arguments.py()))?;
    py.import("atexit")?.call_method1("register", (ends,))?;
    let os = py.import("os")?;
    if os.hasattr("register_at_fork")? {
        let child = PyCFunction::new_closure(py, None, None, |_, _| {
            RUNNING.store(0, Ordering::SeqCst);
            store::forked()
        })?;
        os.call_method("register_at_fork", (), Some(&[("after_in_child", child)].into_py_dict(py)?))?;
    }
    Ok(())
}

/// Before Python 3.14 a thread that comes back to an interpreter that has ended is torn down where it stands, which a
/// handler that was called from here does not survive. So the end waits for the handlers that run, and other threads than
/// the main one call no more of them.
fn end(py: Python<'_>) {
    ENDING.store(true, Ordering::SeqCst);
    for _ in 0..LONGEST_END {
        if RUNNING.load(Ordering::SeqCst) == 0 {
            break;
        }
        py.detach(|| std::thread::sleep(Duration::from_millis(1)));
    }
}

/// What a call reports.
#[derive(Debug)]
pub struct Scope {
    /// `None` where nobody listened when it began.
    id: Option<u64>,
}

impl Scope {
    /// The scope of a call that begins.
    ///
    /// # Errors
    /// What Python raises when it is asked for the levels.
    pub fn new(py: Python<'_>) -> PyResult<Self> {
        if !listened_to(py)? {
            return Ok(Scope { id: None });
        }
        if HANDLING.get() {
            return Ok(Scope { id: Some(QUIET) });
        }
        let id = number();
        state().scopes.entry(id).or_default();
        Ok(Scope { id: Some(id) })
    }

    /// Whether anybody listens, so that it should be told while the call goes on.
    #[must_use]
    pub fn is_heard(&self) -> bool {
        self.id.is_some_and(|id| id != QUIET)
    }

    /// What lets another thread report for this call.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark(self.id)
    }

    /// Hands what was reported so far to the loggers.
    ///
    /// # Errors
    /// What a handler raises that is no `Exception`, such as `KeyboardInterrupt`. What is left comes with the next call.
    pub fn tell(&self, py: Python<'_>) -> PyResult<()> {
        let Some(id) = self.id.filter(|_| self.is_heard()) else { return Ok(()) };
        while let Some(kept) = next(id) {
            RUNNING.fetch_add(1, Ordering::SeqCst);
            if ENDING.load(Ordering::SeqCst) && !on_main_thread(py)? {
                RUNNING.fetch_sub(1, Ordering::SeqCst);
                return Ok(());
            }
            HANDLING.set(true);
            let handled = handle(py, kept);
            HANDLING.set(false);
            RUNNING.fetch_sub(1, Ordering::SeqCst);
            handled?;
        }
        Ok(())
    }
}

/// The call that a thread works for.
#[derive(Debug, Clone, Copy)]
pub struct Mark(Option<u64>);

/// Until it is dropped, what its thread reports belongs to a call.
#[derive(Debug)]
pub struct Entered {
    _span: Option<tracing::span::EnteredSpan>,
}

impl Mark {
    /// The same work, whose reports belong to the call, on whatever thread.
    pub fn around<T>(self, work: impl FnOnce() -> T) -> impl FnOnce() -> T {
        move || {
            let _entered = self.enter();
            work()
        }
    }

    /// From here on, what this thread reports belongs to the call.
    #[must_use]
    pub fn enter(self) -> Entered {
        // At the level that is on wherever any is.
        Entered { _span: self.0.map(|scope| tracing::error_span!(target: "cardwright", CALL, scope).entered()) }
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        if let Some(id) = self.id.filter(|_| self.is_heard()) {
            let mut state = state();
            let left = state.scopes.remove(&id).unwrap_or_default();
            state.left.extend(left);
        }
    }
}

/// The span of a call.
const CALL: &str = "call";

fn number() -> u64 {
    LAST.fetch_add(1, Ordering::Relaxed).wrapping_add(1)
}

/// The next record of a call, or of work that was left by its caller.
fn next(id: u64) -> Option<Kept> {
    let mut state = state();
    let own = state.scopes.get_mut(&id).and_then(std::collections::VecDeque::pop_front);
    own.or_else(|| state.left.pop_front())
}

/// Asks Python for the levels; whether anybody listens at all.
fn listened_to(py: Python<'_>) -> PyResult<bool> {
    static ASK: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let told: Option<[u8; LOGGERS.len()]> = ASK.import(py, "cardwright._logging", "_levels")?.call0()?.extract()?;
    let told = told.unwrap_or([OFF; LOGGERS.len()]);
    let mut changed = false;
    for (level, told) in LEVELS.iter().zip(told) {
        changed |= level.swap(told, Ordering::Relaxed) != told;
    }
    if changed {
        tracing::callsite::rebuild_interest_cache();
    }
    Ok(told.iter().any(|level| *level != OFF))
}

/// Has a record handled. An exception there is reported as those of `__del__` are, and ends nothing.
fn handle(py: Python<'_>, kept: Kept) -> PyResult<()> {
    static HANDLE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let handle = HANDLE.import(py, "cardwright._logging", "_handle")?;
    let Kept { metadata, line, at } = kept;
    let Some(logger) = logger_of(metadata) else { return Ok(()) };
    let created = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let (place, fields) = ((metadata.target(), metadata.line()), line.to_dict(py)?);
    let handled = handle.call1((logger, in_python(*metadata.level()), created, place, line.text(), fields));
    match handled {
        Err(error) if error.is_instance_of::<pyo3::exceptions::PyException>(py) => {
            error.write_unraisable(py, Some(handle));
            Ok(())
        }
        handled => handled.map(drop),
    }
}

/// The logger of a target, by its place in [`LOGGERS`].
fn logger_of(metadata: &Metadata<'_>) -> Option<usize> {
    LOGGERS.iter().position(|targets| targets.iter().any(|target| metadata.target().starts_with(target)))
}

/// A level as a number of `logging`; below `DEBUG` is 5.
fn in_python(level: Level) -> u8 {
    match level {
        Level::ERROR => 40,
        Level::WARN => 30,
        Level::INFO => 20,
        Level::DEBUG => 10,
        Level::TRACE => 5,
    }
}

/// Whether anybody wants to hear of this.
fn wanted(metadata: &Metadata<'_>) -> bool {
    let heard = |logger: usize| {
        let least = LEVELS.get(logger).map_or(OFF, |level| level.load(Ordering::Relaxed));
        in_python(*metadata.level()) >= least
    };
    match metadata.is_span() && metadata.name() == CALL {
        true => max_level() != LevelFilter::OFF,
        false => logger_of(metadata).is_some_and(heard),
    }
}

fn max_level() -> LevelFilter {
    let least = LEVELS.iter().map(|level| level.load(Ordering::Relaxed)).min().unwrap_or(OFF);
    match least {
        0..=5 => LevelFilter::TRACE,
        6..=10 => LevelFilter::DEBUG,
        11..=20 => LevelFilter::INFO,
        21..=30 => LevelFilter::WARN,
        OFF => LevelFilter::OFF,
        _ => LevelFilter::ERROR,
    }
}

/// The subscriber of `tracing`.
struct Log;

impl Subscriber for Log {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if wanted(metadata) { Interest::always() } else { Interest::never() }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(max_level())
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        wanted(metadata)
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let (id, mut line) = (number(), Line::default());
        span.record(&mut line);
        let scope = line.scope().or_else(|| WITHIN.with_borrow(|entered| state().scope(entered.last())));
        state().spans.insert(id, Span::new(span.metadata(), line, scope));
        Id::from_u64(id)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        // Formatted first: a value's own formatting must not run with the lock held.
        let mut line = Line::default();
        values.record(&mut line);
        if let Some(span) = state().spans.get_mut(&id.into_u64()) {
            span.line.extend(line);
        }
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        WITHIN.with_borrow(|entered| {
            let mut state = state();
            for span in entered.iter().rev().filter_map(|id| state.spans.get(id)) {
                line.within(&span.line);
            }
            let scope = state.scope(entered.last());
            state.keep(scope, Kept::now(event.metadata(), line), HANDLING.get());
        });
    }

    fn enter(&self, id: &Id) {
        WITHIN.with_borrow_mut(|entered| entered.push(id.into_u64()));
    }

    fn exit(&self, id: &Id) {
        WITHIN.with_borrow_mut(|entered| {
            if let Some(at) = entered.iter().rposition(|one| *one == id.into_u64()) {
                entered.remove(at);
            }
        });
    }

    fn clone_span(&self, id: &Id) -> Id {
        if let Some(span) = state().spans.get_mut(&id.into_u64()) {
            span.handles = span.handles.saturating_add(1);
        }
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let mut state = state();
        let Some(span) = state.spans.get_mut(&id.into_u64()) else { return false };
        span.handles = span.handles.saturating_sub(1);
        if span.handles > 0 {
            return false;
        }
        if let Some(span) = state.spans.remove(&id.into_u64())
            && span.metadata.name() != CALL
        {
            let (scope, kept) = span.end();
            state.keep(scope, kept, HANDLING.get());
        }
        true
    }

    fn current_span(&self) -> Current {
        let current = WITHIN.with_borrow(|entered| {
            let id = *entered.last()?;
            state().spans.get(&id).map(|span| Current::new(Id::from_u64(id), span.metadata))
        });
        current.unwrap_or_else(Current::none)
    }
}
