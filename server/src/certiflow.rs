//! The API of Axidian CertiFlow: dialects G6 and G7 at once, and the old half of its page, G1.
//!
//! Unknown query parameters are ignored, as ASP.NET Core does. If an operation is refused, the answer says
//! which card, which operation, in which state and why.

mod effects;
pub(crate) mod fields;
mod filter;
mod object;
mod problem;
mod reason;

use crate::api::{Answering, Api, Document, Request};
use crate::http_request::decoded;
use crate::json_list::JsonList;
use crate::pages::Pages;
use crate::registry::{Act, CardShown, Judged, LOGON_NAME, Listing, Wanted};
use crate::reply::Reply;
use crate::route::{Found, find};
use crate::{ErrorProfile, Registry, Switches};
use axum::http::StatusCode;
use cardwright_core::Named as _;
use cardwright_core::certiflow::{Action, Dialect, Endpoint, Privilege};
use cardwright_core::http::Route;
use cardwright_core::lifecycle::{Evidence, Operation, System};
use object::{CARD, OLD_CARD};
use problem::Problem;
use std::sync::Arc;

/// The API in a dialect. G7 includes G6.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CertiFlow(pub(crate) Dialect);

/// Where ASP.NET Core puts the document.
const DOCUMENT: Document =
    Document { path: "swagger/v1/swagger.json", text: include_str!("../openapi/certiflow.json") };

impl CertiFlow {
    /// The form of the dialect's errors: the old generation's platform has only one.
    const fn profile(self, switches: &Switches) -> ErrorProfile {
        match self.0 {
            Dialect::G6 | Dialect::G7 => switches.certiflow_errors,
            _ => ErrorProfile::Classic,
        }
    }

    fn endpoints(self) -> impl Iterator<Item = (Endpoint, &'static Route)> {
        Endpoint::ALL.into_iter().filter_map(move |endpoint| Some((endpoint, endpoint.route_in(self.0)?)))
    }
}

impl Api for CertiFlow {
    fn base(&self) -> &'static str {
        self.0.base()
    }

    fn routes(&self) -> Vec<&'static Route> {
        self.endpoints().map(|endpoint| endpoint.1).collect()
    }

    fn document(&self) -> Option<Document> {
        (self.0 != Dialect::G1).then_some(DOCUMENT)
    }

    fn unauthorized(&self, switches: &Switches) -> Reply {
        match self.profile(switches) {
            ErrorProfile::AspNetCore => Reply::empty(StatusCode::UNAUTHORIZED),
            ErrorProfile::Classic => problem::iis_unauthorized(),
        }
    }

    fn answer<'a>(&'a self, request: Request<'a>) -> Answering<'a> {
        Box::pin(async move {
            let switches = &request.app.config.switches;
            let answered = self.handle(request).await;
            answered.unwrap_or_else(|problem| problem.reply(self.profile(switches), switches.refusal))
        })
    }
}

impl CertiFlow {
    async fn handle(self, request: Request<'_>) -> Result<Reply, Problem> {
        let (endpoint, id) = match find(self.endpoints(), &request.http.method, request.path) {
            Found::Endpoint(endpoint, [id, _]) => (endpoint, id),
            Found::WrongMethod(allow) => return Err(Problem::WrongMethod(allow)),
            Found::Nothing => return Err(Problem::NoRoute),
        };
        check_has(request, endpoint.privilege())?;
        match endpoint.action() {
            Action::List => self.list(request).await,
            Action::ListOfUser => self.cards_of_user(request).await,
            Action::Show => self.one(request, id),
            Action::Operate(operation) => self.operate(request, id, operation).await,
        }
    }

    async fn list(self, request: Request<'_>) -> Result<Reply, Problem> {
        let listing = filter::read(request.http)?;
        if listing.wanted.iter().any(|wanted| matches!(wanted, Wanted::UserName(_))) {
            check_has(request, Privilege::FindingUsers)?;
        }
        write_list(request, listing, &CARD).await
    }

