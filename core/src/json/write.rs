//! The write side: texts, small objects, and anything that serde can serialise.

use super::plain::plain_run;
use crate::hex;
use crate::write::write_decimal;
#[cfg(feature = "serde-json-core")]
use crate::{Code, Error};
use core::fmt::{self, Write};

/// Writes a string with its quotes and escapes (RFC 8259, 7). Only what must be escaped is.
///
/// # Errors
/// Only those of `out`.
pub fn write_text(text: &str, mut out: &mut (impl Write + ?Sized)) -> fmt::Result {
    out.write_char('"')?;
    let mut rest = text;
    loop {
        // What needs no escape is written at once; all that does is ASCII.
        let (plain, tail) = rest.split_at_checked(plain_run(rest.as_bytes())).unwrap_or((rest, ""));
        out.write_str(plain)?;
        let mut chars = tail.chars();
        match chars.next() {
            None => break,
            Some('"') => out.write_str("\\\"")?,
            Some('\\') => out.write_str("\\\\")?,
            Some(c) => {
                let [.., high, low] = u32::from(c).to_be_bytes();
                out.write_str("\\u")?;
                hex::write(&mut out, &[high, low], hex::LOWER, None)?;
            }
        }
        rest = chars.as_str();
    }
    out.write_char('"')
}

/// An object that is being written, field by field: the request bodies of this crate.
///
/// # Examples
/// ```
/// use cardwright_core::json::ObjectWriter;
///
/// let mut body = String::new();
/// let mut object = ObjectWriter::new(&mut body)?;
/// object.text("comment", "lost, \"again\"")?;
/// object.number("floor", -1)?;
/// object.end()?;
/// assert_eq!(body, r#"{"comment":"lost, \"again\"","floor":-1}"#);
/// # Ok::<(), std::fmt::Error>(())
/// ```
pub struct ObjectWriter<'w> {
    out: &'w mut dyn Write,
    first: bool,
}

impl<'w> ObjectWriter<'w> {
    /// Begins an object.
    ///
    /// # Errors
    /// Only those of `out`.
    pub fn new(out: &'w mut dyn Write) -> Result<Self, fmt::Error> {
        out.write_char('{')?;
        Ok(ObjectWriter { out, first: true })
    }

    fn name(&mut self, name: &str) -> fmt::Result {
        if !core::mem::replace(&mut self.first, false) {
            self.out.write_char(',')?;
        }
        write_text(name, self.out)?;
        self.out.write_char(':')
    }

    /// A field that is a string.
    ///
    /// # Errors
    /// Only those of `out`.
    pub fn text(&mut self, name: &str, value: &str) -> fmt::Result {
        self.name(name)?;
        write_text(value, self.out)
    }

    /// A field that is a whole number.
    ///
    /// # Errors
    /// Only those of `out`.
    pub fn number(&mut self, name: &str, value: i64) -> fmt::Result {
        self.name(name)?;
        if value < 0 {
            self.out.write_char('-')?;
        }
        write_decimal(value.unsigned_abs(), self.out)
    }

    /// Ends the object.
    ///
    /// # Errors
    /// Only those of `out`.
    pub fn end(self) -> fmt::Result {
        self.out.write_char('}')
    }
}

impl fmt::Debug for ObjectWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectWriter").field("first", &self.first).finish_non_exhaustive()
    }
}

/// Writes any value that serde can serialise into `buffer`, and returns the length.
///
/// # Errors
/// [`Code::Room`] where the buffer is too small, [`Code::Unwritable`] for what JSON cannot say.
///
/// # Panics
/// On a `char` and on a map whose keys are no strings, which serde-json-core does not know. No value
/// of this crate holds one.
#[cfg(feature = "serde-json-core")]
pub fn to_slice<T: serde::Serialize + ?Sized>(value: &T, buffer: &mut [u8]) -> Result<usize, Error> {
    let room = buffer.len();
    serde_json_core::to_slice(value, buffer).map_err(|e| match e {
        serde_json_core::ser::Error::BufferFull => Error::new(Code::Room, room),
        _ => Error::of(Code::Unwritable, "value"),
    })
}
