//! A serial number in the form that a system expects.
//!
//! A [`Spelling`] is a small value that writes itself; nothing is allocated, and its length is
//! known beforehand.

use core::fmt::{self, Write};

use crate::{hex, write};

/// The most bytes that a serial keeps: those of the longest serial that cards are known to give
/// (CardOS 4, 32 bytes). Longer hexadecimal is kept as text.
pub const MAX_BYTES: usize = 32;

/// A serial number in one spelling, written by `Display`. ASCII only.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{Guid, Spelling};
///
/// let spelling: Spelling = Guid::parse("d1ef6869-5517-42a0-8f05-16ca1a0b834d")?.braced();
/// let mut buffer = [0; 40];
/// assert_eq!(spelling.upper().copy_to(&mut buffer), Some("{D1EF6869-5517-42A0-8F05-16CA1A0B834D}"));
/// assert_eq!(spelling.copy_to(&mut [0; 8]), None, "too short");
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spelling {
    bytes: [u8; MAX_BYTES],
    length: usize,
    form: Form,
    upper: bool,
}

impl Spelling {
    /// The bytes of a GUID in braces.
    pub(super) const fn braced(guid: [u8; 16]) -> Self {
        Spelling { bytes: widened(guid), length: 16, form: Form::Braced, upper: false }
    }

    /// The bytes of a GUID without braces.
    pub(super) const fn bare(guid: [u8; 16]) -> Self {
        Spelling { bytes: widened(guid), length: 16, form: Form::Bare, upper: false }
    }

    pub(super) fn hex(bytes: &[u8]) -> Option<Self> {
        Spelling::of(Form::Hex, bytes)
    }

    /// Printable ASCII of at most 32 characters, written as it is.
    pub(super) fn text(text: &[u8]) -> Option<Self> {
        Spelling::of(Form::Text, text)
    }

    /// Bytes in a form. A GUID has sixteen, an OpenPGP card six: manufacturer and serial number.
    #[inline(never)]
    pub(super) fn of(form: Form, bytes: &[u8]) -> Option<Self> {
        if form == Form::Text && !bytes.iter().all(|c| (0x20..0x7F).contains(c)) {
            return None;
        }
        let mut kept = [0; MAX_BYTES];
        kept.get_mut(..bytes.len())?.copy_from_slice(bytes);
        let upper = !matches!(form, Form::Braced | Form::Bare);
        Some(Spelling { bytes: kept, length: bytes.len(), form, upper })
    }

    /// The same in upper case; a text stays as it is.
    #[must_use]
    pub const fn upper(self) -> Self {
        Spelling { upper: true, ..self }
    }

    /// The same in lower case; a text stays as it is.
    #[must_use]
    pub const fn lower(self) -> Self {
        Spelling { upper: false, ..self }
    }

    /// The length in bytes of what `Display` writes: 64 at most.
    #[must_use]
    pub const fn length(&self) -> usize {
        match self.form {
            Form::Braced => 38,
            Form::Bare => 36,
            Form::Hex => self.length.wrapping_mul(2),
            Form::Text => self.length,
            Form::OpenPgp => 13,
        }
    }

    /// Writes it, as `Display` does.
    ///
    /// # Errors
    /// Only those of `out`.
    pub fn write_to(&self, out: &mut dyn Write) -> fmt::Result {
        let digits = if self.upper { hex::UPPER } else { hex::LOWER };
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        if self.form == Form::Hex {
            return hex::write(out, bytes, digits, None);
        }
        if self.form == Form::Text {
            return bytes.iter().try_for_each(|c| out.write_char(char::from(*c)));
        }
        if self.form == Form::Braced {
            out.write_str("{")?;
        }
        for (index, byte) in bytes.iter().enumerate() {
            match (self.form, index) {
                (Form::OpenPgp, 2) => out.write_str(":")?,
                (Form::Braced | Form::Bare, 4 | 6 | 8 | 10) => out.write_str("-")?,
                _ => {}
            }
            hex::write(out, &[*byte], digits, None)?;
        }
        if self.form == Form::Braced {
            out.write_str("}")?;
        }
        Ok(())
    }

    /// Writes it into `buffer`; `None` if it does not fit; 64 bytes always suffice.
    pub fn copy_to<'b>(&self, buffer: &'b mut [u8]) -> Option<&'b str> {
        write::fill(buffer, |out| self.write_to(out))
    }
}

impl fmt::Display for Spelling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Form {
    Braced,
    Bare,
    Hex,
    Text,
    /// `MMMM:SSSSSSSS`.
    OpenPgp,
}

const fn widened(bytes: [u8; 16]) -> [u8; MAX_BYTES] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = bytes;
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
}
