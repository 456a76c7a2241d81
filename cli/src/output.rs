//! Facts about a card, for people and for programs.

use crate::style;
use cardwright_client::{AnyCard, Listed};
use cardwright_core::Named;
use cardwright_core::date::{DAY, Moment};
use cardwright_core::lifecycle::{Evidence, Verdict};
use serde_json::{Value, json, value::RawValue};
use std::time::SystemTime;

/// A record as the server sent it, for putting into an object of ours.
pub(crate) fn record(card: &AnyCard) -> Box<RawValue> {
    // The client has checked that it is JSON.
    RawValue::from_string(card.json().to_string()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// A card's state for a program. MIM CM's is assumed from a number.
pub(crate) fn state_json(card: &AnyCard) -> Value {
    json!({
        "name": card.state_text(),
        "neutral": card.state().and_then(|state| state.neutral()).map(Named::name),
        "evidence": card.state_evidence().name(),
    })
}

/// What the tables say, for a program.
pub(crate) fn verdict_json(verdict: Option<Verdict>) -> Value {
    match verdict {
        Some(Verdict::Allowed { to, evidence, source }) => {
            json!({ "allowed": true, "to": to.name(), "evidence": evidence.name(), "source": source })
        }
        Some(Verdict::Refused { evidence, source }) => {
            json!({ "allowed": false, "evidence": evidence.name(), "source": source })
        }
        Some(Verdict::Lacks) => json!({ "allowed": false, "evidence": Evidence::Documented.name() }),
        None => Value::Null,
    }
}

/// What may be done, for a program.
pub(crate) fn listed_json(listed: &Listed) -> Value {
    json!({
        "word": listed.word,
        "operation": listed.operation.map(Named::name),
        "listed_by_server": listed.by_server,
        "verdict": verdict_json(listed.verdict),
    })
}

/// What the tables say, in words.
pub(crate) fn verdict_text(verdict: Option<Verdict>) -> String {
    match verdict {
        Some(Verdict::Allowed { to, evidence, .. }) => format!("leads to {to} ({})", evidence.name()),
        Some(Verdict::Refused { evidence, source }) => format!("not expected ({}: {source})", evidence.name()),
        Some(Verdict::Lacks) => "this system has no such operation".into(),
        None => String::new(),
    }
}

/// A moment as a date, and how far off it is, with a colour.
pub(crate) fn until(text: &str, now: Moment) -> (String, anstyle::Style) {
    let Some(moment) = Moment::parse(text) else { return (text.to_string(), anstyle::Style::new()) };
    let (year, month, day) = moment.ymd();
    let days = (moment.seconds - now.seconds).div_euclid(DAY);
    let (off, style) = match days {
        ..0 => (format!("{} days ago", -days), style::BAD),
        0 => ("today".to_string(), style::BAD),
        1..=30 => (format!("in {days} days"), style::CARE),
        _ => (format!("in {days} days"), anstyle::Style::new()),
    };
    (format!("{year:04}-{month:02}-{day:02}, {off}"), style)
}

/// The time now.
pub(crate) fn now() -> Moment {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Moment { seconds: i64::try_from(since.as_secs()).unwrap_or(i64::MAX), nanos: since.subsec_nanos() }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// A number with its thousands apart: 10,000.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
