//! A client of one API, and how it is set up.

use crate::engine::{Alone, Settling, Verify};
use crate::error::Error;
use crate::filters::{Obeyed, TrustedFilters};
use crate::operate::Check;
#[cfg(doc)]
use cardwright_core::Code;
use cardwright_core::http::Method;
use cardwright_http::{
    Canceler, Carrier, ClientCertificate, Credentials, Explanation, Headers, Observe, Observer, Proxy, Raw, Retries,
    Secret, Setup, Timeouts, Transport, Trust,
};
use std::sync::Arc;
use std::time::Duration;

/// How many cards to ask for at first, where the caller has not chosen.
pub(crate) const FIRST_PAGE: u32 = 500;

/// A client of the API `A`, which is [`crate::CertiFlow`] or [`crate::Mim`]. It may be shared between
/// threads; copies share their connections.
#[derive(Debug, Clone)]
pub struct Client<A> {
    pub(crate) api: A,
    pub(crate) transport: Arc<Transport>,
    pub(crate) check: Check,
    pub(crate) page_size: Option<u32>,
    pub(crate) trusted: TrustedFilters,
    pub(crate) obeyed: Arc<Obeyed>,
    pub(crate) settling: Settling,
}

/// A client that is being set up.
#[derive(Debug)]
#[must_use = "a client comes of it by `build`"]
pub struct Builder<A> {
    pub(crate) api: A,
    setup: Setup,
    check: Check,
    page_size: Option<u32>,
    trusted: TrustedFilters,
    settling: Settling,
}

impl<A: Default> Client<A> {
    /// A client of the API whose base is `base`, such as `https://cm.example.com/certiflow/api` or
    /// `https://cm.example.com/CertificateManagement`.
    pub fn builder(base: impl Into<String>) -> Builder<A> {
        Self::with(Setup::new(base))
    }

    /// A client with these settings of the transport.
    pub fn with(setup: Setup) -> Builder<A> {
        let (check, page_size, trusted) = (Check::Warn, None, TrustedFilters::default());
        Builder { api: A::default(), setup, check, page_size, trusted, settling: Settling::default() }
    }
}

impl<A> Builder<A> {
    /// How to sign in. Default: anonymous.
    pub fn credentials(mut self, credentials: impl Into<Credentials>) -> Self {
        self.setup.credentials = credentials.into();
        self
    }

    /// Lets bearer tokens go over plain HTTP to another machine, where everybody on the way can read them.
    /// Default: an error, except to this machine.
    pub fn tokens_in_clear(mut self, may: bool) -> Self {
        self.setup.tokens_in_clear = may;
        self
    }

    /// Which certificates to trust. Default: those that the operating system trusts.
    pub fn trust(mut self, trust: Trust) -> Self {
        self.setup.trust = trust;
        self
    }

    /// The certificate that the client shows where the server asks for one.
    pub fn certificate(mut self, certificate: ClientCertificate) -> Self {
        self.setup.certificate = Some(certificate);
        self
    }

