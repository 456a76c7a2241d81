//! Which readers there are, and what is in them.

use super::noted;
use crate::boundary::{CardwrightError, CardwrightText, Output, size};
use crate::hosted::{give, handle, run, take_back};
use crate::names::nth;
use cardwright_core::{Code, Error};
use cardwright_reader::{Reader, Sharing, Slot};

/// The readers of this machine, as they were when they were asked for. It may be shared between threads.
#[derive(Debug)]
pub struct CardwrightReaders(Vec<Reader>);

/// What is in a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightSlot {
    /// Nothing.
    Empty = 0,
    /// A card.
    Card = 1,
    /// A card that does not answer to reset: put in upside down, broken, or no smart card.
    Mute = 2,
    /// The reader itself cannot be used.
    Unavailable = 3,
}

/// Who uses the card in a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightSharing {
    /// Nobody.
    Free = 0,
    /// One program or more, which share it.
    Shared = 1,
    /// One program that shares it with nobody.
    Exclusive = 2,
}

/// A reader. A device with two slots is two readers.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightReader {
    /// `sizeof(CardwrightReader)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightSlot`.
    pub slot: u32,
    /// A `CardwrightSharing`.
    pub sharing: u32,
    /// How often a card came or went since the reader was plugged in or the service was started: while it is the
    /// same, so is the card. Begins anew after 65,535; 0 where the system does not count.
    pub events: u32,
    /// The name by which the system knows it; it lies in the list. It may be another one after the next plugging in.
    pub name: CardwrightText,
    /// The card's ATR as the reader reported it, unchecked; it lies in the list.
    pub atr: *const u8,
    /// The length of the ATR; 0 without a card, and with a mute one.
    pub atr_length: usize,
}

/// Lists the readers, in the system's order; none is no error. `*readers` is the caller's, for
/// `cardwright_readers_free`, and `*count` is how many there are.
///
/// `CARDWRIGHT_CODE_NO_SERVICE` where the system's smart-card service does not answer: on Linux, pcscd is not
/// installed or not started.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_readers_new(
    readers: *mut *mut CardwrightReaders,
    count: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the outputs are there to be written to.
        let (place, count) = unsafe { (Output::new(readers)?, Output::new(count)?) };
        let found = cardwright_reader::readers().map_err(noted)?;
        count.put(found.len());
        place.put(give(CardwrightReaders(found)));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// A reader of a list by its index, from 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_readers_at(
    readers: *const CardwrightReaders,
    index: usize,
    reader: *mut CardwrightReader,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the list is there to be read, the structure to be written to.
        let (list, place) = unsafe { (handle(readers)?, Output::structure(reader)?) };
        let one = nth(list.0.iter(), index)?;
        let slot = match one.slot {
            Slot::Empty => CardwrightSlot::Empty,
            Slot::Card => CardwrightSlot::Card,
            Slot::Mute => CardwrightSlot::Mute,
            Slot::Unavailable => CardwrightSlot::Unavailable,
            _ => return Err(Error::new(Code::Internal, 0)),
        };
        let sharing = match one.sharing {
            Sharing::Free => CardwrightSharing::Free,
            Sharing::Shared => CardwrightSharing::Shared,
            Sharing::Exclusive => CardwrightSharing::Exclusive,
            _ => return Err(Error::new(Code::Internal, 0)),
        };
        place.put(CardwrightReader {
            struct_size: size::<CardwrightReader>(),
            slot: slot as u32,
            sharing: sharing as u32,
            events: one.events.into(),
            name: CardwrightText::within(&one.name),
            atr: one.atr.as_ptr(),
            atr_length: one.atr.len(),
        });
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Takes a list of readers back; its names and ATRs are of no use any more. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_readers_free(readers: *mut CardwrightReaders) {
    // SAFETY: what a function of this library gave away, once.
    unsafe { take_back(readers) }
}
