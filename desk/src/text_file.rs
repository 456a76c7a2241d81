//! Text files as people's programs write them: one reader for all of them.
//!
//! UTF-8, with or without a byte order mark, and UTF-16 with one, as [`decode`] reads them.

use crate::failure::Failure;
pub use cardwright_core::encoding::{NotText, decode};
use std::fmt;
use std::io::{self, BufRead, Cursor, Read as _};
use std::path::Path;

/// How much of a file is read: 1 GiB.
const MOST: u64 = 1 << 30;

/// The text in a file.
///
/// # Errors
/// [`FailureKind::Usage`](crate::FailureKind) with the file's name, where it cannot be read, is longer than 1 GiB, or is no text.
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
}
