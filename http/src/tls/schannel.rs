//! TLS by SChannel, which is part of Windows: for servers that rustls does not get along with.
//!
//! Which cipher suites, curves and signatures it takes is up to Windows and its policies; but nothing older than TLS 1.2
//! is spoken. The server's certificate is verified by CryptoAPI, and its name as rustls does. MS Learn: "Schannel SSP".

// It calls C, as the files below it do; a check lists all that may.
#![allow(unsafe_code)]

mod causes;
mod chain;
mod connection;
mod context;
mod security;
mod verify;

pub(super) use context::{Client, Context};

use super::session::Session;
use crate::presented::Presented;
use connection::Connection;
use security::Credential;
use std::io;
use ureq::unversioned::transport::TransportAdapter;

/// Whether the library is there.
///
/// # Errors
/// Why Windows does not give it out.
pub(super) fn check() -> Result<(), String> {
    Credential::acquire().map(|_| ())
}

/// The library's name; its version is that of Windows.
pub(super) fn version() -> Option<&'static str> {
    check().ok().map(|()| "SChannel of Windows")
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
