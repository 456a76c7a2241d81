//! Kerberos by the system's GSSAPI: the libraries of MIT and Heimdal, and GSS.framework. The library is
//! loaded when it is needed, so that a program runs without one.
//!
//! SPNEGO with Kerberos (RFC 4178, RFC 4121). The library waits for a KDC as long as krb5.conf says.
//!
//! RFC 2743 and RFC 2744; MIT's additions are in its header `gssapi_ext.h`.

// It calls C, as the files below it do; a check lists all that may.
#![allow(unsafe_code)]

mod api;
mod credential;
mod minor;
mod spelling;

pub(crate) use credential::Credential;

use crate::sign_in::{Failure, Scheme, SignInCause};
use api::{
    Api, Buffer, CONTINUE_NEEDED, ChannelBindings, ERRORS, Handle, KRB5, MUTUAL, NT_HOSTBASED_SERVICE, Oid, Owned,
    SPNEGO,
};
use std::ptr::{null, null_mut};
use zeroize::Zeroizing;

/// A sign-in to one service.
pub(crate) struct Context {
    api: &'static Api,
    handle: Handle,
    service: Owned,
    /// The service principal name, `HTTP/host`.
    spn: String,
    /// The application data of the channel binding.
    binding: Option<Vec<u8>>,
    done: bool,
    mutual: bool,
}

impl Context {
    /// A sign-in to the service `HTTP@host`, bound to a channel.
    ///
    /// # Errors
    /// If there is no library, or the name is invalid.
    pub(crate) fn new(service: &str, binding: Option<Vec<u8>>, _: Scheme) -> Result<Self, Failure> {
        let api = Api::load()?;
        let spn = service.replacen('@', "/", 1);
        let service = api.name(service, NT_HOSTBASED_SERVICE)?;
        Ok(Context { api, handle: null_mut(), service, spn, binding, done: false, mutual: false })
    }

    /// The scheme of the sign-in.
    pub(crate) fn scheme(&self) -> Scheme {
        Scheme::Negotiate
    }

    /// Whether the library expects no more tokens.
    pub(crate) fn is_done(&self) -> bool {
        self.done
    }

    /// Whether the server has proved its identity.
    pub(crate) fn is_mutual(&self) -> bool {
        self.done && self.mutual
    }

    /// The next token for the server, from the server's last one; empty if none is needed.
    ///
    /// # Errors
    /// If the library refuses the server's token, or has no ticket for the server.
    pub(crate) fn step(
        &mut self,
        credential: &Credential,
        input: Option<&[u8]>,
    ) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let (mut minor, mut mechanism, mut output) = (0, Oid::of(SPNEGO), Buffer::EMPTY);
        let mut input = input.map(Buffer::of);
        let mut flags = 0;
        let mut binding = self.binding.as_deref().map(|data| ChannelBindings {
            initiator_address_type: 0,
            initiator_address: Buffer::EMPTY,
            acceptor_address_type: 0,
            acceptor_address: Buffer::EMPTY,
            application_data: Buffer::of(data),
        });
        // SAFETY: credential, service and context are handles of this library, and only it writes the
        // context; input, binding and identifier are read only during the call; the output is copied and
        // released below; results that are not needed are null.
        let major = unsafe {
            (self.api.init_sec_context)(
                &mut minor,
                credential.spnego.handle,
                &mut self.handle,
                self.service.handle,
                &mut mechanism,
                MUTUAL,
                0,
                binding.as_mut().map_or(null_mut(), |binding| binding),
                input.as_mut().map_or(null_mut(), |input| input),
                null_mut(),
                &mut output,
                &mut flags,
                null_mut(),
            )
        };
        let token = self.api.take(output);
        if major & ERRORS != 0 {
            let cause = match &input {
                // What a server says in its token is told apart by the caller.
                Some(_) => None,
                None => self.cause(credential),
            };
            return Err(cause.map_or_else(|| Failure::new(self.api.words(major, minor)), Failure::from));
        }
        self.done = major & CONTINUE_NEEDED == 0;
        self.mutual = flags & MUTUAL != 0;
        Ok(token)
    }

    /// Why there is no ticket for the service: the same again by Kerberos alone, whose number SPNEGO hides.
    fn cause(&self, credential: &Credential) -> Option<SignInCause> {
        let (mut minor, mut ignored, mut mechanism) = (0, 0, Oid::of(KRB5));
        let (mut handle, mut output) = (null_mut(), Buffer::EMPTY);
        // SAFETY: as in `step`; the context is the library's own, and is deleted below.
        let major = unsafe {
            (self.api.init_sec_context)(
                &mut minor,
                credential.kerberos.handle,
                &mut handle,
                self.service.handle,
                &mut mechanism,
                MUTUAL,
                0,
                null_mut(),
                null_mut(),
                null_mut(),
                &mut output,
                null_mut(),
                null_mut(),
            )
        };
        drop(self.api.take(output));
        // SAFETY: the handle is the library's own or null, and is not used again.
        unsafe { (self.api.delete_sec_context)(&mut ignored, &mut handle, null::<Buffer>().cast_mut()) };
        let number = (major & ERRORS != 0).then(|| minor::number(minor))?;
        minor::cause_at_service(number, &credential.asked, &self.spn)
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        let mut ignored = 0;
        // SAFETY: the handle is the library's own or null, and is not used again.
        unsafe { (self.api.delete_sec_context)(&mut ignored, &mut self.handle, null::<Buffer>().cast_mut()) };
    }
}
