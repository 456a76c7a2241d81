//! Card numbers as decimal digits: ICCID, ICCSN, and their check digit.
//!
//! ITU-T E.118; ETSI TS 102 221, 13.2 (nibbles swapped); ISO/IEC 7812-1, annex B (Luhn).

use core::fmt::{self, Write};

use crate::write::{MOST_DIGITS, decimal};

/// The most digits that are kept: the 20 of an ICCID, and of a number of 64 bits.
const ROOM: usize = MOST_DIGITS;

/// One to twenty decimal digits. `Display` writes them.
///
/// # Examples
/// ```
/// use cardwright_core::identity::Digits;
///
/// // As a SIM has its ICCID: the digits of each byte are swapped, and F fills the last.
/// let iccid = Digits::from_swapped_bcd(&[0x98, 0x94, 0x10, 0xF2]).unwrap();
/// assert_eq!(iccid.to_string(), "8949012");
/// assert_eq!(Digits::from_number(79_927_398_713).luhn(), true);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digits {
    digits: [u8; ROOM],
    length: u8,
}

impl Digits {
    /// The digits of an ICCID in EF 2FE2: two to a byte, the low half first, padded with F.
    ///
    /// `None` if there are none or more than 20, or if something between is not a digit.
    #[must_use]
    pub fn from_swapped_bcd(bytes: &[u8]) -> Option<Self> {
        Digits::of(bytes, true)
    }

    /// The digits of an ICCSN or another number of tag 5A: two to a byte, padded with F.
    ///
    /// `None` as for [`from_swapped_bcd`](Self::from_swapped_bcd).
    #[must_use]
    pub fn from_bcd(bytes: &[u8]) -> Option<Self> {
        Digits::of(bytes, false)
    }

    /// The digits of a number, without leading zeros.
    #[inline]
    #[must_use]
    pub fn from_number(number: u64) -> Self {
        let mut read = Digits { digits: [0; ROOM], length: 0 };
        read.length = decimal(number, &mut read.digits);
        read
    }

    /// The digits as ASCII.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.digits.get(..usize::from(self.length)).unwrap_or_default()
    }

    /// Whether the last digit is the check digit of the others (Luhn).
    ///
    /// ICCIDs of 20 digits often have none.
    #[must_use]
    pub fn luhn(&self) -> bool {
        let sum = self.as_bytes().iter().rev().enumerate().fold(0_u32, |sum, (index, digit)| {
            let digit = u32::from(digit.wrapping_sub(b'0'));
            let twice = digit.wrapping_mul(2);
            let value = match index & 1 {
                0 => digit,
                _ if twice > 9 => twice.wrapping_sub(9),
                _ => twice,
            };
            sum.wrapping_add(value)
        });
        self.length > 1 && sum.is_multiple_of(10)
    }

    /// Of bytes with two digits each, the high half first, or swapped the low one.
    #[inline(never)]
    pub(super) fn of(bytes: &[u8], swapped: bool) -> Option<Self> {
        let mut read = Digits { digits: [0; ROOM], length: 0 };
        let mut ended = false;
        let mut places = read.digits.iter_mut();
        for byte in bytes {
            let byte = if swapped { byte.rotate_left(4) } else { *byte };
            for nibble in [byte >> 4, byte & 0x0F] {
                match nibble {
                    0..=9 if !ended => {
                        *places.next()? = b'0'.wrapping_add(nibble);
                        read.length = read.length.wrapping_add(1);
                    }
                    0x0F => ended = true,
                    _ => return None,
                }
            }
        }
        (read.length > 0).then_some(read)
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|digit| f.write_char(char::from(*digit)))
    }
}
