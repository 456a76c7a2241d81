//! The elements of a list that arrives in pieces: cards by the million in a bounded buffer.

use super::Cursor;
use super::plain::plain_run;
use super::read::read_whole;
use crate::{Code, Error};

/// Finds the elements of a top-level list in chunks of any size.
///
/// An element that lies inside one chunk is not copied; one that crosses an edge is put together in
/// the buffer. Only the brackets and strings are followed here: each element is checked when it is
/// read, so a bad one does not spoil its neighbours, and one that is larger than the buffer is an
/// error with its offset, after which the next one is found. A top-level object is a list of one, and
/// `null` is an empty list.
///
/// # Examples
/// ```
/// use cardwright_core::json::{Elements, Text, from_slice};
///
/// let mut elements = Elements::new([0; 32]);
/// let (mut names, mut places) = (Vec::new(), Vec::new());
/// for mut chunk in [br#"["Ann","Be"#.as_slice(), br#"n", "Cy"]"#] {
///     while let Some(element) = elements.next(&mut chunk)? {
///         names.push(from_slice::<Text<'_>>(element.json)?.to_string());
///         places.push(element.at);
///     }
/// }
/// // Without it nobody knows whether the list came whole.
/// elements.finish()?;
/// assert_eq!(names, ["Ann", "Ben", "Cy"]);
/// assert_eq!(places, [1, 7, 14]);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Elements<B> {
    buffer: B,
    /// How much of the current element lies in the buffer.
    kept: usize,
    /// Whether the caller was shown what lies in the buffer.
    shown: bool,
    position: Position,
    /// Whether the current element has begun, and where in the stream.
    begun: bool,
    start: usize,
    /// Open brackets, and the place within a string, of the current element.
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// The current element was reported as too large and is being passed over.
    oversized: bool,
    /// A comma came, so an element must follow.
    comma: bool,
    /// Bytes of the stream before the current chunk.
    offset: usize,
    /// How many bytes [`Self::read`] looks at for the next element.
    window: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    /// Before anything but white space.
    Before,
    /// After this number of bytes of a byte order mark.
    Mark(usize),
    /// In a top-level list.
    List,
    /// In a top-level object.
    Lone,
    /// After this number of bytes of `null`.
    Null(usize),
    /// After the end.
    After,
    /// After an error that ends the stream.
    Failed,
}

/// An element as it stands in the stream.
///
/// # Examples
/// ```
/// use cardwright_core::json::{Element, Elements, Scalar, from_slice};
///
/// /// The error of an element, with its place in the stream.
/// fn read(element: Element<'_>) -> Result<i64, cardwright_core::Error> {
///     let number = from_slice::<Scalar<'_>>(element.json).map_err(|error| error.within(element.at))?;
///     Ok(number.as_i64().unwrap_or_default())
/// }
/// let (mut body, mut elements) = (b"[7, nil]".as_slice(), Elements::new([0; 8]));
/// assert_eq!(read(elements.next(&mut body)?.unwrap())?, 7);
/// assert_eq!(read(elements.next(&mut body)?.unwrap()).unwrap_err().at, 4);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Element<'s> {
    /// Its bytes.
    pub json: &'s [u8],
    /// Where in the stream it begins, in bytes.
    pub at: usize,
}

/// What stopped the scan of a chunk.
enum Stop {
    /// The chunk's end.
    Chunk,
    /// The end of an element, before `to`; the scan goes on at `next`.
    Element { to: usize, next: usize },
    /// An error at `at`; the scan goes on at `next`.
    Error { code: Code, at: usize, next: usize },
}

impl<B: AsMut<[u8]>> Elements<B> {
    /// A stream before its first byte. An element that crosses a chunk's edge must fit in `buffer`:
    /// a slice of the caller's, or a `Vec<u8>` where there is a heap.
    pub const fn new(buffer: B) -> Self {
        Elements {
            buffer,
            kept: 0,
            shown: false,
            position: Position::Before,
            begun: false,
            start: 0,
            depth: 0,
            in_string: false,
            escaped: false,
            oversized: false,
            comma: false,
            offset: 0,
            window: 1024,
        }
    }

    /// Returns the buffer, for another stream.
    pub fn into_buffer(self) -> B {
        self.buffer
    }

