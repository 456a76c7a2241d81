//! Which card it is: serial numbers as cards, people and management systems write them.
//!
//! The same number compares equal whatever its spelling. What is equal only under an assumption
//! (the byte order of a GUID, upper and lower case in a free text) is never called equal: a
//! [`Match`] says which assumption it takes. Nothing is lost of a text that no rule knows.
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
mod open_pgp;
mod serial;
mod spelling;
mod wiegand;

pub use cplc::{Cplc, CplcDate};
pub use dialogue::{Dialogue, Interface, MAX_COMMANDS, RESPONSE_ROOM, commands, identify};
pub use digits::Digits;
pub use fasc_n::FascN;
pub use find::{Find, Guess, Search, find_records};
pub use guid::{ByteOrder, Guid};
pub use identifier::{Identifier, Source, Trust};
pub use kind::{CardKind, Identity};
pub use open_pgp::OpenPgpAid;
pub use serial::{Kind, MAX_BYTES, Match, Serial};
pub use spelling::Spelling;
pub use wiegand::{AccessCard, Bits, Format};
