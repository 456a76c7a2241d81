//! When a request is repeated, and how long to wait before that.
//!
//! Only harmless repetitions are made: of reads, and of changes that certainly did not reach the server.
//! A budget that all requests of a client share limits the load on a server that is down.

use crate::error::Error;
use crate::status;
use cardwright_core::Code;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// How often to repeat a request, and how long to wait.
///
/// ```
/// use cardwright_http::Retries;
/// use std::time::Duration;
///
/// let retries = Retries::default().attempts(5).longest_wait(Duration::from_secs(2));
/// assert!(retries.wait(4, None).is_some_and(|wait| wait <= Duration::from_secs(2)));
/// assert_eq!(retries.wait(1, Some(Duration::from_secs(3600))), None, "longer than a server may ask for");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_structs,
    reason = "made by setters or with ..default(); a field more is no breaking change, as the front page says"
)]
pub struct Retries {
    /// The most attempts, the first one included; at least 1. Default: 3.
    pub attempts: u32,
    /// The longest wait between two attempts that the client chooses. Default: 5 seconds.
    pub longest_wait: Duration,
    /// The longest wait that a server may ask for by `Retry-After`; a longer one is an error at once.
    /// Default: 60 seconds.
    pub longest_asked: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Retries { attempts: 3, longest_wait: Duration::from_secs(5), longest_asked: Duration::from_secs(60) }
    }
}

impl Retries {
    /// No repetitions: each request is sent once.
    #[must_use]
    pub fn none() -> Self {
        Retries { attempts: 1, ..Self::default() }
    }

    /// The most attempts, the first one included; at least 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The longest wait between two attempts that the client chooses.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// The longest wait that a server may ask for.
    #[must_use]
    pub fn longest_asked(mut self, wait: Duration) -> Self {
        self.longest_asked = wait;
        self
    }

    /// The wait after a failed attempt: half a second, doubled each time, less a random part of up to a
    /// half; or what the server asked for. `None` if that is too long.
    #[must_use]
    pub fn wait(&self, attempt: u32, asked: Option<Duration>) -> Option<Duration> {
        if let Some(asked) = asked {
            return (asked <= self.longest_asked).then_some(asked);
        }
        let doubled = Duration::from_millis(500).saturating_mul(1 << attempt.saturating_sub(1).min(16));
        let wait = doubled.min(self.longest_wait);
        let random = RandomState::new().hash_one(attempt) % 512;
        Some(wait.mul_f64(1.0 - random as f64 / 1024.0))
    }
}

/// Whether a request may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Repeat {
    /// Always: doing it twice has the same effect as doing it once.
    Always,
    /// Only if it certainly did not reach the server.
    Unsent,
}

impl Repeat {
    /// Whether another attempt may follow this error.
    pub(crate) fn allows(self, error: &Error) -> bool {
        if let Some(refusal) = error.proxy_refusal() {
            return refusal.status.is_some_and(status::is_passing);
        }
        if error.proxy_unreachable().is_some_and(|unreachable| unreachable.unproven) {
            return false;
        }
        match error {
            Error::Transport { unproven: true, .. } => false,
            Error::Transport { code: Code::Unreachable | Code::Broken | Code::Timeout, sent, .. } => {
                self == Repeat::Always || !sent
            }
            Error::Answer(answer) => self == Repeat::Always && status::is_passing(answer.status),
            _ => false,
        }
    }
}

/// How much all requests of a client may repeat: a first attempt that succeeds adds a little, a repeated
/// one takes more.
#[derive(Debug)]
pub(crate) struct Budget(AtomicI64);

impl Budget {
    const FULL: i64 = 100;
    const REPEAT: i64 = 5;

    pub(crate) fn new() -> Self {
        Budget(AtomicI64::new(Self::FULL))
    }

    /// Takes the price of a repeated attempt; returns whether there was enough.
    pub(crate) fn take(&self) -> bool {
        let taken = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            (left >= Self::REPEAT).then_some(left - Self::REPEAT)
        });
        taken.is_ok()
    }

    pub(crate) fn refill(&self) {
        let _ =
            self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| (left < Self::FULL).then_some(left + 1));
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
        (0..5).for_each(|_| budget.refill());
        assert!(budget.take() && !budget.take());
    }
}
