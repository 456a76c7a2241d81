//! Calls of both APIs, as the requests that the caller sends.

use crate::enumeration::{optional_value, value};
use crate::error::{ARGUMENT, CardwrightError};
use crate::frame::{boundary, buffer, from_c, nullable, slice, structures};
use crate::text::CardwrightText;
use cardwright_core::certiflow::{self, Query, RevocationReason};
use cardwright_core::http::{self, Site};
use cardwright_core::mim::{self, CreateRequest};
use cardwright_core::{Code, Error};
use core::ffi::c_char;

/// A call of one of the APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightCallKind {
    /// CertiFlow: list cards, by `query` or all of them. Takes `dialect`.
    CertiflowCards = 1,
    /// CertiFlow: the card `id`. Takes `dialect`.
    CertiflowCard = 2,
    /// CertiFlow: `operation` on the card `id`, with `reason` if the operation takes one. Takes `dialect`.
    CertiflowOperate = 3,
    /// MIM CM: the caller's cards.
    MimSmartcards = 16,
    /// MIM CM: the card that carries `card_id`.
    MimSmartcardByCardId = 17,
    /// MIM CM: the card `id`, by its id in the database.
    MimSmartcard = 18,
    /// MIM CM: what the caller may do with the card `id`.
    MimOperations = 19,
    /// MIM CM: give the card `card_id` with `atr` to `request`.
    MimAssignSmartcard = 20,
    /// MIM CM: set the card `id` to `status` in the course of `request`.
    MimUpdateSmartcard = 21,
    /// MIM CM: make a request of `request_kind`, or if that is 0 one for `operation`, with `id` as the
    /// card, `profile_template`, `target`, `data_collection`, `comment` and `priority`.
    MimCreateRequest = 22,
    /// MIM CM: the request `request`.
    MimRequest = 23,
    /// MIM CM: end `request` by `request_end`.
    MimEndRequest = 24,
}

/// What to ask. Zero all of it, then set `struct_size`, `kind`, and what the kind takes; the rest is
/// ignored.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightCall {
    /// `sizeof(CardwrightCall)`.
    pub struct_size: u32,
    /// A `CardwrightCallKind`.
    pub kind: u32,
    /// A `CardwrightDialect` of CertiFlow.
    pub dialect: u32,
    /// A `CardwrightOperation`.
    pub operation: u32,
    /// 1 if `reason` counts: 0 is one of its values.
    pub has_reason: u32,
    /// A `CardwrightRevocationReason` of CertiFlow.
    pub reason: u32,
    /// A `CardwrightRequestKind` of MIM CM, or 0.
    pub request_kind: u32,
    /// A `CardwrightRequestEnd` of MIM CM.
    pub request_end: u32,
    /// A `CardwrightSmartcardStatus` of MIM CM.
    pub status: u32,
    /// 1 if `priority` counts: 0 is one of its values, the highest.
    pub has_priority: u32,
    /// The priority of a request of MIM CM, 0 to 255.
    pub priority: u32,
    /// The card's id, as the server wrote it.
    pub id: CardwrightText,
    /// The id of a request of MIM CM.
    pub request: CardwrightText,
    /// The card's own GUID, without braces.
    pub card_id: CardwrightText,
    /// The ATR in hexadecimal digits.
    pub atr: CardwrightText,
    /// A comment. Default: an empty one.
    pub comment: CardwrightText,
    /// The answers to the policy's questions, as JSON. Default: `[]`.
    pub data_collection: CardwrightText,
    /// The profile template of a request of MIM CM.
    pub profile_template: CardwrightText,
    /// The user whom a request of MIM CM is for.
    pub target: CardwrightText,
    /// Which cards of CertiFlow to list; `NULL` for all.
    pub query: *const CardwrightQuery,
}

/// The most tags of a query.
pub const CARDWRIGHT_MAX_TAGS: usize = 16;

/// Which cards of CertiFlow to list. Zero all of it, then set `struct_size` and the filters; an absent text is
/// no filter, an empty one is refused.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightQuery {
    /// `sizeof(CardwrightQuery)`.
    pub struct_size: u32,
    /// How many cards to skip.
    pub offset: u32,
    /// 1 if `count` counts.
    pub has_count: u32,
    /// How many cards to return at most. Default: all.
    pub count: u32,
    /// A `CardwrightCardState`, or 0.
    pub state: u32,
    /// A `CardwrightContentExpirationStatus`, or 0.
    pub content_expiration_status: u32,
    /// The card's serial number.
    pub serial_number: CardwrightText,
    /// The user: `DOMAIN\LogonName` or a UPN. G1 lists the cards of one user only.
    pub user_name: CardwrightText,
    /// The name of the card's type.
    pub card_type_name: CardwrightText,
    /// The model. Since G7.
    pub card_model_name: CardwrightText,
    /// A note on the card.
    pub comment: CardwrightText,
    /// The usage policy's name. Since G7.
    pub policy_name: CardwrightText,
    /// ISO 8601. Since G7.
    pub time_issued: CardwrightText,
    /// ISO 8601. Since G7.
    pub time_updated: CardwrightText,
    /// ISO 8601. Since G7.
    pub time_revoked: CardwrightText,
    /// `tag_count` tags.
    pub tags: *const CardwrightText,
    /// The number of tags, at most `CARDWRIGHT_MAX_TAGS`.
    pub tag_count: usize,
}

