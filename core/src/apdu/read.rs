//! Command APDUs that read and do nothing else.
//!
//! A [`Read`] is SELECT, GET DATA, READ BINARY, READ RECORD or the readers' own FF CA, whole and
//! constant. No other command can become one, so what is made of them moves no counter of a PIN and
//! changes nothing that outlasts the next reset.
//!
//! ISO/IEC 7816-4:2020, 11.2.2 (SELECT), 11.3 (READ BINARY), 11.4.3 (READ RECORD), 11.5 (GET DATA);
//! PC/SC part 3, 3.2.2.1.3 (FF CA).

use core::fmt;

use crate::hex;

/// A command that only reads: the whole APDU, a constant.
///
/// ```
/// use cardwright_core::apdu::Read;
///
/// const SERIAL: Read = Read::new(&[0x00, 0xCA, 0x00, 0x5A, 0x00]).unwrap();
/// assert_eq!(SERIAL.bytes().len(), 5);
/// // VERIFY would move the counter of a PIN.
/// assert_eq!(Read::new(&[0x00, 0x20, 0x00, 0x80, 0x00]), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read(&'static [u8]);

impl Read {
    /// The command, if it is one that only reads; in a constant, anything else stops the compiler.
    ///
    /// CLA 00, 80 (GlobalPlatform) and A0 (SIM); a short APDU with right lengths, at most 28 bytes.
    /// SELECT selects by file identifier, by name or by path, and asks for the first occurrence; without
    /// anything, the master file.
    #[must_use]
    pub const fn new(apdu: &'static [u8]) -> Option<Read> {
        let reads = matches!(
            apdu,
            [0x00, 0xA4, 0x00, 0x0C]
                | [0x00 | 0xA0, 0xA4, 0x00 | 0x02 | 0x04 | 0x08 | 0x09, 0x00 | 0x04 | 0x0C, ..]
                | [0x00 | 0x80, 0xCA, ..]
                | [0x00, 0xCB, ..]
                | [0x00 | 0xA0, 0xB0, ..]
                | [0x00, 0xB1 | 0xB2, ..]
                | [0xFF, 0xCA, 0x00 | 0x01, 0x00, 0x00]
        );
        let whole = match apdu {
            [_, _, 0x00, 0x0C] => true,
            [_, ins, _, _, _] => *ins != 0xCB && *ins != 0xB1,
            [_, _, _, _, lc, ..] => {
                let without_le = (*lc as usize).wrapping_add(5);
                apdu.len() == without_le || apdu.len() == without_le.wrapping_add(1)
            }
            _ => false,
        };
        if reads && whole && apdu.len() <= Command::ROOM { Some(Read(apdu)) } else { None }
    }

    /// The bytes of the APDU.
    #[must_use]
    pub const fn bytes(self) -> &'static [u8] {
        self.0
    }
}

/// A command APDU, ready to be sent. Upper-case hexadecimal by `Display`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command {
    bytes: [u8; Self::ROOM],
    length: u8,
}

impl Command {
    const ROOM: usize = 28;

    /// A copy of at most 28 bytes; of more, the first 28.
    pub(crate) fn of(apdu: &[u8]) -> Self {
        let mut bytes = [0; Self::ROOM];
        let mut length = 0_u8;
        for (place, byte) in bytes.iter_mut().zip(apdu) {
            *place = *byte;
            length = length.wrapping_add(1);
        }
        Command { bytes, length }
    }

    /// With two bytes replaced, when they are there.
    pub(crate) fn with(mut self, at: usize, value: u16) -> Self {
        for (place, byte) in self.bytes.iter_mut().skip(at).zip(value.to_be_bytes()) {
            *place = byte;
        }
        self
    }

    /// The bytes of the APDU.
    #[inline]
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex::write(f, self.bytes(), hex::UPPER, None)
    }
}
