//! The registry itself: how it is opened, and how others read and write.

use super::failing;
use super::folder::{Data, Folder};
use super::group::{Queue, Writer};
use super::health::Health;
use super::record::database;
use super::schema;
use super::stamp::Stamp;
use super::transaction::{Reading, Writing};
use crate::{Clock, Error, Log};
use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// How many idle reading connections are kept: more than most computers have cores. Each has a cache of at
/// most 2 MB.
const READERS: usize = 32;

/// The card registry of a server. Clones are handles to the same registry; the file is closed when
/// the last one is dropped.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);

/// The fields are dropped in this order: pending changes are carried out first, and the connections are closed
/// before the lock and the directory.
struct Inner {
    queue: Queue,
    readers: Mutex<Vec<Connection>>,
    writer: Arc<Writer>,
    health: Arc<Health>,
    /// How often an account or a role was changed.
    epoch: AtomicU64,
    clock: Arc<dyn Clock>,
    path: PathBuf,
    folder: Folder,
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Registry").field(&self.0.path).finish()
    }
}

impl Registry {
    /// Opens the registry, or creates it. At most `pending` changes wait at a time; `notices` is told when it
    /// fails.
    ///
    /// # Errors
    /// [`Error::InUse`] if another server has the directory; [`Error::Lost`] if a registry was used in it and is
    /// missing or empty; [`Error::Damaged`] if SQLite finds the file damaged; [`Error::Data`],
    /// [`Error::NotARegistry`] and [`Error::Database`] if it cannot be used.
    pub(crate) fn open(data: &Data, clock: Arc<dyn Clock>, pending: usize, notices: Log) -> Result<Self, Error> {
        let folder = Folder::open(data)?;
        let path = folder.registry();
        let connection = schema::open_writer(&path, folder.is_new())?;
        folder.finish()?;
        let health = Arc::new(Health::new(notices));
        let writer = Arc::new(Writer::new(connection, Arc::clone(&clock), Arc::clone(&health)));
        let registry = Registry(Arc::new(Inner {
            queue: Queue::new(Arc::clone(&writer), pending)?,
            readers: Mutex::default(),
            writer,
            health,
            epoch: AtomicU64::new(0),
            clock,
            path,
            folder,
        }));
        registry.write(|writing| writing.add_default_roles())?;
        Ok(registry)
    }

    /// Checks the file: SQLite's own checks pass, and every row refers to rows that exist.
    ///
    /// # Errors
    /// [`Error::Damaged`] with what SQLite reports; [`Error::Database`] if it cannot be read at all.
    pub fn check(&self) -> Result<(), Error> {
        let complaints = self.read(|reading| schema::complaints(reading.connection))?;
        if complaints.is_empty() { Ok(()) } else { Err(Error::Damaged(complaints.join("; "))) }
    }

    /// Whether it was made when this server started: no registry was ever used in its directory. Only such a
    /// registry may be given made-up cards without being asked to.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.0.folder.is_new()
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.0.path
    }

    /// The current time.
    pub(crate) fn now(&self) -> Stamp {
        Stamp::of(self.0.clock.now())
    }

    /// Reads, all from one state of the database.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Reading<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.read_unnoted(read).inspect_err(|error| self.0.health.note(error))
    }

    fn read_unnoted<T>(&self, read: impl FnOnce(&Reading<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let idle = self.0.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => schema::open_reader(&self.0.path)?,
        };
        let execute = |sql| {
            let prepared = failing::here().and_then(|()| connection.prepare_cached(sql));
            prepared.and_then(|mut one| one.execute([])).map_err(database)
        };
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

    /// Writes in a transaction of its own: everything if the result is `Ok`, nothing otherwise.
    pub(crate) fn write<T>(&self, write: impl FnOnce(&Writing<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.0.writer.alone(write)
    }

    /// Writes in one transaction with other pending changes: everything if the result is `Ok`, nothing otherwise.
    /// It is on the disk when this returns. Once begun, it is carried out even if it is no longer awaited.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Writing<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let result = self.0.queue.push(change)?;
        result.await.unwrap_or_else(|_| Err(Error::Database("the change was broken off".into())))
    }

    /// Whether it can be read and written.
    pub(crate) fn health(&self) -> &Health {
        &self.0.health
    }

    /// Tries to read and to write.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(crate) fn probe(&self) -> Result<(), Error> {
        self.read(|reading| reading.value::<i64>("SELECT count(*) FROM role", []))?;
        self.write(|writing| {
            let sql = "INSERT INTO probe (id, time) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET time = ?1";
            writing.execute(sql, [writing.now.0]).map(|_| ())
        })
    }

    /// How many transactions were committed since it was opened: fewer than changes when these come
    /// together.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.0.writer.commits()
    }

    /// A number that changes whenever an account or a role does.
    pub(crate) fn epoch(&self) -> u64 {
        self.0.epoch.load(Ordering::Acquire)
    }

    /// Lets nobody be remembered who has signed in.
    #[cfg(test)]
    pub(crate) fn forget_callers(&self) {
        self.0.epoch.fetch_add(1, Ordering::Release);
    }

    /// As [`Self::write`], for accounts and roles.
    pub(super) fn write_accounts<T>(&self, write: impl FnOnce(&Writing<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let written = self.write(write);
        self.0.epoch.fetch_add(1, Ordering::Release);
        written
    }

    #[cfg(test)]
    pub(super) fn queue(&self) -> &Queue {
        &self.0.queue
    }
}
