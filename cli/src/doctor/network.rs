//! The way to the server: its name, the proxy, the connection, TLS.

use super::{Asker, Report};
use crate::connect::Target;
use crate::failure::Exit;
use crate::output::{now, until};
use cardwright_client::http::{Error, Proxy, Raw};
use cardwright_core::Code;
use cardwright_core::date::DAY;
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate, X509Name};

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// Where a request first goes.
struct Place<'u> {
    host: &'u str,
    port: u16,
}

/// Looks at the way, and returns the answer to a request without a sign-in.
pub(super) fn look(report: &mut Report, target: &Target, anonymous: &Asker) -> Option<Raw> {
    let encrypted = target.url.to_ascii_lowercase().starts_with("https://");
    let server = Place::of(&target.url)?;
    let proxy = proxy(target, server.host);
    let hidden = proxy.as_deref().map(hide);
    let place = match &hidden {
        Some(Some(address)) => {
            report.ok("proxy", format!("requests go through {address}"));
            Place::of(address).unwrap_or(Place { host: server.host, port: server.port })
        }
        Some(None) => {
            report.fail("proxy", Exit::NoConnection, "its address cannot be read", "give --proxy http://HOST:PORT");
            return None;
        }
        None => {
            report.ok("proxy", "none");
            Place { host: server.host, port: server.port }
        }
    };
    let addresses = name(report, &place, hidden.is_some())?;
    connection(report, &place, &addresses, hidden.is_some())?;
    let answer = anonymous.get(&super::api::first_path(target));
    tls(report, target, anonymous, encrypted, server.host, answer.as_ref().err())?;
    match answer {
        Ok(answer) => Some(answer),
        Err(error) => {
            let next = "the way is there, and no answer comes: ask whoever runs the server or what stands before it";
            report.fail("answer", Exit::NoConnection, error.to_string(), next);
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
    match &target.proxy {
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

fn name(report: &mut Report, place: &Place<'_>, is_proxy: bool) -> Option<Vec<SocketAddr>> {
    let whose = if is_proxy { "the proxy " } else { "" };
    match (place.host, place.port).to_socket_addrs() {
        Ok(found) => {
            let addresses: Vec<SocketAddr> = found.collect();
            let texts: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
            report.ok("name", format!("{whose}{} is {}", place.host, texts.join(", ")));
            Some(addresses)
        }
        Err(error) => {
            let next = "is the name right, and does this machine use the organisation's DNS (VPN)?";
            report.fail("name", Exit::NoConnection, format!("{whose}{}: {error}", place.host), next);
            None
        }
    }
}

fn connection(report: &mut Report, place: &Place<'_>, addresses: &[SocketAddr], is_proxy: bool) -> Option<()> {
    let mut last = "no address".to_string();
    for address in addresses {
        let started = Instant::now();
        match TcpStream::connect_timeout(address, CONNECT) {
            Ok(_) => {
                let took = started.elapsed().as_secs_f64() * 1e3;
                report.ok("connection", format!("{address} takes connections, in {took:.1} ms"));
                return Some(());
            }
            Err(error) => last = format!("{address}: {error}"),
        }
    }
    let next = match is_proxy {
        true => "is the proxy's address right? --proxy none goes without".to_string(),
        false => format!("is port {} right, the server up, and no firewall or missing proxy between?", place.port),
    };
    report.fail("connection", Exit::NoConnection, last, next);
    None
}

/// Who signed the server's certificate, until when it holds, and whether that is trusted.
fn tls(
    report: &mut Report,
    target: &Target,
    asker: &Asker,
    encrypted: bool,
    host: &str,
    error: Option<&Error>,
) -> Option<()> {
    if !encrypted {
        let loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        match loopback {
            true => report.ok("TLS", "none; the server is on this machine"),
            false => report.warn("TLS", "none: passwords and cards travel in the clear", "use https:// in --url"),
        }
        return Some(());
    }
    let chain = asker.presented();
    let certificates: Vec<X509Certificate<'_>> = chain
        .iter()
        .filter_map(|der| X509Certificate::from_der(der).ok().map(|(_, certificate)| certificate))
        .collect();
    let Some(own) = certificates.first() else {
        if let Some(error) = error {
            let next = match error.code() {
                Code::Tls => "does the server speak TLS 1.2 or newer on this port?",
                _ => "does the server speak TLS on this port?",
            };
            report.fail("TLS", Exit::NoConnection, error.to_string(), next);
            return None;
        }
        report.warn("TLS", "the server's certificate cannot be read", "have its certificate looked at");
        return Some(());
    };
    let ends = own.validity().not_after.timestamp();
    let date = cardwright_core::date::Moment::from_seconds(ends);
    let (year, month, day) = date.ymd();
    let (shown, _) = until(&format!("{year:04}-{month:02}-{day:02}"), now());
    let seen = format!("{}, signed by {}, until {shown}", named(own.subject()), named(own.issuer()));
    match error.filter(|error| error.code() == Code::Tls) {
        Some(error) if error.to_string().contains(WANTS_CERTIFICATE) => {
            let next = match target.certificate {
                Some(_) => "is the certificate of --client-cert one that the server takes?",
                None => "give --client-cert FILE, with the certificate and its key as PEM",
            };
            let seen = format!("{seen}; the server wants another certificate of the client: {error}");
            report.fail("TLS", Exit::NotAllowed, seen, next);
            None
        }
        Some(error) => {
            let said = error.to_string();
            let next = if ends < now().seconds {
                "the certificate has ended: the server needs a new one".to_string()
            } else if said.contains("NotValidForName") || said.contains("not valid for name") {
                format!("the certificate is for {}: use that name in --url", names(own))
            } else {
                let signer = certificates.last().map_or_else(String::new, |last| named(last.issuer()));
                format!("give --ca FILE with the certificate of {signer} as PEM, if that is your organisation's CA")
            };
            report.fail("TLS", Exit::NoConnection, format!("{seen}; not trusted: {said}"), next);
            None
        }
        None => {
            let days = (ends - now().seconds).div_euclid(DAY);
            let by = if target.has_ca { "trusted, with --ca" } else { "trusted" };
            match days {
                ..=30 => report.warn("TLS", format!("{seen}; {by}"), "the server needs a new certificate soon"),
                _ => report.ok("TLS", format!("{seen}; {by}")),
            }
            Some(())
        }
    }
}

/// The alert of a server that is not content with what the client shows of itself, in TLS 1.3.
const WANTS_CERTIFICATE: &str = "CertificateRequired";

/// The common name, or the whole name where it has none.
fn named(name: &X509Name<'_>) -> String {
    match name.iter_common_name().next().and_then(|common| common.as_str().ok()) {
        Some(common) => format!("\"{common}\""),
        None => format!("\"{name}\""),
    }
}

/// The names that a certificate is for.
fn names(certificate: &X509Certificate<'_>) -> String {
    let mut names = Vec::new();
    if let Ok(Some(extension)) = certificate.subject_alternative_name() {
        for name in &extension.value.general_names {
            if let GeneralName::DNSName(name) = name {
                names.push(name.to_string());
            }
        }
    }
    if names.is_empty() { named(certificate.subject()) } else { names.join(", ") }
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
