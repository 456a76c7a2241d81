//! Sign-ins to a proxy: for tunnels, and for requests that it carries.

use super::{server, suspend, through};
use cardwright_http::{Oidc, Proxy, Secret, Setup, Transport, Trust};
use cardwright_testkit::demanding::{Ca, Tls};
use cardwright_testkit::gateway::{Gateway, Seen, wants};
use cardwright_testkit::raw::{Raw, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Lets the request pass that carries this value.
fn only(value: &'static str, challenge: &'static str) -> impl Fn(&[Seen]) -> Option<String> + Send + Sync {
    move |here| {
        let last = here.last().and_then(Seen::authorization);
        (last != Some(value)).then(|| wants(&[challenge], ""))
    }
}

/// The part of a header between `name="` and the next quote.
fn quoted<'h>(header: &'h str, name: &str) -> &'h str {
    let rest = header.split_once(&format!("{name}=\"")).map_or("", |(_, rest)| rest);
    rest.split('"').next().unwrap_or_default()
}

#[test]
fn basic_comes_with_the_first_request_and_with_each_that_a_proxy_carries() {
    // RFC 7617: op:p@ss.
    let proxy = Gateway::judging(only("Basic b3A6cEBzcw==", "Basic realm=\"x\""));
    let server = server();
    let transport = through(&proxy.with_account("op:p%40ss"), &server.url("/api"));
    assert_eq!(suspend(&transport).expect("done"), 204);
    assert_eq!(suspend(&transport).expect("done"), 204);
    assert!(proxy.seen().iter().all(|seen| seen.refused == 0) && proxy.seen().len() == 2);
}

#[test]
fn digest_answers_the_proxys_challenge_and_goes_on_with_its_nonce() {
    let challenge = "Digest realm=\"proxy\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256, opaque=\"o\"";
    let proxy = Gateway::judging(move |here| {
        let digest = here.last().and_then(Seen::authorization).is_some_and(|value| {
            value.starts_with("Digest username=\"op\", realm=\"proxy\", nonce=\"n1\"") && value.contains("opaque=\"o\"")
        });
        (!digest).then(|| wants(&[challenge], ""))
    });
    let server = server();
    let transport = through(&proxy.with_account("op:secret"), &server.url("/api"));
    assert_eq!(suspend(&transport).expect("done"), 204);
    assert_eq!(suspend(&transport).expect("done"), 204);
    let seen = proxy.seen();
    let refused: Vec<u16> = seen.iter().map(|seen| seen.refused).collect();
    assert_eq!(refused, [407, 0, 0], "one challenge serves all requests");
    let answers: Vec<&str> = seen.iter().filter_map(Seen::authorization).skip(1).collect();
    assert_eq!(quoted(answers[0], "uri"), server.url("/api/Cards/1/Disable"), "{}", answers[0]);
    assert!(answers[0].contains("nc=00000001") && answers[1].contains("nc=00000002"), "{answers:?}");
    assert!(!answers.iter().any(|answer| answer.contains("secret")));
    assert_ne!(quoted(answers[0], "response"), quoted(answers[1], "response"));
}

#[test]
fn a_nonce_that_has_grown_old_is_no_wrong_password() {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let proxy = Gateway::judging(move |here| {
        let last = here.last().and_then(Seen::authorization).unwrap_or_default();
        let nonce = counted.load(Ordering::SeqCst);
        if last.contains(&format!("nonce=\"n{nonce}\"")) {
            counted.fetch_add(1, Ordering::SeqCst);
            return None;
        }
        let stale = if last.starts_with("Digest") { ", stale=true" } else { "" };
        Some(wants(&[&format!("Digest realm=\"proxy\", nonce=\"n{nonce}\", qop=\"auth\"{stale}")], ""))
    });
    let server = server();
    let transport = through(&proxy.with_account("op:secret"), &server.url("/api"));
    for _ in 0..3 {
        assert_eq!(suspend(&transport).expect("done"), 204);
    }
    assert_eq!(count.load(Ordering::SeqCst), 3);
}

