//! Group commit: changes that wait at the same time are committed together.
//!
//! Making a transaction durable takes far longer than changing a card. One thread takes the changes from a
//! bounded queue, carries out all that wait in one transaction, and commits once. Each has a savepoint of
//! its own: one that fails, or panics, is undone alone. Nobody is answered before the commit is on the disk,
//! and where it fails, nobody is told that anything was done.

use super::{Reading, Stamp, Writing, database};
use crate::{Clock, Error};
use core::sync::atomic::{AtomicU64, Ordering};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// How many changes are committed together at most: the first should not wait for too many others.
const MOST: usize = 256;

/// The connection that writes.
pub(super) struct Writer {
    /// Who has this has the connection next: without it, the thread below would hardly ever let it go.
    next: Mutex<()>,
    connection: Mutex<Connection>,
    clock: Arc<dyn Clock>,
    commits: AtomicU64,
}

/// A change: whether it is to be committed, and who is told when it is.
type Change = Box<dyn FnOnce(&Writing<'_>) -> (bool, Tell) + Send>;
type Tell = Box<dyn FnOnce() + Send>;

impl Writer {
    pub(super) const fn new(connection: Connection, clock: Arc<dyn Clock>) -> Self {
        Writer { next: Mutex::new(()), connection: Mutex::new(connection), clock, commits: AtomicU64::new(0) }
    }

    /// How many transactions were committed.
    pub(super) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Writes in a transaction of its own: all of it where the result is `Ok`, else nothing.
    pub(super) fn alone<T>(&self, write: impl FnOnce(&Writing<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(database)?;
        let result = write(&self.writing(&transaction))?;
        self.commit(transaction)?;
        Ok(result)
    }

    /// Carries out a change and those that wait behind it. Whom nobody told anything was not answered for.
    fn together(&self, first: Change, waiting: &Receiver<Change>) {
        let mut connection = self.connection();
        let Ok(mut transaction) = connection.transaction_with_behavior(TransactionBehavior::Immediate) else {
            // The database is locked from outside, and was for long: those behind would wait for nothing.
            return waiting.try_iter().for_each(drop);
        };
        let mut done = Vec::new();
        for change in core::iter::once(first).chain(waiting.try_iter()).take(MOST) {
            self.carry_out(change, &mut transaction, &mut done);
            // After some errors, as of a full disk, SQLite has undone everything. The commit then fails.
            if transaction.is_autocommit() {
                break;
            }
        }
        if self.commit(transaction).is_ok() {
            drop(connection);
            done.into_iter().for_each(|tell| tell());
        }
    }

    /// Carries out a change; who is told when it is committed joins `done`.
    fn carry_out(&self, change: Change, transaction: &mut Transaction<'_>, done: &mut Vec<Tell>) {
        let Ok(savepoint) = transaction.savepoint() else { return };
        let carried = catch_unwind(AssertUnwindSafe(|| change(&self.writing(&savepoint))));
        match carried {
            Ok((true, tell)) => done.extend(savepoint.commit().is_ok().then_some(tell)),
            Ok((false, tell)) => {
                drop(savepoint);
                tell();
            }
            Err(_) => drop(savepoint),
        }
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        let _next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        // A writer that panicked has rolled back: its connection is as good as before.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn writing<'c>(&self, connection: &'c Connection) -> Writing<'c> {
        Writing { reading: Reading { connection }, now: Stamp::of(self.clock.now()) }
    }

    fn commit(&self, transaction: Transaction<'_>) -> Result<(), Error> {
        transaction.commit().map_err(database)?;
        self.commits.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// The changes that wait, and the thread that carries them out. When this is dropped, it first carries out
/// all that wait.
pub(super) struct Queue {
    sender: Option<SyncSender<Change>>,
    thread: Option<JoinHandle<()>>,
}

impl Queue {
    /// A queue for so many changes at most.
    pub(super) fn new(writer: Arc<Writer>, length: usize) -> Result<Self, Error> {
        let (sender, waiting) = sync_channel::<Change>(length.max(1));
        let thread = std::thread::Builder::new().name("cardwright-writer".into()).spawn(move || {
            while let Ok(first) = waiting.recv() {
                writer.together(first, &waiting);
            }
        });
        Ok(Queue { sender: Some(sender), thread: Some(thread.map_err(Error::Runtime)?) })
    }

    /// Adds a change. What comes of it is told when it is on the disk; nothing is told where the
    /// transaction failed.
    pub(super) fn push<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Writing<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, Error>>, Error> {
        let (tell, told) = oneshot::channel();
        let change: Change = Box::new(move |writing| {
            let result = change(writing);
            // Whoever asked may be gone.
            (result.is_ok(), Box::new(move || drop(tell.send(result))))
        });
        match self.sender.as_ref().map(|sender| sender.try_send(change)) {
            Some(Ok(())) => Ok(told),
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
    use crate::registry::{Registry, Writing, database};
    use crate::{Data, Error, SystemClock};
    use core::time::Duration;
    use std::sync::mpsc::channel;
    use std::sync::{Arc, Barrier};

    fn registry(length: usize) -> Registry {
        Registry::open(&Data::Temporary, Arc::new(SystemClock), length).unwrap()
    }

    fn add_role(writing: &Writing<'_>, name: &str) -> Result<(), Error> {
        let sql = "INSERT INTO role VALUES (?1, 0, 0)";
        writing.connection.execute(sql, [name]).map(|_| ()).map_err(database)
    }

    fn roles(registry: &Registry) -> Vec<String> {
        let sql = "SELECT name FROM role WHERE name LIKE 'r%' ORDER BY name";
        let read = registry.read(|reading| {
            let mut statement = reading.connection.prepare(sql).unwrap();
            Ok(statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect())
        });
        read.unwrap()
    }

    /// Holds the thread in the middle of a change until the result is called.
    fn hold(registry: &Registry) -> impl FnOnce() + use<> {
        let (begun, held) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
        let (begins, holds) = (Arc::clone(&begun), Arc::clone(&held));
        let told = registry.0.queue.push(move |_| {
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
    fn changes_that_wait_together_are_committed_once() {
        let registry = registry(64);
        let before = registry.commits();
        let release = hold(&registry);
        let told: Vec<_> =
            (0..40).map(|n| registry.0.queue.push(move |w| add_role(w, &format!("r{n}"))).unwrap()).collect();
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
        let first = registry.0.queue.push(|w| add_role(w, "r1")).unwrap();
        let failing = registry.0.queue.push(|w| add_role(w, "r2").and(add_role(w, "r1"))).unwrap();
        let refusing = registry.0.queue.push(|w| add_role(w, "r3").and(Err::<(), _>(Error::NoSuchCard(3)))).unwrap();
        let panicking = registry.0.queue.push(|w| add_role(w, "r4").map(|()| assert!(w.now.0 < 0))).unwrap();
        let last = registry.0.queue.push(|w| add_role(w, "r5")).unwrap();
        release();
        assert!(matches!(failing.blocking_recv().unwrap(), Err(Error::Database(_))));
        assert!(matches!(refusing.blocking_recv().unwrap(), Err(Error::NoSuchCard(3))));
        assert!(panicking.blocking_recv().is_err(), "nothing is told of it");
        first.blocking_recv().unwrap().unwrap();
        last.blocking_recv().unwrap().unwrap();
        assert_eq!((roles(&registry), registry.commits() - before), (vec!["r1".to_owned(), "r5".to_owned()], 1));
    }

    #[test]
    fn where_the_transaction_is_lost_nobody_is_told_that_it_was_done() {
        let registry = registry(64);
        let release = hold(&registry);
        let lost = registry.0.queue.push(|w| add_role(w, "r1")).unwrap();
        // What SQLite itself does when the disk is full.
        let losing = registry.0.queue.push(|w| w.connection.execute_batch("ROLLBACK").map_err(database)).unwrap();
        let next = registry.0.queue.push(|w| add_role(w, "r2")).unwrap();
        // The change that holds the thread is lost as well.
        std::panic::catch_unwind(core::panic::AssertUnwindSafe(release)).unwrap_err();
        assert!(lost.blocking_recv().is_err() && losing.blocking_recv().is_err());
        next.blocking_recv().unwrap().unwrap();
        assert_eq!(roles(&registry), ["r2"]);
    }

    #[test]
    fn a_full_queue_takes_no_more_and_loses_nothing() {
        let registry = registry(3);
        let release = hold(&registry);
        let push = |name: &'static str| registry.0.queue.push(move |w| add_role(w, name));
        let told = ["r1", "r2", "r3"].map(|name| push(name).unwrap());
        assert!(matches!(push("r4"), Err(Error::Busy)));
        release();
        told.into_iter().for_each(|told| told.blocking_recv().unwrap().unwrap());
        push("r4").unwrap().blocking_recv().unwrap().unwrap();
        assert_eq!(roles(&registry), ["r1", "r2", "r3", "r4"]);
    }

    #[test]
    fn a_registry_that_is_closed_first_carries_out_what_waits() {
        let directory = tempfile::tempdir().unwrap();
        let data = Data::Directory(directory.path().join("data"));
        let open = || Registry::open(&data, Arc::new(SystemClock), 64).unwrap();
        let registry = open();
        let release = hold(&registry);
        let told = ["r1", "r2"].map(|name| registry.0.queue.push(move |w| add_role(w, name)).unwrap());
        let closing = std::thread::spawn(move || drop(registry));
        release();
        closing.join().unwrap();
        told.into_iter().for_each(|told| told.blocking_recv().unwrap().unwrap());
        assert_eq!(roles(&open()), ["r1", "r2"]);
    }

    #[test]
    fn who_writes_alone_gets_its_turn_between_groups() {
        let registry = registry(64);
        let other = registry.clone();
        let (stop, stopped) = channel::<()>();
        // The queue is never empty.
        let crowd = std::thread::spawn(move || {
            let mut told = std::collections::VecDeque::new();
            while stopped.try_recv().is_err() {
                told.push_back(other.0.queue.push(|_| Ok(())).unwrap());
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
