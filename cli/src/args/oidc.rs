//! Tokens of an issuer, and the client's certificate.

use clap::Args;
use std::path::PathBuf;

/// Who gives tokens, and to whom. A profile has the same keys, with _ for -.
#[derive(Debug, Default, Args)]
#[command(
    next_help_heading = "Tokens of an issuer: OpenID Connect, AD FS (argument before environment before profile)"
)]
pub(crate) struct OidcArguments {
    /// The issuer's address, such as https://adfs.example.com/adfs: the command gets its tokens there.
    #[arg(long, global = true, env = "CARDWRIGHT_ISSUER", value_name = "URL")]
    pub(crate) issuer: Option<String>,

    /// As what the issuer knows this client. Its secret is never an argument: it comes from
    /// --client-secret-file or --client-secret-command, else CARDWRIGHT_CLIENT_SECRET, else the profile.
    #[arg(long, global = true, env = "CARDWRIGHT_CLIENT_ID", value_name = "ID")]
    pub(crate) client_id: Option<String>,

    /// A file with the client's secret in its first line.
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "client_secret_command")]
    pub(crate) client_secret_file: Option<PathBuf>,

    /// A program that prints the client's secret in its first line, run as --password-command is.
    #[arg(long, global = true, value_name = "COMMAND", value_parser = words)]
    pub(crate) client_secret_command: Option<Words>,

    /// Sign in as a person: the command shows a code and an address, and waits until the code was typed
    /// there, on any device.
    #[arg(long, global = true)]
    pub(crate) device_code: bool,

    /// What the token is to be good for, with blanks between.
    #[arg(long, global = true, value_name = "SCOPE")]
    pub(crate) scope: Option<String>,

    /// Which server the token is for, as AD FS knows it: the relying party's identifier.
    #[arg(long, global = true, value_name = "URI")]
    pub(crate) resource: Option<String>,

    /// The same for issuers that call it audience.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) audience: Option<String>,

    /// Where tokens are, for an issuer without the document that says so.
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) token_endpoint: Option<String>,

    /// Keep the token in this file for the next command. Only its owner can read it, and whoever does can
    /// use it until it ends. Without it: each command gets its own.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) token_cache: Option<PathBuf>,
}

/// The certificate by which the client shows who it is.
#[derive(Debug, Default, Args)]
pub(crate) struct CertificateArguments {
    /// The certificate to show where a server asks for one, as PEM, with those that vouch for it; its key
    /// may stand in the same file.
    #[arg(long, global = true, env = "CARDWRIGHT_CLIENT_CERT", value_name = "FILE")]
    pub(crate) client_cert: Option<PathBuf>,

    /// Its key as PEM, not encrypted, where it stands in a file of its own.
    #[arg(long, global = true, env = "CARDWRIGHT_CLIENT_KEY", value_name = "FILE")]
    pub(crate) client_key: Option<PathBuf>,
}

/// A program and its arguments.
#[derive(Debug, Clone)]
pub(crate) struct Words(pub(crate) Vec<String>);

fn words(command: &str) -> Result<Words, String> {
    cardwright::words(command).map(Words)
}
