//! What a proxy says when it opens no tunnel.

use std::fmt;

/// The refusal of a proxy to open a tunnel: no byte of the request has left.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProxyRefusal {
    /// The proxy's host and port.
    pub proxy: String,
    /// The HTTP status of its answer to CONNECT.
    pub status: u16,
    /// The schemes by which it wants a user to sign in (`Proxy-Authenticate`), in its own words and order.
    pub schemes: Vec<String>,
    /// Whether it was given a user and a password, which it did not accept.
    pub password_refused: bool,
    /// The proxy's own words; its reason phrase if there are no others.
    pub words: String,
}

impl ProxyRefusal {
    /// A proxy that wants its users to sign in: 407.
    pub fn wants_sign_in(&self) -> bool {
        self.status == 407
    }
}

impl fmt::Display for ProxyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the proxy {} answered {}", self.proxy, self.status)?;
        if !self.wants_sign_in() {
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
        match self.password_refused {
            true => f.write_str("; they are not sent again, as that could lock the account"),
            false => Ok(()),
        }
    }
}

impl std::error::Error for ProxyRefusal {}
