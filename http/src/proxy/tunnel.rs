//! A tunnel through an HTTP proxy, by CONNECT.
//!
//! All legs of the sign-in come before TLS to the server. A proxy may close the connection after its first 407: then the
//! next leg goes over another one.
//!
//! RFC 9110, 9.3.6 (CONNECT) and 11.7 (proxy authentication).

use super::answer::{Head, NoHead, read_body, read_head};
use super::refusal::{ProxyFault, ProxyRefusal};
use super::route::Route;
use super::sign_in::{Asked, Asking, Failed, Wanted};
use crate::address::Place;
use crate::deadline::left;
use crate::error::error_words;
use crate::secret::Secret;
use std::io::Write as _;
use std::sync::Arc;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, NextTimeout, Transport, TransportAdapter};
use zeroize::Zeroizing;

/// Opens a tunnel to the server, over connections to the proxy that `connect` makes.
pub(super) fn open(
    route: &Route,
    details: &ConnectionDetails<'_>,
    connect: impl Fn() -> Result<Box<dyn Transport>, ureq::Error>,
) -> Result<Box<dyn Transport>, ureq::Error> {
    let place = Place::of(&details.uri.to_string()).map_err(|why| ureq::Error::BadUri(why.to_string()))?;
    let target = place.host_and_port();
    // A connection that the proxy has left open.
    let mut open: Option<Box<dyn Transport>> = None;
    let asking = Asking { method: "CONNECT", target: &target, secure: true, signed_in: false };
    let exchanged = route.sign_in.exchange(asking, |authorization, keep| {
        let mut kept = open.take();
        // It said that it would stay, and is gone before anything of this leg was sent.
        if kept.as_mut().is_some_and(|kept| !kept.is_open()) {
            kept = None;
        }
        // What proves an untried password is sent once.
        let may_repeat = kept.is_some() && !keep && (authorization.is_none() || !route.sign_in.is_unproven());
        let transport = match kept {
            Some(transport) => transport,
            None if keep => return Ok(Asked::NotKept),
            None => connect()?,
        };
        let head = request(&target, &route.user_agent, authorization.as_ref());
        let leg = match leg(route, details, transport, &head) {
            Err(_) if may_repeat => leg(route, details, connect()?, &head)?,
            leg => leg?,
        };
        let (mut transport, head) = leg;
        if matches!(head.status, 200..=299) {
            return Ok(Asked::Passed(transport, head.status));
        }
        let (body, stays) = read_body(&mut *transport, &head, details.timeout, details.now);
        let words = Some(error_words(&body)).filter(|words| !words.is_empty()).unwrap_or_else(|| head.reason.clone());
        if head.status == 407 {
            open = stays.then_some(transport);
            return Ok(Asked::Wants(Wanted { challenges: head.challenges, words }));
        }
        let schemes = head.schemes();
        let refusal = route.sign_in.refusal(true, Some(head.status), words);
        Err(other(ProxyRefusal { schemes, ..refusal }))
    });
    match exchanged {
        Ok((transport, _)) => Ok(Tunnel(transport).boxed()),
        Err(Failed::Refused(refusal)) => Err(other(refusal)),
        Err(Failed::Below(error)) => Err(error),
    }
}

fn other(refusal: ProxyRefusal) -> ureq::Error {
    ureq::Error::Other(Box::new(refusal))
}

/// Sends CONNECT and reads the head of the answer.
fn leg(
    route: &Route,
    details: &ConnectionDetails<'_>,
    transport: Box<dyn Transport>,
    request: &[u8],
) -> Result<(Box<dyn Transport>, Head), ureq::Error> {
    let mut adapter = TransportAdapter::new(transport, Arc::clone(&details.current_time));
    adapter.set_timeout(left(details.timeout, details.now).map_err(|error| route.named(error))?);
    adapter.write_all(request).map_err(|error| route.named(error.into()))?;
    let mut transport = adapter.into_inner();
    loop {
        let head = read_head(&mut *transport, details.timeout, details.now).map_err(|why| match why {
            NoHead::Broken(why) | NoHead::Closed(why) => route.unreachable(ProxyFault::NoAnswer, why),
            NoHead::Below(error) => route.named(error),
        })?;
        // An answer before the answer (RFC 9110, 15.2).
        if !matches!(head.status, 100..=199) {
            return Ok((transport, head));
        }
    }
}

fn request(target: &str, user_agent: &str, authorization: Option<&Secret>) -> Zeroizing<Vec<u8>> {
    let (name, value, end) = match authorization {
        Some(authorization) => ("Proxy-Authorization: ", authorization.expose(), "\r\n"),
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
