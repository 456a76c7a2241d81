//! Tokens from an issuer on loopback, and the real server that checks them.

use base64::Engine as _;
use cardwright_client::{
    Canceler, CertiFlow, Client, ClientAuth, Credentials, DeviceCode, Ending, Oidc, OidcBuilder, Retries, Secret,
    TokenSource, Trust, http,
};
use cardwright_core::Code;
use cardwright_core::certiflow::{Query, RevocationReason};
use cardwright_server::{Bearer, Clock as _, Config, KeySource, ManualClock, Running, Server, SystemClock, seed};
use cardwright_testkit::issuer::{AUDIENCE, CLIENT, Issuer, SECRET};
use serde_json::json;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn program(issuer: &Issuer) -> OidcBuilder {
    Oidc::builder(issuer.url(), CLIENT).secret(Secret::new(SECRET))
}

/// By a device code; what the person was told.
fn person(issuer: &Issuer) -> (OidcBuilder, Arc<Mutex<Vec<DeviceCode>>>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let prompt = move |code: &DeviceCode| tell.lock().expect("no panic while held").push(code.clone());
    issuer.state().device = json!({ "interval": 0.2 });
    (Oidc::builder(issuer.url(), CLIENT).device_code(prompt), told)
}

/// A server that believes the issuer, at a time that the test sets.
fn server(issuer: &Issuer) -> (Running, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(SystemClock.now()));
    let mut config = Config::default();
    config.clock = Arc::clone(&clock) as _;
    config.bearer = Some(Bearer::new(issuer.url(), AUDIENCE, KeySource::Discovery));
    let running = Server::start(config).expect("a server");
    seed::story(running.registry()).expect("the story");
    seed::synthetic(running.registry(), 60, 3).expect("cards");
    (running, clock)
}

fn client(running: &Running, source: &Oidc) -> Client<CertiFlow> {
    let builder = Client::<CertiFlow>::builder(running.certiflow_url()).retries(Retries::none()).page_size(10);
    builder.credentials(Credentials::Tokens(Arc::new(source.clone()))).build().expect("usable")
}

fn values(issuer: &Issuer, name: &str) -> Vec<Option<String>> {
    issuer.state().forms.iter().map(|form| form.get(name).cloned()).collect()
}

#[test]
fn a_program_gets_a_token_by_its_secret_and_the_server_lets_it_in_by_its_roles() {
    let issuer = Issuer::start();
    let (running, _) = server(&issuer);
    let source = program(&issuer).scope("cards offline").resource("urn:cards").audience("aud").build().expect("usable");
    let client = client(&running, &source);
    assert!(issuer.requests().is_empty(), "nothing is sent before it is needed");
    let card = client.find("02A1B3C4").expect("an answer").expect("a card");
    assert!(client.revoke(&card, RevocationReason::CardLost).expect("allowed").is_done());
    assert_eq!(issuer.state().tokens.len(), 1, "one token for all");
    let form = issuer.state().forms[0].clone();
    let value = |name: &str| form.get(name).map(String::as_str);
    assert_eq!(value("grant_type"), Some("client_credentials"));
    assert_eq!((value("by"), value("client_id")), (Some("basic"), Some(CLIENT)));
    assert_eq!(
        (value("scope"), value("resource"), value("audience")),
        (Some("cards offline"), Some("urn:cards"), Some("aud"))
    );

    issuer.state().claims = json!({ "roles": ["viewer"] });
    let viewer = self::client(&running, &program(&issuer).build().expect("usable"));
    let outcome = viewer.revoke(&card, RevocationReason::CardLost).expect("an outcome");
    assert_eq!((outcome.ending, outcome.code()), (Ending::Refused, Some(Code::Forbidden)), "{outcome:?}");
}

#[test]
fn a_token_that_ends_in_the_middle_of_a_list_is_renewed_and_the_list_goes_on() {
    let issuer = Issuer::start();
    let (running, clock) = server(&issuer);
    let source = program(&issuer).build().expect("usable");
    let client = client(&running, &source);
    let mut seen = 0;
    for card in client.cards(Query::default()).expect("a list") {
        card.expect("a card");
        seen += 1;
        if seen == 15 {
            // For the server the first token is over; the issuer's next one lasts longer.
            clock.advance(4000);
            issuer.state().lifetime = 9000;
        }
    }
    assert!(seen > 60, "{seen}");
    assert_eq!(issuer.state().tokens.len(), 2);
}

