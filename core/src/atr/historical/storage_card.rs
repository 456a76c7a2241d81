//! Cards without a protocol of their own, for which a contactless reader makes up an ATR.
//!
//! A number that no table knows is kept and has no name.
//!
//! PC/SC part 3, 3.1.3.2.3.2, and its supplement for the standards and names (revision 2.01.08, and
//! 3C and 3D since).

/// The registered identifier of the PC/SC Workgroup.
const RID: [u8; 5] = [0xA0, 0x00, 0x00, 0x03, 0x06];

/// What a reader says of a storage card.
///
/// # Examples
/// ```
/// use cardwright_core::atr::{AtrBuf, Historical};
///
/// let atr = AtrBuf::from_hex("3B8F8001804F0CA000000306030001000000006A")?;
/// let Some(Historical::StorageCard(card)) = atr.as_atr().historical() else { panic!("a storage card") };
/// assert_eq!((card.number, card.name()), (1, Some("MIFARE Classic 1K")));
/// assert!(!card.is_vendors());
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StorageCard<'a> {
    /// The length that is announced: 12.
    pub announced: u8,
    /// SS: the standard.
    pub standard: Standard,
    /// NN NN: the card's name by its number; [`name`](Self::name) has the words.
    pub number: u16,
    /// What follows: four bytes of 00, reserved for future use.
    pub reserved: &'a [u8],
}

impl<'a> StorageCard<'a> {
    /// The number under which storage cards without a name go.
    pub const NO_NAME: u16 = 0;

    /// Reads what stands behind a category byte of 80; `None` unless it is 4F, a length of at least
    /// 8, the identifier of PC/SC, and at least SS and NN.
    ///
    /// It is no COMPACT-TLV, by which it would be initial access data that are too long.
    #[must_use]
    pub fn of(body: &'a [u8]) -> Option<Self> {
        let (&[0x4F, announced], after) = body.split_first_chunk()? else { return None };
        let (&[r1, r2, r3, r4, r5, standard, high, low], rest) = after.split_first_chunk()?;
        if announced < 8 || [r1, r2, r3, r4, r5] != RID {
            return None;
        }
        let reserved = rest.get(..usize::from(announced).wrapping_sub(8)).unwrap_or(rest);
        Some(StorageCard { announced, standard: Standard(standard), number: u16::from_be_bytes([high, low]), reserved })
    }

    /// The name of the card, from PC/SC's list or, from F004 on, by the use of readers' makers;
    /// `None` for 0000 and where nobody has documented one.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        let named = NAMES.get(usize::from(self.number)).copied().filter(|name| !name.is_empty());
        named.or_else(|| VENDORS.iter().find(|(number, _)| *number == self.number).map(|(_, name)| *name))
    }

    /// Whether [`name`](Self::name) is a reader maker's, not of PC/SC's list.
    #[must_use]
    pub const fn is_vendors(&self) -> bool {
        self.number as usize >= NAMES.len()
    }
}

/// SS: the standard of a storage card.
///
/// # Examples
/// ```
/// use cardwright_core::atr::Standard;
///
/// assert_eq!(Standard(0x03).name(), Some("ISO/IEC 14443 A, part 3"));
/// assert_eq!(Standard(0x04).name(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Standard(pub u8);

impl Standard {
    /// Its name; `None` where the number is reserved.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            0x00 => "no information",
            0x01 => "ISO/IEC 14443 A, part 1",
            0x02 => "ISO/IEC 14443 A, part 2",
            0x03 => "ISO/IEC 14443 A, part 3",
            0x05 => "ISO/IEC 14443 B, part 1",
            0x06 => "ISO/IEC 14443 B, part 2",
            0x07 => "ISO/IEC 14443 B, part 3",
            0x09 => "ISO/IEC 15693, part 1",
            0x0A => "ISO/IEC 15693, part 2",
            0x0B => "ISO/IEC 15693, part 3",
            0x0C => "ISO/IEC 15693, part 4",
            0x0D => "contact, ISO/IEC 7816-10, I2C",
            0x0E => "contact, ISO/IEC 7816-10, extended I2C",
            0x0F => "contact, ISO/IEC 7816-10, 2WBP",
            0x10 => "contact, ISO/IEC 7816-10, 3WBP",
            0x11 => "FeliCa",
            0x40 => "low-frequency contactless",
            _ => return None,
        })
    }
}

/// By number. 0005 is not used.
const NAMES: [&str; 0x3E] = [
    "",
    "MIFARE Classic 1K",
    "MIFARE Classic 4K",
    "MIFARE Ultralight",
    "SLE55R_XXXX",
    "",
    "SR176",
    "SRI X4K",
    "AT88RF020",
    "AT88SC0204CRF",
    "AT88SC0808CRF",
    "AT88SC1616CRF",
    "AT88SC3216CRF",
    "AT88SC6416CRF",
    "SRF55V10P",
    "SRF55V02P",
    "SRF55V10S",
    "SRF55V02S",
    "TAG IT",
    "LRI512",
    "ICODE SLI",
    "TEMPSENS",
    "I.CODE1",
    "PicoPass 2K",
    "PicoPass 2KS",
    "PicoPass 16K",
    "PicoPass 16KS",
    "PicoPass 16K (8x2)",
    "PicoPass 16KS (8x2)",
    "PicoPass 32KS (16+16)",
    "PicoPass 32KS (16+8x2)",
    "PicoPass 32KS (8x2+16)",
    "PicoPass 32KS (8x2+8x2)",
    "LRI64",
    "ICODE UID",
    "ICODE EPC",
    "LRI12",
    "LRI128",
    "MIFARE Mini",
    "my-d move (SLE 66R01P)",
    "my-d NFC (SLE 66RxxP)",
    "my-d proximity 2 (SLE 66RxxS)",
    "my-d proximity enhanced (SLE 55RxxE)",
    "my-d light (SRF 55V01P)",
    "PJM Stack Tag (SRF 66V10ST)",
    "PJM Item Tag (SRF 66V10IT)",
    "PJM Light (SRF 66V01ST)",
    "Jewel Tag",
    "Topaz NFC Tag",
    "AT88SC0104CRF",
    "AT88SC0404CRF",
    "AT88RF01C",
    "AT88RF04C",
    "ICODE SL2",
    "MIFARE Plus SL1 2K",
    "MIFARE Plus SL1 4K",
    "MIFARE Plus SL2 2K",
    "MIFARE Plus SL2 4K",
    "MIFARE Ultralight C",
    "FeliCa",
    "Melexis sensor tag (MLX90129)",
    "MIFARE Ultralight EV1",
];

/// What makers of readers have documented beyond the list.
const VENDORS: [(u16, &str); 5] = [
    (0xF004, "Topaz or Jewel"),
    (0xF011, "FeliCa 212K"),
    (0xF012, "FeliCa 424K"),
    (0xFF28, "JCOP 30"),
    (0xFF88, "Infineon SLE 66R35"),
];
