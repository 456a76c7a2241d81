//! A thread that holds the connection to one card and carries out one job at a time.
//!
//! PC/SC has no time limit for an APDU, nor for the wait until another program ends its transaction. So
//! the thread makes the calls, and the caller waits no longer than its limit. A thread whose call does
//! not return in time is abandoned: when the call returns, it releases the card and ends.

use super::open::{Attribute, Open, Protocol, Share};
use crate::error::Error;
use crate::system;
use cardwright_core::Code;
use pcsc::{Card, Context, Disposition, ReaderState, State};
use std::ffi::CString;
use std::ops::Deref;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;
use zeroize::Zeroizing;

/// What the thread can do.
pub(super) enum Job {
    Transmit(Zeroizing<Vec<u8>>),
    Begin,
    End,
    /// Ends a transaction with a reset.
    EndWithReset,
    /// Makes the connection valid again after a reset.
    Reconnect,
    /// Resets the card.
    Reset,
    Attribute(Attribute),
}

/// The result of a job.
pub(super) enum Outcome {
    Bytes(Vec<u8>),
    /// A transaction began or ended.
    Nothing,
    Connected(Connected),
    /// The reader has no such attribute.
    Absent,
}

/// The card after a connect or a reset.
pub(super) struct Connected {
    pub(super) atr: Vec<u8>,
    /// `None` without a card.
    pub(super) protocol: Option<Protocol>,
    /// How many attempts the connect took: 1 or 2.
    pub(super) attempts: u32,
}

type Answer = Result<Outcome, pcsc::Error>;

/// The caller's handle.
pub(super) struct CardThread {
    jobs: Option<Sender<Job>>,
    answers: Receiver<Answer>,
}

impl CardThread {
    /// Starts the thread and connects.
    pub(super) fn start(reader: &str, open: &Open) -> Result<(Self, Connected), Error> {
        let name = system::name(reader)?;
        let (jobs, todo) = channel();
        let (answer, answers) = channel();
        let settings = open.clone();
        let work = move || match Worker::connect(name, settings) {
            Ok((worker, connected)) => {
                if answer.send(Ok(Outcome::Connected(connected))).is_ok() {
                    worker.serve(&todo, &answer);
                }
            }
            // A caller that no longer waits needs no answer.
            Err(error) => drop(answer.send(Err(error))),
        };
        let dispatch = tracing::dispatcher::get_default(Clone::clone);
        let span = tracing::Span::current();
        thread::Builder::new()
            .name("cardwright session".into())
            .spawn(move || tracing::dispatcher::with_default(&dispatch, || span.in_scope(work)))
            .map_err(|_| Error::new(Code::ReaderFailed, "no thread for the session"))?;
        let mut thread = CardThread { jobs: Some(jobs), answers };
        let (limit, its_name) = match open.each() {
            each if each <= open.whole() => (each, "limit"),
            _ => (open.whole(), "card_time_limit"),
        };
        let connected = thread.wait(reader, limit).map_err(|error| match error.code() {
            Code::CardTimeout => error.told(&format!("for the connect, by {its_name}")),
            _ => error,
        });
        match connected? {
            Outcome::Connected(connected) => Ok((thread, connected)),
            _ => Err(Error::new(Code::Internal, reader)),
        }
    }

    /// Has a job done.
    ///
    /// # Errors
    ///
    /// The error of PC/SC; `CardTimeout` after the limit, and for every later job.
    pub(super) fn ask(&mut self, reader: &str, job: Job, limit: Duration) -> Result<Outcome, Error> {
        let hung = || Error::new(Code::CardTimeout, reader);
        self.jobs.as_ref().ok_or_else(hung)?.send(job).map_err(|_| Error::new(Code::Internal, reader))?;
        self.wait(reader, limit)
    }

    fn wait(&mut self, reader: &str, limit: Duration) -> Result<Outcome, Error> {
        match self.answers.recv_timeout(limit) {
            Ok(answer) => answer.map_err(|error| Error::pcsc(error, reader)),
            Err(RecvTimeoutError::Timeout) => {
                self.jobs = None;
                Err(Error::new(Code::CardTimeout, reader).told(&format!("waited {} s", limit.as_secs_f64())))
            }
            Err(RecvTimeoutError::Disconnected) => Err(Error::new(Code::Internal, reader)),
        }
    }

    /// Releases the card, and waits until that is done.
    pub(super) fn close(&mut self, limit: Duration) {
        if self.jobs.take().is_some() {
            // The thread drops its channel when it is done, which ends this wait.
            let _ = self.answers.recv_timeout(limit);
        }
    }
}

/// The thread's side.
struct Worker {
    /// `None` only while it is dropped.
    card: Option<Card>,
    connection: Connection,
}

/// What the worker needs besides the card, which a transaction borrows.
struct Connection {
    context: Context,
    name: CString,
    open: Open,
    /// The system's count of insertions and removals at the time of the connect.
    count: Option<u16>,
    /// Room for the longest answer.
    buffer: Vec<u8>,
}

