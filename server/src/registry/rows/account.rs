//! Accounts.

use crate::registry::record::record;
use cardwright_core::identity::Guid;

record! {
    /// An account as it is stored.
    #[derive(Clone)]
    pub(crate) struct Account in "account" {
        pub(in crate::registry) name: String = "name",
        pub(in crate::registry) password: String = "password",
        pub(in crate::registry) role: String = "role",
        pub(in crate::registry) user: Guid = "user_uuid",
        pub(in crate::registry) disabled: bool = "disabled",
    }
}

/// An account, without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountEntry {
    /// The name to sign in with.
    pub name: String,
    /// What it may do.
    pub role: String,
    /// The user that it is in MIM CM.
    pub user: Guid,
    /// Whether it cannot sign in.
    pub disabled: bool,
}

impl Account {
    /// What is shown of it.
    pub(in crate::registry) fn shown(self) -> AccountEntry {
        AccountEntry { name: self.name, role: self.role, user: self.user, disabled: self.disabled }
    }
}
