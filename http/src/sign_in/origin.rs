//! The server that a transport talks to.

use super::Scheme;
use cardwright_core::Named as _;
use cardwright_core::base::is_loopback;

/// The host that requests go to, and whether they are encrypted.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// The host's name or address.
    pub(crate) host: String,
    /// Whether requests go over TLS.
    pub(crate) secure: bool,
}

impl Origin {
    /// Checks that others cannot read the secret of a sign-in on its way.
    ///
    /// # Errors
    /// In words, if it goes over plain HTTP to another machine.
    pub(super) fn check_confidential(&self, scheme: Scheme, secret: &str) -> Result<(), String> {
        if self.secure || is_loopback(&self.host) {
            return Ok(());
        }
        let (scheme, host) = (scheme.name(), &self.host);
        Err(format!("{scheme} would send the {secret} over plain HTTP to {host}, readable by all on the way"))
    }
}
