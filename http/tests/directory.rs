//! Names of a directory and what its KDC says of them, against a realm of the tests' own.

use cardwright_core::http::Method;
use cardwright_http::{
    Binding, Credentials, Explanation, Raw, Retries, Scheme, Secret, Setup, SignIn, SignInCause, Transport,
};
use cardwright_testkit::realm::{Place, in_lab};

/// The answer to one request, and what became of its sign-in.
fn ask(url: String, credentials: impl Into<Credentials>) -> (Raw, Explanation) {
    let setup = Setup { credentials: credentials.into(), retries: Retries::none(), ..Setup::new(url) };
    let transport = Transport::new(setup).expect("usable");
    let answer = transport.raw(Method::Get, "Cards?count=1", None).expect("an answer");
    (answer, transport.explain())
}

fn by_password(name: &str, password: &str) -> SignIn {
    SignIn::password(name, Secret::new(password))
}

fn kerberos(name: &str, password: &str) -> SignIn {
    by_password(name, password).schemes(&[Scheme::Negotiate])
}

fn cause(place: &Place, way: &str, sign_in: SignIn) -> SignInCause {
    let (answer, _) = ask(place.url(way), sign_in);
    assert_eq!(answer.status, 401);
    answer.sign_in.expect("a cause")
}

/// How many lines of the KDC's log hold both words. It writes each line before it answers.
fn logged(place: &Place, what: &str, client: &str) -> usize {
    let log = std::fs::read_to_string(place.file("kdc.log")).expect("the KDC's log");
    log.lines().filter(|line| line.contains(what) && line.contains(client)).count()
}

#[test]
fn a_name_is_found_however_a_person_writes_it() {
    in_lab("a_name_is_found_however_a_person_writes_it", |place| {
        for name in [
            "operator@EXAMPLE.TEST",
            "operator@example.test",
            "operator@Example.Test",
            "operator",
            "EXAMPLE\\operator",
            "example\\operator",
            "example.test\\operator",
        ] {
            let (answer, how) = ask(place.url("kerberos"), kerberos(name, "operator-password"));
            assert_eq!((answer.status, how.chosen), (200, Some(Scheme::Negotiate)), "{name}: {how}");
        }
    });
}

#[test]
fn what_the_kdc_says_is_the_cause() {
    in_lab("what_the_kdc_says_is_the_cause", |place| {
        let realm = || "EXAMPLE.TEST".to_string();
        for (name, password, expected) in [
            ("gone@EXAMPLE.TEST", "gone-password", SignInCause::AccountDisabled { name: "gone@EXAMPLE.TEST".into() }),
            (
                "stale@EXAMPLE.TEST",
                "stale-password",
                SignInCause::PasswordExpired { name: "stale@EXAMPLE.TEST".into() },
            ),
            ("past@EXAMPLE.TEST", "past-password", SignInCause::AccountExpired { name: "past@EXAMPLE.TEST".into() }),
            (
                "nobody@example.test",
                "x",
                SignInCause::NameUnknown { name: "nobody@example.test".into(), realm: realm() },
            ),
            ("u@nowhere.test", "x", SignInCause::NameUnknown { name: "u@nowhere.test".into(), realm: realm() }),
            ("u@DOWN.TEST", "x", SignInCause::KdcUnreachable { realm: "DOWN.TEST".into() }),
        ] {
            assert_eq!(cause(place, "kerberos", kerberos(name, password)), expected);
        }
        let (answer, how) = ask(place.url("kerberos"), kerberos("u@nowhere.test", "x"));
        assert!(how.to_string().contains("no Kerberos server (KDC) is known for the domain NOWHERE.TEST"), "{how}");
        assert_eq!(answer.sign_in, how.cause);
    });
}

#[test]
fn what_the_kdc_says_is_not_lost_where_other_schemes_are_offered() {
    in_lab("what_the_kdc_says_is_not_lost_where_other_schemes_are_offered", |place| {
        let expected = SignInCause::AccountDisabled { name: "gone@example.test".into() };
        assert_eq!(cause(place, "ntlm", by_password("gone@example.test", "gone-password")), expected);
        let unknown = SignInCause::NameUnknown { name: "nobody@example.test".into(), realm: "EXAMPLE.TEST".into() };
        assert_eq!(cause(place, "ntlm", by_password("nobody@example.test", "x")), unknown);
        // A name without a suffix is the server's own to judge.
        let refused = SignInCause::Refused { scheme: Scheme::Ntlm, user: "CORP\\anna".into(), binding: Binding::NoTls };
        assert_eq!(cause(place, "ntlm", by_password("CORP\\anna", "wrong")), refused);
    });
}

