//! Connections: how many there may be, how long one may be silent, and how they end.
//!
//! A connection above the limit is answered 503 and closed, so that its client learns why (with TLS it is
//! closed alone); the others
//! do not notice. A client that connects and says nothing, that sends half a request, or that does not
//! read its answer, is let go of after a while; so is one that does not come to the end of its TLS handshake. A request that was received whole is never ended by
//! these limits.

mod pulse;
mod wire;

pub(crate) use pulse::{Noise, Pulse};

use crate::dispatch::{self, App};
use crate::faults::Sending;
use crate::{Config, Tls};
use core::future::{Future as _, poll_fn};
use core::pin::pin;
use core::task::Poll;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use wire::Wire;

/// How many connections above the limit are told so at once; further ones are closed without a word.
const TURNED_AWAY: usize = 64;

/// How long a client that is turned away has to read that it is.
const FAREWELL: Duration = Duration::from_secs(1);

const BUSY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n";

/// How long a connection may be silent.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// Until the head of a request is there, from the connection or from its first byte.
    head: Duration,
    /// Between two requests.
    idle: Duration,
    /// While it takes nothing of what is sent.
    stall: Duration,
}

/// Accepts connections until it is told to stop; then ends those that are between requests at once,
/// and lets the others come to the end of their request within `stop_limit`.
pub(crate) async fn run(listener: TcpListener, app: Arc<App>, mut stopped: oneshot::Receiver<()>) {
    let most = u32::try_from(app.config.connections).unwrap_or(u32::MAX).clamp(1, 1 << 20);
    let places = Arc::new(Semaphore::new(most as usize));
    let turned_away = Arc::new(Semaphore::new(TURNED_AWAY));
    let tls = app.config.tls.as_ref().map(Tls::acceptor);
    let (stop, stopping) = watch::channel(());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Where no more files can be opened, trying at once again would only burn time.
                let is_ones_own = matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset);
                if !is_ones_own {
                    sleep(Duration::from_millis(100)).await;
                }
                continue;
            }
        };
        if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            let (app, tls, mut stopping) = (Arc::clone(&app), tls.clone(), stopping.clone());
            tokio::spawn(async move {
                // Answers are small: they should not wait for more to send.
                let _ = stream.set_nodelay(true);
                match tls {
                    None => connection(stream, peer, app, stopping).await,
                    Some(tls) => {
                        let handshake = timeout(app.config.head_limit, tls.accept(stream));
                        let stream = tokio::select! {
                            done = handshake => done.ok().and_then(Result::ok),
                            _ = stopping.changed() => None,
                        };
                        if let Some(stream) = stream {
                            connection(stream, peer, app, stopping).await;
                        }
                    }
                }
                drop(place);
            });
        } else if tls.is_none()
            && let Ok(place) = Arc::clone(&turned_away).try_acquire_owned()
        {
            tokio::spawn(async move {
                let _ = timeout(FAREWELL, turn_away(stream)).await;
                drop(place);
            });
        }
    }
    drop((listener, stop));
    // Every place is free again when every connection has ended.
    let _ = timeout(app.config.stop_limit, places.acquire_many(most)).await;
}

/// Answers 503 whatever is asked. What was asked is read away: closing over it would reset the
/// connection, and the client could not read the answer.
async fn turn_away(mut stream: TcpStream) {
    if stream.write_all(BUSY).await.is_err() || stream.shutdown().await.is_err() {
        return;
    }
    let mut away = [0; 1024];
    while stream.read(&mut away).await.is_ok_and(|read| read > 0) {}
}

/// Serves a connection to its end.
async fn connection<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    peer: SocketAddr,
    app: Arc<App>,
    mut stopping: watch::Receiver<()>,
) {
    let patience = Patience::of(&app.config);
    let pulse = Arc::new(Pulse::new());
    let io = TokioIo::new(Wire::new(stream, Arc::clone(&pulse)));
    let mut builder = http1::Builder::new();
    // The limits below are ours: hyper's own would end a connection between requests as soon as one
    // in the middle of a head.
    builder.header_read_timeout(None).max_header_size(app.config.head_bytes.max(256));
    let service = service_fn(|request| {
        pulse.begins();
        let (app, pulse) = (Arc::clone(&app), Arc::clone(&pulse));
        async move {
            let mut response = dispatch::serve(app, peer, request).await?;
            if let Some(noise) = response.extensions_mut().remove::<Noise>() {
                pulse.drown(noise);
            }
            Ok::<_, dispatch::Hangup>(response.map(|shape| Sending::new(shape, pulse)))
        }
    });
    let mut serving = pin!(builder.serve_connection(io, service));
    let mut stop = pin!(stopping.changed());
    let mut is_stopping = false;
    let mut alarm = pin!(sleep_until(Instant::now() + patience.head));
    poll_fn(|context| {
        if serving.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        if !is_stopping && stop.as_mut().poll(context).is_ready() {
            is_stopping = true;
            if pulse.is_between_requests() {
                return Poll::Ready(());
            }
            serving.as_mut().graceful_shutdown();
        }
        loop {
            let Some(deadline) = pulse.deadline(&patience) else { return Poll::Pending };
            if deadline <= Instant::now() {
                return Poll::Ready(());
            }
            // An alarm that is early rings, finds that there is time left, and is set again: less work
            // than setting it for every request.
            if deadline < alarm.deadline() || alarm.is_elapsed() {
                alarm.as_mut().reset(deadline);
            }
            if alarm.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
        }
    })
    .await;
}

impl Patience {
    const fn of(config: &Config) -> Self {
        Patience { head: config.head_limit, idle: config.idle_limit, stall: config.time_limit }
    }
}
