//! `GET requests`: which requests of MIM CM wait, and for what.

use super::audit::{bad, card, check_audit, no_card};
use super::flow::Flow;
use super::parameters::Parameters;
use crate::app::App;
use crate::json_list::JsonList;
use crate::pages::Pages;
use crate::registry::{Caller, Reading, Request, WantedRequests};
use crate::reply::Reply;
use crate::{Error, Registry};
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
    let mut wanted = WantedRequests { statuses, ..WantedRequests::default() };
    if let Some(key) = card(parameters)? {
        let card = app.registry.look(move |registry| registry.read_one(|reading| reading.card_by_key(key))).await?;
        let card = card.ok_or_else(|| no_card(parameters))?;
        wanted.card = Some((card.id, card.uuid));
    }
    let mut list = JsonList::in_object(r#"{"requests":"#);
    let make = move |registry: &Registry| {
        registry.read(|reading| {
            let (requests, is_last) = reading.next_requests(&mut wanted)?;
            for request in &requests {
                list.add(&[object(reading, request)?.to_string().as_bytes()]);
            }
            Ok(list.page(is_last))
        })
    };
    Ok(Reply::paged(Pages::begin(&app.registry, &app.bounds, make).await?))
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
        "approved_by": reading.approved_by(request.uuid)?,
    }))
}
