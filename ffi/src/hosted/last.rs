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
        let last = LAST.with_borrow(String::clone);
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
    LAST.set(text);
    TOLD.set(true);
}

/// A function failed: what an earlier one told is not about it.
pub(crate) fn failed() {
    if !TOLD.get() {
        LAST.with_borrow_mut(String::clear);
    }
}

/// A call begins that may have a detail to tell.
pub(super) fn begin() {
    LAST.with_borrow_mut(String::clear);
    TOLD.set(false);
}

/// It ends; what it told stays.
pub(super) fn end() {
    TOLD.set(false);
}
