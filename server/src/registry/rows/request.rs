//! Requests of MIM CM.

use crate::registry::record::{Numbered, record};
use crate::registry::stamp::Stamp;
use cardwright_core::identity::Guid;
use cardwright_core::mim::{RequestKind, RequestStatus};

record! {
    /// A request.
    #[derive(Debug, Clone)]
    pub(crate) struct Request in "request" {
        pub(crate) uuid: Guid = "uuid",
        pub(crate) kind: RequestKind = "kind",
        pub(crate) status: RequestStatus = "status",
        pub(crate) flags: i64 = "flags",
        /// Questions and answers.
        pub(crate) data_collection: Vec<(String, Option<String>)> = "data_collection",
        pub(crate) data_collection_flags: i64 = "data_collection_flags",
        pub(crate) originator: Guid = "originator",
        pub(crate) target: Guid = "target",
        pub(crate) submitted: Stamp = "submitted",
        pub(crate) completed: Option<Stamp> = "completed",
        pub(crate) new_profile: Option<Guid> = "new_profile",
        pub(crate) old_profile: Option<Guid> = "old_profile",
        pub(crate) new_smartcard: Option<Guid> = "new_smartcard",
        pub(crate) old_smartcard: Option<Guid> = "old_smartcard",
        pub(crate) priority: u8 = "priority",
        pub(crate) comment: String = "comment",
        pub(crate) template: Guid = "template",
        pub(crate) security_descriptor: String = "security_descriptor",
        pub(crate) is_smartcard: bool = "is_smartcard",
        pub(crate) is_enrollment_agent: bool = "is_enrollment_agent",
        pub(crate) is_data_complete: bool = "is_data_complete",
        /// The card that it is about, or that it was given.
        pub(crate) card: Option<i64> = "card",
        /// Whether the card's status was set.
        pub(crate) carried_out: bool = "carried_out",
    }
}

impl Numbered for RequestKind {
    const WHAT: &'static str = "a kind of request";
}

impl Numbered for RequestStatus {
    const WHAT: &'static str = "a status of a request";
}

/// Which requests are wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct WantedRequests {
    /// Those with one of these statuses; empty for all.
    pub(crate) statuses: Vec<RequestStatus>,
    /// Those for this user.
    pub(crate) target: Option<Guid>,
    /// Those that this user made, or that are for this user.
    pub(crate) party: Option<Guid>,
    /// Those about a card, or for its replacement, by its number and its id in MIM CM.
    pub(crate) card: Option<(i64, Guid)>,
    /// Those after the one that was submitted then and has this id.
    pub(crate) after: Option<(Stamp, Guid)>,
}
