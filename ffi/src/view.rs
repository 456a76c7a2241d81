//! Objects of replies, as views over the caller's bytes.

use crate::boundary::{ARGUMENT, Buffer, CardwrightError, Output, input, run, size, structure, text};
use cardwright_core::certiflow::{CardInfo, Certificate};
use cardwright_core::json::{self, Elements, Field, Scalar, Span};
use cardwright_core::mim::{DataItem, Request, Smartcard, StatusScheme};
use cardwright_core::{Code, Error};
use core::ffi::c_char;

/// An object that servers send. The fields of each are an enumeration of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightObject {
    /// A card's record of CertiFlow: `CardwrightCardInfoField`.
    CardInfo = 1,
    /// A certificate on a card of CertiFlow: `CardwrightCertificateField`.
    Certificate = 2,
    /// A card's record of MIM CM: `CardwrightSmartcardField`.
    Smartcard = 3,
    /// A request of MIM CM: `CardwrightRequestField`.
    Request = 4,
    /// An answer to a question of a policy of MIM CM: `CardwrightDataItemField`.
    DataItem = 5,
}

/// Where a field's value stands in its object. Private.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C)]
pub struct CardwrightSpan {
    /// The offset.
    pub from: u32,
    /// The length; 0 where there is no such field.
    pub length: u32,
}

/// The most fields of an object.
pub const CARDWRIGHT_MAX_FIELDS: usize = 21;

/// An object of a reply: where it and its fields stand in the caller's bytes, which must stay as they are for
/// as long as the view is used. May be copied, and needs no clean-up.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct CardwrightView {
    /// `sizeof(CardwrightView)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightObject`.
    pub object: u32,
    /// The object as it was written; fields that nobody knows are in there too.
    pub json: *const u8,
    /// Its length in bytes.
    pub length: usize,
    /// Private.
    pub spans: [CardwrightSpan; CARDWRIGHT_MAX_FIELDS],
}

/// Finds the fields of one JSON object, strictly. `object` is a `CardwrightObject`.
///
/// A code from 301 on with the offset of the byte that is wrong; `CARDWRIGHT_CODE_JSON_MISSING` names the field
/// that must be there; `CARDWRIGHT_CODE_UNKNOWN_VALUE` where `object` is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_view_parse(
    object: u32,
    json: *const u8,
    length: usize,
    view: *mut CardwrightView,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the bytes are the caller's and stay for the call; the structure is there to be written to.
        let (json, place) = unsafe { (input(json, length)?, Output::structure(view)?) };
        place.put(find(object, json)?);
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

fn find(object: u32, bytes: &[u8]) -> Result<CardwrightView, Error> {
    macro_rules! table {
        ($($name:ident),*) => {
            match object {
                $(n if n == CardwrightObject::$name as u32 => {
                    // Apart, so that the stack holds one of the objects and not all.
                    #[inline(never)]
                    fn find_one(object: u32, bytes: &[u8]) -> Result<CardwrightView, Error> {
                        let view = json::from_slice::<$name<'_>>(bytes)?;
                        Ok(view_of(object, view.json(), $name::FIELDS.len(), |n| view.raw(n)))
                    }
                    find_one(object, bytes)
                })*
                _ => Err(Error::of(Code::UnknownValue, "object")),
            }
        };
    }
    table!(CardInfo, Certificate, Smartcard, Request, DataItem)
}

const _: () = {
    assert!(CardInfo::FIELDS.len() <= CARDWRIGHT_MAX_FIELDS);
    assert!(Certificate::FIELDS.len() <= CARDWRIGHT_MAX_FIELDS);
    assert!(Smartcard::FIELDS.len() <= CARDWRIGHT_MAX_FIELDS);
    assert!(Request::FIELDS.len() <= CARDWRIGHT_MAX_FIELDS);
    assert!(DataItem::FIELDS.len() <= CARDWRIGHT_MAX_FIELDS);
    // The places are core's own, of which the members are not to be seen.
    assert!(size_of::<Span>() == size_of::<CardwrightSpan>());
};

