//! Roots of what all modules share, and the planted panic.

use core::fmt::Write;

use cardwright_core::{Code, Error};

use crate::sink::Sink;

root! {
    /// An error of any band, as a sentence.
    fn root_error_display(input: &[u8]) -> usize {
        const CODES: [Code; 6] =
            [Code::Short, Code::NotAllowed, Code::JsonEnd, Code::Room, Code::Timeout, Code::Internal];
        let Some(code) = CODES.get(input.len()) else { return 0 };
        let error = match input.first() {
            Some(0) => Error::of(*code, "cardId"),
            first => Error::new(*code, first.map_or(0, |first| *first as usize)),
        };
        let mut sink = Sink::default();
        match write!(sink, "{error}") {
            Ok(()) => sink.sum(),
            Err(_) => 0,
        }
    }
}

#[cfg(feature = "planted-panic")]
root! {
    /// Reads past the end of a short input. The proof must say so.
    fn root_planted_panic(input: &[u8]) -> usize {
        input[3].into()
    }
}
