//! Reading cards, what may be done with them, and requests.

use super::flow::{Flow, Stop, settle, stop, uuid_in};
use super::handler::Handler;
use super::kind;
use super::object::{RequestObject, SmartcardObject};
use crate::app::App;
use crate::http_request::HttpRequest;
use crate::json_list::JsonList;
use crate::pages::Pages;
use crate::registry::{Card, Reading, WantedRequests};
use crate::reply::Reply;
use crate::{Empty, Error, Form, Registry, Whose};
use axum::http::StatusCode;
use cardwright_core::Named as _;
use cardwright_core::mim::{Permission, RequestQuery, RequestStatus};
use serde::Serialize;
use std::sync::Arc;

/// How many cards are read at a time.
const BATCH: usize = 200;

impl Handler {
    /// The caller's cards, or the card with this `cardid`.
    pub(super) fn smartcards(&self, reading: &Reading<'_>, card_id: Option<&str>) -> Flow {
        let Some(text) = card_id else {
            let cards = reading.cards_of(self.caller.user)?;
            return Ok(self.list(&cards, self.switches.mim_form == Form::Object));
        };
        let card = reading.card_by_card_id(uuid_in("cardid", text)?)?;
        if let Some(card) = &card {
            self.check_sees(card)?;
        }
        Ok(self.list(card.as_slice(), self.switches.mim_form != Form::List))
    }

    /// Whether the list of cards has those of everybody.
    pub(super) fn lists_all(&self) -> bool {
        self.switches.mim_smartcards == Whose::All && self.caller.rights.may(Permission::Audit)
    }

    /// The cards of everybody.
    pub(super) async fn all_smartcards(self, app: &Arc<App>) -> Result<Reply, Error> {
        // What has two elements is a list, whatever the switches say of none and one.
        let few = app.registry.look(|registry| registry.read_one(|reading| reading.cards_after(i64::MIN, 2))).await?;
        if few.len() < 2 {
            return Ok(self.list(&few, self.switches.mim_form == Form::Object));
        }
        let (mut list, mut after) = (JsonList::default(), i64::MIN);
        let make = move |registry: &Registry| {
            let cards = registry.read(|reading| reading.cards_after(after, BATCH))?;
            for card in &cards {
                list.add(&[&json(&self.object(card))?]);
                after = card.id;
            }
            Ok(list.page(cards.len() < BATCH))
        };
        Ok(Reply::paged(Pages::begin(&app.registry, &app.bounds, make).await?))
    }

    pub(super) fn smartcard(&self, reading: &Reading<'_>, id: &str) -> Flow {
        Ok(self.show(&self.card(reading, id)?))
    }

    pub(super) fn operations(&self, reading: &Reading<'_>, id: &str) -> Flow {
        let card = self.card(reading, id)?;
        let allowed = card.template.map(|template| reading.allowed_kinds(template)).transpose()?;
        let words = kind::words(&self.caller, &card, &allowed.unwrap_or_default());
        Ok(Reply::json(StatusCode::OK, &words))
    }

    /// The requests that the caller may see: its own ones, and with Audit all. The newest is the last.
    pub(super) async fn requests(self, app: &Arc<App>, http: &HttpRequest) -> Result<Reply, Error> {
        let mut wanted = match self.wanted_requests(http) {
            Ok(wanted) => wanted,
            Err(stop) => return settle(Err(stop)),
        };
        if self.switches.mim_empty == Empty::NoContent && self.finds_none(app, &wanted).await? {
            return Ok(Reply::empty(StatusCode::NO_CONTENT));
        }
        let mut list = JsonList::default();
        let make = move |registry: &Registry| {
            let (requests, is_last) = registry.read(|reading| reading.next_requests(&mut wanted))?;
            for request in &requests {
                list.add(&[&json(&RequestObject(request))?]);
            }
            Ok(list.page(is_last))
        };
        Ok(Reply::paged(Pages::begin(&app.registry, &app.bounds, make).await?))
    }

    async fn finds_none(&self, app: &App, wanted: &WantedRequests) -> Result<bool, Error> {
        let wanted = wanted.clone();
        let find = move |registry: &Registry| registry.read_one(|reading| reading.requests(&wanted, 1));
        Ok(app.registry.look(find).await?.is_empty())
    }

    /// The requests that a caller asks for and may see.
    fn wanted_requests(&self, http: &HttpRequest) -> Result<WantedRequests, Stop> {
        let status = match http.parameter("status") {
            None => None,
            Some(word) => Some(status_in(word)?),
        };
        let target = match http.parameter("targetuser") {
            None => None,
            Some(word) if word.eq_ignore_ascii_case(RequestQuery::CURRENT) => Some(self.caller.user),
            Some(word) => {
                let text = format!("targetuser: {word:?} is not supported; {} is.", RequestQuery::CURRENT);
                return Err(stop(StatusCode::BAD_REQUEST, &text));
            }
        };
        let party = (!self.caller.rights.may(Permission::Audit)).then_some(self.caller.user);
        Ok(WantedRequests { statuses: status.into_iter().collect(), target, party, ..WantedRequests::default() })
    }

    pub(super) fn show_request(&self, reading: &Reading<'_>, id: &str) -> Flow {
        Ok(Reply::json(StatusCode::OK, &RequestObject(&self.request(reading, id)?)))
    }

    pub(super) fn show(&self, card: &Card) -> Reply {
        Reply::json(StatusCode::OK, &self.object(card))
    }

    /// Cards as a list or, if there is one and the form is an object, as that. A missing object is 204: the
    /// documents name that status and do not say when.
    fn list(&self, cards: &[Card], as_object: bool) -> Reply {
        match cards {
            [card] if as_object => self.show(card),
            [] if as_object || self.switches.mim_empty == Empty::NoContent => Reply::empty(StatusCode::NO_CONTENT),
            _ => {
                let objects: Vec<_> = cards.iter().map(|card| self.object(card)).collect();
                Reply::json(StatusCode::OK, &objects)
            }
        }
    }

    const fn object<'a>(&self, card: &'a Card) -> SmartcardObject<'a> {
        SmartcardObject { card, scheme: self.switches.mim_status }
    }
}

fn json(object: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(object).map_err(|error| Error::Database(Box::new(error)))
}

/// A status of requests by its name, in upper or lower case.
fn status_in(word: &str) -> Result<RequestStatus, Stop> {
    RequestStatus::from_name(word).ok_or_else(|| {
        let names: Vec<&str> = RequestStatus::ALL.iter().map(|status| status.name()).collect();
        let text = format!("status: {word:?} is none of {}.", names.join(", "));
        stop(StatusCode::BAD_REQUEST, &text)
    })
}
