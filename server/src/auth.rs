//! Who is asking: Basic authentication against Argon2id hashes (RFC 7617, RFC 9106).
//!
//! Refusing an unknown name takes as long as refusing a wrong password. A verified header is remembered under a
//! keyed hash, for a minute instead of a check and for a day to be spared delays; any change to an account or a
//! role clears it at once.

mod checks;
mod delays;

use crate::registry::Caller;
use crate::visible::visible;
use crate::{Error, Registry, Secret, password};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use blake2::Blake2bMac512;
use blake2::digest::{KeyInit as _, Mac as _};
use checks::Checks;
use delays::Delays;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How long a verified header needs no check.
const REMEMBERED: Duration = Duration::from_secs(60);

/// How long a verified header is spared the delays after failures of others.
const SPARED: Duration = Duration::from_secs(24 * 3600);

/// How many are remembered at most.
const MAX_REMEMBERED: usize = 1024;

/// Verifies names and passwords.
pub(crate) struct Passwords {
    /// Under a key of this process.
    mac: Blake2bMac512,
    /// The hash to check against if there is no account.
    decoy: Arc<str>,
    verified: Mutex<HashMap<Mark, Verified>>,
    /// Credentials that are being checked: others that bring the same ones wait for the result.
    pending: Mutex<HashMap<Mark, Arc<tokio::sync::Mutex<()>>>>,
    checks: Checks,
    /// `None` if there are none.
    delays: Option<Delays>,
}

/// What a header with credentials is worth.
pub(crate) enum Judged {
    /// An account's name and password.
    Caller(Arc<Caller>),
    /// The same, checked a short time ago.
    Remembered(Arc<Caller>),
    /// Not an account's name and password, and why.
    Wrong(&'static str),
    /// Too many attempts have failed: not looked at before this time has passed.
    Later(Duration),
}

/// A keyed hash of credentials. Only this process can compute one, so that the timing of a look-up reveals nothing about others.
type Mark = [u8; 64];

/// The caller of a verified header.
struct Verified {
    caller: Arc<Caller>,
    since: Instant,
    /// The registry's epoch before the account was read.
    epoch: u64,
}

impl Passwords {
    /// Verification with a key of its own, with delays after failures or without.
    pub(crate) fn new(with_delays: bool) -> Result<Self, Error> {
        let no_random = |_| Error::Crypto("the system gives no random numbers");
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *key).map_err(no_random)?;
        let mac = Blake2bMac512::new_from_slice(&*key).map_err(|_| Error::Crypto("the key has a wrong length"))?;
        let mut unknown = [0; 16];
        getrandom::fill(&mut unknown).map_err(no_random)?;
        let decoy = password::hash(&Secret::new(STANDARD.encode(unknown)))?.into();
        let delays = with_delays.then(Delays::new);
        Ok(Passwords {
            mac,
            decoy,
            verified: Mutex::default(),
            pending: Mutex::default(),
            checks: Checks::new()?,
            delays,
        })
    }

    /// The account of an `Authorization` header that was verified within the last minute.
    pub(crate) fn remembered(&self, registry: &Registry, header: &str) -> Option<Arc<Caller>> {
        self.lookup(&self.mark(credentials(header)?), registry.known_epoch()?, REMEMBERED)
    }

    /// The account of an `Authorization` header from an address.
    ///
    /// # Errors
    /// [`Error::Busy`] if too many checks wait; others if the registry or a check fails.
    pub(crate) async fn verify(&self, registry: &Registry, header: &str, address: IpAddr) -> Result<Judged, Error> {
        let (Some((name, password)), Some(credentials)) = (basic(header), credentials(header)) else {
            return Ok(Judged::Wrong("the credentials cannot be read"));
        };
        let mark = self.mark(credentials);
        let turn = Turn::of(self, mark);
        let _turn = turn.lock.lock().await;
        let epoch = registry.look(|registry| registry.epoch()).await?;
        // Another request may have verified the same credentials while this one waited, or the epoch was only asked for.
        if let Some(caller) = self.lookup(&mark, epoch, REMEMBERED) {
            return Ok(Judged::Remembered(caller));
        }
        let is_spared = self.lookup(&mark, epoch, SPARED).is_some();
        let delays = self.delays.as_ref().filter(|_| !is_spared);
        if let Some(wait) = delays.and_then(|delays| delays.wait(&name, address, Instant::now())) {
            return Ok(Judged::Later(wait));
        }
        let wanted = name.clone();
        let account = registry.look(move |registry| registry.read(|reading| reading.caller(&wanted))).await?;
        let hash = account.as_ref().map_or_else(|| Arc::clone(&self.decoy), |account| account.1.as_str().into());
        let is_right = self.checks.matches(password, hash).await?;
        let Some((caller, _)) = account.filter(|_| is_right) else {
            if let Some(delays) = delays {
                delays.failed(&name, address, Instant::now());
            }
            return Ok(Judged::Wrong("the name or the password is wrong"));
        };
        if let Some(delays) = &self.delays {
            delays.succeeded(&name, address);
        }
        let caller = Arc::new(caller);
        self.remember(mark, Verified { caller: Arc::clone(&caller), since: Instant::now(), epoch });
        Ok(Judged::Caller(caller))
    }

