//! Which readers there are, and what is in them.

use crate::error::Error;
use crate::system;
use pcsc::{ReaderState, State};

/// A reader, as it was when [`readers`] asked. A device with two slots is two readers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reader {
    /// The name by which the system knows it. It may be another one after the next plugging in.
    pub name: String,
    /// What is in it.
    pub slot: Slot,
    /// Who uses the card.
    pub sharing: Sharing,
    /// The card's ATR as the reader reported it, unchecked; empty without a card, and with a mute one.
    pub atr: Vec<u8>,
    /// How often a card came or went since the reader was plugged in or the service was started.
    /// Begins anew after 65,535; 0 where the system does not count.
    pub events: u16,
}

/// What is in a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Slot {
    /// Nothing.
    Empty,
    /// A card.
    Card,
    /// A card that does not answer to reset: put in upside down, broken, or no smart card.
    Mute,
    /// The reader itself cannot be used.
    Unavailable,
}

/// Who uses the card in a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sharing {
    /// Nobody.
    Free,
    /// One program or more, which share it.
    Shared,
    /// One program that shares it with nobody.
    Exclusive,
}

/// The readers of this machine, in the system's order; none is no error.
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
            // One was unplugged between the two calls, or plugged in between the two of a list.
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

    /// Whether a card is in it, mute or not.
    pub const fn has_card(self) -> bool {
        matches!(self, Slot::Card | Slot::Mute)
    }
}
