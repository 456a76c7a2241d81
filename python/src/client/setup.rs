//! The settings of a client, kept so that a forked process can make its own.

use super::auth::{Account, Auth};
use crate::page::Source;
use crate::systems;
use cardwright::client::http::{self, ClientCertificate, Observer, Proxy, Retries, Secret, Timeouts, Trust};
use cardwright::client::{AnyClient, Error, Options, TrustedFilters};
use cardwright::{Recorder, Recorders, Silent, Target};
use cardwright_core::Named as _;
use cardwright_core::lifecycle::System;
use cardwright_python_common::Failure;
use pyo3::prelude::*;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// The settings of a client, by name; the package has their documentation.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Settings {
    url: String,
    auth: Option<Auth>,
    #[pyo3(default)]
    dialect: Option<u8>,
    #[pyo3(default = systems::letter(&Options::default()).into())]
    status_scheme: String,
    #[pyo3(default = "warn".into())]
    check: String,
    #[pyo3(default = "always".into())]
    verify: String,
    #[pyo3(default = Options::default().settle_limit.as_secs_f64())]
    settle: f64,
    #[pyo3(default)]
    total_timeout: Option<f64>,
    #[pyo3(default)]
    list_timeout: Option<f64>,
    #[pyo3(default)]
    connect_timeout: Option<f64>,
    #[pyo3(default)]
    timeout: Option<f64>,
    #[pyo3(default)]
    idle_timeout: Option<f64>,
    #[pyo3(default = Retries::default().attempts)]
    attempts: u32,
    #[pyo3(default = Retries::default().longest_wait.as_secs_f64())]
    longest_wait: f64,
    #[pyo3(default = Retries::default().longest_asked.as_secs_f64())]
    longest_asked: f64,
    /// `None` for the proxy that the environment names, an empty text for none.
    proxy: Option<String>,
    ca: Option<Vec<u8>>,
    #[pyo3(default = "rustls".into())]
    tls: String,
    /// Certificates, key, and the password of the key.
    certificate: Option<Pair>,
    #[pyo3(default = true)]
    system_trust: bool,
    #[pyo3(default)]
    page_size: Option<u32>,
    #[pyo3(default)]
    trust_filters: Vec<String>,
    #[pyo3(default = http::Setup::new("").max_element)]
    max_element: usize,
    #[pyo3(default)]
    user_agent: Option<String>,
}

/// Certificates, a key of its own, and its password.
type Pair = (Vec<u8>, Option<Vec<u8>>, Option<String>);

pub(crate) struct Setup {
    system: System,
    account: Account,
    /// Everything except the credentials, which each client has of its own.
    http: http::Setup,
    options: Options,
    /// Those of all clients that are made by this.
    recorders: Arc<Recorders>,
}

impl Setup {
    pub(super) fn new(number: u8, given: Settings) -> Result<Self, Failure> {
        let account = given.auth.map(Account::new).transpose()?.unwrap_or_default();
        let wrong_check =
            |_| Failure::argument(format!("check must be \"warn\", \"strict\" or \"off\", not {:?}", given.check));
        let check = cardwright::named(&given.check).map_err(wrong_check)?;
        let wrong_verify =
            |_| Failure::argument(format!("verify must be \"always\" or \"never\", not {:?}", given.verify));
        let verify = cardwright::named(&given.verify).map_err(wrong_verify)?;
        let base = if given.system_trust { Trust::system() } else { Trust::only_added() };
        let trust = match given.ca {
            Some(pem) => base.add_pem(&pem)?,
            None if given.system_trust => base,
            None => return Err(Failure::argument("without system_trust, ca must name certificates to trust")),
        };
        let wrong_tls = |_| Failure::argument(format!("tls must be \"rustls\" or \"system\", not {:?}", given.tls));
        let trust = trust.backend(cardwright::named(&given.tls).map_err(wrong_tls)?)?;
        let certificate = match given.certificate {
            Some((certificates, key, password)) => {
                let (certificates, key) = (Zeroizing::new(certificates), key.map(Zeroizing::new));
                let password = password.map(Secret::new);
                let key = key.as_deref().map(Vec::as_slice);
                Some(ClientCertificate::read(&certificates, key, password.as_ref())?)
            }
            None => None,
        };
        let mut http = http::Setup::new(given.url);
        let limit = |name: &str, given: Option<f64>| given.map(|given| seconds(name, given)).transpose();
        http.timeouts = Timeouts::given(
            limit("connect_timeout", given.connect_timeout)?,
            limit("timeout", given.timeout)?,
            limit("idle_timeout", given.idle_timeout)?,
            limit("total_timeout", given.total_timeout)?,
        );
        if let Some(list) = limit("list_timeout", given.list_timeout)? {
            http.timeouts.list = list;
        }
        http.retries = Retries {
            attempts: given.attempts.max(1),
            longest_wait: seconds("longest_wait", given.longest_wait)?,
            longest_asked: seconds("longest_asked", given.longest_asked)?,
        };
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
            dialect: given.dialect.map(systems::dialect).transpose()?,
            status_scheme: systems::scheme(&given.status_scheme)?,
            verify,
            settle_limit: seconds("settle", given.settle)?,
            trust_filters: trusted(&given.trust_filters)?,
        };
        let recorders = Arc::new(Recorders::default());
        http.observer = Observer::new(recorders.clone());
        Ok(Setup { system: systems::system(number)?, account, http, options, recorders })
    }

    /// The source of cards that were found by this user, or otherwise.
    pub(super) fn source(&self, found_by: Option<String>) -> Arc<Source> {
        Arc::new(Source { found_by, options: self.options })
    }

    pub(crate) fn build(&self) -> Result<AnyClient, Error> {
        AnyClient::new(self.system, self.http()?, &self.options)
    }

    /// The recordings of the clients.
    pub(super) fn recorders(&self) -> &Recorders {
        &self.recorders
    }

    /// A new recording, as the command's `--record` begins one.
    pub(super) fn recorder(&self, path: &Path) -> io::Result<Recorder> {
        let dialect = self.options.dialect.map(|dialect| dialect.name());
        let user = self.account.user().unwrap_or_default();
        Recorder::create(path, self.system.name(), dialect, &self.http.base, &[user], Arc::new(Silent))
    }

    /// The server, to be examined.
    pub(super) fn target(&self) -> Result<Target, Error> {
        Ok(Target::of(self.system, self.options.dialect, self.http()?))
    }

    /// With the credentials.
    fn http(&self) -> Result<http::Setup, Error> {
        let credentials = self.account.credentials(&self.http.trust, &self.http.proxy)?;
        Ok(http::Setup { credentials, ..self.http.clone() })
    }
}

fn trusted(names: &[String]) -> Result<TrustedFilters, Failure> {
    let mut trusted = TrustedFilters::default();
    for name in names {
        trusted.add(name).map_err(|error| Failure::argument(format!("trust_filters: {error}")))?;
    }
    Ok(trusted)
}

/// A time of at least a millisecond and at most a day.
pub(super) fn seconds(name: &str, seconds: f64) -> Result<Duration, Failure> {
    if !(0.001..=86_400.0).contains(&seconds) {
        return Err(Failure::argument(format!("{name} must be seconds, from 0.001 to 86400, not {seconds}")));
    }
    Ok(Duration::from_secs_f64(seconds))
}
