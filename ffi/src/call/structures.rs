//! What a caller describes: a call, a query, and where the API is served.

use super::query::CardwrightQuery;
use crate::frame::structures;
use crate::text::CardwrightText;

/// A call of one of the APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightCallKind {
    /// CertiFlow: list cards, by `query` or all of them. Takes `dialect`.
    #[cfg(feature = "certiflow")]
    CertiflowCards = 1,
    /// CertiFlow: the card `id`. Takes `dialect`.
    #[cfg(feature = "certiflow")]
    CertiflowCard = 2,
    /// CertiFlow: `operation` on the card `id`, with `reason` if the operation takes one. Takes `dialect`.
    #[cfg(feature = "certiflow")]
    CertiflowOperate = 3,
    /// MIM CM: the caller's cards.
    #[cfg(feature = "mim")]
    MimSmartcards = 16,
    /// MIM CM: the card that carries `card_id`.
    #[cfg(feature = "mim")]
    MimSmartcardByCardId = 17,
    /// MIM CM: the card `id`, by its id in the database.
    #[cfg(feature = "mim")]
    MimSmartcard = 18,
    /// MIM CM: what the caller may do with the card `id`.
    #[cfg(feature = "mim")]
    MimOperations = 19,
    /// MIM CM: give the card `card_id` with `atr` to `request`.
    #[cfg(feature = "mim")]
    MimAssignSmartcard = 20,
    /// MIM CM: set the card `id` to `status` in the course of `request`.
    #[cfg(feature = "mim")]
    MimUpdateSmartcard = 21,
    /// MIM CM: make a request of `request_kind`, or if that is 0 one for `operation`, with `id` as the
    /// card, `profile_template`, `target`, `data_collection`, `comment` and `priority`.
    #[cfg(feature = "mim")]
    MimCreateRequest = 22,
    /// MIM CM: the request `request`.
    #[cfg(feature = "mim")]
    MimRequest = 23,
    /// MIM CM: end `request` by `request_end`.
    #[cfg(feature = "mim")]
    MimEndRequest = 24,
    /// MIM CM: the requests that the caller may see: those with `request_status` if `has_request_status` is 1, and
    /// those for the caller if `for_caller` is 1.
    #[cfg(feature = "mim")]
    MimRequests = 25,
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
    /// The user that a request of MIM CM is for.
    pub target: CardwrightText,
    /// Which cards of CertiFlow to list; `NULL` for all.
    pub query: *const CardwrightQuery,
    /// 1 if `request_status` counts: 0 is one of its values.
    pub has_request_status: u32,
    /// A `CardwrightRequestStatus` of MIM CM.
    pub request_status: u32,
    /// 1 for requests of MIM CM that are for the caller.
    pub for_caller: u32,
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

structures!(
    CardwrightCall { kind, dialect, operation, has_reason, reason, request_kind, request_end, status, has_priority, priority, id, request, card_id, atr, comment, data_collection, profile_template, target, query, has_request_status, request_status, for_caller }
    CardwrightSite { host, base, user, password, token }
);
