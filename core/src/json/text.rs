//! Strings as they stand in a document: escapes checked, decoded when asked.

use core::fmt::{self, Write};

/// A string as it stands in the document. Reading it needs no memory; [`Text::copy_to`] and the
/// iterator [`Text::chars`] decode the escapes.
///
/// # Examples
/// ```
/// use cardwright_core::json::{Text, from_slice};
///
/// let text = from_slice::<Text<'_>>(br#""tab\there""#)?;
/// assert_eq!(text, "tab\there");
/// // Decoded into memory of the caller's; only a text without an escape can be borrowed.
/// let mut room = [0; 16];
/// assert_eq!(text.copy_to(&mut room), Some("tab\there"));
/// assert_eq!((text.plain(), text.raw()), (None, "tab\\there"));
/// assert_eq!(text.copy_to(&mut [0; 4]), None);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct Text<'a> {
    raw: &'a str,
}

impl<'a> Text<'a> {
    /// A string by what stands between its quotes.
    #[inline]
    pub(super) const fn new(raw: &'a str) -> Self {
        Text { raw }
    }

    /// A string by what it looks like with its quotes.
    #[inline]
    pub(super) fn of_quoted(quoted: &'a str) -> Option<Self> {
        Some(Text { raw: quoted.strip_prefix('"')?.strip_suffix('"')? })
    }

    /// The string itself, when there is no escape in it.
    #[inline]
    #[must_use]
    pub fn plain(self) -> Option<&'a str> {
        (!has_escape(self.raw.as_bytes())).then_some(self.raw)
    }

    /// The string as it stands in the document, escapes and all, without its quotes.
    #[must_use]
    pub const fn raw(self) -> &'a str {
        self.raw
    }

    /// Whether there is no character in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.raw.is_empty()
    }

    /// The characters, decoded. Half a surrogate pair reads as U+FFFD.
    #[must_use]
    pub const fn chars(self) -> Chars<'a> {
        Chars { rest: self.raw }
    }

    /// Decodes into `buffer`; `None` where it does not fit.
    pub fn copy_to(self, buffer: &mut [u8]) -> Option<&str> {
        let mut at = 0usize;
        for c in self.chars() {
            let mut four = [0u8; 4];
            let bytes = c.encode_utf8(&mut four).as_bytes();
            let room = buffer.get_mut(at..)?.get_mut(..bytes.len())?;
            for (to, from) in room.iter_mut().zip(bytes) {
                *to = *from;
            }
            at = at.wrapping_add(bytes.len());
        }
        core::str::from_utf8(buffer.get(..at)?).ok()
    }

    /// Whether it says `other`, whatever the case of its ASCII letters.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    #[must_use]
    pub fn eq_ignore_ascii_case(self, other: &str) -> bool {
        let mut ours = self.chars();
        other.chars().all(|b| ours.next().is_some_and(|a| a.eq_ignore_ascii_case(&b))) && ours.next().is_none()
    }

    /// The string decoded; borrowed where there is no escape in it.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn to_cow(self) -> alloc::borrow::Cow<'a, str> {
        match self.plain() {
            Some(plain) => plain.into(),
            None => self.chars().collect::<alloc::string::String>().into(),
        }
    }
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        match self.plain() {
            Some(plain) => plain == other,
            None => self.chars().eq(other.chars()),
        }
    }
}

impl PartialEq<&str> for Text<'_> {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw || self.chars().eq(other.chars())
    }
}

impl Eq for Text<'_> {}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.plain() {
            Some(plain) => f.pad(plain),
            None => {
                let chars = || self.chars().take(f.precision().unwrap_or(usize::MAX));
                let missing = f.width().map_or(0, |width| width.saturating_sub(chars().count()));
                let before = match f.align() {
                    Some(fmt::Alignment::Right) => missing,
                    Some(fmt::Alignment::Center) => missing / 2,
                    _ => 0,
                };
                let (chars, fill) = (chars(), f.fill());
                (0..before).try_for_each(|_| f.write_char(fill))?;
                chars.into_iter().try_for_each(|c| f.write_char(c))?;
                (before..missing).try_for_each(|_| f.write_char(fill))
            }
        }
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.raw)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Text<'_> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.plain() {
            Some(plain) => s.serialize_str(plain),
            None => s.collect_str(self),
        }
    }
}

/// The characters of a [`Text`], decoded.
///
/// # Examples
/// ```
/// use cardwright_core::json::{Text, from_slice};
///
/// let name = from_slice::<Text<'_>>(br#""K\u0101rli\u0146\u0161 \"KB\"""#)?;
/// assert!(name.chars().eq("Kārliņš \"KB\"".chars()));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Chars<'a> {
    rest: &'a str,
}

impl Iterator for Chars<'_> {
    type Item = char;

    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next()?;
        self.rest = chars.as_str();
        if c != '\\' {
            return Some(c);
        }
        let (c, rest) = unescape(self.rest);
        self.rest = rest;
        Some(c)
    }
}

/// Whether there is a backslash.
#[inline]
#[allow(clippy::manual_contains, reason = "one of the two is not `contains` because that is large")]
fn has_escape(bytes: &[u8]) -> bool {
    // Where a word is small, Rust's own search is larger than quick.
    match cfg!(target_pointer_width = "64") {
        true => bytes.contains(&b'\\'),
        false => bytes.iter().any(|byte| *byte == b'\\'),
    }
}

/// What follows a backslash, decoded, and the rest.
#[inline(never)]
fn unescape(tail: &str) -> (char, &str) {
    let bytes = tail.as_bytes();
    let (c, length) = match bytes {
        [b'b', ..] => ('\u{8}', 1),
        [b'f', ..] => ('\u{c}', 1),
        [b'n', ..] => ('\n', 1),
        [b'r', ..] => ('\r', 1),
        [b't', ..] => ('\t', 1),
        [b'u', digits @ ..] => unescape_hex(digits),
        _ => tail.chars().next().map_or((char::REPLACEMENT_CHARACTER, 0), |c| (c, c.len_utf8())),
    };
    (c, tail.get(length..).unwrap_or(""))
}

/// What follows `\u`: one unit, or a surrogate pair with the escape after it; and how long it is, with the `u`.
fn unescape_hex(digits: &[u8]) -> (char, usize) {
    let (mut c, mut length) = (hex4(digits).unwrap_or(0xFFFD), 5);
    if c & 0xFC00 == 0xD800
        && let [_, _, _, _, b'\\', b'u', low @ ..] = digits
        && let Some(low) = hex4(low)
        && low & 0xFC00 == 0xDC00
    {
        (c, length) = (0x10000u32.wrapping_add((c & 0x3FF) << 10 | low & 0x3FF), 11);
    }
    (char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER), length)
}

/// Four hexadecimal digits from the start.
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
pub(super) fn hex4(bytes: &[u8]) -> Option<u32> {
    let four = bytes.first_chunk::<4>()?;
    four.iter().try_fold(0u32, |n, b| Some(n << 4 | (*b as char).to_digit(16)?))
}
