//! A serial number by what it is, not by how it is written.
//!
//! A text is taken for the first of these that it fits: a GUID, hexadecimal bytes, a free text.
//! `==` holds for the same kind and the same bytes; everything weaker is a [`Match`]. Decimal
//! digits of even number are hexadecimal too; they compare as written.
//!
//! MIM CM REST API, "Get smartcards" (`SerialNumber`); CertiFlow API, `serialNumber`.

use core::fmt;

use super::guid::swap_fields;
use super::spelling::{MAX_BYTES, Spelling};
use super::{ByteOrder, Guid};
use crate::error::{Code, Error};
use crate::hex;

/// A serial number. Bytes are kept here; only a free text is borrowed.
///
/// Two are equal when kind and bytes are: the same GUID in braces, bare and in upper case; the same
/// bytes in any hexadecimal spelling; free texts only when they agree to the letter. A GUID and the
/// hexadecimal of its bytes are not equal, because the bytes do not tell their order: see
/// [`matches`](Self::matches).
///
/// # Examples
/// ```
/// use cardwright_core::identity::{Match, Serial};
///
/// let [typed, listed] = ["02 a1 b3 c4", "02A1B3C4"].map(Serial::parse);
/// assert_eq!(typed?.matches(&listed?), Some(Match::Same));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Serial<'a>(Form<'a>);

/// What a serial number is.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{Kind, Serial};
///
/// assert_eq!(Serial::parse("{d1ef6869-5517-42a0-8f05-16ca1a0b834d}")?.kind(), Kind::Guid);
/// assert_eq!(Serial::parse("02A1B3C4")?.kind(), Kind::Bytes);
/// assert_eq!(Serial::parse("card no. 7")?.kind(), Kind::Text);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(clippy::exhaustive_enums, reason = "every text is one of the three; what is known of a form stands in Match")]
pub enum Kind {
    /// A GUID whose text is known.
    Guid = 1,
    /// One to 32 bytes.
    Bytes = 2,
    /// A text of no known form.
    Text = 3,
}

/// How two serials are the same number.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{Match, Serial};
///
/// // The same sixteen bytes, which Windows writes as a GUID.
/// let bytes = Serial::parse("6968EFD11755A0428F0516CA1A0B834D")?;
/// let guid = Serial::parse("{d1ef6869-5517-42a0-8f05-16ca1a0b834d}")?;
/// assert_eq!(bytes.matches(&guid), Some(Match::GuidBytesWindows));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Match {
    /// The same kind and the same bytes: they are equal.
    Same = 1,
    /// One is a GUID, the other its bytes as Windows keeps them. Also where both orders would do.
    GuidBytesWindows = 2,
    /// One is a GUID, the other its bytes as RFC 4122 has them.
    GuidBytesRfc4122 = 3,
    /// Both are GUIDs, or both sixteen bytes, and one is the other with the first three fields
    /// reversed: the bytes were read in the wrong order.
    GuidFieldsSwapped = 4,
    /// Both are texts which differ in upper and lower case of ASCII letters only.
    TextIgnoringCase = 5,
}

impl<'a> Serial<'a> {
    /// Reads a serial number as a person or a system writes it. Spaces around it do not count.
    ///
    /// A GUID bare or in braces; else hexadecimal of at most 32 bytes, with nothing between the
    /// bytes or the same one of space, colon and hyphen between any two; else a free text.
    ///
    /// # Errors
    ///
    /// [`Code::Serial`] when there is nothing but spaces, and at a control character.
    pub fn parse(text: &'a str) -> Result<Self, Error> {
        let trimmed = text.trim_ascii();
        if let Some(at) = trimmed.bytes().position(|c| c.is_ascii_control()) {
            let before = trimmed.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
            return Err(Error::new(Code::Serial, at.wrapping_add(before)));
        }
        let text = trimmed;
        if text.is_empty() {
            return Err(Error::new(Code::Serial, 0));
        }
        let guid = Guid::parse(text).ok().map(Form::Guid);
        let form = guid.or_else(|| hexadecimal(text).map(Form::Bytes));
        Ok(Serial(form.unwrap_or(Form::Text(text))))
    }

