//! In the place of OpenSSL on systems where it is not looked for: Windows and macOS.

use crate::presented::Presented;
use crate::tls::session::Session;
use std::io;
use ureq::unversioned::transport::TransportAdapter;
use zeroize::Zeroizing;

const NOT_THERE: &str =
    "it is not there yet on this operating system (on Linux it is OpenSSL): leave the default, rustls";

/// Whether the library is there: it is not.
///
/// # Errors
/// Always.
pub(super) fn check() -> Result<(), String> {
    Err(NOT_THERE.into())
}

/// The library's name and version, of which there are none.
pub(super) fn version() -> Option<&'static str> {
    None
}

/// The settings of connections, of which there are none.
#[derive(Debug)]
pub(super) enum Context {}

/// A certificate with its chain, and its key, in DER.
pub(super) struct Client<'c> {
    pub(super) chain: Vec<&'c [u8]>,
    pub(super) key: &'c [u8],
}

impl Context {
    pub(super) fn new(_: bool, _: &[&[u8]], client: Option<Client<'_>>) -> Result<Self, String> {
        let _unused = client.map(|client| (client.chain, client.key));
        Err(NOT_THERE.into())
    }
}

/// Makes a connection, of which there are none.
pub(super) fn open(context: &Context, _: &str, _: TransportAdapter, _: &Presented) -> io::Result<Box<dyn Session>> {
    match *context {}
}

/// Key files, which are not read without the library.
pub(crate) mod key_files {
    use super::{NOT_THERE, Zeroizing};

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

    pub(crate) fn pkcs12(_: &[u8], _: &str) -> Result<Pair, KeyFileError> {
        Err(KeyFileError::Other(NOT_THERE.into()))
    }

    pub(crate) fn pem_key(_: &[u8], _: &str) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
        Err(KeyFileError::Other(NOT_THERE.into()))
    }
}
