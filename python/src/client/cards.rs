//! Lists: a lazy iterator over pages of cards.
//!
//! The pages are read on a thread of their own, a page ahead, into bytes that their cards share. The
//! thread begins with the first card that is asked for, and ends when nobody asks any more.

use super::setup::Setup;
use crate::failure::Failure;
use crate::record::{Page, Source, push, wrap};
use crate::wait::{panicked, receive};
use cardwright_client::{AnyClient, Error};
use cardwright_core::certiflow::{CardState, ContentExpirationStatus, Query};
use cardwright_core::lifecycle::System;
use cardwright_core::{Code, Named};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::PyType;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

/// How many cards the first page has, so that the first card comes soon, and each later one.
const FIRST: usize = 32;
const MORE: usize = 512;

/// Which cards are asked for, by name; the package has the documentation.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Asked {
    offset: Option<u32>,
    count: Option<u32>,
    serial_number: Option<String>,
    user_name: Option<String>,
    card_type_name: Option<String>,
    card_model_name: Option<String>,
    comment: Option<String>,
    tags: Vec<String>,
    policy_name: Option<String>,
    state: Option<u8>,
    content_expiration_status: Option<u8>,
    time_issued: Option<String>,
    time_updated: Option<String>,
    time_revoked: Option<String>,
}

impl Asked {
    pub(super) fn user_name(&self) -> Option<String> {
        self.user_name.clone()
    }

    /// Calls `with` with the query.
    pub(crate) fn query<T>(&self, with: impl FnOnce(Query<'_>) -> T) -> Result<T, cardwright_core::Error> {
        let tags: Vec<&str> = self.tags.iter().map(String::as_str).collect();
        let unknown = |what| cardwright_core::Error::of(Code::UnknownValue, what);
        let state = self.state.map(|number| CardState::from_number(number.into()).ok_or_else(|| unknown("state")));
        let expiring = self.content_expiration_status.map(|number| {
            let status = ContentExpirationStatus::from_number(number.into());
            status.ok_or_else(|| unknown("content_expiration_status"))
        });
        Ok(with(Query {
            offset: self.offset,
            count: self.count,
            serial_number: self.serial_number.as_deref(),
            user_name: self.user_name.as_deref(),
            card_type_name: self.card_type_name.as_deref(),
            card_model_name: self.card_model_name.as_deref(),
            comment: self.comment.as_deref(),
            tags: &tags,
            policy_name: self.policy_name.as_deref(),
            state: state.transpose()?,
            content_expiration_status: expiring.transpose()?,
            time_issued: self.time_issued.as_deref(),
            time_updated: self.time_updated.as_deref(),
            time_revoked: self.time_revoked.as_deref(),
        }))
    }
}

/// Cards, one by one, read from the server while they are asked for.
///
/// A card that cannot be read is an exception, and the next one follows; after an exception of the
/// network there are no more. Iterating once is all: ask again for another list.
#[pyclass(frozen, module = "cardwright")]
pub(crate) struct Cards {
    setup: Arc<Setup>,
    client: Arc<AnyClient>,
    source: Arc<Source>,
    system: System,
    /// The process in which the connections and the reading thread are.
    process: u32,
    state: Mutex<State>,
}

enum State {
    /// Nothing was asked yet.
    New(Asked),
    Under(Reading),
    /// There are no more, or they were asked for elsewhere.
    Over,
}

struct Reading {
    told: Receiver<Part>,
    page: Arc<Page>,
    at: usize,
    /// What follows after the page's cards.
    error: Option<Error>,
    /// Whether nothing follows after that.
    last: bool,
}

/// Some cards, what went wrong after them, and whether that was all. Without a last one the thread has
/// panicked.
struct Part {
    page: Page,
    error: Option<Error>,
    last: bool,
}

impl Cards {
    pub(super) fn new(
        setup: Arc<Setup>,
        client: Arc<AnyClient>,
        asked: Asked,
        source: Arc<Source>,
    ) -> Result<Self, Failure> {
        // What cannot be asked is said at once, and not when the first card is asked for.
        asked.query(|query| client.check_query(&query))??;
        let system = client.system();
        Ok(Cards { setup, client, source, system, process: std::process::id(), state: Mutex::new(State::New(asked)) })
    }

