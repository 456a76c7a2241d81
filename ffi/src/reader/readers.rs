//! The readers, and what is in them.

use super::error::noted;
use crate::enumeration::number_of;
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nth, size, structures};
use crate::hosted::{free, handle, into_raw};
use crate::text::CardwrightText;
use cardwright::reader::{Reader, Sharing, Slot};

/// The readers of this machine, as they were when the list was made. It may be shared between threads.
#[derive(Debug)]
pub struct CardwrightReaders(Vec<Reader>);

handle!(CardwrightReaders: Send + Sync);

/// What is in a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightSlot {
    /// Nothing.
    Empty = 0,
    /// A card.
    Card = 1,
    /// A card that does not answer to reset: inserted upside down, broken, or not a smart card.
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
    /// One or more programs, which share it.
    Shared = 1,
    /// One program, exclusively.
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
    /// How often a card was inserted or removed since the reader was plugged in or the service was started: while it
    /// stays the same, so does the card. Wraps after 65,535; 0 if the system does not count.
    pub events: u32,
    /// The name by which the system knows it; it belongs to the list. It may change when the reader is plugged in again.
    pub name: CardwrightText,
    /// The card's ATR as the reader reported it, unchecked; it belongs to the list.
    pub atr: *const u8,
    /// The length of the ATR; 0 without a card or with a mute one.
    pub atr_length: usize,
}

structures!(CardwrightReader { slot, sharing, events, name, atr, atr_length });

/// Lists the readers, in the system's order; an empty list is not an error. `*count` is the number of readers. Free
/// `*readers` with `cardwright_readers_free`.
///
/// `CARDWRIGHT_CODE_NO_SERVICE` if the system's smart-card service does not answer: on Linux, pcscd is not
/// installed or not started.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_readers_new(
    readers: *mut *mut CardwrightReaders, count: *mut usize, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (readers, count) = from_c!(readers, count);
        let found = cardwright::reader::readers().map_err(noted)?;
        count.put(found.len());
        readers.put(into_raw(CardwrightReaders(found)));
    })
}

/// A reader of a list by its index, from 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_readers_at(
    readers: *const CardwrightReaders, index: usize, reader: *mut CardwrightReader, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (list, reader) = from_c!(readers, reader);
        let one = nth(list.0.iter(), index)?;
        let slot = number_of!(one.slot, Slot => CardwrightSlot: Empty, Card, Mute, Unavailable)?;
        let sharing = number_of!(one.sharing, Sharing => CardwrightSharing: Free, Shared, Exclusive)?;
        reader.put(CardwrightReader {
            struct_size: size::<CardwrightReader>(),
            slot,
            sharing,
            events: one.events.into(),
            name: CardwrightText::of(&one.name),
            atr: one.atr.as_ptr(),
            atr_length: one.atr.len(),
        });
    })
}

/// Frees a list of readers; its names and ATRs become invalid. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_readers_free(readers: *mut CardwrightReaders) {
    free!(readers)
}
