//! One operation for many cards: the engine of the client, for Python.
//!
//! A run holds no interpreter. About ten times a second it takes it for a moment, to tell how far it is
//! and to see signals: an exception from there, such as `KeyboardInterrupt`, lets the cards that are
//! under way come to their end, and is raised then. A second one stops at once. To be stopped so, a run
//! has a client of its own; where the client that it was made with is stopped, it stops too.

pub(crate) mod given;
mod outcomes;

use crate::client::cards::Cards;
use crate::client::setup::Setup;
use crate::client::{Client, job};
use crate::html;
use crate::lifecycle::Verdict;
use cardwright::client::AnyClient;
use cardwright::client::bulk::{self, Pace, Ran, Stopped};
use cardwright::{CardKey, FailureKind, ListedCard};
use cardwright_core::{Code, Named};
use cardwright_python_common::Failure;
use cardwright_python_common::logging::Scope;
use cardwright_python_common::members::member;
use cardwright_python_common::wait::blocking;
use given::{Given, said};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// One operation for many cards: what is planned for each, and what has come of it.
///
/// It is a table, a row for each card: anything that takes the Arrow PyCapsule interface takes it.
///
/// | column | type | |
/// |---|---|---|
/// | `id`, `serial_number` | `utf8` | as the system writes them |
/// | `state` | `utf8` | at the time of the plan |
/// | `to` | `utf8` | the state that the operation leads to; null where the tables do not allow it |
/// | `evidence` | `utf8` | how sure the tables are; null where the state is not known |
/// | `fate` | `utf8` | `planned`, `skipped`, `done`, `awaiting approval`, `failed` or `unknown` |
/// | `code`, `status` | `int16` | the number of the error, and the HTTP status of the last answer |
/// | `message` | `utf8` | why it was skipped, failed or is unknown |
/// | `attempts` | `int32` | how often it was sent |
/// | `request` | `utf8` | the request of MIM CM |
#[pyclass(frozen, module = "cardwright")]
pub(crate) struct Bulk {
    /// What makes a client for each run.
    setup: Arc<Setup>,
    client: Arc<AnyClient>,
    /// The process in which the client's connections are.
    process: u32,
    /// `None` while it runs.
    engine: Mutex<Option<Engine>>,
}

/// The engine, which has its journal from its making to the end of a run, so that others can take the
/// journal up after that.
struct Engine {
    bulk: bulk::Bulk,
    /// The journal that it had.
    left: Option<PathBuf>,
    /// What a person should know of the last run.
    note: Option<String>,
}

impl Engine {
    /// The engine with its journal again, as that is now.
    fn open(&mut self, client: &AnyClient) -> Result<&mut bulk::Bulk, cardwright::client::Error> {
        if let Some(journal) = &self.left {
            self.bulk = bulk::Bulk::resume(client, journal)?;
            self.left = None;
        }
        Ok(&mut self.bulk)
    }
}

impl Bulk {
    fn new((setup, client): (Arc<Setup>, Arc<AnyClient>), bulk: bulk::Bulk) -> Self {
        let engine = Some(Engine { bulk, left: None, note: None });
        Bulk { setup, client, process: std::process::id(), engine: Mutex::new(engine) }
    }

