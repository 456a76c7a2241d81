//! The arguments of `serve`: TLS, and bearer tokens.

use clap::Args;
use std::path::PathBuf;

/// The server's certificate.
#[derive(Debug, Args)]
#[command(next_help_heading = "TLS, without which the server listens on this computer alone")]
pub(crate) struct TlsArguments {
    /// The certificate as PEM, with those that vouch for it, its own first.
    #[arg(long, value_name = "FILE", requires = "tls_key", conflicts_with = "tls_self_signed")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its key as PEM, not encrypted.
    #[arg(long, value_name = "FILE", requires = "tls_cert", conflicts_with = "tls_self_signed")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Make a key and a certificate for this run, and write the certificate into this file: what clients
    /// give to --ca. It is new, or holds the certificate of an earlier run and nothing else.
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_self_signed: Option<PathBuf>,
    /// A name or address by which clients call the server, for --tls-self-signed; may be given several
    /// times. localhost and the address to listen on are there without.
    #[arg(long = "tls-name", value_name = "NAME", requires = "tls_self_signed", conflicts_with = "tls_cert")]
    pub(crate) tls_names: Vec<String>,
}

/// Which tokens are accepted.
#[derive(Debug, Args)]
#[command(next_help_heading = "Bearer tokens, besides the account")]
pub(crate) struct BearerArguments {
    /// Accept the tokens of this issuer, spelled as they spell it in iss. AD FS signs them as
    /// http://HOST/adfs/services/trust.
    #[arg(long, value_name = "ISSUER", requires = "bearer_audience")]
    pub(crate) bearer_issuer: Option<String>,
    /// What a token names in aud to be for this server; may be given several times.
    #[arg(long = "bearer-audience", value_name = "NAME", requires = "bearer_issuer")]
    pub(crate) bearer_audience: Vec<String>,
    /// The issuer's keys: a file, or an address that begins with https://. Default: the address in the
    /// issuer's own document.
    #[arg(long, value_name = "FILE|URL", requires = "bearer_issuer")]
    pub(crate) bearer_keys: Option<String>,
    /// Certificates to trust besides the system's when the keys are fetched, as PEM.
    #[arg(long, value_name = "FILE", requires = "bearer_issuer")]
    pub(crate) bearer_ca: Option<PathBuf>,
    /// The claim with the roles: its name, or a path such as realm_access.roles.
    #[arg(long, value_name = "CLAIM", default_value = "roles")]
    pub(crate) bearer_roles_claim: String,
    /// A value of that claim, and the role that it means: administrator, operator or viewer; may be given
    /// several times. Default: the value is the role.
    #[arg(long = "bearer-role", value_name = "VALUE=ROLE", value_parser = role, requires = "bearer_issuer")]
    pub(crate) bearer_roles: Vec<(String, String)>,
    /// The claim with the name for the logs.
    #[arg(long, value_name = "CLAIM", default_value = "preferred_username")]
    pub(crate) bearer_name_claim: String,
    /// The claim with the GUID that the bearer is as a user of MIM CM. Default: derived from issuer
    /// and subject.
    #[arg(long, value_name = "CLAIM", requires = "bearer_issuer")]
    pub(crate) bearer_user_claim: Option<String>,
}

fn role(text: &str) -> Result<(String, String), String> {
    let (value, role) = text.rsplit_once('=').ok_or("expected VALUE=ROLE")?;
    Ok((value.to_string(), role.to_string()))
}
