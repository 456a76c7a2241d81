//! `doctor` against the real server, and against servers that have what it looks for.

mod common;

use common::fake::{Fake, answer, json};
use common::{Done, PASSWORD, cardwright, run, server};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;

/// Asks as the viewer.
fn doctor(url: &str, more: &[&str]) -> Done {
    let mut command = cardwright(&["doctor", "--url", url]);
    run(command.args(more).env("CARDWRIGHT_USER", "viewer").env("CARDWRIGHT_PASSWORD", PASSWORD))
}

/// The line of a check.
fn line<'d>(done: &'d Done, name: &str) -> &'d str {
    done.out
        .lines()
        .find(|line| line.split_whitespace().nth(1) == Some(name))
        .unwrap_or_else(|| panic!("no {name}: {done:?}"))
}

#[test]
fn a_server_with_nothing_in_the_way_passes_and_nothing_is_changed() {
    let running = server();
    for url in [running.certiflow_url(), running.mim_url()] {
        let done = doctor(&url, &[]);
        assert_eq!(done.code, 0, "{done:?}");
        for name in
            ["name", "proxy", "connection", "TLS", "sign-in", "base", "privileges", "filters", "clock", "server"]
        {
            assert!(line(&done, name).starts_with("ok "), "{name}: {done:?}");
        }
        assert!(line(&done, "sign-in").contains("viewer is let in by Basic; it offers Basic"), "{done:?}");
    }
    assert!(running.registry().audit(0, 100).expect("a log").is_empty());
}

