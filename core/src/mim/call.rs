//! The calls of MIM CM's API.

use super::{RequestStatus, RequestType, SmartcardStatus};
use crate::http::{self, Method, Route, check_argument};
use crate::json::ObjectWriter;
use crate::names::every;
use crate::operation::{Operation, System};
use crate::{Code, Error, Named, named};
use core::fmt;

/// A call of the API. The base is the virtual folder, `/CertificateManagement` unless set-up changed it.
///
/// # Examples
/// ```
/// use cardwright_core::mim::{Call, Endpoint};
///
/// assert_eq!(Call::Smartcards.endpoint(), Endpoint::Smartcards);
/// assert_eq!(Endpoint::ALL.len(), 9);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Endpoint {
    /// The caller's cards, or the card with a `cardid`.
    Smartcards = 1,
    /// One card by its id in the database.
    Smartcard = 2,
    /// What the caller may do with a card.
    Operations = 3,
    /// Give a card to a request.
    AssignSmartcard = 4,
    /// Set a card's status in the course of a request.
    UpdateSmartcard = 5,
    /// Make a request.
    CreateRequest = 6,
    /// One request.
    Request = 7,
    /// Complete, cancel or abandon a request.
    EndRequest = 8,
    /// Requests that the caller may see.
    Requests = 9,
}

impl Endpoint {
    /// All endpoints.
    pub const ALL: [Endpoint; 9] = every!(Endpoint {
        Smartcards,
        Smartcard,
        Operations,
        AssignSmartcard,
        UpdateSmartcard,
        CreateRequest,
        Request,
        EndRequest,
        Requests,
    });

    /// Where it is, below the virtual folder.
    #[must_use]
    pub const fn route(self) -> &'static Route {
        const fn route(method: Method, path: &'static str) -> Route {
            Route { method, path }
        }
        match self {
            Endpoint::Smartcards => const { &route(Method::Get, "api/v1.0/smartcards") },
            Endpoint::Smartcard => const { &route(Method::Get, "api/v1.0/smartcards/{id}") },
            Endpoint::Operations => const { &route(Method::Get, "api/v1.0/smartcards/{id}/operations") },
            Endpoint::AssignSmartcard => const { &route(Method::Post, "api/v1.0/smartcards") },
            Endpoint::UpdateSmartcard => const { &route(Method::Put, "api/v1.0/requests/{requestid}/smartcards/{id}") },
            Endpoint::CreateRequest => const { &route(Method::Post, "api/v1.0/requests") },
            Endpoint::Request => const { &route(Method::Get, "api/v1.0/requests/{id}") },
            Endpoint::EndRequest => const { &route(Method::Put, "api/v1.0/requests/{id}") },
            Endpoint::Requests => const { &route(Method::Get, "api/v1.0/requests") },
        }
    }
}

/// What a caller may be allowed: the extended rights that set-up adds to the directory, and the
/// SDK's `UserPermission`.
///
/// # Examples
/// ```
/// use cardwright_core::Named;
/// use cardwright_core::mim::{Permission, RequestKind};
///
/// assert_eq!(RequestKind::Revoke.permission(), Permission::RequestRevoke);
/// assert_eq!(Permission::RequestRevoke.name(), "FIM CM Request Revoke");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Permission {
    /// To see what belongs to others.
    Audit = 1,
    /// To act as an enrollment agent.
    EnrollmentAgent = 2,
    /// To ask for a card.
    RequestEnroll = 3,
    /// To ask for a replacement.
    RequestRecover = 4,
    /// To ask for new certificates.
    RequestRenew = 5,
    /// To ask for a revocation; that Reinstate needs it too is assumed.
    RequestRevoke = 6,
    /// To ask for the PIN to be unblocked.
    RequestUnblock = 7,
    /// To ask for the end of a card.
    RequestRetire = 8,
}

