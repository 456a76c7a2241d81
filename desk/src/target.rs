//! From settings to a server and a client of it.

use crate::doctor::Limit;
use crate::failure::Failure;
use crate::issuer;
use crate::prompt::Prompt;
use crate::recording::Recorder;
use crate::secret;
use crate::settings::Settings;
use crate::sign_in::{self, Way};
use crate::text_file;
use cardwright_client::http;
use cardwright_client::{
    AnyClient, Canceler, Check, ClientCertificate, Credentials, Observer, Oidc, Options, Proxy, Secret, Setup, Trust,
    TrustedFilters, Verify,
};
use cardwright_core::base::Base;
use cardwright_core::certiflow::Dialect;
use cardwright_core::lifecycle::System;
use cardwright_core::{Code, Named as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A server, and all that is known about how to talk to it.
#[derive(Debug, Clone)]
pub struct Target {
    /// The base of the API.
    pub url: String,
    /// The system behind it.
    pub system: System,
    /// The generation of CertiFlow's API that was given; `None` where it is found out.
    pub dialect: Option<Dialect>,
    /// Whether certificates were added to what is trusted.
    pub has_ca: bool,
    /// What to do about an operation that the tables do not allow, where that was said.
    pub check: Option<Check>,
    /// Whether a card is read again after an operation.
    pub verify: Verify,
    /// How long it is read again, where that was said.
    pub settle: Option<Duration>,
    /// How long a whole command may take, where that was said.
    pub time_limit: Option<Duration>,
    /// What ends an examination early.
    pub canceler: Option<Canceler>,
    /// Where the credentials' tokens come from, where they do.
    pub tokens: Option<Oidc>,
    setup: Setup,
    trust_filters: TrustedFilters,
    /// That of an examination.
    limit: Option<Limit>,
}

impl Target {
    /// The server that is meant. `given` (options, then the environment) takes precedence over `kept` (a
    /// profile).
    ///
    /// # Errors
    /// What is missing, what contradicts, and files and addresses that cannot be used.
    pub fn new(given: &Settings, kept: &Settings, prompt: &Arc<dyn Prompt>) -> Result<Self, Failure> {
        Self::adjusted(given, kept, prompt, &|_| {})
    }

    /// The same, where a program changes how requests are carried, by what it has itself: certificates that are in no file,
    /// a proxy. The issuer of tokens is asked in that way too.
    ///
    /// # Errors
    /// As [`Target::new`].
    pub fn adjusted(
        given: &Settings,
        kept: &Settings,
        prompt: &Arc<dyn Prompt>,
        adjust: &dyn Fn(&mut Setup),
    ) -> Result<Self, Failure> {
        let Some(url) = given.url.as_deref().or(kept.url.as_deref()) else {
            return Err(Failure::usage("no server named").hint(
                "give --url (or CARDWRIGHT_URL) or --profile, such as https://HOST/certiflow/api; cardwright serve starts one to try",
            ));
        };
        let base = Base::of(url);
        let Some(system) = given.api.or(kept.api).or(base.map(|base| base.system)) else {
            return Err(
                Failure::usage(format!("cannot tell which system {url} is")).hint("give --api mim or --api certiflow")
            );
        };
        if let (System::Mim, Some(dialect)) = (system, given.dialect.or(kept.dialect)) {
            return Err(Failure::usage(format!("MIM CM has no dialects, and {} is asked for", dialect.name()))
                .hint("leave --dialect and CARDWRIGHT_DIALECT out"));
        }
        let dialect = given.dialect.or(kept.dialect);
        let mut setup = Setup::new(url);
        let ca = given.ca.as_deref().or(kept.ca.as_deref());
        if let Some(file) = ca {
            setup.trust = Trust::system().add_pem(&read(file)?)?;
        }
        setup.proxy = given.proxy.as_deref().or(kept.proxy.as_deref()).map_or(Ok(Proxy::Environment), proxy)?;
        setup.trust = setup.trust.backend(given.tls.or(kept.tls).unwrap_or_default())?;
        setup.certificate = certificate(given, kept, &**prompt)?;
        setup.tokens_in_clear = given.basic_in_clear;
        if let Some(limit) = given.list_time_limit.or(kept.list_time_limit) {
            setup.timeouts.list = limit;
        }
        adjust(&mut setup);
        let way = sign_in::way(given, kept, url)?;
        let tokens = match way {
            Way::Tokens => Some(issuer::source(given, kept, &setup, prompt)?),
            _ => None,
        };
        setup.credentials = match &tokens {
            Some(tokens) => Credentials::Tokens(Arc::new(tokens.clone())),
            None => sign_in::credentials(way, given, kept, &**prompt)?,
        };
        if let Some(file) = &given.record {
            let user = setup.credentials.user().unwrap_or_default();
            let recorder =
                Recorder::new(file, system.name(), dialect.map(Dialect::name), url, &[user], Arc::clone(prompt))?;
            setup.observer = Observer::new(Arc::new(recorder));
        }
        let trust_filters = trusted(given, system, &**prompt)?;
        let (url, has_ca, check) = (url.to_string(), ca.is_some(), given.check.or(kept.check));
        let (verify, settle) = (given.verify.or(kept.verify).unwrap_or_default(), given.settle.or(kept.settle));
        let time_limit = given.time_limit.or(kept.time_limit);
        let (canceler, limit) = (None, None);
        Ok(Target {
            url,
            system,
            dialect,
            has_ca,
            check,
            verify,
            settle,
            time_limit,
            canceler,
            tokens,
            setup,
            trust_filters,
            limit,
        })
    }

    /// The server that a client with this set-up asks, for [`examine`](crate::doctor::examine).
    #[must_use]
    pub fn of(system: System, dialect: impl Into<Option<Dialect>>, setup: Setup) -> Self {
        Target {
            url: setup.base.clone(),
            system,
            dialect: dialect.into(),
            has_ca: false,
            check: None,
            verify: Verify::default(),
            settle: None,
            time_limit: None,
            canceler: None,
            tokens: None,
            setup,
            trust_filters: TrustedFilters::default(),
            limit: None,
        }
    }

    /// The same server, examined within this limit.
    pub(crate) fn within(&self, limit: Limit) -> Self {
        Target { limit: Some(limit), ..self.clone() }
    }

    /// The limit of the examination.
    pub(crate) fn limit(&self) -> Option<&Limit> {
        self.limit.as_ref()
    }

    /// A client of this server. Default of `check`: as the settings say.
    ///
    /// # Errors
    /// Where a setting cannot be used.
    pub fn client(&self, check: Option<Check>) -> Result<AnyClient, Failure> {
        let check = check.or(self.check).unwrap_or_default();
        let (default, verify) = (Options::default(), self.verify);
        let settle_limit = self.settle.unwrap_or(default.settle_limit);
        let (dialect, trust_filters) = (self.dialect, self.trust_filters);
        let options = Options { check, dialect, trust_filters, verify, settle_limit, ..default };
        Ok(AnyClient::new(self.system, self.setup.clone(), &options)?)
    }

    /// How requests are carried to an address on this server.
    pub fn setup(&self, base: &str) -> Setup {
        Setup { base: base.to_string(), ..self.setup.clone() }
    }

    /// How the account signs in.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.setup.credentials
    }

    /// The proxy that requests go through.
    #[must_use]
    pub fn proxy(&self) -> &Proxy {
        &self.setup.proxy
    }
}