/// A view with the places of the fields, each found again by where its text lies.
pub(crate) fn view_of<'a>(object: u32, json: &'a str, fields: usize, raw: impl Fn(usize) -> &'a str) -> CardwrightView {
    let mut spans = [CardwrightSpan::default(); CARDWRIGHT_MAX_FIELDS];
    for (n, span) in spans.iter_mut().enumerate().take(fields) {
        let raw = raw(n);
        if !raw.is_empty() {
            let from = (raw.as_ptr() as usize).wrapping_sub(json.as_ptr() as usize);
            span.from = u32::try_from(from).unwrap_or(u32::MAX);
            span.length = u32::try_from(raw.len()).unwrap_or(0);
        }
    }
    CardwrightView { struct_size: size::<CardwrightView>(), object, json: json.as_ptr(), length: json.len(), spans }
}

/// Writes a field as a text: a string decoded, the digits of a number, `true` or `false`; nothing for `null`
/// and for a field that is not there.
///
/// `field` is a number of the object's enumeration of fields: `CARDWRIGHT_CODE_UNKNOWN_VALUE` where it is none.
/// `CARDWRIGHT_CODE_JSON_TYPE` for a list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_view_text(
    view: *const CardwrightView,
    field: u32,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the outputs are there to be written to; the view and its bytes stay for the call.
        let (buffer, raw) = unsafe { (Buffer::new(buffer, capacity, length)?, raw_of(view, field)?) };
        let scalar = scalar(raw)?;
        buffer.text(|out| write!(out, "{scalar}"))
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// A field as a whole number, which the numbers of ids, states and flags are.
///
/// `CARDWRIGHT_CODE_JSON_MISSING` where it is `null` or not there, `CARDWRIGHT_CODE_JSON_TYPE` where it is
/// something else than a whole number of 64 bits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_view_number(
    view: *const CardwrightView,
    field: u32,
    number: *mut i64,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the output is there to be written to; the view and its bytes stay for the call.
        let (place, raw) = unsafe { (Output::new(number)?, raw_of(view, field)?) };
        match scalar(raw)? {
            Scalar::Null => Err(Error::new(Code::JsonMissing, 0)),
            scalar => {
                place.put(scalar.as_i64().ok_or(Error::new(Code::JsonType, 0))?);
                Ok(())
            }
        }
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// A field as it was written, quotes, escapes and all: `*json` points into the bytes of the view, and
/// `*length` is 0 where there is no such field.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_view_raw(
    view: *const CardwrightView,
    field: u32,
    json: *mut *const u8,
    length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the outputs are there to be written to; the view and its bytes stay for the call.
        let (json, length, raw) = unsafe { (Output::new(json)?, Output::new(length)?, raw_of(view, field)?) };
        json.put(raw.as_ptr());
        length.put(raw.len());
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// An item of a field that is a list, by its index, from 0, as it was written: `*json` points into the bytes
/// of the view, and `*length` is 0 behind the last. A lone value is a list of one, `null` an empty one.
///
/// An item is for `cardwright_json_text` or `cardwright_view_parse`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_view_item(
    view: *const CardwrightView,
    field: u32,
    index: usize,
    json: *mut *const u8,
    length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the outputs are there to be written to; the view and its bytes stay for the call.
        let (json, length, raw) = unsafe { (Output::new(json)?, Output::new(length)?, raw_of(view, field)?) };
        let item = item(raw, index)?;
        json.put(item.as_ptr());
        length.put(item.len());
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// The item of a list with an index, or nothing behind the last.
fn item(raw: &[u8], index: usize) -> Result<&[u8], Error> {
    if raw.first() != Some(&b'[') {
        return Ok(if index == 0 && raw != b"null" { raw } else { &[] });
    }
    let mut elements = Elements::new([0u8; 0]);
    let mut chunk = raw;
    let mut n = 0usize;
    // Each round takes an element, so the list bounds the rounds.
    while let Some(element) =
        elements.next(&mut chunk)?.map(|element| element.at..element.at.wrapping_add(element.json.len()))
    {
        if n == index {
            return raw.get(element).ok_or(ARGUMENT);
        }
        n = n.wrapping_add(1);
    }
    Ok(&[])
}

