//! Requests to one server as one account, over HTTP with ureq.
//!
//! A [`Transport`] owns the connections to a server, with TLS, proxy, sign-in, tokens and retries. It sends
//! a [`Call`](cardwright_core::http::Call) of the core and returns the [`Reply`], to be read as a whole or
//! element by element ([`Stream`]). Calls block, each within the time limits of [`Timeouts`]; a
//! [`Canceler`] ends them from another thread.
//!
//! After a fork, a child that goes on with a client makes connections of its own; what was being read before, a list
//! or the body of an answer, is an error there ([`Error::OtherProcess`]).
//!
//! An operation of a server is not interpreted here: that is the task of `cardwright-client`.
//!
//! ureq writes each byte that is sent and received to the crate `log`, at the level trace, if a program asks for that
//! level. What it sees has no secret: the values of `Authorization`, `Proxy-Authorization` and of secret headers are
//! asterisks there, and requests to an issuer of tokens do not pass it.
//!
//! Structs of settings ([`Setup`], [`Timeouts`], [`Retries`]) may get fields in any minor version: make them by their setters, or with
//! `..Setup::new(base)` and `..Timeouts::default()`.
//!
//! ```no_run
//! use cardwright_core::certiflow::{Call, Dialect, Query};
//! use cardwright_http::{Credentials, Secret, Setup, Transport};
//!
//! let password = Secret::new(std::env::var("PASSWORD")?);
//! let setup = Setup::new("https://cm.example.com/certiflow/api").credentials(Credentials::basic("operator", password));
//! let transport = Transport::new(setup)?;
//!
//! let call = Call::Cards(Query::default()).in_dialect(Dialect::G7)?;
//! let reply = transport.send(&call)?;
//! println!("{} bytes", reply.document(transport.max_element())?.map_or(0, |body| body.len()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Dependencies
//!
//! ```toml
//! [dependencies]
//! cardwright-http = "0.1"
//! # Basic and bearer tokens only.
//! cardwright-http = { version = "0.1", default-features = false, features = ["ring"] }
//! ```
//!
//! # Features
//!
//! Each adds something, and none takes something away. All are on by default. A setting that asks for what is not built
//! in is an [`Error::Setup`] that names the feature.
//!
//! - `kerberos` (default): Kerberos by the system's library, GSSAPI or SSPI.
//! - `ntlm` (default): NTLMv2 with user and password; without it, only Windows has NTLM, by its own library.
//! - `oidc` (default): tokens of an OpenID Connect or OAuth 2.0 issuer ([`Oidc`]).
//! - `token-cache` (default): a token that is kept in a file for the next process.
//! - `ring` (default): cryptography by ring. A provider of rustls that the program has installed for its process
//!   (`CryptoProvider::install_default`) takes precedence, such as aws-lc-rs in its FIPS mode; without the feature there
//!   must be one. TLS, all random numbers, and SHA-256 and SHA-384 of channel bindings and of Digest come from it. SHA-512, for the
//!   binding to a certificate that is signed with it, comes from ring: without the feature, or where the provider says
//!   `fips()`, there is no such binding. MD4 and MD5, of which NTLM and
//!   Digest at a proxy are made, do not: they are pure Rust and are validated by nobody.
//!
//! # Versions
//!
//! Compiles with Rust 1.88 and newer. What a version 0.x may change, and what it never does, is on the page "What may change"
//! of the book.
#![cfg_attr(
    not(all(feature = "kerberos", feature = "ntlm", feature = "oidc", feature = "token-cache")),
    allow(dead_code, unused_imports, reason = "what only the features use that are left out")
)]

mod abort;
mod address;
mod agent;
mod ahead;
mod beneath;
mod binding;
mod cancel;
mod carrier;
mod chain;
mod client_cert;
mod client_cert_page;
mod connection;
mod crypto;
mod deadline;
mod error;
#[cfg(all(unix, feature = "kerberos"))]
mod gssapi;
mod headers;
mod hidden;
mod lock;
#[cfg(not(feature = "kerberos"))]
mod no_kerberos;
#[cfg(feature = "ntlm")]
mod ntlm;
mod observe;
mod oidc;
mod page;
mod presented;
mod process;
mod proxy;
mod reply;
mod request;
mod request_line;
mod resolve;
mod response;
mod retry;
mod secret;
mod setup;
mod sign_in;
mod slots;
#[cfg(all(windows, feature = "kerberos"))]
mod sspi;
mod status;
mod stream;
mod tls;
mod transport;

pub use address::{BadAddress, Place};
pub use agent::{Proxy, Timeouts};
pub use cancel::Canceler;
pub use cardwright_core::Code;
pub use carrier::{Carrier, Incoming, Outgoing, Undelivered};
pub use chain::chain;
pub use client_cert::{ClientCertificate, ClientKey, SignatureScheme};
pub use client_cert_page::{ClientCertificatePage, client_certificate_page};
pub use error::{Answer, Decode, Error, error_words};
pub use headers::Headers;
pub use observe::{EXCERPT, Exchange, Observe, Observer};
pub use oidc::{ClientAuth, DeviceCode, Oidc, OidcBuilder};
pub use process::{PerProcess, Process};
pub use proxy::{ProxyAddress, ProxyFault, ProxyProtocol, ProxyRefusal, ProxyUnreachable, proxy_for};
pub use reply::{BodyKind, Finished, Raw, Reply};
pub use request_line::RequestLine;
pub use response::is_no_api;
pub use retry::{Repeat, Retries};
pub use secret::Secret;
pub use setup::Setup;
pub use sign_in::challenge::{Challenge, challenges};
pub use sign_in::{Binding, Credentials, Explanation, Mutual, NOT_ALLOWED, Scheme, SignIn, SignInCause, TokenSource};
pub use status::{Meaning, meaning};
pub use stream::Stream;
pub use tls::{TlsBackend, TlsCause, TlsFailure, Trust};
pub use transport::Transport;

/// For the fuzz targets.
#[doc(hidden)]
pub mod fuzzing {
    pub use crate::binding::end_point;
    #[cfg(feature = "ntlm")]
    pub use crate::ntlm::answer_to;
}
