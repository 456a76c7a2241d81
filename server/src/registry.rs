//! The card registry: cards, requests, accounts and the audit log, in one SQLite file.
//!
//! All SQL of the server is in the modules below this one, so that another database needs no other change. One
//! connection writes, and changes that arrive together are committed together; readers have connections of their
//! own and never wait for it. What was committed survives a loss of power.

mod accounts;
mod audit;
mod backup;
mod cards;
mod certificates;
mod certiflow;
pub(crate) mod failing;
mod folder;
mod group;
mod health;
mod mim;
mod operate;
mod record;
mod rights;
mod schema;
mod shown;
mod stamp;
mod store;
mod transaction;
#[cfg(test)]
mod trials;
mod who;

pub use accounts::{AccountChange, AccountEntry};
pub use audit::{AuditEntry, Outcome};
pub use backup::{Copied, backup};
pub use certificates::CaStatus;
pub use certiflow::CertificateEntry;
pub use folder::Data;
pub use mim::Decision;
pub use store::Registry;
pub use who::Who;

pub(crate) use accounts::Caller;
pub(crate) use audit::{AuditQuery, Event};
pub(crate) use cards::{Card, CardKey};
pub(crate) use certificates::{CESSATION, CertificateEffect, Chosen, HOLD, Standing};
pub(crate) use certiflow::{By, CardShown, Certificate, FILTERS, Listing, TimeFilter, Wanted};
pub(crate) use mim::{Policy, Request, Template, WantedRequests};
pub(crate) use operate::{Act, CardEffect, Effects, Judged};
pub(crate) use rights::Rights;
pub(crate) use shown::{Kind, Shown};
pub(crate) use stamp::{Iso, Stamp};
pub(crate) use transaction::{Reading, Writing};
