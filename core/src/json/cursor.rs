//! The pull parser: a place in a document, and the steps from it.
//!
//! Every step checks what it passes. A step that fails leaves the cursor at the byte that is wrong, so that among
//! themselves the steps tell the code alone.

use super::plain::plain_run;
use super::{Scalar, Text};
use crate::{Code, Error};

/// How deep lists and objects may nest: in a document that is checked, and in each field of a view.
pub const MAX_DEPTH: u32 = 64;

/// A place in a document.
///
/// # Examples
/// ```
/// use cardwright_core::Code;
/// use cardwright_core::json::Cursor;
///
/// let mut json = Cursor::new(br#"{"doors":["B-1",4]}"#)?;
/// let mut scratch = [0; 24];
/// let mut object = json.enter(b'{')?;
/// while let Some(name) = json.key(&mut object, &mut scratch)? {
///     assert_eq!(name, "doors");
///     let mut list = json.enter(b'[')?;
///     assert!(json.more(&mut list)?);
///     assert_eq!(json.text()?, "B-1");
///     assert!(json.more(&mut list)?);
///     // What is wrong is told with its place.
///     let error = json.clone().text().unwrap_err();
///     assert_eq!((error.code, error.at), (Code::JsonType, 16));
///     assert_eq!(json.scalar()?.as_i64(), Some(4));
///     assert!(!json.more(&mut list)?);
/// }
/// json.end()?;
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

