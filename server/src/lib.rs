//! Both card APIs over one card registry: a server for tests, demonstrations and small sites.
//!
//! [`Server::start`] answers the calls of Microsoft MIM CM below `/CertificateManagement`, and those of Axidian
//! CertiFlow, each [`Generation`] of them below a base of its own and as that generation alone. All look at the
//! same cards: a card that CertiFlow revokes is a disabled card in MIM CM. The tables of
//! `cardwright_core::lifecycle` decide what is allowed; every change is on the disk before it is answered, and has
//! a row in the audit log.
//!
//! What the vendors do not document is decided here, and the code says so in each place.
//!
//! A server for a program's own tests is a [`TestServer`]: the real server on a free port, with an account and cards, until
//! it is dropped.
//!
//! ```
//! use cardwright_core::lifecycle::State;
//! use cardwright_server::{Fault, TestServer};
//!
//! let server = TestServer::with_cards(r#"{"id": 7, "state": "Disabled", "serialNumber": "0A0B0C0D"}"#)?;
//! // The program under test signs in there as TestServer::USER with TestServer::PASSWORD.
//! let address = server.certiflow_url();
//! assert!(address.starts_with("http://127.0.0.1:"));
//! // What it did is seen in the registry; here it did nothing.
//! assert_eq!(server.state(7)?, State::Suspended);
//! // From now on each Enable is carried out, and its answer is lost.
//! server.fault(Fault::at("**/enable").carry_out().close())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A server that stays:
//!
//! ```no_run
//! use cardwright_server::{Account, Config, Secret, Server, seed};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut config = Config::default();
//! config.accounts.push(Account::new("demo", Secret::new("correct horse"), "administrator"));
//! let running = Server::start(config)?;
//! seed::synthetic(running.registry(), 1_000, 42)?;
//! println!("{} and {}", running.mim_url(), running.certiflow_url());
//! running.stop();
//! # Ok(())
//! # }
//! ```
//!
//! # Dependencies
//!
//! ```toml
//! [dependencies]
//! cardwright-server = "0.1"
//! # As a stand-in for a vendor's server in tests.
//! [dev-dependencies]
//! cardwright-server = "0.1"
//! ```
//!
//! # Versions
//!
//! Compiles with Rust 1.89 and newer. What a version 0.x may change, and what it never does, is on the page "What may change"
//! of the book.
//!
//! # Modules
//!
//! | module | what it knows |
//! |---|---|
//! | `config`, `running` | the settings of a server; how it is started and stopped; which APIs it has |
//! | `accept`, `activity` | connections: how many, how long, how they end |
//! | `admission` | how a request must be framed, and for which server and from where it is |
//! | `dispatch` | what applies to every request, and which API it is for |
//! | `app`, `api`, `route`, `http_request`, `reply` | what handlers need: state, routes, a request's parts, a reply |
//! | `pages`, `json_list`, `bounds` | long answers, made while they are read; lists in them; how many there may be at a time |
//! | `faults`, [`TestServer`] | faults on request; a server for the tests of a program |
//! | `sending` | the body of an answer while it is sent |
//! | `log`, `request_log` | where lines are written; a line for each request |
//! | `health` | whether the server can work |
//! | `metrics` | figures for a monitor |
//! | `openapi` | the documents of the APIs |
//! | `auth`, `password` | sign-in by name and password |
//! | [`Bearer`], `jwt`, `fetch` | sign-in by token; its signature; the issuer's keys |
//! | [`Tls`] | the server's certificate |
//! | [`Generation`], `bases` | which generations of CertiFlow are served, and where; the paths that are taken |
//! | `certiflow` | the API of CertiFlow in each generation, and its errors |
//! | `mim` | the API of MIM CM and its request workflow |
//! | `operator`, `own` | decisions on those requests; the server's own API: who did what, what waits, accounts |
//! | [`Switches`] | what differs from server to server, and can be set |
//! | [`Registry`] | the cards, requests, accounts and the audit log; all SQL |
//! | [`seed`] | initial cards |

#![forbid(unsafe_code)]

// For what trials and the tests outside share.
#[cfg(test)]
extern crate self as cardwright_server;

mod accept;
mod activity;
mod admission;
mod api;
mod app;
mod auth;
mod bases;
mod bearer;
mod bounds;
mod certiflow;
mod clock;
mod config;
mod dispatch;
mod error;
mod faults;
mod fetch;
mod flow;
mod generation;
mod health;
mod http_request;
mod json_list;
mod jwt;
mod log;
mod metrics;
mod mim;
mod openapi;
mod operator;
mod own;
mod pages;
mod password;
mod random;
mod registry;
mod reply;
mod request_log;
mod route;
mod running;
mod secret;
pub mod seed;
mod sending;
mod switches;
mod test_server;
mod tls;
mod uuid;
mod visible;

pub use bearer::{Bearer, KeySource};
pub use clock::{Clock, ManualClock, SystemClock};
pub use config::{Account, Config};
pub use error::Error;
pub use faults::{Fault, Faults, WrongFault};
pub use generation::Generation;
pub use log::Log;
pub use registry::{
    AccountChange, AccountEntry, AuditEntry, CaStatus, CertificateEntry, Copied, Data, Database, Decision, Outcome,
    Registry, Who, backup,
};
pub use running::{Running, Server};
pub use secret::Secret;
pub use switches::{Empty, ErrorProfile, Form, Refusal, SWITCHES, Switch, Switches, Whose};
pub use test_server::TestServer;
pub use tls::Tls;
