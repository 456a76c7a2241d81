//! In the place of the tokens of an issuer, where the feature `oidc` is not built in: the settings are there, and nothing
//! comes of them.

use crate::cancel::Canceler;
use crate::error::Error;
use crate::secret::Secret;
use crate::sign_in::TokenSource;
use std::convert::Infallible;

/// Tokens of an issuer, of which there are none: the feature `oidc` is not built in.
#[derive(Debug, Clone)]
pub struct Oidc(Infallible);

impl TokenSource for Oidc {
    fn token(&self, _: &Canceler) -> Result<Secret, Error> {
        match self.0 {}
    }

    fn renew(&self, _: &Secret, _: &Canceler) -> Result<Option<Secret>, Error> {
        match self.0 {}
    }
}
