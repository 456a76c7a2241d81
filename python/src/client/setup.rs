//! How a client is set up, kept so that a process that was forked can set up its own.

use crate::client::auth::{Auth, Who};
use crate::client::system;
use crate::failure::Failure;
use cardwright_client::{
    AnyClient, Builder, CertiFlow, Check, Client, ClientCertificate, Error, Mim, Retries, Secret, Timeouts, Trust,
};
use cardwright_core::Named;
use cardwright_core::certiflow::Dialect;
use cardwright_core::lifecycle::System;
use cardwright_core::mim::StatusScheme;
use pyo3::prelude::*;
use std::time::Duration;

/// What the package hands over, by name; the package has the documentation and the defaults.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Settings {
    url: String,
    auth: Option<Auth>,
    dialect: u8,
    status_scheme: String,
    check: String,
    connect_timeout: f64,
    timeout: f64,
    idle_timeout: f64,
    attempts: u32,
    longest_wait: f64,
    longest_asked: f64,
    /// `None` for what the environment says, an empty text for no proxy.
    proxy: Option<String>,
    ca: Option<Vec<u8>>,
    /// Certificates and key.
    certificate: Option<(Vec<u8>, Vec<u8>)>,
    system_trust: bool,
    page_size: u32,
    max_element: usize,
    user_agent: Option<String>,
}

pub(crate) struct Setup {
    system: System,
    url: String,
    who: Who,
    dialect: Dialect,
    scheme: StatusScheme,
    check: Check,
    timeouts: Timeouts,
    retries: Retries,
    proxy: Option<Option<Secret>>,
    trust: Trust,
    certificate: Option<ClientCertificate>,
    page_size: u32,
    max_element: usize,
    user_agent: Option<String>,
}

impl Setup {
    pub(super) fn new(number: u8, given: Settings) -> Result<Self, Failure> {
        let who = given.auth.map(Who::new).transpose()?.unwrap_or_default();
        let dialect = Dialect::ALL.iter().copied().find(|one| *one as u8 == given.dialect);
        let check = match given.check.as_str() {
            "warn" => Check::Warn,
            "strict" => Check::Strict,
            "off" => Check::Off,
            other => {
                return Err(Failure::argument(format!("check must be \"warn\", \"strict\" or \"off\", not {other:?}")));
            }
        };
        let base = if given.system_trust { Trust::system() } else { Trust::only_added() };
        let trust = match given.ca {
            Some(pem) => base.add_pem(&pem)?,
            None if given.system_trust => base,
            None => return Err(Failure::argument("without system_trust, ca must say whom to trust")),
        };
        let certificate = match given.certificate {
            Some((certificates, key)) => {
                // It is wiped after use.
                let key = String::from_utf8(key).map(Secret::new);
                let key = key.map_err(|_| Failure::argument("the key of the certificate is not in PEM"))?;
                Some(ClientCertificate::from_pem(&certificates, key.expose().as_bytes())?)
            }
            None => None,
        };
        Ok(Setup {
            system: system(number)?,
            url: given.url,
            who,
            dialect: dialect.ok_or_else(|| Failure::argument("no such dialect"))?,
            scheme: crate::record::scheme(&given.status_scheme)?,
            check,
            timeouts: Timeouts {
                connect: seconds("connect_timeout", given.connect_timeout)?,
                answer: seconds("timeout", given.timeout)?,
                idle: seconds("idle_timeout", given.idle_timeout)?,
            },
            retries: Retries {
                attempts: given.attempts.max(1),
                longest_wait: seconds("longest_wait", given.longest_wait)?,
                longest_asked: seconds("longest_asked", given.longest_asked)?,
            },
            proxy: given.proxy.map(|address| (!address.is_empty()).then(|| Secret::new(address))),
            trust,
            certificate,
            page_size: given.page_size,
            max_element: given.max_element,
            user_agent: given.user_agent,
        })
    }

    pub(super) fn scheme(&self) -> StatusScheme {
        self.scheme
    }

    pub(crate) fn build(&self) -> Result<AnyClient, Error> {
        match self.system {
            System::Mim => {
                let builder = self.common(Client::<Mim>::builder(&self.url))?.status_scheme(self.scheme);
                Ok(AnyClient::Mim(builder.build()?))
            }
            System::CertiFlow => {
                let builder = self.common(Client::<CertiFlow>::builder(&self.url))?.dialect(self.dialect);
                Ok(AnyClient::CertiFlow(builder.build()?))
            }
        }
    }

    fn common<A>(&self, builder: Builder<A>) -> Result<Builder<A>, Error> {
        let mut builder = builder
            .credentials(self.who.credentials(&self.trust, self.proxy.as_ref())?)
            .trust(self.trust.clone())
            .timeouts(self.timeouts)
            .retries(self.retries)
            .check(self.check)
            .page_size(self.page_size)
            .max_element(self.max_element)
            .user_agent("python");
        if let Some(certificate) = &self.certificate {
            builder = builder.certificate(certificate.clone());
        }
        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(proxy.clone());
        }
        if let Some(product) = &self.user_agent {
            builder = builder.user_agent(product);
        }
        Ok(builder)
    }
}

/// A time of at least a millisecond and at most a day.
fn seconds(name: &str, seconds: f64) -> Result<Duration, Failure> {
    if !(0.001..=86_400.0).contains(&seconds) {
        return Err(Failure::argument(format!("{name} must be seconds, from 0.001 to 86400, not {seconds}")));
    }
    Ok(Duration::from_secs_f64(seconds))
}
