//! A connection to the card in a reader, and the APDUs that go over it.
//!
//! Every call has a time limit, though most calls of PC/SC have none. When the session ends, the card
//! stays as it is: powered, not reset, with the same application selected.

mod exchange;
mod identify;
mod limits;
mod open;
mod thread;

#[doc(hidden)]
pub use identify::identify_over;
pub use open::{Attribute, Open, Protocol, Protocols, Share};

use crate::capabilities::Capabilities;
use crate::error::Error;
use cardwright_core::Code;
use cardwright_core::apdu::Transmit;
use exchange::exchange;
use limits::Limits;
use std::fmt;
use std::time::{Duration, Instant};
use thread::{CardThread, Connected, Job, Outcome};
use zeroize::Zeroizing;

impl Open {
    /// Connects to the card in a reader.
    ///
    /// # Errors
    ///
    /// [`Code::NoService`], [`Code::NoReader`], [`Code::NoCard`], [`Code::CardMute`], [`Code::CardBusy`]
    /// when another program uses it exclusively, [`Code::NoProtocol`], [`Code::ReaderFailed`],
    /// [`Code::CardTimeout`].
    pub fn connect(self, reader: &str) -> Result<Session, Error> {
        let begin = Instant::now();
        let (thread, Connected { atr, protocol, attempts }) = CardThread::start(reader, &self)?;
        let capabilities = Capabilities::of_atr(&atr);
        tracing::debug!(reader, ?protocol, "connected to a card");
        let (reader, open) = (reader.to_string(), self);
        Ok(Session {
            process: std::process::id(),
            reader,
            open,
            thread: Some(thread),
            atr,
            protocol,
            capabilities,
            attempts,
            resets: 0,
            missed: 0,
            fresh: true,
            lost: false,
            spent: begin.elapsed(),
            limits: None,
        })
    }
}

/// A connection to one card.
///
/// Each session has its own connection to the system's service, so that sessions and watches do not
/// block each other. It may be moved to another thread. Dropping it leaves the card as it is. After a fork it stays
/// with the parent: in the child each use of it is an error.
///
/// ```no_run
/// use cardwright_reader::{Session, readers};
///
/// for reader in readers()? {
///     if reader.slot.has_card() {
///         let mut session = Session::connect(&reader.name)?;
///         let mut card = session.transaction()?;
///         println!("{:02X?}", card.send(&[0x00, 0xA4, 0x04, 0x00])?);
///     }
/// }
/// # Ok::<(), cardwright_reader::Error>(())
/// ```
pub struct Session {
    /// The process that made it.
    process: u32,
    reader: String,
    open: Open,
    /// `None` only while it is dropped.
    thread: Option<CardThread>,
    atr: Vec<u8>,
    protocol: Option<Protocol>,
    capabilities: Option<Capabilities>,
    attempts: u32,
    resets: u32,
    missed: u32,
    /// Whether nothing has been sent yet that a reset could undo.
    fresh: bool,
    /// Whether a reset undid something and the caller has not been told.
    lost: bool,
    /// The time of the connect, until it is counted.
    spent: Duration,
    /// The limits of what is under way.
    limits: Option<Limits>,
}

impl Session {
    /// Connects to the card in a reader with the defaults of [`Open::new`].
    ///
    /// # Errors
    ///
    /// Those of [`Open::connect`].
    pub fn connect(reader: &str) -> Result<Self, Error> {
        Open::new().connect(reader)
    }

    /// The reader's name.
    #[must_use]
    pub fn reader(&self) -> &str {
        &self.reader
    }

    /// The card's ATR, unchecked. A reset may change it. Empty with [`Share::Direct`].
    #[must_use]
    pub fn atr(&self) -> &[u8] {
        &self.atr
    }

    /// The protocol in use; `None` with [`Share::Direct`].
    #[must_use]
    pub fn protocol(&self) -> Option<Protocol> {
        self.protocol
    }

    /// What the card accepts, by its ATR or by [`set_capabilities`](Self::set_capabilities).
    #[must_use]
    pub fn capabilities(&self) -> Option<Capabilities> {
        self.capabilities
    }

    /// Sets what the card accepts, for a card that says so outside the ATR: in EF.ATR/INFO, or by its
    /// application. Valid until the next reset.
    pub fn set_capabilities(&mut self, capabilities: Option<Capabilities>) {
        self.capabilities = capabilities;
    }

