//! The API of Microsoft MIM CM: cards, what may be done with them, and the workflow of requests.
//!
//! The documents name the statuses 200, 201, 204, 403 and 500 only, and no form of errors. 400, 404 and
//! 409 with `{"Message": ...}`, the form of its platform, are assumed.

mod body;
mod carry_out;
mod create;
mod kind;
mod object;

use crate::ask::{Ask, decoded};
use crate::dispatch::{App, Found, apart, find};
use crate::registry::{Caller, Card, Request};
use crate::reply::Reply;
use crate::{Empty, Error, ErrorProfile, Form, Switches, Whose, registry};
use axum::http::{StatusCode, header};
use body::Body;
use cardwright_core::Named as _;
use cardwright_core::identity::Guid;
use cardwright_core::mim::{Endpoint, Permission, RequestKind};
use object::{RequestObject, SmartcardObject};
use serde_json::json;
use std::sync::Arc;

/// What stops a request: an answer, or a fault of the registry, which undoes what was done.
enum Stop {
    Answer(Reply),
    Fault(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Fault(error)
    }
}

/// What comes of a request.
type Flow = Result<Reply, Stop>;

/// An error in the form of ASP.NET Web API.
fn message(status: StatusCode, text: &str) -> Reply {
    Reply::json(status, &json!({ "Message": text }))
}

fn stop(status: StatusCode, text: &str) -> Stop {
    Stop::Answer(message(status, text))
}

/// Who asks, and of what sort of server.
struct Asker<'a> {
    caller: &'a Caller,
    switches: Switches,
}

/// Answers a request for a path below the virtual folder.
pub(crate) async fn answer(app: &Arc<App>, caller: &Arc<Caller>, ask: &Arc<Ask>, path: &str) -> Reply {
    let (endpoint, [first, second]) = match find(&Endpoint::ALL, Endpoint::route, &ask.method, path) {
        Found::Endpoint(endpoint, arguments) => (endpoint, arguments),
        Found::WrongMethod(allow) => {
            let text = "The requested resource does not support this method.";
            return message(StatusCode::METHOD_NOT_ALLOWED, text).with(header::ALLOW, allow);
        }
        Found::Nothing => return message(StatusCode::NOT_FOUND, "No such resource."),
    };
    let switches = app.config.switches;
    let (whose, asked) = (Arc::clone(caller), Arc::clone(ask));
    let settled = match endpoint {
        Endpoint::Smartcard | Endpoint::Operations | Endpoint::Request => {
            let asker = Asker { caller, switches };
            app.registry.read(|reading| settle(asker.read(reading, endpoint, ask, first)))
        }
        Endpoint::Smartcards => {
            let list = move |app: &App| {
                let asker = Asker { caller: &whose, switches };
                app.registry.read(|reading| settle(asker.read(reading, endpoint, &asked, "")))
            };
            apart(app, list).await
        }
        Endpoint::CreateRequest | Endpoint::AssignSmartcard | Endpoint::UpdateSmartcard | Endpoint::EndRequest => {
            let (first, second) = (first.to_owned(), second.to_owned());
            let change = move |writing: &registry::Writing<'_>| {
                let asker = Asker { caller: &whose, switches };
                settle(asker.write(writing, endpoint, &asked, &first, &second))
            };
            app.registry.change(change).await
        }
    };
    settled.unwrap_or_else(|error| match error {
        Error::Busy => {
            let text = "Too many changes wait already.";
            message(StatusCode::SERVICE_UNAVAILABLE, text).with(header::RETRY_AFTER, "1")
        }
        _ => message(StatusCode::INTERNAL_SERVER_ERROR, "An error has occurred."),
    })
}

/// A refusal is an answer like others: what the audit log says of it is kept.
fn settle(flow: Flow) -> Result<Reply, Error> {
    match flow {
        Ok(reply) | Err(Stop::Answer(reply)) => Ok(reply),
        Err(Stop::Fault(error)) => Err(error),
    }
}

