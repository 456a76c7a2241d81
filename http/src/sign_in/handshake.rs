//! One scheme under way: what goes to the server next, from what came of it.

use super::{Failure, Mutual, Scheme, SignIn};
#[cfg(unix)]
use crate::gssapi as system;
#[cfg(feature = "ntlm")]
use crate::ntlm;
#[cfg(windows)]
use crate::sspi as system;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cardwright_core::Named as _;
use cardwright_core::base::is_loopback;
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::Zeroizing;

/// Where requests go.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The host's name or address.
    pub(crate) host: String,
    /// Whether by TLS.
    pub(crate) secure: bool,
}

impl Place {
    /// Checks that nobody on the way can read what signs in.
    ///
    /// # Errors
    /// In words, where it goes by plain HTTP to another machine.
    pub(super) fn hides(&self, scheme: Scheme, what: &str) -> Result<(), String> {
        if self.secure || is_loopback(&self.host) {
            return Ok(());
        }
        let (scheme, host) = (scheme.name(), &self.host);
        Err(format!("{scheme} would send the {what} over plain HTTP to {host}, readable by all on the way"))
    }
}

/// Who signs in where.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) sign_in: SignIn,
    pub(super) place: Place,
    /// What the system's library knows of the user, once it was asked.
    credential: Mutex<Option<system::Credential>>,
}

/// A sign-in that is under way.
pub(super) enum Handshake {
    Basic,
    /// By the system's own library.
    System(system::Context),
    #[cfg(feature = "ntlm")]
    Ntlm(Box<ntlm::Client>),
}

/// What goes to the server next.
pub(super) struct Token {
    /// What stands behind the scheme's word.
    pub(super) text: Zeroizing<String>,
    /// Whether the server may let the user in on it, so that the body goes with it.
    pub(super) last: bool,
    /// Whether it proves the password.
    pub(super) proves: bool,
}

impl Handshake {
    /// Whether the connection is signed in, and not the request.
    pub(super) fn stays(&self) -> bool {
        !matches!(self, Handshake::Basic)
    }

    /// Whether nothing can come after the proof. The system's library may do several mechanisms in turn.
    pub(super) fn ends_with_proof(&self) -> bool {
        !matches!(self, Handshake::System(_))
    }
}

impl Identity {
    pub(super) fn new(sign_in: SignIn, place: Place) -> Self {
        Identity { sign_in, place, credential: Mutex::default() }
    }

    /// Whether Basic may be used, or why not.
    pub(super) fn may_use_basic(&self) -> Result<(), String> {
        match self.sign_in.basic_in_clear {
            true => Ok(()),
            false => self.place.hides(Scheme::Basic, "password"),
        }
    }

    /// Begins with a scheme, over a connection on which the server showed this certificate.
    pub(super) fn start(&self, scheme: Scheme, leaf: Option<Arc<[u8]>>) -> Result<Handshake, Failure> {
        if self.sign_in.mutual == Mutual::Require && scheme != Scheme::Negotiate {
            return Err(Failure::new(UNPROVEN));
        }
        // With every request, so it comes before what it does not need.
        if scheme == Scheme::Basic {
            return self.may_use_basic().map(|()| Handshake::Basic).map_err(Failure::new);
        }
        let leaf = leaf.filter(|_| self.place.secure && self.sign_in.bindings);
        let binding = leaf.and_then(|leaf| crate::binding::end_point(&leaf));
        let service = self.sign_in.service.clone().unwrap_or_else(|| format!("HTTP@{}", self.place.host));
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

    /// What goes to the server next.
    pub(super) fn step(&self, handshake: &mut Handshake, input: Option<&[u8]>) -> Result<Token, Failure> {
        match handshake {
            Handshake::Basic => {
                let password = self.sign_in.password.as_ref();
                let (user, password) = password.ok_or_else(|| Failure::new("needs user and password"))?;
                let pair = joined(&[user, ":", password.expose()]);
                Ok(Token { text: encoded(pair.as_bytes()), last: true, proves: true })
            }
            Handshake::System(context) => {
                let token = self.system_step(context, input)?;
                // Windows may do NTLM by any name; elsewhere a KDC has judged the password.
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

    /// Asks the system's library. What it knows of the user may have run out since it was asked first.
    fn system_step(&self, context: &mut system::Context, input: Option<&[u8]>) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let mut held = self.credential.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(credential) = &*held {
            match context.step(credential, input) {
                Err(_) if input.is_none() => *held = None,
                stepped => return stepped,
            }
        }
        let credential = system::Credential::acquire(&self.sign_in, context.scheme())?;
        let token = context.step(&credential, input)?;
        *held = Some(credential);
        Ok(token)
    }

    /// Reads what came with the answer that lets the user in.
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

const UNPROVEN: &str = "by this scheme the server does not prove who it is, and it must";

fn encoded(token: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(STANDARD.encode(token))
}

/// One text of several, without a copy of its beginning left behind, as one that grows would have.
pub(super) fn joined(parts: &[&str]) -> Zeroizing<String> {
    Zeroizing::new(parts.concat())
}
