//! Bearer tokens as their issuers sign them, good and bad.

use crate::http::{Answer, certiflow, config, exchange, get, send_as, start_with};
use cardwright_core::date::Moment;
use cardwright_server::{Bearer, Clock as _, Error, KeySource, Log, ManualClock, Running, Server, SystemClock, Tls};
use cardwright_testkit::issuer::{AUDIENCE, Issuer, over};
use cardwright_testkit::jws::{ALGORITHMS, Signer};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A server that believes an issuer, and the lines of its log.
struct Believer {
    running: Running,
    clock: Arc<ManualClock>,
    lines: Arc<Mutex<Vec<String>>>,
}

fn believer(issuer: &str, keys: KeySource, set_up: impl FnOnce(&mut Bearer)) -> Believer {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&lines);
    let mut bearer = Bearer::new(issuer, AUDIENCE, keys);
    bearer.reread_after = Duration::ZERO;
    set_up(&mut bearer);
    let clock = Arc::new(ManualClock::new(SystemClock.now()));
    let mut config = config();
    config.bearer = Some(bearer);
    config.clock = Arc::clone(&clock) as _;
    config.log = Log::To(Arc::new(move |line| sink.lock().unwrap().push(line.to_owned())));
    Believer { running: start_with(config), clock, lines }
}

/// One that finds the keys as its issuer says.
fn discovering(issuer: &Issuer, set_up: impl FnOnce(&mut Bearer)) -> Believer {
    believer(&issuer.url(), KeySource::Discovery, set_up)
}

impl Believer {
    fn ask(&self, token: &str) -> Answer {
        self.send("GET", &certiflow("Cards?count=1"), token)
    }

    fn send(&self, method: &str, path: &str, token: &str) -> Answer {
        let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n");
        exchange(&self.running, &format!("{head}Authorization: Bearer {token}\r\n\r\n"))
    }

    /// The last line of the log. The token that was shown stands nowhere in the log.
    fn last(&self, token: &str) -> Value {
        let lines = self.lines.lock().unwrap();
        assert!(!lines.iter().any(|line| line.contains(token)), "a token was logged");
        serde_json::from_str(lines.last().unwrap()).unwrap()
    }

