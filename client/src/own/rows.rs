//! What the own API of `cardwright serve` tells, each with its bytes.

use cardwright_core::date::Moment;
use cardwright_core::mim::RequestStatus;
use cardwright_http::Secret;
use serde::Deserialize;
use std::fmt;
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
/// let card = client.find("C04200A1")?.ok_or("no such card")?;
/// client.revoke(&card, "lost")?.done_or_awaiting()?;
/// let rows = client.own_server()?.audit(&AuditFilter::default().account(TestServer::USER), 10)?.rows;
/// rows.iter().for_each(|row| println!("{}", line(row)));
/// assert!(rows.iter().any(|row| row.note.contains("lost")));
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

/// Which rows of the audit log. Default: all.
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
/// let filter = AuditFilter::of_card("1013").account(TestServer::USER);
/// for row in client.own_server()?.audit_rows(&filter) {
///     let row = row?;
///     println!("{} {} {}", row.time, row.operation, row.outcome);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "made by setters or with ..default(): a field more breaks nothing")]
pub struct AuditFilter {
    /// Those about a card, by its id in CertiFlow or in MIM CM.
    pub card: Option<String>,
    /// Those of an account.
    pub account: Option<String>,
    /// Those of the bearers of an issuer's tokens.
    pub issuer: Option<String>,
    /// Those of the bearer that is this subject.
    pub subject: Option<String>,
    /// From this date or time on.
    pub since: Option<String>,
    /// Before this date or time.
    pub until: Option<String>,
    /// Those after this row; 0 for all.
    pub after: i64,
}

impl AuditFilter {
    /// The rows about a card.
    pub fn of_card(card: impl Into<String>) -> Self {
        AuditFilter { card: Some(card.into()), ..AuditFilter::default() }
    }

    /// Sets [`Self::card`](#structfield.card).
    #[must_use]
    pub fn card(mut self, card: impl Into<String>) -> Self {
        self.card = Some(card.into());
        self
    }

    /// Sets [`Self::account`](#structfield.account).
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Sets [`Self::issuer`](#structfield.issuer).
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Sets [`Self::subject`](#structfield.subject).
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Sets [`Self::since`](#structfield.since).
    #[must_use]
    pub fn since(mut self, since: impl Into<String>) -> Self {
        self.since = Some(since.into());
        self
    }

    /// Sets [`Self::until`](#structfield.until).
    #[must_use]
    pub fn until(mut self, until: impl Into<String>) -> Self {
        self.until = Some(until.into());
        self
    }

    /// Sets [`Self::after`](#structfield.after).
    #[must_use]
    pub fn after(mut self, after: i64) -> Self {
        self.after = after;
        self
    }

    /// Why a row is none that was asked for, where it shows that.
    pub(super) fn contradicts(&self, row: &AuditRow) -> Option<String> {
        let is_other = |asked: &Option<String>, shown: &str| {
            asked.as_deref().is_some_and(|asked| !asked.eq_ignore_ascii_case(shown))
        };
        let number = self.card.as_deref().and_then(|card| card.parse::<i64>().ok());
        let (shown, moment) =
            (Moment::parse(&row.time), |text: &Option<String>| text.as_deref().and_then(Moment::parse));
        let filter = if number.is_some() && row.card != number || self.card.is_some() && row.card.is_none() {
            "card"
        } else if is_other(&self.account, &row.account) {
            "account"
        } else if self.issuer.is_some() && self.issuer != row.issuer {
            "issuer"
        } else if self.subject.is_some() && self.subject != row.subject {
            "subject"
        } else if moment(&self.since).zip(shown).is_some_and(|(since, shown)| shown < since) {
            "since"
        } else if moment(&self.until).zip(shown).is_some_and(|(until, shown)| shown >= until) {
            "until"
        } else if row.id <= self.after {
            "after"
        } else {
            return None;
        };
        Some(format!("the server ignores {filter}: row {} was not asked for", row.id))
    }
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

/// Which of them. Default: those that have not ended.
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
/// use cardwright_client::{Decision, WaitingFilter};
/// use cardwright_core::mim::RequestStatus;
///
/// let own = client.own_server()?;
/// for request in own.requests(&WaitingFilter::default().status(RequestStatus::Pending))? {
///     println!("{} has {} of {} approvals", request.request, request.approvals, request.needed);
///     if request.comment.is_empty() {
///         own.decide(&request.request, Decision::Deny)?;
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "made by setters or with ..default(): a field more breaks nothing")]
pub struct WaitingFilter {
    /// Those with this status.
    pub status: Option<RequestStatus>,
    /// Those about a card, by its id in CertiFlow or in MIM CM.
    pub card: Option<String>,
}

impl WaitingFilter {
    /// Sets [`Self::status`](#structfield.status).
    #[must_use]
    pub fn status(mut self, status: RequestStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// Sets [`Self::card`](#structfield.card).
    #[must_use]
    pub fn card(mut self, card: impl Into<String>) -> Self {
        self.card = Some(card.into());
        self
    }
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

/// What to change in an account; `None` leaves it as it is. A new account needs a password and a role.
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
/// use cardwright_client::AccountChange;
///
/// let own = client.own_server()?;
/// let account = own.put_account("kim", &AccountChange::default().password("a new password").role("viewer"))?;
/// assert_eq!((account.name.as_str(), account.disabled), ("kim", false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
#[allow(clippy::exhaustive_structs, reason = "made by setters or with ..default(): a field more breaks nothing")]
pub struct AccountChange {
    /// The password.
    pub password: Option<Secret>,
    /// The name of the role.
    pub role: Option<String>,
    /// Whether it cannot sign in.
    pub disabled: Option<bool>,
    /// The user that it is in MIM CM. Default for a new account: one of its own.
    pub user: Option<String>,
}

impl AccountChange {
    /// Sets [`Self::password`](#structfield.password).
    #[must_use]
    pub fn password(mut self, password: impl Into<Secret>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Sets [`Self::role`](#structfield.role).
    #[must_use]
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.role = Some(role.into());
        self
    }

    /// Sets [`Self::disabled`](#structfield.disabled).
    #[must_use]
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = Some(disabled);
        self
    }

    /// Sets [`Self::user`](#structfield.user).
    #[must_use]
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }
}

impl fmt::Debug for AccountChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AccountChange { password, role, disabled, user } = self;
        let mut shown = f.debug_struct("AccountChange");
        shown.field("password", password).field("role", role).field("disabled", disabled).field("user", user).finish()
    }
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
/// // Who may everything, and who may only look.
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
