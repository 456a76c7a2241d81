//! A connection to the card in a reader, and the APDUs that go over it.
//!
//! Every call has a time limit, though PC/SC has none for most. The card is left as it is when the
//! session ends: not reset, not without power, nothing selected anew.

mod exchange;
mod identify;
mod line;
mod open;

#[doc(hidden)]
pub use identify::identify_over;
pub use open::{Attribute, Open, Protocol, Protocols, Share};

use crate::capabilities::Capabilities;
use crate::error::Error;
use cardwright_core::Code;
use cardwright_core::apdu::Transmit;
use exchange::exchange;
use line::{Connected, Done, Job, Line};
use std::fmt;
use std::time::Duration;
use zeroize::Zeroizing;

impl Open {
    /// Connects to the card in a reader.
    ///
    /// # Errors
    ///
    /// [`Code::NoService`], [`Code::NoReader`], [`Code::NoCard`], [`Code::CardMute`], [`Code::CardBusy`]
    /// when another program has it for itself, [`Code::NoProtocol`], [`Code::ReaderFailed`],
    /// [`Code::CardTimeout`].
    pub fn connect(self, reader: &str) -> Result<Session, Error> {
        let (line, Connected { atr, protocol }) = Line::open(reader, &self)?;
        let capabilities = Capabilities::of_atr(&atr);
        tracing::debug!(reader, ?protocol, "connected to a card");
        let (reader, open) = (reader.to_string(), self);
        Ok(Session { reader, open, line, atr, protocol, capabilities, resets: 0, missed: 0, fresh: true, lost: false })
    }
}

/// A connection to one card.
///
/// Each session has a connection of its own to the system's service, so that sessions and watches do
/// not stop each other. It may be moved to another thread. Dropped, it leaves the card as it is.
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
    reader: String,
    open: Open,
    line: Line,
    atr: Vec<u8>,
    protocol: Option<Protocol>,
    capabilities: Option<Capabilities>,
    resets: u32,
    missed: u32,
    /// Whether nothing was sent yet that a reset could undo.
    fresh: bool,
    /// Whether a reset undid something and the caller does not know yet.
    lost: bool,
}

impl Session {
    /// Connects to the card in a reader, as [`Open::new`] has it.
    ///
    /// # Errors
    ///
    /// Those of [`Open::connect`].
    pub fn connect(reader: &str) -> Result<Self, Error> {
        Open::new().connect(reader)
    }

    /// The reader's name.
    pub fn reader(&self) -> &str {
        &self.reader
    }

    /// The card's ATR, unchecked. After a reset it may be another one. Empty with [`Share::Direct`].
    pub fn atr(&self) -> &[u8] {
        &self.atr
    }

    /// The protocol in use; `None` with [`Share::Direct`].
    pub fn protocol(&self) -> Option<Protocol> {
        self.protocol
    }

    /// What the card says it can take, or what [`set_capabilities`](Self::set_capabilities) said.
    pub fn capabilities(&self) -> Option<Capabilities> {
        self.capabilities
    }

    /// Says what the card can take, where it says so elsewhere than in the ATR: in EF.ATR/INFO, or by its
    /// application. It counts until the next reset.
    pub fn set_capabilities(&mut self, capabilities: Option<Capabilities>) {
        self.capabilities = capabilities;
    }

    /// Sets how long each exchange may take from now on, and each wait for other programs.
    pub fn set_limit(&mut self, limit: Duration) {
        self.open.limit = limit;
    }

    /// How many resets by other programs this session has met.
    pub fn resets(&self) -> u32 {
        self.resets
    }

    /// How many commands of the last [`identify`](Self::identify) came to no proper answer, by the reader
    /// or the card. Above 0, its identity may lack what they would have told.
    pub fn missed(&self) -> u32 {
        self.missed
    }

