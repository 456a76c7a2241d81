//! `account`: the accounts of a server of `cardwright serve`, over its own API, or those of a registry: in a folder that no
//! server uses, or in a database.

use crate::args::{Account, AccountName, AddAccount, Arguments, NewPassword, Registry, SetRole};
use crate::connect;
use crate::failure::{Done, Exit, Failure, Kind, server_failure};
use crate::kept::Kept;
use crate::out;
use crate::style::{BOLD, CARE, END, escape_controls};
use crate::table::{Cell, Table};
use crate::terminal::Terminal;
use anstyle::Style;
use cardwright::client::{AccountChange, OwnServer};
use cardwright::core::identity::Guid;
use cardwright::failure_of_change;
use cardwright_server::{AccountEntry, Config, Error, Running, Secret, Server, Who};
use serde_json::{Value, json};

/// The next step where nobody knows whether a change arrived.
const LOOK: &str = "cardwright account list shows how it is; the same change may be made again";

pub(crate) fn account(arguments: &Arguments, account: &Account) -> Done {
    let none = AccountChange::default();
    match account {
        Account::List(registry) => list(arguments, &Accounts::open(arguments, registry, false)?),
        Account::Add(add) => self::add(arguments, add),
        Account::Password(given) => {
            let accounts = Accounts::open(arguments, &given.account.registry, false)?;
            let password = Some(typed(given)?);
            let changed = accounts.change(arguments, &given.account.name, &AccountChange { password, ..none })?;
            show(arguments, &changed, "has a new password")
        }
        Account::Role(SetRole { account, role }) => {
            let change = AccountChange { role: Some(role.clone()), ..none };
            change_of(arguments, account, &change, &format!("is {role}"))
        }
        Account::Disable(account) => {
            let change = AccountChange { disabled: Some(true), ..none };
            change_of(arguments, account, &change, "cannot sign in any more")
        }
        Account::Enable(account) => {
            let change = AccountChange { disabled: Some(false), ..none };
            change_of(arguments, account, &change, "can sign in")
        }
    }
}

