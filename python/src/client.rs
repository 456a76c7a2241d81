//! A client of any system, on which the package's classes of clients stand.

pub(crate) mod account;
pub(crate) mod auth;
pub(crate) mod cards;
pub(crate) mod carriage;
pub(crate) mod examined;
pub(crate) mod gathered;
pub(crate) mod generation;
pub(crate) mod own;
pub(crate) mod proxies;
pub(crate) mod recording;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod skzi;

use crate::html;
use crate::lifecycle::{Verdict, operation_of};
use crate::page::Source;
use crate::pickled::{parts, pickled};
use crate::record::{Card, Record};
use crate::systems;
use auth::Explanation;
use cards::{Cards, Parameters};
use cardwright::client::{AnyCard, AnyClient, Ending, Job, RequestFilter};
use cardwright::{FoundBy, Records};
use cardwright_core::certiflow::OwnedSkziQuery;
use cardwright_core::http::Method;
use cardwright_core::identity::{Found, Guess};
use cardwright_core::lifecycle::{Operation, System};
use cardwright_core::{Code, Named};
use cardwright_python_common::Failure;
use cardwright_python_common::members::{given, member};
use cardwright_python_common::wait::{self, blocking};
use examined::{DoctorCheck, FollowedRequest};
use generation::Generation;
use pyo3::prelude::*;
use pyo3::types::{PyGenericAlias, PyType};
use recording::Recording;
use setup::Setup;
use skzi::SkziEntries;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// A client of one of the systems.
///
/// After a fork the child makes connections of its own, as two processes cannot share one.
#[pyclass(frozen, module = "cardwright._cardwright")]
pub(crate) struct Client {
    setup: Arc<Setup>,
    live: Mutex<Live>,
}

/// The client of this process.
struct Live {
    process: u32,
    client: Arc<AnyClient>,
}

impl Client {
    /// The client of this process. No lock is held during a request, so that a fork leaves none behind.
    pub(crate) fn here(&self) -> Result<Arc<AnyClient>, Failure> {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let process = std::process::id();
        if live.process != process {
            let client = Arc::new(self.setup.build()?);
            // The parent's connections must not be closed from here: that would end them for the parent.
            std::mem::forget(std::mem::replace(&mut live.client, client));
            live.process = process;
        }
        Ok(Arc::clone(&live.client))
    }

    /// The canceler of the client of this process.
    pub(super) fn canceler(&self) -> Result<cardwright::client::Canceler, Failure> {
        Ok(self.here()?.canceler())
    }

    /// How to make another client like this one.
    pub(crate) fn setup(&self) -> Arc<Setup> {
        Arc::clone(&self.setup)
    }

    /// Asks the system, without the interpreter.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        py: Python<'_>,
        ask: impl FnOnce(&AnyClient) -> Result<T, cardwright::client::Error> + Send + 'static,
    ) -> PyResult<T> {
        let client = self.here()?;
        Ok(blocking(py, move || ask(&client))?.map_err(Failure::from)?)
    }

    /// As [`Self::ask`], where the server may have changed something although nobody has seen its answer.
    pub(super) fn ask_to_change<T: Send + 'static>(
        &self,
        py: Python<'_>,
        ask: impl FnOnce(&AnyClient) -> Result<T, cardwright::client::Error> + Send + 'static,
    ) -> PyResult<T> {
        let client = self.here()?;
        Ok(blocking(py, move || ask(&client))?.map_err(|error| {
            let sent = error.http().is_some_and(cardwright::client::http::Error::was_sent);
            match error.code() {
                Code::Canceled if sent => {
                    let words = format!("it may have been carried out: {}", error.unmasked());
                    Failure::from(error).of_operation(Ending::Unknown.name(), words, None)
                }
                _ => Failure::from(error),
            }
        })?)
    }

    fn found<'py>(
        &self,
        py: Python<'py>,
        card: Option<AnyCard>,
        found_by: Option<String>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        card.map(|card| systems::card(py, &card, self.setup.source(found_by))).transpose()
    }
}

#[pymethods]
impl Client {
    #[new]
    fn new(py: Python<'_>, system: &Bound<'_, PyAny>, settings: settings::Settings) -> PyResult<Self> {
        let system = given("system", system)?;
        // A profile may name a program that has the password, and is waited for.
        let setup = match settings.is_gathered() {
            true => blocking(py, move || Setup::new(system, settings))??,
            false => Setup::new(system, settings)?,
        };
        let client = Arc::new(wait::here(py, || setup.build())??);
        Ok(Client { setup: Arc::new(setup), live: Mutex::new(Live { process: std::process::id(), client }) })
    }

