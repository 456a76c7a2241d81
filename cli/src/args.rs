//! The arguments of the command.

mod bulk;
mod card;
mod database;
mod file;
mod filter;
mod operate;
mod own;
#[cfg(feature = "reader")]
mod reader;
mod serve;
mod skzi;

pub(crate) use bulk::Bulk;
pub(crate) use card::CardArguments;
pub(crate) use database::DatabaseArguments;
pub(crate) use file::with_file;
pub(crate) use filter::{Cards, Format};
pub(crate) use operate::Operate;
pub(crate) use own::{Account, AccountName, AddAccount, Audit, ListRequests, NewPassword, Registry, SetRole};

#[cfg(feature = "reader")]
pub(crate) use reader::{Apdu, ReaderArguments, VirtualCard, Watch};
pub(crate) use serve::{BearerArguments, TlsArguments};
pub(crate) use skzi::Skzi;

use crate::generation::Asked;
use crate::time_limit::TimeLimit;
use anstream::ColorChoice;
use cardwright::Settings;
use cardwright_server::Generation;
use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgGroup, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Smart cards in Microsoft MIM CM and Axidian CertiFlow.
#[derive(Debug, Parser)]
#[command(name = "cardwright", version, after_help = EXIT_CODES, mut_args(|arg| arg.global(true)))]
pub(crate) struct Arguments {
    /// Print JSON; for cards the same as --format json.
    #[arg(long)]
    pub(crate) json: bool,
    /// Leave out what is only for a person who waits: counts, progress, what was found out about the server. Errors,
    /// warnings and questions remain.
    #[arg(long)]
    pub(crate) quiet: bool,
    /// When to use colour: auto, always or never.
    #[arg(long, default_value = "auto", value_parser = color, value_name = "WHEN")]
    pub(crate) color: ColorChoice,
    // Last, as its heading applies to all that follows.
    #[command(flatten)]
    pub(crate) server: ServerArguments,
    #[command(subcommand)]
    pub(crate) command: Command,
    /// How long all of it may take.
    #[arg(skip)]
    pub(crate) limit: TimeLimit,
    /// The client that asks the server.
    #[arg(skip)]
    pub(crate) asked: Asked,
}

/// Which server, and how to sign in.
#[derive(Debug, Args)]
#[command(next_help_heading = "Server (precedence: option, --profile, environment)")]
pub(crate) struct ServerArguments {
    /// The section [profile.NAME] of the config file with the settings that are not given here.
    #[arg(long, env = "CARDWRIGHT_PROFILE", value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The config file. Default: cardwright/config.toml in $XDG_CONFIG_HOME, or in ~/.config.
    #[arg(long, env = "CARDWRIGHT_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

impl Arguments {
    /// Reads a command line. What the environment says is not looked at here: [`cardwright::Sources`] knows what it takes
    /// precedence over.
    ///
    /// # Errors
    /// What is wrong; also help and version, which are to be printed.
    pub(crate) fn read(words: &[OsString]) -> Result<Self, clap::Error> {
        let command = Self::command();
        let options_alone = command.clone().mut_args(|arg| arg.env(Resettable::Reset));
        match options_alone.try_get_matches_from(words).and_then(|matches| Self::from_arg_matches(&matches)) {
            // The help names the variables.
            Err(told) if !told.use_stderr() => Err(command.try_get_matches_from(words).err().unwrap_or(told)),
            read => read.map_err(advised),
        }
    }
}

/// What is wrong, with the next step where it is known.
fn advised(mut told: clap::Error) -> clap::Error {
    let names = |option: &str| {
        let context =
            [ContextKind::InvalidArg, ContextKind::PriorArg].map(|kind| told.get(kind).map(ToString::to_string));
        context.into_iter().flatten().any(|named| named.contains(option))
    };
    let is_conflict = told.kind() == ErrorKind::ArgumentConflict;
    if is_conflict && names("--database") && (names("--cards") || names("--seed")) {
        let advice = "a server makes up no cards in a database: cardwright seed --database URL";
        told.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![advice.into()]));
    }
    told
}

