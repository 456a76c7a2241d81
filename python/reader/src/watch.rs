//! What happens at the readers, as an iterator.

use crate::failure::check_process;
use cardwright_python_common::Failure;
use cardwright_python_common::logging::Scope;
use cardwright_reader::{Canceler, Event as Happened, Watch as CoreWatch};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use std::error::Error as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a signal may wait to be seen.
const SLICE: Duration = Duration::from_millis(100);

/// Something that happened at a reader.
#[pyclass(frozen, get_all, module = "cardwright.readers")]
pub(crate) struct Event {
    /// `"reader-added"`, `"reader-removed"`, `"card-inserted"`, `"card-removed"`, `"missed"`, `"service-lost"` or
    /// `"service-back"`.
    kind: &'static str,
    /// The name of the reader that it happened at: `str`, or `None`.
    reader: Option<String>,
    /// The ATR of the card that came, unchecked: `bytes`, or `None`.
    atr: Option<Vec<u8>>,
    /// The reader's count of comings and goings then, or how many were missed: `int`, or `None`.
    events: Option<u16>,
    /// Why the service does not answer: `str`, or `None`.
    error: Option<String>,
}

impl From<Happened> for Event {
    fn from(happened: Happened) -> Self {
        let reader = happened.reader().map(str::to_string);
        let event = Event { kind: "", reader, atr: None, events: None, error: None };
        match happened {
            Happened::ReaderAdded { .. } => Event { kind: "reader-added", ..event },
            Happened::ReaderRemoved { .. } => Event { kind: "reader-removed", ..event },
            Happened::CardInserted { atr, events, .. } => {
                Event { kind: "card-inserted", atr: Some(atr), events: Some(events), ..event }
            }
            Happened::CardRemoved { .. } => Event { kind: "card-removed", ..event },
            Happened::Missed { events, .. } => Event { kind: "missed", events: Some(events), ..event },
            Happened::ServiceLost(error) => {
                let source = error.source().map(|source| format!(": {source}")).unwrap_or_default();
                Event { kind: "service-lost", error: Some(format!("{error}{source}")), ..event }
            }
            Happened::ServiceBack => Event { kind: "service-back", ..event },
            _ => Event { kind: "other", ..event },
        }
    }
}

#[pymethods]
impl Event {
    fn __repr__(&self) -> String {
        let reader = self.reader.as_ref().map(|reader| format!(" {reader}")).unwrap_or_default();
        format!("<Event {}{reader}>", self.kind)
    }
}

/// What happens at the readers: an iterator without an end, which begins with what is there.
#[pyclass(frozen, module = "cardwright.readers")]
pub(crate) struct Watch {
    process: u32,
    watch: Mutex<Watched>,
    canceler: Canceler,
}

struct Watched {
    watch: CoreWatch,
    /// An event that came before a handler of `logging` raised.
    kept: Option<Happened>,
}

impl Watch {
    /// The next event before a moment; `None` where none came, or it was canceled.
    fn until(&self, py: Python<'_>, end: Option<Instant>) -> PyResult<Option<Event>> {
        check_process(self.process, "a watch")?;
        // Another thread that waits for events at the same time waits here, without the interpreter.
        let mut guard = self.watch.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
        let Watched { watch, kept } = &mut *guard;
        let log = Scope::new(py)?;
        loop {
            let left = end.map(|end| end.saturating_duration_since(Instant::now()));
            let wait = left.map_or(SLICE, |left| left.min(SLICE));
            if kept.is_none() {
                let waited = &mut *watch;
                *kept = py.detach(log.mark().around(|| waited.next_within(wait)));
            }
            log.tell(py)?;
            if let Some(happened) = kept.take() {
                return Ok(Some(happened.into()));
            }
            if watch.is_canceled() || left.is_some_and(|left| left.is_zero()) {
                return Ok(None);
            }
            py.check_signals()?;
        }
    }
}

#[pymethods]
impl Watch {
    #[new]
    fn new() -> Self {
        let watch = CoreWatch::new();
        Watch {
            process: std::process::id(),
            canceler: watch.canceler(),
            watch: Mutex::new(Watched { watch, kept: None }),
        }
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    /// Waits as long as it takes, and ends when it was canceled.
    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Event>> {
        self.until(py, None)
    }

    /// The next event, or `None` when none came in that many seconds, or it was canceled.
    fn next_within(&self, py: Python<'_>, seconds: f64) -> PyResult<Option<Event>> {
        let time = Duration::try_from_secs_f64(seconds);
        let time = time.map_err(|_| Failure::argument("seconds must be 0 or more"))?;
        self.until(py, Instant::now().checked_add(time))
    }

    /// Ends the watch, from any thread: what waits ends at once.
    fn cancel(&self, py: Python<'_>) {
        py.detach(|| self.canceler.cancel());
    }

    fn __enter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_error))]
    fn __exit__(&self, py: Python<'_>, _error: &Bound<'_, PyAny>) {
        self.cancel(py);
    }
}