    fn lookup(&self, mark: &Mark, epoch: u64, within: Duration) -> Option<Arc<Caller>> {
        let verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        verified.get(mark).filter(|one| one.is_fresh(epoch, within)).map(|one| Arc::clone(&one.caller))
    }

    fn remember(&self, mark: Mark, one: Verified) {
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if verified.len() >= MAX_REMEMBERED {
            verified.retain(|_, other| other.is_fresh(one.epoch, REMEMBERED));
        }
        if verified.len() < MAX_REMEMBERED || verified.contains_key(&mark) {
            verified.insert(mark, one);
        }
    }

    fn mark(&self, credentials: &str) -> Mark {
        self.mac.clone().chain_update(credentials).finalize().into_bytes().into()
    }
}

/// A request's turn to check credentials.
struct Turn<'p> {
    passwords: &'p Passwords,
    mark: Mark,
    lock: Arc<tokio::sync::Mutex<()>>,
}

impl<'p> Turn<'p> {
    fn of(passwords: &'p Passwords, mark: Mark) -> Self {
        let mut pending = passwords.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let lock = Arc::clone(pending.entry(mark).or_default());
        Turn { passwords, mark, lock }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut pending = self.passwords.pending.lock().unwrap_or_else(PoisonError::into_inner);
        // This one, and the one in the map: nobody else waits.
        if Arc::strong_count(&self.lock) == 2 {
            pending.remove(&self.mark);
        }
    }
}

impl Verified {
    fn is_fresh(&self, epoch: u64, within: Duration) -> bool {
        self.epoch == epoch && self.since.elapsed() < within
    }
}

/// The name that a header gives, for the log: shortened, and without the password.
pub(crate) fn attempted(header: &str) -> Option<String> {
    let (name, _) = basic(header)?;
    let visible = visible(&name);
    let short: String = visible.chars().take(64).collect();
    Some(if short.len() < visible.len() { short + "…" } else { short })
}

/// The credentials of a header, in base64.
fn credentials(header: &str) -> Option<&str> {
    let (scheme, credentials) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then(|| credentials.trim())
}

/// The name and the password of a header.
fn basic(header: &str) -> Option<(String, Secret)> {
    let decoded = Zeroizing::new(STANDARD.decode(credentials(header)?).ok()?);
    let (name, password) = core::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((name.to_owned(), Secret::new(password)))
}

#[cfg(test)]
mod tests {
    use super::{Judged, Passwords, STANDARD, Secret, attempted, basic};
    use crate::{Data, Log, Registry, SystemClock};
    use base64::Engine as _;
    use cardwright_core::certiflow::Privilege;
    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::Arc;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    fn header(name: &str, password: &str) -> String {
        format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
    }

    fn registry() -> Registry {
        let registry = Registry::open(&Data::Temporary, Arc::new(SystemClock), 1, Log::Off).unwrap();
        registry.add_account("ann", &Secret::new("right"), "viewer").unwrap();
        registry
    }

    async fn name(passwords: &Passwords, registry: &Registry, header: &str) -> Option<String> {
        match passwords.verify(registry, header, HERE).await.unwrap() {
            Judged::Caller(caller) | Judged::Remembered(caller) => Some(caller.name().to_owned()),
            Judged::Wrong(_) => None,
            Judged::Later(wait) => panic!("{wait:?}"),
        }
    }

