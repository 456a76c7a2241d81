//! The encodings that people's programs write text files in.
//!
//! Programs of Windows begin a file with a byte order mark, and some write UTF-16 (Unicode 16.0, 3.10 and 23.8). The
//! mark is no part of the text. Without one, a file is UTF-8. Line ends are left as they are: who reads lines takes
//! CR LF for one.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

/// What keeps bytes from being a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotText {
    /// They are not UTF-8, and no byte order mark says that they are something else.
    Utf8,
    /// A byte order mark says UTF-16, and they are not.
    Utf16,
    /// They hold U+0000: a text in UTF-16 without its mark, or no text at all.
    Zero,
}

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotText::Utf8 => "it is not UTF-8",
            NotText::Utf16 => "it begins as UTF-16 and is not",
            NotText::Zero => {
                "it holds zero bytes: it is no text, or UTF-16 without a byte order mark; save it as UTF-8"
            }
        })
    }
}

impl core::error::Error for NotText {}

/// The text of a file's bytes.
///
/// # Errors
/// Where they are no text.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, NotText> {
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)?),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)?),
        [0xEF, 0xBB, 0xBF, rest @ ..] | rest => Cow::Borrowed(core::str::from_utf8(rest).map_err(|_| NotText::Utf8)?),
    };
    if text.contains('\0') { Err(NotText::Zero) } else { Ok(text) }
}

/// Room for all of it from the start: what grows leaves copies of secrets behind.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NotText> {
    let (units, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2 * 3);
    for read in char::decode_utf16(units.iter().map(|pair| unit(*pair))) {
        text.push(read.map_err(|_| NotText::Utf16)?);
    }
    if rest.is_empty() { Ok(text) } else { Err(NotText::Utf16) }
}
