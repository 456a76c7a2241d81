//! The way to the server: its name, the proxy, the connection.

use super::answer::Asker;
use super::report::Checks;
use super::tls;
use crate::failure::Kind;
use crate::systems::examine;
use crate::target::Target;
use cardwright_client::http::{Proxy, Raw};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// Where a request first goes.
struct Place<'u> {
    host: &'u str,
    port: u16,
}

/// Looks at the way, and returns the answer to a request without a sign-in.
pub(super) fn look(checks: &mut Checks<'_>, target: &Target, anonymous: &Asker) -> Option<Raw> {
    let encrypted = target.url.to_ascii_lowercase().starts_with("https://");
    let server = Place::of(&target.url)?;
    let proxy = proxy(target, server.host);
    let hidden = proxy.as_deref().map(hide);
    let place = match &hidden {
        Some(Some(address)) => {
            checks.ok("proxy", format!("requests go through {address}"));
            Place::of(address).unwrap_or(Place { host: server.host, port: server.port })
        }
        Some(None) => {
            checks.fail("proxy", Kind::NoConnection, "its address cannot be read", "give --proxy http://HOST:PORT");
            return None;
        }
        None => {
            checks.ok("proxy", "none");
            Place { host: server.host, port: server.port }
        }
    };
    let addresses = name(checks, &place, hidden.is_some())?;
    connection(checks, &place, &addresses, hidden.is_some())?;
    let answer = anonymous.get(&examine(target.system).first_path(target));
    tls::look(checks, target, anonymous, encrypted, server.host, answer.as_ref().err())?;
    match answer {
        Ok(answer) => tls::page(checks, &answer).map(|()| answer),
        Err(error) => {
            let next = "the way is there, and no answer comes: ask the administrator of the server, or of what is in front of it";
            checks.fail("answer", Kind::NoConnection, error.to_string(), next);
            None
        }
    }
}

impl<'u> Place<'u> {
    fn of(url: &'u str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next()?;
        let authority = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
        let usual = if scheme.eq_ignore_ascii_case("https") { 443 } else { 80 };
        if let Some((host, rest)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let port = rest.strip_prefix(':').and_then(|port| port.parse().ok()).unwrap_or(usual);
            return Some(Place { host, port });
        }
        match authority.split_once(':') {
            Some((host, port)) => Some(Place { host, port: port.parse().ok()? }),
            None => Some(Place { host: authority, port: usual }),
        }
    }
}

/// The proxy that requests go through: as given, or as the client reads the environment.
fn proxy(target: &Target, host: &str) -> Option<String> {
    match target.proxy() {
        Proxy::Environment => {}
        Proxy::None => return None,
        Proxy::Address(address) => return Some(address.expose().to_string()),
    }
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let names = ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
    let address = names.iter().find_map(|name| variable(name))?;
    let except = variable("NO_PROXY").or_else(|| variable("no_proxy")).unwrap_or_default();
    let host = host.to_ascii_lowercase();
    let excepted = except.split(',').map(|one| one.trim().to_ascii_lowercase()).any(|one| {
        let domain = one.trim_start_matches('*').trim_start_matches('.');
        one == "*" || !domain.is_empty() && (host == domain || host.ends_with(&format!(".{domain}")))
    });
    (!excepted).then_some(address)
}

/// A proxy's address without the password that may stand in it.
fn hide(address: &str) -> Option<String> {
    let with_scheme = if address.contains("://") { address.to_string() } else { format!("http://{address}") };
    let (scheme, rest) = with_scheme.split_once("://")?;
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place).trim_end_matches('/');
    let address = format!("{scheme}://{place}");
    Place::of(&address).is_some_and(|place| !place.host.is_empty()).then_some(address)
}

fn name(checks: &mut Checks<'_>, place: &Place<'_>, is_proxy: bool) -> Option<Vec<SocketAddr>> {
    let whose = if is_proxy { "the proxy " } else { "" };
    match (place.host, place.port).to_socket_addrs() {
        Ok(found) => {
            let addresses: Vec<SocketAddr> = found.collect();
            let texts: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
            checks.ok("name", format!("{whose}{} is {}", place.host, texts.join(", ")));
            Some(addresses)
        }
        Err(error) => {
            let next = "is the name right, and does this machine use the organisation's DNS (VPN)?";
            checks.fail("name", Kind::NoConnection, format!("{whose}{}: {error}", place.host), next);
            None
        }
    }
}

fn connection(checks: &mut Checks<'_>, place: &Place<'_>, addresses: &[SocketAddr], is_proxy: bool) -> Option<()> {
    let mut last = "no address".to_string();
    for address in addresses {
        let started = Instant::now();
        match TcpStream::connect_timeout(address, CONNECT) {
            Ok(_) => {
                let took = started.elapsed().as_secs_f64() * 1e3;
                checks.ok("connection", format!("{address} takes connections, in {took:.1} ms"));
                return Some(());
            }
            Err(error) => last = format!("{address}: {error}"),
        }
    }
    let next = match is_proxy {
        true => "is the proxy's address right? --proxy none goes without".to_string(),
        false => format!("is port {} right, the server up, and no firewall or missing proxy between?", place.port),
    };
    checks.fail("connection", Kind::NoConnection, last, next);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_from_an_address() {
        for (url, host, port) in [
            ("https://h/x", "h", 443),
            ("http://h:8080", "h", 8080),
            ("http://[::1]:3/x", "::1", 3),
            ("https://[::1]/x", "::1", 443),
        ] {
            assert!(Place::of(url).is_some_and(|place| place.host == host && place.port == port), "{url}");
        }
        assert!(Place::of("h").is_none());
    }

    #[test]
    fn a_proxys_password_is_not_shown() {
        assert_eq!(hide("http://user:pa@ss@proxy:3128/").as_deref(), Some("http://proxy:3128"));
        assert_eq!(hide("proxy:3128").as_deref(), Some("http://proxy:3128"));
        assert_eq!(hide("http://"), None);
    }
}
