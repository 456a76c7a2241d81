//! The words of an error body: one line, short, and fit for a terminal, whatever the body is.

#![no_main]

use cardwright_http::error_words;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let words = error_words(body);
    assert!(words.chars().count() <= 401, "{} characters", words.chars().count());
    assert!(!words.chars().any(char::is_control), "{words:?}");
    assert_eq!(words.trim(), words);
});
