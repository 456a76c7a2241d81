//! Sessions with a card.
//!
//! A session has a thread of its own, which does one job after the other; so a transaction can span several calls, and
//! a caller that waits can be interrupted.

use crate::failure::{check_process, failed};
use crate::identity::Identity;
use cardwright_core::apdu::StatusWord;
use cardwright_python_common::Failure;
use cardwright_python_common::logging::Mark;
use cardwright_python_common::wait::{self, blocking, receive};
use cardwright_reader::{Attribute, Error, Open, Protocol, Protocols, Session as Card, Share, Transaction};
use pyo3::prelude::*;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A job for the thread.
enum Job {
    Send(Vec<u8>),
    Begin,
    End { reset: bool },
    Reset,
    Identify,
    Attribute(Attribute),
    State,
    Close,
}

/// The result of a job.
enum Done {
    Bytes(Option<Vec<u8>>),
    Began {
        was_reset: bool,
    },
    Identity(Box<Identity>),
    /// It was cut short, after the card had told this.
    CutShort(Error, Box<Identity>),
    State(State),
    /// It cannot be done now.
    Wrong(&'static str),
    Nothing,
}

/// The state of a session.
#[derive(Clone)]
struct State {
    atr: Vec<u8>,
    protocol: Option<u8>,
    resets: u32,
    missed: u32,
    attempts: u32,
}

/// A job, the channel for its result, which has no buffer (a result that was sent was received), and the call that it
/// is for.
type Asked = (Job, SyncSender<Result<Done, Error>>, Mark);

/// Does jobs until all senders are gone. Then it disconnects, and leaves the card as it is.
fn serve(mut card: Card, jobs: &Receiver<Asked>) {
    while let Ok((job, tell, call)) = jobs.recv() {
        let _logged = call.enter();
        let done = match job {
            Job::Begin => match card.transaction() {
                Ok(transaction) => {
                    let began = Done::Began { was_reset: transaction.was_reset() };
                    if tell.send(Ok(began)).is_err() {
                        // The caller was interrupted, and will not end it.
                        let _ = transaction.end();
                        continue;
                    }
                    if in_transaction(transaction, jobs) {
                        continue;
                    }
                    return;
                }
                Err(error) => Err(error),
            },
            Job::Send(command) => card.send(&command).map(|answer| Done::Bytes(Some(answer))),
            Job::Reset => card.reset().map(|()| Done::Nothing),
            Job::Identify => {
                let found = card.identify();
                let whole = |identity| Box::new(Identity::new(identity, card.atr().to_vec()));
                match found {
                    Ok(identity) => Ok(Done::Identity(whole(identity))),
                    Err(error) => match error.identity().copied() {
                        Some(identity) => Ok(Done::CutShort(error, whole(identity))),
                        None => Err(error),
                    },
                }
            }
            Job::Attribute(attribute) => card.attribute(attribute).map(Done::Bytes),
            Job::State => Ok(Done::State(state(&card))),
            Job::End { .. } => Ok(Done::Wrong("there is no transaction")),
            Job::Close => {
                drop(card);
                let _ = tell.send(Ok(Done::Nothing));
                return;
            }
        };
        let _ = tell.send(done);
    }
}

/// Does jobs until the transaction ends; says whether the session goes on.
fn in_transaction(mut transaction: Transaction<'_>, jobs: &Receiver<Asked>) -> bool {
    while let Ok((job, tell, call)) = jobs.recv() {
        let _logged = call.enter();
        let done = match job {
            Job::Send(command) => transaction.send(&command).map(|answer| Done::Bytes(Some(answer))),
            Job::State => Ok(Done::State(state(transaction.session()))),
            Job::End { reset } => {
                let ended = if reset { transaction.end_with_reset() } else { transaction.end() };
                let _ = tell.send(ended.map(|()| Done::Nothing));
                return true;
            }
            Job::Close => {
                let _ = transaction.end();
                let _ = tell.send(Ok(Done::Nothing));
                return false;
            }
            Job::Begin => Ok(Done::Wrong("there is a transaction already")),
            _ => Ok(Done::Wrong("not in a transaction: end it first")),
        };
        let _ = tell.send(done);
    }
    false
}

fn state(card: &Card) -> State {
    let protocol = card.protocol().and_then(|protocol| match protocol {
        Protocol::T0 => Some(0),
        Protocol::T1 => Some(1),
        _ => None,
    });
    State {
        atr: card.atr().to_vec(),
        protocol,
        resets: card.resets(),
        missed: card.missed(),
        attempts: card.attempts(),
    }
}

/// A connection to the card in a reader.
#[pyclass(frozen, module = "cardwright._reader")]
pub(crate) struct Session {
    reader: String,
    process: u32,
    /// `None` when it was closed.
    jobs: Mutex<Option<Sender<Asked>>>,
}

impl Session {
    fn ask(&self, py: Python<'_>, job: Job) -> PyResult<Done> {
        check_process(self.process, "a session")?;
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let closed = || Failure::argument("the session was closed");
        let (tell, mut told) = wait::channel(py, 0)?;
        jobs.ok_or_else(closed)?.send((job, tell, told.mark())).map_err(|_| closed())?;
        match receive(py, &mut told)?.ok_or_else(closed)?.map_err(failed)? {
            Done::Wrong(why) => Err(Failure::argument(why).into()),
            done => Ok(done),
        }
    }

