//! The address of a proxy, with the account for it.
//!
//! An address that cannot be used is an error when it is given; no error repeats one that may hold a password.

use crate::address::{BadAddress, Place};
use crate::secret::Secret;
use percent_encoding::percent_decode_str;
use std::fmt;
use zeroize::Zeroizing;

/// What is spoken with a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProxyProtocol {
    /// HTTP: a tunnel for `https` (RFC 9110, 9.3.6), requests in absolute form for `http` (RFC 9112, 3.2.2).
    Http,
    /// The same over TLS to the proxy.
    Https,
    /// SOCKS 4: the server's name is resolved here, to an IPv4 address.
    Socks4,
    /// SOCKS 4a: the proxy resolves the server's name.
    Socks4a,
    /// SOCKS 5 (RFC 1928): the server's name is resolved here.
    Socks5,
    /// SOCKS 5: the proxy resolves the server's name.
    Socks5h,
}

impl ProxyProtocol {
    /// Whether requests are made to the proxy by HTTP.
    #[must_use]
    pub fn is_http(self) -> bool {
        matches!(self, ProxyProtocol::Http | ProxyProtocol::Https)
    }

    /// Whether the proxy looks up the server's name.
    #[must_use]
    pub fn resolves_names(self) -> bool {
        !matches!(self, ProxyProtocol::Socks4 | ProxyProtocol::Socks5)
    }

    fn of(scheme: &str) -> Option<Self> {
        Some(match scheme {
            "http" => ProxyProtocol::Http,
            "https" => ProxyProtocol::Https,
            "socks4" => ProxyProtocol::Socks4,
            "socks4a" => ProxyProtocol::Socks4a,
            "socks" | "socks5" => ProxyProtocol::Socks5,
            "socks5h" => ProxyProtocol::Socks5h,
            _ => return None,
        })
    }
}

/// A proxy that requests go through. Neither `Display` nor `Debug` shows the account.
#[derive(Clone)]
pub struct ProxyAddress {
    pub(super) protocol: ProxyProtocol,
    pub(super) place: Place,
    pub(super) account: Option<Account>,
    /// The variable of the environment that holds it.
    pub(super) variable: Option<&'static str>,
}

/// The user and the password in a proxy's address, decoded.
#[derive(Clone)]
pub(super) struct Account {
    pub(super) user: String,
    pub(super) password: Secret,
}

impl ProxyAddress {
    /// A proxy at `HOST:PORT` or `SCHEME://USER:PASSWORD@HOST:PORT`, where user and password are percent-encoded. The
    /// schemes are `http` (the default), `https`, `socks4`, `socks4a`, `socks5` (also `socks`) and `socks5h`.
    ///
    /// # Errors
    /// What is no such address, and a user or a password that its protocol cannot carry.
    pub fn parse(address: &str) -> Result<Self, BadAddress> {
        let address = address.trim();
        let whole = if address.contains("://") { address.to_string() } else { format!("http://{address}") };
        let whole = Zeroizing::new(whole);
        let (_, rest) = whole.split_once("://").unwrap_or_default();
        let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        if !matches!(rest.get(authority.len()..), Some("" | "/")) {
            return Err(BadAddress(
                "something stands after its port: give SCHEME://HOST:PORT, without a path, and percent-encode \
                 special characters of user and password",
            ));
        }
        let place = Place::of(&whole)?;
        let protocol = ProxyProtocol::of(&place.scheme).ok_or(BadAddress("its scheme is not known"))?;
        let account = authority.rsplit_once('@').map(|(account, _)| Account::parse(account)).transpose()?.flatten();
        match &account {
            Some(_) if matches!(protocol, ProxyProtocol::Socks4 | ProxyProtocol::Socks4a) => {
                return Err(BadAddress("SOCKS 4 has no sign-in with user and password: use socks5"));
            }
            // RFC 1929, 2: the lengths are bytes, and not zero.
            Some(account) if !protocol.is_http() && !account.fits_socks() => {
                return Err(BadAddress("SOCKS takes a user and a password of 1 to 255 bytes each"));
            }
            _ => {}
        }
        Ok(ProxyAddress { protocol, place, account, variable: None })
    }

    /// What is spoken with it.
    #[must_use]
    pub fn protocol(&self) -> ProxyProtocol {
        self.protocol
    }

