//! Bearer tokens (RFC 6750): JWTs of an issuer that the server is told to trust.

mod keys;
mod settings;
mod tokens;

pub use settings::{Bearer, KeySource};
pub(crate) use tokens::{CHALLENGE, Denied, Tokens, token};
