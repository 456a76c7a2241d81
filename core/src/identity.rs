//! Which card it is: what kind, which serials it has, and how systems and people write them.
//!
//! A [`Dialogue`] asks a card, by commands that only read, and gives its [`Identity`]: the kinds
//! that it is and its [`Identifier`]s, each with a [`Source`] and a [`Trust`]. Of these come the
//! [`Guess`]es by which [`find_records`] looks for the card's record in a system that can [`Find`];
//! [`Found`] says whether what it found is the card's.
//!
//! ```
//! use cardwright_core::identity::{Dialogue, Interface, Source};
//! use cardwright_core::lifecycle::System;
//!
//! // A virtual smart card of Windows: its historical bytes name GIDS.
//! let atr = *b"\x3B\x8D\x01\x80\xFB\xA0\x00\x00\x03\x97BTFY\x03\x01\xC8";
//! let mut dialogue = Dialogue::new(&atr, Interface::Contact);
//! // SELECT of the application, then GET DATA of the file `cardid`.
//! assert_eq!(dialogue.command().unwrap().bytes(), b"\x00\xA4\x04\x00\x09\xA0\x00\x00\x03\x97BTFY\x00");
//! dialogue.answer(b"\x90\x00");
//! assert_eq!(dialogue.command().unwrap().to_string(), "00CBA012045C02DF2000");
//! dialogue.answer(
//!     b"\xDF\x20\x10\x69\x68\xEF\xD1\x17\x55\xA0\x42\x8F\x05\x16\xCA\x1A\x0B\x83\x4D\x90\x00",
//! );
//! assert_eq!(dialogue.command(), None);
//!
//! let identity = dialogue.identity();
//! assert_eq!(identity.get(Source::CardId).unwrap().to_string(), "d1ef6869-5517-42a0-8f05-16ca1a0b834d");
//! let guess = identity.guesses(System::Mim).next().unwrap();
//! assert_eq!(guess.spelling.to_string(), "{d1ef6869-5517-42a0-8f05-16ca1a0b834d}");
//! ```
//!
//! A [`Serial`] is a serial number as somebody wrote it. The same number compares equal whatever
//! its spelling. What is equal only under an assumption (the byte order of a GUID, upper and lower
//! case in a free text) is never called equal: a [`Match`] says which assumption it takes. Nothing
//! is lost of a text that no rule knows.
//!
//! Microsoft MIM CM writes the card identifier of a Base CSP card as a GUID in braces, other
//! systems write hexadecimal; the card itself gives bytes (GIDS file `cardid`, PIV CHUID tag 34).

mod applet;
mod cplc;
mod dialogue;
mod digits;
mod fasc_n;
mod find;
mod guid;
mod identifier;
mod kind;
mod masked;
mod one_record;
mod only;
mod open_pgp;
mod parrot;
mod row;
mod serial;
mod shared;
mod source;
mod spelling;
mod wiegand;

pub use cplc::{Cplc, CplcDate};
pub use dialogue::{Dialogue, Interface, MAX_COMMANDS, RESPONSE_ROOM, commands, identify};
pub use digits::Digits;
pub use fasc_n::FascN;
pub use find::{Find, Found, Guess, Search, find_records};
pub use guid::{ByteOrder, Guid};
pub use identifier::Identifier;
pub use kind::{Basis, CardKind, Identity};
pub use masked::Masked;
pub use one_record::{Candidate, OneRecord, Record, RecordId};
pub use only::{NotOne, Only};
pub use open_pgp::OpenPgpAid;
pub use row::{Row, rows, witness};
pub use serial::{Kind, Match, Serial};
pub use source::{Source, Trust};
pub use spelling::{MAX_BYTES, Spelling};
pub use wiegand::{AccessCard, Bits, Format};
