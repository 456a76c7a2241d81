//! Accounts and roles.

use super::{Reading, Registry, Writing, database, new_uuid, some_guid};
use crate::{Error, Secret, auth};
use cardwright_core::Named;
use cardwright_core::certiflow::Privilege;
use cardwright_core::identity::Guid;
use cardwright_core::mim::Permission;
use rusqlite::{OptionalExtension as _, params};

/// An account and what it may do.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) name: String,
    /// The user that it is in MIM CM.
    pub(crate) user: Guid,
    pub(crate) password: String,
    privileges: i64,
    permissions: i64,
}

impl Caller {
    /// Somebody who has these rights by a token and no account.
    pub(crate) fn of_token(name: String, user: Guid, rights: &[Rights]) -> Self {
        let both = rights.iter().fold((0, 0), |all, one| (all.0 | one.0, all.1 | one.1));
        Caller { name, user, password: String::new(), privileges: both.0, permissions: both.1 }
    }

    /// Whether it has a privilege of CertiFlow.
    pub(crate) const fn has(&self, privilege: Privilege) -> bool {
        self.privileges & bit(privilege as u8) != 0
    }

    /// Whether it has a permission of MIM CM.
    pub(crate) const fn may(&self, permission: Permission) -> bool {
        self.permissions & bit(permission as u8) != 0
    }

    /// Whether it may do everything in both systems.
    pub(crate) fn is_administrator(&self) -> bool {
        Privilege::ALL.iter().all(|one| self.has(*one)) && Permission::ALL.iter().all(|one| self.may(*one))
    }
}

/// The privileges and the permissions of a role.
pub(crate) type Rights = (i64, i64);

const fn bit(number: u8) -> i64 {
    1 << number
}

fn bits(numbers: impl Iterator<Item = u8>) -> i64 {
    numbers.map(bit).sum()
}

/// Which privileges no documented call needs: they stay with the administrator.
const fn is_unused(privilege: Privilege) -> bool {
    matches!(privilege, Privilege::ResettingPin | Privilege::LockingCard | Privilege::RemovingTasks)
}

impl Registry {
    /// Makes an account, or gives the one of that name this password and role. Returns its user in
    /// MIM CM.
    ///
    /// # Errors
    /// [`Error::NoSuchRole`], [`Error::AccountName`], [`Error::Crypto`], [`Error::Database`].
    pub fn add_account(&self, name: &str, password: &Secret, role: &str) -> Result<Guid, Error> {
        self.add_account_as(name, password, role, None)
    }

    /// As [`Self::add_account`], for a given user of MIM CM.
    pub(crate) fn add_account_as(
        &self,
        name: &str,
        password: &Secret,
        role: &str,
        user: Option<Guid>,
    ) -> Result<Guid, Error> {
        if name.is_empty() || name.contains(':') {
            return Err(Error::AccountName(name.to_owned()));
        }
        let hash = auth::hash(password)?;
        let fresh = new_uuid()?;
        self.write_accounts(|writing| {
            let known = "SELECT 1 FROM role WHERE name = ?1";
            let known = writing.connection.query_row(known, [role], |_| Ok(())).optional().map_err(database)?;
            known.ok_or_else(|| Error::NoSuchRole(role.to_owned()))?;
            let before = writing.caller(name)?.map(|account| account.user);
            let user = user.or(before).unwrap_or(fresh);
            let sql = "INSERT INTO account (name, password, role, user_uuid) VALUES (?1, ?2, ?3, ?4) \
                ON CONFLICT (name) DO UPDATE SET password = ?2, role = ?3, user_uuid = ?4";
            writing.connection.execute(sql, params![name, hash, role, user.to_string()]).map_err(database)?;
            Ok(user)
        })
    }

    /// Makes a role, or gives the one of that name these rights.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub fn add_role(&self, name: &str, privileges: &[Privilege], permissions: &[Permission]) -> Result<(), Error> {
        let privileges = bits(privileges.iter().map(|privilege| *privilege as u8));
        let permissions = bits(permissions.iter().map(|permission| *permission as u8));
        self.write_accounts(|writing| writing.put_role(name, privileges, permissions))
    }
}

impl Reading<'_> {
    /// An account by its name, whatever the case of its letters.
    pub(crate) fn caller(&self, name: &str) -> Result<Option<Caller>, Error> {
        let sql = "SELECT account.name, user_uuid, password, privileges, permissions \
            FROM account JOIN role ON role.name = account.role WHERE account.name = ?1";
        let mut statement = self.connection.prepare_cached(sql).map_err(database)?;
        let mut rows = statement.query([name]).map_err(database)?;
        let Some(row) = rows.next().map_err(database)? else { return Ok(None) };
        let user: String = row.get(1).map_err(database)?;
        Ok(Some(Caller {
            name: row.get(0).map_err(database)?,
            user: some_guid(&user)?,
            password: row.get(2).map_err(database)?,
            privileges: row.get(3).map_err(database)?,
            permissions: row.get(4).map_err(database)?,
        }))
    }
}

impl Reading<'_> {
    /// What a role may do; `None` where there is none of that name.
    pub(crate) fn rights(&self, role: &str) -> Result<Option<Rights>, Error> {
        let sql = "SELECT privileges, permissions FROM role WHERE name = ?1";
        let mut statement = self.connection.prepare_cached(sql).map_err(database)?;
        statement.query_row([role], |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(database)
    }
}

impl Writing<'_> {
    /// The roles that every registry has. Sites may change them: only missing ones are added.
    pub(super) fn add_default_roles(&self) -> Result<(), Error> {
        let all = bits(Permission::ALL.iter().map(|permission| *permission as u8));
        let every = bits(Privilege::ALL.iter().map(|privilege| *privilege as u8));
        let used = bits(Privilege::ALL.iter().filter(|one| !is_unused(**one)).map(|one| *one as u8));
        let look = bit(Privilege::ViewingCardRepository as u8) | bit(Privilege::FindingUsers as u8);
        let roles =
            [("administrator", every, all), ("operator", used, all), ("viewer", look, bit(Permission::Audit as u8))];
        for (name, privileges, permissions) in roles {
            let sql = "INSERT INTO role VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            self.connection.execute(sql, params![name, privileges, permissions]).map_err(database)?;
        }
        Ok(())
    }

    fn put_role(&self, name: &str, privileges: i64, permissions: i64) -> Result<(), Error> {
        let sql = "INSERT INTO role VALUES (?1, ?2, ?3) \
            ON CONFLICT (name) DO UPDATE SET privileges = ?2, permissions = ?3";
        self.connection.execute(sql, params![name, privileges, permissions]).map_err(database)?;
        Ok(())
    }
}
