//! A connection to the card in a reader.

use super::error::noted;
use crate::atr::CARDWRIGHT_ATR_MAX;
use crate::enumeration::value_of;
use crate::error::{CardwrightError, refused};
use crate::frame::{boundary_with_detail, buffer, from_c, nullable, padded, size, slice, structures};
use crate::hosted::{free, handle, into_raw, read, write};
use crate::identity::CardwrightIdentity;
use crate::text::CardwrightText;
use cardwright::reader::{Open, Protocol, Protocols, Session, Share, Transaction};
use cardwright_core::Error;
use cardwright_core::apdu::StatusWord;
use cardwright_core::identity::Dialogue;
use std::sync::RwLock;
use std::time::Duration;

/// The length of SW1 SW2, the shortest response.
const STATUS_WORD: usize = 2;

/// A connection to one card, for one thread at a time; each has its own connection to the system's service, so that
/// none waits for another. After a fork it stays with the parent: in the child every use of it is
/// `CARDWRIGHT_CODE_ARGUMENT`.
#[derive(Debug)]
pub struct CardwrightSession(RwLock<Connection>);

handle!(CardwrightSession: Send);

/// A session, which a transaction borrows while there is one.
#[derive(Debug)]
struct Connection {
    transaction: Option<Transaction<'static>>,
    /// From `into_raw`. While there is a transaction nobody else uses it.
    session: *mut Session,
}

// SAFETY: it owns a session, and perhaps a transaction that borrows it, both of which may move to another thread.
unsafe impl Send for Connection {}

const _: () = {
    const fn moved<T: Send>() {}
    moved::<Session>();
    moved::<Transaction<'static>>();
};

impl Connection {
    fn session(&self) -> &Session {
        match &self.transaction {
            Some(transaction) => transaction.session(),
            // SAFETY: it lives as long as `self`, and no transaction has it.
            None => unsafe { &*self.session },
        }
    }

    /// The session, if there is no transaction.
    fn free(&mut self) -> Result<&mut Session, Error> {
        match &self.transaction {
            Some(_) => Err(refused("session", "a transaction is open")),
            // SAFETY: it lives as long as `self`, which is borrowed exclusively, and no transaction has it.
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
            return Err(refused("session", "a transaction is open already"));
        }
        // SAFETY: it lives as long as `self`, which drops the transaction first; until then nobody else uses it.
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
        // SAFETY: it comes from `into_raw`, and the transaction that borrowed it is gone.
        drop(unsafe { Box::from_raw(self.session) });
    }
}

/// Whether other programs may use the card during a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightShare {
    /// They may; a transaction keeps them out for a while.
    Shared = 0,
    /// They may not.
    Exclusive = 1,
}

/// Which transmission protocols a session accepts, or which one it uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightProtocol {
    /// Accepted: whichever the system chooses of those that the card offers. In use: none of the others.
    Any = 0,
    /// T=0: bytes.
    T0 = 1,
    /// T=1: blocks. Contactless cards are reached by it too.
    T1 = 2,
}

/// How to connect. Zero all of it, then set `struct_size`; 0 is the default everywhere.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightOpen {
    /// `sizeof(CardwrightOpen)`.
    pub struct_size: u32,
    /// A `CardwrightShare`.
    pub share: u32,
    /// A `CardwrightProtocol`.
    pub protocol: u32,
    /// How long each exchange with the card may take, and each wait for other programs, in milliseconds. Default: 60
    /// seconds. A card may take minutes to generate a key.
    pub limit: u32,
    /// How long all exchanges that one command comes to may take (GET RESPONSE after 61xx, the command again after 6Cxx),
    /// and `cardwright_session_identify` with all its commands, in milliseconds. The connect takes no longer either, and
    /// its time counts to the first of them. Default: 12 seconds, or `limit` if that is set and longer.
    pub card_time_limit: u32,
    /// How many APDUs one command may come to, and `cardwright_session_identify` with all its commands. Default: 200.
    pub card_apdus: u32,
}

structures!(
    CardwrightOpen { share, protocol, limit, card_time_limit, card_apdus }
    CardwrightSessionFacts { protocol, resets, missed, in_transaction, atr_length, atr, attempts }
);

