//! Objects of replies, as views over the caller's bytes.

use crate::error::{CardwrightError, name, refused};
use crate::frame::{boundary, buffer, from_c, size, slice, structures};
use crate::number::{ObjectNumber, SmartcardStatusNumber};
use crate::text::utf8;
#[cfg(feature = "certiflow")]
use cardwright_core::Named as _;
#[cfg(all(feature = "certiflow", feature = "certificates"))]
use cardwright_core::certiflow::Certificate;
#[cfg(feature = "certiflow")]
use cardwright_core::certiflow::{CardInfo, CardState};
use cardwright_core::json::{self, Field, Scalar};
#[cfg(feature = "mim")]
use cardwright_core::mim::{DataItem, Request, Smartcard, SmartcardStatus, StatusScheme};
use cardwright_core::{Code, Error};
use core::ffi::c_char;
use core::ops::Range;

/// An object that servers send. The fields of each are an enumeration of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightObject {
    /// A card's record of CertiFlow: `CardwrightCardInfoField`.
    #[cfg(feature = "certiflow")]
    CardInfo = 1,
    /// A certificate on a card of CertiFlow: `CardwrightCertificateField`.
    #[cfg(feature = "certiflow")]
    Certificate = 2,
    /// A card's record of MIM CM: `CardwrightSmartcardField`.
    #[cfg(feature = "mim")]
    Smartcard = 3,
    /// A request of MIM CM: `CardwrightRequestField`.
    #[cfg(feature = "mim")]
    Request = 4,
    /// An answer to a question of a policy of MIM CM: `CardwrightDataItemField`.
    #[cfg(feature = "mim")]
    DataItem = 5,
}

/// Where a field's value stands in its object. Private.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C)]
pub struct CardwrightSpan {
    /// The offset.
    pub from: u32,
    /// The length; 0 if there is no such field.
    pub length: u32,
}

/// The most fields of an object, with room for fields that a vendor adds.
pub const CARDWRIGHT_MAX_FIELDS: usize = 24;

/// A row of a site's own scheme: what a number of `Smartcard.Status` of MIM CM means there.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct CardwrightStatusRow {
    /// The number.
    pub number: i64,
    /// A `CardwrightSmartcardStatus`.
    pub status: SmartcardStatusNumber,
}

/// An object of a reply: where it and its fields stand in the caller's bytes, which must stay as they are for
/// as long as the view is used. May be copied, and needs no clean-up.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct CardwrightView {
    /// `sizeof(CardwrightView)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightObject`.
    pub object: ObjectNumber,
    /// The object as it was written; unknown fields are in it too.
    pub json: *const u8,
    /// Its length in bytes.
    pub length: usize,
    /// Private.
    pub spans: [CardwrightSpan; CARDWRIGHT_MAX_FIELDS],
    /// What the numbers of a card's state of MIM CM mean, for `cardwright_view_state`: `status_count` rows, which must
    /// outlive the view. `NULL` for `CARDWRIGHT_STATUS_SCHEME_B`, which is the usual one; `cardwright_view_parse` leaves
    /// `NULL`, so set both members afterwards if the site has numbers of its own. `cardwright_card_view` sets them to
    /// those of the client that the card came from.
    pub statuses: *const CardwrightStatusRow,
    /// The number of rows of `statuses`.
    pub status_count: usize,
    /// Private.
    #[cfg(feature = "hosted")]
    pub mark: u64,
}

#[cfg(feature = "hosted")]
structures!(CardwrightView { object, json, length, spans, statuses, status_count, mark });
#[cfg(not(feature = "hosted"))]
structures!(CardwrightView { object, json, length, spans, statuses, status_count });

/// Finds the fields of one JSON object, strictly. `object` is a `CardwrightObject`.
///
/// A code from 301 on, with the offset of the byte that is wrong; `CARDWRIGHT_CODE_JSON_MISSING` names the missing
/// field; `CARDWRIGHT_CODE_UNKNOWN_VALUE` for an unknown `object`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_view_parse(
    object: ObjectNumber, json: *const u8, length: usize, view: *mut CardwrightView, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (json, view) = (slice!(json, length), from_c!(view));
        view.put(find(object, json)?);
    })
}