    fn lock(&self, py: Python<'_>) -> MutexGuard<'_, Option<Engine>> {
        self.engine.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the engine while it does not run.
    fn with<T>(&self, py: Python<'_>, with: impl FnOnce(&mut Engine) -> T) -> PyResult<T> {
        match self.lock(py).as_mut() {
            Some(engine) => Ok(with(engine)),
            None => Err(running()),
        }
    }
}

fn running() -> PyErr {
    Failure::argument("it runs: its results can be read when it has ended").into()
}

/// The client, or that of a list, and how to make another one.
fn client_of(source: &Bound<'_, PyAny>) -> PyResult<(Arc<Setup>, Arc<AnyClient>)> {
    if let Ok(cards) = source.cast::<Cards>() {
        return Ok(cards.get().client()?);
    }
    let client = source.cast::<Client>()?.get();
    Ok((client.setup(), client.here()?))
}

#[pymethods]
impl Bulk {
    /// A plan for the cards of a list, which must be one of the client's, where one is given.
    #[staticmethod]
    fn of_list(
        cards: &Bound<'_, Cards>,
        client: Option<&Bound<'_, Client>>,
        operation: &Bound<'_, PyAny>,
        reason: Option<&Bound<'_, PyAny>>,
        comment: String,
    ) -> PyResult<Self> {
        let py = cards.py();
        let made_with = cards.get().client()?;
        if client.is_some_and(|client| !Arc::ptr_eq(&client.get().setup(), &made_with.0)) {
            return Err(Failure::argument("the list is of another client than the one that shall do it").into());
        }
        let job = job(made_with.1.system(), operation, reason, comment)?;
        let listing = cards.get().take(py)?;
        let plan = move || bulk::Bulk::plan(&listing.client, job, listing.read()?);
        Ok(Bulk::new(made_with, blocking(py, plan)?.map_err(Failure::from)?))
    }

    /// A plan for cards that were read before, and for others, which are looked up.
    #[staticmethod]
    fn of_cards(
        client: &Bound<'_, Client>,
        cards: Vec<Given<'_>>,
        operation: &Bound<'_, PyAny>,
        reason: Option<&Bound<'_, PyAny>>,
        comment: String,
    ) -> PyResult<Self> {
        let made_with = client_of(client)?;
        let job = job(made_with.1.system(), operation, reason, comment)?;
        let cards: Vec<_> = cards.into_iter().map(Given::listed).collect();
        let by_id = cards.iter().any(|card| matches!(card, ListedCard::Named { key: CardKey::Id, .. }));
        // Nobody waits for the rest of the cards after an exception.
        let (by, canceler) = made_with.1.cancelable();
        let plan = move || cardwright::plan_listed(&by, job, None, cards.into_iter().map(Ok));
        let planned = blocking(client.py(), plan).inspect_err(|_| canceler.cancel())?;
        let planned = planned.map_err(|failure| match failure.kind() {
            FailureKind::NotFound if by_id => failure.and("if these are serial numbers, by=\"serial_number\" says so"),
            _ => failure,
        });
        Ok(Bulk::new(made_with, planned.map_err(said)?))
    }

    /// The plan in a journal, and what has come of it so far.
    #[staticmethod]
    fn of_journal(source: &Bound<'_, PyAny>, journal: PathBuf) -> PyResult<Self> {
        let made_with = client_of(source)?;
        let planned = source.py().detach(|| bulk::Bulk::resume(&made_with.1, &journal));
        Ok(Bulk::new(made_with, planned.map_err(Failure::from)?))
    }

    /// Whether it is this operation, for these cards or those of this list, which is read.
    fn check(
        &self,
        operation: &Bound<'_, PyAny>,
        reason: Option<&Bound<'_, PyAny>>,
        comment: String,
        cards: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let py = operation.py();
        let job = job(self.client.system(), operation, reason, comment)?;
        self.with(py, |engine| engine.bulk.check_job(&job))?.map_err(Failure::from)?;
        let ids: Vec<String> = match cards.cast::<Cards>() {
            Ok(cards) => {
                let listing = cards.get().take(py)?;
                let read = move || listing.read()?.map(|card| Ok(card?.id())).collect::<Result<_, Failure>>();
                blocking(py, read)??
            }
            Err(_) => {
                let cards: Vec<_> = cards.extract::<Vec<Given<'_>>>()?.into_iter().map(Given::listed).collect();
                let mut engine = self.lock(py);
                let bulk = &engine.as_mut().ok_or_else(running)?.bulk;
                py.detach(|| cardwright::listed_ids(&self.client, bulk, cards.into_iter().map(Ok))).map_err(said)?
            }
        };
        let checked = self.with(py, |engine| engine.bulk.check_cards(ids.iter().map(String::as_str)))?;
        Ok(checked.map_err(Failure::from)?)
    }

    /// Writes the plan into a new journal, from which a run can be resumed, whatever ended it.
    ///
    /// Raises:
    ///     JournalError: the file is there already or cannot be written.
    fn keep(&self, py: Python<'_>, journal: PathBuf) -> PyResult<()> {
        Ok(self.with(py, |engine| engine.bulk.keep(&journal))?.map_err(Failure::from)?)
    }

    /// Puts the cards that failed back among those to do.
    fn retry_failed(&self, py: Python<'_>) -> PyResult<()> {
        let opened = self.with(py, |engine| engine.open(&self.client).map(bulk::Bulk::retry_failed))?;
        Ok(opened.map_err(Failure::from)?)
    }

    /// Carries out what is planned, finishes what is in doubt, and goes on with requests of MIM CM that
    /// waited for approval.
    ///
    /// At most `concurrency` cards (1 to 1,024) are under way at the same time, and `rate` operations a
    /// second are sent; `canary` cards go first, one by one. A card's operation is sent at most
    /// `attempts` times. `progress` is called with a `Progress` about ten times a second. What it raises, and Ctrl-C, lets
    /// the cards that are under way come to their end, and is raised then; a second exception stops the run at once. A run
    /// has a client of its own, which signs in by itself; where the client that it was made with is stopped, it stops too.
    ///
    /// Raises:
    ///     BulkStopped: it ended before every card was looked at: one of the canary cards was not done, more than
    ///         `max_failures` cards failed, the server does not answer, does not accept the sign-in, or asks to wait
    ///         for more than `longest_wait` seconds. The cards that are left stay as they are.
    #[pyo3(signature = (*, concurrency=8, rate=None, canary=0, max_failures=None, attempts=5, longest_wait=300.0, progress=None))]
    #[allow(clippy::too_many_arguments, reason = "in Python they have names")]
    fn run(
        slf: &Bound<'_, Self>,
        concurrency: i64,
        rate: Option<f64>,
        canary: i64,
        max_failures: Option<i64>,
        attempts: i64,
        longest_wait: f64,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        let (py, this) = (slf.py(), slf.get());
        if this.process != std::process::id() {
            let message = "a run cannot go on in another process after a fork: take its journal up there";
            return Err(Failure::argument(message).into());
        }
        let Ok(longest_wait) = Duration::try_from_secs_f64(longest_wait) else {
            return Err(Failure::argument(format!("longest_wait must be seconds, not {longest_wait}")).into());
        };
        let settings = Pace {
            concurrency: count("concurrency", concurrency)?,
            rate,
            canary: count("canary", canary)?,
            max_failures: max_failures.map(|most| count("max_failures", most)).transpose()?,
            attempts: count("attempts", attempts)?,
            longest_wait,
        };
        let client = this.setup.build()?;
        let (shared, own) = (this.client.canceler(), client.canceler());
        let mut engine = this.lock(py).take().ok_or_else(running)?;
        let (mut raised, mut note) = (None, None);
        let log = Scope::new(py)?;
        let ran = py.detach(log.mark().around(|| {
            let bulk = engine.open(&client)?;
            note = cardwright::nothing_left(bulk.counts());
            let ran = bulk.run(&client, &settings, |now| {
                if shared.is_canceled() {
                    own.cancel();
                }
                Python::attach(|py| {
                    match log.tell(py).and_then(|()| tell(py, progress.as_ref().filter(|_| raised.is_none()), now)) {
                        Ok(()) if raised.is_none() => ControlFlow::Continue(()),
                        Ok(()) => ControlFlow::Break(()),
                        Err(error) => {
                            if raised.replace(error).is_some() {
                                own.cancel();
                            }
                            ControlFlow::Break(())
                        }
                    }
                })
            });
            engine.left = engine.bulk.let_go();
            ran
        }));
        engine.note = note;
        *this.lock(py) = Some(engine);
        log.tell(py)?;
        if let Some(raised) = raised {
            return Err(raised);
        }
        let Ran { stopped, error, .. } = ran.map_err(Failure::from)?;
        match stopped {
            Some(why) => Err(stop(slf, why, error)?),
            None => Ok(()),
        }
    }

    /// The operation.
    #[getter]
    fn operation<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        member(py, self.with(py, |engine| engine.bulk.job().operation)?)
    }

    /// The system's own word for the operation.
    #[getter]
    fn word(&self, py: Python<'_>) -> PyResult<&'static str> {
        self.with(py, |engine| self.word_of(&engine.bulk))
    }

    /// What has become of how many cards.
    #[getter]
    fn counts(&self, py: Python<'_>) -> PyResult<Counts> {
        self.with(py, |engine| Counts::of(&engine.bulk.counts()))
    }

    /// The file of the journal: `Path`, or `None`.
    #[getter]
    fn journal(&self, py: Python<'_>) -> PyResult<Option<PathBuf>> {
        self.with(py, |engine| engine.bulk.journal().map(Into::into).or_else(|| engine.left.clone()))
    }

    /// What a person should know of the last run: that nothing was left to do. `None` otherwise.
    #[getter]
    fn note(&self, py: Python<'_>) -> PyResult<Option<String>> {
        self.with(py, |engine| engine.note.clone())
    }

    /// How many cards are alike: their state, what the tables say, what has become of them, and how
    /// many there are; the most first.
    #[getter]
    fn groups<'py>(&self, py: Python<'py>) -> PyResult<Vec<Group>> {
        let groups = self.with(py, |engine| engine.bulk.groups())?;
        groups
            .into_iter()
            .map(|group| {
                let verdict = Verdict::shown(py, group.verdict)?;
                Ok(Group { state: group.state_text, verdict, fate: group.fate.name(), cards: group.cards })
            })
            .collect()
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        self.with(py, |engine| engine.bulk.rows().len())
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        match self.lock(py).as_ref() {
            Some(Engine { bulk, .. }) => {
                format!("<Bulk {}: {}>", self.word_of(bulk), Counts::of(&bulk.counts()).words())
            }
            None => "<Bulk, running>".into(),
        }
    }

    /// The groups, for notebooks.
    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        let (py, title) = (slf.py(), slf.get().__repr__(slf.py()));
        let title = title.trim_matches(['<', '>']);
        if slf.get().lock(py).is_none() {
            return Ok(html::table(title, [], std::iter::empty()));
        }
        let rows = slf.get().groups(py)?.into_iter().map(|group| {
            let verdict = group.verdict_text(py)?;
            Ok([group.state, group.cards.to_string(), group.fate.into(), verdict])
        });
        Ok(html::table(title, ["state", "cards", "fate", "verdict"], rows.collect::<PyResult<Vec<_>>>()?))
    }
}

