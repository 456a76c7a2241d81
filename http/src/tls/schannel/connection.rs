//! One connection: SChannel works on buffers of ours, and the bytes go over ureq's transport with its time limits.

use super::causes::{alert_in, asks_in, is_no_tls, of_status};
use super::context::Context;
use super::security::{Credential, Security, Sizes};
use super::verify::{Roots, verify};
use crate::beneath::Beneath;
use crate::presented::Presented;
use crate::tls::backend::TlsBackend;
use crate::tls::cause::{Stage, TlsCause, TlsFailure, of_alert};
use crate::tls::certificate::chain_from;
use crate::tls::session::{Session, is_broken};
use rustls::pki_types::ServerName;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;
use ureq::unversioned::transport::TransportAdapter;
use windows_sys::Win32::Foundation::{
    SEC_E_INCOMPLETE_MESSAGE, SEC_E_OK, SEC_I_CONTEXT_EXPIRED, SEC_I_CONTINUE_NEEDED, SEC_I_INCOMPLETE_CREDENTIALS,
    SEC_I_RENEGOTIATE,
};
use zeroize::Zeroizing;

/// How much is read from the transport at once, in bytes: a record of TLS and a bit.
const PIECE: usize = 17 << 10;

/// How many bytes of the server may wait to become a whole message.
const MOST: usize = 1 << 20;

/// How many calls a handshake may take, and how many records without a byte may follow each other.
const MOST_STEPS: usize = 10_000;

/// How many pieces are read after a write failed, for the alert that explains it.
const LAST_WORDS: usize = 8;

