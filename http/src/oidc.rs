//! Tokens of an OpenID Connect or OAuth 2.0 issuer, such as AD FS: for a program by its own secret
//! (client credentials), for a person by a code to type on any device.
//!
//! A token is kept and renewed shortly before it ends. Threads that need a token at the same time share
//! one request and its failure, so that a wrong secret is tried once. Every request has a time limit.
//! Errors hold the issuer's words, but no secrets, codes or tokens.
//!
//! RFC 6749 (4.4, 6), RFC 8628 (device code), RFC 8414 and OpenID Connect Discovery 1.0, RFC 8707
//! (`resource`).

mod cache;
mod device;
mod endpoint;
pub(crate) mod exchange;
mod form;
mod issuer;
mod metadata;
mod settings;
mod source;
mod token;

pub use settings::{ClientAuth, DeviceCode};
pub use source::Oidc;

use crate::address::without_empty_port;
use crate::agent::{Proxy, Timeouts};
use crate::cancel::Canceler;
use crate::error::Error;
use crate::secret::Secret;
use crate::sign_in::TokenSource;
use crate::tls::Trust;
use cache::Cache;
use cardwright_core::Code;
use endpoint::Endpoint;
use issuer::Issuer;
use settings::Settings;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The settings of an [`Oidc`].
#[derive(Debug)]
#[must_use]
pub struct OidcBuilder {
    settings: Settings,
    trust: Trust,
    timeouts: Timeouts,
    proxy: Proxy,
    cache: Option<PathBuf>,
}

impl Oidc {
    /// Tokens for this client of the issuer at this address, such as `https://adfs.example.com/adfs`,
    /// with `/.well-known/openid-configuration` below it. It must be `https`, except on this computer.
    pub fn builder(issuer: impl Into<String>, client_id: impl Into<String>) -> OidcBuilder {
        let (answer, idle) = (Duration::from_secs(30), Duration::from_secs(10));
        OidcBuilder {
            settings: Settings { issuer: issuer.into(), client_id: client_id.into(), ..Settings::default() },
            trust: Trust::system(),
            timeouts: Timeouts { answer, idle, ..Timeouts::default() },
            proxy: Proxy::default(),
            cache: None,
        }
    }

    /// Returns a valid token, and gets one first if there is none: to find a fault early, or to ask a
    /// person before the work begins.
    ///
    /// # Errors
    /// [`Error::NoToken`].
    pub fn sign_in(&self) -> Result<Secret, Error> {
        self.token(&Canceler::new())
    }
}

impl OidcBuilder {
    /// The client's secret.
    pub fn secret(mut self, secret: Secret) -> Self {
        self.settings.secret = Some(secret);
        self
    }

    /// How the client authenticates by its secret. Default: [`ClientAuth::Discover`].
    pub fn client_auth(mut self, auth: ClientAuth) -> Self {
        self.settings.auth = auth;
        self
    }

    /// Gets a token for a person: `prompt` shows the code and where to type it. Default: a token for the
    /// client itself, by its secret.
    pub fn device_code(mut self, prompt: impl Fn(&DeviceCode) + Send + Sync + 'static) -> Self {
        self.settings.prompt = Some(Arc::new(prompt));
        self
    }

    /// The scopes of the token, separated by blanks. Some issuers renew a person's token without asking
    /// again only if `offline_access` is among them.
    pub fn scope(self, scope: impl Into<String>) -> Self {
        self.parameter("scope", scope.into())
    }

    /// The server that the token is for, by the address or name that the issuer knows (RFC 8707). AD FS
    /// requires it: the identifier of the relying party.
    pub fn resource(self, resource: impl Into<String>) -> Self {
        self.parameter("resource", resource.into())
    }

    /// The same for issuers that call it `audience`.
    pub fn audience(self, audience: impl Into<String>) -> Self {
        self.parameter("audience", audience.into())
    }

    fn parameter(mut self, name: &'static str, value: String) -> Self {
        self.settings.parameters.retain(|(known, _)| *known != name);
        self.settings.parameters.push((name, value));
        self
    }

    /// The token endpoint, for an issuer without a document that names it.
    pub fn token_endpoint(mut self, address: impl Into<String>) -> Self {
        self.settings.token_endpoint = Some(address.into());
        self
    }

    /// The endpoint for device codes, for an issuer without a document that names it.
    pub fn device_endpoint(mut self, address: impl Into<String>) -> Self {
        self.settings.device_endpoint = Some(address.into());
        self
    }

    /// Keeps the token in this file too, for the next process. Only its owner can read the file. Treat it as
    /// a password: a copy of it signs in until the token expires. Default: only in memory.
    pub fn cache(mut self, file: impl Into<PathBuf>) -> Self {
        self.cache = Some(file.into());
        self
    }

    /// The certificates to trust, as for a transport.
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// The time limits. Default: 10 seconds for a connection, 30 for an answer, 10 for its next piece.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// The proxy, as for a transport.
    pub fn proxy(mut self, proxy: impl Into<Proxy>) -> Self {
        self.proxy = proxy.into();
        self
    }

    /// The source of tokens. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Setup`] if an address cannot be used, or there is neither a secret nor a prompt.
    pub fn build(self) -> Result<Oidc, Error> {
        let OidcBuilder { mut settings, trust, timeouts, proxy, cache } = self;
        let endpoint = Endpoint::new(trust, timeouts, &proxy)?;
        let Settings { issuer, token_endpoint, device_endpoint, .. } = &mut settings;
        for address in [Some(issuer), token_endpoint.as_mut(), device_endpoint.as_mut()].into_iter().flatten() {
            endpoint::check(address).map_err(|why| Error::setup(Code::Address, why))?;
            endpoint.route(address)?;
            *address = without_empty_port(address).into_owned();
        }
        if settings.client_id.is_empty() {
            return Err(Error::setup(Code::Setting, "the issuer knows clients by their id, and there is none"));
        }
        if settings.secret.is_none() && settings.prompt.is_none() {
            return Err(Error::setup(Code::Setting, "a client without a secret gets tokens by a device code alone"));
        }
        let cache = cache.map(|file| Cache::new(file, &settings));
        Ok(Oidc::new(Issuer::new(settings, endpoint), cache))
    }
}
