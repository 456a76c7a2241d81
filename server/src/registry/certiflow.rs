//! What the registry keeps for CertiFlow alone: certificates on cards, and which cards its list shows.

mod cards;
mod certificates;
mod list;
mod written;

pub use certificates::CertificateEntry;

pub(crate) use list::{By, FILTERS, Listed, Listing, TextFilter, TimeFilter, Wanted};
pub(crate) use written::{CardShown, Written};
