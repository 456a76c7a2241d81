//! Requests to, and replies from, a device of `embedded-io`: a modem, a TLS session, a socket of smoltcp.
//!
//! The device has the time limits: where it gives up, its error comes back as it is. A device that would rather
//! wait for bytes elsewhere (`embedded-io-async`, interrupts) needs none of this: [`message_to`] writes the whole
//! request, and [`ReplyReader`] takes bytes whenever they have come.
//!
//! [`message_to`]: super::message_to

use core::fmt;

use ::embedded_io::{Read, Write};

use super::{Call, ReplyPart, ReplyReader, Site, write_message};
use crate::{Code, Error};

/// How many bytes of a request go to the device at once.
const PIECE: usize = 128;

/// What went wrong: in the bytes, or in the device.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::{Call, Dialect};
/// use cardwright_core::http::{IoError, Site, send};
/// use cardwright_core::Code;
///
/// let call = Call::Card { id: "1013" }.in_dialect(Dialect::G7)?;
/// let site = Site::new("cm.example", "/certiflow/api")?;
/// // A device that takes 16 bytes and no more.
/// let mut room = [0; 16];
/// match send(&call, &site, &mut room.as_mut_slice()) {
///     Err(IoError::Device(error)) => println!("the device: {error:?}"),
///     Err(IoError::Core(error)) => assert_eq!(error.code, Code::Room),
///     other => panic!("{other:?}"),
/// }
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IoError<E> {
    /// What came is no whole reply, or a request cannot be written.
    Core(Error),
    /// The device's own error.
    Device(E),
}

impl<E> From<Error> for IoError<E> {
    fn from(error: Error) -> Self {
        IoError::Core(error)
    }
}

impl<E: fmt::Display> fmt::Display for IoError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IoError::Core(error) => error.fmt(f),
            IoError::Device(error) => error.fmt(f),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for IoError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            IoError::Core(error) => Some(error),
            IoError::Device(error) => Some(error),
        }
    }
}

/// Sends a call as a whole message, as [`write_message`] writes it, in pieces of 128 bytes, and flushes the device.
///
/// # Errors
/// [`Code::Unwritable`] for an argument of the path that would lead elsewhere; the device's own, after which part of
/// the message may have been sent; [`Code::Room`] where the device takes no
/// more bytes and says no error.
pub fn send<W: Write + ?Sized>(
    call: &(impl Call + ?Sized),
    site: &Site<'_>,
    device: &mut W,
) -> Result<(), IoError<W::Error>> {
    super::check_arguments(call)?;
    let mut out = Pieces { device, piece: [0; PIECE], length: 0, failed: None };
    let written = write_message(call, site, &mut out);
    // Nothing is sent of what cannot be written whole, but what has been sent cannot be taken back.
    let sent = written.and_then(|()| out.hand_over());
    match (sent, out.failed) {
        (_, Some(error)) => Err(error),
        (Err(fmt::Error), None) => Err(Error::of(Code::Unwritable, "a call").into()),
        (Ok(()), None) => out.device.flush().map_err(IoError::Device),
    }
}

/// The bytes of a message on their way to a device.
struct Pieces<'d, W: Write + ?Sized> {
    device: &'d mut W,
    piece: [u8; PIECE],
    length: usize,
    failed: Option<IoError<W::Error>>,
}

impl<W: Write + ?Sized> Pieces<'_, W> {
    fn hand_over(&mut self) -> fmt::Result {
        let mut rest = self.piece.get(..self.length).unwrap_or_default();
        self.length = 0;
        while !rest.is_empty() {
            let taken = match self.device.write(rest) {
                Ok(0) => Err(Error::of(Code::Room, "the device").into()),
                // A device that says that it took more than it was given took all.
                Ok(taken) => Ok(rest.get(taken..).unwrap_or_default()),
                Err(error) => Err(IoError::Device(error)),
            };
            match taken {
                Ok(after) => rest = after,
                Err(error) => {
                    self.failed = Some(error);
                    return Err(fmt::Error);
                }
            }
        }
        Ok(())
    }
}