/// A connection.
pub(in crate::tls) struct Connection {
    credential: Arc<Credential>,
    security: Security,
    sizes: Sizes,
    /// What arrived, and was not used yet.
    input: Vec<u8>,
    /// What was decrypted, and how much of it was read.
    plain: Zeroizing<Vec<u8>>,
    read: usize,
    /// The server has ended the connection in order.
    is_closed: bool,
    socket: TransportAdapter,
    peer: String,
    established: bool,
    is_13: bool,
    asked: bool,
    certificate: Option<Arc<[u8]>>,
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
        let no_name = |_| io::Error::other(TlsFailure::no_name(host, TlsBackend::System));
        let name = ServerName::try_from(host).map_err(no_name)?;
        let mut connection = Connection {
            credential: Arc::clone(&context.credential),
            security: Security::new(host),
            sizes: Sizes::default(),
            input: Vec::new(),
            plain: Zeroizing::default(),
            read: 0,
            is_closed: false,
            socket,
            peer: host.to_string(),
            established: false,
            is_13: false,
            asked: false,
            certificate: None,
        };
        if let Err(error) = connection.negotiate() {
            let is_closed = is_broken(&error) || error.kind() == ErrorKind::UnexpectedEof;
            return Err(if is_closed { connection.failed(TlsCause::Closed) } else { error });
        }
        connection.check(&name, &context.roots, presented)?;
        connection.established = true;
        Ok(connection)
    }

    /// Looks at what the server presented.
    fn check(&mut self, name: &ServerName<'_>, roots: &Roots, presented: &Presented) -> io::Result<()> {
        let own = self.security.certificate().map_err(|status| self.failure(status))?;
        let chain = in_order(own.with_others());
        drop(own);
        presented.record(&chain);
        verify(&chain, name, roots).map_err(|cause| self.failed(cause))?;
        self.certificate = chain.into_iter().next().map(Arc::from);
        Ok(())
    }

    /// Does a handshake: the first one, a renegotiation (TLS 1.2), or what follows one in TLS 1.3.
    fn negotiate(&mut self) -> io::Result<()> {
        let mut without = false;
        for _ in 0..MOST_STEPS {
            if !self.established && is_no_tls(&self.input) {
                return Err(self.failed(TlsCause::NotTls));
            }
            self.asked |= !self.established && asks_in(&self.input);
            let step = self.security.step(&self.credential, &mut self.input, without);
            let sent = self.send(&step.token);
            match step.status {
                SEC_E_INCOMPLETE_MESSAGE => self.fill()?,
                SEC_I_INCOMPLETE_CREDENTIALS if !without => {
                    self.asked = true;
                    without = true;
                }
                SEC_E_OK | SEC_I_CONTINUE_NEEDED => {
                    sent.map_err(|error| self.last_words(error))?;
                    self.keep(step.extra);
                    if step.status == SEC_E_OK {
                        let is_13 = self.security.is_13().map_err(|status| self.failure(status))?;
                        self.is_13 = is_13.ok_or_else(|| self.failed(TlsCause::NoVersion))?;
                        self.sizes = self.security.sizes().map_err(|status| self.failure(status))?;
                        return Ok(());
                    }
                    if self.input.is_empty() {
                        self.fill()?;
                    }
                }
                status => return Err(self.failure(status)),
            }
        }
        Err(self.failed(TlsCause::Other { words: "the handshake does not end".into() }))
    }

    /// Whether the server is the one that was verified, after another handshake.
    fn is_the_same(&self) -> io::Result<()> {
        let own = self.security.certificate().map_err(|status| self.failure(status))?;
        if own.with_others().first().map(Vec::as_slice) == self.certificate.as_deref() {
            return Ok(());
        }
        let words = "the server shows another certificate when it renegotiates".to_string();
        Err(self.failed(TlsCause::Other { words }))
    }

    /// Decrypts one record, where a whole one has arrived; returns whether one had.
    fn decrypt(&mut self) -> io::Result<bool> {
        if self.input.is_empty() {
            return Ok(false);
        }
        let is_alert = self.input.first() == Some(&21);
        let opened = self.security.decrypt(&mut self.input);
        match opened.status {
            SEC_E_INCOMPLETE_MESSAGE => return Ok(false),
            SEC_E_OK | SEC_I_RENEGOTIATE | SEC_I_CONTEXT_EXPIRED => {}
            status => return Err(self.failure(status)),
        }
        self.plain = Zeroizing::new(self.input.get(opened.plain).unwrap_or(&[]).to_vec());
        self.read = 0;
        self.keep(opened.extra);
        match opened.status {
            SEC_I_RENEGOTIATE => {
                self.negotiate()?;
                self.is_the_same()?;
            }
            SEC_I_CONTEXT_EXPIRED => self.is_closed = true,
            // An alert that is no failure ends the connection; Wine has no status for it.
            _ if is_alert && self.plain.is_empty() => self.is_closed = true,
            _ => {}
        }
        Ok(true)
    }

    /// Keeps the last bytes of the input.
    fn keep(&mut self, last: usize) {
        let used = self.input.len().saturating_sub(last);
        self.input.drain(..used);
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.socket.write_all(bytes)?;
        self.socket.flush()
    }

    /// Adds what the server sends to the input.
    fn fill(&mut self) -> io::Result<()> {
        let length = self.input.len();
        if length >= MOST {
            return Err(self.failed(TlsCause::Other { words: "a message of the server is too long".into() }));
        }
        self.input.resize(length.saturating_add(PIECE), 0);
        let read = self.socket.read(self.input.get_mut(length..).unwrap_or(&mut []));
        self.input.truncate(length.saturating_add(*read.as_ref().unwrap_or(&0)));
        match read? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// The failure behind an error of writing. A server that refuses the client closes while the client still sends:
    /// its alert, which may have arrived, says more than a broken connection.
    fn last_words(&mut self, error: io::Error) -> io::Error {
        if !is_broken(&error) {
            return error;
        }
        for _ in 0..LAST_WORDS {
            if self.fill().is_err() {
                break;
            }
            if let Some(alert) = alert_in(&self.input) {
                return self.failed(of_alert(alert, self.stage()));
            }
            if self.established {
                let opened = self.security.decrypt(&mut self.input);
                match opened.status {
                    SEC_E_INCOMPLETE_MESSAGE => {}
                    SEC_E_OK => self.keep(opened.extra),
                    SEC_I_RENEGOTIATE | SEC_I_CONTEXT_EXPIRED => break,
                    status => return self.failure(status),
                }
            }
        }
        error
    }

    fn stage(&self) -> Stage {
        Stage {
            established: self.established,
            is_13: self.is_13,
            asked: self.asked,
            given: false,
            backend: TlsBackend::System,
        }
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

    fn failure(&self, status: i32) -> io::Error {
        self.failed(of_status(status, &self.input, self.stage()))
    }
}

/// The server's own certificate, then those that lead to an authority, then the others.
fn in_order(mut chain: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let Some((own, others)) = chain.split_first() else { return chain };
    let mut ordered: Vec<Vec<u8>> = chain_from(own, others).into_iter().map(<[u8]>::to_vec).collect();
    ordered.insert(0, own.clone());
    chain.retain(|one| !ordered.contains(one));
    ordered.append(&mut chain);
    ordered
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        for _ in 0..MOST_STEPS {
            let mut waiting = self.plain.get(self.read..).unwrap_or(&[]);
            let moved = waiting.read(buffer)?;
            if moved > 0 {
                self.read = self.read.saturating_add(moved);
                return Ok(moved);
            }
            if self.is_closed {
                return Ok(0);
            }
            if !self.decrypt()? {
                self.fill()?;
            }
        }
        Err(self.failed(TlsCause::Other { words: "the server sends empty records without end".into() }))
    }
}

impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = bytes.get(..self.sizes.most).unwrap_or(bytes);
        if piece.is_empty() {
            return Ok(0);
        }
        let record = self.security.encrypt(self.sizes, piece).map_err(|status| self.failure(status))?;
        self.send(&record).map_err(|error| self.last_words(error))?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
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
