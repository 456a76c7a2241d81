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
    for byte in text.bytes() {
        if is_in(&UNRESERVED, byte) {
            out.write_char(char::from(byte))?;
        } else {
            out.write_char('%')?;
            hex::write(out, &[byte], hex::UPPER, None)?;
        }
    }
    Ok(())
}