impl Asker<'_> {
    fn read(&self, reading: &registry::Reading<'_>, endpoint: Endpoint, ask: &Ask, id: &str) -> Flow {
        match endpoint {
            Endpoint::Smartcard => {
                let card = self.card(reading, id)?;
                Ok(self.show(&card))
            }
            Endpoint::Operations => {
                let card = self.card(reading, id)?;
                let allowed = card.template.map(|template| reading.allowed_kinds(template)).transpose()?;
                let words = kind::words(self.caller, &card, &allowed.unwrap_or_default());
                Ok(Reply::json(StatusCode::OK, &words))
            }
            Endpoint::Request => {
                let request = self.request(reading, id)?;
                Ok(Reply::json(StatusCode::OK, &RequestObject::new(&request)))
            }
            _ => match ask.parameter("cardid") {
                Some(text) => {
                    let card = reading.card_by_card_id(uuid_in("cardid", text)?)?;
                    if let Some(card) = &card {
                        self.check_sees(card)?;
                    }
                    Ok(self.list(card.as_slice(), self.switches.mim_form != Form::List))
                }
                None => {
                    let sees_all = self.switches.mim_smartcards == Whose::All && self.caller.may(Permission::Audit);
                    let cards = if sees_all { reading.all_cards()? } else { reading.cards_of(self.caller.user)? };
                    Ok(self.list(&cards, self.switches.mim_form == Form::Object))
                }
            },
        }
    }

    fn write(&self, writing: &registry::Writing<'_>, endpoint: Endpoint, ask: &Ask, first: &str, second: &str) -> Flow {
        let body = Body::parse(&ask.body)?;
        match endpoint {
            Endpoint::CreateRequest => self.create(writing, &body),
            Endpoint::AssignSmartcard => self.assign(writing, &body),
            Endpoint::UpdateSmartcard => {
                let request = self.request(writing, first)?;
                let card = self.card(writing, second)?;
                self.update(writing, &body, request, &card)
            }
            _ => {
                let request = self.request(writing, first)?;
                self.end(writing, &body, request)
            }
        }
    }

    fn show(&self, card: &Card) -> Reply {
        Reply::json(StatusCode::OK, &SmartcardObject::new(card, self.switches.mim_status))
    }

    /// Cards as a list, or where there is one as an object. An object that is not there is 204: the
    /// documents name that status and do not say when.
    fn list(&self, cards: &[Card], as_object: bool) -> Reply {
        match cards {
            [card] if as_object => self.show(card),
            [] if as_object || self.switches.mim_empty == Empty::NoContent => Reply::empty(StatusCode::NO_CONTENT),
            _ => {
                let object = |card| SmartcardObject::new(card, self.switches.mim_status);
                Reply::json(StatusCode::OK, &cards.iter().map(object).collect::<Vec<_>>())
            }
        }
    }

    /// The status for a card that may not have an operation.
    fn refusal(&self) -> StatusCode {
        let status = self.switches.refusal.status(ErrorProfile::AspNetCore);
        StatusCode::from_u16(status).unwrap_or(StatusCode::CONFLICT)
    }

    /// The card with an id in a path, if the caller may see it.
    fn card(&self, reading: &registry::Reading<'_>, part: &str) -> Result<Card, Stop> {
        let uuid = uuid_in("smartcard", &decoded(part).unwrap_or_default())?;
        let card = reading.card_by_uuid(uuid)?.ok_or_else(|| no_card(uuid))?;
        self.check_sees(&card)?;
        Ok(card)
    }

    /// The request with an id in a path, if the caller may see it.
    fn request(&self, reading: &registry::Reading<'_>, part: &str) -> Result<Request, Stop> {
        self.request_by(reading, uuid_in("request", &decoded(part).unwrap_or_default())?)
    }

    fn request_by(&self, reading: &registry::Reading<'_>, uuid: Guid) -> Result<Request, Stop> {
        let request = reading.request(uuid)?;
        let request = request.ok_or_else(|| stop(StatusCode::NOT_FOUND, &format!("No request has the id {uuid}.")))?;
        let is_own = [request.originator, request.target].contains(&self.caller.user);
        if !is_own {
            self.check_may(Permission::Audit)?;
        }
        Ok(request)
    }

    /// A caller sees its own cards; those of others, and those of nobody, need Audit.
    fn check_sees(&self, card: &Card) -> Result<(), Stop> {
        if card.user == Some(self.caller.user) { Ok(()) } else { self.check_may(Permission::Audit) }
    }

    fn check_may(&self, permission: Permission) -> Result<(), Stop> {
        if self.caller.may(permission) {
            return Ok(());
        }
        let text = format!("The account {} lacks the permission \"{}\".", self.caller.name, permission.name());
        Err(stop(StatusCode::FORBIDDEN, &text))
    }

    /// Whoever carries out a request needs the permission to make one, and is its originator, its
    /// target, or an enrollment agent. The documents say "Execute permission" only.
    fn check_carries_out(&self, request: &Request) -> Result<(), Stop> {
        self.check_may(request.kind.permission())?;
        if [request.originator, request.target].contains(&self.caller.user) {
            return Ok(());
        }
        self.check_may(Permission::EnrollmentAgent)
    }
}

fn uuid_in(name: &str, text: &str) -> Result<Guid, Stop> {
    Guid::parse(text.trim()).map_err(|_| stop(StatusCode::BAD_REQUEST, &format!("{name}: {text:?} is no GUID.")))
}

fn no_card(uuid: Guid) -> Stop {
    stop(StatusCode::NOT_FOUND, &format!("No smart card has the id {uuid}."))
}

/// A request and its card, as a sentence names them.
fn named_request(uuid: Guid, kind: RequestKind) -> String {
    format!("Request {uuid} ({})", kind.name())
}
