//! The API of Axidian CertiFlow: dialects G6 and G7 at once.
//!
//! Unknown query parameters are ignored, as ASP.NET Core does. Where a card is refused, the answer says
//! which card, which operation, in which state and why.

mod filter;
mod object;
mod reason;

use crate::ask::{Ask, decoded};
use crate::dispatch::{App, Found, find};
use crate::problem::{invalid, problem, wrong_method};
use crate::registry::{Act, Caller, Judged};
use crate::reply::Reply;
use axum::http::StatusCode;
use cardwright_core::Named as _;
use cardwright_core::certiflow::{Endpoint, Privilege};
use cardwright_core::lifecycle::{Evidence, Operation, State, System};
use object::CardObject;

/// Answers a request for a path below the API's base.
pub(crate) fn answer(app: &App, caller: &Caller, ask: &Ask, path: &str) -> Reply {
    let (endpoint, id) = match find(&Endpoint::ALL, Endpoint::route, &ask.method, path) {
        Found::Endpoint(endpoint, [id, _]) => (endpoint, id),
        Found::WrongMethod(allow) => return wrong_method(allow),
        Found::Nothing => return problem(StatusCode::NOT_FOUND, None),
    };
    let done = allowed(caller, endpoint.privilege()).and_then(|()| match (endpoint, endpoint.operation()) {
        (_, Some(operation)) => operate(app, caller, ask, id, operation),
        (Endpoint::Card, None) => one(app, id),
        (_, None) => list(app, caller, ask),
    });
    done.unwrap_or_else(|reply| reply)
}

fn allowed(caller: &Caller, privilege: Privilege) -> Result<(), Reply> {
    if caller.has(privilege) {
        return Ok(());
    }
    let detail = format!("The account {} lacks the privilege \"{}\".", caller.name, privilege.name());
    Err(problem(StatusCode::FORBIDDEN, Some(&detail)))
}

fn list(app: &App, caller: &Caller, ask: &Ask) -> Result<Reply, Reply> {
    let filter = filter::read(ask)?;
    if filter.user_name.is_some() {
        allowed(caller, Privilege::FindingUsers)?;
    }
    let now = app.registry.now();
    let soon = now.plus(i64::from(app.config.expiring_days).saturating_mul(86_400));
    let mut body = vec![b'['];
    let listed = app.registry.read(|reading| {
        reading.list(&filter, now, soon, |card, certificates| {
            if body.len() > 1 {
                body.push(b',');
            }
            let written = serde_json::to_writer(&mut body, &CardObject::new(card, certificates));
            written.map_err(|error| crate::Error::Database(Box::new(error)))
        })
    });
    listed.map_err(failed)?;
    body.push(b']');
    Ok(Reply::written(body))
}

fn one(app: &App, id: &str) -> Result<Reply, Reply> {
    let id = card_id(id)?;
    let found = app.registry.read(|reading| {
        let card = reading.card(id)?.filter(|card| card.state != State::Retired);
        card.map(|card| Ok((reading.certificates(card.id)?, card))).transpose()
    });
    match found.map_err(failed)? {
        Some((certificates, card)) => Ok(Reply::json(StatusCode::OK, &CardObject::new(&card, &certificates))),
        None => Err(no_card(id)),
    }
}

fn operate(app: &App, caller: &Caller, ask: &Ask, id: &str, operation: Operation) -> Result<Reply, Reply> {
    let id = card_id(id)?;
    let reason = if operation.facts().takes_reason { Some(reason::read(ask)?) } else { None };
    let act = Act {
        account: &caller.name,
        system: System::CertiFlow,
        operation,
        reason,
        note: reason.map_or("", |reason| reason.name()),
        request: None,
    };
    let (state, evidence, source) = match app.registry.write(|writing| writing.operate(id, &act)).map_err(failed)? {
        Judged::Done => return Ok(Reply::empty(StatusCode::OK)),
        Judged::NoCard => return Err(no_card(id)),
        Judged::Refused { state, evidence, source } => (state, evidence, source),
    };
    let word = operation.native(System::CertiFlow).unwrap_or(operation.name());
    let assumed = if evidence == Evidence::Assumed { " (assumed)" } else { "" };
    let detail = format!("Card {id}: {word} is not allowed in the state {state}: {source}{assumed}.");
    Err(problem(StatusCode::CONFLICT, Some(&detail)))
}

fn card_id(part: &str) -> Result<i64, Reply> {
    let text = decoded(part).unwrap_or_else(|| part.to_owned());
    text.parse().map_err(|_| invalid("id", &text))
}

fn no_card(id: i64) -> Reply {
    problem(StatusCode::NOT_FOUND, Some(&format!("No card has the id {id}.")))
}

fn failed(_: crate::Error) -> Reply {
    problem(StatusCode::INTERNAL_SERVER_ERROR, None)
}
