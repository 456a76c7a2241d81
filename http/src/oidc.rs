//! Tokens of an OpenID Connect or OAuth 2.0 issuer, AD FS among them: for a program by its own secret
//! (client credentials), for a person by a code to type on any device.
//!
//! A token is kept until shortly before it ends, and then renewed; threads that need one at the same
//! time wait for one request. A failure is told to all of them, so that a wrong secret is tried once.
//! Everything has a time limit. What an issuer says goes into errors; secrets, codes and tokens do not.
//!
//! RFC 6749 (4.4, 6), RFC 8628 (device code), RFC 8414 and OpenID Connect Discovery 1.0, RFC 8707
//! (`resource`).

mod cache;
mod device;
mod endpoint;
mod metadata;

pub use device::DeviceCode;

use crate::agent::{Proxy, Timeouts};
use crate::error::Error;
use crate::retry::Canceler;
use crate::secret::Secret;
use crate::sign_in::TokenSource;
use crate::tls::Trust;
use cache::Cache;
use cardwright_core::Code;
use endpoint::{Endpoint, Form};
use metadata::Metadata;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// Tokens of an issuer for one client of its. Copies share them.
///
/// ```no_run
/// use cardwright_http::{Credentials, Oidc, Secret, Setup, Transport};
/// use std::sync::Arc;
///
/// let tokens = Oidc::builder("https://adfs.example.com/adfs", "cardwright")
///     .secret(Secret::new(std::env::var("CLIENT_SECRET")?))
///     .resource("https://cm.example.com/certiflow")
///     .build()?;
/// let credentials = Credentials::Tokens(Arc::new(tokens));
/// let transport = Transport::new(Setup { credentials, ..Setup::new("https://cm.example.com/certiflow/api") })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Oidc(Arc<Inner>);

/// An [`Oidc`] that is being set up.
pub struct OidcBuilder {
    set_up: SetUp,
    trust: Trust,
    timeouts: Timeouts,
    proxy: Proxy,
    cache: Option<PathBuf>,
}

/// How a client shows to the issuer that it is the client (RFC 6749, 2.3.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClientAuth {
    /// As the issuer's document says, `client_secret_basic` rather than the other.
    #[default]
    Discover,
    /// `client_secret_basic`: in the header.
    Basic,
    /// `client_secret_post`: in the form.
    Post,
}

/// Who is told the code and where to type it.
type Prompt = Arc<dyn Fn(&DeviceCode) + Send + Sync>;

struct SetUp {
    issuer: String,
    client_id: String,
    secret: Option<Secret>,
    auth: ClientAuth,
    token_endpoint: Option<String>,
    device_endpoint: Option<String>,
    /// `scope`, `resource`, `audience`, where they are given.
    wanted: Vec<(&'static str, String)>,
    prompt: Option<Prompt>,
}

struct Inner {
    set_up: SetUp,
    endpoint: Endpoint,
    cache: Option<Cache>,
    state: Mutex<State>,
    landed: Condvar,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// A token that a server has refused.
    refused: Option<Secret>,
    metadata: Option<Metadata>,
    /// Whether somebody asks for a token.
    is_flying: bool,
    /// How often somebody did, and what came of the last time where it failed.
    flights: u64,
    failure: Option<Arc<Error>>,
}

/// A token, and until when it is good.
#[derive(Clone)]
struct Token {
    access: Secret,
    refresh: Option<Secret>,
    /// `None` where the issuer does not say.
    ends: Option<SystemTime>,
    /// When to get another.
    renew: Option<SystemTime>,
}

/// How long before its end a token is renewed, at most.
const MARGIN: Duration = Duration::from_secs(60);

/// How often a thread that waits for another's token looks whether it was told to stop.
const LOOK: Duration = Duration::from_millis(100);

impl Oidc {
    /// Tokens for this client of the issuer at this address, such as `https://adfs.example.com/adfs`:
    /// below it is `/.well-known/openid-configuration`. It is `https`, except on this computer.
    pub fn builder(issuer: impl Into<String>, client_id: impl Into<String>) -> OidcBuilder {
        OidcBuilder {
            set_up: SetUp {
                issuer: issuer.into(),
                client_id: client_id.into(),
                secret: None,
                auth: ClientAuth::default(),
                token_endpoint: None,
                device_endpoint: None,
                wanted: Vec::new(),
                prompt: None,
            },
            trust: Trust::system(),
            timeouts: Timeouts {
                connect: Duration::from_secs(10),
                answer: Duration::from_secs(30),
                idle: Duration::from_secs(10),
            },
            proxy: Proxy::default(),
            cache: None,
        }
    }

