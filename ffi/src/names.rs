//! Versions, and the words for numbers.

use crate::boundary::{ARGUMENT, Buffer, CardwrightError, CardwrightText, Output, run};
#[cfg(feature = "client")]
use cardwright_client::Scheme;
use cardwright_core::certiflow::{
    CardState, CertificateType, ContentExpirationStatus, Dialect, Privilege, RevocationReason,
};
use cardwright_core::identity::{CardKind, Source, Trust};
use cardwright_core::lifecycle::{Evidence, Operation, State, System};
use cardwright_core::mim::{Permission, RequestEnd, RequestKind, RequestStatus, RequestType, SmartcardStatus};
use cardwright_core::{Code, Error, Named};
use core::ffi::c_char;

/// Success. Every function that returns an `int32_t` returns this or a `CardwrightCode`.
pub const CARDWRIGHT_OK: i32 = 0;

/// The version of the library, such as `0.1.0`: static, `\0`-terminated.
#[unsafe(no_mangle)]
pub extern "C" fn cardwright_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// What a code means, in plain words: static, `\0`-terminated, never `NULL`. For a number that is none
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

/// The texts of all codes, each with a `\0` behind it.
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

/// An enumeration of this header whose values have names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightEnumeration {
    /// `CardwrightSystem`.
    System = 1,
    /// `CardwrightOperation`, by its neutral names.
    Operation = 2,
    /// `CardwrightState`.
    State = 3,
    /// `CardwrightCardState`.
    CardState = 4,
    /// `CardwrightSmartcardStatus`.
    SmartcardStatus = 5,
    /// `CardwrightEvidence`.
    Evidence = 6,
    /// `CardwrightRevocationReason`.
    RevocationReason = 7,
    /// `CardwrightContentExpirationStatus`.
    ContentExpirationStatus = 8,
    /// `CardwrightDialect`.
    Dialect = 9,
    /// `CardwrightCertificateType`.
    CertificateType = 10,
    /// `CardwrightPrivilege`.
    Privilege = 11,
    /// `CardwrightRequestKind`.
    RequestKind = 12,
    /// `CardwrightRequestEnd`.
    RequestEnd = 13,
    /// `CardwrightRequestStatus`.
    RequestStatus = 14,
    /// `CardwrightRequestType`.
    RequestType = 15,
    /// `CardwrightPermission`.
    Permission = 16,
    /// `CardwrightSource`.
    Source = 17,
    /// `CardwrightTrust`.
    Trust = 18,
    /// `CardwrightCardKind`.
    CardKind = 19,
    /// `CardwrightScheme`.
    #[cfg(feature = "client")]
    Scheme = 20,
}

/// Writes the name of a value, such as `Revoked` for 6 of `CARDWRIGHT_ENUMERATION_CARD_STATE`.
///
/// `enumeration` is a `CardwrightEnumeration`. `CARDWRIGHT_CODE_UNKNOWN_VALUE` where it, or the value, is
/// none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_name(
    enumeration: u32,
    value: u32,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: buffer and length are the caller's to be written to.
        let buffer = unsafe { Buffer::new(buffer, capacity, length) }?;
        let name = named(enumeration, |number, _| number == value)?.1;
        buffer.text(|out| out.write_str(name))
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// The value with a name, whatever the case of its letters.
///
/// `CARDWRIGHT_CODE_UNKNOWN_VALUE` where `enumeration` is none, or has no such name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_value(
    enumeration: u32,
    name: CardwrightText,
    value: *mut u32,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the text is the caller's and stays for the call; the value is there to be written to.
        let (name, value) = unsafe { (name.needed()?, Output::new(value)?) };
        let found = named(enumeration, |_, word| word.eq_ignore_ascii_case(name))?;
        value.put(found.0);
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// The number and the name of the value of an enumeration that is looked for.
fn named(enumeration: u32, wanted: impl Fn(u32, &str) -> bool) -> Result<(u32, &'static str), Error> {
    macro_rules! table {
        ($($type:ident),*) => {
            match enumeration {
                $(n if n == CardwrightEnumeration::$type as u32 => {
                    $type::ALL.iter().map(|value| (*value as u32, value.name())).find(|(number, name)| wanted(*number, name))
                })*
                #[cfg(feature = "client")]
                n if n == CardwrightEnumeration::Scheme as u32 => {
                    Scheme::ALL.iter().map(|value| (*value as u32, value.name())).find(|(number, name)| wanted(*number, name))
                }
                _ => None,
            }
        };
    }
    let found = table!(
        System,
        Operation,
        State,
        CardState,
        SmartcardStatus,
        Evidence,
        RevocationReason,
        ContentExpirationStatus,
        Dialect,
        CertificateType,
        Privilege,
        RequestKind,
        RequestEnd,
        RequestStatus,
        RequestType,
        Permission,
        Source,
        Trust,
        CardKind
    );
    found.ok_or(Error::new(Code::UnknownValue, 0))
}

/// The value of an enumeration with a number; `what` names the parameter where there is none.
pub(crate) fn value<T: Named>(number: u32, what: &'static str, of: impl Fn(T) -> u32) -> Result<T, Error> {
    T::ALL.iter().copied().find(|value| of(*value) == number).ok_or(Error::of(Code::UnknownValue, what))
}

/// What stands at a place of a list; behind the last there is nothing to ask for.
pub(crate) fn nth<T>(mut list: impl Iterator<Item = T>, index: usize) -> Result<T, Error> {
    list.nth(index).ok_or(ARGUMENT)
}
