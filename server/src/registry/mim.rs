//! What the registry keeps for MIM CM alone: profile templates, requests, and decisions on them.

mod approvals;
mod requests;
mod templates;

pub use approvals::Decision;