/// A list or an object that was entered and not yet left.
///
/// # Examples
/// ```
/// use cardwright_core::json::{Cursor, Inside};
///
/// fn sum(json: &mut Cursor<'_>) -> Result<i64, cardwright_core::Error> {
///     let mut list: Inside = json.enter(b'[')?;
///     let mut sum = 0;
///     while json.more(&mut list)? {
///         sum += json.scalar()?.as_i64().unwrap_or_default();
///     }
///     Ok(sum)
/// }
/// assert_eq!(sum(&mut Cursor::of("[1, 20, 300]"))?, 321);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
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

    /// A result with the place where the cursor is.
    #[inline]
    pub(super) fn here<T>(&self, result: Result<T, Code>) -> Result<T, Error> {
        result.map_err(|code| Error::new(code, self.at))
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
    #[inline]
    pub fn peek(&mut self) -> Result<u8, Error> {
        let next = self.look();
        self.here(next)
    }

    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn look(&mut self) -> Result<u8, Code> {
        loop {
            match self.byte() {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.bump(),
                Some(b) => return Ok(b),
                None => return Err(Code::JsonEnd),
            }
        }
    }

    /// Checks that nothing but white space follows.
    ///
    /// # Errors
    /// [`Code::JsonTrailing`] at what follows.
    pub fn end(&mut self) -> Result<(), Error> {
        match self.look() {
            Ok(_) => Err(Error::new(Code::JsonTrailing, self.at)),
            Err(_) => Ok(()),
        }
    }

    /// Where a string that was passed stands, from `start` on, without its quotes.
    #[inline]
    fn within_quotes(&self, start: usize) -> &'a str {
        self.text.get(start.wrapping_add(1)..self.at.wrapping_sub(1)).unwrap_or("")
    }

    /// Passes a string, and tells whether there are escapes in it.
    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn string(&mut self, otherwise: Code) -> Result<bool, Code> {
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

    #[cfg_attr(target_pointer_width = "64", inline(never))]
    fn any_string(&mut self, otherwise: Code) -> Result<bool, Code> {
        self.pass(b'"', otherwise)?;
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
                Some(_) => return Err(Code::JsonControl),
                None => return Err(Code::JsonEnd),
            }
        }
    }

    /// Passes this byte and white space before it.
    #[inline]
    fn pass(&mut self, wanted: u8, otherwise: Code) -> Result<(), Code> {
        if self.look()? != wanted {
            return Err(otherwise);
        }
        self.bump();
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Code> {
        let len = match self.rest() {
            [_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [_, b'u', hex @ ..] if super::text::hex4(hex).is_some() => 6,
            _ => return Err(Code::JsonEscape),
        };
        self.at = self.at.wrapping_add(len);
        Ok(())
    }

    /// Passes digits, one at least.
    fn digits(&mut self) -> Result<(), Code> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.bump();
        }
        if self.at == start { Err(Code::JsonNumber) } else { Ok(()) }
    }

    #[inline(never)]
    fn number(&mut self) -> Result<(), Code> {
        match self.byte() {
            Some(b'-') => self.bump(),
            Some(b'0'..=b'9') => {}
            _ => return Err(Code::JsonSyntax),
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
        Ok(())
    }

    #[cfg_attr(target_pointer_width = "64", inline)]
    fn word(&mut self, word: &'static str) -> Result<(), Code> {
        if self.rest().starts_with(word.as_bytes()) {
            self.at = self.at.wrapping_add(word.len());
            return Ok(());
        }
        Err(Code::JsonSyntax)
    }

    /// Passes a `null`, and tells whether there was one.
    ///
    /// # Errors
    /// A 3xx code where neither `null` nor anything else can stand.
    #[inline]
    pub fn null(&mut self) -> Result<bool, Error> {
        if self.peek()? != b'n' {
            return Ok(false);
        }
        let passed = self.word("null");
        self.here(passed).map(|()| true)
    }

    /// A string.
    ///
    /// # Errors
    /// [`Code::JsonType`] where another value stands.
    #[inline]
    pub fn text(&mut self) -> Result<Text<'a>, Error> {
        self.peek()?;
        let start = self.at;
        let passed = self.string(Code::JsonType);
        self.here(passed).map(|_| Text::new(self.within_quotes(start)))
    }

    /// A value that is no list and no object.
    ///
    /// # Errors
    /// [`Code::JsonType`] where a list or an object stands.
    #[inline]
    pub fn scalar(&mut self) -> Result<Scalar<'a>, Error> {
        self.peek()?;
        let start = self.at;
        let passed = self.pass_scalar();
        self.here(passed).map(|()| Scalar::of_raw(self.since(start)))
    }

    /// Passes a value that is no list and no object.
    #[inline(never)]
    pub(super) fn pass_scalar(&mut self) -> Result<(), Code> {
        let word = match self.look()? {
            b'"' => return self.string(Code::JsonType).map(|_| ()),
            b'n' => "null",
            b't' => "true",
            b'f' => "false",
            b'[' | b'{' => return Err(Code::JsonType),
            _ => return self.number(),
        };
        self.word(word)
    }

    /// Passes over any value, checking its syntax.
    ///
    /// # Errors
    /// A 3xx code with the offset of the byte that is wrong.
    #[inline]
    pub fn skip(&mut self) -> Result<(), Error> {
        let passed = self.pass_any();
        self.here(passed)
    }

    #[inline(never)]
    pub(super) fn pass_any(&mut self) -> Result<(), Code> {
        // One bit for each open bracket: is it an object?
        let (mut objects, mut depth) = (0u64, 0u32);
        'value: loop {
            let open = self.look()?;
            if matches!(open, b'{' | b'[') {
                if depth >= MAX_DEPTH {
                    return Err(Code::JsonDepth);
                }
                self.bump();
                if self.look()? == open.wrapping_add(2) {
                    self.bump();
                } else {
                    let object = open == b'{';
                    objects = objects << 1 | u64::from(object);
                    depth = depth.wrapping_add(1);
                    if object {
                        self.pass_name()?;
                    }
                    continue 'value;
                }
            } else {
                self.pass_scalar()?;
            }
            while depth > 0 {
                let object = objects & 1 == 1;
                let next = self.look()?;
                if next != b',' && next != if object { b'}' } else { b']' } {
                    return Err(Code::JsonSyntax);
                }
                self.bump();
                if next == b',' {
                    if object {
                        self.pass_name()?;
                    }
                    continue 'value;
                }
                objects >>= 1;
                depth = depth.wrapping_sub(1);
            }
            return Ok(());
        }
    }

    /// Passes the name of a field and its colon; whether there are escapes in the name.
    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn pass_name(&mut self) -> Result<bool, Code> {
        let escaped = self.string(Code::JsonSyntax)?;
        self.pass(b':', Code::JsonSyntax)?;
        Ok(escaped)
    }

    /// The name of a field and its colon, and whether there are escapes in the name.
    #[inline]
    pub(super) fn name(&mut self) -> Result<(&'a str, bool), Code> {
        self.look()?;
        let start = self.at;
        let escaped = self.string(Code::JsonSyntax)?;
        let name = self.within_quotes(start);
        self.pass(b':', Code::JsonSyntax)?;
        Ok((name, escaped))
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
        let entered = self.go_into(open);
        self.here(entered)
    }

    #[inline]
    pub(super) fn go_into(&mut self, open: u8) -> Result<Inside, Code> {
        self.pass(open, Code::JsonType)?;
        Ok(Inside { close: open.wrapping_add(2), first: true })
    }

    /// Whether another item follows. The comma, or the closing bracket, is passed.
    ///
    /// # Errors
    /// [`Code::JsonSyntax`] where neither can stand.
    #[inline]
    pub fn more(&mut self, inside: &mut Inside) -> Result<bool, Error> {
        let more = self.goes_on(inside);
        self.here(more)
    }

    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn goes_on(&mut self, inside: &mut Inside) -> Result<bool, Code> {
        let b = self.look()?;
        if b == inside.close {
            self.bump();
            return Ok(false);
        }
        if inside.first {
            inside.first = false;
            return Ok(true);
        }
        if b != b',' {
            return Err(Code::JsonSyntax);
        }
        self.bump();
        if self.look()? == inside.close {
            return Err(Code::JsonSyntax);
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
        if !self.more(inside)? {
            return Ok(None);
        }
        let name = self.name_in(scratch);
        self.here(name).map(Some)
    }

    /// The name of a field, decoded, and its colon.
    #[inline]
    pub(super) fn name_in<'k>(&mut self, scratch: &'k mut [u8; 24]) -> Result<&'k str, Code>
    where
        'a: 'k,
    {
        let (raw, escaped) = self.name()?;
        Ok(if escaped { Text::new(raw).copy_to(scratch).unwrap_or("") } else { raw })
    }

    /// Goes back, or on, to a place.
    #[inline]
    pub(super) fn go_to(&mut self, at: usize) {
        self.at = at;
    }
}
