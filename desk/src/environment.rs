//! The settings in the environment. The options of a command name the same variables.

use crate::settings::{Issuer, Settings, card_apdus, named, time_limit};
use cardwright_client::Secret;
use std::ffi::OsString;
use std::path::PathBuf;

impl Settings {
    /// The settings in the environment, in variables such as `CARDWRIGHT_URL`. An empty variable counts as unset.
    ///
    /// # Errors
    /// A value that cannot be read, with the name of its variable.
    pub fn from_environment() -> Result<Self, String> {
        fn read<T>(name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<Option<T>, String> {
            let value = variable(name).map(|value| parse(value.to_str().ok_or("it is not UTF-8")?)).transpose();
            value.map_err(|why| format!("{PREFIX}{name}: {why}"))
        }
        let text = |name: &str| read(name, |text| Ok(text.to_string()));
        let file = |name: &str| variable(name).map(PathBuf::from);
        let secrets = Settings::secrets_from_environment();
        Ok(Settings {
            url: text("URL")?,
            api: read("API", named)?,
            dialect: read("DIALECT", named)?,
            auth: read("AUTH", |auth| auth.to_ascii_lowercase().parse())?,
            user: text("USER")?,
            password: secrets.password,
            issuer: Issuer { address: text("ISSUER")?, client_id: text("CLIENT_ID")?, ..secrets.issuer },
            ca: file("CA"),
            tls: read("TLS", named)?,
            client_cert: file("CLIENT_CERT"),
            client_key: file("CLIENT_KEY"),
            time_limit: read("TIME_LIMIT", time_limit)?,
            list_time_limit: read("LIST_TIME_LIMIT", time_limit)?,
            card_time_limit: read("CARD_TIME_LIMIT", time_limit)?,
            card_apdus: read("CARD_APDUS", card_apdus)?,
            client_key_password: secrets.client_key_password,
            ..Settings::default()
        })
    }

    /// The secrets in the environment, which no option holds.
    fn secrets_from_environment() -> Self {
        let secret = |name: &str| {
            let secret = std::env::var(format!("{PREFIX}{name}")).ok().map(Secret::new);
            secret.filter(|secret| !secret.expose().is_empty())
        };
        let issuer = Issuer { client_secret: secret("CLIENT_SECRET"), ..Issuer::default() };
        let client_key_password = secret("CLIENT_KEY_PASSWORD");
        Settings { password: secret("PASSWORD"), client_key_password, issuer, ..Settings::default() }
    }
}

/// The beginning of the names of our variables.
const PREFIX: &str = "CARDWRIGHT_";

/// A variable of the environment that is not empty.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(format!("{PREFIX}{name}")).filter(|value| !value.is_empty())
}
