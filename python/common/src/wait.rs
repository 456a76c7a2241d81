//! Waiting without the interpreter, and ending the wait by Ctrl-C.
//!
//! Python handles signals on its main thread, and only between two of its own instructions. So what
//! may block is done on a thread of its own when the main thread asks for it, which looks for signals
//! meanwhile. Work that nobody waits for any more goes on until its own time limits end it.

use crate::Failure;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

/// How long a signal may wait to be seen.
const SLICE: Duration = Duration::from_millis(50);

/// Does what may block, without the interpreter.
///
/// # Errors
/// What a signal's handler raises, such as `KeyboardInterrupt`.
pub fn blocking<T: Send + 'static>(py: Python<'_>, work: impl FnOnce() -> T + Send + 'static) -> PyResult<T> {
    if !on_main_thread(py)? {
        return Ok(py.detach(work));
    }
    let (tell, mut told) = sync_channel(1);
    std::thread::Builder::new().name("cardwright".into()).spawn(move || {
        // Nobody may be waiting any more.
        let _ = tell.send(work());
    })?;
    Ok(receive(py, &mut told)?.ok_or_else(panicked)?)
}

/// The next of what another thread tells; `None` when that thread has ended.
///
/// # Errors
/// As [`blocking`].
pub fn receive<T: Send>(py: Python<'_>, told: &mut Receiver<T>) -> PyResult<Option<T>> {
    receive_while(py, told, || Ok(()))
}

/// The same, for as long as nothing ends the wait.
///
/// # Errors
/// As [`blocking`], and what ends the wait.
pub fn receive_while<T: Send>(
    py: Python<'_>,
    told: &mut Receiver<T>,
    goes_on: impl Fn() -> PyResult<()>,
) -> PyResult<Option<T>> {
    loop {
        goes_on()?;
        let waited = &mut *told;
        match py.detach(move || waited.recv_timeout(SLICE)) {
            Ok(heard) => return Ok(Some(heard)),
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) => py.check_signals()?,
        }
    }
}

/// A thread has ended without a word.
#[must_use]
pub fn panicked() -> Failure {
    Failure::internal("a thread of Cardwright panicked")
}

fn on_main_thread(py: Python<'_>) -> PyResult<bool> {
    static IDENT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static MAIN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let here = IDENT.import(py, "threading", "get_ident")?.call0()?;
    let main = MAIN.import(py, "threading", "main_thread")?.call0()?.getattr("ident")?;
    here.eq(main)
}
