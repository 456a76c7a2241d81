//! The contents of single data objects: status, initial access, digits.
//!
//! What the standard reserves is kept as its byte; lengths that it does not know give `None`.
//!
//! ISO/IEC 7816-4:2005, 8.1.1.2.1 (country, issuer), 8.1.1.2.4 (initial access), 8.1.1.3 (status).

use core::fmt;

/// The status of a card: a life cycle status, a status word, or both.
///
/// # Examples
/// ```
/// use cardwright_core::atr::StatusIndicator;
///
/// let status = StatusIndicator::of(&[0x05, 0x90, 0x00]).unwrap();
/// assert_eq!(status.sw, Some(0x9000));
/// assert_eq!(status.life_cycle.map(|of| of.name()), Some("operational-activated"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusIndicator {
    /// The life cycle status byte.
    pub life_cycle: Option<LifeCycle>,
    /// SW1 SW2; 0000 where nothing is indicated.
    pub sw: Option<u16>,
}

impl StatusIndicator {
    pub(super) fn new(lcs: Option<u8>, sw: Option<[u8; 2]>) -> Self {
        StatusIndicator { life_cycle: lcs.map(LifeCycle), sw: sw.map(u16::from_be_bytes) }
    }

    /// Reads the content of data object 48; `None` unless it has 1, 2 or 3 bytes.
    #[must_use]
    pub fn of(value: &[u8]) -> Option<Self> {
        match *value {
            [lcs] => Some(Self::new(Some(lcs), None)),
            [sw1, sw2] => Some(Self::new(None, Some([sw1, sw2]))),
            [lcs, sw1, sw2] => Some(Self::new(Some(lcs), Some([sw1, sw2]))),
            _ => None,
        }
    }
}

/// A life cycle status byte (ISO/IEC 7816-4:2005, table 13).
///
/// # Examples
/// ```
/// use cardwright_core::atr::LifeCycle;
///
/// assert_eq!(LifeCycle(0x0C).name(), "termination");
/// assert_eq!(LifeCycle(0x02).name(), "rfu");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LifeCycle(pub u8);

impl LifeCycle {
    /// `no-information`, `creation`, `initialisation`, `operational-activated`,
    /// `operational-deactivated`, `termination`, `rfu` or `proprietary`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self.0 {
            0 => "no-information",
            1 => "creation",
            3 => "initialisation",
            5 | 7 => "operational-activated",
            4 | 6 => "operational-deactivated",
            0x0C..=0x0F => "termination",
            0x10.. => "proprietary",
            _ => "rfu",
        }
    }
}

/// How the first data of a card are read (ISO/IEC 7816-4:2005, 8.1.1.2.4).
///
/// # Examples
/// ```
/// use cardwright_core::atr::InitialAccess;
///
/// // A transparent file with the short identifier 1E, of which ten bytes are read.
/// let access = InitialAccess::of(&[0x9E, 0x0A]).unwrap();
/// assert_eq!(access.command(), [0x00, 0xB0, 0x9E, 0x00, 0x0A]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InitialAccess {
    /// By READ BINARY of the current file, with this Le.
    ReadBinary {
        /// Le; 0 is 256.
        le: u8,
    },
    /// By READ BINARY or READ RECORD of a file.
    File {
        /// Whether the file is transparent; it has records otherwise.
        transparent: bool,
        /// The short EF identifier, 0 to 31.
        short_id: u8,
        /// Le; 0 is 256.
        le: u8,
    },
    /// By this command APDU.
    Command([u8; 5]),
}

impl InitialAccess {
    /// Reads the content of data object 44; `None` unless it has 1, 2 or 5 bytes.
    #[must_use]
    pub fn of(value: &[u8]) -> Option<Self> {
        match *value {
            [le] => Some(InitialAccess::ReadBinary { le }),
            [file, le] => Some(InitialAccess::File { transparent: file & 0x80 != 0, short_id: file & 0x1F, le }),
            [cla, ins, p1, p2, le] => Some(InitialAccess::Command([cla, ins, p1, p2, le])),
            _ => None,
        }
    }

    /// The command APDU to send.
    #[must_use]
    pub const fn command(self) -> [u8; 5] {
        match self {
            InitialAccess::ReadBinary { le } => [0x00, 0xB0, 0x00, 0x00, le],
            InitialAccess::File { transparent: true, short_id, le } => [0x00, 0xB0, 0x80 | short_id, 0x00, le],
            InitialAccess::File { transparent: false, short_id, le } => [0x00, 0xB2, 0x01, (short_id << 3) | 0x06, le],
            InitialAccess::Command(apdu) => apdu,
        }
    }
}

/// Digits of four bits each; the last may be the padding F.
///
/// # Examples
/// ```
/// use cardwright_core::atr::Historical;
///
/// let historical = Historical::of(&[0x80, 0x12, 0x05, 0x6F]).unwrap();
/// assert_eq!(historical.country_code().map(|code| code.to_string()).as_deref(), Some("056"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digits<'a> {
    bytes: &'a [u8],
}

impl<'a> Digits<'a> {
    /// The digits of these bytes.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Digits { bytes }
    }

    /// The bytes that they stand in.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The digits, 0 to 15 each, from the left; 10 to 15 are none of a decimal number.
    pub fn iter(&self) -> impl Iterator<Item = u8> + 'a {
        self.bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F])
    }

    /// The first three digits as a number, such as a country code of ISO 3166-1; `None` where there
    /// are fewer, or where one is not decimal.
    #[must_use]
    pub fn first_three(&self) -> Option<u16> {
        let [first, second, ..] = *self.bytes else { return None };
        [first >> 4, first & 0x0F, second >> 4]
            .into_iter()
            .try_fold(0_u16, |number, digit| (digit < 10).then(|| number.wrapping_mul(10).wrapping_add(digit.into())))
    }
}

/// The digits in hexadecimal, without a last F.
impl fmt::Display for Digits<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let padded = self.bytes.last().is_some_and(|last| last & 0x0F == 0x0F);
        let count = self.bytes.len().wrapping_mul(2).wrapping_sub(usize::from(padded));
        self.iter().take(count).try_for_each(|digit| write!(f, "{digit:X}"))
    }
}
