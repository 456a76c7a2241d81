//! The account that signs in, the schemes it may use, and the result.
//!
//! [`Credentials`] name the account. With [`SignIn`] the server is first asked for its schemes, and the
//! strongest allowed one is used: Negotiate (RFC 4559) before NTLM (MS-NTHT) before Basic (RFC 7617). A
//! password that was refused is never tried again, by any scheme. An [`Explanation`] holds what was
//! offered, tried and chosen.

mod authenticator;
pub(crate) mod cause;
pub(crate) mod challenge;
pub(crate) mod failure;
mod handshake;
mod kerberos_error;
mod negotiation;
mod offer;
mod origin;
pub(crate) mod scheme;
pub(crate) mod towards_proxy;

pub(crate) use authenticator::Authenticator;
pub use cause::{Binding, SignInCause};
pub use failure::Explanation;
pub(crate) use failure::Failure;
pub(crate) use origin::Origin;
pub use scheme::Scheme;

use crate::cancel::Canceler;
use crate::error::Error;
use crate::secret::Secret;
use cardwright_core::Code;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// The account that sends the requests.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Credentials {
    /// None.
    #[default]
    Anonymous,
    /// Name and password by HTTP Basic (RFC 7617), sent with the first request. Neither vendor documents
    /// it; reverse proxies and test servers use it. Over plain HTTP they are sent only to this computer;
    /// see [`SignIn::basic_in_clear`].
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: Secret,
    },
    /// A bearer token (RFC 6750). Over plain HTTP it is sent only to this computer; see
    /// [`Setup::tokens_in_clear`](crate::Setup::tokens_in_clear).
    Bearer(Secret),
    /// Bearer tokens from a source that can replace an expired one.
    Tokens(Arc<dyn TokenSource>),
    /// A user, by the strongest allowed scheme that the server offers.
    SignIn(SignIn),
}

impl Credentials {
    /// Name and password by Basic.
    pub fn basic(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Credentials::Basic { user: user.into(), password: password.into() }
    }

    /// The name of the user, if one was given.
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

impl Credentials {
    /// Checks that Basic can carry user and password, where it may be used: between them stands the first colon, and
    /// neither holds a control character (RFC 7617, 2). A server would take half of such a name for another user's.
    ///
    /// # Errors
    /// [`Error::Setup`] with [`Code::Header`], before anything is sent.
    pub(crate) fn check_basic(&self) -> Result<(), Error> {
        let (user, password, only) = match self {
            Credentials::Basic { user, password } => (user, password, true),
            Credentials::SignIn(SignIn { password: Some((user, password)), schemes, .. })
                if schemes.contains(&Scheme::Basic) =>
            {
                (user, password, schemes.len() == 1)
            }
            _ => return Ok(()),
        };
        let instead = if only { "" } else { "; or allow other schemes alone" };
        let wrong = |setting, what: &str| {
            let message = format!("HTTP Basic cannot carry {what} (RFC 7617){instead}");
            Err(Error::setup(Code::Header, message).of_setting(setting))
        };
        if user.contains(':') {
            return wrong(
                "user",
                &format!("the colon in the user {user:?}: give the name as DOMAIN\\name or name@domain"),
            );
        }
        if user.contains(|c: char| c.is_ascii_control()) {
            return wrong("user", &format!("the control character in the user {user:?}: give the name alone"));
        }
        if password.expose().contains(|c: char| c.is_ascii_control()) {
            return wrong("password", "the control character in the password, such as the end of its line in a file");
        }
        Ok(())
    }
}

impl Credentials {
    /// Checks that a user's name is one line: what a name has after the end of its line is another text, of a file or a form
    /// that it was read from.
    ///
    /// # Errors
    /// [`Error::Setup`] with [`Code::Header`], before anything is sent.
    pub(crate) fn check_user(&self) -> Result<(), Error> {
        match self.user() {
            Some(user) if user.contains(|c: char| c.is_control()) => {
                let message = format!("the user {user:?} has a control character in it: give the name alone");
                Err(Error::setup(Code::Header, message).of_setting("user"))
            }
            _ => Ok(()),
        }
    }
}

impl From<SignIn> for Credentials {
    fn from(sign_in: SignIn) -> Self {
        Credentials::SignIn(sign_in)
    }
}

/// A source of bearer tokens, such as [`crate::Oidc`]. Any thread may call it, so it keeps its token and
/// handles one request at a time. While it waits, it observes the canceler of the client. After a fork, a child calls it
/// too, so that it must not wait for a lock that a thread of the parent may have held.
pub trait TokenSource: Send + Sync + fmt::Debug {
    /// A valid token; one that is about to expire is replaced first.
    ///
    /// # Errors
    /// Why there is none.
    fn token(&self, canceler: &Canceler) -> Result<Secret, Error>;

