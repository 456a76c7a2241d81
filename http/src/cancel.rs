//! Stops requests from another thread: those of a client, or those of one call.
//!
//! Cancelers form a tree. The one of a client is its root; each that [`Transport::cancelable`](crate::Transport::cancelable)
//! makes is below another, is stopped with it, and stops nothing beside itself.

use crate::lock::{lock, try_lock};
use crate::process::PerProcess;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// Stops a client, or one call, from another thread: its requests fail at once, even while they wait for the server,
/// and no other is sent. Copies stop the same. After a fork, a child stops its own requests and not those of its
/// parent.
///
/// ```
/// use cardwright_http::{Code, Proxy, Setup, Transport};
/// use cardwright_core::mim;
///
/// let transport = Transport::new(Setup::new("http://127.0.0.1:9/api").proxy(Proxy::None))?;
/// let (call, canceler) = transport.cancelable();
/// canceler.cancel();
/// let error = call.send(&mim::Call::Operations { uuid: "438d1b30-f3b4-4bed-85fa-285e08605ba7" }).expect_err("stopped");
/// assert_eq!(error.code(), Code::Canceled);
/// assert!(!error.was_sent() && !transport.canceler().is_canceled());
/// # Ok::<(), cardwright_http::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Canceler(Arc<Node>);

#[derive(Debug)]
struct Node {
    state: PerProcess<State>,
    /// Stopping it stops this one.
    above: Option<Canceler>,
}

#[derive(Debug, Default)]
struct State {
    canceled: AtomicBool,
    /// Held while anything in the tree is canceled, so that nobody begins to wait meanwhile. Only the root's is used.
    waiting: Mutex<()>,
    changed: Condvar,
    /// What is stopped with it.
    stops: Mutex<Vec<Weak<dyn Stop>>>,
}

/// How often who waits for a lock looks whether it is free.
const POLL: Duration = Duration::from_millis(5);

/// What can be stopped from another thread.
pub(crate) trait Stop: Send + Sync {
    /// Ends what waits in it at once. It is of no use afterwards.
    fn stop(&self);
}

impl Stop for ureq::Agent {
    fn stop(&self) {
        self.clone().shutdown();
    }
}

impl fmt::Debug for dyn Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stop(..)")
    }
}