    /// Gets a token now, where there is none that is good: for finding out early, or for asking a person
    /// before the work begins.
    ///
    /// # Errors
    /// [`Error::NoToken`].
    pub fn sign_in(&self) -> Result<Secret, Error> {
        self.token(&Canceler::new())
    }
}

impl OidcBuilder {
    /// The client's secret.
    #[must_use]
    pub fn secret(mut self, secret: Secret) -> Self {
        self.set_up.secret = Some(secret);
        self
    }

    /// How the secret is shown. Without it: as the issuer's document says.
    #[must_use]
    pub fn client_auth(mut self, auth: ClientAuth) -> Self {
        self.set_up.auth = auth;
        self
    }

    /// Asks a person: `prompt` is told the code and where to type it, and the token is that person's.
    /// Without it, the token is the client's own, by its secret.
    #[must_use]
    pub fn device_code(mut self, prompt: impl Fn(&DeviceCode) + Send + Sync + 'static) -> Self {
        self.set_up.prompt = Some(Arc::new(prompt));
        self
    }

    /// What the token is to be good for, with blanks between. Some issuers want `offline_access` among
    /// them to renew a person's token without asking again.
    #[must_use]
    pub fn scope(self, scope: impl Into<String>) -> Self {
        self.wants("scope", scope.into())
    }

    /// Which server the token is for, by the address or name that the issuer knows it by (RFC 8707; AD FS
    /// wants it: the relying party's identifier).
    #[must_use]
    pub fn resource(self, resource: impl Into<String>) -> Self {
        self.wants("resource", resource.into())
    }

    /// The same for issuers that call it `audience`.
    #[must_use]
    pub fn audience(self, audience: impl Into<String>) -> Self {
        self.wants("audience", audience.into())
    }

    fn wants(mut self, name: &'static str, value: String) -> Self {
        self.set_up.wanted.retain(|(its, _)| *its != name);
        self.set_up.wanted.push((name, value));
        self
    }

    /// Where tokens are, for an issuer without a document that says so.
    #[must_use]
    pub fn token_endpoint(mut self, address: impl Into<String>) -> Self {
        self.set_up.token_endpoint = Some(address.into());
        self
    }

    /// Where device codes are, for an issuer without a document that says so.
    #[must_use]
    pub fn device_endpoint(mut self, address: impl Into<String>) -> Self {
        self.set_up.device_endpoint = Some(address.into());
        self
    }

    /// Keeps the token in this file too, for the next process. Only its owner can read it; whoever else
    /// does can act as its bearer until it ends. Without it: in memory alone.
    #[must_use]
    pub fn cache(mut self, file: impl Into<PathBuf>) -> Self {
        self.cache = Some(file.into());
        self
    }

    /// Whose certificates to trust, as for a client.
    #[must_use]
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// How long to wait for what. Without it: 10 seconds for a connection, 30 for an answer.
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// The proxy, as for a client.
    #[must_use]
    pub fn proxy(mut self, proxy: impl Into<Proxy>) -> Self {
        self.proxy = proxy.into();
        self
    }

