//! The issuer's document: its endpoints, and how a client authenticates.
//!
//! OpenID Connect Discovery 1.0, 4; RFC 8414, 3. The issuer's name in its document must be the address
//! that was configured, apart from a slash at the end and the case of the host. AD FS has another name in
//! its access tokens, `access_token_issuer`, which matters only to a server that checks them.

use super::endpoint::{self, Endpoint};
use super::settings::{ClientAuth, Settings};
use crate::cancel::Canceler;
use crate::error::Error;
use cardwright_core::Code;
use serde::Deserialize;

/// What the document says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Metadata {
    issuer: String,
    token_endpoint: Option<String>,
    device_authorization_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

impl Metadata {
    /// What was configured, completed by the issuer's document where needed.
    pub(super) fn of(settings: &Settings, endpoint: &Endpoint, canceler: &Canceler) -> Result<Self, Error> {
        let is_whole =
            settings.token_endpoint.is_some() && (settings.prompt.is_none() || settings.device_endpoint.is_some());
        let mut metadata = match is_whole {
            true => Metadata { issuer: settings.issuer.clone(), ..Metadata::default() },
            false => Self::discover(&settings.issuer, endpoint, canceler)?,
        };
        metadata.token_endpoint = settings.token_endpoint.clone().or(metadata.token_endpoint);
        metadata.device_authorization_endpoint =
            settings.device_endpoint.clone().or(metadata.device_authorization_endpoint);
        Ok(metadata)
    }

    fn discover(issuer: &str, endpoint: &Endpoint, canceler: &Canceler) -> Result<Self, Error> {
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let answer = endpoint.get(&address, canceler).map_err(|refusal| refusal.error)?;
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
        self.named("token_endpoint", self.token_endpoint.as_deref())
    }

    pub(super) fn device_endpoint(&self) -> Result<&str, Error> {
        self.named("device_authorization_endpoint", self.device_authorization_endpoint.as_deref())
    }

    fn named<'m>(&self, name: &str, address: Option<&'m str>) -> Result<&'m str, Error> {
        let missing = || format!("the issuer's document names no {name}");
        address.ok_or_else(|| Error::answer(Code::Unexpected, 200, &self.issuer, missing()))
    }

    /// How the client authenticates by its secret.
    pub(super) fn auth(&self, wanted: ClientAuth) -> Result<ClientAuth, Error> {
        let accepts = |method: &str| match &self.token_endpoint_auth_methods_supported {
            Some(methods) => methods.iter().any(|known| known == method),
            // Discovery 1.0, 3: the default.
            None => method == "client_secret_basic",
        };
        match wanted {
            ClientAuth::Discover if accepts("client_secret_basic") => Ok(ClientAuth::Basic),
            ClientAuth::Discover if accepts("client_secret_post") => Ok(ClientAuth::Post),
            ClientAuth::Discover => Err(Error::setup(
                Code::Setting,
                format!(
                    "{} takes no client secret, only {}",
                    self.issuer,
                    self.token_endpoint_auth_methods_supported.as_ref().map_or(String::new(), |known| known.join(", "))
                ),
            )),
            given => Ok(given),
        }
    }
}

/// An issuer's name for comparison: scheme and host in small letters, no slash at the end.
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
