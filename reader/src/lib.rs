//! Smart-card readers by PC/SC: what is plugged in, what comes and goes, and APDUs to a card.
//!
//! [`readers`] lists them, [`Watch`] waits for what happens, a [`Session`] carries APDUs and asks a card
//! who it is.
//!
//! ```no_run
//! use cardwright_reader::{Event, Session, Watch};
//!
//! for event in Watch::new() {
//!     match event {
//!         Event::CardInserted { reader, .. } => {
//!             let mut session = Session::connect(&reader)?;
//!             println!("{reader}: {}", session.identify()?);
//!         }
//!         Event::ServiceLost(error) => println!("{error}"),
//!         _ => {}
//!     }
//! }
//! # Ok::<(), cardwright_reader::Error>(())
//! ```
//!
//! What it promises:
//!
//! - Nothing hangs: what PC/SC may wait for without end, an answer or another program's transaction,
//!   has a limit ([`Open::limit`]).
//! - A service that is missing, stopped, killed or started again, and a card that is pulled at any
//!   moment, are plain errors. [`Watch`] goes on by itself when the service is back.
//! - The card is left as it was when a session ends.
//! - A reset by another program is told, never hidden, and does not end the session.
//!
//! [`Session`], [`Watch`] and [`Canceler`] can be moved to other threads. Each session and each watch
//! has a connection of its own to the service, so none waits for another one.
//!
//! # Systems
//!
//! The same code runs on pcsc-lite (Linux, BSD), macOS and Windows. It was tried on Linux with
//! pcsc-lite 1.9.9 and virtual readers; on macOS and Windows it was not run. There a reader plugged in
//! is noticed within half a second where the system has no notification of it (macOS), and where a
//! system does not count what comes and goes, [`Event::Missed`] is never told.
//!
#![cfg_attr(feature = "virtual-card", doc = "# A card that is a program")]
#![cfg_attr(feature = "virtual-card", doc = "")]
#![cfg_attr(feature = "virtual-card", doc = "See [`virtual_card`]: for tests, and for work without hardware.")]
#![forbid(unsafe_code)]

mod capabilities;
mod error;
mod reader;
mod session;
mod system;
#[cfg(feature = "virtual-card")]
pub mod virtual_card;
mod watch;

pub use capabilities::Capabilities;
pub use error::Error;
pub use reader::{Reader, Sharing, Slot, readers};
#[doc(hidden)]
pub use session::identify_over;
pub use session::{Attribute, Open, Protocol, Protocols, Session, Share, Transaction};
pub use watch::{Canceler, Event, Watch};
