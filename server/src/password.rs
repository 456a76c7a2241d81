//! Passwords as they are stored: Argon2id hashes in PHC strings (RFC 9106).

use crate::{Error, Secret};
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

/// The hash of a password, as a PHC string.
///
/// # Errors
/// [`Error::Crypto`] if the system gives no random numbers, or the password is too long.
pub(crate) fn hash(password: &Secret) -> Result<String, Error> {
    let hash: PasswordHash = argon2()
        .hash_password(password.reveal().as_bytes())
        .map_err(|_| Error::Crypto("the password cannot be hashed"))?;
    Ok(hash.to_string())
}

/// Whether a hash is that of a password. This takes a while.
pub(crate) fn matches(password: &Secret, hash: &str) -> bool {
    argon2().verify_password(password.reveal().as_bytes(), hash).is_ok()
}

/// What OWASP recommends for Argon2id: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::{Secret, hash};

    #[test]
    fn a_password_is_hashed_as_recommended() {
        let stored = hash(&Secret::new("right")).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    }
}
