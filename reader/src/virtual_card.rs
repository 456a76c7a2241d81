//! A card that is a program, in a reader of a real pcscd.
//!
//! The reader is vpcd, the driver of the vsmartcard project (Debian: `vsmartcard-vpcd`), which listens on
//! a TCP port for its card. Every program that uses PC/SC then sees a reader with a card in it. A card
//! is a [`Script`], the emulator [`Gids`], or any other [`VirtualCard`], which may be slow, answer
//! nonsense, or be removed in the middle of a command.
//!
//! ```no_run
//! use cardwright_reader::virtual_card::{ADDRESS, Gids, insert};
//!
//! let card = insert(ADDRESS, Gids::new([0x11; 16]))?;
//! // … a card is in the reader "Virtual PCD 00 00" …
//! card.remove()?;
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! The protocol: each message is preceded by its length, two bytes, big-endian. A message of one byte from
//! the reader is a control: 00 power off, 01 power on, 02 reset, 04 request of the ATR; all others are
//! command APDUs. The card sends its ATR and response APDUs. vpcd requests the ATR about every 400 ms to
//! see whether a card is present.

mod gids;
mod script;

pub use gids::Gids;
pub use script::{Script, ScriptError};

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// The default address at which vpcd listens for the card of its first reader. The second reader has
/// the next port.
pub const ADDRESS: &str = "127.0.0.1:35963";

/// Scripts of cards by name: one for each way in which cards are identified.
pub const SAMPLES: &[(&str, &str)] = &[
    ("gids", include_str!("../cards/gids.json")),
    ("piv", include_str!("../cards/piv.json")),
    ("openpgp", include_str!("../cards/openpgp.json")),
    ("yubikey", include_str!("../cards/yubikey.json")),
    ("idprime", include_str!("../cards/idprime.json")),
    ("cplc", include_str!("../cards/cplc.json")),
    ("mifare", include_str!("../cards/mifare.json")),
    ("random-uid", include_str!("../cards/random-uid.json")),
];

/// The time limit of a connection to vpcd.
const CONNECT: Duration = Duration::from_secs(5);

/// The time limit of one attempt to connect. vpcd has room for one waiting card and looks for it every
/// 400 ms; while a card that was just removed occupies the room, TCP would retry only after a second.
const ATTEMPT: Duration = Duration::from_millis(100);

/// A card, as a program.
pub trait VirtualCard: Send {
    /// The answer to reset, 2 to 33 bytes.
    fn atr(&self) -> Vec<u8>;

    /// The reader switches the power or resets the card. No command comes before the first of these.
    fn power(&mut self, power: Power) {
        let _ = power;
    }

    /// Answers a command APDU.
    fn answer(&mut self, command: &[u8]) -> Answer;
}

/// What a reader does with a card's power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Power {
    /// Power off.
    Off,
    /// Power on; the card restarts.
    On,
    /// Reset; the card restarts.
    Reset,
}

/// What a card does on a command.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Answer {
    /// It answers with these bytes: a response APDU or nonsense, up to 65,535 bytes.
    Bytes(Vec<u8>),
    /// It answers with these bytes after this time.
    Late(Duration, Vec<u8>),
    /// It does not answer, and stays in the reader.
    Silence,
    /// It is removed before it answers.
    Removal,
}

impl<C: VirtualCard + ?Sized> VirtualCard for Box<C> {
    fn atr(&self) -> Vec<u8> {
        (**self).atr()
    }

    fn power(&mut self, power: Power) {
        (**self).power(power);
    }

    fn answer(&mut self, command: &[u8]) -> Answer {
        (**self).answer(command)
    }
}

/// A card that consists of an ATR and a function.
#[derive(Debug, Clone)]
#[allow(clippy::exhaustive_structs, reason = "a card is its ATR and its answers: what else there is, is another type")]
pub struct Program<F> {
    /// The answer to reset.
    pub atr: Vec<u8>,
    /// The function that answers a command.
    pub answer: F,
}

impl<F: FnMut(&[u8]) -> Answer + Send> VirtualCard for Program<F> {
    fn atr(&self) -> Vec<u8> {
        self.atr.clone()
    }

    fn answer(&mut self, command: &[u8]) -> Answer {
        (self.answer)(command)
    }
}

