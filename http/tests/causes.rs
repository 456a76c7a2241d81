//! The cause of a sign-in that failed, as servers and issuers name it.

use cardwright_core::certiflow::{Call, Dialect};
use cardwright_core::http::Method;
use cardwright_core::lifecycle::Operation;
use cardwright_http::{
    Binding, Credentials, Error, Oidc, Retries, Scheme, Secret, Setup, SignIn, SignInCause, Transport,
};
use cardwright_testkit::raw::{Raw, answer};

fn refusing(status: &'static str, challenge: &'static str) -> Raw {
    Raw::answering(move |_| {
        let head = format!("HTTP/1.1 {status}\r\nWWW-Authenticate: {challenge}\r\nConnection: close\r\n");
        format!("{head}Content-Type: text/html\r\nContent-Length: 26\r\n\r\n<title>Unauthorized</title>").into_bytes()
    })
}

/// The cause as an answer has it, and the words of the same refusal as an error.
fn refused(raw: &Raw, credentials: impl Into<Credentials>) -> (Option<SignInCause>, String) {
    let setup = Setup { credentials: credentials.into(), retries: Retries::none(), ..Setup::new(raw.url("/api")) };
    let transport = Transport::new(setup).expect("usable");
    let answer = transport.raw(Method::Get, "cards", None).expect("an answer");
    let words = transport.explain().to_string();
    (answer.sign_in, words)
}

fn bearer() -> Credentials {
    Credentials::Bearer(Secret::new("token"))
}

fn token(error: Option<&str>, description: Option<&str>) -> Option<SignInCause> {
    let owned = |text: Option<&str>| text.map(str::to_string);
    Some(SignInCause::TokenRefused { error: owned(error), description: owned(description) })
}

#[test]
fn a_refused_token_has_the_servers_words() {
    for (status, challenge, expected) in [
        (
            "401 Unauthorized",
            "Bearer realm=\"cards\", error=\"invalid_token\", error_description=\"The token\u{9}expired\"",
            token(Some("invalid_token"), Some("The token expired")),
        ),
        ("401 Unauthorized", "Bearer", token(None, None)),
        (
            "403 Forbidden",
            "Bearer error=\"insufficient_scope\", scope=\"cards\"",
            token(Some("insufficient_scope"), None),
        ),
        ("403 Forbidden", "Bearer", None),
        ("401 Unauthorized", "Basic realm=\"x\"", Some(SignInCause::NotOffered { offered: vec!["Basic".into()] })),
    ] {
        let raw = refusing(status, challenge);
        assert_eq!(refused(&raw, bearer()).0, expected, "{status} {challenge}");
    }
}

#[test]
fn what_was_given_and_what_is_offered_make_the_cause() {
    let offered = |one: &str| vec![one.to_string()];
    let anna = || SignIn::password("anna", Secret::new("secret"));
    let refused_basic = SignInCause::Refused { scheme: Scheme::Basic, user: "anna".into(), binding: Binding::NoTls };
    for (challenge, credentials, expected) in [
        (
            "Basic realm=\"x\"",
            Credentials::Anonymous,
            SignInCause::NothingGiven { offered: offered("Basic"), ticket: None },
        ),
        ("Basic realm=\"x\"", anna().into(), refused_basic),
        ("Bearer", anna().into(), SignInCause::NotOffered { offered: offered("Bearer") }),
        (
            "Basic realm=\"x\"",
            anna().schemes(&[Scheme::Ntlm]).into(),
            SignInCause::NotAllowed { offered: offered("Basic") },
        ),
    ] {
        let raw = refusing("401 Unauthorized", challenge);
        assert_eq!(refused(&raw, credentials).0, Some(expected), "{challenge}");
    }
}

#[test]
fn the_words_begin_with_the_cause_and_not_with_the_page() {
    let raw = refusing("401 Unauthorized", "Basic realm=\"x\"");
    let credentials = Credentials::basic("anna", Secret::new("secret"));
    let transport = Transport::new(Setup { credentials, ..Setup::new(raw.url("/api")) }).expect("usable");
    let operate = Call::Operate { operation: Operation::Suspend, id: "1", reason: None };
    let operate = operate.in_dialect(Dialect::G7).expect("the dialect has it");
    let error = transport.send(&operate).map(|_| ()).expect_err("refused");
    let words = error.to_string();
    let expected = "(status 401): the server has refused user or password of anna by Basic; the server offers Basic";
    assert!(words.contains(expected) && words.ends_with("; a page titled \"Unauthorized\""), "{words}");
    assert!(matches!(error.sign_in_cause(), Some(SignInCause::Refused { scheme: Scheme::Basic, .. })), "{error:?}");
    // The second time nothing is sent, for the same cause.
    let again = transport.send(&operate).map(|_| ()).expect_err("refused before");
    assert!(matches!(again, Error::SignIn { .. }) && again.to_string().contains("could lock the account"), "{again}");
    assert_eq!(again.sign_in_cause(), error.sign_in_cause());
    assert_eq!(raw.requests().len(), 1);
}

#[test]
fn an_issuers_word_for_its_refusal_is_kept() {
    for (status, body, expected) in [
        ("401 Unauthorized", r#"{"error":"invalid_client","error_description":"who?"}"#, Some("invalid_client")),
        ("400 Bad Request", r#"{"error":"invalid_scope"}"#, Some("invalid_scope")),
        ("400 Bad Request", r#"{"error":"not a word of OAuth"}"#, None),
        ("400 Bad Request", "no", None),
    ] {
        let raw = Raw::answering(move |_| answer(status, "application/json", body));
        let tokens = Oidc::builder(raw.url(""), "id").secret(Secret::new("s")).token_endpoint(raw.url("/token"));
        let error = tokens.build().expect("usable").sign_in().expect_err("no token");
        assert_eq!(error.oauth_error(), expected, "{error}");
    }
}
