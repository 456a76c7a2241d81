//! What connections share: versions, what is trusted, the client's certificate.

use super::api::{
    Api, CertificateCallback, Handle, MODES, Owned, SSL_CTRL_CHAIN, SSL_CTRL_CHAIN_CERT, SSL_CTRL_EXTRA_CHAIN_CERT,
    SSL_CTRL_MODE, SSL_CTRL_SET_MIN_PROTO_VERSION, SSL_VERIFY_PEER, TLS1_2_VERSION,
};
use crate::tls::certificate::chain_from;
use crate::tls::handshake;
use std::ffi::{c_int, c_long, c_void};
use std::ptr::{null, null_mut};

/// The settings of connections.
pub(in crate::tls) struct Context {
    pub(super) api: &'static Api,
    handle: Owned,
    /// Whether there is a client certificate.
    pub(super) given: bool,
}

// SAFETY: after it is set up it is only read; the library counts references to it by atomic operations.
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

/// A certificate with its chain, and its key, in DER.
pub(in crate::tls) struct Client<'c> {
    pub(in crate::tls) chain: Vec<&'c [u8]>,
    pub(in crate::tls) key: &'c [u8],
}

impl Context {
    /// Settings with these authorities, and those of the system where `system` is set.
    ///
    /// # Errors
    /// What cannot be used, in words.
    pub(in crate::tls) fn new(system: bool, roots: &[&[u8]], client: Option<Client<'_>>) -> Result<Self, String> {
        let api = Api::load()?;
        api.clear_errors();
        let failed = |what: &str| format!("{what}: {}", api.first_words());
        // SAFETY: the method is a constant of the library; what is made is owned here alone.
        let handle = unsafe { Owned::new((api.ssl.SSL_CTX_new)((api.ssl.TLS_client_method)()), api.ssl.SSL_CTX_free) };
        let handle = handle.ok_or_else(|| failed("OpenSSL cannot be set up"))?;
        let context = handle.get();
        // SAFETY: the context is alive, and these controls take numbers alone.
        let version = unsafe {
            (api.ssl.SSL_CTX_ctrl)(context, SSL_CTRL_MODE, MODES, null_mut());
            (api.ssl.SSL_CTX_ctrl)(context, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, null_mut())
        };
        if version != 1 {
            return Err(failed("OpenSSL does not take TLS 1.2 as the oldest version"));
        }
        let callback: CertificateCallback = on_certificate_request;
        // Any pointer that is not NULL says so.
        let is_alone = client.as_ref().filter(|client| client.chain.len() == 1).map_or(null_mut(), |_| context);
        // Without a certificate too, so that a server that demands one says so by an alert.
        // SAFETY: the context is alive; there is no callback of verification, and the other one does not
        // follow its pointer.
        unsafe {
            (api.ssl.SSL_CTX_set_verify)(context, SSL_VERIFY_PEER, null());
            (api.ssl.SSL_CTX_set_post_handshake_auth)(context, 1);
            (api.ssl.SSL_CTX_set_cert_cb)(context, callback, is_alone);
        }
        // SAFETY: the context is alive.
        if system && unsafe { (api.ssl.SSL_CTX_set_default_verify_paths)(context) } != 1 {
            return Err(failed("OpenSSL does not read the system's authorities"));
        }
        // SAFETY: the context is alive, and so is its store, which is not owned here.
        let store = unsafe { (api.ssl.SSL_CTX_get_cert_store)(context) };
        for root in roots {
            let root = certificate(api, root).ok_or_else(|| failed("a certificate to trust cannot be read"))?;
            // SAFETY: store and certificate are alive; the store takes a reference of its own.
            if unsafe { (api.ssl.X509_STORE_add_cert)(store, root.get()) } != 1 {
                return Err(failed("a certificate to trust cannot be used"));
            }
        }
        let given = client.is_some();
        if let Some(client) = client {
            present(api, context, &client)
                .map_err(|why| format!("the client's certificate and key cannot be used: {why}"))?;
        }
        Ok(Context { api, handle, given })
    }

