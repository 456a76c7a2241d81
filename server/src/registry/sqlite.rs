//! The registry in one SQLite file of a folder of its own.
//!
//! One connection writes, and changes that arrive together are committed together; readers have connections of their
//! own and never wait for it. What was committed survives a loss of power. All SQL for SQLite is below this module.

mod backup;
mod copying;
mod failing;
mod folder;
mod group;
mod reads;
mod schema;
mod statements;
mod writes;

pub use backup::{Copied, backup};

pub(super) use copying::Copying;
pub(super) use schema::severity;

use super::health::Health;
use super::stamp::Stamp;
use super::store::{Change, Changing, Extent, Read, Store, Write};
use super::{Reading, Writing};
use crate::{Clock, Error};
use core::sync::atomic::{AtomicU64, Ordering};
use failing::may_fail;
use folder::Folder;
use group::{Queue, Writer};
use rusqlite::Connection;
use statements::{Statements, database};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// How many idle reading connections are kept: more than most computers have cores. Each has a cache of at
/// most 2 MB.
const READERS: usize = 32;

/// The fields are dropped in this order: pending changes are carried out first, and the connections are closed
/// before the lock and the directory.
pub(super) struct Sqlite {
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

impl Sqlite {
    /// Opens the registry in a folder, or creates it; in a temporary one if none is named. At most `pending` changes wait at a time.
    ///
    /// # Errors
    /// [`Error::InUse`] if another server has the directory; [`Error::Lost`] if a registry was used in it and is
    /// missing or empty; [`Error::Damaged`] if SQLite finds the file damaged; [`Error::Data`],
    /// [`Error::NotARegistry`] and [`Error::Database`] if it cannot be used.
    pub(super) fn open(
        folder: Option<&Path>,
        clock: Arc<dyn Clock>,
        pending: usize,
        health: Health,
    ) -> Result<Self, Error> {
        let folder = Folder::open(folder)?;
        let path = folder.registry();
        let connection = schema::open_writer(&path, folder.is_new(), false)?;
        folder.finish()?;
        let health = Arc::new(health);
        let writer = Arc::new(Writer::new(connection, Arc::clone(&clock), Arc::clone(&health)));
        Ok(Sqlite {
            queue: Queue::new(Arc::clone(&writer), pending)?,
            readers: Mutex::default(),
            writer,
            health,
            epoch: AtomicU64::new(0),
            clock,
            path,
            folder,
        })
    }

    fn read_unnoted(&self, read: impl FnOnce(&Statements<'_>) -> Result<(), Error>) -> Result<(), Error> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => schema::open_reader(&self.path)?,
        };
        let execute = |sql| {
            let prepared = may_fail().and_then(|()| connection.prepare_cached(sql));
            prepared.and_then(|mut one| one.execute([])).map_err(database)
        };
        execute("BEGIN")?;
        let result = read(&Statements { connection: &connection, now: Stamp::of(self.clock.now()) });
        // A connection that cannot end its transaction is closed.
        execute("ROLLBACK")?;
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS {
            readers.push(connection);
        }
        result
    }

    fn read_statements<T>(&self, read: impl FnOnce(&Statements<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let mut found = None;
        let done = self.read_unnoted(|statements| {
            found = Some(read(statements)?);
            Ok(())
        });
        done.inspect_err(|error| self.health.note(error))?;
        found.ok_or(Error::Corrupt("a reading that was not made"))
    }

    #[cfg(test)]
    fn queue(&self) -> &Queue {
        &self.queue
    }
}

impl Store for Sqlite {
    fn read(&self, _: Extent, read: Read<'_>) -> Result<(), Error> {
        self.read_statements(|statements| read(&Reading::new(statements)))
    }

    fn write(&self, write: Write<'_>) -> Result<(), Error> {
        self.writer.alone(|statements| write(&Writing::new(statements)))
    }

    fn write_accounts(&self, write: Write<'_>) -> Result<(), Error> {
        let written = self.write(write);
        self.epoch.fetch_add(1, Ordering::Release);
        written
    }

    fn change(&self, change: Change) -> Result<Changing, Error> {
        let told = self.queue.push(change)?;
        Ok(Box::pin(
            async move { told.await.unwrap_or_else(|_| Err(Error::Database("the change was broken off".into()))) },
        ))
    }

    /// Changes are written one after the other, so that no smaller number comes later.
    fn audit_end(&self) -> Result<i64, Error> {
        let end = self.read_statements(|statements| statements.number("SELECT max(id) FROM audit", []))?;
        Ok(end.unwrap_or_default())
    }

    fn is_remote(&self) -> bool {
        false
    }

    fn epoch(&self) -> Result<u64, Error> {
        Ok(self.epoch.load(Ordering::Acquire))
    }

    fn known_epoch(&self) -> Option<u64> {
        Some(self.epoch.load(Ordering::Acquire))
    }

    #[cfg(test)]
    fn forget_callers(&self) {
        self.epoch.fetch_add(1, Ordering::Release);
    }

    fn commits(&self) -> u64 {
        self.writer.commits()
    }

    fn is_new(&self) -> bool {
        self.folder.is_new()
    }

    fn complaints(&self) -> Result<Vec<String>, Error> {
        self.read_statements(|statements| schema::complaints(statements.connection))
    }

    fn place(&self) -> String {
        self.path.display().to_string()
    }

    fn health(&self) -> &Health {
        &self.health
    }
}
