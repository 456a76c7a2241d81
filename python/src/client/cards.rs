//! Lists: a lazy iterator over pages of cards.
//!
//! The pages are read on a thread of their own, a page ahead, into bytes that their cards share. The thread begins with
//! the request for the first card, and ends, with what it has asked for, when the iterator is dropped or closed.

use super::setup::Setup;
use crate::html;
use crate::page::{Page, Source};
use crate::record::whole;
use crate::systems::{self, Query, push, wrap};
use cardwright::client::http::Canceler;
use cardwright::client::{AnyCard, AnyCards, AnyClient, Error};
use cardwright_core::lifecycle::System;
use cardwright_core::{Code, Named as _};
use cardwright_python_common::Failure;
use cardwright_python_common::wait::{Told, blocking, channel, panicked, receive_while};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::{PyGenericAlias, PyList, PyTuple, PyType};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

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

    /// The same list, whose requests end when the other is dropped.
    pub(crate) fn cancelable(&self) -> (Self, Ends) {
        let (client, canceler) = self.client.cancelable();
        (Listing { client: Arc::new(client), query: self.query.clone() }, Ends(canceler))
    }

    /// The first of its cards.
    fn at_most(&self, cards: u32) -> Self {
        let count = Some(self.query.count.map_or(cards, |count| count.min(cards)));
        Listing { client: Arc::clone(&self.client), query: Query { count, ..self.query.clone() } }
    }
}

/// Ends requests when it is dropped.
pub(crate) struct Ends(Canceler);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Cards, one by one, read from the server on request.
///
/// A card that cannot be read is an exception, and the next one follows; after an exception of the network there are no
/// more. It can be iterated once: ask again for another list. A list that was begun is no table and no bulk operation any
/// more: that is an `InputError`, which says how many cards were taken, as does `repr`. What is dropped or closed ends what
/// it has asked the server for; `with cm.cards() as cards:` closes it.
#[pyclass(frozen, module = "cardwright")]
pub(crate) struct Cards {
    setup: Arc<Setup>,
    client: Arc<AnyClient>,
    source: Arc<Source>,
    /// The process that has the connections and the reading thread.
    process: u32,
    /// What was asked for, in words.
    query: String,
    stage: Mutex<Stage>,
    /// Who waits for a card while it is closed is told by this.
    closed: AtomicBool,
}

/// How far a list has been read.
enum Stage {
    New(Box<Listing>),
    Reading(Box<Reading>),
    Over(Over),
}

/// Why no more cards come, and how many came.
#[derive(Clone, Copy)]
enum Over {
    Read(u64),
    Failed(u64),
    Closed(u64),
    /// Another reader has them: a table, or a bulk operation.
    Given,
}

impl Over {
    /// In words that follow "these cards are".
    fn words(self) -> String {
        match self {
            Over::Read(taken) => format!("read to the end, all {taken}"),
            Over::Failed(taken) => format!("cut short by an error, after {taken}"),
            Over::Closed(taken) => format!("closed, after {taken}"),
            Over::Given => "being read already, by a table or a bulk operation".into(),
        }
    }

    /// The exception for who wants cards of such a list.
    fn failure(self) -> Failure {
        Failure::argument(format!("these cards are {}: ask for them again", self.words()))
    }
}

