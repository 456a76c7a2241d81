//! Which card it is: what kind, which serials it has, and how systems and people write them.
//!
//! A [`Dialogue`] asks a card, by commands that only read, and gives its [`Identity`]: the kinds
//! that it is and its [`Identifier`]s, each with a [`Source`] and a [`Trust`]. Of these come the
//! [`Guess`]es by which [`find_records`] looks for the card's record in a system that can [`Find`].
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
