//! The time limit of a whole examination.
//!
//! What is under way when it passes, or when somebody cancels the examination, is canceled; what comes after it is not
//! begun.

use cardwright_client::Canceler;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long an examination may take, where nobody says.
pub(super) const USUAL: Duration = Duration::from_secs(300);

/// How soon somebody who cancels it is heard.
const SLICE: Duration = Duration::from_millis(50);

/// The limit of an examination.
#[derive(Debug, Clone)]
pub(crate) struct Limit {
    limit: Duration,
    ends: Option<Instant>,
    canceler: Option<Canceler>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    passed: bool,
    cancelers: Vec<Canceler>,
}

impl Limit {
    pub(super) fn new(limit: Duration, canceler: Option<Canceler>) -> Self {
        // One that the clock cannot hold is none.
        Limit { limit, ends: Instant::now().checked_add(limit), canceler, state: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what the limit is for. A thread looks at the time meanwhile.
    pub(super) fn over<T>(&self, what: impl FnOnce() -> T) -> T {
        std::thread::scope(|scope| {
            let (over, ended) = channel::<()>();
            // Where the system has no thread left, each question still has a limit of its own.
            let _ = std::thread::Builder::new().name("doctor".into()).spawn_scoped(scope, move || {
                let slice = if self.canceler.is_some() { SLICE } else { self.limit };
                while ended.recv_timeout(self.at_most(slice)) == Err(RecvTimeoutError::Timeout) {
                    let canceled = self.canceler.as_ref().is_some_and(Canceler::is_canceled);
                    if canceled || self.at_most(slice).is_zero() {
                        return self.pass();
                    }
                }
            });
            let done = what();
            drop(over);
            done
        })
    }

    fn pass(&self) {
        let mut state = self.state();
        state.passed = true;
        let cancelers = std::mem::take(&mut state.cancelers);
        drop(state);
        cancelers.iter().for_each(Canceler::cancel);
    }

    /// Cancels this too when the limit has passed.
    pub(super) fn cancels(&self, canceler: Canceler) {
        let mut state = self.state();
        if state.passed {
            drop(state);
            canceler.cancel();
        } else {
            state.cancelers.push(canceler);
        }
    }

    /// What is left of it, at most this.
    pub(super) fn at_most(&self, time: Duration) -> Duration {
        self.ends.map_or(time, |ends| ends.saturating_duration_since(Instant::now()).min(time))
    }

    /// The limit, if it has passed.
    pub(super) fn passed(&self) -> Option<Duration> {
        Some(self.limit).filter(|_| self.state().passed)
    }
}
