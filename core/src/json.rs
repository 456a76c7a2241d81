//! JSON as servers send it: read once, strictly, without a heap.
//!
//! A document is walked once and checked; what comes out is a *view*: the document's bytes and the
//! place of each known field, decoded when asked for. So there are no capacities, nothing a server
//! sends is too long, and a field that nobody knows survives in [`Object::json`]. Nothing panics,
//! and the stack does not grow with the document: nesting is followed to [`MAX_DEPTH`] and no further.
//!
//! The grammar is RFC 8259. A byte order mark is passed over; half a surrogate pair reads as U+FFFD;
//! of two fields with one name the last counts.

mod cursor;
mod elements;
mod list;
mod path;
mod scalar;
mod text;
mod view;
mod write;

pub use cursor::{Cursor, Inside, MAX_DEPTH};
pub use elements::{Element, Elements};
pub use list::{Items, List};
pub use path::path;
pub use scalar::Scalar;
pub use text::{Chars, Text};
pub(crate) use view::view;
pub use view::{Field, Kind, Object, Slot, Span, Spans};
pub(crate) use write::write_digits;
pub use write::{ObjectWriter, to_slice, write_text};

use crate::Error;

/// A value that can be read where a [`Cursor`] stands.
pub trait FromJson<'a>: Sized {
    /// Reads the value and leaves the cursor behind it.
    ///
    /// # Errors
    /// A 3xx code with the offset of the byte that is wrong.
    fn from_json(cursor: &mut Cursor<'a>) -> Result<Self, Error>;
}

/// Reads a document that is one value.
///
/// # Errors
/// A 3xx code with the offset of the byte that is wrong; [`path()`] tells which field that is.
pub fn from_slice<'a, T: FromJson<'a>>(document: &'a [u8]) -> Result<T, Error> {
    read_whole(document, T::from_json)
}

/// Reads a document that is one value, by a function.
#[inline]
fn read_whole<'a, T>(document: &'a [u8], read: impl Fn(&mut Cursor<'a>) -> Result<T, Error>) -> Result<T, Error> {
    let mut cursor = Cursor::new(document)?;
    let value = read(&mut cursor)?;
    cursor.end()?;
    Ok(value)
}

/// Checks that a document is JSON, and reads nothing.
///
/// # Errors
/// A 3xx code with the offset of the byte that is wrong.
pub fn check(document: &[u8]) -> Result<(), Error> {
    let mut cursor = Cursor::new(document)?;
    cursor.skip()?;
    cursor.end()
}
