//! What the own API of `cardwright serve` is asked for, and what is to be changed.

use super::rows::AuditRow;
use cardwright_core::date::Moment;
use cardwright_core::mim::RequestStatus;
use cardwright_http::Secret;
use std::fmt;

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

/// Which requests of MIM CM. Default: those that have not ended.
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
