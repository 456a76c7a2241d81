//! The pull parser: a place in a document, and the steps from it.
//!
//! Every step checks what it passes. A step that fails leaves the cursor at the byte that is wrong.

use super::{Scalar, Text};
use crate::{Code, Error};

/// How deep lists and objects may nest: in a document that is checked, and in each field of a view.
pub const MAX_DEPTH: u32 = 64;

/// A place in a document.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

/// A list or an object that was entered and not yet left.
#[derive(Clone, Copy, Debug)]
pub struct Inside {
    close: u8,
    first: bool,
}

impl<'a> Cursor<'a> {
    /// The start of a document. A byte order mark is passed over.
    ///
    /// # Errors
    /// [`Code::JsonUtf8`] where the bytes are not UTF-8.
    #[inline(never)]
    pub fn new(document: &'a [u8]) -> Result<Self, Error> {
        match core::str::from_utf8(document) {
            Ok(text) => Ok(Cursor { text, at: if text.starts_with('\u{FEFF}') { 3 } else { 0 } }),
            Err(e) => Err(Error::new(Code::JsonUtf8, e.valid_up_to())),
        }
    }

    /// The start of a text.
    #[must_use]
    pub const fn of(text: &'a str) -> Self {
        Cursor { text, at: 0 }
    }

