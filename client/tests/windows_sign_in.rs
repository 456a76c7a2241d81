//! Kerberos, NTLM and Basic against servers that are not ours: Apache with mod_auth_gssapi and
//! gss-ntlmssp, and pyspnego.

use cardwright_client::{
    CertiFlow, Client, Credentials, Ending, Error, Mutual, Outcome, Scheme, Secret, SignIn, Trust,
};
use cardwright_core::Code;
use cardwright_core::certiflow::{Query, RevocationReason};
use cardwright_testkit::realm::{Place, Seen, in_lab, with_pyspnego};
use std::collections::{BTreeMap, BTreeSet};

/// A client whose requests Apache's log tells apart by its name.
fn client(url: String, name: &str, credentials: impl Into<Credentials>) -> Client<CertiFlow> {
    let builder = Client::<CertiFlow>::builder(url).credentials(credentials).user_agent(name);
    builder.build().expect("usable")
}

fn ask(client: &Client<CertiFlow>) -> Result<(), Error> {
    let card = client.card("1013")?.expect("a card");
    assert_eq!(card.view().id().to_string(), "1013");
    Ok(())
}

fn ticket() -> SignIn {
    SignIn::ambient()
}

fn anna() -> SignIn {
    SignIn::password("CORP\\anna", Secret::new("Anna-Passw0rd"))
}

fn bert() -> SignIn {
    SignIn::password("CORP\\bert", Secret::new("Bert-Passw0rd"))
}

fn statuses(seen: &[Seen]) -> Vec<u16> {
    seen.iter().map(|one| one.status).collect()
}

fn connections(seen: &[Seen]) -> usize {
    seen.iter().map(|one| one.port).collect::<BTreeSet<_>>().len()
}

/// The connections over which requests of more than one user went.
fn shared(seen: &[Seen]) -> Vec<u16> {
    let mut users: BTreeMap<u16, BTreeSet<&str>> = BTreeMap::new();
    for one in seen.iter().filter(|one| one.status != 401) {
        users.entry(one.port).or_default().insert(&one.user);
    }
    users.into_iter().filter(|(_, users)| users.len() > 1).map(|(port, _)| port).collect()
}

#[test]
fn with_a_ticket_at_hand_kerberos_takes_one_leg() {
    in_lab("with_a_ticket_at_hand_kerberos_takes_one_leg", |place| {
        let sign_in = ticket().schemes(&[Scheme::Negotiate]).mutual(Mutual::Require);
        let client = client(place.url("kerberos"), "one-leg", sign_in);
        ask(&client).expect("signed in");
        let seen = place.seen("one-leg", 1);
        assert_eq!((statuses(&seen), seen[0].user.as_str()), (vec![200], "operator@EXAMPLE.TEST"));
        assert_eq!(client.explain().chosen, Some(Scheme::Negotiate));
    });
}

#[test]
fn the_server_is_asked_first_and_what_it_wants_with_each_request_is_learnt() {
    in_lab("the_server_is_asked_first_and_what_it_wants_with_each_request_is_learnt", |place| {
        let client = client(place.url("kerberos"), "learnt", ticket());
        for _ in 0..4 {
            ask(&client).expect("signed in");
        }
        let seen = place.seen("learnt", 6);
        // Asked; then the connection was thought to be signed in, and is not.
        assert_eq!(statuses(&seen), [401, 200, 401, 200, 200, 200]);
        assert_eq!(connections(&seen), 1);
        assert_eq!(client.explain().offered, ["Negotiate"]);
    });
}

#[test]
fn a_connection_that_has_signed_in_is_not_asked_again() {
    in_lab("a_connection_that_has_signed_in_is_not_asked_again", |place| {
        for (way, name, sign_in, expected) in [
            ("bound", "bound-krb", ticket(), &[401, 200, 200, 200][..]),
            ("ntlm", "bound-ntlm", anna(), &[401, 401, 200, 200, 200]),
        ] {
            let client = client(place.url(way), name, sign_in);
            for _ in 0..3 {
                ask(&client).expect("signed in");
            }
            let seen = place.seen(name, expected.len());
            // The page of refusal has 200 kB, and the connection stays all the same.
            assert_eq!((statuses(&seen).as_slice(), connections(&seen)), (expected, 1), "{way}");
        }
    });
}

