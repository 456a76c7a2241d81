//! The server, embedded in the Python program, for tests.

use crate::moment::in_utc;
use crate::pickled::pickled;
use cardwright_core::Code;
use cardwright_core::identity::Guid;
use cardwright_python_common::Failure;
use cardwright_python_common::members::{given, member};
use cardwright_python_common::wait::blocking;
use cardwright_server::{Account, Config, Data, Faults, Outcome, Running, Secret, seed};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// The account that a server makes for its run.
const ACCOUNT: &str = "demo";

/// How a server is started, by name; the package has the documentation.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Settings {
    seed: u64,
    cards: u32,
    data: Option<PathBuf>,
    certiflow: Option<Vec<String>>,
    switches: Vec<(String, String)>,
    faults: Option<String>,
}

/// Both APIs over one registry.
#[pyclass(frozen, module = "cardwright._cardwright")]
pub(crate) struct Server {
    running: Mutex<Option<Arc<Running>>>,
    /// The process in which its threads are.
    process: u32,
    password: String,
    url: String,
}

impl Server {
    fn running(&self) -> Result<Arc<Running>, Failure> {
        if self.process != std::process::id() {
            let message = "a server cannot be used in another process after a fork, but for its addresses";
            return Err(Failure::argument(message));
        }
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).clone();
        running.ok_or_else(|| Failure::argument("the server was stopped"))
    }

    fn end(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if self.process != std::process::id() {
            // It runs in the parent: its threads cannot be waited for here, nor its files closed.
            std::mem::forget(running);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

#[pymethods]
impl Server {
    #[new]
    fn new(py: Python<'_>, settings: Settings) -> PyResult<Self> {
        let (running, password) = blocking(py, move || start(settings))??;
        Ok(Server {
            url: running.url(),
            password,
            process: std::process::id(),
            running: Mutex::new(Some(Arc::new(running))),
        })
    }

    #[getter]
    fn url(&self) -> &str {
        &self.url
    }

    #[getter]
    fn certiflow_url(&self) -> PyResult<String> {
        Ok(self.running()?.certiflow_url())
    }

    /// The base of a generation of CertiFlow's API.
    fn url_of(&self, dialect: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
        Ok(self.running()?.url_of(given("dialect", dialect)?))
    }

    #[getter]
    fn icmapi_url(&self) -> PyResult<String> {
        Ok(self.running()?.icmapi_url())
    }

    #[getter]
    fn mim_url(&self) -> PyResult<String> {
        Ok(self.running()?.mim_url())
    }

    #[getter]
    fn account(&self) -> (&'static str, &str) {
        (ACCOUNT, &self.password)
    }

    /// Puts faults in force, as JSON.
    fn set_faults(&self, faults: &str) -> PyResult<()> {
        let faults = Faults::parse(faults).map_err(|wrong| Failure::argument(wrong.to_string()))?;
        self.running()?.set_faults(faults);
        Ok(())
    }

    /// The rows of the audit log after one of them.
    fn audit(&self, py: Python<'_>, after: i64, limit: u32) -> PyResult<Vec<AuditEntry>> {
        let running = self.running()?;
        let rows = blocking(py, move || running.registry().audit(after, limit))?;
        let rows = rows.map_err(|error| Failure::new(Code::Internal, error.to_string()))?;
        rows.iter().map(|row| AuditEntry::new(py, row)).collect()
    }

    /// Approves a request of MIM CM, or denies it, in the name of an account.
    fn decide(&self, py: Python<'_>, request: &str, approve: bool, by: String) -> PyResult<()> {
        let request = Guid::parse(request).map_err(Failure::from)?;
        let running = self.running()?;
        let decided = blocking(py, move || match approve {
            true => running.registry().approve(request, by.as_str()),
            false => running.registry().deny(request, by.as_str()),
        })?;
        Ok(decided.map(drop).map_err(failed)?)
    }

    /// Stops the server. Twice is as good as once, and in a forked process nothing happens.
    fn stop(&self, py: Python<'_>) {
        py.detach(|| self.end());
    }
}

fn failed(error: cardwright_server::Error) -> Failure {
    Failure::argument(error.to_string())
}

fn start(settings: Settings) -> Result<(Running, String), Failure> {
    let mut config = Config::default();
    config.operator = true;
    config.sandbox = true;
    if let Some(generations) = &settings.certiflow {
        config.certiflow = generations.iter().map(|text| text.parse()).collect::<Result<_, _>>().map_err(failed)?;
    }
    for (name, value) in &settings.switches {
        config.switches.set(name, value).map_err(|wrong| Failure::argument(wrong.to_string()))?;
    }
    if let Some(directory) = settings.data {
        config.data = Data::Directory(directory);
    }
    if let Some(faults) = &settings.faults {
        config.faults = Faults::parse(faults).map_err(|wrong| Failure::argument(wrong.to_string()))?;
    }
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| Failure::internal("the system gives no random numbers"))?;
    let password: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let account = Account::new(ACCOUNT, Secret::new(password.clone()), "administrator")
        .as_user(seed::story_user().map_err(failed)?);
    config.accounts.push(account);
    let running = cardwright_server::Server::start(config).map_err(failed)?;
    seed::fill_new(running.registry(), settings.cards, settings.seed).map_err(failed)?;
    Ok((running, password))
}

pickled! {
    /// A row of the server's audit log.
    #[pyclass(frozen, get_all, module = "cardwright")]
    pub(crate) struct AuditEntry {
        /// Its number: they grow, and are never given twice.
        id: i64,
        /// When: `datetime` in UTC.
        time: Py<PyAny>,
        /// The account that did it.
        account: String,
        /// Through which system: `System`, or `None` where it was done to the registry itself.
        system: Option<Py<PyAny>>,
        /// What was done: the neutral name of an operation, or a word of the registry or the workflow.
        operation: String,
        /// The card, by its id in CertiFlow: `int`, or `None`.
        card: Option<i64>,
        /// The card, by its id in MIM CM at that time: `str`, or `None`.
        uuid: Option<String>,
        /// The card's state before: `State`, or `None`.
        before: Option<Py<PyAny>>,
        /// The card's state after: `State`, or `None`.
        after: Option<Py<PyAny>>,
        /// The reason or comment that was given, or why it was refused.
        note: String,
        /// Whether it was done, and not refused.
        done: bool,
    }
}

impl AuditEntry {
    fn new(py: Python<'_>, row: &cardwright_server::AuditEntry) -> PyResult<Self> {
        let state = |state: Option<_>| state.map(|state| member(py, state).map(Bound::unbind)).transpose();
        Ok(AuditEntry {
            id: row.id,
            time: in_utc(py, row.time)?.unbind(),
            account: row.account.clone(),
            system: row.system.map(|system| member(py, system).map(Bound::unbind)).transpose()?,
            operation: row.operation.clone(),
            card: row.card,
            uuid: row.uuid.map(|uuid| uuid.to_string()),
            before: state(row.before)?,
            after: state(row.after)?,
            note: row.note.clone(),
            done: row.outcome == Outcome::Done,
        })
    }
}

#[pymethods]
impl AuditEntry {
    fn __repr__(&self) -> String {
        let done = if self.done { "done" } else { "refused" };
        let card = self.card.map_or("None".into(), |card| card.to_string());
        format!("<AuditEntry {} {} card={card} {done}>", self.id, self.operation)
    }
}
