//! A thread that holds the connection to one card and does what it is told, one thing at a time.
//!
//! PC/SC has no time limit for an APDU, nor for the wait until another program ends its transaction. So
//! the calls are made here, and whoever asked waits no longer than his limit. A line whose call never
//! returns is left behind: when it does return, the thread finds nobody, lets go of the card and ends.

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

/// What can be asked for.
pub(super) enum Job {
    Transmit(Zeroizing<Vec<u8>>),
    Begin,
    End,
    /// A transaction is ended by a reset.
    EndWithReset,
    /// After a reset: the connection is made valid again.
    Reconnect,
    /// The card is reset by us.
    Reset,
    Attribute(Attribute),
}

/// What comes of it.
pub(super) enum Done {
    Bytes(Vec<u8>),
    /// Begun, ended.
    Nothing,
    Connected(Connected),
    /// The reader has no such attribute.
    Absent,
}

/// The card as it is after a connect or a reset.
pub(super) struct Connected {
    pub(super) atr: Vec<u8>,
    /// `None` without a card.
    pub(super) protocol: Option<Protocol>,
}

type Answer = Result<Done, pcsc::Error>;

/// The caller's end.
pub(super) struct Line {
    jobs: Option<Sender<Job>>,
    answers: Receiver<Answer>,
}

impl Line {
    /// Connects.
    pub(super) fn open(reader: &str, open: &Open) -> Result<(Line, Connected), Error> {
        let name = system::name(reader)?;
        let (jobs, todo) = channel();
        let (answer, answers) = channel();
        let asked = open.clone();
        let work = move || {
            // The answer to nobody: whoever asked has gone.
            let _ = answer.send(match End::connect(name, asked) {
                Ok((end, connected)) => {
                    if answer.send(Ok(Done::Connected(connected))).is_ok() {
                        end.serve(&todo, &answer);
                    }
                    return;
                }
                Err(error) => Err(error),
            });
        };
        thread::Builder::new()
            .name("cardwright session".into())
            .spawn(work)
            .map_err(|_| Error::new(Code::ReaderFailed, "no thread for the session"))?;
        let mut line = Line { jobs: Some(jobs), answers };
        match line.wait(reader, open.limit)? {
            Done::Connected(connected) => Ok((line, connected)),
            _ => Err(Error::new(Code::Internal, reader)),
        }
    }

    /// Has something done.
    ///
    /// # Errors
    ///
    /// What PC/SC answered; `CardTimeout` after the limit, and for everything after that.
    pub(super) fn ask(&mut self, reader: &str, job: Job, limit: Duration) -> Result<Done, Error> {
        let hung = || Error::new(Code::CardTimeout, reader);
        self.jobs.as_ref().ok_or_else(hung)?.send(job).map_err(|_| Error::new(Code::Internal, reader))?;
        self.wait(reader, limit)
    }

    fn wait(&mut self, reader: &str, limit: Duration) -> Result<Done, Error> {
        match self.answers.recv_timeout(limit) {
            Ok(answer) => answer.map_err(|error| Error::pcsc(error, reader)),
            Err(RecvTimeoutError::Timeout) => {
                self.jobs = None;
                Err(Error::new(Code::CardTimeout, reader))
            }
            Err(RecvTimeoutError::Disconnected) => Err(Error::new(Code::Internal, reader)),
        }
    }

    /// Lets go of the card, and waits until that is done.
    pub(super) fn close(&mut self, limit: Duration) {
        if self.jobs.take().is_some() {
            // The thread drops its end when it is done, which ends this wait.
            let _ = self.answers.recv_timeout(limit);
        }
    }
}

/// The thread's end.
struct End {
    /// `None` only when it was just given back.
    card: Option<Card>,
    rest: Rest,
}

/// What stays while the card is lent to a transaction.
struct Rest {
    context: Context,
    name: CString,
    open: Open,
    /// The system's count of comings and goings when the card was connected.
    count: Option<u16>,
    /// Holds the longest answer there can be.
    buffer: Vec<u8>,
}

