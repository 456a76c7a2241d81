//! The settings of ureq's agents: time limits, proxy, and defaults of ureq that are switched off.
//!
//! By default ureq turns error statuses into errors without the server's words, has no time limits and
//! follows redirects. Here redirects are not followed: they usually lead to a sign-in page, and
//! credentials must not go to another host.

use crate::error::Error;
use crate::secret::Secret;
use std::time::Duration;

/// The time limits of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, including TLS. Default: 10 seconds.
    pub connect: Duration,
    /// For the beginning of the answer. Default: 60 seconds.
    pub answer: Duration,
    /// For the next piece of the answer. Default: 30 seconds.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts { connect: Duration::from_secs(10), answer: Duration::from_secs(60), idle: Duration::from_secs(30) }
    }
}

/// The proxy for requests.
#[derive(Debug, Clone, Default)]
pub enum Proxy {
    /// The one of the environment: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`.
    #[default]
    Environment,
    /// No proxy.
    None,
    /// The proxy at this address, which may hold a name and a password.
    Address(Secret),
}

impl From<Option<Secret>> for Proxy {
    /// The proxy at this address, or none.
    fn from(address: Option<Secret>) -> Self {
        address.map_or(Proxy::None, Proxy::Address)
    }
}

/// A configuration of ureq under construction.
type Config = ureq::config::ConfigBuilder<ureq::typestate::AgentScope>;

/// The settings that all agents of this library share.
///
/// # Errors
/// If the proxy's address cannot be used.
pub(crate) fn config(timeouts: Timeouts, proxy: &Proxy, user_agent: &str) -> Result<Config, Error> {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_resolve(Some(timeouts.connect))
        .timeout_connect(Some(timeouts.connect))
        .timeout_send_request(Some(timeouts.connect))
        .timeout_send_body(Some(timeouts.answer))
        .timeout_recv_response(Some(timeouts.answer))
        .timeout_per_read(Some(timeouts.idle))
        .timeout_per_write(Some(timeouts.idle))
        .user_agent(user_agent)
        .accept("application/json");
    Ok(match proxy {
        Proxy::Environment => config,
        Proxy::None => config.proxy(None),
        Proxy::Address(address) => {
            // The address may hold a password, so it is not repeated.
            let proxy = ureq::Proxy::new(address.expose());
            config.proxy(Some(proxy.map_err(|_| Error::setup("the proxy's address cannot be used"))?))
        }
    })
}
