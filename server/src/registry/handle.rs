//! The registry itself: how it is opened, and how others read and write.

use super::health::Health;
use super::postgres::{self, Postgres};
use super::reading::{Reading, Writing};
use super::sqlite::{self, Copied, Sqlite};
use super::stamp::Stamp;
use super::store::{Extent, Store};
use crate::{Clock, Data, Error, Log};
use core::fmt;
use core::time::Duration;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The card registry of a server. Clones are handles to the same registry; it is closed when the last one is dropped.
///
/// Its methods block. Over PostgreSQL they may not be called within an asynchronous function, but on a thread that may block.
#[derive(Clone)]
pub struct Registry {
    database: Database,
    clock: Arc<dyn Clock>,
}

/// The two implementations of [`Store`].
#[derive(Clone)]
enum Database {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Registry").field(&self.store().place()).finish()
    }
}

impl Registry {
    /// Opens the registry, or creates it. At most `pending` changes wait at a time; `notices` is told when it
    /// fails.
    ///
    /// # Errors
    /// As [`Sqlite::open`] and [`Postgres::open`].
    pub(crate) fn open(data: &Data, clock: Arc<dyn Clock>, pending: usize, notices: Log) -> Result<Self, Error> {
        let now = Arc::clone(&clock);
        let database = match data {
            Data::Temporary | Data::Directory(_) => {
                let folder = if let Data::Directory(folder) = data { Some(folder.as_path()) } else { None };
                let health = Health::new(notices, sqlite::severity);
                Database::Sqlite(Arc::new(Sqlite::open(folder, now, pending, health)?))
            }
            Data::Postgres(place) => {
                let health = Health::new(notices, postgres::severity);
                Database::Postgres(Arc::new(Postgres::open(place, now, pending, health)?))
            }
        };
        let registry = Registry { database, clock };
        registry.add_default_roles()?;
        Ok(registry)
    }

    pub(super) fn store(&self) -> &dyn Store {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.as_ref(),
            Database::Postgres(postgres) => postgres.as_ref(),
        }
    }

    /// Checks what it holds: SQLite's own checks pass, or PostgreSQL reads every row; and every row refers to rows that exist.
    ///
    /// # Errors
    /// [`Error::Damaged`] with what the database reports; [`Error::Database`] if it cannot be read at all.
    pub fn check(&self) -> Result<(), Error> {
        let complaints = self.store().complaints()?;
        if complaints.is_empty() { Ok(()) } else { Err(Error::Damaged(complaints.join("; "))) }
    }

    /// Copies the registry to a new file while it is in use.
    ///
    /// # Errors
    /// As [`crate::backup`]; [`Error::BackupByItself`] for one in PostgreSQL.
    pub fn backup(&self, to: &Path) -> Result<Copied, Error> {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.backup(to),
            Database::Postgres(_) => Err(Error::BackupByItself(self.store().place())),
        }
    }

    /// Whether it was made when this server started: no registry was ever used in its place. Only such a
    /// registry may be given made-up cards without being asked to.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.store().is_new()
    }

    /// The current time.
    pub(crate) fn now(&self) -> Stamp {
        Stamp::of(self.clock.now())
    }

    /// Reads, all from one state of the database. Where the connection to it breaks before anything was read, `read` is called
    /// again.
    pub(crate) fn read<T>(&self, read: impl FnMut(&Reading<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.read_extent(Extent::Several, read)
    }

    /// As [`Self::read`], with one statement.
    pub(crate) fn read_one<T>(&self, read: impl FnMut(&Reading<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.read_extent(Extent::One, read)
    }

    /// As [`Self::read`], with as many statements as this says.
    pub(crate) fn read_extent<T>(
        &self,
        extent: Extent,
        mut read: impl FnMut(&Reading<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut found = None;
        self.store().read(extent, &mut |reading| {
            found = Some(read(reading)?);
            Ok(())
        })?;
        found.ok_or(Error::Corrupt("a reading that was not made"))
    }

    /// Whether it is in a database beyond this process, which may go away.
    pub(crate) fn is_remote(&self) -> bool {
        self.store().is_remote()
    }

    /// What `look` reads: where the database is remote on a thread that may block, otherwise at once, as reading a card takes
    /// less time than handing it to another thread.
    pub(crate) async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Registry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        if !self.is_remote() {
            return look(self);
        }
        let registry = self.clone();
        let looked = tokio::task::spawn_blocking(move || look(&registry)).await;
        looked.unwrap_or_else(|failed| Err(Error::Database(Box::new(failed))))
    }

    /// Writes in a transaction of its own: everything if the result is `Ok`, nothing otherwise. Where another
    /// transaction is in the way, `write` is called again, in a new one.
    pub(crate) fn write<T>(&self, write: impl Fn(&Writing<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let mut written = None;
        self.store().write(&mut |writing| {
            written = Some(write(writing)?);
            Ok(())
        })?;
        written.ok_or(Error::Corrupt("a change that was not made"))
    }

    /// As [`Self::write`], for accounts and roles.
    pub(super) fn write_accounts<T>(&self, write: impl Fn(&Writing<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let mut written = None;
        self.store().write_accounts(&mut |writing| {
            written = Some(write(writing)?);
            Ok(())
        })?;
        written.ok_or(Error::Corrupt("a change that was not made"))
    }

    /// Writes in one transaction, perhaps with other pending changes: everything if the result is `Ok`, nothing otherwise.
    /// It is on the disk when this returns. Once begun, it is carried out even if it is no longer awaited. Where another
    /// transaction is in the way, `change` is called again, in a new one.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        change: impl Fn(&Writing<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let kept = Arc::new(Mutex::new(None));
        let keep = Arc::clone(&kept);
        let change = Box::new(move |writing: &Writing<'_>| {
            let result = change(writing)?;
            *keep.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            Ok(())
        });
        self.store().change(change)?.await?;
        let result = kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        result.ok_or(Error::Corrupt("a change that was not made"))
    }

    /// Whether it can be read and written.
    pub(crate) fn health(&self) -> &Health {
        self.store().health()
    }

    /// Its database has not answered for this time.
    pub(crate) fn note_silence(&self, time: Duration) {
        let why = format!("{}: no answer within {} s", self.store().place(), time.as_secs());
        self.health().note(&Error::Unavailable(why.into()));
    }

    /// Tries to read and to write.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(crate) fn probe(&self) -> Result<(), Error> {
        self.read(|reading| reading.roles().map(|_| ()))?;
        self.write(|writing| writing.writes.write_probe())
    }

    /// How many transactions were committed since it was opened: fewer than changes when these come
    /// together.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.store().commits()
    }

    /// A number that changes whenever an account or a role does.
    ///
    /// # Errors
    /// [`Error::Unavailable`], of a remote database.
    pub(crate) fn epoch(&self) -> Result<u64, Error> {
        self.store().epoch()
    }

    /// The same, if it is known without asking the database.
    pub(crate) fn known_epoch(&self) -> Option<u64> {
        self.store().known_epoch()
    }

    /// Forgets every cached sign-in.
    #[cfg(test)]
    pub(crate) fn forget_callers(&self) {
        self.store().forget_callers();
    }

    #[cfg(test)]
    pub(super) fn sqlite(&self) -> &Sqlite {
        match &self.database {
            Database::Sqlite(sqlite) => sqlite,
            Database::Postgres(_) => panic!("the registry is not in SQLite"),
        }
    }
}
