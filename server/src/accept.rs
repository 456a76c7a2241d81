//! Connections: how many there may be, how long one may be silent, and how they end.
//!
//! A connection above the limit is answered 503 and closed, so that its client learns why (with TLS it is
//! only closed); the others do not notice. A client that connects and sends nothing, sends half a request, or does
//! not read its answer is disconnected after a while; so is one that does not complete its TLS handshake. These
//! limits never end a request that was received completely.

mod files;
mod places;
mod wire;

use crate::Tls;
use crate::activity::{Activity, Limits};
use crate::dispatch::{self, Service};
use crate::faults::Noise;
use crate::sending::Sending;
use core::future::{Future as _, poll_fn};
use core::pin::pin;
use core::task::Poll;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use places::Places;
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

/// How many connections above the limit are answered at a time; further ones are only closed.
const TURNED_AWAY: usize = 64;

/// How long a client that is turned away has to read the answer.
const TURN_AWAY_LIMIT: Duration = Duration::from_secs(1);

const BUSY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n";

/// Accepts connections until it is told to stop; then closes those that are between requests at once,
/// and lets the others finish their request within `stop_limit`.
pub(crate) async fn run(listener: TcpListener, service: Arc<Service>, mut stopped: oneshot::Receiver<()>) {
    let config = &service.app.config;
    let places = Places::new(
        files::make_room(config.connections),
        config.connections_from_one,
        service.app.metrics.connections().clone(),
    );
    let turned_away = Arc::new(Semaphore::new(TURNED_AWAY));
    let tls = config.tls.as_ref().map(Tls::acceptor);
    let (stop, stopping) = watch::channel(());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // If no more files can be opened, retrying at once would only waste time.
                let is_of_client = matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset);
                if !is_of_client {
                    sleep(Duration::from_millis(100)).await;
                }
                continue;
            }
        };
        if let Some(place) = places.take(peer.ip()) {
            let (service, tls, mut stopping) = (Arc::clone(&service), tls.clone(), stopping.clone());
            tokio::spawn(async move {
                // Answers are small and should not wait for more data.
                let _ = stream.set_nodelay(true);
                match tls {
                    None => connection(stream, peer, service, stopping).await,
                    Some(tls) => {
                        let handshake = timeout(service.app.config.head_limit, tls.accept(stream));
                        let stream = tokio::select! {
                            done = handshake => done.ok().and_then(Result::ok),
                            _ = stopping.changed() => None,
                        };
                        if let Some(stream) = stream {
                            connection(stream, peer, service, stopping).await;
                        }
                    }
                }
                drop(place);
            });
            continue;
        }
        service.app.metrics.turned_away();
        if tls.is_none()
            && let Ok(place) = Arc::clone(&turned_away).try_acquire_owned()
        {
            tokio::spawn(async move {
                let _ = timeout(TURN_AWAY_LIMIT, turn_away(stream)).await;
                drop(place);
            });
        }
    }
    drop((listener, stop));
    // All places are free once all connections have ended.
    let _ = timeout(config.stop_limit, places.are_free()).await;
}

/// Answers 503 to any request. The request is read and discarded: closing without reading it would reset the
/// connection, and the client could not read the answer.
async fn turn_away(mut stream: TcpStream) {
    if stream.write_all(BUSY).await.is_err() || stream.shutdown().await.is_err() {
        return;
    }
    let mut discarded = [0; 1024];
    while stream.read(&mut discarded).await.is_ok_and(|read| read > 0) {}
}

/// The status with which hyper has answered a request that it could not parse.
fn unparsed(error: &hyper::Error) -> Option<u16> {
    match (error.is_parse_too_large(), error.is_parse()) {
        (true, _) => Some(431),
        (false, true) => Some(400),
        (false, false) => None,
    }
}

/// Serves a connection to its end.
async fn connection<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    peer: SocketAddr,
    service: Arc<Service>,
    mut stopping: watch::Receiver<()>,
) {
    let config = &service.app.config;
    let limits = Limits { head: config.head_limit, idle: config.idle_limit, stall: config.time_limit };
    let activity = Arc::new(Activity::new());
    let io = TokioIo::new(Wire::new(stream, Arc::clone(&activity)));
    let mut builder = http1::Builder::new();
    // The limits below are ours: hyper's own does not distinguish a connection between requests from one
    // in the middle of a head.
    builder.header_read_timeout(None).max_header_size(config.head_bytes.max(256));
    // Of an answer that its client does not read, hyper would hold 400 kB.
    builder.max_buf_size(config.head_bytes.max(8 << 10) + (8 << 10));
    let serving_for = &service;
    let answer = service_fn(|request| {
        let record = dispatch::record(serving_for, peer, &request);
        activity.begin();
        let (service, activity) = (Arc::clone(serving_for), Arc::clone(&activity));
        async move {
            let (mut response, record) = dispatch::serve(service, peer, request, record).await?;
            if let Some(Noise(bytes)) = response.extensions_mut().remove() {
                activity.replace_output(bytes);
            }
            Ok::<_, dispatch::Hangup>(response.map(|shape| Sending::new(shape, activity, record)))
        }
    });
    let mut serving = pin!(builder.serve_connection(io, answer));
    let mut stop = pin!(stopping.changed());
    let mut is_stopping = false;
    let mut alarm = pin!(sleep_until(Instant::now() + limits.head));
    poll_fn(|context| {
        if let Poll::Ready(ended) = serving.as_mut().poll(context) {
            if let Err(error) = ended
                && let Some(status) = unparsed(&error)
            {
                dispatch::record_unparsed(&service, peer, status, &error);
            }
            return Poll::Ready(());
        }
        if !is_stopping && stop.as_mut().poll(context).is_ready() {
            is_stopping = true;
            if activity.is_between_requests() {
                return Poll::Ready(());
            }
            serving.as_mut().graceful_shutdown();
        }
        loop {
            let Some(deadline) = activity.deadline(&limits) else { return Poll::Pending };
            if deadline <= Instant::now() {
                activity.let_go();
                return Poll::Ready(());
            }
            // An early alarm rings, finds that there is time left, and is set again: less work than setting it
            // for every request.
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
