//! `GET requests`: which requests of MIM CM wait, and for what.

use super::audit::{bad, card, check_audit, no_card};
use super::flow::Flow;
use super::head::Parameters;
use crate::Error;
use crate::app::{App, spawn_blocking};
use crate::registry::{Caller, CardKey, Reading, Request, WantedRequests};
use crate::reply::Reply;
use axum::http::StatusCode;
use cardwright_core::Named as _;
use cardwright_core::mim::RequestStatus;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) const PARAMETERS: &[&str] = &["status", "card"];

/// The value of `status` that means all that have not ended; so does no value.
const OPEN: &str = "open";

pub(super) async fn list(app: &Arc<App>, caller: &Caller, parameters: &Parameters<'_>) -> Flow {
    check_audit(caller)?;
    let statuses = match parameters.text("status") {
        Some(word) if !word.eq_ignore_ascii_case(OPEN) => {
            let names: Vec<&str> = RequestStatus::ALL.iter().map(|status| status.name()).collect();
            let status = RequestStatus::from_name(word);
            vec![status.ok_or_else(|| bad(format!("status: {word:?} is none of {OPEN}, {}.", names.join(", "))))?]
        }
        _ => RequestStatus::OPEN.to_vec(),
    };
    let key = card(parameters)?;
    let found = spawn_blocking(app, move |app| app.registry.read(|reading| read(reading, statuses, key))).await?;
    let Some(found) = found else { return Err(no_card(parameters)) };
    Ok(Reply::json(StatusCode::OK, &json!({ "requests": found })))
}

/// `None` if there is no such card.
fn read(
    reading: &Reading<'_>,
    statuses: Vec<RequestStatus>,
    key: Option<CardKey>,
) -> Result<Option<Vec<Value>>, Error> {
    let card = match key {
        None => None,
        Some(key) => match reading.card_by_key(key)? {
            Some(card) => Some((card.id, card.uuid)),
            None => return Ok(None),
        },
    };
    let mut found = Vec::new();
    let wanted = WantedRequests { statuses, card, ..WantedRequests::default() };
    reading.each_request(&wanted, |request| {
        found.push(object(reading, &request)?);
        Ok(())
    })?;
    Ok(Some(found))
}

fn object(reading: &Reading<'_>, request: &Request) -> Result<Value, Error> {
    let card = request.card.map(|card| reading.card(card)).transpose()?.flatten();
    let decision = reading.decision(request)?;
    Ok(json!({
        "request": request.uuid.to_string(),
        "kind": request.kind.name(),
        "status": request.status.name(),
        "card": request.card,
        "uuid": card.map(|card| card.uuid.to_string()),
        "originator": request.originator.to_string(),
        "target": request.target.to_string(),
        "submitted": request.submitted.iso(7),
        "comment": request.comment,
        "approvals": decision.approvals,
        "needed": decision.needed,
        "approved_by": reading.approved_by(request)?,
    }))
}
