//! Profile templates, and what each allows and asks for.

use crate::registry::record::record;
use cardwright_core::identity::Guid;
use cardwright_core::mim::RequestKind;

record! {
    /// A profile template of MIM CM, and the policy that CertiFlow shows for its cards.
    #[derive(Debug, Clone)]
    pub(crate) struct Template in "profile_template" {
        pub(crate) uuid: Guid = "uuid",
        pub(crate) name: String = "name",
        pub(crate) version: i64 = "version",
        pub(crate) policy_id: i64 = "policy_id",
        pub(crate) policy_name: String = "policy_name",
    }
}

record! {
    /// How a template treats one kind of request.
    #[derive(Debug, Clone)]
    pub(crate) struct Policy in "template_policy" {
        pub(crate) template: Guid = "template",
        pub(crate) kind: RequestKind = "kind",
        /// How many approvals a request needs.
        pub(crate) approvals: u32 = "approvals",
        pub(crate) flags: i64 = "flags",
        pub(crate) data_collection_flags: i64 = "data_collection_flags",
        /// The questions.
        pub(crate) data_items: Vec<String> = "data_items",
        pub(crate) security_descriptor: String = "security_descriptor",
        pub(crate) priority: u8 = "priority",
        pub(crate) is_enrollment_agent: bool = "is_enrollment_agent",
        pub(crate) is_data_complete: bool = "is_data_complete",
    }
}
