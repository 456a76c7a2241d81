//! Why a card is revoked. The vendor's pages show the reason as a parameter, by name, and as a body, by
//! number: `{ reason=5 }`, and in older ones `{ reason: 5 }`. All are accepted, and so are JSON and forms.

use super::problem::Problem;
use crate::http_request::{HttpRequest, form};
use cardwright_core::certiflow::{Dialect, RevocationReason};
use serde_json::Value;

/// The reason of a request. Every page has it among the parameters, and the examples show where it is in the dialect:
/// that place takes precedence over the other. Default: `None`, which is assumed. A reason of a later dialect is invalid
/// like an unknown one.
pub(super) fn read(http: &HttpRequest, dialect: Dialect) -> Result<RevocationReason, Problem> {
    let parameter = http.parameter("reason").map(str::to_owned);
    let given = match parameter {
        Some(text) if !dialect.reason_in_body() => Some(text),
        parameter => in_body(http)?.or(parameter),
    };
    let Some(text) = given else { return Ok(RevocationReason::None) };
    let reason = RevocationReason::parse(text.trim()).filter(|reason| reason.since() <= dialect);
    reason.ok_or_else(|| Problem::invalid("reason", &text))
}

fn in_body(http: &HttpRequest) -> Result<Option<String>, Problem> {
    let Ok(body) = core::str::from_utf8(&http.body) else { return Err(Problem::invalid("reason", "")) };
    let body = body.trim();
    if body.is_empty() {
        return Ok(None);
    }
    if !http.is_form()
        && let Ok(json) = serde_json::from_str::<Value>(body)
    {
        return in_json(&json);
    }
    let bare = body.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(body);
    let pairs = match bare.split_once(':') {
        Some((name, value)) => vec![(name.trim().to_owned(), value.trim().to_owned())],
        None => form(bare.trim().as_bytes()),
    };
    let found = pairs.into_iter().find(|pair| pair.0.trim().eq_ignore_ascii_case("reason"));
    found.map(|pair| Some(pair.1)).ok_or_else(|| Problem::invalid("reason", body))
}

fn in_json(json: &Value) -> Result<Option<String>, Problem> {
    // The body is the reason, by the words of the pages.
    let found = match json {
        Value::Object(fields) => {
            fields.iter().find(|field| field.0.eq_ignore_ascii_case("reason")).map(|field| field.1)
        }
        other => Some(other),
    };
    match found {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Number(number)) => {
            // 5.0 is the same number as 5.
            let text = number.to_string();
            Ok(Some(text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)))
        }
        Some(other) => Err(Problem::invalid("reason", &other.to_string())),
    }
}
