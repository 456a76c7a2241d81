//! Reading and writing within a transaction: the statements that every [`Record`] has.
//!
//! Statements for one table only are beside its record.

use super::failing;
use super::record::{Record, database};
use super::stamp::Stamp;
use crate::Error;
use core::ops::Deref;
use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Params, Row, Rows, Statement, params_from_iter};

/// What can be read, all from one state of the database.
pub(crate) struct Reading<'c> {
    pub(super) connection: &'c Connection,
}

/// What can be written, in one transaction.
pub(crate) struct Writing<'c> {
    reading: Reading<'c>,
    /// The time of everything in this transaction.
    pub(crate) now: Stamp,
}

impl<'c> Deref for Writing<'c> {
    type Target = Reading<'c>;

    fn deref(&self) -> &Reading<'c> {
        &self.reading
    }
}

impl<'c> Reading<'c> {
    pub(super) fn prepare(&self, sql: &str) -> Result<CachedStatement<'c>, Error> {
        failing::here().and_then(|()| self.connection.prepare_cached(sql)).map_err(database)
    }

    /// All records of a `SELECT` with this ending.
    pub(super) fn all<R: Record>(&self, rest: &str, values: impl Params) -> Result<Vec<R>, Error> {
        let mut statement = self.prepare(&R::select(rest))?;
        records(&mut statement, values)
    }

    /// The first record of a `SELECT` with this ending, if there is one.
    pub(super) fn one<R: Record>(&self, rest: &str, values: impl Params) -> Result<Option<R>, Error> {
        let mut statement = self.prepare(&R::select(rest))?;
        let mut rows = statement.query(values).map_err(database)?;
        next(&mut rows)?.map(|row| R::read(row, 0)).transpose()
    }

    /// The one value of the first row of a query, if there is a row.
    pub(super) fn value<T: rusqlite::types::FromSql>(
        &self,
        sql: &str,
        values: impl Params,
    ) -> Result<Option<T>, Error> {
        let mut statement = self.prepare(sql)?;
        failing::here().and_then(|()| statement.query_row(values, |row| row.get(0)).optional()).map_err(database)
    }
}

impl Reading<'_> {
    /// The first value of each row of a query.
    pub(super) fn values<T: rusqlite::types::FromSql>(&self, sql: &str, values: impl Params) -> Result<Vec<T>, Error> {
        let mut statement = self.prepare(sql)?;
        let rows = statement.query_map(values, |row| row.get(0)).map_err(database)?;
        rows.collect::<Result<_, _>>().map_err(database)
    }
}

impl<'c> Writing<'c> {
    pub(super) const fn new(connection: &'c Connection, now: Stamp) -> Self {
        Writing { reading: Reading { connection }, now }
    }

    /// Executes a statement; returns how many rows it changed.
    pub(super) fn execute(&self, sql: &str, values: impl Params) -> Result<usize, Error> {
        let mut statement = self.prepare(sql)?;
        failing::here().and_then(|()| statement.execute(values)).map_err(database)
    }

    /// Adds a row.
    pub(super) fn insert<R: Record>(&self, record: &R) -> Result<(), Error> {
        self.insert_values::<R>(record.values()?)
    }

    /// Adds a row; SQLite numbers it in the first column.
    pub(super) fn insert_numbered<R: Record>(&self, record: &R) -> Result<(), Error> {
        let mut values = record.values()?;
        if let Some(number) = values.first_mut() {
            *number = ToSqlOutput::Owned(Value::Null);
        }
        self.insert_values::<R>(values)
    }

    fn insert_values<R: Record>(&self, values: Vec<ToSqlOutput<'_>>) -> Result<(), Error> {
        self.execute(&insert(R::TABLE, R::COLUMNS), params_from_iter(values)).map(|_| ())
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

/// The records that a prepared `SELECT` returns.
pub(super) fn records<R: Record>(statement: &mut Statement<'_>, values: impl Params) -> Result<Vec<R>, Error> {
    let mut rows = statement.query(values).map_err(database)?;
    let mut records = Vec::new();
    while let Some(row) = next(&mut rows)? {
        records.push(R::read(row, 0)?);
    }
    Ok(records)
}

/// The next row of a query.
pub(super) fn next<'r>(rows: &'r mut Rows<'_>) -> Result<Option<&'r Row<'r>>, Error> {
    failing::here().and_then(|()| rows.next()).map_err(database)
}

/// `INSERT` with a place for each column.
pub(super) fn insert(table: &str, columns: &[&str]) -> String {
    format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), vec!["?"; columns.len()].join(", "))
}
