//! Numbers of access cards as door readers get them: the Wiegand formats of HID.
//!
//! Some formats have the same length, so a number of bits can have several readings; each says
//! whether its parity bits are right, and none is chosen here.
//!
//! Layouts and parities as in the format tables of Proxmark3; the 26 bits are the open format of
//! the Security Industry Association (AC-01).

use core::fmt;

use super::Digits;
use crate::Named;
use crate::named;

/// Bits as a reader sends them, at most 64. The first one is the highest.
///
/// # Examples
/// ```
/// use cardwright_core::identity::Bits;
///
/// // Six bits of the last byte do not count: 26 remain.
/// let bits = Bits::from_pacs(&[0x06, 0x9A, 0x25, 0x6E, 0x40]).unwrap();
/// assert_eq!(bits.length(), 26);
/// assert!(Bits::new(8, 3).is_none(), "a number with more bits");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bits {
    value: u64,
    length: u8,
}

impl Bits {
    /// The lowest `length` bits of a number; `None` for a length of 0 or more than 64, or a number with
    /// more bits.
    #[must_use]
    pub const fn new(value: u64, length: u8) -> Option<Self> {
        if length == 0 || length > 64 || (length < 64 && value.wrapping_shr(length as u32) != 0) {
            return None;
        }
        Some(Bits { value, length })
    }

    /// The bits as readers of HID write the data of an access card: a byte that says how many bits
    /// of the last one do not count, then one to eight bytes with the first bit highest.
    ///
    /// `None` when it is something else.
    #[must_use]
    pub fn from_pacs(bytes: &[u8]) -> Option<Self> {
        let (unused, bytes) = bytes.split_first().filter(|(unused, _)| **unused < 8)?;
        let mut wide = [0; 8];
        let at = wide.len().checked_sub(bytes.len())?;
        wide.get_mut(at..)?.copy_from_slice(bytes);
        let length = u8::try_from(bytes.len()).ok()?.checked_mul(8)?.checked_sub(*unused)?;
        let value = u64::from_be_bytes(wide);
        let padded = value & !(u64::MAX.wrapping_shl(u32::from(*unused))) != 0;
        if padded { None } else { Bits::new(value.wrapping_shr(u32::from(*unused)), length) }
    }

    /// Their value.
    #[must_use]
    pub const fn value(self) -> u64 {
        self.value
    }

    /// How many there are.
    #[must_use]
    pub const fn length(self) -> u8 {
        self.length
    }

    /// Their reading in each format of their length.
    pub fn readings(self) -> impl Iterator<Item = AccessCard> {
        LAYOUTS.iter().filter(move |layout| layout.length == self.length).filter_map(move |layout| layout.read(self))
    }
}

/// A format of access cards.
///
/// # Examples
/// ```
/// use cardwright_core::Named;
/// use cardwright_core::identity::{Bits, Format};
///
/// let formats: Vec<_> = Bits::new(0, 26).unwrap().readings().map(|card| card.format).collect();
/// assert!(formats.contains(&Format::H10301));
/// assert_eq!(Format::Corporate35.name(), "C1000-35");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Format {
    /// 26 bits, the open format.
    H10301 = 1,
    /// 33 bits.
    D10202 = 2,
    /// 34 bits.
    H10306 = 3,
    /// 35 bits, Corporate 1000.
    Corporate35 = 4,
    /// 37 bits without a facility code.
    H10302 = 5,
    /// 37 bits with a facility code.
    H10304 = 6,
    /// 37 bits, eight decimal digits.
    H10320 = 7,
    /// 48 bits, Corporate 1000.
    Corporate48 = 8,
}

named! {
    Format {
        H10301,
        D10202,
        H10306,
        Corporate35 = "C1000-35",
        H10302,
        H10304,
        H10320,
        Corporate48 = "C1000-48",
    }
}

