//! What an answer to reset (ATR) says by its structure: levels, protocols, historical bytes, TCK.
//!
//! Whatever bytes come in, nothing here panics, and nothing is refused that can be taken apart:
//! only an input of which no reading is possible (fewer than two bytes, a wrong TS, interface or
//! historical bytes that are announced and missing) is an [`Error`]. Every other breach of the
//! standard is a [`Finding`] with its place and clause, and the reading goes on. [`Atr`] looks at
//! bytes of any length that belong to someone else; [`AtrBuf`] keeps a copy of the 33 bytes that a
//! card can send.
//!
//! ISO/IEC 7816-3:2006, clause 8. What the values mean (Fi, Di, timing, T=1, T=15) and what stands
//! in the historical bytes (ISO/IEC 7816-4) is not read here.

mod buf;
mod finding;
mod historical;
mod level;
mod protocol;
mod tck;

use core::fmt;

use crate::error::{Code, Error};
use crate::hex;

pub use buf::AtrBuf;
pub use finding::{Finding, Findings, Rule};
pub use historical::Category;
pub use level::{InterfaceByte, Level, Levels};
pub use protocol::{Protocol, Protocols, SpecificMode};
pub use tck::{Tck, TckState};

/// The length of the longest ATR: TS and 32 more bytes (8.2.1). PC/SC has the same limit.
pub const MAX_LENGTH: usize = 33;

/// An ATR: a view of bytes that were checked once.
///
/// The bytes may be longer than an ATR can be; what follows its end is [`surplus`](Self::surplus).
/// Two views are equal when their bytes are.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Atr<'a> {
    bytes: &'a [u8],
    shape: Shape,
}

impl<'a> Atr<'a> {
    /// Looks at an ATR as a reader reports it, from TS on.
    ///
    /// # Errors
    ///
    /// - [`Code::Short`] when TS, T0, an announced interface byte or announced historical bytes are
    ///   missing: `at` is the length of the input, `what` names the first thing missing.
    /// - [`Code::Ts`] when the first byte is neither 3B nor 3F (8.1).
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let shape = Shape::of(bytes)?;
        Ok(Atr { bytes, shape })
    }

    /// Looks at an ATR written in hexadecimal, decoded into the caller's buffer.
    ///
    /// Upper and lower case; spaces and colons may stand before, between and after the bytes, not
    /// inside one.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Self::parse), and [`Code::Hex`], [`Code::HexOdd`], [`Code::Room`] when
    /// `buffer` is too small. `at` is always an offset into `text`.
    pub fn from_hex(text: &str, buffer: &'a mut [u8]) -> Result<Self, Error> {
        let length = hex::decode(text, buffer)?;
        let buffer: &'a [u8] = buffer;
        let bytes = buffer.get(..length).unwrap_or_default();
        Atr::parse(bytes).map_err(|error| hex::in_text(error, text))
    }

    /// All bytes as they came, surplus ones too.
    #[inline]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// How bits become bytes on the wire, from TS (8.1).
    pub fn convention(&self) -> Convention {
        match self.bytes.first() {
            Some(0x3F) => Convention::Inverse,
            _ => Convention::Direct,
        }
    }

    /// The levels in order, with their interface bytes (8.2.3).
    ///
    /// There is always a first one, which is empty when T0 announces no interface byte. A TD that
    /// announces nothing ends the chain; it does not make an empty level.
    pub fn levels(&self) -> Levels<'a> {
        Levels::new(self.bytes)
    }

    /// The protocols offered, each once, in the order of their first mention (8.2.3).
    ///
    /// T=0 when there is no TD1. T=15 is not a protocol and never among them; when T=15 is all that
    /// the ATR indicates, which the standard forbids, there are none.
    pub fn protocols(&self) -> Protocols<'a> {
        Protocols::new(self.levels(), self.shape.indicated)
    }

    /// The first protocol offered, used unless another one is negotiated (8.2.3), or `None` when
    /// the ATR indicates T=15 only.
    pub fn first_offered(&self) -> Option<Protocol> {
        self.protocols().next()
    }

    /// Whether a protocol is among those offered.
    pub fn offers(&self, protocol: Protocol) -> bool {
        self.indicates(protocol as u8) || (self.shape.indicated == 0 && protocol == Protocol::T0)
    }

    /// Whether a TD indicates T=15, which qualifies global interface bytes (8.2.3).
    pub fn indicates_t15(&self) -> bool {
        self.indicates(15)
    }

    /// What TA2 says of specific mode, or `None` in negotiable mode, which is when TA2 is absent
    /// (8.3).
    pub fn specific_mode(&self) -> Option<SpecificMode> {
        let ta2 = self.levels().nth(1)?.ta?;
        Some(SpecificMode::new(ta2))
    }

    /// The protocol that a reader uses when nothing is negotiated, as PC/SC part 3 has it: that of
    /// TA2 in specific mode, else the first offered, else T=0.
    ///
    /// Where TA2 names T=15, which is none, the first offered one counts.
    pub fn default_protocol(&self) -> Protocol {
        let specific = self.specific_mode().and_then(|mode| Protocol::from_t(mode.t));
        specific.or_else(|| self.first_offered()).unwrap_or(Protocol::T0)
    }

    /// K, the number of historical bytes: 0 to 15 (8.2.2).
    pub fn k(&self) -> u8 {
        self.bytes.get(1).map_or(0, |t0| t0 & 0x0F)
    }

    /// T1 to TK (8.2.4). What they mean is said by ISO/IEC 7816-4.
    pub fn historical_bytes(&self) -> &'a [u8] {
        self.bytes.get(self.shape.historical_at..self.historical_end()).unwrap_or_default()
    }

    /// Where the historical bytes begin, or would begin, in bytes from TS.
    #[inline]
    pub fn historical_at(&self) -> usize {
        self.shape.historical_at
    }

    /// How the historical bytes are coded, from the first of them; `None` when there are none
    /// (ISO/IEC 7816-4:2005, 8.1.1).
    pub fn category(&self) -> Option<Category> {
        self.historical_bytes().first().copied().map(Category::of)
    }

    /// The check byte: whether it must be there, whether it is, whether it is right (8.2.5).
    pub fn tck(&self) -> Tck {
        Tck::of(self)
    }

    /// What follows the end of the ATR. A check byte that must not be there is part of it.
    pub fn surplus(&self) -> &'a [u8] {
        let after_tck = usize::from(self.needs_tck());
        self.bytes.get(self.historical_end().wrapping_add(after_tck)..).unwrap_or_default()
    }

    /// Everything in which the structure breaks the standard, in the order of the bytes; too great a
    /// length comes last.
    pub fn findings(&self) -> Findings<'a> {
        Findings::new(*self)
    }

    /// TCK is absent only when T=0 is the only T indicated (8.2.5).
    fn needs_tck(&self) -> bool {
        self.shape.indicated & !1 != 0
    }

    fn indicates(&self, t: u8) -> bool {
        self.shape.indicated & level::bit(t) != 0
    }

    fn historical_end(&self) -> usize {
        self.shape.historical_at.wrapping_add(usize::from(self.k()))
    }
}

