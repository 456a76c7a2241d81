//! Values as both databases hold them, and the rows that they come in.

use crate::Error;
use cardwright_core::identity::Guid;
use std::borrow::Cow;

/// A value in a column. A truth value is a number: 1 or 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value<'v> {
    Null,
    Integer(i64),
    Text(Cow<'v, str>),
    Guid(Guid),
}

impl Value<'_> {
    pub(super) const fn integer(&self) -> Result<i64, Error> {
        if let Value::Integer(number) = self { Ok(*number) } else { Err(Error::Corrupt("a number")) }
    }

    pub(super) fn text(&self) -> Result<&str, Error> {
        if let Value::Text(text) = self { Ok(text) } else { Err(Error::Corrupt("a text")) }
    }
}

impl Value<'_> {
    /// The same, for as long as it is kept.
    pub(super) fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Integer(number) => Value::Integer(number),
            Value::Text(text) => Value::Text(text.into_owned().into()),
            Value::Guid(guid) => Value::Guid(guid),
        }
    }
}

impl<T> From<Option<T>> for Value<'_>
where
    Self: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Self::from)
    }
}

macro_rules! integers {
    ($($Number:ty),+) => {$(
        impl From<$Number> for Value<'_> {
            fn from(number: $Number) -> Self {
                Value::Integer(number.into())
            }
        }
    )+};
}
integers!(bool, u8, u32, i64);

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Value::Text(text.into())
    }
}

impl<'v> From<&'v String> for Value<'v> {
    fn from(text: &'v String) -> Self {
        Value::Text(text.into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(text.into())
    }
}

impl From<Guid> for Value<'_> {
    fn from(guid: Guid) -> Self {
        Value::Guid(guid)
    }
}

/// A row of an answer.
pub(super) trait Row {
    /// The value at a position.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for a value of a kind that no column has.
    fn value(&self, position: usize) -> Result<Value<'_>, Error>;
}