#[test]
fn a_wrong_password_is_proved_to_a_proxy_once_by_digest() {
    for base in ["https://cards.example.com/api", "http://cards.example.com/api"] {
        let proxy = Gateway::judging(|_| {
            Some(wants(&["Digest realm=\"proxy\", nonce=\"n\", qop=\"auth\"", "Basic realm=\"proxy\""], ""))
        });
        // The user has a domain, so that nothing is sent before the proxy has said what it wants.
        let transport = through(&proxy.with_account("D%5Cop:wrong"), base);
        for _ in 0..2 {
            let error = suspend(&transport).expect_err("refused");
            assert!(error.proxy_refusal().is_some_and(|refusal| refusal.password_refused), "{error}");
        }
        let sent: Vec<String> =
            proxy.seen().iter().map(|seen| seen.authorization().unwrap_or("-").chars().take(6).collect()).collect();
        assert_eq!(sent, ["-", "Digest"], "and not by Basic after that");
    }
}

/// A server over TLS, and the certificate of its CA.
fn encrypted() -> (Tls, String) {
    let (ca, own) = (Ca::new(), rcgen::KeyPair::generate().expect("a key"));
    let certificate = ca.signs("localhost", &own).der().clone();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], rustls::pki_types::PrivateKeyDer::Pkcs8(own.serialize_der().into()))
        .expect("a pair");
    (Tls::start(config, |_, _| String::new()), ca.0.pem())
}

/// The second message of NTLM (MS-NLMP, 2.2.1.2), with a target and without a time.
const CHALLENGE: &str = "TlRMTVNTUAACAAAADAAMADgAAAAzgoniASNFZ4mrze8AAAAAAAAAACQAJABEAAAABgBwFwAAAA9TAGUAcgB2AGUAcgACAAwA\
                         RABvAG0AYQBpAG4AAQAMAFMAZQByAHYAZQByAAAAAAA=";

/// A proxy that takes NTLM over one connection, as squid does.
fn ntlm(closes_first: bool) -> Gateway {
    Gateway::judging(move |here| {
        let tokens: Vec<&str> = here.iter().filter_map(Seen::authorization).collect();
        match tokens.as_slice() {
            [] => Some(wants(&["NTLM"], if closes_first { "Connection: close\r\n" } else { "" })),
            [_] => Some(wants(&[&format!("NTLM {CHALLENGE}")], "")),
            // Message 3 begins so.
            [_, third, ..] if third.starts_with("NTLM TlRMTVNTUAAD") => None,
            _ => Some(wants(&["NTLM"], "")),
        }
    })
}

#[test]
fn ntlm_signs_in_a_connection_to_a_proxy_that_carries_requests() {
    for closes_first in [false, true] {
        let proxy = ntlm(closes_first);
        let server = server();
        let transport = through(&proxy.with_account("DOMAIN%5Cjoe:secret"), &server.url("/api"));
        assert_eq!(suspend(&transport).expect("done"), 204);
        assert_eq!(suspend(&transport).expect("done"), 204);
        let seen = proxy.seen();
        let refused: Vec<u16> = seen.iter().map(|seen| seen.refused).collect();
        assert_eq!(refused, [407, 407, 0, 0], "the second request needs no sign-in");
        assert!(seen[1..].iter().all(|request| request.connection == seen[1].connection));
        assert_eq!(server.requests().len(), 2, "each request was passed on once");
    }
}

#[test]
fn ntlm_signs_in_before_tls_in_a_tunnel_even_if_the_proxy_closes_first() {
    for closes_first in [false, true] {
        let proxy = ntlm(closes_first);
        let (server, ca) = encrypted();
        let base = format!("https://localhost:{}/api", server.port);
        let trust = Trust::only_added().add_pem(ca.as_bytes()).expect("a certificate");
        let setup = Setup { trust, ..super::setup(&proxy.with_account("DOMAIN%5Cjoe:secret"), &base) };
        assert_eq!(suspend(&Transport::new(setup).expect("usable")).expect("done"), 200);
        let refused: Vec<u16> = proxy.seen().iter().map(|seen| seen.refused).collect();
        assert_eq!(refused, [407, 407, 0]);
    }
}