    /// The source of tokens. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Setup`] where an address cannot be used, or there is neither a secret nor a person to ask.
    pub fn build(self) -> Result<Oidc, Error> {
        let OidcBuilder { set_up, trust, timeouts, proxy, cache } = self;
        let given = [Some(&set_up.issuer), set_up.token_endpoint.as_ref(), set_up.device_endpoint.as_ref()];
        for address in given.into_iter().flatten() {
            endpoint::check(address).map_err(Error::setup)?;
        }
        if set_up.client_id.is_empty() {
            return Err(Error::setup("the issuer knows clients by their id, and there is none"));
        }
        if set_up.secret.is_none() && set_up.prompt.is_none() {
            return Err(Error::setup("a client without a secret gets tokens by a device code alone"));
        }
        let endpoint = Endpoint::new(trust, timeouts, proxy)?;
        let cache = cache.map(|file| Cache::new(file, &set_up));
        let (state, landed) = (Mutex::default(), Condvar::new());
        Ok(Oidc(Arc::new(Inner { set_up, endpoint, cache, state, landed })))
    }
}

impl TokenSource for Oidc {
    fn token(&self, canceler: &Canceler) -> Result<Secret, Error> {
        let inner = &*self.0;
        let mut state = inner.state();
        let mut waits_for = None;
        loop {
            if canceler.is_canceled() {
                return Err(Error::no_token(inner.canceled()));
            }
            if let Some(token) = state.token.as_ref().filter(|token| token.is_fresh()) {
                return Ok(token.access.clone());
            }
            if let Some(failure) = state.failure.as_ref().filter(|_| waits_for == Some(state.flights)) {
                return Err(Error::NoToken(Arc::clone(failure)));
            }
            if !state.is_flying {
                break;
            }
            waits_for = Some(state.flights);
            state = inner.landed.wait_timeout(state, LOOK).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.is_flying = true;
        state.flights += 1;
        state.failure = None;
        let (had, refused) = (state.token.clone(), state.refused.clone());
        drop(state);

        // Lands also where the prompt panics.
        let flight = Flight(inner);
        let token = inner.obtain(had, refused.as_ref(), canceler);
        let mut state = inner.state();
        let told = match token {
            Ok(token) => {
                let access = token.access.clone();
                state.token = Some(token);
                Ok(access)
            }
            // That one was told to stop is no news for the others: the next of them asks.
            Err(error) if error.code() == Code::Canceled => Err(Error::no_token(error)),
            Err(error) => {
                let failure = Arc::new(error);
                state.failure = Some(Arc::clone(&failure));
                Err(Error::NoToken(failure))
            }
        };
        drop(state);
        drop(flight);
        told
    }

    fn renew(&self, refused: &Secret, canceler: &Canceler) -> Result<Option<Secret>, Error> {
        let mut state = self.0.state();
        if let Some(its) = state.token.as_mut().filter(|its| its.access.expose() == refused.expose()) {
            let past = SystemTime::UNIX_EPOCH;
            (its.ends, its.renew) = (Some(past), Some(past));
        }
        state.refused = Some(refused.clone());
        drop(state);
        let other = self.token(canceler)?;
        Ok((other.expose() != refused.expose()).then_some(other))
    }
}

/// Somebody asks for a token.
struct Flight<'o>(&'o Inner);

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.0.state().is_flying = false;
        self.0.landed.notify_all();
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn canceled(&self) -> Error {
        let source = "the client was told to stop".into();
        Error::Transport { code: Code::Canceled, request: self.set_up.issuer.clone(), attempts: 1, source }
    }

    /// Another token: the one that another process has kept, else by the one for renewing, else anew.
    fn obtain(&self, had: Option<Token>, refused: Option<&Secret>, canceler: &Canceler) -> Result<Token, Error> {
        let kept = match &self.cache {
            Some(cache) => cache.read()?,
            None => None,
        };
        let is_refused = |token: &Token| refused.is_some_and(|refused| refused.expose() == token.access.expose());
        if let Some(kept) = kept.as_ref().filter(|kept| kept.is_fresh() && !is_refused(kept)) {
            return Ok(kept.clone());
        }
        // The issuer may take the latest one for renewing alone; another process may have it.
        let both = [had.as_ref(), kept.as_ref()].into_iter().flatten();
        let latest = both.filter(|token| token.refresh.is_some()).max_by_key(|token| token.ends.map(cache::seconds));
        let got = self.renew(latest).transpose().unwrap_or_else(|| self.anew(canceler));
        match (got, had) {
            (Ok(token), _) => {
                if let Some(Err(error)) = self.cache.as_ref().map(|cache| cache.write(&token)) {
                    tracing::warn!(%error, "the token is not kept for the next process");
                }
                Ok(token)
            }
            // It is early still: what was there is good for a while.
            (Err(_), Some(had)) if had.is_good() => Ok(had),
            (Err(error), _) => Err(error),
        }
    }

