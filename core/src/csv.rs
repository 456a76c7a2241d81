//! Cells of CSV that no spreadsheet takes for a formula, and back.
//!
//! Some formulas run programs. A spreadsheet takes for one what begins with `=`, `+`, `-`, `@`, a tab or a carriage
//! return, or with a full-width form of those signs; and which character parts cells depends on its locale, so that a
//! cell of ours may be several of its own. An apostrophe is put before each part that would be one. [`unguarded`] takes
//! exactly those away: a text that has one of its own before such a sign gets another.
//!
//! The way is that of OWASP, "CSV Injection". RFC 4180 knows nothing of it.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt::Write as _;

/// A text with an apostrophe before what would be a formula.
///
/// # Examples
/// ```
/// use cardwright_core::csv::{guarded, unguarded};
/// assert_eq!(guarded("see;=1+2"), "see;'=1+2");
/// assert_eq!(unguarded("see;'=1+2"), "see;=1+2");
/// assert_eq!(guarded("a-b, c"), "a-b, c");
/// ```
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    rewritten(text, |part| is_formula(part).then_some(("'", part)))
}

/// The text that was guarded.
#[must_use]
pub fn unguarded(text: &str) -> Cow<'_, str> {
    rewritten(text, |part| part.strip_prefix('\'').filter(|rest| is_formula(rest)).map(|rest| ("", rest)))
}

/// JSON in which such a sign within a text is written as `\uXXXX`: it says the same, and needs no way back.
#[must_use]
pub fn guarded_json(json: &str) -> Cow<'_, str> {
    // Whether the next sign would begin a formula, and whether it is within a text.
    let (mut begins, mut within, mut escaped) = (true, false, false);
    let mut is_escaped = |sign: char| {
        let is_quote = sign == '"' && !escaped;
        escaped = within && sign == '\\' && !escaped;
        within ^= is_quote;
        let is_one = begins && within && FORMULA.contains(&sign);
        begins = PARTS.contains(&sign) || begins && BEFORE.contains(&sign);
        is_one
    };
    let mut out = String::new();
    for (at, sign) in json.char_indices() {
        if is_escaped(sign) {
            if out.is_empty() {
                out.push_str(json.get(..at).unwrap_or_default());
            }
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(sign));
        } else if !out.is_empty() {
            out.push(sign);
        }
    }
    if out.is_empty() { Cow::Borrowed(json) } else { Cow::Owned(out) }
}

/// What a formula begins with, in one locale or another.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
/// What parts cells or rows, in one locale or another.
const PARTS: [char; 5] = [';', ',', '\t', '\n', '\r'];
/// What may stand before the sign without hiding it: quotes that a program takes away, and blanks that it trims.
const BEFORE: [char; 3] = ['\'', '"', ' '];

fn is_formula(part: &str) -> bool {
    part.trim_start_matches(BEFORE).starts_with(FORMULA)
}

/// A text whose parts are written anew, each as a sign and a rest, where `part` says so. That moves no border of a part,
/// so it can be undone.
fn rewritten<'t>(text: &'t str, part: impl Fn(&'t str) -> Option<(&'static str, &'t str)>) -> Cow<'t, str> {
    let parts = || text.split_inclusive(PARTS);
    if parts().all(|one| part(one).is_none()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    for one in parts() {
        let (sign, rest) = part(one).unwrap_or(("", one));
        out.push_str(sign);
        out.push_str(rest);
    }
    Cow::Owned(out)
}
