//! The own API of `cardwright serve`, which neither vendor has: who did what, which requests wait, decisions on them,
//! and accounts.
//!
//! It stands beside the APIs of the vendors, below `/_cardwright/v1`, and is asked as the account of a client of one of
//! them. A server without it is [`Code::NoSuchCall`].

mod asked;
mod call;
mod rows;

pub use asked::{AccountChange, AuditFilter, WaitingFilter};
pub use rows::{AccountRow, AsSent, AuditPage, AuditRow, Decided, Decision, RoleRow, WaitingRequest};

use crate::error::Error;
use call::OwnCall;
use cardwright_core::base::root;
use cardwright_core::{Code, Named as _};
use cardwright_http::Transport;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Where it is on a server: in place of the usual base of an API, or below a base that is not usual.
const PREFIX: &str = "/_cardwright/v1";

/// Where decisions were on a server of an earlier version.
const BEFORE: &str = "/_sandbox";

/// How many rows of the audit log are asked for at once.
const PAGE: u32 = 500;

/// The own API of a server of `cardwright serve`.
///
/// ```
/// # use cardwright_client::{CardSystem as _, Client, Credentials, Mim};
/// # use cardwright_server::{Config, TestServer, seed};
/// # let mut config = Config::default();
/// # config.operator = true;
/// # let server = TestServer::with(config)?;
/// # seed::story(server.registry())?;
/// # let client = Client::<Mim>::builder(server.mim_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// let own = client.own_server()?;
/// for role in own.roles()? {
///     println!("{}: {}", role.name, role.privileges.join(", "));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct OwnServer {
    transport: Transport,
    /// The same server where decisions were before.
    before: Transport,
}

impl OwnServer {
    /// That of the server that a client asks, as the same account and over the same connections. Nothing is sent yet: a
    /// server that lacks it answers the first call with [`Code::NoSuchCall`].
    ///
    /// # Errors
    /// If an address cannot be made of the client's.
    pub fn beside(transport: &Transport) -> Result<Self, Error> {
        let root = root(transport.base());
        let transport_to = |prefix: &str| transport.beside(&format!("{root}{prefix}"));
        Ok(OwnServer { transport: transport_to(PREFIX)?, before: transport_to(BEFORE)? })
    }

    /// A page of the audit log, oldest first, of at most `limit` rows, or 1000.
    ///
    /// # Errors
    /// Any of [`Error`]; a row that was not asked for is [`Code::Unexpected`].
    pub fn audit(&self, filter: &AuditFilter, limit: u32) -> Result<AuditPage, Error> {
        #[derive(Deserialize)]
        struct Page {
            rows: Vec<Box<RawValue>>,
            next: i64,
        }
        let call = OwnCall::new(call::AUDIT)
            .parameter("card", filter.card.as_ref())
            .parameter("account", filter.account.as_ref())
            .parameter("issuer", filter.issuer.as_ref())
            .parameter("subject", filter.subject.as_ref())
            .parameter("since", filter.since.as_ref())
            .parameter("until", filter.until.as_ref())
            .parameter("after", Some(filter.after))
            .parameter("limit", Some(limit));
        let (page, request): (Page, String) = self.read(&call)?;
        let rows = each::<AuditRow>(page.rows, &request)?;
        let mut after = filter.after;
        for row in &rows {
            let why = filter.contradicts(row);
            let why = why.or_else(|| (row.id <= after).then(|| format!("row {} comes after row {after}", row.id)));
            if let Some(why) = why {
                return Err(Error::unexpected(&request, why));
            }
            after = row.id;
        }
        if page.next < after {
            let words = format!("the next rows would come after row {}, and row {after} is here", page.next);
            return Err(Error::unexpected(&request, words));
        }
        Ok(AuditPage { rows, next: page.next })
    }

