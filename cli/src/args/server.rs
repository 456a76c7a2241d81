//! Which server, and who asks.

use super::oidc::{CertificateArguments, OidcArguments};
use cardwright::client::Mutual;
use cardwright::core::certiflow::Dialect;
use cardwright::core::lifecycle::System;
use cardwright::named;
use cardwright::{Auth, mutual, on_or_off};
use clap::Args;
use std::path::PathBuf;

/// Each comes from the argument, else the environment, else the profile.
#[derive(Debug, Args)]
#[command(next_help_heading = "Server (argument before environment before profile)")]
pub(crate) struct ServerArguments {
    /// The section [profile.NAME] of the config file to take from what is not given here.
    #[arg(long, global = true, env = "CARDWRIGHT_PROFILE", value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// The config file. Without it: cardwright/config.toml in $XDG_CONFIG_HOME, or in ~/.config.
    #[arg(long, global = true, env = "CARDWRIGHT_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// The API's base address, such as https://HOST/certiflow/api or https://HOST/CertificateManagement.
    #[arg(long, global = true, env = "CARDWRIGHT_URL")]
    pub(crate) url: Option<String>,

    /// The system behind it, mim or certiflow; known from the address where that ends as usual.
    #[arg(long, global = true, env = "CARDWRIGHT_API", value_parser = named::<System>, value_name = "SYSTEM")]
    pub(crate) api: Option<System>,

    /// CertiFlow's generation: g1 (Indeed CM up to 5.7, icmapi), g6 (before 7.1) or g7. Without it: g1
    /// where the address ends in /icmapi, else g7.
    #[arg(long, global = true, env = "CARDWRIGHT_DIALECT", value_parser = named::<Dialect>)]
    pub(crate) dialect: Option<Dialect>,

    /// How to sign in: auto, none, oidc (tokens of --issuer), or the schemes that may be used, of negotiate,
    /// ntlm, basic and bearer, such as negotiate,ntlm. auto takes the strongest that the server offers, of those for which
    /// something is given: a password, a token or an issuer of tokens, a keytab. The Kerberos ticket at hand is used by
    /// negotiate without a password.
    #[arg(long, global = true, env = "CARDWRIGHT_AUTH", value_parser = str::parse::<Auth>, value_name = "SCHEMES")]
    pub(crate) auth: Option<Auth>,

    /// The account. Its password is never an argument: it comes from --password-file or
    /// --password-command, else CARDWRIGHT_PASSWORD, else the profile, else it is asked for.
    #[arg(long, global = true, env = "CARDWRIGHT_USER")]
    pub(crate) user: Option<String>,

    /// A file with the password in its first line.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,

    /// A program that prints the password in its first line, such as "pass show cm". It is run without
    /// a shell, and ended after 30 seconds.
    #[arg(long, global = true, value_name = "COMMAND", conflicts_with = "password_file")]
    pub(crate) password_command: Option<String>,

    /// A file with a bearer token in its first line, instead of user and password.
    #[arg(long, global = true, value_name = "FILE", conflicts_with_all = ["password_file", "password_command"])]
    pub(crate) token_file: Option<PathBuf>,

    /// A keytab with the account's key, instead of a password: Kerberos, for a batch.
    #[arg(long, global = true, value_name = "FILE", conflicts_with_all = ["password_file", "password_command", "token_file"])]
    pub(crate) keytab: Option<PathBuf>,

    /// Whether the sign-in is bound to the TLS connection, on or off; off where a proxy ends TLS. Without
    /// it: on.
    #[arg(long, global = true, value_parser = on_or_off, value_name = "WHETHER")]
    pub(crate) channel_binding: Option<bool>,

    /// Whether a server that has not proved who it is by Kerberos is told of (warn) or refused (require).
    /// Without it: warn.
    #[arg(long, global = true, value_parser = mutual, value_name = "WHAT")]
    pub(crate) mutual: Option<Mutual>,

    /// Let Basic send the password, and Bearer the token, over plain HTTP to another machine, readable by
    /// all on the way.
    #[arg(long, global = true)]
    pub(crate) basic_in_clear: bool,

    /// Certificates to trust besides the system's, as PEM.
    #[arg(long, global = true, env = "CARDWRIGHT_CA", value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) certificate: CertificateArguments,

    /// The proxy, such as http://HOST:3128, or none. Without it: HTTPS_PROXY, HTTP_PROXY,
    /// ALL_PROXY and NO_PROXY of the environment.
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub(crate) proxy: Option<String>,

    /// Write what is sent and answered into this new file, for somebody who asks what a server really
    /// does. Names, serial numbers, ids and hosts have stand-ins; passwords and tokens are left out.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) oidc: OidcArguments,
}
