//! A client of one API, and how it is set up.

use crate::error::Error;
use crate::operate::Check;
use crate::secret::Credentials;
use crate::tls::Trust;
use crate::transport::{Timeouts, Transport};

/// A client of the API `A`, which is [`crate::CertiFlow`] or [`crate::Mim`]. It may be shared between
/// threads.
#[derive(Debug)]
pub struct Client<A> {
    pub(crate) api: A,
    pub(crate) transport: Transport,
    pub(crate) check: Check,
    pub(crate) page_size: u32,
}

/// A client that is being set up.
#[derive(Debug)]
pub struct Builder<A> {
    pub(crate) api: A,
    base: String,
    credentials: Credentials,
    trust: Trust,
    timeouts: Timeouts,
    check: Check,
    page_size: u32,
    max_element: usize,
    user_agent: String,
}

impl<A: Default> Client<A> {
    /// A client of the API whose base is `base`, such as `https://cm.example.com/certiflow/api` or
    /// `https://cm.example.com/CertificateManagement`.
    pub fn builder(base: impl Into<String>) -> Builder<A> {
        Builder {
            api: A::default(),
            base: base.into(),
            credentials: Credentials::Anonymous,
            trust: Trust::system(),
            timeouts: Timeouts::default(),
            check: Check::Warn,
            page_size: 500,
            max_element: 16 << 20,
            user_agent: format!("cardwright/{} ({})", env!("CARGO_PKG_VERSION"), std::env::consts::OS),
        }
    }
}

impl<A> Builder<A> {
    /// How to sign in. Without it: not at all.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Whose certificates to trust. Without it: what the operating system trusts.
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// How long to wait for what.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// What to do about an operation that the tables do not allow. Without it: [`Check::Warn`].
    pub fn check(mut self, check: Check) -> Self {
        self.check = check;
        self
    }

    /// How many cards to ask for at once, at least 1. Without it: 500.
    pub fn page_size(mut self, cards: u32) -> Self {
        self.page_size = cards.max(1);
        self
    }

    /// The largest single card or reply, in bytes. Without it: 16 MiB.
    pub fn max_element(mut self, bytes: usize) -> Self {
        self.max_element = bytes;
        self
    }

    /// What to put before the library's own name in `User-Agent`.
    pub fn user_agent(mut self, product: &str) -> Self {
        self.user_agent = format!("{product} {}", self.user_agent);
        self
    }

    /// The client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Setup`] where the base is no address that can be used.
    pub fn build(self) -> Result<Client<A>, Error> {
        let transport = Transport::new(
            &self.base,
            &self.credentials,
            self.trust,
            self.timeouts,
            &self.user_agent,
            self.max_element,
        )?;
        Ok(Client { api: self.api, transport, check: self.check, page_size: self.page_size })
    }
}