#[test]
fn kerberos_signs_in_by_password_keytab_and_a_file_of_tickets() {
    in_lab("kerberos_signs_in_by_password_keytab_and_a_file_of_tickets", |place| {
        let password = SignIn::password("operator@EXAMPLE.TEST", Secret::new("operator-password"));
        let keytab = ticket().keytab(place.file("batch.keytab")).principal("batch@EXAMPLE.TEST");
        let tickets = ticket().ccache(place.file("ccache"));
        for (name, sign_in, user) in [
            ("by-password", password, "operator@EXAMPLE.TEST"),
            ("by-keytab", keytab, "batch@EXAMPLE.TEST"),
            ("by-ccache", tickets, "operator@EXAMPLE.TEST"),
        ] {
            let client = client(place.url("kerberos"), name, sign_in);
            ask(&client).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(place.seen(name, 2)[1].user, user, "{}", client.explain());
        }
    });
}

#[test]
fn eight_threads_of_fifty_requests_have_eight_connections_and_no_refusal() {
    in_lab("eight_threads_of_fifty_requests_have_eight_connections_and_no_refusal", |place| {
        for (way, name, sign_in, legs) in [("ntlm", "many-ntlm", anna(), 2), ("bound", "many-krb", ticket(), 1)] {
            let client = client(place.url(way), name, sign_in);
            let barrier = std::sync::Barrier::new(8);
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        // All have a connection before one is given back.
                        let mut list = client.cards(Query::default()).expect("a query");
                        assert!(list.next().expect("a card").is_ok());
                        barrier.wait();
                        assert!(list.all(|card| card.is_ok()));
                        for _ in 0..50 {
                            ask(&client).expect("signed in");
                        }
                    });
                }
            });
            let let_in = |seen: &[Seen]| seen.iter().filter(|one| one.status == 200).count();
            let seen = place.seen_when(name, |seen| let_in(seen) >= 3 * 8 + 400);
            let refused = seen.iter().filter(|one| one.status != 200).count();
            assert_eq!(let_in(&seen), 3 * 8 + 400, "{way}: a list takes three requests");
            println!("{way}: {} connections, {refused} legs that were asked for", connections(&seen));
            assert!(connections(&seen) == 8 && shared(&seen).is_empty(), "{way}");
            // Each connection is asked once for each leg at most; Kerberos knows from the second on.
            assert!(refused <= 8 * legs, "{way}: {refused}");
        }
    });
}

#[test]
fn a_server_that_does_not_prove_who_it_is_is_told_of_or_refused() {
    in_lab("a_server_that_does_not_prove_who_it_is_is_told_of_or_refused", |_| {
        let card = r#"{"id":1013,"state":"Issued"}"#;
        let wrong = format!(
            "HTTP/1.1 200 OK\r\nWWW-Authenticate: Negotiate oRQwEqADCgEAoQsGCSqGSIb3EgECAg==\r\nContent-Length: {}\r\n\r\n{card}",
            card.len()
        );
        // The ticket is for localhost, and serves any program that listens there.
        let silent = cardwright_testkit::raw::Raw::answering(move |_| cardwright_testkit::raw::json(card));
        let lying = cardwright_testkit::raw::Raw::answering(move |_| wrong.clone().into_bytes());
        for (raw, mutual, enters) in
            [(&silent, Mutual::Warn, true), (&silent, Mutual::Require, false), (&lying, Mutual::Require, false)]
        {
            let sign_in = ticket().schemes(&[Scheme::Negotiate]).mutual(mutual);
            let url = format!("http://localhost:{}/api", raw.port());
            let asked = ask(&client(url, "mutual", sign_in));
            match asked {
                Ok(()) => assert!(enters, "{mutual:?}"),
                Err(error) => assert!(!enters && error.to_string().contains("who it is"), "{mutual:?}: {error}"),
            }
        }
    });
}

