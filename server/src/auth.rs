//! Who is asking: Basic authentication against Argon2id hashes (RFC 7617, RFC 9106).
//!
//! Refusing an unknown name takes as long as refusing a wrong password. A verified header is remembered
//! for a minute under a keyed hash, so that a burst of requests hashes and reads the account once; any
//! change to an account or a role clears it at once.

use crate::registry::Caller;
use crate::{Error, Registry, Secret, password};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use blake2::Blake2bMac512;
use blake2::digest::{KeyInit as _, Mac as _};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How long a verified header is remembered.
const REMEMBERED: Duration = Duration::from_secs(60);

/// How many are remembered at most.
const MAX_REMEMBERED: usize = 1024;

/// Verifies names and passwords. Clones are handles to the same state.
#[derive(Clone)]
pub(crate) struct Passwords(Arc<Inner>);

struct Inner {
    /// Under a key of this process.
    mac: Blake2bMac512,
    /// The hash to check against if there is no account.
    decoy: String,
    verified: Mutex<HashMap<Mark, Verified>>,
    /// One hash at a time: each takes 19 MiB and a core.
    hashing: Mutex<()>,
}

/// A keyed hash of a header. Only this process can compute one, so that the timing of a look-up reveals nothing about others.
type Mark = [u8; 64];

/// The caller of a verified header.
struct Verified {
    caller: Arc<Caller>,
    since: Instant,
    /// The registry's epoch before the account was read.
    epoch: u64,
}

impl Passwords {
    /// Verification with a key of its own.
    pub(crate) fn new() -> Result<Self, Error> {
        let no_random = |_| Error::Crypto("the system gives no random numbers");
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *key).map_err(no_random)?;
        let mac = Blake2bMac512::new_from_slice(&*key).map_err(|_| Error::Crypto("the key has a wrong length"))?;
        let mut unknown = [0; 16];
        getrandom::fill(&mut unknown).map_err(no_random)?;
        let decoy = password::hash(&Secret::new(STANDARD.encode(unknown)))?;
        Ok(Passwords(Arc::new(Inner { mac, decoy, verified: Mutex::default(), hashing: Mutex::default() })))
    }

    /// The account of an `Authorization` header that was verified recently.
    pub(crate) fn remembered(&self, registry: &Registry, header: &str) -> Option<Arc<Caller>> {
        self.lookup(&self.mark(header), registry.epoch())
    }

    /// The account of an `Authorization` header; `None` if the name or the password is wrong. This takes a while.
    pub(crate) fn verify(&self, registry: &Registry, header: &str) -> Result<Option<Arc<Caller>>, Error> {
        let Some((name, password)) = basic(header) else { return Ok(None) };
        let mark = self.mark(header);
        let _one = self.0.hashing.lock().unwrap_or_else(PoisonError::into_inner);
        let epoch = registry.epoch();
        // Another request may have verified the same header while this one waited.
        if let Some(caller) = self.lookup(&mark, epoch) {
            return Ok(Some(caller));
        }
        let account = registry.read(|reading| reading.caller(&name))?;
        let hash = account.as_ref().map_or(self.0.decoy.as_str(), |account| account.1.as_str());
        let is_right = password::matches(&password, hash);
        let Some((caller, _)) = account.filter(|_| is_right) else { return Ok(None) };
        let caller = Arc::new(caller);
        self.remember(mark, Verified { caller: Arc::clone(&caller), since: Instant::now(), epoch });
        Ok(Some(caller))
    }

    fn lookup(&self, mark: &Mark, epoch: u64) -> Option<Arc<Caller>> {
        let verified = self.0.verified.lock().unwrap_or_else(PoisonError::into_inner);
        verified.get(mark).filter(|one| one.is_fresh(epoch)).map(|one| Arc::clone(&one.caller))
    }

    fn remember(&self, mark: Mark, one: Verified) {
        let mut verified = self.0.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if verified.len() >= MAX_REMEMBERED {
            verified.retain(|_, other| other.is_fresh(one.epoch));
        }
        if verified.len() < MAX_REMEMBERED {
            verified.insert(mark, one);
        }
    }

    fn mark(&self, header: &str) -> Mark {
        self.0.mac.clone().chain_update(header).finalize().into_bytes().into()
    }
}

impl Verified {
    fn is_fresh(&self, epoch: u64) -> bool {
        self.epoch == epoch && self.since.elapsed() < REMEMBERED
    }
}

/// The name and the password of a header.
fn basic(header: &str) -> Option<(String, Secret)> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = Zeroizing::new(STANDARD.decode(credentials.trim()).ok()?);
    let (name, password) = core::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((name.to_owned(), Secret::new(password)))
}

#[cfg(test)]
mod tests {
    use super::{Passwords, STANDARD, Secret, basic};
    use crate::{Data, Registry, SystemClock};
    use base64::Engine as _;
    use cardwright_core::certiflow::Privilege;
    use std::sync::Arc;

    fn header(name: &str, password: &str) -> String {
        format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
    }

    #[test]
    fn a_header_is_verified_and_remembered_until_an_account_changes() {
        let registry = Registry::open(&Data::Temporary, Arc::new(SystemClock), 1).unwrap();
        registry.add_account("ann", &Secret::new("right"), "viewer").unwrap();
        let passwords = Passwords::new().unwrap();
        let (right, wrong, nobody) = (header("ann", "right"), header("ann", "wrong"), header("bob", "right"));
        assert!(passwords.remembered(&registry, &right).is_none(), "nothing is remembered yet");
        assert_eq!(passwords.verify(&registry, &right).unwrap().unwrap().name(), "ann");
        assert_eq!(passwords.remembered(&registry, &right).unwrap().name(), "ann");
        for other in [wrong, nobody] {
            assert!(passwords.verify(&registry, &other).unwrap().is_none());
            assert!(passwords.remembered(&registry, &other).is_none());
        }

        registry.add_account("ann", &Secret::new("new"), "viewer").unwrap();
        assert!(passwords.remembered(&registry, &right).is_none(), "at once");
        assert!(passwords.verify(&registry, &right).unwrap().is_none());
        let new = header("ann", "new");
        let caller = passwords.verify(&registry, &new).unwrap().unwrap();
        assert!(!caller.rights.has(Privilege::DisablingCard));
        registry.add_role("viewer", &[Privilege::DisablingCard], &[]).unwrap();
        assert!(passwords.remembered(&registry, &new).is_none(), "a role is part of it");
        assert!(passwords.verify(&registry, &new).unwrap().unwrap().rights.has(Privilege::DisablingCard));
    }

    #[test]
    fn only_basic_headers_carry_a_name() {
        let (name, password) = basic("basic QWxhZGRpbjpvcGVuOnNlc2FtZQ==").unwrap();
        assert_eq!((name.as_str(), password.reveal()), ("Aladdin", "open:sesame"));
        for header in ["", "Basic", "Basic !", "Bearer QTpi", "Basic QQ=="] {
            assert!(basic(header).is_none(), "{header}");
        }
    }
}
