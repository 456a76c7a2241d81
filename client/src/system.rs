//! What a card management system can do, for programs that work with either.

use crate::any::AnyCard;
use crate::error::Error;
use crate::mim::{FollowedRequest, RequestFilter};
use crate::operate::Planned;
use crate::outcome::Outcome;
use crate::own::OwnServer;
use cardwright_core::certiflow::{Dialect, Finding, Query, RevocationReason, SkziQuery};
use cardwright_core::http::Method;
use cardwright_core::identity::Spelling;
use cardwright_core::json::Field;
use cardwright_core::lifecycle::{Operation, System, Verdict};
use cardwright_core::mim::OwnedRequest;
use cardwright_core::{Code, Error as CallError};
use cardwright_http::{Canceler, Explanation, Raw, Transport};
use std::fmt;

/// Cards, one by one, read while they are iterated.
pub type AnyCards = Box<dyn Iterator<Item = Result<AnyCard, Error>> + Send>;

/// Requests, one by one, read while they are iterated.
pub type AnyRequests = Box<dyn Iterator<Item = Result<OwnedRequest, Error>> + Send>;

/// Entries of a register, one by one, as JSON, read while they are iterated.
pub type AnyEntries = Box<dyn Iterator<Item = Result<String, Error>> + Send>;

/// An operation for a card, with its parameters in each system.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = cardwright_client::AnyClient::CertiFlow(client);
/// use cardwright_client::Job;
/// use cardwright_core::certiflow::RevocationReason;
/// use cardwright_core::lifecycle::Operation;
///
/// let card = client.find("02A1B3C4")?.ok_or("no such card")?;
/// let job = Job::new(Operation::Revoke).reason(RevocationReason::CardLost);
/// let card = client.operate(&card, &job)?.done()?;
/// assert_eq!(card.state_text(), "Revoked");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "made by setters or with ..default(): a field more breaks nothing")]
pub struct Job {
    /// The operation.
    pub operation: Operation,
    /// Why, for CertiFlow's Revoke.
    pub reason: Option<RevocationReason>,
    /// The comment of the requests, for MIM CM.
    pub comment: String,
}

impl Job {
    /// An operation without a reason or a comment.
    #[must_use]
    pub fn new(operation: Operation) -> Self {
        Job { operation, reason: None, comment: String::new() }
    }

    /// Sets [`Self::reason`](#structfield.reason).
    #[must_use]
    pub fn reason(mut self, reason: impl Into<Option<RevocationReason>>) -> Self {
        self.reason = reason.into();
        self
    }

    /// Sets [`Self::comment`](#structfield.comment).
    #[must_use]
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = comment.into();
        self
    }
}

/// An operation that is available for a card.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = cardwright_client::AnyClient::CertiFlow(client);
/// let card = client.find("02A1B3C4")?.ok_or("no such card")?;
/// let words: Vec<String> = client.operations(&card)?.into_iter().map(|listed| listed.word).collect();
/// assert!(words.contains(&"Revoke".to_string()), "{words:?}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed {
    /// The system's own word.
    pub word: String,
    /// The operation, where this library can do it.
    pub operation: Option<Operation>,
    /// What the tables say; `None` where the state or the operation is not known.
    pub verdict: Option<Verdict>,
    /// Whether the server itself listed it.
    pub by_server: bool,
}