    /// G1's only list. It has no privilege for finding users.
    async fn cards_of_user(self, request: Request<'_>) -> Result<Reply, Problem> {
        let name = request.http.parameter("name").map(str::trim).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| Problem::invalid_because("name", "The name field is required."))?.to_owned();
        // The page asks for a UPN and shows "user1": that it is the first part of one is assumed.
        let wanted = if name.contains(['@', '\\']) { Wanted::UserName(name) } else { Wanted::Text(LOGON_NAME, name) };
        let listing = Listing { wanted: vec![wanted], ..Listing::default() };
        write_list(request, listing, &OLD_CARD).await
    }

    fn one(self, request: Request<'_>, id: &str) -> Result<Reply, Problem> {
        let id = self.card_id(id)?;
        let card = request.app.registry.read(|reading| reading.show_card(id, &CARD))?;
        Ok(Reply::written(card.ok_or_else(|| no_card(id))?))
    }

    async fn operate(self, request: Request<'_>, id: &str, operation: Operation) -> Result<Reply, Problem> {
        let id = match self.0.id_is_parameter() {
            true => self.card_id(request.http.parameter("id").unwrap_or_default())?,
            false => self.card_id(id)?,
        };
        let takes_reason = operation.facts().takes_reason;
        let reason = if takes_reason { Some(reason::read(request.http, self.0)?) } else { None };
        let caller = Arc::clone(request.caller);
        let judged = request.app.registry.change(move |writing| {
            let act = Act {
                by: &caller.who,
                system: System::CertiFlow,
                shown: |state| state.native(System::CertiFlow),
                operation,
                effects: effects::of(operation, reason),
                note: reason.map_or("", |reason| reason.name()),
                request: None,
            };
            writing.operate(id, &act)
        });
        let (state, evidence, source) = match judged.await? {
            // Classic Web API answers 204 if there is nothing to return, and ASP.NET Core 200.
            Judged::Done if self.0 == Dialect::G1 => return Ok(Reply::empty(StatusCode::NO_CONTENT)),
            Judged::Done => return Ok(Reply::empty(StatusCode::OK)),
            Judged::NoCard => return Err(no_card(id)),
            Judged::Refused { state, evidence, source } => (state, evidence, source),
        };
        let word = operation.native(System::CertiFlow).unwrap_or(operation.name());
        let assumed = if evidence == Evidence::Assumed { " (assumed)" } else { "" };
        Err(Problem::Refused(format!("Card {id}: {word} is not allowed in the state {state}: {source}{assumed}.")))
    }

    /// The id in a path or, in G1, in a parameter.
    fn card_id(self, part: &str) -> Result<i64, Problem> {
        let text = match self.0.id_is_parameter() {
            true => part.to_owned(),
            false => decoded(part).unwrap_or_else(|| part.to_owned()),
        };
        text.trim().parse().map_err(|_| Problem::invalid("id", &text))
    }
}

fn check_has(request: Request<'_>, privilege: Privilege) -> Result<(), Problem> {
    if request.caller.rights.has(privilege) {
        return Ok(());
    }
    Err(Problem::Forbidden { account: request.caller.name().to_owned(), privilege })
}

async fn write_list(request: Request<'_>, mut listing: Listing, shown: &'static CardShown) -> Result<Reply, Problem> {
    let now = request.app.registry.now();
    let soon = now.plus(i64::from(request.app.config.expiring_days).saturating_mul(86_400));
    let mut list = JsonList::default();
    let make = move |registry: &Registry| {
        let is_last = registry.read(|reading| reading.list(&mut listing, now, soon, shown, &mut list))?;
        Ok(list.page(is_last))
    };
    Ok(Reply::paged(Pages::begin(&request.app.registry, &request.app.bounds, make).await?))
}

fn no_card(id: i64) -> Problem {
    Problem::NoCard(format!("No card has the id {id}."))
}
