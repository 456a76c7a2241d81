//! Percent-encoding (RFC 3986, 2).

use crate::bytes::{UNRESERVED, is_in};
use crate::hex;
use core::fmt::{self, Write};

/// Writes `text` so that it may stand in a path segment, or in the name or value of a parameter: all
/// but the unreserved characters as `%XX` of their UTF-8 bytes. So `DEMO\ipetrov` becomes
/// `DEMO%5Cipetrov`, and a `+`, `/` or `=` of base64 cannot be mistaken.
///
/// # Errors
/// Only those of `out`.
pub fn encode(text: &str, out: &mut dyn Write) -> fmt::Result {
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !is_in(&UNRESERVED, byte) {
            // All unreserved characters are ASCII, so a run of them is a text.
            if plain < at {
                out.write_str(text.get(plain..at).unwrap_or(""))?;
            }
            plain = at.wrapping_add(1);
            out.write_char('%')?;
            hex::write(out, &[byte], hex::UPPER, None)?;
        }
    }
    out.write_str(text.get(plain..).unwrap_or(""))
}
