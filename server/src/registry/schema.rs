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
    let mut connection = open(path)?;
    let todo = identify(&connection).ok_or_else(|| Error::NotARegistry(path.to_owned()))?;
    configure(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(database)?;
    migrate(&mut connection, todo)?;
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn open_reader(path: &Path) -> Result<Connection, Error> {
    let connection = open(path)?;
    configure(&connection)?;
    connection.pragma_update(None, "query_only", true).map_err(database)?;
    Ok(connection)
}

fn open(path: &Path) -> Result<Connection, Error> {
    let connection = Connection::open(path).map_err(database)?;
    connection.busy_timeout(Duration::from_secs(10)).map_err(database)?;
    Ok(connection)
}

/// The migrations that a file still needs; `None` for a file that is no registry, or one of a newer
/// version. Nothing is written.
fn identify(connection: &Connection) -> Option<&'static [&'static str]> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).ok();
    let done = number("PRAGMA user_version")?;
    let id = number("PRAGMA application_id")?;
    let is_fresh = done == 0 && id == 0 && number("SELECT count(*) FROM sqlite_schema")? == 0;
    let todo = MIGRATIONS.get(usize::try_from(done).ok()?..)?;
    (is_fresh || id == i64::from(APPLICATION_ID)).then_some(todo)
}

fn configure(connection: &Connection) -> Result<(), Error> {
    connection.pragma_update(None, "foreign_keys", true).map_err(database)?;
    // What was answered must survive a loss of power.
    connection.pragma_update(None, "synchronous", "FULL").map_err(database)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn migrate(connection: &mut Connection, todo: &[&str]) -> Result<(), Error> {
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

#[cfg(test)]
mod tests {
    use super::{Connection, MIGRATIONS, identify, open_writer};

    #[test]
    fn a_registry_of_a_newer_version_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("registry.sqlite");
        let connection = open_writer(&path).unwrap();
        assert_eq!(identify(&connection), Some(&[][..]));
        connection.pragma_update(None, "user_version", MIGRATIONS.len() as i64 + 1).unwrap();
        assert_eq!(identify(&connection), None);
    }

    #[test]
    fn the_database_of_another_program_is_left_alone() {
        let connection = Connection::open_in_memory().unwrap();
        assert_eq!(identify(&connection), Some(&MIGRATIONS[..]));
        connection.execute_batch("CREATE TABLE other (x)").unwrap();
        assert_eq!(identify(&connection), None);
    }

    #[test]
    fn writes_are_durable() {
        let directory = tempfile::tempdir().unwrap();
        let connection = open_writer(&directory.path().join("registry.sqlite")).unwrap();
        let text = |sql| connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(text("PRAGMA journal_mode"), "wal");
        assert_eq!((number("PRAGMA synchronous"), number("PRAGMA foreign_keys")), (2, 1));
    }
}
