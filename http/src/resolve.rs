//! Addresses of names, by the system. A name that has none is said to be the cause.

mod name_not_found;

pub(crate) use name_not_found::NameNotFound;

use crate::beneath::Beneath;
use crate::connection::ConnectionInfo;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// The system's look-up.
#[derive(Debug, Default)]
pub(crate) struct Names {
    system: DefaultResolver,
    connection: Option<ConnectionInfo>,
    /// Whether names are left to a proxy, and none is looked up.
    left_to_proxy: bool,
}

impl Names {
    /// A look-up within the limit of the call that uses this connection.
    pub(crate) fn within(connection: ConnectionInfo) -> Self {
        Names { connection: Some(connection), ..Self::default() }
    }

    /// The same; or none at all, if a proxy looks up the names.
    pub(crate) fn left_to_proxy(self, left_to_proxy: bool) -> Self {
        Names { left_to_proxy, ..self }
    }
}

impl Resolver for Names {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        if self.left_to_proxy {
            return Ok(self.empty());
        }
        let timeout = match &self.connection {
            Some(connection) => connection.cap(timeout)?,
            None => timeout,
        };
        let found = self.system.resolve(uri, config, timeout);
        found.map_err(|error| match error {
            // Whatever the kind, nobody was asked but the system.
            ureq::Error::Io(_) | ureq::Error::HostNotFound => {
                let (name, why) = (uri.host().unwrap_or("").to_string(), error.to_string());
                let below = match error {
                    ureq::Error::Io(error) => Beneath::of(error),
                    other => Beneath::of(other),
                };
                let why = why.trim_start_matches("io: ").to_string();
                ureq::Error::Other(Box::new(NameNotFound { name, why, below }))
            }
            other => other,
        })
    }
}