impl Worker {
    fn connect(name: CString, open: Open) -> Result<(Worker, Connected), pcsc::Error> {
        let context = system::establish()?;
        // Before the connect: a card inserted in between then counts as another card, which is the safe way.
        let count = reader_state(&context, &name)?.map(|state| system::count(&state));
        let (card, attempts) =
            connect_twice(|| system::guard(|| context.connect(&name, open.share.to_pcsc(), open.protocols.to_pcsc())));
        let buffer = vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED];
        let mut worker = Worker { card: Some(card?), connection: Connection { context, name, open, count, buffer } };
        let card = worker.card.as_mut().ok_or(pcsc::Error::InternalError)?;
        let connected = worker.connection.connected(card)?;
        let attempts = attempts.max(connected.attempts);
        Ok((worker, Connected { attempts, ..connected }))
    }

    fn serve(mut self, todo: &Receiver<Job>, answer: &Sender<Answer>) {
        let Worker { card: Some(card), connection } = &mut self else { return };
        while let Ok(job) = todo.recv() {
            let done = match job {
                Job::Begin => {
                    let ended = match system::guard(|| card.transaction()) {
                        Ok(transaction) => {
                            if answer.send(Ok(Outcome::Nothing)).is_err() {
                                return;
                            }
                            match connection.serve_transaction(transaction, todo, answer) {
                                Some(ended) => ended,
                                None => return,
                            }
                        }
                        Err(error) => Err(error),
                    };
                    match ended {
                        // The system reports our own reset to us too.
                        Ok(Disposition::ResetCard) => connection.reconnect(card, Disposition::LeaveCard),
                        ended => ended.map(|_| Outcome::Nothing),
                    }
                }
                Job::Reconnect => connection.reconnect(card, Disposition::LeaveCard),
                Job::Reset | Job::EndWithReset => connection.reconnect(card, Disposition::ResetCard),
                Job::End => Ok(Outcome::Nothing),
                job => connection.work(card, job),
            };
            if answer.send(done).is_err() {
                return;
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Some(card) = self.card.take() {
            // Dropping a card would reset it. If this fails, the card or the service is gone.
            let _ = system::guard(|| card.disconnect(Disposition::LeaveCard).map_err(|(_, error)| error));
        }
    }
}

impl Connection {
    /// Works until the transaction ends, and returns how; `None` when the caller is gone.
    fn serve_transaction(
        &mut self,
        transaction: pcsc::Transaction<'_>,
        todo: &Receiver<Job>,
        answer: &Sender<Answer>,
    ) -> Option<Result<Disposition, pcsc::Error>> {
        loop {
            let done = match todo.recv().ok()? {
                job @ (Job::End | Job::EndWithReset) => {
                    let reset = matches!(job, Job::EndWithReset);
                    let how = if reset { Disposition::ResetCard } else { Disposition::LeaveCard };
                    let ended = system::guard(|| transaction.end(how).map_err(|(_, error)| error));
                    return Some(ended.map(|()| how));
                }
                Job::Begin | Job::Reconnect | Job::Reset => Err(pcsc::Error::InvalidValue),
                job => self.work(transaction.deref(), job),
            };
            answer.send(done).ok()?;
        }
    }

    fn work(&mut self, card: &Card, job: Job) -> Answer {
        match job {
            Job::Transmit(command) => {
                match system::guard(|| card.transmit(&command, &mut self.buffer).map(<[u8]>::to_vec)) {
                    // Some drivers report a removed card like this.
                    Ok(answer) if answer.is_empty() && self.is_gone_soon() => Err(pcsc::Error::RemovedCard),
                    Err(pcsc::Error::NotTransacted) if self.is_gone_soon() => Err(pcsc::Error::RemovedCard),
                    answer => answer.map(Outcome::Bytes),
                }
            }
            Job::Attribute(attribute) => {
                // Not by its length first: pcsc-lite passes that question to drivers, which cannot answer it.
                let mut buffer = [0; pcsc::MAX_BUFFER_SIZE];
                match system::guard(|| card.get_attribute(attribute.to_pcsc(), &mut buffer).map(<[u8]>::to_vec)) {
                    Ok(value) => Ok(Outcome::Bytes(value)),
                    Err(error) if is_absent(error) => Ok(Outcome::Absent),
                    Err(error) => Err(error),
                }
            }
            Job::Begin | Job::End | Job::EndWithReset | Job::Reconnect | Job::Reset => Ok(Outcome::Nothing),
        }
    }

    /// Makes the connection valid again, if the card is still the same.
    fn reconnect(&mut self, card: &mut Card, disposition: Disposition) -> Answer {
        if !self.is_same_card() {
            return Err(pcsc::Error::RemovedCard);
        }
        let (share, protocols) = (self.open.share.to_pcsc(), self.open.protocols.to_pcsc());
        system::guard(|| card.reconnect(share, protocols, disposition))?;
        self.connected(card).map(Outcome::Connected)
    }

    /// The card after a connect, which is repeated where the service had forgotten the protocol by then.
    fn connected(&self, card: &mut Card) -> Result<Connected, pcsc::Error> {
        if self.open.share == Share::Direct {
            return Ok(Connected { atr: Vec::new(), protocol: None, attempts: 1 });
        }
        let first = status(card)?;
        if first.protocol.is_some() {
            return Ok(first);
        }
        tracing::warn!("connecting once more: the service has reset the card after another program");
        thread::sleep(RESET);
        let (share, protocols) = (self.open.share.to_pcsc(), self.open.protocols.to_pcsc());
        system::guard(|| card.reconnect(share, protocols, Disposition::LeaveCard))?;
        let second = status(card)?;
        match second.protocol {
            Some(_) => Ok(Connected { attempts: 2, ..second }),
            None => Err(pcsc::Error::ProtoMismatch),
        }
    }

    /// Whether the card is the one of the connect, by the system's count.
    fn is_same_card(&self) -> bool {
        match reader_state(&self.context, &self.name) {
            Ok(Some(state)) => Some(system::count(&state)) == self.count,
            _ => false,
        }
    }

    /// Whether the card was removed. A driver without a card reports only that the command failed; the
    /// system notices the removal a little later, which this waits for.
    fn is_gone_soon(&self) -> bool {
        let is_here = |state: &ReaderState| {
            state.event_state().contains(State::PRESENT) && Some(system::count(state)) == self.count
        };
        let Ok(Some(mut state)) = reader_state(&self.context, &self.name) else { return true };
        if !is_here(&state) {
            return true;
        }
        state.sync_current_state();
        let mut states = [state];
        let waited = system::guard(|| self.context.get_status_change(NOTICE, &mut states));
        waited.is_ok() && !states.iter().all(is_here)
    }
}

/// The card and the protocol in use; `None` where the service has none.
fn status(card: &Card) -> Result<Connected, pcsc::Error> {
    let status = system::guard(|| card.status2_owned())?;
    Ok(Connected { atr: status.atr().to_vec(), protocol: status.protocol2().map(Protocol::of), attempts: 1 })
}

/// Connects, and once more where there was no common protocol; returns how many attempts that took too.
///
/// pcscd resets a card whose program was killed in the middle of a command. Who connects meanwhile is told that card
/// and reader have no protocol in common, or that the card is mute; or the connect succeeds, and after it pcscd forgets
/// the protocol, so that no command can be sent (pcsc-lite 1.9.9, `SCardDisconnect`).
fn connect_twice<T>(mut connect: impl FnMut() -> Result<T, pcsc::Error>) -> (Result<T, pcsc::Error>, u32) {
    use pcsc::Error as E;
    match connect() {
        Err(error @ (E::ProtoMismatch | E::UnresponsiveCard | E::UnpoweredCard)) => {
            tracing::warn!(%error, "connecting once more: the service may be resetting the card after another program");
            thread::sleep(RESET);
            (connect(), 2)
        }
        done => (done, 1),
    }
}

/// How long a service may take to reset a card and to have its ATR again.
const RESET: Duration = Duration::from_millis(150);

/// How long a service takes to notice a removal: pcscd looks every 400 ms.
const NOTICE: Duration = Duration::from_secs(1);

/// The present state of the reader.
fn reader_state(context: &Context, name: &CString) -> Result<Option<ReaderState>, pcsc::Error> {
    Ok(system::states(context, vec![name.clone()])?.pop())
}

/// Whether a driver reports that it has no such attribute.
fn is_absent(error: pcsc::Error) -> bool {
    use pcsc::Error as E;
    matches!(error, E::UnsupportedFeature | E::InvalidParameter | E::InvalidValue | E::NotTransacted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connect_without_a_common_protocol_is_tried_once_more_and_no_other() {
        use pcsc::Error as E;
        let run = |answers: &[Result<(), E>]| {
            let mut answers = answers.iter().copied();
            let (done, attempts) = connect_twice(|| answers.next().expect("no more than two attempts"));
            (done, attempts, answers.next())
        };
        assert_eq!(run(&[Err(E::ProtoMismatch), Ok(())]), (Ok(()), 2, None));
        assert_eq!(run(&[Err(E::ProtoMismatch), Err(E::ProtoMismatch)]), (Err(E::ProtoMismatch), 2, None));
        assert_eq!(run(&[Err(E::UnresponsiveCard), Err(E::NoSmartcard)]), (Err(E::NoSmartcard), 2, None));
        assert_eq!(run(&[Ok(()), Ok(())]), (Ok(()), 1, Some(Ok(()))));
        assert_eq!(run(&[Err(E::SharingViolation), Ok(())]), (Err(E::SharingViolation), 1, Some(Ok(()))));
    }
}
