//! The issuer's document: where tokens are, and how a client shows who it is.
//!
//! OpenID Connect Discovery 1.0, 4; RFC 8414, 3. An issuer's name in its document must be the address
//! that it was asked at; a slash at the end and the case of the host do not count. AD FS has another name
//! in its access tokens, `access_token_issuer`, which matters to who checks them and not here.

use super::endpoint::{self, Endpoint};
use super::{ClientAuth, SetUp};
use crate::error::Error;
use cardwright_core::Code;
use serde::Deserialize;

/// Where things are.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Metadata {
    issuer: String,
    token_endpoint: Option<String>,
    device_authorization_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

impl Metadata {
    /// What was given; the rest is the issuer's to say.
    pub(super) fn of(set_up: &SetUp, endpoint: &Endpoint) -> Result<Self, Error> {
        let is_whole = set_up.token_endpoint.is_some() && (set_up.prompt.is_none() || set_up.device_endpoint.is_some());
        let mut metadata = match is_whole {
            true => Metadata { issuer: set_up.issuer.clone(), ..Metadata::default() },
            false => Self::discover(&set_up.issuer, endpoint)?,
        };
        metadata.token_endpoint = set_up.token_endpoint.clone().or(metadata.token_endpoint);
        metadata.device_authorization_endpoint =
            set_up.device_endpoint.clone().or(metadata.device_authorization_endpoint);
        Ok(metadata)
    }

    fn discover(issuer: &str, endpoint: &Endpoint) -> Result<Self, Error> {
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let answer = endpoint.get(&address).map_err(|refusal| refusal.error)?;
        let metadata: Metadata = answer.json()?;
        if normal(&metadata.issuer) != normal(issuer) {
            let name = metadata.issuer.chars().take(200).collect::<String>();
            return Err(answer.unreadable(&format!(
                "the document is that of the issuer {name:?}, and {issuer:?} was asked: give the issuer as its document spells it"
            )));
        }
        let places = [&metadata.token_endpoint, &metadata.device_authorization_endpoint];
        for place in places.into_iter().flatten() {
            endpoint::check(place).map_err(|why| answer.unreadable(&why))?;
        }
        Ok(metadata)
    }

    pub(super) fn token_endpoint(&self) -> Result<&str, Error> {
        self.token_endpoint.as_deref().ok_or_else(|| self.lacks("token_endpoint"))
    }

    pub(super) fn device_endpoint(&self) -> Result<&str, Error> {
        self.device_authorization_endpoint.as_deref().ok_or_else(|| self.lacks("device_authorization_endpoint"))
    }

    fn lacks(&self, what: &str) -> Error {
        let words = format!("the issuer's document names no {what}");
        Error::answer(Code::Unexpected, 200, &self.issuer, words)
    }

    /// How the client shows its secret.
    pub(super) fn auth(&self, wanted: ClientAuth) -> Result<ClientAuth, Error> {
        let takes = |method: &str| match &self.token_endpoint_auth_methods_supported {
            Some(methods) => methods.iter().any(|its| its == method),
            // Discovery 1.0, 3: the default.
            None => method == "client_secret_basic",
        };
        match wanted {
            ClientAuth::Discover if takes("client_secret_basic") => Ok(ClientAuth::Basic),
            ClientAuth::Discover if takes("client_secret_post") => Ok(ClientAuth::Post),
            ClientAuth::Discover => Err(Error::setup(format!(
                "{} takes no client secret, only {}",
                self.issuer,
                self.token_endpoint_auth_methods_supported.as_ref().map_or(String::new(), |its| its.join(", "))
            ))),
            given => Ok(given),
        }
    }
}

/// An issuer's name as it is compared: scheme and host in small letters, no slash at the end.
fn normal(issuer: &str) -> String {
    let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
    let after = issuer.find("://").map_or(0, |at| at + 3);
    let end = issuer.get(after..).and_then(|rest| rest.find('/')).map_or(issuer.len(), |at| after + at);
    let (origin, path) = issuer.split_at(end);
    origin.to_ascii_lowercase() + path
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn a_slash_and_the_case_of_the_host_do_not_count_and_the_path_does() {
        assert_eq!(normal("https://ADFS.example/adfs/"), normal("https://adfs.example/adfs"));
        assert_eq!(normal("https://H/"), normal("https://h"));
        for other in ["https://h/adfs", "https://h/Adfs/x", "https://h.example", "http://h", "https://h:8443"] {
            assert_ne!(normal("https://h/Adfs"), normal(other), "{other}");
        }
        assert_eq!(normal("ä"), "ä");
    }
}
