//! The schemes of the sign-in, towards a proxy.
//!
//! There is no channel binding: the way to a proxy is usually plain, and it is the proxy itself that is spoken to.

use super::handshake::{Handshake, Identity};
use super::origin::Origin;
use super::{Failure, Scheme, SignIn};
use crate::secret::Secret;

/// Who signs in to a proxy by Negotiate or NTLM: the user of its address, or the identity at hand.
#[derive(Debug)]
pub(crate) struct ProxyIdentity(Identity);

/// A sign-in to a proxy under way.
pub(crate) struct ProxyHandshake(Handshake);

impl ProxyIdentity {
    /// The user with this password, or the identity at hand, at the proxy on this host.
    pub(crate) fn new(account: Option<(&str, &Secret)>, host: &str) -> Self {
        let sign_in = match account {
            Some((user, password)) => SignIn::password(user, password.clone()),
            None => SignIn::ambient(),
        };
        let origin = Origin { host: host.to_string(), secure: false };
        ProxyIdentity(Identity::new(sign_in.channel_bindings(false), origin))
    }

    /// Begins a sign-in over a new connection.
    ///
    /// # Errors
    /// If the scheme cannot be used.
    pub(crate) fn start(&self, scheme: Scheme) -> Result<ProxyHandshake, Failure> {
        self.0.start(scheme, None).map(ProxyHandshake)
    }

    /// The token of the next leg, in base64, from the proxy's token in answer to the last one; and whether it proves
    /// that the user has the password.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) fn step(&self, handshake: &mut ProxyHandshake, input: Option<&[u8]>) -> Result<(Secret, bool), Failure> {
        self.0.step(&mut handshake.0, input).map(|token| (token.text, token.proves))
    }
}
