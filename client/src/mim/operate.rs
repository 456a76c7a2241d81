//! Operations on a card of MIM CM: a request is made, perhaps approved by somebody, carried out by setting the
//! card's status, and completed. The order is assumed from the vendor's walk-through.

use super::request::{READING, is_attested, status_after};
use super::{Mim, MimCard, uuid_of};
use crate::any::AnyCard;
use crate::client::Client;
use crate::engine::{Around, Begun, Engine, Look, Sent};
use crate::error::Error;
use crate::operate::{Check, Planned};
use crate::outcome::{Ending, Outcome};
use crate::record::Record as _;
use crate::subject::Subject;
use crate::system::Job;
use crate::told;
use cardwright_core::json::{self, Text};
use cardwright_core::lifecycle::{Evidence, NativeState, Operation, System, Verdict, target};
use cardwright_core::mim::{
    Call, CreateRequest, OwnedSmartcard, RequestEnd, StatusScheme, id_of_uri, listed_operation,
};
use cardwright_core::{Code, Named as _};

impl Client<Mim> {
    /// Revokes the certificates of a card; MIM CM calls the resulting state Disabled.
    ///
    /// # Errors
    /// As [`Self::operate`].
    pub fn revoke(&self, card: &OwnedSmartcard, comment: &str) -> Result<Outcome<OwnedSmartcard>, Error> {
        self.operate(card, Operation::Revoke, comment)
    }

    /// Reinstates a suspended card.
    ///
    /// # Errors
    /// As [`Self::operate`].
    pub fn reinstate(&self, card: &OwnedSmartcard, comment: &str) -> Result<Outcome<OwnedSmartcard>, Error> {
        self.operate(card, Operation::Resume, comment)
    }

    /// Retires a card.
    ///
    /// # Errors
    /// As [`Self::operate`].
    pub fn retire(&self, card: &OwnedSmartcard, comment: &str) -> Result<Outcome<OwnedSmartcard>, Error> {
        self.operate(card, Operation::Retire, comment)
    }

    /// Performs an operation on a card by the request workflow: makes a request, and, once it is approved, sets
    /// the card's status and completes the request. The outcome says what is so, and names a request that is left
    /// behind.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] where the server does not list the operation for the card, and any of [`Error`] where
    /// its list cannot be read: the operation was not begun.
    pub fn operate(
        &self,
        card: &OwnedSmartcard,
        operation: Operation,
        comment: &str,
    ) -> Result<Outcome<OwnedSmartcard>, Error> {
        let job = Job { comment: comment.into(), ..Job::new(operation) };
        let subject = Subject::of(&self.record(card.clone()));
        let outcome = self.carry_out(&subject, &job, Begun::default(), &mut self.alone());
        Ok(told::ended(subject.id(), operation, outcome)?.map(|card| card.card))
    }

    /// What [`Self::operate`] would send; `{request}` stands for the id that the server will give.
    ///
    /// # Errors
    /// [`Code::NoSuchOperation`].
    pub fn plan(&self, card: &OwnedSmartcard, operation: Operation, comment: &str) -> Result<Vec<Planned>, Error> {
        self.plan_by_id(&uuid_of(card), operation, comment)
    }

    /// As [`Self::plan`], for the card with this id.
    pub(super) fn plan_by_id(&self, uuid: &str, operation: Operation, comment: &str) -> Result<Vec<Planned>, Error> {
        let create = CreateRequest::for_operation(operation, uuid, comment)?;
        let status = status_after(operation)?;
        let request = "{request}";
        let calls = [
            Call::CreateRequest(create),
            Call::Request { uuid: request },
            Call::UpdateSmartcard { request, uuid, status },
            Call::EndRequest { uuid: request, end: RequestEnd::Completed },
            Call::Smartcard { uuid },
        ];
        let plan = calls.iter().map(|call| Planned::of(&self.transport, call));
        Ok(plan.map(|p| Planned { address: p.address.replace("%7Brequest%7D", request), ..p }).collect())
    }

    /// The server's list decides; the table only explains.
    fn judge(&self, uuid: &str, state: Option<NativeState>, operation: Operation) -> Result<Option<Verdict>, Error> {
        let verdict = state.map(|state| Verdict::of(state, operation));
        if self.check == Check::Off {
            return Ok(verdict);
        }
        let words = self.operations_of(uuid)?;
        let listed = words.iter().any(|word| listed_operation(word) == Some(operation));
        if listed {
            return Ok(verdict);
        }
        let listed = if words.is_empty() { "nothing".to_string() } else { words.join(", ") };
        Err(Error::NotAllowed {
            operation,
            state,
            evidence: Evidence::Documented,
            reason: format!("the server allows this account {listed} on this card"),
        })
    }

    pub(super) fn carry_out(
        &self,
        card: &Subject,
        job: &Job,
        begun: Begun<'_>,
        around: &mut dyn Around,
    ) -> Result<Outcome<MimCard>, Error> {
        let create = CreateRequest::for_operation(job.operation, card.id(), &job.comment)?;
        if let Some(request) = begun.request {
            return Ok(self.carry_request_out(request, card, job.operation, true, around));
        }
        if begun.doubt {
            let (seen, words) = self.look(card, job.operation).into_seen(|card| card.state_text());
            let words = format!("the answer to the making of a request was lost, and there may be a request; {words}");
            return Ok(Outcome::new(Ending::Unknown).with_card(seen).with_seen(words).after_lost_answer(true));
        }
        if begun.resumed
            && let Some(seen) = self.smartcard(card.id())?
        {
            // Nothing was sent yet, so the holder counts whatever the operation does.
            card.check(&self.record(seen))?;
        }
        let verdict = self.judge(card.id(), card.state, job.operation)?;
        let outcome = self.make_and_carry_out(create, card, job.operation, around)?;
        Ok(Outcome { verdict, ..outcome })
    }

