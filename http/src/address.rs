//! Where an address leads: its scheme, host and port, checked when the address is given.
//!
//! A port that is not 1 to 65535 is an error, and never the usual one of the scheme; an empty port is the usual one.
//!
//! RFC 3986, 3.1 and 3.2.

use cardwright_core::base::host_and_port;
use std::borrow::Cow;
use std::fmt;
use std::net::Ipv6Addr;

/// The place to which an address leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Place {
    /// The scheme, in small letters.
    pub scheme: String,
    /// The name or address of the host, an IPv6 address without its brackets.
    pub host: String,
    /// The port, 1 to 65535.
    pub port: u16,
}

/// Why an address leads nowhere. As a text it does not repeat the address, which may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadAddress(pub(crate) &'static str);

impl fmt::Display for BadAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for BadAddress {}

impl Place {
    /// The place of an address such as `https://cm.example.com/certiflow/api`. User, path and query are not looked at.
    ///
    /// # Errors
    /// No scheme, a scheme whose port is not known, no host, or a port that is none.
    pub fn of(address: &str) -> Result<Self, BadAddress> {
        let (scheme, rest) =
            address.split_once("://").ok_or(BadAddress("it must begin with a scheme, such as https://"))?;
        let scheme = scheme.to_ascii_lowercase();
        let usual = match scheme.as_str() {
            "http" => 80,
            "https" => 443,
            "socks" | "socks4" | "socks4a" | "socks5" | "socks5h" => 1080,
            _ => return Err(BadAddress("its scheme is not known")),
        };
        let authority = authority(rest);
        let (host, port) = host_and_port(authority).map_err(|error| match error.what {
            "port" => BadAddress("its port must be 1 to 65535"),
            _ => BadAddress(
                "it names no host that can be; an IPv6 address stands in brackets, a name outside ASCII in its ASCII form",
            ),
        })?;
        if authority.starts_with('[') && host.parse::<Ipv6Addr>().is_err() {
            return Err(BadAddress("what it has in brackets is no IPv6 address"));
        }
        Ok(Place { host: host.to_string(), port: port.unwrap_or(usual), scheme })
    }

    /// Host and port, as they stand in CONNECT (RFC 9110, 9.3.6): `cm.example.com:443`, `[::1]:443`.
    #[must_use]
    pub fn host_and_port(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }

    /// Whether requests to it are encrypted.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.scheme == "https"
    }
}

/// The same address without the colon of an empty port, which is the usual port (RFC 3986, 3.2.3).
pub(crate) fn without_empty_port(address: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = address.split_once("://") else { return Cow::Borrowed(address) };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    match (authority.strip_suffix(':'), rest.get(authority.len()..)) {
        (Some(host), Some(path)) => Cow::Owned(format!("{scheme}://{host}{path}")),
        _ => Cow::Borrowed(address),
    }
}

/// Host and port of what follows the scheme, without a user and a password.
fn authority(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    authority.rsplit_once('@').map_or(authority, |(_, place)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_from_an_address() {
        for (address, scheme, host, port) in [
            ("https://h/x", "https", "h", 443),
            ("HTTP://H.example:8080?x", "http", "H.example", 8080),
            ("http://h:/x", "http", "h", 80),
            ("http://h:00443", "http", "h", 443),
            ("http://h:65535#x", "http", "h", 65535),
            ("http://[::1]:3/x", "http", "::1", 3),
            ("https://[::1]:/x", "https", "::1", 443),
            ("https://[fd00::5]", "https", "fd00::5", 443),
            ("socks5h://user:p@ss@proxy", "socks5h", "proxy", 1080),
        ] {
            let place = Place { scheme: scheme.into(), host: host.into(), port };
            assert_eq!(Place::of(address), Ok(place), "{address}");
        }
    }

    #[test]
    fn what_leads_nowhere_is_an_error() {
        for address in ["", "h", "h:80", "http//x", "http:/h", "://h", "ftp://h", "http://", "http://:80", "https:///x"]
        {
            assert!(Place::of(address).is_err(), "{address}");
        }
        for address in [
            "http://h:0/",
            "http://h:80800/",
            "https://[::1]:x",
            "http://[1.2.3.4]/",
            "http://::1",
            "http://a b",
            "http://h\r\nx",
        ] {
            assert!(Place::of(address).is_err(), "{address}");
        }
    }

    #[test]
    fn what_is_said_of_an_address_does_not_repeat_it() {
        let said = Place::of("http://user:hidden@h:80800/").expect_err("no port").to_string();
        assert!(!said.contains("hidden") && said.contains("65535"), "{said}");
    }

    #[test]
    fn an_empty_port_is_left_out() {
        assert_eq!(without_empty_port("http://h:/x"), "http://h/x");
        assert_eq!(without_empty_port("http://[::1]:"), "http://[::1]");
        for same in ["http://h:8/x:", "http://h", "h:", "http://[::1]/"] {
            assert_eq!(without_empty_port(same), same);
        }
    }
}
