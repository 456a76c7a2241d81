//! Text files as people's programs write them: one reader for all of them.
//!
//! Programs of Windows begin a file with a byte order mark, and some write UTF-16 (Unicode 16.0, 3.10 and 23.8). The
//! mark is no part of the text. Without one, a file is UTF-8. Line ends are left as they are: who reads lines takes
//! CR LF for one.

use crate::failure::Failure;
use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead, Cursor, Read as _};
use std::path::Path;

/// How much of a file is read: 1 GiB.
const MOST: u64 = 1 << 30;

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

impl std::error::Error for NotText {}

/// The text of a file's bytes.
///
/// # Errors
/// Where they are no text.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, NotText> {
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)?),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)?),
        [0xEF, 0xBB, 0xBF, rest @ ..] | rest => Cow::Borrowed(std::str::from_utf8(rest).map_err(|_| NotText::Utf8)?),
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

/// The text in a file.
///
/// # Errors
/// [`Kind::Usage`](crate::Kind) with the file's name, where it cannot be read, is longer than 1 GiB, or is no text.
pub fn read(file: &Path) -> Result<String, Failure> {
    let wrong = |why: &dyn fmt::Display| Failure::usage(format!("{}: {why}", file.display()));
    let bytes = read_bytes(file).map_err(|error| wrong(&error))?;
    Ok(decode(&bytes).map_err(|why| wrong(&why))?.into_owned())
}

/// A file of text for a reader of bytes, such as PEM: in UTF-8 without a byte order mark. What is no text is left as it
/// is.
///
/// # Errors
/// Where the file cannot be read, or is longer than 1 GiB.
pub fn read_as_utf8(file: &Path) -> io::Result<Vec<u8>> {
    let bytes = read_bytes(file)?;
    Ok(match decode(&bytes) {
        Ok(text) if text.len() != bytes.len() => text.into_owned().into_bytes(),
        _ => bytes,
    })
}

fn read_bytes(file: &Path) -> io::Result<Vec<u8>> {
    let file = std::fs::File::open(file)?;
    let length = file.metadata().map_or(0, |facts| facts.len()).min(MOST);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
    file.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST { Err(io::Error::other("it is longer than 1 GiB")) } else { Ok(bytes) }
}

/// An input as UTF-8 without a byte order mark, to be read bit by bit. Only as many bytes are waited for as a mark may
/// have.
///
/// # Errors
/// Where it cannot be read, or begins as UTF-16 and is not.
pub fn input<'i>(mut input: impl BufRead + 'i) -> io::Result<Box<dyn BufRead + 'i>> {
    let mut start = Vec::with_capacity(3);
    for mark in [&[0xEF, 0xBB, 0xBF][..], &[0xFF, 0xFE], &[0xFE, 0xFF]] {
        while mark.starts_with(&start) && start.len() < mark.len() {
            let mut byte = [0];
            if input.read(&mut byte)? == 0 {
                break;
            }
            start.extend(byte);
        }
        if start.starts_with(mark) {
            if mark.len() == 3 {
                return Ok(Box::new(input));
            }
            input.take(MOST).read_to_end(&mut start)?;
            let text = decode(&start).map_err(io::Error::other)?.into_owned();
            return Ok(Box::new(Cursor::new(text.into_bytes())));
        }
    }
    Ok(Box::new(Cursor::new(start).chain(input)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "é 名 \u{1F511}\r\nzwei\r\n";

    /// The same text as programs of Windows and others write it.
    fn spellings() -> Vec<Vec<u8>> {
        let units: Vec<u16> = TEXT.encode_utf16().collect();
        let wide = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| {
            mark.into_iter().chain(units.iter().flat_map(|unit| bytes(*unit))).collect::<Vec<u8>>()
        };
        vec![
            TEXT.as_bytes().to_vec(),
            [&[0xEF, 0xBB, 0xBF], TEXT.as_bytes()].concat(),
            wide([0xFF, 0xFE], u16::to_le_bytes),
            wide([0xFE, 0xFF], u16::to_be_bytes),
        ]
    }

    #[test]
    fn a_text_is_the_same_in_each_encoding() {
        for bytes in spellings() {
            assert_eq!(decode(&bytes).expect("a text"), TEXT);
            let mut lines = Vec::new();
            for line in input(&bytes[..]).expect("an input").lines() {
                lines.push(line.expect("a line"));
            }
            assert_eq!(lines, ["é 名 \u{1F511}", "zwei"]);
        }
        for short in [&b""[..], b"a", b"\xEF\xBB", b"\n"] {
            let mut read = Vec::new();
            input(short).expect("an input").read_to_end(&mut read).expect("bytes");
            assert_eq!(read, short);
        }
    }

    #[test]
    fn what_is_no_text_is_said() {
        for (bytes, why) in [
            (&b"\xFCber"[..], NotText::Utf8),
            (b"\xFF\xFEa", NotText::Utf16),
            (b"\xFF\xFE\x00\xD8", NotText::Utf16),
            (b"\xFE\xFF\xD8\x00\x00a", NotText::Utf16),
            (b"a\0b\0", NotText::Zero),
        ] {
            assert_eq!(decode(bytes), Err(why), "{bytes:?}");
        }
    }
}
