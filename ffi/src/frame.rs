//! The frame of every exported function: check the parameters, run the body, return a code.
//!
//! ```text
//! pub unsafe extern "C" fn cardwright_date_parse(date: CardwrightText, seconds: *mut i64, error: *mut CardwrightError) -> i32 {
//!     boundary!(error, {
//!         let (date, seconds) = from_c!(date, seconds);
//!         seconds.put(Moment::parse(date).ok_or(…)?.seconds);
//!     })
//! }
//! ```
//!
//! - [`boundary!`] runs a body that ends early with `?` and returns its code; [`boundary_with_detail!`] also keeps
//!   what `cardwright_last_error` writes, for functions of clients and readers.
//! - [`from_c!`] takes parameters for what their types say ([`FromC`]): a `CardwrightText` is a `&str`, a pointer to a
//!   structure a reference, a pointer to an output a [`Place`].
//! - [`nullable!`] is the same for a parameter that may be `NULL`.
//! - [`slice!`], [`buffer!`] and [`chunk!`] are for pointers that come with a length.
//!
//! A body takes all its parameters first, so that nothing is done on behalf of a call with a wrong one. Each of these
//! macros names what it refuses, by what the parameter or the member is called.
//!
//! # Soundness
//!
//! The `unsafe` that all exported functions share is in these macros, which are used nowhere else than in exported
//! functions, on their parameters, and in what they call, on members of structures that came in as parameters. They
//! rely on what the conventions on top of the header demand of the caller of every function:
//!
//! - A pointer that is not null points to a value of its type, or to as many as the length beside it says. What a
//!   `const` pointer or a text points to stays as it is until the function returns, and what any other pointer points
//!   to may be written to. The same holds for the pointers and texts in structures.
//! - A handle comes from this library and is not freed before the function returns. A `T *` is used by one thread at a
//!   time, except where a function says otherwise; handles for which that matters are locks inside.
//!
//! What can be recognised is checked: null, alignment, the sizes of structures, the marks of storage, UTF-8. What is
//! taken borrows from the parameter, which is a local variable of the function, so it cannot be kept beyond the call.

pub(crate) mod parameter;
mod place;
mod stream;
pub(crate) mod structure;

pub(crate) use parameter::{FromC, Kind, Pointee, plain};
pub(crate) use stream::{Buffer, Chunk, row};
pub(crate) use structure::{size, structures};

use crate::error::{CardwrightError, name, refused};
use cardwright_core::Error;

/// Runs the body of an exported function and returns its code.
macro_rules! boundary {
    ($error:expr, $body:block) => {{
        let body = || {
            let () = $body;
            Ok(())
        };
        // SAFETY: `error` is a parameter, which the caller keeps to the conventions.
        unsafe { $crate::frame::run($error, body) }
    }};
}

/// As [`boundary!`], for a function whose errors have a detail for `cardwright_last_error`.
#[cfg(feature = "hosted")]
macro_rules! boundary_with_detail {
    ($error:expr, $body:block) => {{
        $crate::detail::begin();
        $crate::frame::boundary!($error, $body)
    }};
}

/// Takes parameters, or members of structures, for what their types say; or an element of the array `of` this name.
macro_rules! from_c {
    ($element:ident of $array:ident) => {
        // SAFETY: this is an element of a member, which the caller keeps to the conventions.
        unsafe { $crate::frame::FromC::from_c($element, $crate::error::name!($array))? }
    };
    ($($parameter:ident $(. $member:ident)?),+) => {
        // SAFETY: these are parameters or their members, which the caller keeps to the conventions.
        unsafe {
            ($($crate::frame::FromC::from_c(
                &$parameter $(. $member)?,
                $crate::error::name!($parameter $(. $member)?),
            )?),+)
        }
    };
}

/// Takes a parameter that may be `NULL`, or a text that may not be there; or a member by reference, `called` so.
macro_rules! nullable {
    ($member:ident called $name:expr) => {
        // SAFETY: this is a reference to a member, which the caller keeps to the conventions.
        unsafe { $crate::frame::parameter::nullable($member, $name)? }
    };
    ($parameter:ident $(. $member:ident)?) => {
        // SAFETY: this is a parameter or its member, which the caller keeps to the conventions.
        unsafe {
            $crate::frame::parameter::nullable(
                &$parameter $(. $member)?,
                $crate::error::name!($parameter $(. $member)?),
            )?
        }
    };
}