#[test]
fn a_token_that_the_server_never_takes_is_asked_for_once_more_and_no_oftener() {
    let issuer = Issuer::start();
    let (running, _) = server(&issuer);
    issuer.state().claims = json!({ "aud": "somebody else" });
    let source = program(&issuer).build().expect("usable");
    let error = client(&running, &source).card("1013").expect_err("not for this server");
    assert_eq!((error.code(), error.status()), (Code::SignIn, Some(401)), "{error}");
    assert_eq!(issuer.state().tokens.len(), 2);
}

#[test]
fn threads_share_one_request_and_one_failure() {
    let issuer = Issuer::start();
    issuer.state().slow = Duration::from_millis(300);
    let source = program(&issuer).build().expect("usable");
    let ask = |source: &Oidc| {
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| source.sign_in())).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect::<Vec<_>>()
        })
    };
    let tokens = ask(&source);
    let first = tokens[0].as_ref().expect("a token").expose();
    assert!(tokens.iter().all(|token| token.as_ref().expect("a token").expose() == first));
    assert_eq!(issuer.state().forms.len(), 1);

    let wrong = Oidc::builder(issuer.url(), CLIENT).secret(Secret::new("wrong, wrong")).build().expect("usable");
    let failures = ask(&wrong);
    for failure in failures {
        let failure = failure.expect_err("a wrong secret");
        assert!(matches!(&failure, http::Error::NoToken(_)) && failure.code() == Code::SignIn, "{failure:?}");
        let said = failure.to_string();
        assert!(said.contains("invalid_client") && said.contains("/token"), "{said}");
        assert!(!format!("{said}{failure:?}{wrong:?}").contains("wrong, wrong"));
    }
    assert_eq!(issuer.state().forms.len(), 2, "a wrong secret is tried once");
}

#[test]
fn a_token_is_renewed_before_it_ends() {
    let issuer = Issuer::start();
    // Within its last fifth from the beginning on.
    issuer.state().told_lifetime = Some(json!("0"));
    let source = program(&issuer).build().expect("usable");
    let (first, second) = (source.sign_in().expect("a token"), source.sign_in().expect("a token"));
    assert_ne!(first.expose(), second.expose());
    // One that the issuer says nothing of is good until a server refuses it.
    issuer.state().told_lifetime = Some(json!(null));
    let third = source.sign_in().expect("a token");
    assert_eq!(source.sign_in().expect("a token").expose(), third.expose());
    let canceler = canceler(&issuer);
    let fourth = source.renew(&third, &canceler).expect("an answer").expect("another");
    assert_ne!(fourth.expose(), third.expose());
    assert_eq!(source.token(&canceler).expect("a token").expose(), fourth.expose());
    // A thread that was slow to hear of it does not cost another one.
    assert_eq!(source.renew(&third, &canceler).expect("an answer").expect("another").expose(), fourth.expose());
    assert_eq!(issuer.state().tokens.len(), 4);
}

/// The canceler of a client.
fn canceler(issuer: &Issuer) -> Canceler {
    Client::<CertiFlow>::builder(issuer.url()).build().expect("usable").canceler()
}

#[test]
fn the_secret_goes_as_the_issuer_wants_it() {
    let issuer = Issuer::start();
    let by = |methods: serde_json::Value, auth| {
        issuer.state().discovery = json!({ "token_endpoint_auth_methods_supported": methods });
        program(&issuer).client_auth(auth).build().expect("usable").sign_in()
    };
    by(json!(["private_key_jwt", "client_secret_post"]), ClientAuth::Discover).expect("a token");
    by(json!(null), ClientAuth::Discover).expect("a token");
    by(json!(["client_secret_basic", "client_secret_post"]), ClientAuth::Post).expect("a token");
    assert_eq!(values(&issuer, "by"), [None, Some("basic".to_string()), None]);
    let error = by(json!(["private_key_jwt"]), ClientAuth::Discover).expect_err("no way");
    assert!(error.to_string().contains("takes no client secret, only private_key_jwt"), "{error}");
}

