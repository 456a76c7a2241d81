//! The GUID: sixteen bytes, one text, and the two byte orders in which cards hold it.
//!
//! A [`Guid`] is what the text says, so two are equal exactly when their texts are. Its bytes are
//! only ever taken or given in an order that is named.
//!
//! RFC 4122, section 3 (text), 4.1.2 (bytes); Windows `struct GUID` (guiddef.h).

use core::fmt;
use core::str::FromStr;

use super::spelling::Spelling;
use crate::error::{Code, Error};
use crate::hex;

/// A GUID. Kept in the order of its text, which is that of RFC 4122.
///
/// The default is the nil GUID, all zeros (RFC 9562, 5.9). `Display` writes it bare, in lower case: `d1ef6869-5517-42a0-8f05-16ca1a0b834d`.
///
/// # Examples
/// ```
/// use cardwright_core::identity::Guid;
///
/// // A `cardid` as the card has it, and as Windows writes it.
/// let bytes = [0x69, 0x68, 0xEF, 0xD1, 0x17, 0x55, 0xA0, 0x42, 0x8F, 0x05, 0x16, 0xCA, 0x1A, 0x0B, 0x83, 0x4D];
/// let guid = Guid::from_windows_bytes(bytes);
/// assert_eq!(guid.to_string(), "d1ef6869-5517-42a0-8f05-16ca1a0b834d");
/// assert_eq!(guid.braced().to_string(), "{d1ef6869-5517-42a0-8f05-16ca1a0b834d}");
/// assert_eq!("{D1EF6869-5517-42A0-8F05-16CA1A0B834D}".parse(), Ok(guid));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Guid([u8; 16]);

/// How sixteen bytes stand for the text of a GUID.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{ByteOrder, Guid};
///
/// let bytes = *b"0123456789abcdef";
/// let (rfc, windows) = (Guid::from_bytes(bytes, ByteOrder::Rfc4122), Guid::from_bytes(bytes, ByteOrder::Windows));
/// assert_ne!(rfc, windows);
/// assert_eq!(windows.to_bytes(ByteOrder::Windows), bytes);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(clippy::exhaustive_enums, reason = "there are two orders in use")]
pub enum ByteOrder {
    /// As written (RFC 4122, 4.1.2): PIV.
    Rfc4122 = 1,
    /// The first three fields little-endian, as Windows keeps a `struct GUID` in memory: the file
    /// `cardid` of a GIDS or other minidriver card.
    Windows = 2,
}

impl Guid {
    /// The GUID of sixteen bytes in the order of its text.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Guid(bytes)
    }

    /// The GUID of sixteen bytes as Windows keeps them: the first three fields little-endian.
    #[must_use]
    pub const fn from_windows_bytes(bytes: [u8; 16]) -> Self {
        Guid(swap_fields(bytes))
    }

    /// The GUID of sixteen bytes in a given order.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16], order: ByteOrder) -> Self {
        match order {
            ByteOrder::Rfc4122 => Guid::new(bytes),
            ByteOrder::Windows => Guid::from_windows_bytes(bytes),
        }
    }

    /// Reads 8, 4, 4, 4 and 12 hexadecimal digits with hyphens between, of either case, bare or in
    /// braces.
    ///
    /// # Errors
    ///
    /// [`Code::Guid`] at the offset of the first character that does not fit, or of the end of the
    /// text when it is too short.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.as_bytes();
        let braced = text.first() == Some(&b'{');
        let mut bytes = [0_u8; 16];
        let mut at = usize::from(braced);
        for (number, byte) in bytes.iter_mut().enumerate() {
            if matches!(number, 4 | 6 | 8 | 10) && !eat(text, &mut at, b'-') {
                return Err(Error::new(Code::Guid, at));
            }
            for _ in 0..2 {
                let digit = text.get(at).copied().and_then(hex::digit);
                *byte = *byte << 4 | digit.ok_or(Error::new(Code::Guid, at))?;
                at = at.wrapping_add(1);
            }
        }
        if braced && !eat(text, &mut at, b'}') {
            return Err(Error::new(Code::Guid, at));
        }
        if text.len() > at {
            return Err(Error::new(Code::Guid, at));
        }
        Ok(Guid(bytes))
    }

    /// The bytes in the order of the text.
    #[inline]
    #[must_use]
    pub const fn bytes(self) -> [u8; 16] {
        self.0
    }

    pub(super) const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The bytes as Windows keeps them: the first three fields little-endian.
    #[must_use]
    pub const fn to_windows_bytes(self) -> [u8; 16] {
        swap_fields(self.0)
    }

    /// The bytes in a given order.
    #[must_use]
    pub const fn to_bytes(self, order: ByteOrder) -> [u8; 16] {
        match order {
            ByteOrder::Rfc4122 => self.bytes(),
            ByteOrder::Windows => self.to_windows_bytes(),
        }
    }

    /// Whether all bytes are zero, which systems write for "none".
    #[must_use]
    pub fn is_nil(self) -> bool {
        self.0 == [0; 16]
    }

    /// The spelling in braces, in lower case, as MIM CM writes the serial of a Base CSP card.
    #[must_use]
    pub const fn braced(self) -> Spelling {
        Spelling::braced(self.0)
    }

    /// The spelling without braces, in lower case.
    #[must_use]
    pub const fn bare(self) -> Spelling {
        Spelling::bare(self.0)
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.bare(), f)
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guid({self})")
    }
}

impl FromStr for Guid {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Guid::parse(text)
    }
}

/// Converts one order into the other, both ways.
#[inline(never)]
pub(super) const fn swap_fields(bytes: [u8; 16]) -> [u8; 16] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = bytes;
    [d, c, b, a, f, e, h, g, i, j, k, l, m, n, o, p]
}

fn eat(text: &[u8], at: &mut usize, wanted: u8) -> bool {
    let there = text.get(*at) == Some(&wanted);
    *at = at.wrapping_add(usize::from(there));
    there
}
