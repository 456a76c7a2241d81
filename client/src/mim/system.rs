//! MIM CM as one of the systems.

use super::{Mim, MimCard, RequestFilter};
use crate::any::AnyCard;
use crate::client::Client;
use crate::error::Error;
use crate::operate::Planned;
use crate::outcome::Outcome;
use crate::system::{AnyCards, AnyRequests, CardSystem, Job, Listed, wrong_system};
use cardwright_core::Code;
use cardwright_core::certiflow::Query;
use cardwright_core::identity::{Find as _, Spelling};
use cardwright_core::json::Field;
use cardwright_core::lifecycle::{System, Verdict};
use cardwright_core::mim::{OwnedRequest, OwnedSmartcard, Smartcard, listed_operation};
use cardwright_http::Transport;

impl CardSystem for Client<Mim> {
    fn system(&self) -> System {
        System::Mim
    }

    fn transport(&self) -> &Transport {
        &self.transport
    }

    fn fields(&self) -> &'static [Field] {
        Smartcard::FIELDS
    }

    fn columns(&self) -> &'static [&'static str] {
        &["UUID", "SERIAL NUMBER", "STATUS", "USER", "MIDDLEWARE"]
    }

    fn lists_operations(&self) -> bool {
        true
    }

    fn check_query(&self, query: &Query<'_>) -> Result<(), cardwright_core::Error> {
        match query.is_filter() {
            true => Err(cardwright_core::Error::of(Code::NoSuchParameter, "MIM CM has no filters")),
            false => Ok(()),
        }
    }

    fn cards(&self, query: Query<'_>) -> Result<AnyCards, Error> {
        self.check_query(&query)?;
        let scheme = self.status_scheme();
        let cards = self.smartcards()?.map(move |card| card.map(|card| AnyCard::Mim(MimCard::new(card, scheme))));
        let take = query.count.map_or(usize::MAX, |count| count as usize);
        Ok(Box::new(cards.skip(query.offset.unwrap_or(0) as usize).take(take)))
    }

    fn card(&self, id: &str) -> Result<Option<AnyCard>, Error> {
        Ok(self.smartcard(id)?.map(|card| self.any(card)))
    }

    fn find(&self, serial: &str) -> Result<Option<AnyCard>, Error> {
        Ok(self.find(serial)?.map(|card| self.any(card)))
    }

    fn find_each(&self, serial: &Spelling, found: &mut dyn FnMut(AnyCard)) -> Result<(), Error> {
        let mut client = self;
        (&mut client).find(serial, &mut |card| found(self.any(card)))
    }

    fn operations(&self, card: &AnyCard) -> Result<Vec<Listed>, Error> {
        let MimCard { card, state } = own(card)?;
        let words = self.operations(card)?.into_iter();
        Ok(words
            .map(|word| {
                let operation = listed_operation(&word);
                let verdict = state.zip(operation).map(|(state, operation)| Verdict::of(state, operation));
                Listed { word, operation, verdict, by_server: true }
            })
            .collect())
    }

    fn plan_by_id(&self, id: &str, job: &Job) -> Result<Vec<Planned>, Error> {
        self.plan_by_id(id, job.operation, &job.comment)
    }

    fn request(&self, id: &str) -> Result<OwnedRequest, Error> {
        self.request(id)
    }

    fn requests(&self, filter: &RequestFilter) -> Result<AnyRequests, Error> {
        Ok(Box::new(self.requests(filter)?))
    }

    fn cancel_request(&self, request: &str) -> Result<OwnedRequest, Error> {
        self.cancel_request(request)
    }

    fn go_on(&self, request: &str) -> Result<Outcome<AnyCard>, Error> {
        Ok(self.go_on(request)?.map(|card| self.any(card)))
    }
}

impl Client<Mim> {
    fn any(&self, card: OwnedSmartcard) -> AnyCard {
        AnyCard::Mim(self.record(card))
    }
}

fn own(card: &AnyCard) -> Result<&MimCard, Error> {
    match card {
        AnyCard::Mim(card) => Ok(card),
        _ => Err(wrong_system()),
    }
}
