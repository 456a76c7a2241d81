//! Whole HTTP/1.1 responses (RFC 9112), read as they arrive.

use crate::{Code, Error, hex};

/// How many bytes status line and headers may have together, and how many a chunk's size and the
/// trailers.
const MAX_HEAD: usize = 64 << 10;

/// Reads one response from chunks of any size.
///
/// `line` holds one line at a time. A header that does not fit is passed over, unless its name alone
/// does not fit, or it is one of the two that say how long the body is; 128 bytes do. Bodies are not
/// copied: each part lies in the caller's chunk.
///
/// Interim responses (1xx) are passed over. For the next response on the same connection take a new
/// reader, and what is left of the chunk.
#[derive(Debug)]
pub struct ReplyReader<B> {
    line: B,
    /// How much of the current line lies in the buffer.
    kept: usize,
    /// Whether the current line is longer than the buffer.
    cut: bool,
    /// Whether the caller was shown what lies in the buffer.
    shown: bool,
    expected: Expected,
    status: u16,
    /// Whether the headers tell the body's length, which is the rest then.
    has_length: bool,
    /// Bytes that are still to come of the body, or of the chunk of it.
    rest: u64,
    chunked: bool,
    close: bool,
    /// Bytes of the head, or of what stands between the chunks of a body.
    head: usize,
    offset: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    StatusLine,
    Headers,
    /// The body, or a chunk of it.
    Body,
    ChunkSize,
    ChunkEnd,
    Trailers,
    UntilClose,
    Done,
    Failed(Code),
}

/// A part of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyPart<'s> {
    /// The status: 200 to 999. Comes first.
    Status(u16),
    /// A header.
    Header {
        /// Its name, as it was written; case does not matter.
        name: &'s str,
        /// Its value, without white space around it.
        value: &'s [u8],
    },
    /// Bytes of the body, never none.
    Body(&'s [u8]),
    /// The end. What is left of the chunk does not belong to this response.
    End,
}

impl<B: AsMut<[u8]>> ReplyReader<B> {
    /// A response before its first byte.
    pub const fn new(line: B) -> Self {
        ReplyReader {
            line,
            kept: 0,
            cut: false,
            shown: false,
            expected: Expected::StatusLine,
            status: 0,
            has_length: false,
            rest: 0,
            chunked: false,
            close: false,
            head: 0,
            offset: 0,
        }
    }

    /// The next part, taken from the front of `chunk`. `None` asks for the next chunk.
    ///
    /// # Errors
    /// At the offset in the stream, and from then on always:
    /// [`Code::Unreadable`] for what is no HTTP/1.x response, or more than 64 KiB of headers;
    /// [`Code::Room`] where `line` is too small.
    pub fn next<'s, 'c: 's>(&'s mut self, chunk: &mut &'c [u8]) -> Result<Option<ReplyPart<'s>>, Error> {
        if core::mem::take(&mut self.shown) {
            self.begin_line();
        }
        loop {
            match self.expected {
                Expected::Done => return Ok(Some(ReplyPart::End)),
                Expected::Failed(code) => return Err(Error::new(code, self.offset)),
                _ if chunk.is_empty() => return Ok(None),
                Expected::Body | Expected::UntilClose => return Ok(Some(ReplyPart::Body(self.body(chunk)))),
                _ => {}
            }
            match self.read_line(chunk) {
                Ok(true) if self.shown => return Ok(self.show()),
                Ok(true) => self.begin_line(),
                Ok(false) => return Ok(None),
                Err(code) => return Err(self.fail(code)),
            }
        }
    }

    /// To be called when the connection is closed.
    ///
    /// # Errors
    /// [`Code::Broken`] where the response did not end.
    pub const fn finish(&self) -> Result<(), Error> {
        match self.expected {
            Expected::Done | Expected::UntilClose => Ok(()),
            Expected::Failed(code) => Err(Error::new(code, self.offset)),
            _ => Err(Error::new(Code::Broken, self.offset)),
        }
    }

