//! Tokens of an issuer on loopback: how the command gets them, and how a server of `serve` believes them.

mod common;

use cardwright_server::{Bearer, KeySource, Running};
use cardwright_testkit::issuer::{AUDIENCE, CLIENT, Issuer, SECRET};
use common::process::{Process, folder};
use common::{Done, cardwright, run, server_with};
use serde_json::json;
use std::path::Path;
use std::process::Command;

/// A server that believes the issuer.
fn server(issuer: &Issuer) -> Running {
    server_with(|config| config.bearer = Some(Bearer::new(issuer.url(), AUDIENCE, KeySource::Discovery)))
}

/// The command as the issuer's client.
fn client(issuer: &Issuer, url: &str, arguments: &[&str]) -> Command {
    let mut command = cardwright(arguments);
    command.env("CARDWRIGHT_URL", url).env("CARDWRIGHT_ISSUER", issuer.url()).env("CARDWRIGHT_CLIENT_ID", CLIENT);
    command
}

/// Runs it with the client's secret in the environment; nothing that it prints holds a secret.
fn ask(issuer: &Issuer, url: &str, arguments: &[&str]) -> Done {
    seal(issuer, run(client(issuer, url, arguments).env("CARDWRIGHT_CLIENT_SECRET", SECRET)))
}

#[track_caller]
fn seal(issuer: &Issuer, done: Done) -> Done {
    let state = issuer.state();
    let secrets = state.tokens.iter().chain(&state.refresh).map(String::as_str).chain([SECRET, "the device code"]);
    for secret in secrets {
        assert!(!done.out.contains(secret) && !done.err.contains(secret), "a secret was shown: {done:?}");
    }
    done
}

/// The line of a check of doctor's.
fn line<'d>(done: &'d Done, name: &str) -> &'d str {
    let mut lines = done.out.lines();
    lines.find(|line| line.split_whitespace().nth(1) == Some(name)).unwrap_or_else(|| panic!("no {name}: {done:?}"))
}

#[test]
fn a_program_signs_in_by_its_secret_and_may_what_its_roles_may() {
    let issuer = Issuer::start();
    let running = server(&issuer);
    let url = running.certiflow_url();
    assert_eq!(ask(&issuer, &url, &["disable", "1013"]).code, 0);
    issuer.state().claims = json!({ "roles": ["viewer"] });
    let refused = ask(&issuer, &url, &["enable", "1013"]);
    assert_eq!(refused.code, 5, "{refused:?}");
    let audit = running.registry().audit(0, 10).expect("a log");
    assert!(audit.iter().all(|entry| entry.account == format!("token:{CLIENT}")), "{audit:?}");

    let folder = folder("oidc-secret");
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("secret");
    private(&file, SECRET);
    let path = file.to_str().expect("UTF-8");
    let done = run(&mut client(&issuer, &url, &["cards", "--limit", "1", "--client-secret-file", path]));
    assert_eq!(seal(&issuer, done).code, 0);
    let command = format!("cat {path}");
    let arguments = ["cards", "--limit", "1", "--auth", "oidc", "--scope", "a b", "--client-secret-command", &command];
    let done = run(client(&issuer, &url, &arguments).env("PATH", "/usr/bin:/bin"));
    assert_eq!(seal(&issuer, done).code, 0);
    assert_eq!(issuer.state().forms.last().expect("a form").get("scope").map(String::as_str), Some("a b"));
    std::fs::remove_dir_all(&folder).expect("removed");
}

/// A file that nobody else can read.
fn private(file: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(file, text).expect("written");
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).expect("a mode");
}

