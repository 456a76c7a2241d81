//! The API of Axidian CertiFlow, in each of its dialects: what one has, the core knows, and here is what a call does.
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
use crate::registry::{Act, CardShown, Judged, Listed, Listing, Wanted};
use crate::reply::Reply;
use crate::route::{Found, find};
use crate::{ErrorProfile, Generation, Registry, Switches};
use axum::body::Bytes;
use axum::http::StatusCode;
use cardwright_core::Named as _;
use cardwright_core::certiflow::{Action, Dialect, Endpoint, Privilege};
use cardwright_core::http::Route;
use cardwright_core::lifecycle::{Evidence, Operation, System};
use problem::Problem;
use std::borrow::Cow;
use std::sync::Arc;

/// The API in a dialect.
#[derive(Debug)]
pub(crate) struct CertiFlow {
    dialect: Dialect,
    base: Cow<'static, str>,
    /// How it shows a card.
    card: Arc<CardShown>,
    document: Bytes,
}

/// Where ASP.NET Core puts the document.
const DOCUMENT: &str = "swagger/v1/swagger.json";

/// The document of a dialect at its usual base.
const fn document(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::G1 => include_str!("../openapi/certiflow-g1.json"),
        Dialect::G2 => include_str!("../openapi/certiflow-g2.json"),
        Dialect::G3 => include_str!("../openapi/certiflow-g3.json"),
        Dialect::G4 => include_str!("../openapi/certiflow-g4.json"),
        Dialect::G5 => include_str!("../openapi/certiflow-g5.json"),
        Dialect::G6 => include_str!("../openapi/certiflow-g6.json"),
        Dialect::G7 => include_str!("../openapi/certiflow-g7.json"),
        // Nobody has written it yet.
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => "{}",
    }
}

impl CertiFlow {
    /// A generation of the API at its base.
    pub(crate) fn new(generation: Generation) -> Self {
        let dialect = generation.dialect();
        let text = document(dialect);
        let document = if generation.base() == dialect.base() {
            Bytes::from_static(text.as_bytes())
        } else {
            // A base has no character that JSON writes otherwise.
            let url = |base: &str| format!(r#""url": "{base}""#);
            text.replacen(&url(dialect.base()), &url(generation.base()), 1).into()
        };
        CertiFlow { dialect, base: generation.into_base(), card: Arc::new(object::card(dialect)), document }
    }

    /// The form of the dialect's errors: the platform of the older ones has only one.
    const fn profile(&self, switches: &Switches) -> ErrorProfile {
        if self.dialect.is_classic() { ErrorProfile::Classic } else { switches.certiflow_errors }
    }

    fn endpoints(&self) -> impl Iterator<Item = (Endpoint, &'static Route)> {
        let dialect = self.dialect;
        Endpoint::ALL.into_iter().filter_map(move |endpoint| Some((endpoint, endpoint.route_in(dialect)?)))
    }
}

impl Api for CertiFlow {
    fn base(&self) -> &str {
        &self.base
    }

    fn label(&self) -> Cow<'static, str> {
        self.base.clone()
    }

