//! Dates of replies, and the words for status words.

use crate::error::CardwrightError;
use crate::frame::{boundary, from_c};
use crate::text::CardwrightText;
use cardwright_core::apdu::StatusWord;
use cardwright_core::date::Moment;
use cardwright_core::{Code, Error};

/// Reads a date as servers write it, ISO 8601: `*seconds` since 1970-01-01T00:00:00Z, rounded down,
/// for comparison with the terminal's own clock.
///
/// `CARDWRIGHT_CODE_UNKNOWN_VALUE` for text that is not a date, and for 0001-01-01, with which servers
/// say "not yet".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_date_parse(
    date: CardwrightText, seconds: *mut i64, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (date, seconds) = from_c!(date, seconds);
        seconds.put(Moment::parse(date).ok_or(Error::of(Code::UnknownValue, "date"))?.seconds);
    })
}

/// What SW1 SW2 of a card means, in plain words: static, and `data` is never `NULL`.
#[unsafe(no_mangle)]
pub extern "C" fn cardwright_status_word_text(status_word: u32) -> CardwrightText {
    // 0 has no meaning either.
    CardwrightText::of(StatusWord(u16::try_from(status_word).unwrap_or(0)).text())
}