    fn wait<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
    }

    #[test]
    fn a_header_is_verified_and_remembered_until_an_account_changes() {
        wait(async {
            let (registry, passwords) = (registry(), Passwords::new(false).unwrap());
            let (right, wrong, nobody) = (header("ann", "right"), header("ann", "wrong"), header("bob", "right"));
            assert!(passwords.remembered(&registry, &right).is_none(), "nothing is remembered yet");
            assert_eq!(name(&passwords, &registry, &right).await.as_deref(), Some("ann"));
            assert_eq!(passwords.remembered(&registry, &right).unwrap().name(), "ann");
            for other in [wrong, nobody] {
                assert_eq!(name(&passwords, &registry, &other).await, None);
                assert!(passwords.remembered(&registry, &other).is_none());
            }

            registry.add_account("ann", &Secret::new("new"), "viewer").unwrap();
            assert!(passwords.remembered(&registry, &right).is_none(), "at once");
            assert_eq!(name(&passwords, &registry, &right).await, None);
            let new = header("ann", "new");
            let rights = |judged| match judged {
                Judged::Caller(caller) | Judged::Remembered(caller) => caller.rights,
                Judged::Wrong(why) => panic!("{why}"),
                Judged::Later(wait) => panic!("{wait:?}"),
            };
            let before = rights(passwords.verify(&registry, &new, HERE).await.unwrap());
            assert!(!before.has(Privilege::RevokingCard));
            registry.add_role("viewer", &[Privilege::RevokingCard], &[]).unwrap();
            assert!(passwords.remembered(&registry, &new).is_none(), "a role changes what its accounts may do");
            let after = rights(passwords.verify(&registry, &new, HERE).await.unwrap());
            assert!(after.has(Privilege::RevokingCard));
        });
    }

    #[test]
    fn many_requests_with_the_same_credentials_are_one_check() {
        wait(async {
            let (registry, passwords) = (registry(), Passwords::new(false).unwrap());
            // More than may wait.
            let right = header("ann", "right");
            let verify = || async { passwords.verify(&registry, &right, HERE).await.unwrap() };
            let all = many(120, verify).await;
            assert!(all.len() == 120 && all.iter().all(|is_in| *is_in));
            assert!(passwords.pending.lock().unwrap().is_empty());
        });
    }

    /// Whether each of a number of concurrent requests is let in.
    async fn many<F: Future<Output = Judged>>(count: usize, verify: impl Fn() -> F) -> Vec<bool> {
        let mut waiting: Vec<_> = (0..count).map(|_| Box::pin(verify())).collect();
        let mut done = Vec::new();
        core::future::poll_fn(|context| {
            waiting.retain_mut(|one| match one.as_mut().poll(context) {
                core::task::Poll::Ready(judged) => {
                    done.push(matches!(judged, Judged::Caller(_) | Judged::Remembered(_)));
                    false
                }
                core::task::Poll::Pending => true,
            });
            if waiting.is_empty() { core::task::Poll::Ready(()) } else { core::task::Poll::Pending }
        })
        .await;
        done
    }

    #[test]
    fn who_was_verified_is_spared_the_delays_that_others_get() {
        wait(async {
            let (registry, passwords) = (registry(), Passwords::new(true).unwrap());
            registry.add_account("bea", &Secret::new("right"), "viewer").unwrap();
            let right = header("ann", "right");
            assert!(name(&passwords, &registry, &right).await.is_some());
            for n in 0..10 {
                let who = if n % 2 == 0 { "ann" } else { "bea" };
                assert!(name(&passwords, &registry, &header(who, &n.to_string())).await.is_none());
            }
            for (who, password) in [("ann", "other"), ("bea", "right")] {
                let judged = passwords.verify(&registry, &header(who, password), HERE).await.unwrap();
                assert!(matches!(judged, Judged::Later(_)), "{who}");
            }
            assert!(name(&passwords, &registry, &right).await.is_some());
            let lower = right.replace("Basic", "basic");
            assert!(name(&passwords, &registry, &lower).await.is_some(), "the same credentials");
        });
    }

    #[test]
    fn a_name_is_shown_without_its_password() {
        assert_eq!(attempted(&header("EXAMPLE\\u", "se:cret")).as_deref(), Some("EXAMPLE\\u"));
        assert_eq!(attempted(&header("a\u{1b}[2J\u{202e}b", "x")).as_deref(), Some("a[2Jb"));
        assert_eq!(attempted(&header(&"n".repeat(9000), "x")).unwrap().chars().count(), 65);
        assert_eq!(attempted("Basic !!!"), None);
        assert_eq!(attempted("Bearer abc"), None);
    }

    #[test]
    fn only_basic_headers_carry_a_name() {
        let (name, password) = basic("basic QWxhZGRpbjpvcGVuOnNlc2FtZQ==").unwrap();
        assert_eq!((name.as_str(), password.expose()), ("Aladdin", "open:sesame"));
        for header in ["", "Basic", "Basic !", "Bearer QTpi", "Basic QQ=="] {
            assert!(basic(header).is_none(), "{header}");
        }
    }
}
