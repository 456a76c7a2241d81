//! What accounts may do in each system, and the roles that give them that.

use super::Registry;
use super::record::record;
use crate::Error;
use cardwright_core::Named;
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
    fn new(privileges: impl IntoIterator<Item = Privilege>, permissions: impl IntoIterator<Item = Permission>) -> Self {
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
    pub(super) const fn bits(self) -> [i64; 2] {
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

/// Privileges that no documented call needs: only the administrator has them.
const fn is_unused(privilege: Privilege) -> bool {
    matches!(privilege, Privilege::ResettingPin | Privilege::LockingCard | Privilege::RemovingTasks)
}

/// The roles that every registry has.
fn default_roles() -> [(&'static str, Rights); 3] {
    let (all, every) = (Privilege::ALL.iter().copied(), Permission::ALL.iter().copied());
    let used = all.clone().filter(|one| !is_unused(*one));
    let viewing = [Privilege::ViewingCardRepository, Privilege::FindingUsers];
    [
        ("administrator", Rights::new(all, every.clone())),
        ("operator", Rights::new(used, every)),
        ("viewer", Rights::new(viewing, [Permission::Audit])),
    ]
}

impl Registry {
    /// Adds a role, or gives an existing role these rights.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub fn add_role(&self, name: &str, privileges: &[Privilege], permissions: &[Permission]) -> Result<(), Error> {
        let rights = Rights::new(privileges.iter().copied(), permissions.iter().copied());
        self.write_accounts(|writing| writing.writes.put_role(name, rights, true))
    }

    /// Adds the default roles that are missing. Sites may change them, so that existing ones are left alone.
    pub(super) fn add_default_roles(&self) -> Result<(), Error> {
        let known = self.read(|reading| reading.roles())?;
        let missing = default_roles().into_iter().filter(|role| known.iter().all(|(name, _)| name != role.0));
        let missing: Vec<_> = missing.collect();
        if missing.is_empty() {
            return Ok(());
        }
        self.write_accounts(|writing| {
            missing.iter().try_for_each(|(name, rights)| writing.writes.put_role(name, *rights, false))
        })
    }
}