    /// The next whole element, taken from the front of `chunk`. `None` asks for the next chunk.
    ///
    /// # Errors
    /// [`Code::Room`] for an element larger than the buffer, at its offset, and [`Code::JsonSyntax`]
    /// for an empty one; ask again for the next. Where the stream is no list at all,
    /// [`Code::JsonType`] or [`Code::JsonTrailing`], and nothing more comes.
    pub fn next<'s, 'c: 's>(&'s mut self, chunk: &mut &'c [u8]) -> Result<Option<Element<'s>>, Error> {
        if core::mem::take(&mut self.shown) {
            self.kept = 0;
        }
        let bytes = *chunk;
        let stop = self.scan(bytes);
        // What of the current element lies in this chunk begins here.
        let from = self.start.saturating_sub(self.offset);
        let next = match stop {
            Stop::Chunk => bytes.len(),
            Stop::Element { next, .. } | Stop::Error { next, .. } => next,
        };
        *chunk = bytes.get(next..).unwrap_or(&[]);
        let base = self.offset;
        self.offset = base.wrapping_add(next);
        match stop {
            Stop::Error { code, at, .. } => Err(Error::new(code, base.wrapping_add(at))),
            Stop::Chunk => {
                if self.begun && !self.oversized && self.keep(bytes.get(from..).unwrap_or(&[])).is_none() {
                    self.oversized = true;
                    return Err(Error::new(Code::Room, self.start));
                }
                Ok(None)
            }
            Stop::Element { to, .. } => {
                self.expect(self.offset.wrapping_sub(self.start));
                let tail = bytes.get(from..to).unwrap_or(&[]);
                if self.kept == 0 {
                    return Ok(Some(Element { json: trim_end(tail), at: self.start }));
                }
                self.shown = true;
                let at = self.start;
                match self.keep(tail) {
                    Some(json) => Ok(Some(Element { json: trim_end(json), at })),
                    None => Err(Error::new(Code::Room, at)),
                }
            }
        }
    }

    /// The next whole element, as [`Self::next`] finds it, and what `read` makes of it: a `from_json`,
    /// or any function that reads one value. It is the fastest way through a long list, because an
    /// element that lies inside one chunk is walked once. `read` may be asked twice about an element.
    ///
    /// # Errors
    /// As [`Self::next`]. An element that cannot be read has its error beside it, with an offset from
    /// its own start.
    #[allow(clippy::type_complexity, reason = "a name for it would say less")]
    pub fn read<'s, 'c: 's, T>(
        &'s mut self,
        chunk: &mut &'c [u8],
        read: impl Fn(&mut Cursor<'s>) -> Result<T, Error>,
    ) -> Result<Option<(Element<'s>, Result<T, Error>)>, Error> {
        if let Some((element, value)) = self.read_here(chunk, &read) {
            return Ok(Some((element, Ok(value))));
        }
        Ok(self.next(chunk)?.map(|element| (element, read_whole(element.json, read))))
    }

    /// Reads the next element where it stands, if it begins in the chunk, is good, and has its comma
    /// or the list's end behind it. If not, nothing has changed, and [`Self::next`] takes over.
    #[inline]
    fn read_here<'s, 'c: 's, T>(
        &mut self,
        chunk: &mut &'c [u8],
        read: impl Fn(&mut Cursor<'s>) -> Result<T, Error>,
    ) -> Option<(Element<'s>, T)> {
        if self.position != Position::List || self.begun {
            return None;
        }
        let rest = trim_start(chunk);
        let at = self.offset.wrapping_add(chunk.len().wrapping_sub(rest.len()));
        // All that the cursor may see must be known to be UTF-8, and that is not checked for the whole
        // chunk each time.
        let mut cursor = Cursor::of(text_at_start(rest.get(..self.window).unwrap_or(rest)));
        let value = read(&mut cursor).ok()?;
        let json = rest.get(..cursor.at())?;
        self.position = match cursor.peek() {
            Ok(b',') => Position::List,
            Ok(b']') => Position::After,
            _ => return None,
        };
        self.comma = self.position == Position::List;
        let taken = cursor.at().wrapping_add(1);
        *chunk = rest.get(taken..).unwrap_or(&[]);
        self.offset = at.wrapping_add(taken);
        self.expect(taken);
        Some((Element { json, at }, value))
    }

    /// An element took `len` bytes: the next one will hardly be half as long again.
    fn expect(&mut self, len: usize) {
        self.window = len.saturating_add(len / 2).max(self.window.wrapping_sub(self.window / 8));
    }

