//! Group commit: changes that are pending at the same time are committed together.
//!
//! Making a transaction durable takes far longer than changing a card. One thread takes the changes from a
//! bounded queue, carries out all pending ones in one transaction, and commits once. Each has a savepoint of
//! its own: one that fails, or panics, is undone alone. No change is answered before the commit is on the disk,
//! and if the commit fails, none is reported as done.

use super::failing::may_fail;
use super::statements::{Statements, database};
use crate::registry::Writing;
use crate::registry::health::Health;
use crate::registry::stamp::Stamp;
use crate::registry::store;
use crate::{Clock, Error};
use core::sync::atomic::{AtomicU64, Ordering};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// How many changes are committed together at most: the first should not wait for too many others.
const MAX_GROUP: usize = 256;

/// The connection that writes.
pub(super) struct Writer {
    /// Its holder gets the connection next: without it, the thread below would rarely release the connection.
    next: Mutex<()>,
    connection: Mutex<Connection>,
    clock: Arc<dyn Clock>,
    commits: AtomicU64,
    health: Arc<Health>,
}

/// A change: returns whether to commit it, and how to answer it then. The answer of one that is not committed, though
/// it should be, is the cause.
type Change = Box<dyn FnOnce(Begin<'_, '_>) -> (bool, Answer) + Send>;
type Answer = Box<dyn FnOnce(Result<(), &str>) + Send>;
type Begin<'w, 'c> = Result<&'w Statements<'c>, &'w str>;

impl Writer {
    pub(super) const fn new(connection: Connection, clock: Arc<dyn Clock>, health: Arc<Health>) -> Self {
        Writer { next: Mutex::new(()), connection: Mutex::new(connection), clock, commits: AtomicU64::new(0), health }
    }

    /// How many transactions were committed.
    pub(super) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Writes in a transaction of its own: everything if the result is `Ok`, nothing otherwise.
    pub(super) fn alone<T>(&self, write: impl FnOnce(&Statements<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.alone_unnoted(write).inspect_err(|error| self.health.note(error))
    }

    fn alone_unnoted<T>(&self, write: impl FnOnce(&Statements<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let mut connection = self.connection();
        let transaction = begin(&mut connection)?;
        let result = write(&self.statements(&transaction))?;
        self.commit(transaction)?;
        Ok(result)
    }

    /// Carries out a change and the pending ones behind it.
    fn together(&self, first: Change, waiting: &Receiver<Change>) {
        let mut connection = self.connection();
        let mut transaction = match begin(&mut connection) {
            Ok(transaction) => transaction,
            Err(error) => {
                // Another process has locked the database for a long time: waiting changes would fail too.
                let cause = self.failed(error);
                return core::iter::once(first).chain(waiting.try_iter()).for_each(|change| fail(change, &cause));
            }
        };
        let mut done = Vec::new();
        for change in core::iter::once(first).chain(waiting.try_iter()).take(MAX_GROUP) {
            self.carry_out(change, &mut transaction, &mut done);
            // After some errors, such as a full disk, SQLite has undone everything. The commit then fails.
            if transaction.is_autocommit() {
                break;
            }
        }
        let committed = self.commit(transaction).map_err(|error| self.failed(error));
        drop(connection);
        let committed = committed.as_ref().err().map_or(Ok(()), |cause| Err(cause.as_str()));
        done.into_iter().for_each(|answer| answer(committed));
    }

    /// Carries out a change, and adds its answer to `done` if it is to be committed.
    fn carry_out(&self, change: Change, transaction: &mut Transaction<'_>, done: &mut Vec<Answer>) {
        let savepoint = match may_fail().and_then(|()| transaction.savepoint()) {
            Ok(savepoint) => savepoint,
            Err(error) => return fail(change, &self.failed(database(error))),
        };
        // A change that panics has no answer, which is a failure.
        let carried = catch_unwind(AssertUnwindSafe(|| change(Ok(&self.statements(&savepoint)))));
        match carried {
            Ok((true, answer)) => match may_fail().and_then(|()| savepoint.commit()) {
                Ok(()) => done.push(answer),
                Err(error) => answer(Err(&self.failed(database(error)))),
            },
            Ok((false, answer)) => {
                drop(savepoint);
                answer(Ok(()));
            }
            Err(_) => drop(savepoint),
        }
    }

    /// Notes an error. Returns its cause for those whose change it has undone.
    fn failed(&self, error: Error) -> String {
        self.health.note(&error);
        match error {
            Error::Database(cause) => cause.to_string(),
            other => other.to_string(),
        }
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        let _next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        // A writer that panicked has rolled back: its connection is usable.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn statements<'c>(&self, connection: &'c Connection) -> Statements<'c> {
        Statements { connection, now: Stamp::of(self.clock.now()) }
    }

    fn commit(&self, transaction: Transaction<'_>) -> Result<(), Error> {
        may_fail().and_then(|()| transaction.commit()).map_err(database)?;
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.health.written();
        Ok(())
    }
}

/// Begins to write: waits until no other process does.
fn begin(connection: &mut Connection) -> Result<Transaction<'_>, Error> {
    let begun = may_fail().and_then(|()| connection.transaction_with_behavior(TransactionBehavior::Immediate));
    begun.map_err(database)
}

/// Answers a change that cannot be carried out.
fn fail(change: Change, cause: &str) {
    let (_, answer) = change(Err(cause));
    answer(Ok(()));
}

/// The pending changes, and the thread that carries them out. When this is dropped, it first carries out
/// all of them.
pub(super) struct Queue {
    sender: Option<SyncSender<Change>>,
    health: Arc<Health>,
    thread: Option<JoinHandle<()>>,
}

impl Queue {
    /// A queue of at most `length` changes.
    pub(super) fn new(writer: Arc<Writer>, length: usize) -> Result<Self, Error> {
        let health = Arc::clone(&writer.health);
        let (sender, waiting) = sync_channel::<Change>(length.max(1));
        let thread = std::thread::Builder::new().name("cardwright-writer".into()).spawn(move || {
            while let Ok(first) = waiting.recv() {
                writer.together(first, &waiting);
            }
        });
        Ok(Queue { sender: Some(sender), health, thread: Some(thread.map_err(Error::Runtime)?) })
    }

