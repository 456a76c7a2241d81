//! One card of a bulk run in CertiFlow: the operation is one request, and the card's state tells the
//! result.

use super::{CertiFlow, Key, native_state};
use crate::bulk::Stopped;
use crate::bulk::steps::{Read, Steps};
use crate::bulk::table::{Card, Fate};
use crate::bulk::way::{Kind, Next, Way, Work, kind, never_arrived};
use crate::client::Client;
use crate::error::Error;
use cardwright_core::lifecycle::{NativeState, Operation};

impl Steps for Client<CertiFlow> {
    fn judge_plan(&self, state: Option<NativeState>, operation: Operation) -> Result<(), Error> {
        self.check.judge(state, operation).map(|_| ())
    }

    fn attempt(&self, way: &mut Way<'_>) -> Next {
        let Work { job, settings, .. } = way.work;
        let repeatable = job.operation.facts().repeatable;
        if way.now.doubt && !repeatable {
            let read = read(self, way.card);
            if let Some(next) = way.settle(read) {
                return next;
            }
        }
        if let Some(refusal) = way.refusal.take() {
            way.fail(Fate::Failed, refusal);
            return Next::End;
        }
        if way.sent >= settings.attempts.max(1) {
            match way.last.take() {
                Some(error) => way.fail(Fate::Failed, error.after(way.sent)),
                None => way.words(Fate::Failed, None, "not carried out".into()),
            }
            return Next::End;
        }
        let ambiguous = way.ambiguous;
        if let Err(error) = way.about_to_send(!repeatable) {
            return Next::Stop(Stopped::Journal, error);
        }
        let error = match self.send(way.card.id(), job.operation, job.reason) {
            Ok(status) => {
                way.now.status = status;
                way.end(Fate::Done);
                return Next::End;
            }
            Err(error) => error,
        };
        way.now.status = error.status().unwrap_or(0);
        match kind(&error) {
            Kind::Fatal(why) if never_arrived(&error) => way.unsent(ambiguous).unwrap_or(Next::Stop(why, error)),
            Kind::Fatal(why) => Next::Stop(why, error),
            Kind::Busy if never_arrived(&error) => way.unsent(ambiguous).unwrap_or(Next::Busy(error)),
            Kind::Busy => Next::Busy(error),
            Kind::Unclear => Next::Again(error),
            Kind::Refused if ambiguous && !repeatable => {
                // An earlier request may have been carried out meanwhile: then this one had to be refused.
                way.refusal = Some(error);
                self.attempt(way)
            }
            Kind::Refused => {
                way.fail(Fate::Failed, error);
                Next::End
            }
        }
    }

    fn look_again(&self, card: &Card) -> Option<Read> {
        Some(read(self, card))
    }
}

fn read(client: &Client<CertiFlow>, card: &Card) -> Read {
    let key = Key { id: card.id(), serial: card.serial(), user: card.user() };
    client.again(key).map(|card| card.map(|card| native_state(&card.view())))
}