/// What depends on the object: how its fields are found, and which they are.
macro_rules! objects {
    ($(#[$condition:meta] $name:ident),*) => {
        fn find(object: u32, bytes: &[u8]) -> Result<CardwrightView, Error> {
            match object {
                $(#[$condition] n if n == CardwrightObject::$name as u32 => {
                    // A function of its own, so that the stack holds one of the objects and not all.
                    #[inline(never)]
                    fn find_one(object: u32, bytes: &[u8]) -> Result<CardwrightView, Error> {
                        let view = json::from_slice::<$name<'_>>(bytes)?;
                        Ok(view_of(object, view.json(), view.spans().iter().map(|span| span.range())))
                    }
                    find_one(object, bytes)
                })*
                _ => Err(Error::of(Code::UnknownValue, "object")),
            }
        }

        fn fields_of(object: u32) -> Result<&'static [Field], Error> {
            match object {
                $(#[$condition] n if n == CardwrightObject::$name as u32 => Ok($name::FIELDS),)*
                _ => Err(Error::of(Code::UnknownValue, "object")),
            }
        }

        /// The object that has these fields.
        #[cfg(feature = "client")]
        pub(crate) fn object_of(fields: &[Field]) -> Result<u32, Error> {
            $(#[$condition] if fields == $name::FIELDS {
                return Ok(CardwrightObject::$name as u32);
            })*
            Err(Error::new(Code::Internal, 0))
        }

        const _: () = { $(#[$condition] assert!($name::FIELDS.len() <= CARDWRIGHT_MAX_FIELDS);)* };
    };
}

objects!(
    #[cfg(feature = "certiflow")]
    CardInfo,
    #[cfg(all(feature = "certiflow", feature = "certificates"))]
    Certificate,
    #[cfg(feature = "mim")]
    Smartcard,
    #[cfg(feature = "mim")]
    Request,
    #[cfg(feature = "mim")]
    DataItem
);

/// A view with the places of the fields in it.
pub(crate) fn view_of(object: u32, json: &str, fields: impl Iterator<Item = Range<usize>>) -> CardwrightView {
    let mut spans = [CardwrightSpan::default(); CARDWRIGHT_MAX_FIELDS];
    for (span, field) in spans.iter_mut().zip(fields) {
        // An object in which this does not fit is none.
        *span = CardwrightSpan { from: field.start as u32, length: field.len() as u32 };
    }
    CardwrightView {
        struct_size: size::<CardwrightView>(),
        object,
        json: json.as_ptr(),
        length: json.len(),
        spans,
        statuses: core::ptr::null(),
        status_count: 0,
        #[cfg(feature = "hosted")]
        mark: mark(),
    }
}

/// A number that no other view has, for what is remembered about a view.
#[cfg(feature = "hosted")]
fn mark() -> u64 {
    use core::sync::atomic::{AtomicU64, Ordering};
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed).wrapping_add(1)
}

/// Writes a field as a text: a string decoded, the digits of a number, `true` or `false`; nothing for `null`
/// and for an absent field.
///
/// `field` is a value of the object's own enumeration of fields: `CARDWRIGHT_CODE_UNKNOWN_VALUE` for any other, also for
/// another object's.
/// `CARDWRIGHT_CODE_JSON_TYPE` for a list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_view_text(
    view: *const CardwrightView, field: u32, buffer: *mut c_char, capacity: usize, length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (view, buffer) = (from_c!(view), buffer!(buffer, capacity, length));
        let scalar = scalar(raw_of(&view, field)?)?;
        buffer.plain(|out| scalar.write_to(out))?;
    })
}

/// A field as a whole number, such as an id, a state or a flag.
///
/// `CARDWRIGHT_CODE_JSON_MISSING` if it is `null` or absent, `CARDWRIGHT_CODE_JSON_TYPE` if it is not a whole number
/// of 64 bits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_view_number(
    view: *const CardwrightView, field: u32, number: *mut i64, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (view, number) = from_c!(view, number);
        match scalar(raw_of(&view, field)?)? {
            Scalar::Null => return Err(Error::new(Code::JsonMissing, 0)),
            scalar => number.put(scalar.as_i64().ok_or(Error::new(Code::JsonType, 0))?),
        }
    })
}

