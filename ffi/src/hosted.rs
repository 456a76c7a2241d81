//! What clients and readers have in common, with an operating system below: handles, the detail of the last error,
//! the log.
//!
//! Handles are boxes: a `_new` function and its like make one, the `_free` of its type drops it. The detail of the
//! last error belongs to a thread, the log to the process.

mod log;
#[cfg(feature = "client")]
mod own_thread;

#[cfg(feature = "client")]
pub(crate) use own_thread::{Line, on_own_thread, on_own_thread_asking};

pub use log::{CardwrightLog, CardwrightLogLevel, CardwrightLogRecord, cardwright_log_set};

use crate::detail;
use crate::error::{CardwrightError, Name, refused};
use crate::frame::parameter::valid;
use crate::frame::{self, Kind, buffer};
use cardwright_core::Error;
use core::ffi::{c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError, TryLockResult};
#[cfg(feature = "client")]
use std::time::Duration;

/// Writes the detail of this thread's last error, of the last code other than `CARDWRIGHT_OK` that a function returned:
/// what was asked, the server's own words, what the layers below said; at least the code and the name of what is wrong in
/// words. Empty after a successful call to a function of a client or a reader, unless that says otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_last_error(
    buffer: *mut c_char, capacity: usize, length: *mut usize, error: *mut CardwrightError,
) -> i32 {
    let body = || buffer!(buffer, capacity, length).text(|out| out.write_str(&detail::last()));
    // SAFETY: `error` is a parameter, which the caller keeps to the conventions.
    unsafe { frame::run_beside_detail(error, body) }
}

/// An object that the library allocates. Any pointer to it is a reference: if it changes, there is a lock inside.
pub(crate) struct Handle;

impl<T: 'static> Kind<T> for Handle {
    type Const<'call> = &'call T;
    type Mut<'call> = &'call T;

    unsafe fn from_const<'call>(pointer: *const T, name: Name) -> Result<&'call T, Error> {
        valid(pointer, name)?;
        // SAFETY: not null, and from `into_raw` as this function's caller promises.
        Ok(unsafe { &*pointer })
    }

    unsafe fn from_mut<'call>(pointer: *mut T, name: Name) -> Result<&'call T, Error> {
        // SAFETY: as this function's caller promises.
        unsafe { Self::from_const(pointer, name) }
    }
}

/// A type of handle, and whether it may be shared between threads, as the header says, or may only move to another one.
macro_rules! handle {
    ($type:ty: $($bounds:tt)+) => {
        impl $crate::frame::Pointee for $type {
            type Kind = $crate::hosted::Handle;
        }
        const _: () = {
            const fn holds<T: $($bounds)+>() {}
            holds::<$type>();
        };
    };
}
pub(crate) use handle;

/// Makes a handle, for [`free`].
pub(crate) fn into_raw<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

/// Drops what a handle stands for; nothing for `NULL`.
macro_rules! free {
    ($handle:expr) => {
        // SAFETY: the handle comes from `into_raw`, and the caller frees it once, when nobody uses it.
        unsafe { $crate::hosted::from_raw($handle) }
    };
}
pub(crate) use free;

/// # Safety
/// `handle` is null, or comes from [`into_raw`] and was not passed to this function before.
pub(crate) unsafe fn from_raw<T>(handle: *mut T) {
    if !handle.is_null() {
        // SAFETY: as this function's caller promises.
        let value = unsafe { Box::from_raw(handle) };
        // To drop it may close connections; a panic there must not reach C.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(value)));
    }
}

/// Locks what one call may use at a time, of the parameter that is called `name`. It never waits: another call that is under way is the caller's own, which
/// comes back from the log, or a mistake.
pub(crate) fn write<'l, T>(lock: &'l RwLock<T>, name: Name) -> Result<RwLockWriteGuard<'l, T>, Error> {
    locked(lock.try_write(), name)
}

/// Locks what several calls may read at a time, and none while another one has it by [`write`].
pub(crate) fn read<'l, T>(lock: &'l RwLock<T>, name: Name) -> Result<RwLockReadGuard<'l, T>, Error> {
    locked(lock.try_read(), name)
}

fn locked<Guard>(tried: TryLockResult<Guard>, name: Name) -> Result<Guard, Error> {
    match tried {
        Ok(guard) => Ok(guard),
        // What a panic leaves stays usable.
        Err(TryLockError::Poisoned(poisoned)) => Ok(PoisonError::into_inner(poisoned)),
        Err(TryLockError::WouldBlock) => Err(refused(name, "another call that is under way uses it")),
    }
}

/// What the program wants its function to be passed.
#[derive(Clone, Copy)]
pub(crate) struct Context(*mut c_void);

// SAFETY: it is only passed to the program's function, which may be called on any thread.
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

/// A number of milliseconds; 0 for the default.
#[cfg(feature = "client")]
pub(crate) fn milliseconds(number: u32, default: Duration) -> Duration {
    if number == 0 { default } else { Duration::from_millis(number.into()) }
}
