//! Bearer tokens (RFC 6750): JWTs of an issuer that the server is told to believe.
//!
//! A token lets somebody in when one of the issuer's keys has signed it, it is for this server, and it
//! is valid now; what its bearer may do is what the roles in it may. Whatever is wrong with it is said to
//! the operator in the line of the log, and to the client in a sentence that tells no secret.
//!
//! RFC 6750; RFC 7519, 4.1; RFC 9068, 4.

mod keys;

pub(crate) use keys::Ring;

use crate::jwt::{Jwt, Refused, shown};
use crate::registry::{Caller, Registry};
use crate::{Clock, Error};
use blake2::Blake2s256;
use blake2::digest::Digest as _;
use cardwright_core::identity::Guid;
use core::fmt;
use serde_json::{Map, Value};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Whose tokens are believed, and what they let their bearers do.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Bearer {
    /// The issuer, as its tokens spell it in `iss`. AD FS signs access tokens as
    /// `http://HOST/adfs/services/trust`, which is not its address.
    pub issuer: String,
    /// What a token must name in `aud`, one of these: this server, as the issuer knows it.
    pub audiences: Vec<String>,
    /// Where the issuer's public keys are.
    pub keys: KeySource,
    /// Certificates, in PEM, that the issuer's may be signed by, besides what the system trusts.
    pub issuer_roots: Option<Vec<u8>>,
    /// The claim with the roles: its name, or a path of names with dots between. A list of texts, or one
    /// text; `scope` and `scp` hold several with blanks between.
    pub roles_claim: String,
    /// Which value of that claim means which role of this server. Where there is none, the value is the
    /// role's name.
    pub roles: Vec<(String, String)>,
    /// The claim with the name that the log and the audit log show. Where a token has none, it is `sub`.
    pub name_claim: String,
    /// The claim with the GUID that its bearer is as a user of MIM CM. Without it, a GUID is made of issuer
    /// and subject.
    pub user_claim: Option<String>,
    /// How far the clocks of issuer and server may differ.
    pub skew: Duration,
    /// How long after the keys were read a token with an unknown one makes the server read them again.
    pub reread_after: Duration,
    /// How long keys are believed without being read again.
    pub keep_keys: Duration,
}

impl Bearer {
    /// The tokens of an issuer for this audience. The roles are in the claim `roles`, by the names that
    /// they have here; the name is in `preferred_username`; clocks differ by a minute at most; keys are read again
    /// after an hour, and after a minute where one is not known.
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
pub enum KeySource {
    /// In a file.
    File(PathBuf),
    /// At this address: `https`, or `http` on this computer.
    Url(String),
    /// Where the issuer says, in the document `/.well-known/openid-configuration` below its own address
    /// (OpenID Connect Discovery 1.0).
    Discovery,
}

/// Why a bearer is not let in.
#[derive(Debug)]
pub(crate) enum Denied {
    /// For this the token itself is to blame.
    Token(Refused),
    /// A claim is missing or wrong: what the client is told, and what the operator is told beside it.
    Claim(&'static str, String),
    /// It is a good token, of somebody who has no role here.
    NoRole,
    /// The issuer's keys cannot be had.
    Keys(String),
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Denied::Token(refused) => refused.fmt(f),
            Denied::Claim(what, seen) => write!(f, "{what}: {seen}"),
            Denied::NoRole => f.write_str("the token names no role of this server"),
            Denied::Keys(why) => write!(f, "the issuer's keys cannot be had: {why}"),
        }
    }
}

