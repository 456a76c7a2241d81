//! How many long answers there are at a time, and how many of their pages are made.

use std::sync::Arc;
use tokio::sync::Semaphore;

/// How many long answers there may be at a time. Further ones wait for their turn.
const MAX_ANSWERS: usize = 256;

/// How many pages are made at a time.
const MAX_MAKING: usize = 8;

/// How many long answers and pages there are.
#[derive(Debug)]
pub(crate) struct Presses {
    pub(crate) answers: Arc<Semaphore>,
    pub(crate) making: Semaphore,
}

impl Presses {
    pub(crate) fn new() -> Self {
        Presses { answers: Arc::new(Semaphore::new(MAX_ANSWERS)), making: Semaphore::new(MAX_MAKING) }
    }
}
