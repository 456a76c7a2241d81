//! What single protocols want to know: WI for T=0, IFSC, BWI, CWI and the check of T=1, and the
//! global bytes that T=15 announces.
//!
//! Of several TA, TB or TC for the same T, counted from level 3 on, the first one counts; further
//! ones are reserved for future use. Reserved values are given as they are; the findings tell.
//!
//! ISO/IEC 7816-3:2006, 8.2.3, 8.3 (T=15), 10.2 (T=0), 11.4 (T=1).

use super::level::{Chain, Letter};
use super::{Atr, Protocol};

/// The parameters of T=1 (11.4). The default is that of an ATR without specific bytes.
///
/// # Examples
/// ```
/// use cardwright_core::atr::{AtrBuf, Edc};
///
/// let atr = AtrBuf::from_hex("3B 9F 95 81 31 FE 9F 00 66 46 53 05 01 00 11 71 DF 00 00 03 90 00 80")?;
/// let t1 = atr.as_atr().t1().unwrap();
/// assert_eq!((t1.ifsc, t1.bwi, t1.cwi, t1.edc), (254, 9, 15, Edc::Lrc));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct T1 {
    /// IFSC, the most bytes that the card takes in the information field of a block: 1 to 254, 0
    /// and 255 are reserved; 32 by default.
    pub ifsc: u8,
    /// BWI, of which the block waiting time is made: 0 to 9, more is reserved; 4 by default.
    pub bwi: u8,
    /// CWI, of which the character waiting time is made: 0 to 15; 13 by default.
    pub cwi: u8,
    /// How errors are found; LRC by default.
    pub edc: Edc,
}

impl Default for T1 {
    fn default() -> Self {
        T1 { ifsc: 32, bwi: 4, cwi: 13, edc: Edc::Lrc }
    }
}

/// The error detection code of T=1 (11.4.4).
///
/// # Examples
/// ```
/// use cardwright_core::atr::{Edc, T1};
///
/// assert_eq!(T1::default().edc, Edc::Lrc);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Edc {
    /// One byte: the exclusive or.
    Lrc = 0,
    /// Two bytes: the cyclic redundancy check of ISO/IEC 13239.
    Crc = 1,
}

/// The global bytes after T=15 (8.3). The default is that of an ATR without them.
///
/// # Examples
/// ```
/// use cardwright_core::atr::{AtrBuf, Classes, ClockStop};
///
/// // T=15: the clock may stop in either state; class A and B.
/// let atr = AtrBuf::from_hex("3B 80 80 1F C3 DC")?;
/// let globals = atr.as_atr().globals();
/// assert_eq!(globals.clock_stop, ClockStop::NoPreference);
/// assert!(globals.classes.any(Classes::A | Classes::B));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Globals {
    /// Whether the clock may be stopped, and how; by default it may not.
    pub clock_stop: ClockStop,
    /// The classes of operating conditions; class A by default.
    pub classes: Classes,
    /// What contact C6 is used for; nothing by default.
    pub spu: Spu,
}

impl Default for Globals {
    fn default() -> Self {
        Globals { clock_stop: ClockStop::NotSupported, classes: Classes(1), spu: Spu(0) }
    }
}

/// X of the first TA for T=15: in what state the clock may be stopped (8.3).
///
/// # Examples
/// ```
/// use cardwright_core::atr::{ClockStop, Globals};
///
/// assert_eq!(Globals::default().clock_stop, ClockStop::NotSupported);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ClockStop {
    /// It may not be stopped.
    NotSupported = 0,
    /// In the low state.
    StateL = 1,
    /// In the high state.
    StateH = 2,
    /// In any state.
    NoPreference = 3,
}

impl ClockStop {
    fn of(ta: u8) -> Self {
        match ta >> 6 {
            0 => ClockStop::NotSupported,
            1 => ClockStop::StateL,
            2 => ClockStop::StateH,
            _ => ClockStop::NoPreference,
        }
    }

    /// `not-supported`, `state-l`, `state-h` or `no-preference`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ClockStop::NotSupported => "not-supported",
            ClockStop::StateL => "state-l",
            ClockStop::StateH => "state-h",
            ClockStop::NoPreference => "no-preference",
        }
    }
}

/// Y of the first TA for T=15, b6 to b1: the classes of operating conditions as a set (8.3).
///
/// ETSI TS 102 221 adds classes D and E for UICCs; ISO/IEC 7816-3 reserves their bits.
///
/// # Examples
/// ```
/// use cardwright_core::atr::Classes;
///
/// let classes = Classes(Classes::B | Classes::C);
/// assert!(classes.any(Classes::C) && !classes.any(Classes::A));
/// assert!(!classes.is_reserved());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Classes(pub u8);

