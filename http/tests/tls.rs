//! TLS by both libraries, against `openssl s_server`: what each gets along with, and the cause where it does not.

mod tls {
    pub(crate) mod made;
    pub(crate) mod server;
}

use cardwright_core::Code;
use cardwright_core::http::Method;
use cardwright_http::{
    ClientCertificate, Error, Proxy, Raw, Retries, Secret, Setup, Timeouts, TlsBackend, TlsCause, Transport, Trust,
};
use std::io::Write as _;
use std::net::TcpListener;
use std::time::Duration;
use tls::made::{Made, openssl};
use tls::server::{Kind, Server, is_missing};

const BOTH: [TlsBackend; 2] = [TlsBackend::Rustls, TlsBackend::System];

/// Asks a server once, and returns the client too.
fn ask(
    port: u16,
    backend: TlsBackend,
    roots: &[&str],
    certificate: Option<ClientCertificate>,
) -> (Result<Raw, Error>, Transport) {
    let mut trust = Trust::only_added();
    for root in roots {
        trust = trust.add_pem(root.as_bytes()).expect("certificates");
    }
    let trust = trust.backend(backend).expect("the library");
    let limit = Duration::from_secs(5);
    let timeouts = Timeouts { connect: limit, answer: limit, idle: limit, ..Timeouts::default() };
    let base = format!("https://localhost:{port}");
    let (proxy, retries) = (Proxy::None, Retries::none());
    let setup = Setup { trust, certificate, timeouts, proxy, retries, ..Setup::new(base) };
    let transport = Transport::new(setup).expect("usable");
    (transport.raw(Method::Get, "Cards", None), transport)
}

fn answered(port: u16, backend: TlsBackend, roots: &[&str], certificate: Option<ClientCertificate>) {
    match ask(port, backend, roots, certificate).0 {
        Ok(answer) => assert_eq!((answer.status, answer.body.as_slice()), (200, &b"[]"[..])),
        Err(error) => panic!("{backend:?}: {error}"),
    }
}

fn cause(port: u16, backend: TlsBackend, roots: &[&str], certificate: Option<ClientCertificate>) -> TlsCause {
    let (Err(error), _) = ask(port, backend, roots, certificate) else { panic!("{backend:?} got an answer") };
    let shown = error.to_string();
    for wrong in ["OtherError", "(UNIX)", "[4", "[6"] {
        assert!(!shown.contains(wrong), "{shown}");
    }
    error.tls_cause().unwrap_or_else(|| panic!("{backend:?}: {error}")).clone()
}

#[test]
fn the_systems_library_gets_along_with_what_rustls_does_not_have() {
    if is_missing() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (rsa, p521) = (openssl::self_signed(folder.path(), "rsa:2048"), openssl::self_signed(folder.path(), "P-521"));
    let p256 = openssl::self_signed(folder.path(), "P-256");
    for (what, made, options) in [
        ("CBC", &rsa, &["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA"][..]),
        ("RSA key exchange", &rsa, &["-tls1_2", "-cipher", "AES128-GCM-SHA256"]),
        ("DHE", &rsa, &["-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256"]),
        ("a key on P-521, TLS 1.2", &p521, &["-tls1_2"]),
        ("a key on P-521, TLS 1.3", &p521, &["-tls1_3"]),
        ("the group P-521", &p256, &["-curves", "P-521"]),
    ] {
        let server = Server::start(made, Kind::Answers, options);
        let (Err(error), _) = ask(server.port, TlsBackend::Rustls, &[&made.certificate], None) else {
            panic!("{what}: rustls gets along with it")
        };
        let failure = error.tls_failure().unwrap_or_else(|| panic!("{what}: {error}"));
        assert_eq!(failure.cause, TlsCause::NothingInCommon, "{what}");
        assert!(failure.system_may_help() && !error.was_sent(), "{what}");
        answered(server.port, TlsBackend::System, &[&made.certificate], None);
    }
}

#[test]
fn each_fault_of_a_certificate_is_its_own_cause_by_either_library() {
    if is_missing() {
        return;
    }
    let ca = Made::ca();
    let names = vec!["cm.example.com".to_string()];
    let far = |year| rcgen::date_time_ymd(year, 1, 1);
    let (long_ago, ahead) = (1_577_836_800, 4_070_908_800);
    for (made, expected) in [
        (ca.leaf("localhost", |params| params.not_after = far(2020)), TlsCause::Expired { since: Some(long_ago) }),
        (ca.leaf("localhost", |params| params.not_before = far(2099)), TlsCause::NotYetValid { from: Some(ahead) }),
        (ca.leaf("cm.example.com", |_| {}), TlsCause::OtherName { names }),
        (ca.leaf("localhost", |params| params.subject_alt_names.clear()), TlsCause::NoAltName),
        (
            ca.leaf("localhost", |params| {
                params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
            }),
            TlsCause::NotForServers,
        ),
    ] {
        let server = Server::start(&made, Kind::Answers, &[]);
        for backend in BOTH {
            assert_eq!(cause(server.port, backend, &[&ca.certificate], None), expected, "{backend:?}");
        }
    }
    let made = ca.leaf("localhost", |_| {});
    let server = Server::start(&made, Kind::Answers, &[]);
    let other = Made::ca();
    for backend in BOTH {
        answered(server.port, backend, &[&ca.certificate], None);
        let (Err(error), transport) = ask(server.port, backend, &[&other.certificate], None) else { panic!("trusted") };
        assert!(matches!(error.tls_cause(), Some(TlsCause::UnknownCa { .. })), "{backend:?}: {error}");
        assert_eq!(
            transport.presented(),
            std::slice::from_ref(&made.der),
            "{backend:?}: what is not trusted is shown all the same"
        );
    }
}

