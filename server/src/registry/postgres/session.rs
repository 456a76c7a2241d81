//! A connection, its prepared statements, and what its errors mean.

use super::database::said;
use super::tls::Tls;
use crate::Error;
use crate::registry::failing;
use crate::registry::health::Severity;
use crate::registry::value::{Row, Value};
use bytes::{BufMut as _, BytesMut};
use cardwright_core::identity::Guid;
use core::pin::pin;
use std::borrow::Cow;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::time::timeout;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::config::Config;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage, Statement};

/// How many statements are kept prepared on a connection. The program has fewer, but each set of filters is one.
const PREPARED: usize = 256;

/// For how long a connection is not tried before it is used again.
const FRESH: Duration = Duration::from_secs(1);

/// How long a connection that is tried may take to answer.
const ANSWERS: Duration = Duration::from_secs(3);

/// How long anything may take to be answered: longer than the database lets a statement work. That alone would not end one if
/// the database itself stood still.
const LIMIT: Duration = Duration::from_secs(35);

/// How long a connection may take to be made, with TLS and sign-in.
const CONNECT: Duration = Duration::from_secs(10);

/// A connection. Its calls block, each for a bounded time.
pub(super) struct Session {
    client: Client,
    prepared: HashMap<String, Statement>,
    used: Instant,
    /// Whether something was not answered, or a transaction not ended.
    is_broken: bool,
    limit: Duration,
    /// What moves the bytes. It is there until this is dropped.
    runtime: Option<Runtime>,
}

/// Why a call failed.
#[derive(Debug)]
pub(super) enum SqlError {
    /// What the database or its library says.
    Said(tokio_postgres::Error),
    /// There was no answer within this time.
    NoAnswer(Duration),
}

impl From<tokio_postgres::Error> for SqlError {
    fn from(error: tokio_postgres::Error) -> Self {
        SqlError::Said(error)
    }
}

impl SqlError {
    fn code(&self) -> Option<&SqlState> {
        if let SqlError::Said(error) = self { error.code() } else { None }
    }

    /// In one line.
    pub(super) fn said(&self) -> String {
        match self {
            SqlError::Said(error) => said(error),
            SqlError::NoAnswer(limit) => format!("no answer within {} s", limit.as_secs()),
        }
    }
}

