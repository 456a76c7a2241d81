//! How fast a card may be talked to: Fi, Di and the greatest clock of TA1, N of TC1, and what TB1
//! and TB2 once said of the programming voltage.
//!
//! Values that the standard reserves are `None`, never guessed. Rates are exact: a clock in hertz
//! goes in, whole bits per second come out.
//!
//! ISO/IEC 7816-3:2006, 7.1 (etu), 8.3 with its tables 7 (Fi, fmax) and 8 (Di).

use super::{Atr, InterfaceByte, Ratio};

/// Fi by the upper half of TA1; 0 is reserved.
const FI: [u16; 16] = [372, 372, 558, 744, 1116, 1488, 1860, 0, 0, 512, 768, 1024, 1536, 2048, 0, 0];
/// f(max) in units of 500 kHz by the upper half of TA1; 0 is reserved.
const FMAX: [u8; 16] = [8, 10, 12, 16, 24, 32, 40, 0, 0, 10, 15, 20, 30, 40, 0, 0];
/// Di by the lower half of TA1; 0 is reserved.
const DI: [u8; 16] = [0, 1, 2, 4, 8, 16, 32, 64, 12, 20, 0, 0, 0, 0, 0, 0];

/// TA1: the rate that the card can take, and the greatest clock. Without TA1 it is 11.
///
/// # Examples
/// ```
/// use cardwright_core::atr::Ta1;
///
/// assert_eq!((Ta1(0x95).fi(), Ta1(0x95).di(), Ta1(0x95).fmax_khz()), (Some(512), Some(16), Some(5_000)));
/// assert_eq!(Ta1(0x70).rate(), None, "reserved");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ta1(pub u8);

impl Ta1 {
    /// The value of an ATR without TA1: Fi 372, Di 1, 5 MHz.
    pub const DEFAULT: Ta1 = Ta1(0x11);

    /// Fi, the clock rate conversion integer: 372 to 2048; `None` where it is reserved.
    #[must_use]
    pub fn fi(self) -> Option<u16> {
        FI.get(usize::from(self.0 >> 4)).copied().filter(|fi| *fi != 0)
    }

    /// Di, the baud rate adjustment integer: 1 to 64; `None` where it is reserved.
    ///
    /// 64 was reserved in the edition of 1997, and fractions of that of 1989 are reserved today.
    #[must_use]
    pub fn di(self) -> Option<u8> {
        DI.get(usize::from(self.0 & 0x0F)).copied().filter(|di| *di != 0)
    }

    /// f(max), the greatest clock: 4000 to 20,000 kHz; `None` where it is reserved.
    #[must_use]
    pub fn fmax_khz(self) -> Option<u16> {
        let halves = FMAX.get(usize::from(self.0 >> 4)).copied().filter(|fmax| *fmax != 0)?;
        Some(u16::from(halves).wrapping_mul(500))
    }

    /// Fi and Di together; `None` where one of them is reserved.
    #[must_use]
    pub fn rate(self) -> Option<Rate> {
        Rate::new(self.fi()?, self.di()?)
    }
}

/// F and D: one etu takes F/D cycles of the clock (7.1). Neither is 0.
///
/// # Examples
/// ```
/// use cardwright_core::atr::Rate;
///
/// assert_eq!(Rate::DEFAULT.bits_per_second(3_571_200), 9_600);
/// assert_eq!(Rate::new(512, 0), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    f: u16,
    d: u8,
}

impl Rate {
    /// Fd = 372 and Dd = 1: in use from reset until something else is agreed on.
    pub const DEFAULT: Rate = Rate { f: 372, d: 1 };

    /// A rate; `None` when F or D is 0.
    #[must_use]
    pub const fn new(f: u16, d: u8) -> Option<Self> {
        if f == 0 || d == 0 { None } else { Some(Rate { f, d }) }
    }

    /// F.
    #[inline]
    #[must_use]
    pub const fn f(self) -> u16 {
        self.f
    }

    /// D.
    #[inline]
    #[must_use]
    pub const fn d(self) -> u8 {
        self.d
    }

    /// The elementary time unit, in cycles of the clock.
    #[must_use]
    pub const fn etu(self) -> Ratio {
        Ratio::new(self.f as u64, self.d as u32)
    }

    /// f·D/F: the bits per second at a clock in hertz, rounded down.
    #[must_use]
    pub fn bits_per_second(self, clock_hz: u32) -> u64 {
        let product = u64::from(clock_hz).wrapping_mul(u64::from(self.d));
        product.checked_div(u64::from(self.f)).unwrap_or(0)
    }
}

