//! A sign-in by one scheme: the token of each leg, from the server's answer to the last one.

use super::origin::Origin;
use super::{Binding, Failure, Mutual, Scheme, SignIn, SignInCause, kerberos_error};
#[cfg(all(unix, feature = "kerberos"))]
use crate::gssapi as system;
use crate::lock::lock;
#[cfg(not(feature = "kerberos"))]
use crate::no_kerberos as system;
#[cfg(feature = "ntlm")]
use crate::ntlm;
use crate::secret::Secret;
#[cfg(all(windows, feature = "kerberos"))]
use crate::sspi as system;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::{Arc, Mutex};
use zeroize::Zeroizing;

/// A user, and the server to sign in to.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) sign_in: SignIn,
    pub(super) origin: Origin,
    /// The credential from the system's library, once it was acquired.
    credential: Mutex<Option<system::Credential>>,
}

/// A sign-in under way.
pub(super) enum Handshake {
    Basic,
    /// By the system's library.
    System(system::Context),
    #[cfg(feature = "ntlm")]
    Ntlm(Box<ntlm::Client>),
}

/// The token of one leg.
pub(super) struct Token {
    /// The text after the scheme's name.
    pub(super) text: Secret,
    /// Whether the server may accept the user by it, so that the body is sent with it.
    pub(super) last: bool,
    /// Whether it proves that the user has the password.
    pub(super) proves: bool,
}

impl Handshake {
    /// Whether it signs in the connection, not the single request.
    pub(super) fn signs_in_connection(&self) -> bool {
        !matches!(self, Handshake::Basic)
    }

    /// Whether the proof is the last leg. The system's library may try several mechanisms in turn.
    pub(super) fn ends_with_proof(&self) -> bool {
        !matches!(self, Handshake::System(_))
    }
}

impl Identity {
    pub(super) fn new(sign_in: SignIn, origin: Origin) -> Self {
        Identity { sign_in, origin, credential: Mutex::default() }
    }

    /// The name of the service, `HTTP@host`.
    fn service(&self) -> String {
        self.sign_in.service.clone().unwrap_or_else(|| format!("HTTP@{}", self.origin.host))
    }

    /// Whether a sign-in by this scheme is bound to the TLS connection.
    pub(super) fn binding(&self, scheme: Scheme) -> Binding {
        match (self.origin.secure, self.sign_in.bindings) {
            (false, _) => Binding::NoTls,
            (true, true) if scheme != Scheme::Basic => Binding::Sent,
            (true, _) => Binding::Off,
        }
    }

    /// The cause that a refusal by the server means, and whether the server has checked the password.
    pub(super) fn refused(&self, scheme: Scheme, checked: bool) -> Option<SignInCause> {
        let binding = self.binding(scheme);
        match (&self.sign_in.password, scheme) {
            (Some((user, _)), _) if checked => Some(SignInCause::Refused { scheme, user: user.clone(), binding }),
            (_, Scheme::Negotiate) => {
                Some(SignInCause::TicketRefused { service: self.service().replacen('@', "/", 1), binding })
            }
            _ => None,
        }
    }

    /// Checks that Basic may be used.
    pub(super) fn check_basic(&self) -> Result<(), String> {
        match self.sign_in.basic_in_clear {
            true => Ok(()),
            false => self.origin.check_confidential(Scheme::Basic, "password"),
        }
    }

    /// Begins a sign-in over a connection on which the server presented this certificate.
    pub(super) fn start(&self, scheme: Scheme, certificate: Option<Arc<[u8]>>) -> Result<Handshake, Failure> {
        if self.sign_in.mutual == Mutual::Require && scheme != Scheme::Negotiate {
            return Err(SignInCause::Unproven.into());
        }
        // It is done with every request, so it skips the preparations that it does not need.
        if scheme == Scheme::Basic {
            let checked = self.check_basic().map(|()| Handshake::Basic);
            return checked.map_err(|why| SignInCause::InClear { why }.into());
        }
        let certificate = certificate.filter(|_| self.origin.secure && self.sign_in.bindings);
        let binding = certificate.and_then(|certificate| crate::binding::end_point(&certificate));
        let service = self.service();
        match (scheme, &self.sign_in.password) {
            (Scheme::Negotiate, _) => system::Context::new(&service, binding, scheme).map(Handshake::System),
            #[cfg(feature = "ntlm")]
            (Scheme::Ntlm, Some((user, password))) => {
                let service = service.replacen('@', "/", 1);
                Ok(Handshake::Ntlm(Box::new(ntlm::Client::new(user, password.expose(), service, binding))))
            }
            #[cfg(windows)]
            (Scheme::Ntlm, None) => system::Context::new(&service, binding, scheme).map(Handshake::System),
            #[cfg(unix)]
            (Scheme::Ntlm, None) => Err(Failure::new("needs user and password")),
            _ => Err(Failure::new("not built in")),
        }
    }