#[test]
fn two_users_never_share_a_connection() {
    let one = |port, user: &str| Seen { port, nth: 0, user: user.into(), status: 200, method: "GET".into() };
    assert_eq!(shared(&[one(1, "a"), one(2, "b"), one(1, "b")]), [1], "sharing would be seen");
    in_lab("two_users_never_share_a_connection", |place| {
        let clients = [("a", anna()), ("b", bert()), ("c", anna())]
            .map(|(name, sign_in)| (name, client(place.url("ntlm"), &format!("two-users-{name}"), sign_in)));
        std::thread::scope(|scope| {
            for _ in 0..3 {
                for (_, client) in &clients {
                    scope.spawn(|| (0..10).for_each(|_| ask(client).expect("signed in")));
                }
            }
        });
        let seen: Vec<Vec<Seen>> =
            clients.iter().map(|(name, _)| place.seen(&format!("two-users-{name}"), 32)).collect();
        let all: Vec<Seen> = seen.iter().flatten().cloned().collect();
        let users: BTreeSet<&str> = all.iter().filter(|one| one.status == 200).map(|one| one.user.as_str()).collect();
        assert_eq!(users.len(), 2, "{users:?}");
        assert!(shared(&all).is_empty());
        // Not even two clients of the same user.
        let ports = |seen: &[Seen]| seen.iter().map(|one| one.port).collect::<BTreeSet<_>>();
        assert!(ports(&seen[0]).is_disjoint(&ports(&seen[2])));
    });
}

#[test]
fn a_wrong_password_is_sent_once_by_however_many_threads() {
    in_lab("a_wrong_password_is_sent_once_by_however_many_threads", |place| {
        let wrong = |user: &str| SignIn::password(user, Secret::new("wrong"));
        for (way, name, user, at_most) in [("ntlm", "wrong-ntlm", "CORP\\anna", 1), ("basic", "wrong-basic", "anna", 1)]
        {
            let client = client(place.url(way), name, wrong(user));
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        for _ in 0..3 {
                            assert_eq!(ask(&client).expect_err("wrong").code(), Code::SignIn);
                        }
                    });
                }
            });
            let seen = place.seen(name, 8);
            let proofs = seen.iter().filter(|one| one.user != "-").count();
            assert!(seen.iter().all(|one| one.status == 401), "{way}");
            println!("{way}: {} requests, {proofs} with a name; {}", seen.len(), client.explain());
            // What is asked without a password does not count; the rest are the legs of one sign-in.
            let asked = if way == "ntlm" { 2 } else { 1 };
            assert!(seen.len() <= 8 + asked && proofs <= at_most, "{way}: {seen:?}");
            let said = ask(&client).expect_err("wrong").to_string();
            assert!(said.contains("not tried again"), "{said}");
        }
    });
}

#[test]
fn a_password_that_the_kdc_refuses_is_not_tried_by_ntlm() {
    in_lab("a_password_that_the_kdc_refuses_is_not_tried_by_ntlm", |place| {
        let sign_in = SignIn::password("operator@EXAMPLE.TEST", Secret::new("wrong"));
        let client = client(place.url("ntlm"), "kdc-refuses", sign_in);
        for _ in 0..3 {
            assert_eq!(ask(&client).expect_err("wrong").code(), Code::SignIn);
        }
        assert_eq!(place.seen("kdc-refuses", 1).len(), 1, "{}", client.explain());
        let log = std::fs::read_to_string(place.file("kdc.log")).expect("a log");
        let refused = log.lines().filter(|line| line.contains("PREAUTH_FAILED") && line.contains("operator"));
        assert_eq!(refused.count(), 1);
    });
}

#[test]
fn where_no_kdc_answers_ntlm_takes_its_place() {
    in_lab("where_no_kdc_answers_ntlm_takes_its_place", |place| {
        let down = SignIn::password("anna@DOWN.TEST", Secret::new("Anna-Passw0rd"));
        let client = client(place.url("ntlm"), "kdc-down", down);
        // That name NTLM does not know here; what counts is that it was asked.
        assert_eq!(ask(&client).expect_err("unknown").code(), Code::SignIn);
        let tried: Vec<Scheme> = client.explain().tried.iter().map(|(scheme, _)| *scheme).collect();
        assert_eq!(tried, [Scheme::Negotiate, Scheme::Ntlm], "{}", client.explain());
    });
}