    /// The limits on waiting for the server.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.setup.timeouts = timeouts;
        self
    }

    /// What to do about an operation that the tables do not allow. Default: [`Check::Warn`].
    pub fn check(mut self, check: Check) -> Self {
        self.check = check;
        self
    }

    /// Whether a card is read again after an operation. Default: [`Verify::Always`].
    pub fn verify(mut self, verify: Verify) -> Self {
        self.settling.verify = verify;
        self
    }

    /// How long a card is read again after an operation that it does not show yet, with growing pauses. Default: 5
    /// seconds.
    pub fn settle_limit(mut self, limit: Duration) -> Self {
        self.settling.limit = limit;
        self
    }

    /// How many cards to ask for at once, at least 1. Default: as many as the server delivers in a second, 500 at
    /// first and 20,000 at most.
    pub fn page_size(mut self, cards: u32) -> Self {
        self.page_size = Some(cards.max(1));
        self
    }

    /// Filters of lists that are trusted although the server's answers contradict them: a warning takes the place of
    /// the error. Default: none.
    pub fn trust_filters(mut self, filters: TrustedFilters) -> Self {
        self.trusted = filters;
        self
    }

    /// The largest single card or reply, in bytes. Default: 16 MiB.
    pub fn max_element(mut self, bytes: usize) -> Self {
        self.setup.max_element = bytes;
        self
    }

    /// What to put before the library's own name in `User-Agent`.
    pub fn user_agent(mut self, product: &str) -> Self {
        self.setup = self.setup.product(product);
        self
    }

    /// How often and after which pauses to repeat what may be repeated.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.setup.retries = retries;
        self
    }

    /// The proxy, such as `http://proxy.example.com:3128`; `None` for no proxy. Default: what the
    /// environment says (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    pub fn proxy(mut self, proxy: impl Into<Proxy>) -> Self {
        self.setup.proxy = proxy.into();
        self
    }

    /// A header of one's own with each request to the server, such as the key of a gateway. Its value is a secret: no
    /// log has it. Those that the library sets itself are refused by [`Self::build`].
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.setup = self.setup.header(name, value);
        self
    }

    /// Headers of one's own with each request to the server, in place of those before; see [`Headers`].
    pub fn headers(mut self, headers: Headers) -> Self {
        self.setup.headers = headers;
        self
    }

    /// What carries requests in place of connections: a program's tests then answer them without a socket. Retries, lists
    /// and outcomes are as over a network; Negotiate and NTLM are refused by [`Self::build`]. (A whole server for tests is in the crate `cardwright-server`.)
    ///
    /// ```
    /// use cardwright_client::http::{Carrier, Incoming, Outgoing, Undelivered};
    /// use cardwright_client::{CertiFlow, Client, Ending};
    /// use cardwright_core::certiflow::RevocationReason;
    /// use cardwright_core::http::Method;
    /// use std::sync::Arc;
    ///
    /// /// A server that can be read, and to which no change gets through.
    /// #[derive(Debug)]
    /// struct Firewall;
    ///
    /// impl Carrier for Firewall {
    ///     fn carry(&self, request: &Outgoing<'_>) -> Result<Incoming, Undelivered> {
    ///         match request.method {
    ///             Method::Get => Ok(Incoming::json(200, r#"{"id": 7, "state": "Issued"}"#)),
    ///             _ => Err(Undelivered::not_sent("no change gets through")),
    ///         }
    ///     }
    /// }
    ///
    /// let client = Client::<CertiFlow>::builder("https://cm.example.com/certiflow/api").carrier(Arc::new(Firewall)).build()?;
    /// let card = client.card("7")?.ok_or("no such card")?;
    /// let not_done = client.revoke(&card, RevocationReason::CardLost)?.done().expect_err("nothing was sent");
    /// assert_eq!(not_done.ending(), Ending::NotSent);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn carrier(mut self, carrier: Arc<dyn Carrier>) -> Self {
        self.setup = self.setup.carrier(carrier);
        self
    }

    /// An observer of requests and answers. Default: none.
    pub fn observe(mut self, observe: Arc<dyn Observe>) -> Self {
        self.setup.observer = Observer::new(observe);
        self
    }

    /// The client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`http::Error::Setup`](cardwright_http::Error::Setup), whose code says which setting cannot be used:
    ///
    /// - [`Code::Address`]: the base.
    /// - [`Code::Header`]: a header of one's own, the user agent, or a token that no header can carry.
    /// - [`Code::Proxy`]: the proxy, that of the environment included.
    /// - [`Code::Certificate`] and [`Code::Key`]: the client's certificate, or the certificates to trust.
    /// - [`Code::Setting`]: credentials that cannot be used, a feature that is not built in, no cryptography, or a
    ///   [carrier](Self::carrier) with a sign-in that belongs to a connection.
    pub fn build(self) -> Result<Client<A>, Error> {
        let transport = Arc::new(Transport::new(self.setup)?);
        let Builder { api, check, page_size, trusted, settling, .. } = self;
        Ok(Client { api, transport, check, page_size, trusted, obeyed: Arc::default(), settling })
    }
}

