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
    /// The field, parameter, member or operation concerned; static, never `NULL`, and empty if there is none. Not
    /// `\0`-terminated. With `CARDWRIGHT_CODE_ARGUMENT` it is the name of the parameter or member as this header has
    /// it, except on bare metal, which has no names of parameters; of what is sent, the name on the wire.
    pub what: *const c_char,
    /// The length of `what` in bytes.
    pub what_length: usize,
    /// The HTTP status with which the server refused; 0 if it did not.
    #[cfg(feature = "hosted")]
    pub http_status: u32,
    /// All of it in words, the server's own among them: what `cardwright_last_error` writes. Never `NULL`, not
    /// `\0`-terminated. It belongs to the thread, and is valid until a function of a client or a reader is called, or
    /// any function fails, in this thread.
    #[cfg(feature = "hosted")]
    pub words: *const c_char,
    /// The length of `words` in bytes.
    #[cfg(feature = "hosted")]
    pub words_length: usize,
}

impl CardwrightError {
    pub(crate) fn new(error: Error) -> Self {
        #[cfg(feature = "hosted")]
        let (words, words_length) = crate::detail::place();
        CardwrightError {
            struct_size: size_of::<Self>() as u32,
            code: error.code.number().into(),
            at: error.at,
            what: error.what.as_ptr().cast(),
            what_length: error.what.len(),
            #[cfg(feature = "hosted")]
            http_status: crate::detail::http_status(),
            #[cfg(feature = "hosted")]
            words,
            #[cfg(feature = "hosted")]
            words_length,
        }
    }
}

/// What a parameter or a member is called.
#[cfg(feature = "hosted")]
pub(crate) type Name = &'static str;

/// What a parameter or a member is called, which nobody is told: the names would take 2.5 KB of flash.
#[cfg(not(feature = "hosted"))]
#[derive(Clone, Copy)]
pub(crate) struct Name;

/// The [`Name`] of a parameter or a member.
#[cfg(feature = "hosted")]
macro_rules! name {
    ($parameter:ident) => {
        stringify!($parameter)
    };
    ($structure:ident . $member:ident) => {
        stringify!($member)
    };
}

#[cfg(not(feature = "hosted"))]
macro_rules! name {
    ($($parameter:ident).+) => {
        $crate::error::Name
    };
}

pub(crate) use name;

/// The error for an argument that is not accepted: its name, and why. Both are left out where nothing keeps them.
pub(crate) fn refused(name: Name, why: &'static str) -> Error {
    #[cfg(feature = "hosted")]
    crate::detail::because(why);
    #[cfg(not(feature = "hosted"))]
    let _ = why;
    Error::of(Code::Argument, said(name))
}

/// A name as errors have it.
#[cfg(feature = "hosted")]
pub(crate) fn said(name: Name) -> &'static str {
    name
}

#[cfg(not(feature = "hosted"))]
pub(crate) fn said(_: Name) -> &'static str {
    ""
}
