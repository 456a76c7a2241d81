//! A client of the card APIs of Microsoft MIM CM and Axidian CertiFlow.
//!
//! It moves what [`cardwright_core`] writes, over HTTP, and hands back what core reads: a
//! reply is kept as it came, with a view of it. It blocks; each call has a time limit. Lists are read
//! card by card, however long they are.
//!
//! Before an operation is sent, the tables of [`cardwright_core::lifecycle`] are asked; what they
//! only assume never stops anybody ([`Check`]).
//!
#![doc = concat!("```no_run\n", include_str!("../examples/lost_card.rs"), "```")]
//!
//! A reference to a client is a [`Find`](cardwright_core::identity::Find): with the identity of the
//! card in a reader, [`find_records`](cardwright_core::identity::find_records) gives its records.
//!
//! # Dependencies
//!
//! ```toml
//! [dependencies]
//! cardwright-client = "0.1"
//! # The words and records of both systems, and for tests a server of both.
//! cardwright-core = "0.1"
//! [dev-dependencies]
//! cardwright-server = "0.1"
//! ```
//!
//! # Features
//!
//! - `kerberos` (default): Kerberos by the system's library, GSSAPI or SSPI.
//! - `ntlm` (default): NTLMv2 with user and password; without it, only Windows has NTLM, by its own library.
//! - `oidc` (default): tokens of an OpenID Connect or OAuth 2.0 issuer.
//! - `token-cache` (default): a token that is kept in a file for the next process.
//! - `ring` (default): cryptography by ring. Without it the program installs a provider of rustls of its own, such as aws-lc-rs in
//!   its FIPS mode.
//!
//! # Versions
//!
//! Compiles with Rust 1.89 and newer. What a version 0.x may change, and what it never does, is on the page "What may change"
//! of the book.

mod any;
pub mod bulk;
mod by_id;
mod call;
mod certiflow;
mod client;
mod engine;
mod error;
mod filters;
mod mim;
mod operate;
mod outcome;
mod own;
mod record;
mod seen;
mod spelling;
mod subject;
mod system;
mod told;

pub use any::{AnyCard, AnyClient, OfUser, Options};
pub use call::{Document, ListOf};
pub use cardwright_http as http;
pub use cardwright_http::{
    Answer, Canceler, Carrier, Challenge, ClientAuth, ClientCertificate, ClientKey, Credentials, Decode, DeviceCode,
    EXCERPT, Exchange, Explanation, Headers, Mutual, NOT_ALLOWED, Observe, Observer, Oidc, OidcBuilder, Proxy, Raw,
    Retries, Scheme, Secret, Setup, SignIn, SignatureScheme, Timeouts, TokenSource, Trust, challenges, error_words,
    is_no_api,
};
pub use certiflow::{CardOf, Cards, CertiFlow, CertiFlowCard, SkziEntries, first_end};
pub use client::{Builder, Client};
pub use engine::Verify;
pub use error::Error;
pub use filters::TrustedFilters;
pub use mim::{FollowedRequest, Mim, MimCard, RequestFilter};
pub use operate::{Check, Planned};
pub use outcome::{Ending, NotDone, Outcome};
pub use own::{
    AccountChange, AccountRow, AsSent, AuditFilter, AuditPage, AuditRow, AuditRows, Decided, Decision, OwnServer,
    RoleRow, WaitingFilter, WaitingRequest,
};
pub use record::{Record, Shown};
pub use system::{AnyCards, AnyEntries, AnyRequests, CardSystem, Job, Listed};
