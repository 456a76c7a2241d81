//! Dates of replies, and the words for status words.

use crate::boundary::{CardwrightError, CardwrightText, Output, run};
use cardwright_core::apdu::StatusWord;
use cardwright_core::date::Moment;
use cardwright_core::{Code, Error};

/// Reads a date as servers write them, ISO 8601: `*seconds` since 1970-01-01T00:00:00Z, rounded down. A
/// terminal compares it with its own clock.
///
/// `CARDWRIGHT_CODE_UNKNOWN_VALUE` for what is no date, and for 0001-01-01, by which servers say "not yet".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_date(date: CardwrightText, seconds: *mut i64, error: *mut CardwrightError) -> i32 {
    let body = || {
        // SAFETY: the text is the caller's and stays for the call; the output is there to be written to.
        let (date, place) = unsafe { (date.needed()?, Output::new(seconds)?) };
        place.put(Moment::parse(date).ok_or(Error::of(Code::UnknownValue, "date"))?.seconds);
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// What SW1 SW2 of a card means, in plain words: static, never without `data`.
#[unsafe(no_mangle)]
pub extern "C" fn cardwright_status_word_text(status_word: u32) -> CardwrightText {
    // Nor has 0 a meaning.
    CardwrightText::of(StatusWord(u16::try_from(status_word).unwrap_or(0)).text())
}
