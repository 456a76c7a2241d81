//! What connections share: the credential, and what is trusted.

use super::chain::Store;
use super::security::Credential;
use super::verify::Roots;
use std::sync::Arc;

/// The settings of connections.
pub(in crate::tls) struct Context {
    pub(super) credential: Arc<Credential>,
    pub(super) roots: Roots,
}

/// A certificate with its chain, and its key, in DER.
pub(in crate::tls) struct Client<'c> {
    pub(in crate::tls) chain: Vec<&'c [u8]>,
    pub(in crate::tls) key: &'c [u8],
}

impl Context {
    /// Settings with these authorities, and those of the system where `system` is set.
    ///
    /// A client's certificate is not taken: SChannel uses keys that Windows keeps in files of its own, and this crate
    /// leaves none behind.
    ///
    /// # Errors
    /// What cannot be used, in words.
    pub(in crate::tls) fn new(system: bool, roots: &[&[u8]], client: Option<Client<'_>>) -> Result<Self, String> {
        if client.map(|client| (client.chain, client.key)).is_some() {
            return Err("a client's certificate cannot be shown by SChannel here: leave --tls system out, \
                        so that rustls shows it"
                .into());
        }
        let mut trial = Store::new().ok_or("Windows opens no store for certificates")?;
        if roots.iter().any(|root| trial.add(root).is_none()) {
            return Err("a certificate to trust cannot be read".into());
        }
        let added = roots.iter().map(|root| root.to_vec()).collect();
        Ok(Context { credential: Arc::new(Credential::acquire()?), roots: Roots { added, system } })
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}
