//! CertiFlow's errors, in the two forms of its platforms. The vendor documents neither.
//!
//! ASP.NET Core writes ProblemDetails (RFC 9457); the classic Web API of the older generations writes
//! `{"Message": ...}`, and answers 500 if something was refused.

use crate::reply::Reply;
use crate::{Error, ErrorProfile, Refusal};
use axum::http::{StatusCode, header};
use serde_json::{Value, json};

const MEDIA_TYPE: &str = "application/problem+json; charset=utf-8";

/// What is wrong with a request.
#[derive(Debug, Clone)]
pub(super) enum Problem {
    /// There is no such address.
    NoRoute,
    /// The address has other methods only.
    WrongMethod(String),
    /// The account lacks a privilege, in the words of the dialect.
    Forbidden { account: String, privilege: &'static str },
    /// There is no such card.
    NoCard(String),
    /// A parameter has no valid value.
    Invalid { parameter: String, sentence: String },
    /// The card's state does not allow the operation.
    Refused(String),
    /// Too many changes are pending already. Nothing was done.
    Busy,
    /// The database cannot be reached, for this cause, which the log shows.
    Unavailable(String),
    /// The server is at fault, for this cause, which the log shows.
    Failed(String),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Busy => Problem::Busy,
            _ if error.is_unavailable() => Problem::Unavailable(error.to_string()),
            _ => Problem::Failed(error.to_string()),
        }
    }
}

impl Problem {
    /// A parameter that has no valid value.
    pub(super) fn invalid(parameter: &str, value: &str) -> Self {
        Self::invalid_because(parameter, format!("The value '{value}' is not valid."))
    }

    /// As [`Self::invalid`], with a sentence of its own.
    pub(super) fn invalid_because(parameter: &str, sentence: impl Into<String>) -> Self {
        Problem::Invalid { parameter: parameter.to_owned(), sentence: sentence.into() }
    }

    /// The answer.
    pub(super) fn reply(&self, profile: ErrorProfile, refusal: Refusal) -> Reply {
        let status = match self {
            Problem::NoRoute | Problem::NoCard(_) => StatusCode::NOT_FOUND,
            Problem::WrongMethod(_) => StatusCode::METHOD_NOT_ALLOWED,
            Problem::Forbidden { .. } => StatusCode::FORBIDDEN,
            Problem::Invalid { .. } => StatusCode::BAD_REQUEST,
            Problem::Refused(_) => StatusCode::from_u16(refusal.status(profile)).unwrap_or(StatusCode::CONFLICT),
            Problem::Busy | Problem::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Problem::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let reply = match profile {
            ErrorProfile::AspNetCore => Reply::typed(status, MEDIA_TYPE, &self.details(status)),
            ErrorProfile::Classic => Reply::json(status, &self.classic(status)),
        };
        match self {
            Problem::WrongMethod(allow) => reply.with(header::ALLOW, allow),
            Problem::Busy => reply.with(header::RETRY_AFTER, "1"),
            Problem::Unavailable(cause) => reply.with(header::RETRY_AFTER, "1").because(cause),
            Problem::Failed(cause) => reply.because(cause),
            Problem::NoRoute
            | Problem::Forbidden { .. }
            | Problem::NoCard(_)
            | Problem::Invalid { .. }
            | Problem::Refused(_) => reply,
        }
    }

    /// ProblemDetails.
    fn details(&self, status: StatusCode) -> Value {
        let mut body = json!({
            "type": clause(status),
            "title": status.canonical_reason().unwrap_or("Error"),
            "status": status.as_u16(),
        });
        match self {
            Problem::Invalid { parameter, sentence } => {
                body["title"] = "One or more validation errors occurred.".into();
                body["errors"] = json!({ parameter: [sentence] });
            }
            Problem::Forbidden { account, privilege } => {
                body["detail"] = lacks(account, privilege).into();
            }
            Problem::NoCard(detail) | Problem::Refused(detail) => body["detail"] = detail.as_str().into(),
            Problem::NoRoute
            | Problem::WrongMethod(_)
            | Problem::Busy
            | Problem::Unavailable(_)
            | Problem::Failed(_) => {}
        }
        body
    }

    /// The errors of classic Web API.
    fn classic(&self, status: StatusCode) -> Value {
        match self {
            Problem::NoRoute => json!({ "Message": "No HTTP resource was found that matches the request URI." }),
            Problem::WrongMethod(_) => {
                json!({ "Message": "The requested resource does not support this http method." })
            }
            Problem::Forbidden { account, privilege } => json!({ "Message": lacks(account, privilege) }),
            Problem::NoCard(detail) => json!({ "Message": detail }),
            Problem::Invalid { parameter, sentence } => {
                json!({ "Message": "The request is invalid.", "ModelState": { parameter: [sentence] } })
            }
            Problem::Refused(detail) if status.is_server_error() => {
                json!({ "Message": "An error has occurred.", "ExceptionMessage": detail })
            }
            Problem::Refused(detail) => json!({ "Message": detail }),
            Problem::Busy | Problem::Unavailable(_) | Problem::Failed(_) => {
                json!({ "Message": "An error has occurred." })
            }
        }
    }
}

fn lacks(account: &str, privilege: &str) -> String {
    format!("The account {account} lacks the privilege \"{privilege}\".")
}

/// The page of IIS for a caller that has not signed in.
pub(super) fn iis_unauthorized() -> Reply {
    let page = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \
        \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\r\n<html xmlns=\"http://www.w3.org/1999/xhtml\">\r\n\
        <head><title>401 - Unauthorized: Access is denied due to invalid credentials.</title></head>\r\n\
        <body><div id=\"header\"><h1>Server Error</h1></div><div id=\"content\"><h2>401 - Unauthorized: Access is \
        denied due to invalid credentials.</h2></div></body>\r\n</html>\r\n";
    Reply::raw(StatusCode::UNAUTHORIZED, Some("text/html".into()), page.into())
}

/// The clause of RFC 9110 that ASP.NET Core names for a status.
const fn clause(status: StatusCode) -> &'static str {
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
