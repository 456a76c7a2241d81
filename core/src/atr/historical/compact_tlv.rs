//! COMPACT-TLV: data objects with a header of one byte, the tag in its upper half and the length in
//! its lower.
//!
//! An object that does not fit ends the list; the bytes from it on are the rest. Tags that the
//! standard reserves are given like all others.
//!
//! ISO/IEC 7816-4:2005, 8.1.1.2; 2013, 12.1.1.2.

/// A data object.
///
/// # Examples
/// ```
/// use cardwright_core::atr::DataObject;
///
/// let object = DataObject { tag: 3, value: &[0xC0] };
/// assert_eq!((object.header(), object.text()), (0x31, Some("card service data")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DataObject<'a> {
    /// The lower half of its tag, 0 to 15: 7 for 47.
    pub tag: u8,
    /// Its content, 0 to 15 bytes.
    pub value: &'a [u8],
}

impl DataObject<'_> {
    /// The header: tag and length.
    #[must_use]
    pub fn header(&self) -> u8 {
        (self.tag << 4) | (self.value.len() & 0x0F) as u8
    }

    /// What an object with this tag holds, in a few words; `None` where the tag is reserved.
    #[must_use]
    pub const fn text(&self) -> Option<&'static str> {
        Some(match self.tag {
            1 => "country code and national data",
            2 => "issuer identification number",
            3 => "card service data",
            4 => "initial access data",
            5 => "card issuer's data",
            6 => "pre-issuing data",
            7 => "card capabilities",
            8 => "status indicator",
            15 => "application identifier",
            _ => return None,
        })
    }
}

/// Data objects one after another, as an iterator over what is left of them.
///
/// # Examples
/// ```
/// use cardwright_core::atr::CompactTlv;
///
/// // The second object says five bytes, and one is there.
/// let mut objects = CompactTlv::new(&[0x31, 0xC0, 0x75, 0x01]);
/// assert_eq!(objects.next().map(|object| object.value), Some(&[0xC0][..]));
/// assert_eq!(objects.next(), None);
/// assert_eq!(objects.rest(), [0x75, 0x01]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CompactTlv<'a> {
    left: &'a [u8],
}

impl<'a> CompactTlv<'a> {
    /// Data objects without a category byte before them.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        CompactTlv { left: bytes }
    }

    /// What has not been given yet. After the last object: what is no object, because its length is
    /// greater than what is there.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.left
    }
}

impl<'a> Iterator for CompactTlv<'a> {
    type Item = DataObject<'a>;

    #[inline]
    fn next(&mut self) -> Option<DataObject<'a>> {
        let (header, after) = self.left.split_first()?;
        let (value, left) = after.split_at_checked(usize::from(header & 0x0F))?;
        self.left = left;
        Some(DataObject { tag: header >> 4, value })
    }
}

impl core::iter::FusedIterator for CompactTlv<'_> {}
