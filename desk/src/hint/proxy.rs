//! The way to a server: names, connections, proxies.

use super::step::Hint;
use cardwright_client::http::{Error, ProxyRefusal};
use cardwright_core::Code;

/// The next step where there is no way to the server.
pub(crate) fn after(error: &Error) -> Hint {
    if let Some(refusal) = error.proxy_refusal() {
        return Some(refused(refusal).into());
    }
    (error.code() == Code::Unreachable)
        .then(|| "is the address right, and the server up? cardwright doctor looks".into())
}

/// What to do about a proxy that lets nothing pass.
pub(crate) fn refused(refusal: &ProxyRefusal) -> &'static str {
    let offers = |scheme: &str| refusal.schemes.iter().any(|offered| offered.eq_ignore_ascii_case(scheme));
    match refusal.status {
        407 if refusal.password_refused => "correct user and password in HTTPS_PROXY, before they are sent again",
        407 if refusal.schemes.is_empty() || offers("Basic") => {
            "give the proxy's user and password by HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT in the environment"
        }
        407 => {
            "this proxy takes Windows accounts alone (Negotiate, NTLM), and only Basic can be used here: have this machine \
             excepted, or go through a local proxy that signs in"
        }
        403 => "have the server allowed in the proxy, or use none: --proxy none",
        _ => "the proxy does not get to the server: is the address right, and the server up? --proxy none goes without",
    }
}
