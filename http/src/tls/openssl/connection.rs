//! One connection: the library works on two buffers, and the bytes go over ureq's transport with its time limits.

use super::api::{
    Api, BIO_CTRL_PENDING, HOST_FLAGS, Handle, Owned, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLS1_3_VERSION,
    X509_V_FLAG_PARTIAL_CHAIN,
};
use super::context::Context;
use super::errors::{self, Outcome};
use crate::beneath::Beneath;
use crate::presented::Presented;
use crate::tls::backend::TlsBackend;
use crate::tls::cause::{Stage, TlsCause, TlsFailure};
use crate::tls::handshake;
use crate::tls::session::{Session, is_broken};
use std::ffi::{CString, c_int};
use std::io::{self, ErrorKind, Read, Write};
use std::net::IpAddr;
use std::ptr::null_mut;
use std::sync::Arc;
use ureq::unversioned::transport::TransportAdapter;

/// How much is read from the transport at once, in bytes: a record of TLS and a bit.
const PIECE: usize = 17 << 10;

/// How many pieces are read after a write failed, for the alert that explains it.
const LAST_WORDS: usize = 8;

/// A connection.
pub(in crate::tls) struct Connection {
    api: &'static Api,
    ssl: Owned,
    /// What arrived for the library, and what it wants to send. The connection owns both.
    input: Handle,
    output: Handle,
    socket: TransportAdapter,
    peer: String,
    piece: Vec<u8>,
    established: bool,
    asked: bool,
    given: bool,
    certificate: Option<Arc<[u8]>>,
}

// SAFETY: the library's connection is used by one thread at a time, as all functions that use it take `&mut self`, and
// it is not tied to a thread.
unsafe impl Send for Connection {}
// SAFETY: nothing takes `&self` that uses the library.
unsafe impl Sync for Connection {}

