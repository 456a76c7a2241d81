//! The server's own API below `/_cardwright/v1`: what neither vendor's API has. Who did what, which requests wait,
//! decisions on them, and accounts.
//!
//! Answers are JSON, and errors `{"error": "..."}`. A parameter or a member of a body that is not known is an error: a
//! filter that was passed over would show what was not asked for. [`crate::Config::operator`] switches it on.

mod accounts;
mod audit;
mod flow;
mod parameters;
mod requests;

use crate::Error;
use crate::app::App;
use crate::http_request::HttpRequest;
use crate::metrics::MEDIA_TYPE;
use crate::operator;
use crate::registry::Caller;
use crate::reply::Reply;
use crate::route::{Found, find};
use axum::http::{StatusCode, header};
use cardwright_core::http::{Method, Route};
use flow::{Flow, settle, wrong};
use std::sync::Arc;

/// A call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Endpoint {
    Audit,
    Requests,
    Approve,
    Deny,
    Fail,
    Accounts,
    Account,
    Roles,
    Metrics,
}

impl Endpoint {
    const ALL: [Endpoint; 9] = [
        Endpoint::Audit,
        Endpoint::Requests,
        Endpoint::Approve,
        Endpoint::Deny,
        Endpoint::Fail,
        Endpoint::Accounts,
        Endpoint::Account,
        Endpoint::Roles,
        Endpoint::Metrics,
    ];

    const fn route(self) -> &'static Route {
        const fn route(method: Method, path: &'static str) -> Route {
            Route::new(method, path)
        }
        match self {
            Endpoint::Audit => const { &route(Method::Get, "audit") },
            Endpoint::Requests => const { &route(Method::Get, "requests") },
            Endpoint::Approve => const { &route(Method::Post, "requests/{id}/approve") },
            Endpoint::Deny => const { &route(Method::Post, "requests/{id}/deny") },
            Endpoint::Fail => const { &route(Method::Post, "requests/{id}/fail") },
            Endpoint::Accounts => const { &route(Method::Get, "accounts") },
            Endpoint::Account => const { &route(Method::Put, "accounts/{name}") },
            Endpoint::Roles => const { &route(Method::Get, "roles") },
            Endpoint::Metrics => const { &route(Method::Get, "metrics") },
        }
    }

    /// The parameters that it takes.
    const fn parameters(self) -> &'static [&'static str] {
        match self {
            Endpoint::Audit => audit::PARAMETERS,
            Endpoint::Requests => requests::PARAMETERS,
            _ => &[],
        }
    }
}

/// The routes below [`crate::bases::OWN`].
pub(crate) fn routes() -> impl Iterator<Item = &'static Route> {
    Endpoint::ALL.into_iter().map(Endpoint::route)
}

/// `GET metrics`: figures for a monitor.
fn metrics(app: &App, caller: &Caller) -> Flow {
    audit::check_audit(caller)?;
    let shown = app.metrics.show(&app.registry).map_err(|error| Error::Database(Box::new(error)))?;
    Ok(Reply::raw(StatusCode::OK, Some(MEDIA_TYPE.into()), shown.into_bytes()))
}

/// Answers a request for a path below [`crate::bases::OWN`].
pub(crate) async fn answer(app: &Arc<App>, caller: &Arc<Caller>, http: &HttpRequest, path: &str) -> Reply {
    let endpoints = Endpoint::ALL.map(|endpoint| (endpoint, endpoint.route()));
    let (endpoint, argument) = match find(endpoints, &http.method, path) {
        Found::Endpoint(endpoint, [argument, _]) => (endpoint, argument),
        Found::WrongMethod(allow) => {
            let text = "The call has another method.";
            return wrong(StatusCode::METHOD_NOT_ALLOWED, text).with(header::ALLOW, allow);
        }
        Found::Nothing => return wrong(StatusCode::NOT_FOUND, "No such call."),
    };
    let parameters = match parameters::read(http, endpoint.parameters()) {
        Ok(parameters) => parameters,
        Err(why) => return wrong(StatusCode::BAD_REQUEST, &why),
    };
    match endpoint {
        Endpoint::Audit => settle(audit::list(app, caller, &parameters).await),
        Endpoint::Requests => settle(requests::list(app, caller, &parameters).await),
        Endpoint::Approve => operator::decide(app, caller, argument, "approve").await,
        Endpoint::Deny => operator::decide(app, caller, argument, "deny").await,
        Endpoint::Fail => operator::decide(app, caller, argument, "fail").await,
        Endpoint::Accounts => settle(accounts::list(app, caller).await),
        Endpoint::Account => settle(accounts::put(app, caller, argument, http).await),
        Endpoint::Roles => settle(accounts::roles(app, caller).await),
        Endpoint::Metrics => settle(metrics(app, caller)),
    }
}
