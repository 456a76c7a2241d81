//! The card API of Axidian CertiFlow, also sold as Indeed Certificate Manager and Rutoken KeyBox.
//!
//! Cards are read as [`CardInfo`] views; what is asked is a [`Call`] in a [`Dialect`]. What a dialect
//! lacks is an error that names it, never a request that a server would ignore: a server that ignores
//! a filter returns every card.
//!
//! The names are those of the vendor's API pages; which JSON type a field has is not documented, so
//! fields of which the type is not certain are [`crate::json::Scalar`]s.

mod call;
mod card;
mod dialect;
mod endpoint;
mod probe;
mod query;
mod skzi;
mod values;

pub use call::{Call, Request};
pub use card::{CardInfo, Certificate};
#[cfg(feature = "alloc")]
pub use card::{OwnedCardInfo, OwnedCertificate};
pub use dialect::{Dialect, Dialects, UserName};
pub use endpoint::{Action, Endpoint};
pub use probe::{Answer, Asked, Finding, Probe, Question, Sure};
#[cfg(feature = "alloc")]
pub use query::OwnedQuery;
pub use query::{Parameter, Query};
#[cfg(feature = "alloc")]
pub use skzi::OwnedSkziQuery;
pub use skzi::{SKZI_OBJECT_TYPES, SKZI_STATES, SkziQuery, SkziRequest};
pub use values::{CardState, CertificateType, ContentExpirationStatus, Privilege, RevocationReason};

use crate::json::Schema;

/// The objects that CertiFlow sends.
pub const SCHEMAS: [&Schema; 2] = [&CardInfo::SCHEMA, &Certificate::SCHEMA];
