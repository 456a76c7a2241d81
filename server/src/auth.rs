//! Who is asking: Basic authentication against Argon2id hashes (RFC 7617, RFC 9106).
//!
//! A name that does not exist takes as long to refuse as a wrong password. What was verified is
//! remembered for a minute under a keyed hash, so that a burst of requests hashes once; a new password
//! changes the key at once.

use crate::registry::Caller;
use crate::{Error, Registry, Secret};
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use blake2::Blake2bMac512;
use blake2::digest::{KeyInit as _, Mac as _};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a verified credential is remembered.
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
    key: [u8; 32],
    /// The hash to check against where there is no account.
    decoy: String,
    verified: Mutex<HashMap<[u8; 64], Instant>>,
    /// One hash at a time: each takes 19 MiB and a core.
    hashing: Mutex<()>,
}

impl Gate {
    /// A gate with a key of its own.
    pub(crate) fn new() -> Result<Self, Error> {
        let no_random = |_| Error::Crypto("the system gives no random numbers");
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(no_random)?;
        let mut unknown = [0; 16];
        getrandom::fill(&mut unknown).map_err(no_random)?;
        let decoy = hash(&Secret::new(STANDARD.encode(unknown)))?;
        Ok(Gate { key, decoy, verified: Mutex::default(), hashing: Mutex::default() })
    }

    /// The account of an `Authorization` header; `None` for anybody else.
    pub(crate) fn caller(&self, registry: &Registry, header: Option<&str>) -> Result<Option<Caller>, Error> {
        let Some((name, password)) = header.and_then(basic) else { return Ok(None) };
        let caller = registry.read(|reading| reading.caller(&name))?;
        let hash = caller.as_ref().map_or(self.decoy.as_str(), |caller| caller.password.as_str());
        Ok(if self.verify(&password, hash) { caller } else { None })
    }

    fn verify(&self, password: &Secret, hash: &str) -> bool {
        let mark = self.mark(password, hash);
        if self.is_fresh(&mark) {
            return true;
        }
        let _one = self.hashing.lock().unwrap_or_else(PoisonError::into_inner);
        // Another request may have verified the same while this one waited.
        if self.is_fresh(&mark) {
            return true;
        }
        let right = argon2().verify_password(password.reveal().as_bytes(), hash).is_ok();
        if right {
            let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
            if verified.len() >= MOST {
                verified.retain(|_, since| since.elapsed() < REMEMBERED);
            }
            if verified.len() < MOST {
                verified.insert(mark, Instant::now());
            }
        }
        right
    }

    fn is_fresh(&self, mark: &[u8; 64]) -> bool {
        let verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        verified.get(mark).is_some_and(|since| since.elapsed() < REMEMBERED)
    }

    /// The stored hash is part of it: another password for the account makes another mark.
    fn mark(&self, password: &Secret, hash: &str) -> [u8; 64] {
        let mut mac = Blake2bMac512::new_from_slice(&self.key).unwrap_or_else(|_| Blake2bMac512::new(&[0; 64].into()));
        mac.update(&(hash.len() as u64).to_le_bytes());
        mac.update(hash.as_bytes());
        mac.update(password.reveal().as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// The name and the password of a header.
fn basic(header: &str) -> Option<(String, Secret)> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = zeroize::Zeroizing::new(STANDARD.decode(credentials.trim()).ok()?);
    let (name, password) = core::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((name.to_owned(), Secret::new(password)))
}

#[cfg(test)]
mod tests {
    use super::{Gate, Secret, basic, hash};

    #[test]
    fn a_password_is_verified_and_remembered() {
        let gate = Gate::new().unwrap();
        let (right, wrong) = (Secret::new("right"), Secret::new("wrong"));
        let stored = hash(&right).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(!gate.verify(&wrong, &stored));
        assert!(!gate.is_fresh(&gate.mark(&wrong, &stored)));
        assert!(gate.verify(&right, &stored));
        assert!(gate.is_fresh(&gate.mark(&right, &stored)));
        let changed = hash(&right).unwrap();
        assert!(!gate.is_fresh(&gate.mark(&right, &changed)), "a new salt is a new mark");
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
