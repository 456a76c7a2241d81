//! A connection to the card in a reader.

use super::noted;
use crate::atr::CARDWRIGHT_ATR_MAX;
use crate::boundary::{ARGUMENT, Buffer, CardwrightError, CardwrightText, Marked, Output, input, size, structure};
use crate::hosted::{alone, beside, give, handle, milliseconds, run, take_back};
use crate::identity::{CardwrightIdentity, MARK};
use cardwright_core::apdu::StatusWord;
use cardwright_core::identity::Dialogue;
use cardwright_core::{Code, Error};
use cardwright_reader::{Open, Protocol, Protocols, Session, Share, Transaction};
use std::sync::RwLock;
use std::time::Duration;

/// SW1 SW2, in bytes.
const SHORTEST: usize = 2;

/// A connection to one card, for one thread at a time; each has a connection of its own to the system's service,
/// so that none waits for another one.
#[derive(Debug)]
pub struct CardwrightSession(RwLock<Connection>);

/// A session, which is lent to a transaction while there is one.
#[derive(Debug)]
struct Connection {
    transaction: Option<Transaction<'static>>,
    /// From `Box::into_raw`. While there is a transaction nobody else uses it.
    session: *mut Session,
}

// A session may go to another thread, and so may what holds one alone.
const _: () = {
    const fn goes_to_other_threads<T: Send>() {}
    goes_to_other_threads::<Session>();
    goes_to_other_threads::<Transaction<'static>>();
};

impl Connection {
    fn session(&self) -> &Session {
        match &self.transaction {
            Some(transaction) => transaction.session(),
            // SAFETY: it lives as long as `self`, and no transaction has it.
            None => unsafe { &*self.session },
        }
    }

    /// The session, where there is no transaction.
    fn free(&mut self) -> Result<&mut Session, Error> {
        match &self.transaction {
            Some(_) => Err(ARGUMENT),
            // SAFETY: it lives as long as `self`, which is lent alone, and no transaction has it.
            None => Ok(unsafe { &mut *self.session }),
        }
    }

    fn send(&mut self, command: &[u8]) -> Result<Vec<u8>, Error> {
        match &mut self.transaction {
            Some(transaction) => transaction.send(command).map_err(noted),
            None => self.free()?.send(command).map_err(noted),
        }
    }

    fn begin(&mut self) -> Result<bool, Error> {
        if self.transaction.is_some() {
            return Err(ARGUMENT);
        }
        // SAFETY: it lives as long as `self`, whose end ends the transaction first; until then nobody else
        // uses it.
        let session: &'static mut Session = unsafe { &mut *self.session };
        let transaction = session.transaction().map_err(noted)?;
        let was_reset = transaction.was_reset();
        self.transaction = Some(transaction);
        Ok(was_reset)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.transaction = None;
        // SAFETY: it comes from `Box::into_raw`, and the transaction that borrowed it is gone.
        drop(unsafe { Box::from_raw(self.session) });
    }
}

/// Who else may use the card during a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightShare {
    /// Other programs too; a transaction keeps them out for a while.
    Shared = 0,
    /// Nobody.
    Exclusive = 1,
}

/// Which transmission protocols a session accepts, or which one it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightProtocol {
    /// To accept: whichever the system chooses of those that the card offers. To have: none of the others.
    Any = 0,
    /// T=0: bytes.
    T0 = 1,
    /// T=1: blocks. Contactless cards are reached by it too.
    T1 = 2,
}

/// How to connect. Zero all of it and set `struct_size`: what is 0 is as usual.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightOpen {
    /// `sizeof(CardwrightOpen)`.
    pub struct_size: u32,
    /// A `CardwrightShare`.
    pub share: u32,
    /// A `CardwrightProtocol`.
    pub protocol: u32,
    /// How long each exchange with the card may take, and each wait for other programs, in milliseconds; 60 seconds
    /// is usual. A card may take minutes to make a key.
    pub limit: u32,
}

/// Connects to the card in the reader of this name, with `NULL` for `open` as usual. `*session` is the caller's,
/// for `cardwright_session_free`.
///
/// `CARDWRIGHT_CODE_NO_SERVICE`, `NO_READER`, `NO_CARD`, `CARD_MUTE`, `CARD_BUSY` where another program has it for
/// itself, `NO_PROTOCOL`, `READER_FAILED`, `CARD_TIMEOUT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_new(
    reader: CardwrightText,
    open: *const CardwrightOpen,
    session: *mut *mut CardwrightSession,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the text stays for the call; the output is there to be written to.
        let (reader, place) = unsafe { (reader.needed()?, Output::new(session)?) };
        let open = match open.is_null() {
            true => Open::new(),
            // SAFETY: the options stay for the call.
            false => open_of(unsafe { structure(open) }?)?,
        };
        let session = give(open.connect(reader).map_err(noted)?);
        place.put(give(CardwrightSession(RwLock::new(Connection { transaction: None, session }))));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

