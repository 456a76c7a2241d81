//! What a refusal offers: the schemes, and what it says of a token.
//!
//! RFC 9110, 11.6.1; RFC 6750, 3.

use super::cause::SignInCause;
use super::challenge::{Challenge, challenges};
use crate::error::one_line;
use crate::response::Response;

/// What `read` finds in the challenges of an answer.
pub(super) fn in_challenges<T>(answer: &Response, read: impl Fn(&Challenge<'_>) -> Option<T>) -> Vec<T> {
    // A realm may hold characters outside ASCII.
    let headers = answer.headers().get_all("WWW-Authenticate").iter().map(|v| String::from_utf8_lossy(v.as_bytes()));
    headers.flat_map(|header| challenges(&header).iter().filter_map(&read).collect::<Vec<_>>()).collect()
}

/// The schemes that the server offers.
pub(super) fn offered(answer: &Response) -> Vec<String> {
    in_challenges(answer, |challenge| Some(challenge.scheme.to_string()))
}

/// Why the server refuses a token, in its own words (RFC 6750, 3).
pub(super) fn token_refused(answer: &Response) -> SignInCause {
    let said = |challenge: &Challenge<'_>| {
        let words = |name: &str| challenge.parameter(name).map(one_line).filter(|words| !words.is_empty());
        let (error, description) = (words("error"), words("error_description"));
        let is_bearer = challenge.scheme.eq_ignore_ascii_case("Bearer");
        (is_bearer && (error.is_some() || description.is_some())).then_some((error, description))
    };
    let (error, description) = in_challenges(answer, said).into_iter().next().unwrap_or_default();
    SignInCause::TokenRefused { error, description }
}