/// Where an API is served, and how to sign in. Zero all of it, then set `struct_size` and `host`.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightSite {
    /// `sizeof(CardwrightSite)`.
    pub struct_size: u32,
    /// The name or address, with the port if it is not the default one: `cm.example`, `10.0.0.5:8080`.
    pub host: CardwrightText,
    /// The path of the API, such as `/certiflow/api`. Default: an empty one.
    pub base: CardwrightText,
    /// The user, for HTTP Basic together with `password`.
    pub user: CardwrightText,
    /// The password.
    pub password: CardwrightText,
    /// A bearer token, instead of user and password.
    pub token: CardwrightText,
}

structures!(CardwrightCall, CardwrightQuery, CardwrightSite);

/// The method of a call: a `CardwrightMethod`.
///
/// Codes of this and the next three functions, for what cannot be asked:
/// `CARDWRIGHT_CODE_NO_SUCH_CALL`, `NO_SUCH_PARAMETER`, `NO_SUCH_REASON`, `PARAMETER_NEEDED` for what the
/// dialect lacks or needs, `REASON_NEEDED`, `NO_SUCH_OPERATION`, `UNWRITABLE` for an id that cannot stand in
/// a path, `UNKNOWN_VALUE` for an unknown number, `ARGUMENT` for a missing text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_call_method(
    call: *const CardwrightCall,
    method: *mut u32,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (call, method) = from_c!(call, method);
        with_call(call, |call| {
            method.put(call.route().method as u32);
            Ok(())
        })?;
    })
}

/// Writes the address of a call below the API's base, percent-encoded, with its parameters:
/// `Cards/1013/Revoke?reason=CardLost`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_call_target(
    call: *const CardwrightCall,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (call, buffer) = (from_c!(call), buffer!(buffer, capacity, length));
        with_call(call, |call| buffer.text(|out| http::write_target(call, out)))?;
    })
}

/// Writes the body of a call, which is JSON, or nothing if it has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_call_body(
    call: *const CardwrightCall,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (call, buffer) = (from_c!(call), buffer!(buffer, capacity, length));
        with_call(call, |call| buffer.text(|out| call.body(out)))?;
    })
}

/// Writes a call as a whole HTTP/1.1 message: request line, headers, empty line, body.
///
/// Besides the codes of `cardwright_call_method`: `CARDWRIGHT_CODE_ADDRESS` for an impossible host or
/// base, `CARDWRIGHT_CODE_UNWRITABLE` for a user, password or token that cannot stand in a header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_call_message(
    call: *const CardwrightCall,
    site: *const CardwrightSite,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (call, site, buffer) = (from_c!(call), from_c!(site), buffer!(buffer, capacity, length));
        let site = site_of(site)?;
        with_call(call, |call| buffer.text(|out| http::write_message(call, &site, out)))?;
    })
}

fn site_of<'a>(given: &'a CardwrightSite) -> Result<Site<'a>, Error> {
    let site = Site::new(from_c!(given.host), nullable!(given.base).unwrap_or(""))?;
    match (nullable!(given.user), nullable!(given.password), nullable!(given.token)) {
        (None, None, None) => Ok(site),
        (Some(user), Some(password), None) => site.with_basic(user, password),
        (None, None, Some(token)) => site.with_bearer(token),
        _ => Err(ARGUMENT),
    }
}

/// Passes the call that the caller described to `with`.
fn with_call(given: &CardwrightCall, with: impl FnOnce(&dyn http::Call) -> Result<(), Error>) -> Result<(), Error> {
    match mim_call(given)? {
        Some(call) => {
            call.check()?;
            with(&call)
        }
        None => {
            let mut tags = [""; CARDWRIGHT_MAX_TAGS];
            let call = certiflow_call(given, &mut tags)?;
            with(&call.in_dialect(value(given.dialect, "dialect")?)?)
        }
    }
}

