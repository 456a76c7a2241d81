//! What accounts may do in each system, and the roles that give them that.

use super::record::record;
use super::store::Registry;
use super::transaction::{Reading, Writing};
use crate::Error;
use cardwright_core::Named;
use cardwright_core::certiflow::Privilege;
use cardwright_core::mim::Permission;
use rusqlite::params;

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
        let update = "DO UPDATE SET (privileges, permissions) = (excluded.privileges, excluded.permissions)";
        self.write_accounts(|writing| writing.put_role(name, rights, update))
    }
}

impl Reading<'_> {
    /// What a role may do; `None` if there is no such role.
    pub(crate) fn rights(&self, role: &str) -> Result<Option<Rights>, Error> {
        self.one("WHERE name = ?1", [role])
    }
}

impl Reading<'_> {
    /// All roles by name, and what they may do.
    pub(crate) fn roles(&self) -> Result<Vec<(String, Rights)>, Error> {
        let names: Vec<String> = self.values("SELECT name FROM role ORDER BY name", [])?;
        let rights = names.into_iter().map(|name| Ok((self.rights(&name)?.unwrap_or_default(), name)));
        rights.map(|found| found.map(|(rights, name)| (name, rights))).collect()
    }
}

impl Writing<'_> {
    /// Adds the default roles that are missing. Sites may change them, so that existing ones are left alone.
    pub(super) fn add_default_roles(&self) -> Result<(), Error> {
        default_roles().into_iter().try_for_each(|(name, rights)| self.put_role(name, rights, "DO NOTHING"))
    }

    fn put_role(&self, name: &str, rights: Rights, on_conflict: &str) -> Result<(), Error> {
        let sql = format!(
            "INSERT INTO role (name, privileges, permissions) VALUES (?1, ?2, ?3) ON CONFLICT (name) {on_conflict}"
        );
        self.execute(&sql, params![name, rights.privileges, rights.permissions]).map(|_| ())
    }
}
