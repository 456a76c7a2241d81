//! Which proxy a request goes through: the one that was given, or that of the environment, read as curl reads it.
//!
//! For an `https` address `https_proxy`, for an `http` address `http_proxy`, for both `all_proxy`; small letters go
//! before capitals, the scheme's own variable before `all_proxy`, and an empty one counts as not set. `no_proxy` excepts
//! servers. Unlike curl, `HTTP_PROXY` in capitals is taken too, but not in a CGI program, where a client can set it by a
//! header `Proxy`. A proxy that was given is for every server.

use super::address::ProxyAddress;
use super::exceptions::excepts;
use crate::address::Place;
use crate::agent::Proxy;
use crate::error::Error;
use crate::secret::Secret;
use cardwright_core::Code;
use std::ffi::OsString;

/// The variables that matter, in the order in which they are looked at.
const NAMES: [&str; 8] =
    ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"];

/// The proxy through which a request to this address goes; none if it goes to the server itself.
///
/// # Errors
/// [`Error::Setup`] if the address leads nowhere, or the proxy's address, or the variable that holds it, cannot be used.
pub fn proxy_for(setting: &Proxy, address: &str) -> Result<Option<ProxyAddress>, Error> {
    let place =
        Place::of(address).map_err(|why| Error::setup(Code::Address, format!("the address cannot be used: {why}")))?;
    Proxies::new(setting)?.of(&place)
}

/// The setting, with the environment as it was when the setting was made.
#[derive(Debug, Clone)]
pub(crate) enum Proxies {
    /// The same for every server.
    Given(Option<ProxyAddress>),
    /// As the variables say, each with its name.
    Environment(Vec<(&'static str, Result<Secret, NotText>)>),
}

/// A variable is set to something that is no text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NotText;

impl Proxies {
    /// What is set.
    ///
    /// # Errors
    /// [`Error::Setup`] if the given address cannot be used.
    pub(crate) fn new(setting: &Proxy) -> Result<Self, Error> {
        Ok(match setting {
            Proxy::None => Proxies::Given(None),
            Proxy::Environment => Proxies::of_variables(|name| std::env::var_os(name)),
            Proxy::Address(address) => Proxies::Given(Some(parse("the proxy's address", address.expose())?)),
        })
    }

    fn of_variables(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let is_cgi = variable("REQUEST_METHOD").is_some();
        let names = NAMES.into_iter().filter(|name| !(is_cgi && *name == "HTTP_PROXY"));
        let set = names.filter_map(|name| {
            let value = variable(name).filter(|value| !value.is_empty())?;
            Some((name, value.into_string().map(Secret::new).map_err(|_| NotText)))
        });
        Proxies::Environment(set.collect())
    }

    /// The proxy for requests to this place.
    ///
    /// # Errors
    /// [`Error::Setup`] if the variable that is for it cannot be used.
    pub(crate) fn of(&self, place: &Place) -> Result<Option<ProxyAddress>, Error> {
        let variables = match self {
            Proxies::Given(proxy) => return Ok(proxy.clone()),
            Proxies::Environment(variables) => variables,
        };
        let own = if place.is_secure() { "https_proxy" } else { "http_proxy" };
        let first = |wanted: &str| variables.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let Some((name, value)) = first(own).or_else(|| first("all_proxy")) else { return Ok(None) };
        if let Some((name, list)) = first("no_proxy")
            && excepts(text(name, list)?, place)
        {
            return Ok(None);
        }
        let proxy = parse(name, text(name, value)?)?;
        Ok(Some(ProxyAddress { variable: Some(name), ..proxy }))
    }
}

/// The variable of the environment that can give the proxy for requests that are encrypted, or are not.
pub(super) fn variable(secure: bool) -> &'static str {
    if secure { "HTTPS_PROXY" } else { "HTTP_PROXY" }
}

fn text<'v>(name: &str, value: &'v Result<Secret, NotText>) -> Result<&'v str, Error> {
    value.as_ref().map(Secret::expose).map_err(|NotText| Error::setup(Code::Proxy, format!("{name} is not UTF-8")))
}

