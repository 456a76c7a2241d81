//! Who asks, by which schemes, and what came of it.
//!
//! [`Credentials`] say who asks. With [`SignIn`] the server is asked first what it takes, and the
//! strongest scheme of those that are allowed is used: Negotiate (RFC 4559) before NTLM (MS-NTHT)
//! before Basic (RFC 7617). A password that was refused is not tried again, by no scheme.
//! [`Explanation`] tells what was offered, tried and chosen.

pub(crate) mod challenge;
mod handshake;
mod offered;
mod signer;

pub(crate) use handshake::Place;
pub(crate) use signer::{Said, Signer};

use crate::error::Error;
use crate::retry::Canceler;
use crate::secret::Secret;
use cardwright_core::{Named, named};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// A scheme of HTTP authentication, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Scheme {
    /// Kerberos by SPNEGO (RFC 4559); on Windows also what else the system's Negotiate takes.
    Negotiate = 1,
    /// NTLMv2 (MS-NLMP).
    Ntlm = 2,
    /// Name and password (RFC 7617).
    Basic = 3,
    /// A token (RFC 6750).
    Bearer = 4,
}

named! { Scheme { Negotiate, Ntlm = "NTLM", Basic, Bearer } }

/// Who asks.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Credentials {
    /// Nobody.
    #[default]
    Anonymous,
    /// Name and password by HTTP Basic (RFC 7617), with the first request. Neither vendor documents it;
    /// reverse proxies and test servers use it. Over plain HTTP it goes to loopback alone; see
    /// [`SignIn::basic_in_clear`].
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: Secret,
    },
    /// A bearer token (RFC 6750). Over plain HTTP it goes to loopback alone; see
    /// [`Setup::tokens_in_clear`](crate::Setup::tokens_in_clear).
    Bearer(Secret),
    /// Bearer tokens from a source that can give another when one has run out.
    Tokens(Arc<dyn TokenSource>),
    /// A user, by the strongest scheme that the server offers and that is allowed.
    SignIn(SignIn),
}

impl Credentials {
    /// Name and password by Basic.
    pub fn basic(user: impl Into<String>, password: Secret) -> Self {
        Credentials::Basic { user: user.into(), password }
    }

    /// The name of the user, where one was given.
    pub fn user(&self) -> Option<&str> {
        match self {
            Credentials::Basic { user, .. } => Some(user),
            Credentials::SignIn(sign_in) => {
                let given = sign_in.password.as_ref().map(|(user, _)| user).or(sign_in.principal.as_ref());
                given.map(String::as_str)
            }
            _ => None,
        }
    }
}

impl From<SignIn> for Credentials {
    fn from(sign_in: SignIn) -> Self {
        Credentials::SignIn(sign_in)
    }
}

/// What gives bearer tokens. It is asked from any thread, so it keeps what it has and takes turns. Where
/// it waits, it looks at the canceler of the client that needs the token. [`crate::Oidc`] is one.
pub trait TokenSource: Send + Sync + fmt::Debug {
    /// A token that is good now; one that is about to run out was replaced.
    ///
    /// # Errors
    /// Where none can be had, with the reason.
    fn token(&self, canceler: &Canceler) -> Result<Secret, Error>;

    /// Another token than this one, which the server has refused; `None` where there is none.
    ///
    /// # Errors
    /// Where none can be had, with the reason.
    fn renew(&self, refused: &Secret, canceler: &Canceler) -> Result<Option<Secret>, Error>;
}

/// Whether the server must prove who it is, as it does by Kerberos.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mutual {
    /// A wrong proof is an error; a missing one is said in the log and in the [`Explanation`].
    #[default]
    Warn,
    /// A missing proof is an error too, and schemes without any, NTLM and Basic, are not used.
    Require,
}

