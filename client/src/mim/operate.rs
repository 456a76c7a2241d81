//! Operations on a card of MIM CM: a request is made, perhaps approved by somebody, carried out by setting the
//! card's status, and completed. The order is assumed from the vendor's walk-through.
//!
//! A request that is not ours (another id, kind or card) is never carried out, and one that is left behind is
//! named in the outcome.

use super::{Mim, MimCard, is_uuid, uuid_of};
use crate::any::AnyCard;
use crate::client::Client;
use crate::engine::{Around, Begun, Engine, Look, Sent, Verify, settle};
use crate::error::Error;
use crate::operate::{Check, Planned};
use crate::outcome::{Ending, Outcome};
use crate::record::{Record as _, owned};
use crate::subject::{Parts, Subject};
use crate::system::Job;
use cardwright_core::json::{self, Text};
use cardwright_core::lifecycle::{Evidence, NativeState, Operation, System, Verdict, target};
use cardwright_core::mim::{
    Call, CreateRequest, EMPTY_UUID, OwnedRequest, OwnedSmartcard, Request, RequestEnd, RequestKind, RequestStatus,
    SmartcardStatus, StatusScheme, Step, id_of_uri, listed_operation, operation_of,
};
use cardwright_core::{Code, Named as _};
use cardwright_http::Repeat;
use std::time::Duration;

