//! What accounts may do in each system, and the roles that give them that.

use super::Registry;
use super::rows::Rights;
use crate::Error;
use cardwright_core::Named as _;
use cardwright_core::certiflow::Privilege;
use cardwright_core::mim::Permission;

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