    /// Asserts that a token is refused for this, to the client by one text and to the operator by another.
    #[track_caller]
    fn refuses(&self, token: &str, told: &str, logged: &str) {
        let answer = self.ask(token);
        assert_eq!(answer.status, 401, "{answer:?}");
        let challenge = answer.header("www-authenticate").unwrap();
        let is_told = challenge.starts_with(r#"Bearer realm="Cardwright", error="invalid_token", error_description=""#)
            && challenge.contains(told);
        assert!(is_told, "{challenge}");
        let line = self.last(token);
        assert!(line["cause"].as_str().unwrap().contains(logged), "{line}");
        assert_eq!((&line["status"], &line["account"]), (&json!(401), &Value::Null));
    }
}

#[test]
fn a_token_lets_in_and_its_roles_say_what_may_be_done() {
    let issuer = Issuer::start();
    let server = discovering(&issuer, |_| {});
    let administrator = issuer.token(json!({ "preferred_username": "ann" }));
    assert_eq!(server.ask(&administrator).status, 200);
    let line = server.last(&administrator);
    assert_eq!((&line["account"], line.get("cause")), (&json!("token:ann"), None));
    assert_eq!(server.send("POST", &certiflow("Cards/1013/disable"), &administrator).status, 200);

    let viewer = issuer.token(json!({ "roles": ["viewer", "something else"] }));
    assert_eq!(server.ask(&viewer).status, 200);
    assert_eq!(server.send("POST", &certiflow("Cards/1013/enable"), &viewer).status, 403);
    assert_eq!(server.send("POST", &certiflow("Cards/1013/enable"), &administrator).status, 200);
    // Accounts are let in as before.
    assert_eq!(get(&server.running, &certiflow("Cards?count=1")).status, 200);
}

#[test]
fn who_has_no_role_is_forbidden_and_who_has_nothing_is_told_both_ways() {
    let issuer = Issuer::start();
    let server = discovering(&issuer, |_| {});
    for claims in [json!({ "roles": ["nobody's"] }), json!({ "roles": null }), json!({ "roles": 7 })] {
        let token = issuer.token(claims);
        let answer = server.ask(&token);
        assert_eq!(answer.status, 403, "{answer:?}");
        assert!(answer.header("www-authenticate").unwrap().contains(r#"error="insufficient_scope""#));
        assert!(server.last(&token)["cause"].as_str().unwrap().contains("no role"));
    }
    let answer = send_as(&server.running, None, "GET", &certiflow("Cards"), ("", ""));
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.headers("www-authenticate"),
        [r#"Bearer realm="Cardwright""#, r#"Basic realm="Cardwright", charset="UTF-8""#]
    );
    // Without an issuer, no token is of use.
    let without = start_with(config());
    let head = "GET /certiflow/api/Cards HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer a.b.c\r\n\r\n";
    let answer = exchange(&without, head);
    assert_eq!((answer.status, answer.headers("www-authenticate").len()), (401, 1));
}

#[test]
fn roles_are_found_where_the_issuer_writes_them_and_by_its_own_words() {
    let issuer = Issuer::start();
    let mapped = |claim: &str| {
        let claim = claim.to_owned();
        discovering(&issuer, move |bearer| {
            bearer.roles_claim = claim;
            bearer.roles = vec![("Card Operators".into(), "operator".into()), ("read".into(), "viewer".into())];
        })
    };
    for (claim, claims, status) in [
        ("role", json!({ "role": "Card Operators" }), 200),
        ("realm_access.roles", json!({ "realm_access": { "roles": ["Card Operators"] } }), 200),
        ("https://x.example/roles", json!({ "https://x.example/roles": ["read"] }), 200),
        ("scope", json!({ "scope": "openid read" }), 200),
        ("roles", json!({ "roles": "openid read" }), 403),
        // Where words of the issuer's are mapped, the server's own are no roles.
        ("roles", json!({ "roles": ["administrator"] }), 403),
    ] {
        let answer = mapped(claim).ask(&issuer.token(claims.clone()));
        assert_eq!(answer.status, status, "{claim}: {claims}");
    }
    let mut config = config();
    let mut bearer = Bearer::new(issuer.url(), AUDIENCE, KeySource::Discovery);
    bearer.roles = vec![("a".into(), "emperor".into())];
    config.bearer = Some(bearer);
    assert!(matches!(Server::start(config), Err(Error::NoSuchRole(role)) if role == "emperor"));
}

#[test]
fn every_algorithm_is_checked_by_a_key_in_a_file() {
    let signers: Vec<_> = ALGORITHMS.iter().map(|alg| Signer::new(alg, alg)).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    let keys: Vec<_> = signers.iter().map(Signer::jwk).collect();
    std::fs::write(&file, json!({ "keys": keys }).to_string()).unwrap();
    let server = believer("the issuer", KeySource::File(file.clone()), |_| {});
    let now = SystemClock.now().seconds;
    let claims =
        json!({ "iss": "the issuer", "aud": [AUDIENCE, "other"], "sub": "a", "roles": ["viewer"], "exp": now + 60 });
    for signer in &signers {
        let token = signer.token(&claims);
        assert_eq!(server.ask(&token).status, 200, "{}", signer.kid);
        let cut = &token[..token.len() - 4];
        server.refuses(&format!("{cut}AAAA"), "signature", &format!("not that of kid {:?}", signer.kid));
        // The same key under another algorithm's name.
        let other = if signer.kid == "ES256" { "RS256" } else { "ES256" };
        let token = signer.token_with(&json!({ "alg": other, "kid": signer.kid }), &claims);
        server.refuses(&token, "no key", &format!("with {other}"));
    }
    // A key that was added counts with the first token that names it.
    let new = Signer::new("new", "EdDSA");
    server.refuses(&new.token(&claims), "no key", r#"kid "new""#);
    std::fs::write(&file, json!({ "keys": [new.jwk()] }).to_string()).unwrap();
    assert_eq!(server.ask(&new.token(&claims)).status, 200);
    server.refuses(&signers[0].token(&claims), "no key", r#"kid "RS256""#);
}

#[test]
fn a_token_that_is_not_for_here_and_now_is_refused_with_the_reason() {
    let issuer = Issuer::start();
    let server = discovering(&issuer, |_| {});
    let now = server.clock.now().seconds;
    for (claims, told, logged) in [
        (json!({ "iss": "https://other.example" }), "another issuer", r#"iss is "https://other.example""#),
        (json!({ "iss": null }), "another issuer", "it has no iss"),
        (json!({ "iss": [issuer.url()] }), "another issuer", "it has no iss"),
        (json!({ "aud": "other" }), "not for this server", r#"aud is ["other"]"#),
        (json!({ "aud": [] }), "not for this server", "aud is []"),
        (json!({ "aud": null }), "not for this server", "aud is []"),
        (json!({ "exp": now - 61 }), "expired", "exp is 61 s away, and 60 s are let pass"),
        (json!({ "exp": null }), "no exp", "never ends"),
        (json!({ "exp": "tomorrow" }), "no number", "exp"),
        (json!({ "nbf": now + 100 }), "not valid yet", "nbf is 100 s away"),
        (json!({ "iat": now + 100 }), "not valid yet", "iat is 100 s away"),
        (json!({ "sub": null }), "no sub", "needs a name"),
    ] {
        server.refuses(&issuer.token(claims), told, logged);
    }
    for claims in
        [json!({ "exp": now - 59 }), json!({ "nbf": now + 59, "iat": now + 59 }), json!({ "exp": now as f64 + 0.5 })]
    {
        assert_eq!(server.ask(&issuer.token(claims.clone())).status, 200, "{claims}");
    }
    let token = issuer.token(json!({ "exp": now + 10 }));
    assert_eq!(server.ask(&token).status, 200);
    server.clock.advance(71);
    server.refuses(&token, "expired", "61 s");
    server.clock.set(Moment { seconds: now, nanos: 0 });
    assert_eq!(server.ask(&token).status, 200);
}

#[test]
fn a_token_that_its_issuer_did_not_sign_is_refused() {
    let issuer = Issuer::start();
    let server = discovering(&issuer, |_| {});
    let good = issuer.token(json!({}));
    assert_eq!(server.ask(&good).status, 200);
    let forger = Signer::new("first", "ES256");
    let claims: Vec<_> = good.split('.').collect();
    let unsigned = |header: Value| {
        use base64::Engine as _;
        let coded = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(header.to_string());
        format!("{coded}.{}.", claims[1])
    };
    let now = SystemClock.now().seconds;
    let usual =
        json!({ "iss": issuer.url(), "aud": AUDIENCE, "sub": "a", "roles": ["administrator"], "exp": now + 60 });
    server.refuses(&unsigned(json!({ "alg": "none" })), "algorithm is not taken", r#""none""#);
    server.refuses(&unsigned(json!({ "alg": "HS256", "kid": "first" })), "algorithm is not taken", r#""HS256""#);
    server.refuses(&forger.token(&usual), "signature", r#"kid "first" with ES256"#);
    server.refuses(&format!("{}.{}.", claims[0], claims[1]), "signature", "kid");
    server.refuses("abc", "three parts", "three parts");
    server.refuses(&format!("{good}.x.y"), "encrypted", "encrypted");
    // A key that a token brings along is no key.
    let header = json!({ "alg": "ES256", "kid": "mine", "jwk": forger.jwk(), "jku": "http://127.0.0.1:1/keys" });
    server.refuses(&forger.token_with(&header, &usual), "no key", r#"kid "mine""#);
}

#[test]
fn keys_that_the_issuer_changed_are_read_once_in_a_while() {
    let issuer = Issuer::start();
    let server = discovering(&issuer, |_| {});
    assert_eq!(issuer.state().fetched, 0, "nothing is asked before there is a token");
    let old = issuer.token(json!({}));
    assert_eq!(server.ask(&old).status, 200);
    issuer.rotate("second");
    assert_eq!(server.ask(&old).status, 200, "the keys at hand are good");
    assert_eq!(server.ask(&issuer.token(json!({}))).status, 200);
    assert_eq!(issuer.state().fetched, 2);
    server.refuses(&old, "no key", r#"kid "first""#);

    let patient = discovering(&issuer, |bearer| bearer.reread_after = Duration::from_secs(3600));
    let before = issuer.state().fetched;
    assert_eq!(patient.ask(&issuer.token(json!({}))).status, 200);
    issuer.rotate("third");
    for _ in 0..20 {
        patient.refuses(&issuer.token(json!({})), "no key", r#"kid "third""#);
    }
    assert_eq!(issuer.state().fetched, before + 1, "unknown keys are no reason to storm the issuer");

    let forgetful = discovering(&issuer, |bearer| bearer.keep_keys = Duration::ZERO);
    let before = issuer.state().fetched;
    for _ in 0..3 {
        assert_eq!(forgetful.ask(&issuer.token(json!({}))).status, 200);
    }
    assert_eq!(issuer.state().fetched, before + 3);
}

#[test]
fn keys_that_cannot_be_had_are_told_to_the_operator() {
    let issuer = Issuer::start();
    issuer.state().discovery = json!({ "issuer": "https://other.example" });
    let server = discovering(&issuer, |_| {});
    server.refuses(&issuer.token(json!({})), "cannot read the issuer's keys", "document of another issuer");
    issuer.state().discovery = json!({ "jwks_uri": "http://keys.example/" });
    server.refuses(&issuer.token(json!({})), "cannot read", "must begin with https://");
    issuer.state().discovery = json!({ "jwks_uri": format!("{}/nothing", issuer.url()) });
    server.refuses(&issuer.token(json!({})), "cannot read", "status 404");
    issuer.state().discovery = json!({});
    assert_eq!(server.ask(&issuer.token(json!({}))).status, 200);

    for keys in [KeySource::Url("http://keys.example".into()), KeySource::File("/no/such".into())] {
        let mut config = config();
        config.bearer = Some(Bearer::new(issuer.url(), AUDIENCE, keys));
        assert!(matches!(Server::start(config), Err(Error::Bearer(_))));
    }
}

#[test]
fn keys_are_read_again_on_request_and_the_old_ones_stay_if_that_fails() {
    let (old, new) = (Signer::new("old", "ES256"), Signer::new("new", "ES256"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    let publish = |signer: &Signer| std::fs::write(&file, json!({ "keys": [signer.jwk()] }).to_string()).unwrap();
    publish(&old);
    // It does not read them again by itself.
    let server = believer("the issuer", KeySource::File(file.clone()), |bearer| {
        bearer.reread_after = std::time::Duration::from_secs(1 << 30);
        bearer.keep_keys = bearer.reread_after;
    });
    let now = SystemClock.now().seconds;
    let claims = json!({ "iss": "the issuer", "aud": AUDIENCE, "sub": "a", "roles": ["viewer"], "exp": now + 60 });
    publish(&new);
    server.refuses(&new.token(&claims), "no key", r#"kid "new""#);
    std::fs::write(&file, "{").unwrap();
    let failed = server.running.reload_bearer_keys().unwrap_err().to_string();
    assert!(failed.contains("keys.json"), "{failed}");
    assert_eq!(server.ask(&old.token(&claims)).status, 200);
    publish(&new);
    assert!(server.running.reload_bearer_keys().unwrap());
    assert_eq!(server.ask(&new.token(&claims)).status, 200);
    server.refuses(&old.token(&claims), "no key", r#"kid "old""#);
    assert!(!Server::start(config()).unwrap().reload_bearer_keys().unwrap(), "there is no issuer");
}

#[test]
fn the_user_of_mim_cm_is_the_claims_or_always_the_same() {
    let issuer = Issuer::start();
    let path = "/CertificateManagement/api/v1.0/smartcards";
    let user = cardwright_server::seed::story_user().unwrap().to_string();
    let server = discovering(&issuer, |bearer| bearer.user_claim = Some("oid".into()));
    let mine = issuer.token(json!({ "oid": user }));
    assert!(!server.send("GET", path, &mine).json().as_array().unwrap().is_empty());
    server.refuses(&issuer.token(json!({ "oid": "x" })), "no GUID", r#""x""#);
    server.refuses(&issuer.token(json!({})), "no GUID", "no text oid");
    // Without the claim, the bearer is a user of its own, who has no cards yet.
    let server = discovering(&issuer, |_| {});
    let answer = server.send("GET", path, &issuer.token(over(json!({}), &json!({ "oid": user }))));
    assert!(matches!(answer.status, 200 | 204) && !answer.body.contains("Uuid"), "{answer:?}");
}

#[test]
fn keys_come_over_tls_from_whom_the_operator_trusts() {
    let tls = Tls::self_signed(&["127.0.0.1".into()]).unwrap();
    let roots = tls.certificate_pem().as_bytes().to_vec();
    let mut other = config();
    other.tls = Some(tls);
    // It has no keys, and says so to whoever it could be asked by.
    let other = start_with(other);
    let keys = || KeySource::Url(format!("{}/keys", other.url()));
    let token = Issuer::start().token(json!({}));
    let trusting = believer("the issuer", keys(), |bearer| bearer.issuer_roots = Some(roots));
    trusting.refuses(&token, "cannot read the issuer's keys", "status 404");
    let doubting = believer("the issuer", keys(), |_| {});
    doubting.refuses(&token, "cannot read the issuer's keys", "certificate");
}

#[test]
fn old_keys_are_good_until_newer_ones_are_there() {
    let issuer = Issuer::start();
    let server = discovering(&issuer, |bearer| bearer.keep_keys = Duration::ZERO);
    let token = issuer.token(json!({}));
    assert_eq!(server.ask(&token).status, 200);
    let keys = std::mem::take(&mut issuer.state().keys);
    assert_eq!(server.ask(&token).status, 200, "the issuer has none just now");
    issuer.state().keys = keys;
    assert_eq!(server.ask(&token).status, 200);
}

#[test]
fn who_hangs_up_does_not_make_the_server_ask_the_issuer_anew() {
    use std::io::{Read as _, Write as _};
    let issuer = Issuer::start();
    let token = issuer.token(json!({}));
    let body = json!({ "keys": issuer.state().keys }).to_string();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    let (asked, is_asked) = std::sync::mpsc::channel();
    let keeper = std::thread::spawn(move || {
        for stream in listener.incoming() {
            if asked.send(stream.unwrap()).is_err() {
                return;
            }
        }
    });
    let server = believer(&issuer.url(), KeySource::Url(url.clone()), |_| {});
    let head = format!(
        "GET {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Length: 0\r\n\r\n",
        certiflow("Cards?count=1")
    );
    let hang_up = || {
        let mut stream = std::net::TcpStream::connect(server.running.address()).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream
    };
    let first = hang_up();
    let mut waits = is_asked.recv_timeout(Duration::from_secs(10)).expect("the issuer is asked");
    drop(first);
    for _ in 0..4 {
        let other = hang_up();
        assert!(is_asked.recv_timeout(Duration::from_millis(200)).is_err(), "asked anew");
        drop(other);
    }
    // The one that was asked for comes, and all have it.
    let _ = waits.read(&mut [0; 4096]);
    let length = body.len();
    write!(waits, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}").unwrap();
    drop(waits);
    assert_eq!(server.ask(&token).status, 200);
    drop(is_asked);
    let _ = std::net::TcpStream::connect(url.trim_start_matches("http://").trim_end_matches("/keys"));
    keeper.join().unwrap();
}