/// A field as it was written, quotes, escapes and all: `*json` points into the bytes of the view, and
/// `*length` is 0 if there is no such field.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_view_raw(
    view: *const CardwrightView, field: u32, json: *mut *const u8, length: *mut usize, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (view, json, length) = from_c!(view, json, length);
        let raw = raw_of(&view, field)?;
        json.put(raw.as_ptr());
        length.put(raw.len());
    })
}

/// The state of a card, as a `CardwrightCardState` of CertiFlow or a `CardwrightSmartcardStatus` of MIM CM, whose
/// numbers mean what `statuses` of the view says. `*known` is 0 if the server says something unknown: then read the
/// field itself.
///
/// `CARDWRIGHT_CODE_ARGUMENT` if the view is not of a card.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_view_state(
    view: *const CardwrightView, state: *mut u32, known: *mut u32, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (view, state, known) = from_c!(view, state, known);
        let field = |fields: &[Field], name| -> Result<Scalar<'_>, Error> {
            let at = fields.iter().position(|field| field.name == name).and_then(|at| u32::try_from(at).ok());
            scalar(raw_of(&view, at.unwrap_or(u32::MAX))?)
        };
        let number = match view.object {
            #[cfg(feature = "certiflow")]
            n if n == CardwrightObject::CardInfo as u32 => {
                CardState::from_scalar(field(CardInfo::FIELDS, "state")?).map(|state| state as u32)
            }
            #[cfg(feature = "mim")]
            n if n == CardwrightObject::Smartcard as u32 => status(&view, field(Smartcard::FIELDS, "Status")?)?,
            _ => return Err(refused(name!(view), "not of a card")),
        };
        state.put(number.unwrap_or(0));
        known.put(number.is_some().into());
    })
}

/// What a number means by the rows of a view.
#[cfg(feature = "mim")]
fn status(view: &CardwrightView, number: Scalar<'_>) -> Result<Option<u32>, Error> {
    if view.statuses.is_null() {
        return Ok(StatusScheme::default().status(number).map(|status| status as u32));
    }
    let rows = slice!(view.statuses, view.status_count);
    let row = number.as_i64().and_then(|number| rows.iter().find(|row| row.number == number));
    Ok(row.map(|row| row.status).filter(|status| *status <= SmartcardStatus::Retired as u32))
}

/// Writes a JSON value that is neither a list nor an object as a text, as `cardwright_view_text` does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_json_text(
    json: *const u8, json_length: usize, buffer: *mut c_char, capacity: usize, length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (buffer, json) = (buffer!(buffer, capacity, length), slice!(json, json_length));
        let scalar = json::from_slice::<Scalar<'_>>(json)?;
        buffer.plain(|out| scalar.write_to(out))?;
    })
}

/// Writes where in a document the byte at `at` stands, such as `$[3].certificates[0].validTo`, for an error
/// message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_json_path(
    json: *const u8, json_length: usize, at: usize, buffer: *mut c_char, capacity: usize, length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (buffer, json) = (buffer!(buffer, capacity, length), slice!(json, json_length));
        buffer.text(|out| json::path(json, at, out))?;
    })
}

/// A field as it was written. Its number is that of the object and its index in the object's fields, 16 bits each; the
/// index alone, as the first version of the header has it, is accepted too.
pub(crate) fn raw_of(view: &CardwrightView, field: u32) -> Result<&[u8], Error> {
    let bytes = slice!(view.json, view.length);
    let fields = fields_of(view.object)?;
    let unknown = Error::of(Code::UnknownValue, "field");
    let [object, field] = [field >> 16, field & 0xFFFF];
    if object != 0 && object != view.object {
        return Err(unknown);
    }
    let field = usize::try_from(field).ok().filter(|field| *field < fields.len()).ok_or(unknown)?;
    let span = view.spans.get(field).ok_or(unknown)?;
    let from = span.from as usize;
    // Places that do not fit the bytes read as absent.
    Ok(bytes.get(from..from.saturating_add(span.length as usize)).unwrap_or_default())
}

/// A value that is not a list; an absent one is `null`.
fn scalar(raw: &[u8]) -> Result<Scalar<'_>, Error> {
    if raw.is_empty() { Ok(Scalar::Null) } else { json::from_slice(utf8(raw)?.as_bytes()) }
}
