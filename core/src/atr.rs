//! What an answer to reset (ATR) says: levels and protocols, rates and times, historical bytes, TCK.
//!
//! Whatever bytes come in, nothing here panics, and nothing is refused that can be taken apart:
//! only an input of which no reading is possible (fewer than two bytes, a wrong TS, interface or
//! historical bytes that are announced and missing) is an [`Error`]. Every other breach of the
//! standard is a [`Finding`] with its place and clause, and the reading goes on. [`Atr`] looks at
//! bytes of any length that belong to someone else; [`AtrBuf`] keeps a copy of the 33 bytes that a
//! card can send.
//!
//! ISO/IEC 7816-3:2006, clause 8, and 10 and 11 for what the protocols' own bytes mean; ISO/IEC
//! 7816-4:2005, 8.1.1, with what later editions changed, for the historical bytes; PC/SC part 3 for
//! those of storage cards; EMV 4.3, Book 1, 8.3, for what payment terminals refuse.

mod buf;
mod build;
mod emv;
mod finding;
mod historical;
mod level;
mod protocol;
mod ratio;
mod rule;
mod specific;
mod tck;
mod timing;
mod transmission;

use core::fmt;

use crate::error::{Code, Error};
use crate::hex;
use level::Chain;

pub use buf::AtrBuf;
pub use build::{Check, LevelParts, Parts};
pub use emv::{EmvRule, Reset};
pub use finding::{Finding, Findings};
pub use historical::{
    Capabilities, CardServiceData, Category, CommandCapabilities, CompactTlv, DataCoding, DataObject, Digits,
    Historical, InitialAccess, LifeCycle, Selection, Standard, StatusIndicator, StorageCard, WriteBehaviour,
};
pub use level::{InterfaceByte, Level, Levels};
pub use protocol::{Protocol, Protocols, SpecificMode};
pub use ratio::Ratio;
pub use rule::{Rule, Rules};
pub use specific::{Classes, ClockStop, Edc, Globals, Spu, T1};
pub use tck::{Tck, TckState};
pub use timing::{BlockTiming, Timing};
pub use transmission::{Rate, Ta1, Vpp};

/// The length of the longest ATR: TS and 32 more bytes (8.2.1). PC/SC has the same limit.
pub const MAX_LENGTH: usize = 33;

