//! What a client of an issuer is configured with.

use crate::secret::Secret;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How a client authenticates to the issuer (RFC 6749, 2.3.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientAuth {
    /// By the issuer's document; `client_secret_basic` if it lists both.
    #[default]
    Discover,
    /// `client_secret_basic`: in the header.
    Basic,
    /// `client_secret_post`: in the form.
    Post,
}

/// What a person needs to sign in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DeviceCode {
    /// The code to type.
    pub user_code: String,
    /// The address of the page for it, in any browser on any device.
    pub address: String,
    /// The same address with the code in it, if the issuer has one.
    pub address_with_code: Option<String>,
    /// How long the code is valid.
    pub lasts: Duration,
}

/// Shows a person the code and where to type it.
pub(super) type Prompt = Arc<dyn Fn(&DeviceCode) + Send + Sync>;

#[derive(Default)]
pub(super) struct Settings {
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) secret: Option<Secret>,
    pub(super) auth: ClientAuth,
    pub(super) token_endpoint: Option<String>,
    pub(super) device_endpoint: Option<String>,
    /// `scope`, `resource`, `audience`, if given.
    pub(super) parameters: Vec<(&'static str, String)>,
    pub(super) prompt: Option<Prompt>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { issuer, client_id, parameters, .. } = self;
        let mut debug = f.debug_struct("Settings");
        debug.field("issuer", issuer).field("client_id", client_id).field("parameters", parameters);
        debug.finish_non_exhaustive()
    }
}