    /// The base of the API.
    #[getter]
    fn url(&self) -> &str {
        self.setup.url()
    }

    /// The cards that a query finds. Nothing is sent before the first is asked for.
    fn cards(&self, parameters: Parameters) -> PyResult<Cards> {
        Ok(Cards::new(self.setup(), self.here()?, &parameters)?)
    }

    /// One card by its id.
    fn card<'py>(&self, py: Python<'py>, id: String) -> PyResult<Option<Bound<'py, PyAny>>> {
        let card = self.ask(py, move |client| client.card(&id))?;
        self.found(py, card, None)
    }

    /// One card of a user, by its id or serial number.
    fn card_of<'py>(&self, py: Python<'py>, user: String, key: String) -> PyResult<Option<Bound<'py, PyAny>>> {
        let found_by = user.clone();
        let card = self.ask(py, move |client| client.card_of(&user, &key))?;
        self.found(py, card, Some(found_by))
    }

    /// The card with a serial number.
    fn find<'py>(&self, py: Python<'py>, serial: String) -> PyResult<Option<Bound<'py, PyAny>>> {
        let card = self.ask(py, move |client| client.find(&serial))?;
        self.found(py, card, None)
    }

    /// The record of a card in a reader, by guesses: spelling, source and evidence of each, the strongest identifier
    /// first. Then the ATR of the record, where that is not the card's; and the question whether it is this card's
    /// record, where only a weaker identifier found it.
    #[allow(clippy::type_complexity, reason = "a name for it would say less")]
    fn find_by<'py>(
        &self,
        py: Python<'py>,
        guesses: Vec<(String, Bound<'py, PyAny>, Bound<'py, PyAny>)>,
        atr: Vec<u8>,
    ) -> PyResult<(Option<Bound<'py, PyAny>>, Option<String>, Option<String>)> {
        let guess = |(spelling, source, evidence): (String, Bound<'py, PyAny>, Bound<'py, PyAny>)| {
            let guess = Guess::new(&spelling, given("source", &source)?, given("evidence", &evidence)?);
            Ok(guess.ok_or_else(|| Failure::argument("a guess without a spelling"))?)
        };
        let guesses = guesses.into_iter().map(guess).collect::<PyResult<Vec<Guess>>>()?;
        let records = self.ask(py, move |client| Records::by_guesses(client, None, guesses))?;
        let passed_over = records.passed_over().to_vec();
        let (record, by) = match (records.found, records.cards.first(), records.by) {
            (Found::Record | Found::Weaker, Some(record), Some(guess)) => (record, FoundBy::new(guess, passed_over)),
            (Found::Nothing, ..) => return Ok((None, None, None)),
            _ => {
                let system = self.here()?.system();
                return Err(Failure::new(Code::Unexpected, records.several(system, "the card")).into());
            }
        };
        let question = (records.found == Found::Weaker).then(|| by.question("the card", record));
        let other = cardwright::other_atr(&atr, &record.atr());
        Ok((self.found(py, Some(record.clone()), None)?, other, question))
    }

    /// The operations that may be done with a card: the system's word, the operation, the verdict, and whether the
    /// server itself listed it.
    #[allow(clippy::type_complexity, reason = "a name for it would say less")]
    fn operations<'py>(
        &self,
        py: Python<'py>,
        card: &Bound<'py, Card>,
    ) -> PyResult<Vec<(String, Option<Bound<'py, PyAny>>, Option<Verdict>, bool)>> {
        let card = any_card(card);
        let listed = self.ask(py, move |client| client.operations(&card))?;
        let listed = listed.into_iter().map(|listed| {
            let operation = listed.operation.map(|operation| member(py, operation)).transpose()?;
            let verdict = listed.verdict.map(|verdict| Verdict::new(py, verdict)).transpose()?;
            Ok((listed.word, operation, verdict, listed.by_server))
        });
        listed.collect()
    }

    /// Does an operation to a card, or to the one with this id, which is read first.
    fn operate(
        &self,
        py: Python<'_>,
        card: Which<'_>,
        operation: &Bound<'_, PyAny>,
        reason: Option<&Bound<'_, PyAny>>,
        comment: String,
    ) -> PyResult<Outcome> {
        let job = job(self.here()?.system(), operation, reason, comment)?;
        let (card, source) = match card {
            Which::Card(card) => (any_card(&card), Arc::clone(record(&card).source())),
            Which::Id(id) => (self.ask(py, move |client| client.card_by_id(&id))?, self.setup.source(None)),
        };
        let client = self.here()?;
        let about = card.clone();
        let outcome = blocking(py, move || {
            let outcome = client.operate(&card, &job);
            let code = outcome.as_ref().map_or_else(|error| Some(error.code()), |outcome| outcome.code());
            // The operations that are allowed; in MIM CM only the server knows them.
            let refused = matches!(code, Some(Code::NotAllowed | Code::Refused));
            let listed = if refused { client.operations(&card).unwrap_or_default() } else { Vec::new() };
            (outcome, listed.into_iter().filter_map(|listed| listed.operation).collect::<Vec<_>>())
        });
        let (outcome, legal) = outcome?;
        match outcome {
            Ok(outcome) => Outcome::new(py, outcome, &source, Some(about), legal),
            Err(error) => Err(Failure::from(error).legal(legal).about(made(about, source)).into()),
        }
    }

    /// Goes on with a request of MIM CM that waited for approval.
    fn go_on(&self, py: Python<'_>, request: String) -> PyResult<Outcome> {
        let outcome = self.ask(py, move |client| client.go_on(&request))?;
        Outcome::new(py, outcome, &self.setup.source(None), None, Vec::new())
    }

    /// One request of MIM CM by its id.
    fn request<'py>(&self, py: Python<'py>, uuid: String) -> PyResult<Bound<'py, PyAny>> {
        let request = self.ask(py, move |client| client.request(&uuid))?;
        systems::request(py, &request)
    }

    /// A request of MIM CM as it is now, and the card that it is for.
    fn follow(&self, py: Python<'_>, request: String) -> PyResult<FollowedRequest> {
        let found = self.ask(py, move |client| client.follow(&request))?;
        FollowedRequest::new(py, found, &self.setup)
    }

    /// Examines the server, within `limit` seconds.
    fn doctor(&self, py: Python<'_>, limit: f64) -> PyResult<Vec<DoctorCheck>> {
        examined::doctor(py, &self.setup, setup::seconds("limit", limit)?, self.canceler()?)
    }

    /// The requests of MIM CM that the account may see: those with this status, or all; those that have not ended; those
    /// for the account's own user.
    fn requests<'py>(
        &self,
        py: Python<'py>,
        status: Option<&Bound<'py, PyAny>>,
        open: bool,
        mine: bool,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let status = status.map(|status| given("status", status)).transpose()?;
        if open && status.is_some() {
            return Err(Failure::argument("status and open contradict each other").into());
        }
        let statuses = if open { RequestFilter::open().statuses } else { status.into_iter().collect() };
        let filter = RequestFilter { statuses, for_caller: mine };
        let requests = self.ask(py, move |client| client.requests(&filter)?.collect::<Result<Vec<_>, _>>())?;
        requests.iter().map(|request| systems::request(py, request)).collect()
    }

    /// What `operate` would send. Whether there is a card with an id is not asked.
    fn plan(
        &self,
        card: Which<'_>,
        operation: &Bound<'_, PyAny>,
        reason: Option<&Bound<'_, PyAny>>,
        comment: String,
    ) -> PyResult<Vec<PlannedRequest>> {
        let client = self.here()?;
        let job = job(client.system(), operation, reason, comment)?;
        let planned = match card {
            Which::Card(card) => client.plan(&any_card(&card), &job),
            Which::Id(id) => client.plan_by_id(&id, &job),
        };
        Ok(planned
            .map_err(Failure::from)?
            .into_iter()
            .map(|one| PlannedRequest { method: one.method.into(), address: one.address, body: one.body })
            .collect())
    }

    /// Sends what the library has no words for.
    fn raw(&self, py: Python<'_>, method: &str, path: String, body: Option<String>) -> PyResult<Answer> {
        let method = Method::ALL.iter().copied().find(|one| one.name() == method);
        let Some(method) = method else {
            return Err(Failure::argument("the method must be GET, POST, PUT, PATCH or DELETE").into());
        };
        let send = move |client: &AnyClient| client.raw(method, &path, body.as_deref());
        let raw = if method == Method::Get { self.ask(py, send)? } else { self.ask_to_change(py, send)? };
        Ok(Answer { status: raw.status, headers: raw.headers, body: raw.body })
    }

    /// Which generation of the API the server speaks.
    fn probe(&self, py: Python<'_>) -> PyResult<Generation> {
        let found = self.ask(py, |client| Ok(cardwright::Generation::of(client.probe()?, client.base())))?;
        Generation::new(py, found)
    }

    /// The generation of the API that is spoken.
    fn dialect<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.here()?.dialect().map(|dialect| member(py, dialect)).transpose()
    }

    /// Entries of the register of SKZI, as JSON. Nothing is sent before the first is asked for.
    fn skzi(&self, parameters: Parameters, offset: Option<u32>, count: Option<u32>) -> PyResult<SkziEntries> {
        let mut query = OwnedSkziQuery { offset, count, ..OwnedSkziQuery::default() };
        parameters.iter().try_for_each(|(name, value)| query.set(name, value)).map_err(Failure::from)?;
        Ok(SkziEntries::new(self.here()?, query)?)
    }

    /// Begins a recording into a new file.
    fn record(&self, py: Python<'_>, path: PathBuf) -> PyResult<Recording> {
        Recording::begin(py, &self.setup, path)
    }

    /// How the last sign-in went.
    fn explain(&self, py: Python<'_>) -> PyResult<Explanation> {
        let client = self.here()?;
        Ok(py.detach(|| client.explain()).into())
    }

    /// The same client for one call, over the same connections, and what stops that call alone.
    fn cancelable(&self) -> PyResult<(Client, Canceler)> {
        let (client, canceler) = self.here()?.cancelable();
        let live = Mutex::new(Live { process: std::process::id(), client: Arc::new(client) });
        Ok((Client { setup: self.setup(), live }, Canceler(canceler)))
    }

    /// Stops the client for good, from any thread.
    fn cancel(&self, py: Python<'_>) -> PyResult<()> {
        let client = self.here()?;
        py.detach(|| client.canceler().cancel());
        Ok(())
    }
}