    /// The serial of bytes as a card gives them.
    ///
    /// # Errors
    ///
    /// [`Code::Serial`] when there are none, [`Code::Room`] at offset 32 when there are more.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut kept = Bytes::default();
        match kept.bytes.get_mut(..bytes.len()) {
            _ if bytes.is_empty() => Err(Error::new(Code::Serial, 0)),
            None => Err(Error { code: Code::Room, at: MAX_BYTES, what: "serial" }),
            Some(room) => {
                room.copy_from_slice(bytes);
                kept.length = bytes.len();
                Ok(Serial(Form::Bytes(kept)))
            }
        }
    }

    /// The serial that is a GUID: of a `cardid` by [`Guid::from_windows_bytes`], of a PIV CHUID by
    /// [`Guid::new`].
    #[must_use]
    pub const fn from_guid(guid: Guid) -> Self {
        Serial(Form::Guid(guid))
    }

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self.0 {
            Form::Guid(_) => Kind::Guid,
            Form::Bytes(_) => Kind::Bytes,
            Form::Text(_) => Kind::Text,
        }
    }

    /// The bytes of a serial of kind [`Kind::Bytes`].
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Form::Bytes(bytes) => Some(bytes.get()),
            _ => None,
        }
    }

    /// The text of a serial of kind [`Kind::Text`], without the spaces around it.
    #[must_use]
    pub const fn text(&self) -> Option<&'a str> {
        match self.0 {
            Form::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The GUID that it is, or that its sixteen bytes are when they stand in the given order.
    ///
    /// A serial that is a GUID does not depend on `order`.
    #[must_use]
    pub fn guid(&self, order: ByteOrder) -> Option<Guid> {
        match &self.0 {
            Form::Guid(guid) => Some(*guid),
            Form::Bytes(bytes) => {
                let bytes = bytes.get().try_into().ok()?;
                Some(Guid::from_bytes(bytes, order))
            }
            Form::Text(_) => None,
        }
    }

    /// How two serials are the same number, or `None`. Symmetric.
    #[must_use]
    pub fn matches(&self, other: &Serial<'_>) -> Option<Match> {
        if let (Form::Text(one), Form::Text(two)) = (&self.0, &other.0) {
            let same = if one == two { Match::Same } else { Match::TextIgnoringCase };
            return one.eq_ignore_ascii_case(two).then_some(same);
        }
        let (one, two) = (self.raw()?, other.raw()?);
        let (same_kind, same) = (self.kind() == other.kind(), one == two);
        if same_kind && same {
            return Some(Match::Same);
        }
        // A GUID has sixteen bytes, so that those of the other kind are as many where they match.
        match (same_kind, is_swapped(one, two)) {
            (true, true) => Some(Match::GuidFieldsSwapped),
            (false, true) => Some(Match::GuidBytesWindows),
            (false, false) => same.then_some(Match::GuidBytesRfc4122),
            (true, false) => None,
        }
    }

    /// The bytes that it has, be they those of a GUID or not.
    fn raw(&self) -> Option<&[u8]> {
        match &self.0 {
            Form::Guid(guid) => Some(guid.as_bytes()),
            Form::Bytes(bytes) => Some(bytes.get()),
            Form::Text(_) => None,
        }
    }

    /// The spelling as a GUID in braces, in lower case: what MIM CM takes.
    ///
    /// `None` unless it is a GUID or has sixteen bytes, which are taken in the given order.
    pub fn braced(&self, order: ByteOrder) -> Option<Spelling> {
        self.guid(order).map(Guid::braced)
    }

    /// The spelling as a GUID without braces, in lower case.
    ///
    /// `None` unless it is a GUID or has sixteen bytes, which are taken in the given order.
    pub fn bare(&self, order: ByteOrder) -> Option<Spelling> {
        self.guid(order).map(Guid::bare)
    }

    /// The spelling as hexadecimal without separators, in upper case: what CertiFlow takes.
    ///
    /// The bytes of a GUID are given in the given order; bytes are written as they are. `None` for
    /// a free text.
    #[must_use]
    pub fn hex(&self, order: ByteOrder) -> Option<Spelling> {
        match &self.0 {
            Form::Guid(guid) => Spelling::hex(&guid.to_bytes(order)),
            Form::Bytes(bytes) => Spelling::hex(bytes.get()),
            Form::Text(_) => None,
        }
    }
}

/// As a GUID without braces, as upper-case hexadecimal, or as the text: each can be read again and
/// is then equal.
impl fmt::Display for Serial<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Guid(guid) => fmt::Display::fmt(guid, f),
            Form::Bytes(bytes) => hex::write(f, bytes.get(), hex::UPPER, None),
            Form::Text(text) => f.write_str(text),
        }
    }
}

impl From<Guid> for Serial<'_> {
    fn from(guid: Guid) -> Self {
        Serial::from_guid(guid)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Form<'a> {
    Guid(Guid),
    Bytes(Bytes),
    Text(&'a str),
}

/// Followed by zeros, so that the derived comparison is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Bytes {
    bytes: [u8; MAX_BYTES],
    length: usize,
}

impl Bytes {
    fn get(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// Whether both are sixteen bytes, and one is the other in the other order.
#[inline(never)]
fn is_swapped(one: &[u8], two: &[u8]) -> bool {
    one.try_into().is_ok_and(|one| swap_fields(one) == *two)
}

/// The bytes of a hexadecimal text of one to 32 bytes in which the bytes stand all together, or all
/// apart by the same separator.
fn hexadecimal(text: &str) -> Option<Bytes> {
    let text = text.as_bytes();
    let separator = text.get(2).copied().filter(|c| matches!(c, b' ' | b':' | b'-'));
    let mut kept = Bytes::default();
    let mut places = kept.bytes.iter_mut();
    let mut rest = text;
    while let [high, low, after @ ..] = rest {
        *places.next()? = hex::digit(*high)? << 4 | hex::digit(*low)?;
        kept.length = kept.length.wrapping_add(1);
        rest = match (separator, after) {
            (Some(wanted), [found, after @ ..]) if *found == wanted && !after.is_empty() => after,
            (Some(_), [_, ..]) => return None,
            _ => after,
        };
    }
    rest.is_empty().then_some(kept)
}
