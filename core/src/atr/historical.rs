//! What the historical bytes of an ATR say: their category, and what stands in them.
//!
//! Every byte has a category; none is refused. The data objects come from an iterator that stops
//! where one does not fit; what is left is [`CompactTlv::rest`].
//!
//! ISO/IEC 7816-4:2005, 8.1.1; 2013 and 2020, 12.1.1. PC/SC part 3, 3.1.3.2.3 (storage cards).

mod capabilities;
mod compact_tlv;
mod object;
mod storage_card;

pub use capabilities::{Capabilities, CardServiceData, CommandCapabilities, DataCoding, Selection, WriteBehaviour};
pub use compact_tlv::{CompactTlv, DataObject};
pub use object::{Digits, InitialAccess, LifeCycle, StatusIndicator};
pub use storage_card::{Standard, StorageCard};

use super::Atr;

/// The category of historical bytes (ISO/IEC 7816-4:2005, 8.1.1).
///
/// # Examples
/// ```
/// use cardwright_core::atr::Category;
///
/// assert_eq!(Category::of(0x80), Category::CompactTlv);
/// assert_eq!(Category::of(0x85), Category::Reserved);
/// assert_eq!(Category::of(0x41), Category::Proprietary);
/// ```
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
    #[must_use]
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

/// Historical bytes, at least one, as their category has them.
///
/// # Examples
/// ```
/// use cardwright_core::atr::Historical;
///
/// // Card service data, capabilities, and a status at the end.
/// let historical = Historical::of(&[0x80, 0x31, 0xC0, 0x73, 0xC0, 0x01, 0x40, 0x82, 0x90, 0x00]).unwrap();
/// assert_eq!(historical.objects().count(), 3);
/// assert!(historical.card_service_data().is_some_and(|data| data.by_full_df_name()));
/// assert_eq!(historical.status().and_then(|status| status.sw), Some(0x9000));
/// assert_eq!(Historical::of(b""), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Historical<'a> {
    /// Category 00 or 80.
    CompactTlv {
        /// The data objects.
        objects: CompactTlv<'a>,
        /// The last three bytes under category 00. `None` under category 80, whose status is a data
        /// object, and when there are fewer than three.
        status: Option<StatusIndicator>,
    },
    /// Category 10: the DIR data reference, or `None` when there is no second byte.
    DirDataReference(Option<u8>),
    /// Category 80 as a contactless reader makes it for a storage card.
    StorageCard(StorageCard<'a>),
    /// Categories 81 to 8F, reserved: all bytes.
    Reserved(&'a [u8]),
    /// Any other category: all bytes, the issuer's or the manufacturer's own.
    Proprietary(&'a [u8]),
}

impl<'a> Historical<'a> {
    /// Reads historical bytes, or the like of them from EF.ATR/INFO; `None` when there are none.
    #[must_use]
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        let (first, body) = bytes.split_first()?;
        Some(match Category::of(*first) {
            Category::CompactTlvStatus => {
                let split = body.split_last_chunk::<3>();
                let status = split.map(|(_, &[lcs, sw1, sw2])| StatusIndicator::new(Some(lcs), Some([sw1, sw2])));
                // Fewer than three bytes are no status, and what they are nobody can tell.
                Historical::CompactTlv { objects: CompactTlv::new(split.map_or(&[], |(objects, _)| objects)), status }
            }
            Category::CompactTlv => match StorageCard::of(body) {
                Some(card) => Historical::StorageCard(card),
                None => Historical::CompactTlv { objects: CompactTlv::new(body), status: None },
            },
            Category::DirDataReference => Historical::DirDataReference(body.first().copied()),
            Category::Reserved => Historical::Reserved(bytes),
            Category::Proprietary => Historical::Proprietary(bytes),
        })
    }

    /// The data objects of COMPACT-TLV; none under other categories.
    #[must_use]
    pub fn objects(&self) -> CompactTlv<'a> {
        match self {
            Historical::CompactTlv { objects, .. } => *objects,
            _ => CompactTlv::new(&[]),
        }
    }

    /// The content of the first data object with a tag, by the lower half of it: 7 for 47.
    #[must_use]
    pub fn object(&self, tag: u8) -> Option<&'a [u8]> {
        self.objects().find(|object| object.tag == tag).map(|object| object.value)
    }

    /// The status indicator: the last three bytes under category 00, else data object 48.
    #[must_use]
    pub fn status(&self) -> Option<StatusIndicator> {
        match self {
            Historical::CompactTlv { status: Some(status), .. } => Some(*status),
            _ => StatusIndicator::of(self.object(8)?),
        }
    }

    /// Data object 43 (ISO/IEC 7816-4:2005, 8.1.1.2.3).
    #[must_use]
    pub fn card_service_data(&self) -> Option<CardServiceData> {
        match *self.object(3)? {
            [byte] => Some(CardServiceData(byte)),
            _ => None,
        }
    }

    /// Data object 47 (ISO/IEC 7816-4:2005, 8.1.1.2.7).
    #[must_use]
    pub fn capabilities(&self) -> Option<Capabilities> {
        Capabilities::of(self.object(7)?)
    }

    /// Data object 44 (ISO/IEC 7816-4:2005, 8.1.1.2.4).
    #[must_use]
    pub fn initial_access(&self) -> Option<InitialAccess> {
        InitialAccess::of(self.object(4)?)
    }

    /// Data object 41: the country code of ISO 3166-1 in three digits, and national data after them.
    pub fn country_code(&self) -> Option<Digits<'a>> {
        self.object(1).map(Digits::new)
    }

    /// Data object 42: the issuer identification number of ISO/IEC 7812-1.
    pub fn issuer(&self) -> Option<Digits<'a>> {
        self.object(2).map(Digits::new)
    }

    /// Data object 4F: an application identifier.
    #[must_use]
    pub fn application_identifier(&self) -> Option<&'a [u8]> {
        self.object(0x0F)
    }
}

impl<'a> Atr<'a> {
    /// How the historical bytes are coded, from the first of them; `None` when there are none
    /// (ISO/IEC 7816-4:2005, 8.1.1).
    pub fn category(&self) -> Option<Category> {
        self.historical_bytes().first().copied().map(Category::of)
    }

    /// What the historical bytes say; `None` when there are none.
    #[must_use]
    pub fn historical(&self) -> Option<Historical<'a>> {
        Historical::of(self.historical_bytes())
    }
}
