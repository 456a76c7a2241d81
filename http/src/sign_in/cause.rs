//! Why a sign-in failed, as a fact that a program can tell apart.
//!
//! What a KDC says comes from its number (RFC 4120, 7.5.9), never from a text.

use super::scheme::Scheme;
use cardwright_core::Named as _;
use std::fmt;

/// Why a sign-in failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignInCause {
    /// The server wants a sign-in, and nothing was given for one.
    NothingGiven {
        /// The schemes that the server offers, in its own words.
        offered: Vec<String>,
        /// The principal of the Kerberos ticket at hand, if there is one and the server takes it.
        ticket: Option<String>,
    },
    /// The server offers no scheme that can use what was given.
    NotOffered {
        /// The schemes that the server offers, in its own words.
        offered: Vec<String>,
    },
    /// The server offers schemes that could be used, and the settings allow none of them.
    NotAllowed {
        /// The schemes that the server offers, in its own words.
        offered: Vec<String>,
    },
    /// The domain does not know the name (KDC_ERR_C_PRINCIPAL_UNKNOWN). No password was checked.
    NameUnknown {
        /// The name as it was given.
        name: String,
        /// The Kerberos realm that was asked.
        realm: String,
    },
    /// No KDC is known for the realm: neither krb5.conf nor DNS names one.
    RealmUnknown {
        /// The realm; empty if none was given, and the machine has none to ask for this server.
        realm: String,
    },
    /// No KDC of the realm answers.
    KdcUnreachable {
        /// The realm.
        realm: String,
    },
    /// The domain refused the password (KDC_ERR_PREAUTH_FAILED), which counts as a bad attempt.
    PasswordWrong {
        /// The name as it was given.
        name: String,
    },
    /// The password has expired or must be changed (KDC_ERR_KEY_EXPIRED).
    PasswordExpired {
        /// The name as it was given.
        name: String,
    },
    /// The account is disabled, locked, or no longer valid (KDC_ERR_CLIENT_REVOKED).
    AccountDisabled {
        /// The name as it was given.
        name: String,
    },
    /// The account has expired (KDC_ERR_NAME_EXP).
    AccountExpired {
        /// The name as it was given.
        name: String,
    },
    /// The domain's rules do not let the account sign in now, or from here (KDC_ERR_POLICY, KDC_ERR_CLIENT_NOTYET).
    AccountRestricted {
        /// The name as it was given.
        name: String,
    },
    /// The key in the keytab is not that of the account.
    KeyWrong {
        /// The name as it was given; empty if none was.
        name: String,
    },
    /// The keytab has no key of the account, or cannot be read.
    NoKey {
        /// The name as it was given; empty if none was.
        name: String,
    },
    /// The clocks differ by more than the domain allows (KRB_AP_ERR_SKEW).
    ClockSkew,
    /// No account of the domain has the service principal name (KDC_ERR_S_PRINCIPAL_UNKNOWN).
    ServiceUnknown {
        /// The service principal name, `HTTP/host`.
        service: String,
    },
    /// There is no Kerberos ticket.
    NoTicket {
        /// The principal that was named, if one was.
        name: Option<String>,
    },
    /// The Kerberos ticket has expired.
    TicketExpired,
    /// No encryption type is allowed by both sides (KDC_ERR_ETYPE_NOSUPP).
    EncryptionType,
    /// The server did not accept the Kerberos ticket.
    TicketRefused {
        /// The service principal name that the ticket is for, `HTTP/host`.
        service: String,
        /// Whether the sign-in was bound to the TLS connection.
        binding: Binding,
    },
    /// The server refused user or password, after a proof of the password.
    Refused {
        /// The scheme.
        scheme: Scheme,
        /// The name as it was given.
        user: String,
        /// Whether the sign-in was bound to the TLS connection; Basic never is.
        binding: Binding,
    },
    /// The server refused the token (RFC 6750, 3).
    TokenRefused {
        /// Its word for the cause, such as `invalid_token`.
        error: Option<String>,
        /// What it says about it.
        description: Option<String>,
    },
    /// The connection does not last from one leg of the sign-in to the next.
    ConnectionNotKept,
    /// This machine has no Kerberos library.
    NoLibrary {
        /// What was looked for.
        why: String,
    },
    /// The server did not prove who it is, and must.
    Unproven,
    /// The scheme would send the password over plain HTTP, readable by all on the way.
    InClear {
        /// Scheme and host, in words.
        why: String,
    },
}

