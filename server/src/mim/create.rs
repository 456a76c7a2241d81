//! Making a request ("Create request").

use super::body::Body;
use super::flow::{Flow, Stop, named_request, no_card, stop};
use super::handler::Handler;
use super::kind;
use crate::registry::{Card, Event, Outcome, Policy, Request, Writing};
use crate::reply::Reply;
use crate::uuid::new_uuid;
use crate::visible::visible;
use axum::http::StatusCode;
use cardwright_core::Named as _;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::System;
use cardwright_core::mim::{Permission, RequestKind, RequestStatus};

impl Handler {
    pub(super) fn create(&self, writing: &Writing<'_>, body: &Body) -> Flow {
        let kind = kind_in(body)?;
        let comment = visible(body.text("comment")?.unwrap_or_default());
        let answers = body.data_collection()?;
        let priority = body.priority()?;
        let target = body.uuid("target")?;
        self.check_may(kind.permission())?;
        if kind.request_type().is_none() {
            let text = format!("{}: the number of this type is not published, so it is not served.", kind.name());
            return Err(stop(StatusCode::BAD_REQUEST, &text));
        }
        let card = self.card_in(writing, body, kind)?;
        let template = template_in(body, card.as_ref())?;
        let target = match card.as_ref().and_then(|card| card.user) {
            Some(user) => user,
            None => target.unwrap_or(self.caller.user),
        };
        if target != self.caller.user && card.is_none() {
            self.check_may(Permission::EnrollmentAgent)?;
        }
        if let Some(card) = &card
            && let Some(why) = kind::refusal(kind, card)
        {
            self.record_refusal(writing, kind, card, why)?;
            return Err(stop(self.refusal(), &kind::refused(kind, card, why)));
        }
        if let Some(card) = &card
            && self.switches.one_open_request
            && let Some(open) = writing.open_request(card)?
        {
            let name = named_request(open.uuid, open.kind);
            let why = format!("{name} is {}: it must end first", open.status.name());
            self.record_refusal(writing, kind, card, &why)?;
            return Err(stop(StatusCode::CONFLICT, &format!("Smart card {}: {why}.", card.uuid)));
        }
        if writing.template(template)?.is_none() {
            return Err(stop(StatusCode::NOT_FOUND, &format!("No profile template has the id {template}.")));
        }
        let Some(policy) = writing.policy(template, kind)? else {
            let text = format!("The profile template {template} does not allow {}.", kind.name());
            if let Some(card) = &card {
                self.record_refusal(writing, kind, card, &text)?;
            }
            return Err(stop(StatusCode::CONFLICT, &text));
        };

        let request = Request {
            uuid: new_uuid()?,
            kind,
            status: if policy.approvals > 0 { RequestStatus::Pending } else { RequestStatus::Approved },
            flags: policy.flags,
            data_collection: collected(&policy, answers),
            data_collection_flags: policy.data_collection_flags,
            originator: self.caller.user,
            target,
            submitted: writing.now,
            completed: None,
            // The documents show both ids of the card in a request that keeps it.
            new_profile: card.as_ref().filter(|_| !kind::gives_card(kind)).map(|card| card.profile),
            old_profile: card.as_ref().map(|card| card.profile),
            new_smartcard: card.as_ref().filter(|_| !kind::gives_card(kind)).map(|card| card.uuid),
            old_smartcard: card.as_ref().map(|card| card.uuid),
            priority: priority.unwrap_or(policy.priority),
            comment: comment.into_owned(),
            template,
            security_descriptor: policy.security_descriptor,
            is_smartcard: true,
            is_enrollment_agent: policy.is_enrollment_agent,
            is_data_complete: policy.is_data_complete,
            card: card.as_ref().filter(|_| !kind::gives_card(kind)).map(|card| card.id),
            carried_out: false,
        };
        writing.add_request(&request)?;
        writing.record(&Event {
            note: &note(kind, &request.comment),
            request: Some(request.uuid),
            ..Event::new(&self.caller.who, System::Mim, "request", card.as_ref())
        })?;
        Ok(Reply::json(StatusCode::CREATED, &format!("api/v1.0/requests/{}", request.uuid)))
    }

    /// The card that a request is about, if its kind needs one and the caller may see it.
    fn card_in(&self, writing: &Writing<'_>, body: &Body, kind: RequestKind) -> Result<Option<Card>, Stop> {
        let uuid = body.uuid("smartcard")?.filter(|_| kind != RequestKind::Enroll);
        let Some(uuid) = uuid else {
            if kind::needs_card(kind) {
                let text = format!("{} needs a smartcard.", kind.name());
                return Err(stop(StatusCode::BAD_REQUEST, &text));
            }
            return Ok(None);
        };
        let card = writing.card_by_uuid(uuid)?.ok_or_else(|| no_card(uuid))?;
        self.check_sees(&card)?;
        Ok(Some(card))
    }

    pub(super) fn record_refusal(
        &self,
        writing: &Writing<'_>,
        kind: RequestKind,
        card: &Card,
        why: &str,
    ) -> Result<(), Stop> {
        let neutral = kind.operation().map(|operation| operation.name().to_owned());
        let operation = neutral.unwrap_or_else(|| kind.name().to_ascii_lowercase());
        Ok(writing.record(&Event {
            note: why,
            outcome: Outcome::Refused,
            ..Event::new(&self.caller.who, System::Mim, &operation, Some(card))
        })?)
    }
}

/// The policy pages say TemporaryEnroll for what this call names TemporaryCards.
fn kind_in(body: &Body) -> Result<RequestKind, Stop> {
    match body.text("type")? {
        Some(word) if word.trim().eq_ignore_ascii_case("TemporaryEnroll") => Ok(RequestKind::TemporaryCards),
        _ => body.word("type"),
    }
}

/// A card's own template takes precedence over the one in the body.
fn template_in(body: &Body, card: Option<&Card>) -> Result<Guid, Stop> {
    let given = body.uuid("profiletemplateuuid")?;
    let own = card.and_then(|card| card.template);
    own.or(given).ok_or_else(|| stop(StatusCode::BAD_REQUEST, "profiletemplateuuid is missing."))
}

/// The policy's questions with their answers, followed by answers to other questions.
fn collected(policy: &Policy, answers: Vec<(String, Option<String>)>) -> Vec<(String, Option<String>)> {
    let answer = |name: &String| answers.iter().find(|answer| answer.0.eq_ignore_ascii_case(name));
    let asked = policy.data_items.iter();
    let mut collected: Vec<_> =
        asked.map(|name| (name.clone(), answer(name).and_then(|answer| answer.1.clone()))).collect();
    let is_asked =
        |answer: &(String, Option<String>)| policy.data_items.iter().any(|name| name.eq_ignore_ascii_case(&answer.0));
    collected.extend(answers.iter().filter(|answer| !is_asked(answer)).cloned());
    collected
}

/// The kind of a request and its comment, for the audit log.
pub(super) fn note(kind: RequestKind, comment: &str) -> String {
    if comment.is_empty() { kind.name().to_owned() } else { format!("{}: {comment}", kind.name()) }
}
