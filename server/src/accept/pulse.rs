//! What a connection is doing, as its wire and its requests tell.

use super::Patience;
use axum::body::Bytes;
use core::task::Waker;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// What a connection is doing. Everything that touches it runs in the connection's own task, so the
/// lock is never waited for.
#[derive(Debug)]
pub(crate) struct Pulse(Mutex<State>);

#[derive(Debug)]
struct State {
    phase: Phase,
    /// Since when the client takes nothing.
    stalled: Option<Instant>,
    /// Whether a part of an answer was handed over that may not have left yet.
    is_unflushed: bool,
    /// Who waits until everything has left.
    waits: Option<Waker>,
    /// What is sent instead of HTTP.
    noise: Option<Bytes>,
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    /// The head of a request is awaited, since this time.
    Head(Instant),
    /// A request is carried out or answered.
    Busy,
    /// The last request is answered, since this time.
    Idle(Instant),
}

/// Bytes to send instead of an answer: an extension of the answer that they replace.
#[derive(Debug, Clone)]
pub(crate) struct Noise(pub(crate) Bytes);

impl Pulse {
    pub(super) fn new() -> Self {
        let phase = Phase::Head(Instant::now());
        Pulse(Mutex::new(State { phase, stalled: None, is_unflushed: false, waits: None, noise: None }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request has come.
    pub(super) fn begins(&self) {
        self.state().phase = Phase::Busy;
    }

    /// A part of the answer is handed over, to be written.
    pub(crate) fn hands_over(&self) {
        self.state().is_unflushed = true;
    }

    /// The answer is handed over whole, or nobody wants it any more.
    pub(crate) fn ends(&self) {
        let mut state = self.state();
        state.phase = Phase::Idle(Instant::now());
        state.is_unflushed = true;
    }

    /// Bytes have come.
    pub(super) fn receives(&self) {
        let mut state = self.state();
        if let Phase::Idle(_) = state.phase {
            state.phase = Phase::Head(Instant::now());
        }
    }

    /// The client took bytes, or did not.
    pub(super) fn sends(&self, took: bool) {
        let mut state = self.state();
        if took {
            state.stalled = None;
        } else if state.stalled.is_none() {
            state.stalled = Some(Instant::now());
        }
    }

    /// Everything that was handed over has left.
    pub(super) fn flushed(&self) {
        let mut state = self.state();
        state.is_unflushed = false;
        if let Some(waker) = state.waits.take() {
            waker.wake();
        }
    }

    /// Whether everything has left; where not, `waker` is woken when it has.
    pub(crate) fn has_left(&self, waker: &Waker) -> bool {
        let mut state = self.state();
        if state.is_unflushed {
            state.waits = Some(waker.clone());
        }
        !state.is_unflushed
    }

    /// From now on nothing is sent but this.
    pub(super) fn drown(&self, noise: Noise) {
        self.state().noise = Some(noise.0);
    }

    /// What is to be sent instead of HTTP.
    pub(super) fn noise(&self) -> Option<Bytes> {
        self.state().noise.clone()
    }

    /// Whether no request is under way.
    pub(super) fn is_between_requests(&self) -> bool {
        let state = self.state();
        !matches!(state.phase, Phase::Busy) && !state.is_unflushed
    }

    /// Until when something must happen.
    pub(super) fn deadline(&self, patience: &Patience) -> Option<Instant> {
        let state = self.state();
        let phase = match state.phase {
            Phase::Head(since) => Some(since + patience.head),
            Phase::Busy => None,
            Phase::Idle(since) => Some(since + patience.idle),
        };
        let stall = state.stalled.map(|since| since + patience.stall);
        phase.into_iter().chain(stall).min()
    }
}
