//! Statements on a connection of PostgreSQL: those that every [`Record`] has. Those for one table only are in
//! [`super::reads`] and [`super::writes`].

use super::schema::CHANGES;
use super::session::{Session, database};
use crate::Error;
use crate::registry::copying::TABLES;
use crate::registry::record::Record;
use crate::registry::stamp::Stamp;
use crate::registry::value::{Row as _, Value};
use cardwright_core::identity::Guid;
use core::cell::{Cell, RefCell};

/// A transaction, or a single statement.
pub(super) struct Statements<'s> {
    session: RefCell<&'s mut Session>,
    /// The time of everything in this transaction.
    pub(super) now: Stamp,
    /// What is read by an id stays as it is until the transaction ends.
    pub(super) locks: bool,
    /// What the rows of the audit log are marked with, and how many there are.
    pub(super) change: Guid,
    pub(super) parts: Cell<u8>,
    /// Whether anything was changed.
    pub(super) has_written: Cell<bool>,
    /// Whether a statement has failed: PostgreSQL then does nothing more of the transaction.
    pub(super) has_failed: Cell<bool>,
    /// Whether a query was answered.
    pub(super) has_read: Cell<bool>,
    /// Whether there is one statement at most, and no transaction.
    pub(super) is_alone: bool,
}

impl<'s> Statements<'s> {
    pub(super) const fn new(session: &'s mut Session, now: Stamp, locks: bool, change: Guid) -> Self {
        Statements {
            session: RefCell::new(session),
            now,
            locks,
            change,
            parts: Cell::new(0),
            has_written: Cell::new(false),
            has_failed: Cell::new(false),
            has_read: Cell::new(false),
            is_alone: false,
        }
    }

    fn noted<T>(&self, done: Result<T, Error>) -> Result<T, Error> {
        self.has_failed.set(self.has_failed.get() || done.is_err());
        done
    }

    /// What is read from each row of a query.
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&tokio_postgres::Row) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        debug_assert!(!self.is_alone || !self.has_read.get(), "a second statement without a transaction: {sql}");
        let rows = self.noted(self.session.borrow_mut().query(sql, values).map_err(database))?;
        self.has_read.set(true);
        rows.iter().map(read).collect()
    }

    /// All records of a `SELECT` with this ending.
    pub(super) fn all<R: Record>(&self, rest: &str, values: &[Value<'_>]) -> Result<Vec<R>, Error> {
        self.rows(&R::select(rest), values, |row| R::read(row, 0))
    }

    /// The first record of a `SELECT` with this ending, if there is one.
    pub(super) fn one<R: Record>(&self, rest: &str, values: &[Value<'_>]) -> Result<Option<R>, Error> {
        Ok(self.all(rest, values)?.into_iter().next())
    }

    /// The record of a `SELECT` with this ending, which names it. In a transaction that writes nobody else changes it until
    /// that ends; rows may refer to it meanwhile.
    pub(super) fn this<R: Record>(&self, rest: &str, values: &[Value<'_>]) -> Result<Option<R>, Error> {
        if self.locks { self.one(&format!("{rest} FOR NO KEY UPDATE"), values) } else { self.one(rest, values) }
    }

    /// The number in the first row of a query; `None` if there is no row, or no number in it.
    pub(super) fn number(&self, sql: &str, values: &[Value<'_>]) -> Result<Option<i64>, Error> {
        let numbers = self.rows(sql, values, |row| match row.value(0)? {
            Value::Null => Ok(None),
            value => value.integer().map(Some),
        });
        Ok(numbers?.into_iter().next().flatten())
    }

    /// Executes a statement; returns how many rows it changed.
    pub(super) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<usize, Error> {
        let changed = self.noted(self.session.borrow_mut().execute(sql, values).map_err(database))?;
        self.has_written.set(self.has_written.get() || changed > 0);
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    /// Waits until no other change is under way, and lets none begin until this transaction ends.
    pub(super) fn alone(&self) -> Result<(), Error> {
        self.session.borrow_mut().simple(&format!("SELECT pg_advisory_xact_lock({CHANGES})")).map_err(database)?;
        Ok(())
    }

    /// Lets PostgreSQL count the rows, by which it plans its queries.
    pub(super) fn analyze(&self) -> Result<(), Error> {
        let tables = TABLES.map(|table| table.name).join(", ");
        self.session.borrow_mut().simple(&format!("ANALYZE {tables}")).map_err(database)?;
        Ok(())
    }

    /// Adds a row.
    pub(super) fn insert<R: Record>(&self, record: &R) -> Result<(), Error> {
        self.insert_values(R::TABLE, R::COLUMNS, &record.values()?)
    }

    /// Adds a row of a table that has these columns.
    pub(super) fn insert_values(&self, table: &str, columns: &[&str], values: &[Value<'_>]) -> Result<(), Error> {
        let sql = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places(columns.len()));
        self.execute(&sql, values).map(|_| ())
    }

    /// Adds rows of a table that has these columns, more of them in less time.
    pub(super) fn copy<'v>(
        &self,
        table: &str,
        columns: &[&str],
        rows: impl Iterator<Item = Result<Vec<Value<'v>>, Error>>,
    ) -> Result<(), Error> {
        self.has_written.set(true);
        self.noted(self.session.borrow_mut().copy(table, columns, rows))
    }

    /// Replaces all columns but the key in the row with this record's key, where `condition`, which begins with
    /// `AND`, holds too. Returns whether there was such a row.
    pub(super) fn update<R: Record>(&self, record: &R, condition: &str) -> Result<bool, Error> {
        let Some((key, columns)) = R::COLUMNS.split_first() else { return Ok(false) };
        let values = record.values()?;
        let set: Vec<String> = (2..).zip(columns).map(|(place, column)| format!("{column} = ${place}")).collect();
        let sql = format!("UPDATE {} SET {} WHERE {key} = $1 {condition}", R::TABLE, set.join(", "));
        Ok(self.execute(&sql, &values)? == 1)
    }
}

/// `$1, $2` and so on.
fn places(count: usize) -> String {
    (1..=count).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
}
