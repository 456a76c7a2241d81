//! What every request must be before it is looked at: framed so that nobody can read it in two ways, and meant for
//! this server, by the person and not by a page that the person looks at.
//!
//! A server without TLS listens on this computer only, where any page in a browser reaches it: the page's own name
//! can be made to lead here ("DNS rebinding"), and a browser that has signed in does so for any page. So `Host` must
//! name this server, and a change whose `Origin` is another site is refused.
//!
//! RFC 9112, 3.2 and 6; RFC 9110, 7.4 and 8.4; RFC 6454; Fetch, "Sec-Fetch-Site".

use crate::{Config, Error};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderName, Method, StatusCode, Uri, Version, header};
use std::net::{IpAddr, SocketAddr};

/// For which server requests may be.
#[derive(Debug)]
pub(crate) struct Site {
    /// `http` or `https`.
    scheme: &'static str,
    /// The address to listen on.
    address: SocketAddr,
    /// Scheme and authority of what stands in front.
    public: Vec<(String, Authority)>,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    pub(crate) cause: &'static str,
    /// Whether what follows on the connection cannot be told from the request.
    pub(crate) is_last: bool,
}

const fn refused(status: StatusCode, cause: &'static str) -> Refused {
    Refused { status, cause, is_last: false }
}

const fn broken(status: StatusCode, cause: &'static str) -> Refused {
    Refused { status, cause, is_last: true }
}

impl Site {
    /// # Errors
    /// [`Error::PublicUrl`] if an address in front is not one.
    pub(crate) fn new(config: &Config, address: SocketAddr) -> Result<Self, Error> {
        let public = config.public_urls.iter().map(|url| public(url).ok_or_else(|| Error::PublicUrl(url.clone())));
        let scheme = if config.tls.is_some() { "https" } else { "http" };
        Ok(Site { scheme, address, public: public.collect::<Result<_, _>>()? })
    }

    /// Checks how a request is framed, for which server it is, and from where.
    pub(crate) fn check(&self, parts: &Parts, body_limit: usize) -> Result<(), Refused> {
        framing(parts, body_limit)?;
        let host = host(parts)?;
        if host.as_ref().is_some_and(|host| !self.is_ours(host)) && !self.comes_by_a_proxy(parts) {
            return Err(refused(StatusCode::MISDIRECTED_REQUEST, "Host names another server"));
        }
        if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
            return Ok(());
        }
        let foreign = refused(StatusCode::FORBIDDEN, "the request comes from a page of another site");
        match one(parts, &header::ORIGIN) {
            Ok(Some(origin)) if self.is_own_origin(origin, host.as_ref()) => Ok(()),
            Ok(None) => match one(parts, &SEC_FETCH_SITE) {
                Ok(None | Some("same-origin" | "none")) => Ok(()),
                Ok(Some(_)) | Err(()) => Err(foreign),
            },
            Ok(Some(_)) | Err(()) => Err(foreign),
        }
    }

    /// Whether a host is this server: its address, this computer for one that is reached from here only, or what
    /// stands in front. With TLS any name will do unless some are given: a browser checks the certificate.
    fn is_ours(&self, host: &Authority) -> bool {
        let name = bare(host.host());
        let address = name.parse::<IpAddr>().ok();
        let is_local = name.eq_ignore_ascii_case("localhost") || address.is_some_and(|ip| ip.is_loopback());
        is_local
            || address.is_some_and(|ip| ip == self.address.ip() || self.address.ip().is_unspecified())
            || self.public.iter().any(|(_, public)| bare(public.host()).eq_ignore_ascii_case(name))
            || self.public.is_empty() && self.scheme == "https"
    }

    /// Whether a request that keeps another name in `Host` is a reverse proxy's, and no page's, while no
    /// `--public-url` says which names there are. No browser speaks HTTP/1.0, as nginx does to what it stands in
    /// front of; and a page that adds the headers of Apache's mod_proxy still has no credentials to add.
    fn comes_by_a_proxy(&self, parts: &Parts) -> bool {
        let has = |name| parts.headers.contains_key(name);
        self.public.is_empty()
            && (parts.version < Version::HTTP_11 || has(X_FORWARDED_HOST) && has(header::AUTHORIZATION))
    }

    /// Whether a page of this origin is of this server: as the request itself names it, or as it is called in front.
    fn is_own_origin(&self, origin: &str, host: Option<&Authority>) -> bool {
        let Some((scheme, authority)) = public(origin) else { return false };
        let same = |its: &str, other: &Authority| {
            scheme == its
                && bare(authority.host()).eq_ignore_ascii_case(bare(other.host()))
                && port(&scheme, &authority) == port(its, other)
        };
        host.is_some_and(|host| same(self.scheme, host)) || self.public.iter().any(|(its, other)| same(its, other))
    }
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Scheme and authority of an address.
fn public(url: &str) -> Option<(String, Authority)> {
    let uri: Uri = url.parse().ok()?;
    let scheme = uri.scheme_str().filter(|scheme| ["http", "https"].contains(scheme))?;
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
    Some((scheme.to_owned(), authority.clone()))
}