fn open_of(given: &CardwrightOpen) -> Result<Open, Error> {
    let share = match given.share {
        n if n == CardwrightShare::Shared as u32 => Share::Shared,
        n if n == CardwrightShare::Exclusive as u32 => Share::Exclusive,
        _ => return Err(Error::of(Code::UnknownValue, "share")),
    };
    let protocols = match given.protocol {
        n if n == CardwrightProtocol::Any as u32 => Protocols::Any,
        n if n == CardwrightProtocol::T0 as u32 => Protocols::T0,
        n if n == CardwrightProtocol::T1 as u32 => Protocols::T1,
        _ => return Err(Error::of(Code::UnknownValue, "protocol")),
    };
    Ok(Open::new().share(share).protocols(protocols).limit(milliseconds(given.limit, Duration::from_secs(60))))
}

/// What is known of a session.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightSessionFacts {
    /// `sizeof(CardwrightSessionFacts)`, set by the caller.
    pub struct_size: u32,
    /// The `CardwrightProtocol` in use.
    pub protocol: u32,
    /// How many resets by other programs the session has met.
    pub resets: u32,
    /// How many commands of the last `cardwright_session_identify` came to no proper answer, by the reader or the
    /// card. Above 0, the identity may lack what they would have told.
    pub missed: u32,
    /// 1 while a transaction is open.
    pub in_transaction: u32,
    /// The length of the ATR.
    pub atr_length: u32,
    /// The card's ATR, unchecked. After a reset it may be another one.
    pub atr: [u8; CARDWRIGHT_ATR_MAX],
}

/// What is known of a session now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_facts(
    session: *const CardwrightSession,
    facts: *mut CardwrightSessionFacts,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the session is there to be read, the structure to be written to.
        let (connection, place) = unsafe { (&handle(session)?.0, Output::structure(facts)?) };
        let connection = beside(connection)?;
        let session = connection.session();
        let mut atr = [0; CARDWRIGHT_ATR_MAX];
        atr.iter_mut().zip(session.atr()).for_each(|(to, from)| *to = *from);
        let protocol = match session.protocol() {
            Some(Protocol::T0) => CardwrightProtocol::T0,
            Some(Protocol::T1) => CardwrightProtocol::T1,
            _ => CardwrightProtocol::Any,
        };
        place.put(CardwrightSessionFacts {
            struct_size: size::<CardwrightSessionFacts>(),
            protocol: protocol as u32,
            resets: session.resets(),
            missed: session.missed(),
            in_transaction: connection.transaction.is_some().into(),
            atr_length: u32::try_from(session.atr().len().min(CARDWRIGHT_ATR_MAX)).unwrap_or(0),
            atr,
        });
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Sends a command APDU; what comes back is the whole response APDU, data and SW1 SW2, and `*status_word` has the
/// latter two too, unless it is `NULL`. 65,538 bytes are enough for any response, 258 for any to a short command.
///
/// GET RESPONSE after 61xx, the same command again after 6Cxx, blocks for a card that takes no extended length and
/// says so, and the forms of T=0 are seen to. Any status word is a success of this function.
///
/// - `CARDWRIGHT_CODE_CARD_REMOVED`: the session is of no use any more.
/// - `CARDWRIGHT_CODE_CARD_RESET`: another program reset the card; the command was not carried out, and what was
///   selected or verified before is lost. The session goes on: begin again.
/// - `CARDWRIGHT_CODE_CARD_TIMEOUT`: no answer within the limit; the session is of no use any more.
/// - `CARDWRIGHT_CODE_CARD_ANSWER`: the card answered something that is no response APDU.
/// - `CARDWRIGHT_CODE_ROOM`: the response is longer than the buffer; the card did carry the command out, unless the
///   capacity is below 2: then nothing is sent.
/// - `CARDWRIGHT_CODE_CARD_BUSY`, `CARD_MUTE`, `READER_FAILED`, `NO_SERVICE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_transmit(
    session: *mut CardwrightSession,
    command: *const u8,
    command_length: usize,
    response: *mut u8,
    capacity: usize,
    length: *mut usize,
    status_word: *mut u32,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the session is there to be used, the command stays for the call, the outputs are there to be
        // written to.
        let (connection, command, buffer, status) = unsafe {
            let status = (!status_word.is_null()).then(|| Output::new(status_word)).transpose()?;
            let buffer = Buffer::new(response, capacity, length)?;
            (&handle(session)?.0, input(command, command_length)?, buffer, status)
        };
        // Before the card counts a wrong PIN: no response is shorter.
        if capacity < SHORTEST {
            return Err(Error::new(Code::Room, SHORTEST));
        }
        let answer = alone(connection)?.send(command)?;
        buffer.bytes(&answer)?;
        if let Some(status) = status {
            status.put(StatusWord::of(&answer).map_or(0, |word| word.0.into()));
        }
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Sets how long each exchange may take from now on, and each wait for other programs, in milliseconds; 0 for 60
/// seconds. Not within a transaction: `CARDWRIGHT_CODE_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_limit(
    session: *mut CardwrightSession,
    limit: u32,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the session is there to be used.
        let mut connection = alone(unsafe { &handle(session)?.0 })?;
        connection.free()?.set_limit(milliseconds(limit, Duration::from_secs(60)));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Begins a transaction: other programs are kept from the card until it ends. Waits for theirs to end. `*was_reset`,
