//! Which server, and how to sign in: one structure for options, the environment and profiles.
//!
//! Precedence: option, profile that an option names, environment, profile that the environment names ([`Sources`](crate::Sources)).
//! Secrets from a profile are sent to that profile's server and issuer
//! only. With the feature `clap` the structure is also the options of a command, and what is said of a field is
//! the option's help.

use cardwright_client::http::TlsBackend;
use cardwright_client::{Check, Mutual, Scheme, Secret, Verify};
use cardwright_core::Named;
use cardwright_core::certiflow::Dialect;
use cardwright_core::lifecycle::System;
use std::path::PathBuf;
use std::time::Duration;

/// A program and its arguments.
pub type Words = Vec<String>;

/// A server and how to sign in, as far as one source tells.
#[derive(Debug, Clone, Default)]
#[cfg_attr(feature = "clap", derive(clap::Args))]
#[allow(clippy::exhaustive_structs, reason = "made with ..default(): a field more breaks nothing")]
pub struct Settings {
    /// The API's base address, such as https://HOST/certiflow/api or https://HOST/CertificateManagement.
    #[cfg_attr(feature = "clap", arg(long, env = "CARDWRIGHT_URL"))]
    pub url: Option<String>,
    /// The system behind it, mim or certiflow. Default: by the end of the address.
    #[cfg_attr(feature = "clap", arg(long, env = "CARDWRIGHT_API", value_parser = named::<System>, value_name = "SYSTEM"))]
    pub api: Option<System>,
    /// The generation of CertiFlow's API that the server speaks. Default: it is found out, by at most six questions that
    /// change nothing.
    #[cfg_attr(feature = "clap", arg(long, env = "CARDWRIGHT_DIALECT", value_parser = named::<Dialect>))]
    #[cfg_attr(feature = "clap", arg(help = dialect_help(), value_name = "DIALECT"))]
    pub dialect: Option<Dialect>,
    /// How to sign in: auto, none, oidc (tokens of --issuer), or the schemes that may be used, of negotiate,
    /// ntlm, basic and bearer, such as negotiate,ntlm. auto takes the strongest that the server offers, of those for
    /// which something is given: a password, a token or an issuer of tokens, a keytab. negotiate without a password
    /// uses the Kerberos ticket at hand.
    #[cfg_attr(feature = "clap", arg(long, env = "CARDWRIGHT_AUTH", value_name = "SCHEMES"))]
    pub auth: Option<Auth>,
    /// The account. Its password is never an argument: it comes from --password-file or --password-command, else
    /// from the profile that --profile names, else CARDWRIGHT_PASSWORD, else another profile, else a prompt.
    #[cfg_attr(feature = "clap", arg(long, env = "CARDWRIGHT_USER"))]
    pub user: Option<String>,
    /// The password itself, from the environment.
    #[cfg_attr(feature = "clap", arg(skip))]
    pub password: Option<Secret>,
    /// A file with the password in its first line.
    #[cfg_attr(feature = "clap", arg(long, value_name = "FILE"))]
    pub password_file: Option<PathBuf>,
    /// A program that prints the password in its first line, such as "pass show cm". It runs without a shell, and
    /// is ended after 30 seconds.
    #[cfg_attr(feature = "clap", arg(long, value_name = "COMMAND", value_parser = words, conflicts_with = "password_file"))]
    pub password_command: Option<Words>,
    /// A file with a bearer token in its first line, instead of user and password.
    #[cfg_attr(feature = "clap", arg(long, value_name = "FILE", conflicts_with_all = ["password_file", "password_command"]))]
    pub token_file: Option<PathBuf>,
    /// A keytab with the account's key, instead of a password: Kerberos, for unattended runs.
    #[cfg_attr(feature = "clap", arg(long, value_name = "FILE"))]
    #[cfg_attr(feature = "clap", arg(conflicts_with_all = ["password_file", "password_command", "token_file"]))]
    pub keytab: Option<PathBuf>,
    /// Whether the sign-in is bound to the TLS connection, on or off; off if a proxy ends TLS. Default: on.
    #[cfg_attr(feature = "clap", arg(long, value_parser = on_or_off, value_name = "WHETHER"))]
    pub channel_binding: Option<bool>,
    /// What to do about a server that has not proved its identity by Kerberos: warn, or require (refuse it).
    /// Default: warn.
    #[cfg_attr(feature = "clap", arg(long, value_parser = named::<Mutual>, value_name = "WHAT"))]
    pub mutual: Option<Mutual>,
    /// Let Basic send the password, and Bearer the token, over plain HTTP to another machine, readable by all on
    /// the way.
    #[cfg_attr(feature = "clap", arg(long))]
    pub basic_in_clear: bool,
    /// Certificates to trust besides the system's, as PEM.
    #[cfg_attr(feature = "clap", arg(long, env = "CARDWRIGHT_CA", value_name = "FILE"))]
    pub ca: Option<PathBuf>,
    /// The library that does TLS: rustls (built in), or system (OpenSSL, which must be installed; on Windows SChannel), for
    /// older servers: CBC suites, RSA key exchange, P-521, client certificates that are asked for after the handshake.
    /// Default: rustls.
    #[cfg_attr(feature = "clap", arg(long, env = "CARDWRIGHT_TLS", value_parser = named::<TlsBackend>, value_name = "LIBRARY"))]
    pub tls: Option<TlsBackend>,
    /// The certificate to show if the server asks for one, as PEM with its chain, or PKCS #12 (.p12, .pfx); its key
    /// may be in the same file.
    #[cfg_attr(feature = "clap", arg(long, env = "CARDWRIGHT_CLIENT_CERT", value_name = "FILE"))]
    pub client_cert: Option<PathBuf>,
    /// Its key as PEM, if it is in a file of its own. The password of an encrypted one is never an argument: it comes
    /// from --client-key-password-file or --client-key-password-command, else a profile that --profile names, else
    /// CARDWRIGHT_CLIENT_KEY_PASSWORD, else another profile.
    #[cfg_attr(feature = "clap", arg(long, env = "CARDWRIGHT_CLIENT_KEY", value_name = "FILE"))]
    pub client_key: Option<PathBuf>,
    /// The password of that key itself, from the environment.
    #[cfg_attr(feature = "clap", arg(skip))]
    pub client_key_password: Option<Secret>,
    /// A file with the password of that key, or of the PKCS #12 file, in its first line.
    #[cfg_attr(feature = "clap", arg(long, value_name = "FILE", conflicts_with = "client_key_password_command"))]
    pub client_key_password_file: Option<PathBuf>,
    /// A program that prints the password of that key in its first line, run like --password-command.
    #[cfg_attr(feature = "clap", arg(long, value_name = "COMMAND", value_parser = words))]
    pub client_key_password_command: Option<Words>,
    /// The proxy, such as http://HOST:3128 or socks5h://HOST:1080, or none. Default: HTTPS_PROXY, HTTP_PROXY,
    /// ALL_PROXY and NO_PROXY of the environment, which alone may hold a user and a password.
    #[cfg_attr(feature = "clap", arg(long, value_name = "ADDRESS"))]
    pub proxy: Option<String>,
    /// What to do about an operation that the tables do not allow.
    #[cfg_attr(feature = "clap", arg(skip))]
    pub check: Option<Check>,
    /// Whether a card is read again after an operation: always, or never (the server's word is taken, and the outcome
    /// is "accepted"). Default: always.
    #[cfg_attr(feature = "clap", arg(long, value_parser = named::<Verify>, value_name = "WHEN"))]
    pub verify: Option<Verify>,
    /// How long a card is read again after an operation that it does not show yet, in seconds. Default: 5.
    #[cfg_attr(feature = "clap", arg(long, value_parser = seconds, value_name = "SECONDS"))]
    pub settle: Option<Duration>,
    /// How long the whole command may take, in seconds; time in which a person is asked does not count. It ends with
    /// exit code 6 then; an operation that may have been sent is unknown (8). Default: no limit.
    #[cfg_attr(feature = "clap", arg(long, env = "CARDWRIGHT_TIME_LIMIT", value_parser = time_limit, value_name = "SECONDS"))]
    pub time_limit: Option<Duration>,
    /// How long the server may be waited for over a whole list, in seconds; each page has limits of its own. Default:
    /// 3600.
    #[cfg_attr(feature = "clap", arg(long, env = "CARDWRIGHT_LIST_TIME_LIMIT", value_parser = time_limit, value_name = "SECONDS"))]
    pub list_time_limit: Option<Duration>,
    /// How long the card in a reader may take, in seconds, until it has told what it is, or until it has answered one
    /// command with all that follows from it (GET RESPONSE). Default: 12.
    #[cfg_attr(feature = "clap", arg(long, env = "CARDWRIGHT_CARD_TIME_LIMIT", value_parser = time_limit, value_name = "SECONDS"))]
    pub card_time_limit: Option<Duration>,
    /// How many APDUs may go to the card in a reader for that. Default: 200.
    #[cfg_attr(feature = "clap", arg(long, env = "CARDWRIGHT_CARD_APDUS", value_parser = card_apdus, value_name = "NUMBER"))]
    pub card_apdus: Option<u32>,
    /// List cards although the server's answers contradict this filter, such as userName; may be given several times.
    /// Default: a filter that is not obeyed is an error.
    #[cfg_attr(feature = "clap", arg(long = "trust-filter", value_name = "NAME"))]
    pub trust_filters: Vec<String>,
    /// Write requests and answers into this new file, to show what a server really does. Names, serial numbers,
    /// ids and hosts are replaced by stand-ins; passwords and tokens are left out.
    #[cfg_attr(feature = "clap", arg(long, value_name = "FILE"))]
    pub record: Option<PathBuf>,
    /// Tokens of an issuer.
    #[cfg_attr(feature = "clap", command(flatten))]
    pub issuer: Issuer,
}

