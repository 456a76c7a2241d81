//! The keys of an issuer: read from their source, cached, and read again when they may have changed.
//!
//! Once there are keys, only requests whose token names an unknown key wait for the issuer. However many such
//! requests there are, the issuer is asked at a limited rate.

use super::settings::{Bearer, KeySource};
use crate::fetch::{self, Fetcher};
use crate::jwt::Keys;
use axum::http::Uri;
use cardwright_core::encoding;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::Instant;

/// The longest set of keys, in bytes.
const MAX_BYTES: usize = 256 << 10;

/// The current keys, and how to get newer ones.
pub(crate) struct Keyring {
    source: Source,
    reread_after: Duration,
    keep: Duration,
    held: RwLock<Held>,
    /// Held while the keys are read.
    reading: Arc<Mutex<()>>,
}

enum Source {
    File(std::path::PathBuf),
    Url(Uri, Fetcher),
    /// At the address in this document of this issuer.
    Discovery(Uri, String, Fetcher),
}

#[derive(Default)]
struct Held {
    keys: Option<Arc<Keys>>,
    /// When they were read.
    read: Option<Instant>,
    /// When that was last tried.
    tried: Option<Instant>,
    /// Why the last attempt failed.
    failure: String,
}

impl Keyring {
    /// Keys in a file are read at once; those at an address, with the first token.
    pub(super) fn new(set_up: &Bearer) -> Result<Self, String> {
        let fetcher = || Fetcher::new(set_up.issuer_roots.as_deref());
        let mut held = Held::default();
        let source = match &set_up.keys {
            KeySource::File(path) => {
                held = Held { keys: Some(Arc::new(from_file(path)?)), ..Held::just_tried(true) };
                Source::File(path.clone())
            }
            KeySource::Url(url) => Source::Url(fetch::address(url)?, fetcher()?),
            KeySource::Discovery => {
                let document = format!("{}/.well-known/openid-configuration", set_up.issuer.trim_end_matches('/'));
                Source::Discovery(fetch::address(&document)?, set_up.issuer.clone(), fetcher()?)
            }
        };
        let (reread_after, keep) = (set_up.reread_after, set_up.keep_keys);
        Ok(Keyring { source, reread_after, keep, held: RwLock::new(held), reading: Arc::default() })
    }

    /// The keys. Old ones are used until there are newer ones.
    pub(super) async fn keys(self: &Arc<Self>) -> Result<Arc<Keys>, String> {
        let (keys, is_old) = {
            let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
            (held.keys.clone(), held.read.is_none_or(|read| read.elapsed() >= self.keep))
        };
        match keys {
            Some(keys) if !is_old => Ok(keys),
            Some(keys) => {
                // One request reads them again; the others continue.
                let Ok(reading) = Arc::clone(&self.reading).try_lock_owned() else { return Ok(keys) };
                // A failure is kept for requests that have no keys.
                Ok(self.read_again(reading).await.ok().flatten().unwrap_or(keys))
            }
            None => {
                let reading = Arc::clone(&self.reading).lock_owned().await;
                let held = self.snapshot();
                match held {
                    Some(keys) => Ok(keys),
                    None => self.read_again(reading).await?.ok_or_else(|| self.failure()),
                }
            }
        }
    }

    /// Newer keys than these, if there are any; the source is read at a limited rate.
    pub(super) async fn newer_than(self: &Arc<Self>, keys: &Arc<Keys>) -> Result<Option<Arc<Keys>>, String> {
        let reading = Arc::clone(&self.reading).lock_owned().await;
        match self.snapshot() {
            Some(held) if !Arc::ptr_eq(&held, keys) => Ok(Some(held)),
            _ => self.read_again(reading).await,
        }
    }

    /// Reads the keys now, however recently that was tried. The old ones are kept if it fails.
    pub(super) async fn reload(&self) -> Result<(), String> {
        let _reading = self.reading.lock().await;
        self.read().await.map(drop)
    }

    /// Reads the keys, unless that was tried recently. It completes even if the client hangs up: otherwise each
    /// client could cause another request to the issuer.
    async fn read_again(self: &Arc<Self>, reading: OwnedMutexGuard<()>) -> Result<Option<Arc<Keys>>, String> {
        let tried = self.held.read().unwrap_or_else(PoisonError::into_inner).tried;
        if tried.is_some_and(|tried| tried.elapsed() < self.reread_after) {
            return Ok(None);
        }
        let keyring = Arc::clone(self);
        let read = tokio::spawn(async move {
            let _reading = reading;
            keyring.read().await.map(Some)
        });
        read.await.unwrap_or_else(|failed| Err(failed.to_string()))
    }

    async fn read(&self) -> Result<Arc<Keys>, String> {
        let read = self.source.read().await;
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        match read {
            Ok(keys) => {
                let keys = Arc::new(keys);
                *held = Held { keys: Some(Arc::clone(&keys)), ..Held::just_tried(true) };
                Ok(keys)
            }
            Err(why) => {
                held.tried = Some(Instant::now());
                held.failure.clone_from(&why);
                Err(why)
            }
        }
    }

    fn snapshot(&self) -> Option<Arc<Keys>> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).keys.clone()
    }

    fn failure(&self) -> String {
        self.held.read().unwrap_or_else(PoisonError::into_inner).failure.clone()
    }
}

impl Held {
    fn just_tried(is_read: bool) -> Self {
        let now = Instant::now();
        Held { tried: Some(now), read: is_read.then_some(now), ..Held::default() }
    }
}

impl Source {
    async fn read(&self) -> Result<Keys, String> {
        match self {
            Source::File(path) => {
                let path = path.clone();
                let read = tokio::task::spawn_blocking(move || from_file(&path)).await;
                read.unwrap_or_else(|failed| Err(failed.to_string()))
            }
            Source::Url(url, fetcher) => keys(&fetcher.get(url, MAX_BYTES).await?, &url.to_string()),
            Source::Discovery(document, issuer, fetcher) => {
                let found = fetcher.get(document, MAX_BYTES).await?;
                let found: serde_json::Value = serde_json::from_slice(&found).unwrap_or_default();
                // OpenID Connect Discovery 1.0, 4.3.
                if found["issuer"] != issuer.as_str() {
                    return Err(format!("{document} is the document of another issuer than {issuer}"));
                }
                let url = found["jwks_uri"].as_str().ok_or_else(|| format!("{document} names no jwks_uri"))?;
                keys(&fetcher.get(&fetch::address(url)?, MAX_BYTES).await?, url)
            }
        }
    }
}

fn from_file(path: &Path) -> Result<Keys, String> {
    let wrong = |why: &dyn core::fmt::Display| format!("{}: {why}", path.display());
    let size = std::fs::metadata(path).map_err(|error| wrong(&error))?.len();
    if size > MAX_BYTES as u64 {
        return Err(wrong(&"it is too long for a set of keys"));
    }
    let bytes = std::fs::read(path).map_err(|error| wrong(&error))?;
    let text = encoding::decode(&bytes).map_err(|why| wrong(&why))?;
    keys(text.as_bytes(), &path.display().to_string())
}

fn keys(document: &[u8], place: &str) -> Result<Keys, String> {
    Keys::parse(document).map_err(|why| format!("{place}: {why}"))
}