/// unless it is `NULL`, is 1 where another program has reset the card since the session's last exchange, so that
/// nothing is selected or verified any more.
///
/// `CARDWRIGHT_CODE_ARGUMENT` where one is open; `CARDWRIGHT_CODE_CARD_TIMEOUT` where another program's does not end
/// in time, and the session is of no use then; else as `cardwright_session_transmit`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_begin(
    session: *mut CardwrightSession,
    was_reset: *mut u32,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the session is there to be used, the output to be written to.
        let (connection, place) = unsafe {
            let place = (!was_reset.is_null()).then(|| Output::new(was_reset)).transpose()?;
            (&handle(session)?.0, place)
        };
        let was_reset = alone(connection)?.begin()?;
        if let Some(place) = place {
            place.put(was_reset.into());
        }
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Ends a transaction, also where this fails. With `reset` other than 0 the card is reset, so that what was selected
/// or verified is lost before any other program comes to the card: so a transaction should end in which a PIN was
/// verified.
///
/// `CARDWRIGHT_CODE_ARGUMENT` where none is open; else as `cardwright_session_transmit`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_end(
    session: *mut CardwrightSession,
    reset: u32,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the session is there to be used.
        let mut connection = alone(unsafe { &handle(session)?.0 })?;
        let transaction = connection.transaction.take().ok_or(ARGUMENT)?;
        if reset == 0 { transaction.end() } else { transaction.end_with_reset() }.map_err(noted)
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Resets the card: what was selected or verified is lost, for other programs too. Not within a transaction:
/// `CARDWRIGHT_CODE_ARGUMENT`, as `cardwright_session_end` does it there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_reset(session: *mut CardwrightSession, error: *mut CardwrightError) -> i32 {
    let body = || {
        // SAFETY: the session is there to be used.
        alone(unsafe { &handle(session)?.0 })?.free()?.reset().map_err(noted)
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Asks the card who it is, by commands that only read, in a transaction of its own. `*identity`, storage of the
/// caller's, is a dialogue that came to its end: `cardwright_identity_found`, `_identifier` and `_guess` tell of it.
/// Where this fails, it is none, whatever it was before.
/// Afterwards another application is selected than before.
///
/// A reset by another program in the middle is survived once. A command that comes to no answer (some readers refuse
/// those that they do not know) is passed over, and `missed` of `cardwright_session_facts` counts it.
///
/// `CARDWRIGHT_CODE_ARGUMENT` within a transaction: there, lead the dialogue by `cardwright_identity_command` and
/// `cardwright_session_transmit`. Else as `cardwright_session_transmit`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_identify(
    session: *mut CardwrightSession,
    identity: *mut CardwrightIdentity,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the storage is the caller's to be written to.
        unsafe { Marked::<Dialogue>::clear(identity) }?;
        // SAFETY: the session is there to be used.
        let found = alone(unsafe { &handle(session)?.0 })?.free()?.identify().map_err(noted)?;
        // SAFETY: the storage is the caller's to be written to.
        unsafe { Marked::init(identity, MARK, Dialogue::ended(found)) }
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Ends a session, and a transaction in it. The card is left as it was: not reset, not without power. `NULL` is
/// allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_free(session: *mut CardwrightSession) {
    // SAFETY: what `cardwright_session_new` gave away, once.
    unsafe { take_back(session) }
}