    /// Sets the time limit of each exchange from now on, and of each wait for other programs: [`Open::limit`]; `None`
    /// is its default.
    pub fn set_limit(&mut self, limit: impl Into<Option<Duration>>) {
        self.open.limit = limit.into();
    }

    /// Sets how long a command with all that follows from it may take from now on: [`Open::card_time_limit`].
    pub fn set_card_time_limit(&mut self, limit: Duration) {
        self.open = self.open.clone().card_time_limit(limit);
    }

    /// Sets how many APDUs a command may come to from now on: [`Open::card_apdus`].
    pub fn set_card_apdus(&mut self, most: u32) {
        self.open = self.open.clone().card_apdus(most);
    }

    /// How many attempts the connect took: 1, or 2 where the first found no common protocol with the card or found it
    /// mute, as for a moment after a program was killed in the middle of a command.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The number of resets by other programs that this session has noticed.
    #[must_use]
    pub fn resets(&self) -> u32 {
        self.resets
    }

    /// The number of commands of the last [`identify`](Self::identify) that the reader or the card did not
    /// answer properly. Above 0, the identity may be incomplete.
    #[must_use]
    pub fn missed(&self) -> u32 {
        self.missed
    }

    /// An attribute of the reader, or `None` when the reader does not have it.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub fn attribute(&mut self, attribute: Attribute) -> Result<Option<Vec<u8>>, Error> {
        match self.ask(Job::Attribute(attribute))? {
            Outcome::Bytes(value) => Ok(Some(value)),
            _ => Ok(None),
        }
    }

    /// Keeps other programs from the card until the transaction is dropped. Waits for theirs to end.
    ///
    /// A reset by another program since the last exchange is noticed here, and reported by
    /// [`Transaction::was_reset`]; a second one during this call is an error.
    ///
    /// # Errors
    ///
    /// [`Code::CardTimeout`] when another program's transaction does not end in time; the session is
    /// unusable then. Otherwise as [`send`](Self::send).
    pub fn transaction(&mut self) -> Result<Transaction<'_>, Error> {
        if let Err(error) = self.ask(Job::Begin) {
            if error.code() != Code::CardReset {
                return Err(error);
            }
            self.reconnect(Job::Reconnect)?;
            // Kept if the second attempt fails too.
            self.lost |= !self.fresh;
            self.fresh = true;
            self.ask(Job::Begin)?;
        }
        let was_reset = std::mem::take(&mut self.lost);
        Ok(Transaction { session: self, was_reset, open: true })
    }

    /// Resets the card: what was selected or verified is lost, for other programs too. A session that
    /// verified a PIN should end with a reset; [`Transaction::end_with_reset`] lets no other program in
    /// between.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub fn reset(&mut self) -> Result<(), Error> {
        self.reconnect(Job::Reset)
    }

    /// Sends a command APDU and returns the whole response APDU, data and SW1 SW2.
    ///
    /// It sends GET RESPONSE after 61xx, repeats the command after 6Cxx, chains blocks for a card that says
    /// it does not accept extended length, and uses the forms of T=0. Another program may use the card
    /// between these exchanges, except in a [`transaction`](Self::transaction).
    ///
    /// # Errors
    ///
    /// - [`Code::CardRemoved`]: the session is unusable.
    /// - [`Code::CardReset`]: another program reset the card; the command was not carried out, and what
    ///   was selected or verified before is lost. The session stays usable: start again. A reset before
    ///   the first command is not an error: nothing was lost.
    /// - [`Code::CardTimeout`]: no answer within the limit; the session is unusable.
    /// - [`Code::CardEndless`]: the answer goes on for ever: [`Open::card_apdus`] were sent. The session stays usable.
    /// - [`Code::CardAnswer`]: the answer is not a response APDU.
    /// - [`Code::CardBusy`], [`Code::CardMute`], [`Code::ReaderFailed`], [`Code::NoService`].
    pub fn send(&mut self, command: &[u8]) -> Result<Vec<u8>, Error> {
        self.exchange_owned(command, false)
    }

    /// The number of a contactless card in the reader's field: UID, PUPI or IDm. `None` when the reader or
    /// the card has none, as with contacts. A UID of 4 bytes that begins with 08 is random.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    ///
    /// Source: PC/SC part 3, 3.2.2.1.3, Get Data.
    pub fn uid(&mut self) -> Result<Option<Vec<u8>>, Error> {
        self.get_data(0x00)
    }

    /// The historical bytes of a contactless card's answer to select, or `None`.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    ///
    /// Source: PC/SC part 3, 3.2.2.1.3, Get Data.
    pub fn ats(&mut self) -> Result<Option<Vec<u8>>, Error> {
        self.get_data(0x01)
    }

    /// Sends an APDU that the reader itself answers.
    fn get_data(&mut self, p1: u8) -> Result<Option<Vec<u8>>, Error> {
        let mut answer = self.send(&[0xFF, 0xCA, p1, 0x00, 0x00])?;
        Ok(match answer.split_last_chunk() {
            Some((data, [0x90, 0x00])) if !data.is_empty() => {
                answer.truncate(data.len());
                Some(answer)
            }
            _ => None,
        })
    }

    fn ask(&mut self, job: Job) -> Result<Outcome, Error> {
        if self.process != std::process::id() {
            return Err(Error::other_process("a session with a card"));
        }
        let thread = self.thread.as_mut().ok_or_else(|| Error::new(Code::Internal, &self.reader))?;
        let (reader, each) = (&self.reader, self.open.each());
        match &self.limits {
            // It ends whatever the time is: nobody else could use the card otherwise.
            _ if matches!(job, Job::End) => thread.ask(reader, job, each.min(CLOSE)),
            None => thread.ask(reader, job, each),
            Some(limits) => {
                let left = limits.left(reader)?;
                thread.ask(reader, job, each.min(left)).map_err(|error| match error.code() {
                    Code::CardTimeout if left < each => limits.is_late(reader),
                    _ => error,
                })
            }
        }
    }

    /// Does something within the limits of a command; they begin here, unless it is a part of something.
    fn within_limits<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        if self.limits.is_some() {
            return work(self);
        }
        self.limits = Some(Limits::begin(&self.open, std::mem::take(&mut self.spent)));
        let done = work(self);
        self.limits = None;
        done
    }

    fn reconnect(&mut self, how: Job) -> Result<(), Error> {
        let by_others = matches!(how, Job::Reconnect);
        if by_others {
            tracing::warn!(reader = self.reader, "another program reset the card");
        }
        if let Outcome::Connected(connected) = self.ask(how)? {
            self.capabilities = Capabilities::of_atr(&connected.atr);
            (self.atr, self.protocol) = (connected.atr, connected.protocol);
            self.resets = self.resets.saturating_add(u32::from(by_others));
        }
        Ok(())
    }

    /// One exchange with the card. After a reset the command is repeated only if nothing was lost.
    fn raw(&mut self, command: Zeroizing<Vec<u8>>, in_transaction: bool) -> Result<Vec<u8>, Error> {
        if std::mem::take(&mut self.lost) {
            return Err(Error::new(Code::CardReset, &self.reader));
        }
        // A command may carry a PIN, so only its INS and length are logged.
        let (ins, sent) = (command.get(1).copied().unwrap_or(0), command.len());
        let again = if self.fresh && !in_transaction { Some(command.clone()) } else { None };
        let mut done = self.ask(Job::Transmit(command));
        if let Err(error) = &done
            && error.code() == Code::CardReset
            && !in_transaction
        {
            self.reconnect(Job::Reconnect)?;
            if let Some(command) = again {
                done = self.ask(Job::Transmit(command));
            }
        }
        if let Ok(Outcome::Bytes(answer)) = &done {
            let status = answer.last_chunk::<2>().map_or(0, |word| u16::from_be_bytes(*word));
            // In one expression, for compilers before 1.89.
            let (reader, received) = (self.reader.as_str(), answer.len());
            tracing::trace!(
                reader,
                ins = format_args!("{ins:02X}"),
                sent,
                status = format_args!("{status:04X}"),
                received,
                "exchange"
            );
        }
        // A caller that was told of a reset relies on nothing before it. Other errors undo nothing.
        self.fresh = done.as_ref().is_err_and(|error| error.code() == Code::CardReset);
        match done? {
            Outcome::Bytes(answer) => Ok(answer),
            _ => Err(Error::new(Code::Internal, &self.reader)),
        }
    }

    fn exchange(&mut self, command: &[u8], response: &mut [u8], in_transaction: bool) -> Result<usize, Error> {
        let Some(protocol) = self.protocol else {
            return Err(Error::new(Code::NoProtocol, &self.reader));
        };
        let card = exchange::Card { protocol, capabilities: self.capabilities };
        let reader = self.reader.clone();
        let room = response.len();
        let fault = |code| match code {
            Code::Room => Error::new(code, &reader).told(&format!("an answer of more than {room} bytes")),
            _ => Error::new(code, &reader),
        };
        self.within_limits(|session| {
            let raw = |command, is_block| {
                if let (false, Some(limits)) = (is_block, &mut session.limits) {
                    limits.take(&reader)?;
                }
                session.raw(command, in_transaction)
            };
            exchange(command, response, card, raw, fault)
        })
    }

    fn exchange_owned(&mut self, command: &[u8], in_transaction: bool) -> Result<Vec<u8>, Error> {
        let mut response = vec![0; LONGEST];
        let length = self.exchange(command, &mut response, in_transaction)?;
        response.truncate(length);
        Ok(response)
    }
}

