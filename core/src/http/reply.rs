//! Whole HTTP/1.1 responses (RFC 9112), read as they arrive.

mod lines;

use crate::{Code, Error};
use lines::{Options, chunk_size, header, is_space, same, stated_length, status_line, trim_end};

/// How many bytes status line and headers may have together, and how many a chunk's size and the
/// trailers.
const MAX_HEAD: usize = 64 << 10;

/// Reads one response from chunks of any size.
///
/// `line` holds one line at a time. A header that does not fit is passed over, unless its name alone
/// does not fit, or it is one of the two that say how long the body is; 128 bytes do. Bodies are not
/// copied: each part lies in the caller's chunk.
///
/// Interim responses (1xx) and trailers are passed over. For the next response on the same connection take a
/// new reader, and what is left of the chunk. It is for responses to GET, POST and PUT: one to HEAD would have no body.
///
/// What another reader could take for something else is refused: a control character other than a tab in any line, a
/// chunk without its CR LF, a length that is doubtful. Lines of the head may end in LF alone, empty ones may come before
/// it, and a header that goes on in the next line has a space there (RFC 9112, 2.2 and 5.2).
///
/// # Examples
/// ```
/// use cardwright_core::http::{ReplyPart, ReplyReader};
///
/// let mut reader = ReplyReader::new([0; 128]);
/// let mut body = Vec::new();
/// // As bytes come from the network.
/// for chunk in [&b"HTTP/1.1 200 OK\r\nContent-"[..], b"Length: 5\r\n\r\n[", b"1,2]"] {
///     let mut chunk = chunk;
///     while let Some(part) = reader.next(&mut chunk)? {
///         match part {
///             ReplyPart::Body(bytes) => body.extend_from_slice(bytes),
///             ReplyPart::End => break,
///             _ => {}
///         }
///     }
/// }
/// reader.finish()?;
/// assert_eq!(body, b"[1,2]");
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug)]
pub struct ReplyReader<B> {
    line: B,
    /// How much of the current line lies in the buffer.
    kept: usize,
    /// Whether the current line is longer than the buffer.
    cut: bool,
    /// Whether the byte before was a CR.
    returned: bool,
    progress: Progress,
    /// What the current line says of the connection, where it is a Connection header.
    options: Option<Options>,
    expected: Expected,
    status: u16,
    /// Whether the headers tell the body's length, which is the rest then.
    has_length: bool,
    /// Bytes that are still to come of the body, or of the chunk of it.
    rest: u64,
    chunked: bool,
    close: bool,
    /// Whether the server is of HTTP/1.0, which closes unless it says that it does not.
    old: bool,
    keep_alive: bool,
    /// Bytes of the head, or of what stands between the chunks of a body.
    head: usize,
    offset: usize,
}

