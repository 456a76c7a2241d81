//! How interface bytes are chained: level after level, each announced by the one before.
//!
//! The chain is walked anew from the bytes whenever it is asked for, so there is no list that
//! could be too short for a long one. Every byte is given with its offset.
//!
//! ISO/IEC 7816-3:2006, 8.2.2 (Y in T0) and 8.2.3 (TA, TB, TC, TD).

use crate::error::{Code, Error};

/// One interface byte and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InterfaceByte {
    /// The byte.
    pub value: u8,
    /// Its offset in bytes from TS.
    pub at: usize,
}

/// The interface bytes TAi, TBi, TCi, TDi of one i. On the wire they stand in this order.
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
    pub fn t(&self) -> Option<u8> {
        self.td.map(|td| td.value & 0x0F)
    }
}

/// The levels of an ATR, from the first.
#[derive(Debug, Clone)]
pub struct Levels<'a> {
    bytes: &'a [u8],
    at: usize,
    number: usize,
    t: Option<u8>,
    /// Y of the next level: which of its four bytes are there. `None` when there is no next one.
    y: Option<u8>,
}

impl<'a> Levels<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let y = bytes.get(1).map(|t0| t0 >> 4);
        Levels { bytes, at: 2, number: 0, t: None, y }
    }

    /// The next level, or an error when one of its bytes is missing.
    pub(super) fn step(&mut self) -> Result<Option<Level>, Error> {
        // Taken out, so that the walk is over when a byte is missing.
        let Some(y) = self.y.take() else { return Ok(None) };
        self.number = self.number.wrapping_add(1);
        let level = Level {
            number: self.number,
            qualified_by: self.t,
            ta: self.byte(y & 1, "TA")?,
            tb: self.byte(y & 2, "TB")?,
            tc: self.byte(y & 4, "TC")?,
            td: self.byte(y & 8, "TD")?,
        };
        self.t = level.t();
        self.y = level.td.map(|td| td.value >> 4).filter(|y| *y != 0);
        Ok(Some(level))
    }

    /// The offset behind the last byte walked over: that of T1 once the walk is over.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn byte(&mut self, announced: u8, what: &'static str) -> Result<Option<InterfaceByte>, Error> {
        if announced == 0 {
            return Ok(None);
        }
        let at = self.at;
        let Some(&value) = self.bytes.get(at) else {
            return Err(Error { code: Code::Short, at: self.bytes.len(), what });
        };
        self.at = at.wrapping_add(1);
        Ok(Some(InterfaceByte { value, at }))
    }
}

impl Iterator for Levels<'_> {
    type Item = Level;

    fn next(&mut self) -> Option<Level> {
        // Only checked bytes are walked over in this way: there is no error to lose.
        self.step().ok().flatten()
    }
}

impl core::iter::FusedIterator for Levels<'_> {}

/// The bit of a T in a set of them.
pub(super) fn bit(t: u8) -> u16 {
    1_u16.wrapping_shl(u32::from(t & 0x0F))
}
