//! How a server is set up.

use crate::{Bearer, Clock, Faults, Log, Secret, Switches, SystemClock, Tls};
use cardwright_core::identity::Guid;
use core::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How a server is set up. The default listens on a free loopback port, forgets everything when it
/// stops, and has no accounts.
#[derive(Clone)]
#[non_exhaustive]
pub struct Config {
    /// Where to listen; port 0 takes a free one. Without [`Self::tls`] only a loopback address will do.
    pub listen: SocketAddr,
    /// The certificate of a server that speaks HTTPS. Without it: HTTP.
    pub tls: Option<Tls>,
    /// Where the registry is kept.
    pub data: Data,
    /// Accounts to make, or to give this password and role, before the server answers.
    pub accounts: Vec<Account>,
    /// Whose tokens let their bearers in, besides accounts with a password. Without it: nobody's.
    pub bearer: Option<Bearer>,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
    /// What is done where the vendors' servers differ, or nobody says what they do.
    pub switches: Switches,
    /// How many days before its end a certificate counts as expiring. 30 is assumed.
    pub expiring_days: u32,
    /// The longest body of a request, in bytes.
    pub body_limit: usize,
    /// How long a request may take, from its last header to its answer; also how long a client may
    /// take nothing of what is sent to it.
    pub time_limit: Duration,
    /// How long [`crate::Running::stop`] waits for requests under way.
    pub stop_limit: Duration,
    /// How many connections there may be. One more is answered 503 and closed.
    pub connections: usize,
    /// How many changes may wait to be carried out. One more is answered 503.
    pub waiting_changes: usize,
    /// How long a connection may take until the head of a request is there.
    pub head_limit: Duration,
    /// The longest head of a request, in bytes: a longer one, or one of more than 100 headers, is
    /// answered 431.
    pub head_bytes: usize,
    /// How long a connection may stay open between two requests.
    pub idle_limit: Duration,
    /// Whether an administrator may set faults below `/_sandbox`.
    pub sandbox: bool,
    /// Whether an administrator may decide on requests of MIM CM below `/_sandbox/requests`.
    pub operator: bool,
    /// Faults to make from the start.
    pub faults: Faults,
    /// Where a line for each request is written.
    pub log: Log,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            tls: None,
            data: Data::Temporary,
            accounts: Vec::new(),
            bearer: None,
            clock: Arc::new(SystemClock),
            switches: Switches::default(),
            expiring_days: 30,
            body_limit: 1 << 20,
            time_limit: Duration::from_secs(30),
            stop_limit: Duration::from_secs(5),
            connections: 512,
            waiting_changes: 256,
            head_limit: Duration::from_secs(10),
            head_bytes: 64 << 10,
            // Longer than clients keep a connection that they do not use: the side that speaks first
            // should be the one that closes.
            idle_limit: Duration::from_secs(75),
            sandbox: false,
            operator: false,
            faults: Faults::default(),
            log: Log::Off,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("data", &self.data)
            .field("accounts", &self.accounts)
            .finish_non_exhaustive()
    }
}

/// Where the registry is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// In a fresh private directory that is removed when the server stops.
    Temporary,
    /// In the file `registry.sqlite` of this directory, which is made where it is missing. One server
    /// at a time may use it.
    Directory(PathBuf),
}

/// An account to make.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Account {
    /// The name to sign in with. It may not contain a colon: Basic authentication could not carry it.
    pub name: String,
    /// The password.
    pub password: Secret,
    /// The role: `administrator`, `operator`, `viewer`, or one that was added.
    pub role: String,
    /// The user that the account is in MIM CM; `None` keeps the one it has, or makes one.
    pub user: Option<Guid>,
}

impl Account {
    /// An account that is a user of its own in MIM CM.
    pub fn new(name: impl Into<String>, password: Secret, role: impl Into<String>) -> Self {
        Account { name: name.into(), password, role: role.into(), user: None }
    }

    /// The same account as this user of MIM CM, whose cards are then its own.
    #[must_use]
    pub fn as_user(self, user: Guid) -> Self {
        Account { user: Some(user), ..self }
    }
}
