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
    while !rest.is_empty() {
        // All unreserved characters are ASCII, so a run of them ends where a character does.
        let run = rest.bytes().position(|b| !is_unreserved(b)).unwrap_or(rest.len());
        let (plain, tail) = rest.split_at_checked(run).unwrap_or((rest, ""));
        out.write_str(plain)?;
        let mut chars = tail.chars();
        if let Some(c) = chars.next() {
            for byte in c.encode_utf8(&mut [0; 4]).as_bytes() {
                out.write_str("%")?;
                hex::write(out, &[*byte], hex::UPPER, None)?;
            }
        }
        rest = chars.as_str();
    }
    Ok(())
}

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}