#[test]
fn the_old_api_passes_too() {
    let running = server();
    let done = doctor(&running.icmapi_url(), &[]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(line(&done, "filters").contains("a user who cannot exist has no cards"), "{done:?}");
    assert!(line(&done, "dialect").contains("G1"), "{done:?}");
}

#[test]
fn a_whole_server_with_mims_api_switched_off_is_understood() {
    let running = common::server_with(|config| config.switches.set("mim-api", "off").expect("a switch"));
    let done = doctor(&running.mim_url(), &[]);
    assert_eq!(done.code, 1, "{done:?}");
    assert!(line(&done, "base").contains("Clm.WebApi.Enabled"), "{done:?}");
    let done = doctor(&running.certiflow_url(), &[]);
    assert_eq!(done.code, 0, "{done:?}");
}

#[test]
fn the_report_for_programs_has_the_same_checks() {
    let running = server();
    let done = doctor(&running.certiflow_url(), &["--json"]);
    let report = done.json();
    assert_eq!((done.code, report["fail"].as_u64()), (0, Some(0)));
    let checks = report["checks"].as_array().expect("a list");
    assert!(checks.len() >= 10 && checks.iter().all(|check| check["result"] == "ok"), "{report}");
    let dialect = checks.iter().find(|check| check["check"] == "dialect").expect("a dialect");
    assert!(dialect["seen"].as_str().is_some_and(|seen| seen.starts_with("G7: Cards answers")), "{dialect}");
}

#[test]
fn a_wrong_dialect_and_a_wrong_password_are_told() {
    let running = server();
    let done = doctor(&running.certiflow_url(), &["--dialect", "g6"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(line(&done, "dialect").contains("G7: Cards answers, Cards/{id} answers; G6 is told"), "{done:?}");
    let mut command = cardwright(&["doctor", "--url", &running.certiflow_url(), "--user", "viewer"]);
    let done = run(command.env("CARDWRIGHT_PASSWORD", "wrong"));
    assert_eq!(done.code, 5, "{done:?}");
    assert!(
        line(&done, "sign-in").contains(
            "not let in (401); the server has refused user or password of viewer by Basic; the server offers Basic"
        ),
        "{done:?}"
    );
    let done = run(&mut cardwright(&["doctor", "--url", &running.certiflow_url()]));
    assert!(done.code == 5 && line(&done, "sign-in").contains("give --user"), "{done:?}");
    let mut command = cardwright(&["doctor", "--url", &running.certiflow_url(), "--user", "viewer", "--auth", "ntlm"]);
    let done = run(command.env("CARDWRIGHT_PASSWORD", "a password of the test"));
    assert!(line(&done, "sign-in").contains("what --auth leaves out"), "{done:?}");
}

#[test]
fn a_wrong_base_is_told_from_a_right_one_and_the_right_one_is_named() {
    let running = server();
    let wrong = running.certiflow_url().replace("/certiflow/api", "/keybox/api");
    let done = doctor(&wrong, &[]);
    assert_eq!(done.code, 1, "{done:?}");
    assert!(line(&done, "base").contains(&format!("next: give --url {}", running.certiflow_url())), "{done:?}");
    let done = doctor(&format!("{}/api/v1.0", running.mim_url()), &["--api", "mim"]);
    assert_eq!(done.code, 1, "{done:?}");
    assert!(line(&done, "base").contains(&format!("give --url {}", running.mim_url())), "{done:?}");
}

#[test]
fn mims_api_that_is_switched_off_names_the_key_and_iisreset() {
    let portal = Fake::answering(|line, _| match line {
        "GET /CertificateManagement/" => answer("200 OK", "Content-Type: text/html\r\n", "<title>CM</title>"),
        _ => answer("404 Not Found", "Content-Type: text/html\r\n", "not here"),
    });
    let done = doctor(&portal.url("/CertificateManagement"), &[]);
    assert_eq!(done.code, 1, "{done:?}");
    let told = line(&done, "base");
    assert!(
        told.contains("Clm.WebApi.Enabled") && told.contains("iisreset") && told.contains("switched off"),
        "{told}"
    );
    let nothing = Fake::answering(|_, _| answer("404 Not Found", "", ""));
    let done = doctor(&nothing.url("/CertificateManagement"), &[]);
    assert!(line(&done, "base").contains("neither MIM CM's portal nor its API"), "{done:?}");
    assert!(portal.requests().iter().chain(&nothing.requests()).all(|request| request.starts_with("GET ")));
}

#[test]
fn a_server_that_ignores_filters_is_found_out() {
    let card = r#"{"id":1,"serialNumber":"AB","state":"Issued"}"#;
    let ignores_all = Fake::answering(move |_, _| json(&format!("[{card}]")));
    let done = doctor(&ignores_all.url("/cm/api"), &[]);
    assert_eq!(done.code, 1, "{done:?}");
    assert!(line(&done, "filters").contains("ignores serialNumber"), "{done:?}");
    assert!(line(&done, "dialect").contains("G7: Cards answers"), "{done:?}");
    assert!(line(&done, "sign-in").starts_with("warn"), "it answers anybody: {done:?}");
    let ignores_state = Fake::answering(move |line, _| match line.contains("no-such-value") {
        true => json("[]"),
        false => json(&format!("[{card}]")),
    });
    let done = doctor(&ignores_state.url("/cm/api"), &["--dialect", "g6"]);
    assert!(done.code == 1 && line(&done, "filters").contains("ignores state"), "{done:?}");
}

#[test]
fn privileges_that_are_missing_are_named() {
    let none = Fake::answering(|_, _| answer("403 Forbidden", "", ""));
    let done = doctor(&none.url("/cm/api"), &[]);
    assert_eq!(done.code, 5, "{done:?}");
    assert!(line(&done, "privileges").contains("\"Viewing card repository\""), "{done:?}");
    let done = doctor(&none.url("/icmapi"), &[]);
    assert!(line(&done, "privileges").contains("\"Get smart cards\""), "{done:?}");
    let no_users = Fake::answering(|line, _| match line.contains("userName=") {
        true => answer("403 Forbidden", "", ""),
        false => json("[]"),
    });
    let done = doctor(&no_users.url("/cm/api"), &[]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(line(&done, "privileges").contains("\"Finding users\""), "{done:?}");
}

#[test]
fn a_clock_that_is_off_and_windows_sign_in_are_told() {
    let old = Fake::answering(|_, _| {
        answer(
            "200 OK",
            "Content-Type: application/json\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: Microsoft-IIS/10.0\r\n",
            "[]",
        )
    });
    let done = doctor(&old.url("/cm/api"), &[]);
    assert!(line(&done, "clock").starts_with("warn") && line(&done, "clock").contains("s behind"), "{done:?}");
    assert!(line(&done, "server").contains("Microsoft-IIS/10.0"), "{done:?}");
    let windows = Fake::answering(|_, _| {
        answer("401 Unauthorized", "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n", "")
    });
    let done = doctor(&windows.url("/cm/api"), &[]);
    assert_eq!(done.code, 5, "{done:?}");
    let told = line(&done, "sign-in");
    assert!(
        told.contains("DOMAIN\\NAME")
            && told.contains("Kerberos takes a user as name@REALM")
            && told.contains("the server offers Negotiate, NTLM; NTLM: refused"),
        "{told}"
    );
}

#[test]
fn nobody_there_and_no_such_name_are_no_connection() {
    let done = doctor("http://127.0.0.1:9/cm/api", &[]);
    assert!(done.code == 6 && line(&done, "connection").starts_with("fail"), "{done:?}");
    let done = doctor("http://no-such-host.invalid/cm/api", &[]);
    assert!(done.code == 6 && line(&done, "name").contains("DNS"), "{done:?}");
    let done = doctor("http://127.0.0.1:9/cm/api", &["--proxy", "http://127.0.0.1:9"]);
    assert!(done.code == 6 && line(&done, "proxy").contains("through http://127.0.0.1:9"), "{done:?}");
}

#[test]
fn a_certificate_that_is_not_trusted_names_its_signer_and_the_right_ca_helps() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_string()]).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a pair");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let config = Arc::new(config);
    // It ends with the test's process.
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let Ok(connection) = ServerConnection::new(Arc::clone(&config)) else { return };
            let mut stream = StreamOwned::new(connection, stream);
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
                head.push(byte[0]);
            }
            let _ = stream.write_all(json("[]").as_bytes());
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    let url = format!("https://localhost:{port}/cm/api");
    let done = doctor(&url, &[]);
    assert_eq!(done.code, 6, "{done:?}");
    let told = line(&done, "TLS");
    assert!(
        told.contains("not trusted") && told.contains("rcgen self signed cert") && told.contains("--ca FILE"),
        "{told}"
    );
    let file = std::env::temp_dir().join(format!("cardwright-doctor-{}.pem", std::process::id()));
    std::fs::write(&file, made.cert.pem()).expect("a file");
    let ca = file.to_str().expect("UTF-8");
    let done = doctor(&url, &["--ca", ca]);
    assert!(done.code == 0 && line(&done, "TLS").contains("trusted (--ca)"), "{done:?}");
    let done = doctor(&url.replace("localhost", "127.0.0.1"), &["--ca", ca]);
    std::fs::remove_file(&file).expect("removed");
    assert!(done.code == 6 && line(&done, "TLS").contains("not for the name 127.0.0.1, but for localhost"), "{done:?}");
}