const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused, 4 not found, 5 sign-in or permission,
6 no connection, 7 waits for approval, 8 unknown: the answer was lost.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List cards.
    Cards(Cards),
    /// Show a card and the operations that are available.
    Card(CardArguments),
    /// Show the operations that are available for a card, and how sure that is.
    Operations(CardArguments),
    #[command(flatten)]
    Operate(Operate),
    /// List the register of SKZI, cryptographic information protection tools, that Indeed CM 7.1 keeps: a line of JSON for
    /// each entry, as the server sends it.
    Skzi(Skzi),
    /// Perform one operation on many cards: first the plan, then a confirmation, then a run that can be resumed.
    Bulk(Box<Bulk>),
    /// List requests of MIM CM, look at one, go on with it, or give it up.
    #[command(subcommand)]
    Request(Request),
    /// Take an ATR apart.
    Atr(Atr),
    /// List the readers of this machine, and what is in them.
    #[cfg(feature = "reader")]
    Readers,
    /// Show what the card in a reader is, every number that it tells, and how systems may write it.
    #[cfg(feature = "reader")]
    Identify(ReaderArguments),
    /// Print a line for each card and reader that comes or goes, until Ctrl-C. Where a server is named,
    /// also the record of each card that comes, and what may be done with it.
    #[cfg(feature = "reader")]
    Watch(Watch),
    /// Send command APDUs to the card in a reader.
    #[cfg(feature = "reader")]
    Apdu(Apdu),
    /// Emulate a card, by a script, in a virtual reader (vpcd) of pcscd.
    #[cfg(feature = "reader")]
    VirtualCard(VirtualCard),
    /// The commands for readers, in a build without them.
    #[cfg(not(feature = "reader"))]
    #[command(hide = true, aliases = ["identify", "watch", "apdu", "virtual-card"])]
    Readers {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<std::ffi::OsString>,
    },
    /// Run a server that speaks both APIs over one registry of cards.
    Serve(Box<Serve>),
    /// Approve a request of MIM CM that waits for it, on a server of `cardwright serve`.
    Approve(Decide),
    /// Deny a request of MIM CM that waits for approval, on a server of `cardwright serve`.
    Deny(Decide),
    /// Show who did what to a card, on a server of `cardwright serve`.
    History(CardArguments),
    /// Show who did what, on a server of `cardwright serve`: its audit log.
    Audit(Audit),
    /// List, add and change the accounts of a server of `cardwright serve`.
    #[command(subcommand)]
    Account(Account),
    /// Fill a registry with cards.
    Seed(Seed),
    /// Copy the registry in a folder, also while a server uses it; say how a database is copied.
    Backup(Backup),
    /// Copy a whole registry: from a folder to a database of PostgreSQL, back, or between two of a kind.
    ///
    /// The target is empty, or a copy from the same source into it was broken off: then it goes on. No server may use a folder
    /// meanwhile, and a database refuses changes. At the end both are read again, and their rows counted and hashed.
    CopyRegistry(CopyRegistry),
    /// Examine a server without changing anything: connection, sign-in, and peculiarities.
    Doctor,
    /// Print a script that completes this command's words in a shell.
    Completions(Completions),
    /// Show the main job on a server of its own: find cards, change them, see refusals and the log.
    Demo(Demo),
}

/// What to do with a request of MIM CM.
#[derive(Debug, Subcommand)]
pub(crate) enum Request {
    /// List the requests that the account may see, the newest last.
    List(ListRequests),
    /// Show it as the server sends it, whose card it is for, and on which server.
    Show(Decide),
    /// Go on with one that was approved, or that was left behind.
    Continue(Continue),
    /// Give up one that is not carried out yet: cancel it, or abandon it where it was approved already.
    Cancel(Decide),
}

#[derive(Debug, Args)]
pub(crate) struct Continue {
    #[command(flatten)]
    pub(crate) decide: Decide,
    /// Do not ask before what cannot be undone.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell.
    pub(crate) shell: Shell,
}

/// A shell that words can be completed in.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "lower")]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    Power,
}

#[derive(Debug, Args)]
pub(crate) struct Atr {
    /// The ATR in hexadecimal digits; - reads one a line from standard input.
    #[arg(num_args = 1.., value_name = "HEX")]
    #[cfg_attr(feature = "reader", arg(required_unless_present = "from_reader"))]
    #[cfg_attr(not(feature = "reader"), arg(required = true))]
    pub(crate) hex: Vec<String>,
    /// The ATR of the card in a reader instead.
    #[cfg_attr(feature = "reader", arg(long, conflicts_with = "hex"))]
    #[cfg_attr(not(feature = "reader"), arg(skip))]
    pub(crate) from_reader: bool,
    /// With --from-reader: the reader's name, or a part of it that no other has. Default: the only reader
    /// with a card.
    #[cfg_attr(feature = "reader", arg(long, value_name = "NAME", conflicts_with = "hex"))]
    #[cfg_attr(not(feature = "reader"), arg(skip))]
    pub(crate) reader: Option<String>,
    /// The list of known cards, smartcard_list.txt of pcsc-tools. Default: the one in
    /// $XDG_CACHE_HOME, ~/.cache or /usr/share/pcsc.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Also say why a payment terminal (EMV) would refuse it after a cold reset.
    #[arg(long)]
    pub(crate) emv: bool,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("kept").args(["data", "database"]).multiple(true))]
