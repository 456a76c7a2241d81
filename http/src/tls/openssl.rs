//! TLS by the system's OpenSSL, which is loaded when it is asked for: for servers that rustls does not get along with,
//! and for the key files that it does not read. Nothing is linked.
//!
//! The library's own defaults hold: its security level (2 on Debian) and its file `openssl.cnf`; but nothing older than
//! TLS 1.2 is spoken. RFC 5246, RFC 8446, RFC 5746.

// It calls C, as the files below it do; a check lists all that may.
#![allow(unsafe_code)]

mod api;
mod connection;
mod context;
mod errors;
pub(crate) mod key_files;

pub(super) use context::{Client, Context};

use super::session::Session;
use crate::presented::Presented;
use connection::Connection;
use std::io;
use ureq::unversioned::transport::TransportAdapter;

/// Whether the library is there.
///
/// # Errors
/// What to install.
pub(super) fn check() -> Result<(), String> {
    api::Api::load().map(|_| ())
}

/// The library's name and version, where it is there.
pub(super) fn version() -> Option<&'static str> {
    api::Api::load().ok().map(api::Api::version)
}

/// Makes a connection to a host of this name or address, whose certificate must be for it.
///
/// # Errors
/// A failure of TLS, or of the transport.
pub(super) fn open(
    context: &Context,
    host: &str,
    socket: TransportAdapter,
    presented: &Presented,
) -> io::Result<Box<dyn Session>> {
    Ok(Box::new(Connection::open(context, host, socket, presented)?))
}
