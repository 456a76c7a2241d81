//! The API of Axidian CertiFlow: dialects G6 and G7 at once, and the old half of its page, G1.
//!
//! Unknown query parameters are ignored, as ASP.NET Core does. Where a card is refused, the answer says
//! which card, which operation, in which state and why.

mod filter;
mod object;
mod reason;

use crate::Error;
use crate::ask::{Ask, decoded};
use crate::dispatch::{App, Found, apart, find};
use crate::problem::Problem;
use crate::registry::{Act, Caller, Card, Certificate, Filter, Judged};
use crate::reply::Reply;
use crate::switches::ErrorProfile;
use axum::http::StatusCode;
use cardwright_core::Named as _;
use cardwright_core::certiflow::{Dialect, Endpoint, Privilege};
use cardwright_core::lifecycle::{Evidence, Operation, State, System};
use object::{CardObject, OldCardObject};
use std::sync::Arc;

/// Answers a request in a dialect for a path below that one's base. G7 has what G6 has.
pub(crate) async fn answer(dialect: Dialect, app: &Arc<App>, caller: &Arc<Caller>, ask: &Ask, path: &str) -> Reply {
    let asked = Asked { dialect, app, caller, ask };
    asked.answer(path).await.unwrap_or_else(|problem| problem.reply(profile(app, dialect), app.config.switches.refusal))
}

/// The form of a dialect's errors: that of the old generation's platform stands.
pub(crate) const fn profile(app: &App, dialect: Dialect) -> ErrorProfile {
    match dialect {
        Dialect::G1 => ErrorProfile::Classic,
        Dialect::G6 | Dialect::G7 => app.config.switches.certiflow_errors,
    }
}

/// A request in a dialect.
struct Asked<'a> {
    dialect: Dialect,
    app: &'a Arc<App>,
    caller: &'a Arc<Caller>,
    ask: &'a Ask,
}

