//! What the tests of several crates share.
//!
//! Only tests, benchmarks and fuzz targets use it. Everything here panics where something is not as
//! it must be: that fails the test.

#![allow(missing_docs, reason = "most names say it")]
#![allow(clippy::missing_panics_doc, clippy::missing_errors_doc, clippy::new_without_default, reason = "for tests")]
#![allow(clippy::must_use_candidate, clippy::return_self_not_must_use, reason = "for tests")]
#![allow(clippy::exhaustive_enums, clippy::exhaustive_structs, reason = "for tests of this repository alone")]

#[cfg(feature = "cards")]
pub mod atr;
pub mod balancer;
#[cfg(feature = "cards")]
pub mod cards;
#[cfg(feature = "demanding")]
pub mod demanding;
#[cfg(feature = "cards")]
pub mod exchanges;
pub mod gateway;
#[cfg(feature = "generations")]
pub mod generations;
#[cfg(feature = "issuer")]
pub mod issuer;
#[cfg(feature = "issuer")]
pub mod jws;
#[cfg(feature = "log")]
pub mod log_keeper;
#[cfg(feature = "model")]
pub mod model;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod raw;
#[cfg(feature = "readers")]
pub mod readers;
#[cfg(feature = "realm")]
pub mod realm;
