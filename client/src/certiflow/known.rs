//! What is known of a server's generation, and by which keys a card was found.

use crate::error::Error;
use cardwright_core::certiflow::{Dialects, Finding};
use cardwright_http::PerProcess;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is known of a server's generation. Copies of a client share it; a child after a fork has its own, as the parent
/// may hold a lock at that moment.
#[derive(Debug)]
pub(super) struct Known(PerProcess<State>);

#[derive(Debug, Default)]
struct State {
    /// The bits of those that the answers leave; 0 before the first answer.
    possible: AtomicU8,
    /// What the questions told, once they were asked.
    finding: Mutex<Option<Finding>>,
    /// How often they were asked; held while they are.
    asked: Mutex<u32>,
    /// The bits of the keys by which a card was found.
    keys: AtomicU8,
}

/// By what a card is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Key {
    Id = 1,
    Serial = 2,
    User = 4,
    /// It is looked for among all cards.
    All = 8,
}

impl Default for Known {
    fn default() -> Self {
        Known(PerProcess::new(State::default()))
    }
}

impl Known {
    /// A child knows what was told by answers, and asks the questions again if they matter.
    fn here(&self) -> &State {
        let copy = |number: &AtomicU8| AtomicU8::new(number.load(Ordering::Relaxed));
        self.0.here(|parent| State { possible: copy(&parent.possible), keys: copy(&parent.keys), ..State::default() })
    }

    /// Those that the answers leave; none before the first answer.
    pub(super) fn possible(&self) -> Dialects {
        Dialects::from_bits(self.here().possible.load(Ordering::Relaxed))
    }

    /// Notes those that are left; `start` are those of the beginning.
    pub(super) fn narrow(&self, start: Dialects, shown: Dialects) {
        let narrow = |bits| {
            let known = Dialects::from_bits(bits);
            let left = if known.is_empty() { start } else { known }.and(shown);
            Some(if left.is_empty() { shown } else { left }.bits())
        };
        // It never fails, as there is always a next value.
        let _ = self.here().possible.fetch_update(Ordering::Relaxed, Ordering::Relaxed, narrow);
    }

    pub(super) fn leave(&self, possible: Dialects) {
        self.here().possible.store(possible.bits(), Ordering::Relaxed);
    }

    /// How often the server was asked. Others wait until this is dropped.
    pub(super) fn asked(&self) -> MutexGuard<'_, u32> {
        self.here().asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn finding(&self) -> Option<Finding> {
        *self.here().finding.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn found(&self, finding: Finding) {
        *self.here().finding.lock().unwrap_or_else(PoisonError::into_inner) = Some(finding);
    }

    /// Notes that a card was found by a key.
    pub(super) fn note_key(&self, key: Key) {
        self.here().keys.fetch_or(key as u8, Ordering::Relaxed);
    }

    /// Whether a card was found by a key, so that the server has it.
    pub(super) fn has_key(&self, key: Key) -> bool {
        self.here().keys.load(Ordering::Relaxed) & key as u8 != 0
    }

    pub(super) fn forget_keys(&self) {
        self.here().keys.store(0, Ordering::Relaxed);
    }
}

/// Whether an error may be that of a call which the server does not have: it says so, or it ignored a filter. A redirect
/// or a page for people is rather a sign-in, and not asked about again.
pub(super) fn may_lack(error: &Error) -> bool {
    matches!(error.status(), Some(404 | 405)) || matches!(error, Error::Ignored { .. })
}