impl Bulk {
    fn word_of(&self, bulk: &bulk::Bulk) -> &'static str {
        let operation = bulk.job().operation;
        operation.native(self.client.system()).unwrap_or(operation.name())
    }
}

/// A number that counts something.
fn count<T: TryFrom<i64>>(name: &str, number: i64) -> Result<T, Failure> {
    T::try_from(number).map_err(|_| Failure::argument(format!("{name} must be a count, not {number}")))
}

/// Tells how far it is, and looks for signals.
fn tell(py: Python<'_>, progress: Option<&Py<PyAny>>, now: &bulk::Progress) -> PyResult<()> {
    py.check_signals()?;
    if let Some(progress) = progress {
        let elapsed = now.elapsed.as_secs_f64();
        let counts = Py::new(py, Counts::of(&now.counts))?;
        progress.call1(py, (Progress { counts, per_second: now.per_second, elapsed, waits: now.waits },))?;
    }
    Ok(())
}

/// The exception for a run that ended early.
fn stop(bulk: &Bound<'_, Bulk>, why: Stopped, error: Option<cardwright::client::Error>) -> PyResult<PyErr> {
    let py = bulk.py();
    let (code, message, status) = match error {
        Some(error) => (error.code(), Failure::from(&error).to_string(), error.status()),
        None => (Code::Canceled, String::new(), None),
    };
    let made = py.import("cardwright.errors")?.getattr("_stopped")?;
    Ok(PyErr::from_value(made.call1((bulk, why.name(), code.number(), message, status))?))
}

