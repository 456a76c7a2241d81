//! CPLC data: 42 bytes in which a chip tells who made it, when, and its serial number.
//!
//! GlobalPlatform Card Specification 2.3.1, H.6 (tag 9F7F); ISO/IEC 9992-1.

use core::fmt;

use crate::error::{Code, Error};
use crate::hex;

/// The bytes of CPLC data, without tag and length.
pub(super) const LENGTH: usize = 42;

/// Card production life cycle data. Numbers are as on the card, big-endian.
///
/// `Display` writes the chip's identity, [`chip`](Self::chip), in upper-case hexadecimal.
///
/// # Examples
/// ```
/// use cardwright_core::Code;
/// use cardwright_core::identity::Cplc;
///
/// let mut bytes = [0; 42];
/// bytes[..2].copy_from_slice(&[0x47, 0x90]);
/// bytes[12..16].copy_from_slice(&[0x01, 0x02, 0x03, 0x04]);
/// let cplc = Cplc::parse(&bytes)?;
/// assert_eq!((cplc.ic_fabricator, cplc.ic_serial), (0x4790, 0x0102_0304));
/// assert_eq!(Cplc::parse(&bytes[..41]).unwrap_err().code, Code::Short);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_structs, reason = "the fields are those of GlobalPlatform")]
pub struct Cplc {
    /// Who made the chip: 4790 NXP, 4250 Samsung, 4090 Infineon.
    pub ic_fabricator: u16,
    /// The model of the chip.
    pub ic_type: u16,
    /// The maker of the operating system.
    pub os_id: u16,
    /// When the operating system was released.
    pub os_release_date: CplcDate,
    /// The level of that release.
    pub os_release_level: u16,
    /// When the chip was made.
    pub ic_fabrication_date: CplcDate,
    /// The number of the chip in its batch.
    pub ic_serial: u32,
    /// The batch.
    pub ic_batch: u16,
    /// Who made the module.
    pub module_fabricator: u16,
    /// When the module was made.
    pub module_packaging_date: CplcDate,
    /// Who put the module into the card.
    pub icc_manufacturer: u16,
    /// When the module was put into the card.
    pub embedding_date: CplcDate,
    /// Who prepared the card for personalisation.
    pub pre_personalizer: u16,
    /// When.
    pub pre_personalization_date: CplcDate,
    /// On which machine.
    pub pre_personalization_equipment: u32,
    /// Who personalised the card.
    pub personalizer: u16,
    /// When.
    pub personalization_date: CplcDate,
    /// On which machine.
    pub personalization_equipment: u32,
}

impl Cplc {
    /// Reads the 42 bytes.
    ///
    /// # Errors
    ///
    /// [`Code::Short`] when there are fewer, [`Code::Room`] when there are more.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let wrong = if bytes.len() < LENGTH { Code::Short } else { Code::Room };
        let wrong = Error { code: wrong, at: bytes.len().min(LENGTH), what: "CPLC" };
        let mut words = bytes.chunks_exact(2).map(|word| match word {
            [high, low] => u16::from_be_bytes([*high, *low]),
            _ => 0,
        });
        let mut word = || words.next().unwrap_or(0);
        if bytes.len() != LENGTH {
            return Err(wrong);
        }
        let long = |high: u16, low: u16| u32::from(high) << 16 | u32::from(low);
        Ok(Cplc {
            ic_fabricator: word(),
            ic_type: word(),
            os_id: word(),
            os_release_date: CplcDate(word()),
            os_release_level: word(),
            ic_fabrication_date: CplcDate(word()),
            ic_serial: long(word(), word()),
            ic_batch: word(),
            module_fabricator: word(),
            module_packaging_date: CplcDate(word()),
            icc_manufacturer: word(),
            embedding_date: CplcDate(word()),
            pre_personalizer: word(),
            pre_personalization_date: CplcDate(word()),
            pre_personalization_equipment: long(word(), word()),
            personalizer: word(),
            personalization_date: CplcDate(word()),
            personalization_equipment: long(word(), word()),
        })
    }

    /// The ten bytes by which a chip is known: fabricator, type, batch, serial.
    #[must_use]
    pub const fn chip(&self) -> [u8; 10] {
        let [a, b] = self.ic_fabricator.to_be_bytes();
        let [c, d] = self.ic_type.to_be_bytes();
        let [e, f] = self.ic_batch.to_be_bytes();
        let [g, h, i, j] = self.ic_serial.to_be_bytes();
        [a, b, c, d, e, f, g, h, i, j]
    }
}

/// The bytes of [`Cplc::chip`] of CPLC data.
pub(super) fn chip(bytes: &[u8]) -> Option<[u8; 10]> {
    const PLACES: [u8; 10] = [0, 1, 2, 3, 16, 17, 12, 13, 14, 15];
    let mut chip = [0; 10];
    for (place, at) in chip.iter_mut().zip(&PLACES) {
        *place = *bytes.get(usize::from(*at))?;
    }
    Some(chip)
}

impl fmt::Display for Cplc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex::write(f, &self.chip(), hex::UPPER, None)
    }
}

/// A date of CPLC data: the last digit of the year and the day of the year, in decimal digits.
///
/// The decade is not on the card. `Display` writes `???8-148`, or the hexadecimal of what is no
/// date.
///
/// # Examples
/// ```
/// use cardwright_core::identity::Cplc;
///
/// let mut bytes = [0; 42];
/// bytes[10..12].copy_from_slice(&[0x41, 0x23]);
/// // Day 123 of a year that ends in 4.
/// let date = Cplc::parse(&bytes)?.ic_fabrication_date;
/// assert_eq!(date.year_digit_and_day(), Some((4, 123)));
/// assert_eq!(date.year(2026), Some(2024));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CplcDate(u16);

impl CplcDate {
    /// The two bytes as on the card.
    #[must_use]
    pub const fn raw(self) -> u16 {
        self.0
    }

    /// The last digit of the year and the day of the year, 1 to 366; `None` for 0000, FFFF and
    /// whatever else is no date.
    #[must_use]
    pub fn year_digit_and_day(self) -> Option<(u8, u16)> {
        let mut day = 0_u16;
        for shift in [8, 4, 0] {
            let digit = self.0 >> shift & 0x0F;
            if digit > 9 {
                return None;
            }
            day = day.wrapping_mul(10).wrapping_add(digit);
        }
        let year = u8::try_from(self.0 >> 12).ok().filter(|year| *year <= 9)?;
        (1..=366).contains(&day).then_some((year, day))
    }

    /// The last year with the right last digit that is not after `latest`: the best guess when
    /// `latest` is the current year.
    #[must_use]
    pub fn year(self, latest: u16) -> Option<u16> {
        let (digit, _) = self.year_digit_and_day()?;
        let back = (latest % 10).wrapping_add(10).wrapping_sub(u16::from(digit)) % 10;
        latest.checked_sub(back)
    }
}

impl fmt::Display for CplcDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year_digit_and_day() {
            Some((year, day)) => write!(f, "???{year}-{day:03}"),
            None => write!(f, "{:04X}", self.0),
        }
    }
}

impl fmt::Debug for CplcDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CplcDate({self})")
    }
}
