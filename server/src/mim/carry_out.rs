//! Carrying out a request: assigning a card to it, setting the card's status, ending it.

use super::body::Body;
use super::create::note;
use super::flow::{Flow, Stop, message, named_request, no_card, stop};
use super::handler::Handler;
use super::object::RequestObject;
use super::{kind, status};
use crate::registry::{Act, Card, Event, Judged, Request, Writing};
use crate::reply::Reply;
use crate::uuid::new_uuid;
use axum::http::StatusCode;
use cardwright_core::Named as _;
use cardwright_core::identity::{ByteOrder, Guid, Serial};
use cardwright_core::lifecycle::{State, System};
use cardwright_core::mim::{FLAG_PRIMARY, RequestEnd, RequestKind, RequestStatus, SmartcardStatus};

impl Handler {
    /// Assigns a card to a request ("Assign smartcard to request").
    pub(super) fn assign(&self, writing: &Writing<'_>, body: &Body) -> Flow {
        let mut request = self.request_by(writing, body.required_uuid("requestid")?)?;
        let card_id = body.required_uuid("cardid")?;
        let atr = atr_in(body)?;
        self.check_carries_out(&request)?;
        check_is_open(&request)?;
        let name = named_request(request.uuid, request.kind);
        if !kind::gives_card(request.kind) {
            return Err(stop(StatusCode::CONFLICT, &format!("{name} takes no other card.")));
        }
        let known = writing.card_by_card_id(card_id)?;
        if let Some(bound) = request.card {
            // A repeated request gets the same answer, as the first answer may have been lost. This is assumed.
            return match known.filter(|card| card.id == bound) {
                Some(card) => Ok(assigned(card.uuid)),
                None => Err(stop(StatusCode::CONFLICT, &format!("{name} has another card."))),
            };
        }
        if let Some(card) = known.as_ref().filter(|card| card.state != State::Stock) {
            let why = "it belongs to somebody, or its life is over";
            self.record_refusal(writing, request.kind, card, why)?;
            let name = status::of(card.state).name();
            let text = format!("Smart card {} is {name} and cannot be given to a request: {why}.", card.uuid);
            return Err(stop(StatusCode::CONFLICT, &text));
        }
        let card = assign_card(writing, &request, card_id, atr, known.as_ref())?;
        request.card = Some(card.id);
        writing.update_request(&request)?;
        let before = known.map(|card| card.state);
        self.record(writing, "assign", &request, &card, before, card.state)?;
        Ok(assigned(card.uuid))
    }

    /// Sets a card's status as a part of a request ("Update smartcard status").
    pub(super) fn update(&self, writing: &Writing<'_>, body: &Body, mut request: Request, card: &Card) -> Flow {
        let wanted: SmartcardStatus = body.word("status")?;
        self.check_carries_out(&request)?;
        check_is_open(&request)?;
        let name = named_request(request.uuid, request.kind);
        if request.card != Some(card.id) {
            return Err(stop(StatusCode::CONFLICT, &format!("{name} is not about smart card {}.", card.uuid)));
        }
        if kind::gives_status(request.kind) != Some(wanted) {
            let text = format!("{name} cannot make a card {}.", wanted.name());
            return Err(stop(StatusCode::CONFLICT, &text));
        }
        // A repeated request gets the same answer, as the first answer may have been lost. This is assumed.
        if request.carried_out && status::of(card.state) == wanted {
            return Ok(self.show(card));
        }
        match request.kind.operation() {
            Some(operation) => {
                let Some(effects) = status::effects(operation) else {
                    return Err(stop(StatusCode::CONFLICT, &format!("{name} cannot be carried out.")));
                };
                let act = Act {
                    by: &self.caller.who,
                    system: System::Mim,
                    shown: status::shown,
                    operation,
                    effects,
                    note: &request.comment,
                    request: Some(request.uuid),
                };
                match writing.operate(card.id, &act)? {
                    Judged::Done => {}
                    Judged::NoCard => return Err(no_card(card.uuid)),
                    Judged::Refused { source, .. } => {
                        let text = kind::refused(request.kind, card, source);
                        return Ok(message(self.refusal(), &text));
                    }
                }
            }
            None => self.issue(writing, &request, card)?,
        }
        request.carried_out = true;
        request.status = RequestStatus::Executing;
        writing.update_request(&request)?;
        let card = writing.card(card.id)?.ok_or_else(|| no_card(card.uuid))?;
        Ok(self.show(&card))
    }