/// The filters that are trusted: only those that an option names.
fn trusted(given: &Settings, system: System, prompt: &dyn Prompt) -> Result<TrustedFilters, Failure> {
    let mut trusted = TrustedFilters::default();
    for name in &given.trust_filters {
        if system != System::CertiFlow {
            return Err(Failure::usage(format!("--trust-filter {name}: {} has no filters", system.name())));
        }
        trusted.add(name).map_err(|error| Failure::usage(format!("--trust-filter: {error}")))?;
    }
    for name in trusted.names() {
        prompt.warn(&format!("the filter {name} is trusted: cards may come that were not asked for"));
    }
    Ok(trusted)
}

fn proxy(address: &str) -> Result<Proxy, Failure> {
    if address == "none" {
        return Ok(Proxy::None);
    }
    if address.contains('@') {
        return Err(Failure::usage("the proxy's address holds a user or a password")
            .hint("set HTTPS_PROXY in the environment instead, which other users cannot read"));
    }
    Ok(Proxy::Address(Secret::new(address)))
}

/// The client's certificate. Default for its key: the same file.
fn certificate(given: &Settings, kept: &Settings, prompt: &dyn Prompt) -> Result<Option<ClientCertificate>, Failure> {
    let from = if given.client_cert.is_some() { given } else { kept };
    let key = given.client_key.as_ref().or(from.client_key.as_ref());
    let Some(file) = &from.client_cert else {
        let has_password = given.client_key_password_file.is_some() || given.client_key_password_command.is_some();
        return match key {
            Some(_) => Err(Failure::usage("a key without a certificate").hint("give --client-cert")),
            None if has_password => {
                Err(Failure::usage("the password of a key without a certificate").hint("give --client-cert"))
            }
            None => Ok(None),
        };
    };
    let certificates = ClientCertificate::load(file).map_err(|error| unreadable(Code::Certificate, file, error))?;
    let key =
        key.map(|key| ClientCertificate::load(key).map_err(|error| unreadable(Code::Key, key, error))).transpose()?;
    let key = key.as_deref().map(Vec::as_slice);
    let password = match ClientCertificate::has_password(&certificates, key) {
        true => key_password(given, kept, prompt)?,
        false => {
            // Not needed, but what is named must be there: the key may be another one than is meant.
            if let Some(file) = given.client_key_password_file.as_ref().or(kept.client_key_password_file.as_ref()) {
                secret::from_file(file, prompt)?;
            }
            None
        }
    };
    Ok(Some(ClientCertificate::read(&certificates, key, password.as_ref())?))
}

/// The password of the client's key, where one is given.
fn key_password(given: &Settings, kept: &Settings, prompt: &dyn Prompt) -> Result<Option<Secret>, Failure> {
    for (from, environment) in [(given, given.client_key_password.as_ref()), (kept, None)] {
        if let Some(file) = &from.client_key_password_file {
            return secret::from_file(file, prompt).map(Some);
        }
        if let Some(words) = &from.client_key_password_command {
            return secret::from_command(words).map(Some);
        }
        if let Some(password) = environment {
            return Ok(Some(password.clone()));
        }
    }
    Ok(None)
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    text_file::read_as_utf8(file).map_err(|error| unreadable(Code::Certificate, file, error))
}

fn unreadable(code: Code, file: &Path, error: std::io::Error) -> Failure {
    http::Error::setup(code, format!("{}: {error}", file.display())).caused_by(error).into()
}
