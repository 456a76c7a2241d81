//! Where the APIs usually are on a server, the host and port of an address, and which are this machine's own.
//!
//! CertiFlow's older names, Indeed CM and Rutoken KeyBox, have bases of their own.

use crate::bytes::{Set, UNRESERVED, run, set};
use crate::certiflow::Dialect;
use crate::lifecycle::System;
use crate::{Code, Error};

/// The path at which an API usually is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Base {
    /// The path, without a slash at its end.
    pub path: &'static str,
    /// The system.
    pub system: System,
    /// The generations that are known at this base, in the order in which they are taken for granted until an answer
    /// shows another; none in MIM CM.
    pub dialects: &'static [Dialect],
}

/// The usual bases, the newest of each system first.
pub const BASES: &[Base] = &[
    Base::certiflow("/certiflow/api", &[Dialect::G7, Dialect::G6]),
    Base::certiflow("/cm/api", &[Dialect::G7, Dialect::G6, Dialect::G5]),
    // That Rutoken KeyBox 7 has its API there is assumed, from the address of its wizard.
    Base::certiflow("/keybox/api", &[Dialect::G7, Dialect::G6]),
    // G1 first: its one list is also in G2 and G3.
    Base::certiflow("/icmapi", &[Dialect::G1, Dialect::G4, Dialect::G3, Dialect::G2]),
    Base { path: "/CertificateManagement", system: System::Mim, dialects: &[] },
];

impl Base {
    const fn certiflow(path: &'static str, dialects: &'static [Dialect]) -> Self {
        Base { path, system: System::CertiFlow, dialects }
    }

    /// The generation that is taken for granted there.
    #[must_use]
    pub const fn dialect(&self) -> Option<Dialect> {
        match self.dialects {
            [first, ..] => Some(*first),
            [] => None,
        }
    }

    /// The usual base with which an address ends, whatever the case of its letters.
    #[must_use]
    pub fn of(address: &str) -> Option<&'static Base> {
        BASES.iter().find(|base| base.ends(address))
    }

    /// Whether an address ends with this base, whatever the case of its letters.
    #[must_use]
    pub fn ends(&self, address: &str) -> bool {
        let address = address.trim_end_matches('/').as_bytes();
        let end = address.len().checked_sub(self.path.len()).and_then(|from| address.get(from..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(self.path.as_bytes()))
    }
}

/// Where a server of `cardwright serve` has what belongs to all of it, by the base of one of its APIs: the address without
/// the usual base with which it ends, or the whole of it if it ends with none.
#[must_use]
pub fn root(base: &str) -> &str {
    let base = base.trim_end_matches('/');
    let end = Base::of(base).and_then(|usual| base.len().checked_sub(usual.path.len()));
    end.and_then(|end| base.get(..end)).unwrap_or(base)
}

/// The generations of CertiFlow that are known at the base with which an address ends, in the order in which they are
/// tried; none where it ends with no usual base, or with that of MIM CM.
#[must_use]
pub fn usual_dialects(address: &str) -> &'static [Dialect] {
    Base::of(address).map_or(&[], |base| base.dialects)
}

/// Scheme, host and port of an address, as they stand there.
#[must_use]
pub fn origin(address: &str) -> &str {
    // By bytes: `str::find` keeps a check.
    let after = address.as_bytes().windows(3).position(|bytes| bytes == b"://").map_or(0, |at| at.saturating_add(3));
    let rest = address.get(after..).unwrap_or("");
    let length = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    address.get(..after.saturating_add(length)).unwrap_or(address)
}

