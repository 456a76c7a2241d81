//! A copy of a registry, from or to PostgreSQL.

use super::database::Database;
use super::pool::Pool;
use super::schema::{self, CHANGES};
use super::session::{Session, database};
use crate::Error;
use crate::registry::copying::{Source, TABLES, Table, Target, Values};
use crate::registry::value::{Row as _, Value};
use crate::uuid::version_8;

/// The lock of who copies into a database: "Crd" and 3, and the schema.
const COPYING: &str = "1131570179, current_schema()::regnamespace::oid::int4";

/// What would end a long copy, in whatever version of PostgreSQL has it.
const NO_LIMITS: &str = "SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN ('statement_timeout', \
    'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')";

/// A connection for a copy.
pub(in crate::registry) struct Copying(Session);

impl Copying {
    fn connect(at: &Database) -> Result<(Session, String), Error> {
        let mut session = Pool::new(at)?.connect().map_err(|why| Error::Unavailable(why.into()))?;
        session.without_limit();
        session.simple(NO_LIMITS).map_err(database)?;
        Ok((session, at.to_string()))
    }

    /// What is copied is one state of the registry: no change is under way, and none begins until this is dropped.
    ///
    /// # Errors
    /// [`Error::CopyStopped`] if there is no registry, and as a server that is started over it.
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

    /// Nobody else copies into it until this is dropped.
    ///
    /// # Errors
    /// [`Error::CopyStopped`] if somebody does, and as a server that is started over it, but for the mark of a copy that was begun.
    pub(in crate::registry) fn target(at: &Database) -> Result<Self, Error> {
        let (mut session, place) = Self::connect(at)?;
        // One that was broken off has it until the database notices.
        let lock = format!("SET lock_timeout = '3s'; SELECT pg_advisory_lock({COPYING})");
        session.simple(&lock).map_err(|error| match database(error) {
            Error::Busy => Error::CopyStopped(format!("another copy into {place} is under way")),
            error => error,
        })?;
        schema::open(&mut session, &place, true)?;
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
        let numbers = ["card", "certificate", "audit"].map(|table| {
            let sequence = format!("pg_get_serial_sequence('{table}', 'id')");
            format!("SELECT setval({sequence}, coalesce(max(id), 1), max(id) IS NOT NULL) FROM {table}")
        });
        // Beforehand: what is killed during the last statement has been copied all the same, so that one is short.
        self.0.simple(&format!("ANALYZE {}", TABLES.map(|table| table.name).join(", "))).map_err(database)?;
        let whole = "UPDATE registry SET copying = NULL, accounts = accounts + 1";
        let sql = format!("BEGIN; {}; {whole}; COMMIT", numbers.join("; "));
        self.0.simple(&sql).map(|_| ()).map_err(database)
    }
}