#[test]
fn a_list_goes_on_when_its_connection_is_no_longer_signed_in() {
    in_lab("a_list_goes_on_when_its_connection_is_no_longer_signed_in", |place| {
        let builder = Client::<CertiFlow>::builder(place.url("ntlm")).credentials(anna()).user_agent("long-list");
        let client = builder.page_size(20).build().expect("usable");
        let whole = client.cards(Query::default()).expect("a query").filter(Result::is_ok).count();
        assert!(whole > 150, "{whole} cards");
        let mut cards = client.cards(Query::default()).expect("a query");
        let before = cards.by_ref().take(50).filter(Result::is_ok).count();
        // Apache closes what it has idle, with all who are signed in.
        std::thread::sleep(std::time::Duration::from_secs(6));
        let after = cards.filter(Result::is_ok).count();
        assert_eq!(before + after, whole);
        let seen = place.seen("long-list", 2 * (whole / 20) + 4);
        assert_eq!((connections(&seen), seen.iter().filter(|one| one.status == 401).count()), (2, 4));
    });
}

#[test]
fn a_change_is_carried_out_once_with_its_body() {
    in_lab("a_change_is_carried_out_once_with_its_body", |place| {
        let client = client(place.url("ntlm"), "change", anna());
        let mut cards = client
            .cards(Query { state: Some(cardwright_core::certiflow::CardState::Issued), ..Query::default() })
            .expect("a query");
        let card = cards.next().expect("a card").expect("readable");
        // The list still has the first connection: the change signs in on another.
        let outcome = client.revoke(&card, RevocationReason::CardLost).expect("an answer");
        assert!(matches!(outcome, Outcome { ending: Ending::Done, answer_lost: false, .. }), "{outcome:?}");
        drop(cards);
        let posts: Vec<Seen> = place.seen("change", 7).into_iter().filter(|one| one.method == "POST").collect();
        assert_eq!(statuses(&posts), [401, 401, 200], "{posts:?}");
    });
}

#[test]
fn over_tls_the_sign_in_is_bound_to_the_certificate() {
    in_lab("over_tls_the_sign_in_is_bound_to_the_certificate", |place| {
        for (way, name, sign_in) in [("kerberos", "tls-krb", ticket()), ("ntlm", "tls-ntlm", anna())] {
            let trust = Trust::only_added().add_pem(&place.certificate()).expect("a certificate");
            let builder = Client::<CertiFlow>::builder(place.tls_url(way)).credentials(sign_in).trust(trust);
            let client = builder.user_agent(name).build().expect("usable");
            for _ in 0..3 {
                ask(&client).expect("signed in");
            }
            assert_eq!(connections(&place.seen(name, 5)), 1, "{way}");
        }
    });
}

#[test]
fn no_log_however_fine_holds_a_password_or_a_token() {
    in_lab("no_log_however_fine_holds_a_password_or_a_token", |place| {
        let log = cardwright_testkit::log_keeper::Log::default();
        tracing::subscriber::set_global_default(log.clone()).expect("the first");
        log::set_boxed_logger(Box::new(log.clone())).expect("the first");
        log::set_max_level(log::LevelFilter::Trace);
        let by_password = SignIn::password("operator@EXAMPLE.TEST", Secret::new("operator-password"));
        let basic = SignIn::password("anna", Secret::new("Anna-Passw0rd"));
        let token = Credentials::Bearer(Secret::new("a.bearer.token"));
        let trust = Trust::only_added().add_pem(&place.certificate()).expect("a certificate");
        let all: [(&str, Credentials, bool); 5] = [
            ("kerberos", ticket().into(), true),
            ("kerberos", by_password.into(), true),
            ("ntlm", anna().into(), true),
            ("basic", basic.into(), true),
            ("basic", token, false),
        ];
        for (way, credentials, enters) in all {
            let builder = Client::<CertiFlow>::builder(place.tls_url(way)).trust(trust.clone());
            let client = builder.credentials(credentials).user_agent("logged").build().expect("usable");
            assert_eq!(ask(&client).is_ok(), enters, "{way}");
        }
        let text = log.text();
        assert!(text.contains("signing in") && text.contains("ureq") && text.contains("rustls"), "{text}");
        // In base64: "NTLMSSP", the beginnings of SPNEGO's messages, the pair of Basic.
        for secret in ["passw", "Passw", "TlRMTVNT", "Negotiate YI", "Negotiate oY", "YW5uYTpB", "a.bearer.token"] {
            let told = text.lines().find(|line| line.contains(secret));
            assert!(told.is_none(), "{secret}: {told:?}");
        }
        let in_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
        let is_token =
            |word: &&str| word.len() > 60 && ["YI", "oY", "TlRM"].iter().any(|begins| word.starts_with(begins));
        assert_eq!(text.split(|c| !in_base64(c)).find(is_token), None);
        println!("{} lines of log", text.lines().count());
    });
}