    /// The offset in bytes from the start of the document.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.at
    }

    /// The place `offset` bytes further on.
    pub(super) const fn ahead(self, offset: usize) -> Self {
        Cursor { text: self.text, at: self.at.wrapping_add(offset) }
    }

    /// The `len` bytes of text from here, or `""` if there are fewer.
    pub(super) fn part(&self, len: usize) -> &'a str {
        self.text.get(self.at..self.at.wrapping_add(len)).unwrap_or("")
    }

    /// The text from `start` to here.
    #[inline]
    #[must_use]
    pub fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or("")
    }

    /// The byte `offset` bytes after `start`.
    pub(super) fn after(&self, start: usize, offset: usize) -> Option<u8> {
        self.text.as_bytes().get(start.wrapping_add(offset)).copied()
    }

    #[cold]
    #[inline(never)]
    fn error<T>(&self, code: Code) -> Result<T, Error> {
        Err(Error::new(code, self.at))
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or(&[])
    }

    #[inline]
    fn bump(&mut self) {
        self.at = self.at.wrapping_add(1);
    }

    /// The next byte that is not white space, not yet passed.
    ///
    /// # Errors
    /// [`Code::JsonEnd`] at the end of the document.
    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub fn peek(&mut self) -> Result<u8, Error> {
        loop {
            match self.byte() {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.bump(),
                Some(b) => return Ok(b),
                None => return self.error(Code::JsonEnd),
            }
        }
    }

    /// Checks that nothing but white space follows.
    ///
    /// # Errors
    /// [`Code::JsonTrailing`] at what follows.
    pub fn end(&mut self) -> Result<(), Error> {
        match self.peek() {
            Ok(_) => self.error(Code::JsonTrailing),
            Err(_) => Ok(()),
        }
    }

    /// A string with its escapes still in it, and whether there are any.
    #[inline]
    fn quoted(&mut self, otherwise: Code) -> Result<(&'a str, bool), Error> {
        self.peek()?;
        let start = self.at.wrapping_add(1);
        let escaped = self.string(otherwise)?;
        Ok((self.text.get(start..self.at.wrapping_sub(1)).unwrap_or(""), escaped))
    }

    /// Passes a string, and tells whether there are escapes in it.
    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn string(&mut self, otherwise: Code) -> Result<bool, Error> {
        // Most strings begin here, and nothing in them needs a second look.
        #[cfg(target_pointer_width = "64")]
        if let Some((b'"', rest)) = self.rest().split_first() {
            let run = plain_run(rest);
            if rest.get(run) == Some(&b'"') {
                self.at = self.at.wrapping_add(run).wrapping_add(2);
                return Ok(false);
            }
        }
        self.any_string(otherwise)
    }

    #[inline(never)]
    fn any_string(&mut self, otherwise: Code) -> Result<bool, Error> {
        if self.peek()? != b'"' {
            return self.error(otherwise);
        }
        self.bump();
        let mut escaped = false;
        loop {
            self.at = self.at.wrapping_add(plain_run(self.rest()));
            match self.byte() {
                Some(b'"') => {
                    self.bump();
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(_) => return self.error(Code::JsonControl),
                None => return self.error(Code::JsonEnd),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Error> {
        let len = match self.rest() {
            [_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [_, b'u', hex @ ..] if super::text::hex4(hex).is_some() => 6,
            _ => return self.error(Code::JsonEscape),
        };
        self.at = self.at.wrapping_add(len);
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Error> {
        if !matches!(self.byte(), Some(b'0'..=b'9')) {
            return self.error(Code::JsonNumber);
        }
        while let Some(b'0'..=b'9') = self.byte() {
            self.bump();
        }
        Ok(())
    }

    #[inline(never)]
    fn number(&mut self) -> Result<&'a str, Error> {
        let start = self.at;
        match self.byte() {
            Some(b'-') => self.bump(),
            Some(b'0'..=b'9') => {}
            _ => return self.error(Code::JsonSyntax),
        }
        if self.byte() == Some(b'0') {
            self.bump();
        } else {
            self.digits()?;
        }
        if self.byte() == Some(b'.') {
            self.bump();
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.bump();
            if let Some(b'+' | b'-') = self.byte() {
                self.bump();
            }
            self.digits()?;
        }
        Ok(self.since(start))
    }

    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn word(&mut self, word: &'static str) -> Result<(), Error> {
        if self.rest().starts_with(word.as_bytes()) {
            self.at = self.at.wrapping_add(word.len());
            return Ok(());
        }
        self.error(Code::JsonSyntax)
    }

    /// Passes a `null`, and tells whether there was one.
    ///
    /// # Errors
    /// A 3xx code where neither `null` nor anything else can stand.
    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub fn null(&mut self) -> Result<bool, Error> {
        if self.peek()? == b'n' {
            self.word("null")?;
            return Ok(true);
        }
        Ok(false)
    }

    /// A string.
    ///
    /// # Errors
    /// [`Code::JsonType`] where another value stands.
    #[inline]
    pub fn text(&mut self) -> Result<Text<'a>, Error> {
        self.quoted(Code::JsonType).map(|(raw, _)| Text::new(raw))
    }

    /// A value that is no list and no object.
    ///
    /// # Errors
    /// [`Code::JsonType`] where a list or an object stands.
    #[inline(never)]
    pub fn scalar(&mut self) -> Result<Scalar<'a>, Error> {
        Ok(match self.peek()? {
            b'"' => Scalar::Text(self.text()?),
            b'n' => {
                self.word("null")?;
                Scalar::Null
            }
            b't' => {
                self.word("true")?;
                Scalar::Bool(true)
            }
            b'f' => {
                self.word("false")?;
                Scalar::Bool(false)
            }
            b'[' | b'{' => return self.error(Code::JsonType),
            _ => Scalar::Number(self.number()?),
        })
    }

    /// Passes over any value, checking its syntax.
    ///
    /// # Errors
    /// A 3xx code with the offset of the byte that is wrong.
    #[inline(never)]
    pub fn skip(&mut self) -> Result<(), Error> {
        // One bit for each open bracket: is it an object?
        let (mut objects, mut depth) = (0u64, 0u32);
        'value: loop {
            match self.peek()? {
                b'"' => {
                    self.string(Code::JsonSyntax)?;
                }
                open @ (b'{' | b'[') => {
                    if depth >= MAX_DEPTH {
                        return self.error(Code::JsonDepth);
                    }
                    self.bump();
                    let object = open == b'{';
                    if self.peek()? == open.wrapping_add(2) {
                        self.bump();
                    } else {
                        objects = objects << 1 | u64::from(object);
                        depth = depth.wrapping_add(1);
                        if object {
                            self.string(Code::JsonSyntax)?;
                            self.colon()?;
                        }
                        continue 'value;
                    }
                }
                _ => {
                    self.scalar()?;
                }
            }
            while depth > 0 {
                let object = objects & 1 == 1;
                match self.peek()? {
                    b',' => {
                        self.bump();
                        if object {
                            self.string(Code::JsonSyntax)?;
                            self.colon()?;
                        }
                        continue 'value;
                    }
                    b'}' if object => {}
                    b']' if !object => {}
                    _ => return self.error(Code::JsonSyntax),
                }
                self.bump();
                objects >>= 1;
                depth = depth.wrapping_sub(1);
            }
            return Ok(());
        }
    }

    /// The name of a field and its colon, and whether there are escapes in the name.
    #[inline]
    pub(super) fn name(&mut self) -> Result<(&'a str, bool), Error> {
        let name = self.quoted(Code::JsonSyntax)?;
        self.colon()?;
        Ok(name)
    }

    #[inline]
    fn colon(&mut self) -> Result<(), Error> {
        if self.peek()? != b':' {
            return self.error(Code::JsonSyntax);
        }
        self.bump();
        Ok(())
    }

    /// Passes the name of a field and its colon where they stand here as most servers write them:
    /// no escape, no white space before the colon. `name` must be one that needs no escape.
    #[inline]
    pub(super) fn named(&mut self, name: &str) -> bool {
        let found = matches!(self.rest().split_first(), Some((b'"', rest))
            if rest.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.starts_with(b"\":")));
        if found {
            self.at = self.at.wrapping_add(name.len()).wrapping_add(3);
        }
        found
    }

    /// Enters a list (`[`) or an object (`{`).
    ///
    /// # Errors
    /// [`Code::JsonType`] where another value stands.
    #[inline]
    pub fn enter(&mut self, open: u8) -> Result<Inside, Error> {
        if self.peek()? != open {
            return self.error(Code::JsonType);
        }
        self.bump();
        Ok(Inside { close: open.wrapping_add(2), first: true })
    }

    /// Whether another item follows. The comma, or the closing bracket, is passed.
    ///
    /// # Errors
    /// [`Code::JsonSyntax`] where neither can stand.
    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub fn more(&mut self, inside: &mut Inside) -> Result<bool, Error> {
        let b = self.peek()?;
        if b == inside.close {
            self.bump();
            return Ok(false);
        }
        if inside.first {
            inside.first = false;
            return Ok(true);
        }
        if b != b',' {
            return self.error(Code::JsonSyntax);
        }
        self.bump();
        if self.peek()? == inside.close {
            return self.error(Code::JsonSyntax);
        }
        Ok(true)
    }

    /// The next field's name. `scratch` is used only by a name with an escape in it; a longer one
    /// reads as `""`, which is no known field.
    ///
    /// # Errors
    /// A 3xx code with the offset of the byte that is wrong.
    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub fn key<'k>(&mut self, inside: &mut Inside, scratch: &'k mut [u8; 24]) -> Result<Option<&'k str>, Error>
    where
        'a: 'k,
    {
        if self.more(inside)? { self.name_in(scratch).map(Some) } else { Ok(None) }
    }

    /// The name of a field, decoded, and its colon.
    #[inline]
    pub(super) fn name_in<'k>(&mut self, scratch: &'k mut [u8; 24]) -> Result<&'k str, Error>
    where
        'a: 'k,
    {
        let (raw, escaped) = self.name()?;
        Ok(if escaped { Text::new(raw).copy_to(scratch).unwrap_or("") } else { raw })
    }
}

