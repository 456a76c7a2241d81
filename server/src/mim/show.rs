//! Reading cards, what may be done with them, and requests.

use super::flow::{Flow, uuid_in};
use super::handler::Handler;
use super::kind;
use super::object::{RequestObject, SmartcardObject};
use crate::app::App;
use crate::pages::{JsonList, Pages};
use crate::registry::{Card, Reading};
use crate::reply::Reply;
use crate::{Empty, Error, Form, Registry, Whose};
use axum::http::StatusCode;
use cardwright_core::mim::Permission;
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
        let few = app.registry.read(|reading| reading.cards_after(i64::MIN, 2))?;
        if few.len() < 2 {
            return Ok(self.list(&few, self.switches.mim_form == Form::Object));
        }
        let (mut list, mut after) = (JsonList::default(), i64::MIN);
        let make = move |registry: &Registry| {
            let cards = registry.read(|reading| reading.cards_after(after, BATCH))?;
            for card in &cards {
                let object =
                    serde_json::to_vec(&self.object(card)).map_err(|error| Error::Database(Box::new(error)))?;
                list.add(&[&object]);
                after = card.id;
            }
            Ok(list.page(cards.len() < BATCH))
        };
        Pages::answer(app, make).await
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