impl End {
    fn connect(name: CString, open: Open) -> Result<(End, Connected), pcsc::Error> {
        let context = system::establish()?;
        // Before the card: one that comes in between is taken for another card, not the other way.
        let count = look(&context, &name)?.map(|state| system::count(&state));
        let card = system::guard(|| context.connect(&name, open.share.to_pcsc(), open.protocols.to_pcsc()))?;
        let end = End {
            card: Some(card),
            rest: Rest { context, name, open, count, buffer: vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED] },
        };
        let connected = match &end.card {
            Some(card) => end.rest.connected(card)?,
            None => return Err(pcsc::Error::InternalError),
        };
        Ok((end, connected))
    }

    fn serve(mut self, todo: &Receiver<Job>, answer: &Sender<Answer>) {
        let End { card: Some(card), rest } = &mut self else { return };
        while let Ok(job) = todo.recv() {
            let done = match job {
                Job::Begin => {
                    let ended = match system::guard(|| card.transaction()) {
                        Ok(transaction) => {
                            if answer.send(Ok(Done::Nothing)).is_err() {
                                return;
                            }
                            match rest.serve_transaction(transaction, todo, answer) {
                                Some(ended) => ended,
                                None => return,
                            }
                        }
                        Err(error) => Err(error),
                    };
                    match ended {
                        // The system tells us too of our reset.
                        Ok(Disposition::ResetCard) => rest.reconnect(card, Disposition::LeaveCard),
                        ended => ended.map(|_| Done::Nothing),
                    }
                }
                Job::Reconnect => rest.reconnect(card, Disposition::LeaveCard),
                Job::Reset | Job::EndWithReset => rest.reconnect(card, Disposition::ResetCard),
                Job::End => Ok(Done::Nothing),
                job => rest.work(card, job),
            };
            if answer.send(done).is_err() {
                return;
            }
        }
    }
}

impl Drop for End {
    fn drop(&mut self) {
        if let Some(card) = self.card.take() {
            // Dropping a card would reset it. Where this fails, the card or the service is gone.
            let _ = system::guard(|| card.disconnect(Disposition::LeaveCard).map_err(|(_, error)| error));
        }
    }
}

impl Rest {
    /// Works until the transaction is ended, and says how it was; `None` when nobody asks any more.
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
                    // So some drivers say that the card is gone.
                    Ok(answer) if answer.is_empty() && self.is_gone_soon() => Err(pcsc::Error::RemovedCard),
                    Err(pcsc::Error::NotTransacted) if self.is_gone_soon() => Err(pcsc::Error::RemovedCard),
                    answer => answer.map(Done::Bytes),
                }
            }
            Job::Attribute(attribute) => {
                // Not by its length first: pcsc-lite hands that question to drivers, which know none.
                let mut buffer = [0; pcsc::MAX_BUFFER_SIZE];
                match system::guard(|| card.get_attribute(attribute.to_pcsc(), &mut buffer).map(<[u8]>::to_vec)) {
                    Ok(value) => Ok(Done::Bytes(value)),
                    Err(error) if is_absent(error) => Ok(Done::Absent),
                    Err(error) => Err(error),
                }
            }
            Job::Begin | Job::End | Job::EndWithReset | Job::Reconnect | Job::Reset => Ok(Done::Nothing),
        }
    }

    /// Makes the connection valid again, if it is still the same card.
    fn reconnect(&mut self, card: &mut Card, disposition: Disposition) -> Answer {
        if !self.is_same_card() {
            return Err(pcsc::Error::RemovedCard);
        }
        let (share, protocols) = (self.open.share.to_pcsc(), self.open.protocols.to_pcsc());
        system::guard(|| card.reconnect(share, protocols, disposition))?;
        self.connected(card).map(Done::Connected)
    }

    fn connected(&self, card: &Card) -> Result<Connected, pcsc::Error> {
        if self.open.share == Share::Direct {
            return Ok(Connected { atr: Vec::new(), protocol: None });
        }
        let status = system::guard(|| card.status2_owned())?;
        Ok(Connected { atr: status.atr().to_vec(), protocol: status.protocol2().map(Protocol::of) })
    }

    /// Whether no card came or went since the connect, as far as the system counts.
    fn is_same_card(&self) -> bool {
        match look(&self.context, &self.name) {
            Ok(Some(state)) => Some(system::count(&state)) == self.count,
            _ => false,
        }
    }

    /// Whether the card went. A driver that finds none any more says only that nothing came of the
    /// command; the system notices the removal a little later, which this waits for.
    fn is_gone_soon(&self) -> bool {
        let is_here = |state: &ReaderState| {
            state.event_state().contains(State::PRESENT) && Some(system::count(state)) == self.count
        };
        let Ok(Some(mut state)) = look(&self.context, &self.name) else { return true };
        if !is_here(&state) {
            return true;
        }
        state.sync_current_state();
        let mut states = [state];
        let waited = system::guard(|| self.context.get_status_change(NOTICE, &mut states));
        waited.is_ok() && !states.iter().all(is_here)
    }
}

/// By when a service has noticed that a card is gone: pcscd looks every 400 ms.
const NOTICE: Duration = Duration::from_secs(1);

/// The state of the reader now.
fn look(context: &Context, name: &CString) -> Result<Option<ReaderState>, pcsc::Error> {
    Ok(system::states(context, vec![name.clone()])?.pop())
}

/// How drivers say that they have no such attribute.
fn is_absent(error: pcsc::Error) -> bool {
    use pcsc::Error as E;
    matches!(error, E::UnsupportedFeature | E::InvalidParameter | E::InvalidValue | E::NotTransacted)
}
