//! A duration in cycles of a card's clock, as an exact fraction, which a clock turns into nanoseconds.

/// A duration in cycles of the clock, as a fraction. The divisor is not 0.
///
/// Compared by value: 2/2 equals 1/1.
///
/// # Examples
/// ```
/// use cardwright_core::atr::Ratio;
///
/// let etu = Ratio::new(372, 1);
/// assert_eq!(etu.nanoseconds(4_000_000), Some(93_000));
/// assert_eq!(Ratio::new(512, 32), Ratio::new(16, 1));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    cycles: u64,
    per: u32,
}

impl Ratio {
    /// `cycles` divided by `per`, which counts as 1 when it is 0. The product of one `cycles` and
    /// another `per` is below 2^52 for all that an ATR can say.
    #[must_use]
    pub const fn new(cycles: u64, per: u32) -> Self {
        Ratio { cycles, per: if per == 0 { 1 } else { per } }
    }

    /// The dividend: cycles, where [`per`](Self::per) is 1.
    #[inline]
    #[must_use]
    pub const fn cycles(self) -> u64 {
        self.cycles
    }

    /// The divisor.
    #[inline]
    #[must_use]
    pub const fn per(self) -> u32 {
        self.per
    }

    /// Whole cycles, rounded up: a wait of that many is never too short.
    #[must_use]
    pub fn cycles_up(self) -> u64 {
        let per = u64::from(self.per);
        let whole = self.cycles.checked_div(per).unwrap_or(0);
        whole.wrapping_add(u64::from(whole.wrapping_mul(per) != self.cycles))
    }

    /// The time at a clock in hertz: nanoseconds, rounded down; `None` at a clock of 0.
    #[must_use]
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
