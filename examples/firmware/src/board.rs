//! The machine: QEMU, with the debugger as card, network and console (semihosting).
//!
//! The card is the file `card.txt`: its ATR, and an answer to each command, in hexadecimal. What is sent
//! goes to `sent.http`, and what the server answers comes from `reply.http`, to the second request from
//! `done.http`, to the third from `again.http`. On a terminal, `Slot` is the driver of the card interface, which speaks T=0 and T=1 and
//! fetches what comes after 61xx; `Connection` is a TLS connection.

use core::ffi::CStr;
use core::fmt::{self, Write};

use cardwright_core::atr::AtrBuf;
use semihosting::fs::File;
use semihosting::io::{Read, Write as _};

/// What went wrong, in words.
pub(crate) type Error = &'static str;

pub(crate) const SEND: Error = "nothing can be sent";

/// Prints a line.
macro_rules! say {
    ($($words:tt)*) => { semihosting::println!($($words)*) };
}
pub(crate) use say;

/// A card under power.
pub(crate) struct Slot {
    script: [u8; 512],
    length: usize,
}

impl Slot {
    /// Powers the card.
    pub(crate) fn power() -> Result<Slot, Error> {
        let mut slot = Slot { script: [0; 512], length: 0 };
        let mut file = File::open(c"card.txt").map_err(|_| "there is no card")?;
        slot.length = file.read(&mut slot.script).map_err(|_| "the card says nothing")?;
        Ok(slot)
    }

    /// The answer to the reset.
    pub(crate) fn atr(&self) -> Result<AtrBuf, Error> {
        let atr = self.lines().find_map(|line| line.strip_prefix("atr "));
        atr.and_then(|atr| AtrBuf::from_hex(atr).ok()).ok_or("the card has no ATR")
    }

    /// Sends a command APDU; the length of the response APDU. A command that the card does not know is
    /// answered by 6D00.
    pub(crate) fn exchange(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Error> {
        let answers = |line: &str| Some((decode(line.split_once(' ')?.0)?, line.len()));
        let known =
            self.lines().find(|line| answers(line).is_some_and(|(bytes, _)| bytes.0.get(..bytes.1) == Some(command)));
        let answer = known.and_then(|line| line.split_once(' ')).map_or("6D00", |(_, answer)| answer);
        let (bytes, length) = decode(answer).ok_or("the card's answer is not hexadecimal")?;
        let room = response.get_mut(..length).ok_or("the card's answer is too long")?;
        room.copy_from_slice(bytes.get(..length).unwrap_or_default());
        Ok(length)
    }

    fn lines(&self) -> impl Iterator<Item = &str> {
        core::str::from_utf8(self.script.get(..self.length).unwrap_or_default()).unwrap_or_default().lines()
    }
}

/// Bytes that are written in hexadecimal digits.
fn decode(digits: &str) -> Option<([u8; 64], usize)> {
    let mut bytes = [0; 64];
    let mut length = 0;
    for pair in digits.as_bytes().chunks(2) {
        let digit = |at: usize| char::from(*pair.get(at)?).to_digit(16);
        *bytes.get_mut(length)? = (digit(0)? << 4 | digit(1)?) as u8;
        length += 1;
    }
    Some((bytes, length))
}

/// A connection to the server, which is made anew for the next request where the server has closed it.
pub(crate) struct Connection {
    sent: File,
    reply: Option<File>,
    /// The answers to the next requests.
    next: &'static [&'static CStr],
}

impl Connection {
    /// The way to the server.
    pub(crate) fn to_server() -> Result<Connection, Error> {
        let sent = File::create(c"sent.http").map_err(|_| "no connection")?;
        Ok(Connection { sent, reply: None, next: &[c"reply.http", c"done.http", c"again.http"] })
    }

    /// Connects anew: what is left of the last reply, or still comes, is no answer to the next request.
    pub(crate) fn open(&mut self) -> Result<(), Error> {
        let [next, rest @ ..] = self.next else { return Err("no connection") };
        self.reply = Some(File::open(next).map_err(|_| "no connection")?);
        self.next = rest;
        Ok(())
    }

    /// Waits for bytes; none when the server has closed the connection.
    pub(crate) fn receive<'p>(&mut self, piece: &'p mut [u8]) -> Result<&'p [u8], Error> {
        let reply = self.reply.as_mut().ok_or("there is no connection")?;
        let length = reply.read(piece).map_err(|_| "the connection is broken")?;
        piece.get(..length).ok_or("the connection is broken")
    }
}

impl Write for Connection {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.sent.write_all(text.as_bytes()).map_err(|_| fmt::Error)
    }
}

#[cfg_attr(target_arch = "arm", cortex_m_rt::entry)]
#[cfg_attr(target_arch = "riscv32", riscv_rt::entry)]
fn main() -> ! {
    semihosting::process::exit(if crate::run() { 0 } else { 1 })
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    semihosting::process::exit(2)
}