    /// Goes on to the next element's end, or to the chunk's.
    fn scan(&mut self, bytes: &[u8]) -> Stop {
        let mut at = 0usize;
        while let Some(&b) = bytes.get(at) {
            if self.in_string {
                at = self.string(bytes, at);
                continue;
            }
            let next = at.wrapping_add(1);
            match (self.position, b) {
                (
                    Position::Before | Position::List | Position::Lone | Position::After | Position::Failed,
                    b' ' | b'\n' | b'\t' | b'\r',
                ) => {}
                (Position::List, b',' | b']') if self.depth == 0 => {
                    let after_comma = core::mem::replace(&mut self.comma, b == b',');
                    if b == b']' {
                        self.position = Position::After;
                    }
                    if core::mem::take(&mut self.begun) {
                        if !core::mem::take(&mut self.oversized) {
                            return Stop::Element { to: at, next };
                        }
                    } else if b == b',' || after_comma {
                        return Stop::Error { code: Code::JsonSyntax, at, next };
                    }
                }
                (Position::List | Position::Lone, _) => {
                    if !self.begun {
                        self.begun = true;
                        self.start = self.offset.wrapping_add(at);
                    }
                    match b {
                        b'"' => self.in_string = true,
                        b'[' | b'{' => self.depth = self.depth.saturating_add(1),
                        b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                        _ => {}
                    }
                    if self.position == Position::Lone && self.depth == 0 {
                        self.position = Position::After;
                        self.begun = false;
                        if !core::mem::take(&mut self.oversized) {
                            return Stop::Element { to: next, next };
                        }
                    }
                }
                (Position::Before, b'[') => self.position = Position::List,
                (Position::Before, b'{') => {
                    self.position = Position::Lone;
                    continue;
                }
                (Position::Before, b'n') => self.position = Position::Null(1),
                (Position::Before, 0xEF) if self.offset.wrapping_add(at) == 0 => self.position = Position::Mark(1),
                (Position::Mark(n), b) if b"\xEF\xBB\xBF".get(n) == Some(&b) => {
                    self.position = if n == 2 { Position::Before } else { Position::Mark(n.wrapping_add(1)) };
                }
                (Position::Null(n), b) if b"null".get(n) == Some(&b) => {
                    self.position = if n == 3 { Position::After } else { Position::Null(n.wrapping_add(1)) };
                }
                (position, _) => {
                    self.position = Position::Failed;
                    let code = if position == Position::After { Code::JsonTrailing } else { Code::JsonType };
                    return if position == Position::Failed {
                        Stop::Chunk
                    } else {
                        Stop::Error { code, at, next: bytes.len() }
                    };
                }
            }
            at = next;
        }
        Stop::Chunk
    }

    /// Goes on within a string.
    #[inline]
    fn string(&mut self, bytes: &[u8], at: usize) -> usize {
        if core::mem::take(&mut self.escaped) {
            return at.wrapping_add(1);
        }
        let at = at.wrapping_add(plain_run(bytes.get(at..).unwrap_or(&[])));
        match bytes.get(at) {
            Some(b'"') => self.in_string = false,
            Some(b'\\') => self.escaped = true,
            Some(_) => {}
            None => return at,
        }
        at.wrapping_add(1)
    }

    /// Puts a part of the element into the buffer, and returns what lies there. `None`, and an empty
    /// buffer, where it does not fit. White space behind an element needs no room: what follows it in
    /// a full buffer does not fit either.
    fn keep(&mut self, part: &[u8]) -> Option<&[u8]> {
        let kept = core::mem::take(&mut self.kept);
        let room = self.buffer.as_mut().get_mut(kept..)?;
        let part = match part.split_at_checked(room.len()) {
            Some((fits, rest)) if trim_end(rest).is_empty() => fits,
            Some(_) => return None,
            None => part,
        };
        for (to, from) in room.iter_mut().zip(part) {
            *to = *from;
        }
        self.kept = kept.wrapping_add(part.len());
        self.buffer.as_mut().get(..self.kept)
    }

    /// To be called after the last chunk.
    ///
    /// # Errors
    /// [`Code::JsonEnd`] where the list did not end.
    pub const fn finish(&self) -> Result<(), Error> {
        match self.position {
            Position::After | Position::Failed => Ok(()),
            _ => Err(Error::new(Code::JsonEnd, self.offset)),
        }
    }

    /// Whether nothing but white space has come so far: an empty body.
    pub const fn is_blank(&self) -> bool {
        matches!(self.position, Position::Before)
    }

    /// How many bytes of the stream were taken.
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

/// The text that the bytes begin with: all of them, but for a character that is cut off or is none.
#[inline]
fn text_at_start(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_else(|e| {
        let valid = bytes.get(..e.valid_up_to()).unwrap_or(&[]);
        core::str::from_utf8(valid).unwrap_or("")
    })
}

/// The bytes without the white space of JSON before them.
#[inline]
fn trim_start(mut json: &[u8]) -> &[u8] {
    while let [b' ' | b'\n' | b'\t' | b'\r', rest @ ..] = json {
        json = rest;
    }
    json
}

/// The bytes without the white space of JSON at their end.
fn trim_end(mut json: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\n' | b'\t' | b'\r'] = json {
        json = rest;
    }
    json
}