    /// A new connection, in the library's terms.
    pub(super) fn connection(&self) -> Option<Owned> {
        // SAFETY: the context is alive, and the connection takes a reference of its own.
        unsafe { Owned::new((self.api.ssl.SSL_new)(self.handle.get()), self.api.ssl.SSL_free) }
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("given", &self.given).finish_non_exhaustive()
    }
}

/// Notes that the server asks for a client certificate. To one that came without its chain, it adds the certificates of
/// the server that lead to an authority: servers often know only the root.
unsafe extern "C" fn on_certificate_request(ssl: Handle, is_alone: *mut c_void) -> c_int {
    handshake::asked();
    let (false, Ok(api)) = (is_alone.is_null(), Api::load()) else { return 1 };
    // SAFETY: the library calls this with its connection; its certificate and its stack are its own, and alive.
    let (own, presented) =
        unsafe { ((api.ssl.SSL_get_certificate)(ssl), api.stack((api.ssl.SSL_get_peer_cert_chain)(ssl))) };
    let own = if own.is_null() { None } else { api.der(own) };
    // SAFETY: the connection is alive; an empty chain takes the place of the one of an earlier handshake.
    unsafe { (api.ssl.SSL_ctrl)(ssl, SSL_CTRL_CHAIN, 0, null_mut()) };
    for der in chain_from(&own.unwrap_or_default(), &presented) {
        if let Some(one) = certificate(api, der) {
            // SAFETY: connection and certificate are alive; with 1 the connection takes a reference of its own.
            unsafe { (api.ssl.SSL_ctrl)(ssl, SSL_CTRL_CHAIN_CERT, 1, one.get()) };
        }
    }
    1
}

/// A certificate from its DER.
fn certificate(api: &Api, der: &[u8]) -> Option<Owned> {
    let (mut place, length) = (der.as_ptr(), c_long::try_from(der.len()).ok()?);
    // SAFETY: `length` bytes are readable there; the library copies them, and what is made is owned here alone.
    unsafe { Owned::new((api.ssl.d2i_X509)(null_mut(), &mut place, length), api.ssl.X509_free) }
}

/// Sets the client's certificate, its chain and its key.
fn present(api: &Api, context: Handle, client: &Client<'_>) -> Result<(), String> {
    let read = |der: &[u8]| certificate(api, der).ok_or_else(|| api.first_words());
    let (own, chain) = client.chain.split_first().ok_or("no certificate")?;
    let own = read(own)?;
    // SAFETY: context and certificate are alive; the context takes a reference of its own.
    if unsafe { (api.ssl.SSL_CTX_use_certificate)(context, own.get()) } != 1 {
        return Err(api.first_words());
    }
    for one in chain {
        let one = read(one)?.release();
        // SAFETY: the context is alive, and owns the certificate where this succeeds.
        if unsafe { (api.ssl.SSL_CTX_ctrl)(context, SSL_CTRL_EXTRA_CHAIN_CERT, 0, one) } != 1 {
            // SAFETY: it was not taken, and is owned here.
            unsafe { (api.ssl.X509_free)(one) };
            return Err(api.first_words());
        }
    }
    let length = c_long::try_from(client.key.len()).map_err(|_| "the key is too long")?;
    let mut place = client.key.as_ptr();
    // SAFETY: `length` bytes are readable there; the library copies them, and what is made is owned here alone.
    let key =
        unsafe { Owned::new((api.ssl.d2i_AutoPrivateKey)(null_mut(), &mut place, length), api.ssl.EVP_PKEY_free) };
    let key = key.ok_or_else(|| api.first_words())?;
    // SAFETY: context and key are alive; the context takes a reference of its own.
    let fits = unsafe {
        (api.ssl.SSL_CTX_use_PrivateKey)(context, key.get()) == 1 && (api.ssl.SSL_CTX_check_private_key)(context) == 1
    };
    if fits { Ok(()) } else { Err("the key is not that of the certificate".into()) }
}
