//! A connection, its prepared statements, and what its errors mean.

use super::database::said;
use crate::Error;
use crate::registry::failing;
use crate::registry::value::{Row, Value};
use bytes::{BufMut as _, BytesMut};
use cardwright_core::identity::Guid;
use postgres::binary_copy::BinaryCopyInWriter;
use postgres::error::SqlState;
use postgres::fallible_iterator::FallibleIterator as _;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, SimpleQueryMessage, Statement};
use std::borrow::Cow;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How many statements are kept prepared on a connection. The program has fewer, but each set of filters is one.
const PREPARED: usize = 256;

/// For how long a connection is not tried before it is used again.
const FRESH: Duration = Duration::from_secs(1);

/// How long a connection that is tried may take to answer.
const ANSWERS: Duration = Duration::from_secs(3);

/// A connection.
pub(super) struct Session {
    client: Client,
    prepared: HashMap<String, Statement>,
    used: Instant,
    is_broken: bool,
}

impl Session {
    pub(super) fn new(client: Client) -> Self {
        Session { client, prepared: HashMap::new(), used: Instant::now(), is_broken: false }
    }

    /// Whether it can be used: one that was used just now is taken for alive, any other is tried.
    pub(super) fn is_alive(&mut self) -> bool {
        !self.is_broken
            && !self.client.is_closed()
            && (self.used.elapsed() < FRESH || self.client.is_valid(ANSWERS).is_ok())
    }

    /// It was used and is put aside.
    pub(super) fn put_aside(&mut self) {
        self.used = Instant::now();
    }

    /// Ends a transaction that has read, whatever becomes of that: a connection on which it does not end is not used again.
    pub(super) fn end(&mut self) {
        self.is_broken |= self.simple("ROLLBACK").is_err();
    }

    /// In a test build, where it is this place's turn, the database ends the connection.
    fn may_break(&mut self) {
        if failing::is_due() {
            let _ = self.client.simple_query("SELECT pg_terminate_backend(pg_backend_pid())");
        }
    }

    pub(super) fn query(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<postgres::Row>, postgres::Error> {
        self.may_break();
        let statement = self.prepare(sql)?;
        self.client.query_raw(&statement, values)?.collect()
    }

    pub(super) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, postgres::Error> {
        self.may_break();
        let statement = self.prepare(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        self.client.execute(&statement, &values)
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, postgres::Error> {
        if let Some(known) = self.prepared.get(sql) {
            return Ok(known.clone());
        }
        if self.prepared.len() >= PREPARED {
            self.prepared.clear();
        }
        let statement = self.client.prepare(sql)?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Executes statements without values. Returns the first column of the last row.
    pub(super) fn simple(&mut self, sql: &str) -> Result<Option<String>, postgres::Error> {
        self.may_break();
        let mut last = None;
        for message in self.client.simple_query(sql)? {
            if let SimpleQueryMessage::Row(row) = message {
                last = row.try_get(0)?.map(str::to_owned);
            }
        }
        Ok(last)
    }

    /// Adds rows of a table that has these columns.
    pub(super) fn copy<'v>(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: impl Iterator<Item = Result<Vec<Value<'v>>, Error>>,
    ) -> Result<(), Error> {
        let columns = columns.join(", ");
        // What the columns hold.
        let statement = self.prepare(&format!("SELECT {columns} FROM {table}")).map_err(database)?;
        let types: Vec<Type> = statement.columns().iter().map(|column| column.type_().clone()).collect();
        let copy = format!("COPY {table} ({columns}) FROM STDIN (FORMAT binary)");
        let writer = self.client.copy_in(&copy).map_err(database)?;
        let mut writer = BinaryCopyInWriter::new(writer, &types);
        for row in rows {
            let row = row?;
            writer.write_raw(row.iter().map(|value| value as &(dyn ToSql + Sync))).map_err(database)?;
        }
        writer.finish().map(|_| ()).map_err(database)
    }
}

/// What an error means for what was being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The connection is lost, or the database stops, starts, or takes no more connections.
    Lost,
    /// Another transaction was in the way: it may be tried again.
    Conflict,
    /// It took too long, or another transaction was in the way for too long.
    Waited,
    /// Anything else.
    Failed,
}

/// What an error means (PostgreSQL 15, appendix A).
pub(super) fn meaning(error: &postgres::Error) -> Meaning {
    let Some(code) = error.code() else {
        // Values that do not fit are no trouble of the connection.
        let said = error.to_string();
        let is_ours = said.contains("serializing") || said.contains("column") || said.contains("parameters");
        return if is_ours { Meaning::Failed } else { Meaning::Lost };
    };
    if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED {
        return Meaning::Conflict;
    }
    if *code == SqlState::UNIQUE_VIOLATION {
        return Meaning::Conflict;
    }
    if *code == SqlState::LOCK_NOT_AVAILABLE || *code == SqlState::QUERY_CANCELED {
        return Meaning::Waited;
    }
    match code.code() {
        // Shutdown, crash, start, an ended session; a standby; too many connections.
        "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25006" | "53300" => Meaning::Lost,
        code if code.starts_with("08") => Meaning::Lost,
        _ => Meaning::Failed,
    }
}

/// Whether a row with the same key is there.
pub(super) fn is_there_already(error: &postgres::Error) -> bool {
    error.code() == Some(&SqlState::UNIQUE_VIOLATION)
}

/// An error of PostgreSQL as one of ours.
pub(super) fn database(error: postgres::Error) -> Error {
    match meaning(&error) {
        Meaning::Lost => Error::Unavailable(said(&error).into()),
        Meaning::Waited => Error::Busy,
        Meaning::Conflict | Meaning::Failed => Error::Database(Box::new(Failure::of(&error))),
    }
}

/// An error of PostgreSQL, in one line.
#[derive(Debug)]
pub(super) struct Failure {
    said: String,
    /// Whether the same transaction may succeed if it is tried again.
    pub(super) is_conflict: bool,
    is_damage: bool,
}

impl Failure {
    fn of(error: &postgres::Error) -> Self {
        // data_corrupted and index_corrupted.
        let is_damage = error.code().is_some_and(|code| matches!(code.code(), "XX001" | "XX002"));
        Failure { said: said(error), is_conflict: meaning(error) == Meaning::Conflict, is_damage }
    }
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.said)
    }
}

