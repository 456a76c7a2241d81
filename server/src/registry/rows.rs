//! What the tables hold: a row, and what is asked for and changed in it. No rule is here.

mod account;
mod audit;
mod card;
mod certificate;
mod request;
mod role;
mod template;
mod who;

pub(crate) use account::Account;
pub use account::AccountEntry;
pub use audit::{AuditEntry, Outcome};
pub(crate) use audit::{AuditQuery, Event};
pub(crate) use card::{Card, CardEffect, CardKey};
pub use certificate::CaStatus;
pub(crate) use certificate::{CESSATION, Certificate, CertificateEffect, Chosen, HOLD, Standing};
pub(crate) use request::{Request, WantedRequests};
pub(crate) use role::Rights;
pub(crate) use template::{Policy, Template};
pub use who::Who;
