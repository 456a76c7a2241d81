//! Which transmission protocols a card offers, and whether it insists on one.
//!
//! Every value of T that four bits can hold is kept, reserved ones too; only T=15 is no protocol
//! and has no place here.
//!
//! ISO/IEC 7816-3:2006, 8.2.3 (T in TD), 8.3 (TA2).

use core::fmt;

use super::level::{InterfaceByte, Levels, bit};

/// A transmission protocol by its T (ISO/IEC 7816-3:2006, 8.2.3).
///
/// # Examples
/// ```
/// use cardwright_core::atr::Protocol;
///
/// assert_eq!(Protocol::from_t(14), Some(Protocol::T14));
/// assert_eq!(Protocol::from_t(15), None, "T=15 is no protocol");
/// assert_eq!(Protocol::T1.to_string(), "T=1");
/// assert!(Protocol::T5.is_reserved());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Protocol {
    /// T=0: characters, half duplex (clause 10).
    T0 = 0,
    /// T=1: blocks, half duplex (clause 11).
    T1 = 1,
    /// T=2: reserved for full duplex.
    T2 = 2,
    /// T=3: reserved for full duplex.
    T3 = 3,
    /// T=4: reserved for an enhanced half-duplex transmission of characters.
    T4 = 4,
    /// T=5: reserved for future use.
    T5 = 5,
    /// T=6: reserved for future use.
    T6 = 6,
    /// T=7: reserved for future use.
    T7 = 7,
    /// T=8: reserved for future use.
    T8 = 8,
    /// T=9: reserved for future use.
    T9 = 9,
    /// T=10: reserved for future use.
    T10 = 10,
    /// T=11: reserved for future use.
    T11 = 11,
    /// T=12: reserved for future use.
    T12 = 12,
    /// T=13: reserved for future use.
    T13 = 13,
    /// T=14: a protocol that ISO/IEC JTC 1/SC 17 has not standardised.
    T14 = 14,
}

impl Protocol {
    /// The protocol of a T; `None` for 15, which qualifies global interface bytes, and above.
    #[must_use]
    pub const fn from_t(t: u8) -> Option<Self> {
        Some(match t {
            0 => Protocol::T0,
            1 => Protocol::T1,
            2 => Protocol::T2,
            3 => Protocol::T3,
            4 => Protocol::T4,
            5 => Protocol::T5,
            6 => Protocol::T6,
            7 => Protocol::T7,
            8 => Protocol::T8,
            9 => Protocol::T9,
            10 => Protocol::T10,
            11 => Protocol::T11,
            12 => Protocol::T12,
            13 => Protocol::T13,
            14 => Protocol::T14,
            _ => return None,
        })
    }

    /// T, 0 to 14.
    #[inline]
    #[must_use]
    pub const fn t(self) -> u8 {
        self as u8
    }

    /// Whether T is reserved for future use: 2 to 13.
    #[inline]
    #[must_use]
    pub const fn is_reserved(self) -> bool {
        matches!(self as u8, 2..=13)
    }
}

/// `T=1` and the like.
impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T={}", self.t())
    }
}

/// The protocols that an ATR offers, each once, in the order of their first mention.
///
/// # Examples
/// ```
/// use cardwright_core::atr::{AtrBuf, Protocol};
///
/// // No TD1: T=0 is implied.
/// let atr = AtrBuf::from_hex("3B 65 00 00 9C 02 02 07 02")?;
/// assert!(atr.as_atr().protocols().eq([Protocol::T0]));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Protocols<'a> {
    levels: Levels<'a>,
    given: u16,
    /// T=0, when no TD indicates anything (8.2.3).
    implied: Option<Protocol>,
}

impl<'a> Protocols<'a> {
    pub(super) fn new(levels: Levels<'a>, indicated: u16) -> Self {
        let implied = (indicated == 0).then_some(Protocol::T0);
        Protocols { levels, given: 0, implied }
    }
}

impl Iterator for Protocols<'_> {
    type Item = Protocol;

    fn next(&mut self) -> Option<Protocol> {
        for level in self.levels.by_ref() {
            let Some(protocol) = level.t().and_then(Protocol::from_t) else { continue };
            if self.given & bit(protocol.t()) == 0 {
                self.given |= bit(protocol.t());
                return Some(protocol);
            }
        }
        self.implied.take()
    }
}

impl core::iter::FusedIterator for Protocols<'_> {}

/// Specific mode: the card uses one protocol from the start, with no negotiation (TA2,
/// ISO/IEC 7816-3:2006, 8.3).
///
/// # Examples
/// ```
/// use cardwright_core::atr::AtrBuf;
///
/// // TA2 = 81: T=1 at once, and no way back.
/// let atr = AtrBuf::from_hex("3B 90 11 91 81 11 81")?;
/// let mode = atr.as_atr().specific_mode().map(|mode| (mode.t, mode.can_change));
/// assert_eq!(mode, Some((1, false)));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpecificMode {
    /// The offset of TA2 in bytes from TS.
    pub at: usize,
    /// T of the protocol to use, b4 to b1: 0 to 15, of which 15 is not allowed.
    pub t: u8,
    /// b8 = 0: the card can change to negotiable mode, by a warm reset.
    pub can_change: bool,
    /// b5 = 1: the transmission parameters are known implicitly, not those of TA1.
    pub implicit: bool,
    /// b7 and b6, reserved for future use: 0 to 3, of which 0 is right.
    pub reserved: u8,
}

impl SpecificMode {
    pub(super) fn new(ta2: InterfaceByte) -> Self {
        SpecificMode {
            at: ta2.at,
            t: ta2.value & 0x0F,
            can_change: ta2.value & 0x80 == 0,
            implicit: ta2.value & 0x10 != 0,
            reserved: (ta2.value >> 5) & 3,
        }
    }
}