impl Denied {
    /// The challenge for the client: RFC 6750, 3. The sentence is made of our words alone.
    pub(crate) fn challenge(&self) -> String {
        let (error, why) = match self {
            Denied::Token(Refused::Malformed(what)) => ("invalid_token", *what),
            Denied::Token(Refused::Algorithm(_)) => ("invalid_token", "its algorithm is not taken"),
            Denied::Token(Refused::NoKey(_)) => ("invalid_token", "no key of the issuer has its kid and algorithm"),
            Denied::Token(Refused::Signature(_)) => ("invalid_token", "its signature is not the issuer's"),
            Denied::Claim(what, _) => ("invalid_token", *what),
            Denied::NoRole => ("insufficient_scope", "it names no role of this server"),
            Denied::Keys(_) => ("invalid_token", "the server cannot read the issuer's keys"),
        };
        format!(r#"{CHALLENGE}, error="{error}", error_description="{why}""#)
    }

    /// Whether signing in in another way would change nothing.
    pub(crate) const fn is_forbidden(&self) -> bool {
        matches!(self, Denied::NoRole)
    }
}

/// What somebody without a token is told.
pub(crate) const CHALLENGE: &str = r#"Bearer realm="Cardwright""#;

/// Lets bearers of tokens in.
pub(crate) struct Porter {
    set_up: Bearer,
    ring: Arc<Ring>,
    clock: Arc<dyn Clock>,
}

/// The token of an `Authorization` header; `None` for another scheme.
pub(crate) fn token(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

impl Porter {
    /// Checks what can be checked before there is a token.
    ///
    /// # Errors
    /// [`Error::Bearer`] where there is no audience, an address cannot be used, or a file holds no keys;
    /// [`Error::NoSuchRole`].
    pub(crate) fn new(set_up: Bearer, clock: Arc<dyn Clock>, registry: &Registry) -> Result<Self, Error> {
        if set_up.issuer.is_empty() || set_up.audiences.iter().all(String::is_empty) {
            return Err(Error::Bearer("an issuer and an audience are needed".into()));
        }
        for (_, role) in &set_up.roles {
            let known = registry.read(|reading| reading.rights(role))?;
            known.ok_or_else(|| Error::NoSuchRole(role.clone()))?;
        }
        let ring = Arc::new(Ring::new(&set_up).map_err(Error::Bearer)?);
        Ok(Porter { set_up, ring, clock })
    }

    /// Who bears a token.
    pub(crate) async fn caller(&self, registry: &Registry, token: &str) -> Result<Result<Arc<Caller>, Denied>, Error> {
        let claims = match self.claims(token).await {
            Ok(claims) => claims,
            Err(denied) => return Ok(Err(denied)),
        };
        let values = self.roles(&claims);
        let rights = registry.read(|reading| {
            let found = values.iter().map(|role| reading.rights(role));
            found.filter_map(Result::transpose).collect::<Result<Vec<_>, Error>>()
        })?;
        if rights.is_empty() {
            return Ok(Err(Denied::NoRole));
        }
        let (name, user) = (self.name(&claims), self.user(&claims));
        Ok(user.map(|user| Arc::new(Caller::of_token(name, user, &rights))))
    }

    /// The claims of a token that is signed, for this server, and valid now.
    async fn claims(&self, token: &str) -> Result<Map<String, Value>, Denied> {
        let jwt = Jwt::parse(token).map_err(Denied::Token)?;
        let keys = self.ring.keys().await.map_err(Denied::Keys)?;
        let claims = match jwt.verify(&keys) {
            Err(Refused::NoKey(which)) => match self.ring.newer_than(&keys).await {
                Ok(Some(newer)) => jwt.verify(&newer),
                Ok(None) => Err(Refused::NoKey(which)),
                Err(why) => return Err(Denied::Keys(why)),
            },
            judged => judged,
        };
        let claims = claims.map_err(Denied::Token)?;
        self.check(&claims)?;
        Ok(claims)
    }

    fn check(&self, claims: &Map<String, Value>) -> Result<(), Denied> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        if text("iss") != Some(&self.set_up.issuer) {
            let seen = text("iss").map_or("it has no iss".into(), |iss| format!("iss is {}", shown(iss)));
            return Err(Denied::Claim("it is of another issuer", seen));
        }
        let audiences = texts(claims.get("aud"));
        if !audiences.iter().any(|aud| self.set_up.audiences.iter().any(|ours| ours == aud)) {
            let seen: Vec<String> = audiences.iter().take(4).map(|aud| shown(aud)).collect();
            return Err(Denied::Claim("it is not for this server", format!("aud is [{}]", seen.join(", "))));
        }
        let now = self.clock.now().seconds as f64;
        let skew = self.set_up.skew.as_secs_f64();
        let time = |name: &'static str| match claims.get(name) {
            None => Ok(None),
            Some(value) => match value.as_f64() {
                Some(time) => Ok(Some(time)),
                None => Err(Denied::Claim("a time in it is no number", name.into())),
            },
        };
        let off = |name: &str, by: f64| format!("{name} is {by:.0} s away, and {skew:.0} s are let pass");
        match time("exp")? {
            None => return Err(Denied::Claim("it has no exp", "a token that never ends is not taken".into())),
            Some(exp) if now >= exp + skew => return Err(Denied::Claim("it has expired", off("exp", now - exp))),
            Some(_) => {}
        }
        for name in ["nbf", "iat"] {
            if let Some(time) = time(name)?.filter(|time| now < time - skew) {
                return Err(Denied::Claim("it is not valid yet", off(name, time - now)));
            }
        }
        Ok(())
    }

