//! Kerberos by the system's GSSAPI, looked for when it is needed: MIT's and Heimdal's libraries, and
//! GSS.framework. Nothing is linked, so that a program runs where there is none.
//!
//! SPNEGO with Kerberos in it (RFC 4178, RFC 4121). The library waits for a KDC as long as krb5.conf says.
//!
//! RFC 2743 and RFC 2744; what MIT added stands in its header `gssapi_ext.h`.

// With the files below it the one place but sspi.rs and the C library where Rust talks to C.
#![allow(unsafe_code)]

mod api;
mod credential;

pub(crate) use credential::Credential;

use crate::sign_in::{Failure, Scheme};
use api::{
    Api, Buffer, CONTINUE_NEEDED, ChannelBindings, ERRORS, Handle, MUTUAL, NT_HOSTBASED_SERVICE, Name, Oid, SPNEGO,
};
use std::ptr::{null, null_mut};
use zeroize::Zeroizing;

/// A sign-in to one service, under way.
pub(crate) struct Context {
    api: &'static Api,
    handle: Handle,
    service: Name,
    /// The application data of the channel binding.
    binding: Option<Vec<u8>>,
    done: bool,
    mutual: bool,
}

impl Context {
    /// A sign-in to the service `HTTP@host`, bound to a channel.
    ///
    /// # Errors
    /// Where there is no library, or the name is none.
    pub(crate) fn new(service: &str, binding: Option<Vec<u8>>, _: Scheme) -> Result<Self, Failure> {
        let api = Api::load()?;
        let service = api.name(service, NT_HOSTBASED_SERVICE)?;
        Ok(Context { api, handle: null_mut(), service, binding, done: false, mutual: false })
    }

    /// The scheme that it was made for.
    pub(crate) fn scheme(&self) -> Scheme {
        Scheme::Negotiate
    }

    /// Whether the library expects nothing more.
    pub(crate) fn is_done(&self) -> bool {
        self.done
    }

    /// Whether the server has proved who it is.
    pub(crate) fn is_mutual(&self) -> bool {
        self.done && self.mutual
    }

    /// The next token for the server, from what it sent; empty where it needs none.
    ///
    /// # Errors
    /// Where the library refuses what the server sent, or has no ticket for it.
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
        // SAFETY: credential, service and context are handles of this library, and the context is written
        // by it alone; input, binding and identifier are read during the call alone; what it fills is
        // taken and given back; results that are not wanted are null.
        let major = unsafe {
            (self.api.init_sec_context)(
                &mut minor,
                credential.handle,
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
            return Err(match input {
                Some(_) => Failure::new(self.api.words(major, minor)),
                None => self.api.no_ticket(major, minor),
            });
        }
        self.done = major & CONTINUE_NEEDED == 0;
        self.mutual = flags & MUTUAL != 0;
        Ok(token)
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        let mut ignored = 0;
        // SAFETY: the handle is the library's own or null, and is not used again.
        unsafe { (self.api.delete_sec_context)(&mut ignored, &mut self.handle, null::<Buffer>().cast_mut()) };
    }
}