struct Reading {
    parts: Told<Part>,
    ends: Ends,
    thread: JoinHandle<()>,
    /// How many cards were taken.
    taken: u64,
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
        let stage = Mutex::new(Stage::New(Box::new(Listing { client: Arc::clone(&client), query })));
        let words: Vec<_> = parameters.iter().map(|(name, value)| format!(", {name}={value:?}")).collect();
        let query = format!("{}{}", client.system().name(), words.concat());
        let (process, closed) = (std::process::id(), AtomicBool::new(false));
        Ok(Cards { setup, client, source, process, query, stage, closed })
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
        let mut stage = self.stage(py);
        match std::mem::replace(&mut *stage, Stage::Over(Over::Given)) {
            Stage::New(listing) => Ok(*listing),
            begun => {
                let failure = refused(&begun);
                *stage = begun;
                Err(failure)
            }
        }
    }

    fn stage(&self, py: Python<'_>) -> MutexGuard<'_, Stage> {
        self.stage.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts to read.
    fn start(&self, py: Python<'_>, listing: &Listing) -> PyResult<Box<Reading>> {
        let (sender, parts) = channel(py, 1)?;
        let ((listing, ends), source) = (listing.cancelable(), Arc::clone(&self.source));
        let thread =
            std::thread::Builder::new().name("cardwright-cards".into()).spawn(parts.mark().around(move || {
                if let Err(error) = read(&listing, &source, &sender) {
                    let _ = sender.send(Part { page: Page::default(), error: Some(error), last: true });
                }
            }))?;
        Ok(Box::new(Reading { parts, ends, thread, taken: 0, page: Arc::default(), at: 0, error: None, last: false }))
    }

    /// The next card, made by a function; `None` when there are no more.
    ///
    /// # Errors
    /// The error of a card, after which the next one follows; the error of the list.
    fn next_by<T>(
        &self,
        py: Python<'_>,
        reading: &mut Reading,
        make: impl FnOnce(&Arc<Page>, usize) -> PyResult<T>,
    ) -> PyResult<Option<T>> {
        loop {
            if reading.at < reading.page.len() {
                let at = reading.at;
                (reading.at, reading.taken) = (at + 1, reading.taken + 1);
                return make(&reading.page, at).map(Some);
            }
            if let Some(error) = reading.error.take() {
                return Err(Failure::from(error).into());
            }
            if reading.last {
                return Ok(None);
            }
            let goes_on = || match self.closed.load(Ordering::SeqCst) {
                true => Err(Over::Closed(reading.taken).failure().into()),
                false => Ok(()),
            };
            let part = receive_while(py, &mut reading.parts, goes_on)?;
            let Part { page, error, last } = part.ok_or_else(panicked)?;
            (reading.page, reading.at, reading.error, reading.last) = (Arc::new(page), 0, error, last);
        }
    }

    /// The next card, made by a function, of a list in whatever stage; `None` when there are no more.
    ///
    /// # Errors
    /// Where another reader has them, or they were closed; of a card, after which the next one follows; of the list.
    fn take_next<T>(&self, py: Python<'_>, make: impl FnOnce(&Arc<Page>, usize) -> PyResult<T>) -> PyResult<Option<T>> {
        self.check_process()?;
        // Another thread that iterates at the same time waits here, without the interpreter.
        let mut stage = self.stage(py);
        let reading = match &mut *stage {
            Stage::Over(Over::Read(_) | Over::Failed(_)) => return Ok(None),
            Stage::Over(over) => return Err(over.failure().into()),
            Stage::New(listing) => {
                let reading = self.start(py, listing)?;
                *stage = Stage::Reading(reading);
                match &mut *stage {
                    Stage::Reading(reading) => reading,
                    _ => return Ok(None),
                }
            }
            Stage::Reading(reading) => reading,
        };
        let next = self.next_by(py, reading, make);
        let over = match &next {
            _ if self.closed.load(Ordering::SeqCst) => Some(Over::Closed(reading.taken)),
            Ok(None) => Some(Over::Read(reading.taken)),
            // After a signal's handler has raised, and after the error of a card, the list can be read further.
            Err(_) if reading.last && reading.at >= reading.page.len() => Some(Over::Failed(reading.taken)),
            _ => None,
        };
        if let Some(over) = over {
            *stage = Stage::Over(over);
        }
        next
    }

    /// Closes the list, and gives what it was; nothing in another process.
    fn shut(&self, py: Python<'_>) -> Option<Stage> {
        // In a forked child the lock may be held by a thread that is not there.
        if self.process != std::process::id() {
            return None;
        }
        self.closed.store(true, Ordering::SeqCst);
        let mut stage = self.stage(py);
        let over = match &*stage {
            Stage::New(_) => Over::Closed(0),
            Stage::Reading(reading) => Over::Closed(reading.taken),
            Stage::Over(over) => *over,
        };
        Some(std::mem::replace(&mut *stage, Stage::Over(over)))
    }

    /// The first cards, read at once and on their own.
    fn few(&self, py: Python<'_>, most: u32) -> PyResult<Vec<AnyCard>> {
        self.check_process()?;
        let (listing, ends) = match &*self.stage(py) {
            Stage::New(listing) => listing.at_most(most).cancelable(),
            begun => return Err(refused(begun).into()),
        };
        let read = blocking(py, move || listing.read()?.collect::<Result<Vec<_>, Error>>());
        drop(ends);
        Ok(read?.map_err(Failure::from)?)
    }
}

/// The exception for who wants the whole of a list that is not new.
fn refused(begun: &Stage) -> Failure {
    match begun {
        Stage::Over(over) => over.failure(),
        Stage::Reading(reading) => Failure::argument(format!(
            "these cards are being read already: {} were taken, and those that are left are not the whole list: \
             ask for them again",
            reading.taken
        )),
        Stage::New(_) => Failure::internal("a list that was not begun was refused"),
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
        self.take_next(py, |page, at| wrap(py, self.system(), page, at))
    }

    /// All cards, each as a `dict` of its members, as `[card.to_dict() for card in cards]`.
    ///
    /// Raises:
    ///     InputError: the cards are being read already.
    ///     JSONError: a card that cannot be read.
    ///     CardwrightError: what else stops a list.
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        match &*self.stage(py) {
            Stage::New(_) => {}
            begun => return Err(refused(begun).into()),
        }
        let dicts = PyList::empty(py);
        while let Some(dict) = self.take_next(py, |page, at| whole::dict(py, page.json(at)))? {
            dicts.append(dict)?;
        }
        Ok(dicts)
    }

    /// The first card, or `None`. Only that one is asked for; the list itself can still be read.
    ///
    /// Raises:
    ///     InputError: the cards are being read already.
    fn first<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let cards = self.few(py, 1)?;
        cards.first().map(|card| systems::card(py, card, Arc::clone(&self.source))).transpose()
    }

    /// The only card. Two at most are asked for; the list itself can still be read.
    ///
    /// Raises:
    ///     NotFound: there is none.
    ///     Unexpected: there are several.
    ///     InputError: the cards are being read already.
    fn one<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let query = &self.query;
        match self.few(py, 2)?.as_slice() {
            [card] => systems::card(py, card, Arc::clone(&self.source)),
            [] => Err(Failure::new(Code::NotFound, format!("there is no card, and one is wanted: {query}")).into()),
            [one, other, ..] => {
                let (one, other) = (one.id(), other.id());
                let message = format!("there are several cards, {one} and {other} first, and one is wanted: {query}");
                Err(Failure::new(Code::Unexpected, message).into())
            }
        }
    }

    /// Ends the list, from any thread, and what it has asked the server for. A thread that waits for a card of it, or asks
    /// for one later, has an `InputError`. Once more it does nothing.
    fn close(&self, py: Python<'_>) {
        drop(self.shut(py));
    }

    fn __enter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_raised))]
    fn __exit__(&self, py: Python<'_>, _raised: &Bound<'_, PyTuple>) {
        self.close(py);
    }

    /// The next cards that are there, all at once; it waits for the first alone. There are no more where it is empty.
    #[pyo3(name = "_ready")]
    fn ready<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let mut cards: Vec<_> = self.__next__(py)?.into_iter().collect();
        if let (false, Stage::Reading(reading)) = (cards.is_empty(), &mut *self.stage(py)) {
            for at in std::mem::replace(&mut reading.at, reading.page.len())..reading.page.len() {
                reading.taken += 1;
                cards.push(wrap(py, self.system(), &reading.page, at)?);
            }
        }
        Ok(cards)
    }

    /// Ends the list, and waits for the thread that reads it; its client was canceled before.
    #[pyo3(name = "_end")]
    fn end(&self, py: Python<'_>) {
        if let Some(Stage::Reading(reading)) = self.shut(py) {
            let Reading { parts, ends, thread, .. } = *reading;
            drop((parts, ends));
            // A panic of its own was told to who read.
            let _ = py.detach(|| thread.join());
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

    fn __repr__(&self) -> String {
        format!("<Cards of {}: {}>", self.query, self.state())
    }

    /// What was asked for and how far it was read, for notebooks: nothing is sent for it.
    fn _repr_html_(&self) -> String {
        let advice = "to_pandas() makes a table of the cards, list() a list";
        let rows = [["asked for", &self.query], ["state", &self.state()], ["next", advice]];
        html::table("Cards", ["", ""], rows.map(|row| row.map(str::to_owned)))
    }
}

impl Cards {
    /// How far it was read, in words.
    fn state(&self) -> String {
        match self.stage.try_lock().as_deref() {
            Ok(Stage::New(_)) => "not read yet".into(),
            Ok(Stage::Reading(reading)) => format!("being read, {} taken", reading.taken),
            Ok(Stage::Over(over)) => over.words(),
            Err(_) => "being read".into(),
        }
    }
}
