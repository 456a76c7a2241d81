//! Passwords as they are stored: Argon2id hashes in PHC strings (RFC 9106).
//!
//! A check takes 19 MiB and a core for some tens of milliseconds, so that the caller brings the memory,
//! once. That memory is missing, or a stored hash cannot be read, is an error and never a wrong password.

use crate::{Error, Secret};
use argon2::password_hash::{PasswordHasher as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// The memory of checks, one after the other.
pub(crate) struct Memory(Vec<Block>);

impl Memory {
    /// Memory for the hashes that this version writes.
    ///
    /// # Errors
    /// [`Error::Crypto`] if the system has none.
    pub(crate) fn new() -> Result<Self, Error> {
        let mut memory = Memory(Vec::new());
        memory.fit(&params())?;
        Ok(memory)
    }

    fn fit(&mut self, params: &Params) -> Result<(), Error> {
        let more = params.block_count().saturating_sub(self.0.len());
        self.0.try_reserve_exact(more).map_err(|_| Error::Crypto("there is no memory to check a password"))?;
        self.0.resize(self.0.len() + more, Block::new());
        Ok(())
    }
}

/// The hash of a password, as a PHC string.
///
/// # Errors
/// [`Error::Crypto`] if the system gives no random numbers or no memory, or the password is too long.
pub(crate) fn hash(password: &Secret) -> Result<String, Error> {
    let hash: PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params())
        .hash_password(password.expose().as_bytes())
        .map_err(|_| Error::Crypto("the password cannot be hashed"))?;
    Ok(hash.to_string())
}

/// Whether a hash is that of a password.
///
/// # Errors
/// [`Error::Crypto`] if there is no memory; [`Error::Corrupt`] if it is not a hash.
pub(crate) fn matches(password: &Secret, hash: &str, memory: &mut Memory) -> Result<bool, Error> {
    let unreadable = || Error::Corrupt("a password's hash");
    let hash = PasswordHash::new(hash).map_err(|_| unreadable())?;
    let (Some(salt), Some(wanted)) = (&hash.salt, &hash.hash) else { return Err(unreadable()) };
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).map_err(|_| unreadable())?;
    let version = hash.version.map_or(Ok(Version::V0x13), Version::try_from).map_err(|_| unreadable())?;
    let params = Params::try_from(&hash).map_err(|_| unreadable())?;
    memory.fit(&params)?;
    let mut found = [0; 64];
    let found = found.get_mut(..wanted.len()).ok_or_else(unreadable)?;
    let blocks = memory.0.get_mut(..params.block_count()).ok_or_else(unreadable)?;
    match Argon2::new(algorithm, version, params).hash_password_into_with_memory(
        password.expose().as_bytes(),
        salt,
        found,
        blocks,
    ) {
        // The comparison of two outputs takes as long wherever they differ.
        Ok(()) => Ok(argon2::password_hash::phc::Output::new(found).map_err(|_| unreadable())? == *wanted),
        // No account has such a password, as none could be stored.
        Err(argon2::Error::PwdTooLong) => Ok(false),
        Err(_) => Err(Error::Crypto("a password cannot be checked")),
    }
}

/// What OWASP recommends for Argon2id: 19 MiB, two passes, one lane.
fn params() -> Params {
    Params::new(19 * 1024, 2, 1, None).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Memory, hash, matches};
    use crate::{Error, Secret};

    #[test]
    fn a_hash_matches_its_password_alone() {
        let mut memory = Memory::new().unwrap();
        let (right, wrong) = (Secret::new("correct horse"), Secret::new("Correct horse"));
        let one = hash(&right).unwrap();
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, hash(&right).unwrap(), "another salt each time");
        for _ in 0..2 {
            assert!(matches(&right, &one, &mut memory).unwrap());
            assert!(!matches(&wrong, &one, &mut memory).unwrap(), "what is left in the memory does not matter");
        }
        // Other parameters than ours, of RFC 9106's reference implementation.
        let other = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert!(matches(&Secret::new("password"), other, &mut memory).unwrap());
        assert!(matches(&right, &one, &mut memory).unwrap());
    }

    #[test]
    fn what_is_no_hash_is_no_wrong_password() {
        let mut memory = Memory::new().unwrap();
        for text in ["", "plain", "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ", "$scrypt$c29tZXNhbHQ$AAAAAAAAAAAAAA"] {
            let judged = matches(&Secret::new("x"), text, &mut memory);
            assert!(matches!(judged, Err(Error::Corrupt(_))), "{text}");
        }
        // More memory than there is.
        let huge = "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert!(matches(&Secret::new("x"), huge, &mut memory).is_err());
    }
}
