//! The detail of the last error, by thread.

use crate::boundary::{self, Buffer, CardwrightError};
use core::ffi::c_char;
use std::cell::{Cell, RefCell};
use std::error::Error;

thread_local! {
    /// Whether the call that is under way has told a detail.
    static TOLD: Cell<bool> = const { Cell::new(false) };
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Writes the detail of the last code other than `CARDWRIGHT_OK` that a function returned to this thread: what was
/// asked, the server's own words, what the layers below said. Empty where the code says it all, and after a call
/// of a client or a reader that succeeded.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_last_error(
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: buffer and length are the caller's to be written to.
        let buffer = unsafe { Buffer::new(buffer, capacity, length) }?;
        // Nothing of a thread that ends: its own is gone then.
        let last = LAST.try_with(|last| last.borrow().clone()).unwrap_or_default();
        buffer.text(|out| out.write_str(&last))
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { boundary::run_aside(error, body) }
}

/// Keeps the detail of an error, with what is below it.
pub(crate) fn note(error: &dyn Error) {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        let more = error.to_string();
        if !text.contains(&more) {
            text = text + ": " + &more;
        }
        below = error.source();
    }
    change(|last| *last = text);
    TOLD.set(true);
}

/// A thread that ends has none any more: in a destructor of one of its variables, and in what `atexit` calls.
fn change(how: impl FnOnce(&mut String)) {
    let _ = LAST.try_with(|last| last.try_borrow_mut().map(|mut last| how(&mut last)));
}

/// A function failed: what an earlier one told is not about it.
pub(crate) fn failed() {
    if !TOLD.get() {
        change(String::clear);
    }
}

/// A call begins that may have a detail to tell.
pub(super) fn begin() {
    change(String::clear);
    TOLD.set(false);
}

/// It ends; what it told stays.
pub(super) fn end() {
    TOLD.set(false);
}
