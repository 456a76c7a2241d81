//! Requests of MIM CM in a list, and the own API of `cardwright serve`: who did what, what waits, decisions, accounts.
//!
//! Answers are JSON in a handle of answers: the objects as the server sent them, after they were checked.

use super::handle::{CardwrightClient, noted};
use super::raw::CardwrightRaw;
use crate::enumeration::value;
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nullable, structures};
use crate::hosted::into_raw;
use crate::text::CardwrightText;
use cardwright::client::{AccountChange, AsSent, AuditFilter, Decision, RequestFilter, Secret, WaitingFilter};

/// Which rows of an audit log. Zero all of it, then set `struct_size`, and what they are to be chosen by.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightAuditQuery {
    /// `sizeof(CardwrightAuditQuery)`.
    pub struct_size: u32,
    /// The most rows, 1 to 1000; 0 for 100.
    pub limit: u32,
    /// The rows after this one: 0 for all, or what was written to `next` before.
    pub after: i64,
    /// Those about a card, by its id in CertiFlow or in MIM CM.
    pub card: CardwrightText,
    /// Those of an account.
    pub account: CardwrightText,
    /// Those of the bearers of an issuer's tokens.
    pub issuer: CardwrightText,
    /// Those of the bearer that is this subject.
    pub subject: CardwrightText,
    /// From this date or time on (ISO 8601).
    pub since: CardwrightText,
    /// Before this date or time.
    pub until: CardwrightText,
}

/// What to change in an account. Zero all of it, then set `struct_size` and `name`; what is `NULL` stays as it is. A new
/// account needs a password and a role.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightAccountChange {
    /// `sizeof(CardwrightAccountChange)`.
    pub struct_size: u32,
    /// 1 if `disabled` counts.
    pub has_disabled: u32,
    /// 1 for an account that cannot sign in.
    pub disabled: u32,
    /// The name to sign in with.
    pub name: CardwrightText,
    /// The password.
    pub password: CardwrightText,
    /// The name of the role.
    pub role: CardwrightText,
    /// The user that it is in MIM CM, a GUID.
    pub user: CardwrightText,
}

structures!(
    CardwrightAuditQuery { limit, after, card, account, issuer, subject, since, until }
    CardwrightAccountChange { has_disabled, disabled, name, password, role, user }
);

/// Lists the requests of MIM CM that the account may see: all, or with `open` 1 those that have not ended, or with
/// `has_status` 1 those with a `CardwrightRequestStatus`; with `for_caller` 1 only those for the account's own user. The
/// body of `*raw` is a list of requests, as `cardwright_view_parse` reads each. Free it with `cardwright_raw_free`.
///
/// `CARDWRIGHT_CODE_NO_SUCH_CALL` in CertiFlow; `CARDWRIGHT_CODE_UNEXPECTED` from a server that ignores what it was asked.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_requests(
    client: *const CardwrightClient, has_status: u32, status: u32, open: u32, for_caller: u32,
    raw: *mut *mut CardwrightRaw, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, raw) = from_c!(client, raw);
        let mut filter = if open == 0 { RequestFilter::default() } else { RequestFilter::open() };
        if has_status != 0 {
            filter.statuses = vec![value(status, "status")?];
        }
        filter.for_caller = for_caller != 0;
        let mut objects = Vec::new();
        for request in client.0.requests(&filter).map_err(noted)? {
            objects.push(request.map_err(noted)?.view().json().to_string());
        }
        raw.put(into_raw(CardwrightRaw::of(list(&objects))));
    })
}

/// Reads rows of the audit log of a server of `cardwright serve`, oldest first: who did what, and what was refused. The
/// body of `*raw` is a list of rows, and `*next` what to give as `after` for the next ones, now or later. Free it with
/// `cardwright_raw_free`.
///
/// Codes of this and of the other functions for such a server: `CARDWRIGHT_CODE_NO_SUCH_CALL` if the server is none,
/// `FORBIDDEN` if the account may not, and those from 601 on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_audit(
    client: *const CardwrightClient, query: *const CardwrightAuditQuery, raw: *mut *mut CardwrightRaw, next: *mut i64,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, query, raw, next) = from_c!(client, query, raw, next);
        let text = |text: Option<&str>| text.map(str::to_string);
        let filter = AuditFilter {
            card: text(nullable!(query.card)),
            account: text(nullable!(query.account)),
            issuer: text(nullable!(query.issuer)),
            subject: text(nullable!(query.subject)),
            since: text(nullable!(query.since)),
            until: text(nullable!(query.until)),
            after: query.after,
        };
        let limit = if query.limit == 0 { 100 } else { query.limit };
        let page = client.0.own_server().and_then(|server| server.audit(&filter, limit)).map_err(noted)?;
        raw.put(into_raw(CardwrightRaw::of(list_of(&page.rows))));
        next.put(page.next);
    })
}