/// What has become of how many cards.
#[pyclass(frozen, get_all, eq, hash, module = "cardwright")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Counts {
    /// Cards with which nothing was done yet.
    planned: usize,
    /// Cards with which nothing will be done: the tables do not allow it.
    skipped: usize,
    /// Cards that are done.
    done: usize,
    /// Cards whose request waits for approval, in MIM CM.
    awaiting_approval: usize,
    /// Cards that failed.
    failed: usize,
    /// Cards of which it cannot be told whether they are done.
    unknown: usize,
    /// Cards that the server accepted, and that were not read again.
    accepted: usize,
}

impl Counts {
    fn of(counts: &bulk::Counts) -> Self {
        let bulk::Counts { planned, skipped, done, awaiting_approval, failed, unknown, accepted, .. } = *counts;
        Counts { planned, skipped, done, awaiting_approval, failed, unknown, accepted }
    }

    /// Those that are not 0, for people.
    fn words(self) -> String {
        let all = [
            (self.planned, "planned"),
            (self.skipped, "skipped"),
            (self.done, "done"),
            (self.accepted, "accepted"),
            (self.awaiting_approval, "awaiting approval"),
            (self.failed, "failed"),
            (self.unknown, "unknown"),
        ];
        let words: Vec<String> =
            all.iter().filter(|(cards, _)| *cards > 0).map(|(cards, what)| format!("{cards} {what}")).collect();
        if words.is_empty() { "no cards".into() } else { words.join(", ") }
    }
}

