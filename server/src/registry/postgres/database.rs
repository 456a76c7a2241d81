//! Where a database of PostgreSQL is, and how it is reached.
//!
//! The address is that of libpq (PostgreSQL 15, 34.1.1.2). Where libpq would do less than it seems to, it is refused by name:
//! `sslmode=prefer` falls back to no encryption, and `verify-ca` checks no name. `require` checks both here, as `verify-full` does.

use crate::{Error, Secret};
use core::fmt;
use core::str::FromStr as _;
use form_urlencoded::{byte_serialize, parse};
use std::path::PathBuf;
use tokio_postgres::config::{Config, Host, SslMode};

/// How many connections a server has at most, unless another number is given.
const CONNECTIONS: usize = 16;

/// A database of PostgreSQL, and how it is reached. `Debug` and `Display` show no password.
#[derive(Clone)]
pub struct Database {
    pub(super) config: Box<Config>,
    pub(super) is_encrypted: bool,
    /// Certificates to trust besides the system's: a file in PEM, read when a connection is made.
    pub(super) roots_file: Option<PathBuf>,
    pub(super) roots: Option<Vec<u8>>,
    pub(super) connections: usize,
}

impl Database {
    /// Reads an address: `postgresql://USER@HOST:PORT/NAME`, or `postgresql:///NAME?host=/FOLDER&user=USER` for a socket in
    /// a folder. Of the parameters of libpq are known: those of `postgres`, and `sslmode`, which is `disable`, `require` or
    /// `verify-full`, and `sslrootcert`, a file in PEM. Without `sslmode` a host beyond loopback is reached by TLS, and its certificate
    /// must be for its name.
    ///
    /// # Errors
    /// [`Error::DatabaseUrl`], which says what is wrong and what would be right.
    pub fn parse(url: &str) -> Result<Self, Error> {
        let wrong = |why: String| Error::DatabaseUrl(why);
        let scheme = url.split_once("://").map(|(scheme, _)| scheme);
        if !matches!(scheme, Some("postgresql" | "postgres")) {
            return Err(wrong(format!("{:?} does not begin with postgresql://", without_password(url))));
        }
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut roots_file, mut others) = (None, None, Vec::new());
        for (name, value) in parse(query.as_bytes()) {
            match &*name {
                "sslmode" => mode = Some(value.into_owned()),
                "sslrootcert" => roots_file = Some(PathBuf::from(value.into_owned())),
                _ => others.push((name, value)),
            }
        }
        let others = form_urlencoded::Serializer::new(String::new()).extend_pairs(others).finish();
        // Spaces are not written as + in these addresses.
        let parsed = Config::from_str(&format!("{address}?{}", others.replace('+', "%20")));
        let mut config = parsed.map_err(|error| wrong(format!("{}: {}", without_password(url), said(&error))))?;
        if config.get_dbname().is_none_or(str::is_empty) {
            return Err(wrong(format!("{} names no database", without_password(url))));
        }
        if config.get_hosts().is_empty() {
            return Err(wrong(format!("{} names no host", without_password(url))));
        }
        if config.get_user().is_none() {
            return Err(wrong(format!("{} names no user: postgresql://USER@HOST/NAME", without_password(url))));
        }
        let is_encrypted = match mode.as_deref() {
            Some("disable") => false,
            Some("require" | "verify-full") => true,
            None => !config.get_hosts().iter().all(is_here),
            Some(other) => {
                let why = match other {
                    "prefer" | "allow" => "it goes on without encryption where there is none",
                    "verify-ca" => "it takes the certificate of any name",
                    _ => "there is no such mode",
                };
                return Err(wrong(format!("sslmode={other}: {why}; expected disable, require or verify-full")));
            }
        };
        config.ssl_mode(if is_encrypted { SslMode::Require } else { SslMode::Disable });
        let config = Box::new(config);
        Ok(Database { config, is_encrypted, roots_file, roots: None, connections: CONNECTIONS })
    }

    /// The same with the password of its user.
    #[must_use]
    pub fn password(mut self, password: &Secret) -> Self {
        self.config.password(password.expose());
        self
    }

    /// Whether it has a password, such as one in its address.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.config.get_password().is_some()
    }

    /// The same with certificates to trust besides the system's, in PEM.
    #[must_use]
    pub fn roots(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(pem.into());
        self
    }

    /// The same with at most this many connections for a server, at least 2. Default: 16.
    #[must_use]
    pub fn connections(mut self, most: usize) -> Self {
        self.connections = most.max(2);
        self
    }
}

