//! A long answer, made page by page while its client reads: however long a list is, and however many clients read
//! slowly, memory holds a page or two for each.
//!
//! A page is read in a transaction of its own, so that nothing is kept open for a client that does not read.

use crate::bounds::Bounds;
use crate::{Error, Registry};
use axum::body::Bytes;
use core::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::spawn_blocking;

/// A part of an answer.
#[derive(Debug)]
pub(crate) enum Page {
    /// Others follow.
    More(Bytes),
    /// The last one.
    Last(Bytes),
}

/// What an answer holds.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    /// All of it, or its beginning.
    pub(crate) bytes: Bytes,
    /// What follows.
    pub(crate) rest: Option<Pages>,
}

/// Makes the next page.
type Make = dyn FnMut(&Registry) -> Result<Page, Error> + Send;

/// The pages of an answer. Clones are handles to the same pages.
#[derive(Clone)]
pub(crate) struct Pages {
    registry: Registry,
    bounds: Arc<Bounds>,
    make: Arc<Mutex<Make>>,
    _place: Arc<OwnedSemaphorePermit>,
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

impl Pages {
    /// The content that `make` makes. If the first page fails, so does this.
    ///
    /// # Errors
    /// As `make`.
    pub(crate) async fn begin(
        registry: &Registry,
        bounds: &Arc<Bounds>,
        make: impl FnMut(&Registry) -> Result<Page, Error> + Send + 'static,
    ) -> Result<Content, Error> {
        let place = Arc::clone(&bounds.answers).acquire_owned().await;
        let place = place.map_err(|closed| Error::Database(Box::new(closed)))?;
        let make = Arc::new(Mutex::new(make));
        let (registry, bounds) = (registry.clone(), Arc::clone(bounds));
        let pages = Pages { registry, bounds, make, _place: Arc::new(place) };
        Ok(match pages.next().await? {
            Page::Last(whole) => Content { bytes: whole, rest: None },
            Page::More(first) => Content { bytes: first, rest: Some(pages) },
        })
    }

    /// The next page. Not to be called after the last one.
    ///
    /// # Errors
    /// As the function that makes it.
    pub(crate) async fn next(&self) -> Result<Page, Error> {
        let making = self.bounds.making.acquire().await;
        let (make, registry) = (Arc::clone(&self.make), self.registry.clone());
        let page = spawn_blocking(move || {
            let mut make = make.lock().unwrap_or_else(PoisonError::into_inner);
            make(&registry)
        });
        let page = page.await.unwrap_or_else(|failed| Err(Error::Database(Box::new(failed))));
        drop(making);
        page
    }
}
