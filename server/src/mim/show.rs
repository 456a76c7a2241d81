//! Reading cards, what may be done with them, and requests.

use super::flow::{Flow, uuid_in};
use super::handler::Handler;
use super::kind;
use super::object::{RequestObject, SmartcardObject};
use crate::registry::{Card, Reading};
use crate::reply::Reply;
use crate::{Empty, Form, Whose};
use axum::http::StatusCode;
use cardwright_core::mim::Permission;

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