    /// The client, and how to make another one.
    ///
    /// # Errors
    /// In another process.
    pub(crate) fn client(&self, py: Python<'_>) -> PyResult<(Arc<Setup>, Arc<AnyClient>)> {
        self.check_process(py)?;
        Ok((Arc::clone(&self.setup), Arc::clone(&self.client)))
    }

    /// The connections and the reading thread are in the process that made it.
    fn check_process(&self, py: Python<'_>) -> PyResult<()> {
        if self.process == std::process::id() {
            return Ok(());
        }
        let message = "a list cannot be read in another process after a fork: ask for it again there";
        Err(Failure::argument(message).raise(py))
    }

    pub(crate) fn system(&self) -> System {
        self.system
    }

    /// What is to be read, for another reader than the iterator.
    ///
    /// # Errors
    /// Where the iterator has begun, or another reader has it; in another process.
    pub(crate) fn take(&self, py: Python<'_>) -> PyResult<(Arc<AnyClient>, Asked)> {
        self.check_process(py)?;
        let mut state = self.state.lock_py_attached(py).unwrap_or_else(|poisoned| poisoned.into_inner());
        match std::mem::replace(&mut *state, State::Over) {
            State::New(asked) => Ok((Arc::clone(&self.client), asked)),
            begun => {
                *state = begun;
                Err(Failure::argument("these cards are being read already: ask for them again").raise(py))
            }
        }
    }

    /// Starts to read.
    fn start(&self, asked: Asked) -> PyResult<Reading> {
        let (tell, told) = sync_channel(1);
        let (client, source) = (Arc::clone(&self.client), Arc::clone(&self.source));
        std::thread::Builder::new().name("cardwright-cards".into()).spawn(move || {
            let read = asked.query(|query| read(&client, query, &source, &tell));
            if let Ok(Err(error)) | Err(error) = read.map_err(Error::from) {
                let _ = tell.send(Part { page: Page::default(), error: Some(error), last: true });
            }
        })?;
        Ok(Reading { told, page: Arc::default(), at: 0, error: None, last: false })
    }
}

/// Reads a list to its end, or until nobody listens.
fn read(client: &AnyClient, query: Query<'_>, source: &Arc<Source>, tell: &SyncSender<Part>) -> Result<(), Error> {
    let (mut page, mut most) = (Page::new(Arc::clone(source)), FIRST);
    for card in client.cards(query)? {
        let error = match card {
            Ok(card) => {
                push(&mut page, &card);
                None
            }
            Err(error) => Some(error),
        };
        if page.len() >= most || error.is_some() {
            let full = std::mem::replace(&mut page, Page::new(Arc::clone(source)));
            if tell.send(Part { page: full, error, last: false }).is_err() {
                return Ok(());
            }
            most = MORE;
        }
    }
    let _ = tell.send(Part { page, error: None, last: true });
    Ok(())
}

#[pymethods]
impl Cards {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.check_process(py)?;
        // Another thread that asks at the same time waits here, without the interpreter.
        let mut state = self.state.lock_py_attached(py).unwrap_or_else(|poisoned| poisoned.into_inner());
        let mut reading = match std::mem::replace(&mut *state, State::Over) {
            State::Over => return Ok(None),
            State::New(asked) => self.start(asked)?,
            State::Under(reading) => reading,
        };
        loop {
            if reading.at < reading.page.len() {
                let card = wrap(py, self.system, &reading.page, reading.at);
                reading.at += 1;
                *state = State::Under(reading);
                return card.map(Some);
            }
            if let Some(error) = reading.error.take() {
                *state = State::Under(reading);
                return Err(Failure::from(error).raise(py));
            }
            if reading.last {
                return Ok(None);
            }
            match receive(py, &mut reading.told) {
                Ok(Some(Part { page, error, last })) => {
                    reading = Reading { told: reading.told, page: Arc::new(page), at: 0, error, last };
                }
                Ok(None) => return Err(panicked().raise(py)),
                // A signal's handler has raised: the list can be read on.
                Err(raised) => {
                    *state = State::Under(reading);
                    return Err(raised);
                }
            }
        }
    }

    /// `Cards[CardInfo]`, for annotations.
    #[classmethod]
    fn __class_getitem__<'py>(class: &Bound<'py, PyType>, _item: &Bound<'py, PyAny>) -> Bound<'py, PyType> {
        class.clone()
    }

    fn __repr__(&self) -> &'static str {
        "<Cards>"
    }
}