/// The state of a card, as a `CardwrightCardState` of CertiFlow or a `CardwrightSmartcardStatus` of MIM CM,
/// whose numbers are assumed. `*known` is 0 where the server says something that is not known: then the field
/// itself tells.
///
/// `CARDWRIGHT_CODE_ARGUMENT` where the view is not of a card.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_view_state(
    view: *const CardwrightView,
    state: *mut u32,
    known: *mut u32,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the outputs are there to be written to; the view and its bytes stay for the call.
        let (state, known, object) = unsafe { (Output::new(state)?, Output::new(known)?, structure(view)?.object) };
        let place = |fields: &[Field], name| fields.iter().position(|field| field.name == name);
        let (field, of_certiflow) = if object == CardwrightObject::CardInfo as u32 {
            (place(CardInfo::FIELDS, "state"), true)
        } else if object == CardwrightObject::Smartcard as u32 {
            (place(Smartcard::FIELDS, "Status"), false)
        } else {
            return Err(ARGUMENT);
        };
        let field = field.and_then(|field| u32::try_from(field).ok()).ok_or(ARGUMENT)?;
        // SAFETY: as above.
        let scalar = scalar(unsafe { raw_of(view, field) }?)?;
        let number = if of_certiflow {
            <cardwright_core::certiflow::CardState as cardwright_core::Named>::from_scalar(scalar)
                .map(|state| state as u32)
        } else {
            StatusScheme::default().status(scalar).map(|status| status as u32)
        };
        state.put(number.unwrap_or(0));
        known.put(number.is_some().into());
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Writes a JSON value that is no list and no object as a text, as `cardwright_view_text` does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_json_text(
    json: *const u8,
    json_length: usize,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the outputs are there to be written to; the bytes are the caller's and stay for the call.
        let (buffer, json) = unsafe { (Buffer::new(buffer, capacity, length)?, input(json, json_length)?) };
        let scalar = json::from_slice::<Scalar<'_>>(json)?;
        buffer.text(|out| write!(out, "{scalar}"))
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Writes where in a document the byte at `at` stands, such as `$[3].certificates[0].validTo`, for an error
/// that somebody is to see.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_json_path(
    json: *const u8,
    json_length: usize,
    at: usize,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the outputs are there to be written to; the bytes are the caller's and stay for the call.
        let (buffer, json) = unsafe { (Buffer::new(buffer, capacity, length)?, input(json, json_length)?) };
        buffer.text(|out| json::path(json, at, out))
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// A field as it was written.
///
/// # Safety
/// `view` is null or points to a view whose bytes are there for `'a`.
unsafe fn raw_of<'a>(view: *const CardwrightView, field: u32) -> Result<&'a [u8], Error> {
    // SAFETY: as this function's caller promises.
    let (view, bytes) = unsafe {
        let view = structure(view)?;
        (view, input(view.json, view.length)?)
    };
    let fields: &[Field] = match view.object {
        n if n == CardwrightObject::CardInfo as u32 => CardInfo::FIELDS,
        n if n == CardwrightObject::Certificate as u32 => Certificate::FIELDS,
        n if n == CardwrightObject::Smartcard as u32 => Smartcard::FIELDS,
        n if n == CardwrightObject::Request as u32 => Request::FIELDS,
        n if n == CardwrightObject::DataItem as u32 => DataItem::FIELDS,
        _ => return Err(Error::of(Code::UnknownValue, "object")),
    };
    let unknown = Error::of(Code::UnknownValue, "field");
    let field = usize::try_from(field).ok().filter(|field| *field < fields.len()).ok_or(unknown)?;
    let span = view.spans.get(field).ok_or(unknown)?;
    let from = span.from as usize;
    // Places that do not fit the bytes read as absent.
    Ok(bytes.get(from..from.saturating_add(span.length as usize)).unwrap_or_default())
}

/// A value that is no list; nothing is `null`.
fn scalar(raw: &[u8]) -> Result<Scalar<'_>, Error> {
    if raw.is_empty() { Ok(Scalar::Null) } else { json::from_slice(text(raw)?.as_bytes()) }
}