#[test]
fn a_wrong_password_counts_once_whatever_the_spelling_and_the_schemes() {
    in_lab("a_wrong_password_counts_once_whatever_the_spelling_and_the_schemes", |place| {
        for (way, client, name) in [
            ("kerberos", "wrong-a@EXAMPLE.TEST", "wrong-a@EXAMPLE.TEST"),
            ("ntlm", "wrong-b@EXAMPLE.TEST", "wrong-b@example.test"),
            ("ntlm", "wrong-c@EXAMPLE.TEST", "EXAMPLE\\wrong-c"),
        ] {
            let setup = Setup { credentials: by_password(name, "wrong").into(), ..Setup::new(place.url(way)) };
            let transport = Transport::new(setup).expect("usable");
            for _ in 0..3 {
                let answer = transport.raw(Method::Get, "Cards?count=1", None);
                let cause = match &answer {
                    Ok(answer) => answer.sign_in.as_ref(),
                    Err(error) => error.sign_in_cause(),
                };
                assert_eq!(cause, Some(&SignInCause::PasswordWrong { name: name.into() }), "{answer:?}");
            }
            assert_eq!(logged(place, "PREAUTH_FAILED", client), 1, "{name}");
        }
    });
}

#[test]
fn a_password_takes_one_exchange_with_the_kdc() {
    in_lab("a_password_takes_one_exchange_with_the_kdc", |place| {
        let setup = Setup {
            credentials: kerberos("once@EXAMPLE.TEST", "once-password").into(),
            ..Setup::new(place.url("kerberos"))
        };
        let transport = Transport::new(setup).expect("usable");
        for _ in 0..3 {
            assert_eq!(transport.raw(Method::Get, "Cards?count=1", None).expect("an answer").status, 200);
        }
        assert_eq!(logged(place, "ISSUE: authtime", "once@EXAMPLE.TEST for krbtgt"), 1);
    });
}

#[test]
fn a_service_without_a_name_in_the_directory_is_named() {
    in_lab("a_service_without_a_name_in_the_directory_is_named", |place| {
        let expected = SignInCause::ServiceUnknown { service: "HTTP/other.localhost".into() };
        let of = |sign_in: SignIn| sign_in.service("HTTP@other.localhost");
        assert_eq!(cause(place, "kerberos", of(SignIn::ambient().schemes(&[Scheme::Negotiate]))), expected);
        assert_eq!(cause(place, "ntlm", of(by_password("operator@EXAMPLE.TEST", "operator-password"))), expected);
    });
}

#[test]
fn a_ticket_at_hand_is_named_where_nothing_was_given() {
    in_lab("a_ticket_at_hand_is_named_where_nothing_was_given", |place| {
        let given_nothing = |way: &str| ask(place.url(way), Credentials::Anonymous).0.sign_in;
        let nothing = |offered: &[&str], ticket: Option<&str>| {
            let offered = offered.iter().map(|offer| offer.to_string()).collect();
            Some(SignInCause::NothingGiven { offered, ticket: ticket.map(str::to_string) })
        };
        assert_eq!(given_nothing("kerberos"), nothing(&["Negotiate"], Some("operator@EXAMPLE.TEST")));
        assert_eq!(given_nothing("basic"), nothing(&["Basic"], None));
    });
}

#[test]
fn what_lies_at_hand_and_does_not_help_is_told_apart() {
    in_lab("what_lies_at_hand_and_does_not_help_is_told_apart", |place| {
        let ambient = || SignIn::ambient().schemes(&[Scheme::Negotiate]);
        let none = SignInCause::NoTicket { name: None };
        assert_eq!(cause(place, "kerberos", ambient().ccache("/nonexistent")), none);
        let other = SignInCause::NoTicket { name: Some("once@EXAMPLE.TEST".into()) };
        assert_eq!(cause(place, "kerberos", ambient().principal("once@EXAMPLE.TEST")), other);
        let no_key = SignInCause::NoKey { name: "once@EXAMPLE.TEST".into() };
        let keytab = || ambient().keytab(place.file("batch.keytab"));
        assert_eq!(cause(place, "kerberos", keytab().principal("once@EXAMPLE.TEST")), no_key);
        for sign_in in [ambient().principal("operator@example.test"), keytab().principal("batch@example.test")] {
            assert_eq!(ask(place.url("kerberos"), sign_in).0.status, 200, "a realm in small letters");
        }
    });
}
