//! The socket of a connection, which reports what passes to the connection's activity.

use crate::activity::Activity;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io::{self, IoSlice};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A socket, or TLS over one.
pub(super) struct Wire<S> {
    stream: S,
    activity: Arc<Activity>,
    /// How many bytes of the noise are sent.
    noise_sent: usize,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(super) const fn new(stream: S, activity: Arc<Activity>) -> Self {
        Wire { stream, activity, noise_sent: 0 }
    }

    fn stream(&mut self) -> Pin<&mut S> {
        Pin::new(&mut self.stream)
    }

    /// Sends the noise, if there is any, and then aborts the connection.
    fn poll_noise(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(noise) = self.activity.noise() else { return Poll::Ready(Ok(())) };
        while let Some(rest) = noise.get(self.noise_sent..).filter(|rest| !rest.is_empty()) {
            let sent = Pin::new(&mut self.stream).poll_write(context, rest);
            self.activity.sent(&sent);
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
            wire.activity.received();
        }
        read
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        ready!(wire.poll_noise(context))?;
        let written = wire.stream().poll_write(context, bytes);
        wire.activity.sent(&written);
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
        wire.activity.sent(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        let flushed = wire.stream().poll_flush(context);
        if flushed.is_ready() {
            wire.activity.flushed();
        }
        flushed
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().stream().poll_shutdown(context)
    }
}