    /// Ends a request ("Cancel, abandon, complete request").
    pub(super) fn end(&self, writing: &Writing<'_>, body: &Body, mut request: Request) -> Flow {
        let end: RequestEnd = body.word("status")?;
        self.check_carries_out(&request)?;
        let name = named_request(request.uuid, request.kind);
        let cannot = |why: &str| stop(StatusCode::CONFLICT, &format!("{name} cannot be {}: {why}.", end.name()));
        let card = request.card.map(|id| writing.card(id)).transpose()?.flatten();
        match end {
            RequestEnd::Completed => {
                check_is_open(&request)?;
                self.complete(writing, &mut request, card.as_ref())?;
            }
            RequestEnd::Canceled | RequestEnd::Abandoned => {
                let is_pending = request.status == RequestStatus::Pending;
                if request.carried_out {
                    return Err(cannot("the card's status was set already"));
                }
                // Only a request that was approved can be abandoned (SDK).
                if is_pending && end == RequestEnd::Abandoned {
                    return Err(cannot("it was not approved"));
                }
                if !is_pending {
                    check_is_open(&request)?;
                }
                if let Some(card) = card.as_ref().filter(|card| is_reserved(&request, card)) {
                    self.return_to_stock(writing, &request, card)?;
                }
                // Which status an abandoned request has is not documented.
                request.status = RequestStatus::Canceled;
                writing.update_request(&request)?;
            }
            #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
            _ => return Err(cannot("there is no such end")),
        }
        let word = match end {
            RequestEnd::Completed => "complete",
            RequestEnd::Canceled => "cancel",
            RequestEnd::Abandoned => "abandon",
            #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
            _ => return Err(cannot("there is no such end")),
        };
        writing.record(&Event {
            before: None,
            after: None,
            note: &note(request.kind, &request.comment),
            request: Some(request.uuid),
            ..Event::new(&self.caller.who, System::Mim, word, card.as_ref())
        })?;
        Ok(Reply::json(StatusCode::OK, &RequestObject(&request)))
    }

    fn complete(&self, writing: &Writing<'_>, request: &mut Request, card: Option<&Card>) -> Result<(), Stop> {
        let name = named_request(request.uuid, request.kind);
        let cannot = |why: &str| stop(StatusCode::CONFLICT, &format!("{name} cannot be Completed: {why}."));
        let card = card.ok_or_else(|| cannot("it has no card"))?;
        if kind::gives_card(request.kind) {
            if !request.carried_out {
                self.issue(writing, request, card)?;
            }
            request.new_profile = Some(card.profile);
            request.new_smartcard = Some(card.uuid);
        } else if let Some(status) = kind::gives_status(request.kind) {
            if !request.carried_out {
                return Err(cannot(&format!("the card is not {} yet", status.name())));
            }
        } else if let Some(why) = kind::refusal(request.kind, card) {
            self.record_refusal(writing, request.kind, card, why)?;
            return Err(cannot(why));
        } else if matches!(request.kind, RequestKind::Renew | RequestKind::OnlineUpdate) {
            writing.replace_card(&Card { time_updated: Some(writing.now), ..card.clone() }, card.state)?;
        }
        request.carried_out = true;
        request.status = RequestStatus::Completed;
        request.completed = Some(writing.now);
        Ok(writing.update_request(request)?)
    }

    /// Issues a card that was assigned to a request.
    fn issue(&self, writing: &Writing<'_>, request: &Request, card: &Card) -> Result<(), Stop> {
        let active = Card { state: State::Active, time_issued: Some(writing.now), ..card.clone() };
        if !is_reserved(request, card) || !writing.replace_card(&active, State::Assigned)? {
            let text = format!("Smart card {} is {}, not Assigned.", card.uuid, status::of(card.state).name());
            self.record_refusal(writing, request.kind, card, "the card is not assigned")?;
            return Err(stop(StatusCode::CONFLICT, &text));
        }
        self.record(writing, "issue", request, card, Some(card.state), State::Active)
    }

    /// Returns a card that was assigned to a request to stock.
    fn return_to_stock(&self, writing: &Writing<'_>, request: &Request, card: &Card) -> Result<(), Stop> {
        let stock = Card {
            state: State::Stock,
            user: None,
            user_name: None,
            user_upn: None,
            policy_id: None,
            policy_name: None,
            template: None,
            template_version: 0,
            ..card.clone()
        };
        writing.replace_card(&stock, State::Assigned)?;
        self.record(writing, "take-back", request, card, Some(card.state), State::Stock)
    }

