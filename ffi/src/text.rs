//! Texts as they cross to C: pointer and length.

use crate::error::{Name, refused, said};
use crate::frame::parameter::slice;
use crate::frame::{FromC, plain};
use cardwright_core::{Code, Error};
use core::ffi::{CStr, c_char};

/// A text of the caller's or of the library's: UTF-8 by pointer and length, not `\0`-terminated. If `data` is
/// `NULL` there is no text, which is not the same as an empty one.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct CardwrightText {
    /// The first byte, or `NULL`.
    pub data: *const c_char,
    /// The length in bytes.
    pub length: usize,
}

/// A `\0`-terminated text, which must outlive its use, as a `CardwrightText`; `NULL` gives no text.
///
/// For members of structures: `call.id = cardwright_text("1013")`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_text(terminated: *const c_char) -> CardwrightText {
    if terminated.is_null() {
        return CardwrightText::NONE;
    }
    // SAFETY: not null, and `\0`-terminated as the caller promises.
    let length = unsafe { CStr::from_ptr(terminated) }.count_bytes();
    CardwrightText { data: terminated, length }
}

impl<'call> FromC<'call> for CardwrightText {
    type Value = &'call str;

    unsafe fn from_c(text: &'call Self, name: Name) -> Result<&'call str, Error> {
        if text.data.is_null() {
            return Err(refused(name, "no text, and one is needed"));
        }
        // SAFETY: as this function's caller promises; a `c_char` is a byte.
        let bytes = unsafe { slice(&*(&raw const text.data).cast::<*const u8>(), text.length, name) }?;
        utf8(bytes).map_err(|wrong| Error { what: said(name), ..wrong })
    }

    fn is_none(&self) -> bool {
        self.data.is_null()
    }
}

plain!(CardwrightText);

impl CardwrightText {
    pub(crate) const NONE: CardwrightText = CardwrightText { data: core::ptr::null(), length: 0 };

    /// A text of the library's: static, or in an object for as long as that keeps it.
    pub(crate) const fn of(text: &str) -> Self {
        CardwrightText { data: text.as_ptr().cast(), length: text.len() }
    }

    /// The same, or no text.
    pub(crate) fn of_any(text: Option<&str>) -> Self {
        text.map_or(CardwrightText::NONE, CardwrightText::of)
    }
}

/// Bytes as UTF-8.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    core::str::from_utf8(bytes).map_err(|wrong| Error::new(Code::JsonUtf8, wrong.valid_up_to()))
}
