//! What smart cards and their management systems say, as bytes in and bytes out.
//!
//! Nothing here opens a socket, talks to a reader or reads a clock: each function turns bytes into
//! facts or facts into bytes, so that a server, a script and a terminal with 64 KiB of flash all
//! run the same code. No heap, no `unsafe`, and nothing that comes from outside can make it panic.
//!
//! | module | what it knows |
//! |---|---|
//! | [`apdu`] | command and response APDUs, and the channel to a card (ISO/IEC 7816-4) |
//! | [`atr`] | the answer to reset of a card (ISO/IEC 7816-3) |
//! | [`identity`] | what kind of card it is, its serials, and when two spellings mean the same card |
//! | [`lifecycle`] | states and operations of both systems, and which leads where |
//! | [`certiflow`] | the card API of Axidian CertiFlow (Indeed CM) |
//! | [`mim`] | the REST API of Microsoft Identity Manager Certificate Management |
//! | [`base`] | where the APIs usually are, and which hosts are this machine |
//! | [`http`] | how a call becomes method, address and body |
//! | [`json`] | a strict reader of JSON that keeps nothing but places |
//! | [`date`] | ISO 8601 dates as both systems write them |
//!
//! ```
//! use cardwright_core::atr::Atr;
//! use cardwright_core::certiflow::CardState;
//! use cardwright_core::lifecycle::{NativeState, Operation, Verdict};
//!
//! let atr = Atr::parse(&[0x3B, 0x65, 0x00, 0x00, 0x9C, 0x02, 0x02, 0x07, 0x02])?;
//! assert_eq!(atr.historical_bytes(), [0x9C, 0x02, 0x02, 0x07, 0x02]);
//!
//! let issued = NativeState::CertiFlow(CardState::Issued);
//! assert!(matches!(Verdict::of(issued, Operation::Suspend), Verdict::Allowed { .. }));
//! # Ok::<(), cardwright_core::Error>(())
//! ```
//!
//! # Dependencies
//!
//! ```toml
//! [dependencies]
//! cardwright-core = "0.1"
//! # On a terminal: without the cards that are met less often.
//! cardwright-core = { version = "0.1", default-features = false }
//! ```
//!
//! # Features
//!
//! - `all-cards` (default): all cards, also those that are met less often: state identity cards, Solo 2, what Token2 tells
//!   when it is asked, and tokens that are known by their ATR alone.
//! - `common-cards` (default): the families of cards below. Without any of them there are GIDS, DESFire and storage cards;
//!   a card of a family that is not there is not recognised, and not asked for its number.
//! - `cards-chips` (default): GlobalPlatform, by the number of the chip, and cards with a number in EF.GDO.
//! - `cards-keys` (default): YubiKey, Nitrokey.
//! - `cards-openpgp` (default): OpenPGP cards.
//! - `cards-piv` (default): PIV, CAC.
//! - `cards-states` (default): the German identity card, IAS ECC, CNS, SIM.
//! - `cards-thales` (default): IDPrime, eToken.
//! - `cards-tokens` (default): SmartCard-HSM, MyEID, CardOS, ePass2003, Rutoken, JaCarta.
//! - `filters` (default): all parameters of CertiFlow's list of cards; without it there is the serial number.
//! - `alloc`: owned copies of what is otherwise borrowed (`OwnedCardInfo` and the like), and the modules `csv` and
//!   `encoding`.
//! - `std`: `Moment` and `SystemTime`.
//! - `jiff`: `Moment` and the times of jiff.
//! - `chrono`: `Moment` and the times of chrono.
//! - `serde`: `Serialize` for views and for the vendors' words, `Deserialize` for the words.
//! - `serde-json-core`: `json::to_slice`, which writes any value of serde without a heap.
//! - `embedded-io`: `http::send` and `http::Incoming`: requests to, and replies from, whatever implements the traits of
//!   embedded-io.
//!
//! # Versions
//!
//! Compiles with Rust 1.88 and newer. What a version 0.x may change, and what it never does, is on the page "What may change"
//! of the book.

#![no_std]
#![forbid(unsafe_code)]
// In that check everything that is open is closed, so that a value that is forgotten shows. See CONTRIBUTING.md.
#![cfg_attr(cardwright_exhaustive, allow(clippy::exhaustive_enums))]

#[cfg(feature = "alloc")]
extern crate alloc;

#[allow(clippy::exhaustive_structs, reason = "ISO/IEC 7816-4 says what they have")]
pub mod apdu;
#[allow(
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    reason = "ISO/IEC 7816-3 and 7816-4 say what is in an ATR, bit by bit; what may grow, rules and findings, is open"
)]
pub mod atr;
pub mod base;

mod bytes;
pub mod certiflow;
#[cfg(feature = "alloc")]
pub mod csv;
pub mod date;
#[cfg(feature = "alloc")]
pub mod encoding;
mod error;
mod expansion;
mod hex;
pub mod http;
pub mod identity;
pub mod json;
pub mod lifecycle;
pub mod mim;
mod names;
mod operation;
mod write;

pub use error::{Code, Error};
pub use names::{Known, Named, UnknownWord};

#[cfg(feature = "serde")]
#[doc(hidden)]
pub use names::{deserialize as __deserialize, serialize as __serialize};

/// What the text of the exported macros names. Not for use by hand.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "alloc")]
    pub extern crate alloc;
    #[cfg(feature = "serde")]
    pub use serde;
}
