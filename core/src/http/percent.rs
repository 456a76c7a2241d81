//! Percent-encoding (RFC 3986, 2).

use core::fmt::{self, Write};

/// Writes `text` so that it may stand in a path segment, or in the name or value of a parameter: all
/// but the unreserved characters as `%XX` of their UTF-8 bytes. So `DEMO\ipetrov` becomes
/// `DEMO%5Cipetrov`, and a `+`, `/` or `=` of base64 cannot be mistaken.
///
/// # Errors
/// Only those of `out`.
pub fn encode(text: &str, out: &mut dyn Write) -> fmt::Result {
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~') {
            out.write_char(c)?;
            continue;
        }
        for byte in c.encode_utf8(&mut [0; 4]).as_bytes() {
            write!(out, "%{byte:02X}")?;
        }
    }
    Ok(())
}
