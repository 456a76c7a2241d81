//! How long a card and a reader wait for each other: etu, guard times and waiting times.
//!
//! Everything is exact: a [`super::Ratio`] of clock cycles, which a clock turns into nanoseconds.
//!
//! ISO/IEC 7816-3:2006, 7.1 (etu), 8.3 (N), 10.2 (WT), 11.4.3 (CWT, BWT), 11.2 and 11.3 (CGT, BGT).

use super::{Atr, Protocol, Rate, Ratio};

/// The times of an ATR at a rate, each in cycles of the clock.
///
/// # Examples
/// ```
/// use cardwright_core::atr::{AtrBuf, Rate};
///
/// let atr = AtrBuf::from_hex("3B 65 00 00 9C 02 02 07 02")?;
/// let timing = atr.as_atr().timing(Rate::DEFAULT);
/// assert_eq!(timing.etu.cycles_up(), 372);
/// // 9,600 etu: about a second at 3.57 MHz.
/// assert!(timing.wt.is_some_and(|wt| wt.nanoseconds(3_571_200) == Some(1_000_000_000)));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
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
///
/// # Examples
/// ```
/// use cardwright_core::atr::{AtrBuf, Rate};
///
/// let atr = AtrBuf::from_hex("3B8D0180FBA000000397425446590301C8")?;
/// let blocks = atr.as_atr().timing(Rate::DEFAULT).t1.unwrap();
/// assert_eq!(blocks.bgt.cycles_up(), 22 * 372);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
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
    #[must_use]
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
    let cycles = a.cycles().wrapping_mul(u64::from(b.per())).wrapping_add(b.cycles().wrapping_mul(u64::from(a.per())));
    Ratio::new(cycles, a.per().wrapping_mul(b.per()))
}
