//! What a proxy says when it does not let a request pass, and what is wrong where no proxy answers.

use crate::beneath::Beneath;
use std::fmt;

/// The refusal of a proxy to open a tunnel, to connect, or to carry a request without a sign-in: no byte of the request
/// has reached the server.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProxyRefusal {
    /// The proxy's host and port.
    pub proxy: String,
    /// The HTTP status of its answer; a SOCKS proxy has none.
    pub status: Option<u16>,
    /// The schemes by which it wants a user to sign in (`Proxy-Authenticate`), in its own words and order.
    pub schemes: Vec<String>,
    /// Whether it was given a user and a password.
    pub account_given: bool,
    /// Whether it did not accept them.
    pub password_refused: bool,
    /// Each scheme that was tried or could not be, with the reason.
    pub tried: Vec<String>,
    /// Whether it did not accept the ticket at hand.
    pub ticket_refused: bool,
    /// Whether its address comes from the environment.
    pub from_environment: bool,
    /// The variable from which its address comes, or could come.
    pub variable: &'static str,
    /// The proxy's own words; its reason phrase if there are no others.
    pub words: String,
}

impl ProxyRefusal {
    /// A proxy that wants its users to sign in: 407.
    #[must_use]
    pub fn wants_sign_in(&self) -> bool {
        self.status == Some(407)
    }
}

impl fmt::Display for ProxyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            Some(status) => write!(f, "the proxy {} answered {status}", self.proxy)?,
            None => write!(f, "the proxy {} refuses", self.proxy)?,
        }
        if !self.wants_sign_in() && !self.password_refused {
            return if self.words.is_empty() { Ok(()) } else { write!(f, ": {}", self.words) };
        }
        match self.password_refused {
            true => f.write_str(": it does not accept the user and password that it was given")?,
            false => f.write_str(": it wants a sign-in of its own")?,
        }
        match self.schemes.as_slice() {
            [] => {}
            schemes => write!(f, " ({})", schemes.join(", "))?,
        }
        for tried in &self.tried {
            write!(f, "; {tried}")?;
        }
        match self.password_refused {
            true => f.write_str("; they are not sent again, as that could lock the account"),
            false => Ok(()),
        }
    }
}

impl std::error::Error for ProxyRefusal {}

/// Why there is no connection to a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProxyFault {
    /// Its name has no address.
    NoName,
    /// Nothing takes connections there.
    NoConnection,
    /// What is there does not answer in time, closes the connection, or is no proxy of that kind.
    NoAnswer,
}

/// A proxy that cannot be reached: no byte of the request has left.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProxyUnreachable {
    /// The proxy's host and port.
    pub proxy: String,
    /// The kind of failure.
    pub fault: ProxyFault,
    /// Whether it may have been sent a password that it has never accepted. It may have counted it, so that it is not
    /// sent again by itself.
    pub unproven: bool,
    /// What is the matter.
    pub words: String,
    pub(super) below: Beneath,
}

impl fmt::Display for ProxyUnreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the proxy {}: {}", self.proxy, self.words)
    }
}

impl std::error::Error for ProxyUnreachable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.below.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_proxy_its_status_and_what_it_wants() {
        let refusal = |status, schemes: &[&str], password_refused, words: &str| {
            let schemes = schemes.iter().map(|scheme| (*scheme).to_string()).collect();
            let (proxy, words) = ("p:3128".to_string(), words.to_string());
            let (account_given, tried, variable) = (password_refused, Vec::new(), "HTTPS_PROXY");
            let (ticket_refused, from_environment) = (false, false);
            ProxyRefusal {
                proxy,
                status,
                schemes,
                account_given,
                password_refused,
                tried,
                ticket_refused,
                from_environment,
                variable,
                words,
            }
            .to_string()
        };
        assert_eq!(
            refusal(Some(407), &["Negotiate", "NTLM"], false, "x"),
            "the proxy p:3128 answered 407: it wants a sign-in of its own (Negotiate, NTLM)"
        );
        assert!(refusal(Some(407), &[], true, "").contains("does not accept the user and password"));
        assert_eq!(refusal(Some(403), &[], false, "Forbidden"), "the proxy p:3128 answered 403: Forbidden");
        assert_eq!(refusal(Some(502), &[], false, ""), "the proxy p:3128 answered 502");
        assert_eq!(refusal(None, &[], false, "no rule"), "the proxy p:3128 refuses: no rule");
        assert!(refusal(None, &[], true, "x").contains("does not accept the user and password"));
    }
}
