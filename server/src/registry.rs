//! The card registry: cards, requests, accounts and the audit log, in one SQLite file.
//!
//! All SQL of the server stands in this module and those below it, so that another database needs no
//! other change. One connection writes, and changes that come together are committed together; reads have
//! connections of their own and never wait for it. What was committed survives a loss of power.

mod accounts;
mod approvals;
mod audit;
mod backup;
mod cards;
mod certificates;
mod group;
mod list;
mod operate;
mod requests;
mod schema;
mod stamp;
mod templates;

pub use approvals::Decision;
pub use audit::{AuditEntry, Outcome};
pub use backup::{Copied, backup};
pub use certificates::{CaStatus, CertificateEntry};

pub(crate) use accounts::Caller;
pub(crate) use audit::Event;
pub(crate) use cards::Card;
pub(crate) use certificates::{Certificate, HOLD, Standing};
pub(crate) use list::{Filter, TimeFilter};
pub(crate) use operate::{Act, Judged, mim_status};
pub(crate) use requests::Request;
pub(crate) use stamp::Stamp;
pub(crate) use templates::{Policy, Template};

use crate::{Clock, Data, Error};
use cardwright_core::Named;
use cardwright_core::identity::Guid;
use core::fmt;
use core::ops::Deref;
use core::sync::atomic::{AtomicU64, Ordering};
use group::{Queue, Writer};
use rusqlite::Connection;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// How many idle reading connections are kept: more than most computers have cores. Each has a cache of at
/// most 2 MB.
const READERS: usize = 32;

/// The card registry of a server. Copies are handles of the same registry; the file is closed when
/// the last one is dropped.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);

/// The fields are dropped in this order: what waits is carried out first, and the connections are closed
/// before the lock and the directory.
struct Inner {
    queue: Queue,
    readers: Mutex<Vec<Connection>>,
    writer: Arc<Writer>,
    /// How often an account or a role was changed.
    epoch: AtomicU64,
    clock: Arc<dyn Clock>,
    path: PathBuf,
    _lock: File,
    _temporary: Option<tempfile::TempDir>,
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Registry").field(&self.0.path).finish()
    }
}

impl Registry {
    /// Opens the registry, or makes it. At most `waiting` changes wait at a time.
    ///
    /// # Errors
    /// [`Error::InUse`] where another server has the directory; [`Error::Data`],
    /// [`Error::NotARegistry`] and [`Error::Database`] where it cannot be used.
    pub(crate) fn open(data: &Data, clock: Arc<dyn Clock>, waiting: usize) -> Result<Self, Error> {
        let (directory, temporary) = match data {
            Data::Directory(directory) => {
                make_private(directory).map_err(|error| Error::Data(directory.clone(), error))?;
                (directory.clone(), None)
            }
            Data::Temporary => {
                let made = tempfile::Builder::new().prefix("cardwright-").tempdir();
                let made = made.map_err(|error| Error::Data(std::env::temp_dir(), error))?;
                (made.path().to_owned(), Some(made))
            }
        };
        let lock = lock(&directory)?;
        let path = directory.join("registry.sqlite");
        let writer = Arc::new(Writer::new(schema::open_writer(&path)?, Arc::clone(&clock)));
        let registry = Registry(Arc::new(Inner {
            queue: Queue::new(Arc::clone(&writer), waiting)?,
            readers: Mutex::default(),
            writer,
            epoch: AtomicU64::new(0),
            clock,
            path,
            _lock: lock,
            _temporary: temporary,
        }));
        registry.write(|writing| writing.add_default_roles())?;
        Ok(registry)
    }

    /// Checks the file: that SQLite finds it whole, and that every row refers to rows that are there.
    ///
    /// # Errors
    /// [`Error::Damaged`] with what SQLite says; [`Error::Database`] where it cannot be read at all.
    pub fn check(&self) -> Result<(), Error> {
        let complaints = self.read(|reading| schema::complaints(reading.connection))?;
        if complaints.is_empty() { Ok(()) } else { Err(Error::Damaged(complaints.join("; "))) }
    }

