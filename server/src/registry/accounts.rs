//! Accounts.

use super::rows::{Account, AccountEntry, Event, Outcome, Rights, Who};
use super::{Reading, Registry, Writing};
use crate::uuid::new_uuid;
use crate::visible::is_visible;
use crate::{Error, Secret, password};
use cardwright_core::identity::Guid;

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
        check_name(name)?;
        let hash = password::hash(password)?;
        let fresh = new_uuid()?;
        self.write_accounts(|writing| {
            writing.rights(role)?.ok_or_else(|| Error::NoSuchRole(role.to_owned()))?;
            let known = writing.account(name)?.map(|account| account.user);
            let user = user.or(known).unwrap_or(fresh);
            let (name, password, role) = (name.to_owned(), hash.clone(), role.to_owned());
            writing.writes.put_account(&Account { name, password, role, user, disabled: false })?;
            Ok(user)
        })
    }
}

/// What to change in an account; `None` leaves it as it is. A new account needs a password and a role.
#[derive(Debug, Clone, Default)]
#[allow(clippy::exhaustive_structs, reason = "made by setters or with ..default(): a field more breaks nothing")]
pub struct AccountChange {
    /// The password.
    pub password: Option<Secret>,
    /// The role.
    pub role: Option<String>,
    /// Whether it cannot sign in.
    pub disabled: Option<bool>,
    /// The user that it is in MIM CM. Default for a new account: one of its own.
    pub user: Option<Guid>,
}

impl AccountChange {
    /// Sets [`Self::password`](#structfield.password).
    #[must_use]
    pub fn password(mut self, password: Secret) -> Self {
        self.password = Some(password);
        self
    }

    /// Sets [`Self::role`](#structfield.role).
    #[must_use]
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.role = Some(role.into());
        self
    }

    /// Sets [`Self::disabled`](#structfield.disabled).
    #[must_use]
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = Some(disabled);
        self
    }

    /// Sets [`Self::user`](#structfield.user).
    #[must_use]
    pub fn user(mut self, user: Guid) -> Self {
        self.user = Some(user);
        self
    }
}

impl Registry {
    /// All accounts, by name.
    ///
    /// # Errors
    /// [`Error::Database`] and [`Error::Corrupt`].
    pub fn accounts(&self) -> Result<Vec<AccountEntry>, Error> {
        let accounts = self.read(|reading| reading.accounts())?;
        Ok(accounts.into_iter().map(Account::shown).collect())
    }

    /// Changes an account, or adds it. Returns it as it is then, and whether it is new. The audit log has a row for
    /// each thing that has changed, and for a change that was refused.
    ///
    /// # Errors
    /// [`Error::NoSuchAccount`] for a new one without password or role, [`Error::LastAdministrator`] for a change after
    /// which no account might do everything, and as [`Self::add_account`].
    pub fn change_account(&self, name: &str, change: &AccountChange, by: &Who) -> Result<(AccountEntry, bool), Error> {
        check_name(name)?;
        let hash = change.password.as_ref().map(password::hash).transpose()?;
        let fresh = new_uuid()?;
        self.write_accounts(|writing| {
            if let Some(role) = &change.role {
                writing.rights(role)?.ok_or_else(|| Error::NoSuchRole(role.clone()))?;
            }
            let Some(before) = writing.account(name)? else {
                let (Some(hash), Some(role)) = (&hash, &change.role) else {
                    return Err(Error::NoSuchAccount(name.to_owned()));
                };
                let account = Account {
                    name: name.to_owned(),
                    password: hash.clone(),
                    role: role.clone(),
                    user: change.user.unwrap_or(fresh),
                    disabled: change.disabled.unwrap_or_default(),
                };
                writing.writes.put_account(&account)?;
                writing.record_account(by, "account-add", &format!("{name}: {role}"), Outcome::Done)?;
                return Ok(Ok((account.shown(), true)));
            };
            let mut account = before.clone();
            account.role = change.role.clone().unwrap_or(account.role);
            account.disabled = change.disabled.unwrap_or(account.disabled);
            account.user = change.user.unwrap_or(account.user);
            let name = &before.name;
            let mut changes = Vec::new();
            if account.role != before.role {
                changes.push(("account-role", format!("{name}: {}, before {}", account.role, before.role)));
            }
            if account.disabled != before.disabled {
                changes.push((if account.disabled { "account-disable" } else { "account-enable" }, name.clone()));
            }
            if account.user != before.user {
                changes.push(("account-user", format!("{name}: {}, before {}", account.user, before.user)));
            }
            if let Some(hash) = &hash {
                account.password.clone_from(hash);
                changes.push(("account-password", name.clone()));
            }
            if writing.may_all(&before)? && !writing.may_all(&account)? && !writing.another_may_all(name)? {
                let error = Error::LastAdministrator(name.clone());
                if let Some((operation, note)) = changes.first() {
                    writing.record_account(by, operation, &format!("{note}: {error}"), Outcome::Refused)?;
                }
                return Ok(Err(error));
            }
            writing.writes.update_account(&account)?;
            for (operation, note) in &changes {
                writing.record_account(by, operation, note, Outcome::Done)?;
            }
            Ok(Ok((account.shown(), false)))
        })?
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    match name.is_empty() || name.contains(':') || !is_visible(name) {
        true => Err(Error::AccountName(name.to_owned())),
        false => Ok(()),
    }
}

impl Writing<'_> {
    fn record_account(&self, by: &Who, operation: &str, note: &str, outcome: Outcome) -> Result<(), Error> {
        self.record(&Event { note, outcome, ..Event::new(by, None, operation, None) })
    }
}

impl Reading<'_> {
    /// The name of an account as it was given first; of what is no account, the same.
    pub(crate) fn account_name(&self, name: &str) -> Result<String, Error> {
        Ok(self.account(name)?.map_or_else(|| name.to_owned(), |account| account.name))
    }

    /// Whether an account can sign in and do everything.
    fn may_all(&self, account: &Account) -> Result<bool, Error> {
        Ok(!account.disabled && self.rights(&account.role)?.is_some_and(Rights::are_all))
    }

    /// Whether there is an account besides this one that can sign in and do everything.
    fn another_may_all(&self, name: &str) -> Result<bool, Error> {
        for other in self.accounts()? {
            if other.name != name && self.may_all(&other)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// An account that is not disabled and the hash of its password, by the account's name in upper or lower case.
    pub(crate) fn caller(&self, name: &str) -> Result<Option<(Caller, String)>, Error> {
        let Some(account) = self.account(name)?.filter(|account| !account.disabled) else { return Ok(None) };
        let Some(rights) = self.rights(&account.role)? else { return Ok(None) };
        Ok(Some((Caller { who: Who::account(&account.name), user: account.user, rights }, account.password)))
    }
}