/// What stops one call, from any thread.
#[pyclass(frozen, module = "cardwright._cardwright")]
pub(crate) struct Canceler(cardwright::client::Canceler);

#[pymethods]
impl Canceler {
    /// Ends at once what the call waits for.
    fn cancel(&self, py: Python<'_>) {
        py.detach(|| self.0.cancel());
    }
}

/// A card that was read, or its id.
#[derive(FromPyObject)]
pub(crate) enum Which<'py> {
    /// A record.
    Card(Bound<'py, Card>),
    /// An id.
    Id(String),
}

/// A function that makes the Python object for a card.
fn made(card: AnyCard, source: Arc<Source>) -> impl FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send {
    move |py| systems::card(py, &card, source).map(Bound::unbind)
}

/// An operation that Python gave, and what the systems want to know of it.
///
/// # Errors
/// As [`operation_of`] and [`given`].
pub(crate) fn job(
    system: System,
    operation: &Bound<'_, PyAny>,
    reason: Option<&Bound<'_, PyAny>>,
    comment: String,
) -> PyResult<Job> {
    let reason = reason.map(|reason| given("reason", reason)).transpose()?;
    Ok(Job { operation: operation_of(system, operation)?, reason, comment })
}

fn record<'a>(card: &'a Bound<'_, Card>) -> &'a Record {
    card.as_super().get()
}

