//! A copy of a registry, from or to PostgreSQL.

use super::database::Database;
use super::pool::Pool;
use super::schema::{self, CHANGES};
use super::session::{Session, database};
use crate::Error;
use crate::registry::copying::{Source, Table, Target, Values};
use crate::registry::value::{Row as _, Value};
use crate::uuid::version_8;

/// A connection for a copy.
pub(in crate::registry) struct Copying(Session);

impl Copying {
    fn connect(at: &Database) -> Result<(Session, String), Error> {
        let mut session = Pool::new(at)?.connect().map_err(|why| Error::Unavailable(why.into()))?;
        session.without_limit();
        session.simple("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0").map_err(database)?;
        Ok((session, at.to_string()))
    }

    /// What is copied is one state of the registry: no change is under way, and none begins until this is dropped.
    ///
    /// # Errors
    /// As a server that is started over it.
    pub(in crate::registry) fn source(at: &Database) -> Result<Self, Error> {
        let (mut session, place) = Self::connect(at)?;
        schema::check_source(&mut session, &place)?;
        // What is read afterwards is no older than the lock.
        for sql in [&*format!("SELECT pg_advisory_lock({CHANGES})"), "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"]
        {
            session.simple(sql).map_err(database)?;
        }
        Ok(Copying(session))
    }

    /// # Errors
    /// As a server that is started over it, but for the mark of a copy that was begun.
    pub(in crate::registry) fn target(at: &Database) -> Result<Self, Error> {
        let (mut session, place) = Self::connect(at)?;
        schema::open(&mut session, &place, true)?;
        session.simple("SET statement_timeout = 0").map_err(database)?;
        Ok(Copying(session))
    }

    fn rows(&mut self, sql: &str, values: &[Value<'_>], width: usize) -> Result<Vec<Values>, Error> {
        let rows = self.0.query(sql, values).map_err(database)?;
        let row = |row: &tokio_postgres::Row| (0..width).map(|at| row.value(at).map(Value::into_owned)).collect();
        rows.iter().map(row).collect()
    }
}

impl Source for Copying {
    fn count(&mut self, table: &Table) -> Result<u64, Error> {
        let rows = self.rows(&format!("SELECT count(*) FROM {}", table.name), &[], 1)?;
        let count = rows.first().and_then(|row| row.first()).map_or(Ok(0), Value::integer)?;
        Ok(count.unsigned_abs())
    }

    fn page(&mut self, table: &Table, after: Option<&Values>, most: usize) -> Result<Vec<Values>, Error> {
        let (name, columns, key) = (table.name, table.columns.join(", "), table.key().join(", "));
        let mut values = after.cloned().unwrap_or_default();
        let places: Vec<String> = (1..=values.len()).map(|place| format!("${place}")).collect();
        let condition =
            if values.is_empty() { String::new() } else { format!("WHERE ({key}) > ({})", places.join(", ")) };
        let limit = values.len() + 1;
        values.push(i64::try_from(most).unwrap_or(i64::MAX).into());
        let sql = format!("SELECT {columns} FROM {name} {condition} ORDER BY {key} LIMIT ${limit}");
        self.rows(&sql, &values, table.columns.len())
    }
}

impl Target for Copying {
    fn begun(&mut self) -> Result<Option<String>, Error> {
        self.0.simple("SELECT copying FROM registry").map_err(database)
    }

    fn begin(&mut self, from: &str, tables: &[Table]) -> Result<Option<&'static str>, Error> {
        // Servers that have it open change nothing from here on.
        self.0.simple(&format!("BEGIN; SELECT pg_advisory_xact_lock({CHANGES})")).map_err(database)?;
        for table in tables {
            if !self.rows(&format!("SELECT 1 FROM {} LIMIT 1", table.name), &[], 1)?.is_empty() {
                self.0.simple("ROLLBACK").map_err(database)?;
                return Ok(Some(table.name));
            }
        }
        self.0.execute("UPDATE registry SET copying = $1", &[from.into()]).map_err(database)?;
        self.0.simple("COMMIT").map(|_| None).map_err(database)
    }

    fn last(&mut self, table: &Table) -> Result<Option<Values>, Error> {
        let order: Vec<String> = table.key().iter().map(|column| format!("{column} DESC")).collect();
        let (columns, order) = (table.columns.join(", "), order.join(", "));
        let sql = format!("SELECT {columns} FROM {} ORDER BY {order} LIMIT 1", table.name);
        Ok(self.rows(&sql, &[], table.columns.len())?.pop())
    }

    fn add(&mut self, table: &Table, rows: Vec<Values>) -> Result<(), Error> {
        if table.name != "audit" {
            return self.0.copy(table.name, table.columns, rows.into_iter().map(Ok));
        }
        // SQLite has no id of the change that wrote a row; no server looks for one that was copied.
        let columns = [table.columns, &["change", "part"]].concat();
        let rows = rows.into_iter().map(|mut row| {
            let number = row.first().map_or(Ok(0), Value::integer)?;
            let mut bytes = [0; 16];
            bytes[8..].copy_from_slice(&number.to_be_bytes());
            row.extend([version_8(bytes).into(), Value::Integer(0)]);
            Ok(row)
        });
        self.0.copy(table.name, &columns, rows)
    }

    fn end(&mut self) -> Result<(), Error> {
        let tables = ["card", "certificate", "audit"].map(|table| {
            format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest(max(id), 1)) FROM {table}")
        });
        let sql = format!(
            "ANALYZE; BEGIN; {}; UPDATE registry SET copying = NULL, accounts = accounts + 1; COMMIT",
            tables.join("; ")
        );
        self.0.simple(&sql).map(|_| ()).map_err(database)
    }
}
