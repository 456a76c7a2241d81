//! How the tables are made and migrated, and which servers may use them.
//!
//! The row of the table `registry` says how many migrations are done, and how many a server must know at least. A migration that
//! an older server may work beside (a column that may be absent, an index, a table) leaves the latter as it is, so that servers
//! can be replaced one after the other; any other raises it, and older servers change nothing from then on.

use super::session::{Session, database};
use crate::Error;

/// A migration.
struct Migration {
    sql: &'static str,
    /// The version of the oldest server that may use the tables after it.
    oldest: i64,
}

/// The migrations in order.
const MIGRATIONS: &[Migration] = &[Migration { sql: include_str!("migrations/0001.sql"), oldest: 1 }];

/// The version that this server knows.
pub(super) const KNOWN: i64 = MIGRATIONS.len() as i64;

/// The lock that each change holds, with others, until it ends; who must know that none is under way has it alone. The numbers are
/// "Crd" and 1, and the schema, as each may have a registry of its own.
pub(super) const CHANGES: &str = "1131570177, current_schema()::regnamespace::oid::int4";

/// The lock of who makes or migrates the tables: "Crd" and 2, and the schema.
const MIGRATING: &str = "1131570178, current_schema()::regnamespace::oid::int4";

/// Whether there is a table that says what [`Migration`]s are done, and no other of its name.
const IS_REGISTRY: &str = "SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() \
    AND table_name = 'registry' AND column_name IN ('version', 'oldest', 'accounts', 'copying') HAVING count(*) = 4";

/// What others did to the tables.
pub(super) struct Opened {
    /// Whether they were made just now.
    pub(super) is_new: bool,
    /// Whether the database gives up what it has answered for speed.
    pub(super) is_unsafe: bool,
}

/// Makes or migrates the tables, one server at a time.
///
/// # Errors
/// [`Error::NotEmpty`], [`Error::Newer`], [`Error::HalfCopied`], [`Error::Unavailable`] and [`Error::Database`].
pub(super) fn open(session: &mut Session, place: &str, may_be_half: bool) -> Result<Opened, Error> {
    session.without_limit();
    // A migration of many rows takes its time.
    session.simple("SET statement_timeout = 0; SET lock_timeout = '120s'").map_err(database)?;
    session.simple(&format!("SELECT pg_advisory_lock({MIGRATING})")).map_err(database)?;
    let opened = migrate(session, place, may_be_half);
    // The lock ends with the connection, too.
    let unlocked = session.simple(&format!("SELECT pg_advisory_unlock({MIGRATING})")).map_err(database);
    let opened = opened?;
    unlocked.map(|_| opened)
}

/// Whether there are tables of this very version, which are whole: what is copied from is not changed.
///
/// # Errors
/// [`Error::CopyStopped`], and as [`open`].
pub(super) fn check_source(session: &mut Session, place: &str) -> Result<(), Error> {
    let mut ask = |sql: &str| session.simple(sql).map_err(database);
    if ask(IS_REGISTRY)?.is_none() {
        return Err(Error::CopyStopped(format!("there is no registry in {place}")));
    }
    if let Some(from) = ask("SELECT copying FROM registry")? {
        return Err(Error::HalfCopied(format!("{place}, from {from}")));
    }
    let version = ask("SELECT version FROM registry")?.unwrap_or_default();
    match version == KNOWN.to_string() {
        true => Ok(()),
        false => Err(Error::CopyStopped(format!(
            "{place} has tables of version {version}, and this program knows {KNOWN}: start a server of one version over it first"
        ))),
    }
}

fn migrate(session: &mut Session, place: &str, may_be_half: bool) -> Result<Opened, Error> {
    let mut ask = |sql: &str| session.simple(sql).map_err(database);
    let is_unsafe = ask("SHOW fsync")?.as_deref() == Some("off");
    if let Some(encoding) = ask("SHOW server_encoding")?.filter(|encoding| encoding != "UTF8") {
        let why = format!("{place} holds texts as {encoding}: create the database with the encoding UTF8");
        return Err(Error::DatabaseUrl(why));
    }
    let is_registry = ask(IS_REGISTRY)?.is_some();
    let tables =
        "SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') LIMIT 1";
    if !is_registry && ask(tables)?.is_some() {
        return Err(Error::NotEmpty(place.to_owned()));
    }
    let number = |text: Option<String>| text.and_then(|text| text.parse::<i64>().ok()).unwrap_or_default();
    let done = if is_registry { number(ask("SELECT version FROM registry")?) } else { 0 };
    if is_registry {
        check(number(ask("SELECT oldest FROM registry")?), place)?;
        if let Some(from) = ask("SELECT copying FROM registry")?.filter(|_| !may_be_half) {
            return Err(Error::HalfCopied(format!("{place}, from {from}")));
        }
    }
    for (version, migration) in (1..).zip(MIGRATIONS).filter(|(version, _)| *version > done) {
        let row = match version {
            1 => format!("INSERT INTO registry (version, oldest) VALUES (1, {})", migration.oldest),
            _ => format!("UPDATE registry SET version = {version}, oldest = {}", migration.oldest),
        };
        // No change of another server is under way meanwhile.
        let sql = format!("BEGIN; SELECT pg_advisory_xact_lock({CHANGES}); {}; {row}; COMMIT", migration.sql);
        session.simple(&sql).map_err(|error| {
            let why = error.said();
            // What was begun is undone with the connection, which nobody uses any more.
            Error::Database(format!("migration {version} of {place}: {why}").into())
        })?;
    }
    Ok(Opened { is_new: done == 0, is_unsafe })
}

/// What servers find for the oldest version of tables to which a registry is being copied.
const HALF: i64 = 0;

/// Whether this server may use tables that need this version at least.
///
/// # Errors
/// [`Error::Newer`], and [`Error::HalfCopied`].
pub(super) fn check(oldest: i64, place: &str) -> Result<(), Error> {
    if oldest == HALF {
        return Err(Error::HalfCopied(place.to_owned()));
    }
    if oldest <= KNOWN {
        return Ok(());
    }
    Err(Error::Newer { place: place.to_owned(), found: oldest, known: KNOWN })
}