named! {
    Permission {
        Audit = "FIM CM Audit",
        EnrollmentAgent = "FIM CM Enrollment Agent",
        RequestEnroll = "FIM CM Request Enroll",
        RequestRecover = "FIM CM Request Recover",
        RequestRenew = "FIM CM Request Renew",
        RequestRevoke = "FIM CM Request Revoke",
        RequestUnblock = "FIM CM Request Unblock Smart Card",
        RequestRetire = "ClmRequestRetire",
    }
}

/// What a request is made for: the words of "Create request".
///
/// # Examples
/// ```
/// use cardwright_core::lifecycle::Operation;
/// use cardwright_core::mim::RequestKind;
///
/// assert_eq!(RequestKind::for_operation(Operation::Retire), Some(RequestKind::Retire));
/// assert_eq!(RequestKind::for_operation(Operation::PreUpdate), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum RequestKind {
    /// A new card.
    Enroll = 1,
    /// A copy.
    Duplicate = 2,
    /// The PIN, with no connection to the server.
    OfflineUnblock = 3,
    /// New content.
    OnlineUpdate = 4,
    /// New certificates.
    Renew = 5,
    /// A replacement.
    Recover = 6,
    /// A replacement for somebody else.
    RecoverOnBehalf = 7,
    /// Off hold.
    Reinstate = 8,
    /// The end of a card.
    Retire = 9,
    /// The end of its certificates.
    Revoke = 10,
    /// A temporary card.
    TemporaryCards = 11,
    /// The PIN.
    Unblock = 12,
}

impl RequestKind {
    /// The number that replies show for it; that of OfflineUnblock is not known.
    #[must_use]
    pub const fn request_type(self) -> Option<RequestType> {
        match self {
            RequestKind::Enroll => Some(RequestType::Enroll),
            RequestKind::Duplicate => Some(RequestType::Duplicate),
            RequestKind::OfflineUnblock => None,
            RequestKind::OnlineUpdate => Some(RequestType::OnlineUpdate),
            RequestKind::Renew => Some(RequestType::Renew),
            RequestKind::Recover => Some(RequestType::Recover),
            RequestKind::RecoverOnBehalf => Some(RequestType::RecoverOnBehalf),
            RequestKind::Reinstate => Some(RequestType::SuspendOrReinstate),
            RequestKind::Retire => Some(RequestType::Retire),
            RequestKind::Revoke => Some(RequestType::Disable),
            RequestKind::TemporaryCards => Some(RequestType::TemporaryCardEnroll),
            RequestKind::Unblock => Some(RequestType::Unblock),
        }
    }

    /// The permission that it needs; assumed from the names.
    #[must_use]
    pub const fn permission(self) -> Permission {
        match self {
            RequestKind::Enroll | RequestKind::Duplicate | RequestKind::TemporaryCards => Permission::RequestEnroll,
            RequestKind::OfflineUnblock | RequestKind::Unblock => Permission::RequestUnblock,
            RequestKind::OnlineUpdate | RequestKind::Renew => Permission::RequestRenew,
            RequestKind::Recover | RequestKind::RecoverOnBehalf => Permission::RequestRecover,
            RequestKind::Reinstate | RequestKind::Revoke => Permission::RequestRevoke,
            RequestKind::Retire => Permission::RequestRetire,
        }
    }

    /// The kind of request that asks for an operation; `None` if MIM CM has none.
    pub fn for_operation(operation: Operation) -> Option<Self> {
        operation.native(System::Mim).and_then(RequestKind::from_name)
    }

    /// The operation that it asks for, of those in [`Operation`].
    #[must_use]
    pub fn operation(self) -> Option<Operation> {
        Operation::from_native(System::Mim, self.name()).ok()
    }
}

named! {
    RequestKind {
        Enroll, Duplicate, OfflineUnblock, OnlineUpdate, Renew, Recover, RecoverOnBehalf, Reinstate, Retire, Revoke,
        TemporaryCards, Unblock,
    }
}

