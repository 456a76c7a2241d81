//! Which library does TLS.

/// The library that does TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum TlsBackend {
    /// rustls, which is built in: TLS 1.2 with ECDHE and AEAD suites, and TLS 1.3.
    #[default]
    Rustls,
    /// The system's OpenSSL (`libssl.so.3` or `libssl.so.1.1`), loaded when it is asked for: CBC suites, RSA key
    /// exchange, DHE, P-521, renegotiation (RFC 5746) and authentication after the handshake (RFC 8446, 4.6.2) as well,
    /// from TLS 1.2 on. On Windows it is SChannel, which shows no client certificate here. Not on macOS.
    System,
}

cardwright_core::named! { TlsBackend { Rustls = "rustls", System = "system" } }
