//! Errors as they cross to C: a code, and a structure with the details.

use cardwright_core::{Code, Error};
use core::ffi::c_char;

/// What is wrong, where, and with what. Written only when a function returns something other than
/// `CARDWRIGHT_OK`; every function accepts `NULL` for it.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightError {
    /// `sizeof(CardwrightError)`, set by the caller.
    pub struct_size: u32,
    /// The code that the function returned: a `CardwrightCode`.
    pub code: i32,
    /// Where, in bytes from the start of the input. With `CARDWRIGHT_CODE_ROOM` from a function that writes
    /// into a buffer: the capacity that is needed. For what a dialect lacks: the dialect's number.
    pub at: usize,
    /// The field, parameter or operation concerned, by its name on the wire; static, never `NULL`, and
    /// empty if there is none. Not `\0`-terminated.
    pub what: *const c_char,
    /// The length of `what` in bytes.
    pub what_length: usize,
}

impl CardwrightError {
    pub(crate) fn new(error: Error) -> Self {
        CardwrightError {
            struct_size: size_of::<Self>() as u32,
            code: error.code.number().into(),
            at: error.at,
            what: error.what.as_ptr().cast(),
            what_length: error.what.len(),
        }
    }
}

/// The error for a null pointer and any other argument that a function does not accept.
pub(crate) const ARGUMENT: Error = Error::new(Code::Argument, 0);
