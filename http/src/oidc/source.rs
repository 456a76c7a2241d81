//! The one token that all threads share, and the one request that renews it.

#[cfg(feature = "token-cache")]
use super::cache::Cache;
use super::device;
use super::issuer::Issuer;
#[cfg(not(feature = "token-cache"))]
use super::no_cache::Cache;
use super::token::{Token, seconds};
use crate::cancel::Canceler;
use crate::error::Error;
use crate::lock::{lock, try_lock};
use crate::process::PerProcess;
use crate::secret::Secret;
use crate::sign_in::TokenSource;
use cardwright_core::Code;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Tokens of an issuer for one of its clients. Copies share them; after a fork, a child has its own.
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
pub struct Oidc(Arc<PerProcess<Inner>>);

struct Inner {
    issuer: Issuer,
    cache: Option<Cache>,
    progress: Mutex<Progress>,
    fetched: Condvar,
}

#[derive(Default)]
struct Progress {
    token: Option<Token>,
    /// A token that a server has refused.
    refused: Option<Secret>,
    /// Whether a thread is fetching a token.
    is_fetching: bool,
    /// The number of fetches, and why the last one failed, if it did.
    fetches: u64,
    failure: Option<Arc<Error>>,
}

/// How often a thread that waits for another one's fetch checks whether it was canceled.
const POLL: Duration = Duration::from_millis(100);

impl Oidc {
    pub(super) fn new(issuer: Issuer, cache: Option<Cache>) -> Self {
        let inner = Inner { issuer, cache, progress: Mutex::default(), fetched: Condvar::new() };
        Oidc(Arc::new(PerProcess::new(inner)))
    }

    /// What this process has for itself.
    fn here(&self) -> &Inner {
        self.0.here(Inner::in_child)
    }
}

impl TokenSource for Oidc {
    fn token(&self, canceler: &Canceler) -> Result<Secret, Error> {
        let inner = self.here();
        let mut progress = lock(&inner.progress);
        let mut waits_for = None;
        loop {
            if canceler.is_canceled() {
                return Err(Error::no_token(Error::canceled(&inner.issuer.settings.issuer, false)));
            }
            if let Some(token) = progress.token.as_ref().filter(|token| token.is_fresh()) {
                return Ok(token.access.clone());
            }
            if let Some(failure) = progress.failure.as_ref().filter(|_| waits_for == Some(progress.fetches)) {
                return Err(Error::NoToken(Arc::clone(failure)));
            }
            if !progress.is_fetching {
                break;
            }
            waits_for = Some(progress.fetches);
            progress = inner.fetched.wait_timeout(progress, POLL).unwrap_or_else(PoisonError::into_inner).0;
        }
        progress.is_fetching = true;
        progress.fetches += 1;
        progress.failure = None;
        let (had, refused) = (progress.token.clone(), progress.refused.clone());
        drop(progress);

        // Ends the fetch even if the prompt panics.
        let _fetch = Fetch(inner);
        let token = inner.obtain(had, refused.as_ref(), canceler);
        let mut progress = lock(&inner.progress);
        match token {
            Ok(token) => Ok(progress.token.insert(token).access.clone()),
            // The cancelation of one thread does not concern the others: the next of them fetches.
            Err(error) if error.code() == Code::Canceled => Err(Error::no_token(error)),
            Err(error) => Err(Error::NoToken(Arc::clone(progress.failure.insert(Arc::new(error))))),
        }
    }

    fn renew(&self, refused: &Secret, canceler: &Canceler) -> Result<Option<Secret>, Error> {
        let mut progress = lock(&self.here().progress);
        if let Some(token) = progress.token.as_mut().filter(|token| token.access.expose() == refused.expose()) {
            token.expire();
        }
        progress.refused = Some(refused.clone());
        drop(progress);
        let other = self.token(canceler)?;
        Ok((other.expose() != refused.expose()).then_some(other))
    }
}

/// A fetch that is under way.
struct Fetch<'o>(&'o Inner);

impl Drop for Fetch<'_> {
    fn drop(&mut self) {
        lock(&self.0.progress).is_fetching = false;
        self.0.fetched.notify_all();
    }
}

impl Inner {
    /// What a child makes of its parent's. It uses the parent's token while that is valid, but leaves it to the parent
    /// to renew it: an issuer may accept a refresh token once.
    fn in_child(&self) -> Self {
        let mut progress = Progress::default();
        if let Some(parent) = try_lock(&self.progress) {
            progress.token = parent.token.clone().map(|token| Token { refresh: None, ..token });
            progress.refused = parent.refused.clone();
        }
        let (issuer, cache) = (self.issuer.fresh(), self.cache.clone());
        Inner { issuer, cache, progress: Mutex::new(progress), fetched: Condvar::new() }
    }

    /// Another token: from the file, else by the refresh token, else by a new grant.
    fn obtain(&self, had: Option<Token>, refused: Option<&Secret>, canceler: &Canceler) -> Result<Token, Error> {
        let kept = match &self.cache {
            Some(cache) => cache.read()?,
            None => None,
        };
        let is_refused = |token: &Token| refused.is_some_and(|refused| refused.expose() == token.access.expose());
        if let Some(kept) = kept.as_ref().filter(|kept| kept.is_fresh() && !is_refused(kept)) {
            tracing::debug!("the token that was kept is used");
            return Ok(kept.clone());
        }
        // The issuer may accept only the latest refresh token, which another process may have stored.
        let both = [had.as_ref(), kept.as_ref()].into_iter().flatten();
        let latest = both.filter(|token| token.refresh.is_some()).max_by_key(|token| token.ends.map(seconds));
        let new = || match &self.issuer.settings.prompt {
            Some(prompt) => device::token(&self.issuer, prompt, canceler),
            None => self.issuer.client_token(canceler),
        };
        match (self.issuer.renew(latest, canceler).transpose().unwrap_or_else(new), had) {
            (Ok(token), _) => {
                if let Some(Err(error)) = self.cache.as_ref().map(|cache| cache.write(&token)) {
                    tracing::warn!(%error, "the token is not kept for the next process");
                }
                Ok(token)
            }
            // It was renewed early: the old one is still valid.
            (Err(_), Some(had)) if had.is_valid() => Ok(had),
            (Err(error), _) => Err(error),
        }
    }
}

impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Oidc").field(&self.here().issuer.settings).finish()
    }
}
