//! Tunnels through an HTTP proxy, by CONNECT.
//!
//! ureq's own connector tells nothing of a refusal but its status. Here the proxy is named, with the schemes by
//! which it wants users to sign in, and its words. Its answer is bounded in size and time. A password that the
//! proxy has refused is not sent to it again; until it has accepted one, one connection at a time tries it.
//!
//! RFC 9110, 9.3.6 (CONNECT) and 11.7 (proxy authentication).

mod refusal;

pub use refusal::ProxyRefusal;

use crate::deadline::left;
use crate::error::error_words;
use crate::lock::{lock, try_lock};
use crate::resolve::NameNotFound;
use crate::secret::Secret;
use crate::sign_in::challenge::challenges;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::Write as _;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport, TransportAdapter, time,
};
use zeroize::Zeroizing;

/// The longest head of an answer to CONNECT, in bytes.
const HEAD: usize = 16 << 10;

/// How much of a refusal's body is read for its words, in bytes, and for how long.
const WORDS: usize = 16 << 10;
const WORDS_TIME: Duration = Duration::from_secs(1);

/// Opens a tunnel through the proxy of the configuration, if that is an HTTP proxy and not exempt for the host.
#[derive(Debug, Clone)]
pub(crate) struct Tunnels(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// The configuration for the connection to the proxy itself.
    direct: ureq::config::Config,
    user_agent: String,
    password: Mutex<Password>,
}

/// What is known of the proxy's password.
#[derive(Debug)]
enum Password {
    Untried,
    Accepted,
    Refused(ProxyRefusal),
}

impl Tunnels {
    pub(crate) fn new(user_agent: &str) -> Self {
        let direct = ureq::Agent::config_builder().proxy(None).user_agent(user_agent).build();
        let password = Mutex::new(Password::Untried);
        Tunnels(Arc::new(Shared { direct, user_agent: user_agent.to_string(), password }))
    }

    /// Takes over that a password was refused, from the parent process.
    pub(crate) fn remember(&self, parent: &Self) {
        if let Some(Password::Refused(refusal)) = try_lock(&parent.0.password).as_deref() {
            *lock(&self.0.password) = Password::Refused(refusal.clone());
        }
    }

    /// The proxy's password, while it is untried; nothing if it was accepted.
    fn password(&self) -> Result<Option<MutexGuard<'_, Password>>, ureq::Error> {
        let password = lock(&self.0.password);
        match &*password {
            Password::Untried => Ok(Some(password)),
            Password::Accepted => Ok(None),
            Password::Refused(refusal) => Err(ureq::Error::Other(Box::new(refusal.clone()))),
        }
    }
}

impl<In: Transport> Connector<In> for Tunnels {
    type Out = Either<In, Box<dyn Transport>>;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        if let Some(transport) = chained {
            return Ok(Some(Either::A(transport)));
        }
        let is_tunnel = |proxy: &&ureq::Proxy| {
            use ureq::ProxyProtocol::{Http, Https};
            matches!(proxy.protocol(), Http | Https) && !proxy.is_no_proxy(details.uri)
        };
        let Some(proxy) = details.config.proxy().filter(is_tunnel) else { return Ok(None) };
        let credentials = basic(proxy);
        let mut untried = match credentials {
            Some(_) => self.password()?,
            None => None,
        };
        let opened = self.open(details, proxy, credentials.as_ref());
        match &opened {
            Ok(Ok(_)) => {
                if let Some(untried) = untried.as_deref_mut() {
                    *untried = Password::Accepted;
                }
            }
            Ok(Err(refusal)) if refusal.password_refused => {
                *untried.unwrap_or_else(|| lock(&self.0.password)) = Password::Refused(refusal.clone());
            }
            _ => {}
        }
        match opened? {
            Ok(transport) => Ok(Some(Either::B(Tunnel(transport).boxed()))),
            Err(refusal) => Err(ureq::Error::Other(Box::new(refusal))),
        }
    }
}

