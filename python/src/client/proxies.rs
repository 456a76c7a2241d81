//! The proxies that a program gives.

use cardwright::client::http::{Proxy, Secret};
use cardwright_core::Code;
use cardwright_python_common::Failure;
use pyo3::prelude::*;

/// The proxies that a program gives.
#[derive(FromPyObject, Clone)]
pub(crate) enum Proxies {
    /// Whether the environment is asked.
    Environment(bool),
    /// An address.
    Address(String),
    /// One for each scheme of the server's address, or `None`, as `requests` takes them.
    ByScheme(Vec<(String, Option<String>)>),
}

impl Proxies {
    /// The proxy for the server at this address.
    pub(super) fn proxy(&self, url: &str) -> Result<Proxy, Failure> {
        let by_scheme = match self {
            Proxies::Environment(true) => return Ok(Proxy::Environment),
            Proxies::Environment(false) => return Ok(Proxy::None),
            Proxies::Address(address) => return at(address),
            Proxies::ByScheme(by_scheme) if by_scheme.is_empty() => return Ok(Proxy::Environment),
            Proxies::ByScheme(by_scheme) => by_scheme,
        };
        if let Some((name, _)) = by_scheme.iter().find(|(name, _)| !["http", "https", "all"].contains(&&**name)) {
            let why = format!("proxy: a dictionary has \"http\", \"https\" and \"all\", and not {name:?}");
            return Err(Failure::new(Code::Proxy, why));
        }
        let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
        if !["http", "https"].contains(&&*scheme) {
            // The address itself is refused.
            return Ok(Proxy::Environment);
        }
        let find = |wanted: &str| by_scheme.iter().find(|(name, _)| name == wanted);
        match find(&scheme).or_else(|| find("all")) {
            Some((_, Some(address))) => at(address),
            Some((_, None)) => Ok(Proxy::None),
            // Who names a proxy does not want to go past it.
            None => {
                let why =
                    format!("proxy: the dictionary names none for {scheme}, the scheme of the address, and no \"all\"");
                Err(Failure::new(Code::Proxy, why))
            }
        }
    }
}

fn at(address: &str) -> Result<Proxy, Failure> {
    if address.is_empty() {
        let why = "proxy: the address is empty; False is for none, True for that of the environment";
        return Err(Failure::new(Code::Proxy, why));
    }
    Ok(Proxy::Address(Secret::new(address)))
}
