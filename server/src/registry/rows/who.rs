//! Who acts: an account of the server, or the bearer of an issuer's token.
//!
//! A bearer is told by issuer and subject alone: the name in a token may be changed by its bearer, and two
//! people may have the same one (RFC 7519, 4.1.2; OpenID Connect Core 1.0, 5.7).

use crate::visible::visible;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    name: String,
    bearer: Option<(String, String)>,
}

impl Who {
    /// An account of the server, or a program that uses the registry itself.
    #[must_use]
    pub fn account(name: &str) -> Self {
        Who { name: visible(name).into_owned(), bearer: None }
    }

    /// The subject of an issuer, with the name that is shown for it.
    #[must_use]
    pub fn bearer(issuer: &str, subject: &str, name: &str) -> Self {
        Who { name: visible(name).into_owned(), bearer: Some((issuer.to_owned(), subject.to_owned())) }
    }

    /// The name that is shown: that of the account, or the one in the token.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The issuer of a bearer's token.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.bearer.as_ref().map(|bearer| bearer.0.as_str())
    }

    /// The subject of a bearer's token.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.bearer.as_ref().map(|bearer| bearer.1.as_str())
    }

    /// Issuer and subject; for an account no issuer, and its name.
    pub(in crate::registry) fn key(&self) -> (&str, &str) {
        (self.issuer().unwrap_or_default(), self.subject().unwrap_or(&self.name))
    }
}

impl From<&str> for Who {
    fn from(name: &str) -> Self {
        Self::account(name)
    }
}
