//! What an HTTP status says of a change that was asked for, and the number of the error that it is.
//!
//! The only place where statuses are classified: retries, errors and the engine of outcomes ask here. Whatever
//! a status says, only the card, read again, proves that a change was carried out.
//!
//! RFC 9110, 15.

use cardwright_core::Code;

/// What a status says of a change that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Meaning {
    /// The server says that it was carried out: 2xx but for those that say less.
    Success,
    /// The server says neither yes nor no: 202 (not yet, and perhaps never), 207 (a status for each part, which no
    /// such API has), 3xx (usually a page to sign in).
    Unproven,
    /// The server refuses the request: 4xx but for those below. The same request will fare no better.
    Refused,
    /// The server does not accept the sign-in: 401; 407 of a proxy that carries requests itself.
    SignIn,
    /// The server asks to wait: 429, 503. The request may have been carried out all the same.
    Busy,
    /// The answer is lost, or the server failed at whatever point: 408, other 5xx, and what is no final status.
    Lost,
}

/// What a status says of a change that was asked for.
#[must_use]
pub fn meaning(status: u16) -> Meaning {
    match status {
        202 | 207 | 300..=399 => Meaning::Unproven,
        200..=299 => Meaning::Success,
        401 | 407 => Meaning::SignIn,
        408 => Meaning::Lost,
        429 | 503 => Meaning::Busy,
        400..=499 => Meaning::Refused,
        _ => Meaning::Lost,
    }
}

/// The code for a status that does not mean success.
pub(crate) fn code_of(status: u16) -> Code {
    match status {
        401 | 407 => Code::SignIn,
        403 => Code::Forbidden,
        404 | 410 => Code::NotFound,
        409 | 412 => Code::Refused,
        408 | 429 | 503 => Code::Busy,
        400..=499 => Code::BadRequest,
        500..=599 => Code::ServerFailed,
        _ => Code::Unexpected,
    }
}

/// The code for a status by which an issuer gives no token.
pub(crate) fn issuer_code_of(status: u16) -> Code {
    match status {
        408 | 429 | 503 => Code::Busy,
        500.. => Code::ServerFailed,
        404 | 410 => Code::NotFound,
        300..=399 => Code::Unexpected,
        _ => Code::SignIn,
    }
}

/// Whether the same request may fare better a little later.
pub(crate) fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

/// Whether the server has looked at the account: any other status may come from something on the way.
pub(crate) fn accepts_account(status: u16) -> bool {
    matches!(status, 200..=299 | 403 | 404 | 409)
}

/// Whether the server failed or was busy before it looked at the account.
pub(crate) fn is_undecided(status: u16) -> bool {
    matches!(status, 429 | 500..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_says_one_thing_of_a_change() {
        use Meaning::*;
        let rows: [(&[u16], Meaning); 6] = [
            (&[200, 201, 203, 204, 205, 206, 299], Success),
            (&[202, 207, 300, 302, 303, 304, 307, 308], Unproven),
            (&[400, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 415, 422, 423, 428, 431, 451, 499], Refused),
            (&[401, 407], SignIn),
            (&[429, 503], Busy),
            (&[100, 101, 199, 408, 500, 501, 502, 504, 505, 507, 520, 599, 600, 999, 0], Lost),
        ];
        for (statuses, expected) in rows {
            for status in statuses {
                assert_eq!(meaning(*status), expected, "{status}");
            }
        }
    }

    #[test]
    fn what_is_worth_another_attempt_is_never_a_refusal() {
        for status in (0..=999).filter(|status| is_passing(*status)) {
            assert!(matches!(meaning(status), Meaning::Busy | Meaning::Lost), "{status}");
        }
    }
}
