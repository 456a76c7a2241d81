//! The certificates that a server presents, trusted or not: to show which authority is not trusted.

use crate::lock::lock;
use std::sync::{Arc, Mutex};

/// The certificates of the last handshake in DER, the server's own first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Presented(Arc<Mutex<Vec<Vec<u8>>>>);

impl Presented {
    pub(crate) fn last(&self) -> Vec<Vec<u8>> {
        lock(&self.0).clone()
    }

    /// Those of another handshake.
    pub(crate) fn record(&self, chain: &[Vec<u8>]) {
        *lock(&self.0) = chain.to_vec();
    }
}