/// How a request is ended ("Cancel, abandon, complete request").
///
/// # Examples
/// ```
/// use cardwright_core::http;
/// use cardwright_core::mim::{Call, RequestEnd};
///
/// let call = Call::EndRequest { uuid: "438d1b30-f3b4-4bed-85fa-285e08605ba7", end: RequestEnd::Canceled };
/// assert!(http::body_to(&call, &mut [0; 64])?.contains("Canceled"));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum RequestEnd {
    /// Carried out.
    Completed = 1,
    /// Given up; it cannot be resumed.
    Canceled = 2,
    /// Given up after approval.
    Abandoned = 3,
}

named! { RequestEnd { Completed, Canceled, Abandoned } }

/// The body of "Create request".
///
/// # Examples
/// ```
/// use cardwright_core::http;
/// use cardwright_core::lifecycle::Operation;
/// use cardwright_core::mim::{Call, CreateRequest};
///
/// let request = CreateRequest::for_operation(Operation::Revoke, "438d1b30-f3b4-4bed-85fa-285e08605ba7", "lost")?;
/// let mut buffer = [0; 256];
/// assert!(http::body_to(&Call::CreateRequest(request), &mut buffer)?.contains("\"lost\""));
/// assert!(CreateRequest::for_operation(Operation::PreUpdate, "438d1b30-f3b4-4bed-85fa-285e08605ba7", "").is_err());
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_structs,
    reason = "made by setters or with `..default()`; a field more is no breaking change, as the front page says"
)]
pub struct CreateRequest<'a> {
    /// The kind of request.
    pub kind: RequestKind,
    /// The card that it is about, by its id in the database. Only an example shows this field.
    pub smartcard: Option<&'a str>,
    /// The profile template.
    pub profile_template: Option<&'a str>,
    /// The user that it is for. Default: the caller.
    pub target: Option<&'a str>,
    /// The answers to the policy's questions: a JSON list of objects with one field each. It is sent
    /// as a string, as most examples do.
    pub data_collection: &'a str,
    /// A comment.
    pub comment: &'a str,
    /// 0 to 255; 0 is the highest. Default: the policy's.
    pub priority: Option<u8>,
}

impl<'a> CreateRequest<'a> {
    /// A request of a kind, for the caller, with no answers and no comment.
    ///
    /// ```
    /// use cardwright_core::mim::{CreateRequest, RequestKind};
    /// let request = CreateRequest::new(RequestKind::Retire).smartcard("c09ea38a-e49a-44f6-baf7-fcb24f1a7cf3").priority(0);
    /// assert_eq!((request.priority, request.data_collection), (Some(0), "[]"));
    /// ```
    #[must_use]
    pub const fn new(kind: RequestKind) -> Self {
        CreateRequest {
            kind,
            smartcard: None,
            profile_template: None,
            target: None,
            data_collection: "[]",
            comment: "",
            priority: None,
        }
    }

    /// The card that it is about, by its id in the database.
    #[must_use]
    pub const fn smartcard(mut self, smartcard: &'a str) -> Self {
        self.smartcard = Some(smartcard);
        self
    }

    /// The profile template.
    #[must_use]
    pub const fn profile_template(mut self, profile_template: &'a str) -> Self {
        self.profile_template = Some(profile_template);
        self
    }

    /// The user that it is for.
    #[must_use]
    pub const fn target(mut self, target: &'a str) -> Self {
        self.target = Some(target);
        self
    }

    /// The answers to the policy's questions: a JSON list of objects with one field each.
    #[must_use]
    pub const fn data_collection(mut self, data_collection: &'a str) -> Self {
        self.data_collection = data_collection;
        self
    }

    /// A comment.
    #[must_use]
    pub const fn comment(mut self, comment: &'a str) -> Self {
        self.comment = comment;
        self
    }

    /// 0 to 255; 0 is the highest.
    #[must_use]
    pub const fn priority(mut self, priority: u8) -> Self {
        self.priority = Some(priority);
        self
    }