/// How many bytes from the start are neither `"`, `\` nor a control character.
#[inline]
pub(super) fn plain_run(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    #[cfg(target_pointer_width = "64")]
    while let Some((eight, after)) = rest.split_first_chunk::<8>() {
        // Eight bytes at a time: a byte that equals X is zero after XOR with X, and subtracting one sets
        // the top bit of a zero byte; so does subtracting 0x20 from a control character. The top bits
        // of the text itself are taken out. The lowest bit that is left is always a true one.
        const ONES: u64 = 0x0101_0101_0101_0101;
        let w = u64::from_le_bytes(*eight);
        let (quote, slash) = (w ^ (ONES * b'"' as u64), w ^ (ONES * b'\\' as u64));
        let hit =
            (quote.wrapping_sub(ONES) | slash.wrapping_sub(ONES) | w.wrapping_sub(ONES * 0x20)) & !w & (ONES * 0x80);
        if hit != 0 {
            let before = bytes.len().wrapping_sub(rest.len());
            return before.wrapping_add((hit.trailing_zeros() / 8) as usize);
        }
        rest = after;
    }
    while let Some((&b, after)) = rest.split_first() {
        if b == b'"' || b == b'\\' || b < 0x20 {
            break;
        }
        rest = after;
    }
    bytes.len().wrapping_sub(rest.len())
}
