//! How long a card and a reader wait for each other: etu, guard times and waiting times.
//!
//! Everything is exact: a [`Ratio`] of clock cycles, which a clock turns into nanoseconds.
//!
//! ISO/IEC 7816-3:2006, 7.1 (etu), 8.3 (N), 10.2 (WT), 11.4.3 (CWT, BWT), 11.2 and 11.3 (CGT, BGT).

use super::{Atr, Protocol, Rate};

/// A duration in cycles of the clock, as a fraction. The divisor is not 0.
///
/// Compared by value: 2/2 equals 1/1.
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    cycles: u64,
    per: u32,
}

impl Ratio {
    /// `cycles` divided by `per`, which counts as 1 when it is 0. The product of one `cycles` and
    /// another `per` is below 2^52 for all that an ATR can say.
    pub const fn new(cycles: u64, per: u32) -> Self {
        Ratio { cycles, per: if per == 0 { 1 } else { per } }
    }

    /// The dividend: cycles, where [`per`](Self::per) is 1.
    #[inline]
    pub const fn cycles(self) -> u64 {
        self.cycles
    }

    /// The divisor.
    #[inline]
    pub const fn per(self) -> u32 {
        self.per
    }

    /// Whole cycles, rounded up: a wait of that many is never too short.
    pub fn cycles_up(self) -> u64 {
        let per = u64::from(self.per);
        let whole = self.cycles.checked_div(per).unwrap_or(0);
        whole.wrapping_add(u64::from(whole.wrapping_mul(per) != self.cycles))
    }

    /// The time at a clock in hertz: nanoseconds, rounded down; `None` at a clock of 0.
    pub fn nanoseconds(self, clock_hz: u32) -> Option<u64> {
        // In three steps, as there is no room for the product of cycles and 10^9.
        let divisor = u64::from(self.per).wrapping_mul(u64::from(clock_hz));
        let step = |dividend: u64, parts: u64| {
            let product = dividend.saturating_mul(parts);
            Some((product.checked_div(divisor)?, product.checked_rem(divisor)?))
        };
        let (seconds, rest) = step(self.cycles, 1)?;
        let (micros, rest) = step(rest, 1_000_000)?;
        let (nanos, _) = step(rest, 1_000)?;
        Some(seconds.saturating_mul(1_000_000_000).saturating_add(micros.saturating_mul(1_000)).saturating_add(nanos))
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        let cross = |a: u64, b: u32| a.wrapping_mul(u64::from(b));
        cross(self.cycles, other.per) == cross(other.cycles, self.per)
    }
}

impl Eq for Ratio {}

/// The times of an ATR at a rate, each in cycles of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// One elementary time unit: F/D (7.1).
    pub etu: Ratio,
    /// GT, the guard time: the least from the start of a character to the start of the next, from
    /// the reader to the card (8.3). From the card to the reader it is 12 etu.
    pub gt: Ratio,
    /// WT, the waiting time of T=0: the most from the start of a character of the card to the start
    /// of the one before (10.2). `None` when T=0 is not offered.
    pub wt: Option<Ratio>,
    /// The times of T=1; `None` when T=1 is not offered.
    pub t1: Option<BlockTiming>,
}

/// The times of T=1, each in cycles of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockTiming {
    /// CGT, the character guard time: the least between the starts of two characters of a block
    /// (11.2). As GT, but 11 etu when N is 255.
    pub cgt: Ratio,
    /// CWT, the character waiting time: the most between the starts of two characters of a block
    /// (11.4.3).
    pub cwt: Ratio,
    /// BGT, the block guard time: the least from the start of the last character of one side to
    /// that of the first of the other: 22 etu (11.4.3).
    pub bgt: Ratio,
    /// BWT, the block waiting time: the most from the start of the reader's last character to that
    /// of the card's first (11.4.3).
    pub bwt: Ratio,
}

impl Atr<'_> {
    /// The times at a rate: [`Rate::DEFAULT`], [`rate_after_reset`](Atr::rate_after_reset), or one
    /// that was negotiated.
    ///
    /// N from 0 to 254 lengthens the guard time by R·N cycles. R is F/D of `rate`, but Fi/Di of TA1
    /// when T=15 is indicated (8.3). Where TA1 is reserved, Fd and Dd stand in for its values.
    pub fn timing(&self, rate: Rate) -> Timing {
        let etu = |count: u32| Ratio::new(u64::from(count).wrapping_mul(u64::from(rate.f())), u32::from(rate.d()));
        let own = self.ta1().rate().unwrap_or(Rate::DEFAULT);
        let n = self.n();
        let gt = match n {
            255 => etu(12),
            n if !self.indicates_t15() => etu(u32::from(n).wrapping_add(12)),
            n => sum(etu(12), Ratio::new(u64::from(n).wrapping_mul(u64::from(own.f())), u32::from(own.d()))),
        };
        let wt = self.wi().map(|wi| Ratio::new(u64::from(wi).wrapping_mul(960).wrapping_mul(u64::from(own.f())), 1));
        let t1 = self.t1().filter(|_| self.offers(Protocol::T1)).map(|t1| BlockTiming {
            cgt: if n == 255 { etu(11) } else { gt },
            cwt: etu(1_u32.wrapping_shl(u32::from(t1.cwi)).wrapping_add(11)),
            bgt: etu(22),
            bwt: sum(etu(11), Ratio::new(1_u64.wrapping_shl(u32::from(t1.bwi)).wrapping_mul(960 * 372), 1)),
        });
        Timing { etu: rate.etu(), gt, wt, t1 }
    }
}

/// The sum, over the product of the divisors, of which neither is more than 255 here.
fn sum(a: Ratio, b: Ratio) -> Ratio {
    let cycles = a.cycles.wrapping_mul(u64::from(b.per)).wrapping_add(b.cycles.wrapping_mul(u64::from(a.per)));
    Ratio::new(cycles, a.per.wrapping_mul(b.per))
}
