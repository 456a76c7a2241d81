//! Connections through a SOCKS proxy, by ureq's own connector.
//!
//! Its errors do not say whose they are; here they name the proxy. A password that was refused is not sent again.
//!
//! RFC 1928 and RFC 1929; SOCKS 4 has no standard.

use super::address::ProxyProtocol;
use super::refusal::ProxyFault;
use super::route::Route;
use super::sign_in::Password;
use crate::resolve::Names;
use std::io::ErrorKind;
use std::sync::Arc;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver as _};
use ureq::unversioned::transport::{ConnectionDetails, Connector, Either, SocksConnector, Transport};

/// Connects to the server through the proxy.
pub(super) fn connect(
    route: &Route,
    details: &ConnectionDetails<'_>,
    names: &Names,
) -> Result<Box<dyn Transport>, ureq::Error> {
    let refused = |refusal| ureq::Error::Other(Box::new(refusal));
    let mut untried = route.sign_in.untried().map_err(refused)?;
    let details = ConnectionDetails {
        uri: details.uri,
        addrs: usable(route, details, names)?,
        config: &route.config,
        request_level: details.request_level,
        resolver: names,
        now: details.now,
        timeout: details.timeout,
        current_time: Arc::clone(&details.current_time),
        run_connector: Arc::clone(&details.run_connector),
        register_shutdown: Arc::clone(&details.register_shutdown),
    };
    let connected = SocksConnector::default().connect(&details, None::<()>);
    match connected {
        Ok(Some(Either::B(transport))) => {
            if let Some(password) = untried.as_deref_mut() {
                *password = Password::Accepted;
            }
            Ok(transport.boxed())
        }
        // There was nothing before this link, and no server is excepted.
        Ok(_) => Err(ureq::Error::ConnectionFailed),
        Err(ureq::Error::Io(error)) if error.raw_os_error().is_none() => {
            let secure = details.needs_tls();
            match error.kind() {
                // RFC 1929, 2. SOCKS 4 answers so where it asks another service (ident) for the user.
                ErrorKind::PermissionDenied => {
                    let mut refusal = route.sign_in.refusal(secure, None, error.to_string());
                    refusal.password_refused = refusal.account_given;
                    if refusal.password_refused {
                        route.sign_in.refuse(untried, &refusal);
                    }
                    Err(refused(refusal))
                }
                ErrorKind::Other => Err(refused(route.sign_in.refusal(secure, None, error.to_string()))),
                ErrorKind::UnexpectedEof => {
                    Err(route.unreachable(ProxyFault::NoAnswer, "it closed the connection before it answered"))
                }
                ErrorKind::InvalidData => {
                    Err(route.unreachable(ProxyFault::NoAnswer, format!("it does not speak SOCKS: {error}")))
                }
                _ => Err(route.named(ureq::Error::Io(error))),
            }
        }
        Err(error) => Err(route.named(error)),
    }
}

/// The server's addresses that the proxy can be asked for: SOCKS 4 has those of IPv4 alone.
fn usable(route: &Route, details: &ConnectionDetails<'_>, names: &Names) -> Result<ResolvedSocketAddrs, ureq::Error> {
    if route.address.protocol != ProxyProtocol::Socks4 {
        return Ok(details.addrs.clone());
    }
    let mut usable = names.empty();
    details.addrs.iter().filter(|address| address.is_ipv4()).for_each(|address| usable.push(*address));
    if usable.is_empty() {
        let words = "SOCKS 4 reaches servers by IPv4 alone, and this one has no such address";
        return Err(ureq::Error::Other(Box::new(route.sign_in.refusal(details.needs_tls(), None, words.to_string()))));
    }
    Ok(usable)
}
