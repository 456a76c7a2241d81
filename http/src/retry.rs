//! When a request is sent again, how long to wait before, and stopping all of it.
//!
//! Only what cannot do harm twice is repeated: reads, and changes of which it is certain that they
//! never reached the server. A budget that all requests of a client share keeps a server that is down
//! from being stormed.

use crate::error::Error;
use cardwright_core::Code;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

/// How often and how patiently to repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// How often a request is sent at most, the first time included; at least 1. 3.
    pub attempts: u32,
    /// The longest wait between two attempts that is the client's own choice. 5 seconds.
    pub longest_wait: Duration,
    /// The longest wait that a server may ask for by `Retry-After`; what it asks beyond is an error
    /// at once. 60 seconds.
    pub longest_asked: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Retries { attempts: 3, longest_wait: Duration::from_secs(5), longest_asked: Duration::from_secs(60) }
    }
}

impl Retries {
    /// Sends each request once.
    pub fn none() -> Self {
        Retries { attempts: 1, ..Self::default() }
    }

    /// How long to wait after the `attempt`th one failed: half a second doubled each time, and by
    /// chance up to half of it less; or what the server asked for.
    pub(crate) fn wait(&self, attempt: u32, asked: Option<Duration>) -> Option<Duration> {
        if let Some(asked) = asked {
            return (asked <= self.longest_asked).then_some(asked);
        }
        let doubled = Duration::from_millis(500).saturating_mul(1 << attempt.saturating_sub(1).min(16));
        let wait = doubled.min(self.longest_wait);
        let chance = RandomState::new().hash_one(attempt) % 512;
        Some(wait.mul_f64(1.0 - chance as f64 / 1024.0))
    }
}

/// What may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Doing it twice is the same as doing it once.
    Always,
    /// Only where it is certain that it did not reach the server.
    Unsent,
}

impl Repeat {
    /// Whether a failure may be answered with another attempt.
    pub(crate) fn allows(self, error: &Error) -> bool {
        match error {
            // A connection was never made.
            Error::Transport { code: Code::Unreachable, .. } => true,
            Error::Transport { code: Code::Broken | Code::Timeout, .. } => self == Repeat::Always,
            Error::Answer(answer) => {
                self == Repeat::Always && matches!(answer.status, 408 | 429 | 500 | 502 | 503 | 504)
            }
            _ => false,
        }
    }
}

/// What all requests of a client may spend on repeating: a first attempt that succeeds gives a
/// little, an attempt that repeats takes more.
#[derive(Debug)]
pub(crate) struct Budget(AtomicI64);

impl Budget {
    const FULL: i64 = 100;
    const REPEAT: i64 = 5;

    pub(crate) fn new() -> Self {
        Budget(AtomicI64::new(Self::FULL))
    }

    /// Takes the price of a repeat, where it is there.
    pub(crate) fn take(&self) -> bool {
        let taken = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            (left >= Self::REPEAT).then_some(left - Self::REPEAT)
        });
        taken.is_ok()
    }

    pub(crate) fn give(&self) {
        let _ =
            self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| (left < Self::FULL).then_some(left + 1));
    }
}

/// Stops a client from another thread: the request under way fails at once, also while it waits for
/// the server, and no other is sent.
#[derive(Debug, Clone)]
pub struct Canceler(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    canceled: Mutex<bool>,
    changed: Condvar,
    /// Those of the slots.
    agents: Mutex<Vec<Weak<ureq::Agent>>>,
}

impl Canceler {
    pub(crate) fn new() -> Self {
        let (canceled, changed, agents) = (Mutex::new(false), Condvar::new(), Mutex::default());
        Canceler(Arc::new(Shared { canceled, changed, agents }))
    }

    /// Stops this agent too; at once, where it comes too late.
    pub(crate) fn watch(&self, agent: &Arc<ureq::Agent>) {
        let mut agents = self.0.agents.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_canceled() {
            ureq::Agent::clone(agent).shutdown();
        }
        agents.retain(|agent| agent.strong_count() > 0);
        agents.push(Arc::downgrade(agent));
    }

    /// Stops the client for good. A name that is being looked up, and a connection that is being
    /// made, end by their time limits.
    pub fn cancel(&self) {
        *self.0.canceled.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.changed.notify_all();
        for agent in self.0.agents.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if let Some(agent) = agent.upgrade() {
                ureq::Agent::clone(&agent).shutdown();
            }
        }
    }

    /// Whether the client was stopped.
    pub fn is_canceled(&self) -> bool {
        *self.0.canceled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, and tells whether the client is still to go on.
    pub(crate) fn wait(&self, time: Duration) -> bool {
        let canceled = self.0.canceled.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.changed.wait_timeout_while(canceled, time, |canceled| !*canceled);
        let (canceled, _) = waited.unwrap_or_else(PoisonError::into_inner);
        !*canceled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_never_less_than_half() {
        let retries = Retries::default();
        for (attempt, longest) in [(1, 500), (2, 1_000), (3, 2_000), (4, 4_000), (5, 5_000), (60, 5_000)] {
            for _ in 0..50 {
                let wait = retries.wait(attempt, None).expect("a wait").as_millis();
                assert!((longest / 2..=longest).contains(&wait), "{attempt}: {wait}");
            }
        }
    }

    #[test]
    fn what_a_server_asks_for_is_kept_up_to_a_minute() {
        let retries = Retries::default();
        assert_eq!(retries.wait(1, Some(Duration::from_secs(60))), Some(Duration::from_secs(60)));
        assert_eq!(retries.wait(1, Some(Duration::from_secs(61))), None);
    }

    #[test]
    fn a_budget_runs_out_and_fills_again() {
        let budget = Budget::new();
        assert_eq!((0..100).filter(|_| budget.take()).count(), 20);
        (0..5).for_each(|_| budget.give());
        assert!(budget.take() && !budget.take());
    }
}
