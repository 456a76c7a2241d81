//! Checking bearer tokens.
//!
//! A token is accepted if one of the issuer's keys has signed it, it is for this server, and it is valid now; its
//! bearer has the rights of the roles in it. The log says in detail why a token was refused; the client gets a
//! sentence that reveals nothing secret.
//!
//! RFC 6750; RFC 7519, 4.1; RFC 9068, 4.

use super::keys::Keyring;
use super::settings::Bearer;
use crate::jwt::{Jwt, Refused, shown};
use crate::registry::{Caller, Registry, Rights, Who};
use crate::uuid::version_8;
use crate::visible::{is_visible, visible};
use crate::{Clock, Error};
use blake2::Blake2s256;
use blake2::digest::Digest as _;
use cardwright_core::identity::Guid;
use core::fmt;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Why a bearer is refused.
#[derive(Debug)]
pub(crate) enum Denied {
    /// The token itself is wrong.
    Token(Refused),
    /// A claim is missing or wrong: the sentence for the client, and the detail for the operator.
    Claim(&'static str, String),
    /// The token is good, and names no role of this server.
    NoRole,
    /// The issuer's keys are not available.
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
    /// The challenge for the client (RFC 6750, 3). The sentence contains nothing from outside.
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

    /// Whether another way to sign in would not help.
    pub(crate) const fn is_forbidden(&self) -> bool {
        matches!(self, Denied::NoRole)
    }
}

/// The longest subject in bytes (OpenID Connect Core 1.0, 2).
const MAX_SUBJECT: usize = 255;

/// The challenge to a client without a token.
pub(crate) const CHALLENGE: &str = r#"Bearer realm="Cardwright""#;

/// Checks tokens.
pub(crate) struct Tokens {
    settings: Bearer,
    keyring: Arc<Keyring>,
    clock: Arc<dyn Clock>,
}

/// The token of an `Authorization` header; `None` for another scheme.
pub(crate) fn token(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

impl Tokens {
    /// Checks the settings as far as possible without a token.
    ///
    /// # Errors
    /// [`Error::Bearer`] if there is no audience, an address cannot be used, or a file holds no keys;
    /// [`Error::NoSuchRole`].
    pub(crate) fn new(settings: Bearer, clock: Arc<dyn Clock>, registry: &Registry) -> Result<Self, Error> {
        if settings.issuer.is_empty() || settings.audiences.iter().all(String::is_empty) {
            return Err(Error::Bearer("an issuer and an audience are needed".into()));
        }
        for (_, role) in &settings.roles {
            let known = registry.read(|reading| reading.rights(role))?;
            known.ok_or_else(|| Error::NoSuchRole(role.clone()))?;
        }
        let keyring = Arc::new(Keyring::new(&settings).map_err(Error::Bearer)?);
        Ok(Tokens { settings, keyring, clock })
    }

    /// Reads the issuer's keys again. The old ones are kept if that fails.
    ///
    /// # Errors
    /// [`Error::Bearer`].
    pub(crate) async fn reload(&self) -> Result<(), Error> {
        self.keyring.reload().await.map_err(Error::Bearer)
    }

    /// The bearer of a token.
    pub(crate) async fn caller(&self, registry: &Registry, token: &str) -> Result<Result<Arc<Caller>, Denied>, Error> {
        let claims = match self.claims(token).await {
            Ok(claims) => claims,
            Err(denied) => return Ok(Err(denied)),
        };
        let values = self.roles(&claims);
        let find = move |registry: &Registry| {
            // Whether this server may use the registry at all.
            registry.epoch()?;
            registry.read(|reading| {
                let found = values.iter().map(|role| reading.rights(role));
                found.filter_map(Result::transpose).collect::<Result<Vec<_>, Error>>()
            })
        };
        let rights = registry.look(find).await?;
        if rights.is_empty() {
            return Ok(Err(Denied::NoRole));
        }
        let rights = rights.into_iter().fold(Rights::default(), Rights::and);
        Ok(self.bearer(&claims).map(|(who, user)| Arc::new(Caller { who, user, rights })))
    }

    /// The claims of a token that is signed, for this server, and valid now.
    async fn claims(&self, token: &str) -> Result<Map<String, Value>, Denied> {
        let jwt = Jwt::parse(token).map_err(Denied::Token)?;
        let keys = self.keyring.keys().await.map_err(Denied::Keys)?;
        let claims = match jwt.verify(&keys) {
            Err(Refused::NoKey(which)) => match self.keyring.newer_than(&keys).await {
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
        if text("iss") != Some(&self.settings.issuer) {
            let seen = text("iss").map_or("it has no iss".into(), |iss| format!("iss is {}", shown(iss)));
            return Err(Denied::Claim("it is of another issuer", seen));
        }
        let audiences = texts(claims.get("aud"));
        if !audiences.iter().any(|aud| self.settings.audiences.iter().any(|ours| ours == aud)) {
            let seen: Vec<String> = audiences.iter().take(4).map(|aud| shown(aud)).collect();
            return Err(Denied::Claim("it is not for this server", format!("aud is [{}]", seen.join(", "))));
        }
        let now = self.clock.now().seconds as f64;
        let skew = self.settings.skew.as_secs_f64();
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
        let path = self.settings.roles_claim.as_str();
        let mut values = texts(claim(claims, path));
        if matches!(path.rsplit('.').next(), Some("scope" | "scp")) {
            values = values.iter().flat_map(|value| value.split(' ')).map(str::to_owned).collect();
        }
        if self.settings.roles.is_empty() {
            return values;
        }
        let means = |value: &String| {
            let same = self.settings.roles.iter().filter(move |(its, _)| its == value);
            same.map(|(_, role)| role.clone()).collect::<Vec<_>>()
        };
        values.iter().flat_map(means).collect()
    }

    /// The bearer, and its user.
    fn bearer(&self, claims: &Map<String, Value>) -> Result<(Who, Guid), Denied> {
        let user = self.user(claims)?;
        let subject = match (claims.get("sub").and_then(Value::as_str), user) {
            (Some(subject), _) => subject.to_owned(),
            // Some access tokens of AD FS have no sub.
            (None, Some(user)) => user.to_string(),
            (None, None) => return Err(Denied::Claim("it has no sub", "its bearer needs a name".into())),
        };
        // Nothing is removed from a subject: another one might remain.
        if subject.is_empty() || subject.len() > MAX_SUBJECT || !is_visible(&subject) {
            return Err(Denied::Claim("its sub is empty, too long or has control characters", shown(&subject)));
        }
        let named = claim(claims, &self.settings.name_claim).and_then(Value::as_str).unwrap_or(&subject);
        // Names of accounts have no colon, so it is never mistaken for one.
        let name = format!("token:{}", visible(named).chars().take(256).collect::<String>());
        let who = Who::bearer(&self.settings.issuer, &subject, &name);
        let user = user.unwrap_or_else(|| derived(&self.settings.issuer, &subject));
        Ok((who, user))
    }

    /// The user that the claim for it names, where the settings have one.
    fn user(&self, claims: &Map<String, Value>) -> Result<Option<Guid>, Denied> {
        let Some(name) = &self.settings.user_claim else { return Ok(None) };
        let value = claim(claims, name).and_then(Value::as_str);
        let wrong = |seen: String| Denied::Claim("its claim with the user is no GUID", seen);
        let value = value.ok_or_else(|| wrong(format!("there is no text {name}")))?;
        Guid::parse(value).map(Some).map_err(|_| wrong(shown(value)))
    }
}

/// The user of a subject whose token names none.
fn derived(issuer: &str, subject: &str) -> Guid {
    let digest = Blake2s256::new().chain_update(issuer).chain_update([0]).chain_update(subject).finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, hashed)| *byte = hashed);
    version_8(bytes)
}

/// A claim by its name, or by a path of names.
fn claim<'c>(claims: &'c Map<String, Value>, path: &str) -> Option<&'c Value> {
    // Some issuers use addresses, which contain dots, as names.
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
