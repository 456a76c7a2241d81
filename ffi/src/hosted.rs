//! What clients and readers have in common, with an operating system below: handles, the detail of the last
//! error, the log.
//!
//! Handles are boxes: what `_new` and its like give away, `_free` takes back. The detail of the last error is
//! each thread's own. The log is the process's.

mod last;
mod log;

pub use last::cardwright_last_error;
pub use log::{CardwrightLog, CardwrightLogLevel, CardwrightLogRecord, cardwright_log_set};

pub(crate) use last::{failed, note};

use crate::boundary::{self, ARGUMENT, CardwrightError, CardwrightText};
use cardwright_core::Error;
use core::ffi::c_void;
#[cfg(feature = "reader")]
use std::sync::RwLockReadGuard;
use std::sync::{PoisonError, RwLock, RwLockWriteGuard, TryLockError, TryLockResult};

/// As [`boundary::run`], for what may have a detail to tell.
///
/// # Safety
/// As [`boundary::run`].
pub(crate) unsafe fn run(error: *mut CardwrightError, body: impl FnOnce() -> Result<(), Error>) -> i32 {
    last::begin();
    // SAFETY: as this function's caller promises.
    let code = unsafe { boundary::run(error, body) };
    last::end();
    code
}

/// Gives a value away, for [`take_back`].
pub(crate) fn give<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

/// What a handle stands for.
///
/// # Safety
/// `given` is null, or what [`give`] gave away and nobody has taken back, or uses alone, for `'a`.
pub(crate) unsafe fn handle<'a, T>(given: *const T) -> Result<&'a T, Error> {
    if given.is_null() {
        return Err(ARGUMENT);
    }
    // SAFETY: not null, and as this function's caller promises.
    Ok(unsafe { &*given })
}

/// What one call has at a time. Nobody waits for it: another call that is under way is the caller's own, who comes back
/// from the log, or a mistake.
pub(crate) fn alone<T>(one: &RwLock<T>) -> Result<RwLockWriteGuard<'_, T>, Error> {
    free(one.try_write())
}

/// What several calls may read at a time, and none while one has it [`alone`].
#[cfg(feature = "reader")]
pub(crate) fn beside<T>(one: &RwLock<T>) -> Result<RwLockReadGuard<'_, T>, Error> {
    free(one.try_read())
}

fn free<G>(tried: TryLockResult<G>) -> Result<G, Error> {
    match tried {
        Ok(guard) => Ok(guard),
        // What a panic leaves stays usable.
        Err(TryLockError::Poisoned(poisoned)) => Ok(PoisonError::into_inner(poisoned)),
        Err(TryLockError::WouldBlock) => Err(ARGUMENT),
    }
}

/// Takes back what a function gave away; nothing for `NULL`.
///
/// # Safety
/// `given` is null, or comes from [`give`] and was not taken back before.
pub(crate) unsafe fn take_back<T>(given: *mut T) {
    if !given.is_null() {
        // SAFETY: as this function's caller promises.
        let taken = unsafe { Box::from_raw(given) };
        // What is dropped closes connections; a panic there must not reach C.
        let _ = std::panic::catch_unwind(core::panic::AssertUnwindSafe(|| drop(taken)));
    }
}

/// What a function of the program's is handed.
#[derive(Clone, Copy)]
pub(crate) struct Context(*mut c_void);

// SAFETY: it is only handed back to the program's function, which takes it on any thread.
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

impl Context {
    pub(crate) fn new(pointer: *mut c_void) -> Self {
        Context(pointer)
    }

    pub(crate) fn pointer(self) -> *mut c_void {
        self.0
    }
}

impl CardwrightText {
    /// A text that lies in an object of the library, for as long as that keeps it.
    pub(crate) fn within(text: &str) -> Self {
        CardwrightText { data: text.as_ptr().cast(), length: text.len() }
    }
}

/// So many milliseconds; 0 for what is usual.
pub(crate) fn milliseconds(given: u32, usual: std::time::Duration) -> std::time::Duration {
    if given == 0 { usual } else { std::time::Duration::from_millis(given.into()) }
}
