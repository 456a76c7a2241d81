//! Which tokens are accepted, and what they allow.

use std::path::PathBuf;
use std::time::Duration;

/// Whose tokens are accepted, and what they allow.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Bearer {
    /// The issuer, as its tokens spell it in `iss`. The access tokens of AD FS say
    /// `http://HOST/adfs/services/trust`, which is not its address.
    pub issuer: String,
    /// The names of this server at the issuer; `aud` of a token must contain one of them.
    pub audiences: Vec<String>,
    /// Where the issuer's public keys are.
    pub keys: KeySource,
    /// Root certificates for the connection to the issuer, in PEM, besides those that the system trusts.
    pub issuer_roots: Option<Vec<u8>>,
    /// The claim with the roles: its name, or a path of names separated by dots. A list of texts, or one
    /// text; `scope` and `scp` hold several, separated by blanks.
    pub roles_claim: String,
    /// Which value of that claim means which role of this server. If empty, the values are names of
    /// roles.
    pub roles: Vec<(String, String)>,
    /// The claim with the name that the log and the audit log show. Default: `sub`.
    pub name_claim: String,
    /// The claim with the GUID of its bearer's user. Default: a GUID derived from issuer and subject.
    pub user_claim: Option<String>,
    /// How far the clocks of issuer and server may differ.
    pub skew: Duration,
    /// How long after reading the keys a token with an unknown key makes the server read them again.
    pub reread_after: Duration,
    /// How long keys are used before they are read again.
    pub keep_keys: Duration,
}

impl Bearer {
    /// The tokens of an issuer for this audience. Defaults: the claim `roles` holds names of roles of this server,
    /// and `preferred_username` the name; clocks differ by a minute at most; keys are read again after an hour, or
    /// after a minute if one is unknown.
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>, keys: KeySource) -> Self {
        Bearer {
            issuer: issuer.into(),
            audiences: vec![audience.into()],
            keys,
            issuer_roots: None,
            roles_claim: "roles".into(),
            roles: Vec::new(),
            name_claim: "preferred_username".into(),
            user_claim: None,
            skew: Duration::from_secs(60),
            reread_after: Duration::from_secs(60),
            keep_keys: Duration::from_secs(3600),
        }
    }
}

/// Where an issuer's public keys are: a JWK set (RFC 7517, 5).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum KeySource {
    /// In a file.
    File(PathBuf),
    /// At this address: `https`, or `http` on this computer.
    Url(String),
    /// At the address that the issuer names in the document `/.well-known/openid-configuration` below its own address
    /// (OpenID Connect Discovery 1.0).
    Discovery,
}
