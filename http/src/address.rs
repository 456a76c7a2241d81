//! Where an address leads: its scheme, host and port, checked when the address is given.
//!
//! A port that is not 1 to 65535 is an error, and never the usual one of the scheme; an empty port is the usual one.
//!
//! RFC 3986, 3.1 and 3.2.

use std::borrow::Cow;
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

impl Place {
    /// The place of an address such as `https://cm.example.com/certiflow/api`. User, path and query are not looked at.
    ///
    /// # Errors
    /// In words that do not repeat the address, which may hold a password: no scheme, a scheme whose port is not known,
    /// no host, or a port that is none.
    pub fn of(address: &str) -> Result<Self, String> {
        let (scheme, rest) = address.split_once("://").ok_or("it must begin with a scheme, such as https://")?;
        let scheme = scheme.to_ascii_lowercase();
        let usual = match scheme.as_str() {
            "http" => 80,
            "https" => 443,
            "socks" | "socks4" | "socks4a" | "socks5" | "socks5h" => 1080,
            _ => return Err("its scheme is not known".to_string()),
        };
        let (host, port) = host_and_port(authority(rest))?;
        Ok(Place { host: host.to_string(), port: port.unwrap_or(usual), scheme })
    }

    /// Host and port, as they stand in CONNECT (RFC 9110, 9.3.6): `cm.example.com:443`, `[::1]:443`.
    pub fn host_and_port(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }

    /// Whether requests to it are encrypted.
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

/// The host, without brackets, and the port if there is one.
fn host_and_port(authority: &str) -> Result<(&str, Option<u16>), String> {
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (host, port) = rest.split_once(']').ok_or("its IPv6 address has no closing bracket")?;
        host.parse::<Ipv6Addr>().map_err(|_| "what it has in brackets is no IPv6 address")?;
        match port.strip_prefix(':') {
            None if !port.is_empty() => return Err("after the bracket stands neither a port nor a path".to_string()),
            port => (host, port),
        }
    } else {
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        if port.is_some_and(|port| port.contains(':')) {
            return Err("an IPv6 address stands in brackets".to_string());
        }
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        if !host.bytes().all(is_name) {
            return Err(
                "its host holds a character that no host has; a name outside ASCII goes in its ASCII form".into()
            );
        }
        (host, port)
    };
    if host.is_empty() {
        return Err("it names no host".to_string());
    }
    Ok((host, port.filter(|port| !port.is_empty()).map(number).transpose()?))
}

/// A port: 1 to 65535, in digits.
fn number(port: &str) -> Result<u16, String> {
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    let number = port.parse::<u16>().ok().filter(|number| digits && *number > 0);
    number.ok_or_else(|| "its port must be 1 to 65535".to_string())
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
    fn what_is_no_port_is_never_the_usual_one() {
        for port in ["0", "00", "65536", "80800", "99999999999999999999", "x", "-1", "+80", " 80", "80 ", "8_0", "1:2"]
        {
            for address in [format!("http://h:{port}/"), format!("https://[::1]:{port}")] {
                assert!(Place::of(&address).is_err(), "{address}");
            }
        }
        for address in ["", "h", "h:80", "http//x", "http:/h", "://h", "ftp://h", "http://", "http://:80", "https:///x"]
        {
            assert!(Place::of(address).is_err(), "{address}");
        }
        for address in
            ["http://[::1", "http://[::1]x", "http://[x]", "http://::1", "http://a b", "http://h\r\nx", "http://é"]
        {
            assert!(Place::of(address).is_err(), "{address}");
        }
    }

    #[test]
    fn what_is_said_of_an_address_does_not_repeat_it() {
        let said = Place::of("http://user:hidden@h:80800/").expect_err("no port");
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
