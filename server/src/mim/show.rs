//! Reading cards, what may be done with them, and requests.

use super::flow::{Flow, Stop, stop, uuid_in};
use super::handler::Handler;
use super::kind;
use super::object::{RequestObject, SmartcardObject};
use crate::http_request::HttpRequest;
use crate::registry::{Card, Reading, WantedRequests};
use crate::reply::Reply;
use crate::{Empty, Error, Form, Whose};
use axum::http::StatusCode;
use cardwright_core::Named as _;
use cardwright_core::mim::{Permission, RequestQuery, RequestStatus};

impl Handler {
    /// The caller's cards, or all cards that it may see; or the card with this `cardid`.
    pub(super) fn smartcards(&self, reading: &Reading<'_>, card_id: Option<&str>) -> Flow {
        let Some(text) = card_id else {
            let sees_all = self.switches.mim_smartcards == Whose::All && self.caller.rights.may(Permission::Audit);
            let cards = if sees_all { reading.all_cards()? } else { reading.cards_of(self.caller.user)? };
            return Ok(self.list(&cards, self.switches.mim_form == Form::Object));
        };
        let card = reading.card_by_card_id(uuid_in("cardid", text)?)?;
        if let Some(card) = &card {
            self.check_sees(card)?;
        }
        Ok(self.list(card.as_slice(), self.switches.mim_form != Form::List))
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
    pub(super) fn requests(&self, reading: &Reading<'_>, http: &HttpRequest) -> Flow {
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
        let wanted = WantedRequests { statuses: status.into_iter().collect(), target, party, card: None };
        let mut body = b"[".to_vec();
        reading.each_request(&wanted, |request| {
            if body.len() > 1 {
                body.push(b',');
            }
            serde_json::to_writer(&mut body, &RequestObject(&request)).map_err(|_| Error::Corrupt("a request"))
        })?;
        if body.len() == 1 && self.switches.mim_empty == Empty::NoContent {
            return Ok(Reply::empty(StatusCode::NO_CONTENT));
        }
        body.push(b']');
        Ok(Reply::written(body))
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

/// A status of requests by its name, in upper or lower case.
fn status_in(word: &str) -> Result<RequestStatus, Stop> {
    RequestStatus::from_name(word).ok_or_else(|| {
        let names: Vec<&str> = RequestStatus::ALL.iter().map(|status| status.name()).collect();
        let text = format!("status: {word:?} is none of {}.", names.join(", "));
        stop(StatusCode::BAD_REQUEST, &text)
    })
}