    /// The time now.
    pub(crate) fn now(&self) -> Stamp {
        Stamp::of(self.0.clock.now())
    }

    /// Reads, all from one state of the database.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Reading<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let idle = self.0.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => schema::open_reader(&self.0.path)?,
        };
        let execute = |sql| connection.prepare_cached(sql).and_then(|mut one| one.execute([])).map_err(database);
        execute("BEGIN")?;
        let result = read(&Reading { connection: &connection });
        // A connection that cannot end its transaction is closed.
        execute("ROLLBACK")?;
        let mut readers = self.0.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS {
            readers.push(connection);
        }
        result
    }

    /// Writes in a transaction of its own: all of it where the result is `Ok`, else nothing.
    pub(crate) fn write<T>(&self, write: impl FnOnce(&Writing<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.0.writer.alone(write)
    }

    /// Writes in one transaction with the others that wait: all of it where the result is `Ok`, else
    /// nothing. It is on the disk when this returns. Once begun it is carried out, waited for or not.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Writing<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let told = self.0.queue.push(change)?;
        told.await.unwrap_or_else(|_| Err(Error::Database("the transaction failed".into())))
    }

    /// How many transactions were committed since it was opened: fewer than changes, where these come
    /// together.
    pub fn commits(&self) -> u64 {
        self.0.writer.commits()
    }

    /// Another number than before where an account or a role has changed.
    pub(crate) fn epoch(&self) -> u64 {
        self.0.epoch.load(Ordering::Acquire)
    }

    /// As [`Self::write`], for accounts and roles.
    fn write_accounts<T>(&self, write: impl FnOnce(&Writing<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let written = self.write(write);
        self.0.epoch.fetch_add(1, Ordering::Release);
        written
    }
}

/// What can be read.
pub(crate) struct Reading<'c> {
    connection: &'c Connection,
}

/// What can be written, at one time.
pub(crate) struct Writing<'c> {
    reading: Reading<'c>,
    /// The time of everything in this transaction.
    pub(crate) now: Stamp,
}

impl<'c> Deref for Writing<'c> {
    type Target = Reading<'c>;

    fn deref(&self) -> &Reading<'c> {
        &self.reading
    }
}

/// A new random id (RFC 9562, version 4).
pub(crate) fn new_uuid() -> Result<Guid, Error> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| Error::Crypto("the system gives no random numbers"))?;
    Ok(version_4(bytes))
}

/// Random bytes as a GUID of version 4.
pub(crate) fn version_4(mut bytes: [u8; 16]) -> Guid {
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    Guid::new(bytes)
}

fn database(error: rusqlite::Error) -> Error {
    Error::Database(Box::new(error))
}

/// The value of an enumeration by the number in a column.
fn named<T: Named>(number: i64, number_of: impl Fn(T) -> u8, what: &'static str) -> Result<T, Error> {
    let found = T::ALL.iter().copied().find(|value| i64::from(number_of(*value)) == number);
    found.ok_or(Error::Corrupt(what))
}

/// The GUID in a column.
fn guid(text: Option<String>) -> Result<Option<Guid>, Error> {
    text.map(|text| Guid::parse(&text).map_err(|_| Error::Corrupt("a GUID"))).transpose()
}

/// As [`guid`], where there must be one.
fn some_guid(text: &str) -> Result<Guid, Error> {
    Guid::parse(text).map_err(|_| Error::Corrupt("a GUID"))
}

fn make_private(directory: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(directory)
}

/// Takes the directory for this process; the system gives it back when the file is closed, however
/// the process ends.
fn lock(directory: &Path) -> Result<File, Error> {
    let path = directory.join("registry.lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|error| Error::Data(path.clone(), error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::InUse(directory.to_owned())),
        Err(TryLockError::Error(error)) => Err(Error::Data(path, error)),
    }
}
