//! Serial numbers as systems and people write them.

use crate::enumeration::value_of;
use crate::error::CardwrightError;
use crate::frame::{boundary, buffer, from_c};
use crate::text::CardwrightText;
use cardwright_core::identity::{ByteOrder, Serial};
use cardwright_core::{Code, Error};
use core::ffi::c_char;

/// How a serial number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightSerialForm {
    /// As it is: a GUID without braces, upper-case hexadecimal, or the text.
    Plain = 0,
    /// A GUID in braces, in lower case: what MIM CM takes.
    Braced = 1,
    /// A GUID without braces, in lower case.
    Bare = 2,
    /// Upper-case hexadecimal without separators: what CertiFlow takes.
    Hex = 3,
}

/// In what way two serial numbers are the same: `*how` is a `CardwrightMatch`, or 0 if they differ.
///
/// Numbers that are equal only under an assumption, such as the byte order of a GUID, are never
/// `CARDWRIGHT_MATCH_SAME`. `CARDWRIGHT_CODE_SERIAL` for a text that is not a serial number: empty, or with control
/// characters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_serial_match(
    one: CardwrightText, other: CardwrightText, how: *mut u32, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (one, other, how) = from_c!(one, other, how);
        let found = Serial::parse(one)?.matches(&Serial::parse(other)?);
        how.put(found.map_or(0, |found| found as u32));
    })
}

/// Writes a serial number in another form. `form` is a `CardwrightSerialForm`; `order` is the `CardwrightByteOrder`
/// in which sixteen bytes are read as a GUID, or a GUID is written as bytes.
///
/// `CARDWRIGHT_CODE_SERIAL` for a text that is not a serial number, `CARDWRIGHT_CODE_GUID` for one that has no such
/// form, `CARDWRIGHT_CODE_UNKNOWN_VALUE` for an unknown `form` or `order`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_serial_spell(
    serial: CardwrightText, form: u32, order: u32, buffer: *mut c_char, capacity: usize, length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (serial, buffer) = (from_c!(serial), buffer!(buffer, capacity, length));
        let order = value_of!(order, "order", ByteOrder => ByteOrder: Windows, Rfc4122)?;
        let serial = Serial::parse(serial)?;
        let spelling = match form {
            n if n == CardwrightSerialForm::Plain as u32 => return buffer.text(|out| write!(out, "{serial}")),
            n if n == CardwrightSerialForm::Braced as u32 => serial.braced(order),
            n if n == CardwrightSerialForm::Bare as u32 => serial.bare(order),
            n if n == CardwrightSerialForm::Hex as u32 => serial.hex(order),
            _ => return Err(Error::of(Code::UnknownValue, "form")),
        };
        let spelling = spelling.ok_or(Error::new(Code::Guid, 0))?;
        buffer.plain(|out| spelling.write_to(out))?;
    })
}
