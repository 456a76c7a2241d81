//! Who is asking: Basic authentication against Argon2id hashes (RFC 7617, RFC 9106).
//!
//! A name that does not exist takes as long to refuse as a wrong password. Who was verified is remembered
//! for a minute under a keyed hash, so that a burst of requests hashes once, and reads the account once; any
//! change of an account or a role ends that at once.

use crate::registry::Caller;
use crate::{Error, Registry, Secret};
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use blake2::Blake2bMac512;
use blake2::digest::{KeyInit as _, Mac as _};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How long it is remembered who was verified.
const REMEMBERED: Duration = Duration::from_secs(60);

/// How many are remembered at most.
const MOST: usize = 1024;

/// What OWASP recommends for Argon2id: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash of a password, as a PHC string.
///
/// # Errors
/// [`Error::Crypto`] where the system gives no random numbers, or the password is too long.
pub(crate) fn hash(password: &Secret) -> Result<String, Error> {
    let hash: PasswordHash = argon2()
        .hash_password(password.reveal().as_bytes())
        .map_err(|_| Error::Crypto("the password cannot be hashed"))?;
    Ok(hash.to_string())
}

/// Lets accounts in.
pub(crate) struct Gate {
    /// Under a key of this process.
    mac: Blake2bMac512,
    /// The hash to check against where there is no account.
    decoy: String,
    verified: Mutex<HashMap<Mark, Verified>>,
    /// One hash at a time: each takes 19 MiB and a core.
    hashing: Mutex<()>,
}

/// A keyed hash of a header. Nobody else can make one, so that looking one up tells nothing of others.
type Mark = [u8; 64];

/// Whom a header let in.
struct Verified {
    caller: Arc<Caller>,
    since: Instant,
    /// The registry's, before the account was read.
    epoch: u64,
}

impl Gate {
    /// A gate with a key of its own.
    pub(crate) fn new() -> Result<Self, Error> {
        let no_random = |_| Error::Crypto("the system gives no random numbers");
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *key).map_err(no_random)?;
        let mac = Blake2bMac512::new_from_slice(&*key).map_err(|_| Error::Crypto("the key has a wrong length"))?;
        let mut unknown = [0; 16];
        getrandom::fill(&mut unknown).map_err(no_random)?;
        let decoy = hash(&Secret::new(STANDARD.encode(unknown)))?;
        Ok(Gate { mac, decoy, verified: Mutex::default(), hashing: Mutex::default() })
    }

    /// The account of an `Authorization` header that was verified lately.
    pub(crate) fn remembered(&self, registry: &Registry, header: &str) -> Option<Arc<Caller>> {
        self.lookup(&self.mark(header), registry.epoch())
    }

    /// The account of an `Authorization` header; `None` for anybody else. This takes a while.
    pub(crate) fn caller(&self, registry: &Registry, header: &str) -> Result<Option<Arc<Caller>>, Error> {
        let Some((name, password)) = basic(header) else { return Ok(None) };
        let mark = self.mark(header);
        let _one = self.hashing.lock().unwrap_or_else(PoisonError::into_inner);
        let epoch = registry.epoch();
        // Another request may have verified the same while this one waited.
        if let Some(caller) = self.lookup(&mark, epoch) {
            return Ok(Some(caller));
        }
        let caller = registry.read(|reading| reading.caller(&name))?;
        let hash = caller.as_ref().map_or(self.decoy.as_str(), |caller| caller.password.as_str());
        let is_right = argon2().verify_password(password.reveal().as_bytes(), hash).is_ok();
        let Some(caller) = caller.filter(|_| is_right).map(Arc::new) else { return Ok(None) };
        self.remember(mark, Verified { caller: Arc::clone(&caller), since: Instant::now(), epoch });
        Ok(Some(caller))
    }

    fn lookup(&self, mark: &Mark, epoch: u64) -> Option<Arc<Caller>> {
        let verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        verified.get(mark).filter(|one| one.is_fresh(epoch)).map(|one| Arc::clone(&one.caller))
    }

    fn remember(&self, mark: Mark, one: Verified) {
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if verified.len() >= MOST {
            verified.retain(|_, other| other.is_fresh(one.epoch));
        }
        if verified.len() < MOST {
            verified.insert(mark, one);
        }
    }

    fn mark(&self, header: &str) -> Mark {
        self.mac.clone().chain_update(header).finalize().into_bytes().into()
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
    use super::{Gate, STANDARD, Secret, basic, hash};
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
        let gate = Gate::new().unwrap();
        let (right, wrong, nobody) = (header("ann", "right"), header("ann", "wrong"), header("bob", "right"));
        assert!(gate.remembered(&registry, &right).is_none(), "nothing is remembered yet");
        assert_eq!(gate.caller(&registry, &right).unwrap().unwrap().name, "ann");
        assert_eq!(gate.remembered(&registry, &right).unwrap().name, "ann");
        for other in [wrong, nobody] {
            assert!(gate.caller(&registry, &other).unwrap().is_none());
            assert!(gate.remembered(&registry, &other).is_none());
        }

        registry.add_account("ann", &Secret::new("new"), "viewer").unwrap();
        assert!(gate.remembered(&registry, &right).is_none(), "at once");
        assert!(gate.caller(&registry, &right).unwrap().is_none());
        let new = header("ann", "new");
        let caller = gate.caller(&registry, &new).unwrap().unwrap();
        assert!(!caller.has(Privilege::DisablingCard));
        registry.add_role("viewer", &[Privilege::DisablingCard], &[]).unwrap();
        assert!(gate.remembered(&registry, &new).is_none(), "a role is part of it");
        assert!(gate.caller(&registry, &new).unwrap().unwrap().has(Privilege::DisablingCard));
    }

    #[test]
    fn a_password_is_hashed_as_recommended() {
        let stored = hash(&Secret::new("right")).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
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
