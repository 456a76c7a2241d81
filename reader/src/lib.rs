//! Smart-card readers over PC/SC: the readers and cards that are present, their changes, and APDUs to a card.
//!
//! [`readers`] lists them, [`Watch`] reports changes, a [`Session`] carries APDUs and identifies a card.
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
//! - Nothing hangs: where PC/SC may wait forever, for an answer or for another program's transaction,
//!   there is a time limit ([`Open::limit`]).
//! - A service that is missing, stopped, killed or restarted, and a card removed at any moment, are
//!   ordinary errors. [`Watch`] resumes by itself when the service is back.
//! - The card is left as it was when a session ends.
//! - A reset by another program is reported, never hidden, and does not end the session.
//!
//! [`Session`], [`Watch`] and [`Canceler`] can be moved to other threads. Each session and each watch
//! has its own connection to the service, so none waits for another.
//!
//! # Systems
//!
//! The same code runs on pcsc-lite (Linux, BSD), macOS and Windows. It is tested on Linux with
//! pcsc-lite 1.9.9 and virtual readers, and untested on macOS and Windows. A new reader is noticed
//! within half a second where the system does not announce it (macOS), and [`Event::Missed`] never
//! occurs where the system does not count insertions and removals.
//!
//! # Dependencies
//!
//! ```toml
//! [dependencies]
//! cardwright-reader = "0.1"
//! ```
//!
//! # Features
//!
//! - `virtual-card`: virtual cards for the vpcd driver of pcscd, for tests and for work without hardware: the module
//!   `virtual_card`.
//!
//! PC/SC is needed when it is built (Debian: libpcsclite-dev).
//!
//! # Versions
//!
//! Compiles with Rust 1.88 and newer. What a version 0.x may change, and what it never does, is on the page "What may change"
//! of the book.
#![forbid(unsafe_code)]

mod apdu;
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
