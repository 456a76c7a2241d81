//! Whole HTTP/1.1 messages: requests as they are written.

use cardwright_core::Code;
use cardwright_core::certiflow::{self, Dialect, RevocationReason};
use cardwright_core::http::{self, Site};
use cardwright_core::lifecycle::Operation;
use cardwright_core::mim;

fn site() -> Site<'static> {
    Site::new("cm.example:8443", "/certiflow/api/").unwrap()
}

fn card() -> certiflow::Call<'static> {
    certiflow::Call::Card { id: "1013" }
}

#[test]
fn a_get_has_no_body_and_says_no_length() {
    let call = card().in_dialect(Dialect::G7).unwrap();
    let mut buffer = [0; 256];
    let message = http::message_to(&call, &site(), &mut buffer).unwrap();
    assert_eq!(
        message,
        "GET /certiflow/api/Cards/1013 HTTP/1.1\r\nHost: cm.example:8443\r\nAccept: application/json\r\n\r\n"
    );
    assert_eq!(message.len(), http::message_len(&call, &site()));
}

#[test]
fn a_post_without_a_body_says_that_its_length_is_zero() {
    let call =
        certiflow::Call::Operate { operation: Operation::Revoke, id: "1013", reason: Some(RevocationReason::CardLost) };
    let call = call.in_dialect(Dialect::G7).unwrap();
    // RFC 7617, 2.
    let site = site().with_basic("Aladdin", "open sesame").unwrap();
    let mut buffer = [0; 256];
    let message = http::message_to(&call, &site, &mut buffer).unwrap();
    let (first, headers) = message.split_once("\r\n").unwrap();
    assert!(first.starts_with("POST /certiflow/api/") && first.ends_with(" HTTP/1.1"), "{first}");
    assert_eq!(
        headers,
        "Host: cm.example:8443\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\
         Accept: application/json\r\nContent-Length: 0\r\n\r\n"
    );
}

#[test]
fn a_body_follows_its_type_and_length() {
    let call = mim::Call::EndRequest { uuid: "438d1b30-f3b4-4bed-85fa-285e08605ba7", end: mim::RequestEnd::Completed };
    let site = Site::new("[fd00::5]", "/CertificateManagement").unwrap().with_bearer("abc.DEF~1/+==").unwrap();
    let mut buffer = [0; 512];
    let message = http::message_to(&call, &site, &mut buffer).unwrap();
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("\r\nAuthorization: Bearer abc.DEF~1/+==\r\n"), "{head}");
    assert!(head.ends_with(&format!("Content-Type: application/json\r\nContent-Length: {}", body.len())), "{head}");
    assert_eq!(body.len(), http::body_len(&call));

    let short = http::message_to(&call, &site, &mut [0; 20]).unwrap_err();
    assert_eq!((short.code, short.at), (Code::Room, http::message_len(&call, &site)));
}

#[test]
fn base64_of_every_length_is_right() {
    // "f:" is "Zjo=": the user and its colon stand before.
    for (password, wanted) in [("", "Zjo="), ("o", "Zjpv"), ("ob", "ZjpvYg=="), ("oba", "ZjpvYmE="), ("ä", "ZjrDpA==")]
    {
        let site = site().with_basic("f", password).unwrap();
        let call = card().in_dialect(Dialect::G7).unwrap();
        let mut buffer = [0; 256];
        let message = http::message_to(&call, &site, &mut buffer).unwrap();
        assert!(message.contains(&format!("Basic {wanted}\r\n")), "{password}: {message}");
    }
}

#[test]
fn nothing_in_a_site_can_end_a_line() {
    let code = |result: Result<Site<'_>, cardwright_core::Error>| result.map_err(|e| (e.code, e.what, e.at)).err();
    assert_eq!(code(Site::new("a\r\nX: y", "")), Some((Code::Address, "host", 1)));
    assert_eq!(code(Site::new("", "")), Some((Code::Address, "host", 0)));
    assert_eq!(code(Site::new("user@host", "")), Some((Code::Address, "host", 4)));
    for port in ["h:0", "h:80800", "h:x", "h:1:2", "[::1]:65536", "fd00::5"] {
        assert_eq!(code(Site::new(port, "")).map(|(_, what, _)| what), Some("port"), "{port}");
    }
    for host in ["::1", "[fd00::5", "[x]"] {
        assert_eq!(code(Site::new(host, "")).map(|(_, what, _)| what), Some("host"), "{host}");
    }
    assert!(Site::new("h:", "").is_ok() && Site::new("[::1]:65535", "").is_ok());
    assert_eq!(code(Site::new("h", "api")), Some((Code::Address, "base", 0)));
    assert_eq!(code(Site::new("h", "/a b")), Some((Code::Address, "base", 2)));
    assert_eq!(code(Site::new("h", "/a?b")), Some((Code::Address, "base", 2)));
    assert_eq!(code(site().with_basic("a:b", "")), Some((Code::Unwritable, "user", 1)));
    assert_eq!(code(site().with_basic("a", "b\n")), Some((Code::Unwritable, "password", 1)));
    assert_eq!(code(site().with_bearer("")), Some((Code::Unwritable, "token", 0)));
    assert_eq!(code(site().with_bearer("a b")), Some((Code::Unwritable, "token", 1)));
}

#[test]
fn a_site_does_not_show_what_is_secret() {
    let basic = format!("{:?}", site().with_basic("someone", "s3cret").unwrap());
    let bearer = format!("{:?}", site().with_bearer("s3cret").unwrap());
    assert!(!basic.contains("s3cret") && basic.contains("Basic(..)"), "{basic}");
    assert!(!bearer.contains("s3cret") && bearer.contains("Bearer(..)"), "{bearer}");
}
