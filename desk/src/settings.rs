//! Which server is meant, and how to sign in: one structure for options, the environment and profiles.
//!
//! Precedence: option, environment, profile. What a profile knows of secrets goes to that profile's server
//! and issuer alone.

use cardwright_client::{Check, Mutual, Scheme, Secret};
use cardwright_core::Named;
use cardwright_core::certiflow::Dialect;
use cardwright_core::lifecycle::System;
use std::ffi::OsString;
use std::path::PathBuf;

/// A server and how to sign in, as far as one source tells.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The API's base address, such as `https://HOST/certiflow/api`.
    pub url: Option<String>,
    /// The system behind it. Default: by the way the address ends.
    pub api: Option<System>,
    /// CertiFlow's generation. Default: by the way the address ends.
    pub dialect: Option<Dialect>,
    /// Which ways to sign in may be used.
    pub auth: Option<Auth>,
    /// The account.
    pub user: Option<String>,
    /// The password itself, as the environment has it.
    pub password: Option<Secret>,
    /// A file with the password in its first line.
    pub password_file: Option<PathBuf>,
    /// A program, and its arguments, that prints the password in its first line.
    pub password_command: Option<Vec<String>>,
    /// A file with a bearer token in its first line.
    pub token_file: Option<PathBuf>,
    /// A keytab with the account's key.
    pub keytab: Option<PathBuf>,
    /// Whether the sign-in is bound to the TLS connection. Default: yes.
    pub channel_binding: Option<bool>,
    /// What to do about a server that has not proved its identity by Kerberos. Default: warn.
    pub mutual: Option<Mutual>,
    /// Whether Basic and Bearer may go over plain HTTP to another machine.
    pub basic_in_clear: bool,
    /// Tokens of an issuer.
    pub issuer: Issuer,
    /// Certificates to trust besides the system's, in PEM.
    pub ca: Option<PathBuf>,
    /// The certificate that the client shows where the server asks for one, in PEM.
    pub client_cert: Option<PathBuf>,
    /// Its key in PEM. Default: in the same file.
    pub client_key: Option<PathBuf>,
    /// The proxy's address, or `none`. Default: what the environment says.
    pub proxy: Option<String>,
    /// What to do about an operation that the tables do not allow.
    pub check: Option<Check>,
    /// A new file for a recording of what is sent and answered.
    pub record: Option<PathBuf>,
}

/// Tokens of an issuer: OpenID Connect, AD FS.
#[derive(Debug, Clone, Default)]
pub struct Issuer {
    /// The issuer's address.
    pub address: Option<String>,
    /// The id by which the issuer knows this client.
    pub client_id: Option<String>,
    /// The client's secret itself, as the environment has it.
    pub client_secret: Option<Secret>,
    /// A file with the client's secret in its first line.
    pub client_secret_file: Option<PathBuf>,
    /// A program, and its arguments, that prints the client's secret in its first line.
    pub client_secret_command: Option<Vec<String>>,
    /// Whether a person signs in, by a code.
    pub device_code: bool,
    /// The scope to ask for.
    pub scope: Option<String>,
    /// The server that the token is for, as AD FS knows it.
    pub resource: Option<String>,
    /// The same for issuers that call it audience.
    pub audience: Option<String>,
    /// The token endpoint of an issuer that does not publish it.
    pub token_endpoint: Option<String>,
    /// A file in which the token is kept.
    pub token_cache: Option<PathBuf>,
}

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
            password: secrets.password.filter(|password| !password.expose().is_empty()),
            issuer: Issuer { address: text("ISSUER")?, client_id: text("CLIENT_ID")?, ..secrets.issuer },
            ca: file("CA"),
            client_cert: file("CLIENT_CERT"),
            client_key: file("CLIENT_KEY"),
            ..Settings::default()
        })
    }

    /// The secrets in the environment, which no option holds.
    pub fn secrets_from_environment() -> Self {
        let secret = |name: &str| std::env::var(format!("{PREFIX}{name}")).ok().map(Secret::new);
        let (password, client_secret) = (secret("PASSWORD"), secret("CLIENT_SECRET"));
        let client_secret = client_secret.filter(|secret| !secret.expose().is_empty());
        Settings { password, issuer: Issuer { client_secret, ..Issuer::default() }, ..Settings::default() }
    }
}

/// The beginning of the names of our variables.
const PREFIX: &str = "CARDWRIGHT_";

/// A variable of the environment that is not empty.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(format!("{PREFIX}{name}")).filter(|value| !value.is_empty())
}

/// Which schemes may be used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Auth {
    /// The strongest that the server offers, of those for which something is given.
    #[default]
    Auto,
    /// None.
    Nothing,
    /// Bearer, by tokens of an issuer.
    Oidc,
    /// These.
    Only(Vec<Scheme>),
}

impl std::str::FromStr for Auth {
    type Err = String;

    /// Reads `auto`, `none`, `oidc`, or names of schemes with commas between.
    fn from_str(text: &str) -> Result<Auth, String> {
        match text {
            "auto" => Ok(Auth::Auto),
            "none" => Ok(Auth::Nothing),
            "oidc" => Ok(Auth::Oidc),
            _ => {
                let schemes: Option<Vec<Scheme>> = text.split(',').map(|name| Scheme::from_name(name.trim())).collect();
                schemes.map(Auth::Only).ok_or_else(|| {
                    let names: Vec<String> =
                        Scheme::ALL.iter().map(|scheme| scheme.name().to_ascii_lowercase()).collect();
                    format!("expected auto, none, oidc, or of {}", names.join(", "))
                })
            }
        }
    }
}

/// Reads a value of an enumeration by its name, whatever the case of its letters.
///
/// # Errors
/// What would be right.
pub fn named<T: Named>(text: &str) -> Result<T, String> {
    T::from_name(text).ok_or_else(|| {
        let names: Vec<&str> = T::ALL.iter().map(|value| value.name()).collect();
        format!("expected one of {}", names.join(", "))
    })
}

/// Reads `on` or `off`.
///
/// # Errors
/// What would be right.
pub fn on_or_off(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("expected on or off".into()),
    }
}

/// Reads `warn` or `require`.
///
/// # Errors
/// What would be right.
pub fn mutual(text: &str) -> Result<Mutual, String> {
    match text {
        "warn" => Ok(Mutual::Warn),
        "require" => Ok(Mutual::Require),
        _ => Err("expected warn or require".into()),
    }
}

/// Reads `warn`, `strict` or `off`.
///
/// # Errors
/// What would be right.
pub fn check(text: &str) -> Result<Check, String> {
    match text {
        "warn" => Ok(Check::Warn),
        "strict" => Ok(Check::Strict),
        "off" => Ok(Check::Off),
        _ => Err("expected warn, strict or off".into()),
    }
}

/// Takes a command apart at its blanks, where quotes keep them.
///
/// # Errors
/// Where a quote does not end.
pub fn words(command: &str) -> Result<Vec<String>, String> {
    shlex::split(command).ok_or_else(|| "a quote does not end".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_named_in_any_order_and_case() {
        let auth = str::parse::<Auth>;
        assert_eq!(auth("NTLM, negotiate"), Ok(Auth::Only(vec![Scheme::Ntlm, Scheme::Negotiate])));
        assert_eq!((auth("auto"), auth("none")), (Ok(Auth::Auto), Ok(Auth::Nothing)));
        assert!(auth("negotiate,kerberos").is_err_and(|why| why.contains("negotiate, ntlm, basic, bearer")));
        assert!(auth("").is_err());
    }
}
