//! How the database is opened, and how an older one is migrated.

use super::folder::has_log;
use super::statements::database;
use crate::Error;
use crate::registry::health::Severity;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

/// The migrations in order; `PRAGMA user_version` counts those that are done. One of a single statement, such as
/// `ALTER TABLE card ADD COLUMN`, is given here; a longer one is a file.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
];

/// Distinguishes our files from other SQLite files: "Card".
const APPLICATION_ID: i32 = 0x4361_7264;

/// The check of a file that is opened; three complaints are enough to see what it is.
const QUICK_CHECK: &str = "PRAGMA quick_check(3)";

/// Opens the file, checks it unless it is new, and migrates it. What is refused stays as it is, byte for byte.
///
/// `quick_check` reads every page, and counts the entries of indexes. Whether every row refers to rows that exist is not
/// looked at: no damage to a page shows there alone, and what was edited by hand should not keep a server from starting.
///
/// # Errors
/// [`Error::NotARegistry`]; [`Error::Damaged`]; [`Error::Lost`] if it is a database without any table and not new.
pub(super) fn open_writer(path: &Path, is_new: bool, may_be_half: bool) -> Result<Connection, Error> {
    if !is_new {
        // Before SQLite opens it: closing a file of a process ends its locks on it.
        read_ahead(path);
    }
    // When the last connection is closed, SQLite moves the log into the file.
    let has_log = has_log(path);
    let mut connection = open(path)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, has_log).map_err(database)?;
    let refused = |error| refused(error, path);
    // 32 MiB, so that changes of many cards rarely read the file.
    connection.pragma_update(None, "cache_size", -32 * 1024).map_err(refused)?;
    if let Some(from) = copying(&connection).map_err(refused)? {
        if !may_be_half {
            return Err(Error::HalfCopied(format!("{}, from {from}", path.display())));
        }
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map_err(database)?;
        configure(&connection)?;
        return Ok(connection);
    }
    let todo = identify(&connection).map_err(refused)?.ok_or_else(|| Error::NotARegistry(path.to_owned()))?;
    if !is_new {
        if todo.len() == MIGRATIONS.len() {
            return Err(Error::Lost(path.to_owned(), "has no table"));
        }
        let complaints = lines(&connection, QUICK_CHECK).map_err(refused)?;
        if !complaints.is_empty() {
            return Err(Error::Damaged(complaints.join("; ")));
        }
    }
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map_err(database)?;
    configure(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(database)?;
    migrate(&mut connection, todo)?;
    Ok(connection)
}

/// Reads the file from its beginning to its end, so that the system has it in memory: the check reads it page by page in the
/// order of its tables, which takes a disk many times as long.
fn read_ahead(path: &Path) {
    let Ok(mut file) = File::open(path) else { return };
    let mut part = vec![0; 1 << 20];
    // What cannot be read, the check reports.
    while file.read(&mut part).is_ok_and(|length| length > 0) {}
}

/// What an error of SQLite's says about a file that is opened.
fn refused(error: rusqlite::Error, path: &Path) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => Error::NotARegistry(path.to_owned()),
        Some(ErrorCode::DatabaseCorrupt) => Error::Damaged(format!("{}: {error}", path.display())),
        _ => database(error),
    }
}

/// What an error says: damage, if the file is damaged or holds what no version of the registry writes.
pub(in crate::registry) fn severity(error: &(dyn core::error::Error + 'static)) -> Severity {
    if is_damage(error) { Severity::Damage } else { Severity::Passing }
}

fn is_damage(error: &(dyn core::error::Error + 'static)) -> bool {
    let Some(error) = error.downcast_ref::<rusqlite::Error>() else { return false };
    // A value of another type than the schema's.
    let is_foreign = matches!(
        error,
        rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..)
    );
    let is_damaged = |code| matches!(code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase);
    is_foreign || error.sqlite_error_code().is_some_and(is_damaged)
}

/// A connection that only reads.
pub(super) fn open_reader(path: &Path) -> Result<Connection, Error> {
    let connection = open(path)?;
    configure(&connection)?;
    connection.pragma_update(None, "query_only", true).map_err(database)?;
    Ok(connection)
}

/// Opens a file that is there.
fn open(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(database)?;
    connection.busy_timeout(Duration::from_secs(10)).map_err(database)?;
    Ok(connection)
}

/// The migrations that a file still needs; `None` if it is not a registry, or one of a newer
/// version. Nothing is written.
fn identify(connection: &Connection) -> rusqlite::Result<Option<&'static [&'static str]>> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let done = number("PRAGMA user_version")?;
    let id = number("PRAGMA application_id")?;
    let is_fresh = done == 0 && id == 0 && number("SELECT count(*) FROM sqlite_schema")? == 0;
    let todo = usize::try_from(done).ok().and_then(|done| MIGRATIONS.get(done..));
    Ok(todo.filter(|_| is_fresh || id == i64::from(APPLICATION_ID)))
}

