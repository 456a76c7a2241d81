//! The detail of the last error of a client, by thread.

use crate::boundary::{Buffer, CardwrightError, run};
use core::ffi::c_char;
use std::cell::RefCell;

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Writes the detail of the last error that a function of a client returned to this thread: what was asked,
/// the server's own words, what the layers below said. Empty where there was none.
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
    unsafe { run(error, body) }
}

/// Keeps the detail of a client's error, and makes what crosses the boundary of it.
pub(super) fn noted(error: cardwright_client::Error) -> cardwright_core::Error {
    LAST.with_borrow_mut(|last| *last = error.to_string());
    match error {
        cardwright_client::Error::Call(error) => error,
        cardwright_client::Error::Decode(decode) => decode.error,
        other => cardwright_core::Error::new(other.code(), 0),
    }
}
