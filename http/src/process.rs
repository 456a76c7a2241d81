//! What belongs to a process. After a fork, the child has copies of connections and locks that are the parent's: a
//! request over such a connection would mix with the parent's, and a lock that another thread held at that moment is
//! never released.
//!
//! So what holds connections or locks is kept for each process: a child makes its own when it needs it, from what
//! does not change, and neither uses nor frees its copy of the parent's.

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

/// The process that something belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Process(u32);

impl Process {
    /// The process that this is called in.
    #[must_use]
    pub fn current() -> Self {
        Process(std::process::id())
    }

    /// Whether it is the one that this is called in. `false` after a fork, in the child.
    #[must_use]
    pub fn is_current(self) -> bool {
        self == Self::current()
    }
}

/// A value for each process, such as a lock: after a fork the parent's may be held by a thread that the child does not have.
///
/// ```
/// use cardwright_http::PerProcess;
/// use std::sync::Mutex;
///
/// let count = PerProcess::new(Mutex::new(1));
/// // In a child this is a lock of its own, which begins with 0.
/// let here = count.here(|_parent| Mutex::new(0));
/// assert_eq!(here.lock().map(|count| *count).ok(), Some(1));
/// ```
#[derive(Debug)]
pub struct PerProcess<T> {
    process: Process,
    own: Arc<T>,
    /// That of a child, in the child.
    child: OnceLock<Box<PerProcess<T>>>,
}

impl<T> PerProcess<T> {
    /// The value of the present process.
    #[must_use]
    pub fn new(own: T) -> Self {
        PerProcess { process: Process::current(), own: Arc::new(own), child: OnceLock::new() }
    }

    /// The value of the present process. A child has `make` make it of the parent's, of which it must take no lock.
    ///
    /// # Errors
    /// That of `make`.
    pub fn try_here<E>(&self, make: impl FnOnce(&T) -> Result<T, E>) -> Result<&T, E> {
        if self.process.is_current() {
            return Ok(&self.own);
        }
        if let Some(child) = self.child.get() {
            return child.try_here(make);
        }
        // Made before it is set, so that a fork at this moment copies no initialisation under way.
        let child = Box::new(PerProcess::new(make(&self.own)?));
        Ok(&self.child.get_or_init(|| child).own)
    }

    /// As [`Self::try_here`], where making it cannot fail.
    pub fn here(&self, make: impl FnOnce(&T) -> T) -> &T {
        let Ok(here) = self.try_here(|parent| Ok::<T, Infallible>(make(parent)));
        here
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        if !self.process.is_current() {
            // The parent's connections and locks are not touched: one that is not counted down is never freed.
            std::mem::forget(Arc::clone(&self.own));
        }
    }
}