pub(crate) fn any_card(card: &Bound<'_, Card>) -> AnyCard {
    record(card).any_card()
}

pickled! {
    /// What an operation came to.
    ///
    /// An operation that was refused, not sent, or of which nobody can tell is an exception with `.outcome`.
    #[pyclass(frozen, get_all, module = "cardwright")]
    pub(crate) struct Outcome {
        /// Whether it was carried out: the card was read again, and is as the operation leaves it.
        done: bool,
        /// The card as it was read last: `CardInfo` or `Smartcard`, or `None` where it was not read again.
        card: Option<Py<PyAny>>,
        /// What the tables said before: `Verdict`, or `None` where the state was not known.
        verdict: Option<Py<Verdict>>,
        /// The id of the request of MIM CM: `str`, or `None` in CertiFlow.
        request: Option<String>,
        /// Whether the answer was lost or said that it failed, and the card, read again, shows that it was carried out.
        answer_lost: bool,
        /// How it ended: `str`, `"done"`, `"accepted"` or `"awaiting approval"`.
        result: String,
        /// What a person should know although it is done: `str`, or `None`.
        warning: Option<String>,
    }
}

#[pymethods]
impl Outcome {
    /// `Outcome[CardInfo]`, for annotations.
    #[classmethod]
    fn __class_getitem__<'py>(
        class: &Bound<'py, PyType>,
        item: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyGenericAlias>> {
        PyGenericAlias::new(class.py(), class.as_any(), item)
    }
}