/// A call of CertiFlow; `tags` has room for those of its query.
fn certiflow_call<'a>(
    given: &'a CardwrightCall,
    tags: &'a mut [&'a str; CARDWRIGHT_MAX_TAGS],
) -> Result<certiflow::Call<'a>, Error> {
    use CardwrightCallKind as Kind;
    Ok(match given.kind {
        n if n == Kind::CertiflowCards as u32 => certiflow::Call::Cards(query_of(nullable!(given.query), tags)?),
        n if n == Kind::CertiflowCard as u32 => certiflow::Call::Card { id: from_c!(given.id) },
        n if n == Kind::CertiflowOperate as u32 => certiflow::Call::Operate {
            reason: reason_of(given.has_reason, given.reason)?,
            operation: value(given.operation, "operation")?,
            id: from_c!(given.id),
        },
        _ => return Err(Error::of(Code::UnknownValue, "kind")),
    })
}

/// A call of MIM CM, if it is one.
fn mim_call(given: &CardwrightCall) -> Result<Option<mim::Call<'_>>, Error> {
    use CardwrightCallKind as Kind;
    Ok(Some(match given.kind {
        n if n == Kind::MimSmartcards as u32 => mim::Call::Smartcards,
        n if n == Kind::MimSmartcardByCardId as u32 => mim::Call::SmartcardByCardId { card_id: from_c!(given.card_id) },
        n if n == Kind::MimSmartcard as u32 => mim::Call::Smartcard { uuid: from_c!(given.id) },
        n if n == Kind::MimOperations as u32 => mim::Call::Operations { uuid: from_c!(given.id) },
        n if n == Kind::MimAssignSmartcard as u32 => mim::Call::AssignSmartcard {
            request: from_c!(given.request),
            card_id: from_c!(given.card_id),
            atr: from_c!(given.atr),
        },
        n if n == Kind::MimUpdateSmartcard as u32 => mim::Call::UpdateSmartcard {
            status: value(given.status, "status")?,
            request: from_c!(given.request),
            uuid: from_c!(given.id),
        },
        n if n == Kind::MimCreateRequest as u32 => mim::Call::CreateRequest(create_request(given)?),
        n if n == Kind::MimRequest as u32 => mim::Call::Request { uuid: from_c!(given.request) },
        n if n == Kind::MimEndRequest as u32 => {
            mim::Call::EndRequest { end: value(given.request_end, "status")?, uuid: from_c!(given.request) }
        }
        _ => return Ok(None),
    }))
}

fn create_request(given: &CardwrightCall) -> Result<CreateRequest<'_>, Error> {
    let comment = nullable!(given.comment).unwrap_or("");
    let priority = match given.has_priority {
        0 => None,
        _ => Some(u8::try_from(given.priority).map_err(|_| Error::of(Code::UnknownValue, "priority"))?),
    };
    let kind = match optional_value(given.request_kind, "type")? {
        Some(kind) => kind,
        None => CreateRequest::for_operation(value(given.operation, "operation")?, "", comment)?.kind,
    };
    Ok(CreateRequest {
        kind,
        smartcard: nullable!(given.id),
        profile_template: nullable!(given.profile_template),
        target: nullable!(given.target),
        data_collection: nullable!(given.data_collection).unwrap_or("[]"),
        comment,
        priority,
    })
}

/// The reason, if one counts.
pub(crate) fn reason_of(has_reason: u32, reason: u32) -> Result<Option<RevocationReason>, Error> {
    if has_reason == 0 { Ok(None) } else { value(reason, "reason").map(Some) }
}

/// The query that the caller described, or that for all cards; `tags` has room for its tags.
pub(crate) fn query_of<'a>(
    query: Option<&'a CardwrightQuery>,
    tags: &'a mut [&'a str; CARDWRIGHT_MAX_TAGS],
) -> Result<Query<'a>, Error> {
    let Some(given) = query else { return Ok(Query::default()) };
    let tags = tags.get_mut(..given.tag_count).ok_or(Error::of(Code::Argument, "tags"))?;
    for (tag, given) in tags.iter_mut().zip(slice!(given.tags, given.tag_count)) {
        *tag = from_c!(*given);
    }
    Ok(Query {
        offset: (given.offset != 0).then_some(given.offset),
        count: (given.has_count != 0).then_some(given.count),
        serial_number: nullable!(given.serial_number),
        user_name: nullable!(given.user_name),
        card_type_name: nullable!(given.card_type_name),
        card_model_name: nullable!(given.card_model_name),
        comment: nullable!(given.comment),
        tags,
        policy_name: nullable!(given.policy_name),
        state: optional_value(given.state, "state")?,
        content_expiration_status: optional_value(given.content_expiration_status, "contentExpirationStatus")?,
        time_issued: nullable!(given.time_issued),
        time_updated: nullable!(given.time_updated),
        time_revoked: nullable!(given.time_revoked),
    })
}
