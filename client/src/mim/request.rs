//! A request of MIM CM, from its making to its end.
//!
//! One that is not ours (another id, kind or card) is never carried out, and one that is left behind is named in the
//! outcome.

use super::id::is_uuid;
use super::{Mim, MimCard};
use crate::client::Client;
use crate::engine::{Around, Begun, Look, Sent, Verify, settle};
use crate::error::Error;
use crate::outcome::{Ending, Outcome};
use crate::record::{Record as _, owned};
use crate::subject::{Parts, Subject};
use crate::system::Job;
use crate::told;
use cardwright_core::json;
use cardwright_core::lifecycle::{NativeState, Operation, System, target};
use cardwright_core::mim::{
    Call, OwnedRequest, OwnedSmartcard, Request, RequestEnd, RequestKind, RequestStatus, SmartcardStatus, StatusScheme,
    Step, operation_of,
};
use cardwright_core::{Code, Named as _};
use cardwright_http::Repeat;
use std::time::Duration;

/// What reading takes, for an account that may not.
pub(super) const READING: &str =
    "reading takes the extended right Read on the card's profile template, or FIM CM Audit";

impl Client<Mim> {
    /// Continues a request that waited for approval, or that was left behind.
    ///
    /// # Errors
    /// As [`Self::operate`]; [`Code::NotFound`] where there is no such request, and [`Code::NoSuchOperation`] where it
    /// is for something else.
    pub fn go_on(&self, request: &str) -> Result<Outcome<OwnedSmartcard>, Error> {
        let found = self.request(request)?;
        let lacks = || cardwright_core::Error::of(Code::NoSuchOperation, System::Mim.name());
        let operation = operation_of(&found.view()).ok_or_else(lacks)?;
        let uuid = owned(found.view().smartcard_uuid());
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
            name: "",
            holder: &record.holder(),
            stated: &stated,
            state_text: &record.state_text(),
            user: "",
        };
        let subject = Subject::new(parts, record.state.filter(|_| !is_changed));
        let begun = Begun { request: Some(request), ..Begun::default() };
        let outcome = self.carry_out(&subject, &Job::new(operation), begun, &mut self.alone());
        Ok(told::ended(subject.id(), operation, outcome)?.map(|card| card.card))
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
        let lost = match sent {
            Sent::Refused(error) | Sent::Nothing(error) => return Err(error),
            Sent::Busy(error) | Sent::Unclear(error) => Some(error),
            Sent::Success(_) => None,
        };
        let look = settle(self.settling.limit, &mut self.alone(), || match self.request(request) {
            Err(error) => Look::failed(error, READING),
            // Which status an abandoned request has is not documented.
            Ok(found) if matches!(found.view().step(), Step::Ended(_) | Step::Unknown) => Look::Done(found),
            Ok(found) => Look::Before(found),
        });
        match look {
            Look::Done(found) => Ok(found),
            // That its end was sent, and the answer lost, says more than that nothing can be read.
            Look::Unreadable(error) | Look::Forbidden(error) => Err(lost.unwrap_or(error)),
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
        Ok(found.owned())
    }

