//! The spellings of one serial number.

use cardwright_core::identity::{Match, Serial};
use std::borrow::Cow;

/// Whether two texts are one serial number, however it is spelled.
pub(crate) fn is_serial(one: &str, other: &str) -> bool {
    let (one, other) = (joined(one), joined(other));
    let same = |one: Serial<'_>, other: Serial<'_>| one.matches(&other);
    let how = Serial::parse(&one).ok().zip(Serial::parse(&other).ok()).and_then(|(one, other)| same(one, other));
    matches!(how, Some(Match::Same | Match::TextIgnoringCase))
}

/// Hexadecimal digits without what parts them for reading, wherever it stands; any other text as it is.
fn joined(text: &str) -> Cow<'_, str> {
    let is_text = Serial::parse(text).is_ok_and(|serial| serial.text().is_some());
    let digits: String = text.chars().filter(|c| is_text && !matches!(c, ' ' | ':' | '-')).collect();
    let is_bytes = Serial::parse(&digits).is_ok_and(|serial| serial.bytes().is_some());
    if is_bytes { digits.into() } else { text.into() }
}

/// The spellings under which a server may keep a serial number, the one that was given first.
pub(crate) fn spellings(text: &str) -> Vec<String> {
    let mut spellings = vec![text.to_string()];
    let text = joined(text);
    let Ok(serial) = Serial::parse(&text) else { return spellings };
    let Some(bytes) = serial.bytes() else {
        if serial.text().is_some() {
            spellings.push(text.trim().to_string());
        } else {
            let guid = serial.to_string();
            spellings.extend([guid.to_lowercase(), format!("{{{}}}", guid.to_lowercase()), guid.to_uppercase()]);
        }
        return distinct(spellings);
    };
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    for separator in ["", ":", " ", "-"] {
        let upper = pairs.join(separator);
        spellings.push(upper.clone());
        spellings.push(upper.to_lowercase());
    }
    distinct(spellings)
}

fn distinct(spellings: Vec<String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for spelling in spellings {
        if !distinct.contains(&spelling) {
            distinct.push(spelling);
        }
    }
    distinct
}