    fn routes(&self) -> Vec<&'static Route> {
        self.endpoints().map(|endpoint| endpoint.1).collect()
    }

    fn document(&self) -> Option<Document> {
        Some(Document { path: DOCUMENT, text: self.document.clone() })
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
    async fn handle(&self, request: Request<'_>) -> Result<Reply, Problem> {
        let (endpoint, id) = match find(self.endpoints(), &request.http.method, request.path) {
            Found::Endpoint(endpoint, [id, _]) => (endpoint, id),
            Found::WrongMethod(allow) => return Err(Problem::WrongMethod(allow)),
            Found::Nothing => return Err(Problem::NoRoute),
        };
        self.check_has(request, endpoint.privilege())?;
        match endpoint.action() {
            Action::List => self.list(request, filter::read(request.http, self.dialect)?).await,
            Action::ListOfUser => self.list(request, filter::of_user(request.http, self.dialect)?).await,
            Action::Show => self.one(request, id).await,
            Action::Operate(operation) => self.operate(request, id, operation).await,
            #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
            _ => Err(Problem::NoRoute),
        }
    }

    async fn list(&self, request: Request<'_>, listing: Listing) -> Result<Reply, Problem> {
        if listing.wanted.iter().any(|wanted| matches!(wanted, Wanted::User(..) | Wanted::Nothing)) {
            self.check_has(request, Privilege::FindingUsers)?;
        }
        write_list(request, listing, Arc::clone(&self.card)).await
    }

    async fn one(&self, request: Request<'_>, id: &str) -> Result<Reply, Problem> {
        let (id, shown) = (self.card_id(id)?, Arc::clone(&self.card));
        let show = move |registry: &Registry| registry.read_one(|reading| reading.card_object(id, &shown));
        let card = request.app.registry.look(show).await?;
        Ok(Reply::written(card.ok_or_else(|| no_card(id))?))
    }

    async fn operate(&self, request: Request<'_>, id: &str, operation: Operation) -> Result<Reply, Problem> {
        let id = match self.dialect.id_is_parameter() {
            true => self.card_id(request.http.parameter("id").unwrap_or_default())?,
            false => self.card_id(id)?,
        };
        let takes_reason = operation.facts().takes_reason;
        let reason = if takes_reason { Some(reason::read(request.http, self.dialect)?) } else { None };
        let effects = effects::of(operation, reason).ok_or(Problem::NoRoute)?;
        let caller = Arc::clone(request.caller);
        let judged = request.app.registry.change(move |writing| {
            let act = Act {
                by: &caller.who,
                system: System::CertiFlow,
                shown: |state| state.native(System::CertiFlow),
                operation,
                effects,
                note: reason.map_or("", |reason| reason.name()),
                request: None,
            };
            writing.operate(id, &act)
        });
        let (state, evidence, source) = match judged.await? {
            // Classic Web API answers 204 if there is nothing to return, and ASP.NET Core 200.
            Judged::Done if self.dialect.is_classic() => return Ok(Reply::empty(StatusCode::NO_CONTENT)),
            Judged::Done => return Ok(Reply::empty(StatusCode::OK)),
            Judged::NoCard => return Err(no_card(id)),
            Judged::Refused { state, evidence, source } => (state, evidence, source),
        };
        let word = operation.native(System::CertiFlow).unwrap_or(operation.name());
        let assumed = if evidence == Evidence::Assumed { " (assumed)" } else { "" };
        Err(Problem::Refused(format!("Card {id}: {word} is not allowed in the state {state}: {source}{assumed}.")))
    }

    /// The id in a path, or in a parameter where the dialect has it there.
    fn card_id(&self, part: &str) -> Result<i64, Problem> {
        let text = match self.dialect.id_is_parameter() {
            true => part.to_owned(),
            false => decoded(part).unwrap_or_else(|| part.to_owned()),
        };
        text.trim().parse().map_err(|_| Problem::invalid("id", &text))
    }

    /// Whether the caller has a privilege. One that the dialect does not know, nobody needs.
    fn check_has(&self, request: Request<'_>, privilege: Privilege) -> Result<(), Problem> {
        match privilege.name_in(self.dialect) {
            Some(name) if !request.caller.rights.has(privilege) => {
                Err(Problem::Forbidden { account: request.caller.name().to_owned(), privilege: name })
            }
            _ => Ok(()),
        }
    }
}

async fn write_list(request: Request<'_>, mut listing: Listing, shown: Arc<CardShown>) -> Result<Reply, Problem> {
    let now = request.app.registry.now();
    let soon = now.plus(i64::from(request.app.config.expiring_days).saturating_mul(86_400));
    let mut list = JsonList::default();
    let make = move |registry: &Registry| {
        let listed = Listed { now, soon, shown: &shown };
        let is_last = registry.read_one(|reading| reading.list(&mut listing, listed, &mut list))?;
        Ok(list.page(is_last))
    };
    Ok(Reply::paged(Pages::begin(&request.app.registry, &request.app.bounds, make).await?))
}

fn no_card(id: i64) -> Problem {
    Problem::NoCard(format!("No card has the id {id}."))
}
