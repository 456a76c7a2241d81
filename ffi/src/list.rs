//! Lists that arrive in chunks: millions of cards in a bounded buffer.

use crate::error::{CardwrightError, name, refused};
use crate::frame::{Pointee, boundary, chunk, from_c};
use crate::storage::{Storage, Stored};
use cardwright_core::json::Elements;

/// Finds the elements of a top-level JSON list in chunks of any size. Storage of the caller's: its content is
/// private and points to the buffer that it was given; it must not be copied, and needs no clean-up.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightList {
    /// Private.
    pub storage: [u64; 16],
}

impl Pointee for CardwrightList {
    type Kind = Stored;
}

impl Storage for CardwrightList {
    type Object = Elements<Lent>;
    const MARK: u32 = 0x4C49_2601;
}

/// A buffer that the caller lends for as long as the list is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lent {
    bytes: *mut u8,
    length: usize,
}

impl AsMut<[u8]> for Lent {
    fn as_mut(&mut self) -> &mut [u8] {
        if self.length == 0 {
            return &mut [];
        }
        // SAFETY: not null, as `cardwright_list_init` checked. The caller lends the bytes to this list alone, to be
        // written to, until it is done with the list. Only one borrow of them lives at a time, as it borrows `self`.
        unsafe { core::slice::from_raw_parts_mut(self.bytes, self.length) }
    }
}

/// Begins to read a list. The buffer belongs to it until the caller is done with the list: an element that
/// crosses the edge of a chunk is put together there and must fit, so its capacity is the largest such
/// element. No buffer at all (`NULL`, 0) is allowed if every element lies within one chunk.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_list_init(
    list: *mut CardwrightList, buffer: *mut u8, capacity: usize, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        if buffer.is_null() && capacity != 0 {
            return Err(refused(name!(buffer), "NULL, and its capacity is not 0"));
        }
        if isize::try_from(capacity).is_err() {
            return Err(refused(name!(capacity), "more than any memory has"));
        }
        from_c!(list).put(Elements::new(Lent { bytes: buffer, length: capacity }));
    })
}

/// The next element of a list, taken from the front of the chunk at `*chunk` of `*length` bytes, both of which
/// are moved past it. `*element_length` is 0 if the next chunk is wanted. The element lies in the chunk or in the
/// buffer, until the next call; `*at` is its offset in the stream.
///
/// `CARDWRIGHT_CODE_ROOM` for an element larger than the buffer and `CARDWRIGHT_CODE_JSON_SYNTAX` for an empty
/// one, after which the next one can be asked for; `CARDWRIGHT_CODE_JSON_TYPE` and
/// `CARDWRIGHT_CODE_JSON_TRAILING` for what is not a list, after which there are no elements. The element itself is
/// checked when it is read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_list_next(
    list: *mut CardwrightList, chunk: *mut *const u8, length: *mut usize, element: *mut *const u8,
    element_length: *mut usize, at: *mut usize, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (chunk, list) = (chunk!(chunk, length), from_c!(list).object()?);
        let (element, element_length, at) = from_c!(element, element_length, at);
        let mut rest = chunk.bytes;
        let found = list.next(&mut rest);
        chunk.leave(rest);
        let (json, offset) = found?.map_or((&[][..], 0), |found| (found.json, found.at));
        element.put(json.as_ptr());
        element_length.put(json.len());
        at.put(offset);
    })
}

/// Ends a list, after its last chunk: `CARDWRIGHT_CODE_JSON_END` if the list is incomplete.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_list_finish(list: *const CardwrightList, error: *mut CardwrightError) -> i32 {
    boundary!(error, { from_c!(list).finish()? })
}