impl Classes {
    /// 5 V.
    pub const A: u8 = 0x01;
    /// 3 V.
    pub const B: u8 = 0x02;
    /// 1.8 V.
    pub const C: u8 = 0x04;
    /// 1.2 V, by ETSI TS 102 221 alone.
    pub const D: u8 = 0x08;
    /// Reserved by ETSI TS 102 221.
    pub const E: u8 = 0x10;

    /// Whether one of these classes is among them.
    #[inline]
    #[must_use]
    pub const fn any(self, classes: u8) -> bool {
        self.0 & classes != 0
    }

    /// Whether ISO/IEC 7816-3 gives the value no meaning: all but A, B, C, AB, BC and ABC.
    #[must_use]
    pub const fn is_reserved(self) -> bool {
        !matches!(self.0, 1..=4 | 6 | 7)
    }
}

/// The first TB for T=15: what contact C6 (SPU) is used for (8.3).
///
/// # Examples
/// ```
/// use cardwright_core::atr::Spu;
///
/// assert!(!Spu(0).is_used());
/// assert!(Spu(0x80).is_proprietary());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spu(pub u8);

impl Spu {
    /// Whether C6 is used at all.
    #[inline]
    #[must_use]
    pub const fn is_used(self) -> bool {
        self.0 != 0
    }

    /// Whether the use is the card's own, b8 = 1. Any other use is reserved for the standard.
    #[inline]
    #[must_use]
    pub const fn is_proprietary(self) -> bool {
        self.0 & 0x80 != 0
    }

    /// What a proprietary value means for a UICC (ETSI TS 102 221, table 6.7), bit by bit from b7.
    ///
    /// A card that is no UICC may mean something else by it.
    pub fn etsi(self) -> impl Iterator<Item = &'static str> {
        let value = if self.is_proprietary() { self.0 } else { 0 };
        ETSI.iter().filter(move |(bits, _)| value & field(*bits) == *bits).map(|(_, text)| *text)
    }
}

/// The bits that are read together: b4 alone and b4 with b3 are two meanings.
const fn field(bits: u8) -> u8 {
    if bits & 0x0C != 0 { 0x0C } else { bits }
}

const ETSI: [(u8, &str); 7] = [
    (0x40, "Inter-Chip USB (TS 102 600)"),
    (0x20, "UICC-CLF interface, SWP (TS 102 613)"),
    (0x10, "low-impedance drivers and protocol on I/O"),
    (0x08, "secure channel (TS 102 484)"),
    (0x0C, "secure channel (TS 102 484), secured APDUs required"),
    (0x02, "eUICC functions"),
    (0x01, "multiple enabled profiles"),
];

impl Atr<'_> {
    /// WI of TC2, the waiting time integer of T=0: 1 to 255, 0 is reserved; 10 where TC2 is absent
    /// (10.2). `None` when T=0 is not offered.
    #[must_use]
    pub fn wi(&self) -> Option<u8> {
        let offered = self.offers(Protocol::T0);
        offered.then(|| self.second_level(2).map_or(10, |tc2| tc2.value))
    }

    /// The parameters of T=1 (11.4); `None` when T=1 is not offered.
    #[must_use]
    pub fn t1(&self) -> Option<T1> {
        if !self.offers(Protocol::T1) {
            return None;
        }
        let mut t1 = T1::default();
        let [ta, tb, tc] = self.first_specific(1);
        if let Some(ifsc) = ta {
            t1.ifsc = ifsc;
        }
        if let Some(waiting) = tb {
            (t1.bwi, t1.cwi) = (waiting >> 4, waiting & 0x0F);
        }
        if tc.is_some_and(|tc| tc & 1 != 0) {
            t1.edc = Edc::Crc;
        }
        Some(t1)
    }

    /// The global bytes after T=15: clock stop, classes, use of C6 (8.3).
    #[must_use]
    pub fn globals(&self) -> Globals {
        let mut globals = Globals::default();
        if !self.indicates_t15() {
            return globals;
        }
        let [ta, tb, _] = self.first_specific(15);
        if let Some(ta) = ta {
            globals.clock_stop = ClockStop::of(ta);
            globals.classes = Classes(ta & 0x3F);
        }
        if let Some(tb) = tb {
            globals.spu = Spu(tb);
        }
        globals
    }

    /// The first TA, TB and TC for a T, counted from level 3 on.
    fn first_specific(&self, t: u8) -> [Option<u8>; 3] {
        let [mut ta, mut tb, mut tc] = [None; 3];
        for link in Chain::new(self.bytes) {
            if link.level < 3 || link.t != Some(t) {
                continue;
            }
            let first = match link.letter {
                Letter::A => &mut ta,
                Letter::B => &mut tb,
                Letter::C => &mut tc,
                Letter::D => continue,
            };
            first.get_or_insert(link.value);
        }
        [ta, tb, tc]
    }
}