    /// A token by the one for renewing; `None` where there is none, or the issuer does not take it.
    fn renew(&self, had: Option<&Token>) -> Result<Option<Token>, Error> {
        let Some(refresh) = had.and_then(|had| had.refresh.as_ref()) else { return Ok(None) };
        let mut form = Form::new("refresh_token");
        form.secret("refresh_token", refresh);
        match self.token(form) {
            Ok(mut token) => {
                // RFC 6749, 6: without a new one, the old one stays.
                token.refresh = token.refresh.or_else(|| Some(refresh.clone()));
                Ok(Some(token))
            }
            Err(refusal) if refusal.is("invalid_grant") => Ok(None),
            Err(refusal) => Err(refusal.error),
        }
    }

    /// A token with nothing at hand.
    fn anew(&self, canceler: &Canceler) -> Result<Token, Error> {
        match &self.set_up.prompt {
            Some(prompt) => device::token(self, prompt, canceler),
            None => {
                let mut token = self.token(Form::new("client_credentials")).map_err(|refusal| refusal.error)?;
                // The secret renews it.
                token.refresh = None;
                Ok(token)
            }
        }
    }

    /// Asks for a token by a form.
    fn token(&self, mut form: Form) -> Result<Token, endpoint::Refusal> {
        let metadata = self.metadata()?;
        let address = metadata.token_endpoint()?;
        self.wanted(&mut form);
        let authorization = self.client(&metadata, &mut form)?;
        let asked = SystemTime::now();
        let answer = self.endpoint.post(address, &form, authorization.as_ref())?;
        Ok(answer.token(asked, address)?)
    }

    fn wanted(&self, form: &mut Form) {
        self.set_up.wanted.iter().for_each(|(name, value)| form.add(name, value));
    }

    /// Shows who the client is: in the form, or by the header that comes back.
    fn client(&self, metadata: &Metadata, form: &mut Form) -> Result<Option<Secret>, Error> {
        let id = &self.set_up.client_id;
        let Some(secret) = &self.set_up.secret else {
            form.add("client_id", id);
            return Ok(None);
        };
        if metadata.auth(self.set_up.auth)? == ClientAuth::Post {
            form.add("client_id", id);
            form.secret("client_secret", secret);
            return Ok(None);
        }
        Ok(Some(endpoint::basic(id, secret)))
    }

    /// The issuer's document, which is read once.
    fn metadata(&self) -> Result<Metadata, Error> {
        if let Some(metadata) = &self.state().metadata {
            return Ok(metadata.clone());
        }
        let metadata = Metadata::of(&self.set_up, &self.endpoint)?;
        self.state().metadata = Some(metadata.clone());
        Ok(metadata)
    }
}

impl Token {
    fn new(access: Secret, refresh: Option<Secret>, asked: SystemTime, lifetime: Option<Duration>) -> Self {
        // From the time of asking, so that a slow answer does not make it last longer.
        let ends = lifetime.and_then(|lifetime| asked.checked_add(lifetime));
        let renew = lifetime.and_then(|lifetime| ends?.checked_sub(MARGIN.min(lifetime / 5)));
        Token { access, refresh, ends, renew }
    }

    /// Whether it need not be renewed yet.
    fn is_fresh(&self) -> bool {
        self.renew.is_none_or(|renew| SystemTime::now() < renew)
    }

    /// Whether it has not ended yet.
    fn is_good(&self) -> bool {
        self.ends.is_none_or(|ends| SystemTime::now() < ends)
    }
}

impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Oidc").field(&self.0.set_up).finish()
    }
}

impl fmt::Debug for OidcBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OidcBuilder").field(&self.set_up).finish()
    }
}

impl fmt::Debug for SetUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetUp")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("wanted", &self.wanted)
            .finish_non_exhaustive()
    }
}
