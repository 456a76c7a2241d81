//! The card registry: cards, requests, accounts and the audit log, in one SQLite file or in a database of PostgreSQL.
//!
//! The rules stand in the modules right below this one, once: [`operate`], [`accounts`], [`mim`] and so on. What the tables hold
//! is in [`rows`]; what is found and changed is a method of [`store`], which [`sqlite`] and [`postgres`] have; all SQL is there.

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
mod rows;
mod shown;
mod sqlite;
mod stamp;
mod store;
#[cfg(test)]
mod trials;
mod value;

pub use accounts::AccountChange;
pub use certiflow::CertificateEntry;
pub use data::Data;
pub use handle::Registry;
pub use mim::Decision;
pub use postgres::Database;
pub use rows::{AccountEntry, AuditEntry, CaStatus, Outcome, Who};
pub use sqlite::{Copied, backup};

pub(crate) use accounts::Caller;
pub(crate) use certiflow::{By, CardShown, FILTERS, Listed, Listing, TimeFilter, Wanted};
pub(crate) use operate::{Act, Effects, Judged};
pub(crate) use reading::{Reading, Writing};
pub(crate) use rows::{
    AuditQuery, CESSATION, Card, CardEffect, CardKey, Certificate, CertificateEffect, Chosen, Event, HOLD, Policy,
    Request, Rights, Standing, Template, WantedRequests,
};
pub(crate) use shown::{Kind, Shown};
pub(crate) use stamp::{Iso, Stamp};
pub(crate) use store::Extent;