    /// Whether the connection can take another request after the end of this response.
    pub const fn keeps_connection(&self) -> bool {
        !self.close && matches!(self.expected, Expected::Done)
    }

    /// Takes bytes of a body.
    #[inline(never)]
    fn body<'c>(&mut self, chunk: &mut &'c [u8]) -> &'c [u8] {
        let wanted = usize::try_from(self.rest).unwrap_or(usize::MAX);
        let (bytes, after) = chunk.split_at_checked(wanted).unwrap_or((chunk, &[]));
        *chunk = after;
        self.offset = self.offset.wrapping_add(bytes.len());
        self.rest = self.rest.saturating_sub(bytes.len() as u64);
        if self.rest == 0 {
            self.expected = if self.chunked { Expected::ChunkEnd } else { Expected::Done };
        }
        bytes
    }

    /// Moves bytes to the line buffer until the line ends, and understands it. Whether it did.
    #[inline(never)]
    fn read_line(&mut self, chunk: &mut &[u8]) -> Result<bool, Code> {
        let feed = chunk.iter().position(|byte| *byte == b'\n');
        let (part, after) = chunk.split_at_checked(feed.unwrap_or(chunk.len())).unwrap_or((chunk, &[]));
        let room = self.line.as_mut().get_mut(self.kept..).unwrap_or_default();
        self.cut |= room.len() < part.len();
        let fits = part.len().min(room.len());
        for (to, from) in room.iter_mut().zip(part) {
            *to = *from;
        }
        self.kept = self.kept.wrapping_add(fits);
        let taken = part.len().wrapping_add(usize::from(feed.is_some()));
        *chunk = after.split_first().map_or(after, |(_, rest)| rest);
        self.offset = self.offset.wrapping_add(taken);
        self.head = self.head.saturating_add(taken);
        if self.head > MAX_HEAD {
            return Err(Code::Unreadable);
        }
        if feed.is_some() {
            self.take_line()?;
        }
        Ok(feed.is_some())
    }

    /// Understands a whole line; `shown` says whether the caller is to see it.
    #[inline(never)]
    fn take_line(&mut self) -> Result<(), Code> {
        let cut = self.cut;
        let line = without_return(self.line.as_mut().get(..self.kept).unwrap_or(&[]));
        match self.expected {
            Expected::StatusLine => {
                let (version, status) = status_line(line).ok_or(Code::Unreadable)?;
                self.status = status;
                self.close = version == b'0';
                self.expected = Expected::Headers;
                self.shown = status >= 200;
            }
            Expected::Headers if line.is_empty() => self.begin_body()?,
            Expected::Headers => {
                if matches!(line, [b' ' | b'\t', ..]) {
                    return Err(Code::Unreadable);
                }
                let (name, value) = header(line).ok_or(Code::Unreadable)?;
                let name = name.as_bytes();
                if same(name, b"Content-Length") {
                    let stated = number(value, 10).filter(|_| !cut).ok_or(Code::Unreadable)?;
                    if self.has_length && self.rest != stated {
                        return Err(Code::Unreadable);
                    }
                    (self.has_length, self.rest) = (true, stated);
                } else if same(name, b"Transfer-Encoding") {
                    // Nobody asked for another coding.
                    if cut || self.chunked || !same(value, b"chunked") {
                        return Err(Code::Unreadable);
                    }
                    self.chunked = true;
                } else if same(name, b"Connection") {
                    self.close = self.close && !holds(value, b"keep-alive") || holds(value, b"close");
                }
                self.shown = !cut && self.status >= 200;
            }
            Expected::ChunkSize => {
                let end = line.iter().position(|byte| *byte == b';');
                if end.is_none() && cut {
                    return Err(Code::Unreadable);
                }
                let digits = line.get(..end.unwrap_or(line.len())).unwrap_or(&[]);
                self.rest = number(trim(digits), 16).ok_or(Code::Unreadable)?;
                self.expected = if self.rest == 0 { Expected::Trailers } else { Expected::Body };
                self.head = 0;
            }
            Expected::ChunkEnd if line.is_empty() => self.expected = Expected::ChunkSize,
            Expected::Trailers if line.is_empty() => self.expected = Expected::Done,
            Expected::Trailers => {}
            _ => return Err(Code::Unreadable),
        }
        Ok(())
    }

    /// After the empty line behind the headers (RFC 9112, 6.3).
    #[inline(never)]
    fn begin_body(&mut self) -> Result<(), Code> {
        self.expected = match self.status {
            // Nobody asked to switch protocols.
            101 => return Err(Code::Unreadable),
            100..=199 => Expected::StatusLine,
            204 | 304 => Expected::Done,
            _ if self.chunked => Expected::ChunkSize,
            _ if !self.has_length => Expected::UntilClose,
            _ if self.rest == 0 => Expected::Done,
            _ => Expected::Body,
        };
        // Two lengths are how messages are smuggled: no second message follows this one. What ends with the
        // connection has no length.
        match self.expected {
            Expected::StatusLine => (self.has_length, self.chunked) = (false, false),
            Expected::UntilClose => (self.close, self.rest) = (true, u64::MAX),
            _ => self.close |= self.chunked && self.has_length,
        }
        Ok(())
    }

    /// The line that lies in the buffer, to the caller.
    #[inline(never)]
    fn show(&mut self) -> Option<ReplyPart<'_>> {
        let line = without_return(self.line.as_mut().get(..self.kept)?);
        if line.starts_with(b"HTTP/") {
            return Some(ReplyPart::Status(self.status));
        }
        let (name, value) = header(line)?;
        Some(ReplyPart::Header { name, value })
    }

    fn begin_line(&mut self) {
        self.kept = 0;
        self.cut = false;
    }

    /// Nothing is read any more.
    fn fail(&mut self, code: Code) -> Error {
        let code = if self.cut { Code::Room } else { code };
        self.expected = Expected::Failed(code);
        self.close = true;
        Error::new(code, self.offset)
    }
}