    /// The token of the next leg, from the server's token in answer to the last one.
    pub(super) fn step(&self, handshake: &mut Handshake, input: Option<&[u8]>) -> Result<Token, Failure> {
        match handshake {
            Handshake::Basic => {
                let password = self.sign_in.password.as_ref();
                let (user, password) = password.ok_or_else(|| Failure::new("needs user and password"))?;
                let pair = Secret::concat(&[user, ":", password.expose()]);
                Ok(Token { text: encoded(pair.expose().as_bytes()), last: true, proves: true })
            }
            Handshake::System(context) => {
                let token = self.system_step(context, input).map_err(|failure| self.told(failure, input))?;
                // Windows may use NTLM by either name; elsewhere a KDC has checked the password already.
                let proves = cfg!(windows) && self.sign_in.password.is_some() && input.is_some();
                Ok(Token { text: encoded(&token), last: true, proves })
            }
            #[cfg(feature = "ntlm")]
            Handshake::Ntlm(client) => {
                let token = client.step(input).map_err(Failure::new)?;
                Ok(Token { text: encoded(&token), last: input.is_some(), proves: input.is_some() })
            }
        }
    }

    /// The failure with its cause, where it is the answer to the server's token.
    fn told(&self, failure: Failure, input: Option<&[u8]>) -> Failure {
        let Some(token) = input.filter(|_| failure.cause.is_none()) else { return failure };
        let cause = match kerberos_error::number(token) {
            // KRB_AP_ERR_TKT_NYV, KRB_AP_ERR_SKEW (RFC 4120, 7.5.9)
            Some(33 | 37) => Some(SignInCause::ClockSkew),
            Some(32) => Some(SignInCause::TicketExpired),
            _ => self.refused(Scheme::Negotiate, false),
        };
        match &cause {
            Some(known) => Failure { why: format!("{known} ({})", failure.why), cause, ..failure },
            None => failure,
        }
    }

    /// A step of the system's library. The kept credential may have expired, and is acquired again then.
    fn system_step(&self, context: &mut system::Context, input: Option<&[u8]>) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let mut held = lock(&self.credential);
        if let Some(credential) = &*held {
            match context.step(credential, input) {
                Err(_) if input.is_none() => *held = None,
                stepped => return stepped,
            }
        }
        let credential = system::Credential::acquire(&self.sign_in, context.scheme(), &self.origin.host)?;
        let token = context.step(&credential, input)?;
        *held = Some(credential);
        Ok(token)
    }

    /// Checks the server's token in the answer that accepts the user.
    pub(super) fn finish(&self, handshake: &mut Handshake, input: Option<&[u8]>) -> Result<(), String> {
        let Handshake::System(context) = handshake else { return Ok(()) };
        if let Some(input) = input
            && !context.is_done()
        {
            let stepped = self.system_step(context, Some(input));
            stepped.map_err(|failure| format!("the server's proof of who it is is wrong: {}", failure.why))?;
        }
        match (context.is_mutual(), self.sign_in.mutual) {
            (true, _) => Ok(()),
            (false, Mutual::Require) => Err("the server has not proved who it is, and must".to_string()),
            (false, Mutual::Warn) => {
                tracing::warn!("the server has not proved who it is (mutual authentication)");
                Ok(())
            }
        }
    }
}

fn encoded(token: &[u8]) -> Secret {
    Secret::new(STANDARD.encode(token))
}
