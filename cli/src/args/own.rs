//! The arguments of `request list`, `audit` and `account`.

use super::DatabaseArguments;
use cardwright::core::mim::RequestStatus;
use cardwright::{Words, named, seconds, words};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::time::Duration;

/// Which requests to list.
#[derive(Debug, Args)]
pub(crate) struct ListRequests {
    /// Only those with this status: None, Approved, Denied, Completed, Failed, Pending, Canceled or Executing.
    #[arg(long, value_parser = named::<RequestStatus>, value_name = "STATUS", conflicts_with = "open")]
    pub(crate) status: Option<RequestStatus>,
    /// Only those that have not ended.
    #[arg(long)]
    pub(crate) open: bool,
    /// Only those for the account's own user.
    #[arg(long)]
    pub(crate) mine: bool,
}

/// Which rows of the audit log.
#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// Only those about this card, by its id in CertiFlow or in MIM CM.
    #[arg(long, value_name = "CARD")]
    pub(crate) card: Option<String>,
    /// Only what this account did.
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,
    /// Only what the bearers of this issuer's tokens did.
    #[arg(long, value_name = "ISSUER")]
    pub(crate) by_issuer: Option<String>,
    /// Only what the bearer that is this subject did.
    #[arg(long, value_name = "SUBJECT", requires = "by_issuer")]
    pub(crate) by_subject: Option<String>,
    /// From this date or time on, such as 2026-03-01 or 2026-03-01T08:00:00Z. A date begins at midnight UTC.
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// Before this date or time.
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// Show this number of rows at most.
    #[arg(long, value_name = "ROWS", conflicts_with = "follow")]
    pub(crate) limit: Option<usize>,
    /// Go on with the rows that come, until Ctrl-C. With --json, a line for each row.
    #[arg(long)]
    pub(crate) follow: bool,
    /// How often to look for new rows, in seconds. Default: 1.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, requires = "follow")]
    pub(crate) every: Option<Duration>,
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    /// Add an account.
    Add(AddAccount),
    /// List the accounts.
    List(Registry),
    /// Give an account another role.
    Role(SetRole),
    /// Give an account another password.
    Password(NewPassword),
    /// Keep an account from signing in; it stays where the logs name it.
    Disable(AccountName),
    /// Let an account sign in again.
    Enable(AccountName),
}

/// Which registry, if not that of a server.
#[derive(Debug, Args)]
pub(crate) struct Registry {
    /// The registry in this folder, which no server uses, instead of that of a server.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) database: DatabaseArguments,
}

#[derive(Debug, Args)]
pub(crate) struct AccountName {
    /// The name to sign in with.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) registry: Registry,
}

#[derive(Debug, Args)]
pub(crate) struct SetRole {
    #[command(flatten)]
    pub(crate) account: AccountName,
    /// The role: administrator, operator, viewer, or one of the site's own.
    #[arg(value_name = "ROLE")]
    pub(crate) role: String,
}

/// A new password, which is never an argument: it comes from one of these, else a prompt.
#[derive(Debug, Args)]
pub(crate) struct NewPassword {
    #[command(flatten)]
    pub(crate) account: AccountName,
    /// A file with the account's new password in its first line; - is standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) new_password_file: Option<PathBuf>,
    /// A program that prints the account's new password in its first line.
    #[arg(long, value_name = "COMMAND", value_parser = words, conflicts_with = "new_password_file")]
    pub(crate) new_password_command: Option<Words>,
}

#[derive(Debug, Args)]
pub(crate) struct AddAccount {
    #[command(flatten)]
    pub(crate) password: NewPassword,
    /// The role: administrator, operator, viewer, or one of the site's own.
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: String,
    /// The user of MIM CM that the account is. Default: one of its own.
    #[arg(long, value_name = "GUID")]
    pub(crate) mim_user: Option<String>,
}