/// A user, and the schemes by which he may sign in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Name and password; `None` for the identity that is at hand.
    pub(crate) password: Option<(String, Secret)>,
    pub(crate) schemes: Vec<Scheme>,
    pub(crate) basic_in_clear: bool,
    pub(crate) mutual: Mutual,
    pub(crate) bindings: bool,
    pub(crate) service: Option<String>,
    pub(crate) principal: Option<String>,
    pub(crate) keytab: Option<PathBuf>,
    pub(crate) ccache: Option<PathBuf>,
}

impl SignIn {
    /// By name and password. The name is `DOMAIN\name`, `name@REALM` or `name`; Kerberos takes the second
    /// alone, except on Windows.
    pub fn password(user: impl Into<String>, password: Secret) -> Self {
        SignIn { password: Some((user.into(), password)), ..Self::ambient() }
    }

    /// As whoever the system knows already: the Kerberos ticket of `kinit`, the keytab that the
    /// environment names (`KRB5_CLIENT_KTNAME`), on Windows whoever is logged on.
    pub fn ambient() -> Self {
        SignIn {
            password: None,
            schemes: vec![Scheme::Negotiate, Scheme::Ntlm, Scheme::Basic],
            basic_in_clear: false,
            mutual: Mutual::default(),
            bindings: true,
            service: None,
            principal: None,
            keytab: None,
            ccache: None,
        }
    }

    /// The schemes that may be used. Without it: all that take what is given, strongest first; the
    /// order here does not matter.
    pub fn schemes(mut self, schemes: &[Scheme]) -> Self {
        self.schemes = schemes.to_vec();
        self.schemes.sort();
        self
    }

    /// Lets Basic send the password over plain HTTP to another machine, where everybody on the way can
    /// read it.
    pub fn basic_in_clear(mut self, may: bool) -> Self {
        self.basic_in_clear = may;
        self
    }

    /// Whether the server must prove who it is. Without it: [`Mutual::Warn`].
    pub fn mutual(mut self, mutual: Mutual) -> Self {
        self.mutual = mutual;
        self
    }

    /// Whether the sign-in is bound to the TLS connection (RFC 5929 `tls-server-end-point`, "Extended
    /// Protection"). Without it: yes. Behind a proxy that ends TLS it must be off.
    pub fn channel_bindings(mut self, bind: bool) -> Self {
        self.bindings = bind;
        self
    }

    /// The name of the service, `HTTP@host`. Without it: that of the address's host.
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.service = Some(name.into());
        self
    }

    /// Whose ticket to use where there are several, or whose key in the keytab: `name@REALM`.
    pub fn principal(mut self, name: impl Into<String>) -> Self {
        self.principal = Some(name.into());
        self
    }

    /// The keytab with the key of the account, for a batch without anybody to type a password.
    pub fn keytab(mut self, file: impl Into<PathBuf>) -> Self {
        self.keytab = Some(file.into());
        self
    }

    /// The file with the tickets. Without it: what the environment says (`KRB5CCNAME`).
    pub fn ccache(mut self, file: impl Into<PathBuf>) -> Self {
        self.ccache = Some(file.into());
        self
    }
}

/// The outcome in an [`Explanation`] of a scheme that the server offers and that is not among those allowed.
pub const NOT_ALLOWED: &str = "not allowed";

/// Why a scheme cannot be used.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) why: String,
    /// Whether somebody has judged the password.
    pub(crate) judged: bool,
}

impl Failure {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Failure { why: why.into(), judged: false }
    }
}

/// What a server offered, what was tried, and what was chosen; without secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The schemes that the server offered when it was last asked, by its own words.
    pub offered: Vec<String>,
    /// What was tried and what came of it, or why it was not tried.
    pub tried: Vec<(Scheme, String)>,
    /// The scheme by which the server let the user in.
    pub chosen: Option<Scheme>,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.offered.as_slice() {
            [] => f.write_str("the server offered nothing")?,
            offered => write!(f, "the server offers {}", offered.join(", "))?,
        }
        for (scheme, outcome) in &self.tried {
            write!(f, "; {}: {outcome}", scheme.name())?;
        }
        Ok(())
    }
}
