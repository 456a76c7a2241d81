//! Accounts.

use super::record::record;
use super::rights::Rights;
use super::store::Registry;
use super::transaction::Reading;
use super::who::Who;
use crate::uuid::new_uuid;
use crate::visible::is_visible;
use crate::{Error, Secret, password};
use cardwright_core::identity::Guid;
use rusqlite::params;

record! {
    /// An account as it is stored.
    struct Account in "account" {
        name: String = "name",
        password: String = "password",
        role: String = "role",
        user: Guid = "user_uuid",
        disabled: bool = "disabled",
    }
}

/// A person or program that has signed in, and what it may do.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) who: Who,
    /// The user that it is in a system that knows users by GUID.
    pub(crate) user: Guid,
    pub(crate) rights: Rights,
}

impl Caller {
    /// The name that the logs show.
    pub(crate) fn name(&self) -> &str {
        self.who.name()
    }
}

impl Registry {
    /// Adds an account, or gives an existing account this password and role. Returns its user in
    /// MIM CM.
    ///
    /// # Errors
    /// [`Error::NoSuchRole`], [`Error::AccountName`], [`Error::Crypto`], [`Error::Database`].
    pub fn add_account(&self, name: &str, password: &Secret, role: &str) -> Result<Guid, Error> {
        self.add_account_as(name, password, role, None)
    }

    /// As [`Self::add_account`], for a given user.
    pub(crate) fn add_account_as(
        &self,
        name: &str,
        password: &Secret,
        role: &str,
        user: Option<Guid>,
    ) -> Result<Guid, Error> {
        if name.is_empty() || name.contains(':') || !is_visible(name) {
            return Err(Error::AccountName(name.to_owned()));
        }
        let hash = password::hash(password)?;
        let fresh = new_uuid()?;
        self.write_accounts(|writing| {
            writing.rights(role)?.ok_or_else(|| Error::NoSuchRole(role.to_owned()))?;
            let known = writing.account(name)?.map(|account| account.user);
            let user = user.or(known).unwrap_or(fresh);
            let sql = "INSERT INTO account (name, password, role, user_uuid) VALUES (?1, ?2, ?3, ?4) \
                ON CONFLICT (name) DO UPDATE SET password = ?2, role = ?3, user_uuid = ?4";
            writing.execute(sql, params![name, hash, role, user.to_string()])?;
            Ok(user)
        })
    }
}

impl Reading<'_> {
    /// An account that is not disabled and the hash of its password, by the account's name in upper or lower case.
    pub(crate) fn caller(&self, name: &str) -> Result<Option<(Caller, String)>, Error> {
        let Some(account) = self.account(name)?.filter(|account| !account.disabled) else { return Ok(None) };
        let Some(rights) = self.rights(&account.role)? else { return Ok(None) };
        Ok(Some((Caller { who: Who::account(&account.name), user: account.user, rights }, account.password)))
    }

    fn account(&self, name: &str) -> Result<Option<Account>, Error> {
        self.one("WHERE name = ?1", [name])
    }
}
