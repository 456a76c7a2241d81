//! In the place of OpenSSL for key files, on systems where it is not looked for: Windows and macOS.

use zeroize::Zeroizing;

const NOT_THERE: &str = "on this operating system it is not looked for";

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyFileError {
    /// The password does not fit.
    #[allow(dead_code)]
    WrongPassword,
    /// Anything else, in words.
    Other(String),
}

/// A certificate with its chain, and its key, in DER.
pub(crate) struct Pair {
    pub(crate) chain: Vec<Vec<u8>>,
    pub(crate) key: Zeroizing<Vec<u8>>,
}

/// Reads a PKCS #12 file, which is not done here.
///
/// # Errors
/// Always.
pub(crate) fn pkcs12(_: &[u8], _: &str) -> Result<Pair, KeyFileError> {
    Err(KeyFileError::Other(NOT_THERE.into()))
}

/// Reads an encrypted key in PEM, which is not done here.
///
/// # Errors
/// Always.
pub(crate) fn pem_key(_: &[u8], _: &str) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    Err(KeyFileError::Other(NOT_THERE.into()))
}
