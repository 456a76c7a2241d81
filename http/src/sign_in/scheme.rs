//! The schemes of HTTP authentication.

use cardwright_core::named;

/// A scheme of HTTP authentication, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Scheme {
    /// Kerberos by SPNEGO (RFC 4559); on Windows also the other mechanisms of the system's Negotiate.
    Negotiate = 1,
    /// NTLMv2 (MS-NLMP).
    Ntlm = 2,
    /// Name and password (RFC 7617).
    Basic = 3,
    /// A token (RFC 6750).
    Bearer = 4,
}

named! { Scheme { Negotiate, Ntlm = "NTLM", Basic, Bearer } }
