//! One card of a bulk run in MIM CM: a request is made, carried out and completed. Requests do not show in
//! the card, so their ids are written into the journal.

use super::Mim;
use crate::bulk::Stopped;
use crate::bulk::steps::{Read, Steps};
use crate::bulk::table::{Card, Fate};
use crate::bulk::way::{Kind, Next, Way, kind, never_arrived};
use crate::client::Client;
use crate::error::Error;
use crate::operate::Outcome;
use cardwright_core::Code;
use cardwright_core::lifecycle::{NativeState, Operation};

impl Steps for Client<Mim> {
    /// The server's own list of operations decides, and is asked for right before a card's turn.
    fn judge_plan(&self, _: Option<NativeState>, _: Operation) -> Result<(), Error> {
        Ok(())
    }

    fn attempt(&self, way: &mut Way<'_>) -> Next {
        let job = way.work.job;
        if let Some(request) = way.now.request().map(str::to_string) {
            match self.go_on(&request) {
                // The card is tried again after it failed, and its request has ended: it needs another.
                Err(Error::RequestEnded { status: Some(_), .. }) if way.now.fate == Fate::Planned && way.sent == 0 => {
                    way.now.more = None;
                }
                outcome => return carried_out(way, outcome),
            }
        }
        if way.now.doubt {
            let read = self.smartcard(way.card.id());
            let read = read.map(|card| card.map(|card| self.state(&card.view())));
            // A request that nobody has carried out yet does not show in the card.
            return way.settle(read).unwrap_or_else(|| {
                let message =
                    "the answer to the making of a request was lost; the card is unchanged, and there may be a request";
                way.words(Fate::Unknown, Some(Code::Broken), message.into());
                Next::End
            });
        }
        if let Err(error) = self.judge(way.card.id(), way.card.state, job.operation) {
            return way.failed(error, Fate::Failed);
        }
        if let Err(error) = way.about_to_send(true) {
            return Next::Stop(Stopped::Journal, error);
        }
        let request = match self.create(way.card.id(), job.operation, &job.comment) {
            Ok(request) => request,
            Err(error) => {
                way.now.status = error.status().unwrap_or(0);
                return match kind(&error) {
                    Kind::Fatal(why) if never_arrived(&error) => way.unsent(false).unwrap_or(Next::Stop(why, error)),
                    Kind::Fatal(why) => Next::Stop(why, error),
                    Kind::Busy if never_arrived(&error) => way.unsent(false).unwrap_or(Next::Busy(error)),
                    Kind::Busy => Next::Busy(error),
                    _ if error.is_lost_answer() || error.is_decode() => Next::Again(error),
                    _ => {
                        way.fail(Fate::Failed, error);
                        Next::End
                    }
                };
            }
        };
        if let Err(error) = way.made(&request) {
            return Next::Stop(Stopped::Journal, error);
        }
        let outcome = self.carry_out(&request, way.card.id(), job.operation, None, false);
        carried_out(way, outcome)
    }

    fn look_again(&self, _: &Card) -> Option<Read> {
        None
    }
}

/// The next step after a request of MIM CM.
fn carried_out<C>(way: &mut Way<'_>, outcome: Result<Outcome<C>, Error>) -> Next {
    let error = match outcome {
        Ok(Outcome::Done { .. }) => {
            way.end(Fate::Done);
            return Next::End;
        }
        Ok(Outcome::AwaitingApproval { .. }) => {
            way.end(Fate::AwaitingApproval);
            return Next::End;
        }
        Ok(Outcome::Unknown { error, .. }) => return Next::Again(error),
        Err(error) => error,
    };
    way.now.status = error.status().unwrap_or(0);
    way.failed(error, Fate::Failed)
}