/// The longest response APDU: 65,536 bytes and SW1 SW2.
const LONGEST: usize = 65_538;

impl Transmit for Session {
    type Error = Error;

    /// As [`send`](Session::send), into the caller's buffer; [`Code::Room`] when it is too small.
    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Error> {
        self.exchange(command, response, false)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Session { reader, atr, protocol, resets, .. } = self;
        let mut debug = f.debug_struct("Session");
        debug.field("reader", reader).field("atr", atr).field("protocol", protocol).field("resets", resets);
        debug.finish_non_exhaustive()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(mut thread) = self.thread.take() else { return };
        match self.process == std::process::id() {
            true => thread.close(CLOSE),
            // The thread is the parent's, and so are the locks of what leads to it.
            false => std::mem::forget(thread),
        }
    }
}

/// How long the end of a session waits for the card to be released, and that of a transaction.
const CLOSE: Duration = Duration::from_secs(2);

/// Exclusive use of the card for a sequence of commands. It ends when it is dropped.
#[derive(Debug)]
pub struct Transaction<'s> {
    session: &'s mut Session,
    was_reset: bool,
    open: bool,
}

impl Transaction<'_> {
    /// The session.
    #[must_use]
    pub fn session(&self) -> &Session {
        self.session
    }

    /// Whether another program reset the card between the session's last exchange and this
    /// transaction, so that nothing is selected or verified.
    #[must_use]
    pub fn was_reset(&self) -> bool {
        self.was_reset
    }

    /// Counts a time to the first command, for who limits the whole of connect, wait and command: as that of the
    /// connect alone it counts to [`Open::card_time_limit`].
    pub fn count_time(&mut self, spent: Duration) {
        self.session.spent = spent;
    }

    /// As [`Session::send`].
    ///
    /// # Errors
    ///
    /// Those of [`Session::send`].
    pub fn send(&mut self, command: &[u8]) -> Result<Vec<u8>, Error> {
        self.session.exchange_owned(command, true)
    }

    /// Ends it with a reset of the card: what was selected or verified is lost before another program
    /// can use the card. Recommended after a PIN was verified.
    ///
    /// # Errors
    ///
    /// Those of [`Session::send`].
    pub fn end_with_reset(mut self) -> Result<(), Error> {
        self.open = false;
        self.session.reconnect(Job::EndWithReset)
    }

    /// Ends it, and reports whether that succeeded.
    ///
    /// # Errors
    ///
    /// Those of [`Session::send`].
    pub fn end(mut self) -> Result<(), Error> {
        self.open = false;
        self.session.ask(Job::End).map(|_| ())
    }
}

impl Transmit for Transaction<'_> {
    type Error = Error;

    /// As [`Transaction::send`], into the caller's buffer; [`Code::Room`] when it is too small.
    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Error> {
        self.session.exchange(command, response, true)
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open {
            // If this fails, the card or the service is gone, and the transaction with it.
            let _ = self.session.ask(Job::End);
        }
    }
}
