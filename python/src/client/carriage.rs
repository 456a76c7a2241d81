//! How requests are carried, as far as a program says it: proxy, trust, the client's certificate.

use super::setup::Settings;
use cardwright::client::http::{ClientCertificate, Proxy, Secret, Setup, TlsBackend, Trust};
use cardwright_core::Code;
use cardwright_python_common::Failure;
use pyo3::prelude::*;
use zeroize::Zeroizing;

/// Certificates, a key of its own, and its password.
pub(super) type Pair = (Vec<u8>, Option<Vec<u8>>, Option<String>);

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
            // Whoever names a proxy does not want to go past it.
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

/// What a program says of it; what is `None` stays as it is.
pub(super) struct Carriage {
    trust: Option<Trust>,
    proxy: Option<Proxy>,
    certificate: Option<Option<ClientCertificate>>,
}

impl Carriage {
    /// By these settings, for the server at this address. `ca` are the certificates of the environment, and `tls` is its
    /// library.
    pub(super) fn of(
        given: &mut Settings,
        url: &str,
        ca: impl FnOnce() -> Result<Option<Vec<u8>>, Failure>,
        tls: TlsBackend,
    ) -> Result<Self, Failure> {
        let trust = match (given.ca.0.take(), given.system_trust) {
            (None, None) if given.is_gathered() => None,
            (own, trusts_system) => {
                let own = own.map_or_else(ca, Ok)?;
                let trusts_system = trusts_system.unwrap_or(true);
                let base = if trusts_system { Trust::system() } else { Trust::only_added() };
                let trust = match own {
                    Some(pem) => base.add_pem(&pem)?,
                    None if trusts_system => base,
                    None => {
                        return Err(Failure::argument("without system_trust, ca must name certificates to trust"));
                    }
                };
                Some(trust.backend(tls)?)
            }
        };
        let proxy = given.proxy.take().map(|proxies| proxies.proxy(url)).transpose()?;
        let certificate = given.certificate.0.take().map(|pair| pair.map(certificate).transpose()).transpose()?;
        Ok(Carriage { trust, proxy, certificate })
    }

    /// Whether a proxy was given, or none.
    pub(super) fn has_proxy(&self) -> bool {
        self.proxy.is_some()
    }

    /// Sets requests up so.
    pub(super) fn carry(&self, setup: &mut Setup) {
        if let Some(trust) = &self.trust {
            setup.trust = trust.clone();
        }
        if let Some(proxy) = &self.proxy {
            setup.proxy = proxy.clone();
        }
        if let Some(certificate) = &self.certificate {
            setup.certificate.clone_from(certificate);
        }
    }
}

/// A library that does TLS, by its name.
pub(super) fn tls(name: &str) -> Result<TlsBackend, Failure> {
    cardwright::named(name)
        .map_err(|_| Failure::argument(format!("tls must be \"rustls\" or \"system\", not {name:?}")))
}

fn certificate((certificates, key, password): Pair) -> Result<ClientCertificate, Failure> {
    let (certificates, key) = (Zeroizing::new(certificates), key.map(Zeroizing::new));
    let password = password.map(Secret::new);
    Ok(ClientCertificate::read(&certificates, key.as_deref().map(Vec::as_slice), password.as_ref())?)
}