/// Whether a sign-in was bound to its TLS connection (RFC 5929, "Extended Protection").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Binding {
    /// It was, by the server's certificate.
    Sent,
    /// It was not, because the settings say so.
    Off,
    /// It could not be: there is no TLS.
    NoTls,
}

impl SignInCause {
    /// How much it explains, if several schemes were tried: the highest one is the cause of the whole.
    pub(crate) fn weight(&self) -> u8 {
        use SignInCause::*;
        match self {
            PasswordWrong { .. }
            | PasswordExpired { .. }
            | AccountDisabled { .. }
            | AccountExpired { .. }
            | AccountRestricted { .. }
            | KeyWrong { .. }
            | TokenRefused { .. }
            | ClockSkew => 9,
            ConnectionNotKept | Unproven => 8,
            // A name without a suffix may be one of the server's own.
            NameUnknown { name, .. } if name.contains('@') => 7,
            ServiceUnknown { .. } | TicketRefused { .. } => 7,
            Refused { .. } => 6,
            NoTicket { .. } | TicketExpired | NoKey { .. } | EncryptionType => 5,
            NameUnknown { .. } => 4,
            KdcUnreachable { .. } | RealmUnknown { .. } => 3,
            InClear { .. } | NoLibrary { .. } => 2,
            NotAllowed { .. } | NotOffered { .. } | NothingGiven { .. } => 1,
        }
    }

    /// Whether another attempt could lock the account.
    pub(crate) fn counts_against_the_account(&self) -> bool {
        matches!(self, SignInCause::PasswordWrong { .. } | SignInCause::Refused { .. })
    }
}

impl std::error::Error for SignInCause {}

impl fmt::Display for SignInCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use SignInCause::*;
        let named = |name: &str| if name.is_empty() { String::new() } else { format!(" of {name}") };
        match self {
            NothingGiven { .. } => f.write_str("nothing was given to sign in with"),
            NotOffered { offered } if offered.is_empty() => f.write_str("the server does not say how to sign in"),
            NotOffered { .. } => f.write_str("what was given is of no use for the schemes that the server offers"),
            NotAllowed { .. } => f.write_str("the settings allow none of the schemes that the server offers"),
            NameUnknown { name, realm } => write!(f, "the domain {realm} does not know the name {name}"),
            RealmUnknown { realm } if realm.is_empty() => {
                f.write_str("Kerberos takes a user as name@REALM, unless this machine and the server are of one domain")
            }
            RealmUnknown { realm } => write!(f, "no Kerberos server (KDC) is known for the domain {realm}"),
            KdcUnreachable { realm } => write!(f, "no Kerberos server (KDC){} answers", named(realm)),
            PasswordWrong { name } => write!(f, "the domain has refused the password of {name}"),
            PasswordExpired { name } => write!(f, "the password of {name} has expired and must be changed"),
            AccountDisabled { name } => write!(f, "the account {name} is disabled or locked in the domain"),
            AccountExpired { name } => write!(f, "the account {name} has expired in the domain"),
            AccountRestricted { name } => {
                write!(f, "the domain's rules do not let {name} sign in at this time, or from this machine")
            }
            KeyWrong { name } => write!(f, "the domain has refused the key{} in the keytab", named(name)),
            NoKey { name } => write!(f, "the keytab cannot be read, or has no key{}", named(name)),
            ClockSkew => f.write_str("the clocks of this machine and of the domain or the server differ too much"),
            ServiceUnknown { service } => {
                write!(f, "no account of the domain has the service principal name (SPN) {service}")
            }
            NoTicket { name } => write!(f, "there is no Kerberos ticket{}", named(name.as_deref().unwrap_or(""))),
            TicketExpired => f.write_str("the Kerberos ticket has expired"),
            EncryptionType => f.write_str("this machine and the domain have no encryption type in common for Kerberos"),
            TicketRefused { service, .. } => {
                write!(f, "the server does not accept the Kerberos ticket for {service}")
            }
            Refused { scheme, user, .. } => {
                write!(f, "the server has refused user or password of {user} by {}", scheme.name())
            }
            TokenRefused { error, description } => {
                f.write_str("the server does not accept the token")?;
                [error, description].into_iter().flatten().try_for_each(|words| write!(f, ": {words}"))
            }
            ConnectionNotKept => f.write_str(
                "the connection does not last from one leg of the sign-in to the next; a load balancer or a proxy on the \
                 way usually does that",
            ),
            NoLibrary { why } | InClear { why } => f.write_str(why),
            Unproven => f.write_str("by this scheme the server does not prove who it is, and it must"),
        }
    }
}