/// The proxy at this address, which comes from `whence`.
fn parse(whence: &str, address: &str) -> Result<ProxyAddress, Error> {
    ProxyAddress::parse(address).map_err(|why| {
        // The part before an @ may be a password, and so may what follows a second colon, or stands percent-encoded.
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        let may_be_secret = address.contains(['@', '%']) || rest.matches(':').count() > 1;
        let shown = if may_be_secret { String::new() } else { format!(" ({address:?})") };
        Error::setup(Code::Proxy, format!("{whence}{shown} names no proxy that can be used: {why}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(variables: &[(&str, &str)]) -> Proxies {
        Proxies::of_variables(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        })
    }

    fn chosen(variables: &[(&str, &str)], url: &str) -> Result<Option<String>, Error> {
        let place = Place::of(url).expect("an address");
        Ok(proxies(variables).of(&place)?.map(|proxy| proxy.place().host.clone()))
    }

    #[test]
    fn variables_are_looked_at_in_curls_order() {
        let (tls, plain) = ("https://a.example", "http://a.example");
        for (variables, url, host) in [
            (&[][..], tls, None),
            (
                &[("https_proxy", "p"), ("HTTPS_PROXY", "q"), ("all_proxy", "r"), ("http_proxy", "s")][..],
                tls,
                Some("p"),
            ),
            (&[("HTTPS_PROXY", "q"), ("all_proxy", "r")], tls, Some("q")),
            (&[("HTTPS_PROXY", "q")], plain, None),
            (&[("http_proxy", "q"), ("HTTP_PROXY", "r")], tls, None),
            (&[("http_proxy", "q"), ("HTTP_PROXY", "r")], plain, Some("q")),
            (&[("HTTP_PROXY", "r")], plain, Some("r")),
            (&[("all_proxy", "r"), ("ALL_PROXY", "s")], plain, Some("r")),
            (&[("ALL_PROXY", "s")], tls, Some("s")),
            (&[("https_proxy", ""), ("HTTPS_PROXY", "q")], tls, Some("q")),
            (&[("https_proxy", ""), ("ALL_PROXY", "s")], tls, Some("s")),
            (&[("https_proxy", "")], tls, None),
            (&[("https_proxy", "p"), ("no_proxy", "b.example"), ("NO_PROXY", "*")], tls, Some("p")),
            (&[("https_proxy", "p"), ("no_proxy", ""), ("NO_PROXY", "*")], tls, None),
            (&[("https_proxy", "p"), ("NO_PROXY", "example")], tls, None),
            (&[("HTTP_PROXY", "r"), ("REQUEST_METHOD", "GET")], plain, None),
            (&[("http_proxy", "r"), ("REQUEST_METHOD", "GET")], plain, Some("r")),
        ] {
            assert_eq!(chosen(variables, url).expect("usable").as_deref(), host, "{variables:?} {url}");
        }
    }

    #[test]
    fn a_variable_that_cannot_be_used_is_named_and_not_passed_over() {
        let tls = "https://a.example";
        let said = |variables: &[(&str, &str)]| chosen(variables, tls).expect_err("unusable").to_string();
        assert!(said(&[("HTTPS_PROXY", "http//x"), ("ALL_PROXY", "p")]).starts_with("HTTPS_PROXY (\"http//x\")"));
        let hidden = said(&[("all_proxy", "http://joe:hidden@p:99999")]);
        assert!(hidden.starts_with("all_proxy names") && !hidden.contains("hidden") && !hidden.contains("joe"));
        assert!(matches!(chosen(&[("HTTP_PROXY", "http//x")], tls), Ok(None)), "it is not for this address");
        assert!(matches!(chosen(&[("HTTPS_PROXY", "http//x"), ("NO_PROXY", "*")], tls), Ok(None)));
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_no_text_is_an_error() {
        use std::os::unix::ffi::OsStringExt as _;
        let bytes = |name: &str| (name == "https_proxy").then(|| OsString::from_vec(vec![b'p', 0xff]));
        let place = Place::of("https://a.example").expect("an address");
        let error = Proxies::of_variables(bytes).of(&place).expect_err("no text");
        assert_eq!(error.to_string(), "https_proxy is not UTF-8");
    }

    #[test]
    fn a_proxy_that_was_given_is_for_every_server() {
        let given = proxy_for(&Proxy::Address(Secret::new("p:1")), "http://localhost/").expect("usable");
        assert_eq!(given.expect("a proxy").to_string(), "http://p:1");
        assert!(proxy_for(&Proxy::None, "http://a.example").expect("usable").is_none());
        assert!(proxy_for(&Proxy::None, "http://a.example:80800").is_err());
    }
}
