//! What stands in the `Proxy-Authenticate` headers of an answer.
//!
//! RFC 9110, 11.7.1.

use crate::sign_in::challenge::{Challenge, challenges};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The schemes that these headers offer, in their own words and order.
pub(super) fn offers(headers: &[String]) -> Vec<String> {
    let all = headers.iter().flat_map(|header| challenges(header));
    all.map(|challenge| challenge.scheme.to_string()).collect()
}

/// What `read` finds in the challenges of a scheme, from the first to the last.
pub(super) fn of_scheme<'h, T>(
    headers: &'h [String],
    scheme: &str,
    read: impl Fn(Challenge<'h>) -> Option<T>,
) -> Vec<T> {
    let all = headers.iter().flat_map(|header| challenges(header));
    all.filter(|challenge| challenge.scheme.eq_ignore_ascii_case(scheme)).filter_map(read).collect()
}

/// The proxy's token for a scheme.
pub(super) fn token(headers: &[String], scheme: &str) -> Option<Vec<u8>> {
    of_scheme(headers, scheme, |challenge| STANDARD.decode(challenge.token?).ok()).into_iter().next()
}
