//! BER-TLV data objects as cards send them: tag, length, value, one after the other.
//!
//! Nothing is copied, nothing is recursive, and a chain of objects always ends. An object whose end
//! is missing, because an answer was cut, is given with what is there of it and says so.
//!
//! ISO/IEC 7816-4:2020, 6.3: tags of one to three bytes, lengths of one to five, no indefinite
//! length; 00 and FF between objects are padding.

/// One data object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BerTlv<'a> {
    /// The tag as its bytes read: `0x5A`, `0x9F7F`, `0x5FC102`.
    pub tag: u32,
    /// The length that the object announces.
    pub length: u32,
    /// The value, as far as it is there.
    pub value: &'a [u8],
}

impl<'a> BerTlv<'a> {
    /// Whether all of the value is there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        u32::try_from(self.value.len()) == Ok(self.length)
    }

    /// Whether the value is data objects again (bit 6 of the first byte of the tag).
    #[must_use]
    pub fn is_constructed(&self) -> bool {
        let first = self.tag.to_be_bytes().into_iter().find(|byte| *byte != 0);
        first.is_some_and(|first| first & 0x20 != 0)
    }

    /// The objects in the value.
    #[must_use]
    pub const fn objects(&self) -> BerTlvs<'a> {
        BerTlvs::new(self.value)
    }
}

/// The data objects of some bytes, in their order. Ends where no object can be read.
///
/// ```
/// use cardwright_core::apdu::BerTlvs;
///
/// // The answer to SELECT of an application: its name (84) in the file control information (6F).
/// let mut answer = BerTlvs::new(b"\x6F\x09\x84\x07\xF0LODGE\x01");
/// let template = answer.find_tag(0x6F).unwrap();
/// assert!(template.is_constructed() && template.is_whole());
/// assert_eq!(template.objects().find_tag(0x84).unwrap().value, b"\xF0LODGE\x01");
/// ```
#[derive(Debug, Clone)]
pub struct BerTlvs<'a> {
    rest: &'a [u8],
}

impl<'a> BerTlvs<'a> {
    /// The objects of some bytes.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        BerTlvs { rest: bytes }
    }

    /// What is not read yet; at the end, what cannot be read.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next object with this tag.
    pub fn find_tag(&mut self, tag: u32) -> Option<BerTlv<'a>> {
        self.find(|object| object.tag == tag)
    }
}

impl<'a> Iterator for BerTlvs<'a> {
    type Item = BerTlv<'a>;

    fn next(&mut self) -> Option<BerTlv<'a>> {
        while let [0x00 | 0xFF, rest @ ..] = self.rest {
            self.rest = rest;
        }
        let (tag, rest) = tag(self.rest)?;
        let (length, rest) = length(rest)?;
        let wanted = usize::try_from(length).unwrap_or(usize::MAX);
        let (value, rest) = rest.split_at_checked(wanted).unwrap_or((rest, &[]));
        self.rest = rest;
        Some(BerTlv { tag, length, value })
    }
}

/// The value inside of objects inside each other, by their tags one after the other, and whether all of it is there.
pub(crate) fn dig<'a>(data: &'a [u8], mut tags: &[u8]) -> Option<(&'a [u8], bool)> {
    let mut found = (data, true);
    while let Some((wanted, rest)) = tag(tags) {
        let object = BerTlvs::new(found.0).find_tag(wanted)?;
        found = (object.value, object.is_whole());
        tags = rest;
    }
    Some(found)
}

fn tag(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (first, mut rest) = bytes.split_first()?;
    let mut tag = u32::from(*first);
    if first & 0x1F != 0x1F {
        return Some((tag, rest));
    }
    for _ in 0..2 {
        let (next, after) = rest.split_first()?;
        tag = tag << 8 | u32::from(*next);
        rest = after;
        if next & 0x80 == 0 {
            return Some((tag, rest));
        }
    }
    None
}

fn length(bytes: &[u8]) -> Option<(u32, &[u8])> {
    match bytes {
        [short @ 0x00..=0x7F, rest @ ..] => Some((u32::from(*short), rest)),
        [0x81, a, rest @ ..] => Some((u32::from(*a), rest)),
        [0x82, a, b, rest @ ..] => Some((u32::from_be_bytes([0, 0, *a, *b]), rest)),
        [0x83, a, b, c, rest @ ..] => Some((u32::from_be_bytes([0, *a, *b, *c]), rest)),
        [0x84, a, b, c, d, rest @ ..] => Some((u32::from_be_bytes([*a, *b, *c, *d]), rest)),
        _ => None,
    }
}