impl Tunnels {
    /// Connects to the proxy and asks it for a tunnel.
    fn open(
        &self,
        details: &ConnectionDetails<'_>,
        proxy: &ureq::Proxy,
        credentials: Option<&Secret>,
    ) -> Result<Result<Box<dyn Transport>, ProxyRefusal>, ureq::Error> {
        let begun = details.now;
        let address = host_and_port(proxy.uri());
        let failed = |error: ureq::Error| named(error, &address);
        let addrs = details.resolver.resolve(proxy.uri(), &self.0.direct, details.timeout).map_err(failed)?;
        let transport = (details.run_connector)(&ConnectionDetails {
            uri: proxy.uri(),
            addrs,
            config: &self.0.direct,
            request_level: details.request_level,
            resolver: details.resolver,
            now: details.now,
            timeout: left(details.timeout, begun)?,
            current_time: Arc::clone(&details.current_time),
            run_connector: Arc::clone(&details.run_connector),
            register_shutdown: Arc::clone(&details.register_shutdown),
        });
        let mut adapter = TransportAdapter::new(transport.map_err(failed)?, Arc::clone(&details.current_time));
        adapter.set_timeout(left(details.timeout, begun)?);
        let head = request(&host_and_port(details.uri), &self.0.user_agent, credentials);
        adapter.write_all(&head).map_err(|error| failed(error.into()))?;
        let mut transport = adapter.into_inner();
        loop {
            let head = read_head(&mut *transport, details.timeout, begun).map_err(failed)?;
            match head.status {
                // An answer before the answer (RFC 9110, 15.2).
                100..=199 => {}
                200..=299 => return Ok(Ok(transport)),
                status => {
                    let body = read_body(&mut *transport, head.length, details.timeout, begun);
                    let words = Some(error_words(&body)).filter(|words| !words.is_empty()).unwrap_or(head.reason);
                    let password_refused = status == 407 && credentials.is_some();
                    return Ok(Err(ProxyRefusal {
                        proxy: address,
                        status,
                        schemes: head.schemes,
                        password_refused,
                        words,
                    }));
                }
            }
        }
    }
}

/// The header that signs in to the proxy, if its address holds a user or a password.
fn basic(proxy: &ureq::Proxy) -> Option<Secret> {
    let (user, password) = (proxy.username(), proxy.password());
    user.or(password)?;
    let pair = Secret::concat(&[user.unwrap_or(""), ":", password.unwrap_or("")]);
    let coded = Zeroizing::new(STANDARD.encode(pair.expose()));
    Some(Secret::concat(&["Basic ", &coded]))
}

fn request(target: &str, user_agent: &str, credentials: Option<&Secret>) -> Zeroizing<Vec<u8>> {
    let (name, value, end) = match credentials {
        Some(credentials) => ("Proxy-Authorization: ", credentials.expose(), "\r\n"),
        None => ("", "", ""),
    };
    let lines = [
        "CONNECT ",
        target,
        " HTTP/1.1\r\nHost: ",
        target,
        "\r\nUser-Agent: ",
        user_agent,
        "\r\nProxy-Connection: Keep-Alive\r\n",
        name,
        value,
        end,
        "\r\n",
    ];
    Zeroizing::new(lines.concat().into_bytes())
}

/// The host and the port of an address, without a user or a password.
fn host_and_port(uri: &ureq::http::Uri) -> String {
    let port = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    format!("{}:{}", uri.host().unwrap_or(""), uri.port_u16().unwrap_or(port))
}

/// An error on the way to the proxy or of its connection, which does not say whose it is.
fn named(error: ureq::Error, proxy: &str) -> ureq::Error {
    match error {
        ureq::Error::Io(error) if !error.get_ref().is_some_and(|below| below.is::<rustls::Error>()) => {
            ureq::Error::ConnectProxyFailed(format!("the proxy {proxy}: {error}"))
        }
        ureq::Error::Other(error) if error.is::<NameNotFound>() => {
            ureq::Error::ConnectProxyFailed(format!("the proxy {proxy}: {error}"))
        }
        ureq::Error::ConnectProxyFailed(why) => ureq::Error::ConnectProxyFailed(format!("the proxy {proxy} {why}")),
        other => other,
    }
}

/// What the head of a proxy's answer says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Head {
    status: u16,
    reason: String,
    schemes: Vec<String>,
    /// The length of its body, if it says so.
    length: Option<usize>,
}

/// Reads the head of an answer and leaves what follows it.
fn read_head(transport: &mut dyn Transport, limit: NextTimeout, since: time::Instant) -> Result<Head, ureq::Error> {
    loop {
        let arrived = transport.maybe_await_input(left(limit, since)?)?;
        let buffers = transport.buffers();
        let input = buffers.input();
        if let Some(end) = end_of_head(input) {
            let head = parse(input.get(..end).unwrap_or(&[]));
            buffers.input_consume(end);
            return head
                .ok_or_else(|| ureq::Error::ConnectProxyFailed("answers something other than HTTP".to_string()));
        }
        if input.len() > HEAD {
            return Err(ureq::Error::ConnectProxyFailed("answers with a head that is too long".to_string()));
        }
        if !arrived {
            return Err(ureq::Error::ConnectProxyFailed("closed the connection before it answered".to_string()));
        }
        // Without it, the next call would find the same input.
        buffers.input_consume(0);
    }
}

