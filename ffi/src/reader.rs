//! Readers by PC/SC, their events, and the card in one of them.

mod error;
mod readers;
mod session;
mod watch;

pub use readers::*;
pub use session::*;
pub use watch::*;