/// Tokens of an issuer: OpenID Connect, AD FS. A profile has the same keys, with _ for -.
#[derive(Debug, Clone, Default)]
#[cfg_attr(feature = "clap", derive(clap::Args), command(next_help_heading = HEADING))]
#[allow(clippy::exhaustive_structs, reason = "made with ..default(): a field more breaks nothing")]
pub struct Issuer {
    /// The issuer's address, such as https://HOST/adfs: tokens are fetched there.
    #[cfg_attr(feature = "clap", arg(id = "issuer", long = "issuer", env = "CARDWRIGHT_ISSUER", value_name = "URL"))]
    pub address: Option<String>,
    /// The id by which the issuer knows this client. Its secret is never an argument: it comes from
    /// --client-secret-file or --client-secret-command, else the profile that --profile names, else
    /// CARDWRIGHT_CLIENT_SECRET, else another profile.
    #[cfg_attr(feature = "clap", arg(long, env = "CARDWRIGHT_CLIENT_ID", value_name = "ID"))]
    pub client_id: Option<String>,
    /// The client's secret itself, from the environment.
    #[cfg_attr(feature = "clap", arg(skip))]
    pub client_secret: Option<Secret>,
    /// A file with the client's secret in its first line.
    #[cfg_attr(feature = "clap", arg(long, value_name = "FILE", conflicts_with = "client_secret_command"))]
    pub client_secret_file: Option<PathBuf>,
    /// A program that prints the client's secret in its first line, run like --password-command.
    #[cfg_attr(feature = "clap", arg(long, value_name = "COMMAND", value_parser = words))]
    pub client_secret_command: Option<Words>,
    /// Sign in as a person: a code and an address are shown, and the person types the code there, on any device.
    #[cfg_attr(feature = "clap", arg(long))]
    pub device_code: bool,
    /// The scope of the token, with blanks between its parts.
    #[cfg_attr(feature = "clap", arg(long, value_name = "SCOPE"))]
    pub scope: Option<String>,
    /// The server that the token is for, as AD FS knows it: the relying party's identifier.
    #[cfg_attr(feature = "clap", arg(long, value_name = "URI"))]
    pub resource: Option<String>,
    /// The same for issuers that call it audience.
    #[cfg_attr(feature = "clap", arg(long, value_name = "NAME"))]
    pub audience: Option<String>,
    /// The token endpoint of an issuer that does not publish it.
    #[cfg_attr(feature = "clap", arg(long, value_name = "URL"))]
    pub token_endpoint: Option<String>,
    /// Keep the token in this file for the next command. Only its owner can read it, and anyone who can read it
    /// can use the token until it expires. Default: each command gets its own token.
    #[cfg_attr(feature = "clap", arg(long, value_name = "FILE"))]
    pub token_cache: Option<PathBuf>,
}

