//! Decimal digits without a division, and the two sinks that texts are written to: a buffer, and a count.
//!
//! Nothing here allocates or can panic.

use core::fmt::{self, Write};

/// The decimal digits of 64 bits.
pub(crate) const MOST_DIGITS: usize = 20;

/// The ASCII digits of a number without leading zeros, written into `$digits`; how many there are. Repeated
/// subtraction: a division is large where the processor has none.
macro_rules! decimal {
    ($number:expr, $type:ty, $most:literal, $digits:expr) => {{
        /// The powers of ten, the greatest first.
        const POWERS: &[$type; $most] = &{
            let mut powers = [1; $most];
            let mut at = $most - 1;
            while at > 0 {
                at -= 1;
                powers[at] = powers[at + 1] * 10;
            }
            powers
        };
        let mut length = 0_u8;
        let mut rest = $number;
        let mut places = $digits.iter_mut();
        for power in POWERS {
            let mut digit = b'0';
            while let Some(less) = rest.checked_sub(*power) {
                rest = less;
                digit = digit.wrapping_add(1);
            }
            if (digit != b'0' || length > 0 || *power == 1)
                && let Some(place) = places.next()
            {
                *place = digit;
                length = length.wrapping_add(1);
            }
        }
        length
    }};
}

/// Writes the ASCII digits of a number without leading zeros into `digits`; says how many there are.
///
/// `core` writes 64-bit numbers with a check that the optimiser cannot remove. A program that has none of more than
/// 32 bits does without the part for them.
#[inline]
pub(crate) fn decimal(number: u64, digits: &mut [u8; MOST_DIGITS]) -> u8 {
    match u32::try_from(number) {
        Ok(number) => small(number, digits),
        Err(_) => large(number, digits),
    }
}

#[inline(never)]
fn small(number: u32, digits: &mut [u8; MOST_DIGITS]) -> u8 {
    decimal!(number, u32, 10, digits)
}

#[inline(never)]
fn large(number: u64, digits: &mut [u8; MOST_DIGITS]) -> u8 {
    decimal!(number, u64, 20, digits)
}

/// Writes a number in decimal digits.
#[inline]
pub(crate) fn write_decimal(number: u64, out: &mut dyn Write) -> fmt::Result {
    let mut digits = [0; MOST_DIGITS];
    let length = decimal(number, &mut digits);
    write_digits(digits.get(..usize::from(length)).unwrap_or_default(), out)
}

#[inline(never)]
fn write_digits(digits: &[u8], out: &mut dyn Write) -> fmt::Result {
    digits.iter().try_for_each(|digit| out.write_char(char::from(*digit)))
}

/// The text written into `buffer`; `None` if it does not fit.
pub(crate) fn fill(buffer: &mut [u8], write: impl FnOnce(&mut dyn Write) -> fmt::Result) -> Option<&str> {
    let mut sink = Sink { buffer, len: 0 };
    write(&mut sink).ok()?;
    let Sink { buffer, len } = sink;
    core::str::from_utf8(buffer.get(..len)?).ok()
}

/// The length in bytes of what is written.
pub(crate) fn length(write: impl FnOnce(&mut dyn Write) -> fmt::Result) -> usize {
    let mut count = Count(0);
    // A count takes everything.
    let _ = write(&mut count);
    count.0
}

struct Count(usize);

impl Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.wrapping_add(text.len());
        Ok(())
    }
}

struct Sink<'b> {
    buffer: &'b mut [u8],
    len: usize,
}

impl Write for Sink<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.buffer.get_mut(self.len..).and_then(|rest| rest.get_mut(..text.len())).ok_or(fmt::Error)?;
        for (to, from) in room.iter_mut().zip(text.as_bytes()) {
            *to = *from;
        }
        self.len = self.len.wrapping_add(text.len());
        Ok(())
    }
}
