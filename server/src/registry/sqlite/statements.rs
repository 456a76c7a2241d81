//! Statements within a transaction of SQLite: those that every [`Record`] has. Those for one table only are in
//! [`super::reads`] and [`super::writes`].

use super::failing::may_fail;
use crate::Error;
use crate::registry::record::Record;
use crate::registry::stamp::Stamp;
use crate::registry::value::{Row, Value};
use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use rusqlite::{CachedStatement, Connection, Params, Rows, ToSql, params_from_iter};

/// A transaction. The values of `?1`, `?2` and so on are [`Value`]s.
pub(super) struct Statements<'c> {
    pub(super) connection: &'c Connection,
    /// The time of everything in this transaction.
    pub(super) now: Stamp,
}

impl Row for rusqlite::Row<'_> {
    fn value(&self, position: usize) -> Result<Value<'_>, Error> {
        match self.get_ref(position).map_err(database)? {
            ValueRef::Null => Ok(Value::Null),
            ValueRef::Integer(number) => Ok(Value::Integer(number)),
            ValueRef::Text(text) => match core::str::from_utf8(text) {
                Ok(text) => Ok(text.into()),
                Err(_) => Err(Error::Corrupt("a text")),
            },
            ValueRef::Real(_) | ValueRef::Blob(_) => Err(Error::Corrupt("a value")),
        }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Value::Null => ToSqlOutput::Owned(Owned::Null),
            Value::Integer(number) => ToSqlOutput::Owned(Owned::Integer(*number)),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Guid(guid) => ToSqlOutput::Owned(Owned::Text(guid.to_string())),
        })
    }
}

impl<'c> Statements<'c> {
    pub(super) fn prepare(&self, sql: &str) -> Result<CachedStatement<'c>, Error> {
        may_fail().and_then(|()| self.connection.prepare_cached(sql)).map_err(database)
    }

    /// All records of a `SELECT` with this ending.
    pub(super) fn all<R: Record>(&self, rest: &str, values: impl Params) -> Result<Vec<R>, Error> {
        self.rows(&R::select(rest), values, |row| R::read(row, 0))
    }

    /// The first record of a `SELECT` with this ending, if there is one.
    pub(super) fn one<R: Record>(&self, rest: &str, values: impl Params) -> Result<Option<R>, Error> {
        let mut statement = self.prepare(&R::select(rest))?;
        let mut rows = statement.query(values).map_err(database)?;
        next(&mut rows)?.map(|row| R::read(row, 0)).transpose()
    }

    /// What is read from each row of a query.
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        values: impl Params,
        mut read: impl FnMut(&rusqlite::Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut statement = self.prepare(sql)?;
        let mut rows = statement.query(values).map_err(database)?;
        let mut all = Vec::new();
        while let Some(row) = next(&mut rows)? {
            all.push(read(row)?);
        }
        Ok(all)
    }

    /// The number in the first row of a query; `None` if there is no row, or no number in it.
    pub(super) fn number(&self, sql: &str, values: impl Params) -> Result<Option<i64>, Error> {
        let mut statement = self.prepare(sql)?;
        let mut rows = statement.query(values).map_err(database)?;
        match next(&mut rows)? {
            Some(row) => row.get(0).map_err(database),
            None => Ok(None),
        }
    }

    /// Executes a statement; returns how many rows it changed.
    pub(super) fn execute(&self, sql: &str, values: impl Params) -> Result<usize, Error> {
        let mut statement = self.prepare(sql)?;
        may_fail().and_then(|()| statement.execute(values)).map_err(database)
    }

    /// Adds a row.
    pub(super) fn insert<R: Record>(&self, record: &R) -> Result<(), Error> {
        self.insert_values(R::TABLE, R::COLUMNS, record.values()?)
    }

    /// Adds a row of a table that has these columns.
    pub(super) fn insert_values(&self, table: &str, columns: &[&str], values: Vec<Value<'_>>) -> Result<(), Error> {
        let places = vec!["?"; columns.len()].join(", ");
        let sql = format!("INSERT INTO {table} ({}) VALUES ({places})", columns.join(", "));
        self.execute(&sql, params_from_iter(values)).map(|_| ())
    }

    /// Replaces all columns but the key in the row with this record's key, where `condition`, which begins with
    /// `AND`, holds too. Returns whether there was such a row.
    pub(super) fn update<R: Record>(&self, record: &R, condition: &str) -> Result<bool, Error> {
        let Some((key, columns)) = R::COLUMNS.split_first() else { return Ok(false) };
        let mut values = record.values()?;
        values.rotate_left(1);
        let columns = columns.join(" = ?, ");
        let sql = format!("UPDATE {} SET {columns} = ? WHERE {key} = ? {condition}", R::TABLE);
        Ok(self.execute(&sql, params_from_iter(values))? == 1)
    }
}

/// The next row of a query.
pub(super) fn next<'r>(rows: &'r mut Rows<'_>) -> Result<Option<&'r rusqlite::Row<'r>>, Error> {
    may_fail().and_then(|()| rows.next()).map_err(database)
}

/// An error of SQLite as one of ours.
pub(super) fn database(error: rusqlite::Error) -> Error {
    Error::Database(Box::new(error))
}
