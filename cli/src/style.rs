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
    }
}

/// Text of a server's without what would move the cursor or colour the terminal.
pub(crate) fn escape_controls(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_control) {
        Cow::Owned(text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}
