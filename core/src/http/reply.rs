//! Whole HTTP/1.1 responses (RFC 9112), read as they arrive.

use crate::{Code, Error};

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
    length: Option<u64>,
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
    /// The number of bytes of the body still to come.
    Length(u64),
    ChunkSize,
    Chunk(u64),
    ChunkEnd,
    Trailers,
    UntilClose,
    Done,
    Failed(Code),
}

/// A part of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9112 has no other parts; trailers are passed over")]
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
            length: None,
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
                Expected::UntilClose => {
                    return Ok(self.body(chunk, u64::MAX).map(|(bytes, _)| ReplyPart::Body(bytes)));
                }
                Expected::Length(rest) => {
                    let Some((bytes, rest)) = self.body(chunk, rest) else { return Ok(None) };
                    self.expected = if rest == 0 { Expected::Done } else { Expected::Length(rest) };
                    return Ok(Some(ReplyPart::Body(bytes)));
                }
                Expected::Chunk(rest) => {
                    let Some((bytes, rest)) = self.body(chunk, rest) else { return Ok(None) };
                    self.expected = if rest == 0 { Expected::ChunkEnd } else { Expected::Chunk(rest) };
                    return Ok(Some(ReplyPart::Body(bytes)));
                }
                _ => {}
            }
            if !self.read_line(chunk)? {
                return Ok(None);
            }
            if let Err(code) = self.take_line() {
                return Err(self.fail(code));
            }
            if self.shown {
                break;
            }
            self.begin_line();
        }
        Ok(self.show())
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

    /// Takes at most `rest` bytes of a body: those, and how many are then to come.
    fn body<'c>(&mut self, chunk: &mut &'c [u8], rest: u64) -> Option<(&'c [u8], u64)> {
        let wanted = usize::try_from(rest).unwrap_or(usize::MAX).min(chunk.len());
        let (bytes, after) = chunk.split_at_checked(wanted)?;
        *chunk = after;
        self.offset = self.offset.wrapping_add(wanted);
        Some((bytes, rest.saturating_sub(wanted as u64)))
    }

    /// Moves bytes to the line buffer until the line ends. Whether it did.
    fn read_line(&mut self, chunk: &mut &[u8]) -> Result<bool, Error> {
        let feed = chunk.iter().position(|byte| *byte == b'\n');
        let end = feed.unwrap_or(chunk.len());
        let taken = feed.map_or(end, |feed| feed.wrapping_add(1));
        let part = chunk.get(..end).unwrap_or(&[]);
        let room = self.line.as_mut().get_mut(self.kept..).unwrap_or_default();
        self.cut |= room.len() < part.len();
        for (to, from) in room.iter_mut().zip(part) {
            *to = *from;
        }
        self.kept = self.kept.wrapping_add(part.len().min(room.len()));
        *chunk = chunk.get(taken..).unwrap_or(&[]);
        self.offset = self.offset.wrapping_add(taken);
        self.head = self.head.saturating_add(taken);
        if self.head > MAX_HEAD {
            return Err(self.fail(Code::Unreadable));
        }
        Ok(feed.is_some())
    }

    /// Understands a whole line; `shown` says whether the caller is to see it.
    fn take_line(&mut self) -> Result<(), Code> {
        let expected = self.expected;
        let cut = self.cut;
        let line = without_return(self.line.as_mut().get(..self.kept).unwrap_or(&[]));
        match expected {
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
                let header = header(line);
                let (name, value) = header.ok_or(Code::Unreadable)?;
                let mut length = self.length;
                let mut close = self.close;
                let mut chunked = self.chunked;
                if name.eq_ignore_ascii_case("Content-Length") {
                    let stated = decimal(value).filter(|_| !cut).ok_or(Code::Unreadable)?;
                    if length.is_some_and(|length| length != stated) {
                        return Err(Code::Unreadable);
                    }
                    length = Some(stated);
                } else if name.eq_ignore_ascii_case("Transfer-Encoding") {
                    // Nobody asked for another coding.
                    if cut || chunked || !value.eq_ignore_ascii_case(b"chunked") {
                        return Err(Code::Unreadable);
                    }
                    chunked = true;
                } else if name.eq_ignore_ascii_case("Connection") {
                    close = close && !holds(value, b"keep-alive") || holds(value, b"close");
                }
                self.shown = !cut && self.status >= 200;
                (self.length, self.close, self.chunked) = (length, close, chunked);
            }
            Expected::ChunkSize => {
                let digits = line.iter().position(|byte| *byte == b';').or((!cut).then_some(line.len()));
                let digits = digits.and_then(|end| line.get(..end)).unwrap_or(&[]).trim_ascii();
                self.expected = match hexadecimal(digits).ok_or(Code::Unreadable)? {
                    0 => Expected::Trailers,
                    size => Expected::Chunk(size),
                };
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
    fn begin_body(&mut self) -> Result<(), Code> {
        self.expected = match (self.status, self.length) {
            // Nobody asked to switch protocols.
            (101, _) => return Err(Code::Unreadable),
            (100..=199, _) => Expected::StatusLine,
            (204 | 304, _) => Expected::Done,
            _ if self.chunked => Expected::ChunkSize,
            (_, Some(0)) => Expected::Done,
            (_, Some(length)) => Expected::Length(length),
            (_, None) => Expected::UntilClose,
        };
        if matches!(self.expected, Expected::StatusLine) {
            (self.length, self.chunked) = (None, false);
        }
        // Two lengths are how messages are smuggled: no second message follows this one.
        self.close |= matches!(self.expected, Expected::UntilClose) || self.chunked && self.length.is_some();
        Ok(())
    }

    /// The line that lies in the buffer, to the caller.
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
    let ([version @ (b'0' | b'1'), b' ', a, b, c], rest) = line.strip_prefix(b"HTTP/1.")?.split_first_chunk()? else {
        return None;
    };
    if !matches!(rest, [] | [b' ', ..]) {
        return None;
    }
    let status = decimal(&[*a, *b, *c])?;
    Some((*version, u16::try_from(status).ok().filter(|status| *status >= 100)?))
}

/// Name and value (RFC 9110, 5). A value holds no control character.
fn header(line: &[u8]) -> Option<(&str, &[u8])> {
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = line.get(..colon).filter(|name| !name.is_empty() && name.iter().all(in_name))?;
    let value = line.get(colon.wrapping_add(1)..)?.trim_ascii();
    if value.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
        return None;
    }
    Some((core::str::from_utf8(name).ok()?, value))
}

/// Whether a list of words holds one of them.
fn holds(list: &[u8], word: &[u8]) -> bool {
    list.split(|byte| *byte == b',').any(|part| part.trim_ascii().eq_ignore_ascii_case(word))
}

fn decimal(digits: &[u8]) -> Option<u64> {
    number(digits, 10)
}

fn hexadecimal(digits: &[u8]) -> Option<u64> {
    number(digits, 16)
}

fn number(digits: &[u8], radix: u32) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u64, |number, digit| {
        let digit = char::from(*digit).to_digit(radix)?;
        number.checked_mul(radix.into())?.checked_add(digit.into())
    })
}