/// A line without the CR before its LF.
fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The last digit of the version, and the status, of `HTTP/1.1 200 OK`.
fn status_line(line: &[u8]) -> Option<(u8, u16)> {
    let ([version @ (b'0' | b'1'), b' ', a, b, c], [] | [b' ', ..]) =
        line.strip_prefix(b"HTTP/1.")?.split_first_chunk()?
    else {
        return None;
    };
    let status = number(&[*a, *b, *c], 10)?;
    Some((*version, u16::try_from(status).ok().filter(|status| *status >= 100)?))
}

/// Name and value (RFC 9110, 5). A value holds no control character.
fn header(line: &[u8]) -> Option<(&str, &[u8])> {
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let colon = line.iter().position(|byte| !in_name(byte))?;
    let (name, [b':', value @ ..]) = line.split_at_checked(colon)? else { return None };
    let value = trim(value);
    if name.is_empty() || value.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
        return None;
    }
    Some((core::str::from_utf8(name).ok()?, value))
}

/// Whether a list of words holds one of them.
#[inline(never)]
fn holds(list: &[u8], word: &[u8]) -> bool {
    let mut rest = list;
    loop {
        let end = rest.iter().position(|byte| *byte == b',');
        let (part, after) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or((rest, &[]));
        if same(trim(part), word) {
            return true;
        }
        let [_, after @ ..] = after else { return false };
        rest = after;
    }
}

/// Whether two words are the same but for the case of their letters.
#[inline(never)]
fn same(one: &[u8], other: &[u8]) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Without white space around it.
#[inline(never)]
fn trim(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii()
}

fn number(digits: &[u8], radix: u8) -> Option<u64> {
    let mut number = 0_u64;
    for digit in digits {
        let mut next = u64::from(hex::digit(*digit).filter(|digit| *digit < radix)?);
        // A sum, because a product of 64 bits is large where the processor has none.
        for _ in 0..radix {
            next = next.checked_add(number)?;
        }
        number = next;
    }
    (!digits.is_empty()).then_some(number)
}
