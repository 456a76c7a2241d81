//! An answer to a request that a proxy carries: the server's, or the proxy's own 407.
//!
//! RFC 9110, 15.5.8.

use super::sign_in::{Asked, Wanted};
use crate::error::error_words;
use crate::response::{ERROR_BODY, Response, buffered};
use std::io::Read as _;

/// What an answer says of the sign-in to the proxy. The body of a 407 is read, so that its connection is free for the
/// next leg.
pub(crate) fn asked(answer: Response) -> Asked<Response> {
    let status = answer.status().as_u16();
    if status != 407 {
        return Asked::Passed(answer, status);
    }
    let values = answer.headers().get_all("Proxy-Authenticate").iter();
    let challenges = values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
    let mut body = Vec::new();
    let _ = buffered(answer).into_body().into_reader().take(ERROR_BODY).read_to_end(&mut body);
    Asked::Wants(Wanted { challenges, words: error_words(&body) })
}