    /// Adds a change. Its end is sent once it is on the disk, or if the transaction fails. A change for which nobody waits
    /// any more when its turn comes is not begun.
    pub(super) fn push(&self, mut change: store::Change) -> Result<oneshot::Receiver<Result<(), Error>>, Error> {
        self.push_statements(move |statements| change(&Writing::new(statements)))
    }

    fn push_statements(
        &self,
        change: impl FnOnce(&Statements<'_>) -> Result<(), Error> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<(), Error>>, Error> {
        let (sender, result) = oneshot::channel();
        let health = Arc::clone(&self.health);
        let change: Change = Box::new(move |begin| {
            let done = match begin {
                Ok(_) if sender.is_closed() => Err(Error::Busy),
                Ok(statements) => change(statements).inspect_err(|error| health.note(error)),
                Err(cause) => Err(Error::Database(cause.into())),
            };
            let is_done = done.is_ok();
            let answer = move |committed: Result<(), &str>| {
                let result = committed.map_err(|cause| Error::Database(cause.into())).and(done);
                // The receiver may be gone.
                drop(sender.send(result));
            };
            (is_done, Box::new(answer))
        });
        match self.sender.as_ref().map(|sender| sender.try_send(change)) {
            Some(Ok(())) => Ok(result),
            Some(Err(TrySendError::Full(_))) => Err(Error::Busy),
            Some(Err(TrySendError::Disconnected(_))) | None => Err(Error::Database("its thread has ended".into())),
        }
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        drop(self.sender.take());
        // A thread cannot wait for itself.
        if let Some(thread) = self.thread.take().filter(|thread| thread.thread().id() != std::thread::current().id()) {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::registry::rows::Rights;
    use crate::registry::{Registry, Writing};
    use crate::{Data, Error, Log, SystemClock};
    use core::time::Duration;
    use std::sync::mpsc::channel;
    use std::sync::{Arc, Barrier};
    use tokio::sync::oneshot::Receiver;

    fn registry(length: usize) -> Registry {
        Registry::open(&Data::Temporary, Arc::new(SystemClock), length, Log::Off).unwrap()
    }

    fn push(
        registry: &Registry,
        change: impl FnMut(&Writing<'_>) -> Result<(), Error> + Send + 'static,
    ) -> Result<Receiver<Result<(), Error>>, Error> {
        registry.sqlite().queue().push(Box::new(change))
    }

    fn add_role(writing: &Writing<'_>, name: &str) -> Result<(), Error> {
        if writing.rights(name)?.is_some() {
            return Err(Error::Database("it is there".into()));
        }
        writing.writes.put_role(name, Rights::default(), true)
    }

    fn roles(registry: &Registry) -> Vec<String> {
        let roles = registry.read(|reading| reading.roles()).unwrap();
        roles.into_iter().map(|role| role.0).filter(|name| name.starts_with('r')).collect()
    }

    /// Blocks the thread in the middle of a change until the returned function is called.
    fn hold(registry: &Registry) -> impl FnOnce() + use<> {
        let (begun, held) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
        let (begins, holds) = (Arc::clone(&begun), Arc::clone(&held));
        let told = push(registry, move |_| {
            begins.wait();
            holds.wait();
            Ok(())
        });
        begun.wait();
        move || {
            held.wait();
            told.unwrap().blocking_recv().unwrap().unwrap();
        }
    }

    #[test]
    fn changes_pending_together_are_committed_once() {
        let registry = registry(64);
        let before = registry.commits();
        let release = hold(&registry);
        let told: Vec<_> = (0..40).map(|n| push(&registry, move |w| add_role(w, &format!("r{n}"))).unwrap()).collect();
        assert_eq!(roles(&registry), [""; 0]);
        release();
        told.into_iter().for_each(|told| told.blocking_recv().unwrap().unwrap());
        assert_eq!((roles(&registry).len(), registry.commits() - before), (40, 1));
    }

    #[test]
    fn a_change_that_fails_or_panics_leaves_the_others() {
        let registry = registry(64);
        let before = registry.commits();
        let release = hold(&registry);
        let first = push(&registry, |w| add_role(w, "r1")).unwrap();
        let failing = push(&registry, |w| add_role(w, "r2").and(add_role(w, "r1"))).unwrap();
        let refusing = push(&registry, |w| add_role(w, "r3").and(Err::<(), _>(Error::NoSuchCard(3)))).unwrap();
        let panicking = push(&registry, |w| add_role(w, "r4").map(|()| assert!(w.now.0 < 0))).unwrap();
        let last = push(&registry, |w| add_role(w, "r5")).unwrap();
        release();
        assert!(matches!(failing.blocking_recv().unwrap(), Err(Error::Database(_))));
        assert!(matches!(refusing.blocking_recv().unwrap(), Err(Error::NoSuchCard(3))));
        assert!(panicking.blocking_recv().is_err(), "it has no answer");
        first.blocking_recv().unwrap().unwrap();
        last.blocking_recv().unwrap().unwrap();
        assert_eq!((roles(&registry), registry.commits() - before), (vec!["r1".to_owned(), "r5".to_owned()], 1));
    }

    #[test]
    fn if_the_transaction_is_lost_no_change_is_reported_as_done() {
        let registry = registry(64);
        let release = hold(&registry);
        let lost = push(&registry, |w| add_role(w, "r1")).unwrap();
        // What SQLite itself does when the disk is full.
        let losing = registry.sqlite().queue().push_statements(|w| w.execute("ROLLBACK", []).map(|_| ())).unwrap();
        let next = push(&registry, |w| add_role(w, "r2")).unwrap();
        // The change that holds the thread is lost as well.
        std::panic::catch_unwind(core::panic::AssertUnwindSafe(release)).unwrap_err();
        assert!(lost.blocking_recv().unwrap().is_err() && losing.blocking_recv().unwrap().is_err());
        next.blocking_recv().unwrap().unwrap();
        assert_eq!(roles(&registry), ["r2"]);
    }

    #[test]
    fn a_full_queue_takes_no_more_and_loses_nothing() {
        let registry = registry(3);
        let release = hold(&registry);
        let push = |name: &'static str| push(&registry, move |w| add_role(w, name));
        let told = ["r1", "r2", "r3"].map(|name| push(name).unwrap());
        assert!(matches!(push("r4"), Err(Error::Busy)));
        release();
        told.into_iter().for_each(|told| told.blocking_recv().unwrap().unwrap());
        push("r4").unwrap().blocking_recv().unwrap().unwrap();
        assert_eq!(roles(&registry), ["r1", "r2", "r3", "r4"]);
    }

    #[test]
    fn a_registry_carries_out_pending_changes_before_it_closes() {
        let directory = tempfile::tempdir().unwrap();
        let data = Data::Directory(directory.path().join("data"));
        let open = || Registry::open(&data, Arc::new(SystemClock), 64, Log::Off).unwrap();
        let registry = open();
        let release = hold(&registry);
        let told = ["r1", "r2"].map(|name| push(&registry, move |w| add_role(w, name)).unwrap());
        let closing = std::thread::spawn(move || drop(registry));
        release();
        closing.join().unwrap();
        told.into_iter().for_each(|told| told.blocking_recv().unwrap().unwrap());
        assert_eq!(roles(&open()), ["r1", "r2"]);
    }

    #[test]
    fn a_lone_writer_gets_its_turn_between_groups() {
        let registry = registry(64);
        let other = registry.clone();
        let (stop, stopped) = channel::<()>();
        // The queue is never empty.
        let crowd = std::thread::spawn(move || {
            let mut told = std::collections::VecDeque::new();
            while stopped.try_recv().is_err() {
                told.push_back(push(&other, |_| Ok(())).unwrap());
                if told.len() > 32 {
                    told.pop_front().unwrap().blocking_recv().unwrap().unwrap();
                }
            }
        });
        for n in 0..20 {
            registry.write(|w| add_role(w, &format!("r{n}"))).unwrap();
            std::thread::sleep(Duration::from_millis(1));
        }
        stop.send(()).unwrap();
        crowd.join().unwrap();
        assert_eq!(roles(&registry).len(), 20);
    }
}
