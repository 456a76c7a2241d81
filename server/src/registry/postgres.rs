//! The registry in a database of PostgreSQL, which any number of servers use at the same time.
//!
//! Each change is one transaction (READ COMMITTED) that holds the rows which it reads by their ids (`FOR NO KEY UPDATE`), so that
//! two servers never decide on the same state; PostgreSQL commits those of many connections together by itself. A change whose
//! commit was not answered, as the connection broke, is looked up by its id before anybody is told. All SQL for PostgreSQL is
//! below this module.

mod copying;
mod database;
mod pool;
mod reads;
mod schema;
mod session;
mod statements;
mod tls;
mod writes;

pub use database::Database;

pub(super) use copying::Copying;
pub(super) use session::severity;

use super::copying::TABLES;
use super::health::Health;
use super::stamp::Stamp;
use super::store::{Change, Changing, Extent, Read, Store, Write};
use super::value::Row as _;
use super::{Reading, Writing};
use crate::uuid::time_ordered;
use crate::{Clock, Error};
use cardwright_core::identity::Guid;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use pool::Pool;
use schema::CHANGES;
use session::{Failure, Meaning, Session, database, is_there_already, meaning};
use statements::Statements;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::{Semaphore, oneshot};

/// How often a change is tried where other transactions are in the way.
const TRIES: u32 = 10;

/// How often something is read where the connection breaks.
const TRIES_TO_READ: u32 = 3;

/// Whether anything was read.
type HasRead = bool;

/// How long what has become of a change is asked for.
const LOOK_UP: Duration = if cfg!(test) { Duration::from_millis(100) } else { Duration::from_secs(20) };

/// How long a server uses a cached sign-in before it asks whether an account has changed. A change to an account is answered
/// only after this time, when no server uses an older sign-in any more.
const LEASE: Duration = Duration::from_millis(100);

/// A registry in a database.
pub(super) struct Postgres(Arc<Inner>);

struct Inner {
    place: String,
    pool: Pool,
    clock: Arc<dyn Clock>,
    health: Health,
    /// The changes that may wait.
    waiting: Arc<Semaphore>,
    /// The changes that are carried out at the same time.
    turns: Arc<Semaphore>,
    epoch: Mutex<Option<Known>>,
    /// The last row of the audit log, as it was known last.
    audit_end: Mutex<i64>,
    commits: AtomicU64,
    is_new: bool,
    #[cfg(test)]
    forgets: AtomicU64,
}

/// How often accounts have been changed, and when that was asked.
#[derive(Clone, Copy)]
struct Known {
    epoch: u64,
    asked: Instant,
}

impl Postgres {
    /// Opens the registry in a database; makes it in an empty one, and migrates an older one. At most `pending` changes wait at
    /// a time.
    ///
    /// # Errors
    /// [`Error::DatabaseUrl`] if the certificates to trust cannot be used, [`Error::Unavailable`], [`Error::NotEmpty`],
    /// [`Error::Newer`], [`Error::HalfCopied`] and [`Error::Database`].
    pub(super) fn open(at: &Database, clock: Arc<dyn Clock>, pending: usize, health: Health) -> Result<Self, Error> {
        let (place, pool) = (at.to_string(), Pool::new(at)?);
        let mut session = pool.connect().map_err(|why| Error::Unavailable(why.into()))?;
        let opened = schema::open(&mut session, &place, false)?;
        drop(session);
        if opened.is_unsafe {
            health.tell(&format!("{place} has fsync off: what is answered may be lost when its computer fails"));
        }
        // One connection is left for what reads.
        let turns = at.connections.saturating_sub(1).max(1);
        Ok(Postgres(Arc::new(Inner {
            place,
            pool,
            clock,
            health,
            waiting: Arc::new(Semaphore::new(pending.max(1))),
            turns: Arc::new(Semaphore::new(turns)),
            epoch: Mutex::new(None),
            audit_end: Mutex::new(0),
            commits: AtomicU64::new(0),
            is_new: opened.is_new,
            #[cfg(test)]
            forgets: AtomicU64::new(0),
        })))
    }
}

/// Whether anybody still waits for a change.
type IsAwaited<'a> = &'a dyn Fn() -> bool;

