//! What the own API of `cardwright serve` tells, each with its bytes.

use serde::Deserialize;
use std::ops::Deref;

/// What a server told, and how it wrote it: what is not known here is kept there.
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
/// let accounts = client.own_server()?.accounts()?;
/// assert_eq!(accounts[0].name, TestServer::USER);
/// assert!(accounts[0].json().starts_with("{"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsSent<T> {
    pub(super) told: T,
    pub(super) json: String,
}

impl<T> AsSent<T> {
    /// The object as the server sent it.
    pub fn json(&self) -> &str {
        &self.json
    }
}

impl<T> Deref for AsSent<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.told
    }
}

/// A row of the audit log: who did what, or was refused.
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
/// use cardwright_client::{AuditFilter, AuditRow};
///
/// fn line(row: &AuditRow) -> String {
///     format!("{} {}: {} -> {}", row.account, row.operation, row.before.as_deref().unwrap_or("-"), row.outcome)
/// }
///
/// let card = client.smartcard("d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32")?.ok_or("no such card")?;
/// client.retire(&card, "left the company")?.done_or_awaiting()?;
/// let rows = client.own_server()?.audit(&AuditFilter::default().account(TestServer::USER), 10)?.rows;
/// rows.iter().for_each(|row| println!("{}", line(row)));
/// assert!(rows.iter().any(|row| row.note.contains("left the company")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct AuditRow {
    /// Its number; numbers grow.
    pub id: i64,
    /// When, ISO 8601.
    pub time: String,
    /// Who, by the name of the account, or the name in the token. Empty for a program on the server's computer.
    pub account: String,
    /// The issuer of the token, where there was one.
    pub issuer: Option<String>,
    /// The token's subject.
    pub subject: Option<String>,
    /// Through which system; `None` for a change to the registry itself.
    pub system: Option<String>,
    /// What: the name of an operation, or what the registry or the workflow of requests does.
    pub operation: String,
    /// The card, by its id in CertiFlow.
    pub card: Option<i64>,
    /// The card, by its id in MIM CM at that time.
    pub uuid: Option<String>,
    /// The card's state before.
    pub before: Option<String>,
    /// The card's state after.
    pub after: Option<String>,
    /// The reason or comment, or why it was refused.
    pub note: String,
    /// `done`, or `refused`.
    pub outcome: String,
    /// The request that it belongs to.
    pub request: Option<String>,
}

/// Rows of the audit log, oldest first, and where the next ones come.
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
/// // What came since the last look; `seen` is kept somewhere until the next one.
/// let own = client.own_server()?;
/// let mut seen = 0;
/// let page = own.audit(&AuditFilter::default().after(seen), 100)?;
/// seen = page.next;
/// assert!(own.audit(&AuditFilter::default().after(seen), 100)?.rows.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditPage {
    /// The rows.
    pub rows: Vec<AsSent<AuditRow>>,
    /// What to give as `after` for the next rows, now or later.
    pub next: i64,
}

/// A request of MIM CM, and what it waits for.
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
/// use cardwright_client::WaitingFilter;
///
/// // This card's template asks for one approval.
/// let id = "d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32";
/// let card = client.smartcard(id)?.ok_or("no such card")?;
/// client.retire(&card, "left")?.done_or_awaiting()?;
/// let waiting = client.own_server()?.requests(&WaitingFilter::default().card(id))?;
/// let request = waiting.first().ok_or("nothing waits")?;
/// assert_eq!((request.status.as_str(), request.approvals, request.needed), ("Pending", 0, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct WaitingRequest {
    /// Its id.
    pub request: String,
    /// What it is for.
    pub kind: String,
    /// Its status.
    pub status: String,
    /// The card, by its id in CertiFlow.
    pub card: Option<i64>,
    /// The card, by its id in MIM CM.
    pub uuid: Option<String>,
    /// The user who made it.
    pub originator: String,
    /// The user that it is for.
    pub target: String,
    /// When it was made, ISO 8601.
    pub submitted: String,
    /// The comment.
    pub comment: String,
    /// How many have approved it.
    pub approvals: u32,
    /// How many must.
    pub needed: u32,
    /// The accounts that have approved it.
    pub approved_by: Vec<String>,
}

/// What an operator decides on a request.
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
/// use cardwright_client::Decision;
/// use cardwright_core::Code;
///
/// let own = client.own_server()?;
/// let error = own.decide("00000000-0000-0000-0000-00000000abcd", Decision::Approve).unwrap_err();
/// assert_eq!(error.code(), Code::NotFound);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Decision {
    /// It may be carried out, once as many have approved as must.
    Approve,
    /// It ends.
    Deny,
    /// It fails, although it was approved: for tests.
    Fail,
}

/// A request after a decision.
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
/// use cardwright_client::Decision;
///
/// let card = client.smartcard("d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32")?.ok_or("no such card")?;
/// let request = client.retire(&card, "left")?.done_or_awaiting()?.ok_or("it waits for nobody")?;
/// let decided = client.own_server()?.decide(&request, Decision::Deny)?;
/// assert_eq!((decided.status.as_str(), decided.approvals), ("Denied", 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Decided {
    /// The request's id.
    pub request: String,
    /// Its status now.
    pub status: String,
    /// How many have approved it.
    pub approvals: u32,
    /// How many must.
    pub needed: u32,
}

/// An account of the server.
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
/// let accounts = client.own_server()?.accounts()?;
/// let names = accounts.iter().filter(|account| account.role == "administrator" && !account.disabled);
/// assert_eq!(names.map(|account| account.name.as_str()).collect::<Vec<_>>(), [TestServer::USER]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct AccountRow {
    /// The name to sign in with.
    pub name: String,
    /// The name of its role.
    pub role: String,
    /// The user that it is in MIM CM.
    pub user: String,
    /// Whether it cannot sign in.
    pub disabled: bool,
}

/// A role of the server, and what it allows.
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
/// // Which accounts may do everything, and which may only read.
/// let roles = client.own_server()?.roles()?;
/// let privileges = |name: &str| roles.iter().find(|role| role.name == name).map(|role| role.privileges.len());
/// assert!(privileges("viewer") < privileges("administrator"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RoleRow {
    /// Its name.
    pub name: String,
    /// Privileges of CertiFlow.
    pub privileges: Vec<String>,
    /// Permissions of MIM CM.
    pub permissions: Vec<String>,
}
