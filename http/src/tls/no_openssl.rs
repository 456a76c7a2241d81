//! In the place of the system's library where none is looked for, as on macOS.

use crate::presented::Presented;
use crate::tls::session::Session;
use std::io;
use ureq::unversioned::transport::TransportAdapter;

const NOT_THERE: &str = "it is not there yet on this operating system (on Linux it is OpenSSL, on Windows SChannel): leave the default, rustls";

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
