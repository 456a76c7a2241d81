//! Requests for tokens: the issuer's document, the client's authentication, and grants without a person.

use super::endpoint::{Answer, Endpoint, Refusal};
use super::form::{Form, basic};
use super::metadata::Metadata;
use super::settings::{ClientAuth, Settings};
use super::token::Token;
use crate::cancel::Canceler;
use crate::error::Error;
use crate::secret::Secret;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

/// An issuer as one of its clients sees it.
pub(super) struct Issuer {
    pub(super) settings: Arc<Settings>,
    endpoint: Endpoint,
    metadata: OnceLock<Metadata>,
}

impl Issuer {
    pub(super) fn new(settings: Settings, endpoint: Endpoint) -> Self {
        Issuer { settings: Arc::new(settings), endpoint, metadata: OnceLock::new() }
    }

    /// The same issuer, of which nothing has been read yet, for another process.
    pub(super) fn fresh(&self) -> Self {
        Issuer { settings: Arc::clone(&self.settings), endpoint: self.endpoint.fresh(), metadata: OnceLock::new() }
    }

    /// The issuer's document, which is read once.
    pub(super) fn metadata(&self, canceler: &Canceler) -> Result<&Metadata, Error> {
        if let Some(metadata) = self.metadata.get() {
            return Ok(metadata);
        }
        let metadata = Metadata::of(&self.settings, &self.endpoint, canceler)?;
        Ok(self.metadata.get_or_init(|| metadata))
    }

    /// Requests a token by a form.
    pub(super) fn token(&self, form: Form, canceler: &Canceler) -> Result<Token, Refusal> {
        let address = self.metadata(canceler)?.token_endpoint()?;
        let asked = SystemTime::now();
        Ok(self.post(address, form, canceler)?.token(asked, address)?)
    }

    /// A token for the client itself, by its secret.
    pub(super) fn client_token(&self, canceler: &Canceler) -> Result<Token, Error> {
        let token = self.token(Form::new("client_credentials"), canceler).map_err(|refusal| refusal.error)?;
        // The secret renews it.
        Ok(Token { refresh: None, ..token })
    }

    /// A token by a refresh token; `None` if there is none or the issuer does not accept it.
    pub(super) fn renew(&self, had: Option<&Token>, canceler: &Canceler) -> Result<Option<Token>, Error> {
        let Some(refresh) = had.and_then(|had| had.refresh.as_ref()) else { return Ok(None) };
        let mut form = Form::new("refresh_token");
        form.secret("refresh_token", refresh);
        match self.token(form, canceler) {
            Ok(mut token) => {
                tracing::debug!("the token is renewed by the refresh token");
                // RFC 6749, 6: without a new one, the old one stays valid.
                token.refresh = token.refresh.or_else(|| Some(refresh.clone()));
                Ok(Some(token))
            }
            Err(refusal) if refusal.is("invalid_grant") => {
                tracing::debug!("the issuer does not accept the refresh token");
                Ok(None)
            }
            Err(refusal) => Err(refusal.error),
        }
    }

    /// Sends a form with the configured parameters and the client's authentication.
    pub(super) fn post(&self, address: &str, mut form: Form, canceler: &Canceler) -> Result<Answer, Refusal> {
        self.settings.parameters.iter().for_each(|(name, value)| form.add(name, value));
        let authorization = self.authenticate(&mut form, canceler)?;
        self.endpoint.post(address, &form, authorization, canceler)
    }

    /// Authenticates the client in the form, or by the header that is returned.
    fn authenticate(&self, form: &mut Form, canceler: &Canceler) -> Result<Option<Secret>, Error> {
        let id = &self.settings.client_id;
        match &self.settings.secret {
            Some(secret) if self.metadata(canceler)?.auth(self.settings.auth)? != ClientAuth::Post => {
                return Ok(Some(basic(id, secret)));
            }
            Some(secret) => {
                form.add("client_id", id);
                form.secret("client_secret", secret);
            }
            None => form.add("client_id", id),
        }
        Ok(None)
    }
}
