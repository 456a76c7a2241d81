//! Colours, and text that may be shown on a terminal.

use anstyle::{AnsiColor, Style};
use cardwright::core::lifecycle::{NativeState, State};
use std::borrow::Cow;

pub(crate) const END: anstyle::Reset = anstyle::Reset;
pub(crate) const KEY: Style = Style::new().dimmed();
pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const CARE: Style = AnsiColor::Yellow.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();

/// The colour of a state: green in use, yellow on the way or on hold, red for good.
pub(crate) fn of_state(state: Option<NativeState>) -> Style {
    match state.and_then(NativeState::neutral) {
        Some(State::Active) => GOOD,
        Some(State::Suspended | State::Pending | State::Assigned) => CARE,
        Some(State::Revoked | State::Retired) => BAD,
        Some(State::Stock) | None => Style::new(),
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        Some(_) => Style::new(),
    }
}

/// Text of a server's without what would move the cursor, colour the terminal, or turn the text around.
pub(crate) fn escape_controls(text: &str) -> Cow<'_, str> {
    if text.chars().any(steers) {
        Cow::Owned(text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// JSON in which such characters are written as `\uXXXX` (RFC 8259, 7); it says the same.
pub(crate) fn escape_json(json: &str) -> Cow<'_, str> {
    // Below U+0020 they are space between values: within a text they would be no JSON.
    let is_escaped = |c: char| c > '\u{20}' && steers(c);
    if !json.chars().any(is_escaped) {
        return Cow::Borrowed(json);
    }
    let mut text = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        match is_escaped(c) {
            true => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => text.push(c),
        }
    }
    Cow::Owned(text)
}

/// Whether a character steers what shows it: a control character (Cc), or one that sets the direction of text
/// (Unicode, UAX 9, 2).
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_says_the_same_without_what_steers_a_terminal() {
        let json = "{\n\t\"a\": \"A\u{9b}31m\u{7f}\u{202e}\u{2066}\u{61c}\u{200f} é 名 ✓\"\r\n}";
        let escaped = escape_json(json);
        assert!(!escaped.chars().any(|c| c > ' ' && steers(c)), "{escaped}");
        assert!(escaped.contains("\\u009b31m\\u007f\\u202e\\u2066\\u061c\\u200f é 名 ✓"), "{escaped}");
        let read = |json: &str| serde_json::from_str::<serde_json::Value>(json).expect("JSON");
        assert_eq!(read(&escaped), read(json));
        assert!(matches!(escape_json("{\"a\":1}"), Cow::Borrowed(_)));
    }

    #[test]
    fn text_is_shown_without_what_steers_a_terminal() {
        assert_eq!(escape_controls("a\u{1b}[2J\u{202e}b é"), "a\u{fffd}[2J\u{fffd}b é");
    }
}
