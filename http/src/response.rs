//! An answer of a server: its headers, its body, and the error that a refusal is.

use crate::agent::LONGEST;
use crate::client_cert_page::client_certificate_page;
use crate::error::{Error, error_words};
use crate::page::is_page;
use crate::sign_in::cause::SignInCause;
use crate::status::code_of;
use cardwright_core::Code;
use std::io::Read as _;
use std::time::{Duration, SystemTime};

/// An answer whose body has not been read yet.
pub(crate) type Response = ureq::http::Response<ureq::Body>;

/// How much of a refusal's body is read for its words, in bytes.
pub(crate) const ERROR_BODY: u64 = 64 * 1024;

/// How much of a body is buffered, in bytes. The connection of a longer one is closed.
const BUFFERED: u64 = 1 << 20;

/// What the error of a refusal says about the sign-in; an extension of the answer.
#[derive(Debug, Clone)]
pub(crate) struct SignInNote {
    /// In words.
    pub(crate) words: String,
    /// As a fact, where the cause is known.
    pub(crate) cause: Option<SignInCause>,
}

/// What the error of a refusal says about a proxy that carried the request; an extension of the answer.
#[derive(Debug, Clone)]
pub(crate) struct ProxyNote(pub(crate) String);

/// The value of a header.
pub(crate) fn header(answer: &Response, name: &str) -> Option<String> {
    answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_string)
}

/// All headers, in the order of the answer.
pub(crate) fn headers(map: &ureq::http::HeaderMap) -> Vec<(String, String)> {
    map.iter().map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect()
}

/// The same answer with its body in memory, so that the connection is free for the next request.
pub(crate) fn buffered(answer: Response) -> Response {
    answer.map(|body| {
        let mut bytes = Vec::new();
        // The beginning of a body that breaks off is enough.
        let _ = body.into_with_config().limit(u64::MAX).reader().take(BUFFERED).read_to_end(&mut bytes);
        ureq::Body::builder().data(bytes)
    })
}

/// The error for an answer whose status does not mean success.
pub(crate) fn refusal(answer: Response, request: &str) -> Error {
    let status = answer.status().as_u16();
    let (location, date, asked) =
        (header(&answer, "Location"), header(&answer, "Date"), header(&answer, "Retry-After"));
    let kind = header(&answer, "Content-Type").unwrap_or_default();
    let note: Option<SignInNote> = answer.extensions().get().cloned();
    let (note, cause) = note.map_or_else(Default::default, |note| (note.words, note.cause));
    let proxy = answer.extensions().get().map_or(String::new(), |ProxyNote(note)| note.clone());
    let mut body = Vec::new();
    // A body that breaks off still has its first words.
    let _ = answer.into_body().into_reader().take(ERROR_BODY).read_to_end(&mut body);
    let words = match location {
        Some(location) if (300..400).contains(&status) => {
            format!("it points to {location}, which looks like a sign-in page or a wrong base address")
        }
        // The page of a refusal says less than its cause.
        _ if cause.is_some() && is_page("", &body) => format!("{note}; {}", error_words(&body)),
        _ => [error_words(&body), note, proxy]
            .into_iter()
            .filter(|words| !words.is_empty())
            .collect::<Vec<_>>()
            .join("; "),
    };
    let wait = asked.and_then(|asked| retry_after(&asked, date.as_deref(), SystemTime::now()));
    // A path that the API does not have is no word about what was asked for.
    let code = if matches!(status, 404 | 410) && is_no_api(&body) { Code::Address } else { code_of(status) };
    let page = client_certificate_page(status, &body);
    let error = Error::answer(code, status, request, words).of_page(is_page(&kind, &body));
    error.with_retry_after(wait).because(cause).with_client_certificate(page)
}

/// Whether a refusal is that of a web server, and not of an API behind it: a page, or Web API's words for a path
/// that it does not route.
#[must_use]
pub fn is_no_api(body: &[u8]) -> bool {
    is_page("", body) || error_words(body).starts_with("No HTTP resource was found")
}

/// How long a server asks to wait: a number of seconds, or a date, which is compared with the server's own clock where
/// the answer tells it, as ours may be wrong. A date in the past asks for no wait.
///
/// RFC 9110, 10.2.3 and 5.6.7.
fn retry_after(asked: &str, date: Option<&str>, now: SystemTime) -> Option<Duration> {
    let asked = asked.trim();
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(asked.parse().unwrap_or(u64::MAX)).min(LONGEST));
    }
    let until = httpdate::parse_http_date(asked).ok()?;
    let now = date.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(now);
    let wait = until.duration_since(now).unwrap_or_default();
    Some(wait.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_asked_for_in_seconds_or_by_a_date_of_any_form() {
        let clock = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        let now = SystemTime::now();
        let seconds = |asked: &str| retry_after(asked, clock, now).map(|wait| wait.as_secs());
        assert_eq!((seconds(" 7 "), seconds("0")), (Some(7), Some(0)));
        assert_eq!(seconds("99999999999999999999999"), Some(LONGEST.as_secs()));
        // The form of today, and the two obsolete ones.
        for date in ["Sun, 06 Nov 1994 08:50:07 GMT", "Sunday, 06-Nov-94 08:50:07 GMT", "Sun Nov  6 08:50:07 1994"] {
            assert_eq!(seconds(date), Some(30), "{date}");
        }
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:36 GMT"), Some(0), "in the past");
        for wrong in ["", "-1", "1.5", "soon", "Mon, 06 Nov 1994 08:50:07 GMT", "Sun, 31 Feb 1994 08:50:07 GMT"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn without_the_servers_clock_ours_is_taken() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let until = "Sun, 06 Nov 1994 08:50:07 GMT";
        for date in [None, Some("no date")] {
            assert_eq!(retry_after(until, date, now), Some(Duration::from_secs(30)));
        }
    }
}
