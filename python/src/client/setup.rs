//! How a client is set up, kept so that a process that was forked can set up its own.

use crate::client::auth::{Auth, Who};
use crate::client::system;
use crate::failure::Failure;
use cardwright::client::http::{self, ClientCertificate, Proxy, Retries, Secret, Timeouts, Trust};
use cardwright::client::{AnyClient, Check, Error, Options};
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
    who: Who,
    /// All but the credentials, which are made anew for each client.
    http: http::Setup,
    options: Options,
}

impl Setup {
    pub(super) fn new(number: u8, given: Settings) -> Result<Self, Failure> {
        let who = given.auth.map(Who::new).transpose()?.unwrap_or_default();
        let dialect = Dialect::from_number(given.dialect.into());
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
        let mut http = http::Setup::new(given.url);
        http.timeouts = Timeouts {
            connect: seconds("connect_timeout", given.connect_timeout)?,
            answer: seconds("timeout", given.timeout)?,
            idle: seconds("idle_timeout", given.idle_timeout)?,
        };
        http.retries = Retries {
            attempts: given.attempts.max(1),
            longest_wait: seconds("longest_wait", given.longest_wait)?,
            longest_asked: seconds("longest_asked", given.longest_asked)?,
        };
        // `None` for what the environment says, an empty text for no proxy.
        http.proxy = match given.proxy {
            None => Proxy::Environment,
            Some(address) => (!address.is_empty()).then(|| Secret::new(address)).into(),
        };
        (http.trust, http.certificate, http.max_element) = (trust, certificate, given.max_element);
        for product in ["python"].into_iter().chain(given.user_agent.as_deref()) {
            http.user_agent = format!("{product} {}", http.user_agent);
        }
        let options = Options {
            check,
            page_size: given.page_size,
            dialect: dialect.ok_or_else(|| Failure::argument("no such dialect"))?,
            status_scheme: crate::record::scheme(&given.status_scheme)?,
        };
        Ok(Setup { system: system(number)?, who, http, options })
    }

    pub(super) fn scheme(&self) -> StatusScheme {
        self.options.status_scheme
    }

    pub(crate) fn build(&self) -> Result<AnyClient, Error> {
        let credentials = self.who.credentials(&self.http.trust, &self.http.proxy)?;
        AnyClient::new(self.system, http::Setup { credentials, ..self.http.clone() }, &self.options)
    }
}

/// A time of at least a millisecond and at most a day.
fn seconds(name: &str, seconds: f64) -> Result<Duration, Failure> {
    if !(0.001..=86_400.0).contains(&seconds) {
        return Err(Failure::argument(format!("{name} must be seconds, from 0.001 to 86400, not {seconds}")));
    }
    Ok(Duration::from_secs_f64(seconds))
}