impl<A: Clone> Client<A> {
    /// The same client for one list, whose calls have one limit in common.
    pub(crate) fn for_list(&self) -> Self {
        Client { transport: Arc::new(self.transport.for_list()), ..self.clone() }
    }
}

impl<A> Client<A> {
    /// What is around a single operation.
    pub(crate) fn alone(&self) -> Alone<'_> {
        Alone(&self.transport)
    }

    /// The base of the API, with no slash at its end.
    pub fn base(&self) -> &str {
        self.transport.base()
    }

    /// Cancels this client's requests from another thread.
    pub fn canceler(&self) -> Canceler {
        self.transport.canceler().clone()
    }

    /// The same client with a canceler of its own, for one call or a few: over the same connections, with the same
    /// sign-in. That canceler ends at once what the copy waits for, and nothing else; this client's canceler ends it too.
    ///
    /// An operation that is canceled after it was sent is [`Ending::Unknown`](crate::Ending), as nobody has seen how it
    /// ended.
    ///
    /// ```
    /// # use cardwright_client::{CertiFlow, Client, Credentials};
    /// # use cardwright_core::Code;
    /// # use cardwright_server::{Fault, TestServer};
    /// use std::time::Duration;
    ///
    /// # let server = TestServer::start()?;
    /// # server.fault(Fault::at("**/cards/1013").latency(Duration::from_secs(60)))?;
    /// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
    /// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
    /// #     .build()?;
    /// let (one_call, canceler) = client.cancelable();
    /// let found = std::thread::scope(|scope| {
    ///     let found = scope.spawn(|| one_call.card("1013"));
    ///     // Somebody pressed a button.
    ///     std::thread::sleep(Duration::from_millis(50));
    ///     canceler.cancel();
    ///     found.join().expect("no panic")
    /// });
    /// assert_eq!(found.expect_err("nobody waited for it").code(), Code::Canceled);
    /// // The client itself goes on.
    /// assert!(client.card("1065")?.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn cancelable(&self) -> (Self, Canceler)
    where
        A: Clone,
    {
        let (transport, canceler) = self.transport.cancelable();
        (Client { transport: Arc::new(transport), ..self.clone() }, canceler)
    }

    /// The same client with these headers beside its own, for one call or a few, such as an id by which the request is
    /// found again in other logs: over the same connections, with the same sign-in.
    ///
    /// # Errors
    /// [`Code::Header`](cardwright_core::Code::Header) for one that the library sets itself, or that no header can be.
    pub fn with_headers(&self, headers: Headers) -> Result<Self, Error>
    where
        A: Clone,
    {
        let transport = Arc::new(self.transport.with_headers(headers)?);
        Ok(Client { transport, ..self.clone() })
    }

    /// How the last sign-in went: what the server offered, what was tried, what was chosen.
    pub fn explain(&self) -> Explanation {
        self.transport.explain()
    }

    /// The certificates that the server presented at the last TLS handshake, in DER, its own first;
    /// also those of a handshake that failed because they are not trusted. None before the first.
    pub fn presented(&self) -> Vec<Vec<u8>> {
        self.transport.presented()
    }

    /// Sends a request that this library has no method for: any path below the API's base, with its parameters,
    /// and a body of JSON. Sign-in and time limits are as for every request; it is sent once, and the answer is
    /// returned as it is, whatever its status.
    ///
    /// # Errors
    /// [`http::Error::Transport`](cardwright_http::Error::Transport) where no answer came.
    pub fn raw(&self, method: Method, path: &str, body: Option<&str>) -> Result<Raw, Error> {
        Ok(self.transport.raw(method, path, body)?)
    }
}