/// Whether a file is a registry of this version or an older one.
pub(super) fn is_ours(connection: &Connection) -> bool {
    matches!(identify(connection), Ok(Some(todo)) if todo.len() < MIGRATIONS.len())
}

/// The complaints of one of SQLite's checks, each in one line.
fn lines(connection: &Connection, check: &str) -> rusqlite::Result<Vec<String>> {
    let mut check = connection.prepare(check)?;
    let mut rows = check.query([])?;
    let mut complaints = Vec::new();
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        // A line of stars only names the database, of which there is one.
        let lines = text.lines().filter(|line| *line != "ok" && !line.starts_with("***"));
        complaints.extend(lines.map(str::to_owned));
    }
    Ok(complaints)
}

/// What SQLite finds wrong with a file, and which rows refer to missing rows.
pub(super) fn complaints(connection: &Connection) -> Result<Vec<String>, Error> {
    let mut complaints = lines(connection, "PRAGMA integrity_check").map_err(database)?;
    let mut references = connection.prepare("PRAGMA foreign_key_check").map_err(database)?;
    let mut rows = references.query([]).map_err(database)?;
    while let Some(row) = rows.next().map_err(database)? {
        let (table, parent): (String, String) =
            (row.get("table").map_err(database)?, row.get("parent").map_err(database)?);
        complaints.push(format!("a row of {table} refers to a row of {parent} that is not there"));
    }
    Ok(complaints)
}

/// The version that this program knows.
const KNOWN: i64 = MIGRATIONS.len() as i64;

/// What a file to which a registry is copied has instead of its version until it is whole: no version of the program takes it
/// for its own.
const COPYING: i64 = 0x436F_7079;

/// From where a registry is copied to this file, if that did not come to its end.
pub(super) fn copying(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version != COPYING {
        return Ok(None);
    }
    connection.query_row("SELECT source FROM copying", [], |row| row.get(0)).map(Some)
}

/// Whether a file has the tables of this very version.
pub(super) fn is_current(path: &Path) -> Result<bool, Error> {
    let connection = open(path)?;
    let version: rusqlite::Result<i64> = connection.query_row("PRAGMA user_version", [], |row| row.get(0));
    // One that is half copied is refused when it is opened.
    Ok(matches!(version.map_err(|error| refused(error, path))?, COPYING | KNOWN))
}

/// Marks a file to which a registry is copied from here.
pub(super) fn mark(connection: &Connection, from: &str) -> rusqlite::Result<()> {
    connection.execute("CREATE TABLE copying (source TEXT NOT NULL, version INTEGER NOT NULL) STRICT", [])?;
    connection.execute("INSERT INTO copying (source, version) VALUES (?1, ?2)", (from, KNOWN))?;
    connection.pragma_update(None, "user_version", COPYING)
}

/// Takes the mark away.
pub(super) fn unmark(connection: &Connection) -> rusqlite::Result<()> {
    // That of the program which made the tables.
    let version: i64 = connection.query_row("SELECT version FROM copying", [], |row| row.get(0))?;
    connection.execute("DROP TABLE copying", [])?;
    connection.pragma_update(None, "user_version", version)
}

fn configure(connection: &Connection) -> Result<(), Error> {
    connection.pragma_update(None, "foreign_keys", true).map_err(database)?;
    // What was answered must survive a loss of power.
    connection.pragma_update(None, "synchronous", "FULL").map_err(database)?;
    connection.set_prepared_statement_cache_capacity(64);
    // A plan that may depend on the values would be made again for each execution.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(database)?;
    Ok(())
}

