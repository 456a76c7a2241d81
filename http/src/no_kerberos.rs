//! In the place of the system's library for Kerberos, where the feature `kerberos` is not built in.

use crate::sign_in::{Failure, Scheme, SignIn, SignInCause};
use std::convert::Infallible;
use zeroize::Zeroizing;

/// Why there is none.
pub(crate) const WHY: &str = "this program is built without the feature `kerberos`";

/// A sign-in, of which there are none.
pub(crate) struct Context(Infallible);

/// An identity, of which there are none.
#[derive(Debug)]
pub(crate) struct Credential(Infallible);

impl Context {
    /// A sign-in.
    ///
    /// # Errors
    /// Always.
    pub(crate) fn new(_: &str, _: Option<Vec<u8>>, _: Scheme) -> Result<Self, Failure> {
        Err(SignInCause::NoLibrary { why: WHY.to_string() }.into())
    }

    pub(crate) fn scheme(&self) -> Scheme {
        match self.0 {}
    }

    pub(crate) fn is_done(&self) -> bool {
        match self.0 {}
    }

    pub(crate) fn is_mutual(&self) -> bool {
        match self.0 {}
    }

    pub(crate) fn step(&mut self, _: &Credential, _: Option<&[u8]>) -> Result<Zeroizing<Vec<u8>>, Failure> {
        match self.0 {}
    }
}

impl Credential {
    /// An identity.
    ///
    /// # Errors
    /// Always.
    pub(crate) fn acquire(_: &SignIn, _: Scheme, _: &str) -> Result<Self, Failure> {
        Err(SignInCause::NoLibrary { why: WHY.to_string() }.into())
    }
}