#[test]
fn a_person_types_a_code_and_is_not_asked_again_while_the_token_can_be_renewed() {
    let issuer = Issuer::start();
    let (running, clock) = server(&issuer);
    let (builder, told) = person(&issuer);
    let source = builder.scope("openid offline_access").resource(AUDIENCE).build().expect("usable");
    issuer.state().gives_refresh = true;
    issuer.state().polls = ["authorization_pending", "authorization_pending"].into();
    let client = client(&running, &source);
    client.card("1013").expect("an answer");
    let code = told.lock().expect("no panic while held")[0].clone();
    assert_eq!((code.user_code.as_str(), code.lasts), ("BCDF-GHJK", Duration::from_secs(600)));
    assert_eq!(code.address, format!("{}/activate", issuer.url()));
    let grants = values(&issuer, "grant_type");
    assert_eq!(grants.len(), 4, "the code, and three times whether it was typed");
    assert!(values(&issuer, "resource").iter().all(|its| its.as_deref() == Some(AUDIENCE)), "AD FS wants it each time");
    assert!(values(&issuer, "client_id").iter().all(|its| its.as_deref() == Some(CLIENT)));

    clock.advance(4000);
    issuer.state().lifetime = 9000;
    client.card("1013").expect("an answer");
    assert_eq!(values(&issuer, "grant_type").last(), Some(&Some("refresh_token".to_string())));
    assert_eq!(told.lock().expect("no panic while held").len(), 1);

    // When the issuer has forgotten, the person is asked again.
    issuer.state().refresh.clear();
    clock.advance(9000);
    issuer.state().lifetime = 20_000;
    client.card("1013").expect("an answer");
    assert_eq!(told.lock().expect("no panic while held").len(), 2);
}

#[test]
fn an_issuer_that_wants_to_be_asked_less_often_is() {
    let issuer = Issuer::start();
    let (builder, _) = person(&issuer);
    // The next time would be in 5.2 seconds, when the code has ended.
    issuer.state().device = json!({ "interval": 0.2, "expires_in": "3" });
    issuer.state().polls = ["slow_down"].into();
    let error = builder.build().expect("usable").sign_in().expect_err("too late");
    assert!(error.to_string().contains("nobody typed the code in time"), "{error}");
    assert_eq!(issuer.state().forms.len(), 2);
}

#[test]
fn what_the_issuer_says_to_a_code_is_the_error() {
    for (said, expected) in
        [("access_denied", "access_denied"), ("expired_token", "in time"), ("strange", "the issuer says strange")]
    {
        let issuer = Issuer::start();
        let (builder, _) = person(&issuer);
        issuer.state().polls = [said].into();
        let error = builder.build().expect("usable").sign_in().expect_err("no token");
        assert_eq!(error.code(), Code::SignIn);
        assert!(error.to_string().contains(expected) && !error.to_string().contains("the device code"), "{error}");
    }
}

#[test]
fn an_older_issuers_words_for_the_address_are_known() {
    let issuer = Issuer::start();
    let (builder, told) = person(&issuer);
    let url = "https://adfs.example/adfs/oauth2/deviceauth";
    issuer.state().device =
        json!({ "interval": "0", "expires_in": "900", "verification_uri": null, "verification_url": url });
    builder.build().expect("usable").sign_in().expect("a token");
    assert_eq!(told.lock().expect("no panic while held")[0].address, url);
}

#[test]
fn canceling_ends_the_wait_for_a_person_and_the_wait_for_another_thread() {
    let issuer = Issuer::start();
    let (running, _) = server(&issuer);
    let (builder, told) = person(&issuer);
    issuer.state().device = json!({ "interval": 300 });
    let source = builder.build().expect("usable");
    let (first, second) = (client(&running, &source), client(&running, &source));
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| first.card("1013").expect_err("canceled").code());
        while told.lock().expect("no panic while held").is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let waiting = scope.spawn(|| second.card("1013").expect_err("canceled").code());
        second.canceler().cancel();
        assert_eq!(waiting.join().expect("no panic"), Code::Canceled);
        first.canceler().cancel();
        assert_eq!(asking.join().expect("no panic"), Code::Canceled);
    });
    // The next caller asks anew.
    issuer.state().device = json!({ "interval": 0.2 });
    client(&running, &source).card("1013").expect("an answer");
}

