//! What a connection is doing, as reported by its socket and its requests; and how long it may be silent.

use axum::body::Bytes;
use core::task::{Poll, Waker};
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long a connection may be silent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Until the head of a request is there, from the connection or from its first byte.
    pub(crate) head: Duration,
    /// Between two requests.
    pub(crate) idle: Duration,
    /// While the client reads less than [`PROGRESS`].
    pub(crate) stall: Duration,
}

/// How much a client must read at least within the limit for stalls, if not all that is there: one that reads a byte now
/// and then would otherwise keep its answer for ever. It is some more, as the system lets the server write only when a part
/// of its own buffer is free.
const PROGRESS: usize = 16 << 10;

/// What a connection is doing. All users run in the connection's own task, so the lock is never contended.
#[derive(Debug)]
pub(crate) struct Activity(Mutex<Current>);

#[derive(Debug)]
struct Current {
    phase: Phase,
    /// Since when the client has read too little.
    stalled: Option<Instant>,
    /// How much it has read since then.
    taken: usize,
    /// Whether a part of an answer was handed over and may not be sent yet.
    is_unflushed: bool,
    /// Woken once everything is sent.
    waker: Option<Waker>,
    /// What is sent instead of HTTP.
    noise: Option<Bytes>,
    /// Whether the server ends the connection, as something has not happened in time.
    is_let_go: bool,
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

impl Activity {
    pub(crate) fn new() -> Self {
        let phase = Phase::Head(Instant::now());
        Activity(Mutex::new(Current {
            phase,
            stalled: None,
            taken: 0,
            is_unflushed: false,
            waker: None,
            noise: None,
            is_let_go: false,
        }))
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request has arrived.
    pub(crate) fn begin(&self) {
        self.current().phase = Phase::Busy;
    }

    /// A part of the answer is handed over, to be written.
    pub(crate) fn hand_over(&self) {
        self.current().is_unflushed = true;
    }

    /// The whole answer is handed over, or is no longer wanted.
    pub(crate) fn end(&self) {
        let mut current = self.current();
        current.phase = Phase::Idle(Instant::now());
        current.is_unflushed = true;
    }

    /// Bytes have arrived.
    pub(crate) fn received(&self) {
        let mut current = self.current();
        if let Phase::Idle(_) = current.phase {
            current.phase = Phase::Head(Instant::now());
        }
    }

    /// The client accepted bytes, or did not.
    pub(crate) fn sent(&self, written: &Poll<io::Result<usize>>) {
        let mut current = self.current();
        match written {
            Poll::Ready(Ok(bytes)) => current.taken = current.taken.saturating_add(*bytes),
            Poll::Ready(Err(_)) => {}
            Poll::Pending if current.stalled.is_none() || current.taken >= PROGRESS => {
                (current.stalled, current.taken) = (Some(Instant::now()), 0);
            }
            Poll::Pending => {}
        }
    }

    /// Everything that was handed over is sent.
    pub(crate) fn flushed(&self) {
        let mut current = self.current();
        (current.is_unflushed, current.stalled) = (false, None);
        if let Some(waker) = current.waker.take() {
            waker.wake();
        }
    }

    /// Whether everything is sent; if not, `waker` is woken once it is.
    pub(crate) fn is_flushed(&self, waker: &Waker) -> bool {
        let mut current = self.current();
        if current.is_unflushed {
            current.waker = Some(waker.clone());
        }
        !current.is_unflushed
    }

    /// Something has not happened in time: the server ends the connection.
    pub(crate) fn let_go(&self) {
        self.current().is_let_go = true;
    }

    /// Whether the server ends the connection for that.
    pub(crate) fn is_let_go(&self) -> bool {
        self.current().is_let_go
    }

    /// From now on only this is sent.
    pub(crate) fn replace_output(&self, noise: Bytes) {
        self.current().noise = Some(noise);
    }

    /// What is to be sent instead of HTTP.
    pub(crate) fn noise(&self) -> Option<Bytes> {
        self.current().noise.clone()
    }

    /// Whether no request is under way.
    pub(crate) fn is_between_requests(&self) -> bool {
        let current = self.current();
        !matches!(current.phase, Phase::Busy) && !current.is_unflushed
    }

    /// By when something must happen.
    pub(crate) fn deadline(&self, limits: &Limits) -> Option<Instant> {
        let current = self.current();
        let phase = match current.phase {
            Phase::Head(since) => Some(since + limits.head),
            Phase::Busy => None,
            Phase::Idle(since) => Some(since + limits.idle),
        };
        let stall = current.stalled.map(|since| since + limits.stall);
        phase.into_iter().chain(stall).min()
    }
}
