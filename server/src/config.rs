//! The settings of a server.

use crate::{Bearer, Clock, Data, Faults, Generation, Log, Secret, Switches, SystemClock, Tls};
use cardwright_core::identity::Guid;
use core::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// The settings of a server. The default listens on a free loopback port, forgets everything when it
/// stops, and has no accounts.
#[derive(Clone)]
#[non_exhaustive]
pub struct Config {
    /// Where to listen; port 0 means a free port. Without [`Self::tls`] it must be a loopback address.
    pub listen: SocketAddr,
    /// The certificate for HTTPS. Default: HTTP.
    pub tls: Option<Tls>,
    /// The generations of CertiFlow's API that it has, each at a base of its own. Default: [`Generation::usual`].
    pub certiflow: Vec<Generation>,
    /// Where the registry is kept.
    pub data: Data,
    /// Accounts to add, or to update with this password and role, before the server answers.
    pub accounts: Vec<Account>,
    /// Which bearer tokens are accepted, besides accounts with a password. Default: none.
    pub bearer: Option<Bearer>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// What is done where the vendors' servers differ, or where it is not documented.
    pub switches: Switches,
    /// How many days before it expires a certificate counts as expiring. 30 is assumed.
    pub expiring_days: u32,
    /// The longest body of a request, in bytes.
    pub body_limit: usize,
    /// How long a request may take, from its last header to its answer; also how long a client may
    /// go without reading.
    pub time_limit: Duration,
    /// How long [`crate::Running::stop`] waits for requests under way.
    pub stop_limit: Duration,
    /// How many connections there may be. Further ones are answered 503 and closed.
    pub connections: usize,
    /// How many connections there may be from one address, but from this computer, where a proxy may stand.
    pub connections_from_one: usize,
    /// How the server is called from outside, if something stands in front of it: `https://cards.example.com`.
    /// Default: by its address, and by any name if it has a certificate.
    pub public_urls: Vec<String>,
    /// How many changes may be pending. Further ones are answered 503.
    pub waiting_changes: usize,
    /// How long a connection may take to send the head of a request.
    pub head_limit: Duration,
    /// The longest head of a request, in bytes: a longer one, or one of more than 100 headers, is
    /// answered 431.
    pub head_bytes: usize,
    /// How long a connection may stay open between two requests.
    pub idle_limit: Duration,
    /// Whether an administrator may set faults below `/_sandbox`.
    pub sandbox: bool,
    /// Whether the server has its own API below `/_cardwright/v1`: who did what, which requests wait, decisions on
    /// them, accounts. From this computer decisions are also below `/_sandbox/requests`.
    pub operator: bool,
    /// Faults in force from the start.
    pub faults: Faults,
    /// Where a line for each request is written.
    pub log: Log,
    /// Where failures of the server itself are reported. Default: the standard error output.
    pub notices: Log,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            tls: None,
            certiflow: Generation::usual(),
            data: Data::Temporary,
            accounts: Vec::new(),
            bearer: None,
            clock: Arc::new(SystemClock),
            switches: Switches::default(),
            expiring_days: 30,
            body_limit: 1 << 20,
            time_limit: Duration::from_secs(30),
            stop_limit: Duration::from_secs(5),
            connections: 4096,
            connections_from_one: 1024,
            public_urls: Vec::new(),
            waiting_changes: 256,
            head_limit: Duration::from_secs(10),
            head_bytes: 64 << 10,
            // Longer than clients keep idle connections: the side that sends first should be the one that
            // closes.
            idle_limit: Duration::from_secs(75),
            sandbox: false,
            operator: false,
            faults: Faults::default(),
            log: Log::Off,
            notices: Log::Stderr,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("certiflow", &self.certiflow)
            .field("data", &self.data)
            .field("accounts", &self.accounts)
            .finish_non_exhaustive()
    }
}

/// An account to add.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Account {
    /// The name to sign in with. It may not contain a colon, which Basic authentication cannot carry.
    pub name: String,
    /// The password.
    pub password: Secret,
    /// The role: `administrator`, `operator`, `viewer`, or one that was added.
    pub role: String,
    /// The account's user in MIM CM; `None` keeps the existing one, or creates one.
    pub user: Option<Guid>,
}

impl Account {
    /// An account with a user of its own in MIM CM.
    pub fn new(name: impl Into<String>, password: Secret, role: impl Into<String>) -> Self {
        Account { name: name.into(), password, role: role.into(), user: None }
    }

    /// The same account with this user of MIM CM, whose cards are then its own.
    #[must_use]
    pub fn as_user(self, user: Guid) -> Self {
        Account { user: Some(user), ..self }
    }
}