#[test]
fn a_self_signed_certificate_that_was_given_is_trusted_for_its_name_alone() {
    if is_missing() {
        return;
    }
    for is_ca in [true, false] {
        let make = |name: &str, year: i32| {
            Made::self_signed(name, |params| {
                params.not_after = rcgen::date_time_ymd(year, 1, 1);
                if is_ca {
                    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
                }
            })
        };
        let (right, elsewhere, ended) =
            (make("localhost", 2099), make("cm.example.com", 2099), make("localhost", 2020));
        let untrusted = if is_ca { TlsCause::CaAsServer } else { TlsCause::SelfSigned };
        for backend in BOTH {
            let server = Server::start(&right, Kind::Answers, &[]);
            answered(server.port, backend, &[&right.certificate], None);
            let other = Made::ca();
            assert_eq!(cause(server.port, backend, &[&other.certificate], None), untrusted, "{backend:?}");
            let server = Server::start(&elsewhere, Kind::Answers, &[]);
            let found = cause(server.port, backend, &[&elsewhere.certificate], None);
            assert_eq!(found, TlsCause::OtherName { names: vec!["cm.example.com".into()] }, "{backend:?}");
            let server = Server::start(&ended, Kind::Answers, &[]);
            let found = cause(server.port, backend, &[&ended.certificate], None);
            assert!(matches!(found, TlsCause::Expired { .. }), "{backend:?}: {found:?}");
        }
    }
}

#[test]
fn a_server_that_demands_a_client_certificate_says_which_is_missing_or_not_accepted() {
    if is_missing() {
        return;
    }
    let (ca, others) = (Made::ca(), Made::ca());
    let folder = tempfile::tempdir().expect("a folder");
    let authority = folder.path().join("ca.pem");
    std::fs::write(&authority, &ca.certificate).expect("a file");
    let server = ca.leaf("localhost", |_| {});
    let (known, stranger) = (ca.leaf("operator", |_| {}), others.leaf("operator", |_| {}));
    let pair =
        |made: &Made| ClientCertificate::from_pem(made.certificate.as_bytes(), made.key.as_bytes()).expect("a pair");
    for version in ["-tls1_2", "-tls1_3"] {
        let options = [version, "-Verify", "1", "-verify_return_error", "-CAfile", authority.to_str().expect("UTF-8")];
        let server = Server::start(&server, Kind::Answers, &options);
        for backend in BOTH {
            let roots = [ca.certificate.as_str()];
            answered(server.port, backend, &roots, Some(pair(&known)));
            let found = cause(server.port, backend, &roots, None);
            assert_eq!(found, TlsCause::ClientCertificateMissing, "{version} {backend:?}");
            let found = cause(server.port, backend, &roots, Some(pair(&stranger)));
            assert!(matches!(found, TlsCause::ClientCertificateRefused { .. }), "{version} {backend:?}: {found:?}");
        }
    }
}

#[test]
fn a_client_key_on_p_521_is_used_by_the_systems_library_and_named_by_rustls() {
    if is_missing() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let client = openssl::self_signed(folder.path(), "P-521");
    let authority = folder.path().join("client.pem");
    std::fs::write(&authority, &client.certificate).expect("a file");
    let ca = Made::ca();
    let options = ["-Verify", "1", "-verify_return_error", "-CAfile", authority.to_str().expect("UTF-8")];
    let server = Server::start(&ca.leaf("localhost", |_| {}), Kind::Answers, &options);
    let pair = ClientCertificate::from_pem(client.certificate.as_bytes(), client.key.as_bytes()).expect("a pair");
    answered(server.port, TlsBackend::System, &[&ca.certificate], Some(pair.clone()));
    let setup = Setup { certificate: Some(pair), ..Setup::new("https://localhost") };
    let message = Transport::new(setup).expect_err("refused").to_string();
    assert!(message.contains("P-521") && message.contains("--tls system"), "{message}");
}

