//! `GET audit`: who did what, by card, account and time.

use super::flow::{Flow, Stop, stop};
use super::parameters::Parameters;
use crate::app::{App, spawn_blocking};
use crate::registry::{AuditEntry, AuditQuery, Caller, CardKey, Stamp};
use crate::reply::Reply;
use axum::http::StatusCode;
use cardwright_core::Named as _;
use cardwright_core::date::Moment;
use cardwright_core::identity::Guid;
use cardwright_core::mim::Permission;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) const PARAMETERS: &[&str] = &["card", "account", "issuer", "subject", "since", "until", "after", "limit"];

/// How many rows an answer has, and how many at most.
const LIMIT: u32 = 100;
const MOST: u32 = 1000;

pub(super) async fn list(app: &Arc<App>, caller: &Caller, parameters: &Parameters<'_>) -> Flow {
    check_audit(caller)?;
    let limit = match parameters.text("limit") {
        None => LIMIT,
        Some(text) => {
            let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
            limit.ok_or_else(|| bad(format!("limit: {text:?} is no number from 1 to {MOST}.")))?
        }
    };
    let after = match parameters.text("after") {
        None => 0,
        Some(text) => {
            let after = text.parse().ok().filter(|after| *after >= 0);
            after.ok_or_else(|| bad(format!("after: {text:?} is none that next gave.")))?
        }
    };
    let query = AuditQuery {
        card: card(parameters)?,
        account: parameters.text("account").map(str::to_owned),
        issuer: parameters.text("issuer").map(str::to_owned),
        subject: parameters.text("subject").map(str::to_owned),
        since: time(parameters, "since")?,
        until: time(parameters, "until")?,
        after,
        limit,
    };
    let page = spawn_blocking(app, move |app| app.registry.audit_page(&query)).await?;
    let Some(page) = page else { return Err(no_card(parameters)) };
    let rows: Vec<Value> = page.rows.iter().map(row).collect();
    Ok(Reply::json(StatusCode::OK, &json!({ "rows": rows, "next": page.next })))
}

/// Seeing what others did takes the permission for that.
pub(super) fn check_audit(caller: &Caller) -> Result<(), Stop> {
    if caller.rights.may(Permission::Audit) {
        return Ok(());
    }
    let (name, permission) = (caller.name(), Permission::Audit.name());
    Err(stop(StatusCode::FORBIDDEN, &format!("The account {name} lacks the permission {permission:?}.")))
}

/// The parameter `card`: a number, as in CertiFlow, or a GUID, as in MIM CM.
pub(super) fn card(parameters: &Parameters<'_>) -> Result<Option<CardKey>, Stop> {
    let Some(text) = parameters.text("card") else { return Ok(None) };
    let key = match text.parse() {
        Ok(id) => Some(CardKey::Id(id)),
        Err(_) => Guid::parse(text).ok().map(CardKey::Uuid),
    };
    key.map(Some).ok_or_else(|| bad(format!("card: {text:?} is neither a number nor a GUID.")))
}

pub(super) fn no_card(parameters: &Parameters<'_>) -> Stop {
    let card = parameters.text("card").unwrap_or_default();
    stop(StatusCode::NOT_FOUND, &format!("No card has the id {card}."))
}

fn time(parameters: &Parameters<'_>, name: &str) -> Result<Option<Stamp>, Stop> {
    let Some(text) = parameters.text(name) else { return Ok(None) };
    let moment = Moment::parse(text);
    let moment = moment.ok_or_else(|| bad(format!("{name}: {text:?} is no date, and no date with a time.")))?;
    Ok(Some(Stamp::of(moment)))
}

pub(super) fn bad(why: String) -> Stop {
    stop(StatusCode::BAD_REQUEST, &why)
}

fn row(entry: &AuditEntry) -> Value {
    json!({
        "id": entry.id,
        "time": Stamp::of(entry.time).iso(7),
        "account": entry.account,
        "issuer": entry.issuer,
        "subject": entry.subject,
        "system": entry.system.map(|system| system.name()),
        "operation": entry.operation,
        "card": entry.card,
        "uuid": entry.uuid.map(|uuid| uuid.to_string()),
        "before": entry.before.map(|state| state.name()),
        "after": entry.after.map(|state| state.name()),
        "note": entry.note,
        "outcome": entry.outcome.word(),
        "request": entry.request.map(|request| request.to_string()),
    })
}
