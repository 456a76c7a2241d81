//! The kinds of request: what each needs, when it is allowed, and what it does to a card.

use super::status;
use crate::registry::{Caller, Card};
use cardwright_core::Named as _;
use cardwright_core::lifecycle::{NativeState, Verdict};
use cardwright_core::mim::{RequestKind, SmartcardStatus};

/// The order of `/operations`. The documents show `renew`, `unblock`, `retire`; where the others belong is
/// assumed.
const LISTED: [RequestKind; 10] = [
    RequestKind::OnlineUpdate,
    RequestKind::Renew,
    RequestKind::Recover,
    RequestKind::RecoverOnBehalf,
    RequestKind::Duplicate,
    RequestKind::TemporaryCards,
    RequestKind::Unblock,
    RequestKind::Retire,
    RequestKind::Revoke,
    RequestKind::Reinstate,
];

/// What a caller may request: what the card's status, the template and the permissions all allow.
pub(super) fn words(caller: &Caller, card: &Card, enabled: &[RequestKind]) -> Vec<String> {
    LISTED
        .iter()
        .filter(|kind| {
            enabled.contains(kind) && caller.rights.may(kind.permission()) && refusal(**kind, card).is_none()
        })
        .map(|kind| kind.name().to_ascii_lowercase())
        .collect()
}

/// Whether a request of this kind ends with another card, which is assigned to it.
pub(super) const fn gives_card(kind: RequestKind) -> bool {
    match kind {
        RequestKind::Enroll
        | RequestKind::TemporaryCards
        | RequestKind::Duplicate
        | RequestKind::Recover
        | RequestKind::RecoverOnBehalf => true,
        RequestKind::OfflineUnblock
        | RequestKind::OnlineUpdate
        | RequestKind::Renew
        | RequestKind::Reinstate
        | RequestKind::Retire
        | RequestKind::Revoke
        | RequestKind::Unblock => false,
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => false,
    }
}

/// Whether a request of this kind is about a card. One for a temporary card may be.
pub(super) const fn needs_card(kind: RequestKind) -> bool {
    !matches!(kind, RequestKind::Enroll | RequestKind::TemporaryCards)
}

/// The status that a request of this kind gives a card. Only Retired is documented.
pub(super) const fn gives_status(kind: RequestKind) -> Option<SmartcardStatus> {
    match kind {
        RequestKind::Retire => Some(SmartcardStatus::Retired),
        RequestKind::Revoke => Some(SmartcardStatus::Disabled),
        RequestKind::Reinstate => Some(SmartcardStatus::Active),
        RequestKind::Enroll
        | RequestKind::TemporaryCards
        | RequestKind::Duplicate
        | RequestKind::Recover
        | RequestKind::RecoverOnBehalf => Some(SmartcardStatus::Active),
        RequestKind::OfflineUnblock | RequestKind::OnlineUpdate | RequestKind::Renew | RequestKind::Unblock => None,
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => None,
    }
}

/// Why a card cannot have a request of this kind; `None` if it can.
pub(super) fn refusal(kind: RequestKind, card: &Card) -> Option<&'static str> {
    let status = status::of(card.state);
    if let Some(operation) = kind.operation() {
        return match Verdict::of(NativeState::Mim(status), operation) {
            Verdict::Allowed { .. } => None,
            Verdict::Refused { source, .. } => Some(source),
            Verdict::Lacks => Some("there is no such operation"),
        };
    }
    // No matrix is published for these: all of it is assumed.
    match (kind, status) {
        (RequestKind::Enroll, _) => None,
        (
            RequestKind::TemporaryCards
            | RequestKind::Duplicate
            | RequestKind::Recover
            | RequestKind::RecoverOnBehalf
            | RequestKind::OfflineUnblock
            | RequestKind::OnlineUpdate
            | RequestKind::Renew
            | RequestKind::Unblock
            | RequestKind::Retire
            | RequestKind::Revoke
            | RequestKind::Reinstate,
            SmartcardStatus::Active,
        ) => None,
        (
            RequestKind::Recover | RequestKind::RecoverOnBehalf | RequestKind::TemporaryCards,
            SmartcardStatus::Suspended | SmartcardStatus::Disabled,
        ) => None,
        // What this server knows of a kind decides what a request does. Of another kind it would do nothing, and say that
        // it is done.
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        (_, SmartcardStatus::Active) => Some("this kind of request is not known"),
        _ => Some("the card is not active"),
    }
}

/// The sentence for a refused card.
pub(super) fn refused(kind: RequestKind, card: &Card, why: &str) -> String {
    format!(
        "Smart card {}: {} is not allowed in the status {}: {why}.",
        card.uuid,
        kind.name(),
        status::of(card.state).name()
    )
}