#[test]
fn renegotiation_is_followed_by_the_systems_library_and_named_by_rustls() {
    if is_missing() {
        return;
    }
    let ca = Made::ca();
    let (server, client) = (ca.leaf("localhost", |_| {}), ca.leaf("operator", |_| {}));
    let pair = ClientCertificate::from_pem(client.certificate.as_bytes(), client.key.as_bytes()).expect("a pair");
    let start = || Server::start(&server, Kind::Renegotiates, &["-tls1_2"]);
    answered(start().port, TlsBackend::System, &[&ca.certificate], Some(pair.clone()));
    let found = cause(start().port, TlsBackend::Rustls, &[&ca.certificate], Some(pair));
    assert_eq!(found, TlsCause::ClientCertificateLater { given: true });
}

#[test]
fn files_with_a_password_give_the_same_certificate_as_plain_ones() {
    if is_missing() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let made = openssl::self_signed(folder.path(), "rsa:2048");
    let run = |arguments: &[&str]| openssl::run(folder.path(), arguments);
    std::fs::write(folder.path().join("both.pem"), format!("{}{}", made.certificate, made.key)).expect("a file");
    let read = |name: &str| ClientCertificate::load(&folder.path().join(name)).expect("a file");
    let secret = |text: &str| Some(Secret::new(text));
    let export = ["pkcs12", "-export", "-in", "both.pem"];
    run(&[&export[..], &["-out", "new.p12", "-passout", "pass:hüsh"]].concat());
    run(&[&export[..], &["-out", "old.p12", "-passout", "pass:hüsh", "-legacy"]].concat());
    run(&[&export[..], &["-out", "empty.p12", "-passout", "pass:"]].concat());
    run(&["pkey", "-in", "both.pem", "-aes256", "-passout", "pass:hüsh", "-out", "new.key"]);
    run(&["pkey", "-in", "both.pem", "-des3", "-traditional", "-passout", "pass:hüsh", "-out", "old.key"]);
    let chain = |pair: &ClientCertificate| pair.chain().map(<[u8]>::to_vec).collect::<Vec<_>>();
    for (certificate, key, password) in [
        ("new.p12", None, secret("hüsh")),
        ("old.p12", None, secret("hüsh")),
        ("empty.p12", None, None),
        ("both.pem", Some("new.key"), secret("hüsh")),
        ("both.pem", Some("old.key"), secret("hüsh")),
    ] {
        let (certificates, key) = (read(certificate), key.map(read));
        let key = key.as_deref().map(Vec::as_slice);
        assert!(ClientCertificate::has_password(&certificates, key), "{certificate}");
        let pair = ClientCertificate::read(&certificates, key, password.as_ref());
        let pair = pair.unwrap_or_else(|error| panic!("{certificate}: {error}"));
        assert_eq!(chain(&pair), std::slice::from_ref(&made.der), "{certificate}");
        if password.is_some() {
            let wrong = ClientCertificate::read(&certificates, key, secret("secret").as_ref()).expect_err("refused");
            let none = ClientCertificate::read(&certificates, key, None).expect_err("refused");
            let (wrong, none) = (wrong.to_string(), none.to_string());
            assert!(wrong.contains("password") && wrong.contains("wrong") && !wrong.contains("secret"), "{wrong}");
            assert!(none.contains("is encrypted") && none.contains("--client-key-password-file"), "{none}");
        }
    }
}

#[test]
fn texts_of_windows_are_certificates_too() {
    let made = Made::ca();
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(made.certificate.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for text in [format!("\u{feff}{}", made.certificate).into_bytes(), wide] {
        assert!(Trust::only_added().add_pem(&text).is_ok());
        let pair = ClientCertificate::read(&text, Some(made.key.as_bytes()), None).expect("a pair");
        assert_eq!(pair.chain().next(), Some(made.der.as_slice()));
    }
}

#[test]
fn what_is_not_tls_and_what_says_nothing_are_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let serving = std::thread::spawn(move || {
        let mut kept = Vec::new();
        for (at, stream) in listener.incoming().take(6).enumerate() {
            let mut stream = stream.expect("a connection");
            match at / 2 {
                0 => stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").expect("written"),
                1 => drop(stream.shutdown(std::net::Shutdown::Both)),
                _ => {}
            }
            kept.push(stream);
        }
        kept
    });
    let backends = if is_missing() { [TlsBackend::Rustls; 2] } else { BOTH };
    for backend in backends {
        assert_eq!(cause(port, backend, &[&Made::ca().certificate], None), TlsCause::NotTls, "{backend:?}");
    }
    for backend in backends {
        assert_eq!(cause(port, backend, &[&Made::ca().certificate], None), TlsCause::Closed, "{backend:?}");
    }
    for backend in backends {
        let (Err(error), _) = ask(port, backend, &[&Made::ca().certificate], None) else { panic!("an answer") };
        assert_eq!((error.code(), error.was_sent()), (Code::Timeout, false), "{backend:?}: {error}");
    }
    drop(serving.join().expect("the server"));
}
