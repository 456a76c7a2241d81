//! How requests are carried, as far as a program says it: proxy, trust, the client's certificate.

use super::settings::{Pair, Settings};
use cardwright::client::http::{ClientCertificate, Proxy, Secret, Setup, TlsBackend, Trust};
use cardwright_python_common::Failure;
use zeroize::Zeroizing;

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
