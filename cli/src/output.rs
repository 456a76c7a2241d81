//! Facts about a card, for people and for programs.

use crate::style;
use cardwright::Due;
use cardwright::client::{AnyCard, Listed, Planned};
use cardwright::core::Named;
use cardwright::core::date::Moment;
use cardwright::core::lifecycle::{Evidence, Verdict};
use serde_json::{Value, json, value::RawValue};

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

/// The owner of a card, and its server.
pub(crate) fn whose(card: &AnyCard, server: &str) -> String {
    match card.user() {
        user if user.is_empty() => format!("nobody's, on {server}"),
        user => format!("{user}, on {server}"),
    }
}

/// Adds the card that something was done to, and the server, to an object about it.
pub(crate) fn add_target(object: &mut Value, card: Option<&AnyCard>, server: &str) {
    object["id"] = card.map(|card| card.id()).into();
    object["serial_number"] = card.map(|card| card.serial_number()).into();
    object["holder"] = card.map(|card| card.user()).into();
    object["server"] = server.into();
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

/// A request that would be sent, for a program.
pub(crate) fn planned_json(planned: &Planned) -> Value {
    json!({ "method": planned.method, "address": planned.address, "body": planned.body })
}

/// An available operation, for a program.
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
    let (text, due) = cardwright::due(text, now);
    let style = match due {
        Due::Past => style::BAD,
        Due::Soon => style::CARE,
        Due::Later => anstyle::Style::new(),
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => anstyle::Style::new(),
    };
    (text, style)
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
