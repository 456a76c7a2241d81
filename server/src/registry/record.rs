//! Rows as structs: which columns a table has, what each holds, and how a value is stored.
//!
//! The `record!` block of a struct is the one list of its columns. SELECT, INSERT and UPDATE are made from it, and
//! rows are read in its order, so no statement counts positions and none looks a name up for each row.

use super::stamp::Stamp;
use crate::Error;
use cardwright_core::Named;
use cardwright_core::date::Moment;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::{State, System};
use core::ops::RangeFrom;
use rusqlite::Row;
use rusqlite::types::{ToSql as _, ToSqlOutput, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A row, or a part of a row, of a table.
pub(super) trait Record: Sized {
    /// The table.
    const TABLE: &'static str;
    /// The columns; the first is the key of a record that is updated.
    const COLUMNS: &'static [&'static str];

    /// Reads the columns of a row that begin at position `first`.
    fn read(row: &Row<'_>, first: usize) -> Result<Self, Error>;

    /// The values, in the order of the columns.
    fn values(&self) -> Result<Vec<ToSqlOutput<'_>>, Error>;

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

            fn read(row: &rusqlite::Row<'_>, first: usize) -> Result<Self, $crate::Error> {
                let mut positions = first..;
                Ok($Record { $( $field: $crate::registry::record::next(row, &mut positions)?, )+ })
            }

            fn values(&self) -> Result<Vec<rusqlite::types::ToSqlOutput<'_>>, $crate::Error> {
                Ok(vec![$( $crate::registry::record::Column::write(&self.$field)? ),+])
            }
        }
    };
}
pub(super) use record;

/// The value in the next column of a row.
pub(super) fn next<T: Column>(row: &Row<'_>, positions: &mut RangeFrom<usize>) -> Result<T, Error> {
    T::read(row, positions.next().unwrap_or_default())
}

/// A value in a column.
pub(super) trait Column: Sized {
    /// What a column of `Option<Self>` holds for `None`.
    const NONE: ValueRef<'static> = ValueRef::Null;

    fn read(row: &Row<'_>, position: usize) -> Result<Self, Error>;

    fn write(&self) -> Result<ToSqlOutput<'_>, Error>;
}

/// An enumeration that is stored by its number.
pub(super) trait Numbered: Named {
    /// What it is, for an error about a number that it does not have.
    const WHAT: &'static str;
}

impl<T: Numbered> Column for T {
    fn read(row: &Row<'_>, position: usize) -> Result<Self, Error> {
        let number = i64::read(row, position)?;
        T::from_number(number).ok_or(Error::Corrupt(T::WHAT))
    }

    fn write(&self) -> Result<ToSqlOutput<'_>, Error> {
        Ok(self.number().into())
    }
}

impl Numbered for State {
    const WHAT: &'static str = "a card state";
}

impl<T: Column> Column for Option<T> {
    fn read(row: &Row<'_>, position: usize) -> Result<Self, Error> {
        let is_none = row.get_ref(position).map_err(database)? == T::NONE;
        if is_none { Ok(None) } else { T::read(row, position).map(Some) }
    }

    fn write(&self) -> Result<ToSqlOutput<'_>, Error> {
        self.as_ref().map_or(Ok(ToSqlOutput::Borrowed(T::NONE)), T::write)
    }
}

macro_rules! of_sqlite {
    ($($Type:ty),+) => {$(
        impl Column for $Type {
            fn read(row: &Row<'_>, position: usize) -> Result<Self, Error> {
                row.get(position).map_err(database)
            }

            fn write(&self) -> Result<ToSqlOutput<'_>, Error> {
                self.to_sql().map_err(database)
            }
        }
    )+};
}
of_sqlite!(bool, u8, u32, i64, String);

impl Column for Stamp {
    fn read(row: &Row<'_>, position: usize) -> Result<Self, Error> {
        i64::read(row, position).map(Stamp)
    }

    fn write(&self) -> Result<ToSqlOutput<'_>, Error> {
        self.0.write()
    }
}

impl Column for Moment {
    fn read(row: &Row<'_>, position: usize) -> Result<Self, Error> {
        Stamp::read(row, position).map(Stamp::moment)
    }

    fn write(&self) -> Result<ToSqlOutput<'_>, Error> {
        Ok(Stamp::of(*self).0.into())
    }
}

impl Column for Guid {
    fn read(row: &Row<'_>, position: usize) -> Result<Self, Error> {
        let value = row.get_ref(position).map_err(database)?;
        let guid = value.as_str().ok().and_then(|text| Guid::parse(text).ok());
        guid.ok_or(Error::Corrupt("a GUID"))
    }

    fn write(&self) -> Result<ToSqlOutput<'_>, Error> {
        Ok(self.to_string().into())
    }
}

/// By name; the empty text means no system.
impl Column for System {
    const NONE: ValueRef<'static> = ValueRef::Text(b"");

    fn read(row: &Row<'_>, position: usize) -> Result<Self, Error> {
        System::from_name(&String::read(row, position)?).ok_or(Error::Corrupt("a system"))
    }

    fn write(&self) -> Result<ToSqlOutput<'_>, Error> {
        Ok(self.name().into())
    }
}

/// A list, in JSON.
impl<T: Serialize + DeserializeOwned> Column for Vec<T> {
    fn read(row: &Row<'_>, position: usize) -> Result<Self, Error> {
        let value = row.get_ref(position).map_err(database)?;
        let list = value.as_str().ok().and_then(|text| serde_json::from_str(text).ok());
        list.ok_or(Error::Corrupt("a list in JSON"))
    }

    fn write(&self) -> Result<ToSqlOutput<'_>, Error> {
        let text = serde_json::to_string(self).map_err(|_| Error::Corrupt("a list in JSON"))?;
        Ok(text.into())
    }
}

/// An error of SQLite as one of ours.
pub(super) fn database(error: rusqlite::Error) -> Error {
    Error::Database(Box::new(error))
}