/// Reads all rows of the audit log of a server of `cardwright serve` about a card, by its id in CertiFlow or in MIM CM, as
/// `cardwright_client_audit`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_history(
    client: *const CardwrightClient, card: CardwrightText, raw: *mut *mut CardwrightRaw, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, card, raw) = from_c!(client, card, raw);
        let server = client.0.own_server().map_err(noted)?;
        let rows = server.audit_rows(&AuditFilter::of_card(card)).collect::<Result<Vec<_>, _>>().map_err(noted)?;
        raw.put(into_raw(CardwrightRaw::of(list_of(&rows))));
    })
}

/// Lists the requests of MIM CM that have not ended, with what they wait for, on a server of `cardwright serve`: all, or
/// those about a card. The body of `*raw` is a list. Free it with `cardwright_raw_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_open_requests(
    client: *const CardwrightClient, card: CardwrightText, raw: *mut *mut CardwrightRaw, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, card, raw) = (from_c!(client), nullable!(card), from_c!(raw));
        let filter = WaitingFilter { card: card.map(str::to_string), ..WaitingFilter::default() };
        let found = client.0.own_server().and_then(|server| server.requests(&filter)).map_err(noted)?;
        raw.put(into_raw(CardwrightRaw::of(list_of(&found))));
    })
}

/// Approves a request of MIM CM on a server of `cardwright serve`; MIM CM itself has no call for it. The body of `*raw` is
/// an object with its status, and how many have approved it of how many must. Free it with `cardwright_raw_free`.
///
/// `CARDWRIGHT_CODE_NOT_FOUND` if there is no such request, `CARDWRIGHT_CODE_REFUSED` if it does not wait for approval.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_approve(
    client: *const CardwrightClient, request: CardwrightText, raw: *mut *mut CardwrightRaw, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, request, raw) = from_c!(client, request, raw);
        raw.put(decide(client, request, Decision::Approve)?);
    })
}

/// Denies a request of MIM CM on a server of `cardwright serve`, which ends it; as `cardwright_client_approve`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_deny(
    client: *const CardwrightClient, request: CardwrightText, raw: *mut *mut CardwrightRaw, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, request, raw) = from_c!(client, request, raw);
        raw.put(decide(client, request, Decision::Deny)?);
    })
}

/// Lists the accounts of a server of `cardwright serve`. The body of `*raw` is a list. Free it with `cardwright_raw_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_accounts(
    client: *const CardwrightClient, raw: *mut *mut CardwrightRaw, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, raw) = from_c!(client, raw);
        let found = client.0.own_server().and_then(|server| server.accounts()).map_err(noted)?;
        raw.put(into_raw(CardwrightRaw::of(list_of(&found))));
    })
}

/// Changes an account of a server of `cardwright serve`, or adds it. The body of `*raw` is the account as it is then. Free
/// it with `cardwright_raw_free`.
///
/// `CARDWRIGHT_CODE_NOT_FOUND` for a new account without a password or a role, `CARDWRIGHT_CODE_REFUSED` if no account
/// would be left that may do everything.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_put_account(
    client: *const CardwrightClient, change: *const CardwrightAccountChange, raw: *mut *mut CardwrightRaw,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, given, raw) = from_c!(client, change, raw);
        let change = AccountChange {
            password: nullable!(given.password).map(Secret::new),
            role: nullable!(given.role).map(str::to_string),
            disabled: (given.has_disabled != 0).then_some(given.disabled != 0),
            user: nullable!(given.user).map(str::to_string),
        };
        let name = from_c!(given.name);
        let account = client.0.own_server().and_then(|server| server.put_account(name, &change)).map_err(noted)?;
        raw.put(into_raw(CardwrightRaw::of(account.json().to_string())));
    })
}

fn decide(
    client: &CardwrightClient, request: &str, decision: Decision,
) -> Result<*mut CardwrightRaw, cardwright_core::Error> {
    let decided = client.0.own_server().and_then(|server| server.decide(request, decision)).map_err(noted)?;
    Ok(into_raw(CardwrightRaw::of(decided.json().to_string())))
}

fn list_of<T>(objects: &[AsSent<T>]) -> String {
    list(&objects.iter().map(AsSent::json).collect::<Vec<_>>())
}

/// Objects as a list in JSON.
fn list(objects: &[impl AsRef<str>]) -> String {
    let objects: Vec<&str> = objects.iter().map(AsRef::as_ref).collect();
    format!("[{}]", objects.join(","))
}