    /// What the reader tells of itself, or `None` when it does not tell.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub fn attribute(&mut self, attribute: Attribute) -> Result<Option<Vec<u8>>, Error> {
        match self.ask(Job::Attribute(attribute))? {
            Done::Bytes(value) => Ok(Some(value)),
            _ => Ok(None),
        }
    }

    /// Keeps other programs from the card until the transaction is dropped. Waits for theirs to end.
    ///
    /// A reset by another program, if there was one, is met here: it is survived, once, and
    /// [`Transaction::was_reset`] tells of it.
    ///
    /// # Errors
    ///
    /// [`Code::CardTimeout`] when another program's transaction does not end in time; the session is
    /// of no use then. Else as [`send`](Self::send).
    pub fn transaction(&mut self) -> Result<Transaction<'_>, Error> {
        if let Err(error) = self.ask(Job::Begin) {
            if error.code() != Code::CardReset {
                return Err(error);
            }
            self.reconnect(Job::Reconnect)?;
            // Kept where the second try fails too.
            self.lost |= !self.fresh;
            self.fresh = true;
            self.ask(Job::Begin)?;
        }
        let was_reset = std::mem::take(&mut self.lost);
        Ok(Transaction { session: self, was_reset, open: true })
    }

    /// Resets the card: what was selected or verified is lost, for other programs too. A session that
    /// verified a PIN should not leave the card as it is; [`Transaction::end_with_reset`] lets nobody in
    /// between.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub fn reset(&mut self) -> Result<(), Error> {
        self.reconnect(Job::Reset)
    }

    /// Sends a command APDU; what comes back is the whole response APDU, data and SW1 SW2.
    ///
    /// GET RESPONSE after 61xx, the same command again after 6Cxx, blocks for a card that takes no
    /// extended length and says so, and the forms of T=0 are seen to. Between two of these exchanges
    /// another program may come, except in a [`transaction`](Self::transaction).
    ///
    /// # Errors
    ///
    /// - [`Code::CardRemoved`]: the session is of no use any more.
    /// - [`Code::CardReset`]: another program reset the card; the command was not carried out, and what
    ///   was selected or verified before is lost. The session goes on: begin again. A reset before the
    ///   first command is no error: nothing was lost.
    /// - [`Code::CardTimeout`]: no answer within the limit; the session is of no use any more.
    /// - [`Code::CardAnswer`]: the card answered something that is no response APDU.
    /// - [`Code::CardBusy`], [`Code::CardMute`], [`Code::ReaderFailed`], [`Code::NoService`].
    pub fn send(&mut self, command: &[u8]) -> Result<Vec<u8>, Error> {
        let mut response = vec![0; LONGEST];
        let length = self.transmit(command, &mut response)?;
        response.truncate(length);
        Ok(response)
    }

    /// The number by which a contactless card answers to the reader: UID, PUPI or IDm. `None` when the
    /// reader or the card has none, as with contacts. One whose first byte is 08, of 4 bytes, is another
    /// each time.
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

    /// An APDU that the reader answers itself.
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

    fn ask(&mut self, job: Job) -> Result<Done, Error> {
        self.line.ask(&self.reader, job, self.open.limit)
    }

    fn reconnect(&mut self, how: Job) -> Result<(), Error> {
        let by_others = matches!(how, Job::Reconnect);
        if by_others {
            tracing::warn!(reader = self.reader, "another program reset the card");
        }
        if let Done::Connected(connected) = self.ask(how)? {
            self.capabilities = Capabilities::of_atr(&connected.atr);
            (self.atr, self.protocol) = (connected.atr, connected.protocol);
            self.resets = self.resets.saturating_add(u32::from(by_others));
        }
        Ok(())
    }

    /// One exchange. What follows a reset is decided by whether anything was lost by it.
    fn raw(&mut self, command: Zeroizing<Vec<u8>>, in_transaction: bool) -> Result<Vec<u8>, Error> {
        if std::mem::take(&mut self.lost) {
            return Err(Error::new(Code::CardReset, &self.reader));
        }
        // What a command carries may be a PIN: of one, only what it is and how long.
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
        if let Ok(Done::Bytes(answer)) = &done {
            let status = answer.last_chunk::<2>().map_or(0, |word| u16::from_be_bytes(*word));
            let (ins, status) = (format_args!("{ins:02X}"), format_args!("{status:04X}"));
            tracing::trace!(reader = self.reader, ins, sent, status, received = answer.len(), "exchange");
        }
        // Who was told of a reset relies on nothing from before. Another error undoes nothing.
        self.fresh = done.as_ref().is_err_and(|error| error.code() == Code::CardReset);
        match done? {
            Done::Bytes(answer) => Ok(answer),
            _ => Err(Error::new(Code::Internal, &self.reader)),
        }
    }

    fn exchange(&mut self, command: &[u8], response: &mut [u8], in_transaction: bool) -> Result<usize, Error> {
        let Some(protocol) = self.protocol else {
            return Err(Error::new(Code::NoProtocol, &self.reader));
        };
        let card = exchange::Card { protocol, capabilities: self.capabilities };
        let reader = self.reader.clone();
        let fault = |code| Error::new(code, &reader);
        exchange(command, response, card, |command| self.raw(command, in_transaction), fault)
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
        self.line.close(CLOSE);
    }
}