impl Outcome {
    /// An outcome of an operation on a card that was this `before`; the exception where it is not done.
    fn new(
        py: Python<'_>,
        outcome: cardwright::client::Outcome<AnyCard>,
        source: &Arc<Source>,
        before: Option<AnyCard>,
        legal: Vec<Operation>,
    ) -> PyResult<Self> {
        let words = outcome.to_string();
        let failed = cardwright::failure_of(&outcome);
        let cardwright::client::Outcome { ending, card, error, verdict, request, answer_lost, warning, .. } = outcome;
        if matches!(ending, Ending::Done | Ending::Accepted | Ending::AwaitingApproval) {
            let card = card.map(|card| systems::card(py, &card, Arc::clone(source)).map(Bound::unbind));
            return Ok(Outcome {
                done: ending == Ending::Done,
                card: card.transpose()?,
                verdict: Verdict::shown(py, verdict)?,
                request,
                answer_lost,
                result: ending.name().into(),
                warning,
            });
        }
        let failure = error.map_or_else(|| Failure::new(Code::Unexpected, ""), Failure::from);
        let next = failed.as_ref().and_then(cardwright::Failure::next);
        let failure = failure.of_operation(ending.name(), words, request).legal(legal).hint(next);
        Err(match card.or(before) {
            Some(card) => failure.about(made(card, Arc::clone(source))),
            None => failure,
        }
        .into())
    }
}

#[pymethods]
impl Outcome {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let card = match &self.card {
            Some(card) => card.bind(py).repr()?.to_string(),
            None => "None".into(),
        };
        let done = &self.result;
        let request = self.request.as_ref().map(|request| format!(" request={request}")).unwrap_or_default();
        Ok(format!("<Outcome {done}{request} card={card}>"))
    }

    /// What it came to, for notebooks.
    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        let mut rows = vec![["result".into(), self.result.clone()]];
        if let Some(card) = &self.card {
            rows.push(["card".into(), card.bind(py).repr()?.to_string_lossy().into_owned()]);
        }
        if let Some(verdict) = &self.verdict {
            rows.push(["verdict".into(), verdict.bind(py).str()?.to_string()]);
        }
        rows.extend(self.request.iter().map(|request| ["request".into(), request.clone()]));
        if self.answer_lost {
            rows.push(["answer".into(), "lost; the card, read again, shows that it was carried out".into()]);
        }
        rows.extend(self.warning.iter().map(|warning| ["warning".into(), warning.clone()]));
        Ok(html::table("Outcome", ["", ""], rows))
    }
}

/// A request that would be sent.
#[pyclass(frozen, get_all, eq, hash, module = "cardwright")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct PlannedRequest {
    /// The method.
    method: String,
    /// The whole address.
    address: String,
    /// The body: `str`, or `None`.
    body: Option<String>,
}

#[pymethods]
impl PlannedRequest {
    #[new]
    fn of_parts(method: String, address: String, body: Option<String>) -> Self {
        PlannedRequest { method, address, body }
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        parts(slf.as_any(), &["method", "address", "body"])
    }

    fn __repr__(&self) -> String {
        let body = self.body.as_ref().map(|body| format!(" {body}")).unwrap_or_default();
        format!("<PlannedRequest {} {}{body}>", self.method, self.address)
    }
}

/// An answer as it came.
#[pyclass(frozen, get_all, module = "cardwright")]
pub(crate) struct Answer {
    /// The HTTP status.
    status: u16,
    /// Names, in small letters, and values of all headers, in the order in which they came.
    headers: Vec<(String, String)>,
    /// The body.
    body: Vec<u8>,
}

#[pymethods]
impl Answer {
    /// The body, read as JSON.
    fn json<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (pyo3::types::PyBytes::new(py, &self.body),))
    }

    fn __repr__(&self) -> String {
        format!("<Answer {} of {} bytes>", self.status, self.body.len())
    }
}