fn migrate(connection: &mut Connection, todo: &[&str]) -> Result<(), Error> {
    if todo.is_empty() { Ok(()) } else { migrate_to(connection, todo, MIGRATIONS.len()) }
}

fn migrate_to(connection: &mut Connection, todo: &[&str], version: usize) -> Result<(), Error> {
    let transaction = connection.transaction().map_err(database)?;
    for migration in todo {
        transaction.execute_batch(migration).map_err(database)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(database)?;
    transaction.pragma_update(None, "user_version", version as i64).map_err(database)?;
    transaction.commit().map_err(database)
}

#[cfg(test)]
mod tests {
    use super::{Connection, MIGRATIONS, identify, migrate_to, open, open_writer};
    use cardwright_core::Named as _;
    use cardwright_core::certiflow::RevocationReason;

    #[test]
    fn a_registry_of_a_newer_version_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("registry.sqlite");
        std::fs::write(&path, "").unwrap();
        let connection = open_writer(&path, true, false).unwrap();
        assert_eq!(identify(&connection).unwrap(), Some(&[][..]));
        connection.pragma_update(None, "user_version", MIGRATIONS.len() as i64 + 1).unwrap();
        assert_eq!(identify(&connection).unwrap(), None);
    }

    #[test]
    fn the_database_of_another_program_is_left_alone() {
        let connection = Connection::open_in_memory().unwrap();
        assert_eq!(identify(&connection).unwrap(), Some(MIGRATIONS));
        connection.execute_batch("CREATE TABLE other (x)").unwrap();
        assert_eq!(identify(&connection).unwrap(), None);
    }

    #[test]
    fn a_registry_of_version_1_is_migrated() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("registry.sqlite");
        std::fs::write(&path, "").unwrap();
        let mut old = open(&path).unwrap();
        migrate_to(&mut old, &MIGRATIONS[..1], 1).unwrap();
        let card = "INSERT INTO card (id, state, serial_number, time_disabled, time_revoked, revocation_reason, uuid, \
            profile_uuid) VALUES (?1, ?2, 'x', 50, 50, ?3, ?1, ?1)";
        let certificate = "INSERT INTO certificate (card, type, serial_number, thumbprint, subject, issuer, valid_to) \
            VALUES (?1, ?2, 'x', 'x', 'x', 'x', ?3)";
        let reasons = RevocationReason::ALL.iter().map(|reason| (10 + *reason as i64, 6, Some(*reason)));
        let cards = [(1, 4, None), (2, 5, None), (3, 7, None)].into_iter().chain(reasons);
        for (id, state, reason) in cards.clone() {
            old.execute(card, (id, state, reason.map(|reason| reason as u8))).unwrap();
            // A managed one, one that expired before its card was held or revoked, and a common one.
            for (kind, valid_to) in [(1, 100), (1, 40), (2, 100)] {
                old.execute(certificate, (id, kind, valid_to)).unwrap();
            }
        }
        drop(old);

        let new = open_writer(&path, false, false).unwrap();
        assert_eq!(identify(&new).unwrap(), Some(&[][..]));
        let standing = |card: i64, kind: i64, valid_to: i64| {
            let sql = "SELECT revoke_with_card, in_new_policy, ca_status, crl_reason, held_with_card FROM certificate \
                WHERE (card, type, valid_to) = (?1, ?2, ?3)";
            new.query_row(sql, [card, kind, valid_to], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })
            .unwrap()
        };
        for (id, state, reason) in cards {
            let crl_reason = reason.unwrap_or(RevocationReason::None).crl_reason();
            let wanted = match state {
                4 => (true, true, 1, None, false),
                5 => (true, true, 2, Some(6), true),
                _ => (true, true, 3, Some(crl_reason), false),
            };
            assert_eq!(standing(id, 1, 100), wanted, "{id}");
            for left in [standing(id, 1, 40), standing(id, 2, 100)] {
                assert_eq!(left, (true, true, 1, None, false), "{id}");
            }
        }
    }

    #[test]
    fn writes_are_durable() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("registry.sqlite");
        std::fs::write(&path, "").unwrap();
        let connection = open_writer(&path, true, false).unwrap();
        let text = |sql| connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(text("PRAGMA journal_mode"), "wal");
        assert_eq!((number("PRAGMA synchronous"), number("PRAGMA foreign_keys")), (2, 1));
    }
}