/// The host of an authority (`HOST`, `HOST:PORT`), an IPv6 address without its brackets, and its port if there is one.
///
/// An empty port is none (RFC 3986, 3.2.3). A user before the host is an error. Of an IPv6 address only the characters are
/// looked at.
///
/// # Errors
/// [`Code::Address`] with `host` where there is none or a byte cannot stand in it, with `port` where that is not 1 to
/// 65535. A name outside ASCII goes in its ASCII form (RFC 5891).
pub fn host_and_port(authority: &str) -> Result<(&str, Option<u16>), Error> {
    let wrong = |what, at| Error { code: Code::Address, at, what };
    let bytes = authority.as_bytes();
    // An IPv6 address by its bytes alone: Rust's own parser keeps a check.
    let (start, set) = if bytes.first() == Some(&b'[') { (1, &ADDRESS) } else { (0, &UNRESERVED) };
    let mut end = run(bytes.get(start..).unwrap_or_default(), set).saturating_add(start);
    let host = authority.get(start..end).unwrap_or_default();
    let mut rest = bytes.get(end..).unwrap_or_default();
    if start > 0 {
        let [b']', after @ ..] = rest else {
            return Err(wrong("host", if rest.is_empty() { 0 } else { end }));
        };
        (rest, end) = (after, end.saturating_add(1));
    }
    match rest {
        _ if host.is_empty() => Err(wrong("host", 0)),
        [] => Ok((host, None)),
        [b':', digits @ ..] => Ok((host, port(digits).ok_or(wrong("port", end.saturating_add(1)))?)),
        _ => Err(wrong("host", end)),
    }
}

static ADDRESS: Set = set(b"0123456789", b"ABCDEFabcdef:.", false);

/// A port in digits: `Some(None)` if it is empty, `None` if it is not 1 to 65535.
fn port(digits: &[u8]) -> Option<Option<u16>> {
    let mut number: u32 = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        // Not more than one above the last port, so that no product is too large.
        number = number.wrapping_mul(10).wrapping_add(u32::from(*digit & 0x0F)).min(0x1_0000);
    }
    if digits.is_empty() {
        return Some(None);
    }
    u16::try_from(number).ok().filter(|number| *number > 0).map(Some)
}

/// Whether a host is this machine: `localhost`, a name below it (RFC 6761, 6.3), or a loopback address, with
/// or without brackets. No name is looked up.
#[must_use]
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
    fn what_is_no_port_is_never_the_usual_one() {
        for (authority, host, port) in [
            ("h.example", "h.example", None),
            ("h:", "h", None),
            ("h:1", "h", Some(1)),
            ("h:000443", "h", Some(443)),
            ("10.0.0.5:65535", "10.0.0.5", Some(65535)),
            ("[fd00::5]", "fd00::5", None),
            ("[::1]:", "::1", None),
            ("[::1]:8443", "::1", Some(8443)),
        ] {
            assert_eq!(host_and_port(authority), Ok((host, port)), "{authority}");
        }
        for authority in [
            "h:0",
            "h:00",
            "h:65536",
            "h:80800",
            "h:4294967376",
            "h:99999999999999999999",
            "h:x",
            "h:-1",
            "h:+80",
            "h: 80",
            "h:80 ",
            "h:1:2",
        ] {
            assert_eq!(
                host_and_port(authority),
                Err(Error { code: Code::Address, at: 2, what: "port" }),
                "{authority}"
            );
        }
        assert_eq!(host_and_port("[::1]:70000"), Err(Error { code: Code::Address, at: 6, what: "port" }));
        for (authority, at) in [
            ("", 0),
            (":80", 0),
            ("::1", 0),
            ("a b", 1),
            ("u@h", 1),
            ("h\r\nx", 1),
            ("é", 0),
            ("[::1", 0),
            ("[x]", 1),
            ("[::1]x", 5),
        ] {
            assert_eq!(host_and_port(authority), Err(Error { code: Code::Address, at, what: "host" }), "{authority}");
        }
    }

    #[test]
    fn an_address_that_ends_as_usual_names_its_system() {
        let of = |address| Base::of(address).map(|base| (base.system, base.dialect()));
        assert_eq!(of("https://h/ICMAPI/"), Some((System::CertiFlow, Some(Dialect::G1))));
        assert_eq!(of("https://h/CertificateManagement"), Some((System::Mim, None)));
        assert_eq!(of("https://h/cm/api"), Some((System::CertiFlow, Some(Dialect::G7))));
        assert_eq!(of("https://h/api"), None);
        assert_eq!(of(""), None);
    }

    #[test]
    fn a_root_is_what_stands_in_front_of_a_usual_base() {
        for (base, wanted) in [
            ("https://h:1/certiflow/api", "https://h:1"),
            ("https://h/x/ICMAPI/", "https://h/x"),
            ("https://h/CertificateManagement", "https://h"),
            ("https://h/cards", "https://h/cards"),
            ("https://h/", "https://h"),
            ("/g6/cm/api", "/g6"),
            ("/icmapi", ""),
            ("", ""),
        ] {
            assert_eq!(root(base), wanted, "{base}");
        }
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