/// What reading takes, for an account that may not.
const READING: &str = "reading takes the extended right Read on the card's profile template, or FIM CM Audit";

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
        let outcome = self.carry_out(&subject, &job, Begun::default(), &mut self.alone())?;
        Ok(outcome.map(|card| card.card))
    }

    /// Continues a request that waited for approval, or that was left behind.
    ///
    /// # Errors
    /// As [`Self::operate`]; [`Code::NotFound`] where there is no such request, and [`Code::NoSuchOperation`] where it
    /// is for something else.
    pub fn go_on(&self, request: &str) -> Result<Outcome<OwnedSmartcard>, Error> {
        let found = self.request(request)?;
        let lacks = || cardwright_core::Error::of(Code::NoSuchOperation, System::Mim.name());
        let operation = operation_of(&found.view()).ok_or_else(lacks)?;
        let uuid = card_of(&found.view());
        let Some(card) = self.smartcard(&uuid)? else {
            let words = format!("request {request} is for card {uuid}, which the server does not have");
            return Err(Error::unexpected(&format!("request {request}"), words));
        };
        let record = self.record(card);
        let is_changed = record.state == target(System::Mim, operation);
        // Its number before the request is not known where the request was begun already.
        let stated = if is_changed { String::new() } else { record.stated() };
        let parts = Parts {
            id: &record.id(),
            serial: &record.serial_number(),
            holder: &record.holder(),
            stated: &stated,
            state_text: &record.state_text(),
            user: "",
        };
        let subject = Subject::new(parts, record.state.filter(|_| !is_changed));
        let begun = Begun { request: Some(request), ..Begun::default() };
        let outcome = self.carry_out(&subject, &Job::new(operation), begun, &mut self.alone())?;
        Ok(outcome.map(|card| card.card))
    }

    /// Gives a request up that is not carried out yet: cancels it, or abandons it where it was approved already.
    /// Returns it as it is then.
    ///
    /// # Errors
    /// [`Error::RequestEnded`] where it has ended already; [`Code::Unexpected`] where it does not show that it was
    /// given up; any of [`Error`].
    pub fn cancel_request(&self, request: &str) -> Result<OwnedRequest, Error> {
        let found = self.request(request)?;
        let end = match found.view().step() {
            Step::AwaitApproval => RequestEnd::Canceled,
            Step::CarryOut => RequestEnd::Abandoned,
            Step::Done => return Err(ended(request, Some(RequestStatus::Completed))),
            Step::Ended(status) => return Err(ended(request, Some(status))),
            Step::Unknown => return Err(ended(request, None)),
        };
        let sent = Sent::with_body(self.transport.send_again(&Call::EndRequest { uuid: request, end }, Repeat::Unsent));
        if let Sent::Refused(error) | Sent::Nothing(error) = sent {
            return Err(error);
        }
        let look = settle(self.settling.limit, &mut self.alone(), || match self.request(request) {
            Err(error) => Look::failed(error, READING),
            // Which status an abandoned request has is not documented.
            Ok(found) if matches!(found.view().step(), Step::Ended(_) | Step::Unknown) => Look::Done(found),
            Ok(found) => Look::Before(found),
        });
        match look {
            Look::Done(found) => Ok(found),
            Look::Unreadable(error) | Look::Forbidden(error) => Err(error),
            Look::Before(found) | Look::Foreign(found, _) | Look::Other(Some(found), _) => {
                let words = format!("it is {} still", status_text(&found.view()));
                Err(Error::unexpected(&format!("request {request}"), words))
            }
            Look::Other(None, words) => Err(Error::unexpected(&format!("request {request}"), words)),
        }
    }

    /// One request by its id.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub fn request(&self, uuid: &str) -> Result<OwnedRequest, Error> {
        let (document, request) = self.document(&Call::Request { uuid })?;
        let found = json::from_slice::<Request<'_>>(&document).map_err(|e| Error::decode(e, &document, 0, &request))?;
        Ok(found.to_owned())
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

    fn carry_out(
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
            return Ok(Outcome::new(Ending::Unknown).with_card(seen).with_seen(words));
        }
        if begun.resumed {
            match self.look(card, job.operation) {
                Look::Foreign(other, words) => {
                    let error = Error::other_card(card.id(), words);
                    return Ok(Outcome::new(Ending::Refused).with_error(error).with_card(other));
                }
                Look::Unreadable(error) | Look::Forbidden(error) => return Err(error),
                _ => {}
            }
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
            let outcome = Outcome::new(Ending::Unknown).with_card(seen).with_error(error).with_seen(words);
            return Ok(outcome.after_lost_answer(true));
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

    /// Carries a request out. One that was `begun` before may have set the card's status already.
    fn carry_request_out(
        &self,
        request: &str,
        card: &Subject,
        operation: Operation,
        begun: bool,
        around: &mut dyn Around,
    ) -> Outcome<MimCard> {
        let named = |outcome: Outcome<MimCard>| outcome.with_request(request);
        let read = settle(self.settling.limit, around, || self.look_at_request(request, card, operation));
        let found = match read {
            Look::Done(found) | Look::Before(found) => found,
            Look::Foreign(_, words) | Look::Other(_, words) => {
                let seen = format!("request {request} is not carried out: {words}");
                return named(Outcome::new(Ending::Unknown).with_seen(seen));
            }
            Look::Forbidden(error) => {
                let seen = format!("request {request} was made, and cannot be read; the card was not changed");
                return named(Outcome::new(Ending::Refused).with_error(error).with_seen(seen));
            }
            Look::Unreadable(error) => {
                let seen = format!("request {request} was made, and cannot be read; the card was not changed");
                return named(Outcome::new(Ending::Unknown).with_error(error).with_seen(seen));
            }
        };
        match found.view().step() {
            Step::AwaitApproval => return named(Outcome::new(Ending::AwaitingApproval)),
            Step::Ended(status) => {
                return named(Outcome::new(Ending::Refused).with_error(ended(request, Some(status))));
            }
            Step::Unknown => {
                let seen = format!("its status is {}", status_text(&found.view()));
                return named(Outcome::new(Ending::Unknown).with_error(ended(request, None)).with_seen(seen));
            }
            Step::Done => {}
            Step::CarryOut => {
                let is_changed = begun && matches!(self.look(card, operation), Look::Done(_));
                if !is_changed && let Some(outcome) = self.change(request, card, operation, around) {
                    return named(outcome);
                }
                if let Some(outcome) = self.complete(request, card, operation, around) {
                    return named(outcome);
                }
            }
        }
        if self.settling.verify == Verify::Never {
            return named(Outcome::new(Ending::Accepted));
        }
        let look = settle(self.settling.after_success(), around, || self.look(card, operation));
        let warning = if let Look::Done(seen) = &look { self.warning(seen, operation) } else { None };
        let ending = if matches!(look, Look::Done(_)) { Ending::Done } else { Ending::Unknown };
        let (seen, words) = look.into_seen(|card| card.state_text());
        let mut outcome = Outcome::new(ending).with_card(seen);
        if ending == Ending::Unknown {
            outcome =
                outcome.with_error(Error::Unverified).with_seen(format!("request {request} is Completed, and {words}"));
        }
        named(Outcome { warning, ..outcome })
    }

    /// Sets the card's status in the course of a request; what ends the operation, if something does.
    fn change(
        &self,
        request: &str,
        card: &Subject,
        operation: Operation,
        around: &mut dyn Around,
    ) -> Option<Outcome<MimCard>> {
        let status = match status_after(operation) {
            Ok(status) => status,
            Err(error) => return Some(Outcome::new(Ending::NotSent).with_error(error)),
        };
        let left = format!("request {request} is left Approved");
        let mut attempt = 0;
        let mut limit = self.settling.limit;
        let error = loop {
            attempt += 1;
            let call = Call::UpdateSmartcard { request, uuid: card.id(), status };
            match Sent::with_body(self.transport.send_again(&call, Repeat::Unsent)) {
                Sent::Success(_) => {
                    limit = self.settling.after_success();
                    break Error::Unverified;
                }
                Sent::Refused(error) if attempt == 1 => {
                    let seen = format!("{left}; the card was not changed");
                    return Some(Outcome::new(Ending::Refused).with_error(error).with_seen(seen));
                }
                Sent::Busy(error) => {
                    let as_before = matches!(self.look(card, operation), Look::Before(_));
                    if !(as_before && around.again(attempt, &error)) {
                        break error;
                    }
                    match self.look(card, operation) {
                        Look::Before(_) => {}
                        _ => break error,
                    }
                }
                Sent::Nothing(error) | Sent::Unclear(error) | Sent::Refused(error) => break error,
            }
        };
        let look = settle(limit, around, || self.look(card, operation));
        if matches!(look, Look::Done(_)) {
            return None;
        }
        let (seen, words) = look.into_seen(|card| card.state_text());
        let outcome = Outcome::new(Ending::Unknown).with_card(seen).with_error(error);
        Some(outcome.with_seen(format!("{left}, and {words}")).after_lost_answer(true))
    }

    /// Completes a request whose card is changed; what ends the operation, if something does.
    fn complete(
        &self,
        request: &str,
        card: &Subject,
        operation: Operation,
        around: &mut dyn Around,
    ) -> Option<Outcome<MimCard>> {
        let call = Call::EndRequest { uuid: request, end: RequestEnd::Completed };
        let (error, limit) = match Sent::with_body(self.transport.send_again(&call, Repeat::Unsent)) {
            Sent::Success(_) => (None, self.settling.after_success()),
            // Nobody completes a request after a refusal.
            Sent::Refused(error) | Sent::Nothing(error) => (Some(error), Duration::ZERO),
            Sent::Busy(error) | Sent::Unclear(error) => (Some(error), self.settling.limit),
        };
        let look = settle(limit, around, || match self.look_at_request(request, card, operation) {
            Look::Done(found) if found.view().step() != Step::Done => Look::Before(found),
            look => look,
        });
        let words = match look {
            Look::Done(_) => return None,
            Look::Before(found) => format!("request {request} is {} still", status_text(&found.view())),
            Look::Foreign(_, words) | Look::Other(_, words) => words,
            Look::Unreadable(error) | Look::Forbidden(error) => format!("request {request} cannot be read: {error}"),
        };
        let seen = self.smartcard(card.id()).ok().flatten().map(|card| self.record(card));
        let state = seen.as_ref().map_or("changed".into(), |card| card.state_text());
        let outcome = Outcome::new(Ending::Unknown).with_card(seen).with_error(error.unwrap_or(Error::Unverified));
        Some(outcome.with_seen(format!("the card is {state}, and {words}")).after_lost_answer(true))
    }

    /// The request as it is now: `Done` where it is ours and was looked at by the server, `Before` while it was not.
    fn look_at_request(&self, request: &str, card: &Subject, operation: Operation) -> Look<OwnedRequest> {
        let found = match self.request(request) {
            Ok(found) => found,
            Err(error) => return Look::failed(error, READING),
        };
        let view = found.view();
        let (uuid, about) = (owned(view.uuid()), card_of(&view));
        let kind = RequestKind::for_operation(operation).and_then(RequestKind::request_type);
        let words = if !is_uuid(&uuid, request) {
            format!("the server answered with request {uuid} where {request} was asked for")
        } else if !is_uuid(&about, card.id()) {
            format!("it is for card {about} and not for {}", card.id())
        } else if view.request_type().known() != kind {
            let wanted = kind.map_or("", cardwright_core::Named::name);
            format!("it is for {} and not for {wanted}", view.request_type())
        } else {
            return match view.status().is(RequestStatus::NotProcessed) {
                true => Look::Before(found),
                false => Look::Done(found),
            };
        };
        Look::Foreign(found, words)
    }

    /// What the card shows of an operation: its number is another one than before, and none that is known to
    /// mean something else.
    fn look(&self, card: &Subject, operation: Operation) -> Look<MimCard> {
        let seen = match self.smartcard(card.id()) {
            Ok(Some(seen)) => self.record(seen),
            Ok(None) => return Look::Other(None, "the server no longer has the card".into()),
            Err(error) => return Look::failed(error, READING),
        };
        if let Some(words) = card.other_card(&seen, Some(operation)) {
            return Look::Foreign(seen, words);
        }
        let goal = target(System::Mim, operation);
        if !card.stated().is_empty() && seen.stated() == card.stated() {
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

    /// What to say of a card whose number the table reads as another state than the operation leads to.
    fn warning(&self, seen: &MimCard, operation: Operation) -> Option<String> {
        let goal = target(System::Mim, operation).filter(|goal| seen.state != Some(*goal))?;
        let reads = seen.state.map_or("none that it knows", NativeState::name);
        let number = seen.stated();
        Some(format!(
            "the card's status is now {number}, which the table of numbers reads as {reads}, and not as {goal}"
        ))
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

/// The card that a request is about: the old one, or the new one where there is no old one.
fn card_of(request: &Request<'_>) -> String {
    let some = |uuid: Option<Text<'_>>| Some(owned(uuid)).filter(|uuid| !uuid.is_empty() && uuid != EMPTY_UUID);
    some(request.old_smartcard_uuid()).or(some(request.new_smartcard_uuid())).unwrap_or_default()
}

/// How a request is, in the vendor's word or by its number.
fn status_text(request: &Request<'_>) -> String {
    match request.status().known() {
        Some(status) => status.name().to_string(),
        None => format!("{}, which is not known", request.status()),
    }
}

fn ended(request: &str, status: Option<RequestStatus>) -> Error {
    Error::RequestEnded { request: request.into(), status }
}

/// The status that a card is given in the course of a request. Only Retired is documented.
fn status_after(operation: Operation) -> Result<SmartcardStatus, Error> {
    match target(System::Mim, operation) {
        Some(NativeState::Mim(status)) => Ok(status),
        _ => Err(cardwright_core::Error::of(Code::NoSuchOperation, System::Mim.name()).into()),
    }
}