#[test]
fn an_issuer_is_who_it_says() {
    let issuer = Issuer::start();
    let ask = |discovery| {
        issuer.state().discovery = discovery;
        program(&issuer).build().expect("usable").sign_in().map_err(|error| error.to_string())
    };
    for (discovery, expected) in [
        (json!({ "issuer": "https://other.example" }), r#"that of the issuer "https://other.example""#),
        (json!({ "issuer": null }), r#"that of the issuer """#),
        (json!({ "token_endpoint": "http://tokens.example/" }), "must begin with https://"),
        (json!({ "token_endpoint": null }), "names no token_endpoint"),
        (json!({ "token_endpoint": 7 }), "not the JSON that was expected"),
        (json!({ "token_endpoint": format!("{}/nowhere", issuer.url()) }), "Nothing here"),
    ] {
        let said = ask(discovery).expect_err("refused");
        assert!(said.contains(expected), "{said}");
    }
    assert!(issuer.state().forms.is_empty(), "no secret went anywhere");
    ask(json!({ "issuer": format!("{}/", issuer.url()) })).expect("a slash does not count");
    let without = Oidc::builder("https://issuer.invalid", CLIENT).secret(Secret::new(SECRET));
    let source = without.token_endpoint(format!("{}/token", issuer.url())).build().expect("usable");
    source.sign_in().expect("the document is not needed");

    for (address, id, code) in [
        ("http://issuer.example", "x", Code::Address),
        ("issuer", "x", Code::Address),
        ("https://issuer.example", "", Code::Setting),
    ] {
        let error = Oidc::builder(address, id).secret(Secret::new("x")).build().expect_err("refused");
        assert_eq!(error.code(), code);
    }
    assert!(Oidc::builder("https://issuer.example", "x").build().is_err(), "neither a secret nor a person");
    let error = Oidc::builder("http://127.0.0.1:1", CLIENT).secret(Secret::new(SECRET)).build().expect("usable");
    let error = error.sign_in().expect_err("nobody there");
    assert_eq!(error.code(), Code::Unreachable, "{error}");
}

#[test]
fn an_answer_that_holds_no_token_is_told_without_what_it_holds() {
    let issuer = Issuer::start();
    let source = program(&issuer).build().expect("usable");
    for (status, body, expected) in [
        ("200 OK", json!({ "token_type": "Bearer", "secret": "hush" }).to_string(), "not the JSON that was expected"),
        ("200 OK", "<html>hush</html>".into(), "not the JSON that was expected"),
        ("200 OK", json!({ "access_token": "hush", "token_type": "mac" }).to_string(), "but a \"mac\""),
        ("200 OK", json!({ "access_token": "hush\n" }).to_string(), "no header can carry it"),
        ("200 OK", json!({ "access_token": "hush".repeat(100_000) }).to_string(), "too long"),
        (
            "400 Bad Request",
            json!({ "error": "invalid_scope", "error_description": format!("{SECRET} is no scope") }).to_string(),
            "invalid_scope (..) is no scope",
        ),
        ("302 Found\r\nLocation: https://login.example/", String::new(), "points to https://login.example/"),
        ("503 Service Unavailable", String::new(), "503"),
    ] {
        issuer.state().discovery = json!({ "token_endpoint_auth_methods_supported": ["client_secret_post"] });
        issuer.state().instead = [(status, body)].into();
        let error = source.sign_in().expect_err("no token");
        let said = error.to_string();
        assert!(said.contains(expected) && !said.contains("hush") && !said.contains(SECRET), "{said}");
    }
    source.sign_in().expect("a token, in the end");
}

#[test]
fn no_log_at_any_level_holds_a_secret_a_code_or_a_token() {
    let kept = cardwright_testkit::log_keeper::Log::default();
    log::set_boxed_logger(Box::new(kept.clone())).expect("the only one of this program");
    log::set_max_level(log::LevelFilter::Trace);
    let issuer = Issuer::start();
    issuer.state().gives_refresh = true;
    issuer.state().told_lifetime = Some(json!(0));
    let (person, _) = person(&issuer);
    tracing::subscriber::with_default(kept.clone(), || {
        for auth in [ClientAuth::Basic, ClientAuth::Post] {
            program(&issuer).client_auth(auth).build().expect("usable").sign_in().expect("a token");
        }
        let source = person.build().expect("usable");
        (0..2).for_each(|_| drop(source.sign_in().expect("a token")));
    });
    let text = kept.text();
    assert!(text.contains("got a token") && text.contains("/token"), "{text}");
    let state = issuer.state();
    assert_eq!(state.tokens.len(), 4);
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{CLIENT}:{SECRET}").replace(' ', "+"));
    let given = state.tokens.iter().chain(&state.refresh).map(String::as_str);
    for secret in given.chain([SECRET, "the device code", "the+device+code", &basic[..24], "s3cret%2F"]) {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
}

#[test]
fn a_token_is_kept_in_a_file_where_that_is_asked_for() {
    let issuer = Issuer::start();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("token.json");
    let source = || program(&issuer).cache(&file).build().expect("usable");
    let first = source().sign_in().expect("a token");
    assert_eq!(source().sign_in().expect("a token").expose(), first.expose());
    assert_eq!(issuer.state().tokens.len(), 1);
    assert_eq!(mode(&file), Some(0o600));

    // What a server has refused is not taken from the file again.
    let again = source();
    let canceler = canceler(&issuer);
    let second = again.renew(&first, &canceler).expect("an answer").expect("another");
    assert_ne!(first.expose(), second.expose());
    assert_eq!(source().sign_in().expect("a token").expose(), second.expose());

    // Another client's token is none.
    let other = Oidc::builder(issuer.url(), CLIENT).secret(Secret::new(SECRET)).scope("other").cache(&file);
    let third = other.build().expect("usable").sign_in().expect("a token");
    assert_ne!(third.expose(), second.expose());

    std::fs::write(&file, "export PATH=/bin").expect("written");
    let error = source().sign_in().expect_err("something else");
    assert!(error.to_string().contains("left alone"), "{error}");
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), "export PATH=/bin");
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(left.len(), 1, "nothing else is left behind");
}

#[test]
fn a_token_that_cannot_be_kept_in_a_file_is_used_all_the_same() {
    let issuer = Issuer::start();
    let folder = tempfile::tempdir().expect("a folder");
    let source = program(&issuer).cache(folder.path().join("missing").join("token.json")).build().expect("usable");
    let token = source.sign_in().expect("a token");
    assert_eq!(source.sign_in().expect("a token").expose(), token.expose());
    assert_eq!(issuer.state().tokens.len(), 1);
}

#[test]
fn a_token_is_renewed_by_the_latest_that_any_process_was_given() {
    let issuer = Issuer::start();
    issuer.state().gives_refresh = true;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("token.json");
    let ((first, _), (second, told)) = (person(&issuer), person(&issuer));
    let first = first.cache(&file).build().expect("usable");
    let second = second.cache(&file).build().expect("usable");
    // Each token ends at once, and each of those for renewing is good for one time.
    issuer.state().told_lifetime = Some(json!(0));
    for source in [&first, &second, &first, &second] {
        source.sign_in().expect("a token");
    }
    let renewals = values(&issuer, "refresh_token").into_iter().flatten().collect::<Vec<_>>();
    assert_eq!(renewals, ["refresh 1", "refresh 2", "refresh 3"]);
    assert!(told.lock().expect("no panic while held").is_empty(), "nobody is asked again");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_not_believed() {
    use std::os::unix::fs::PermissionsExt;
    let issuer = Issuer::start();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("token.json");
    let source = || program(&issuer).cache(&file).build().expect("usable");
    source().sign_in().expect("a token");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o640)).expect("set");
    let error = source().sign_in().expect_err("readable by others");
    assert!(error.to_string().contains("mode 640"), "{error}");
}

#[cfg(unix)]
fn mode(file: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(std::fs::metadata(file).ok()?.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
fn mode(_: &Path) -> Option<u32> {
    Some(0o600)
}

#[test]
fn the_issuer_is_trusted_as_a_server_is() {
    let tls = cardwright_server::Tls::self_signed(&["127.0.0.1".into()]).expect("a certificate");
    let trust = Trust::only_added().add_pem(tls.certificate_pem().as_bytes()).expect("a certificate");
    let mut config = Config::default();
    config.tls = Some(tls);
    let running = Server::start(config).expect("a server");
    // It is no issuer, which somebody can tell who trusts it.
    for (trust, expected) in [(trust, Code::NotFound), (Trust::system(), Code::Tls)] {
        let source = Oidc::builder(running.url(), CLIENT).secret(Secret::new(SECRET)).trust(trust);
        let error = source.build().expect("usable").sign_in().expect_err("no token");
        assert_eq!(error.code(), expected, "{error}");
    }
}