/// Takes a pointer to an array and its length.
macro_rules! slice {
    ($pointer:ident $(. $member:ident)?, $length:expr) => {
        // SAFETY: these are parameters or their members, which the caller keeps to the conventions.
        unsafe {
            $crate::frame::parameter::slice(
                &$pointer $(. $member)?,
                $length,
                $crate::error::name!($pointer $(. $member)?),
            )?
        }
    };
}

/// Takes a pointer to a buffer to write to, its capacity, and where the length goes.
macro_rules! buffer {
    ($pointer:ident, $capacity:ident, $length:ident) => {
        // SAFETY: these are parameters, which the caller keeps to the conventions.
        unsafe {
            let names = [$crate::error::name!($pointer), $crate::error::name!($length)];
            $crate::frame::Buffer::new($pointer, $capacity, $length, names)?
        }
    };
}

/// Takes the next chunk of a stream: a pointer to its bytes, and how many there are, both of which are moved on.
macro_rules! chunk {
    ($pointer:ident, $length:ident) => {
        // SAFETY: these are parameters, which the caller keeps to the conventions.
        unsafe {
            let names = [$crate::error::name!($pointer), $crate::error::name!($length)];
            $crate::frame::Chunk::new(&$pointer, $length, names)?
        }
    };
}

#[cfg(feature = "hosted")]
pub(crate) use boundary_with_detail;
pub(crate) use {boundary, buffer, chunk, from_c, nullable, slice};

/// Runs a function's body and returns its code; what is wrong goes to `error`, and replaces the detail of an earlier
/// error.
///
/// # Safety
/// `error` is null or points to a `CardwrightError` that may be written to.
#[inline]
pub(crate) unsafe fn run(error: *mut CardwrightError, body: impl FnOnce() -> Result<(), Error>) -> i32 {
    #[cfg(feature = "hosted")]
    let result = crate::detail::of(|| caught(body));
    // Nothing unwinds.
    #[cfg(not(feature = "hosted"))]
    let result = body();
    match result {
        Ok(()) => 0,
        // SAFETY: as this function's caller promises.
        Err(wrong) => unsafe { failed(wrong, error) },
    }
}

/// As [`run`], but leaves the detail of an earlier error alone.
///
/// # Safety
/// As [`run`].
#[cfg(feature = "hosted")]
pub(crate) unsafe fn run_beside_detail(error: *mut CardwrightError, body: impl FnOnce() -> Result<(), Error>) -> i32 {
    match caught(body) {
        Ok(()) => 0,
        // SAFETY: as this function's caller promises.
        Err(wrong) => unsafe { failed(wrong, error) },
    }
}

/// Says what is wrong, and its code.
///
/// # Safety
/// As [`run`].
#[cold]
unsafe fn failed(wrong: Error, error: *mut CardwrightError) -> i32 {
    // SAFETY: as this function's caller promises.
    if let Ok(place) = unsafe { FromC::from_c(&error, name!(error)) } {
        place.put(CardwrightError::new(wrong));
    }
    wrong.code.number().into()
}

/// A panic ends here.
#[cfg(feature = "hosted")]
#[inline]
fn caught(body: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    // A panic leaves unfinished only the caller's own plain data, or objects that stay usable.
    let result = std::panic::catch_unwind(core::panic::AssertUnwindSafe(body));
    result.unwrap_or_else(|_| Err(Error::new(cardwright_core::Code::Internal, 0)))
}

#[cfg(feature = "hosted")]
structures!(CardwrightError { code, at, what, what_length, http_status, words, words_length });
#[cfg(not(feature = "hosted"))]
structures!(CardwrightError { code, at, what, what_length });

/// The element of a list at an index; one past the last is a wrong argument.
pub(crate) fn nth<T>(mut list: impl Iterator<Item = T>, index: usize) -> Result<T, Error> {
    list.nth(index).ok_or_else(|| refused(name!(index), "past the last"))
}

/// Bytes in an array of fixed size, with zeros after them.
pub(crate) fn padded<const ROOM: usize>(bytes: &[u8]) -> [u8; ROOM] {
    let mut out = [0; ROOM];
    out.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    out
}

#[cfg(all(test, feature = "hosted"))]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_at_the_boundary_as_a_code() {
        let mut error = CardwrightError::new(Error::new(cardwright_core::Code::Short, 7));
        // SAFETY: the error is ours.
        let code = unsafe { run(&raw mut error, || panic!("on purpose")) };
        assert_eq!((code, error.code, error.at), (901, 901, 0));
        // SAFETY: null is allowed.
        assert_eq!(unsafe { run(core::ptr::null_mut(), || panic!("on purpose")) }, 901);
    }
}