impl PartialEq for Database {
    fn eq(&self, other: &Self) -> bool {
        let parts = |one: &Self| {
            let options = one.config.get_options().map(str::to_owned);
            (one.to_string(), options, one.config.get_password().map(<[u8]>::to_vec), one.is_encrypted, one.connections)
        };
        parts(self) == parts(other) && self.roots_file == other.roots_file && self.roots == other.roots
    }
}

impl Eq for Database {}

/// Whether a host is this computer.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|ip: core::net::IpAddr| ip.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// An address without the password that may be in it, nor the parameters, which may have one too. What a password is made of
/// is not for an address to say: it goes to the last @.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    let between = if scheme.is_empty() { "" } else { "://" };
    let (user, rest) = match rest.rsplit_once('@') {
        Some((user, rest)) => (format!("{}@", user.split(':').next().unwrap_or_default()), rest),
        None => (String::new(), rest),
    };
    format!("{scheme}{between}{user}{}", rest.split('?').next().unwrap_or_default())
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgresql://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        let ports = self.config.get_ports();
        for (nth, host) in self.config.get_hosts().iter().enumerate() {
            let between = if nth == 0 { "" } else { "," };
            match host {
                Host::Tcp(name) if name.contains(':') => write!(f, "{between}[{name}]")?,
                Host::Tcp(name) => write!(f, "{between}{name}")?,
                #[cfg(unix)]
                Host::Unix(folder) => write!(f, "{between}{}", folder.display())?,
            }
            if let Some(port) = ports.get(nth).or(ports.first()) {
                write!(f, ":{port}")?;
            }
        }
        write!(f, "/{}", self.config.get_dbname().unwrap_or_default())?;
        // Another schema is another registry.
        let Some(options) = self.config.get_options() else { return Ok(()) };
        f.write_str("?options=")?;
        byte_serialize(options.as_bytes()).try_for_each(|part| f.write_str(part))
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Database").field(&self.to_string()).finish()
    }
}

/// What an error of the library says, in one line.
pub(super) fn said(error: &tokio_postgres::Error) -> String {
    let mut said = error.to_string();
    let mut cause = core::error::Error::source(error);
    while let Some(next) = cause {
        said = format!("{said}: {next}");
        cause = next.source();
    }
    said.replace('\n', "; ")
}

#[cfg(test)]
mod tests {
    use super::Database;

    #[test]
    fn an_address_says_whether_tls_is_needed() {
        for (url, is_encrypted) in [
            ("postgresql://u@db.example.com/cards", true),
            ("postgres://u@db.example.com:6432/cards?sslmode=verify-full", true),
            ("postgresql://u@db.example.com/cards?sslmode=require&connect_timeout=3", true),
            ("postgresql://u@db.example.com/cards?sslmode=disable", false),
            ("postgresql://u@127.0.0.1/cards", false),
            ("postgresql://u@localhost/cards?sslmode=require", true),
            ("postgresql://u@[::1]:5433/cards", false),
            ("postgresql://u@127.0.0.1,db.example.com/cards?target_session_attrs=read-write", true),
            ("postgresql:///cards?host=/run/postgresql&user=u", false),
        ] {
            assert_eq!(Database::parse(url).unwrap().is_encrypted, is_encrypted, "{url}");
        }
    }

    #[test]
    fn a_wrong_address_is_refused_and_shows_no_password() {
        for (url, why) in [
            ("", "postgresql://"),
            ("mysql://u:secret@h/cards", "postgresql://"),
            ("postgresql://u:secret@h", "database"),
            ("postgresql://u:secret@h/", "database"),
            ("postgresql:///cards?user=u", "host"),
            ("postgresql://h/cards", "user"),
            ("postgresql://u:secret@h/cards?sslmode=prefer", "without encryption"),
            ("postgresql://u:secret@h/cards?sslmode=verify-ca", "any name"),
            ("postgresql://u:secret@h/cards?sslmode=on", "no such mode"),
            ("postgresql://u:secret@h:port/cards", "postgresql://u@h:port/cards"),
            ("postgresql://u:secret@h/cards?nonsense=1", "nonsense"),
            ("postgresql://u:pa/secret@h", "no database"),
            ("postgresql://u:p?secret@h/cards", ""),
            ("u:secret@h/cards", "postgresql://"),
        ] {
            let said = Database::parse(url).unwrap_err().to_string();
            assert!(said.contains(why) && !said.contains("secret"), "{url}: {said}");
        }
    }

    #[test]
    fn a_database_is_shown_without_its_password() {
        let database = Database::parse("postgresql://u:secret@db.example.com:6432/cards?sslmode=require").unwrap();
        assert_eq!(database.to_string(), "postgresql://u@db.example.com:6432/cards");
        assert!(database.has_password() && !format!("{database:?}").contains("secret"));
    }
}
