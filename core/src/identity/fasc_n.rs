//! The FASC-N: 25 bytes that number a card of the US government, with parity in each digit.
//!
//! 40 symbols of five bits: four bits of a digit, the lowest first, and an odd parity bit. What has
//! a wrong parity, a separator in the wrong place or a wrong check symbol is refused.
//!
//! TIG SCEPACS 2.2, table 4; NIST SP 800-73-4, part 1, 3.1.2.

use core::fmt;

use super::Digits;
use crate::error::{Code, Error};

/// The bytes of a FASC-N.
pub(super) const LENGTH: usize = 25;

/// A FASC-N, every field of it. `Display` writes all, with hyphens:
/// `0032-0001-092446-0-1-1112223333-1-1223-2`.
///
/// # Examples
/// ```
/// use cardwright_core::Code;
/// use cardwright_core::identity::FascN;
///
/// // The example of NIST's TIG SCEPACS.
/// let fasc_n = FascN::parse(&[
///     0xD0, 0x43, 0x94, 0x58, 0x21, 0x0C, 0x2C, 0x19, 0xA0, 0x84, 0x6D, 0x83, 0x68, 0x5A, 0x10, 0x82, 0x10, 0x8C, 0xE7, 0x39,
///     0x84, 0x10, 0x8C, 0xA3, 0xFC,
/// ])?;
/// assert_eq!((fasc_n.agency, fasc_n.system, fasc_n.credential), (32, 1, 92_446));
/// assert_eq!(FascN::parse(&[0; 24]).unwrap_err().code, Code::Short);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_structs, reason = "the fields are those of the standard")]
pub struct FascN {
    /// The agency, four digits. 9999 means that the card is not the government's: its GUID counts.
    pub agency: u16,
    /// The system within the agency that issued the card, four digits.
    pub system: u16,
    /// The credential's number within the system, six digits.
    pub credential: u32,
    /// The credential series, one digit.
    pub series: u8,
    /// The individual credential issue, one digit.
    pub issue: u8,
    /// The person, ten digits.
    pub person: u64,
    /// The organisational category: 1 federal, 2 state, 3 commercial, 4 foreign.
    pub category: u8,
    /// The organisation within the category, four digits.
    pub organization: u16,
    /// The association of the person with the organisation: 1 employee, 2 civil, 3 executive,
    /// 4 uniformed, 5 contractor, 6 affiliate, 7 beneficiary.
    pub association: u8,
}

/// What stands where: `S`, `F` and `E` are separators, a letter is a field, `L` the check symbol.
const LAYOUT: &[u8; 40] = b"SaaaaFyyyyFccccccFsFiFppppppppppkooootEL";
const START: u8 = 0x0B;
const FIELD: u8 = 0x0D;
const END: u8 = 0x0F;

impl FascN {
    /// Reads the 25 bytes.
    ///
    /// # Errors
    ///
    /// - [`Code::Short`] when there are fewer bytes, [`Code::Room`] when there are more.
    /// - [`Code::Serial`] at the byte in which a symbol begins that has a wrong parity, or is not
    ///   what must stand there, or is the check symbol and wrong. `what` says which.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut digits = [0; 40];
        read(bytes, &mut digits).map_err(|wrong| {
            let (at, code, what) = match wrong {
                Wrong::Length if bytes.len() < LENGTH => (bytes.len(), Code::Short, "FASC-N"),
                Wrong::Length => (LENGTH, Code::Room, "FASC-N"),
                Wrong::Parity(at) => (at, Code::Serial, "FASC-N parity"),
                Wrong::Check(at) => (at, Code::Serial, "FASC-N check symbol"),
                Wrong::Symbol(at) => (at, Code::Serial, "FASC-N"),
            };
            Error { code, at, what }
        })?;
        let mut read = FascN {
            agency: 0,
            system: 0,
            credential: 0,
            series: 0,
            issue: 0,
            person: 0,
            category: 0,
            organization: 0,
            association: 0,
        };
        for (place, digit) in LAYOUT.iter().zip(digits) {
            read.push(*place, digit);
        }
        Ok(read)
    }

    fn push(&mut self, place: u8, digit: u8) {
        let short = |field: u16| field.wrapping_mul(10).wrapping_add(u16::from(digit));
        match place {
            b'a' => self.agency = short(self.agency),
            b'y' => self.system = short(self.system),
            b'c' => self.credential = self.credential.wrapping_mul(10).wrapping_add(u32::from(digit)),
            b's' => self.series = digit,
            b'i' => self.issue = digit,
            b'p' => self.person = self.person.wrapping_mul(10).wrapping_add(u64::from(digit)),
            b'k' => self.category = digit,
            b'o' => self.organization = short(self.organization),
            b't' => self.association = digit,
            _ => {}
        }
    }
}

impl fmt::Display for FascN {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:04}-{:06}-", self.agency, self.system, self.credential)?;
        write!(f, "{}-{}-", self.series, self.issue)?;
        let person = Digits::from_number(self.person);
        for _ in person.as_bytes().len()..10 {
            f.write_str("0")?;
        }
        write!(f, "{person}-")?;
        write!(f, "{}-{:04}-{}", self.category, self.organization, self.association)
    }
}

/// Where the agency's digits stand, and the credential's.
pub(super) const AGENCY: core::ops::Range<usize> = 1..5;
pub(super) const CREDENTIAL: core::ops::Range<usize> = 11..17;

/// Why bytes are no FASC-N, and at which byte.
pub(super) enum Wrong {
    Length,
    Parity(usize),
    Check(usize),
    Symbol(usize),
}

/// Reads the forty symbols without their parity: digits, separators and the check symbol.
#[inline(never)]
pub(super) fn read(bytes: &[u8], digits: &mut [u8; 40]) -> Result<(), Wrong> {
    let bytes: &[u8; LENGTH] = bytes.try_into().map_err(|_| Wrong::Length)?;
    let mut check = 0;
    for ((index, place), read) in LAYOUT.iter().enumerate().zip(digits) {
        let at = index.wrapping_mul(5) >> 3;
        let symbol = symbol(bytes, index);
        if symbol.count_ones() & 1 == 0 {
            return Err(Wrong::Parity(at));
        }
        // The four bits of the digit come lowest first.
        let digit = (symbol >> 1).reverse_bits() >> 4;
        let right = match place {
            b'S' => digit == START,
            b'F' => digit == FIELD,
            b'E' => digit == END,
            b'L' => digit == check,
            _ => digit <= 9,
        };
        if !right {
            return Err(if *place == b'L' { Wrong::Check(at) } else { Wrong::Symbol(at) });
        }
        check ^= digit;
        *read = digit;
    }
    Ok(())
}

/// Five bits from the highest on; index 0 to 39.
fn symbol(bytes: &[u8; LENGTH], index: usize) -> u8 {
    let bit = index.wrapping_mul(5);
    let mut pair = bytes.iter().skip(bit >> 3).copied();
    let pair = u16::from_be_bytes([pair.next().unwrap_or(0), pair.next().unwrap_or(0)]);
    let [high, _] = (pair << (bit & 7)).to_be_bytes();
    high >> 3
}
