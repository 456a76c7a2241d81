//! From what was typed to a client: the argument goes before the environment, and that before the
//! profile.

use crate::args::{Arguments, ServerArguments, Which};
use crate::failure::{Exit, Failure};
use crate::in_reader::{InReader, Records};
use crate::oidc;
use crate::profile::{self, Profile};
use crate::record::Recorder;
use crate::sign_in;
use cardwright_client::{
    AnyCard, AnyClient, Check, ClientCertificate, Credentials, Observer, Oidc, Options, Proxy, Secret, Setup, Trust,
};
use cardwright_core::Named;
use cardwright_core::certiflow::Dialect;
use cardwright_core::identity::{Guess, Serial};
use cardwright_core::lifecycle::System;
use std::path::Path;
use std::sync::Arc;

/// A server, and all that is known about how to talk to it.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) system: System,
    pub(crate) dialect: Dialect,
    pub(crate) credentials: Credentials,
    /// Where the credentials' tokens come from, where they do.
    pub(crate) tokens: Option<Oidc>,
    /// Whether tokens may go over plain HTTP to another machine.
    pub(crate) tokens_in_clear: bool,
    pub(crate) trust: Trust,
    /// What the client shows of itself.
    pub(crate) certificate: Option<ClientCertificate>,
    /// Whether certificates were added to what is trusted.
    pub(crate) has_ca: bool,
    pub(crate) proxy: Proxy,
    /// What the profile says about checks.
    pub(crate) check: Option<Check>,
    /// Who writes down what is sent and answered.
    pub(crate) recorder: Option<Arc<Recorder>>,
}

/// A client of the server that was named.
pub(crate) fn client(arguments: &Arguments, check: Option<Check>) -> Result<AnyClient, Failure> {
    let target = target(&arguments.server)?;
    let check = check.or(target.check).unwrap_or_default();
    target.client(check)
}

/// The server that was named.
pub(crate) fn target(server: &ServerArguments) -> Result<Target, Failure> {
    let profile = match &server.profile {
        Some(name) => profile::load(server.config.as_deref(), name)?,
        None => Profile::default(),
    };
    let Some(url) = server.url.as_deref().or(profile.url.as_deref()) else {
        return Err(Failure::usage("no server named").hint(
            "give --url (or CARDWRIGHT_URL) or --profile, such as https://HOST/certiflow/api; cardwright serve starts one to try",
        ));
    };
    let system = match server.api.or(profile.api).or_else(|| system_of(url)) {
        Some(system) => system,
        None => {
            return Err(
                Failure::usage(format!("cannot tell which system {url} is")).hint("give --api mim or --api certiflow")
            );
        }
    };
    let dialect = server.dialect.or(profile.dialect).unwrap_or_else(|| match ends(url, "/icmapi") {
        true => Dialect::G1,
        false => Dialect::default(),
    });
    let mut trust = Trust::system();
    let ca = server.ca.as_deref().or(profile.ca.as_deref());
    if let Some(file) = ca {
        trust = trust.add_pem(&read(file)?)?;
    }
    let proxy = server.proxy.as_deref().or(profile.proxy.as_deref()).map_or(Ok(Proxy::Environment), proxy)?;
    let certificate = certificate(server, &profile)?;
    let tokens = match oidc::is_meant(server, &profile, url)? {
        true => Some(oidc::source(server, &profile, &trust, &proxy)?),
        false => None,
    };
    let credentials = match &tokens {
        Some(tokens) => Credentials::Tokens(Arc::new(tokens.clone())),
        None => sign_in::credentials(server, &profile, url)?,
    };
    let recorder = match &server.record {
        Some(file) => {
            let user = credentials.user().unwrap_or_default();
            let dialect = (system == System::CertiFlow).then(|| dialect.name());
            let recorder = Recorder::new(file, system.name(), dialect, url, &[user])?;
            Some(Arc::new(recorder))
        }
        None => None,
    };
    let (url, has_ca, check) = (url.to_string(), ca.is_some(), profile.check);
    let tokens_in_clear = server.basic_in_clear;
    Ok(Target {
        url,
        system,
        dialect,
        credentials,
        tokens,
        tokens_in_clear,
        trust,
        certificate,
        has_ca,
        proxy,
        check,
        recorder,
    })
}

impl Target {
    pub(crate) fn system_name(&self) -> &'static str {
        self.system.name()
    }

    /// A client of this server.
    pub(crate) fn client(self, check: Check) -> Result<AnyClient, Failure> {
        let options = Options { check, dialect: self.dialect, ..Options::default() };
        let setup = Setup { credentials: self.credentials.clone(), ..self.setup(&self.url) };
        Ok(AnyClient::new(self.system, setup, &options)?)
    }

    /// What holds for every client of this server, whoever asks; without credentials.
    pub(crate) fn setup(&self, base: &str) -> Setup {
        Setup {
            trust: self.trust.clone(),
            tokens_in_clear: self.tokens_in_clear,
            certificate: self.certificate.clone(),
            proxy: self.proxy.clone(),
            observer: self
                .recorder
                .as_ref()
                .map(|recorder| Observer::new(Arc::clone(recorder) as _))
                .unwrap_or_default(),
            ..Setup::new(base)
        }
    }
}

