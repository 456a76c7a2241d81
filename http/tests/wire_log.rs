//! What ureq writes to the crate `log`: each byte of requests and answers, but no password, no token and no secret. A
//! program's own records of the level trace are left to it. In a process of its own, as a log is for a whole process.

use cardwright_core::http::Method;
use cardwright_http::{ClientAuth, Credentials, Oidc, Proxy, Retries, Secret, Setup, SignIn, Transport};
use cardwright_testkit::raw::{Raw, json};
use std::sync::{Arc, Mutex};

/// All records, with the characters that the dump of bytes shows put together again.
struct Log(Mutex<String>);

static LOG: Log = Log(Mutex::new(String::new()));

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let text = record.args().to_string();
        let mut all = LOG.0.lock().expect("no panic while held");
        // A row of a dump: the bytes in hexadecimal, two blanks, and the characters.
        match (record.target(), text.len() > 16) {
            ("ureq_proto::util", true) => all.push_str(&text[text.len() - 16..]),
            _ => {
                all.push('\n');
                all.push_str(&text);
                all.push('\n');
            }
        }
    }

    fn flush(&self) {}
}

/// What was logged since the last call.
fn logged() -> String {
    std::mem::take(&mut *LOG.0.lock().expect("no panic while held"))
}

#[test]
fn the_log_of_the_wire_has_no_secret_and_the_programs_own_records() {
    log::set_logger(&LOG).expect("the first");
    log::set_max_level(log::LevelFilter::Trace);
    log::trace!("the program's own");
    assert!(logged().contains("the program's own"), "the level is the program's");

    let raw = Raw::answering(|request| {
        if request.contains("/token") {
            return json(r#"{"access_token": "tokenofissuer", "refresh_token": "refreshtoken", "expires_in": 1}"#);
        }
        match request.starts_with("GET /api/basic") && !request.to_ascii_lowercase().contains("\r\nauthorization:") {
            true => b"HTTP/1.1 401 x\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(),
            false => json(r#"{"answer":"ofTheServer"}"#),
        }
    });
    let base = raw.url("/api");
    let setup = || Setup::new(base.clone()).proxy(Proxy::None).retries(Retries::none());
    let oidc = |auth| {
        let oidc = Oidc::builder(raw.url("/i"), "client").secret(Secret::new("clientsecret")).client_auth(auth);
        let oidc = oidc.token_endpoint(raw.url("/token")).proxy(Proxy::None).build().expect("usable");
        Credentials::Tokens(Arc::new(oidc))
    };
    let proxy = raw.url("").replace("http://", "http://joe:proxypassword@");
    // The password, the token, and both as they are coded in headers.
    let coded = ["am9lOnBhc3N3b3JkMQ", "am9lOnByb3h5cGFzc3dvcmQ", "Y2xpZW50OmNsaWVudHNlY3JldA"];
    let plain =
        ["password1", "bearertoken", "clientsecret", "tokenofissuer", "refreshtoken", "proxypassword", "gatewaykey"];
    let basic = SignIn::password("joe", Secret::new("password1"));
    let setups: [(&str, Setup, &str); 7] = [
        ("basic first", setup().credentials(Credentials::basic("joe", Secret::new("password1"))), coded[0]),
        ("basic when asked", setup().credentials(basic), coded[0]),
        ("bearer", setup().credentials(Credentials::Bearer(Secret::new("bearertoken"))), "bearertoken"),
        ("token by a form", setup().credentials(oidc(ClientAuth::Post)), "tokenofissuer"),
        ("token by a header", setup().credentials(oidc(ClientAuth::Basic)), "tokenofissuer"),
        ("proxy", setup().proxy(Proxy::Address(Secret::new(proxy))), coded[1]),
        ("gateway", setup().header("X-Gateway-Key", "gatewaykey"), "gatewaykey"),
    ];
    for (name, setup, arrives) in setups {
        let transport = Transport::new(setup).expect("usable");
        let answer = transport.raw(Method::Get, "basic", None).expect("an answer");
        assert_eq!((answer.status, answer.body.is_empty()), (200, false), "{name}");
        let requests = raw.requests().join("\n");
        assert!(requests.contains(arrives), "{name}: the server gets it: {requests}");
        let told = logged();
        assert!(told.contains("GET./api") && told.contains("ofTheServer"), "{name}: the rest is logged: {told}");
        for secret in coded.iter().chain(&plain) {
            assert!(!told.contains(secret), "{name}: {secret} in {told}");
        }
    }
    let forms = raw.requests().join("\n");
    assert!(forms.contains("client_secret=clientsecret") && forms.contains(coded[2]), "both ways to authenticate");
}
