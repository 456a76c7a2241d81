//! The readers of this machine, and the cards in them.

use crate::error::Error;
use crate::system;
use pcsc::{ReaderState, State};

/// A reader at the time of the call of [`readers`]. A device with two slots is two readers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reader {
    /// The system's name for it. It may change when the reader is plugged in again.
    pub name: String,
    /// Whether it holds a card.
    pub slot: Slot,
    /// Whether other programs use the card.
    pub sharing: Sharing,
    /// The card's ATR as the reader reported it, unchecked; empty without a card or with a mute one.
    pub atr: Vec<u8>,
    /// The number of insertions and removals since the reader was plugged in or the service started.
    /// Wraps around after 65,535; 0 where the system does not count them.
    pub events: u16,
}

/// Whether a reader holds a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Slot {
    /// No card.
    Empty,
    /// A card.
    Card,
    /// A card that does not answer to reset: inserted upside down, broken, or not a smart card.
    Mute,
    /// The reader itself cannot be used.
    Unavailable,
}

/// How programs use the card in a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sharing {
    /// No program uses it.
    Free,
    /// One or more programs share it.
    Shared,
    /// One program uses it exclusively.
    Exclusive,
}

/// The readers of this machine, in the system's order. An empty list is not an error.
///
/// # Errors
///
/// [`Code::NoService`](cardwright_core::Code::NoService) when the system's smart-card service does not
/// answer: on Linux, pcscd is not installed or not started.
pub fn readers() -> Result<Vec<Reader>, Error> {
    let about = |error| Error::pcsc(error, "");
    let context = system::establish().map_err(about)?;
    let mut tries = 3;
    loop {
        let states = system::names(&context).and_then(|names| system::states(&context, names));
        tries -= 1;
        match states {
            Ok(states) => return Ok(states.iter().map(Reader::of).collect()),
            // A reader came or went between the calls.
            Err(pcsc::Error::UnknownReader | pcsc::Error::InsufficientBuffer) if tries > 0 => {}
            Err(error) => return Err(about(error)),
        }
    }
}

impl Reader {
    fn of(state: &ReaderState) -> Reader {
        let flags = state.event_state();
        let sharing = match () {
            () if flags.contains(State::EXCLUSIVE) => Sharing::Exclusive,
            () if flags.contains(State::INUSE) => Sharing::Shared,
            () => Sharing::Free,
        };
        Reader {
            name: state.name().to_string_lossy().into_owned(),
            slot: Slot::of(flags),
            sharing,
            atr: system::atr(state),
            events: system::count(state),
        }
    }
}

impl Slot {
    pub(crate) fn of(flags: State) -> Slot {
        match () {
            () if flags.intersects(State::UNKNOWN | State::UNAVAILABLE | State::IGNORE) => Slot::Unavailable,
            () if flags.contains(State::MUTE) => Slot::Mute,
            () if flags.contains(State::PRESENT) => Slot::Card,
            () => Slot::Empty,
        }
    }

    /// Whether it holds a card, mute or not.
    #[must_use]
    pub const fn has_card(self) -> bool {
        matches!(self, Slot::Card | Slot::Mute)
    }
}
