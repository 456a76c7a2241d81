//! One request over a connection of its own, without ureq's agent: that one writes every byte to the crate `log`, at the
//! level trace, and what goes to an issuer and comes back are secrets.
//!
//! The connection is made by the same chain of connectors. Each part has its limit, and all of it the one in total.
//!
//! RFC 9112.

use crate::agent::{LONGEST, Timeouts};
use crate::cancel::{Canceled, Canceler, Stop};
use crate::lock::lock;
use crate::proxy::{Framing, NoHead, read_head};
use crate::response::Response;
use std::io::{self, ErrorKind, Write as _};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};
use ureq::config::Config;
use ureq::http::{HeaderName, Method, Request, Uri, header};
use ureq::unversioned::resolver::Resolver;
use ureq::unversioned::transport::{ConnectionDetails, NextTimeout, ShutdownHandle, Transport, TransportAdapter, time};
use zeroize::Zeroizing;

/// Makes a connection by the whole chain of connectors.
pub(super) type Connect = dyn Fn(&ConnectionDetails<'_>) -> Result<Box<dyn Transport>, ureq::Error> + Send + Sync;

/// How requests are sent.
pub(super) struct Exchange<'e> {
    pub(super) config: &'e Config,
    pub(super) timeouts: Timeouts,
    pub(super) names: &'e dyn Resolver,
    pub(super) connect: Arc<Connect>,
    pub(super) canceler: &'e Canceler,
    /// The most of a body that is read, in bytes.
    pub(super) most: usize,
    pub(super) user_agent: &'e str,
}

/// The connections of one exchange, which a canceler stops.
#[derive(Default)]
struct Open(Mutex<(bool, Vec<Weak<dyn ShutdownHandle>>)>);

impl Stop for Open {
    fn stop(&self) {
        let mut open = lock(&self.0);
        open.0 = true;
        open.1.drain(..).filter_map(|handle| handle.upgrade()).for_each(|handle| handle.shutdown());
    }
}

impl Open {
    fn register(&self, handle: Weak<dyn ShutdownHandle>) -> Result<(), ureq::Error> {
        let mut open = lock(&self.0);
        if open.0 {
            return Err(io::Error::other(Canceled).into());
        }
        open.1.push(handle);
        Ok(())
    }
}

/// The end of the whole exchange, and the limits of its parts within it.
struct Limits {
    ends: Option<Instant>,
}

impl Limits {
    fn of(&self, part: Duration, reason: ureq::Timeout) -> Result<NextTimeout, ureq::Error> {
        let left = self.ends.map_or(LONGEST, |ends| ends.saturating_duration_since(Instant::now()));
        if left.is_zero() {
            return Err(ureq::Error::Timeout(ureq::Timeout::Global));
        }
        let (after, reason) = if left < part { (left, ureq::Timeout::Global) } else { (part, reason) };
        Ok(NextTimeout { after: after.min(LONGEST).into(), reason, ..NextTimeout::default() })
    }
}