/// How far the current line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// It goes on.
    Open,
    /// A header's line has ended. The next byte says whether the header goes on in the next line.
    Ended,
    /// White space at the beginning of such a line.
    Folded,
    /// The caller was shown it.
    Shown,
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
///
/// # Examples
/// ```
/// use cardwright_core::http::{ReplyPart, ReplyReader};
///
/// let mut reader = ReplyReader::new([0; 64]);
/// let mut bytes = &b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\n\r\n"[..];
/// assert_eq!(reader.next(&mut bytes)?, Some(ReplyPart::Status(503)));
/// let Some(ReplyPart::Header { name, value }) = reader.next(&mut bytes)? else { panic!("a header") };
/// assert!(name == "Retry-After" && value == b"1");
/// # Ok::<(), cardwright_core::Error>(())
/// ```
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
            returned: false,
            progress: Progress::Open,
            options: None,
            expected: Expected::StatusLine,
            status: 0,
            has_length: false,
            rest: 0,
            chunked: false,
            close: false,
            old: false,
            keep_alive: false,
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
        if self.progress == Progress::Shown {
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
                Ok(()) if self.progress == Progress::Shown => return Ok(self.show()),
                Ok(()) => {}
                Err(code) => {
                    self.expected = Expected::Failed(code);
                    self.close = true;
                }
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

    /// Whether the connection can take another request after the end of this response (RFC 9112, 9.3).
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

    /// Reads until a line is understood, or the chunk ends.
    #[inline(never)]
    fn read_line(&mut self, chunk: &mut &[u8]) -> Result<(), Code> {
        while let [byte, ..] = *chunk {
            if self.progress == Progress::Ended {
                if !is_space(*byte) {
                    return self.take_header();
                }
                self.fold();
            }
            self.keep_plain(chunk);
            let [byte, after @ ..] = *chunk else { return Ok(()) };
            let byte = *byte;
            *chunk = after;
            self.offset = self.offset.wrapping_add(1);
            self.head = self.head.saturating_add(1);
            if self.head > MAX_HEAD {
                return Err(Code::Unreadable);
            }
            if byte != b'\n' {
                self.take(byte)?;
            } else if self.end_line()? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Moves bytes to the line buffer of which nothing is to be known: most of a head.
    fn keep_plain(&mut self, chunk: &mut &[u8]) {
        if self.progress != Progress::Open || self.returned || self.cut || self.options.is_some() {
            return;
        }
        if self.expected == Expected::ChunkEnd {
            return;
        }
        let mut moved = 0_usize;
        let room = self.line.as_mut().get_mut(self.kept..).unwrap_or_default();
        for (place, byte) in room.iter_mut().zip(chunk.iter()) {
            if byte.is_ascii_control() || *byte == b':' {
                break;
            }
            *place = *byte;
            moved = moved.wrapping_add(1);
        }
        *chunk = chunk.get(moved..).unwrap_or_default();
        self.kept = self.kept.wrapping_add(moved);
        self.offset = self.offset.wrapping_add(moved);
        self.head = self.head.saturating_add(moved);
    }

    /// Takes a byte of a line. A CR is only before LF, and what stands behind the data of a chunk is only these two.
    fn take(&mut self, byte: u8) -> Result<(), Code> {
        match byte {
            _ if self.returned => return Err(Code::Unreadable),
            b'\r' => self.returned = true,
            _ if byte.is_ascii_control() && byte != b'\t' || self.expected == Expected::ChunkEnd => {
                return Err(Code::Unreadable);
            }
            _ if self.progress == Progress::Folded && is_space(byte) => {}
            _ => {
                self.progress = Progress::Open;
                self.keep(byte);
            }
        }
        Ok(())
    }

    /// Moves a byte to the line buffer, as far as that has room.
    fn keep(&mut self, byte: u8) {
        let line = self.line.as_mut();
        match &mut self.options {
            Some(options) => options.take(byte),
            options if byte == b':' && line.get(..self.kept).is_some_and(|name| same(name, b"Connection")) => {
                *options = Some(Options::default());
            }
            _ => {}
        }
        match line.get_mut(self.kept).filter(|_| !self.cut) {
            Some(place) => {
                *place = byte;
                self.kept = self.kept.wrapping_add(1);
            }
            None => self.cut = true,
        }
    }

    /// A header goes on in the next line, with one space for all white space there (RFC 9112, 5.2).
    fn fold(&mut self) {
        self.kept = trim_end(self.line.as_mut().get(..self.kept).unwrap_or_default()).len();
        self.keep(b' ');
        self.progress = Progress::Folded;
    }

    /// After LF; whether the line is understood.
    #[inline(never)]
    fn end_line(&mut self) -> Result<bool, Code> {
        let returned = core::mem::take(&mut self.returned);
        let line = self.line.as_mut().get(..self.kept).unwrap_or_default();
        let is_empty = line.is_empty() && !self.cut;
        match self.expected {
            // RFC 9112, 2.2.
            Expected::StatusLine if is_empty => return Ok(false),
            Expected::StatusLine => {
                // Of a line that is cut behind the status, nobody knows whether that was all of it.
                let whole = !self.cut || line.len() > b"HTTP/1.1 200".len();
                let (version, status) = status_line(line).filter(|_| whole).ok_or(self.lacking())?;
                self.status = status;
                self.old = version == b'0';
                self.keep_alive = false;
                self.expected = Expected::Headers;
                if status >= 200 {
                    self.progress = Progress::Shown;
                    return Ok(true);
                }
            }
            Expected::Headers | Expected::Trailers if !is_empty => {
                self.check_header(false)?;
                self.progress = Progress::Ended;
                return Ok(false);
            }
            Expected::Headers => self.begin_body()?,
            Expected::Trailers => self.expected = Expected::Done,
            // These lines end in CR LF.
            _ if !returned => return Err(Code::Unreadable),
            Expected::ChunkSize => {
                self.rest = chunk_size(line, self.cut).ok_or(self.lacking())?;
                self.expected = if self.rest == 0 { Expected::Trailers } else { Expected::Body };
                self.head = 0;
            }
            _ => self.expected = Expected::ChunkSize,
        }
        self.begin_line();
        Ok(true)
    }

    /// Understands a whole header, or a trailer, which the caller is not to see.
    #[inline(never)]
    fn take_header(&mut self) -> Result<(), Code> {
        self.check_header(true)?;
        if let Some(mut options) = self.options {
            options.end();
            let [close, keep_alive] = options.heard;
            self.close |= close;
            self.keep_alive |= keep_alive;
        }
        if self.cut || self.status < 200 || self.expected == Expected::Trailers {
            self.begin_line();
        } else {
            self.progress = Progress::Shown;
        }
        Ok(())
    }

    /// Checks a header, which may go on in the next line unless it is `whole`: then its length counts.
    #[inline(never)]
    fn check_header(&mut self, whole: bool) -> Result<(), Code> {
        let lacking = self.lacking();
        let (name, value) = header(self.line.as_mut().get(..self.kept).unwrap_or_default()).ok_or(lacking)?;
        // A list may begin with empty elements, and go on.
        let said = value.iter().any(|byte| *byte != b',' && !is_space(*byte));
        if self.expected == Expected::Trailers || !(said || whole || self.cut) {
            return Ok(());
        }
        if same(name.as_bytes(), b"Content-Length") {
            let stated = stated_length(value).filter(|_| !self.cut).ok_or(lacking)?;
            if self.has_length && self.rest != stated {
                return Err(Code::Unreadable);
            }
            if whole {
                (self.has_length, self.rest) = (true, stated);
            }
        } else if same(name.as_bytes(), b"Transfer-Encoding") {
            // Nobody asked for another coding.
            if self.cut || self.chunked || !same(value, b"chunked") {
                return Err(lacking);
            }
            self.chunked = whole;
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
        // Two lengths are how messages are smuggled, HTTP/1.0 has no chunks (6.1), and 204 no body: no second message
        // follows such a one. What ends with the connection has no length.
        match self.expected {
            Expected::StatusLine => (self.has_length, self.chunked) = (false, false),
            Expected::UntilClose => (self.close, self.rest) = (true, u64::MAX),
            _ => {
                self.close |= self.old && (self.chunked || !self.keep_alive)
                    || self.chunked && self.has_length
                    || self.status == 204 && (self.chunked || self.has_length && self.rest > 0);
            }
        }
        Ok(())
    }

    /// The line that lies in the buffer, to the caller.
    #[inline(never)]
    fn show(&mut self) -> Option<ReplyPart<'_>> {
        let line = self.line.as_mut().get(..self.kept)?;
        if line.starts_with(b"HTTP/") {
            return Some(ReplyPart::Status(self.status));
        }
        let (name, value) = header(line)?;
        Some(ReplyPart::Header { name, value })
    }

    fn begin_line(&mut self) {
        self.kept = 0;
        self.cut = false;
        self.options = None;
        self.progress = Progress::Open;
    }

    /// What is wrong where a line does not say what it should: it may, behind the end of the buffer.
    const fn lacking(&self) -> Code {
        if self.cut { Code::Room } else { Code::Unreadable }
    }
}
