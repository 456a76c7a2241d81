//! Items of fields that are lists.
//!
//! An item is looked for by its index from the first on. To read a list in one pass, the caller hands back the
//! item before; and where there is an operating system, each thread remembers where it stopped in the last few lists,
//! so that items one after the other take one pass too.

use crate::error::{CardwrightError, name, refused};
use crate::frame::{boundary, chunk, from_c};
use crate::view::{CardwrightView, raw_of};
use cardwright_core::Error;
use cardwright_core::json::Elements;
use core::ops::Range;

/// An item of a field that is a list, by its index, from 0, as it was written: `*json` points into the bytes
/// of the view, and `*length` is 0 past the last. A lone value is a list of one, `null` an empty one.
///
/// An item is for `cardwright_json_text` or `cardwright_view_parse`. All items one after the other take one pass over the
/// list, except on bare metal, where each is looked for from the first on: there, use `cardwright_view_next_item`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_view_item(
    view: *const CardwrightView, field: u32, index: usize, json: *mut *const u8, length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (view, json, length) = from_c!(view, json, length);
        let raw = raw_of(&view, field)?;
        let item = raw.get(nth(&view, field, raw, index)?).unwrap_or_default();
        json.put(item.as_ptr());
        length.put(item.len());
    })
}

/// The next item of a field that is a list, as `cardwright_view_item` gives it. `*json` and `*length` are the item
/// before, as this function wrote it, or `NULL` and 0 for the first; `*length` becomes 0 past the last. All items take
/// one pass over the list.
///
/// `CARDWRIGHT_CODE_ARGUMENT` for a `*json` that lies outside of the field.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_view_next_item(
    view: *const CardwrightView, field: u32, json: *mut *const u8, length: *mut usize, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (view, before) = (from_c!(view), chunk!(json, length));
        let raw = raw_of(&view, field)?;
        let end = if before.start().is_null() {
            START
        } else {
            let end = (before.start() as usize).wrapping_sub(raw.as_ptr() as usize).wrapping_add(before.bytes.len());
            if end == START || end > raw.len() {
                return Err(refused(name!(json), "not an item of this field"));
            }
            end
        };
        // Past the last there is a place, so that another call finds nothing again.
        let item = raw.get(after(raw, end)?).unwrap_or_default();
        before.replace(if item.is_empty() { raw.get(raw.len()..).unwrap_or_default() } else { item });
    })
}

/// In place of where the item before ends: there is none.
const START: usize = 0;

/// Where the item stands that follows one which ends at `end`; past the last it is empty.
fn after(raw: &[u8], end: usize) -> Result<Range<usize>, Error> {
    let none = 0..0;
    if raw.first() != Some(&b'[') {
        return Ok(if end == START && raw != b"null" { 0..raw.len() } else { none });
    }
    let mut at = end;
    if end != START {
        let rest = raw.get(end..).unwrap_or_default();
        let gap = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        if rest.get(gap) != Some(&b',') {
            return Ok(none);
        }
        at = end.saturating_add(gap);
    }
    // What stands before the rest, `[` or a comma, is as long as what is read in its place.
    let (mut bracket, mut rest) = (b"[".as_slice(), raw.get(at.saturating_add(1)..).unwrap_or_default());
    let mut elements = Elements::new([0u8; 0]);
    elements.next(&mut bracket)?;
    Ok(elements.next(&mut rest)?.map_or(none, |item| {
        let from = at.saturating_add(item.at);
        from..from.saturating_add(item.json.len())
    }))
}

/// Where the item with an index stands; past the last it is empty.
fn nth(view: &CardwrightView, field: u32, raw: &[u8], index: usize) -> Result<Range<usize>, Error> {
    let (mut n, mut end) = remembered(view, field, index);
    // Each round takes an item, so the list bounds the rounds.
    loop {
        #[cfg(all(test, feature = "hosted"))]
        tests::ROUNDS.set(tests::ROUNDS.get() + 1);
        let item = after(raw, end)?;
        if item.is_empty() {
            return Ok(item);
        }
        if n == index {
            remember(view, field, index, end);
            return Ok(item);
        }
        (n, end) = (n.saturating_add(1), item.end);
    }
}

#[cfg(not(feature = "hosted"))]
fn remembered(_: &CardwrightView, _: u32, _: usize) -> (usize, usize) {
    (0, START)
}

#[cfg(not(feature = "hosted"))]
fn remember(_: &CardwrightView, _: u32, _: usize, _: usize) {}

#[cfg(feature = "hosted")]
use places::{remember, remembered};

/// Where a thread stopped in lists.
///
/// A place belongs to a view by the mark that no other view has, except its copies, which are of the same bytes, as
/// those must stay as they are while a view is used. Nothing else relies on that: a place is no more than an offset, at
/// which a list that is another one is read from a wrong byte on, but never beyond its end.
#[cfg(feature = "hosted")]
mod places {
    use super::{CardwrightView, START};
    use std::cell::Cell;

    /// How many lists a thread remembers: as many as loops over them are nested.
    const MOST: usize = 4;

    #[derive(Clone, Copy)]
    struct Place {
        /// Of the view; 0 for none.
        mark: u64,
        field: u32,
        /// Of an item.
        index: usize,
        /// Where the one before it ends.
        end: usize,
    }

