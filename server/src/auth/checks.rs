//! The threads that check passwords: few, each with memory of its own, behind a bounded queue.
//!
//! However many ask, checks take no more memory and no more cores than these. A check that nobody waits for
//! any more is not begun.

use crate::password::{self, Memory};
use crate::{Error, Secret};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;
use tokio::sync::oneshot;

/// How many checks may wait.
const MAX_WAITING: usize = 64;

/// The queue of checks. The threads end when it is dropped.
pub(super) struct Checks(SyncSender<Check>);

struct Check {
    password: Secret,
    hash: Arc<str>,
    answer: oneshot::Sender<Result<bool, Error>>,
}

impl Checks {
    /// Starts the threads: one for each two cores, so that the others are left for everybody else.
    pub(super) fn new() -> Result<Self, Error> {
        let (queue, waiting) = sync_channel(MAX_WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        let cores = std::thread::available_parallelism().map_or(1, core::num::NonZero::get);
        for _ in 0..(cores / 2).clamp(1, 4) {
            let (waiting, memory) = (Arc::clone(&waiting), Memory::new()?);
            let thread = Builder::new().name("cardwright-passwords".into());
            thread.spawn(move || run(&waiting, memory)).map_err(Error::Runtime)?;
        }
        Ok(Checks(queue))
    }

    /// Whether a hash is that of a password.
    ///
    /// # Errors
    /// [`Error::Busy`] if too many wait already; others if it cannot be checked.
    pub(super) async fn matches(&self, password: Secret, hash: Arc<str>) -> Result<bool, Error> {
        let (answer, result) = oneshot::channel();
        match self.0.try_send(Check { password, hash, answer }) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(Error::Busy),
            Err(TrySendError::Disconnected(_)) => return Err(Error::Crypto("passwords are no longer checked")),
        }
        result.await.unwrap_or(Err(Error::Crypto("the check of a password was broken off")))
    }
}

fn run(waiting: &Mutex<Receiver<Check>>, mut memory: Memory) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(check) = next else { return };
        if !check.answer.is_closed() {
            let judged = password::matches(&check.password, &check.hash, &mut memory);
            let _ = check.answer.send(judged);
        }
    }
}
