//! The spellings of one serial number.

use cardwright_core::identity::{Match, Serial};

/// Whether a text is a serial number, however it is spelled.
pub(super) fn is_serial(text: &str, wanted: &Serial<'_>) -> bool {
    Serial::parse(text).is_ok_and(|its| matches!(its.matches(wanted), Some(Match::Same | Match::TextIgnoringCase)))
}

/// The spellings under which a server may keep a serial number, the one that was given first.
pub(super) fn spellings(text: &str) -> Vec<String> {
    let mut spellings = vec![text.to_string()];
    let Ok(serial) = Serial::parse(text) else { return spellings };
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
