//! The settings of a client, kept so that a forked process can make its own.

use super::account::Account;
use super::carriage::{self, Carriage};
use super::gathered::Gathered;
use super::settings::Settings;
use crate::page::Source;
use crate::systems;
use cardwright::client::http::{self, Observer, Retries, Timeouts};
use cardwright::client::{AnyClient, Options, TrustedFilters};
use cardwright::{Recorder, Recorders, Silent, Target};
use cardwright_core::Named as _;
use cardwright_core::lifecycle::System;
use cardwright_python_common::Failure;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

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
    pub(super) fn new(system: System, mut given: Settings) -> Result<Self, Failure> {
        let mut options = Options::default();
        let (account, mut http) = match given.sources.clone() {
            Some((profile, config)) => {
                let gathered = Gathered::new(system, &mut given, profile.as_deref(), config.as_deref())?;
                let target = gathered.target()?;
                options.dialect = target.dialect;
                options.check = target.check.unwrap_or_default();
                options.verify = target.verify;
                options.settle_limit = target.settle.unwrap_or(options.settle_limit);
                let account = match target.tokens {
                    Some(_) => Account::Gathered(Box::new(gathered)),
                    None => Account::Given(target.credentials().clone()),
                };
                (account, target.setup(&target.url))
            }
            None => {
                let mut http = http::Setup::new(given.url.take().unwrap_or_default());
                let tls = given.tls.as_deref().map(carriage::tls).transpose()?.unwrap_or_default();
                Carriage::of(&mut given, &http.base, || Ok(None), tls)?.carry(&mut http);
                (given.auth.take().map(Account::new).transpose()?.unwrap_or_default(), http)
            }
        };
        if let Some(check) = &given.check {
            options.check = cardwright::named(check).map_err(|_| {
                Failure::argument(format!("check must be \"warn\", \"strict\" or \"off\", not {check:?}"))
            })?;
        }
        if let Some(verify) = &given.verify {
            options.verify = cardwright::named(verify)
                .map_err(|_| Failure::argument(format!("verify must be \"always\" or \"never\", not {verify:?}")))?;
        }
        let limit = |name: &str, given: Option<f64>| given.map(|given| seconds(name, given)).transpose();
        let list = limit("list_timeout", given.list_timeout)?.unwrap_or(http.timeouts.list);
        http.timeouts = Timeouts::given(
            limit("connect_timeout", given.connect_timeout)?,
            limit("timeout", given.timeout)?,
            limit("idle_timeout", given.idle_timeout)?,
            limit("total_timeout", given.total_timeout)?,
        )
        .list(list);
        http.retries = Retries {
            attempts: given.attempts.max(1),
            longest_wait: seconds("longest_wait", given.longest_wait)?,
            longest_asked: seconds("longest_asked", given.longest_asked)?,
        };
        http.max_element = given.max_element;
        for product in ["python"].into_iter().chain(given.user_agent.as_deref()) {
            http.user_agent = format!("{product} {}", http.user_agent);
        }
        if let Some(dialect) = given.dialect {
            options.dialect = Some(dialect);
        }
        options.page_size = given.page_size;
        options.status_scheme = systems::scheme(&given.status_scheme)?;
        options.settle_limit = limit("settle", given.settle)?.unwrap_or(options.settle_limit);
        options.trust_filters = trusted(&given.trust_filters)?;
        let recorders = Arc::new(Recorders::default());
        http.observer = Observer::new(recorders.clone());
        Ok(Setup { system, account, http, options, recorders })
    }

    /// The base of the API.
    pub(super) fn url(&self) -> &str {
        &self.http.base
    }

    /// The source of cards that were found by this user, or otherwise.
    pub(super) fn source(&self, found_by: Option<String>) -> Arc<Source> {
        Arc::new(Source { found_by, options: self.options })
    }

    pub(crate) fn build(&self) -> Result<AnyClient, Failure> {
        Ok(AnyClient::new(self.system, self.http()?, &self.options)?)
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
    pub(super) fn target(&self) -> Result<Target, Failure> {
        Ok(Target::of(self.system, self.options.dialect, self.http()?))
    }

    /// With the credentials.
    fn http(&self) -> Result<http::Setup, Failure> {
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