/// Connects to the card in the reader of this name; `open` is `NULL` for the defaults. Free `*session` with
/// `cardwright_session_free`.
///
/// `CARDWRIGHT_CODE_NO_SERVICE`, `NO_READER`, `NO_CARD`, `CARD_MUTE`, `CARD_BUSY` if another program uses it
/// exclusively, `NO_PROTOCOL`, `READER_FAILED`, `CARD_TIMEOUT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_new(
    reader: CardwrightText, open: *const CardwrightOpen, session: *mut *mut CardwrightSession,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (reader, place) = from_c!(reader, session);
        let open = nullable!(open).map_or(Ok(Open::new()), |open| open_of(&open))?;
        let session = into_raw(open.connect(reader).map_err(noted)?);
        place.put(into_raw(CardwrightSession(RwLock::new(Connection { transaction: None, session }))));
    })
}

fn open_of(given: &CardwrightOpen) -> Result<Open, Error> {
    let share = value_of!(given.share, "share", CardwrightShare => Share: Shared, Exclusive)?;
    let protocols = value_of!(given.protocol, "protocol", CardwrightProtocol => Protocols: Any, T0, T1)?;
    let mut open = Open::new().share(share).protocols(protocols);
    let time = |number: u32| Duration::from_millis(number.into());
    if given.limit != 0 {
        open = open.limit(time(given.limit));
    }
    if given.card_time_limit != 0 {
        open = open.card_time_limit(time(given.card_time_limit));
    }
    if given.card_apdus != 0 {
        open = open.card_apdus(given.card_apdus);
    }
    Ok(open)
}

/// Facts about a session.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightSessionFacts {
    /// `sizeof(CardwrightSessionFacts)`, set by the caller.
    pub struct_size: u32,
    /// The `CardwrightProtocol` in use.
    pub protocol: u32,
    /// The number of resets by other programs that the session has noticed.
    pub resets: u32,
    /// How many commands of the last `cardwright_session_identify` got no proper answer from the reader or the card.
    /// If above 0, the identity may lack what they would have found.
    pub missed: u32,
    /// 1 while a transaction is open.
    pub in_transaction: u32,
    /// The length of the ATR.
    pub atr_length: u32,
    /// The card's ATR, unchecked. It may change after a reset.
    pub atr: [u8; CARDWRIGHT_ATR_MAX],
    /// How many attempts the connect took: 1, or 2 if the first found no common protocol with the card or found it mute,
    /// as for a moment after a program was killed in the middle of a command.
    pub attempts: u32,
}

/// Facts about a session, as they are now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_facts(
    session: *const CardwrightSession, facts: *mut CardwrightSessionFacts, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (connection, facts) = (&from_c!(session).0, from_c!(facts));
        let connection = read(connection, "session")?;
        let session = connection.session();
        let protocol = match session.protocol() {
            Some(Protocol::T0) => CardwrightProtocol::T0,
            Some(Protocol::T1) => CardwrightProtocol::T1,
            _ => CardwrightProtocol::Any,
        };
        facts.put(CardwrightSessionFacts {
            struct_size: size::<CardwrightSessionFacts>(),
            protocol: protocol as u32,
            resets: session.resets(),
            missed: session.missed(),
            in_transaction: connection.transaction.is_some().into(),
            atr_length: u32::try_from(session.atr().len().min(CARDWRIGHT_ATR_MAX)).unwrap_or(0),
            atr: padded(session.atr()),
            attempts: session.attempts(),
        });
    })
}

/// Sends a command APDU and writes the whole response APDU, data and SW1 SW2; `*status_word` is set to SW1 SW2 too,
/// unless it is `NULL`. 65,538 bytes are enough for any response, 258 for any response to a short command.
///
/// It handles GET RESPONSE after 61xx, the same command again after 6Cxx, command chaining for a card that says it does
/// not support extended length, and the forms of T=0. Any status word is a success of this function.
///
/// - `CARDWRIGHT_CODE_CARD_REMOVED`: the session cannot be used any more.
/// - `CARDWRIGHT_CODE_CARD_RESET`: another program reset the card; the command was not carried out, and what was
///   selected or verified before is lost. The session can still be used: start over.
/// - `CARDWRIGHT_CODE_CARD_TIMEOUT`: no answer within the limit; the session cannot be used any more.
/// - `CARDWRIGHT_CODE_CARD_ENDLESS`: the answer goes on for ever: `card_apdus` of `CardwrightOpen` were sent. The session
///   can still be used.
/// - `CARDWRIGHT_CODE_CARD_ANSWER`: the card's answer is not a response APDU.
/// - `CARDWRIGHT_CODE_ROOM`: the response is longer than the buffer; the card has carried out the command, unless the
///   capacity is below 2: then nothing is sent.
/// - `CARDWRIGHT_CODE_CARD_BUSY`, `CARD_MUTE`, `READER_FAILED`, `NO_SERVICE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_transmit(
    session: *mut CardwrightSession, command: *const u8, command_length: usize, response: *mut u8, capacity: usize,
    length: *mut usize, status_word: *mut u32, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (session, command) = (from_c!(session), slice!(command, command_length));
        let (buffer, status_word) = (buffer!(response, capacity, length), nullable!(status_word));
        // Checked before the card may count a wrong PIN.
        if capacity < STATUS_WORD {
            return Err(buffer.too_small(STATUS_WORD));
        }
        let answer = write(&session.0, "session")?.send(command)?;
        buffer.bytes(&answer)?;
        if let Some(status_word) = status_word {
            status_word.put(StatusWord::of(&answer).map_or(0, |word| word.0.into()));
        }
    })
}

