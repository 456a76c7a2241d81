//! Errors level by level: from the top, down to the system's own, and none left out; and what they show of addresses.

use cardwright_core::Code;
use cardwright_core::certiflow::{Call, Dialect, Query};
use cardwright_http::{
    ClientCertificate, Credentials, Error, Oidc, Proxy, ProxyRefusal, ProxyUnreachable, Retries, Secret, Setup,
    TlsCause, TlsFailure, Transport, Trust, chain,
};
use cardwright_testkit::demanding::Tls;
use cardwright_testkit::raw::{Raw, read_request};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::error::Error as StdError;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;

/// The first level below an error that is of this type.
fn level<'e, T: StdError + 'static>(error: &'e (dyn StdError + 'static)) -> &'e T {
    let mut next = error.source();
    while let Some(below) = next {
        if let Some(found) = below.downcast_ref() {
            return found;
        }
        next = below.source();
    }
    panic!("{error:?} has no such level")
}

fn setup(base: impl Into<String>) -> Setup {
    Setup::new(base).proxy(Proxy::None).retries(Retries::none())
}

/// The cards of Joe, whose name no log may have.
fn cards(setup: Setup) -> Error {
    let transport = Transport::new(setup).expect("usable");
    let query = Query { user_name: Some("joe@example.com"), ..Query::default() };
    let call = Call::Cards(query).in_dialect(Dialect::G7).expect("the dialect has it");
    let error = transport.send(&call).expect_err("a failure");
    let whole = error.unmasked().to_string();
    assert!(whole.contains("joe%40example.com"), "{whole}");
    assert_eq!(error.to_string(), whole.replace("joe%40example.com", "REDACTED"), "as informative, but for the name");
    // In whatever way it is printed.
    let mut next = Some(&error as &dyn StdError);
    while let Some(level) = next {
        for text in [format!("{level}"), format!("{level:?}"), format!("{level:#?}")] {
            assert!(!text.contains("joe"), "{text}");
        }
        next = level.source();
    }
    let told = chain(&error).to_string();
    assert!(told.starts_with(&error.to_string()), "{told}");
    next = error.source();
    while let Some(level) = next {
        assert_eq!(told.matches(&level.to_string()).count(), 1, "no level twice: {told}");
        next = level.source();
    }
    error
}

fn nobody() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

#[test]
fn a_connection_that_is_refused_leads_to_the_systems_error() {
    let error = cards(setup(format!("http://127.0.0.1:{}/api", nobody())));
    assert_eq!(level::<io::Error>(&error).kind(), io::ErrorKind::ConnectionRefused);
    assert!(error.to_string().contains("Connection refused"), "{error}");
    let proxy = Proxy::Address(Secret::new(format!("http://127.0.0.1:{}", nobody())));
    for base in ["http://cm.example.com/api", "https://cm.example.com/api"] {
        let error = cards(setup(base).proxy(proxy.clone()));
        let unreachable = level::<ProxyUnreachable>(&error);
        assert_eq!(level::<io::Error>(unreachable).kind(), io::ErrorKind::ConnectionRefused);
    }
}

#[test]
fn a_name_that_is_not_found_leads_to_the_systems_error() {
    let error = cards(setup("http://no.such.name.invalid/api"));
    assert_eq!((error.code(), error.was_sent()), (Code::Unreachable, false));
    assert!(level::<io::Error>(&error).to_string().contains("lookup") || error.source().is_some(), "{error:?}");
}

#[test]
fn a_failure_of_tls_leads_to_the_librarys_error() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_string()]).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a pair");
    let server = Tls::start(config, |_, _| String::new());
    let error = cards(setup(format!("https://localhost:{}/api", server.port)));
    let failure = level::<TlsFailure>(&error);
    assert!(matches!(failure.cause, TlsCause::SelfSigned | TlsCause::UnknownCa { .. }), "{failure:?}");
    assert!(matches!(level::<rustls::Error>(failure), rustls::Error::InvalidCertificate(_)), "{error:?}");
}