/// Reads the body of a refusal as far as it comes soon.
fn read_body(
    transport: &mut dyn Transport,
    length: Option<usize>,
    limit: NextTimeout,
    since: time::Instant,
) -> Vec<u8> {
    let (begun, wanted) = (Instant::now(), length.unwrap_or(WORDS).min(WORDS));
    let mut body = Vec::new();
    while body.len() < wanted {
        let Ok(mut time) = left(limit, since) else { break };
        let Some(soon) = WORDS_TIME.checked_sub(begun.elapsed()) else { break };
        if *time.after > soon {
            time.after = soon.into();
        }
        if !transport.maybe_await_input(time).unwrap_or(false) {
            break;
        }
        let buffers = transport.buffers();
        let input = buffers.input();
        let taken = input.len();
        body.extend_from_slice(input);
        buffers.input_consume(taken);
    }
    body.truncate(wanted);
    body
}

/// Where the head of an answer ends, after its empty line.
fn end_of_head(input: &[u8]) -> Option<usize> {
    let ends = |mark: &[u8]| input.windows(mark.len()).position(|bytes| bytes == mark).map(|at| at + mark.len());
    match (ends(b"\r\n\r\n"), ends(b"\n\n")) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn parse(head: &[u8]) -> Option<Head> {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.lines();
    let (version, rest) = lines.next()?.split_once(' ')?;
    if !version.starts_with("HTTP/1.") {
        return None;
    }
    let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
    let status = status.parse().ok().filter(|_| status.len() == 3)?;
    let mut found = Head { status, reason: reason.trim().to_string(), ..Head::default() };
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("Proxy-Authenticate") {
            found.schemes.extend(challenges(value).iter().map(|challenge| challenge.scheme.to_string()));
        } else if name.eq_ignore_ascii_case("Content-Length") {
            found.length = value.trim().parse().ok();
        }
    }
    Some(found)
}

/// A connection through a proxy. TLS to the proxy is none to the server.
#[derive(Debug)]
struct Tunnel(Box<dyn Transport>);

impl Transport for Tunnel {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.0.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_an_answer_is_read_with_its_schemes() {
        let head = b"HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Negotiate\r\n\
            Proxy-Authenticate: NTLM, Basic realm=\"a, b\"\r\nContent-Length: 12\r\n\r\n";
        assert_eq!(end_of_head(head), Some(head.len()));
        let expected = Head {
            status: 407,
            reason: "Proxy Authentication Required".into(),
            schemes: vec!["Negotiate".into(), "NTLM".into(), "Basic".into()],
            length: Some(12),
        };
        assert_eq!(parse(head), Some(expected));
        assert_eq!(parse(b"HTTP/1.0 200\n\n").map(|head| head.status), Some(200));
        for wrong in ["", "SSH-2.0-x\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 abc\r\n\r\n"] {
            assert_eq!(parse(wrong.as_bytes()), None, "{wrong:?}");
        }
        assert_eq!(end_of_head(b"HTTP/1.1 200 OK\r\n"), None);
    }

    #[test]
    fn a_refusal_names_the_proxy_its_status_and_what_it_wants() {
        let refusal = |status, schemes: &[&str], password_refused, words: &str| {
            let schemes = schemes.iter().map(|scheme| (*scheme).to_string()).collect();
            ProxyRefusal { proxy: "p:3128".into(), status, schemes, password_refused, words: words.into() }.to_string()
        };
        assert_eq!(
            refusal(407, &["Negotiate", "NTLM"], false, "x"),
            "the proxy p:3128 answered 407: it wants a sign-in of its own (Negotiate, NTLM)"
        );
        assert!(refusal(407, &[], true, "").contains("does not accept the user and password"));
        assert_eq!(refusal(403, &[], false, "Forbidden"), "the proxy p:3128 answered 403: Forbidden");
        assert_eq!(refusal(502, &[], false, ""), "the proxy p:3128 answered 502");
    }

    #[test]
    fn a_proxy_is_named_without_its_user_and_password() {
        let uri = |address: &str| host_and_port(&address.parse().expect("an address"));
        assert_eq!(uri("http://user:hidden@proxy.example:3128"), "proxy.example:3128");
        assert_eq!(uri("https://[::1]/x"), "[::1]:443");
        assert_eq!(uri("http://p"), "p:80");
    }
}
