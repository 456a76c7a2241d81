//! The socket of a connection, which tells the connection's pulse what passes.

use super::Pulse;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io::{self, IoSlice};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A socket, or TLS over one.
pub(super) struct Wire<S> {
    stream: S,
    pulse: Arc<Pulse>,
    /// How much of the noise is sent.
    noise_sent: usize,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(super) const fn new(stream: S, pulse: Arc<Pulse>) -> Self {
        Wire { stream, pulse, noise_sent: 0 }
    }

    fn stream(&mut self) -> Pin<&mut S> {
        Pin::new(&mut self.stream)
    }

    /// Sends the noise, if there is one, and then breaks off.
    fn poll_noise(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(noise) = self.pulse.noise() else { return Poll::Ready(Ok(())) };
        while let Some(rest) = noise.get(self.noise_sent..).filter(|rest| !rest.is_empty()) {
            let sent = Pin::new(&mut self.stream).poll_write(context, rest);
            self.pulse.sends(sent.is_ready());
            self.noise_sent += ready!(sent)?;
        }
        Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Wire<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        let before = buffer.filled().len();
        let read = wire.stream().poll_read(context, buffer);
        if buffer.filled().len() > before {
            wire.pulse.receives();
        }
        read
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        ready!(wire.poll_noise(context))?;
        let written = wire.stream().poll_write(context, bytes);
        wire.pulse.sends(written.is_ready());
        written
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        ready!(wire.poll_noise(context))?;
        let written = wire.stream().poll_write_vectored(context, parts);
        wire.pulse.sends(written.is_ready());
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        let flushed = wire.stream().poll_flush(context);
        if flushed.is_ready() {
            wire.pulse.flushed();
        }
        flushed
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().stream().poll_shutdown(context)
    }
}