fn of_pyspnego(place: &Place, way: &str, sign_in: SignIn) -> Result<String, Error> {
    let trust = Trust::only_added().add_pem(&place.certificate()).expect("a certificate");
    let builder = Client::<CertiFlow>::builder(place.pyspnego_url(way)).credentials(sign_in).trust(trust);
    let card = builder.build()?.card("7")?.expect("a card");
    Ok(card.view().user_name().map(|name| name.to_cow().into_owned()).unwrap_or_default())
}

#[test]
fn pyspnego_takes_the_binding_of_its_own_certificate_and_no_other() {
    with_pyspnego("pyspnego_takes_the_binding_of_its_own_certificate_and_no_other", |place| {
        assert_eq!(of_pyspnego(place, "api", anna()).expect("signed in"), "CORP\\anna");
        for (way, sign_in) in [("elsewhere", anna()), ("api", anna().channel_bindings(false))] {
            let error = of_pyspnego(place, way, sign_in).expect_err("another channel, or none");
            assert_eq!(error.code(), Code::SignIn, "{way}: {error}");
        }
        let wrong = SignIn::password("CORP\\anna", Secret::new("wrong"));
        assert_eq!(of_pyspnego(place, "api", wrong).expect_err("wrong").code(), Code::SignIn);
    });
}

#[test]
fn ntlm_goes_by_the_name_negotiate_where_a_server_offers_nothing_else() {
    with_pyspnego("ntlm_goes_by_the_name_negotiate_where_a_server_offers_nothing_else", |place| {
        assert_eq!(of_pyspnego(place, "negotiate", anna()).expect("signed in"), "CORP\\anna");
        let wrong = SignIn::password("CORP\\anna", Secret::new("wrong"));
        let error = of_pyspnego(place, "negotiate", wrong).expect_err("wrong");
        let said = error.to_string();
        assert!(said.contains("offers Negotiate") && said.contains("CORP\\anna by NTLM"), "{said}");
        // Where NTLM is not allowed, it is not sent by another name either.
        let error = of_pyspnego(place, "negotiate", anna().schemes(&[Scheme::Negotiate])).expect_err("no ticket");
        assert!(error.to_string().contains("does not know the name CORP\\anna"), "{error}");
    });
}

#[test]
fn a_header_that_is_too_long_is_named() {
    in_lab("a_header_that_is_too_long_is_named", |place| {
        let token = Credentials::Bearer(Secret::new("x".repeat(64 * 1024)));
        let error = ask(&client(place.url("kerberos"), "long", token)).expect_err("too long");
        let said = error.to_string();
        assert!(matches!(error.status(), Some(400 | 431)), "{said}");
        assert!(said.contains("65543 bytes") && said.contains("MaxFieldLength"), "{said}");
    });
}

#[test]
fn an_explanation_tells_what_was_offered_and_tried_and_no_password() {
    in_lab("an_explanation_tells_what_was_offered_and_tried_and_no_password", |place| {
        for (way, name, sign_in, expected) in [
            ("ntlm", "explain-a", anna(), &["Negotiate, NTLM", "name@REALM", "NTLM: signed in as CORP\\anna"][..]),
            (
                "ntlm",
                "explain-b",
                anna().schemes(&[Scheme::Basic]),
                &["the server offers Negotiate, NTLM", "NTLM: not allowed"],
            ),
            ("basic", "explain-c", ticket(), &["the server offers Basic", "needs user and password"]),
            (
                "kerberos",
                "explain-d",
                ticket().ccache("/nonexistent"),
                &["there is no Kerberos ticket (", "offers Negotiate"],
            ),
        ] {
            let client = client(place.url(way), name, sign_in);
            let error = ask(&client).err().map(|error| error.to_string());
            let said = client.explain().to_string();
            for word in expected {
                assert!(said.contains(word), "{name}: {word}: {said}");
            }
            assert!(!said.contains("Passw0rd"), "{said}");
            // A refusal tells the same.
            assert!(error.is_none_or(|error| error.contains(&said)), "{name}");
        }
    });
}
