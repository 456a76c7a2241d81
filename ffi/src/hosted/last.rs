//! The detail of the last error, by thread.

use crate::boundary::{self, Buffer, CardwrightError};
use core::ffi::c_char;
use std::cell::RefCell;
use std::error::Error;

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Writes the detail of what went wrong in this thread's last call that concerns a client or a reader: what was
/// asked, the server's own words, what the layers below said. Empty where nothing went wrong, or where the code
/// says it all.
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
    unsafe { boundary::run(error, body) }
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
}

/// Keeps nothing.
pub(super) fn forget() {
    LAST.with_borrow_mut(String::clear);
}