/// An ATR: a view of bytes that were checked once.
///
/// The bytes may be longer than an ATR can be; what follows its end is [`surplus`](Self::surplus).
/// Two views are equal when their bytes are.
///
/// # Examples
/// ```
/// use cardwright_core::atr::{Atr, Protocol};
///
/// let atr = Atr::parse(&[
///     0x3B, 0x8D, 0x01, 0x80, 0xFB, 0xA0, 0x00, 0x00, 0x03, 0x97, 0x42, 0x54, 0x46, 0x59, 0x03, 0x01, 0xC8,
/// ])?;
/// assert_eq!(atr.first_offered(), Some(Protocol::T1));
/// assert_eq!(atr.historical_bytes().len(), 13);
/// assert!(atr.findings().next().is_none(), "it keeps every rule");
///
/// // Cut off: the reading says where, and what was expected there.
/// let error = Atr::parse(&[0x3B, 0x8D, 0x01]).unwrap_err();
/// assert_eq!((error.at, error.what), (3, "historical bytes"));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
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
    #[inline]
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
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// How bits become bytes on the wire, from TS (8.1).
    #[must_use]
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
    #[must_use]
    pub fn levels(&self) -> Levels<'a> {
        Levels::of(self.bytes)
    }

    /// The protocols offered, each once, in the order of their first mention (8.2.3).
    ///
    /// T=0 when there is no TD1. T=15 is not a protocol and never among them; when T=15 is all that
    /// the ATR indicates, which the standard forbids, there are none.
    #[must_use]
    pub fn protocols(&self) -> Protocols<'a> {
        Protocols::new(self.levels(), self.shape.indicated)
    }

    /// The first protocol offered (8.2.3), or `None` when the ATR indicates T=15 only.
    ///
    /// In negotiable mode it is the [default](Self::default_protocol) too.
    #[must_use]
    pub fn first_offered(&self) -> Option<Protocol> {
        self.protocols().next()
    }

    /// Whether a protocol is among those offered.
    #[must_use]
    pub fn offers(&self, protocol: Protocol) -> bool {
        self.indicates(protocol as u8) || (self.shape.indicated == 0 && protocol == Protocol::T0)
    }

    /// Whether a TD indicates T=15, which qualifies global interface bytes (8.2.3).
    #[must_use]
    pub fn indicates_t15(&self) -> bool {
        self.indicates(15)
    }

    /// What TA2 says of specific mode, or `None` in negotiable mode, which is when TA2 is absent
    /// (8.3).
    pub fn specific_mode(&self) -> Option<SpecificMode> {
        self.second_level(0).map(SpecificMode::new)
    }

    /// The standard's default: the protocol in use after a reset when nothing is negotiated. That of
    /// TA2 in specific mode, else the first offered, else T=0 (6.3.1, 8.2.3).
    ///
    /// Where TA2 names T=15, which is none, the first offered one counts. What a program gets by PC/SC
    /// is negotiated, and may be another: [`pcsc_protocol`](Self::pcsc_protocol).
    #[must_use]
    pub fn default_protocol(&self) -> Protocol {
        let specific = self.specific_mode().and_then(|mode| Protocol::from_t(mode.t));
        specific.or_else(|| self.first_offered()).unwrap_or(Protocol::T0)
    }

    /// The protocol that a PC/SC service negotiates for a program that accepts T=0 and T=1, as most do:
    /// that of TA2 in specific mode, else T=1 where it is offered, else T=0 where it is offered. `None`
    /// where it is another one, which such a program cannot use.
    ///
    /// It is a forecast: the reader's driver may refuse a protocol, and a program may accept one alone.
    /// A connection says which one is in use.
    ///
    /// Source: pcsc-lite, `src/atrhandler.c` and `src/prothandler.c` (`PHSetProtocol`).
    #[must_use]
    pub fn pcsc_protocol(&self) -> Option<Protocol> {
        [Protocol::T1, Protocol::T0].into_iter().find(|protocol| match self.specific_mode() {
            Some(mode) => mode.t == protocol.t(),
            None => self.offers(*protocol),
        })
    }

    /// K, the number of historical bytes: 0 to 15 (8.2.2).
    #[must_use]
    pub fn k(&self) -> u8 {
        self.bytes.get(1).map_or(0, |t0| t0 & 0x0F)
    }

    /// T1 to TK (8.2.4). What they mean is said by ISO/IEC 7816-4.
    #[must_use]
    pub fn historical_bytes(&self) -> &'a [u8] {
        self.bytes.get(self.shape.historical_at..self.historical_end()).unwrap_or_default()
    }

    /// Where the historical bytes begin, or would begin, in bytes from TS.
    #[inline]
    #[must_use]
    pub fn historical_at(&self) -> usize {
        self.shape.historical_at
    }

    /// What follows the end of the ATR. A check byte that must not be there is part of it.
    #[must_use]
    pub fn surplus(&self) -> &'a [u8] {
        let after_tck = usize::from(self.needs_tck());
        self.bytes.get(self.historical_end().wrapping_add(after_tck)..).unwrap_or_default()
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
///
/// # Examples
/// ```
/// use cardwright_core::atr::{AtrBuf, Convention};
///
/// let atr = AtrBuf::from_hex("3F 67 25 00 2A 20 00 0F 68 90 00")?;
/// assert_eq!(atr.as_atr().convention(), Convention::Inverse);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
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
        let separator = f.alternate().then_some(' ');
        hex::write(f, self.bytes, hex::UPPER, separator)
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
    #[inline]
    fn of(bytes: &[u8]) -> Result<Shape, Error> {
        let [ts, t0, ..] = bytes else {
            let what = if bytes.is_empty() { "TS" } else { "T0" };
            return Err(Error { code: Code::Short, at: bytes.len(), what });
        };
        if !matches!(ts, 0x3B | 0x3F) {
            return Err(Error { code: Code::Ts, at: 0, what: "TS" });
        }
        let mut y = t0 >> 4;
        let mut at = 2_usize;
        let mut indicated = 0;
        // One step a level: where its bytes end, and what TD, the last of them, says.
        while y != 0 {
            at = at.wrapping_add(y.count_ones() as usize);
            let last = bytes.get(at.wrapping_sub(1)).copied().ok_or_else(|| missing(bytes))?;
            if y & 8 == 0 {
                break;
            }
            indicated |= level::bit(last);
            y = last >> 4;
        }
        if bytes.len().wrapping_sub(at) < usize::from(t0 & 0x0F) {
            return Err(Error { code: Code::Short, at: bytes.len(), what: "historical bytes" });
        }
        Ok(Shape { historical_at: at, indicated })
    }
}

/// The first interface byte that is announced and not there.
#[cold]
fn missing(bytes: &[u8]) -> Error {
    let mut chain = Chain::new(bytes);
    while chain.next().is_some() {}
    Error { code: Code::Short, at: bytes.len(), what: chain.next_name() }
}
