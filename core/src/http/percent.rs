//! Percent-encoding (RFC 3986, 2).

use crate::hex;
use core::fmt::{self, Write};

/// Writes `text` so that it may stand in a path segment, or in the name or value of a parameter: all
/// but the unreserved characters as `%XX` of their UTF-8 bytes. So `DEMO\ipetrov` becomes
/// `DEMO%5Cipetrov`, and a `+`, `/` or `=` of base64 cannot be mistaken.
///
/// # Errors
/// Only those of `out`.
pub fn encode(text: &str, out: &mut dyn Write) -> fmt::Result {
    let mut rest = text;
    loop {
        // All unreserved characters are ASCII, so a run of them is a text.
        let run = rest.bytes().position(|byte| !is_unreserved(byte)).unwrap_or(rest.len());
        let Some((plain, tail)) = rest.split_at_checked(run) else { return Ok(()) };
        out.write_str(plain)?;
        let mut chars = tail.chars();
        if chars.next().is_none() {
            return Ok(());
        }
        rest = chars.as_str();
        for byte in tail.bytes().take(tail.len().wrapping_sub(rest.len())) {
            out.write_char('%')?;
            hex::write(out, &[byte], hex::UPPER, None)?;
        }
    }
}

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}
