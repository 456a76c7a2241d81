//! A proxy in use: where it is, how it is reached, and the sign-in to it.

use super::address::{ProxyAddress, ProxyProtocol};
use super::refusal::{ProxyFault, ProxyUnreachable};
use super::sign_in::ProxySignIn;
use crate::beneath::Beneath;
use crate::error::Error;
use crate::resolve::NameNotFound;
use crate::tls::{TlsCause, TlsFailure};
use cardwright_core::Code;
use ureq::config::Config;
use ureq::http::Uri;

/// A proxy, shared by all connections of a client.
#[derive(Debug)]
pub(crate) struct Route {
    pub(super) address: ProxyAddress,
    pub(super) sign_in: ProxySignIn,
    pub(super) user_agent: String,
    /// Its address without an account, as ureq's connectors take it.
    pub(super) uri: Uri,
    /// The configuration for the connection to the proxy: for SOCKS with the proxy, for HTTP without one.
    pub(super) config: Config,
}

impl Route {
    /// The way through this proxy.
    ///
    /// # Errors
    /// If ureq does not take the address.
    pub(crate) fn new(address: ProxyAddress, user_agent: &str) -> Result<Self, Error> {
        let unusable = || Error::setup(Code::Proxy, format!("the proxy {address} cannot be used"));
        let scheme = if address.protocol == ProxyProtocol::Https { "https" } else { "http" };
        let uri = format!("{scheme}://{}/", address.place.host_and_port()).parse().map_err(|_| unusable())?;
        let proxy = socks(&address).map(|proxy| proxy.map_err(|_| unusable())).transpose()?;
        let config = ureq::Agent::config_builder().proxy(proxy).user_agent(user_agent).build();
        let sign_in = ProxySignIn::new(&address);
        Ok(Route { address, sign_in, user_agent: user_agent.to_string(), uri, config })
    }

    /// The same way for a child process, which takes over what must not be forgotten.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(crate) fn fresh(&self) -> Result<Self, Error> {
        let fresh = Self::new(self.address.clone(), &self.user_agent)?;
        fresh.remember(self);
        Ok(fresh)
    }

    /// Takes over what must not be forgotten of the parent process.
    pub(crate) fn remember(&self, parent: &Self) {
        self.sign_in.remember(&parent.sign_in);
    }

    /// The proxy's address without an account.
    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Whether it is the way through this proxy, as this account.
    pub(crate) fn goes_through(&self, address: &ProxyAddress) -> bool {
        self.address.is_same(address)
    }

    /// The sign-in to the proxy, if requests that are encrypted, or are not, are made to the proxy itself.
    pub(crate) fn forwards(&self, secure: bool) -> Option<&ProxySignIn> {
        (self.address.protocol.is_http() && !secure).then_some(&self.sign_in)
    }

    /// Whether the proxy looks up the server's name.
    pub(crate) fn resolves_names(&self) -> bool {
        self.address.protocol.resolves_names()
    }

    /// The error that this proxy cannot be reached.
    pub(super) fn unreachable(&self, fault: ProxyFault, words: impl Into<String>) -> ureq::Error {
        self.unreachable_for(fault, words, Beneath::default())
    }

    fn unreachable_for(&self, fault: ProxyFault, words: impl Into<String>, below: Beneath) -> ureq::Error {
        let (proxy, words) = (self.address.place.host_and_port(), words.into());
        let unproven = fault == ProxyFault::NoAnswer && self.sign_in.is_unproven();
        ureq::Error::Other(Box::new(ProxyUnreachable { proxy, fault, unproven, words, below }))
    }

    /// An error on the way to the proxy or of its connection, which does not say whose it is.
    pub(super) fn named(&self, error: ureq::Error) -> ureq::Error {
        match error {
            ureq::Error::Io(error) if !error.get_ref().is_some_and(|below| below.is::<rustls::Error>()) => {
                use std::io::ErrorKind;
                let fault = match error.kind() {
                    ErrorKind::UnexpectedEof
                    | ErrorKind::ConnectionReset
                    | ErrorKind::ConnectionAborted
                    | ErrorKind::BrokenPipe
                    | ErrorKind::InvalidData => ProxyFault::NoAnswer,
                    _ => ProxyFault::NoConnection,
                };
                self.unreachable_for(fault, error.to_string(), Beneath::of(error))
            }
            ureq::Error::Other(error) if error.is::<NameNotFound>() => {
                let (words, below) = (error.to_string(), Beneath::of_box(error));
                self.unreachable_for(ProxyFault::NoName, words, below)
            }
            ureq::Error::Other(error) => match error.downcast::<TlsFailure>() {
                // It is no proxy that is addressed by https://.
                Ok(failure) if matches!(failure.cause, TlsCause::NotTls | TlsCause::Closed) => {
                    self.unreachable_for(ProxyFault::NoAnswer, failure.to_string(), Beneath::of(*failure))
                }
                Ok(failure) => ureq::Error::Other(Box::new(failure.of_proxy())),
                Err(error) => ureq::Error::Other(error),
            },
            ureq::Error::ConnectionFailed => self.unreachable(ProxyFault::NoConnection, "it takes no connection"),
            ureq::Error::Timeout(reason) if reason != ureq::Timeout::Global => {
                self.unreachable(ProxyFault::NoAnswer, "neither it nor the server behind it answers in time")
            }
            other => other,
        }
    }
}

/// The proxy of ureq's own connector, if it is one of SOCKS.
fn socks(address: &ProxyAddress) -> Option<Result<ureq::Proxy, ureq::Error>> {
    let protocol = match address.protocol {
        ProxyProtocol::Http | ProxyProtocol::Https => return None,
        ProxyProtocol::Socks4 => ureq::ProxyProtocol::Socks4,
        ProxyProtocol::Socks4a => ureq::ProxyProtocol::Socks4A,
        ProxyProtocol::Socks5 => ureq::ProxyProtocol::Socks5,
        ProxyProtocol::Socks5h => ureq::ProxyProtocol::Socks5h,
    };
    let place = &address.place;
    let host = if place.host.contains(':') { format!("[{}]", place.host) } else { place.host.clone() };
    let mut builder = ureq::Proxy::builder(protocol).host(&host).port(place.port);
    if let Some(account) = &address.account {
        builder = builder.username(&account.user).password(account.password.expose());
    }
    Some(builder.build())
}