/// How bits become bytes on the wire (ISO/IEC 7816-3:2006, 8.1). The numbers are those of TS.
///
/// A reader has already applied it: the bytes of an ATR are to be read as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Convention {
    /// Low level is 0, the lowest bit first.
    Direct = 0x3B,
    /// Low level is 1, the highest bit first.
    Inverse = 0x3F,
}

/// Upper-case hexadecimal without spaces; with spaces by `{:#}`.
impl fmt::Display for Atr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex::write(f, self.bytes, hex::UPPER, f.alternate().then_some(' '))
    }
}

/// Lower-case hexadecimal, as Microsoft MIM CM writes it.
impl fmt::LowerHex for Atr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex::write(f, self.bytes, hex::LOWER, None)
    }
}

impl fmt::Debug for Atr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Atr({self})")
    }
}

impl<'a> TryFrom<&'a [u8]> for Atr<'a> {
    type Error = Error;

    fn try_from(bytes: &'a [u8]) -> Result<Self, Error> {
        Atr::parse(bytes)
    }
}

/// What the one check of the bytes finds out, so that no reader can fail afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Shape {
    /// The offset of T1.
    historical_at: usize,
    /// Bit n is set when a TD indicates T=n.
    indicated: u16,
}

impl Shape {
    fn of(bytes: &[u8]) -> Result<Shape, Error> {
        let [ts, t0, ..] = bytes else {
            let what = if bytes.is_empty() { "TS" } else { "T0" };
            return Err(Error { code: Code::Short, at: bytes.len(), what });
        };
        if !matches!(ts, 0x3B | 0x3F) {
            return Err(Error { code: Code::Ts, at: 0, what: "TS" });
        }
        let mut levels = Levels::new(bytes);
        let mut indicated = 0;
        while let Some(level) = levels.step()? {
            indicated |= level.t().map_or(0, level::bit);
        }
        let historical_at = levels.at();
        if bytes.len().saturating_sub(historical_at) < usize::from(t0 & 0x0F) {
            return Err(Error { code: Code::Short, at: bytes.len(), what: "historical bytes" });
        }
        Ok(Shape { historical_at, indicated })
    }
}
