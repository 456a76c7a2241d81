//! Requests to one server as one account, over HTTP with ureq.
//!
//! A [`Transport`] owns the connections to a server, its TLS, proxy and sign-in, the tokens it needs, and
//! what may be repeated. It sends a [`Call`](cardwright_core::http::Call) of the core and returns the
//! [`Reply`], whole or element by element ([`Stream`]). It blocks, and each call has a time limit.
//!
//! What the two card management systems mean by a reply is the business of `cardwright-client`.

mod agent;
mod binding;
mod client_cert;
mod connection;
mod error;
#[cfg(unix)]
mod gssapi;
#[cfg(feature = "ntlm")]
mod ntlm;
mod observe;
mod oidc;
mod presented;
mod retry;
mod secret;
mod sending;
mod sign_in;
mod slots;
#[cfg(windows)]
mod sspi;
mod stream;
mod tls;
mod transport;

pub use agent::{Proxy, Timeouts};
pub use client_cert::{ClientCertificate, ClientKey, SignatureScheme};
pub use error::{Answer, Decode, Error, error_words};
pub use observe::{EXCERPT, Exchange, Observe, Observer};
pub use oidc::{ClientAuth, DeviceCode, Oidc, OidcBuilder};
pub use retry::{Canceler, Repeat, Retries};
pub use secret::Secret;
pub use sign_in::challenge::{Challenge, challenges};
pub use sign_in::{Credentials, Explanation, Mutual, NOT_ALLOWED, Scheme, SignIn, TokenSource};
pub use stream::Stream;
pub use tls::Trust;
pub use transport::{Raw, Reply, Setup, Transport};

/// What the fuzz targets look at from outside.
#[doc(hidden)]
pub mod fuzzing {
    pub use crate::binding::end_point;
    #[cfg(feature = "ntlm")]
    pub use crate::ntlm::answer_to;
}
