//! Waiting without the interpreter, and ending the wait by Ctrl-C.
//!
//! Python handles signals on its main thread, and only between two of its own instructions. So what
//! may block is done on a thread of its own when the main thread asks for it, which looks for signals
//! meanwhile. Work that nobody waits for any more goes on until its own time limits end it.

use crate::Failure;
use crate::logging::{Mark, Scope};
use crate::main_thread::on_main_thread;
use pyo3::prelude::*;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::time::Duration;

/// How long a signal may wait to be seen.
const SLICE: Duration = Duration::from_millis(50);

/// Does what may block, without the interpreter.
///
/// # Errors
/// What a signal's handler raises, such as `KeyboardInterrupt`, or a handler of `logging`.
pub fn blocking<T: Send + 'static>(py: Python<'_>, work: impl FnOnce() -> T + Send + 'static) -> PyResult<T> {
    let (tell, mut told) = channel(py, 1)?;
    if !told.log.is_heard() && !on_main_thread(py)? {
        return Ok(py.detach(told.mark().around(work)));
    }
    let work = told.mark().around(work);
    std::thread::Builder::new().name("cardwright".into()).spawn(move || {
        // Nobody may be waiting any more.
        let _ = tell.send(work());
    })?;
    Ok(receive(py, &mut told)?.ok_or_else(panicked)?)
}

/// Does what does not block, and logs what it has to say.
///
/// # Errors
/// What a handler of `logging` raises that is no `Exception`.
pub fn here<T>(py: Python<'_>, work: impl FnOnce() -> T) -> PyResult<T> {
    let log = Scope::new(py)?;
    let done = log.mark().around(work)();
    log.tell(py)?;
    Ok(done)
}

/// What another thread tells, and what it logs.
pub struct Told<T> {
    told: Receiver<T>,
    /// What was heard when a handler of `logging` raised.
    kept: Option<T>,
    log: Scope,
}

/// A way for another thread to tell something, with room for so much.
///
/// # Errors
/// What Python raises when it is asked for the levels of logging.
pub fn channel<T>(py: Python<'_>, room: usize) -> PyResult<(SyncSender<T>, Told<T>)> {
    let (tell, told) = sync_channel(room);
    Ok((tell, Told { told, kept: None, log: Scope::new(py)? }))
}

impl<T> Told<T> {
    /// What lets the thread that tells log for this call.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.log.mark()
    }

    /// What is told already, where no log comes with it.
    ///
    /// # Errors
    /// Where it is nothing yet, or the thread has ended.
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        if self.log.is_heard() {
            return Err(TryRecvError::Empty);
        }
        self.kept.take().map_or_else(|| self.told.try_recv(), Ok)
    }
}

/// The next of what another thread tells; `None` when that thread has ended.
///
/// # Errors
/// As [`blocking`]. What was told comes with the next call.
pub fn receive<T: Send>(py: Python<'_>, told: &mut Told<T>) -> PyResult<Option<T>> {
    receive_while(py, told, || Ok(()))
}

/// The same, for as long as nothing ends the wait.
///
/// # Errors
/// As [`blocking`], and what ends the wait.
pub fn receive_while<T: Send>(
    py: Python<'_>,
    told: &mut Told<T>,
    goes_on: impl Fn() -> PyResult<()>,
) -> PyResult<Option<T>> {
    loop {
        goes_on()?;
        if told.kept.is_none() {
            let waited = &mut told.told;
            match py.detach(move || waited.recv_timeout(SLICE)) {
                Ok(heard) => told.kept = Some(heard),
                Err(RecvTimeoutError::Disconnected) => {
                    told.log.tell(py)?;
                    return Ok(None);
                }
                Err(RecvTimeoutError::Timeout) => py.check_signals()?,
            }
        }
        told.log.tell(py)?;
        if let Some(heard) = told.kept.take() {
            return Ok(Some(heard));
        }
    }
}

/// A thread has ended without a word.
#[must_use]
pub fn panicked() -> Failure {
    Failure::internal("a thread of Cardwright panicked")
}
