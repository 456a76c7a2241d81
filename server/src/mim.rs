//! The API of Microsoft MIM CM: cards, what may be done with them, and the workflow of requests.
//!
//! The documents name the statuses 200, 201, 204, 403 and 500 only, and no form of errors. 400, 404 and
//! 409 with `{"Message": ...}`, the form of its platform, are assumed.

mod body;
mod carry_out;
mod create;
mod flow;
mod handler;
mod kind;
mod object;
mod show;
mod status;

use crate::api::{Answering, Api, Document, Request};
use crate::app::{App, spawn_blocking};
use crate::bases::MIM;
use crate::registry::{Extent, Reading, Writing};
use crate::reply::Reply;
use crate::route::{Found, find};
use crate::{Error, Registry, Switches};
use axum::body::Bytes;
use axum::http::{StatusCode, header};
use body::Body;
use cardwright_core::http::Route;
use cardwright_core::mim::Endpoint;
use flow::{Flow, message, settle};
use handler::Handler;
use std::borrow::Cow;
use std::sync::Arc;

/// The API. Its base is the virtual folder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mim;

/// MIM CM has no such document, so its address is ours.
const DOCUMENT: &[u8] = include_bytes!("../openapi/mim.json");

impl Api for Mim {
    fn base(&self) -> &str {
        MIM
    }

    fn label(&self) -> Cow<'static, str> {
        MIM.into()
    }

    fn routes(&self) -> Vec<&'static Route> {
        Endpoint::ALL.map(Endpoint::route).to_vec()
    }

    fn is_on(&self, switches: &Switches) -> bool {
        switches.mim_api
    }

    fn document(&self) -> Option<Document> {
        Some(Document { path: "api/openapi.json", text: Bytes::from_static(DOCUMENT) })
    }

    fn answer<'a>(&'a self, request: Request<'a>) -> Answering<'a> {
        Box::pin(answer(request))
    }
}

async fn answer(request: Request<'_>) -> Reply {
    let endpoints = Endpoint::ALL.map(|endpoint| (endpoint, endpoint.route()));
    let (endpoint, [first, second]) = match find(endpoints, &request.http.method, request.path) {
        Found::Endpoint(endpoint, arguments) => (endpoint, arguments),
        Found::WrongMethod(allow) => {
            let text = "The requested resource does not support this method.";
            return message(StatusCode::METHOD_NOT_ALLOWED, text).with(header::ALLOW, allow);
        }
        Found::Nothing => return message(StatusCode::NOT_FOUND, "No such resource."),
    };
    let handler = Handler { caller: Arc::clone(request.caller), switches: request.app.config.switches };
    let registry = &request.app.registry;
    let settled = match endpoint {
        Endpoint::Smartcard => show(registry, handler, first, Extent::One, Handler::smartcard).await,
        Endpoint::Operations => show(registry, handler, first, Extent::Several, Handler::operations).await,
        Endpoint::Request => show(registry, handler, first, Extent::One, Handler::show_request).await,
        Endpoint::Smartcards if request.http.parameter("cardid").is_none() && handler.lists_all() => {
            handler.all_smartcards(request.app).await
        }
        Endpoint::Smartcards => {
            let card_id = request.http.parameter("cardid").map(str::to_owned);
            let list =
                move |app: &App| app.registry.read(|reading| settle(handler.smartcards(reading, card_id.as_deref())));
            spawn_blocking(request.app, list).await
        }
        Endpoint::Requests => handler.requests(request.app, request.http).await,
        Endpoint::CreateRequest => change(request, move |writing, body| handler.create(writing, body)).await,
        Endpoint::AssignSmartcard => change(request, move |writing, body| handler.assign(writing, body)).await,
        Endpoint::UpdateSmartcard => {
            let (first, second) = (first.to_owned(), second.to_owned());
            change(request, move |writing, body| {
                let request = handler.request(writing, &first)?;
                let card = handler.card(writing, &second)?;
                handler.update(writing, body, request, &card)
            })
            .await
        }
        Endpoint::EndRequest => {
            let first = first.to_owned();
            change(request, move |writing, body| handler.end(writing, body, handler.request(writing, &first)?)).await
        }
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => return message(StatusCode::NOT_FOUND, "No such resource."),
    };
    settled.unwrap_or_else(|error| match error {
        Error::Busy => {
            let text = "Too many changes wait already.";
            message(StatusCode::SERVICE_UNAVAILABLE, text).with(header::RETRY_AFTER, "1")
        }
        error if error.is_unavailable() => {
            let reply = message(StatusCode::SERVICE_UNAVAILABLE, "The database cannot be used at present.");
            reply.with(header::RETRY_AFTER, "1").because(error)
        }
        // Any other error is a fault of the server.
        error => message(StatusCode::INTERNAL_SERVER_ERROR, "An error has occurred.").because(error),
    })
}

/// What a call shows of the card or request whose id is in the path.
async fn show(
    registry: &Registry,
    handler: Handler,
    id: &str,
    extent: Extent,
    show: fn(&Handler, &Reading<'_>, &str) -> Flow,
) -> Result<Reply, Error> {
    let id = id.to_owned();
    let read = move |registry: &Registry| registry.read_extent(extent, |reading| settle(show(&handler, reading, &id)));
    registry.look(read).await
}

/// Carries out a change with the body of a request.
async fn change(
    request: Request<'_>,
    change: impl Fn(&Writing<'_>, &Body) -> Flow + Send + 'static,
) -> Result<Reply, Error> {
    let http = Arc::clone(request.http);
    if http.is_not_json() {
        let text = "The request's media type is not supported: application/json is expected.";
        return Ok(message(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
    }
    let change = move |writing: &Writing<'_>| settle(Body::parse(&http.body).and_then(|body| change(writing, &body)));
    request.app.registry.change(change).await
}
