//! The examples in C and C++ that change a card, against a server that loses the answer, or answers what proves
//! nothing: none says that it is done unless the card, read again, shows it.
//!
//! The program is compiled by `cargo xtask test --only c`, which then runs the test that is ignored without it.

#![cfg(feature = "client")]

use cardwright_core::lifecycle::State;
use cardwright_server::{Fault, Faults, TestServer};
use std::process::{Command, Output};

const SERIAL: &str = "02A1B3C4";
const CARD: i64 = 7;

/// What the program says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Done,
    Unknown,
    /// Neither: it was refused, or nothing was sent.
    NotDone,
}

/// A server with one card of the number, or more.
fn server(ids: &[i64]) -> TestServer {
    let card = |id: &i64| format!(r#"{{"id":{id},"serialNumber":"{SERIAL}","state":"Issued","userName":"DEMO\\ip"}}"#);
    let cards: Vec<String> = ids.iter().map(card).collect();
    TestServer::with_cards(&cards.join("\n")).expect("it starts")
}

/// Runs the program; what it says of the card.
fn run(server: &TestServer) -> (Says, String) {
    let program = std::env::var_os("CARDWRIGHT_TEST_EXAMPLE").expect("cargo xtask test --only c names the program");
    let mut command = Command::new(program);
    command.arg(SERIAL).env("CARDWRIGHT_URL", server.certiflow_url());
    command.env("CARDWRIGHT_USER", TestServer::USER).env("CARDWRIGHT_PASSWORD", TestServer::PASSWORD);
    let Output { status, stdout, stderr } = command.output().expect("it starts");
    let said = String::from_utf8([stdout, stderr].concat()).expect("UTF-8");
    let last = said.lines().last().unwrap_or_default();
    let says = match (status.code(), last.contains("unknown")) {
        (Some(0), _) if last == format!("{SERIAL} is revoked") => Says::Done,
        (Some(1), true) => Says::Unknown,
        (Some(1), false) if !said.contains("is revoked") => Says::NotDone,
        _ => panic!("{status}: {said}"),
    };
    (says, said)
}

/// Of the requests that revoke a card, and only those.
fn revoke() -> Fault {
    Fault::at("**/revoke").method("POST")
}

#[test]
#[ignore = "cargo xtask test --only c compiles the program and runs this"]
fn an_example_says_done_only_where_the_card_shows_it() {
    let no_look = || Fault::at("**/cards/*").method("GET").status(500);
    let page = || revoke().status(200).body("text/html", "<html><title>Sign in</title></html>");
    let later = || revoke().status(202).body("application/json", r#"{"queued":true}"#);
    let cases: Vec<(&str, Vec<Fault>, Says, State)> = vec![
        ("all is well", vec![], Says::Done, State::Revoked),
        ("lost, and done", vec![revoke().close().carry_out()], Says::Done, State::Revoked),
        ("lost", vec![revoke().close()], Says::Unknown, State::Active),
        ("lost, done, not readable", vec![revoke().close().carry_out(), no_look()], Says::Unknown, State::Revoked),
        ("lost, not readable", vec![revoke().close(), no_look()], Says::Unknown, State::Active),
        ("a failure, and done", vec![revoke().status(500).carry_out()], Says::Done, State::Revoked),
        ("a failure", vec![revoke().status(500)], Says::Unknown, State::Active),
        ("a page, and done", vec![page().carry_out()], Says::Done, State::Revoked),
        ("a page", vec![page()], Says::Unknown, State::Active),
        ("later", vec![later()], Says::Unknown, State::Active),
        ("refused", vec![revoke().status(409)], Says::NotDone, State::Active),
    ];
    std::thread::scope(|scope| {
        for (why, faults, wanted, state) in cases {
            scope.spawn(move || {
                let server = server(&[CARD]);
                server.set_faults(Faults::of(faults).expect("they are faults"));
                let (says, said) = run(&server);
                assert_eq!(says, wanted, "{why}: {said}");
                assert_eq!(server.state(CARD).expect("the card"), state, "{why}");
            });
        }
    });
}

#[test]
#[ignore = "cargo xtask test --only c compiles the program and runs this"]
fn an_example_changes_no_card_of_two() {
    let two = server(&[CARD, 8]);
    let (says, said) = run(&two);
    assert_eq!(says, Says::NotDone, "{said}");
    for id in [CARD, 8] {
        assert_eq!(two.state(id).expect("the card"), State::Active);
    }
    assert_eq!(run(&server(&[])).0, Says::NotDone);
}
