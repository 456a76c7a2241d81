//! A long answer, made page by page while its client reads: however long a list is, and however many clients read
//! slowly, memory holds a page or two for each.
//!
//! A page is read in a transaction of its own, so that nothing is kept open for a client that does not read.

use crate::app::{App, spawn_blocking};
use crate::reply::Reply;
use crate::{Error, Registry};
use axum::body::Bytes;
use core::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many long answers there may be at a time. Further ones wait for their turn.
const MAX_ANSWERS: usize = 256;

/// How many pages are made at a time.
const MAX_MAKING: usize = 8;

/// A part of an answer.
#[derive(Debug)]
pub(crate) enum Page {
    /// Others follow.
    More(Bytes),
    /// The last one.
    Last(Bytes),
}

/// How many long answers and pages there are.
#[derive(Debug)]
pub(crate) struct Presses {
    answers: Arc<Semaphore>,
    making: Semaphore,
}

impl Presses {
    pub(crate) fn new() -> Self {
        Presses { answers: Arc::new(Semaphore::new(MAX_ANSWERS)), making: Semaphore::new(MAX_MAKING) }
    }
}

/// Makes the next page.
type Make = dyn FnMut(&Registry) -> Result<Page, Error> + Send;

/// The pages of an answer. Clones are handles to the same pages.
#[derive(Clone)]
pub(crate) struct Pages {
    app: Arc<App>,
    make: Arc<Mutex<Make>>,
    _place: Arc<OwnedSemaphorePermit>,
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

impl Pages {
    /// An answer in JSON that `make` makes. If the first page fails, so does this.
    ///
    /// # Errors
    /// As `make`.
    pub(crate) async fn answer(
        app: &Arc<App>,
        make: impl FnMut(&Registry) -> Result<Page, Error> + Send + 'static,
    ) -> Result<Reply, Error> {
        let place = Arc::clone(&app.presses.answers).acquire_owned().await;
        let place = place.map_err(|closed| Error::Database(Box::new(closed)))?;
        let pages = Pages { app: Arc::clone(app), make: Arc::new(Mutex::new(make)), _place: Arc::new(place) };
        Ok(match pages.next().await? {
            Page::Last(whole) => Reply::written(whole),
            Page::More(first) => Reply::paged(first, pages),
        })
    }

    /// The next page. Not to be called after the last one.
    ///
    /// # Errors
    /// As the function that makes it.
    pub(crate) async fn next(&self) -> Result<Page, Error> {
        let making = self.app.presses.making.acquire().await;
        let make = Arc::clone(&self.make);
        let page = spawn_blocking(&self.app, move |app| {
            let mut make = make.lock().unwrap_or_else(PoisonError::into_inner);
            make(&app.registry)
        });
        let page = page.await;
        drop(making);
        page
    }
}

/// A list in JSON, written page by page.
#[derive(Debug, Default)]
pub(crate) struct JsonList {
    open: &'static str,
    close: &'static str,
    /// Whether the list was begun.
    is_begun: bool,
    page: Vec<u8>,
}

impl JsonList {
    /// A list that is an object's only member, in quotes and with its brace and colon.
    pub(crate) const fn in_object(member: &'static str) -> Self {
        JsonList { open: member, close: "}", is_begun: false, page: Vec::new() }
    }

    /// Adds an element: the parts of its JSON.
    pub(crate) fn add(&mut self, parts: &[&[u8]]) {
        if self.is_begun {
            self.page.push(b',');
        } else {
            self.begin();
        }
        parts.iter().for_each(|part| self.page.extend_from_slice(part));
    }

    fn begin(&mut self) {
        self.page.extend_from_slice(self.open.as_bytes());
        self.page.push(b'[');
        self.is_begun = true;
    }

    /// The page so far; the last one if no element follows.
    pub(crate) fn page(&mut self, is_last: bool) -> Page {
        if is_last {
            if !self.is_begun {
                self.begin();
            }
            self.page.push(b']');
            self.page.extend_from_slice(self.close.as_bytes());
        }
        // The next page is about as long.
        let next = if is_last { Vec::new() } else { Vec::with_capacity(self.page.len() * 9 / 8) };
        let page = core::mem::replace(&mut self.page, next).into();
        if is_last { Page::Last(page) } else { Page::More(page) }
    }
}
