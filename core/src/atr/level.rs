//! How interface bytes are chained: level after level, each announced by the one before.
//!
//! The chain is walked anew from the bytes whenever it is asked for, so there is no list that
//! could be too short for a long one. Every byte is given with its offset.
//!
//! ISO/IEC 7816-3:2006, 8.2.2 (Y in T0) and 8.2.3 (TA, TB, TC, TD).

/// One interface byte and where it stands.
///
/// # Examples
/// ```
/// use cardwright_core::atr::AtrBuf;
///
/// let atr = AtrBuf::from_hex("3B 65 00 00 9C 02 02 07 02")?;
/// let tc1 = atr.as_atr().levels().next().and_then(|level| level.tc).unwrap();
/// assert_eq!((tc1.value, tc1.at), (0x00, 3));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InterfaceByte {
    /// The byte.
    pub value: u8,
    /// Its offset in bytes from TS.
    pub at: usize,
}

/// The interface bytes TAi, TBi, TCi, TDi of one i. On the wire they stand in this order.
///
/// # Examples
/// ```
/// use cardwright_core::atr::AtrBuf;
///
/// let atr = AtrBuf::from_hex("3B8D0180FBA000000397425446590301C8")?;
/// let first = atr.as_atr().levels().next().unwrap();
/// assert_eq!((first.number, first.qualified_by, first.t()), (1, None, Some(1)));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Level {
    /// i, counted from 1.
    pub number: usize,
    /// T of TD(i−1), 0 to 15; `None` at level 1.
    ///
    /// From level 3 on, TA, TB and TC are specific to this T, or global when it is 15. At level 2,
    /// TA2 and TB2 are global and TC2 belongs to T=0, whatever T is.
    pub qualified_by: Option<u8>,
    /// TAi.
    pub ta: Option<InterfaceByte>,
    /// TBi.
    pub tb: Option<InterfaceByte>,
    /// TCi.
    pub tc: Option<InterfaceByte>,
    /// TDi.
    pub td: Option<InterfaceByte>,
}

impl Level {
    /// T of TDi, 0 to 15; `None` when there is no TDi. 15 is not a protocol.
    #[must_use]
    pub fn t(&self) -> Option<u8> {
        self.td.map(|td| td.value & 0x0F)
    }
}

/// The levels of an ATR, from the first.
///
/// # Examples
/// ```
/// use cardwright_core::atr::AtrBuf;
///
/// let atr = AtrBuf::from_hex("3B 9F 95 81 31 FE 9F 00 66 46 53 05 01 00 11 71 DF 00 00 03 90 00 80")?;
/// let t: Vec<_> = atr.as_atr().levels().map(|level| level.t()).collect();
/// assert_eq!(t, [Some(1), Some(1), None]);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Levels<'a> {
    chain: Chain<'a>,
    over: bool,
}

impl<'a> Levels<'a> {
    /// The levels of an ATR, or as far as they go in bytes that are none: the last one then lacks
    /// what is missing.
    #[must_use]
    pub fn of(bytes: &'a [u8]) -> Self {
        Levels { chain: Chain::new(bytes), over: bytes.len() < 2 }
    }
}

impl Iterator for Levels<'_> {
    type Item = Level;

    fn next(&mut self) -> Option<Level> {
        if self.over {
            return None;
        }
        let number = self.chain.level;
        let mut level = Level { number, qualified_by: self.chain.t, ta: None, tb: None, tc: None, td: None };
        self.over = true;
        for Link { letter, value, at, .. } in self.chain.by_ref() {
            let byte = Some(InterfaceByte { value, at });
            match letter {
                Letter::A => level.ta = byte,
                Letter::B => level.tb = byte,
                Letter::C => level.tc = byte,
                Letter::D => {
                    level.td = byte;
                    self.over = value < 0x10;
                    break;
                }
            }
        }
        Some(level)
    }
}

impl core::iter::FusedIterator for Levels<'_> {}

/// Which of the four bytes of a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letter {
    A,
    B,
    C,
    D,
}

/// An interface byte with its level and what qualifies it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) letter: Letter,
    pub(super) level: usize,
    pub(super) t: Option<u8>,
    pub(super) value: u8,
    pub(super) at: usize,
}

/// The interface bytes one by one, until the chain ends or a byte is missing.
#[derive(Debug, Clone)]
pub(super) struct Chain<'a> {
    bytes: &'a [u8],
    at: usize,
    level: usize,
    t: Option<u8>,
    /// The bytes of this level that are still to come: bit 0 is TA.
    y: u8,
}

impl<'a> Chain<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let y = bytes.get(1).map_or(0, |t0| t0 >> 4);
        Chain { bytes, at: 2, level: 1, t: None, y }
    }

    /// The name of the byte that comes next, or would.
    pub(super) fn next_name(&self) -> &'static str {
        match self.y.trailing_zeros() {
            0 => "TA",
            1 => "TB",
            2 => "TC",
            _ => "TD",
        }
    }
}

impl Iterator for Chain<'_> {
    type Item = Link;

    #[inline]
    fn next(&mut self) -> Option<Link> {
        if self.y == 0 {
            return None;
        }
        let at = self.at;
        let value = *self.bytes.get(at)?;
        let letter = match self.y.trailing_zeros() {
            0 => Letter::A,
            1 => Letter::B,
            2 => Letter::C,
            _ => Letter::D,
        };
        let link = Link { letter, level: self.level, t: self.t, value, at };
        self.at = at.wrapping_add(1);
        self.y &= self.y.wrapping_sub(1);
        if letter == Letter::D {
            self.level = self.level.wrapping_add(1);
            self.t = Some(value & 0x0F);
            self.y = value >> 4;
        }
        Some(link)
    }
}

/// The bit of a T in a set of them.
#[inline]
pub(super) fn bit(t: u8) -> u16 {
    1_u16.wrapping_shl(u32::from(t & 0x0F))
}
