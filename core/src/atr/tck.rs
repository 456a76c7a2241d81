//! The check byte at the end of an ATR: whether it must be there, is there, and is right.
//!
//! Decided by the protocols indicated, never by the number of bytes that happen to follow.
//!
//! ISO/IEC 7816-3:2006, 8.2.5: TCK is absent when T=0 is the only T indicated, present in every
//! other case (T=0 together with T=15 too); T0 to TCK together give zero by exclusive or.

use super::Atr;

/// The check byte of an ATR.
///
/// # Examples
/// ```
/// use cardwright_core::atr::{AtrBuf, TckState};
///
/// let atr = AtrBuf::from_hex("3B8D0180FBA000000397425446590301C9")?;
/// let tck = atr.as_atr().tck();
/// assert_eq!((tck.state, tck.value, tck.right), (TckState::Wrong, Some(0xC9), 0xC8));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tck {
    /// Whether it is there, must be, and is right.
    pub state: TckState,
    /// Where it stands or would stand: the offset behind the historical bytes, from TS.
    pub at: usize,
    /// The byte that stands there as check byte: in the states `Right`, `Wrong` and `Unexpected`.
    pub value: Option<u8>,
    /// The value that is right for the bytes before it, whether it is needed or not.
    pub right: u8,
}

impl Tck {
    /// Whether the protocols indicated demand a check byte.
    #[must_use]
    pub const fn expected(&self) -> bool {
        matches!(self.state, TckState::Right | TckState::Wrong | TckState::Missing)
    }

    #[inline]
    pub(super) fn of(atr: &Atr<'_>) -> Tck {
        let at = atr.historical_end();
        let right = sum(atr.bytes().get(1..at).unwrap_or_default());
        let found = atr.bytes().get(at).copied();
        let state = match found {
            Some(byte) if atr.needs_tck() && byte == right => TckState::Right,
            Some(_) if atr.needs_tck() => TckState::Wrong,
            None if atr.needs_tck() => TckState::Missing,
            // One byte too many which happens to be the check byte is one, by the card's mistake.
            Some(byte) if byte == right && atr.surplus().len() == 1 => TckState::Unexpected,
            _ => TckState::NotNeeded,
        };
        let value = found.filter(|_| state != TckState::NotNeeded);
        Tck { state, at, value, right }
    }
}

impl Atr<'_> {
    /// The check byte: whether it must be there, whether it is, whether it is right (8.2.5).
    #[inline]
    #[must_use]
    pub fn tck(&self) -> Tck {
        Tck::of(self)
    }
}

/// All bytes together by exclusive or; eight at a time where a register holds eight.
pub(super) fn sum(bytes: &[u8]) -> u8 {
    let Some(last) = bytes.last_chunk::<8>().filter(|_| cfg!(target_pointer_width = "64")) else {
        return bytes.iter().fold(0, |sum, byte| sum ^ byte);
    };
    let (eights, rest) = bytes.as_chunks::<8>();
    // Of the last eight, those that belong to no whole eight: 0 to 7, at the upper end.
    let left = (u64::from_le_bytes(*last) >> 8) >> (56_usize.wrapping_sub(rest.len().wrapping_mul(8)) & 63);
    let wide = eights.iter().fold(left, |sum, eight| sum ^ u64::from_le_bytes(*eight));
    let half = wide ^ (wide >> 32);
    let quarter = half ^ (half >> 16);
    (quarter ^ (quarter >> 8)) as u8
}

/// Whether a check byte is there, must be, and is right.
///
/// # Examples
/// ```
/// use cardwright_core::atr::{AtrBuf, TckState};
///
/// // T=0 alone: there must be none.
/// let atr = AtrBuf::from_hex("3B 65 00 00 9C 02 02 07 02")?;
/// assert_eq!(atr.as_atr().tck().state, TckState::NotNeeded);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum TckState {
    /// Must not be there and is not.
    NotNeeded = 0,
    /// Must be there, is, and is right.
    Right = 1,
    /// Must be there, and another value is.
    Wrong = 2,
    /// Must be there and is not.
    Missing = 3,
    /// Must not be there, and the only byte too many has its value.
    Unexpected = 4,
}