impl Exchange<'_> {
    /// Sends a request and reads the whole answer, of a body not more than a byte beyond the most.
    ///
    /// # Errors
    /// Where there is no answer, or it breaks off.
    pub(super) fn run(&self, request: &Request<&str>) -> Result<Response, ureq::Error> {
        let open = Arc::new(Open::default());
        let weak: Weak<Open> = Arc::downgrade(&open);
        self.canceler.watch(weak);
        let answer = self.within(request, &open);
        // The end of a connection may look like the end of a body.
        if self.canceler.is_canceled() { Err(io::Error::other(Canceled).into()) } else { answer }
    }

    fn within(&self, request: &Request<&str>, open: &Arc<Open>) -> Result<Response, ureq::Error> {
        let limits = Limits { ends: Instant::now().checked_add(self.timeouts.total) };
        let mut transport = self.connection(request.uri(), &limits, open)?;
        let head = self.head(request);
        let mut adapter = TransportAdapter::new(transport, Arc::new(time::Instant::now));
        adapter.set_timeout(limits.of(self.timeouts.answer, ureq::Timeout::SendBody)?);
        adapter.write_all(&head)?;
        adapter.write_all(request.body().as_bytes())?;
        transport = adapter.into_inner();
        let (since, limit) = (time::Instant::now(), limits.of(self.timeouts.answer, ureq::Timeout::RecvResponse)?);
        let head = loop {
            let head = read_head(&mut *transport, limit, since).map_err(|why| match why {
                NoHead::Closed(why) => io::Error::new(ErrorKind::UnexpectedEof, why).into(),
                NoHead::Broken(why) => ureq::Error::Other(Box::new(NotHttp(why))),
                NoHead::Below(error) => error,
            })?;
            // An answer before the answer (RFC 9110, 15.2).
            if !matches!(head.status, 100..=199) {
                break head;
            }
        };
        let body = match head.status {
            204 | 304 => Vec::new(),
            _ => self.body(&mut *transport, head.framing(), &limits)?,
        };
        let mut answer = Response::new(ureq::Body::builder().data(body));
        *answer.status_mut() = head.status.try_into().map_err(ureq::http::Error::from)?;
        for (name, value) in &head.fields {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), value.parse()) {
                answer.headers_mut().append(name, value);
            }
        }
        Ok(answer)
    }

    fn connection(&self, uri: &Uri, limits: &Limits, open: &Arc<Open>) -> Result<Box<dyn Transport>, ureq::Error> {
        let timeout = limits.of(self.timeouts.connect, ureq::Timeout::Connect)?;
        let (now, open) = (time::Instant::now(), Arc::clone(open));
        let addrs = self.names.resolve(uri, self.config, timeout)?;
        (self.connect)(&ConnectionDetails {
            uri,
            addrs,
            config: self.config,
            request_level: false,
            resolver: self.names,
            now,
            timeout: crate::deadline::left(timeout, now)?,
            current_time: Arc::new(time::Instant::now),
            run_connector: Arc::clone(&self.connect),
            register_shutdown: Arc::new(move |handle| open.register(handle)),
        })
    }

    /// The head of a request; wiped when it is dropped.
    fn head(&self, request: &Request<&str>) -> Zeroizing<Vec<u8>> {
        let uri = request.uri();
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let host = uri.authority().map_or("", |host| host.as_str());
        let length = request.body().len().to_string();
        let mut parts: Vec<&[u8]> = vec![request.method().as_str().as_bytes(), b" ", target.as_bytes()];
        parts.extend([b" HTTP/1.1\r\nHost: ".as_slice(), host.as_bytes()]);
        parts.extend([b"\r\nUser-Agent: ".as_slice(), self.user_agent.as_bytes()]);
        parts.push(b"\r\nAccept: application/json\r\nConnection: close\r\n");
        if request.method() != Method::GET {
            parts.extend([header::CONTENT_LENGTH.as_str().as_bytes(), b": ", length.as_bytes(), b"\r\n"]);
        }
        for (name, value) in request.headers() {
            parts.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"]);
        }
        parts.push(b"\r\n");
        Zeroizing::new(parts.concat())
    }

    fn body(&self, transport: &mut dyn Transport, framing: Framing, limits: &Limits) -> Result<Vec<u8>, ureq::Error> {
        let mut body = Zeroizing::new(Vec::new());
        let whole = Instant::now().checked_add(self.timeouts.answer);
        while body.len() <= self.most.saturating_mul(2) && !framing.ends(&body) {
            let rest = whole.map_or(LONGEST, |ends| ends.saturating_duration_since(Instant::now()));
            if rest.is_zero() {
                return Err(ureq::Error::Timeout(ureq::Timeout::RecvBody));
            }
            let limit = limits.of(self.timeouts.idle.min(rest), ureq::Timeout::RecvBody)?;
            if !transport.maybe_await_input(limit)? {
                if framing == Framing::Close {
                    break;
                }
                return Err(io::Error::new(ErrorKind::UnexpectedEof, "the answer broke off").into());
            }
            let buffers = transport.buffers();
            let taken = buffers.input().len();
            body.extend_from_slice(buffers.input());
            buffers.input_consume(taken);
        }
        let mut content = framing.content(&body);
        content.truncate(self.most.saturating_add(1));
        Ok(content)
    }
}

/// What came is no HTTP.
#[derive(Debug)]
pub(crate) struct NotHttp(&'static str);

impl std::fmt::Display for NotHttp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for NotHttp {}
