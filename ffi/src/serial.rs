//! Serial numbers as systems and people write them.

use crate::boundary::{Buffer, CardwrightError, CardwrightText, Output, run};
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

/// How two serial numbers are the same: `*how` is a `CardwrightMatch`, or 0 where they are not.
///
/// What is equal only under an assumption, such as the byte order of a GUID, is never
/// `CARDWRIGHT_MATCH_SAME`. `CARDWRIGHT_CODE_SERIAL` for a text that is none: empty, or with control characters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_serial_match(
    one: CardwrightText,
    other: CardwrightText,
    how: *mut u32,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the texts are the caller's and stay for the call; the output is there to be written to.
        let (one, other, place) = unsafe { (one.needed()?, other.needed()?, Output::new(how)?) };
        let found = Serial::parse(one)?.matches(&Serial::parse(other)?);
        place.put(found.map_or(0, |found| found as u32));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Writes a serial number in another form. `form` is a `CardwrightSerialForm`; `order` a `CardwrightByteOrder`,
/// in which sixteen bytes are taken for a GUID, or a GUID is written as bytes.
///
/// `CARDWRIGHT_CODE_SERIAL` for a text that is none, and `CARDWRIGHT_CODE_GUID` for one that cannot be written
/// so. `CARDWRIGHT_CODE_UNKNOWN_VALUE` where `form` or `order` is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_serial_spell(
    serial: CardwrightText,
    form: u32,
    order: u32,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the text is the caller's and stays for the call; the outputs are there to be written to.
        let (serial, buffer) = unsafe { (serial.needed()?, Buffer::new(buffer, capacity, length)?) };
        let order = match order {
            n if n == ByteOrder::Windows as u32 => ByteOrder::Windows,
            n if n == ByteOrder::Rfc4122 as u32 => ByteOrder::Rfc4122,
            _ => return Err(Error::of(Code::UnknownValue, "order")),
        };
        let serial = Serial::parse(serial)?;
        let is = |wanted: CardwrightSerialForm| form == wanted as u32;
        let spelling = if is(CardwrightSerialForm::Plain) {
            return buffer.text(|out| write!(out, "{serial}"));
        } else if is(CardwrightSerialForm::Braced) {
            serial.braced(order)
        } else if is(CardwrightSerialForm::Bare) {
            serial.bare(order)
        } else if is(CardwrightSerialForm::Hex) {
            serial.hex(order)
        } else {
            return Err(Error::of(Code::UnknownValue, "form"));
        };
        let spelling = spelling.ok_or(Error::new(Code::Guid, 0))?;
        buffer.text(|out| write!(out, "{spelling}"))
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}
