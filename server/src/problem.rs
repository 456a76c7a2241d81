//! CertiFlow's errors, as ASP.NET Core writes them (ProblemDetails, RFC 9457). The vendor does not
//! document them: the form is assumed from the product's platform.

use crate::reply::Reply;
use axum::http::{StatusCode, header};
use serde_json::{Map, Value, json};

const MEDIA_TYPE: &str = "application/problem+json; charset=utf-8";

/// An error.
pub(crate) fn problem(status: StatusCode, detail: Option<&str>) -> Reply {
    let mut body = Map::new();
    body.insert("type".into(), kind(status).into());
    body.insert("title".into(), status.canonical_reason().unwrap_or("Error").into());
    body.insert("status".into(), status.as_u16().into());
    if let Some(detail) = detail {
        body.insert("detail".into(), detail.into());
    }
    Reply::typed(status, MEDIA_TYPE, &body)
}

/// A parameter that has no valid value.
pub(crate) fn invalid(parameter: &str, value: &str) -> Reply {
    invalid_because(parameter, &format!("The value '{value}' is not valid."))
}

/// As [`invalid`], with a sentence of its own.
pub(crate) fn invalid_because(parameter: &str, sentence: &str) -> Reply {
    let status = StatusCode::BAD_REQUEST;
    let mut errors = Map::new();
    errors.insert(parameter.into(), json!([sentence]));
    let body = json!({
        "type": kind(status),
        "title": "One or more validation errors occurred.",
        "status": status.as_u16(),
        "errors": Value::Object(errors),
    });
    Reply::typed(status, MEDIA_TYPE, &body)
}

/// An address with another verb.
pub(crate) fn wrong_method(allow: String) -> Reply {
    problem(StatusCode::METHOD_NOT_ALLOWED, None).with(header::ALLOW, allow)
}

/// The clause of RFC 9110, by which ASP.NET Core tells statuses apart.
const fn kind(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "https://tools.ietf.org/html/rfc9110#section-15.5.1",
        403 => "https://tools.ietf.org/html/rfc9110#section-15.5.4",
        404 => "https://tools.ietf.org/html/rfc9110#section-15.5.5",
        405 => "https://tools.ietf.org/html/rfc9110#section-15.5.6",
        409 => "https://tools.ietf.org/html/rfc9110#section-15.5.10",
        500 => "https://tools.ietf.org/html/rfc9110#section-15.6.1",
        _ => "about:blank",
    }
}