    /// Carries a request out. One that was `begun` before may have set the card's status already.
    pub(super) fn carry_request_out(
        &self,
        request: &str,
        card: &Subject,
        operation: Operation,
        begun: bool,
        around: &mut dyn Around,
    ) -> Outcome<MimCard> {
        let named = |outcome: Outcome<MimCard>| outcome.with_request(request);
        let mut lost = false;
        let read = settle(self.settling.limit, around, || self.look_at_request(request, card, operation));
        let found = match read {
            Look::Done(found) | Look::Before(found) => found,
            Look::Foreign(_, words) | Look::Other(_, words) => {
                let seen = format!("request {request} is not carried out: {words}");
                return named(Outcome::new(Ending::Unknown).with_seen(seen));
            }
            // The server refuses to show what it has just made: it is not gone on with.
            Look::Forbidden(error) if !begun && error.code() != Code::Canceled => {
                let seen = format!("request {request} was made, and cannot be read; the card was not changed");
                return named(Outcome::new(Ending::Refused).with_error(error).with_seen(seen));
            }
            Look::Forbidden(error) | Look::Unreadable(error) => {
                let seen = format!("request {request} cannot be read");
                return named(Outcome::new(Ending::Unknown).with_error(error).with_seen(seen));
            }
        };
        match found.view().step() {
            Step::AwaitApproval => return named(Outcome::new(Ending::AwaitingApproval)),
            Step::Ended(status) => {
                let error = ended(request, Some(status));
                // One that was begun may have changed the card before it ended.
                return named(match begun.then(|| self.look(card, operation)) {
                    None | Some(Look::Before(_)) => Outcome::new(Ending::Refused).with_error(error),
                    Some(look) => {
                        let (seen, words) = look.into_seen(|card| card.state_text());
                        Outcome::new(Ending::Unknown).with_card(seen).with_error(error).with_seen(words)
                    }
                });
            }
            Step::Unknown => {
                let seen = format!("its status is {}", status_text(&found.view()));
                return named(Outcome::new(Ending::Unknown).with_error(ended(request, None)).with_seen(seen));
            }
            Step::Done => {}
            Step::CarryOut => {
                let is_changed = match begun.then(|| self.look(card, operation)) {
                    // A number that was there before proves nothing unless the documents show what it means.
                    Some(Look::Done(seen)) => {
                        let goal = target(System::Mim, operation);
                        !card.stated().is_empty() || goal.is_some_and(|goal| is_attested(&seen, goal))
                    }
                    None | Some(Look::Before(_) | Look::Other(Some(_), _)) => false,
                    Some(Look::Foreign(seen, words)) => {
                        let error = Error::other_card(card.id(), words);
                        let outcome = Outcome::new(Ending::Unknown).with_error(error).with_card(seen);
                        return named(outcome.with_seen(format!("request {request} is left Approved")));
                    }
                    Some(look @ (Look::Unreadable(_) | Look::Forbidden(_) | Look::Other(None, _))) => {
                        let (_, words) = look.into_seen(|card| card.state_text());
                        let seen = format!("request {request} is left Approved, and {words}");
                        return named(Outcome::new(Ending::Unknown).with_seen(seen));
                    }
                };
                if !is_changed && let Some(outcome) = self.change(request, card, operation, begun, around, &mut lost) {
                    return named(outcome);
                }
                if let Some(outcome) = self.complete(request, card, operation, around, &mut lost) {
                    return named(outcome);
                }
            }
        }
        if self.settling.verify == Verify::Never {
            return named(Outcome::new(Ending::Accepted));
        }
        let look = settle(self.settling.after_success(), around, || self.look(card, operation));
        let warning = if let Look::Done(seen) = &look { self.warning(card, seen, operation) } else { None };
        let ending = if matches!(look, Look::Done(_)) { Ending::Done } else { Ending::Unknown };
        let (seen, words) = look.into_seen(|card| card.state_text());
        let mut outcome = Outcome::new(ending).with_card(seen).after_lost_answer(lost);
        if ending == Ending::Unknown {
            outcome =
                outcome.with_error(Error::Unverified).with_seen(format!("request {request} is Completed, and {words}"));
        }
        named(Outcome { warning, ..outcome })
    }

