//! Which bytes may stand in a text.

/// A set of bytes: a bit for each of ASCII, and a word for all others. One loop over bits is smaller than a loop for each
/// set.
pub(crate) type Set = [u32; 5];

pub(crate) const LETTERS_AND_DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What stands for itself everywhere in an address (RFC 3986, 2.3).
pub(crate) static UNRESERVED: Set = set(LETTERS_AND_DIGITS, b"-._~", false);

/// The bytes of two lists, and all outside ASCII if `others`.
pub(crate) const fn set(one: &[u8], more: &[u8], others: bool) -> Set {
    let mut set = [0, 0, 0, 0, if others { u32::MAX } else { 0 }];
    let mut lists = [one, more];
    while let [[byte, rest @ ..], _] | [[], [byte, rest @ ..]] = lists {
        set[(*byte >> 5) as usize] |= 1 << (*byte & 0x1F);
        lists = if lists[0].is_empty() { [&[], rest] } else { [rest, lists[1]] };
    }
    set
}

/// Whether a byte is in a set.
#[inline]
pub(crate) fn is_in(set: &Set, byte: u8) -> bool {
    let word = set.get(usize::from(byte >> 5).min(4)).copied().unwrap_or(0);
    word >> (byte & 0x1F) & 1 != 0
}

/// How many bytes at the start are in a set.
#[inline(never)]
pub(crate) fn run(bytes: &[u8], set: &Set) -> usize {
    bytes.iter().position(|byte| !is_in(set, *byte)).unwrap_or(bytes.len())
}
