//! Servers that are asked without the proxy of the environment: `NO_PROXY`.
//!
//! Entries are separated by commas and blanks, as curl reads them:
//!
//! | entry | excepted |
//! |---|---|
//! | `*` | every server |
//! | `example.com`, `.example.com`, `*.example.com` | the host of that name and those below it |
//! | `10.0.0.5`, `fd00::5`, `[fd00::5]` | the address |
//! | `10.0.0.0/8`, `fd00::/8` | the addresses of the network |
//! | `example.com:8443`, `[::1]:8443` | the same, at that port alone |
//!
//! Capitals and dots at the end do not matter. No name is looked up, so a network excepts addresses alone. An entry of
//! another form excepts nothing.

use crate::address::Place;
use std::net::IpAddr;

/// Whether a list excepts this place.
pub(super) fn excepts(list: &str, place: &Place) -> bool {
    let host = place.host.trim_end_matches('.').to_ascii_lowercase();
    let address = host.parse::<IpAddr>().ok().map(|address| address.to_canonical());
    let entries = list.split(|c: char| c == ',' || c.is_whitespace()).filter(|entry| !entry.is_empty());
    entries.into_iter().any(|entry| entry == "*" || matches(&entry.to_ascii_lowercase(), &host, address, place.port))
}

/// Whether one entry, in small letters, is for a host, which may be an address, at this port.
fn matches(entry: &str, host: &str, address: Option<IpAddr>, port: u16) -> bool {
    let (entry, only) = split_port(entry);
    if only.is_some_and(|only| only.parse() != Ok(port)) {
        return false;
    }
    let Some(address) = address else {
        let domain = entry.strip_prefix('*').unwrap_or(entry).trim_start_matches('.').trim_end_matches('.');
        let below = host.strip_suffix(domain);
        return !domain.is_empty() && below.is_some_and(|below| below.is_empty() || below.ends_with('.'));
    };
    match entry.split_once('/') {
        Some((network, bits)) => {
            let network = bare(network).parse::<IpAddr>();
            network.is_ok_and(|network| bits.parse().is_ok_and(|bits| is_within(address, network, bits)))
        }
        None => bare(entry).parse::<IpAddr>().is_ok_and(|entry| entry.to_canonical() == address),
    }
}

/// An entry and its port. The colons of an IPv6 address without brackets are no port.
fn split_port(entry: &str) -> (&str, Option<&str>) {
    match entry.rsplit_once(':') {
        Some((host, port)) if host.ends_with(']') || !host.contains(':') => (host, Some(port)),
        _ => (entry, None),
    }
}

fn bare(address: &str) -> &str {
    address.strip_prefix('[').and_then(|address| address.strip_suffix(']')).unwrap_or(address)
}

/// Whether the first bits of an address are those of the network (RFC 4632, 3.1; RFC 4291, 2.3).
fn is_within(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) if bits <= 32 => {
            let other = u32::from(address) ^ u32::from(network);
            other.checked_shr(32 - bits).unwrap_or(0) == 0
        }
        (IpAddr::V6(address), IpAddr::V6(network)) if bits <= 128 => {
            let other = u128::from(address) ^ u128::from(network);
            other.checked_shr(128 - bits).unwrap_or(0) == 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_an_entry_excepts_what_it_names_and_nothing_else() {
        for (list, url, excepted) in [
            ("", "https://a.example", false),
            ("*", "https://a.example", true),
            ("b.example, *", "http://10.0.0.1", true),
            ("example", "https://a.example", true),
            ("a.example", "https://a.example", true),
            (".example", "https://a.example", true),
            (".a.example", "https://a.example", true),
            ("*.example", "https://a.b.example", true),
            ("A.Example.", "https://a.eXample.", true),
            ("xample", "https://a.example", false),
            ("b.a.example", "https://a.example", false),
            ("x.example a.example", "https://a.example", true),
            (" x.example ,\ta.example, ", "https://a.example", true),
            ("a.example:443", "https://a.example", true),
            ("a.example:8443", "https://a.example", false),
            ("example:8443", "https://a.example:8443", true),
            ("a.example:", "https://a.example", false),
            (".", "https://a.example", false),
            ("..", "https://a.example", false),
            ("*.", "https://a.example", false),
            ("10.0.0.1", "http://10.0.0.1", true),
            ("10.0.0.1", "http://10.0.0.11", false),
            ("0.0.1", "http://10.0.0.1", false),
            ("10.0.0.1:80", "http://10.0.0.1", true),
            ("10.0.0.1:81", "http://10.0.0.1", false),
            ("10.0.0.0/8", "http://10.255.0.1", true),
            ("10.53.0.0/24", "http://10.53.1.0", false),
            ("10.53.0.77/24", "http://10.53.0.1", true),
            ("10.0.0.1/32", "http://10.0.0.1", true),
            ("10.0.0.0/31", "http://10.0.0.2", false),
            ("0.0.0.0/0", "http://203.0.113.9", true),
            ("0.0.0.0/0", "http://a.example", false),
            ("10.0.0.0/33", "http://10.0.0.0", false),
            ("10.0.0.0/", "http://10.0.0.0", false),
            ("10.0.0.0/-1", "http://10.0.0.0", false),
            ("::1", "http://[::1]", true),
            ("[::1]", "http://[0:0:0:0:0:0:0:1]", true),
            ("[::1]:8080", "http://[::1]:8080", true),
            ("[::1]:8080", "http://[::1]", false),
            ("fd00::/8", "http://[fdab::1]", true),
            ("[fd00::]/8", "http://[fdab::1]", true),
            ("fd00::/16", "http://[fdab::1]", false),
            ("::/0", "http://[fdab::1]", true),
            ("::/0", "http://10.0.0.1", false),
            ("::/129", "http://[::1]", false),
            ("10.0.0.0/8", "http://[::ffff:10.0.0.1]", true),
            ("localhost", "http://127.0.0.1", false),
        ] {
            let place = Place::of(url).expect("an address");
            assert_eq!(excepts(list, &place), excepted, "{list:?} for {url}");
        }
    }
}