    fn state(&self, py: Python<'_>) -> PyResult<State> {
        match self.ask(py, Job::State)? {
            Done::State(state) => Ok(state),
            _ => Err(unexpected()),
        }
    }
}

fn unexpected() -> PyErr {
    Failure::internal("another answer than was asked for").into()
}

#[pymethods]
impl Session {
    #[new]
    fn new(
        py: Python<'_>,
        reader: String,
        share: &str,
        protocols: &str,
        limit: Option<f64>,
        card_time_limit: Option<f64>,
        card_apdus: u32,
    ) -> PyResult<Self> {
        let wrong = |what: String| PyErr::from(Failure::argument(what));
        let share = match share {
            "shared" => Share::Shared,
            "exclusive" => Share::Exclusive,
            "direct" => Share::Direct,
            other => {
                return Err(wrong(format!("share must be \"shared\", \"exclusive\" or \"direct\", not {other:?}")));
            }
        };
        let protocols = match protocols {
            "any" => Protocols::Any,
            "T=0" => Protocols::T0,
            "T=1" => Protocols::T1,
            other => return Err(wrong(format!("protocols must be \"any\", \"T=0\" or \"T=1\", not {other:?}"))),
        };
        let time = |name: &str, seconds: f64| match (0.001..=86_400.0).contains(&seconds) {
            true => Ok(Duration::from_secs_f64(seconds)),
            false => Err(wrong(format!("{name} must be seconds, from 0.001 to 86400, not {seconds}"))),
        };
        if card_apdus == 0 {
            return Err(wrong("card_apdus must be at least 1".into()));
        }
        let mut open = Open::new().share(share).protocols(protocols).card_apdus(card_apdus);
        if let Some(limit) = limit {
            open = open.limit(time("limit", limit)?);
        }
        if let Some(limit) = card_time_limit {
            open = open.card_time_limit(time("card_time_limit", limit)?);
        }
        let name = reader.clone();
        let card = blocking(py, move || open.connect(&name))?.map_err(failed)?;
        let (ask, jobs) = channel();
        std::thread::Builder::new().name("cardwright-session".into()).spawn(move || serve(card, &jobs))?;
        Ok(Session { reader, process: std::process::id(), jobs: Mutex::new(Some(ask)) })
    }

    #[getter]
    fn reader(&self) -> &str {
        &self.reader
    }

    #[getter]
    fn atr(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        Ok(self.state(py)?.atr)
    }

    #[getter]
    fn protocol(&self, py: Python<'_>) -> PyResult<Option<u8>> {
        Ok(self.state(py)?.protocol)
    }

    #[getter]
    fn resets(&self, py: Python<'_>) -> PyResult<u32> {
        Ok(self.state(py)?.resets)
    }

    #[getter]
    fn missed(&self, py: Python<'_>) -> PyResult<u32> {
        Ok(self.state(py)?.missed)
    }

