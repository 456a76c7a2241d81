//! From what was typed to a server, a client, and the record that is meant.

use crate::args::{Arguments, ServerArguments, Which};
use crate::failure::{Failure, Kind};
use crate::terminal::Terminal;
use cardwright::client::{AnyCard, AnyClient, Check};
use cardwright::core::Named as _;
use cardwright::core::identity::{Guess, Serial};
use cardwright::{InReader, Issuer, Records, Settings, Target, profile, refuses_user};
use std::sync::Arc;

/// A client of the server that was named.
pub(crate) fn client(arguments: &Arguments, check: Option<Check>) -> Result<AnyClient, Failure> {
    target(&arguments.server)?.client(check)
}

/// The server that was named.
pub(crate) fn target(server: &ServerArguments) -> Result<Target, Failure> {
    let kept = match &server.profile {
        Some(name) => profile::load(server.config.as_deref(), name)?,
        None => Settings::default(),
    };
    Target::new(&given(server)?, &kept, &(Arc::new(Terminal) as _))
}

/// What was typed, and what the environment says.
fn given(server: &ServerArguments) -> Result<Settings, Failure> {
    let secrets = Settings::secrets_from_environment();
    let password_command = server.password_command.as_deref().map(cardwright::words).transpose();
    let oidc = &server.oidc;
    Ok(Settings {
        url: server.url.clone(),
        api: server.api,
        dialect: server.dialect,
        auth: server.auth.clone(),
        user: server.user.clone(),
        password: secrets.password,
        password_file: server.password_file.clone(),
        password_command: password_command.map_err(|why| Failure::usage(format!("--password-command: {why}")))?,
        token_file: server.token_file.clone(),
        keytab: server.keytab.clone(),
        channel_binding: server.channel_binding,
        mutual: server.mutual,
        basic_in_clear: server.basic_in_clear,
        issuer: Issuer {
            address: oidc.issuer.clone(),
            client_id: oidc.client_id.clone(),
            client_secret: secrets.issuer.client_secret,
            client_secret_file: oidc.client_secret_file.clone(),
            client_secret_command: oidc.client_secret_command.clone().map(|command| command.0),
            device_code: oidc.device_code,
            scope: oidc.scope.clone(),
            resource: oidc.resource.clone(),
            audience: oidc.audience.clone(),
            token_endpoint: oidc.token_endpoint.clone(),
            token_cache: oidc.token_cache.clone(),
        },
        ca: server.ca.clone(),
        client_cert: server.certificate.client_cert.clone(),
        client_key: server.certificate.client_key.clone(),
        proxy: server.proxy.clone(),
        check: None,
        record: server.record.clone(),
    })
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
    if let (Some(why), Some(_)) = (refuses_user(client.system()), user) {
        return Err(Failure::usage(why).hint("leave --of out"));
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
        let failure = Failure::new(Kind::NotFound, format!("{system} has no card {key}{whose}"));
        match by_serial {
            true => failure,
            false => failure.hint("a serial number is looked up by --serial"),
        }
    })
}
