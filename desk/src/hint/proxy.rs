//! The way to a server: names, connections, proxies.

use super::step::Hint;
use cardwright_client::http::{Error, ProxyFault, ProxyRefusal};
use cardwright_core::Code;
use std::borrow::Cow;

/// The next step where there is no way to the server.
pub(crate) fn after(error: &Error) -> Hint {
    if let Some(refusal) = error.proxy_refusal() {
        return Some(refused(refusal));
    }
    if let Some(proxy) = error.proxy_unreachable() {
        return Some(unreached(proxy.fault).into());
    }
    (error.code() == Code::Unreachable)
        .then(|| "is the address right, and the server up? cardwright doctor looks".into())
}

/// Whether a proxy is the cause of an error.
pub(crate) fn is_cause(error: &Error) -> bool {
    error.proxy_refusal().is_some() || error.proxy_unreachable().is_some()
}

/// What to do about a proxy that cannot be reached.
pub(crate) fn unreached(fault: ProxyFault) -> &'static str {
    match fault {
        ProxyFault::NoName => {
            "is the proxy's name right in --proxy, the profile or the environment (HTTPS_PROXY), and does this machine use \
             the organisation's DNS (VPN)? --proxy none goes without a proxy"
        }
        ProxyFault::NoConnection => {
            "is the proxy's address right in --proxy, the profile or the environment (HTTPS_PROXY), and does the proxy run? \
             --proxy none goes without a proxy"
        }
        _ => {
            "is there a proxy of this kind (http://, https://, socks5://) at this address, and does it reach the server? \
             --proxy none goes without a proxy"
        }
    }
}

/// What to do about a proxy that lets nothing pass.
pub(crate) fn refused(refusal: &ProxyRefusal) -> Cow<'static, str> {
    if refusal.password_refused {
        let variable = refusal.variable;
        return format!("correct user and password of the proxy in {variable}, before they are sent again").into();
    }
    match refusal.status {
        Some(407) => sign_in(refusal),
        Some(403) => "have the server allowed in the proxy, or use none: --proxy none".into(),
        Some(400 | 404 | 405 | 501) => {
            "is there a proxy at this address, and not a web server? --proxy none goes without the proxy".into()
        }
        Some(_) => "the proxy does not get to the server: check --url; --proxy none goes without the proxy".into(),
        None if UNREACHED.contains(&&*refusal.words) => {
            "the proxy does not get to the server: is the server up, and --url right?".into()
        }
        None if refusal.account_given => "have the server allowed in the proxy, or use none: --proxy none".into(),
        None => {
            let account = environment(refusal, "socks5h://USER:PASSWORD@HOST:PORT");
            format!("if the proxy wants a user, give {account}; else have the server allowed in the proxy").into()
        }
    }
}

/// The answers of SOCKS 5 that speak of the way behind the proxy (RFC 1928, 6), as they are told.
const UNREACHED: &[&str] = &["network unreachable", "host unreachable", "connection refused", "TTL expired"];

/// What to do about a proxy that wants a sign-in which was not possible.
fn sign_in(refusal: &ProxyRefusal) -> Cow<'static, str> {
    let offers = |scheme: &str| refusal.schemes.iter().any(|offered| offered.eq_ignore_ascii_case(scheme));
    let takes_password = refusal.schemes.is_empty() || offers("Basic") || offers("Digest");
    if takes_password && !refusal.account_given {
        let account = environment(refusal, "http://USER:PASSWORD@HOST:PORT");
        return format!("give the proxy's user and password by {account}").into();
    }
    if offers("NTLM") && !refusal.account_given {
        let account = environment(refusal, "http://DOMAIN%5CNAME:PASSWORD@HOST:PORT");
        return match offers("Negotiate") {
            true => format!("the proxy wants a Windows account: run kinit, or give it by {account}"),
            false => format!("the proxy wants a Windows account (NTLM): give it by {account}"),
        }
        .into();
    }
    match offers("Negotiate") {
        true if refusal.ticket_refused => {
            "the proxy does not take this ticket: is it for an account that may use the proxy (klist)?"
        }
        true => {
            "the proxy wants Kerberos (Negotiate): run kinit for a ticket, and address the proxy by its full name, as HTTP/NAME \
             is its name in the domain"
        }
        false => {
            "the proxy wants a sign-in that cannot be used here: have this machine excepted, or go through a local proxy that \
             signs in"
        }
    }
    .into()
}

/// How an address is given by the environment.
fn environment(refusal: &ProxyRefusal, address: &str) -> String {
    let instead = if refusal.from_environment { "" } else { ", instead of --proxy" };
    format!("{}={address} in the environment{instead}", refusal.variable)
}
