//! What all requests share, and how much of it there is: whatever clients do at the same time, memory has a bound.

use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many long answers there may be at a time. Further ones wait for their turn.
const MAX_ANSWERS: usize = 256;

/// How many pages of them are made at a time.
const MAX_MAKING: usize = 8;

/// A body up to this length, in bytes, is taken from any connection.
const SHORT_BODY: u64 = 16 << 10;

/// How many longer bodies may arrive at a time, as they arrive before it is known who sends them.
const MAX_BODIES: usize = 64;

/// The bounds.
#[derive(Debug)]
pub(crate) struct Bounds {
    pub(crate) answers: Arc<Semaphore>,
    pub(crate) making: Semaphore,
    bodies: Semaphore,
}

impl Bounds {
    pub(crate) fn new() -> Self {
        Bounds {
            answers: Arc::new(Semaphore::new(MAX_ANSWERS)),
            making: Semaphore::new(MAX_MAKING),
            bodies: Semaphore::new(MAX_BODIES),
        }
    }

    /// Waits until a body may arrive that is of this length at most, if that is known.
    pub(crate) async fn body(&self, length: Option<u64>) -> Option<SemaphorePermit<'_>> {
        if length.is_some_and(|length| length <= SHORT_BODY) {
            return None;
        }
        self.bodies.acquire().await.ok()
    }
}
