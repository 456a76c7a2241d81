//! An answer of a server: its headers, its body, and the error that a refusal is.

use crate::error::{Error, error_words};
use crate::status::code_of;
use std::io::Read as _;
use std::time::Duration;

/// An answer whose body has not been read yet.
pub(crate) type Response = ureq::http::Response<ureq::Body>;

/// How much of a refusal's body is read for its words, in bytes.
pub(crate) const ERROR_BODY: u64 = 64 * 1024;

/// How much of a body is buffered, in bytes. The connection of a longer one is closed.
const BUFFERED: u64 = 1 << 20;

/// What the error of a refusal says about the sign-in; an extension of the answer.
#[derive(Debug, Clone)]
pub(crate) struct SignInNote(pub(crate) String);

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
    let (location, retry_after) = (header(&answer, "Location"), header(&answer, "Retry-After"));
    let note = answer.extensions().get().map_or(String::new(), |SignInNote(note)| note.clone());
    let mut body = Vec::new();
    // A body that breaks off still has its first words.
    let _ = answer.into_body().into_reader().take(ERROR_BODY).read_to_end(&mut body);
    let words = match location {
        Some(location) if (300..400).contains(&status) => {
            format!("it points to {location}, which looks like a sign-in page or a wrong base address")
        }
        _ => [error_words(&body), note].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join("; "),
    };
    // A date in place of seconds is ignored: it would depend on two clocks.
    let wait = retry_after.and_then(|seconds| seconds.trim().parse().ok()).map(Duration::from_secs);
    Error::answer(code_of(status), status, request, words).with_retry_after(wait)
}
