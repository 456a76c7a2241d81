//! How the historical bytes of an ATR are coded: what their first byte, the category, says.
//!
//! Every byte has a category; none is refused.
//!
//! ISO/IEC 7816-4:2005, 8.1.1; 2013, 12.1.1.

/// The category of historical bytes (ISO/IEC 7816-4:2005, 8.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Category {
    /// 00: COMPACT-TLV data objects, if any, then a status indicator of three bytes without a tag.
    CompactTlvStatus = 1,
    /// 10: the next byte is the DIR data reference. The editions from 2013 on call it proprietary.
    DirDataReference = 2,
    /// 80: COMPACT-TLV data objects, if any; a status indicator may be the last of them.
    CompactTlv = 3,
    /// 81 to 8F: reserved for future use.
    Reserved = 4,
    /// Any other byte: the issuer's or the manufacturer's own coding.
    Proprietary = 5,
}

impl Category {
    /// The category that a first historical byte means.
    pub const fn of(byte: u8) -> Self {
        match byte {
            0x00 => Category::CompactTlvStatus,
            0x10 => Category::DirDataReference,
            0x80 => Category::CompactTlv,
            0x81..=0x8F => Category::Reserved,
            _ => Category::Proprietary,
        }
    }
}