/// Inserts a card into the reader of the vpcd at an address. The card runs in its own thread.
///
/// # Errors
///
/// When nothing listens there: pcscd does not run, has no vpcd, or has it at another port. pcscd may
/// need a second after its start.
pub fn insert(reader: impl ToSocketAddrs, card: impl VirtualCard + 'static) -> io::Result<Inserted> {
    let stream = connect(reader)?;
    stream.set_nodelay(true)?;
    let (keep, removed) = channel();
    let connection = stream.try_clone()?;
    let work = move || {
        let ended = Vpcd { stream: &connection, removed }.serve(card);
        // The reader sees the removal when the connection is shut down; dropping this handle is not enough.
        let _ = connection.shutdown(Shutdown::Both);
        ended
    };
    let thread = thread::Builder::new().name("virtual card".into()).spawn(work)?;
    Ok(Inserted { stream, keep: Some(keep), thread: Some(thread) })
}

fn connect(reader: impl ToSocketAddrs) -> io::Result<TcpStream> {
    let addresses: Vec<SocketAddr> = reader.to_socket_addrs()?.collect();
    let end = Instant::now() + CONNECT;
    loop {
        let mut last = io::Error::new(ErrorKind::InvalidInput, "no address");
        for address in &addresses {
            match TcpStream::connect_timeout(address, ATTEMPT) {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        if last.kind() != ErrorKind::TimedOut || Instant::now() > end {
            return Err(last);
        }
    }
}

/// A virtual card in a reader. Dropping it removes the card.
#[derive(Debug)]
pub struct Inserted {
    stream: TcpStream,
    /// Dropping it ends a card that waits to answer.
    keep: Option<Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Inserted {
    /// Removes the card.
    ///
    /// # Errors
    ///
    /// When the connection to the reader had failed before, other than by being closed.
    pub fn remove(mut self) -> io::Result<()> {
        self.pull()
    }

    /// Whether the card is still in the reader: neither the card nor pcscd ended the connection.
    #[must_use]
    pub fn is_inserted(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Waits until the reader or the card ends the connection.
    ///
    /// # Errors
    ///
    /// As [`remove`](Self::remove).
    pub fn wait(mut self) -> io::Result<()> {
        self.join()
    }

    fn pull(&mut self) -> io::Result<()> {
        self.keep = None;
        let _ = self.stream.shutdown(Shutdown::Both);
        self.join()
    }

    fn join(&mut self) -> io::Result<()> {
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(ended)) => ended,
            Some(Err(_)) => Err(io::Error::other("the virtual card panicked")),
            None => Ok(()),
        }
    }
}

impl Drop for Inserted {
    fn drop(&mut self) {
        let _ = self.pull();
    }
}

/// The connection to vpcd.
struct Vpcd<'s> {
    stream: &'s TcpStream,
    removed: Receiver<()>,
}

impl Vpcd<'_> {
    /// Acts as the card until the card or the reader ends the connection.
    fn serve(mut self, mut card: impl VirtualCard) -> io::Result<()> {
        let mut message = Vec::new();
        while self.receive(&mut message)? {
            match *message {
                [0x00] => card.power(Power::Off),
                [0x01] => card.power(Power::On),
                [0x02] => card.power(Power::Reset),
                [0x04] => self.send(&card.atr())?,
                _ => match card.answer(&message) {
                    Answer::Bytes(answer) => self.send(&answer)?,
                    Answer::Late(after, answer) => match self.removed.recv_timeout(after) {
                        Err(RecvTimeoutError::Timeout) => self.send(&answer)?,
                        _ => return Ok(()),
                    },
                    Answer::Silence => {}
                    Answer::Removal => return Ok(()),
                },
            }
        }
        Ok(())
    }

    /// Reads a message; returns whether there was one.
    fn receive(&mut self, message: &mut Vec<u8>) -> io::Result<bool> {
        let mut length = [0; 2];
        if !still_open(self.stream.read_exact(&mut length))? {
            return Ok(false);
        }
        message.resize(usize::from(u16::from_be_bytes(length)), 0);
        still_open(self.stream.read_exact(message))
    }

    fn send(&mut self, message: &[u8]) -> io::Result<()> {
        let length = u16::try_from(message.len())
            .map_err(|_| io::Error::new(ErrorKind::InvalidInput, "an answer of more than 65,535 bytes"))?;
        let mut whole = Vec::with_capacity(2 + message.len());
        whole.extend_from_slice(&length.to_be_bytes());
        whole.extend_from_slice(message);
        still_open(self.stream.write_all(&whole)).map(drop)
    }
}

/// Whether the connection is still open: its end is not an error.
fn still_open(done: io::Result<()>) -> io::Result<bool> {
    match done {
        Ok(()) => Ok(true),
        Err(error) => match error.kind() {
            ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::NotConnected => Ok(false),
            _ => Err(error),
        },
    }
}
