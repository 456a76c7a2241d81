//! Addresses of names, by the system. A name that has none is said to be the cause.

use std::fmt;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// A name for which the system knows no address.
#[derive(Debug)]
pub(crate) struct NameNotFound {
    name: String,
    /// The system's words.
    why: String,
}

impl fmt::Display for NameNotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name {} is not found: {}", self.name, self.why)
    }
}

impl std::error::Error for NameNotFound {}

/// The system's look-up.
#[derive(Debug, Default)]
pub(crate) struct Names(DefaultResolver);

impl Resolver for Names {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.0.resolve(uri, config, timeout);
        found.map_err(|error| match error {
            // Whatever the kind, nobody was asked but the system.
            ureq::Error::Io(_) | ureq::Error::HostNotFound => {
                let (name, why) = (uri.host().unwrap_or("").to_string(), error.to_string());
                ureq::Error::Other(Box::new(NameNotFound { name, why: why.trim_start_matches("io: ").to_string() }))
            }
            other => other,
        })
    }
}
