//! A client of the card APIs of Microsoft MIM CM and Axidian CertiFlow.
//!
//! It moves what [`cardwright_core`] writes, over HTTP with ureq, and hands back what core reads: a
//! reply is kept as it came, with a view of it. It blocks; each call has a time limit. Lists are read
//! card by card, however long they are.
//!
//! Before an operation is sent, the tables of [`cardwright_core::lifecycle`] are asked; what they
//! only assume never stops anybody ([`Check`]).
//!
//! ```no_run
//! use cardwright_client::{CertiFlow, Client, Credentials, Secret};
//! use cardwright_core::certiflow::RevocationReason;
//!
//! let client = Client::<CertiFlow>::builder("https://cm.example.com/certiflow/api")
//!     .credentials(Credentials::basic("operator", Secret::new(std::env::var("PASSWORD")?)))
//!     .build()?;
//! if let Some(card) = client.find("02A1B3C4")? {
//!     client.revoke(&card, RevocationReason::CardLost)?;
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A reference to a client is a [`Find`](cardwright_core::identity::Find): with the identity of the
//! card in a reader, [`find_records`](cardwright_core::identity::find_records) gives its records.

mod any;
mod binding;
pub mod bulk;
mod certiflow;
mod client;
mod client_cert;
mod connection;
mod error;
#[cfg(unix)]
mod gssapi;
mod list;
mod mim;
#[cfg(feature = "ntlm")]
mod ntlm;
mod observe;
mod oidc;
mod operate;
mod presented;
mod retry;
mod secret;
mod sign_in;
mod slots;
#[cfg(windows)]
mod sspi;
mod tls;
mod transport;

pub use any::{AnyCard, AnyClient, Listed, OfUser};
pub use certiflow::{Cards, CertiFlow, Which};
pub use client::{Builder, Client};
pub use client_cert::{ClientCertificate, ClientKey, SignatureScheme};
pub use error::{Answer, Decode, Error, error_words};
pub use mim::Mim;
pub use observe::{EXCERPT, Exchange, Observe};
pub use oidc::{ClientAuth, DeviceCode, Oidc, OidcBuilder};
pub use operate::{Check, Outcome, Planned};
pub use retry::{Canceler, Retries};
pub use secret::Secret;
pub use sign_in::challenge::{Challenge, challenges};
pub use sign_in::{Credentials, Explanation, Mutual, NOT_ALLOWED, Scheme, SignIn, TokenSource};
pub use tls::Trust;
pub use transport::{Raw, Timeouts};

/// What the fuzz targets look at from outside.
#[doc(hidden)]
pub mod fuzzing {
    pub use crate::binding::end_point;
    #[cfg(feature = "ntlm")]
    pub use crate::ntlm::answer_to;
}

/// The programs of README, compiled and run by the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