impl Session {
    /// Makes a connection.
    ///
    /// # Errors
    /// In words.
    pub(super) fn connect(config: &Config, tls: Option<Tls>) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let connecting = async {
            match tls {
                None => {
                    let (client, connection) = config.connect(NoTls).await?;
                    // How it ends is seen by who waits for an answer.
                    tokio::spawn(async { drop(connection.await) });
                    Ok(client)
                }
                Some(tls) => {
                    let (client, connection) = config.connect(tls).await?;
                    tokio::spawn(async { drop(connection.await) });
                    Ok(client)
                }
            }
        };
        let connected = runtime.block_on(async { timeout(CONNECT, connecting).await });
        match connected {
            Ok(Ok(client)) => Ok(Session {
                client,
                prepared: HashMap::new(),
                used: Instant::now(),
                is_broken: false,
                limit: LIMIT,
                runtime: Some(runtime),
            }),
            Ok(Err(error)) => Err(said(&error)),
            Err(_) => Err(format!("no connection within {} s", CONNECT.as_secs())),
        }
    }

    /// Lets the next calls take as long as they take.
    pub(super) fn without_limit(&mut self) {
        self.limit = Duration::MAX;
    }

    /// Whether it can be used: one that was used just now is taken for alive, any other is tried.
    pub(super) fn is_alive(&mut self) -> bool {
        if self.is_broken || self.client.is_closed() {
            return false;
        }
        if self.used.elapsed() < FRESH {
            return true;
        }
        let limit = core::mem::replace(&mut self.limit, ANSWERS);
        let is_alive = self.wait(async |client| client.simple_query("").await).is_ok();
        self.limit = limit;
        is_alive
    }

    /// It was used and is put aside.
    pub(super) fn put_aside(&mut self) {
        self.used = Instant::now();
    }

    /// Ends a transaction that has read, whatever becomes of that: a connection on which it does not end is not used again.
    pub(super) fn end(&mut self) {
        self.is_broken |= self.simple("ROLLBACK").is_err();
    }

    /// What an exchange with the database gives, within the limit.
    fn wait<T>(
        &mut self,
        exchange: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, SqlError> {
        let (client, limit) = (&self.client, self.limit);
        let Some(runtime) = &self.runtime else { return Err(SqlError::NoAnswer(limit)) };
        match runtime.block_on(async { timeout(limit, exchange(client)).await }) {
            Ok(done) => Ok(done?),
            Err(_) => {
                self.is_broken = true;
                Err(SqlError::NoAnswer(limit))
            }
        }
    }

    /// In a test build, where it is this place's turn, the database ends the connection.
    fn may_break(&mut self) {
        if failing::is_due() {
            let _ =
                self.wait(async |client| client.simple_query("SELECT pg_terminate_backend(pg_backend_pid())").await);
        }
    }

    pub(super) fn query(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<tokio_postgres::Row>, SqlError> {
        self.may_break();
        let statement = self.prepare(sql)?;
        let values = parameters(values);
        self.wait(async |client| client.query(&statement, &values).await)
    }

    pub(super) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, SqlError> {
        self.may_break();
        let statement = self.prepare(sql)?;
        let values = parameters(values);
        self.wait(async |client| client.execute(&statement, &values).await)
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, SqlError> {
        if let Some(known) = self.prepared.get(sql) {
            return Ok(known.clone());
        }
        if self.prepared.len() >= PREPARED {
            self.prepared.clear();
        }
        let statement = self.wait(async |client| client.prepare(sql).await)?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Executes statements without values. Returns the first column of the last row.
    pub(super) fn simple(&mut self, sql: &str) -> Result<Option<String>, SqlError> {
        self.may_break();
        let mut last = None;
        for message in self.wait(async |client| client.simple_query(sql).await)? {
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
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        let copied = self.wait(async |client| {
            let writer = BinaryCopyInWriter::new(client.copy_in(&copy).await?, &types);
            let mut writer = pin!(writer);
            for row in &rows {
                writer.as_mut().write(&parameters(row)).await?;
            }
            writer.finish().await
        });
        copied.map(|_| ()).map_err(database)
    }
}

/// What is left of the connection is closed with the runtime, which nobody waits for.
impl Drop for Session {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Values as the library takes them.
fn parameters<'v>(values: &'v [Value<'_>]) -> Vec<&'v (dyn ToSql + Sync)> {
    values.iter().map(|value| value as _).collect()
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
pub(super) fn meaning(error: &SqlError) -> Meaning {
    let Some(code) = error.code() else {
        // Values that do not fit are no trouble of the connection.
        let SqlError::Said(error) = error else { return Meaning::Lost };
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

/// Whether a row with the same key is there, by the name of the key.
pub(super) fn is_there_already(error: &SqlError, key: &str) -> bool {
    let SqlError::Said(error) = error else { return false };
    let said = error.as_db_error().filter(|said| *said.code() == SqlState::UNIQUE_VIOLATION);
    said.is_some_and(|said| said.constraint() == Some(key))
}

/// An error of PostgreSQL as one of ours.
pub(super) fn database(error: SqlError) -> Error {
    match meaning(&error) {
        Meaning::Lost => Error::Unavailable(error.said().into()),
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
    severity: Severity,
}

impl Failure {
    fn of(error: &SqlError) -> Self {
        let class = error.code().map_or("", |code| code.code().get(..2).unwrap_or_default());
        let severity = match error.code().map_or("", SqlState::code) {
            // data_corrupted and index_corrupted.
            "XX001" | "XX002" => Severity::Damage,
            // Resources, the system, and what should not be; anything else is a matter of the values of one request.
            _ if matches!(class, "53" | "58" | "XX") => Severity::Passing,
            _ => Severity::None,
        };
        Failure { said: error.said(), is_conflict: meaning(error) == Meaning::Conflict, severity }
    }
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.said)
    }
}

impl core::error::Error for Failure {}

/// What an error says about the database.
pub(in crate::registry) fn severity(error: &(dyn core::error::Error + 'static)) -> Severity {
    error.downcast_ref::<Failure>().map_or(Severity::Passing, |failure| failure.severity)
}

impl Row for tokio_postgres::Row {
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