    fn record(
        &self,
        writing: &Writing<'_>,
        operation: &str,
        request: &Request,
        card: &Card,
        before: Option<State>,
        after: State,
    ) -> Result<(), Stop> {
        Ok(writing.record(&Event {
            before,
            after: Some(after),
            note: &note(request.kind, &request.comment),
            request: Some(request.uuid),
            ..Event::new(&self.caller.who, System::Mim, operation, Some(card))
        })?)
    }
}

/// Whether a card was assigned to a request and is not in use yet.
fn is_reserved(request: &Request, card: &Card) -> bool {
    kind::gives_card(request.kind) && request.card == Some(card.id) && card.state == State::Assigned
}

/// A request can be carried out while it is approved or executing (SDK).
fn check_is_open(request: &Request) -> Result<(), Stop> {
    if matches!(request.status, RequestStatus::Approved | RequestStatus::Executing) {
        return Ok(());
    }
    let name = named_request(request.uuid, request.kind);
    Err(stop(StatusCode::CONFLICT, &format!("{name} is {} and cannot be carried out.", request.status.name())))
}

/// Assigns to a request the card in stock with this id, or a new one. Either way the card gets a new uuid, as
/// MIM CM does whenever it assigns a card.
fn assign_card(
    writing: &Writing<'_>,
    request: &Request,
    card_id: Guid,
    atr: Option<String>,
    stock: Option<&Card>,
) -> Result<Card, Stop> {
    let template = writing.template(request.template)?.ok_or(crate::Error::Corrupt("a request without template"))?;
    let (user_name, user_upn) = writing.user_names(request.target)?;
    let old = |kinds: &[RequestKind]| request.old_smartcard.filter(|_| kinds.contains(&request.kind));
    let base = match stock {
        Some(card) => card.clone(),
        None => unregistered(writing.next_card()?, card_id)?,
    };
    let card = Card {
        state: State::Assigned,
        atr: atr.or(base.atr),
        time_issued: None,
        time_disabled: None,
        time_updated: None,
        time_revoked: None,
        user: Some(request.target),
        user_name,
        user_upn,
        policy_id: Some(template.policy_id),
        policy_name: Some(template.policy_name),
        revocation_reason: None,
        uuid: new_uuid()?,
        profile: new_uuid()?,
        // The bits for duplicates and temporary cards are not published.
        flags: if request.kind == RequestKind::Enroll { FLAG_PRIMARY } else { 0 },
        parent: old(&[RequestKind::Recover, RequestKind::RecoverOnBehalf]),
        primary: old(&[RequestKind::Duplicate]),
        permanent: old(&[RequestKind::TemporaryCards]),
        template: Some(template.uuid),
        template_version: template.version,
        middleware: "MSBaseCSP".into(),
        ..base
    };
    match stock {
        Some(_) if !writing.replace_card(&card, State::Stock)? => {
            Err(stop(StatusCode::CONFLICT, "The card was taken by another request."))
        }
        Some(_) => Ok(card),
        None => {
            writing.add_card(&card)?;
            Ok(card)
        }
    }
}

/// A card that is not registered yet. CertiFlow shows its CardID as its serial number.
fn unregistered(id: i64, card_id: Guid) -> Result<Card, Stop> {
    let serial_number = Serial::from_guid(card_id).hex(ByteOrder::Rfc4122);
    let serial_number = serial_number.map_or_else(|| card_id.to_string(), |serial| serial.to_string());
    Ok(Card { card_id: Some(card_id), ..Card::blank(id, serial_number)? })
}

/// The ATR in the body, in upper case as the registry stores it. It is optional: the walkthrough does not
/// send it.
fn atr_in(body: &Body) -> Result<Option<String>, Stop> {
    let Some(text) = body.text("atr")?.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.len().is_multiple_of(2) && text.len() <= 66 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(Some(text.to_ascii_uppercase()));
    }
    Err(stop(StatusCode::BAD_REQUEST, &format!("atr: {text:?} is no ATR in hexadecimal digits.")))
}

/// The reply to an assignment.
fn assigned(uuid: Guid) -> Reply {
    Reply::json(StatusCode::CREATED, &format!("api/v1.0/smartcards/{uuid}"))
}
