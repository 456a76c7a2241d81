//! ATRs that are built and written.

use crate::enumeration::value_of;
use crate::error::CardwrightError;
use crate::frame::{boundary, buffer, from_c, slice, structures};
use cardwright_core::atr::{Check, Convention, LevelParts, MAX_LENGTH, Parts};
use cardwright_core::{Code, Error};
use core::ffi::c_char;

/// The most levels that an ATR of 33 bytes can have.
pub const CARDWRIGHT_MAX_LEVELS: usize = 31;

/// The interface bytes of one level. A byte counts if its `has_` is 1.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct CardwrightLevelParts {
    /// 1 if there is a TA.
    pub has_ta: u8,
    /// TAi.
    pub ta: u8,
    /// 1 if there is a TB.
    pub has_tb: u8,
    /// TBi.
    pub tb: u8,
    /// 1 if there is a TC.
    pub has_tc: u8,
    /// TCi.
    pub tc: u8,
    /// 1 if there is a TD. Every level but the last must have one.
    pub has_td: u8,
    /// T of TDi, 0 to 15; its other half follows from the next level.
    pub t: u8,
}

/// The check byte of an ATR that is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightCheckByte {
    /// The right one if the protocols demand one, else none.
    AsItShouldBe = 0,
    /// `check`, right or wrong, needed or not.
    Given = 1,
    /// None, needed or not.
    Omitted = 2,
}

/// The parts of an ATR. Zero all of it, then set `struct_size` and the parts.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightAtrParts {
    /// `sizeof(CardwrightAtrParts)`.
    pub struct_size: u32,
    /// A `CardwrightConvention`; 0 is direct.
    pub convention: u32,
    /// A `CardwrightCheckByte`.
    pub check_byte: u32,
    /// The check byte for `CARDWRIGHT_CHECK_BYTE_GIVEN`.
    pub check: u32,
    /// `level_count` levels, from the first on.
    pub levels: *const CardwrightLevelParts,
    /// How many levels there are, at most `CARDWRIGHT_MAX_LEVELS`.
    pub level_count: usize,
    /// `k` historical bytes.
    pub historical: *const u8,
    /// How many historical bytes there are, at most 15.
    pub k: usize,
}

structures!(CardwrightAtrParts { convention, check_byte, check, levels, level_count, historical, k });

/// Builds an ATR from its parts and writes it; `CARDWRIGHT_ATR_MAX` bytes are enough.
///
/// `CARDWRIGHT_CODE_UNWRITABLE` for what no ATR can say: more than 15 historical bytes, a T above 15, a level
/// after one without TD, an empty level that is not the first. `CARDWRIGHT_CODE_ROOM` for more than 33 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_atr_build(
    parts: *const CardwrightAtrParts, buffer: *mut u8, capacity: usize, length: *mut usize, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (given, buffer) = (from_c!(parts), buffer!(buffer, capacity, length));
        let historical_bytes = slice!(given.historical, given.k);
        let convention = match given.convention {
            0 => Convention::Direct,
            number => value_of!(number, "convention", Convention => Convention: Direct, Inverse)?,
        };
        let check = match given.check_byte {
            n if n == CardwrightCheckByte::AsItShouldBe as u32 => Check::AsItShouldBe,
            n if n == CardwrightCheckByte::Given as u32 => {
                Check::Given(u8::try_from(given.check).map_err(|_| Error::of(Code::UnknownValue, "check"))?)
            }
            n if n == CardwrightCheckByte::Omitted as u32 => Check::Omitted,
            _ => return Err(Error::of(Code::UnknownValue, "check_byte")),
        };
        if given.level_count > CARDWRIGHT_MAX_LEVELS {
            return Err(Error::new(Code::Room, CARDWRIGHT_MAX_LEVELS));
        }
        let levels = slice!(given.levels, given.level_count);
        let levels = levels.iter().map(level_of);
        let mut atr = [0; MAX_LENGTH];
        let length = Parts { convention, levels, historical_bytes, check }.write(&mut atr)?;
        buffer.bytes(atr.get(..length).unwrap_or_default())?;
    })
}

fn level_of(given: &CardwrightLevelParts) -> LevelParts {
    let byte = |has: u8, value: u8| (has != 0).then_some(value);
    LevelParts {
        ta: byte(given.has_ta, given.ta),
        tb: byte(given.has_tb, given.tb),
        tc: byte(given.has_tc, given.tc),
        t: byte(given.has_td, given.t),
    }
}

/// How bytes are written in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightHex {
    /// `3B8D01`: CertiFlow.
    Upper = 0,
    /// `3b8d01`: MIM CM.
    Lower = 1,
    /// `3B 8D 01`, for people.
    Spaced = 2,
}

/// Writes bytes, such as those of an ATR or of a serial number, in hexadecimal. `style` is a `CardwrightHex`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_hex(
    bytes: *const u8, bytes_length: usize, style: u32, buffer: *mut c_char, capacity: usize, length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (bytes, buffer) = (slice!(bytes, bytes_length), buffer!(buffer, capacity, length));
        let (digits, spaced) = match style {
            n if n == CardwrightHex::Upper as u32 => (b"0123456789ABCDEF", false),
            n if n == CardwrightHex::Lower as u32 => (b"0123456789abcdef", false),
            n if n == CardwrightHex::Spaced as u32 => (b"0123456789ABCDEF", true),
            _ => return Err(Error::of(Code::UnknownValue, "style")),
        };
        let digit = |value: u8| digits.get(usize::from(value & 0x0F)).map_or('0', |digit| char::from(*digit));
        buffer.plain(|out| {
            bytes.iter().enumerate().try_for_each(|(n, byte)| {
                if spaced && n > 0 {
                    out.write_char(' ')?;
                }
                out.write_char(digit(byte >> 4))?;
                out.write_char(digit(*byte))
            })
        })?;
    })
}
