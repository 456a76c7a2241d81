//! CertiFlow as one of the systems.

use super::operate::no_comment;
use super::{CertiFlow, CertiFlowCard, native_state};
use crate::any::AnyCard;
use crate::client::Client;
use crate::error::Error;
use crate::operate::Planned;
use crate::record::Record as _;
use crate::system::{AnyCards, AnyEntries, CardSystem, Job, Listed, wrong_system};
use cardwright_core::certiflow::{CardInfo, Dialect, Finding, OwnedCardInfo, Query, RevocationReason, SkziQuery};
use cardwright_core::identity::{Find as _, Spelling};
use cardwright_core::json::Field;
use cardwright_core::lifecycle::{System, legal};
use cardwright_http::Transport;

impl CardSystem for Client<CertiFlow> {
    fn system(&self) -> System {
        System::CertiFlow
    }

    fn transport(&self) -> &Transport {
        &self.transport
    }

    fn fields(&self) -> &'static [Field] {
        CardInfo::FIELDS
    }

    fn columns(&self) -> &'static [&'static str] {
        &["ID", "SERIAL NUMBER", "STATE", "USER", "TYPE", "CERTIFICATE ENDS", "LABEL"]
    }

    fn finds_by_user_alone(&self) -> bool {
        self.any_for(&Query::default()).is_err()
    }

    fn check_query(&self, query: &Query<'_>) -> Result<(), cardwright_core::Error> {
        self.any_for(query).map(|_| ())
    }

    fn cards(&self, query: Query<'_>) -> Result<AnyCards, Error> {
        let user = query.user_name.map(str::to_string);
        Ok(Box::new(self.cards(query)?.map(move |card| card.map(|card| any(card, user.as_deref())))))
    }

    fn card(&self, id: &str) -> Result<Option<AnyCard>, Error> {
        Ok(self.card(id)?.map(|card| any(card, None)))
    }

    fn card_of(&self, user: &str, key: &str) -> Result<Option<AnyCard>, Error> {
        Ok(self.card_of(user, key)?.map(|card| any(card, Some(user))))
    }

    fn find(&self, serial: &str) -> Result<Option<AnyCard>, Error> {
        Ok(self.find(serial)?.map(|card| any(card, None)))
    }

    fn find_each(&self, serial: &Spelling, found: &mut dyn FnMut(AnyCard)) -> Result<(), Error> {
        let mut client = self;
        (&mut client).find(serial, &mut |card| found(any(card, None)))
    }

    fn operations(&self, card: &AnyCard) -> Result<Vec<Listed>, Error> {
        let card = own(card)?;
        let Some(state) = native_state(&card.card.view()) else { return Ok(Vec::new()) };
        let id = card.id();
        let can_be_sent = |operation: &cardwright_core::lifecycle::Operation| {
            let reason = operation.facts().takes_reason.then_some(RevocationReason::None);
            self.plan_by_id(&id, *operation, reason).is_ok()
        };
        Ok(legal(state)
            .filter(|(operation, _)| can_be_sent(operation))
            .map(|(operation, verdict)| Listed {
                word: operation.native(System::CertiFlow).unwrap_or("").to_string(),
                operation: Some(operation),
                verdict: Some(verdict),
                by_server: false,
            })
            .collect())
    }

    fn plan_by_id(&self, id: &str, job: &Job) -> Result<Vec<Planned>, Error> {
        no_comment(job)?;
        self.plan_by_id(id, job.operation, job.reason)
    }

    fn dialect(&self) -> Option<Dialect> {
        Some(self.dialect())
    }

    fn finding(&self) -> Option<Finding> {
        self.finding()
    }

    fn found_out(&self) -> Option<Finding> {
        self.finding().filter(|_| self.given_dialect().is_none())
    }

    fn probe(&self) -> Result<Finding, Error> {
        self.probe()
    }

    fn skzi(&self, query: &SkziQuery<'_>) -> Result<AnyEntries, Error> {
        Ok(Box::new(self.skzi(*query)?))
    }
}

fn any(card: OwnedCardInfo, found_by: Option<&str>) -> AnyCard {
    AnyCard::CertiFlow(CertiFlowCard { card, found_by: found_by.map(str::to_string) })
}

fn own(card: &AnyCard) -> Result<&CertiFlowCard, Error> {
    match card {
        AnyCard::CertiFlow(card) => Ok(card),
        _ => Err(wrong_system()),
    }
}
