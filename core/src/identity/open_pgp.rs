//! The application identifier of an OpenPGP card, which carries maker and serial number.
//!
//! Functional Specification of the OpenPGP application 3.4.1, 4.2.1.

use core::fmt;

use crate::error::{Code, Error};

/// The identifier of the application up to its version: FSF Europe's RID and application 01.
pub(super) const PREFIX: [u8; 6] = [0xD2, 0x76, 0x00, 0x01, 0x24, 0x01];
const YUBICO: u16 = 0x0006;

/// The sixteen bytes of the application identifier (data object 4F), taken apart.
///
/// `Display` writes `MMMM:SSSSSSSS`, manufacturer and serial in upper-case hexadecimal.
///
/// # Examples
/// ```
/// use cardwright_core::identity::OpenPgpAid;
///
/// let aid = OpenPgpAid::parse(&[
///     0xD2, 0x76, 0x00, 0x01, 0x24, 0x01, 0x03, 0x04, 0x00, 0x06, 0x12, 0x34, 0x56, 0x78, 0x00, 0x00,
/// ])?;
/// assert_eq!((aid.version, aid.manufacturer, aid.serial), (0x0304, 6, 0x1234_5678));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_structs, reason = "the fields are those of the standard")]
pub struct OpenPgpAid {
    /// The version of the specification as two decimal-coded bytes: 0x0304 is 3.4.
    pub version: u16,
    /// Who made the card: 0005 ZeitControl, 0006 Yubico, 000F Nitrokey, FFFE and 0000 tests.
    pub manufacturer: u16,
    /// The serial number given by the manufacturer.
    pub serial: u32,
}

impl OpenPgpAid {
    /// Reads the sixteen bytes.
    ///
    /// # Errors
    ///
    /// [`Code::Short`] when there are fewer, [`Code::Room`] when there are more, [`Code::Serial`]
    /// when they are another application's.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        match bytes {
            [prefix @ .., v, w, m, n, a, b, c, d, _, _] if *prefix == PREFIX => Ok(OpenPgpAid {
                version: u16::from_be_bytes([*v, *w]),
                manufacturer: u16::from_be_bytes([*m, *n]),
                serial: u32::from_be_bytes([*a, *b, *c, *d]),
            }),
            _ => {
                let code = match bytes.len() {
                    0..16 => Code::Short,
                    16 => Code::Serial,
                    _ => Code::Room,
                };
                Err(Error { code, at: if code == Code::Serial { 0 } else { bytes.len().min(16) }, what: "OpenPGP AID" })
            }
        }
    }

    /// The serial number as it is printed on the device.
    ///
    /// Yubico writes its decimal digits as hexadecimal ones: 0x17654321 is 17654321. Where one is
    /// no decimal digit, and for all others, it is [`serial`](Self::serial).
    #[must_use]
    pub fn printed_serial(&self) -> u32 {
        let decimal = (0..8_u32).rev().try_fold(0_u32, |number, digit| {
            let digit = self.serial >> digit.wrapping_mul(4) & 0x0F;
            (digit <= 9).then(|| number.wrapping_mul(10).wrapping_add(digit))
        });
        decimal.filter(|_| self.manufacturer == YUBICO).unwrap_or(self.serial)
    }
}

impl fmt::Display for OpenPgpAid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}:{:08X}", self.manufacturer, self.serial)
    }
}
