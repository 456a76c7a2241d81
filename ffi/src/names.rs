//! Versions, and the words for numbers.

use crate::enumeration::named;
use crate::error::CardwrightError;
use crate::frame::{boundary, buffer, from_c};
use crate::text::CardwrightText;
use cardwright_core::Code;
use core::ffi::c_char;

/// Success. Every function that returns an `int32_t` returns this or a `CardwrightCode`.
pub const CARDWRIGHT_OK: i32 = 0;

/// The version of the library, such as `0.1.0`: static, `\0`-terminated.
#[unsafe(no_mangle)]
pub extern "C" fn cardwright_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// What a code means, in plain words: static, `\0`-terminated, never `NULL`. For a number that is no code
/// it is "not a known value".
#[unsafe(no_mangle)]
pub extern "C" fn cardwright_code_text(code: i32) -> *const c_char {
    if code == CARDWRIGHT_OK {
        return c"success".as_ptr();
    }
    let number = |known: &Code| i32::from(known.number());
    let known = Code::ALL.iter().find(|known| number(known) == code).copied().unwrap_or(Code::UnknownValue);
    let before = Code::ALL.iter().take_while(|other| **other != known);
    let at = before.fold(0usize, |at, other| at.wrapping_add(other.text().len()).wrapping_add(1));
    TEXTS.get(at..).unwrap_or(b"\0").as_ptr().cast()
}

/// The texts of all codes, each with a `\0` after it.
static TEXTS: [u8; TEXTS_LENGTH] = {
    let mut all = [0; TEXTS_LENGTH];
    let (mut code, mut at) = (0, 0);
    while code < Code::ALL.len() {
        let text = Code::ALL[code].text().as_bytes();
        let mut n = 0;
        while n < text.len() {
            all[at] = text[n];
            (at, n) = (at + 1, n + 1);
        }
        (at, code) = (at + 1, code + 1);
    }
    all
};

const TEXTS_LENGTH: usize = {
    let (mut code, mut length) = (0, 0);
    while code < Code::ALL.len() {
        length += Code::ALL[code].text().len() + 1;
        code += 1;
    }
    length
};

/// Writes the name of a value, such as `Revoked` for 6 of `CARDWRIGHT_ENUMERATION_CARD_STATE`.
///
/// `enumeration` is a `CardwrightEnumeration`. `CARDWRIGHT_CODE_UNKNOWN_VALUE` if it is none, or has
/// no such value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_name(
    enumeration: u32, value: u32, buffer: *mut c_char, capacity: usize, length: *mut usize, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let buffer = buffer!(buffer, capacity, length);
        let name = named(enumeration, |number, _| number == value)?.1;
        buffer.plain(|out| out.write_str(name))?;
    })
}

/// The value with a name, in upper or lower case.
///
/// `CARDWRIGHT_CODE_UNKNOWN_VALUE` if `enumeration` is none, or has no such name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_value(
    enumeration: u32, name: CardwrightText, value: *mut u32, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (name, value) = from_c!(name, value);
        value.put(named(enumeration, |_, word| word.eq_ignore_ascii_case(name))?.0);
    })
}
