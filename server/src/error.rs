//! Why a server does not start, or a registry cannot do something.

use cardwright_core::Named as _;
use cardwright_core::certiflow::{Dialect, Dialects};
use cardwright_core::identity::Guid;
use cardwright_core::mim::RequestStatus;
use core::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a server does not start, or a registry cannot do what was asked.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The address is not a loopback address, and there is no TLS.
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    Listen(SocketAddr, io::Error),
    /// The data directory cannot be used.
    Data(PathBuf, io::Error),
    /// Another server uses the data directory.
    InUse(PathBuf),
    /// The file is no registry, or one of a newer version.
    NotARegistry(PathBuf),
    /// The server's thread or runtime cannot be started.
    Runtime(io::Error),
    /// Too many changes are pending; this one was not begun.
    Busy,
    /// The database cannot be reached. It is tried again with the next request.
    Unavailable(Box<dyn std::error::Error + Send + Sync>),
    /// A newer version of the server has changed the database, so that this one may not use it any more.
    Newer {
        /// Where the database is.
        place: String,
        /// The version that it has now.
        found: i64,
        /// The version that this server knows.
        known: i64,
    },
    /// The address of a database is wrong, and why.
    DatabaseUrl(String),
    /// The database holds tables that are no registry's.
    NotEmpty(String),
    /// A copy into the registry was begun and did not come to its end.
    HalfCopied(String),
    /// A registry is not copied, or not any further, and why.
    CopyStopped(String),
    /// The database is backed up by its own means.
    BackupByItself(String),
    /// The database failed.
    Database(Box<dyn std::error::Error + Send + Sync>),
    /// A value in the database or in the seed data is invalid.
    Corrupt(&'static str),
    /// There is no such request.
    NoSuchRequest(Guid),
    /// The status of the request does not allow the decision.
    RequestIs(Guid, RequestStatus),
    /// The request is the caller's own, who may not approve it.
    OwnRequest(Guid),
    /// A line of an inventory is wrong, and why.
    Inventory(u64, String),
    /// There is no generation of CertiFlow of that name.
    NoSuchGeneration(String),
    /// The base of a generation cannot be one.
    Base {
        /// The base.
        base: String,
        /// Why not, and what would be right.
        why: String,
    },
    /// A server has no generation of CertiFlow at all.
    NoGeneration,
    /// The generation is there twice.
    SameGeneration(Dialect),
    /// Two generations are at one base, or one is below that of the other.
    SameBase {
        /// The two.
        dialects: [Dialect; 2],
        /// The base of each.
        bases: [String; 2],
        /// The same generations, with bases that are free.
        instead: String,
    },
    /// There is no switch of that name.
    NoSuchSwitch {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<&'static str>,
    },
    /// The switch has no such value.
    NoSuchValue {
        /// The switch.
        switch: &'static str,
        /// The value.
        value: String,
        /// The values that it has.
        known: &'static [&'static str],
    },
    /// The file is damaged; what SQLite reports.
    Damaged(String),
    /// A registry was used in the directory, and its file is missing or empty.
    Lost(PathBuf, &'static str),
    /// A name that Basic authentication cannot carry: it is empty, or contains a colon or a control character.
    AccountName(String),
    /// There is no role of that name.
    NoSuchRole(String),
    /// There is no account of that name, and too little was given to make one.
    NoSuchAccount(String),
    /// The account is the last one that may do everything.
    LastAdministrator(String),
    /// There is no such card.
    NoSuchCard(i64),
    /// The certificate or its key cannot be used, and why.
    Tls(String),
    /// An address at which the server is said to be called is not one.
    PublicUrl(String),
    /// The settings of bearer tokens are wrong, and why.
    Bearer(String),
    /// A password cannot be hashed, or the system gives no random numbers.
    Crypto(&'static str),
}

impl Error {
    /// Whether the server cannot work at present, whatever the request: it answers 503.
    pub(crate) const fn is_unavailable(&self) -> bool {
        matches!(self, Error::Busy | Error::Unavailable(_) | Error::Newer { .. } | Error::HalfCopied(_))
    }

    /// What to do about a registry that cannot be used.
    #[must_use]
    pub const fn next_step(&self) -> Option<&'static str> {
        match self {
            Error::Damaged(_) => Some("restore a backup, as docs/backup.md describes, and keep the damaged file"),
            Error::Lost(..) => {
                Some("restore a backup, as docs/backup.md describes; for a new registry, name a new folder")
            }
            Error::Newer { .. } => Some("replace this server by one of the newer version"),
            Error::NotEmpty(_) => Some("name an empty database, or another schema by options=-csearch_path%3DNAME"),
            Error::HalfCopied(_) => Some("run cardwright copy-registry again: it goes on where it stopped"),
            Error::NotARegistry(_) => Some("name another folder, or restore a backup, as docs/backup.md describes"),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotLoopback(address) => {
                write!(f, "{address} is not a loopback address: without TLS the server listens on this computer only")
            }
            Error::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Error::Data(path, error) => write!(f, "cannot use {}: {error}", path.display()),
            Error::InUse(path) => write!(f, "another server uses {}", path.display()),
            Error::NotARegistry(path) => {
                write!(f, "{} is not a card registry, or one of a newer version", path.display())
            }
            Error::Runtime(error) => write!(f, "the server cannot run: {error}"),
            Error::Busy => f.write_str("too many changes wait already"),
            Error::Unavailable(error) => write!(f, "the database cannot be reached: {error}"),
            Error::Newer { place, found, known } => {
                write!(f, "{place} has tables of version {found}, and this server knows version {known}")
            }
            Error::DatabaseUrl(why) => write!(f, "the database's address: {why}"),
            Error::NotEmpty(place) => write!(f, "{place} holds tables, and is no card registry"),
            Error::HalfCopied(what) => write!(f, "a copy of a registry into {what} did not come to its end"),
            Error::CopyStopped(why) => write!(f, "the registry is not copied: {why}"),
            Error::BackupByItself(place) => {
                write!(f, "{place} is backed up by PostgreSQL's own means, such as pg_dump")
            }
            Error::Database(error) => write!(f, "the registry failed: {error}"),
            Error::Corrupt(what) => write!(f, "the registry holds something unreadable: {what}"),
            Error::Inventory(line, what) => write!(f, "line {line}: {what}"),
            Error::NoSuchRequest(uuid) => write!(f, "no request has the id {uuid}"),
            Error::RequestIs(uuid, status) => write!(f, "request {uuid} is {} already", status.name()),
            Error::OwnRequest(uuid) => {
                write!(f, "request {uuid} was made by this account: somebody else must approve it")
            }
            Error::NoSuchGeneration(name) => {
                write!(f, "no generation of CertiFlow is called {name:?}: expected {}", Dialects::ALL)
            }
            Error::Base { base, why } => write!(f, "{base:?} cannot be the base of a generation: {why}"),
            Error::NoGeneration => f.write_str("no generation of CertiFlow is named; g7 is the newest"),
            Error::SameGeneration(dialect) => {
                write!(f, "the generation {} of CertiFlow is named twice", dialect.name())
            }
            Error::SameBase { dialects, bases: [one, other], instead } => {
                let [first, second] = dialects.map(|dialect| dialect.name());
                if one.eq_ignore_ascii_case(other) {
                    write!(f, "{first} and {second} of CertiFlow have the same base {one}")?;
                } else {
                    write!(f, "the bases of {first} and {second} of CertiFlow, ")?;
                    write!(f, "{one} and {other}, are one below the other")?;
                }
                write!(f, ": give one of them a base of its own, such as {instead}")
            }
            Error::NoSuchSwitch { name, known } => {
                write!(f, "no switch is called {name:?}; there are {}", known.join(", "))
            }
            Error::NoSuchValue { switch, value, known } => {
                write!(f, "the switch {switch} cannot be {value:?}; it can be {}", known.join(", "))
            }
            Error::Damaged(what) => write!(f, "the registry's file is damaged: {what}"),
            Error::Lost(path, how) => write!(f, "{} {how}, and a registry was used here", path.display()),
            Error::AccountName(name) => write!(f, "{name:?} cannot be the name of an account"),
            Error::NoSuchRole(name) => write!(f, "no role is called {name:?}"),
            Error::NoSuchAccount(name) => {
                write!(f, "no account is called {name:?}; a new one needs a password and a role")
            }
            Error::LastAdministrator(name) => {
                write!(f, "{name:?} is the last account that may do everything, and stays so")
            }
            Error::NoSuchCard(id) => write!(f, "no card has the id {id}"),
            Error::Tls(why) => f.write_str(why),
            Error::PublicUrl(url) => {
                write!(f, "{url:?} is not how a server is called: expected https://HOST or http://HOST:PORT")
            }
            Error::Bearer(why) => write!(f, "bearer tokens cannot be checked: {why}"),
            Error::Crypto(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Listen(_, error) | Error::Data(_, error) | Error::Runtime(error) => Some(error),
            Error::Database(error) | Error::Unavailable(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}