    #[getter]
    fn attempts(&self, py: Python<'_>) -> PyResult<u32> {
        Ok(self.state(py)?.attempts)
    }

    fn send(&self, py: Python<'_>, command: Vec<u8>) -> PyResult<Response> {
        match self.ask(py, Job::Send(command))? {
            Done::Bytes(Some(answer)) => Ok(Response::new(answer)),
            _ => Err(unexpected()),
        }
    }

    /// Begins a transaction; says whether another program reset the card before it.
    fn begin(&self, py: Python<'_>) -> PyResult<bool> {
        match self.ask(py, Job::Begin)? {
            Done::Began { was_reset } => Ok(was_reset),
            _ => Err(unexpected()),
        }
    }

    fn end(&self, py: Python<'_>, reset: bool) -> PyResult<()> {
        self.ask(py, Job::End { reset }).map(drop)
    }

    fn reset(&self, py: Python<'_>) -> PyResult<()> {
        self.ask(py, Job::Reset).map(drop)
    }

    fn identify(&self, py: Python<'_>) -> PyResult<Identity> {
        match self.ask(py, Job::Identify)? {
            Done::Identity(identity) => Ok(*identity),
            Done::CutShort(error, identity) => {
                Err(failed(error).told(|py| Ok(Py::new(py, *identity)?.into_any())).into())
            }
            _ => Err(unexpected()),
        }
    }

    fn attribute(&self, py: Python<'_>, name: &str) -> PyResult<Option<Vec<u8>>> {
        let attribute = match name {
            "vendor-name" => Attribute::VendorName,
            "vendor-type" => Attribute::VendorType,
            "vendor-version" => Attribute::VendorVersion,
            "vendor-serial" => Attribute::VendorSerial,
            "friendly-name" => Attribute::FriendlyName,
            "system-name" => Attribute::SystemName,
            "atr" => Attribute::Atr,
            "max-input" => Attribute::MaxInput,
            other => return Err(Failure::argument(format!("there is no attribute {other:?}")).into()),
        };
        match self.ask(py, Job::Attribute(attribute))? {
            Done::Bytes(value) => Ok(value),
            _ => Err(unexpected()),
        }
    }

    /// Lets the card go. Twice is as good as once.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        if self.process != std::process::id() {
            return Ok(());
        }
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(jobs) = jobs else { return Ok(()) };
        let (tell, mut told) = wait::channel(py, 0)?;
        if jobs.send((Job::Close, tell, told.mark())).is_ok() {
            receive(py, &mut told)?;
        }
        Ok(())
    }
}

/// What a card answered.
#[pyclass(frozen, eq, hash, module = "cardwright.readers")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Response {
    answer: Vec<u8>,
}

impl Response {
    fn new(answer: Vec<u8>) -> Self {
        Response { answer }
    }

    fn status(&self) -> StatusWord {
        // A session gives nothing without one.
        StatusWord::of(&self.answer).unwrap_or(StatusWord(0))
    }
}

#[pymethods]
impl Response {
    /// The data, without the status word.
    #[getter]
    fn data(&self) -> Vec<u8> {
        self.answer.split_last_chunk::<2>().map(|(data, _)| data.to_vec()).unwrap_or_default()
    }

    /// The status word SW1 SW2, as one number.
    #[getter]
    fn sw(&self) -> u16 {
        self.status().0
    }

    /// Whether the command was carried out: 9000 or 61xx.
    #[getter]
    fn ok(&self) -> bool {
        self.status().is_ok()
    }

    /// What the status word means, in plain words (ISO/IEC 7816-4, 5.6).
    #[getter]
    fn text(&self) -> &'static str {
        self.status().text()
    }

    fn __bytes__(&self) -> Vec<u8> {
        self.answer.clone()
    }

    fn __bool__(&self) -> bool {
        self.status().is_ok()
    }

    /// Its data may be secret, and are not shown.
    fn __repr__(&self) -> String {
        let length = self.answer.len().saturating_sub(2);
        format!("<Response {:04X} ({}), {length} bytes>", self.status().0, self.status().text())
    }
}
