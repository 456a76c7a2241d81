//! Calls of both APIs, as what the caller has to send.

use crate::boundary::{ARGUMENT, Buffer, CardwrightError, CardwrightText, Output, input, run, structure};
use crate::lifecycle::operation_of;
use crate::names::value;
use cardwright_core::certiflow::{self, CardState, ContentExpirationStatus, Dialect, Query, RevocationReason};
use cardwright_core::http::{self, Site};
use cardwright_core::lifecycle::Operation;
use cardwright_core::mim::{self, CreateRequest, RequestEnd, RequestKind, SmartcardStatus};
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
    /// CertiFlow: `operation` on the card `id`, with `reason` where the operation takes one. Takes `dialect`.
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
    /// MIM CM: make a request of `request_kind`, or where that is 0 one for `operation`, with `id` as the
    /// card, `profile_template`, `target`, `data_collection`, `comment` and `priority`.
    MimCreateRequest = 22,
    /// MIM CM: the request `request`.
    MimRequest = 23,
    /// MIM CM: end `request` by `request_end`.
    MimEndRequest = 24,
}

/// What to ask. Zero all of it, then set `struct_size`, `kind`, and what the kind takes; the rest does not
/// count.
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
    /// 1 where `reason` counts: it also has the value 0.
    pub has_reason: u32,
    /// A `CardwrightRevocationReason` of CertiFlow.
    pub reason: u32,
    /// A `CardwrightRequestKind` of MIM CM, or 0.
    pub request_kind: u32,
    /// A `CardwrightRequestEnd` of MIM CM.
    pub request_end: u32,
    /// A `CardwrightSmartcardStatus` of MIM CM.
    pub status: u32,
    /// 1 where `priority` counts: it also has the value 0, the highest.
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
    /// A comment; none is an empty one.
    pub comment: CardwrightText,
    /// The answers to the policy's questions, as JSON; none is `[]`.
    pub data_collection: CardwrightText,
    /// The profile template of a request of MIM CM.
    pub profile_template: CardwrightText,
    /// For whom a request of MIM CM is.
    pub target: CardwrightText,
    /// Which cards of CertiFlow to list; `NULL` for all.
    pub query: *const CardwrightQuery,
}

/// The most tags of a query.
pub const CARDWRIGHT_MAX_TAGS: usize = 16;

/// Which cards of CertiFlow to list. Zero all of it, set `struct_size` and what to ask for; a text that is
/// not there is no filter, an empty one is refused.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightQuery {
    /// `sizeof(CardwrightQuery)`.
    pub struct_size: u32,
    /// How many cards to pass over.
    pub offset: u32,
    /// 1 where `count` counts.
    pub has_count: u32,
    /// How many cards to return at most; without it a server returns all.
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
    /// How many tags there are, at most `CARDWRIGHT_MAX_TAGS`.
    pub tag_count: usize,
}

/// Where an API is served, and as whom. Zero all of it, set `struct_size` and `host`.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightSite {
    /// `sizeof(CardwrightSite)`.
    pub struct_size: u32,
    /// The name or address, with the port where it is not the usual one: `cm.example`, `10.0.0.5:8080`.
    pub host: CardwrightText,
    /// The path of the API, such as `/certiflow/api`; none is an empty one.
    pub base: CardwrightText,
    /// The user, for HTTP Basic together with `password`.
    pub user: CardwrightText,
    /// The password.
    pub password: CardwrightText,
    /// A bearer token, instead of user and password.
    pub token: CardwrightText,
}