/// TB1 (with TB2): the programming voltage that cards needed once. Deprecated in 2006, and no reader
/// supplies it.
///
/// # Examples
/// ```
/// use cardwright_core::atr::AtrBuf;
///
/// // TB1 = 25: 50 mA at 5 V, as old cards want it.
/// let atr = AtrBuf::from_hex("3F 67 25 00 2A 20 00 0F 68 90 00")?;
/// let vpp = atr.as_atr().vpp().unwrap();
/// assert_eq!((vpp.milliamperes, vpp.volts), (Some(50), 5));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Vpp {
    /// II, b7 and b6: the greatest programming current in milliamperes: 25, 50 or 100; `None` where
    /// it is reserved.
    pub milliamperes: Option<u8>,
    /// PI1, b5 to b1: the voltage in volts, 5 to 25 where it is allowed; 0 is a card that has no use
    /// for it.
    pub volts: u8,
    /// PI2, which TB2 gives in place of PI1: the voltage in tenths of a volt, 50 to 250 where it is
    /// allowed.
    pub decivolts: Option<u8>,
}

impl Vpp {
    fn new(tb1: u8, tb2: Option<u8>) -> Self {
        let milliamperes = match tb1 & 0x60 {
            0x00 => Some(25),
            0x20 => Some(50),
            0x40 => Some(100),
            _ => None,
        };
        Vpp { milliamperes, volts: tb1 & 0x1F, decivolts: tb2 }
    }
}

impl Atr<'_> {
    /// TA1: Fi, Di and the greatest clock; [`Ta1::DEFAULT`] where it is absent (8.3).
    #[must_use]
    pub fn ta1(&self) -> Ta1 {
        self.first_level(0).map_or(Ta1::DEFAULT, |ta1| Ta1(ta1.value))
    }

    /// TB1, with TB2; `None` when there is no TB1, which is as it should be (8.3).
    #[must_use]
    pub fn vpp(&self) -> Option<Vpp> {
        let tb1 = self.first_level(1)?;
        Some(Vpp::new(tb1.value, self.second_level(1).map(|tb2| tb2.value)))
    }

    /// TB2 alone: PI2, the programming voltage in tenths of a volt (8.3). Deprecated.
    #[must_use]
    pub fn pi2(&self) -> Option<u8> {
        self.second_level(1).map(|tb2| tb2.value)
    }

    /// N of TC1, the extra guard time integer; 0 where TC1 is absent (8.3). For what 255 means, see
    /// [`Timing`](super::Timing).
    #[must_use]
    pub fn n(&self) -> u8 {
        self.first_level(2).map_or(0, |tc1| tc1.value)
    }

    /// The rate that is in use after the reset: the default one, or that of TA1 in specific mode.
    ///
    /// `None` in specific mode when the rate is implicit (TA2, b5) or reserved.
    #[must_use]
    pub fn rate_after_reset(&self) -> Option<Rate> {
        match self.specific_mode() {
            None => Some(Rate::DEFAULT),
            Some(mode) if mode.implicit => None,
            Some(_) => self.ta1().rate(),
        }
    }

    /// TA1, TB1 or TC1 by the number of its bit in T0.
    fn first_level(&self, letter: u8) -> Option<InterfaceByte> {
        nth_of(self.bytes, self.bytes.get(1).copied()? >> 4, 2, letter)
    }

    /// TA2, TB2 or TC2 by the number of its bit in TD1.
    pub(super) fn second_level(&self, letter: u8) -> Option<InterfaceByte> {
        let y1 = self.bytes.get(1).copied()? >> 4;
        let td1 = nth_of(self.bytes, y1, 2, 3)?;
        nth_of(self.bytes, td1.value >> 4, td1.at.wrapping_add(1), letter)
    }
}

/// The byte for a bit of Y in the level that begins at an offset.
#[inline]
fn nth_of(bytes: &[u8], y: u8, start: usize, letter: u8) -> Option<InterfaceByte> {
    let bit = 1_u8.wrapping_shl(u32::from(letter));
    let before = (y & bit.wrapping_sub(1)).count_ones() as usize;
    let at = start.wrapping_add(before);
    let value = *bytes.get(at).filter(|_| y & bit != 0)?;
    Some(InterfaceByte { value, at })
}