impl Canceler {
    /// One that nothing has canceled, and that no client has: for the test of a [`TokenSource`](crate::TokenSource).
    ///
    /// ```
    /// use cardwright_http::{Canceler, Error, Secret, TokenSource};
    ///
    /// #[derive(Debug)]
    /// struct Fixed;
    ///
    /// impl TokenSource for Fixed {
    ///     fn token(&self, _: &Canceler) -> Result<Secret, Error> {
    ///         Ok("a token".into())
    ///     }
    ///
    ///     fn renew(&self, _: &Secret, _: &Canceler) -> Result<Option<Secret>, Error> {
    ///         Ok(None)
    ///     }
    /// }
    ///
    /// assert_eq!(Fixed.token(&Canceler::new())?.expose(), "a token");
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Canceler(Arc::new(Node { state: PerProcess::new(State::default()), above: None }))
    }

    /// One that is stopped with this one, and does not stop it.
    pub(crate) fn below(&self) -> Self {
        Canceler(Arc::new(Node { state: PerProcess::new(State::default()), above: Some(self.clone()) }))
    }

    /// The one at the top of the tree.
    pub(crate) fn root(&self) -> &Self {
        let mut root = self;
        while let Some(above) = &root.0.above {
            root = above;
        }
        root
    }

    fn here(&self) -> &State {
        // What was stopped before the fork is stopped in the child too.
        self.0.state.here(|parent| State {
            canceled: AtomicBool::new(parent.canceled.load(Ordering::SeqCst)),
            ..State::default()
        })
    }

    /// Stops this too; at once, if the client is already canceled.
    pub(crate) fn watch(&self, stop: Weak<dyn Stop>) {
        {
            let mut stops = lock(&self.here().stops);
            stops.retain(|stop| stop.strong_count() > 0);
            stops.push(Weak::clone(&stop));
        }
        if self.is_canceled()
            && let Some(stop) = stop.upgrade()
        {
            stop.stop();
        }
    }

    /// As [`Self::watch`], for as long as a request uses it: by this one and all above it but the root, which has
    /// watched it from its beginning.
    pub(crate) fn attend(&self, agent: &Arc<ureq::Agent>) {
        let mut next = self;
        while let Some(above) = &next.0.above {
            let weak: Weak<ureq::Agent> = Arc::downgrade(agent);
            next.watch(weak);
            next = above;
        }
    }

    /// No longer stops this. A slot is handed on only where nothing was stopped before.
    pub(crate) fn leave(&self, agent: &Arc<ureq::Agent>) {
        let mut next = self;
        while let Some(above) = &next.0.above {
            lock(&next.here().stops).retain(|stop| !std::ptr::addr_eq(stop.as_ptr(), Arc::as_ptr(agent)));
            next = above;
        }
    }

    /// Stops it for good. A name look-up or a connection attempt under way ends at its time limit.
    pub fn cancel(&self) {
        let (here, root) = (self.here(), self.root().here());
        {
            let _waiting = lock(&root.waiting);
            here.canceled.store(true, Ordering::SeqCst);
        }
        root.changed.notify_all();
        // Under the lock: what leaves it meanwhile is not stopped when another call has it.
        lock(&here.stops).iter().filter_map(Weak::upgrade).for_each(|stop| stop.stop());
    }

    /// Whether it was stopped, or one above it.
    #[must_use]
    pub fn is_canceled(&self) -> bool {
        let mut next = Some(self);
        while let Some(canceler) = next {
            if canceler.here().canceled.load(Ordering::SeqCst) {
                return true;
            }
            next = canceler.0.above.as_ref();
        }
        false
    }

    /// Locks a mutex, poisoned or not; `None` if it is canceled before that, while another thread holds it.
    pub(crate) fn lock<'m, T>(&self, mutex: &'m Mutex<T>) -> Option<MutexGuard<'m, T>> {
        loop {
            if let Some(guard) = try_lock(mutex) {
                return Some(guard);
            }
            if !self.wait(POLL) {
                return None;
            }
        }
    }

    /// Waits this long; returns whether the client may continue.
    pub fn wait(&self, time: Duration) -> bool {
        let root = self.root().here();
        let goes_on = |(): &mut ()| !self.is_canceled();
        let waited = root.changed.wait_timeout_while(lock(&root.waiting), time, goes_on);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
        !self.is_canceled()
    }
}

impl Default for Canceler {
    fn default() -> Self {
        Canceler::new()
    }
}

/// A body was given up by a canceler; for errors of `io`.
#[derive(Debug)]
pub(crate) struct Canceled;

impl fmt::Display for Canceled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the client was told to stop")
    }
}

impl std::error::Error for Canceled {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn a_canceler_stops_what_is_below_it_and_nothing_else() {
        let root = Canceler::new();
        let (one, other) = (root.below(), root.below());
        let inner = one.below();
        one.cancel();
        let canceled = [&root, &one, &other, &inner].map(Canceler::is_canceled);
        assert_eq!(canceled, [false, true, false, true]);
        assert!(!inner.wait(Duration::from_secs(60)) && other.wait(Duration::ZERO));
        root.cancel();
        assert!(other.is_canceled() && root.below().is_canceled());
    }

    #[test]
    fn who_waits_hears_of_any_canceler_above() {
        let root = Canceler::new();
        let middle = root.below();
        let lowest = middle.below();
        let begun = Instant::now();
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| lowest.wait(Duration::from_secs(60)));
            std::thread::sleep(Duration::from_millis(20));
            middle.cancel();
            assert!(!waits.join().expect("no panic"));
        });
        assert!(begun.elapsed() < Duration::from_secs(30));
    }
}
