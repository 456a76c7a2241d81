//! Decisions on requests of MIM CM: approve, deny, and fail.
//!
//! MIM CM's REST API has no calls for these: its portal does them. Only a pending request can be
//! approved or denied (SDK), and both are final but for what follows an approval. Whether its
//! originator may approve it is not documented: the switch `own-approval` decides.

use crate::Error;
use crate::registry::accounts::Caller;
use crate::registry::rows::{Event, Outcome, Request, Who};
use crate::registry::{Reading, Registry, Writing};
use cardwright_core::Named as _;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::System;
use cardwright_core::mim::RequestStatus;

/// The state of the decision on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// Its status now.
    pub status: RequestStatus,
    /// How many accounts have approved it.
    pub approvals: u32,
    /// How many must approve it.
    pub needed: u32,
}

impl Registry {
    /// Approves a request on behalf of an account. It becomes approved once as many accounts as its template
    /// requires have approved it; a second approval by the same account changes nothing.
    ///
    /// # Errors
    /// [`Error::NoSuchRequest`], and [`Error::RequestIs`] if it is not pending.
    pub fn approve(&self, request: Guid, by: impl Into<Who>) -> Result<Decision, Error> {
        self.approve_unless(request, &by.into(), |_| false)
    }

    /// As [`Self::approve`], for somebody who has signed in; refused if it is the caller's own request and
    /// that is not allowed.
    ///
    /// # Errors
    /// [`Error::OwnRequest`] besides.
    pub(crate) fn approve_as(&self, request: Guid, caller: &Caller, may_approve_own: bool) -> Result<Decision, Error> {
        let is_own = |request: &Request| !may_approve_own && request.originator == caller.user;
        self.approve_unless(request, &caller.who, is_own)
    }

    fn approve_unless(&self, request: Guid, by: &Who, is_own: impl Fn(&Request) -> bool) -> Result<Decision, Error> {
        let refused = |request: &Request| is_own(request).then_some(Error::OwnRequest(request.uuid));
        self.decide(request, by, "approve", &[RequestStatus::Pending], refused, |writing, request| {
            let is_new = writing.writes.add_approval(request.uuid, by)?;
            let Decision { approvals, needed, .. } = writing.decision(request)?;
            if approvals >= needed {
                request.status = RequestStatus::Approved;
            }
            Ok(is_new.then(|| format!("{approvals} of {needed}")))
        })
    }

    /// Denies a request, which ends it.
    ///
    /// # Errors
    /// As [`Self::approve`].
    pub fn deny(&self, request: Guid, by: impl Into<Who>) -> Result<Decision, Error> {
        self.decide(
            request,
            &by.into(),
            "deny",
            &[RequestStatus::Pending],
            |_| None,
            |_, request| {
                request.status = RequestStatus::Denied;
                Ok(Some(String::new()))
            },
        )
    }

    /// Makes a request fail that is approved or executing, which ends it, and leaves its card as it is:
    /// for tests.
    ///
    /// # Errors
    /// [`Error::NoSuchRequest`], and [`Error::RequestIs`] if it is neither.
    pub fn fail(&self, request: Guid, by: impl Into<Who>) -> Result<Decision, Error> {
        self.decide(
            request,
            &by.into(),
            "fail",
            &[RequestStatus::Approved, RequestStatus::Executing],
            |_| None,
            |_, request| {
                request.status = RequestStatus::Failed;
                Ok(Some(String::new()))
            },
        )
    }

    /// Changes a request that is in one of these states. The audit log gets the note that `change` returns, or
    /// that it was refused.
    fn decide(
        &self,
        uuid: Guid,
        by: &Who,
        operation: &str,
        from: &[RequestStatus],
        refused: impl Fn(&Request) -> Option<Error>,
        change: impl Fn(&Writing<'_>, &mut Request) -> Result<Option<String>, Error>,
    ) -> Result<Decision, Error> {
        self.write(|writing| {
            let Some(mut request) = writing.request(uuid)? else { return Ok(Err(Error::NoSuchRequest(uuid))) };
            if !from.contains(&request.status) {
                let note = format!("the request is {}", request.status.name());
                writing.record_decision(&request, operation, by, &note, Outcome::Refused)?;
                return Ok(Err(Error::RequestIs(uuid, request.status)));
            }
            if let Some(error) = refused(&request) {
                writing.record_decision(&request, operation, by, &error.to_string(), Outcome::Refused)?;
                return Ok(Err(error));
            }
            if let Some(note) = change(writing, &mut request)? {
                writing.update_request(&request)?;
                writing.record_decision(&request, operation, by, &note, Outcome::Done)?;
            }
            Ok(Ok(writing.decision(&request)?))
        })?
    }
}

impl Reading<'_> {
    /// The state of the decision on a request.
    pub(crate) fn decision(&self, request: &Request) -> Result<Decision, Error> {
        let approvals = u32::try_from(self.approved_by(request.uuid)?.len()).unwrap_or(u32::MAX);
        let policy = self.policy(request.template, request.kind)?;
        Ok(Decision { status: request.status, approvals, needed: policy.map_or(0, |policy| policy.approvals) })
    }
}

impl Writing<'_> {
    fn record_decision(
        &self,
        request: &Request,
        operation: &str,
        by: &Who,
        note: &str,
        outcome: Outcome,
    ) -> Result<(), Error> {
        let card = request.card.map(|card| self.card(card)).transpose()?.flatten();
        let between = if note.is_empty() { "" } else { ": " };
        self.record(&Event {
            note: &format!("{}{between}{note}", request.kind.name()),
            outcome,
            request: Some(request.uuid),
            ..Event::new(by, System::Mim, operation, card.as_ref())
        })
    }
}
