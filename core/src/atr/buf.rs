//! An ATR of one's own: a copy of its bytes, small enough to be passed about.
//!
//! Holds every ATR that a card can send. What is longer than 33 bytes is refused rather than cut,
//! because a cut ATR reads differently; [`Atr`] looks at such bytes where they are.
//!
//! ISO/IEC 7816-3:2006, 8.2.1.

use core::fmt;
use core::str::FromStr;

use super::{Atr, MAX_LENGTH, Shape};
use crate::error::{Code, Error};

/// An ATR of at most 33 bytes, owned and checked once. Two are equal when their bytes are.
///
/// # Examples
/// ```
/// use cardwright_core::atr::AtrBuf;
///
/// let atr: AtrBuf = "3b 65 00 00 9c 02 02 07 02".parse()?;
/// assert_eq!(atr.to_string(), "3B6500009C02020702");
/// assert_eq!(atr.as_atr().k(), 5);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AtrBuf {
    bytes: [u8; MAX_LENGTH],
    length: usize,
    shape: Shape,
}

impl AtrBuf {
    /// Copies an ATR.
    ///
    /// # Errors
    ///
    /// Those of [`Atr::parse`], and [`Code::Room`] at offset 33 when there are more than 33 bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let shape = Shape::of(bytes)?;
        let mut copy = [0; MAX_LENGTH];
        let Some(room) = copy.get_mut(..bytes.len()) else {
            return Err(Error { code: Code::Room, at: MAX_LENGTH, what: "ATR" });
        };
        room.copy_from_slice(bytes);
        Ok(AtrBuf { bytes: copy, length: bytes.len(), shape })
    }

    /// Reads an ATR written in hexadecimal, with the freedoms of [`Atr::from_hex`].
    ///
    /// # Errors
    ///
    /// Those of [`Atr::from_hex`]; [`Code::Room`] when the text has more than 33 bytes. `at` is an
    /// offset into `text`.
    pub fn from_hex(text: &str) -> Result<Self, Error> {
        let mut bytes = [0; MAX_LENGTH];
        let shape = Atr::from_hex(text, &mut bytes).map(|atr| (atr.shape, atr.bytes.len()));
        shape.map(|(shape, length)| AtrBuf { bytes, length, shape })
    }

    /// The ATR, to be read.
    #[must_use]
    pub fn as_atr(&self) -> Atr<'_> {
        Atr { bytes: self.bytes.get(..self.length).unwrap_or_default(), shape: self.shape }
    }

    /// All bytes.
    #[inline]
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.as_atr().bytes
    }
}

impl FromStr for AtrBuf {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        AtrBuf::from_hex(text)
    }
}

impl TryFrom<&[u8]> for AtrBuf {
    type Error = Error;

    fn try_from(bytes: &[u8]) -> Result<Self, Error> {
        AtrBuf::parse(bytes)
    }
}

/// As [`Atr`].
impl fmt::Display for AtrBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.as_atr(), f)
    }
}

/// As [`Atr`].
impl fmt::LowerHex for AtrBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::LowerHex::fmt(&self.as_atr(), f)
    }
}

impl fmt::Debug for AtrBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AtrBuf({self})")
    }
}
