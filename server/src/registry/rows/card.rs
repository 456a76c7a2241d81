//! Cards.

use crate::Error;
use crate::registry::record::{Numbered, record};
use crate::registry::stamp::Stamp;
use crate::uuid::new_uuid;
use cardwright_core::certiflow::RevocationReason;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::State;
use cardwright_core::mim::FLAG_PRIMARY;

record! {
    /// A physical card, as every system sees it.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct Card in "card" {
        pub(crate) id: i64 = "id",
        pub(crate) state: State = "state",
        pub(crate) serial_number: String = "serial_number",
        pub(crate) card_type_name: Option<String> = "card_type_name",
        pub(crate) card_model_name: Option<String> = "card_model_name",
        pub(crate) atr: Option<String> = "atr",
        pub(crate) label: Option<String> = "label",
        pub(crate) comment: Option<String> = "comment",
        pub(crate) tags: Vec<String> = "tags",
        pub(crate) form_factor: Option<String> = "form_factor",
        pub(crate) pac_number: Option<String> = "pac_number",
        pub(crate) expiration_date: Option<Stamp> = "expiration_date",
        pub(crate) time_issued: Option<Stamp> = "time_issued",
        pub(crate) time_disabled: Option<Stamp> = "time_disabled",
        pub(crate) time_updated: Option<Stamp> = "time_updated",
        pub(crate) time_revoked: Option<Stamp> = "time_revoked",
        pub(crate) user: Option<Guid> = "user_uuid",
        pub(crate) user_name: Option<String> = "user_name",
        pub(crate) user_upn: Option<String> = "user_upn",
        pub(crate) policy_id: Option<i64> = "policy_id",
        pub(crate) policy_name: Option<String> = "policy_name",
        pub(crate) revocation_reason: Option<RevocationReason> = "revocation_reason",
        pub(crate) uuid: Guid = "uuid",
        pub(crate) card_id: Option<Guid> = "card_id",
        pub(crate) profile: Guid = "profile_uuid",
        pub(crate) flags: i64 = "flags",
        pub(crate) parent: Option<Guid> = "parent_uuid",
        pub(crate) primary: Option<Guid> = "primary_uuid",
        pub(crate) permanent: Option<Guid> = "permanent_uuid",
        pub(crate) template: Option<Guid> = "template",
        pub(crate) template_version: i64 = "template_version",
        pub(crate) mim_comment: String = "mim_comment",
        pub(crate) middleware: String = "middleware",
    }
}

impl Card {
    /// A card that has an id, a serial number and nothing else.
    pub(crate) fn blank(id: i64, serial_number: String) -> Result<Self, Error> {
        let (uuid, profile) = (new_uuid()?, new_uuid()?);
        let middleware = "MSBaseCSP".into();
        Ok(Card { id, serial_number, uuid, profile, flags: FLAG_PRIMARY, middleware, ..Card::default() })
    }
}

impl Numbered for RevocationReason {
    const WHAT: &'static str = "a revocation reason";
}

/// A card's id in one of the systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CardKey {
    /// CertiFlow's number.
    Id(i64),
    /// MIM CM's GUID.
    Uuid(Guid),
}

/// What an operation changes in the card's record besides the state.
#[derive(Debug, Clone, Copy)]
pub(crate) enum CardEffect {
    /// Nothing.
    Nothing,
    /// The time of the hold is recorded.
    Held,
    /// The time of the revocation is recorded, and the number of its reason.
    Revoked(u8),
    /// The card loses its user, policy and template.
    Unassigned,
}
