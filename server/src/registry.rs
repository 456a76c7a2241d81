//! The card registry: cards, requests, accounts and the audit log, in one SQLite file or in a database of PostgreSQL.
//!
//! The rules stand in the modules right below this one, once. What is found and changed is a method of [`store`], which
//! [`sqlite`] and [`postgres`] have; all SQL is there.

mod accounts;
mod audit;
mod cards;
mod certificates;
mod certiflow;
mod data;
mod failing;
mod handle;
mod health;
mod mim;
mod operate;
mod postgres;
mod reading;
mod record;
mod rights;
mod shown;
mod sqlite;
mod stamp;
mod store;
#[cfg(test)]
mod trials;
mod value;
mod who;

pub use accounts::{AccountChange, AccountEntry};
pub use audit::{AuditEntry, Outcome};
pub use certificates::CaStatus;
pub use certiflow::CertificateEntry;
pub use data::Data;
pub use handle::Registry;
pub use mim::Decision;
pub use postgres::Database;
pub use sqlite::{Copied, backup};
pub use who::Who;

pub(crate) use accounts::Caller;
pub(crate) use audit::{AuditQuery, Event};
pub(crate) use cards::{Card, CardKey};
pub(crate) use certificates::{CESSATION, CertificateEffect, Chosen, HOLD, Standing};
pub(crate) use certiflow::{By, CardShown, Certificate, FILTERS, Listed, Listing, TimeFilter, Wanted};
pub(crate) use mim::{Policy, Request, Template, WantedRequests};
pub(crate) use operate::{Act, CardEffect, Effects, Judged};
pub(crate) use reading::{Reading, Writing};
pub(crate) use rights::Rights;
pub(crate) use shown::{Kind, Shown};
pub(crate) use stamp::{Iso, Stamp};
pub(crate) use store::Extent;