#[cfg(feature = "clap")]
const HEADING: &str = "Tokens of an issuer: OpenID Connect, AD FS (precedence: option, --profile, environment)";

/// The schemes that may be used to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Auth {
    /// The strongest that the server offers, of those for which something is given.
    #[default]
    Auto,
    /// None.
    Nothing,
    /// Bearer, by tokens of an issuer.
    Oidc,
    /// These alone.
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

/// Reads a time in seconds, which may have a fraction; a day at most.
///
/// # Errors
/// What would be right.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.0..=86_400.0).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "expected a number of seconds, 0 to 86400".into())
}

/// Reads a time limit in seconds, above 0; a day at most.
///
/// # Errors
/// What would be right.
pub fn time_limit(text: &str) -> Result<Duration, String> {
    let limit = seconds(text).ok().filter(|limit| !limit.is_zero());
    limit.ok_or_else(|| "expected a number of seconds above 0, 86400 at most".into())
}

#[cfg(feature = "clap")]
fn dialect_help() -> String {
    format!(
        "The generation of CertiFlow's API: {}. Default: found out, by at most six questions that change nothing",
        crate::generation::options()
    )
}

/// Reads a number of APDUs, 1 to a million.
///
/// # Errors
/// What would be right.
pub fn card_apdus(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| (1..=1_000_000).contains(number));
    number.ok_or_else(|| "expected a number of APDUs, 1 to 1000000".into())
}

/// Takes a command apart at its blanks, where quotes keep them.
///
/// # Errors
/// Where a quote does not end.
pub fn words(command: &str) -> Result<Words, String> {
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