/// A client of a card management system.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = cardwright_client::AnyClient::CertiFlow(client);
/// use cardwright_client::CardSystem;
/// use cardwright_core::certiflow::Query;
///
/// fn count(system: &dyn CardSystem) -> Result<usize, cardwright_client::Error> {
///     system.cards(Query::default())?.try_fold(0, |count, card| card.map(|_| count + 1))
/// }
/// assert!(count(&*client)? > 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait CardSystem: fmt::Debug + Send + Sync {
    /// Which system it is.
    fn system(&self) -> System;

    /// The transport of its requests.
    fn transport(&self) -> &Transport;

    /// The fields of a card that the vendor documents, in the vendor's order.
    fn fields(&self) -> &'static [Field];

    /// The headings of a list of cards for people.
    fn columns(&self) -> &'static [&'static str];

    /// Whether cards can be found only by their user, as in G1 of CertiFlow.
    fn finds_by_user_alone(&self) -> bool {
        false
    }

    /// Whether the server itself lists the operations for a card; its list then decides, not our tables.
    fn lists_operations(&self) -> bool {
        false
    }

    /// Checks that the system supports a query; nothing is sent.
    ///
    /// # Errors
    /// [`Code::NoSuchParameter`] for a filter that the system or its dialect lacks.
    fn check_query(&self, query: &Query<'_>) -> Result<(), CallError>;

    /// The cards that a query finds; in MIM CM, which has no filters, the account's own.
    ///
    /// # Errors
    /// As [`Self::check_query`]; any of [`Error`].
    fn cards(&self, query: Query<'_>) -> Result<AnyCards, Error>;

    /// One card by its id; `None` where the server does not have it.
    ///
    /// # Errors
    /// Any of [`Error`].
    fn card(&self, id: &str) -> Result<Option<AnyCard>, Error>;

    /// One card of a user, by its id or serial number.
    ///
    /// # Errors
    /// [`Code::NoSuchCall`] in a system that cannot find cards by their user; any of [`Error`].
    fn card_of(&self, _user: &str, _key: &str) -> Result<Option<AnyCard>, Error> {
        Err(CallError::of(Code::NoSuchCall, "cards of a user").into())
    }

    /// The card with a serial number. Two such cards are an error.
    ///
    /// # Errors
    /// Any of [`Error`].
    fn find(&self, serial: &str) -> Result<Option<AnyCard>, Error>;

    /// Calls `found` with each card that has this serial number.
    ///
    /// # Errors
    /// Any of [`Error`].
    fn find_each(&self, serial: &Spelling, found: &mut dyn FnMut(AnyCard)) -> Result<(), Error>;

    /// The operations that are available for a card: the server's list in MIM CM, the tables' in CertiFlow.
    ///
    /// # Errors
    /// Any of [`Error`].
    fn operations(&self, card: &AnyCard) -> Result<Vec<Listed>, Error>;

    /// What an operation would send.
    ///
    /// # Errors
    /// What the system or its dialect lacks; a card of another system.
    fn plan(&self, card: &AnyCard, job: &Job) -> Result<Vec<Planned>, Error> {
        if card.system() == self.system() { self.plan_by_id(&card.id(), job) } else { Err(wrong_system()) }
    }

    /// What an operation would send for the card with this id.
    ///
    /// # Errors
    /// What the system or its dialect lacks.
    fn plan_by_id(&self, id: &str, job: &Job) -> Result<Vec<Planned>, Error>;

    /// Continues a request that waited for approval.
    ///
    /// # Errors
    /// [`Code::NoSuchCall`] in a system without requests; any of [`Error`].
    fn go_on(&self, _request: &str) -> Result<Outcome<AnyCard>, Error> {
        Err(CallError::of(Code::NoSuchCall, "requests").into())
    }

    /// Gives a request up that is not carried out yet, and returns it as it is then.
    ///
    /// # Errors
    /// [`Code::NoSuchCall`] in a system without requests; [`Error::RequestEnded`] where it has ended already; any of
    /// [`Error`].
    fn cancel_request(&self, _request: &str) -> Result<OwnedRequest, Error> {
        Err(CallError::of(Code::NoSuchCall, "requests").into())
    }

    /// The requests that the account may see.
    ///
    /// # Errors
    /// [`Code::NoSuchCall`] in a system without requests; any of [`Error`].
    fn requests(&self, _filter: &RequestFilter) -> Result<AnyRequests, Error> {
        Err(CallError::of(Code::NoSuchCall, "requests").into())
    }

    /// One request by its id.
    ///
    /// # Errors
    /// [`Code::NoSuchCall`] in a system without requests; any of [`Error`].
    fn request(&self, _id: &str) -> Result<OwnedRequest, Error> {
        Err(CallError::of(Code::NoSuchCall, "requests").into())
    }

    /// Reads a request, and the card that it is for; nothing is changed.
    ///
    /// # Errors
    /// [`Code::NoSuchCall`] in a system without requests; [`Code::NotFound`] where there is no such request; any of
    /// [`Error`]. That the card cannot be read is no error.
    fn follow(&self, request: &str) -> Result<FollowedRequest, Error> {
        FollowedRequest::of(request, self.request(request)?, |id| self.card(id))
    }

    /// The generation of the API that is spoken; `None` in a system without generations.
    fn dialect(&self) -> Option<Dialect> {
        None
    }

    /// What questions to the server have told of its generation; `None` where none were asked.
    fn finding(&self) -> Option<Finding> {
        None
    }

    /// The same, where no generation was given.
    fn found_out(&self) -> Option<Finding> {
        None
    }

    /// Finds out which generation of the API the server speaks, by questions that change nothing.
    ///
    /// # Errors
    /// [`Code::NoSuchCall`] in a system without generations; where no answer came.
    fn probe(&self) -> Result<Finding, Error> {
        Err(CallError::of(Code::NoSuchCall, "generations").into())
    }

    /// Entries of the register of SKZI of Indeed CM 7.1, as JSON.
    ///
    /// # Errors
    /// [`Code::NoSuchCall`] in a system without such a register; any of [`Error`].
    fn skzi(&self, _query: &SkziQuery<'_>) -> Result<AnyEntries, Error> {
        Err(CallError::of(Code::NoSuchCall, "Skzi").into())
    }

    /// The base of the API, with no slash at its end.
    fn base(&self) -> &str {
        self.transport().base()
    }

    /// How the last sign-in went: what the server offered, what was tried, what was chosen.
    fn explain(&self) -> Explanation {
        self.transport().explain()
    }

    /// Cancels this client's requests from another thread.
    fn canceler(&self) -> Canceler {
        self.transport().canceler().clone()
    }

    /// The own API of the server, where it is one of `cardwright serve`. Nothing is sent.
    ///
    /// # Errors
    /// [`Code::NoSuchCall`] where the base of this API is none that such a server has.
    fn own_server(&self) -> Result<OwnServer, Error> {
        OwnServer::beside(self.transport())
    }

    /// Sends a request that this library has no method for, as [`Client::raw`](crate::Client::raw).
    ///
    /// # Errors
    /// Where no answer came.
    fn raw(&self, method: Method, path: &str, body: Option<&str>) -> Result<Raw, Error> {
        Ok(self.transport().raw(method, path, body)?)
    }
}

/// The error of a card that is a record of another system.
pub(crate) fn wrong_system() -> Error {
    Error::setting("the card is a record of the other system")
}
