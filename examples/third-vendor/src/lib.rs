//! A third card management system and a card kind of one's own, with the public parts of Cardwright alone.
//!
//! Lodge is made up: a small system that keeps the passes of a house, with a REST API of four calls
//! (`server.rs` is one, for the program and its tests). A pass is a card with an application of Lodge's own,
//! which no other program reads. What a vendor of a real one would write is in three files:
//!
//! - `pass.rs`: how a card says that it is a pass, and its number, over [`Transmit`](cardwright_core::apdu::Transmit);
//! - `api.rs`: Lodge's objects by [`view!`](cardwright_core::view), its states by [`named!`](cardwright_core::named),
//!   its calls by [`Call`](cardwright_core::http::Call);
//! - `system.rs`: its records by [`Find`](cardwright_core::identity::Find), exactly one or none, and an operation
//!   that is done when the record, read again, shows it.

pub mod api;
pub mod pass;
pub mod server;
pub mod system;