impl core::error::Error for Failure {}

/// Whether an error says that the database is damaged.
pub(in crate::registry) fn is_damage(error: &(dyn core::error::Error + 'static)) -> bool {
    error.downcast_ref::<Failure>().is_some_and(|failure| failure.is_damage)
}

impl Row for postgres::Row {
    fn value(&self, position: usize) -> Result<Value<'_>, Error> {
        self.try_get(position).map_err(|_| Error::Corrupt("a value"))
    }
}

/// No text of PostgreSQL holds U+0000, and the vendor's own examples do. It is kept as U+0001 and `0`; U+0001 itself as
/// U+0001 and `1`.
fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', '\u{1}']) {
        return text.into();
    }
    text.replace('\u{1}', "\u{1}1").replace('\0', "\u{1}0").into()
}

/// The text that was [`escaped`].
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{1}') {
        return text.into();
    }
    text.replace("\u{1}0", "\0").replace("\u{1}1", "\u{1}").into()
}

impl<'a> FromSql<'a> for Value<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn core::error::Error + Sync + Send>> {
        Ok(match *ty {
            Type::BOOL => bool::from_sql(ty, raw)?.into(),
            Type::INT2 => i64::from(i16::from_sql(ty, raw)?).into(),
            Type::INT4 => i64::from(i32::from_sql(ty, raw)?).into(),
            Type::INT8 => i64::from_sql(ty, raw)?.into(),
            Type::UUID => Value::Guid(Guid::new(raw.try_into()?)),
            Type::TEXT => Value::Text(unescaped(core::str::from_utf8(raw)?)),
            _ => core::str::from_utf8(raw)?.into(),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn core::error::Error + Sync + Send>> {
        Ok(Value::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::BOOL | Type::INT2 | Type::INT4 | Type::INT8 | Type::UUID | Type::TEXT | Type::JSON)
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn core::error::Error + Sync + Send>> {
        match (self, ty) {
            (Value::Null, _) => return Ok(IsNull::Yes),
            (Value::Integer(number), &Type::BOOL) => out.put_u8(u8::from(*number != 0)),
            (Value::Integer(number), &Type::INT2) => out.put_i16(i16::try_from(*number)?),
            (Value::Integer(number), &Type::INT4) => out.put_i32(i32::try_from(*number)?),
            (Value::Integer(number), &Type::INT8) => out.put_i64(*number),
            (Value::Guid(guid), &Type::UUID) => out.put_slice(&guid.bytes()),
            (Value::Text(text), &Type::TEXT) => out.put_slice(escaped(text).as_bytes()),
            (Value::Text(text), &Type::JSON) => out.put_slice(text.as_bytes()),
            (value, ty) => return Err(format!("{value:?} is no {ty}").into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

#[cfg(test)]
mod tests {
    use super::{escaped, unescaped};

    #[test]
    fn any_text_comes_back_as_it_was() {
        let parts = ["\0", "\u{1}", "0", "1", "é"];
        for text in parts.iter().flat_map(|a| parts.iter().flat_map(move |b| parts.map(|c| format!("{a}{b}{c}")))) {
            assert!(!escaped(&text).contains('\0'));
            assert_eq!(unescaped(&escaped(&text)), text);
        }
    }
}
