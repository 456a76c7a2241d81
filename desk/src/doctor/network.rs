//! The way to the server: the proxy, the name, the connection.

use super::answer::Asker;
use super::report::Checks;
use super::tls;
use crate::failure::Kind;
use crate::hint;
use crate::systems::examine;
use crate::target::Target;
use cardwright_client::http::{Place, ProxyFault, Raw, proxy_for};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// Looks at the way, and returns the answer to a request without a sign-in.
pub(super) fn look(checks: &mut Checks<'_>, target: &Target, anonymous: &Asker) -> Option<Raw> {
    let server = match Place::of(&target.url) {
        Ok(server) => server,
        Err(why) => {
            checks.fail("address", Kind::Usage, format!("{}: {why}", target.url), "give --url https://HOST/PATH");
            return None;
        }
    };
    let proxy = match proxy_for(target.proxy(), &target.url) {
        Ok(proxy) => proxy,
        Err(error) => {
            checks.fail(
                "proxy",
                Kind::Usage,
                error.unmasked().to_string(),
                "give --proxy http://HOST:PORT, or --proxy none",
            );
            return None;
        }
    };
    match &proxy {
        Some(proxy) => checks.ok("proxy", format!("requests go through {proxy}")),
        None => checks.ok("proxy", "none"),
    }
    let place = proxy.as_ref().map_or(&server, |proxy| proxy.place());
    let addresses = name(checks, place, proxy.is_some())?;
    connection(checks, target, place, &addresses, proxy.is_some())?;
    let answer = anonymous.get(&examine(target.system).first_path(target));
    if let Some(error) = answer.as_ref().err().filter(|error| hint::proxy::is_cause(error)) {
        let next = hint::proxy::after(error).unwrap_or_default();
        checks.fail("proxy", Kind::NoConnection, error.unmasked().to_string(), next);
        return None;
    }
    tls::look(checks, target, anonymous, server.is_secure(), &server.host, answer.as_ref().err())?;
    match answer {
        Ok(answer) => tls::page(checks, &answer).map(|()| answer),
        Err(error) => {
            let next = hint::after_request(&error).unwrap_or(
                "the way is there, and no answer comes: ask the administrator of the server, or of what is in front of it"
                    .into(),
            );
            checks.fail("answer", Kind::NoConnection, error.unmasked().to_string(), next);
            None
        }
    }
}

fn name(checks: &mut Checks<'_>, place: &Place, is_proxy: bool) -> Option<Vec<SocketAddr>> {
    let whose = if is_proxy { "the proxy " } else { "" };
    match (place.host.as_str(), place.port).to_socket_addrs() {
        Ok(found) => {
            let addresses: Vec<SocketAddr> = found.collect();
            let texts: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
            checks.ok("name", format!("{whose}{} is {}", place.host, texts.join(", ")));
            Some(addresses)
        }
        Err(error) => {
            let next = match is_proxy {
                true => hint::proxy::unreached(ProxyFault::NoName),
                false => "is the name right, and does this machine use the organisation's DNS (VPN)?",
            };
            checks.fail("name", Kind::NoConnection, format!("{whose}{}: {error}", place.host), next);
            None
        }
    }
}

fn connection(
    checks: &mut Checks<'_>,
    target: &Target,
    place: &Place,
    addresses: &[SocketAddr],
    is_proxy: bool,
) -> Option<()> {
    let mut last = "no address".to_string();
    for address in addresses {
        let started = Instant::now();
        let left = target.limit().map_or(CONNECT, |limit| limit.at_most(CONNECT));
        // No time at all is no limit that the system takes.
        match TcpStream::connect_timeout(address, left.max(Duration::from_millis(1))) {
            Ok(_) => {
                let took = started.elapsed().as_secs_f64() * 1e3;
                checks.ok("connection", format!("{address} takes connections, in {took:.1} ms"));
                return Some(());
            }
            Err(error) => last = format!("{address}: {error}"),
        }
    }
    let next = match is_proxy {
        true => hint::proxy::unreached(ProxyFault::NoConnection).to_string(),
        false => format!("is port {} right, the server up, and no firewall or missing proxy between?", place.port),
    };
    let whose = if is_proxy { "the proxy " } else { "" };
    checks.fail("connection", Kind::NoConnection, format!("{whose}{last}"), next);
    None
}