    /// Another token in place of this one, which the server has refused; `None` if there is no other.
    ///
    /// # Errors
    /// Why there is none.
    fn renew(&self, refused: &Secret, canceler: &Canceler) -> Result<Option<Secret>, Error>;
}

/// Whether the server must prove its identity, as it does by Kerberos.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Mutual {
    /// A wrong proof is an error; a missing one is a warning in the log.
    #[default]
    Warn,
    /// A missing proof is an error too, and schemes without proof, NTLM and Basic, are not used.
    Require,
}

cardwright_core::named! { Mutual { Warn = "warn", Require = "require" } }

/// A user, and how to sign in.
#[derive(Debug, Clone)]
#[must_use]
pub struct SignIn {
    /// Name and password; `None` for the ambient identity.
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
    /// A user with a password. The name is `name@SUFFIX` (a UPN, in any case), `DOMAIN\name`, or `name` for the
    /// machine's own Kerberos domain.
    pub fn password(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        SignIn { password: Some((user.into(), password.into())), ..Self::ambient() }
    }

    /// The identity that the system has already: the Kerberos ticket of `kinit`, the keytab of the
    /// environment (`KRB5_CLIENT_KTNAME`), on Windows the user who is logged on.
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

    /// Whether nothing but Kerberos can come of it.
    pub(crate) fn needs_kerberos(&self) -> bool {
        let names_it = self.keytab.is_some() || self.ccache.is_some() || self.principal.is_some();
        names_it || self.password.is_none() || self.schemes == [Scheme::Negotiate]
    }

    /// The schemes that may be used, in any order. Default: all that can use the given identity.
    pub fn schemes(mut self, schemes: &[Scheme]) -> Self {
        self.schemes = schemes.to_vec();
        self.schemes.sort();
        self
    }

    /// Whether Basic may send the password over plain HTTP to another machine, readable on the way.
    /// Default: no.
    pub fn basic_in_clear(mut self, may: bool) -> Self {
        self.basic_in_clear = may;
        self
    }

    /// Whether the server must prove its identity. Default: [`Mutual::Warn`].
    pub fn mutual(mut self, mutual: Mutual) -> Self {
        self.mutual = mutual;
        self
    }

    /// Whether the sign-in is bound to the TLS connection (RFC 5929 `tls-server-end-point`, "Extended
    /// Protection"). Default: yes. It must be off behind a proxy that ends TLS.
    pub fn channel_bindings(mut self, bind: bool) -> Self {
        self.bindings = bind;
        self
    }

    /// The name of the service, `HTTP@host`. Default: with the host of the address.
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.service = Some(name.into());
        self
    }

    /// The principal, `name@REALM`, if there are tickets or keys of several.
    pub fn principal(mut self, name: impl Into<String>) -> Self {
        self.principal = Some(name.into());
        self
    }

    /// The keytab with the key of the account, for unattended programs.
    pub fn keytab(mut self, file: impl Into<PathBuf>) -> Self {
        self.keytab = Some(file.into());
        self
    }

    /// The file with the tickets. Default: the one of the environment (`KRB5CCNAME`).
    pub fn ccache(mut self, file: impl Into<PathBuf>) -> Self {
        self.ccache = Some(file.into());
        self
    }
}

/// The outcome in an [`Explanation`] of an offered scheme that is not allowed.
pub const NOT_ALLOWED: &str = "not allowed";