/// The system that an address names by the way it ends.
fn system_of(url: &str) -> Option<System> {
    if ends(url, "/certificatemanagement") {
        Some(System::Mim)
    } else if ["/certiflow/api", "/cm/api", "/keybox/api", "/icmapi"].iter().any(|end| ends(url, end)) {
        Some(System::CertiFlow)
    } else {
        None
    }
}

fn ends(url: &str, end: &str) -> bool {
    url.trim_end_matches('/').to_ascii_lowercase().ends_with(end)
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

/// The client's certificate. Where its key is not named, it stands beside it.
fn certificate(server: &ServerArguments, profile: &Profile) -> Result<Option<ClientCertificate>, Failure> {
    let from = match &server.certificate.client_cert {
        Some(_) => &server.certificate,
        None => &profile.certificate,
    };
    let key = server.certificate.client_key.as_ref().or(from.client_key.as_ref());
    let Some(file) = &from.client_cert else {
        return match key {
            Some(_) => Err(Failure::usage("a key without a certificate").hint("give --client-cert")),
            None => Ok(None),
        };
    };
    let (certificates, key) = (read(file)?, Secret::new(text(key.unwrap_or(file))?));
    Ok(Some(ClientCertificate::from_pem(&certificates, key.expose().as_bytes())?))
}

/// Scheme, host and port of an address.
pub(crate) fn origin(url: &str) -> &str {
    let after = url.find("://").map_or(0, |at| at + 3);
    let end = url.get(after..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(url.len(), |at| after + at);
    url.get(..end).unwrap_or(url)
}

fn text(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|e| Failure::usage(format!("{}: {e}", file.display())))
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|e| Failure::usage(format!("{}: {e}", file.display())))
}

/// The record that was meant.
pub(crate) struct Chosen {
    pub(crate) card: AnyCard,
    /// The card in the reader whose record it is, and how that was found.
    pub(crate) from: Option<(InReader, Guess)>,
}

/// The record of the card that was named, or of the one in the reader.
pub(crate) fn find(client: &AnyClient, which: &Which) -> Result<Chosen, Failure> {
    let user = which.of.as_deref();
    if user.is_some() && client.system() == System::Mim {
        return Err(Failure::usage("MIM CM finds no card by its user").hint("leave --of out"));
    }
    if user.is_none() && client.finds_by_user_alone() {
        let named = match (which.key.from_reader, &which.key.serial) {
            (true, _) => "--from-reader".to_string(),
            (false, serial) => format!("--serial {}", serial.as_deref().unwrap_or("SERIAL")),
        };
        return Err(Failure::usage("G1 finds cards by their user alone")
            .hint(format!("add --of USER; the user's UPN, such as --of user@example.com {named}")));
    }
    if which.key.from_reader {
        let in_reader = InReader::ask(which.reader.as_deref())?;
        let (card, by) = Records::search(client, user, &in_reader)?.one(client.system(), &in_reader)?;
        return Ok(Chosen { card, from: Some((in_reader, by)) });
    }
    Ok(Chosen { card: find_named(client, which)?, from: None })
}

/// The card of this id or serial number.
fn find_named(client: &AnyClient, which: &Which) -> Result<AnyCard, Failure> {
    let key = which.key.id.as_deref().or(which.key.serial.as_deref()).unwrap_or_default();
    let by_serial = which.key.serial.is_some();
    if by_serial {
        Serial::parse(key)?;
    }
    let found = match &which.of {
        Some(user) => client.card_of(user, key)?,
        None if by_serial => client.find(key)?,
        None => client.card(key)?,
    };
    found.ok_or_else(|| {
        let system = client.system().name();
        let whose = which.of.as_deref().map(|user| format!(" of {user}")).unwrap_or_default();
        let failure = Failure::new(Exit::NotFound, format!("{system} has no card {key}{whose}"));
        match by_serial {
            true => failure,
            false => failure.hint("a serial number is looked up by --serial"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_ends_where_the_path_begins() {
        assert_eq!(origin("https://h:1/a/b"), "https://h:1");
        assert_eq!(origin("https://h"), "https://h");
        assert_ne!(origin("https://h.example/a"), origin("https://h.example.org/a"));
    }

    #[test]
    fn an_address_that_ends_as_usual_names_its_system() {
        assert_eq!(system_of("https://h/ICMAPI/"), Some(System::CertiFlow));
        assert_eq!(system_of("https://h/CertificateManagement"), Some(System::Mim));
        assert_eq!(system_of("https://h/api"), None);
    }
}
