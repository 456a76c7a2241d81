//! What a role may do in each system.

use crate::registry::record::record;
use cardwright_core::Named as _;
use cardwright_core::certiflow::Privilege;
use cardwright_core::mim::Permission;

record! {
    /// What a role may do in each system: bit n is number n of its enumeration.
    #[derive(Debug, Clone, Copy, Default)]
    pub(crate) struct Rights in "role" {
        privileges: i64 = "privileges",
        permissions: i64 = "permissions",
    }
}

impl Rights {
    pub(in crate::registry) fn new(
        privileges: impl IntoIterator<Item = Privilege>,
        permissions: impl IntoIterator<Item = Permission>,
    ) -> Self {
        Rights {
            privileges: privileges.into_iter().fold(0, |bits, privilege| bits | bit(privilege as u8)),
            permissions: permissions.into_iter().fold(0, |bits, permission| bits | bit(permission as u8)),
        }
    }

    /// The union of both.
    pub(crate) const fn and(self, other: Self) -> Self {
        Rights { privileges: self.privileges | other.privileges, permissions: self.permissions | other.permissions }
    }

    /// The bits of both, as they are stored.
    pub(in crate::registry) const fn bits(self) -> [i64; 2] {
        [self.privileges, self.permissions]
    }

    /// Whether a privilege of CertiFlow is among them.
    pub(crate) const fn has(self, privilege: Privilege) -> bool {
        self.privileges & bit(privilege as u8) != 0
    }

    /// Whether a permission of MIM CM is among them.
    pub(crate) const fn may(self, permission: Permission) -> bool {
        self.permissions & bit(permission as u8) != 0
    }

    /// Whether they allow everything in every system.
    pub(crate) fn are_all(self) -> bool {
        Privilege::ALL.iter().all(|one| self.has(*one)) && Permission::ALL.iter().all(|one| self.may(*one))
    }
}

const fn bit(number: u8) -> i64 {
    1 << number
}