#[test]
fn a_wrong_password_is_proved_to_a_proxy_once_by_ntlm() {
    let proxy = Gateway::judging(|here| {
        let tokens = here.iter().filter_map(Seen::authorization).count();
        let challenge = if tokens == 1 { format!("NTLM {CHALLENGE}") } else { "NTLM".to_string() };
        Some(wants(&[&challenge, "Basic realm=\"x\""], ""))
    });
    let transport = through(&proxy.with_account("DOMAIN%5Cjoe:wrong"), "https://cards.example.com/api");
    for _ in 0..3 {
        let error = suspend(&transport).expect_err("refused");
        assert!(error.proxy_refusal().is_some_and(|refusal| refusal.password_refused) && !error.was_sent(), "{error}");
    }
    let proofs = proxy.seen().iter().filter_map(Seen::authorization).filter(|value| value.len() > 80).count();
    assert_eq!((proofs, proxy.seen().len()), (1, 3));
}

#[test]
fn a_connection_that_is_not_kept_between_the_legs_is_the_cause_that_is_named() {
    let proxy = Gateway::judging(|here| {
        let token = here.last().and_then(Seen::authorization).is_some();
        let challenge = if token { format!("NTLM {CHALLENGE}") } else { "NTLM".to_string() };
        Some(wants(&[&challenge], "Connection: close\r\n"))
    });
    for base in ["https://cards.example.com/api", "http://cards.example.com/api"] {
        let error = suspend(&through(&proxy.with_account("D%5Cjoe:secret"), base)).expect_err("no sign-in");
        assert!(error.to_string().contains("does not keep the connection") && !error.was_sent(), "{error}");
    }
}

#[test]
fn without_a_password_a_proxy_that_wants_one_is_told_by_its_schemes() {
    let proxy =
        Gateway::judging(|_| Some(wants(&["NTLM", " , ,Digest realm=\"x\", nonce=\"n\",, Basic realm=\"x\""], "")));
    let error = suspend(&through(&proxy.url(), "https://cards.example.com/api")).expect_err("refused");
    let refusal = error.proxy_refusal().expect("it is one");
    assert_eq!(refusal.schemes, ["NTLM", "Digest", "Basic"]);
    assert_eq!(proxy.seen().len(), 1, "{error}");
}

#[test]
fn an_issuer_is_asked_through_the_proxy_with_its_sign_in() {
    let issuer = Raw::answering(|_| json(r#"{"access_token":"t0ken","token_type":"Bearer","expires_in":60}"#));
    let challenge = "Digest realm=\"proxy\", nonce=\"n\", qop=\"auth\"";
    let proxy = Gateway::judging(move |here| {
        let last = here.last().and_then(Seen::authorization).unwrap_or_default();
        (!last.starts_with("Digest ")).then(|| wants(&[challenge], ""))
    });
    let tokens = |account: &str| {
        Oidc::builder(issuer.url("/adfs"), "client")
            .token_endpoint(issuer.url("/adfs/token"))
            .secret(Secret::new("of the client"))
            .proxy(Proxy::Address(Secret::new(proxy.with_account(account))))
            .build()
    };
    assert_eq!(tokens("op:secret").expect("usable").sign_in().expect("a token").expose(), "t0ken");
    let seen = proxy.seen();
    assert_eq!(seen.iter().map(|seen| seen.refused).collect::<Vec<_>>(), [407, 0]);
    assert!(seen[1].head.starts_with(&format!("POST {} ", issuer.url("/adfs/token"))), "{}", seen[1].head);
    assert_eq!(issuer.requests().len(), 1);
    assert!(tokens("op:hid\rden").is_err_and(|error| !error.to_string().contains("hid")));
}