    /// A request for an operation on a card.
    ///
    /// # Errors
    /// [`Code::NoSuchOperation`] if MIM CM has no request for it.
    pub fn for_operation(operation: Operation, smartcard: &'a str, comment: &'a str) -> Result<Self, Error> {
        let kind = RequestKind::for_operation(operation);
        let kind = kind.ok_or(Error::of(Code::NoSuchOperation, System::Mim.name()))?;
        Ok(CreateRequest::new(kind).smartcard(smartcard).comment(comment))
    }
}

/// Which requests "Get requests" lists. Default: all that the caller may see.
///
/// # Examples
/// ```
/// use cardwright_core::http;
/// use cardwright_core::mim::{Call, RequestQuery, RequestStatus};
///
/// let query = RequestQuery { status: Some(RequestStatus::Pending), ..RequestQuery::default() };
/// assert!(http::target_to(&Call::Requests(query), &mut [0; 128])?.contains("Pending"));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_structs,
    reason = "made by setters or with `..default()`; a field more is no breaking change, as the front page says"
)]
pub struct RequestQuery {
    /// Those with this status.
    pub status: Option<RequestStatus>,
    /// Those for the caller: `targetuser=current`, the only value that the documents know.
    pub for_caller: bool,
}

impl RequestQuery {
    /// Only those with this status.
    #[must_use]
    pub const fn status(mut self, status: RequestStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// Only those for the caller, or all.
    #[must_use]
    pub const fn for_caller(mut self, for_caller: bool) -> Self {
        self.for_caller = for_caller;
        self
    }

    /// The value of `targetuser` that means the caller.
    pub const CURRENT: &'static str = "current";
}

/// A call.
///
/// # Examples
/// ```
/// use cardwright_core::http;
/// use cardwright_core::mim::Call;
///
/// let call = Call::SmartcardByCardId { card_id: "{d1ef6869-5517-42a0-8f05-16ca1a0b834d}" };
/// let mut buffer = [0; 128];
/// assert_eq!(http::target_to(&call, &mut buffer)?, "api/v1.0/smartcards?cardid=%7Bd1ef6869-5517-42a0-8f05-16ca1a0b834d%7D");
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Call<'a> {
    /// The caller's cards.
    Smartcards,
    /// The card that carries this id: its CardID, without braces.
    SmartcardByCardId {
        /// The card's own GUID.
        card_id: &'a str,
    },
    /// One card by its id in the database.
    Smartcard {
        /// The id.
        uuid: &'a str,
    },
    /// What the caller may do with a card.
    Operations {
        /// The card's id in the database.
        uuid: &'a str,
    },
    /// Give a card to a request.
    AssignSmartcard {
        /// The request's id.
        request: &'a str,
        /// The card's own GUID, without braces.
        card_id: &'a str,
        /// The ATR in hexadecimal digits.
        atr: &'a str,
    },
    /// Set a card's status in the course of a request.
    UpdateSmartcard {
        /// The request's id.
        request: &'a str,
        /// The card's id in the database.
        uuid: &'a str,
        /// The status. Only Retired is documented.
        status: SmartcardStatus,
    },
    /// Make a request.
    CreateRequest(CreateRequest<'a>),
    /// One request.
    Request {
        /// Its id.
        uuid: &'a str,
    },
    /// End a request.
    EndRequest {
        /// Its id.
        uuid: &'a str,
        /// How it ends.
        end: RequestEnd,
    },
    /// Requests that the caller may see.
    Requests(RequestQuery),
}

impl Call<'_> {
    /// Where the call goes.
    #[must_use]
    pub const fn endpoint(&self) -> Endpoint {
        match self {
            Call::Smartcards | Call::SmartcardByCardId { .. } => Endpoint::Smartcards,
            Call::Smartcard { .. } => Endpoint::Smartcard,
            Call::Operations { .. } => Endpoint::Operations,
            Call::AssignSmartcard { .. } => Endpoint::AssignSmartcard,
            Call::UpdateSmartcard { .. } => Endpoint::UpdateSmartcard,
            Call::CreateRequest(_) => Endpoint::CreateRequest,
            Call::Request { .. } => Endpoint::Request,
            Call::EndRequest { .. } => Endpoint::EndRequest,
            Call::Requests(_) => Endpoint::Requests,
        }
    }