/// How long the end of a session waits until the card is let go.
const CLOSE: Duration = Duration::from_secs(5);

/// A while in which no other program comes to the card. It ends when it is dropped.
#[derive(Debug)]
pub struct Transaction<'s> {
    session: &'s mut Session,
    was_reset: bool,
    open: bool,
}

impl Transaction<'_> {
    /// The session.
    pub fn session(&self) -> &Session {
        self.session
    }

    /// Whether another program reset the card between the session's last exchange and this
    /// transaction, so that nothing is selected or verified any more.
    pub fn was_reset(&self) -> bool {
        self.was_reset
    }

    /// As [`Session::send`].
    ///
    /// # Errors
    ///
    /// Those of [`Session::send`].
    pub fn send(&mut self, command: &[u8]) -> Result<Vec<u8>, Error> {
        let mut response = vec![0; LONGEST];
        let length = self.transmit(command, &mut response)?;
        response.truncate(length);
        Ok(response)
    }

    /// Ends it by a reset of the card: what was selected or verified is lost before any other program
    /// comes to the card. So a transaction should end in which a PIN was verified.
    ///
    /// # Errors
    ///
    /// Those of [`Session::send`].
    pub fn end_with_reset(mut self) -> Result<(), Error> {
        self.open = false;
        self.session.reconnect(Job::EndWithReset)
    }

    /// Ends it, and says whether that went well.
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
            // Where this fails, the card or the service is gone, and the transaction with it.
            let _ = self.session.ask(Job::End);
        }
    }
}

impl Share {
    fn to_pcsc(self) -> pcsc::ShareMode {
        match self {
            Share::Shared => pcsc::ShareMode::Shared,
            Share::Exclusive => pcsc::ShareMode::Exclusive,
            Share::Direct => pcsc::ShareMode::Direct,
        }
    }
}

impl Protocols {
    fn to_pcsc(self) -> pcsc::Protocols {
        match self {
            Protocols::Any => pcsc::Protocols::ANY,
            Protocols::T0 => pcsc::Protocols::T0,
            Protocols::T1 => pcsc::Protocols::T1,
        }
    }
}

impl Protocol {
    fn of(protocol: pcsc::Protocol) -> Self {
        match protocol {
            pcsc::Protocol::T0 => Protocol::T0,
            pcsc::Protocol::T1 => Protocol::T1,
            pcsc::Protocol::RAW => Protocol::Raw,
        }
    }
}

impl Attribute {
    fn to_pcsc(self) -> pcsc::Attribute {
        use pcsc::Attribute as A;
        match self {
            Attribute::VendorName => A::VendorName,
            Attribute::VendorType => A::VendorIfdType,
            Attribute::VendorVersion => A::VendorIfdVersion,
            Attribute::VendorSerial => A::VendorIfdSerialNo,
            Attribute::FriendlyName => A::DeviceFriendlyName,
            Attribute::SystemName => A::DeviceSystemName,
            Attribute::Atr => A::AtrString,
            Attribute::MaxInput => A::Maxinput,
        }
    }
}
