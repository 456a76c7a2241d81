//! Bytes written in hexadecimal, as people and systems write ATRs and serial numbers.
//!
//! Reads both cases, says where a text is wrong, writes without a buffer.

use core::fmt::{self, Write};

use crate::error::{Code, Error};

/// The digits in upper case.
pub(crate) const UPPER: &[u8; 16] = b"0123456789ABCDEF";
/// The digits in lower case.
pub(crate) const LOWER: &[u8; 16] = b"0123456789abcdef";

/// Reads bytes with any number of spaces and colons around them; says how many there are.
///
/// # Errors
///
/// `Hex` at a character that cannot stand there, `HexOdd` at a last digit that stands alone, `Room`
/// at the first byte for which `out` has no place.
pub(crate) fn decode(text: &str, out: &mut [u8]) -> Result<usize, Error> {
    let mut places = out.iter_mut();
    let mut count = 0_usize;
    let mut high = None;
    for (at, &c) in text.as_bytes().iter().enumerate() {
        match (high, digit(c)) {
            (None, None) if is_separator(c) => {}
            (_, None) => return Err(Error::new(Code::Hex, at)),
            (None, Some(nibble)) => high = Some((nibble, at)),
            (Some((nibble, at)), Some(low)) => {
                let Some(place) = places.next() else { return Err(Error::new(Code::Room, at)) };
                *place = nibble << 4 | low;
                count = count.wrapping_add(1);
                high = None;
            }
        }
    }
    match high {
        Some((_, at)) => Err(Error::new(Code::HexOdd, at)),
        None => Ok(count),
    }
}

/// An error in decoded bytes as an error in the text that [`decode`] read them from.
pub(crate) fn in_text(error: Error, text: &str) -> Error {
    let mut digits = text.as_bytes().iter().enumerate().filter(|(_, c)| !is_separator(**c));
    let at = digits.nth(error.at.wrapping_mul(2)).map_or(text.len(), |(at, _)| at);
    Error { at, ..error }
}

/// Writes bytes with one set of digits, and with a separator between them if there is one.
pub(crate) fn write(out: &mut dyn Write, bytes: &[u8], digits: &[u8; 16], separator: Option<char>) -> fmt::Result {
    for (index, byte) in bytes.iter().enumerate() {
        if let (Some(separator), 1..) = (separator, index) {
            out.write_char(separator)?;
        }
        for nibble in [byte >> 4, byte & 0x0F] {
            out.write_char(char::from(digits.get(usize::from(nibble)).copied().unwrap_or(b'?')))?;
        }
    }
    Ok(())
}

/// The value of a hexadecimal digit.
pub(crate) const fn digit(c: u8) -> Option<u8> {
    match c {
        b'0'..=b'9' => Some(c.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(c.wrapping_sub(b'a').wrapping_add(10)),
        b'A'..=b'F' => Some(c.wrapping_sub(b'A').wrapping_add(10)),
        _ => None,
    }
}

const fn is_separator(c: u8) -> bool {
    matches!(c, b' ' | b':')
}
