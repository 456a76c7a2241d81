//! Lists: a lazy iterator over pages of cards.
//!
//! The pages are read on a thread of their own, a page ahead, into bytes that their cards share. The thread begins with
//! the request for the first card, and ends when the iterator is dropped.

use super::setup::Setup;
use crate::page::{Page, Source};
use crate::systems::{Query, push, wrap};
use cardwright::client::{AnyCards, AnyClient, Error};
use cardwright_core::lifecycle::System;
use cardwright_python_common::Failure;
use cardwright_python_common::wait::{panicked, receive};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::{PyGenericAlias, PyType};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// How many cards the first page has, so that the first card comes soon, and each later one.
const FIRST: usize = 32;
const MORE: usize = 512;

/// The parameters of a query, by their names in Rust, and their values.
pub(crate) type Parameters = Vec<(String, String)>;

/// A list that nobody has begun to read.
#[derive(Clone)]
pub(crate) struct Listing {
    pub(crate) client: Arc<AnyClient>,
    query: Query,
}

impl Listing {
    /// The cards, read from the server while they are iterated.
    pub(crate) fn read(&self) -> Result<AnyCards, Error> {
        self.client.list(&self.query)
    }
}

/// Cards, one by one, read from the server on request.
///
/// A card that cannot be read is an exception, and the next one follows; after an exception of the
/// network there are no more. It can be iterated once: ask again for another list.
#[pyclass(frozen, module = "cardwright")]
pub(crate) struct Cards {
    setup: Arc<Setup>,
    client: Arc<AnyClient>,
    source: Arc<Source>,
    /// The process that has the connections and the reading thread.
    process: u32,
    stage: Mutex<Stage>,
}

/// How far a list has been read.
enum Stage {
    New(Listing),
    Reading(Reading),
    /// There are no more cards, or another reader has them.
    Over,
}

struct Reading {
    parts: Receiver<Part>,
    page: Arc<Page>,
    at: usize,
    /// The error after the page's cards.
    error: Option<Error>,
    /// Whether it is the last page.
    last: bool,
}

/// Some cards, the error after them, and whether they are the last. A thread that ends without a last part has panicked.
struct Part {
    page: Page,
    error: Option<Error>,
    last: bool,
}

impl Cards {
    pub(super) fn new(setup: Arc<Setup>, client: Arc<AnyClient>, parameters: &Parameters) -> Result<Self, Failure> {
        let mut query = Query::default();
        parameters.iter().try_for_each(|(name, value)| query.set(name, value))?;
        // A filter that the system lacks is an error at once, not at the first card.
        query.with(|query| client.check_query(&query))?;
        let source = setup.source(query.user_name.clone());
        let stage = Mutex::new(Stage::New(Listing { client: Arc::clone(&client), query }));
        Ok(Cards { setup, client, source, process: std::process::id(), stage })
    }

    /// The client, and how to make another one.
    ///
    /// # Errors
    /// In another process.
    pub(crate) fn client(&self) -> Result<(Arc<Setup>, Arc<AnyClient>), Failure> {
        self.check_process()?;
        Ok((Arc::clone(&self.setup), Arc::clone(&self.client)))
    }

    /// The connections and the reading thread are in the process that made it.
    fn check_process(&self) -> Result<(), Failure> {
        match self.process == std::process::id() {
            true => Ok(()),
            false => {
                Err(Failure::argument("a list cannot be read in another process after a fork: ask for it again there"))
            }
        }
    }

    pub(crate) fn system(&self) -> System {
        self.client.system()
    }

    /// The list, for another reader than the iterator.
    ///
    /// # Errors
    /// Where the iterator has begun, or another reader has it; in another process.
    pub(crate) fn take(&self, py: Python<'_>) -> Result<Listing, Failure> {
        self.check_process()?;
        let mut stage = self.stage.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *stage, Stage::Over) {
            Stage::New(listing) => Ok(listing),
            begun => {
                *stage = begun;
                Err(Failure::argument("these cards are being read already: ask for them again"))
            }
        }
    }

    /// Starts to read.
    fn start(&self, listing: Listing) -> PyResult<Reading> {
        let (sender, parts) = sync_channel(1);
        let source = Arc::clone(&self.source);
        std::thread::Builder::new().name("cardwright-cards".into()).spawn(move || {
            if let Err(error) = read(&listing, &source, &sender) {
                let _ = sender.send(Part { page: Page::default(), error: Some(error), last: true });
            }
        })?;
        Ok(Reading { parts, page: Arc::default(), at: 0, error: None, last: false })
    }
}

/// Reads a list to its end, or until the receiver is gone.
fn read(listing: &Listing, source: &Arc<Source>, sender: &SyncSender<Part>) -> Result<(), Error> {
    let (mut page, mut most) = (Page::new(Arc::clone(source)), FIRST);
    for card in listing.read()? {
        let error = card.and_then(|card| push(&mut page, &card).map_err(Error::from)).err();
        if page.len() >= most || error.is_some() {
            let full = std::mem::replace(&mut page, Page::new(Arc::clone(source)));
            if sender.send(Part { page: full, error, last: false }).is_err() {
                return Ok(());
            }
            most = MORE;
        }
    }
    let _ = sender.send(Part { page, error: None, last: true });
    Ok(())
}

#[pymethods]
impl Cards {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.check_process()?;
        // Another thread that iterates at the same time waits here, without the interpreter.
        let mut stage = self.stage.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
        let mut reading = match std::mem::replace(&mut *stage, Stage::Over) {
            Stage::Over => return Ok(None),
            Stage::New(listing) => self.start(listing)?,
            Stage::Reading(reading) => reading,
        };
        loop {
            if reading.at < reading.page.len() {
                let card = wrap(py, self.system(), &reading.page, reading.at);
                reading.at += 1;
                *stage = Stage::Reading(reading);
                return card.map(Some);
            }
            if let Some(error) = reading.error.take() {
                *stage = Stage::Reading(reading);
                return Err(Failure::from(error).into());
            }
            if reading.last {
                return Ok(None);
            }
            match receive(py, &mut reading.parts) {
                Ok(Some(Part { page, error, last })) => {
                    reading = Reading { parts: reading.parts, page: Arc::new(page), at: 0, error, last };
                }
                Ok(None) => return Err(panicked().into()),
                // A signal's handler has raised; the list can be read further.
                Err(raised) => {
                    *stage = Stage::Reading(reading);
                    return Err(raised);
                }
            }
        }
    }

    /// `Cards[CardInfo]`, for annotations.
    #[classmethod]
    fn __class_getitem__<'py>(
        class: &Bound<'py, PyType>,
        item: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyGenericAlias>> {
        PyGenericAlias::new(class.py(), class.as_any(), item)
    }

    fn __repr__(&self) -> &'static str {
        "<Cards>"
    }
}