/// The number of an access card in one reading. `Display` writes `H10301 10-1188`.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{Bits, Format};
///
/// // Facility 123, card 4567, between two parity bits.
/// let card = Bits::new(0b1_01111011_0001000111010111_0, 26).unwrap().readings().next().unwrap();
/// assert_eq!((card.format, card.facility, card.card), (Format::H10301, Some(123), 4567));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_structs, reason = "a number has no other parts")]
pub struct AccessCard {
    /// The format in which it is read.
    pub format: Format,
    /// The facility (site, company) code, if the format has one.
    pub facility: Option<u32>,
    /// The card's number within it.
    pub card: u64,
    /// Whether all parity bits are right. If one is wrong it is another format, or a wrong number.
    pub parity: bool,
}

impl fmt::Display for AccessCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.format.name())?;
        if let Some(facility) = self.facility {
            write!(f, "{facility}-")?;
        }
        fmt::Display::fmt(&Digits::from_number(self.card), f)
    }
}

struct Layout {
    format: Format,
    length: u8,
    /// Length and lowest bit.
    facility: (u8, u8),
    card: (u8, u8),
    /// Bits that together, the parity bit among them, have this many ones: 0 even, 1 odd.
    parities: &'static [(u64, u32)],
}

const LAYOUTS: &[Layout] = &[
    Layout {
        format: Format::H10301,
        length: 26,
        facility: (8, 17),
        card: (16, 1),
        parities: &[(0x03FF_E000, 0), (0x0000_1FFF, 1)],
    },
    Layout {
        format: Format::D10202,
        length: 33,
        facility: (7, 25),
        card: (24, 1),
        parities: &[(0x1_FFFF_0000, 0), (0x0_0001_FFFF, 1)],
    },
    Layout {
        format: Format::H10306,
        length: 34,
        facility: (16, 17),
        card: (16, 1),
        parities: &[(0x3_FFFE_0000, 0), (0x0_0001_FFFF, 1)],
    },
    Layout {
        format: Format::Corporate35,
        length: 35,
        facility: (12, 21),
        card: (20, 1),
        parities: &[(0x3_B6DB_6DB6, 0), (0x3_6DB6_DB6D, 1), (0x7_FFFF_FFFF, 1)],
    },
    Layout {
        format: Format::H10302,
        length: 37,
        facility: (0, 0),
        card: (35, 1),
        parities: &[(0x1F_FFFC_0000, 0), (0x00_0007_FFFF, 1)],
    },
    Layout {
        format: Format::H10304,
        length: 37,
        facility: (16, 20),
        card: (19, 1),
        parities: &[(0x1F_FFFC_0000, 0), (0x00_0007_FFFF, 1)],
    },
    // A one, eight decimal digits of four bits, and a parity for each column of these.
    Layout {
        format: Format::H10320,
        length: 37,
        facility: (0, 0),
        card: (32, 4),
        parities: &[
            (0x10_0000_0000, 1),
            (0x08_8888_8888, 0),
            (0x04_4444_4444, 1),
            (0x02_2222_2222, 0),
            (0x01_1111_1111, 0),
        ],
    },
    Layout {
        format: Format::Corporate48,
        length: 48,
        facility: (22, 24),
        card: (23, 1),
        parities: &[(0x5B6D_B6DB_6DB6, 0), (0x36DB_6DB6_DB6D, 1), (0xFFFF_FFFF_FFFF, 1)],
    },
];

impl Layout {
    /// `None` if a decimal digit is invalid.
    fn read(&self, bits: Bits) -> Option<AccessCard> {
        let field = |(length, lowest): (u8, u8)| {
            let above = u64::MAX.wrapping_shl(u32::from(length));
            bits.value.wrapping_shr(u32::from(lowest)) & !above
        };
        let number = field(self.card);
        let card = if self.format == Format::H10320 { decimal(number)? } else { number };
        Some(AccessCard {
            format: self.format,
            facility: u32::try_from(field(self.facility)).ok().filter(|_| self.facility.0 > 0),
            card,
            parity: self.parities.iter().all(|(mask, odd)| (bits.value & mask).count_ones() & 1 == *odd),
        })
    }
}

/// Eight decimal digits of four bits.
fn decimal(digits: u64) -> Option<u64> {
    (0..8_u32).rev().try_fold(0_u64, |number, place| {
        let digit = digits.wrapping_shr(place.wrapping_mul(4)) & 0x0F;
        (digit <= 9).then(|| number.wrapping_mul(10).wrapping_add(digit))
    })
}