/// What the library is asked to do.
enum Step<'s> {
    Handshake,
    Read(&'s mut [u8]),
    Write(&'s [u8]),
}

impl Connection {
    /// Makes a connection to a host of this name or address, whose certificate must be for it.
    ///
    /// # Errors
    /// A failure of TLS, or of the transport.
    pub(in crate::tls) fn open(
        context: &Context,
        host: &str,
        socket: TransportAdapter,
        presented: &Presented,
    ) -> io::Result<Self> {
        let api = context.api;
        let no_memory = || io::Error::from(ErrorKind::OutOfMemory);
        let ssl = context.connection().ok_or_else(no_memory)?;
        // SAFETY: the kind of buffer is a constant of the library.
        let (input, output) =
            unsafe { ((api.ssl.BIO_new)((api.ssl.BIO_s_mem)()), (api.ssl.BIO_new)((api.ssl.BIO_s_mem)())) };
        if input.is_null() || output.is_null() {
            for bio in [input, output].into_iter().filter(|bio| !bio.is_null()) {
                // SAFETY: it is owned here.
                unsafe { (api.ssl.BIO_free)(bio) };
            }
            return Err(no_memory());
        }
        // SAFETY: the connection is alive, and owns both buffers from now on.
        unsafe {
            (api.ssl.SSL_set_bio)(ssl.get(), input, output);
            (api.ssl.SSL_set_connect_state)(ssl.get());
        }
        name(api, ssl.get(), host).ok_or_else(|| io::Error::other(TlsFailure::no_name(host, TlsBackend::System)))?;
        let mut connection = Connection {
            api,
            ssl,
            input,
            output,
            socket,
            peer: host.to_string(),
            piece: vec![0; PIECE],
            established: false,
            asked: false,
            given: context.given,
            certificate: None,
        };
        let done = connection.run(Step::Handshake);
        let chain = connection.presented();
        presented.record(&chain);
        connection.certificate = chain.into_iter().next().map(Arc::from);
        if let Err(error) = done {
            let is_closed = is_broken(&error) || error.kind() == ErrorKind::UnexpectedEof;
            return Err(if is_closed { connection.failed(TlsCause::Closed) } else { error });
        }
        connection.established = true;
        Ok(connection)
    }

    /// The certificates that the server presented, its own first.
    fn presented(&mut self) -> Vec<Vec<u8>> {
        // SAFETY: the connection is alive; the stack is its own, and is not used after the call.
        let stack = unsafe { (self.api.ssl.SSL_get_peer_cert_chain)(self.ssl.get()) };
        self.api.stack(stack)
    }

    /// Does a step, and carries the bytes that it needs and makes; returns how many bytes of the caller's it moved.
    fn run(&mut self, mut step: Step<'_>) -> io::Result<usize> {
        let mut pieces_after_failure = 0;
        let mut failed: Option<io::Error> = None;
        loop {
            let (moved, outcome) = self.step(&mut step);
            let sent = self.flush();
            match outcome {
                Outcome::Done => return sent.map(|()| moved),
                Outcome::Closed => {
                    return match step {
                        Step::Read(_) => Ok(0),
                        // Before the handshake is complete, nothing of the caller's has left.
                        Step::Handshake | Step::Write(_) => Err(ErrorKind::UnexpectedEof.into()),
                    };
                }
                Outcome::Failed(errors) => return Err(self.failure(&errors)),
                Outcome::WantsInput => {}
            }
            if let Err(error) = sent {
                // A server that refuses the client's certificate closes while the client still sends: its alert, which
                // may have arrived, says more than a broken connection.
                if failed.is_none() && !is_broken(&error) {
                    return Err(error);
                }
                failed = failed.or(Some(error));
            }
            match self.fill() {
                Ok(()) => {}
                Err(error) => return Err(failed.unwrap_or(error)),
            }
            if failed.is_some() {
                pieces_after_failure += 1;
                if pieces_after_failure > LAST_WORDS {
                    return Err(failed.unwrap_or_else(|| ErrorKind::BrokenPipe.into()));
                }
            }
        }
    }

    /// One call of the library.
    fn step(&mut self, step: &mut Step<'_>) -> (usize, Outcome) {
        let (api, ssl) = (self.api, self.ssl.get());
        let size = |length: usize| c_int::try_from(length).unwrap_or(c_int::MAX);
        api.clear_errors();
        handshake::begin();
        // SAFETY: the connection is alive and used by this thread alone; the buffers have the lengths that are told.
        let moved = unsafe {
            match step {
                Step::Handshake => (api.ssl.SSL_do_handshake)(ssl),
                Step::Read(buffer) => (api.ssl.SSL_read)(ssl, buffer.as_mut_ptr().cast(), size(buffer.len())),
                Step::Write(bytes) => (api.ssl.SSL_write)(ssl, bytes.as_ptr().cast(), size(bytes.len())),
            }
        };
        self.asked |= handshake::end().asked;
        if let Ok(moved @ 1..) = usize::try_from(moved) {
            return (moved, Outcome::Done);
        }
        // SAFETY: the connection is alive, and nothing of the library was called on this thread since.
        let code = unsafe { (api.ssl.SSL_get_error)(ssl, moved) };
        (0, errors::outcome(code, || api.errors()))
    }

    /// Sends what the library has for the server.
    fn flush(&mut self) -> io::Result<()> {
        let (api, output) = (self.api, self.output);
        // SAFETY: the buffer lives as long as the connection.
        while unsafe { (api.ssl.BIO_ctrl)(output, BIO_CTRL_PENDING, 0, null_mut()) } > 0 {
            let mut piece = [0_u8; 4096];
            // SAFETY: the buffer lives as long as the connection, and the piece has this length.
            let read = unsafe { (api.ssl.BIO_read)(output, piece.as_mut_ptr().cast(), 4096) };
            let Ok(length @ 1..) = usize::try_from(read) else { break };
            self.socket.write_all(piece.get(..length).unwrap_or(&[]))?;
        }
        self.socket.flush()
    }

    /// Gives the library what the server sends.
    fn fill(&mut self) -> io::Result<()> {
        let length = self.socket.read(&mut self.piece)?;
        if length == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let piece = self.piece.get(..length).unwrap_or(&[]);
        let size = c_int::try_from(piece.len()).unwrap_or(0);
        // SAFETY: the buffer lives as long as the connection, and the piece has this length, which the library copies.
        let written = unsafe { (self.api.ssl.BIO_write)(self.input, piece.as_ptr().cast(), size) };
        if written == size { Ok(()) } else { Err(ErrorKind::OutOfMemory.into()) }
    }

    fn failed(&self, cause: TlsCause) -> io::Error {
        io::Error::other(TlsFailure {
            peer: self.peer.clone(),
            cause,
            backend: TlsBackend::System,
            is_proxy: false,
            below: Beneath::default(),
        })
    }

    fn failure(&mut self, queued: &[super::api::QueuedError]) -> io::Error {
        // SAFETY: the connection is alive.
        let (version, verified) = unsafe {
            ((self.api.ssl.SSL_version)(self.ssl.get()), (self.api.ssl.SSL_get_verify_result)(self.ssl.get()))
        };
        let stage = Stage {
            established: self.established,
            is_13: version == TLS1_3_VERSION,
            asked: self.asked,
            given: self.given,
            backend: TlsBackend::System,
        };
        let chain = self.presented();
        errors::failure(self.api, &self.peer, queued, verified, stage, &chain)
    }
}

/// Sets the name or the address that the certificate must be for.
fn name(api: &Api, ssl: Handle, host: &str) -> Option<()> {
    let text = CString::new(host).ok()?;
    // SAFETY: the connection is alive, its parameters are its own, and the text is copied.
    let set = unsafe {
        let parameters = (api.ssl.SSL_get0_param)(ssl);
        // What was given as trusted is trusted for itself, also where it is not self-signed.
        (api.ssl.X509_VERIFY_PARAM_set_flags)(parameters, X509_V_FLAG_PARTIAL_CHAIN);
        (api.ssl.SSL_set_hostflags)(ssl, HOST_FLAGS);
        match host.parse::<IpAddr>() {
            Ok(_) => (api.ssl.X509_VERIFY_PARAM_set1_ip_asc)(parameters, text.as_ptr()),
            Err(_) => {
                // The kind of name is 0, a host.
                (api.ssl.SSL_ctrl)(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, 0, text.as_ptr().cast_mut().cast());
                (api.ssl.SSL_set1_host)(ssl, text.as_ptr())
            }
        }
    };
    (set == 1).then_some(())
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        self.run(Step::Read(buffer))
    }
}

impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        match self.run(Step::Write(bytes)) {
            Err(error) if is_broken(&error) => {
                // The alert that explains it can only be read.
                let mut ignored = [0_u8; 1024];
                match self.run(Step::Read(&mut ignored)) {
                    Err(reason) if !is_broken(&reason) && reason.kind() != ErrorKind::UnexpectedEof => Err(reason),
                    _ => Err(error),
                }
            }
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Connection::flush(self)
    }
}

impl Session for Connection {
    fn socket(&mut self) -> &mut TransportAdapter {
        &mut self.socket
    }

    fn certificate(&self) -> Option<Arc<[u8]>> {
        self.certificate.clone()
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("peer", &self.peer).finish_non_exhaustive()
    }
}
