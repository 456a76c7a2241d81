//! Rows as structs: which columns a table has, what each holds, and how a value is stored.
//!
//! The `record!` block of a struct is the one list of its columns, in both databases. SELECT, INSERT and UPDATE are made
//! from it, and rows are read in its order, so no statement counts positions and none looks a name up for each row.

use super::stamp::Stamp;
use super::value::{Row, Value};
use crate::Error;
use cardwright_core::Named;
use cardwright_core::date::Moment;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::{State, System};
use core::ops::RangeFrom;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// A row, or a part of a row, of a table.
pub(super) trait Record: Sized {
    /// The table.
    const TABLE: &'static str;
    /// The columns; the first is the key of a record that is updated.
    const COLUMNS: &'static [&'static str];

    /// Reads the columns of a row that begin at position `first`.
    fn read(row: &impl Row, first: usize) -> Result<Self, Error>;

    /// The values, in the order of the columns.
    fn values(&self) -> Result<Vec<Value<'_>>, Error>;

    /// `SELECT` of all columns; `rest` follows the name of the table.
    fn select(rest: &str) -> String {
        format!("SELECT {} FROM {} {rest}", Self::COLUMNS.join(", "), Self::TABLE)
    }
}

/// Makes a [`Record`] of a struct: each field with its column.
macro_rules! record {
    (
        $(#[$about:meta])*
        $vis:vis struct $Record:ident in $table:literal {
            $( $(#[$doc:meta])* $field_vis:vis $field:ident: $Type:ty = $column:literal, )+
        }
    ) => {
        $(#[$about])*
        $vis struct $Record {
            $( $(#[$doc])* $field_vis $field: $Type, )+
        }

        impl $crate::registry::record::Record for $Record {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[$( $column ),+];

            fn read(row: &impl $crate::registry::value::Row, first: usize) -> Result<Self, $crate::Error> {
                let mut positions = first..;
                Ok($Record { $( $field: $crate::registry::record::next(row, &mut positions)?, )+ })
            }

            fn values(&self) -> Result<Vec<$crate::registry::value::Value<'_>>, $crate::Error> {
                Ok(vec![$( $crate::registry::record::Column::write(&self.$field)? ),+])
            }
        }
    };
}
pub(super) use record;

/// The value in the next column of a row.
pub(super) fn next<T: Column>(row: &impl Row, positions: &mut RangeFrom<usize>) -> Result<T, Error> {
    T::read(&row.value(positions.next().unwrap_or_default())?)
}

/// A value in a column.
pub(super) trait Column: Sized {
    /// What a column of `Option<Self>` holds for `None`.
    const NONE: Value<'static> = Value::Null;

    fn read(value: &Value<'_>) -> Result<Self, Error>;

    fn write(&self) -> Result<Value<'_>, Error>;
}

/// An enumeration that is stored by its number.
pub(super) trait Numbered: Named {
    /// What it is, for an error about a number that it does not have.
    const WHAT: &'static str;
}

impl<T: Numbered> Column for T {
    fn read(value: &Value<'_>) -> Result<Self, Error> {
        T::from_number(value.integer()?).ok_or(Error::Corrupt(T::WHAT))
    }

    fn write(&self) -> Result<Value<'_>, Error> {
        Ok(self.number().into())
    }
}

impl Numbered for State {
    const WHAT: &'static str = "a card state";
}

impl<T: Column> Column for Option<T> {
    fn read(value: &Value<'_>) -> Result<Self, Error> {
        if *value == T::NONE { Ok(None) } else { T::read(value).map(Some) }
    }

    fn write(&self) -> Result<Value<'_>, Error> {
        self.as_ref().map_or(Ok(T::NONE), T::write)
    }
}

impl Column for bool {
    fn read(value: &Value<'_>) -> Result<Self, Error> {
        Ok(value.integer()? != 0)
    }

    fn write(&self) -> Result<Value<'_>, Error> {
        Ok((*self).into())
    }
}

macro_rules! numbers {
    ($($Number:ty),+) => {$(
        impl Column for $Number {
            fn read(value: &Value<'_>) -> Result<Self, Error> {
                value.integer()?.try_into().map_err(|_| Error::Corrupt("a number"))
            }

            fn write(&self) -> Result<Value<'_>, Error> {
                Ok((*self).into())
            }
        }
    )+};
}
numbers!(u8, u32, i64);

impl Column for String {
    fn read(value: &Value<'_>) -> Result<Self, Error> {
        value.text().map(str::to_owned)
    }

    fn write(&self) -> Result<Value<'_>, Error> {
        Ok(self.into())
    }
}

impl Column for Stamp {
    fn read(value: &Value<'_>) -> Result<Self, Error> {
        value.integer().map(Stamp)
    }

    fn write(&self) -> Result<Value<'_>, Error> {
        Ok(self.0.into())
    }
}

impl Column for Moment {
    fn read(value: &Value<'_>) -> Result<Self, Error> {
        Stamp::read(value).map(Stamp::moment)
    }

    fn write(&self) -> Result<Value<'_>, Error> {
        Ok(Stamp::of(*self).0.into())
    }
}

/// SQLite has no type for it and holds its text.
impl Column for Guid {
    fn read(value: &Value<'_>) -> Result<Self, Error> {
        let guid = match value {
            Value::Guid(guid) => Some(*guid),
            other => other.text().ok().and_then(|text| Guid::parse(text).ok()),
        };
        guid.ok_or(Error::Corrupt("a GUID"))
    }

    fn write(&self) -> Result<Value<'_>, Error> {
        Ok((*self).into())
    }
}

/// By name; the empty text means no system.
impl Column for System {
    const NONE: Value<'static> = Value::Text(Cow::Borrowed(""));

    fn read(value: &Value<'_>) -> Result<Self, Error> {
        System::from_name(value.text()?).ok_or(Error::Corrupt("a system"))
    }

    fn write(&self) -> Result<Value<'_>, Error> {
        Ok(self.name().into())
    }
}

/// A list, in JSON.
impl<T: Serialize + DeserializeOwned> Column for Vec<T> {
    fn read(value: &Value<'_>) -> Result<Self, Error> {
        let list = value.text().ok().and_then(|text| serde_json::from_str(text).ok());
        list.ok_or(Error::Corrupt("a list in JSON"))
    }

    fn write(&self) -> Result<Value<'_>, Error> {
        let text = serde_json::to_string(self).map_err(|_| Error::Corrupt("a list in JSON"))?;
        Ok(text.into())
    }
}