/// The method of a call: a `CardwrightMethod`.
///
/// What cannot be asked comes back as a code here and from the next three functions:
/// `CARDWRIGHT_CODE_NO_SUCH_CALL`, `NO_SUCH_PARAMETER`, `NO_SUCH_REASON`, `PARAMETER_NEEDED` for what the
/// dialect lacks or needs, `REASON_NEEDED`, `NO_SUCH_OPERATION`, `UNWRITABLE` for an id that cannot stand in
/// a path, `UNKNOWN_VALUE` for a number that is none, `ARGUMENT` for a text that must be there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_call_method(
    call: *const CardwrightCall,
    method: *mut u32,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the output is there to be written to; the call and what it points to stay for this call.
        unsafe {
            let place = Output::new(method)?;
            with_call(call, |call| {
                place.put(call.route().method as u32);
                Ok(())
            })
        }
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
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
    let body = || {
        // SAFETY: the outputs are there to be written to; the call and what it points to stay for this call.
        unsafe {
            let buffer = Buffer::new(buffer, capacity, length)?;
            with_call(call, |call| buffer.text(|out| http::write_target(call, out)))
        }
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Writes the body of a call, which is JSON, or nothing where it has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_call_body(
    call: *const CardwrightCall,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the outputs are there to be written to; the call and what it points to stay for this call.
        unsafe {
            let buffer = Buffer::new(buffer, capacity, length)?;
            with_call(call, |call| buffer.text(|out| call.body(out)))
        }
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Writes a call as a whole HTTP/1.1 message: request line, headers, empty line, body.
///
/// Besides the codes of `cardwright_call_method`: `CARDWRIGHT_CODE_ADDRESS` for a host or base that cannot be
/// one, `CARDWRIGHT_CODE_UNWRITABLE` for a user, password or token that cannot stand in a header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_call_message(
    call: *const CardwrightCall,
    site: *const CardwrightSite,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the outputs are there to be written to; call, site and what they point to stay for this
        // call.
        unsafe {
            let buffer = Buffer::new(buffer, capacity, length)?;
            let site = site_of(structure(site)?)?;
            with_call(call, |call| buffer.text(|out| http::write_message(call, &site, out)))
        }
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// # Safety
/// The texts stay for `'a`.
unsafe fn site_of<'a>(given: &CardwrightSite) -> Result<Site<'a>, Error> {
    // SAFETY: as this function's caller promises.
    let (host, base, user, password, token) = unsafe {
        (given.host.needed()?, given.base.get()?, given.user.get()?, given.password.get()?, given.token.get()?)
    };
    let site = Site::new(host, base.unwrap_or(""))?;
    match (user, password, token) {
        (None, None, None) => Ok(site),
        (Some(user), Some(password), None) => site.with_basic(user, password),
        (None, None, Some(token)) => site.with_bearer(token),
        _ => Err(ARGUMENT),
    }
}

/// Makes the call of what the caller described, and hands it to `with`.
///
/// # Safety
/// `call` is null or points to a call whose texts, query and tags stay until this returns.
unsafe fn with_call(
    call: *const CardwrightCall,
    with: impl FnOnce(&dyn http::Call) -> Result<(), Error>,
) -> Result<(), Error> {
    // SAFETY: as this function's caller promises.
    let given = unsafe { structure(call) }?;
    // SAFETY: as this function's caller promises.
    let text = |text: CardwrightText| unsafe { text.needed() };
    // SAFETY: as this function's caller promises.
    let any = |text: CardwrightText| unsafe { text.get() };
    let kind = |kind: CardwrightCallKind| given.kind == kind as u32;
    let dialect = || value(given.dialect, "dialect", |dialect: Dialect| dialect as u32);

    if kind(CardwrightCallKind::CertiflowCards) {
        let mut tags = [""; CARDWRIGHT_MAX_TAGS];
        let query = match given.query.is_null() {
            true => Query::default(),
            // SAFETY: as this function's caller promises.
            false => unsafe { query_of(given.query, &mut tags) }?,
        };
        return with(&certiflow::Call::Cards(query).in_dialect(dialect()?)?);
    }
    if kind(CardwrightCallKind::CertiflowCard) {
        return with(&certiflow::Call::Card { id: text(given.id)? }.in_dialect(dialect()?)?);
    }
    if kind(CardwrightCallKind::CertiflowOperate) {
        let reason = reason_of(given.has_reason, given.reason)?;
        let operation = operation_of(given.operation)?;
        let call = certiflow::Call::Operate { operation, id: text(given.id)?, reason };
        return with(&call.in_dialect(dialect()?)?);
    }

    let call = if kind(CardwrightCallKind::MimSmartcards) {
        mim::Call::Smartcards
    } else if kind(CardwrightCallKind::MimSmartcardByCardId) {
        mim::Call::SmartcardByCardId { card_id: text(given.card_id)? }
    } else if kind(CardwrightCallKind::MimSmartcard) {
        mim::Call::Smartcard { uuid: text(given.id)? }
    } else if kind(CardwrightCallKind::MimOperations) {
        mim::Call::Operations { uuid: text(given.id)? }
    } else if kind(CardwrightCallKind::MimAssignSmartcard) {
        mim::Call::AssignSmartcard {
            request: text(given.request)?,
            card_id: text(given.card_id)?,
            atr: text(given.atr)?,
        }
    } else if kind(CardwrightCallKind::MimUpdateSmartcard) {
        let status = value(given.status, "status", |status: SmartcardStatus| status as u32)?;
        mim::Call::UpdateSmartcard { request: text(given.request)?, uuid: text(given.id)?, status }
    } else if kind(CardwrightCallKind::MimCreateRequest) {
        let comment = any(given.comment)?.unwrap_or("");
        let priority = match given.has_priority {
            0 => None,
            _ => Some(u8::try_from(given.priority).map_err(|_| Error::of(Code::UnknownValue, "priority"))?),
        };
        let kind = match given.request_kind {
            0 => {
                let operation: Operation = operation_of(given.operation)?;
                CreateRequest::for_operation(operation, "", comment)?.kind
            }
            kind => value(kind, "type", |kind: RequestKind| kind as u32)?,
        };
        mim::Call::CreateRequest(CreateRequest {
            kind,
            smartcard: any(given.id)?,
            profile_template: any(given.profile_template)?,
            target: any(given.target)?,
            data_collection: any(given.data_collection)?.unwrap_or("[]"),
            comment,
            priority,
        })
    } else if kind(CardwrightCallKind::MimRequest) {
        mim::Call::Request { uuid: text(given.request)? }
    } else if kind(CardwrightCallKind::MimEndRequest) {
        let end = value(given.request_end, "status", |end: RequestEnd| end as u32)?;
        mim::Call::EndRequest { uuid: text(given.request)?, end }
    } else {
        return Err(Error::of(Code::UnknownValue, "kind"));
    };
    call.check()?;
    with(&call)
}

/// The reason, where one counts.
pub(crate) fn reason_of(has_reason: u32, reason: u32) -> Result<Option<RevocationReason>, Error> {
    match has_reason {
        0 => Ok(None),
        _ => value(reason, "reason", |reason: RevocationReason| reason as u32).map(Some),
    }
}

/// The query that the caller described; `tags` is where its tags are put.
///
/// # Safety
/// `query` is null or points to a query whose texts and tags stay for `'a`.
pub(crate) unsafe fn query_of<'a>(
    query: *const CardwrightQuery,
    tags: &'a mut [&'a str; CARDWRIGHT_MAX_TAGS],
) -> Result<Query<'a>, Error> {
    // SAFETY: as this function's caller promises.
    let given = unsafe { structure(query) }?;
    // SAFETY: as this function's caller promises.
    let any = |text: CardwrightText| unsafe { text.get() };
    let room = tags.get_mut(..given.tag_count).ok_or(Error::of(Code::Argument, "tags"))?;
    if given.tag_count > 0 {
        // SAFETY: as this function's caller promises; so few texts are no longer than memory can be. The
        // bytes are looked at only to find the null pointer.
        unsafe { input(given.tags.cast(), given.tag_count) }?;
        if !given.tags.is_aligned() {
            return Err(ARGUMENT);
        }
        for (n, place) in room.iter_mut().enumerate() {
            // SAFETY: there are `tag_count` of them, as this function's caller promises.
            *place = unsafe { given.tags.add(n).read().needed() }?;
        }
    }
    let state = |state: CardState| state as u32;
    let status = |status: ContentExpirationStatus| status as u32;
    Ok(Query {
        offset: (given.offset != 0).then_some(given.offset),
        count: (given.has_count != 0).then_some(given.count),
        serial_number: any(given.serial_number)?,
        user_name: any(given.user_name)?,
        card_type_name: any(given.card_type_name)?,
        card_model_name: any(given.card_model_name)?,
        comment: any(given.comment)?,
        tags: room,
        policy_name: any(given.policy_name)?,
        state: if given.state == 0 { None } else { Some(value(given.state, "state", state)?) },
        content_expiration_status: match given.content_expiration_status {
            0 => None,
            number => Some(value(number, "contentExpirationStatus", status)?),
        },
        time_issued: any(given.time_issued)?,
        time_updated: any(given.time_updated)?,
        time_revoked: any(given.time_revoked)?,
    })
}
