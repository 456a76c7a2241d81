//! What the calls share: the caller, and what it may see and do.

use super::flow::{Stop, no_card, stop, uuid_in};
use crate::http_request::decoded;
use crate::registry::{Caller, Card, Reading, Request};
use crate::{ErrorProfile, Switches};
use axum::http::StatusCode;
use cardwright_core::Named as _;
use cardwright_core::identity::Guid;
use cardwright_core::mim::Permission;
use std::sync::Arc;

/// The caller, and the server's settings.
pub(super) struct Handler {
    pub(super) caller: Arc<Caller>,
    pub(super) switches: Switches,
}

impl Handler {
    /// The card with an id in a path, if the caller may see it.
    pub(super) fn card(&self, reading: &Reading<'_>, part: &str) -> Result<Card, Stop> {
        let uuid = uuid_in("smartcard", &decoded(part).unwrap_or_default())?;
        let card = reading.card_by_uuid(uuid)?.ok_or_else(|| no_card(uuid))?;
        self.check_sees(&card)?;
        Ok(card)
    }

    /// The request with an id in a path, if the caller may see it.
    pub(super) fn request(&self, reading: &Reading<'_>, part: &str) -> Result<Request, Stop> {
        self.request_by(reading, uuid_in("request", &decoded(part).unwrap_or_default())?)
    }

    pub(super) fn request_by(&self, reading: &Reading<'_>, uuid: Guid) -> Result<Request, Stop> {
        let request = reading.request(uuid)?;
        let request = request.ok_or_else(|| stop(StatusCode::NOT_FOUND, &format!("No request has the id {uuid}.")))?;
        if !self.is_party(&request) {
            self.check_may(Permission::Audit)?;
        }
        Ok(request)
    }

    /// A caller sees its own cards; all others need Audit.
    pub(super) fn check_sees(&self, card: &Card) -> Result<(), Stop> {
        if card.user == Some(self.caller.user) { Ok(()) } else { self.check_may(Permission::Audit) }
    }

    pub(super) fn check_may(&self, permission: Permission) -> Result<(), Stop> {
        if self.caller.rights.may(permission) {
            return Ok(());
        }
        let text = format!("The account {} lacks the permission \"{}\".", self.caller.name(), permission.name());
        Err(stop(StatusCode::FORBIDDEN, &text))
    }

    /// Carrying out a request needs the permission to make one; the caller must also be its originator, its
    /// target, or an enrollment agent. The documents say "Execute permission" only.
    pub(super) fn check_carries_out(&self, request: &Request) -> Result<(), Stop> {
        self.check_may(request.kind.permission())?;
        if self.is_party(request) { Ok(()) } else { self.check_may(Permission::EnrollmentAgent) }
    }

    fn is_party(&self, request: &Request) -> bool {
        [request.originator, request.target].contains(&self.caller.user)
    }

    /// The status of the reply if a card's status does not allow an operation.
    pub(super) fn refusal(&self) -> StatusCode {
        let status = self.switches.refusal.status(ErrorProfile::AspNetCore);
        StatusCode::from_u16(status).unwrap_or(StatusCode::CONFLICT)
    }
}