pub(crate) struct Serve {
    /// Options in a file: TOML with their names, such as tls_cert = "chain.pem". Precedence: command line, file.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The address to listen on; port 0 takes a free one. Others than loopback need TLS.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS:PORT")]
    pub(crate) listen: SocketAddr,
    /// The generations of CertiFlow's API, g1 to g7, with a comma between them. Each is at its usual base, or at one of
    /// its own, as g6 in g6=/cm6/api,g7: two cannot share a base. Default: g1,g5,g7.
    #[arg(long, value_name = "GENERATION[=BASE]", value_delimiter = ',')]
    pub(crate) certiflow: Vec<Generation>,
    /// Keep the registry in this folder. Default: it is gone when the server stops.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The number of made-up cards besides the six of the documents, if no registry was ever used in the folder.
    #[arg(long, default_value_t = 1000, value_name = "CARDS", conflicts_with = "database")]
    pub(crate) cards: u32,
    /// The same number makes the same cards.
    #[arg(long, default_value_t = 1, conflicts_with = "database")]
    pub(crate) seed: u64,
    /// Set what differs from server to server, or is not documented; may be given several times. A
    /// name that is not known lists those that are.
    #[arg(long = "switch", value_name = "NAME=VALUE")]
    pub(crate) switches: Vec<String>,
    /// Make the faults of this file: latency, errors, broken answers. Implies --sandbox.
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
    /// Let the account see and set faults while the server runs, at /_sandbox/faults.
    #[arg(long)]
    pub(crate) sandbox: bool,
    /// Write a line of JSON for each request to standard error.
    #[arg(long)]
    pub(crate) log: bool,
    /// Make no account for this run, and disable that of an earlier run: accounts are those of `account add`. With
    /// --database none is made without this option, either.
    #[arg(long, requires = "kept")]
    pub(crate) no_account: bool,
    /// With --database, too, make the account of this run. Of several servers, only the one that was started last knows
    /// its password.
    #[arg(long, conflicts_with = "no_account")]
    pub(crate) account: bool,
    /// How the server is called from outside, such as https://cards.example.com, if something stands in front of it;
    /// may be given several times. A request for another name is refused.
    #[arg(long = "public-url", value_name = "URL")]
    pub(crate) public_urls: Vec<String>,
    /// The number of connections, above which further ones are answered 503.
    #[arg(long, default_value_t = 4096, value_name = "NUMBER")]
    pub(crate) connections: usize,
    /// The number of connections from one address but this computer's.
    #[arg(long, default_value_t = 1024, value_name = "NUMBER")]
    pub(crate) connections_from_one: usize,
    #[command(flatten)]
    pub(crate) database: DatabaseArguments,
    #[command(flatten)]
    pub(crate) tls: TlsArguments,
    #[command(flatten)]
    pub(crate) bearer: BearerArguments,
}

#[derive(Debug, Args)]
pub(crate) struct Decide {
    /// The request's id.
    #[arg(value_name = "REQUEST")]
    pub(crate) request: String,
}

#[derive(Debug, Args)]
pub(crate) struct Seed {
    /// The folder of the registry.
    #[arg(long, value_name = "DIR", required_unless_present = "database")]
    pub(crate) data: Option<PathBuf>,
    /// The number of made-up cards.
    #[arg(long, default_value_t = 10_000, value_name = "CARDS")]
    pub(crate) cards: u32,
    /// The same number makes the same cards.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The cards of this file instead: CSV with a header of CertiFlow's names of fields, or NDJSON of
    /// its objects, as `cards --format csv` and `--format ndjson` print them.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["cards", "seed"])]
    pub(crate) from: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) database: DatabaseArguments,
}

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The folder of the registry.
    #[arg(long, value_name = "DIR", required_unless_present = "database")]
    pub(crate) data: Option<PathBuf>,
    /// The copy, a file that is not there yet.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) database: DatabaseArguments,
}

#[derive(Debug, Args)]
pub(crate) struct CopyRegistry {
    /// The registry: a folder, or a database without a password: postgresql://USER@HOST:PORT/NAME.
    #[arg(long, value_name = "DIR|URL")]
    pub(crate) from: String,
    /// Where the copy goes: a folder, or a database, with nothing in it.
    #[arg(long, value_name = "DIR|URL")]
    pub(crate) to: String,
    /// A file with the password for the database of --from in its first line.
    #[arg(long, value_name = "FILE")]
    pub(crate) from_password_file: Option<PathBuf>,
    /// A file with the password for the database of --to in its first line.
    #[arg(long, value_name = "FILE")]
    pub(crate) to_password_file: Option<PathBuf>,
    /// Certificates to trust besides the system's when a database is reached, as PEM.
    #[arg(long, value_name = "FILE")]
    pub(crate) database_ca: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// The number of made-up cards.
    #[arg(long, default_value_t = 10_000, value_name = "CARDS")]
    pub(crate) cards: u32,
    /// Leave the server running at the end, until Ctrl-C.
    #[arg(long)]
    pub(crate) keep: bool,
}

fn color(text: &str) -> Result<ColorChoice, String> {
    match text {
        "auto" => Ok(ColorChoice::Auto),
        "always" => Ok(ColorChoice::Always),
        "never" => Ok(ColorChoice::Never),
        _ => Err("expected auto, always or never".into()),
    }
}
