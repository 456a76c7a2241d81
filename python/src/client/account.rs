//! The account of a client: credentials that are given, or found.

use super::auth::{Auth, Issuer, tell};
use super::gathered::Gathered;
use cardwright::client::{Credentials, Oidc, OidcBuilder, Proxy, Secret, Trust};
use cardwright_python_common::Failure;
use pyo3::prelude::*;
use std::sync::Arc;

/// The account that signs in, for any number of clients.
#[derive(Default)]
pub(super) enum Account {
    #[default]
    Anonymous,
    Given(Credentials),
    /// Each client has tokens of its own, as a fork must not copy a lock.
    Tokens {
        issuer: Issuer,
        secret: Option<Secret>,
        prompt: Option<Arc<Py<PyAny>>>,
    },
    /// The same, of the issuer that the environment or a profile names.
    Gathered(Box<Gathered>),
}

impl Account {
    /// # Errors
    /// For arguments that exclude each other.
    pub(super) fn new(auth: Auth) -> Result<Self, Failure> {
        Ok(match auth {
            Auth::Bearer { token } => Account::Given(Credentials::Bearer(Secret::new(token))),
            Auth::Basic { given: (user, password) } => Account::Given(Credentials::basic(user, Secret::new(password))),
            Auth::SignIn { given } => Account::Given(given.sign_in()?.into()),
            Auth::Oidc { given: mut issuer } => {
                let (secret, prompt) = (issuer.secret.take().map(Secret::new), issuer.prompt.take().map(Arc::new));
                Account::Tokens { issuer, secret, prompt }
            }
        })
    }

    /// The name of the user, if one was given.
    pub(super) fn user(&self) -> Option<&str> {
        match self {
            Account::Given(credentials) => credentials.user(),
            _ => None,
        }
    }

    /// Credentials for one client; an issuer of tokens is reached with the client's trust and proxy.
    pub(super) fn credentials(&self, trust: &Trust, proxy: &Proxy) -> Result<Credentials, Failure> {
        let (issuer, secret, prompt) = match self {
            Account::Anonymous => return Ok(Credentials::Anonymous),
            Account::Given(credentials) => return Ok(credentials.clone()),
            Account::Gathered(gathered) => return Ok(gathered.target()?.credentials().clone()),
            Account::Tokens { issuer, secret, prompt } => (issuer, secret, prompt),
        };
        type Set = fn(OidcBuilder, &str) -> OidcBuilder;
        let texts: [(&Option<String>, Set); 5] = [
            (&issuer.scope, |builder, scope| builder.scope(scope)),
            (&issuer.resource, |builder, resource| builder.resource(resource)),
            (&issuer.audience, |builder, audience| builder.audience(audience)),
            (&issuer.token_endpoint, |builder, address| builder.token_endpoint(address)),
            (&issuer.device_endpoint, |builder, address| builder.device_endpoint(address)),
        ];
        let mut builder = Oidc::builder(&issuer.issuer, &issuer.client_id).trust(trust.clone()).proxy(proxy.clone());
        for (text, set) in texts {
            builder = text.iter().fold(builder, |builder, text| set(builder, text));
        }
        if let Some(secret) = secret {
            builder = builder.secret(secret.clone());
        }
        if let Some(prompt) = prompt.clone() {
            builder = builder.device_code(move |code| tell(&prompt, code));
        }
        if let Some(file) = &issuer.cache {
            builder = builder.cache(file);
        }
        Ok(Credentials::Tokens(Arc::new(builder.build()?)))
    }
}