/// What a change leaves.
#[derive(Clone, Copy)]
struct Traces {
    /// Rows of the audit log.
    has_rows: bool,
    /// Anything.
    has_written: bool,
}

/// What an attempt at a change has come to.
enum Attempt {
    Done,
    /// Nothing was changed, for this reason.
    Failed(Error),
    /// Nothing was changed, and it may be tried again: another transaction was in the way, or the connection was lost.
    Again(Error),
}

impl Inner {
    fn now(&self) -> Stamp {
        Stamp::of(self.clock.now())
    }

    fn noted<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result.inspect_err(|error| self.health.note(error))
    }

    /// What is done with a connection; again with another one, if that breaks before anything was read.
    fn with_session<T>(&self, mut work: impl FnMut(&mut Session) -> Result<T, (Error, HasRead)>) -> Result<T, Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            let (mut session, place) = self.pool.take()?;
            match work(&mut session) {
                Ok(done) => {
                    place.keep(session);
                    return Ok(done);
                }
                Err((Error::Unavailable(why), has_read)) => {
                    drop((session, place));
                    self.pool.forget();
                    if has_read || tries == TRIES_TO_READ {
                        return Err(Error::Unavailable(why));
                    }
                }
                Err((error, _)) => {
                    if session.simple("ROLLBACK").is_ok() {
                        place.keep(session);
                    }
                    return Err(error);
                }
            }
        }
    }

    fn read(&self, extent: Extent, read: Read<'_>) -> Result<(), Error> {
        self.with_session(|session| {
            if extent == Extent::Several {
                let begun = session.simple("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
                begun.map_err(|error| (database(error), false))?;
            }
            let mut statements = Statements::new(session, self.now(), false, Guid::default());
            statements.is_alone = extent == Extent::One;
            let result = read(&Reading::new(&statements));
            let has_read = statements.has_read.get();
            result.map_err(|error| (error, has_read))?;
            if extent == Extent::Several {
                session.end();
            }
            Ok(())
        })
    }

    /// Writes in a transaction, again where another one was in the way.
    fn write(&self, bumps_accounts: bool, is_awaited: IsAwaited<'_>, write: Write<'_>) -> Result<(), Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            if !is_awaited() {
                return Err(Error::Busy);
            }
            match self.attempt(bumps_accounts, is_awaited, write)? {
                Attempt::Done => {
                    self.commits.fetch_add(1, Ordering::Relaxed);
                    self.health.written();
                    return Ok(());
                }
                Attempt::Again(_) if tries < TRIES => {
                    // Those that were in each other's way are not again.
                    std::thread::sleep(Duration::from_millis(u64::from(tries) * u64::from(random_byte()) / 32));
                }
                Attempt::Failed(error) | Attempt::Again(error) => return Err(error),
            }
        }
    }

    fn attempt(&self, bumps_accounts: bool, is_awaited: IsAwaited<'_>, write: Write<'_>) -> Result<Attempt, Error> {
        let (mut session, place) = self.pool.take()?;
        if let Err(error) = self.begin(&mut session, bumps_accounts) {
            drop((session, place));
            return Ok(match error {
                Error::Unavailable(_) => {
                    self.pool.forget();
                    Attempt::Again(error)
                }
                error => Attempt::Failed(error),
            });
        }
        let change = time_ordered(self.clock.now())?;
        let (written, traces) = {
            let statements = Statements::new(&mut session, self.now(), true, change);
            let written = write(&Writing::new(&statements));
            // A change that goes on after an error would be committed as nothing.
            let written =
                if statements.has_failed.get() { written.and(Err(Error::Corrupt("a failed change"))) } else { written };
            // A client that gave up may have sent the operation to another server.
            let written = if is_awaited() { written } else { written.and(Err(Error::Busy)) };
            let has_rows = statements.parts.get() > 0;
            (written, Traces { has_rows, has_written: statements.has_written.get() })
        };
        if let Err(error) = written {
            let is_lost = matches!(error, Error::Unavailable(_));
            if is_lost {
                self.pool.forget();
            }
            if !is_lost && session.simple("ROLLBACK").is_ok() {
                place.keep(session);
            }
            return Ok(if is_lost || is_conflict(&error) { Attempt::Again(error) } else { Attempt::Failed(error) });
        }
        match session.simple("COMMIT") {
            Ok(_) => {
                place.keep(session);
                Ok(Attempt::Done)
            }
            Err(error) if meaning(&error) == Meaning::Lost => {
                drop((session, place));
                self.pool.forget();
                self.look_up(change, traces, &database(error))
            }
            Err(error) => {
                // PostgreSQL has undone it.
                let error = database(error);
                Ok(if is_conflict(&error) { Attempt::Again(error) } else { Attempt::Failed(error) })
            }
        }
    }

    /// Begins a transaction that changes something, unless a newer server forbids that.
    fn begin(&self, session: &mut Session, bumps_accounts: bool) -> Result<(), Error> {
        // The lock first: what is read after it is no older than it.
        let bump = if bumps_accounts { "UPDATE registry SET accounts = accounts + 1; " } else { "" };
        let begin = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock_shared({CHANGES}); \
            {bump}SELECT CASE WHEN copying IS NULL THEN oldest ELSE 0 END FROM registry"
        );
        let oldest = session.simple(&begin).map_err(database)?;
        let oldest = oldest.and_then(|text| text.parse().ok()).ok_or(Error::Corrupt("the version of the tables"))?;
        schema::check(oldest, &self.place)
    }

    /// What has become of a change whose commit was not answered. It may still be under way: a row with its id is added to the
    /// audit log, which waits for its end, is refused if the change was made, and is taken back.
    fn look_up(&self, change: Guid, traces: Traces, cause: &Error) -> Result<Attempt, Error> {
        if !traces.has_written {
            // It does not matter.
            return Ok(Attempt::Again(Error::Unavailable(cause.to_string().into())));
        }
        let unknown = |why: String| {
            let text = format!("{cause}; whether the change was made is not known: {why}");
            Err(Error::Database(text.into()))
        };
        if !traces.has_rows {
            return unknown("it has no row in the audit log".into());
        }
        let until = Instant::now() + LOOK_UP;
        loop {
            let error = match self.pool.connect().map_err(|why| Error::Unavailable(why.into())) {
                Ok(mut session) => {
                    let looked = session.simple(&format!(
                        "BEGIN; INSERT INTO audit (time, account, system, operation, note, outcome, change, part) \
                        VALUES (0, '', '', 'look-up', '', 'done', '{change}', 0); ROLLBACK"
                    ));
                    match looked {
                        Ok(_) => return Ok(Attempt::Again(Error::Unavailable(cause.to_string().into()))),
                        Err(error) if is_there_already(&error, "audit_change_part_key") => return Ok(Attempt::Done),
                        Err(error) => database(error),
                    }
                }
                Err(error) => error,
            };
            self.health.note(&error);
            if Instant::now() >= until {
                return unknown(error.to_string());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn known(&self) -> Option<Known> {
        let known = *self.epoch.lock().unwrap_or_else(PoisonError::into_inner);
        known.filter(|known| known.asked.elapsed() < LEASE)
    }

    /// Asks how often accounts have been changed, and whether this server may still use the database.
    fn ask_epoch(&self) -> Result<u64, Error> {
        if let Some(known) = self.known() {
            return Ok(known.epoch);
        }
        let asked = Instant::now();
        let rows = self.with_session(|session| {
            let sql = "SELECT CASE WHEN copying IS NULL THEN oldest ELSE 0 END, accounts FROM registry";
            let rows = session.query(sql, &[]);
            rows.map_err(|error| (database(error), false))
        })?;
        let row = rows.first().ok_or(Error::Corrupt("the version of the tables"))?;
        schema::check(row.value(0)?.integer()?, &self.place)?;
        let accounts = row.value(1)?.integer()?;
        let epoch = accounts.unsigned_abs();
        #[cfg(test)]
        let epoch = epoch + self.forgets.load(Ordering::Relaxed);
        let known = Known { epoch, asked };
        *self.epoch.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
        Ok(known.epoch)
    }

    /// One at a time. Where changes that are under way do not end soon, none of the others waits for them: the end that was
    /// known before is no wrong one.
    fn audit_end(&self) -> Result<i64, Error> {
        let mut known = self.audit_end.lock().unwrap_or_else(PoisonError::into_inner);
        let ask = format!(
            "BEGIN; SET LOCAL lock_timeout = '1s'; SELECT pg_advisory_xact_lock({CHANGES}); \
            SELECT coalesce(max(id), 0) FROM audit; COMMIT"
        );
        let asked = self.with_session(|session| session.simple(&ask).map_err(|error| (database(error), false)));
        let end = match asked {
            Err(Error::Busy) => return Ok(*known),
            asked => asked?,
        };
        *known = end.and_then(|end| end.parse().ok()).ok_or(Error::Corrupt("the end of the audit log"))?;
        Ok(*known)
    }
}

/// Whether another transaction was in the way.
fn is_conflict(error: &Error) -> bool {
    let Error::Database(cause) = error else { return false };
    cause.downcast_ref::<Failure>().is_some_and(|failure| failure.is_conflict)
}

/// A byte of chance; where there is none, always the same.
fn random_byte() -> u8 {
    let mut byte = [128];
    let _ = getrandom::fill(&mut byte);
    byte[0]
}

impl Store for Postgres {
    fn read(&self, extent: Extent, read: Read<'_>) -> Result<(), Error> {
        self.0.noted(self.0.read(extent, read))
    }

    fn write(&self, write: Write<'_>) -> Result<(), Error> {
        self.0.noted(self.0.write(false, &|| true, write))
    }

    fn write_accounts(&self, write: Write<'_>) -> Result<(), Error> {
        let written = self.0.noted(self.0.write(true, &|| true, write));
        *self.0.epoch.lock().unwrap_or_else(PoisonError::into_inner) = None;
        if written.is_ok() {
            std::thread::sleep(LEASE);
        }
        written
    }

    fn change(&self, mut change: Change) -> Result<Changing, Error> {
        let waiting = Arc::clone(&self.0.waiting).try_acquire_owned().map_err(|_| Error::Busy)?;
        let inner = Arc::clone(&self.0);
        Ok(Box::pin(async move {
            // It is closed when this is no longer awaited.
            let (told, awaited) = oneshot::channel::<()>();
            let turn = Arc::clone(&inner.turns).acquire_owned().await;
            let turn = turn.map_err(|closed| Error::Database(Box::new(closed)))?;
            let changing = tokio::task::spawn_blocking(move || {
                let _places = (waiting, turn);
                inner.noted(inner.write(false, &|| !told.is_closed(), &mut *change))
            });
            let changed = changing.await;
            drop(awaited);
            changed.unwrap_or_else(|failed| Err(Error::Database(Box::new(failed))))
        }))
    }

    fn audit_end(&self) -> Result<i64, Error> {
        self.0.noted(self.0.audit_end())
    }

    fn is_remote(&self) -> bool {
        true
    }

    fn epoch(&self) -> Result<u64, Error> {
        self.0.noted(self.0.ask_epoch())
    }

    fn known_epoch(&self) -> Option<u64> {
        self.0.known().map(|known| known.epoch)
    }

    #[cfg(test)]
    fn forget_callers(&self) {
        self.0.forgets.fetch_add(1, Ordering::Relaxed);
        *self.0.epoch.lock().unwrap() = None;
    }

    fn commits(&self) -> u64 {
        self.0.commits.load(Ordering::Relaxed)
    }

    fn is_new(&self) -> bool {
        self.0.is_new
    }

    /// PostgreSQL itself keeps rows from referring to others that are not there; that all of them can be read is tried.
    fn complaints(&self) -> Result<Vec<String>, Error> {
        let mut session = self.0.pool.connect().map_err(|why| Error::Unavailable(why.into()))?;
        session.simple("SET statement_timeout = 0").map_err(database)?;
        let mut complaints = Vec::new();
        for table in TABLES.map(|table| table.name) {
            if let Err(error) = session.simple(&format!("SELECT sum(hashtext(t::text)::bigint) FROM {table} t")) {
                if meaning(&error) == Meaning::Lost {
                    return Err(database(error));
                }
                complaints.push(format!("{table}: {}", error.said()));
            }
        }
        Ok(complaints)
    }

    fn place(&self) -> String {
        self.0.place.clone()
    }

    fn health(&self) -> &Health {
        &self.0.health
    }
}
