//! What both backends are to the connector: a connection that was secured.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;
use ureq::unversioned::transport::TransportAdapter;

/// A connection over TLS. Reading and writing fail with a [`TlsFailure`](super::cause::TlsFailure) inside where TLS is
/// the matter, and with the transport's own error where that is.
pub(crate) trait Session: Read + Write + std::fmt::Debug + Send + Sync {
    /// What carries the bytes, with its time limit.
    fn socket(&mut self) -> &mut TransportAdapter;

    /// The server's own certificate, in DER.
    fn certificate(&self) -> Option<Arc<[u8]>>;
}

/// Whether the connection below was cut.
pub(super) fn is_broken(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted)
}