/// A host without the brackets of an IPv6 address.
fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

fn port(scheme: &str, authority: &Authority) -> u16 {
    authority.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 })
}

/// The one value of a header; an error if there are several, or it is not text.
fn one<'p>(parts: &'p Parts, name: &HeaderName) -> Result<Option<&'p str>, ()> {
    let mut values = parts.headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(|text| Some(text.trim())).map_err(|_| ()),
        (Some(_), Some(_)) => Err(()),
    }
}

/// For which server a request is: by the target if that names a host, and else by `Host`. HTTP/1.0 needs none.
fn host(parts: &Parts) -> Result<Option<Authority>, Refused> {
    let bad = |cause| refused(StatusCode::BAD_REQUEST, cause);
    let host = one(parts, &header::HOST).map_err(|()| bad("there are several Host headers"))?;
    match (parts.uri.authority(), host) {
        (Some(authority), _) => Ok(Some(authority.clone())),
        (None, Some(host)) => host.parse().map(Some).map_err(|_| bad("Host is no name of a host")),
        (None, None) if parts.version < Version::HTTP_11 => Ok(None),
        (None, None) => Err(bad("there is no Host header")),
    }
}

/// How a request is framed.
fn framing(parts: &Parts, body_limit: usize) -> Result<(), Refused> {
    let has = |name| parts.headers.contains_key(name);
    if has(header::TRANSFER_ENCODING) {
        let coding = one(parts, &header::TRANSFER_ENCODING);
        if parts.version < Version::HTTP_11 || has(header::CONTENT_LENGTH) {
            return Err(broken(StatusCode::BAD_REQUEST, "the length of the body can be read in two ways"));
        }
        if !coding.is_ok_and(|coding| coding.is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"))) {
            return Err(broken(StatusCode::NOT_IMPLEMENTED, "the transfer coding is not known"));
        }
    }
    let length = one(parts, &header::CONTENT_LENGTH);
    let length = length.map_err(|()| broken(StatusCode::BAD_REQUEST, "there are several Content-Length headers"))?;
    if length.and_then(|length| length.parse::<u64>().ok()).is_some_and(|length| length > body_limit as u64) {
        return Err(broken(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long"));
    }
    match one(parts, &header::CONTENT_ENCODING) {
        Ok(None) => Ok(()),
        Ok(Some(coding)) if coding.eq_ignore_ascii_case("identity") => Ok(()),
        Ok(Some(_)) | Err(()) => Err(broken(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the content coding is not known")),
    }
}

#[cfg(test)]
mod tests {
    use super::Site;
    use crate::{Config, Error, Tls};
    use axum::http::Request;
    use axum::http::request::Parts;

    fn site(public: &[&str], listen: &str, with_tls: bool) -> Site {
        let public_urls = public.iter().map(|url| (*url).to_owned()).collect();
        let tls = with_tls.then(|| Tls::self_signed(&["localhost".into()]).unwrap());
        let config = Config { public_urls, tls, ..Config::default() };
        Site::new(&config, listen.parse().unwrap()).unwrap()
    }

    fn parts(method: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().method(method).uri("/health");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn status(site: &Site, method: &str, headers: &[(&str, &str)]) -> u16 {
        site.check(&parts(method, headers), 100).map_or_else(|refused| refused.status.as_u16(), |()| 200)
    }

    #[test]
    fn a_request_is_for_this_server_or_what_stands_in_front() {
        let local = site(&["https://cards.example.com"], "127.0.0.1:8080", false);
        for (host, wanted) in [
            ("127.0.0.1:8080", 200),
            ("LocalHost:9999", 200),
            ("[::1]:8080", 200),
            ("Cards.Example.com", 200),
            ("cards.example.com:443", 200),
            ("localhost.example.com:8080", 421),
            ("192.0.2.1:8080", 421),
            ("example.com", 421),
            ("cards.example.com.", 421),
            ("a b", 400),
            ("", 400),
        ] {
            assert_eq!(status(&local, "GET", &[("host", host)]), wanted, "{host}");
        }
        assert_eq!(status(&local, "GET", &[]), 400);
        assert_eq!(status(&local, "GET", &[("host", "localhost"), ("host", "localhost")]), 400);
        let open = site(&[], "0.0.0.0:8443", true);
        assert_eq!(status(&open, "GET", &[("host", "any.example.com")]), 200);
        let named = site(&["https://cards.example.com:8443"], "0.0.0.0:8443", true);
        for (host, wanted) in [("any.example.com", 421), ("cards.example.com:8443", 200), ("192.0.2.7:8443", 200)] {
            assert_eq!(status(&named, "GET", &[("host", host)]), wanted, "{host}");
        }
    }

    #[test]
    fn a_proxy_in_front_may_keep_its_own_name() {
        let local = site(&[], "127.0.0.1:8080", false);
        let foreign = ("host", "cards.example.com");
        let by_apache = ("x-forwarded-host", "cards.example.com");
        let credentials = ("authorization", "Basic eDp5");
        assert_eq!(status(&local, "GET", &[foreign, by_apache, credentials]), 200);
        assert_eq!(status(&local, "GET", &[foreign, by_apache]), 421);
        assert_eq!(status(&local, "GET", &[foreign, credentials]), 421);
        let mut by_nginx = parts("GET", &[foreign]);
        by_nginx.version = axum::http::Version::HTTP_10;
        assert!(local.check(&by_nginx, 100).is_ok());
        let named = site(&["https://other.example.com"], "127.0.0.1:8080", false);
        assert!(named.check(&by_nginx, 100).is_err());
        assert_eq!(status(&named, "GET", &[foreign, by_apache, credentials]), 421);
    }

    #[test]
    fn a_change_comes_from_a_page_of_this_server_or_from_no_page() {
        let local = site(&["https://cards.example.com"], "127.0.0.1:8080", false);
        let host = ("host", "127.0.0.1:8080");
        for (name, value, wanted) in [
            ("origin", "http://127.0.0.1:8080", 200),
            ("origin", "https://cards.example.com", 200),
            ("origin", "https://cards.example.com:443", 200),
            ("origin", "http://cards.example.com", 403),
            ("origin", "http://127.0.0.1:1", 403),
            ("origin", "http://localhost:8080", 403),
            ("origin", "null", 403),
            ("origin", "http://127.0.0.1:8080@evil.example", 403),
            ("sec-fetch-site", "same-origin", 200),
            ("sec-fetch-site", "none", 200),
            ("sec-fetch-site", "cross-site", 403),
            ("sec-fetch-site", "same-site", 403),
        ] {
            assert_eq!(status(&local, "POST", &[host, (name, value)]), wanted, "{value}");
            assert_eq!(status(&local, "GET", &[host, (name, value)]), 200, "{value}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_not_read() {
        let local = site(&[], "127.0.0.1:8080", false);
        let host = ("host", "localhost");
        for (headers, wanted) in [
            (vec![("transfer-encoding", "chunked")], 200),
            (vec![("transfer-encoding", "Chunked")], 200),
            (vec![("transfer-encoding", "gzip, chunked")], 501),
            (vec![("transfer-encoding", "identity")], 501),
            (vec![("transfer-encoding", "chunked"), ("transfer-encoding", "chunked")], 501),
            (vec![("transfer-encoding", "chunked"), ("content-length", "5")], 400),
            (vec![("content-length", "100")], 200),
            (vec![("content-length", "101")], 413),
            (vec![("content-length", "5"), ("content-length", "5")], 400),
            (vec![("content-encoding", "gzip")], 415),
            (vec![("content-encoding", "identity")], 200),
        ] {
            let all: Vec<_> = headers.iter().copied().chain([host]).collect();
            assert_eq!(status(&local, "POST", &all), wanted, "{headers:?}");
        }
    }

    #[test]
    fn an_address_in_front_is_an_address() {
        for wrong in ["cards.example.com", "ftp://cards.example.com", "https://", "https://a:b@host", ""] {
            let config = Config { public_urls: vec![wrong.to_owned()], ..Config::default() };
            let refused = Site::new(&config, "127.0.0.1:80".parse().unwrap());
            assert!(matches!(refused, Err(Error::PublicUrl(_))), "{wrong}");
        }
    }
}
