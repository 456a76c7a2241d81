//! A card that is a program, put into a reader of a real pcscd.
//!
//! The reader is vpcd, the driver of the vsmartcard project (Debian: `vsmartcard-vpcd`), which waits at
//! a TCP port for its card. Every program that uses PC/SC then sees a reader with a card in it. A card
//! is a [`Script`], the emulator [`Gids`], or anything that implements [`VirtualCard`], which may be
//! slow, answer nonsense, or leave in the middle of a command.
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
//! The protocol: each message is its length, two bytes, big-endian, and as many bytes. From the reader,
//! one byte alone is a control: 00 power off, 01 power on, 02 reset, 04 what is your ATR; all else is
//! a command APDU. The ATR and response APDUs are what the card sends. vpcd asks for the ATR about every
//! 400 ms: that is how it sees that a card is there.

mod gids;
mod script;

pub use gids::Gids;
pub use script::{Script, ScriptError};

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Where vpcd waits for the card of its first reader unless it was set up otherwise. The second
/// reader's port is the next.
pub const ADDRESS: &str = "127.0.0.1:35963";

/// Scripts of cards, with their names: one for each way in which cards tell who they are.
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

/// How long to wait for a connection to vpcd.
const CONNECT: Duration = Duration::from_secs(5);

/// vpcd has room for one card that waits, and looks for it every 400 ms; a card that finds the room
/// taken, by one that was pulled just before, asks again after this time, and not after TCP's second.
const AGAIN: Duration = Duration::from_millis(100);

/// A card, as a program.
pub trait VirtualCard: Send {
    /// The answer to reset, 2 to 33 bytes.
    fn atr(&self) -> Vec<u8>;

    /// The reader gives power, takes it, or resets. Until the first of these there is no command.
    fn power(&mut self, power: Power) {
        let _ = power;
    }

    /// Answers a command APDU.
    fn answer(&mut self, command: &[u8]) -> Answer;
}

/// What a reader does to a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Power {
    /// No power any more.
    Off,
    /// Power; the card begins anew.
    On,
    /// Reset; the card begins anew.
    Reset,
}

/// What a card does with a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It answers these bytes: a response APDU, or nonsense, up to 65,535 bytes.
    Bytes(Vec<u8>),
    /// It answers these bytes after a while.
    Late(Duration, Vec<u8>),
    /// It answers nothing, and goes on being there.
    Silence,
    /// It is pulled before it answers.
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

/// A card of an ATR and a function that answers.
#[derive(Debug, Clone)]
pub struct Program<F> {
    /// The answer to reset.
    pub atr: Vec<u8>,
    /// What answers a command.
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

/// Puts a card into the reader that vpcd offers at an address. A thread of its own is the card.
///
/// # Errors
///
/// When nobody is there: pcscd does not run, has no vpcd, or has it at another port. pcscd may need a
/// second after its start.
pub fn insert(reader: impl ToSocketAddrs, card: impl VirtualCard + 'static) -> io::Result<Inserted> {
    let stream = connect(reader)?;
    stream.set_nodelay(true)?;
    let (keep, removed) = channel();
    let line = stream.try_clone()?;
    let work = move || {
        let ended = Line { stream: &line, removed }.serve(card);
        // The card is out for the reader when the line is closed, not when the last handle is.
        let _ = line.shutdown(Shutdown::Both);
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
            match TcpStream::connect_timeout(address, AGAIN) {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        if last.kind() != ErrorKind::TimedOut || Instant::now() > end {
            return Err(last);
        }
    }
}

/// A virtual card in a reader. Dropped, it is pulled.
#[derive(Debug)]
pub struct Inserted {
    stream: TcpStream,
    /// Dropped, it ends a card that is waiting to answer.
    keep: Option<Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Inserted {
    /// Pulls the card.
    ///
    /// # Errors
    ///
    /// When the line to the reader had failed before, in another way than by its end.
    pub fn remove(mut self) -> io::Result<()> {
        self.pull()
    }

    /// Whether the card is still there: it was not pulled by itself, and pcscd is still there.
    pub fn is_inserted(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Waits until the reader is gone, or the card has pulled itself.
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

/// The card's end of the connection.
struct Line<'s> {
    stream: &'s TcpStream,
    removed: Receiver<()>,
}

impl Line<'_> {
    /// Is the card, until it or the reader ends it.
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

    /// Reads a message; says whether there was one.
    fn receive(&mut self, message: &mut Vec<u8>) -> io::Result<bool> {
        let mut length = [0; 2];
        if !over(self.stream.read_exact(&mut length))? {
            return Ok(false);
        }
        message.resize(usize::from(u16::from_be_bytes(length)), 0);
        over(self.stream.read_exact(message))
    }

    fn send(&mut self, message: &[u8]) -> io::Result<()> {
        let length = u16::try_from(message.len())
            .map_err(|_| io::Error::new(ErrorKind::InvalidInput, "an answer of more than 65,535 bytes"))?;
        let mut whole = Vec::with_capacity(2 + message.len());
        whole.extend_from_slice(&length.to_be_bytes());
        whole.extend_from_slice(message);
        over(self.stream.write_all(&whole)).map(drop)
    }
}

/// Whether it went on: the end of the line is no failure.
fn over(done: io::Result<()>) -> io::Result<bool> {
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