#[test]
fn a_person_is_shown_code_and_address_beside_what_is_printed_and_once_where_the_token_is_kept() {
    let issuer = Issuer::start();
    let running = server(&issuer);
    let folder = folder("oidc-cache");
    std::fs::create_dir_all(&folder).expect("a folder");
    let cache = folder.join("token");
    let arguments =
        ["cards", "--json", "--limit", "2", "--device-code", "--token-cache", cache.to_str().expect("UTF-8")];
    issuer.state().device = json!({ "interval": 0.2, "user_code": "AB\u{1b}[2JCD" });
    let done = seal(&issuer, run(&mut client(&issuer, &running.certiflow_url(), &arguments)));
    assert_eq!((done.code, done.json().as_array().map(Vec::len)), (0, Some(2)), "{done:?}");
    assert!(done.err.contains(&format!("open {}/activate and type AB", issuer.url())), "{done:?}");
    assert!(!done.err.contains('\u{1b}'), "nothing of the issuer's moves the cursor: {done:?}");
    let again = seal(&issuer, run(&mut client(&issuer, &running.certiflow_url(), &arguments)));
    assert_eq!((again.code, again.err.as_str()), (0, ""));
    assert_eq!(issuer.state().tokens.len(), 1);
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn a_profile_names_issuer_and_client_and_its_secret_goes_nowhere_else() {
    let issuer = Issuer::start();
    let running = server(&issuer);
    let folder = folder("oidc-profile");
    std::fs::create_dir_all(&folder).expect("a folder");
    private(&folder.join("secret"), SECRET);
    let config = format!(
        "[profile.a]\nurl = '{}'\nissuer = '{}'\nclient_id = '{CLIENT}'\nclient_secret_file = 'secret'\nresource = 'urn:cards'\n",
        running.certiflow_url(),
        issuer.url()
    );
    let file = folder.join("config.toml");
    std::fs::write(&file, config).expect("written");
    let with = |more: &[&str]| {
        let config = file.to_str().expect("UTF-8");
        let arguments = [&["cards", "--limit", "1", "--profile", "a", "--config", config], more].concat();
        seal(&issuer, run(&mut cardwright(&arguments)))
    };
    assert_eq!(with(&[]).code, 0);
    assert_eq!(issuer.state().forms[0].get("resource").map(String::as_str), Some("urn:cards"));
    for (more, expected) in [
        (["--url", "http://127.0.0.1:1/certiflow/api"], "the profile's tokens are for"),
        (["--issuer", "http://127.0.0.1:1"], "the profile's client secret is not for the issuer"),
    ] {
        let refused = with(&more);
        assert!(refused.code == 2 && refused.err.contains(expected), "{refused:?}");
    }
    // That the issuer is named, too, changes nothing: the secret is the profile's.
    let issuer_too = ["--issuer", &issuer.url(), "--url", "http://127.0.0.1:1/certiflow/api"];
    let refused = with(&issuer_too);
    assert!(refused.code == 2 && refused.err.contains("the profile's tokens are for"), "{refused:?}");
    let refused = with(&["--token-endpoint", "http://127.0.0.1:1/token"]);
    let expected = "the profile's client secret is not for http://127.0.0.1:1";
    assert!(refused.code == 2 && refused.err.contains(expected), "{refused:?}");
    assert_eq!(issuer.state().forms.len(), 1);
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn another_issuers_secret_does_not_go_to_the_profiles_issuer() {
    let (kept, other) = (Issuer::start(), Issuer::start());
    let running = server(&other);
    let folder = folder("oidc-other-issuer");
    std::fs::create_dir_all(&folder).expect("a folder");
    private(&folder.join("secret"), SECRET);
    let (url, its) = (running.certiflow_url(), kept.url());
    let config = format!(
        "[profile.a]\nurl = '{url}'\nissuer = '{its}'\nclient_id = '{CLIENT}'\ntoken_endpoint = '{its}/token'\n"
    );
    let (file, secret) = (folder.join("config.toml"), folder.join("secret"));
    std::fs::write(&file, config).expect("written");
    let (file, secret) = (file.to_str().expect("UTF-8"), secret.to_str().expect("UTF-8"));
    let arguments = ["cards", "--limit", "1", "--profile", "a", "--config", file, "--client-secret-file", secret];
    let done = run(&mut cardwright(&[&arguments[..], &["--issuer", &other.url()]].concat()));
    assert_eq!(seal(&other, done).code, 0);
    assert_eq!((kept.state().forms.len(), other.state().forms.len()), (0, 1));
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn what_is_missing_is_named() {
    for (arguments, expected) in [
        (&["cards", "--auth", "oidc"][..], "no issuer of tokens named"),
        (&["cards", "--issuer", "https://issuer.example"], "none is given"),
        (&["cards", "--issuer", "https://issuer.example", "--client-id", "x"], "no secret of the client x"),
        (
            &["cards", "--issuer", "http://issuer.example", "--client-id", "x", "--device-code"],
            "must begin with https://",
        ),
        (&["cards", "--auth", "bearer"], "no token"),
        (&["cards", "--auth", "basic"], "a password without a user"),
        (&["cards", "--client-key", "/no/such"], "a key without a certificate"),
        (&["cards", "--auth", "magic"], "oidc"),
    ] {
        let done = run(cardwright(arguments).env("CARDWRIGHT_URL", "http://127.0.0.1:1/certiflow/api"));
        assert!(done.code == 2 && done.err.contains(expected), "{arguments:?}: {done:?}");
    }
}

#[test]
fn doctor_says_what_is_wrong_with_a_token_and_does_not_show_it() {
    let issuer = Issuer::start();
    let running = server(&issuer);
    let url = running.certiflow_url();
    let good = ask(&issuer, &url, &["doctor"]);
    assert_eq!(good.code, 0, "{good:?}");
    let seen = line(&good, "token");
    assert!(seen.contains(&format!("of {} for {AUDIENCE}, for another ", issuer.url())), "{seen}");
    assert!(line(&good, "sign-in").contains("let in by Bearer; it offers Bearer, Basic"), "{good:?}");

    issuer.state().claims = json!({ "aud": "https://other.example" });
    let wrong = ask(&issuer, &url, &["doctor"]);
    assert_eq!(wrong.code, 5, "{wrong:?}");
    assert!(line(&wrong, "token").contains("for https://other.example"), "{wrong:?}");
    assert!(line(&wrong, "sign-in").contains("it says invalid_token: it is not for this server"), "{wrong:?}");

    let refused = run(client(&issuer, &url, &["doctor"]).env("CARDWRIGHT_CLIENT_SECRET", "wrong and hidden"));
    assert_eq!(refused.code, 5, "{refused:?}");
    assert!(line(&refused, "token").contains("invalid_client") && !refused.out.contains("wrong and"), "{refused:?}");

    let folder = folder("oidc-doctor");
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("token");
    for (token, level, expected) in [
        (issuer.token(json!({ "exp": 1_000_000_000 })), "fail", "days ago, on 2001-09-09"),
        (issuer.token(json!({ "nbf": 9_000_000_000_i64 })), "warn", "valid in"),
        (issuer.token(json!({ "exp": null })), "warn", "never ends"),
        ("opaque".to_string(), "ok", "no JWT"),
    ] {
        private(&file, &token);
        let done = run(&mut cardwright(&["doctor", "--url", &url, "--token-file", file.to_str().expect("UTF-8")]));
        let seen = line(&seal(&issuer, done), "token").to_string();
        assert!(seen.starts_with(level) && seen.contains(expected), "{seen}");
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn serve_speaks_tls_and_believes_the_issuer() {
    let issuer = Issuer::start();
    issuer.state().claims = json!({ "groups": ["Card Operators"] });
    let folder = folder("oidc-serve");
    std::fs::create_dir_all(&folder).expect("a folder");
    let ca = folder.join("server.pem");
    let ca = ca.to_str().expect("UTF-8");
    let server = Process::start(
        &[
            ["--cards", "5", "--tls-self-signed", ca, "--listen", "0.0.0.0:0"].as_slice(),
            &["--bearer-issuer", &issuer.url(), "--bearer-audience", AUDIENCE, "--bearer-roles-claim", "groups"],
            &["--bearer-role", "Card Operators=operator"],
        ]
        .concat(),
    );
    assert!(server.url.starts_with("https://127.0.0.1:"), "{}", server.url);
    assert_eq!(server.ask(&["cards", "--ca", ca, "--limit", "1"]).code, 0, "as the account");
    assert_eq!(server.ask(&["cards", "--limit", "1"]).code, 6, "without trust");
    assert_eq!(ask(&issuer, &server.url, &["disable", "1013", "--ca", ca]).code, 0);
    assert_eq!(server.stop(), Some(0));
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn serve_takes_a_certificate_and_its_key_and_says_what_does_not_fit() {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".into()]).expect("a certificate");
    let other = rcgen::KeyPair::generate().expect("a key");
    let folder = folder("serve-tls");
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = |name: &str, text: &str| {
        let file = folder.join(name);
        std::fs::write(&file, text).expect("written");
        file.to_str().expect("UTF-8").to_string()
    };
    let certificate = file("certificate.pem", &made.cert.pem());
    let (key, other) = (file("key.pem", &made.signing_key.serialize_pem()), file("other.pem", &other.serialize_pem()));
    let server = Process::start(&["--cards", "1", "--tls-cert", &certificate, "--tls-key", &key]);
    assert_eq!(server.ask(&["cards", "--ca", &certificate, "--limit", "1"]).code, 0);
    assert_eq!(server.stop(), Some(0));
    for (arguments, expected) in [
        (&["--tls-cert", &certificate, "--tls-key", &other][..], "the key is not that of the certificate"),
        (&["--tls-cert", &certificate], "--tls-key"),
        (&["--bearer-issuer", "https://issuer.example"], "--bearer-audience"),
        (&["--bearer-issuer", "http://issuer.example", "--bearer-audience", "x"], "must begin with https://"),
        (&["--bearer-issuer", "i", "--bearer-audience", "x", "--bearer-keys", "/no/such"], "/no/such"),
        (&["--bearer-issuer", "i", "--bearer-audience", "x", "--bearer-role", "admin"], "VALUE=ROLE"),
    ] {
        let done = run(&mut cardwright(&[&["serve"], arguments].concat()));
        assert!(matches!(done.code, 1 | 2) && done.err.contains(expected), "{arguments:?}: {done:?}");
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}
