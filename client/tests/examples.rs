//! The programs in `examples/`, run as processes against the real server: also one that loses the answer to an
//! operation, or proves nothing by it. None says that an operation is done unless the card shows it.

use cardwright_core::lifecycle::State;
use cardwright_server::{Fault, Faults, TestServer};
use cardwright_testkit::raw::{Raw, answer, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

const CARDS: &str = concat!(
    r#"{"id": 1, "state": "Issued", "serialNumber": "02A1B3C4", "userName": "EXAMPLE\\pat", "policyName": "Staff","#,
    r#" "certificates": [{"type": "Managed", "serialNumber": "01", "thumbprint": "0A", "subject": "Pat, \"the\" first","#,
    r#" "issuer": "CA", "validTo": "SOON"}]}"#,
    "\n",
    r#"{"id": 2, "state": "Issued", "serialNumber": "02A1B3C5", "userName": "EXAMPLE\\pat", "policyName": "Staff"}"#,
    "\n",
    r#"{"id": 3, "state": "Disabled", "serialNumber": "02A1B3C6", "userName": "EXAMPLE\\kim", "policyName": "Staff"}"#,
    "\n",
    r#"{"id": 4, "state": "Issued", "serialNumber": "02A1B3C7", "userName": "EXAMPLE\\lee", "policyName": "Staff"}"#,
    "\n",
);

/// The card of MIM CM's pages whose template has all operations, and one that somebody must approve.
const MIM_CARD: &str = "91c3e7a5-26d8-4b0f-a7e4-0f5c8d3b6219";
const TO_APPROVE: &str = "4e1b77c0-9a25-4f0d-b68c-3d52e1906f7a";

fn server() -> TestServer {
    let soon = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a clock").as_secs() + 10 * 86_400;
    let soon = cardwright_core::date::Moment::from_seconds(i64::try_from(soon).expect("a time")).to_string();
    TestServer::with_cards(&CARDS.replace("SOON", &soon)).expect("a server")
}

/// An example as a process, built where it is not, or older than its text.
fn example(name: &str, base: &str, arguments: &[&str]) -> Command {
    let text = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(format!("{name}.rs"));
    let program = std::env::current_exe().expect("a path");
    let folder = program.parent().and_then(Path::parent).expect("target/debug").join("examples");
    let program: PathBuf = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let changed = |path: &Path| path.metadata().and_then(|about| about.modified()).ok();
    if changed(&program) < changed(&text) {
        let built =
            Command::new(env!("CARGO")).args(["build", "-q", "-p", "cardwright-client", "--example", name]).status();
        assert!(built.expect("cargo").success(), "{name} is built");
    }
    let mut command = Command::new(program);
    command.args(arguments).env("CARDWRIGHT_URL", base);
    command.env("CARDWRIGHT_USER", TestServer::USER).env("CARDWRIGHT_PASSWORD", TestServer::PASSWORD);
    command.env("NO_PROXY", "*");
    command
}

fn run(server: &TestServer, name: &str, arguments: &[&str]) -> (String, String, Option<i32>) {
    told(example(name, &server.certiflow_url(), arguments).output().expect("it runs"))
}

fn told(output: Output) -> (String, String, Option<i32>) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[test]
fn a_lost_card_is_revoked() {
    let server = server();
    let (out, errors, code) = run(&server, "lost_card", &["02A1B3C4"]);
    assert_eq!((out.as_str(), code), ("card 1 of EXAMPLE\\pat is Revoked\n", Some(0)), "{errors}");
    assert_eq!(server.state(1).expect("a card"), State::Revoked);
    // Once more: the table documents that it cannot be.
    let (out, errors, code) = run(&server, "lost_card", &["02A1B3C4"]);
    assert_eq!((out.as_str(), code), ("", Some(1)), "{errors}");
    let (out, errors, code) = run(&server, "lost_card", &["0000"]);
    assert_eq!((out.as_str(), errors.contains("no such card"), code), ("", true, Some(1)), "{errors}");
}

#[test]
fn a_card_is_put_on_hold_and_the_hold_is_lifted() {
    let server = server();
    let (out, errors, _) = run(&server, "hold", &["on", "02A1B3C4"]);
    assert_eq!(out, "card 1 is Disabled\n", "{errors}");
    let (out, errors, _) = run(&server, "hold", &["off", "02A1B3C4"]);
    assert_eq!(out, "card 1 is Issued\n", "{errors}");
}

#[test]
fn certificates_that_end_soon_are_a_table() {
    let server = server();
    let (out, errors, code) = run(&server, "expiring", &["30"]);
    assert_eq!(code, Some(0), "{errors}");
    let lines: Vec<&str> = out.lines().collect();
    assert!(matches!(lines[..], ["ends,user,card,certificate", _]), "{out}");
    assert!(lines[1].ends_with(r#","EXAMPLE\pat","02A1B3C4","Pat, ""the"" first""#), "{out}");
    let (out, ..) = run(&server, "expiring", &["3"]);
    assert_eq!(out, "ends,user,card,certificate\n");
}

#[test]
fn a_policy_is_put_on_hold_and_a_run_that_stopped_goes_on() {
    let server = server();
    let folder = tempfile::tempdir().expect("a folder");
    let run = || {
        let mut example = example("bulk_hold", &server.certiflow_url(), &["Staff"]);
        told(example.current_dir(folder.path()).output().expect("it runs"))
    };
    // The second card's answer is lost, and it is not put on hold: the run stops there.
    server.fault(Fault::at("**/cards/2/disable").close()).expect("a fault");
    let (out, errors, code) = run();
    assert_eq!(code, Some(1), "{out}{errors}");
    assert!(out.contains("2: Unknown") && out.ends_with("1 of 3 cards are on hold\n"), "{out}{errors}");
    server.no_faults();
    server.set_state(2, State::Suspended).expect("somebody else did it");
    let (out, errors, code) = run();
    assert_eq!((out.as_str(), code), ("3 of 3 cards are on hold\n", Some(0)), "{errors}");
}

#[test]
fn a_call_is_given_up_after_its_time() {
    let server = server();
    let (out, errors, _) = run(&server, "cancel", &["02A1B3C4", "20"]);
    assert_eq!(out, "card 1 is Issued\n", "{errors}");
    server.fault(Fault::at("**/cards").latency(std::time::Duration::from_secs(20))).expect("a fault");
    let (out, errors, _) = run(&server, "cancel", &["02A1B3C4", "0.2"]);
    assert_eq!(out, "gave up after 0.2 s\n", "{errors}");
}

#[test]
fn headers_of_ones_own_go_with_each_request() {
    let gateway = Raw::answering(|request| {
        let has = |header: &str| request.lines().any(|line| line.to_ascii_lowercase().starts_with(header));
        let both = has("ocp-apim-subscription-key: 6f1c") && has("x-correlation-id: help-desk-");
        if both {
            json(r#"[{"id": 7, "state": "Issued", "serialNumber": "02A1B3C4"}]"#)
        } else {
            answer("401 No", "", "")
        }
    });
    let mut example = example("header", &gateway.url("/certiflow/api"), &["02A1B3C4"]);
    let (out, errors, _) = told(example.env("GATEWAY_KEY", "6f1c").output().expect("it runs"));
    assert!(out.starts_with("card 7 is Issued (help-desk-"), "{out}{errors}");
}

#[test]
fn the_cards_of_a_user_are_put_on_hold_by_futures() {
    let server = server();
    let (out, errors, code) = run(&server, "tokio", &["EXAMPLE\\pat"]);
    let mut lines: Vec<&str> = out.lines().collect();
    lines.sort_unstable();
    assert_eq!((lines.as_slice(), code), (&["card 1 is Disabled", "card 2 is Disabled"][..], Some(0)), "{errors}");
}

#[test]
fn a_card_of_mim_is_retired_once_it_is_approved() {
    let server = TestServer::start().expect("a server");
    let run = |arguments: &[&str]| told(example("retire", &server.mim_url(), arguments).output().expect("it runs"));
    let (out, errors, _) = run(&[MIM_CARD, "left the company"]);
    assert_eq!(out, "the card is retired\n", "{errors}");
    let (out, errors, code) = run(&[TO_APPROVE, "left the company"]);
    let request = out.strip_prefix("request ").and_then(|out| out.strip_suffix(" waits for approval\n"));
    let request = request.unwrap_or_else(|| panic!("{out}{errors}"));
    assert_eq!(code, Some(0));
    let (out, errors, _) = run(&["--request", request]);
    assert_eq!(out, format!("request {request} waits for approval\n"), "{errors}");
    let id = cardwright_core::identity::Guid::parse(request).expect("an id");
    server.registry().approve(id, "boss").expect("it is approved");
    let (out, errors, _) = run(&["--request", request]);
    assert_eq!(out, "the card is retired\n", "{errors}");
}

/// What a server does with an operation that it should answer as the vendor documents.
fn bad_answers() -> Vec<(&'static str, Fault)> {
    let operation = || Fault::at("**/cards/*/*").method("POST");
    vec![
        ("lost", operation().close()),
        ("a page", operation().status(200).body("text/html", "<html><title>Sign in</title></html>")),
        ("202 and a body", operation().status(202).body("application/json", r#"{"queued": true}"#)),
        ("500", operation().status(500)),
        ("broken off", operation().status(200).body("application/json", r#"{"ok": true}"#).truncate(3)),
    ]
}

/// What is done with the operation itself, and how the card is read afterwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Then {
    NotCarriedOut,
    CarriedOut,
    Unreadable,
}

#[test]
fn no_example_says_done_unless_the_card_shows_it() {
    let examples: [(&str, &[&str]); 4] = [
        ("lost_card", &["02A1B3C4"]),
        ("hold", &["on", "02A1B3C4"]),
        ("hold", &["off", "02A1B3C6"]),
        ("tokio", &["EXAMPLE\\lee"]),
    ];
    // Whatever an example writes of success.
    let success = ["Revoked", "is Disabled", "is Issued"];
    let mut looked_at = 0;
    std::thread::scope(|scope| {
        let mut runs = Vec::new();
        for (name, arguments) in examples {
            for (what, fault) in bad_answers() {
                for then in [Then::NotCarriedOut, Then::CarriedOut, Then::Unreadable] {
                    // Each kind of answer by one example, and the answer that is lost by all.
                    if name != "lost_card" && what != "lost" {
                        continue;
                    }
                    let fault = if then == Then::NotCarriedOut { fault.clone() } else { fault.clone().carry_out() };
                    runs.push(scope.spawn(move || {
                        let server = server();
                        let unreadable = Fault::at("**/cards/*").method("GET").status(500);
                        let faults = if then == Then::Unreadable { vec![fault, unreadable] } else { vec![fault] };
                        server.set_faults(Faults::of(faults).expect("faults"));
                        let (out, errors, code) = run(&server, name, arguments);
                        let told = format!("{name} {arguments:?}, {what}, {then:?}: {code:?}\n{out}{errors}");
                        if then == Then::CarriedOut {
                            // It was carried out, and the card shows it.
                            assert_eq!(code, Some(0), "{told}");
                        } else {
                            assert_ne!(code, Some(0), "{told}");
                            assert!(out.contains("unknown") || errors.contains("nknown"), "{told}");
                            assert!(!success.iter().any(|word| out.contains(word)), "{told}");
                        }
                    }));
                }
            }
        }
        for run in runs {
            run.join().unwrap_or_else(|failed| std::panic::resume_unwind(failed));
            looked_at += 1;
        }
    });
    assert_eq!(looked_at, (5 + 3) * 3);
}

#[test]
fn no_example_of_mim_says_done_unless_the_card_shows_it() {
    std::thread::scope(|scope| {
        let mut runs = Vec::new();
        for (path, method) in [("**/requests", "POST"), ("**/smartcards/*", "PUT"), ("**/requests/*", "PUT")] {
            for carry_out in [false, true] {
                runs.push(scope.spawn(move || {
                    let server = TestServer::start().expect("a server");
                    let fault = Fault::at(path).method(method).close();
                    server.fault(if carry_out { fault.carry_out() } else { fault }).expect("a fault");
                    let before = example("retire", &server.mim_url(), &[MIM_CARD, "lost"]).output().expect("it runs");
                    let (out, errors, code) = told(before);
                    let told = format!("{method} {path}, carried out: {carry_out}: {code:?}\n{out}{errors}");
                    // Of the request that sets the card's status, and of the one that completes, the card and the
                    // request show that they were carried out; that a request was made shows nowhere.
                    let shows = carry_out && method == "PUT";
                    assert_eq!((code == Some(0), out == "the card is retired\n"), (shows, shows), "{told}");
                }));
            }
        }
        runs.into_iter().for_each(|run| run.join().unwrap_or_else(|failed| std::panic::resume_unwind(failed)));
    });
}