fn list(arguments: &Arguments, accounts: &Accounts) -> Done {
    let all = accounts.all()?;
    if arguments.json {
        out::json(&Value::from(all.iter().map(Shown::json).collect::<Vec<_>>()))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(out::text(), &["NAME", "ROLE", "USER", "STATE"]);
    for Shown { name, role, user, disabled } in all {
        let state = if disabled { Cell("disabled".into(), CARE) } else { Cell("enabled".into(), Style::new()) };
        table.row(vec![name.into(), role.into(), user.into(), state])?;
    }
    table.end()?;
    Ok(Exit::Done)
}

fn add(arguments: &Arguments, add: &AddAccount) -> Done {
    let AddAccount { password: given, role, mim_user } = add;
    if let Some(user) = mim_user {
        Guid::parse(user).map_err(|_| Failure::usage(format!("--mim-user {user}: this is no GUID")))?;
    }
    let name = &given.account.name;
    let accounts = Accounts::open(arguments, &given.account.registry, true)?;
    // Before a person types a password in vain.
    if accounts.all()?.iter().any(|account| account.name.eq_ignore_ascii_case(name)) {
        return Err(cardwright::account_exists(name));
    }
    let (role, user) = (Some(role.clone()), mim_user.clone());
    let change = AccountChange { password: Some(typed(given)?), role, user, disabled: None };
    show(arguments, &accounts.change(arguments, name, &change)?, "is added")
}

fn change_of(arguments: &Arguments, account: &AccountName, change: &AccountChange, what: &str) -> Done {
    let accounts = Accounts::open(arguments, &account.registry, false)?;
    show(arguments, &accounts.change(arguments, &account.name, change)?, what)
}

fn typed(given: &NewPassword) -> Result<cardwright::client::Secret, Failure> {
    let NewPassword { account, new_password_file, new_password_command } = given;
    let command = new_password_command.as_deref();
    cardwright::new_password(&account.name, new_password_file.as_deref(), command, &Terminal)
}

fn show(arguments: &Arguments, account: &Shown, what: &str) -> Done {
    if arguments.json {
        out::result_json(&account.json())?;
    } else {
        let (name, what) = (escape_controls(&account.name), escape_controls(what));
        out::result(format_args!("{BOLD}{name}{END} {what}"))?;
    }
    Ok(Exit::Done)
}

/// An account, for printing.
struct Shown {
    name: String,
    role: String,
    user: String,
    disabled: bool,
}

impl Shown {
    fn json(&self) -> Value {
        json!({ "name": self.name, "role": self.role, "user": self.user, "disabled": self.disabled })
    }
}

impl From<AccountEntry> for Shown {
    fn from(account: AccountEntry) -> Self {
        let AccountEntry { name, role, user, disabled, .. } = account;
        Shown { name, role, user: user.to_string(), disabled }
    }
}

impl From<&cardwright::client::AccountRow> for Shown {
    fn from(account: &cardwright::client::AccountRow) -> Self {
        let (name, role, user) = (account.name.clone(), account.role.clone(), account.user.clone());
        Shown { name, role, user, disabled: account.disabled }
    }
}

/// Where the accounts are.
enum Accounts {
    Server(Box<OwnServer>),
    Registry(Running),
}

impl Accounts {
    /// Those of the server that was named, or of this registry, which is made in a folder where it may be `new`.
    fn open(arguments: &Arguments, registry: &Registry, new: bool) -> Result<Self, Failure> {
        let Some(kept) = Kept::read(registry.data.as_deref(), &registry.database)? else {
            return Ok(Accounts::Server(Box::new(connect::client(arguments, None)?.own_server()?)));
        };
        if let Some(folder) = registry.data.as_deref().filter(|folder| !new && !folder.join("registry.sqlite").exists())
        {
            return Err(Failure::new(Kind::NotFound, format!("there is no registry in {}", folder.display())));
        }
        let mut config = Config::default();
        config.data = kept.data;
        Ok(Accounts::Registry(Server::start(config).map_err(failure)?))
    }

    fn all(&self) -> Result<Vec<Shown>, Failure> {
        Ok(match self {
            Accounts::Server(server) => server.accounts()?.iter().map(|account| Shown::from(&**account)).collect(),
            Accounts::Registry(running) => {
                running.registry().accounts().map_err(failure)?.into_iter().map(Shown::from).collect()
            }
        })
    }

    fn change(&self, arguments: &Arguments, name: &str, change: &AccountChange) -> Result<Shown, Failure> {
        match self {
            Accounts::Server(server) => {
                let changed = arguments.limit.changing_other(LOOK, || server.put_account(name, change));
                Ok(Shown::from(&*changed.map_err(|error| failure_of_change(error, LOOK))?))
            }
            Accounts::Registry(running) => {
                let change = cardwright_server::AccountChange {
                    password: change.password.as_ref().map(|password| Secret::new(password.expose())),
                    role: change.role.clone(),
                    disabled: change.disabled,
                    user: change.user.as_deref().map(Guid::parse).transpose()?,
                };
                let by = Who::account("");
                let changed = running.registry().change_account(name, &change, &by);
                Ok(changed.map_err(failure)?.0.into())
            }
        }
    }
}

/// A failure of the registry.
fn failure(error: Error) -> Failure {
    let kind = match &error {
        Error::InUse(_) | Error::LastAdministrator(_) => Kind::Refused,
        Error::NoSuchAccount(_) => Kind::NotFound,
        Error::NoSuchRole(_) | Error::AccountName(_) => Kind::Usage,
        _ => return server_failure(error),
    };
    let failure = Failure::new(kind, error.to_string());
    match error {
        Error::InUse(_) => failure.hint("leave --data out, and name the server by --url"),
        _ => failure,
    }
}