#[test]
fn a_proxy_that_refuses_is_a_level_of_its_own() {
    let refusing = Raw::answering(|_| b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".to_vec());
    let proxy = Proxy::Address(Secret::new(refusing.url("")));
    let error = cards(setup("https://cm.example.com/api").proxy(proxy));
    assert_eq!(level::<ProxyRefusal>(&error).status, Some(403));
}

#[test]
fn an_answer_that_breaks_off_leads_to_the_systems_error() {
    let hangs_up = Raw::serving(|mut stream| read_request(&mut stream));
    let error = cards(setup(hangs_up.url("/api")));
    assert_eq!(error.code(), Code::Broken, "{error}");
    let _: &io::Error = level(&error);
}

#[test]
fn a_token_that_is_not_given_leads_to_the_issuers_refusal() {
    let issuer = Raw::answering(|_| {
        let body = r#"{"error": "invalid_client"}"#;
        let length = body.len();
        format!("HTTP/1.1 401 x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
            .into_bytes()
    });
    let tokens = |endpoint: String| {
        let oidc = Oidc::builder(issuer.url("/i"), "client").secret(Secret::new("s")).token_endpoint(endpoint);
        let oidc = oidc.client_auth(cardwright_http::ClientAuth::Post).proxy(Proxy::None).build().expect("usable");
        Credentials::Tokens(Arc::new(oidc))
    };
    let send = |credentials| {
        let transport = Transport::new(setup("http://127.0.0.1:9/api").credentials(credentials)).expect("usable");
        transport.send(&Call::Card { id: "1" }.in_dialect(Dialect::G7).expect("it has it")).expect_err("no token")
    };
    let error = send(tokens(issuer.url("/token")));
    assert!(matches!(error, Error::NoToken(_)), "{error:?}");
    let below: &Error = level(&error);
    assert_eq!((below.status(), below.oauth_error()), (Some(401), Some("invalid_client")), "{error:?}");
    let error = send(tokens(format!("http://127.0.0.1:{}/token", nobody())));
    assert_eq!(level::<io::Error>(&error).kind(), io::ErrorKind::ConnectionRefused);
}

#[test]
fn each_cause_of_set_up_has_its_code_and_what_is_below() {
    let damaged = b"-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n";
    let error = Trust::system().add_pem(damaged).expect_err("no PEM");
    assert_eq!(error.code(), Code::Certificate);
    let _: &rustls::pki_types::pem::Error = level(&error);
    let made = rcgen::generate_simple_self_signed(vec!["a".to_string()]).expect("a certificate");
    let other = rcgen::generate_simple_self_signed(vec!["b".to_string()]).expect("a certificate");
    let (own, key) = (made.cert.pem(), other.signing_key.serialize_pem());
    let pair = |certificate: &str, key: &str| ClientCertificate::from_pem(certificate.as_bytes(), key.as_bytes());
    let transport = |setup: Setup| Transport::new(setup).map(|_| ());
    let base = "https://cm.example.com/api";
    let refused: Vec<(Code, &str, Result<(), Error>)> = vec![
        (Code::Certificate, "no PEM", Trust::only_added().add_pem(b"hello").map(|_| ())),
        (Code::Certificate, "no certificate", pair("hello", &key).map(|_| ())),
        (Code::Key, "no key", pair(&own, "hello").map(|_| ())),
        (Code::Key, "another's key", pair(&own, &key).map(|_| ())),
        (Code::Address, "no base", transport(Setup::new("cm.example.com"))),
        (Code::Address, "a base with a query", transport(Setup::new("https://h/api?secret=1"))),
        (Code::Proxy, "no proxy", transport(Setup::new(base).proxy(Proxy::Address(Secret::new("p:0"))))),
        (Code::Header, "no token", transport(Setup::new(base).credentials(Credentials::Bearer(Secret::new("a\nb"))))),
        (Code::Header, "no product", transport(Setup::new(base).product("a\r\nX: y"))),
        (
            Code::Setting,
            "a token in clear",
            transport(Setup::new("http://cm.example.com/api").credentials(Credentials::Bearer(Secret::new("t")))),
        ),
        (Code::Setting, "a client without a secret", Oidc::builder("https://i", "c").build().map(|_| ())),
        (
            Code::Address,
            "an issuer in clear",
            Oidc::builder("http://i", "c").secret(Secret::new("s")).build().map(|_| ()),
        ),
    ];
    for (code, what, result) in refused {
        let error = result.expect_err(what);
        assert!(matches!(error, Error::Setup { .. }), "{what}: {error:?}");
        assert_eq!(error.code(), code, "{what}: {error}");
        assert!(code.is_setup() && !error.was_sent() && !error.to_string().contains("secret=1"), "{what}: {error}");
    }
}
