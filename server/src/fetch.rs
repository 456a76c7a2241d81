//! A document from another server: one GET over HTTPS, or over HTTP on this computer.
//!
//! Redirects are not followed and proxies are not used. Connection, handshake and answer together have a
//! time limit, and the document a maximum length.

use crate::tls;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, StatusCode, Uri, header};
use cardwright_core::base::host_and_port;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// How long a document may take.
const LIMIT: Duration = Duration::from_secs(5);

/// Checks an address from which something may be fetched.
///
/// # Errors
/// In words, if it is not an address, or its answer would not be authenticated.
pub(crate) fn address(text: &str) -> Result<Uri, String> {
    let uri: Uri = text.parse().map_err(|_| format!("{text:?} is no address"))?;
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let (host, _) = host_and_port(authority).map_err(|error| match error.what {
        "port" => format!("{text:?}: its port must be 1 to 65535"),
        _ => format!("{text:?} names no host, or a user before it"),
    })?;
    let is_local = host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    match uri.scheme_str() {
        Some("https") => Ok(uri),
        Some("http") if is_local => Ok(uri),
        _ => Err(format!("{text:?} must begin with https://; http:// is for this computer alone")),
    }
}

/// Fetches documents.
pub(crate) struct Fetcher(Arc<ClientConfig>);

impl Fetcher {
    /// Trusts the system's root certificates and these, in PEM.
    pub(crate) fn new(roots: Option<&[u8]>) -> Result<Self, String> {
        tls::client(roots).map(|config| Fetcher(Arc::new(config)))
    }

    /// The document at an address that [`address`] has checked.
    ///
    /// # Errors
    /// In words, with the address.
    pub(crate) async fn get(&self, uri: &Uri, limit: usize) -> Result<Bytes, String> {
        let fetched = timeout(LIMIT, self.fetch(uri, limit)).await;
        let fetched = fetched.unwrap_or_else(|_| Err(format!("no answer within {} s", LIMIT.as_secs())));
        fetched.map_err(|why| format!("{uri}: {why}"))
    }

    async fn fetch(&self, uri: &Uri, limit: usize) -> Result<Bytes, String> {
        let host = uri.host().ok_or("it names no host")?.trim_start_matches('[').trim_end_matches(']');
        let is_encrypted = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if is_encrypted { 443 } else { 80 });
        let stream = TcpStream::connect((host, port)).await.map_err(|error| error.to_string())?;
        if !is_encrypted {
            return exchange(stream, uri, limit).await;
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string())?;
        let stream = TlsConnector::from(Arc::clone(&self.0)).connect(name, stream).await;
        exchange(stream.map_err(|error| error.to_string())?, uri, limit).await
    }
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    uri: &Uri,
    limit: usize,
) -> Result<Bytes, String> {
    let failed = |error: hyper::Error| error.to_string();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(failed)?;
    let request = Request::get(uri.path_and_query().map_or("/", |target| target.as_str()))
        .header(header::HOST, uri.authority().map_or("", |authority| authority.as_str()))
        .header(header::ACCEPT, "application/json")
        .header(header::CONNECTION, "close")
        .body(Body::empty())
        .map_err(|error| error.to_string())?;
    let answer = async {
        let response = sender.send_request(request).await.map_err(failed)?;
        if response.status() != StatusCode::OK {
            return Err(format!("status {}", response.status().as_u16()));
        }
        to_bytes(Body::new(response.into_body()), limit).await.map_err(|error| error.to_string())
    };
    // The connection is polled while the answer is awaited, and ends with it.
    tokio::pin!(answer, connection);
    tokio::select! {
        answer = &mut answer => answer,
        ended = &mut connection => match ended {
            // What was received before the end may not be read yet.
            Ok(()) => answer.await,
            Err(error) => Err(error.to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn plain_http_is_for_this_computer() {
        for good in ["https://h/keys", "http://127.0.0.1:3/keys", "http://[::1]/keys", "http://localhost/"] {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "/keys",
            "http://h/keys",
            "ftp://localhost/",
            "http://localhost.example/",
            "http://127.0.0.1.example/",
            "https://h:80800/keys",
            "https://h:0/",
            "https://u:p@h/",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