impl<W: Write + ?Sized> fmt::Write for Pieces<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if self.length == PIECE {
                self.hand_over()?;
            }
            if let Some(place) = self.piece.get_mut(self.length) {
                *place = byte;
                self.length = self.length.saturating_add(1);
            }
        }
        Ok(())
    }
}

/// One reply that comes from a device: [`ReplyReader`] with the device's bytes.
///
/// `line` is that of [`ReplyReader::new`]; `piece` takes the bytes that have come, any number but none.
///
/// ```
/// use cardwright_core::http::{Incoming, ReplyPart};
/// use cardwright_core::json::Elements;
///
/// // Whatever implements `embedded_io::Read`.
/// let mut device = b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n[{\"id\":\"1013\"}]".as_slice();
/// let mut reply = Incoming::new(&mut device, [0; 128], [0; 16]);
/// let mut elements = Elements::new([0; 1024]);
/// let mut cards = 0;
/// while reply.receive()? {
///     while let Some(part) = reply.next()? {
///         match part {
///             ReplyPart::Status(status) => assert_eq!(status, 200),
///             ReplyPart::Body(mut body) => {
///                 while let Some(_card) = elements.next(&mut body)? {
///                     cards += 1;
///                 }
///             }
///             _ => {}
///         }
///     }
/// }
/// elements.finish()?;
/// assert_eq!(cards, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Incoming<'d, R: ?Sized, L, P> {
    device: &'d mut R,
    reply: ReplyReader<L>,
    piece: P,
    /// Where in the piece the bytes begin and end that have come and were not read.
    from: usize,
    to: usize,
    ended: bool,
}

impl<'d, R: Read + ?Sized, L: AsMut<[u8]>, P: AsRef<[u8]> + AsMut<[u8]>> Incoming<'d, R, L, P> {
    /// A reply before its first byte.
    pub const fn new(device: &'d mut R, line: L, piece: P) -> Self {
        Incoming { device, reply: ReplyReader::new(line), piece, from: 0, to: 0, ended: false }
    }

    /// Waits for bytes, once [`next`](Self::next) has read those that came before; `false` after the end of
    /// the reply.
    ///
    /// # Errors
    /// The device's own, after which the call may be repeated; [`Code::Broken`] where the connection ends before the
    /// reply; [`Code::Room`] where `piece` has none.
    pub fn receive(&mut self) -> Result<bool, IoError<R::Error>> {
        if self.ended {
            return Ok(false);
        }
        if self.from < self.to {
            return Ok(true);
        }
        let piece = self.piece.as_mut();
        if piece.is_empty() {
            return Err(Error::of(Code::Room, "piece").into());
        }
        let room = piece.len();
        match self.device.read(piece).map_err(IoError::Device)? {
            0 => {
                self.reply.finish()?;
                self.ended = true;
                Ok(false)
            }
            length => {
                (self.from, self.to) = (0, length.min(room));
                Ok(true)
            }
        }
    }

    /// Whether another request may be sent over the same connection: the reply was read to its end, nothing has come
    /// after it, and the server keeps the connection. What is left of a reply would be taken for the next one.
    pub fn keeps_connection(&self) -> bool {
        self.ended && self.from == self.to && self.reply.keeps_connection()
    }

    /// The next part of the reply, of the bytes that have come; `None` asks for [`receive`](Self::receive), and comes
    /// after [`ReplyPart::End`].
    ///
    /// # Errors
    /// Those of [`ReplyReader::next`].
    #[expect(clippy::should_implement_trait, reason = "it lends what lies in it, which an iterator cannot")]
    pub fn next(&mut self) -> Result<Option<ReplyPart<'_>>, Error> {
        if self.ended {
            return Ok(None);
        }
        let mut bytes = self.piece.as_ref().get(self.from..self.to).unwrap_or_default();
        let part = self.reply.next(&mut bytes)?;
        self.from = self.to.saturating_sub(bytes.len());
        self.ended = part == Some(ReplyPart::End);
        Ok(part)
    }
}
