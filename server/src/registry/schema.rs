//! How the database is opened, and how an older one is brought up to date.

use super::database;
use crate::Error;
use rusqlite::Connection;
use std::path::Path;
use std::time::Duration;

/// The migrations in their order; `PRAGMA user_version` counts those that are done.
const MIGRATIONS: [&str; 1] = [include_str!("migrations/0001.sql")];

/// Tells our files from other SQLite files: "Card".
const APPLICATION_ID: i32 = 0x4361_7264;

/// Opens the file, or makes it, and brings it up to date.
pub(super) fn open_writer(path: &Path) -> Result<Connection, Error> {
    let mut connection = Connection::open(path).map_err(database)?;
    configure(&connection)?;
    migrate(&mut connection, path)?;
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn open_reader(path: &Path) -> Result<Connection, Error> {
    let connection = Connection::open(path).map_err(database)?;
    configure(&connection)?;
    connection.pragma_update(None, "query_only", true).map_err(database)?;
    Ok(connection)
}

fn configure(connection: &Connection) -> Result<(), Error> {
    connection.busy_timeout(Duration::from_secs(10)).map_err(database)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(database)?;
    // What was answered must survive a loss of power.
    connection.pragma_update(None, "synchronous", "FULL").map_err(database)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    let not_ours = |_| Error::NotARegistry(path.to_owned());
    // The first access reads the header, and fails on a file that is no database.
    let done: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(not_ours)?;
    let id: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(not_ours)?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(not_ours)?;
    let done = usize::try_from(done).unwrap_or(usize::MAX);
    let fresh = done == 0 && id == 0 && tables == 0;
    let Some(todo) = MIGRATIONS.get(done..).filter(|_| fresh || id == APPLICATION_ID) else {
        return Err(Error::NotARegistry(path.to_owned()));
    };
    connection.pragma_update(None, "journal_mode", "WAL").map_err(database)?;
    if todo.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction().map_err(database)?;
    for migration in todo {
        transaction.execute_batch(migration).map_err(database)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(database)?;
    transaction.pragma_update(None, "user_version", MIGRATIONS.len() as i64).map_err(database)?;
    transaction.commit().map_err(database)
}