    /// Makes a request and carries it out.
    fn make_and_carry_out(
        &self,
        create: CreateRequest<'_>,
        card: &Subject,
        operation: Operation,
        around: &mut dyn Around,
    ) -> Result<Outcome<MimCard>, Error> {
        let mut attempt = 0;
        loop {
            around.sending(false)?;
            attempt += 1;
            let error = match self.create(create) {
                Ok(request) => {
                    around.made(&request)?;
                    return Ok(self.carry_request_out(&request, card, operation, false, around));
                }
                Err(Sent::Nothing(error)) if attempt == 1 => {
                    around.unsent()?;
                    return Ok(Outcome::new(Ending::NotSent).with_error(error));
                }
                Err(Sent::Refused(error)) if attempt == 1 => {
                    return Ok(Outcome::new(Ending::Refused).with_error(error));
                }
                // A request does not show in the card, so only what was turned away at the door is sent again.
                Err(Sent::Busy(error)) if error.status() == Some(429) && around.again(attempt, &error) => continue,
                // What was sent before may have arrived.
                Err(Sent::Busy(error) | Sent::Unclear(error) | Sent::Nothing(error) | Sent::Refused(error)) => error,
                Err(Sent::Success(_)) => Error::Unverified,
            };
            let (seen, words) = self.look(card, operation).into_seen(|card| card.state_text());
            let words = format!("there may be a request, and nothing tells its id; {words}");
            let lost = !matches!(error, Error::Unverified);
            let outcome = Outcome::new(Ending::Unknown).with_card(seen).with_error(error).with_seen(words);
            return Ok(outcome.after_lost_answer(lost));
        }
    }

    /// Makes a request, and returns its id.
    fn create(&self, create: CreateRequest<'_>) -> Result<String, Sent> {
        let reply = self.transport.send(&Call::CreateRequest(create)).map_err(Sent::failed)?;
        let label = reply.request.clone();
        let status = reply.status;
        let document = reply.document(self.transport.max_element()).map_err(Sent::failed)?.unwrap_or_default();
        let uri = json::from_slice::<Text<'_>>(&document)
            .map_err(|e| Sent::Unclear(Error::decode(e, &document, 0, &label)))?
            .to_cow();
        id_of_uri(&uri).map(str::to_string).ok_or_else(|| {
            let words = format!("expected the address of a request, the server answered {uri:?}");
            Sent::Unclear(cardwright_http::Error::answer(Code::Unreadable, status, &label, words).into())
        })
    }

    /// What the card shows of an operation: its number is another one than before, and none that is known to
    /// mean something else.
    pub(super) fn look(&self, card: &Subject, operation: Operation) -> Look<MimCard> {
        let seen = match self.smartcard(card.id()) {
            Ok(Some(seen)) => self.record(seen),
            Ok(None) => return Look::Other(None, "the server no longer has the card".into()),
            Err(error) => return Look::failed(error, READING),
        };
        let is_as_before = seen.stated() == card.stated();
        if let Some(words) = card.other_card(&seen, (!is_as_before).then_some(operation)) {
            return Look::Foreign(seen, words);
        }
        let goal = target(System::Mim, operation);
        if !card.stated().is_empty() && is_as_before {
            return Look::Before(seen);
        }
        if seen.state == goal {
            return Look::Done(seen);
        }
        let wanted = goal.map_or("", NativeState::name);
        let attested = StatusScheme::ATTESTED.status(seen.card.view().status());
        match attested {
            Some(is) => {
                let words = format!("the card is {} ({}), where {wanted} was expected", is.name(), seen.stated());
                Look::Other(Some(seen), words)
            }
            None if is_number(card.stated()) && is_number(&seen.stated()) => Look::Done(seen),
            // Without two numbers nothing tells that it has changed.
            None => {
                let words = format!("the card is {}, where {wanted} was expected", seen.state_text());
                Look::Other(Some(seen), words)
            }
        }
    }

    /// What to say of a card that is done, where its number leaves a doubt.
    pub(super) fn warning(&self, card: &Subject, seen: &MimCard, operation: Operation) -> Option<String> {
        let goal = target(System::Mim, operation)?;
        let number = seen.stated();
        if seen.state != Some(goal) {
            let reads = seen.state.map_or("none that it knows", NativeState::name);
            return Some(format!(
                "the card's status is now {number}, which the table of numbers reads as {reads}, and not as {goal}"
            ));
        }
        // Its number before is known but where a request was continued whose card had the number already.
        (card.stated().is_empty() && !is_attested(seen, goal)).then(|| {
            format!(
                "the card's status was {number} before the request was continued, too; that it means {goal} is assumed"
            )
        })
    }

    pub(super) fn record(&self, card: OwnedSmartcard) -> MimCard {
        MimCard::new(card, self.status_scheme())
    }
}

impl Engine for Client<Mim> {
    /// The server's own list of operations decides, and is asked for right before a card's turn.
    fn judge_plan(&self, _: Option<NativeState>, _: Operation) -> Result<(), Error> {
        Ok(())
    }

    fn read_again(&self, card: &Subject) -> Result<Option<AnyCard>, Error> {
        Ok(self.smartcard(card.id())?.map(|card| AnyCard::Mim(self.record(card))))
    }

    fn perform(
        &self,
        card: &Subject,
        job: &Job,
        begun: Begun<'_>,
        around: &mut dyn Around,
    ) -> Result<Outcome<AnyCard>, Error> {
        Ok(self.carry_out(card, job, begun, around)?.map(AnyCard::Mim))
    }
}

fn is_number(text: &str) -> bool {
    text.parse::<i64>().is_ok()
}
