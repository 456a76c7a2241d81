//! Reading a whole document as one value.

use super::{Cursor, Scalar, Text};
use crate::Error;

/// A value that can be read where a [`Cursor`] stands.
///
/// # Examples
/// ```
/// use cardwright_core::json::{Cursor, FromJson, List, Text};
///
/// /// A holder who is sent as `["Doe","Jane"]`.
/// struct Holder<'a> {
///     last: Text<'a>,
///     first: Text<'a>,
/// }
///
/// impl<'a> FromJson<'a> for Holder<'a> {
///     fn from_json(json: &mut Cursor<'a>) -> Result<Self, cardwright_core::Error> {
///         let mut names = List::<Text<'a>>::from_json(json)?.into_iter();
///         let mut name = || names.next().transpose().map(Option::unwrap_or_default);
///         Ok(Holder { last: name()?, first: name()? })
///     }
/// }
///
/// let holders = List::<Holder<'_>>::new(br#"[["Doe","Jane"],["Roe"]]"#)?;
/// let shown = holders.iter().map(|one| one.map(|one| format!("{} {}", one.first, one.last)));
/// assert_eq!(shown.collect::<Result<Vec<_>, _>>()?, ["Jane Doe", " Roe"]);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
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
/// A 3xx code with the offset of the byte that is wrong; [`super::path()`] tells which field that is.
pub fn from_slice<'a, T: FromJson<'a>>(document: &'a [u8]) -> Result<T, Error> {
    read_whole(document, T::from_json)
}

/// Reads a document that is one value, by a function.
#[inline]
pub(super) fn read_whole<'a, T>(
    document: &'a [u8],
    read: impl Fn(&mut Cursor<'a>) -> Result<T, Error>,
) -> Result<T, Error> {
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

impl<'a> FromJson<'a> for Scalar<'a> {
    fn from_json(cursor: &mut Cursor<'a>) -> Result<Self, Error> {
        cursor.scalar()
    }
}

impl<'a> FromJson<'a> for Text<'a> {
    fn from_json(cursor: &mut Cursor<'a>) -> Result<Self, Error> {
        cursor.text()
    }
}
