//! A copy of the registry while it is in use.
//!
//! SQLite's online backup copies one state of the database in one step. Writers continue meanwhile (their
//! pages stay in the write-ahead log until the copy is made), and the server's lock is not needed, so
//! that another process may do it. The copy never overwrites a file, is readable by its owner only,
//! and gets its name once it is complete and on the disk.

use super::statements::database;
use super::{Sqlite, schema};
use crate::Error;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
#[cfg(unix)]
use std::fs::File;
use std::io;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// How often to retry while the database is locked, and how long to wait in between.
const TRIES: u32 = 100;
const WAIT: Duration = Duration::from_millis(100);

/// A finished copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Copied {
    /// How many cards are in it.
    pub cards: u64,
    /// How many rows of the audit log.
    pub audit: u64,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Copies the registry in a data directory to a new file, whether a server uses it or not. To use the
/// copy, put it into a directory of its own as `registry.sqlite`.
///
/// # Errors
/// [`Error::Data`] if there is no registry, or the file exists or cannot be created;
/// [`Error::NotARegistry`], [`Error::Damaged`] and [`Error::Database`].
pub fn backup(data: &Path, to: &Path) -> Result<Copied, Error> {
    let path = data.join("registry.sqlite");
    if !path.is_file() {
        return Err(Error::Data(path, io::ErrorKind::NotFound.into()));
    }
    copy(&path, to)
}

impl Sqlite {
    /// Copies the registry to a new file while it is in use.
    ///
    /// # Errors
    /// As [`backup`].
    pub(in crate::registry) fn backup(&self, to: &Path) -> Result<Copied, Error> {
        copy(&self.path, to)
    }
}

fn copy(from: &Path, to: &Path) -> Result<Copied, Error> {
    let cannot = |error| Error::Data(to.to_owned(), error);
    if to.try_exists().map_err(cannot)? {
        return Err(cannot(io::ErrorKind::AlreadyExists.into()));
    }
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(database)?;
    source.busy_timeout(Duration::from_secs(10)).map_err(database)?;
    if !schema::is_ours(&source) {
        return Err(Error::NotARegistry(from.to_owned()));
    }
    // Readable by its owner only, as it holds password hashes; removed on drop unless it gets its name.
    let mut part = tempfile::Builder::new().prefix(".cardwright-backup-").tempfile_in(folder(to)).map_err(cannot)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The umask may have taken rights from the owner too.
        part.as_file().set_permissions(std::fs::Permissions::from_mode(0o600)).map_err(cannot)?;
    }
    let (cards, audit) = fill(&source, part.path())?;
    part.as_file_mut().sync_all().map_err(cannot)?;
    let file = part.persist_noclobber(to).map_err(|failed| cannot(failed.error))?;
    let bytes = file.metadata().map_err(cannot)?.len();
    #[cfg(unix)]
    File::open(folder(to)).and_then(|folder| folder.sync_all()).map_err(cannot)?;
    Ok(Copied { cards, audit, bytes })
}

/// The folder of a file.
fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Copies one state of the database, and checks the copy. Returns how many cards and rows of
/// the audit log it has.
fn fill(source: &Connection, part: &Path) -> Result<(u64, u64), Error> {
    let mut copy = Connection::open(part).map_err(database)?;
    {
        let backup = Backup::new(source, &mut copy).map_err(database)?;
        let mut tries = 0;
        // All pages at once: in several steps, each write of the server would restart the copy.
        while backup.step(-1).map_err(database)? != StepResult::Done {
            tries += 1;
            if tries > TRIES {
                return Err(Error::Database("the database stays locked".into()));
            }
            sleep(WAIT);
        }
    }
    // One file, with no log beside it.
    copy.pragma_update(None, "journal_mode", "DELETE").map_err(database)?;
    schema::complaints(&copy).and_then(|complaints| match complaints.is_empty() {
        true => Ok(()),
        false => Err(Error::Damaged(complaints.join("; "))),
    })?;
    let count = |table: &str| {
        let count = copy.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
        count.map(i64::unsigned_abs).map_err(database)
    };
    Ok((count("card")?, count("audit")?))
}
