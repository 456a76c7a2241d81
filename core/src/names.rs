//! Enumerations by name or number, and values that nobody knows yet.
//!
//! Whatever a server sends and this library does not know is kept, compared and printed; it is never
//! refused and never lost.

use crate::json::{Cursor, Kind, Scalar, Slot};
use core::fmt;

/// An enumeration with a fixed list of values and their names on the wire.
pub trait Named: Copy + PartialEq + 'static {
    /// All values, in the order of their numbers.
    const ALL: &'static [Self];

    /// The vendor's own word.
    fn name(self) -> &'static str;

    /// The value of that name, whatever the case of its letters.
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.name().eq_ignore_ascii_case(name))
    }

    /// The value that a field of a reply means. Unless an enumeration says otherwise, its name.
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        let text = scalar.as_text()?;
        Self::ALL.iter().copied().find(|value| text.eq_ignore_ascii_case(value.name()))
    }
}

/// A field that holds a value of an enumeration, or one that is not known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Known<'a, T> {
    value: Option<T>,
    raw: Scalar<'a>,
}

impl<'a, T: Named> Known<'a, T> {
    /// The value, where it is known.
    pub fn known(self) -> Option<T> {
        self.value
    }

    /// The field as the server sent it.
    pub fn raw(self) -> Scalar<'a> {
        self.raw
    }

    /// Whether it is this value.
    pub fn is(self, value: T) -> bool {
        self.value == Some(value)
    }
}

impl<'a, T: Named> Slot<'a> for Known<'a, T> {
    const KIND: Kind = Kind::Scalar;

    fn read(raw: &'a str, at: Cursor<'a>) -> Self {
        let raw = Scalar::read(raw, at);
        Known { value: T::from_scalar(raw), raw }
    }
}

impl<T: Named> fmt::Display for Known<'_, T> {
    /// The vendor's word where it is known, else what the server sent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Some(value) => f.pad(value.name()),
            None => self.raw.fmt(f),
        }
    }
}

impl<T: Named> fmt::Debug for Known<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Some(value) => f.write_str(value.name()),
            None => write!(f, "Unknown({:?})", self.raw),
        }
    }
}

impl<T> serde::Serialize for Known<'_, T> {
    /// As the server sent it.
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(s)
    }
}
