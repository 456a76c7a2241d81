//! Values that are neither list nor object, for fields of uncertain type.

use super::Text;
use core::fmt;

/// A value that is neither list nor object. An id that one server sends as a number and another as a
/// text is a `Scalar`: both are kept as they came.
///
/// # Examples
/// ```
/// use cardwright_core::json::{Scalar, from_slice};
///
/// for id in [b"1013".as_slice(), b"\"1013\""] {
///     assert!(from_slice::<Scalar<'_>>(id)?.reads("1013"));
/// }
/// // No digit is lost, however long a number is.
/// let long = from_slice::<Scalar<'_>>(b"73786976294838206464")?;
/// assert_eq!((long.as_i64(), long.to_string().as_str()), (None, "73786976294838206464"));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 8259 has no other values")]
pub enum Scalar<'a> {
    /// `null`, or an absent field.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, in the digits of the document.
    Number(&'a str),
    /// A string.
    Text(Text<'a>),
}

impl<'a> Scalar<'a> {
    /// The value whose text in the document is `raw`; `""` is no field.
    pub(super) fn of_raw(raw: &'a str) -> Self {
        match raw.as_bytes().first() {
            Some(b'"') => Text::of_quoted(raw).map_or(Scalar::Null, Scalar::Text),
            Some(b't') => Scalar::Bool(true),
            Some(b'f') => Scalar::Bool(false),
            None | Some(b'n') => Scalar::Null,
            _ => Scalar::Number(raw),
        }
    }

    /// Whether it is `null` or absent.
    #[must_use]
    pub const fn is_null(self) -> bool {
        matches!(self, Scalar::Null)
    }

    /// The number, if it is an integer that fits.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Scalar::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    /// The string, if it is one.
    #[must_use]
    pub const fn as_text(self) -> Option<Text<'a>> {
        match self {
            Scalar::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it reads `other`: the string's text, or the number's digits.
    #[must_use]
    pub fn reads(self, other: &str) -> bool {
        match self {
            Scalar::Null => false,
            Scalar::Bool(b) => other == if b { "true" } else { "false" },
            Scalar::Number(digits) => digits == other,
            Scalar::Text(text) => text == other,
        }
    }

    /// Writes what [`fmt::Display`] prints, without the machinery of formats, which takes a kilobyte of flash.
    ///
    /// # Errors
    /// Only those of `out`.
    pub fn write_to(self, out: &mut dyn fmt::Write) -> fmt::Result {
        let text = match self {
            Scalar::Null => "",
            Scalar::Bool(true) => "true",
            Scalar::Bool(false) => "false",
            Scalar::Number(digits) => digits,
            Scalar::Text(text) => match text.plain() {
                Some(plain) => plain,
                None => return text.chars().try_for_each(|c| out.write_char(c)),
            },
        };
        out.write_str(text)
    }

    /// Copies what [`fmt::Display`] prints into `buffer`; `None` where it does not fit.
    pub fn copy_to(self, buffer: &mut [u8]) -> Option<&str> {
        match self {
            Scalar::Null => Some(""),
            Scalar::Bool(b) => Text::new(if b { "true" } else { "false" }).copy_to(buffer),
            Scalar::Number(digits) => Text::new(digits).copy_to(buffer),
            Scalar::Text(text) => text.copy_to(buffer),
        }
    }
}

impl fmt::Display for Scalar<'_> {
    /// The text, or the digits; nothing for `null`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Null => f.pad(""),
            Scalar::Bool(b) => f.pad(if *b { "true" } else { "false" }),
            Scalar::Number(digits) => f.pad(digits),
            Scalar::Text(text) => fmt::Display::fmt(text, f),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Scalar<'_> {
    /// A number that no 64-bit type holds exactly is written as a text, so that no digit is lost.
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match *self {
            Scalar::Null => s.serialize_none(),
            Scalar::Bool(b) => s.serialize_bool(b),
            Scalar::Text(text) => text.serialize(s),
            Scalar::Number(digits) => match digits.parse::<i64>() {
                Ok(n) => s.serialize_i64(n),
                Err(_) => match digits.parse::<u64>() {
                    Ok(n) => s.serialize_u64(n),
                    Err(_) => s.serialize_str(digits),
                },
            },
        }
    }
}
