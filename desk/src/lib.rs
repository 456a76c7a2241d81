//! Smart cards and their records in Microsoft MIM CM and Axidian CertiFlow: the use cases of a badge
//! office, a help desk or a script, as the command `cardwright` has them too.
//!
//! - [`Settings`] say which server is meant and how to sign in; they come from options, the environment
//!   and [profiles](profile); with the feature `clap` they are a command's options. [`Target`] is the result, and
//!   gives a [client](client::AnyClient).
//! - [`InReader`] is the card in a reader, and [`Records`] what a system knows of it (feature `reader`).
//! - [`doctor`] examines a server without changing anything, and [`Recorder`] writes down what is sent and
//!   answered, with stand-ins for names and numbers.
//! - [`Failure`] is an error in words, with the next step.
//!
//! What lies below is re-exported, so that a program needs this crate alone: what most programs use by its own name,
//! and the whole as [`core`], [`client`], [`http`] and, with the feature `reader`, `reader`.
//!
//! A program that knows its system and its account uses a [`Client`]:
//!
//! ```
//! use cardwright::{CertiFlow, Client, Credentials, RevocationReason};
//!
//! /// Revokes a lost card. `Ok` means that the card, read again, is revoked.
//! fn revoke_lost(base: &str, password: &str, serial: &str) -> Result<(), Box<dyn std::error::Error>> {
//!     let client = Client::<CertiFlow>::builder(base)
//!         .credentials(Credentials::basic("operator", password))
//!         .build()?;
//!     let card = client.find(serial)?.ok_or("no such card")?;
//!     let card = client.revoke(&card, RevocationReason::CardLost)?.done()?;
//!     println!("card {} is {}", card.view().id(), card.view().state());
//!     Ok(())
//! }
//! # use cardwright_server::{Account, Config, Fault, Secret, TestServer, seed};
//! # let mut config = Config::default();
//! # config.accounts.push(Account::new("operator", Secret::new("a password"), "operator"));
//! # let server = TestServer::with(config)?;
//! # seed::inventory(server.registry(), r#"{"id": 7, "state": "Issued", "serialNumber": "02A1B3C4"}"#)?;
//! # let base = server.certiflow_url();
//! # // An answer that is lost is never taken for "done", unless the card shows it.
//! # server.fault(Fault::at("**/revoke").close())?;
//! # assert!(revoke_lost(&base, "a password", "02A1B3C4").is_err());
//! # server.fault(Fault::at("**/revoke").carry_out().close())?;
//! # revoke_lost(&base, "a password", "02A1B3C4")?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! One that works as the command does, with its profiles and its environment:
//!
//! ```no_run
//! use cardwright::{Settings, Silent, Target};
//! use std::sync::Arc;
//!
//! let given = Settings { user: Some("EXAMPLE\\operator".into()), ..Settings::default() };
//! let kept = cardwright::profile::load(None, "prod")?;
//! let target = Target::new(&given, &kept, &(Arc::new(Silent) as _))?;
//! let client = target.client(None)?;
//! println!("{:?}", client.find("02A1B3C4")?.map(|card| card.state_text()));
//! # Ok::<(), cardwright::Failure>(())
//! ```
//!
//! # Dependencies
//!
//! ```toml
//! [dependencies]
//! cardwright = "0.1"
//! # Where there are no readers, and no PC/SC.
//! cardwright = { version = "0.1", default-features = false, features = ["kerberos", "ntlm", "oidc", "ring", "token-cache"] }
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
//! - `reader` (default): readers and the cards in them: needs PC/SC when it is built (Debian: libpcsclite-dev).
//! - `virtual-card`: a virtual card for vpcd, for tests and demonstrations.
//! - `clap`: the settings as options of a command.
//!
//! # Versions
//!
//! Compiles with Rust 1.89 and newer. What a version 0.x may change, and what it never does, is on the page "What may change"
//! of the book.

mod advice;
mod card_list;
mod consent;
pub mod doctor;
mod due;
mod environment;
mod failure;
mod generation;
mod hint;
mod in_reader;
mod issuer;
mod job;
mod outcome;
mod own;
pub mod ownership;
pub mod profile;
mod prompt;
mod readers;
mod recording;
mod secret;
mod settings;
mod settings_file;
mod sign_in;
mod sources;
mod systems;
mod target;
pub mod text_file;

pub use cardwright_client as client;
pub use cardwright_core as core;
#[cfg(feature = "reader")]
pub use cardwright_reader as reader;

pub use cardwright_client::{
    AnyCard, AnyClient, Builder, Canceler, CardOf, CardSystem, CertiFlow, CertiFlowCard, Check, Client, Credentials,
    Document, Ending, Error, Headers, Job, ListOf, Mim, MimCard, NotDone, Oidc, Options, Outcome, Proxy, Record,
    RequestFilter, Retries, Secret, Setup, SignIn, Timeouts, Trust, Verify, bulk, http,
};
pub use cardwright_core::certiflow::{
    self, CardInfo, CardState, ContentExpirationStatus, Dialect, OwnedCardInfo, OwnedQuery, Query, RevocationReason,
};
pub use cardwright_core::identity::{self, Find, Identity, Serial, find_records};
pub use cardwright_core::lifecycle::{self, Operation, State, System};
pub use cardwright_core::mim::{self, OwnedSmartcard, Smartcard};
pub use cardwright_core::{Code, Named, atr, date, json, named, view};

pub use card_list::{CardKey, CardList, ListedCard, card_column, has_serial, listed_ids, no_card_column, plan_listed};
pub use consent::{CANNOT_BE_UNDONE, agrees, describe_target, needs_consent, nobody_to_ask, not_confirmed};
pub use due::{Due, due, now};
pub use failure::{Failure, Kind as FailureKind};
pub use generation::{Generation, wants_user};
pub use hint::after as hint_after;
pub use in_reader::{FoundBy, InReader, Records, describe_guess, describe_guesses, describe_record, other_atr};
pub use job::{job, operation};
pub use outcome::{failure_of, failure_of_change, kind_of_refusal, next_step, nothing_left};
pub use own::{Followed, account_exists, approvals, follow};
pub use prompt::{Prompt, Silent};
#[cfg(feature = "reader")]
pub use readers::connect;
pub use readers::{CardLimits, atr_in_reader, choose_reader};
pub use recording::{Recorder, Recorders};
pub use secret::{from_file as secret_from_file, new_password};
pub use settings::{Auth, Issuer, Settings, Words, card_apdus, named, on_or_off, seconds, time_limit, words};
pub use settings_file::SettingsFile;
pub use sign_in::Way;
pub use sources::Sources;
pub use systems::{no_filter, refuses_user};
pub use target::Target;

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
