//! A transport of one's own: what carries requests and brings answers in place of connections, for the tests of a
//! program.

use crate::error::Error;
use crate::headers::Headers;
use crate::response::Response;
use cardwright_core::{Code, http};
use std::error::Error as StdError;
use std::fmt;
use std::io::{self, Read};
use ureq::http::{HeaderName, HeaderValue, StatusCode};

/// Carries requests in place of connections: a program's tests answer them without a socket. Everything above the
/// connection is as always: the retries and their limits, lists, the refusals of a server, and how an operation ended.
/// No name is looked up for a request, and no proxy is used.
///
/// Nobody signs in by a scheme that belongs to a connection: [`Transport::new`](crate::Transport::new) refuses
/// [`SignIn`](crate::SignIn) that may choose Negotiate or NTLM, with [`Code::Setting`]. A source of tokens is asked as
/// always: [`Oidc`](crate::Oidc) asks its issuer over the network, and no carrier sees that.
///
/// ```
/// use cardwright_http::{Carrier, Incoming, Outgoing, Setup, Transport, Undelivered};
/// use cardwright_core::mim::Call;
/// use std::sync::Arc;
///
/// #[derive(Debug)]
/// struct Server;
///
/// impl Carrier for Server {
///     fn carry(&self, request: &Outgoing<'_>) -> Result<Incoming, Undelivered> {
///         match request.address.ends_with("/smartcards") {
///             true => Ok(Incoming::json(200, "[]")),
///             false => Err(Undelivered::not_sent("the network is down")),
///         }
///     }
/// }
///
/// let setup = Setup::new("https://cm.example.com/CertificateManagement").carrier(Arc::new(Server));
/// let transport = Transport::new(setup)?;
/// let reply = transport.send(&Call::Smartcards)?;
/// assert_eq!(reply.document(100)?.as_deref(), Some(&b"[]"[..]));
/// # Ok::<(), cardwright_http::Error>(())
/// ```
pub trait Carrier: fmt::Debug + Send + Sync {
    /// Brings the answer to a request. It may be called by several threads at once, and waits as long as it likes: the
    /// time limits are those of connections.
    ///
    /// # Errors
    /// Where there is no answer: whether the request left is for the carrier to say.
    fn carry(&self, request: &Outgoing<'_>) -> Result<Incoming, Undelivered>;
}

/// A request to carry.
#[derive(Clone)]
#[non_exhaustive]
pub struct Outgoing<'r> {
    /// The method.
    pub method: http::Method,
    /// The whole address.
    pub address: &'r str,
    /// Names and values of the headers, `Authorization` and `User-Agent` included. `Host` and `Content-Length` are not
    /// there: they belong to a connection.
    pub headers: &'r [(String, String)],
    /// The body, if there is one.
    pub body: Option<&'r str>,
}

impl fmt::Debug for Outgoing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        let mut debug = f.debug_struct("Outgoing");
        debug.field("method", &self.method).field("address", &crate::request_line::masked(self.address));
        debug.field("headers", &names).finish_non_exhaustive()
    }
}

impl<'r> Outgoing<'r> {
    /// A request to carry, for the test of a carrier.
    ///
    /// ```
    /// use cardwright_core::http::Method;
    /// use cardwright_http::Outgoing;
    ///
    /// let headers = [("Accept".to_string(), "application/json".to_string())];
    /// let request = Outgoing::new(Method::Get, "https://cm.example.com/certiflow/api/Cards", &headers, None);
    /// assert_eq!(request.header("accept"), Some("application/json"));
    /// ```
    #[must_use]
    pub fn new(method: http::Method, address: &'r str, headers: &'r [(String, String)], body: Option<&'r str>) -> Self {
        Outgoing { method, address, headers, body }
    }

    /// The value of a header, whatever the case of its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(its, _)| its.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// An answer.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[must_use]
pub struct Incoming {
    /// The HTTP status, 100 to 999.
    pub status: u16,
    /// Names and values of headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the connection breaks after the body, before the answer is whole.
    pub breaks_off: bool,
}

impl Incoming {
    /// An answer of this status without a body.
    pub fn new(status: u16) -> Self {
        Incoming { status, headers: Vec::new(), body: Vec::new(), breaks_off: false }
    }

    /// An answer of this status in JSON.
    pub fn json(status: u16, json: impl Into<String>) -> Self {
        Incoming::new(status).header("Content-Type", "application/json").body(json.into())
    }

    /// The same with a header more.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same with this body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The same, but that the connection breaks after the body.
    pub fn breaking_off(mut self) -> Self {
        self.breaks_off = true;
        self
    }
}

/// Why there is no answer, and whether the request left.
#[derive(Debug)]
#[must_use]
pub struct Undelivered {
    code: Code,
    sent: bool,
    source: Box<dyn StdError + Send + Sync>,
}

impl Undelivered {
    /// It is certain that no byte of the request left: [`Code::Unreachable`].
    pub fn not_sent(why: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Undelivered { code: Code::Unreachable, sent: false, source: why.into() }
    }

    /// The request may have arrived, and the answer is lost: [`Code::Broken`].
    pub fn lost(why: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Undelivered { code: Code::Broken, sent: true, source: why.into() }
    }

    /// The request may have arrived, and no answer came in time: [`Code::Timeout`].
    pub fn timed_out(why: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Undelivered { code: Code::Timeout, sent: true, source: why.into() }
    }

    /// The code of the error that comes of it.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// Whether the request may have arrived.
    #[must_use]
    pub fn was_sent(&self) -> bool {
        self.sent
    }
}

impl fmt::Display for Undelivered {
    /// What happened; why is its source.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.text())
    }
}

impl StdError for Undelivered {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

/// Has a request carried. `earlier` is whether an earlier leg may have arrived.
pub(crate) fn carry(
    carrier: &dyn Carrier,
    (method, address, label): (http::Method, &str, &str),
    headers: &[(String, String)],
    body: Option<&str>,
    earlier: bool,
) -> Result<Response, Error> {
    let outgoing = Outgoing { method, address, headers, body };
    let incoming =
        carrier.carry(&outgoing).map_err(|why| Error::undelivered(why.code, label, earlier || why.sent, why.source))?;
    let wrong = |what: &str| Error::answer(Code::Unreadable, incoming.status, label, what);
    let status = StatusCode::from_u16(incoming.status).map_err(|_| wrong("the status is none of HTTP"))?;
    let (whole, rest) = (io::Cursor::new(incoming.body.clone()), End(incoming.breaks_off));
    let mut answer = Response::new(ureq::Body::builder().reader(whole.chain(rest)));
    *answer.status_mut() = status;
    for (name, value) in &incoming.headers {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => drop(answer.headers_mut().append(name, value)),
            _ => return Err(wrong("a header is none of HTTP")),
        }
    }
    Ok(answer)
}

/// All headers of a request, for a carrier.
pub(crate) fn all(headers: &Headers, set: &[(&str, String)]) -> Vec<(String, String)> {
    let set = set.iter().map(|(name, value)| ((*name).to_string(), value.clone()));
    set.chain(headers.all().map(|(name, value, _)| (name.to_string(), value.expose().to_string()))).collect()
}

/// The end of a body: whole, or broken off.
struct End(bool);

impl Read for End {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        if self.0 { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(0) }
    }
}