impl Asked<'_> {
    async fn answer(&self, path: &str) -> Result<Reply, Problem> {
        let has = |endpoint: &Endpoint| endpoint.route_in(self.dialect).is_some();
        let all: Vec<Endpoint> = Endpoint::ALL.into_iter().filter(has).collect();
        let route = |endpoint: Endpoint| endpoint.route_in(self.dialect).unwrap_or(endpoint.route());
        let (endpoint, id) = match find(&all, route, &self.ask.method, path) {
            Found::Endpoint(endpoint, [id, _]) => (endpoint, id),
            Found::WrongMethod(allow) => return Err(Problem::WrongMethod(allow)),
            Found::Nothing => return Err(Problem::NoRoute),
        };
        self.check_has(endpoint.privilege())?;
        match (endpoint, endpoint.operation()) {
            (_, Some(operation)) => self.operate(id, operation).await,
            (Endpoint::Card, None) => self.one(id),
            (_, None) if self.dialect == Dialect::G1 => self.cards_of_user().await,
            (_, None) => self.list().await,
        }
    }

    fn check_has(&self, privilege: Privilege) -> Result<(), Problem> {
        if self.caller.has(privilege) {
            return Ok(());
        }
        Err(Problem::Forbidden { account: self.caller.name.clone(), privilege })
    }

    async fn list(&self) -> Result<Reply, Problem> {
        let filter = filter::read(self.ask)?;
        if filter.user_name.is_some() {
            self.check_has(Privilege::FindingUsers)?;
        }
        self.write_list(filter, |body, card, certificates| {
            serde_json::to_writer(body, &CardObject::new(card, certificates))
        })
        .await
    }

    /// G1's only list. It has no privilege for finding users.
    async fn cards_of_user(&self) -> Result<Reply, Problem> {
        let name = self.ask.parameter("name").map(str::trim).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| Problem::invalid_because("name", "The name field is required."))?;
        let filter = if name.contains(['@', '\\']) {
            Filter { user_name: Some(name.to_owned()), ..Filter::default() }
        } else {
            // The page asks for a UPN and shows "user1": that it is the front of one is assumed.
            Filter { logon_name: Some(name.to_owned()), ..Filter::default() }
        };
        self.write_list(filter, |body, card, _| serde_json::to_writer(body, &OldCardObject::new(card))).await
    }

    async fn write_list(
        &self,
        filter: Filter,
        write: fn(&mut Vec<u8>, &Card, &[Certificate]) -> serde_json::Result<()>,
    ) -> Result<Reply, Problem> {
        let now = self.app.registry.now();
        let soon = now.plus(i64::from(self.app.config.expiring_days).saturating_mul(86_400));
        let listed = apart(self.app, move |app| {
            let mut body = vec![b'['];
            app.registry.read(|reading| {
                reading.list(&filter, now, soon, |card, certificates| {
                    if body.len() > 1 {
                        body.push(b',');
                    }
                    write(&mut body, card, certificates).map_err(|error| Error::Database(Box::new(error)))
                })
            })?;
            body.push(b']');
            Ok(body)
        });
        Ok(Reply::written(listed.await.map_err(failed)?))
    }

    fn one(&self, id: &str) -> Result<Reply, Problem> {
        let id = self.card_id(id)?;
        let found = self.app.registry.read(|reading| {
            let card = reading.card(id)?.filter(|card| card.state != State::Retired);
            card.map(|card| Ok((reading.certificates(card.id)?, card))).transpose()
        });
        let (certificates, card) = found.map_err(failed)?.ok_or_else(|| no_card(id))?;
        Ok(Reply::json(StatusCode::OK, &CardObject::new(&card, &certificates)))
    }

    async fn operate(&self, id: &str, operation: Operation) -> Result<Reply, Problem> {
        let id = match self.dialect {
            Dialect::G1 => self.card_id(self.ask.parameter("id").unwrap_or_default())?,
            Dialect::G6 | Dialect::G7 => self.card_id(id)?,
        };
        let takes_reason = operation.facts().takes_reason;
        let reason = if takes_reason { Some(reason::read(self.ask, self.dialect)?) } else { None };
        let caller = Arc::clone(self.caller);
        let judged = self.app.registry.change(move |writing| {
            let act = Act {
                account: &caller.name,
                system: System::CertiFlow,
                operation,
                reason,
                note: reason.map_or("", |reason| reason.name()),
                request: None,
            };
            writing.operate(id, &act)
        });
        let (state, evidence, source) = match judged.await.map_err(failed)? {
            // What returns nothing is 204 in classic Web API, and 200 in ASP.NET Core.
            Judged::Done if self.dialect == Dialect::G1 => return Ok(Reply::empty(StatusCode::NO_CONTENT)),
            Judged::Done => return Ok(Reply::empty(StatusCode::OK)),
            Judged::NoCard => return Err(no_card(id)),
            Judged::Refused { state, evidence, source } => (state, evidence, source),
        };
        let word = operation.native(System::CertiFlow).unwrap_or(operation.name());
        let assumed = if evidence == Evidence::Assumed { " (assumed)" } else { "" };
        Err(Problem::Refused(format!("Card {id}: {word} is not allowed in the state {state}: {source}{assumed}.")))
    }

    /// The id in a path or, in G1, in a parameter.
    fn card_id(&self, part: &str) -> Result<i64, Problem> {
        let text = match self.dialect {
            Dialect::G1 => part.to_owned(),
            Dialect::G6 | Dialect::G7 => decoded(part).unwrap_or_else(|| part.to_owned()),
        };
        text.trim().parse().map_err(|_| Problem::invalid("id", &text))
    }
}

fn no_card(id: i64) -> Problem {
    Problem::NoCard(format!("No card has the id {id}."))
}

fn failed(error: Error) -> Problem {
    if matches!(error, Error::Busy) { Problem::Busy } else { Problem::Failed }
}