    /// The roles of this server that a token names.
    fn roles(&self, claims: &Map<String, Value>) -> Vec<String> {
        let path = self.set_up.roles_claim.as_str();
        let mut values = texts(claim(claims, path));
        if matches!(path.rsplit('.').next(), Some("scope" | "scp")) {
            values = values.iter().flat_map(|value| value.split(' ')).map(str::to_owned).collect();
        }
        if self.set_up.roles.is_empty() {
            return values;
        }
        let means = |value: &String| {
            let same = self.set_up.roles.iter().filter(move |(its, _)| its == value);
            same.map(|(_, role)| role.clone()).collect::<Vec<_>>()
        };
        values.iter().flat_map(means).collect()
    }

    /// The name for the logs. An account's has no colon, so nobody is taken for one.
    fn name(&self, claims: &Map<String, Value>) -> String {
        let named = claim(claims, &self.set_up.name_claim).and_then(Value::as_str);
        let name = named.or_else(|| claims.get("sub")?.as_str()).unwrap_or("?");
        format!("token:{}", name.chars().filter(|c| !c.is_control()).take(256).collect::<String>())
    }

    fn user(&self, claims: &Map<String, Value>) -> Result<Guid, Denied> {
        if let Some(name) = &self.set_up.user_claim {
            let value = claim(claims, name).and_then(Value::as_str);
            let wrong = |seen: String| Denied::Claim("its claim with the user is no GUID", seen);
            let value = value.ok_or_else(|| wrong(format!("there is no text {name}")))?;
            return Guid::parse(value).map_err(|_| wrong(shown(value)));
        }
        let Some(subject) = claims.get("sub").and_then(Value::as_str) else {
            return Err(Denied::Claim("it has no sub", "its bearer needs a name".into()));
        };
        let issuer = self.set_up.issuer.as_bytes();
        let digest = Blake2s256::new().chain_update(issuer).chain_update([0]).chain_update(subject).finalize();
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(digest).for_each(|(byte, hashed)| *byte = hashed);
        // RFC 9562, version 8: made in a way of one's own.
        bytes[6] = bytes[6] & 0x0F | 0x80;
        bytes[8] = bytes[8] & 0x3F | 0x80;
        Ok(Guid::new(bytes))
    }
}

/// A claim by its name, or by the names that lead to it.
fn claim<'c>(claims: &'c Map<String, Value>, path: &str) -> Option<&'c Value> {
    // Some issuers' names are addresses, with dots of their own.
    claims.get(path).or_else(|| {
        let mut names = path.split('.');
        let first = claims.get(names.next()?)?;
        names.try_fold(first, |value, name| value.get(name))
    })
}

/// One text or a list of texts.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{claim, texts, token};
    use serde_json::{Value, json};

    #[test]
    fn a_claim_is_found_by_its_name_and_by_a_path() {
        let claims = json!({"a.b": ["x"], "realm_access": {"roles": ["y", 7]}, "role": "Card Operators"});
        let claims = claims.as_object().unwrap();
        let found = |path| texts(claim(claims, path));
        assert_eq!(found("a.b"), ["x"]);
        assert_eq!(found("realm_access.roles"), ["y"]);
        assert_eq!(found("role"), ["Card Operators"]);
        for path in ["", "a", "realm_access", "realm_access.roles.0", "role.x"] {
            assert_eq!(found(path), <[&str; 0]>::default(), "{path}");
        }
        assert_eq!(texts(Some(&Value::Null)).len(), 0);
    }

    #[test]
    fn a_header_of_another_scheme_has_no_token() {
        assert_eq!(token("bearer  abc "), Some("abc"));
        for header in ["", "Bearer", "Basic abc"] {
            assert_eq!(token(header), None);
        }
    }
}