/// Sets how long each exchange may take from now on, and each wait for other programs, in milliseconds. Default (0): 60
/// seconds. Not within a transaction: `CARDWRIGHT_CODE_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_limit(
    session: *mut CardwrightSession, limit: u32, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let mut connection = write(&from_c!(session).0, "session")?;
        connection.free()?.set_limit((limit != 0).then(|| Duration::from_millis(limit.into())));
    })
}

/// Begins a transaction, which keeps other programs from the card until it ends. Waits for theirs to end. `*was_reset`,
/// unless it is `NULL`, is 1 if another program has reset the card since the session's last exchange, so that
/// nothing is selected or verified any more.
///
/// `CARDWRIGHT_CODE_ARGUMENT` if one is open; `CARDWRIGHT_CODE_CARD_TIMEOUT` if another program's does not end in
/// time, after which the session cannot be used; otherwise as `cardwright_session_transmit`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_begin(
    session: *mut CardwrightSession, was_reset: *mut u32, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (session, place) = (from_c!(session), nullable!(was_reset));
        let was_reset = write(&session.0, "session")?.begin()?;
        if let Some(place) = place {
            place.put(was_reset.into());
        }
    })
}

/// Ends a transaction, even if this fails. With `reset` other than 0 the card is reset, so that what was selected
/// or verified is lost before any other program can use the card: end a transaction in which a PIN was verified this
/// way.
///
/// `CARDWRIGHT_CODE_ARGUMENT` if none is open; otherwise as `cardwright_session_transmit`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_end(
    session: *mut CardwrightSession, reset: u32, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let mut connection = write(&from_c!(session).0, "session")?;
        let transaction = connection.transaction.take().ok_or_else(|| refused("session", "no transaction is open"))?;
        if reset == 0 { transaction.end() } else { transaction.end_with_reset() }.map_err(noted)?;
    })
}

/// Resets the card: what was selected or verified is lost, for other programs too. Not within a transaction:
/// `CARDWRIGHT_CODE_ARGUMENT`; there `cardwright_session_end` does it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_reset(session: *mut CardwrightSession, error: *mut CardwrightError) -> i32 {
    boundary_with_detail!(error, {
        write(&from_c!(session).0, "session")?.free()?.reset().map_err(noted)?;
    })
}

/// Identifies the card, by commands that only read, in a transaction of its own. `*identity`, storage of the caller's,
/// becomes a dialogue that has ended, for `cardwright_identity_found`, `_identifier` and `_guess`. Afterwards another
/// application may be selected.
///
/// If this fails while the card is asked (`CARDWRIGHT_CODE_CARD_TIMEOUT` and `_ENDLESS` by the limits of
/// `CardwrightOpen`), `*identity` has what was found until then: the card may have more to tell, a stronger identifier
/// too. If it fails before that, `*identity` is no dialogue, whatever it was before.
///
/// One reset by another program in the middle is tolerated. A command that gets no answer (some readers refuse those
/// that they do not know) is skipped, and `missed` of `cardwright_session_facts` counts it.
///
/// `CARDWRIGHT_CODE_ARGUMENT` within a transaction: there, run the dialogue by `cardwright_identity_command` and
/// `cardwright_session_transmit`. Otherwise as `cardwright_session_transmit`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_identify(
    session: *mut CardwrightSession, identity: *mut CardwrightIdentity, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let identity = from_c!(identity);
        identity.clear();
        let session = from_c!(session);
        let found = write(&session.0, "session")?.free()?.identify();
        if let Some(found) = found.as_ref().map_or_else(|error| error.identity(), Some) {
            identity.put(Dialogue::ended(*found));
        }
        found.map_err(noted)?;
    })
}

/// Frees a session, and ends a transaction in it. The card is left as it is: not reset, not powered down. `NULL` is
/// allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_session_free(session: *mut CardwrightSession) {
    free!(session)
}