    thread_local! {
        static PLACES: [Cell<Place>; MOST] =
            const { [const { Cell::new(Place { mark: 0, field: 0, index: 0, end: START }) }; MOST] };
        /// The one to be replaced next.
        static NEXT: Cell<usize> = const { Cell::new(0) };
    }

    /// An item at an index, or before it, by its own index, and where the one before it ends.
    pub(super) fn remembered(view: &CardwrightView, field: u32, index: usize) -> (usize, usize) {
        let known = |place: &Place| is_of(place, view, field) && place.index <= index;
        let found = PLACES.with(|places| places.iter().map(Cell::get).find(known));
        found.map_or((0, START), |place| (place.index, place.end))
    }

    pub(super) fn remember(view: &CardwrightView, field: u32, index: usize, end: usize) {
        // A view of a program that was compiled before there were marks has none.
        if view.mark == 0 {
            return;
        }
        PLACES.with(|places| {
            let known = places.iter().find(|place| is_of(&place.get(), view, field));
            let place = known.or_else(|| places.get(NEXT.replace((NEXT.get() + 1) % MOST)));
            place.inspect(|place| place.set(Place { mark: view.mark, field, index, end }));
        });
    }

    fn is_of(place: &Place, view: &CardwrightView, field: u32) -> bool {
        place.mark != 0 && place.mark == view.mark && place.field == field
    }
}

#[cfg(all(test, feature = "hosted"))]
mod tests {
    use super::*;
    use crate::view::{CardwrightObject, cardwright_view_parse};
    use core::ptr::null_mut;
    use std::cell::Cell;

    thread_local! {
        /// How many items this thread has passed.
        pub(super) static ROUNDS: Cell<usize> = const { Cell::new(0) };
    }

    fn view(json: &str) -> CardwrightView {
        // SAFETY: numbers and pointers, of which zeros are values.
        let mut view: CardwrightView = unsafe { core::mem::zeroed() };
        view.struct_size = size_of::<CardwrightView>() as u32;
        let object = CardwrightObject::CardInfo as u32;
        // SAFETY: all of it is ours.
        let code = unsafe { cardwright_view_parse(object, json.as_ptr(), json.len(), &raw mut view, null_mut()) };
        assert_eq!(code, 0);
        view
    }

    fn item(view: &CardwrightView, field: u32, index: usize) -> &str {
        let (mut json, mut length) = (core::ptr::null(), 0);
        // SAFETY: all of it is ours.
        let bytes = unsafe {
            assert_eq!(cardwright_view_item(view, field, index, &raw mut json, &raw mut length, null_mut()), 0);
            core::slice::from_raw_parts(json, length)
        };
        core::str::from_utf8(bytes).expect("UTF-8")
    }

    const TAGS: u32 = 7;
    const CERTIFICATES: u32 = 20;

    /// A card with as many tags and certificates, and how many items are passed when all of them are read, in turns.
    fn all(count: usize) -> usize {
        let tags: Vec<String> = (0..count).map(|n| format!("\"t{n}\"")).collect();
        let certificates: Vec<String> = (0..count).map(|n| format!("{{\"serialNumber\":\"{n}\"}}")).collect();
        let (tags, certificates) = (tags.join(" , "), certificates.join(","));
        let json = format!("{{\"id\":1,\"state\":\"Issued\",\"tags\":[{tags}],\"certificates\":[{certificates}]}}");
        let view = view(&json);
        ROUNDS.set(0);
        for n in 0..count {
            assert_eq!(item(&view, TAGS, n), format!("\"t{n}\""));
            // Another loop within, over a copy.
            let copy = view;
            assert_eq!(item(&copy, CERTIFICATES, n), format!("{{\"serialNumber\":\"{n}\"}}"));
        }
        assert_eq!((item(&view, TAGS, count), item(&view, CERTIFICATES, count)), ("", ""));
        ROUNDS.get()
    }

    #[test]
    fn items_one_after_the_other_take_one_pass() {
        // Of each list every item is passed as the one before the next, and as the one that is asked for.
        assert!(all(5_000) <= 4 * 5_000 + 4);
    }

    #[test]
    fn a_place_in_a_list_is_never_taken_for_one_in_another() {
        let mut json = String::from("{\"id\":1,\"state\":\"Issued\",\"tags\":[\"a\",\"b\",\"cc\",\"d\"]}");
        let one = view(&json);
        assert_eq!((item(&one, TAGS, 2), item(&one, TAGS, 3), item(&one, TAGS, 0)), ("\"cc\"", "\"d\"", "\"a\""));
        // The same bytes of memory, with another list in them: it is another view.
        let at = json.find("\"a\"").expect("the list");
        json.replace_range(at.., "\"aa\",\"b\",\"c\",\"d\"]}");
        let other = view(&json);
        assert_eq!((item(&other, TAGS, 2), item(&other, TAGS, 3)), ("\"c\"", "\"d\""));
        std::thread::scope(|threads| {
            for _ in 0..2 {
                threads.spawn(|| {
                    let view = view("{\"id\":1,\"state\":\"Issued\",\"tags\":[\"1\",\"2\",\"3\"]}");
                    assert_eq!([0, 2, 1, 3, 1].map(|n| item(&view, TAGS, n)), ["\"1\"", "\"3\"", "\"2\"", "", "\"2\""]);
                });
            }
        });
    }
}