    /// Checks that the ids can stand in a path.
    ///
    /// # Errors
    /// [`Code::Unwritable`] with the name of the id that cannot.
    pub fn check(&self) -> Result<(), Error> {
        match self {
            Call::Smartcards | Call::CreateRequest(_) | Call::Requests(_) => Ok(()),
            Call::SmartcardByCardId { card_id } => check_argument("cardid", card_id),
            Call::Smartcard { uuid }
            | Call::Operations { uuid }
            | Call::Request { uuid }
            | Call::EndRequest { uuid, .. } => check_argument("id", uuid),
            Call::AssignSmartcard { request, card_id, .. } => {
                check_argument("requestid", request)?;
                check_argument("cardid", card_id)
            }
            Call::UpdateSmartcard { request, uuid, .. } => {
                check_argument("requestid", request)?;
                check_argument("id", uuid)
            }
        }
    }
}

impl http::Call for Call<'_> {
    fn route(&self) -> &'static Route {
        self.endpoint().route()
    }

    fn argument(&self, n: usize) -> &str {
        match self {
            Call::Smartcard { uuid }
            | Call::Operations { uuid }
            | Call::Request { uuid }
            | Call::EndRequest { uuid, .. } => uuid,
            Call::UpdateSmartcard { request, uuid, .. } => {
                if n == 0 {
                    request
                } else {
                    uuid
                }
            }
            _ => "",
        }
    }

    fn query(&self, query: &mut http::Query<'_>) -> fmt::Result {
        match self {
            Call::SmartcardByCardId { card_id } => query.add("cardid", card_id),
            Call::Requests(asked) => {
                if let Some(status) = asked.status {
                    query.add("status", status.name())?;
                }
                if asked.for_caller { query.add("targetuser", RequestQuery::CURRENT) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    fn body(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        match self {
            Call::CreateRequest(create) => {
                let mut body = ObjectWriter::new(out)?;
                body.text("datacollection", create.data_collection)?;
                body.text("type", create.kind.name())?;
                for (name, value) in [
                    ("profiletemplateuuid", create.profile_template),
                    ("smartcard", create.smartcard),
                    ("target", create.target),
                ] {
                    if let Some(value) = value {
                        body.text(name, value)?;
                    }
                }
                body.text("comment", create.comment)?;
                if let Some(priority) = create.priority {
                    body.number("priority", i64::from(priority))?;
                }
                body.end()
            }
            Call::AssignSmartcard { request, card_id, atr } => {
                let mut body = ObjectWriter::new(out)?;
                body.text("requestid", request)?;
                body.text("cardid", card_id)?;
                body.text("atr", atr)?;
                body.end()
            }
            Call::UpdateSmartcard { status, .. } => {
                let mut body = ObjectWriter::new(out)?;
                body.text("status", status.name())?;
                body.end()
            }
            Call::EndRequest { end, .. } => {
                let mut body = ObjectWriter::new(out)?;
                body.text("status", end.name())?;
                body.end()
            }
            _ => Ok(()),
        }
    }

    fn has_body(&self) -> bool {
        matches!(self.endpoint().route().method, Method::Post | Method::Put)
    }
}

/// The id in the address that MIM CM answers to a POST, such as `api/v1.0/requests/<id>`.
#[must_use]
pub fn id_of_uri(uri: &str) -> Option<&str> {
    let uri = uri.trim_end_matches('/');
    let after = uri.bytes().rposition(|byte| byte == b'/').map_or(0, |slash| slash.wrapping_add(1));
    uri.get(after..).filter(|id| !id.is_empty())
}