    /// Sets the card's status in the course of a request; what ends the operation, if something does. Whether its answer
    /// was `lost`, or said that it failed, is told too.
    fn change(
        &self,
        request: &str,
        card: &Subject,
        operation: Operation,
        begun: bool,
        around: &mut dyn Around,
        lost: &mut bool,
    ) -> Option<Outcome<MimCard>> {
        let status = match status_after(operation) {
            Ok(status) => status,
            Err(error) => return Some(Outcome::new(Ending::Unknown).with_error(error)),
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
                    *lost = false;
                    break Error::Unverified;
                }
                Sent::Refused(error) if attempt == 1 && !begun => {
                    let seen = format!("{left}; the card was not changed");
                    return Some(Outcome::new(Ending::Refused).with_error(error).with_seen(seen));
                }
                Sent::Busy(error) => {
                    *lost = true;
                    let as_before = matches!(self.look(card, operation), Look::Before(_));
                    if !(as_before && around.again(attempt, &error)) {
                        break error;
                    }
                    match self.look(card, operation) {
                        Look::Before(_) => {}
                        _ => break error,
                    }
                }
                Sent::Nothing(error) | Sent::Unclear(error) | Sent::Refused(error) => {
                    *lost = true;
                    break error;
                }
            }
        };
        let look = settle(limit, around, || self.look(card, operation));
        if matches!(look, Look::Done(_)) {
            return None;
        }
        let (seen, words) = look.into_seen(|card| card.state_text());
        let outcome = Outcome::new(Ending::Unknown).with_card(seen).with_error(error);
        Some(outcome.with_seen(format!("{left}, and {words}")).after_lost_answer(*lost))
    }

    /// Completes a request whose card is changed; as [`Self::change`].
    fn complete(
        &self,
        request: &str,
        card: &Subject,
        operation: Operation,
        around: &mut dyn Around,
        lost: &mut bool,
    ) -> Option<Outcome<MimCard>> {
        let call = Call::EndRequest { uuid: request, end: RequestEnd::Completed };
        let (error, limit) = match Sent::with_body(self.transport.send_again(&call, Repeat::Unsent)) {
            Sent::Success(_) => (None, self.settling.after_success()),
            // Nobody completes a request after a refusal.
            Sent::Refused(error) | Sent::Nothing(error) => (Some(error), Duration::ZERO),
            Sent::Busy(error) | Sent::Unclear(error) => (Some(error), self.settling.limit),
        };
        *lost |= error.is_some();
        let look = settle(limit, around, || match self.look_at_request(request, card, operation) {
            Look::Done(found) if found.view().step() != Step::Done => Look::Before(found),
            look => look,
        });
        let words = match look {
            Look::Done(_) => return None,
            Look::Before(found) => format!("request {request} is {} still", status_text(&found.view())),
            Look::Foreign(_, words) | Look::Other(_, words) => words,
            Look::Unreadable(error) | Look::Forbidden(error) => {
                format!("request {request} cannot be read: {}", error.unmasked())
            }
        };
        let seen = self.smartcard(card.id()).ok().flatten().map(|card| self.record(card));
        let state = seen.as_ref().map_or("changed".into(), |card| card.state_text());
        let outcome = Outcome::new(Ending::Unknown).with_card(seen).with_error(error.unwrap_or(Error::Unverified));
        Some(outcome.with_seen(format!("the card is {state}, and {words}")).after_lost_answer(*lost))
    }

    /// The request as it is now: `Done` where it is ours and was looked at by the server, `Before` while it was not.
    fn look_at_request(&self, request: &str, card: &Subject, operation: Operation) -> Look<OwnedRequest> {
        let found = match self.request(request) {
            Ok(found) => found,
            Err(error) => return Look::failed(error, READING),
        };
        let view = found.view();
        let (uuid, about) = (owned(view.uuid()), owned(view.smartcard_uuid()));
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
pub(super) fn status_after(operation: Operation) -> Result<SmartcardStatus, Error> {
    match target(System::Mim, operation) {
        Some(NativeState::Mim(status)) => Ok(status),
        _ => Err(cardwright_core::Error::of(Code::NoSuchOperation, System::Mim.name()).into()),
    }
}

/// Whether the documents show that the card's number means this state.
pub(super) fn is_attested(seen: &MimCard, state: NativeState) -> bool {
    StatusScheme::ATTESTED.status(seen.card.view().status()).map(NativeState::Mim) == Some(state)
}