    /// Where it is.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Whether both are one proxy, with one account.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let account = |address: &Self| {
            let account = address.account.as_ref();
            account.map(|account| Secret::concat(&[&account.user, ":", account.password.expose()]))
        };
        let (ours, theirs) = (account(self), account(other));
        let is_account = ours.as_ref().map(Secret::expose) == theirs.as_ref().map(Secret::expose);
        self.protocol == other.protocol && self.place == other.place && is_account
    }

    /// Whether its address holds a user and a password.
    #[must_use]
    pub fn has_account(&self) -> bool {
        self.account.is_some()
    }
}

/// Without user and password.
impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.place.scheme, self.place.host_and_port())
    }
}

impl fmt::Debug for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxyAddress({self})")
    }
}

impl Account {
    /// `USER:PASSWORD` or `USER`, percent-encoded; nothing if both are empty.
    fn parse(text: &str) -> Result<Option<Self>, BadAddress> {
        let (user, password) = text.split_once(':').unwrap_or((text, ""));
        let decoded = |part: &str| {
            let decoded = percent_decode_str(part).decode_utf8();
            let decoded = decoded.map_err(|_| BadAddress("its user or password is not UTF-8"))?;
            match decoded.chars().any(char::is_control) {
                true => Err(BadAddress("its user or password holds a control character")),
                false => Ok(decoded.into_owned()),
            }
        };
        let (user, password) = (decoded(user)?, Secret::new(decoded(password)?));
        if user.contains(':') {
            return Err(BadAddress("its user holds a colon, which no sign-in to a proxy can carry"));
        }
        Ok((!user.is_empty() || !password.expose().is_empty()).then_some(Account { user, password }))
    }

    /// Whether it is that of a Windows domain.
    pub(super) fn has_domain(&self) -> bool {
        self.user.contains('\\')
    }

    fn fits_socks(&self) -> bool {
        [self.user.len(), self.password.expose().len()].iter().all(|length| (1..=255).contains(length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_read_with_its_account_and_shown_without_it() {
        use ProxyProtocol::*;
        for (address, protocol, shown, account) in [
            ("proxy.example:3128", Http, "http://proxy.example:3128", None),
            (" http://p/ ", Http, "http://p:80", None),
            ("HTTPS://p", Https, "https://p:443", None),
            ("user:a%40b%2f@[::1]:8", Http, "http://[::1]:8", Some(("user", "a@b/"))),
            ("http://D%5Cjoe:p@ss@p:1", Http, "http://p:1", Some(("D\\joe", "p@ss"))),
            ("http://joe@p:1", Http, "http://p:1", Some(("joe", ""))),
            ("http://:@p:1", Http, "http://p:1", None),
            ("socks://p", Socks5, "socks://p:1080", None),
            ("socks4a://p:9", Socks4a, "socks4a://p:9", None),
            ("socks5h://u:%C3%A4@p", Socks5h, "socks5h://p:1080", Some(("u", "ä"))),
        ] {
            let read = ProxyAddress::parse(address).expect(address);
            assert_eq!((read.protocol(), read.to_string().as_str()), (protocol, shown), "{address}");
            let its = read.account.as_ref().map(|account| (account.user.as_str(), account.password.expose()));
            assert_eq!(its, account, "{address}");
            assert!(!format!("{read:?}").contains("joe"), "{read:?}");
        }
    }

    #[test]
    fn what_cannot_be_carried_out_is_an_error_that_repeats_no_password() {
        for address in [
            "http//x",
            "",
            "http://",
            "p:80800",
            "p:0",
            "http://joe:hidden@p:80800",
            "ftp://joe:hidden@p",
            "http://joe:hid/den@p",
            "http://joe:hidden%0d%0a@p",
            "http://joe:hidden%ff@p",
            "http://joe%3Ax:hidden@p",
            "http://p:3128/proxy.pac",
            "socks4://joe:hidden@p",
            "socks5://joe@p",
            "socks5://:hidden@p",
            "socks6://p",
            "http://a b",
        ] {
            let said = ProxyAddress::parse(address).expect_err(address).to_string();
            assert!(!said.contains("hid") && !said.contains("joe"), "{said}");
        }
        assert!(ProxyAddress::parse(&format!("socks5://u:{}@p", "x".repeat(256))).is_err());
    }
}