    /// The rows of the audit log, oldest first, read page by page while they are iterated. An error is the last.
    #[must_use]
    pub fn audit_rows(&self, filter: &AuditFilter) -> AuditRows<'_> {
        AuditRows { server: self, filter: filter.clone(), ready: Vec::new().into_iter(), over: false }
    }

    /// Requests of MIM CM with what they wait for, oldest first.
    ///
    /// # Errors
    /// Any of [`Error`]; a request that was not asked for is [`Code::Unexpected`].
    pub fn requests(&self, filter: &WaitingFilter) -> Result<Vec<AsSent<WaitingRequest>>, Error> {
        #[derive(Deserialize)]
        struct List {
            requests: Vec<Box<RawValue>>,
        }
        let status = filter.status.map_or("open", |status| status.name());
        let call = OwnCall::new(call::REQUESTS).parameter("status", Some(status));
        let (list, request): (List, String) = self.read(&call.parameter("card", filter.card.as_ref()))?;
        let found = each::<WaitingRequest>(list.requests, &request)?;
        let is_other = |one: &WaitingRequest| filter.status.is_some_and(|asked| one.status != asked.name());
        let other = found.iter().find(|one| is_other(one));
        match other {
            None => Ok(found),
            Some(other) => {
                let words = format!("the server ignores status: request {} is {}", other.request, other.status);
                Err(Error::unexpected(&request, words))
            }
        }
    }

    /// Decides on a request of MIM CM. A server of an earlier version is asked as it was before.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is no such request, [`Code::Refused`] where its status does not allow it,
    /// [`Code::Forbidden`] where the account may not; any of [`Error`].
    pub fn decide(&self, request: &str, decision: Decision) -> Result<AsSent<Decided>, Error> {
        let route = match decision {
            Decision::Approve => call::APPROVE,
            Decision::Deny => call::DENY,
            Decision::Fail => call::FAIL,
        };
        let call = OwnCall::new(route).argument("request", request)?;
        let decided = match self.object::<Decided>(&self.transport, &call) {
            Err(error) if error.code() == Code::NoSuchCall => self.object(&self.before, &call)?,
            decided => decided?,
        };
        Ok(decided)
    }

    /// The accounts of the server, by name.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub fn accounts(&self) -> Result<Vec<AsSent<AccountRow>>, Error> {
        #[derive(Deserialize)]
        struct List {
            accounts: Vec<Box<RawValue>>,
        }
        let (list, request): (List, String) = self.read(&OwnCall::new(call::ACCOUNTS))?;
        each(list.accounts, &request)
    }

    /// The roles of the server, by name.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub fn roles(&self) -> Result<Vec<AsSent<RoleRow>>, Error> {
        #[derive(Deserialize)]
        struct List {
            roles: Vec<Box<RawValue>>,
        }
        let (list, request): (List, String) = self.read(&OwnCall::new(call::ROLES))?;
        each(list.roles, &request)
    }

    /// Changes an account, or adds it, and returns it as it is then.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a new account without a password or a role, [`Code::Refused`] where no account would be
    /// left that may do everything; any of [`Error`].
    pub fn put_account(&self, name: &str, change: &AccountChange) -> Result<AsSent<AccountRow>, Error> {
        let mut body = Map::new();
        let password = change.password.as_ref().map(|password| password.expose().to_string());
        for (key, value) in [("password", password), ("role", change.role.clone()), ("user", change.user.clone())] {
            body.extend(value.map(|value| (key.to_string(), Value::String(value))));
        }
        body.extend(change.disabled.map(|disabled| ("disabled".to_string(), Value::Bool(disabled))));
        let call = OwnCall::new(call::ACCOUNT).argument("name", name)?.body(Value::Object(body).to_string());
        self.object(&self.transport, &call)
    }

    /// Reads an answer, and says what was asked.
    fn read<T: DeserializeOwned>(&self, call: &OwnCall) -> Result<(T, String), Error> {
        let (document, request) = document(&self.transport, call)?;
        Ok((parse(&document, &request)?, request))
    }

    /// Reads an object.
    fn object<T: DeserializeOwned>(&self, transport: &Transport, call: &OwnCall) -> Result<AsSent<T>, Error> {
        let (document, request) = document(transport, call)?;
        let told = parse(&document, &request)?;
        Ok(AsSent { told, json: String::from_utf8(document).unwrap_or_default() })
    }
}

/// Rows of the audit log, one by one.
///
/// ```
/// # use cardwright_client::{CardSystem as _, Client, Credentials, Mim};
/// # use cardwright_server::{Config, TestServer, seed};
/// # let mut config = Config::default();
/// # config.operator = true;
/// # let server = TestServer::with(config)?;
/// # seed::story(server.registry())?;
/// # let client = Client::<Mim>::builder(server.mim_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// use cardwright_client::AuditFilter;
///
/// // A card's last refusal, however long the log is.
/// let own = client.own_server()?;
/// let mut last = None;
/// for row in own.audit_rows(&AuditFilter::of_card("1013")) {
///     let row = row?;
///     if row.outcome == "refused" {
///         last = Some(row);
///     }
/// }
/// assert!(last.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct AuditRows<'s> {
    server: &'s OwnServer,
    filter: AuditFilter,
    ready: std::vec::IntoIter<AsSent<AuditRow>>,
    over: bool,
}

impl Iterator for AuditRows<'_> {
    type Item = Result<AsSent<AuditRow>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(row) = self.ready.next() {
            return Some(Ok(row));
        }
        if self.over {
            return None;
        }
        match self.server.audit(&self.filter, PAGE) {
            Ok(page) => {
                self.over = page.rows.len() < PAGE as usize;
                self.filter.after = page.next;
                self.ready = page.rows.into_iter();
                self.ready.next().map(Ok)
            }
            Err(error) => {
                self.over = true;
                Some(Err(error))
            }
        }
    }
}

/// A whole answer, and what was asked.
fn document(transport: &Transport, call: &OwnCall) -> Result<(Vec<u8>, String), Error> {
    let reply = transport.send(call).map_err(lacking)?;
    let request = reply.request.clone();
    Ok((reply.document(transport.max_element())?.unwrap_or_default(), request))
}

/// The failure of a call; where the path is not there at all, that the server has no such API.
fn lacking(error: cardwright_http::Error) -> Error {
    if let cardwright_http::Error::Answer(answer) = &error
        && answer.status == 404
        // The API itself says what it does not find.
        && (answer.code == Code::Address || answer.words.is_empty())
    {
        return Error::NoOwnApi { request: answer.request.clone() };
    }
    error.into()
}

fn parse<T: DeserializeOwned>(document: &[u8], request: &str) -> Result<T, Error> {
    serde_json::from_slice(document)
        .map_err(|error| Error::unexpected(request, format!("not what was asked for: {error}")))
}

/// Each object with its bytes.
fn each<T: DeserializeOwned>(objects: Vec<Box<RawValue>>, request: &str) -> Result<Vec<AsSent<T>>, Error> {
    let one = |object: Box<RawValue>| {
        Ok(AsSent { told: parse(object.get().as_bytes(), request)?, json: String::from(Box::<str>::from(object)) })
    };
    objects.into_iter().map(one).collect()
}
