//! Where the APIs usually are on a server, and the addresses that are this machine's own.
//!
//! CertiFlow's older names, Indeed CM and Rutoken KeyBox, have bases of their own.

use crate::certiflow::Dialect;
use crate::lifecycle::System;

/// The path at which an API usually is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Base {
    /// The path, without a slash at its end.
    pub path: &'static str,
    /// The system.
    pub system: System,
    /// What is spoken there, in CertiFlow.
    pub dialect: Option<Dialect>,
}

/// The usual bases, the newest of each system first.
pub const BASES: &[Base] = &[
    Base::certiflow("/certiflow/api", Dialect::G7),
    Base::certiflow("/cm/api", Dialect::G7),
    Base::certiflow("/keybox/api", Dialect::G7),
    Base::certiflow("/icmapi", Dialect::G1),
    Base { path: "/CertificateManagement", system: System::Mim, dialect: None },
];

impl Base {
    const fn certiflow(path: &'static str, dialect: Dialect) -> Self {
        Base { path, system: System::CertiFlow, dialect: Some(dialect) }
    }

    /// The usual base with which an address ends, whatever the case of its letters.
    pub fn of(address: &str) -> Option<&'static Base> {
        BASES.iter().find(|base| base.ends(address))
    }

    /// Whether an address ends with this base, whatever the case of its letters.
    pub fn ends(&self, address: &str) -> bool {
        let address = address.trim_end_matches('/').as_bytes();
        let end = address.len().checked_sub(self.path.len()).and_then(|from| address.get(from..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(self.path.as_bytes()))
    }
}

/// Scheme, host and port of an address, as they stand there.
pub fn origin(address: &str) -> &str {
    // By bytes: `str::find` keeps a check.
    let after = address.as_bytes().windows(3).position(|bytes| bytes == b"://").map_or(0, |at| at.saturating_add(3));
    let rest = address.get(after..).unwrap_or("");
    let length = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    address.get(..after.saturating_add(length)).unwrap_or(address)
}

/// Whether a host is this machine: `localhost`, a name below it (RFC 6761, 6.3), or a loopback address, with
/// or without brackets. No name is looked up.
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let name = host.trim_end_matches('.').as_bytes();
    let local = b"localhost";
    let start = name.len().checked_sub(local.len());
    let is_local = start.and_then(|from| name.get(from..)).is_some_and(|end| end.eq_ignore_ascii_case(local));
    let is_whole = start.is_none_or(|from| from == 0 || name.get(from.wrapping_sub(1)) == Some(&b'.'));
    is_local && is_whole || host.parse::<core::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_ends_where_the_path_begins() {
        assert_eq!(origin("https://h:1/a/b"), "https://h:1");
        assert_eq!(origin("https://h"), "https://h");
        assert_eq!(origin("h/a"), "h");
        assert_ne!(origin("https://h.example/a"), origin("https://h.example.org/a"));
    }

    #[test]
    fn an_address_that_ends_as_usual_names_its_system() {
        let of = |address| Base::of(address).map(|base| (base.system, base.dialect));
        assert_eq!(of("https://h/ICMAPI/"), Some((System::CertiFlow, Some(Dialect::G1))));
        assert_eq!(of("https://h/CertificateManagement"), Some((System::Mim, None)));
        assert_eq!(of("https://h/cm/api"), Some((System::CertiFlow, Some(Dialect::G7))));
        assert_eq!(of("https://h/api"), None);
        assert_eq!(of(""), None);
    }

    #[test]
    fn this_machine_is_known_by_name_and_by_address() {
        for host in ["localhost", "LocalHost.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["", "local", "notlocalhost", "localhost.example", "10.0.0.1", "[::2]", "example"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