#[pymethods]
impl Counts {
    /// All cards.
    #[getter]
    fn total(&self) -> usize {
        self.planned + self.skipped + self.done + self.awaiting_approval + self.failed + self.unknown + self.accepted
    }

    fn __repr__(&self) -> String {
        format!("<Counts {}>", self.words())
    }
}

/// How far a run is.
#[pyclass(frozen, get_all, module = "cardwright")]
pub(crate) struct Progress {
    /// What has become of how many cards, those of runs before included: `Counts`.
    counts: Py<Counts>,
    /// How many cards a second this run has ended, on average.
    per_second: f64,
    /// Seconds that this run has taken.
    elapsed: f64,
    /// Whether the run holds still, because the server asked for it.
    waits: bool,
}

#[pymethods]
impl Progress {
    fn __repr__(&self) -> String {
        format!("<Progress {}, {:.0} a second>", self.counts.get().words(), self.per_second)
    }
}

/// Cards of a plan that are alike.
#[pyclass(frozen, get_all, module = "cardwright")]
pub(crate) struct Group {
    /// Their state at the time of the plan, in the system's word or as the server sent it.
    state: String,
    /// What the tables say; `None` where the state is not known.
    verdict: Option<Py<Verdict>>,
    /// What has become of them: `planned`, `skipped`, `done`, `awaiting approval`, `failed`, `unknown`.
    fate: &'static str,
    /// How many there are.
    cards: usize,
}

impl Group {
    fn verdict_text(&self, py: Python<'_>) -> PyResult<String> {
        match &self.verdict {
            Some(verdict) => Ok(verdict.bind(py).str()?.to_string()),
            None => Ok("state not known".into()),
        }
    }
}

#[pymethods]
impl Group {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let verdict = self.verdict_text(py)?;
        Ok(format!("<Group {} {}, {}: {verdict}>", self.cards, self.state, self.fate))
    }
}
