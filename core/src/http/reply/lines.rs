//! What the lines of a response say (RFC 9112): status lines, headers, lengths.

use crate::bytes::{LETTERS_AND_DIGITS, Set, run, set};
use crate::hex;

/// The last digit of the version, and the status, of `HTTP/1.1 200 OK`.
pub(super) fn status_line(line: &[u8]) -> Option<(u8, u16)> {
    let ([version @ b'0'..=b'9', b' ', a, b, c], [] | [b' ', ..]) =
        line.strip_prefix(b"HTTP/1.")?.split_first_chunk()?
    else {
        return None;
    };
    let status = number(&[*a, *b, *c], 10)?;
    Some((*version, u16::try_from(status).ok().filter(|status| *status >= 100)?))
}

static NAME: Set = set(LETTERS_AND_DIGITS, b"!#$%&'*+-.^_`|~", false);

/// Name and value (RFC 9110, 5). That no control character is in a value is seen as it arrives.
pub(super) fn header(line: &[u8]) -> Option<(&str, &[u8])> {
    let (name, [b':', value @ ..]) = line.split_at_checked(run(line, &NAME))? else { return None };
    if name.is_empty() {
        return None;
    }
    Some((core::str::from_utf8(name).ok()?, trim(value)))
}

/// The length of a body, of a list that says the same length however often (RFC 9112, 6.3).
pub(super) fn stated_length(value: &[u8]) -> Option<u64> {
    let mut stated = None;
    for length in value.split(|byte| *byte == b',') {
        let length = trim(length);
        // Lists may have empty elements (RFC 9110, 5.6.1.2).
        if !length.is_empty() {
            let length = Some(number(length, 10)?);
            if stated.is_some() && stated != length {
                return None;
            }
            stated = length;
        }
    }
    stated
}

/// The size of a chunk, of the line before it (RFC 9112, 7.1). Some servers pad it with white space at its end; what
/// follows a semicolon is of no interest. `cut` says that the line goes on.
pub(super) fn chunk_size(line: &[u8], cut: bool) -> Option<u64> {
    let end = line.iter().position(|byte| *byte == b';');
    let digits = match end {
        Some(end) => line.get(..end)?,
        None if cut => return None,
        None => line,
    };
    number(trim_end(digits), 16)
}

/// What a Connection header says of the connection, byte by byte: the header may be longer than the line buffer.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Options {
    /// How many bytes of [`OPTIONS`] the current element has so far, or [`OTHER`].
    matched: [u8; 2],
    /// Which of them it has had: `close`, `keep-alive`.
    pub(super) heard: [bool; 2],
}

static OPTIONS: [&[u8]; 2] = [b"close", b"keep-alive"];

/// The element is none of them.
const OTHER: u8 = u8::MAX;

impl Options {
    /// Takes a byte of the value.
    pub(super) fn take(&mut self, byte: u8) {
        if byte == b',' {
            return self.end();
        }
        for (matched, word) in self.matched.iter_mut().zip(&OPTIONS) {
            let at = usize::from(*matched);
            *matched = match word.get(at) {
                Some(letter) if *letter == byte.to_ascii_lowercase() => matched.saturating_add(1),
                // White space before and after a word.
                _ if is_space(byte) && (at == 0 || at == word.len()) => *matched,
                _ => OTHER,
            };
        }
    }

    /// Ends an element.
    pub(super) fn end(&mut self) {
        for ((matched, word), heard) in self.matched.iter_mut().zip(&OPTIONS).zip(&mut self.heard) {
            *heard |= usize::from(*matched) == word.len();
            *matched = 0;
        }
    }
}

/// Whether two words are the same but for the case of their letters.
#[inline(never)]
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// White space in lines (RFC 9110, 5.6.3).
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Without white space around it.
#[inline(never)]
fn trim(bytes: &[u8]) -> &[u8] {
    let mut bytes = trim_end(bytes);
    while let [first, rest @ ..] = bytes
        && is_space(*first)
    {
        bytes = rest;
    }
    bytes
}

/// Without white space at its end.
#[inline(never)]
pub(super) fn trim_end(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., last] = bytes
        && is_space(*last)
    {
        bytes = rest;
    }
    bytes
}

fn number(digits: &[u8], radix: u8) -> Option<u64> {
    let mut number = 0_u64;
    for digit in digits {
        let mut next = u64::from(hex::digit(*digit).filter(|digit| *digit < radix)?);
        // A sum, because a product of 64 bits is large where the processor has none.
        for _ in 0..radix {
            next = next.checked_add(number)?;
        }
        number = next;
    }
    (!digits.is_empty()).then_some(number)
}
