//! The question before what cannot be undone, and whose card a result says it is about.

mod common;

use cardwright_server::Running;
use common::fake::{Fake, json};
use common::terminal::on_a_terminal;
use common::{PASSWORD, certiflow, mim, server, server_with};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const CARD: &str = "1013";
const SERIAL: &str = "02A1B3C4";
const HOLDER: &str = r"DEMO\ipetrov";
const UUID: &str = "d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32";

fn operations(running: &Running) -> usize {
    running.registry().audit(0, 100).expect("a log").len()
}

#[test]
fn what_cannot_be_undone_takes_yes_where_nobody_can_be_asked() {
    let running = server();
    let reason = ["--reason", "CardLost"];
    for (by_mim, arguments) in [
        (false, [&["revoke", CARD][..], &reason].concat()),
        (false, [&["revoke", "--serial", SERIAL][..], &reason].concat()),
        (false, vec!["withdraw", CARD, "--check", "off"]),
        (true, vec!["retire", UUID]),
        (true, vec!["revoke", UUID]),
    ] {
        let ask = |more: &[&'static str]| {
            let arguments = [&arguments[..], more].concat();
            if by_mim { mim(&running, &arguments) } else { certiflow(&running, &arguments) }
        };
        let refused = ask(&[]);
        assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{refused:?}");
        assert!(refused.err.contains("next: --yes does it without asking"), "{refused:?}");
        assert_eq!(operations(&running), 0);
        // What would be sent is shown to everybody.
        let dry = ask(&["--dry-run"]);
        assert!(dry.out.contains("nothing was sent"), "{dry:?}");
    }
    let done = certiflow(&running, &["revoke", CARD, "--reason", "CardLost", "--yes"]);
    assert_eq!(done.code, 0, "{done:?}");
    let done = certiflow(&running, &["withdraw", "--serial", SERIAL, "--yes"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.contains(HOLDER), "who had it until then: {done:?}");
    // A hold can be lifted: nobody is asked.
    assert_eq!(certiflow(&running, &["disable", "1065"]).code, 0);
    assert_eq!(certiflow(&running, &["enable", "1065"]).code, 0);
}

#[test]
fn what_the_system_lacks_is_told_before_anybody_is_asked() {
    let running = server();
    let lacks = certiflow(&running, &["withdraw", CARD, "--dialect", "g6"]);
    assert_eq!((lacks.code, lacks.err.contains("G6")), (2, true), "{lacks:?}");
    for (arguments, said) in [
        (&["revoke", CARD, "--reason", "CardLost", "--comment", "x", "--yes"][..], "no comment"),
        (&["disable", CARD, "--comment", "x"], "no comment"),
        (&["bulk", "disable", "--all", "--request-comment", "x", "--expect", "1"], "no comment"),
        (&["bulk", "disable", "--all", "--reason", "CardLost", "--expect", "1"], "no reason"),
        (&["bulk", "disable", "--from", "list", "--limit", "1", "--expect", "1"], "at once"),
        (&["revoke", CARD, "--reason", "CardLost", "--yes", "--other-atr"], "cannot be used with"),
        (&["cards", "--csv-raw"], "--csv-raw"),
    ] {
        let refused = certiflow(&running, arguments);
        assert_eq!((refused.code, refused.err.contains(said)), (2, true), "{arguments:?}: {refused:?}");
    }
    let refused = mim(&running, &["retire", UUID, "--dialect", "g6", "--yes"]);
    assert_eq!((refused.code, refused.err.contains("no dialects")), (2, true), "{refused:?}");
    assert_eq!(operations(&running), 0);
}

#[test]
fn at_a_terminal_only_a_typed_yes_goes_on() {
    let running = server();
    for (typed, code) in [("\n", 3), ("n\n", 3), ("yess\n", 3), ("y\n", 0)] {
        let url = running.certiflow_url();
        let arguments = ["revoke", CARD, "--reason", "CardLost", "--user", "administrator", "--url", &url];
        let Some(mut terminal) = on_a_terminal("[y/N] ", &arguments) else { return };
        terminal.env("CARDWRIGHT_PASSWORD", PASSWORD).env("TYPED", typed);
        let output = terminal.output().expect("python3 runs");
        let shown = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{typed:?}: {shown}");
        let question = shown.split("[y/N] ").next().expect("a question");
        for named in [HOLDER, SERIAL, "Issued", &url, "cannot be undone"] {
            assert!(question.contains(named), "{named}: {shown}");
        }
        assert_eq!(operations(&running), usize::from(code == 0));
    }
}

#[test]
fn a_result_names_serial_number_holder_and_server() {
    let running = server();
    let (url, mim_url) = (running.certiflow_url(), running.mim_url());
    for arguments in [&["disable", CARD, "--dry-run"][..], &["disable", CARD], &["enable", "--serial", SERIAL]] {
        let done = certiflow(&running, arguments);
        for named in [SERIAL, HOLDER, &url] {
            assert!(done.out.contains(named), "{named}: {done:?}");
        }
    }
    let refused = certiflow(&running, &["enable", CARD]);
    assert_eq!(refused.code, 3);
    for named in [SERIAL, HOLDER, &url] {
        assert!(refused.err.contains(named), "{named}: {refused:?}");
    }
    for arguments in [&["disable", CARD, "--dry-run", "--json"][..], &["disable", CARD, "--json"]] {
        let done = certiflow(&running, arguments).json();
        assert_eq!((&done["id"], &done["serial_number"]), (&CARD.into(), &SERIAL.into()));
        assert_eq!((&done["holder"], &done["server"]), (&HOLDER.into(), &url.clone().into()));
    }
    let bulk = ["bulk", "enable", "--serial", SERIAL, "--expect", "1", "--journal"];
    let journal = common::process::folder("consent-journal");
    let journal = journal.to_str().expect("UTF-8");
    let done = certiflow(&running, &[&bulk[..], &[journal, "--json"]].concat());
    let row = &done.json()[0];
    assert_eq!(
        (&row["serial_number"], &row["holder"], &row["server"]),
        (&SERIAL.into(), &HOLDER.into(), &url.clone().into())
    );
    assert!(done.err.contains(&format!("enable 1 card, on {url}")), "{done:?}");
    // Who resumes it reads the same in the journal.
    let resumed = certiflow(&running, &["bulk", "--resume", journal, "--json"]).json();
    assert_eq!(&resumed[0]["holder"], HOLDER);
    std::fs::remove_file(journal).expect("removed");

    let done = mim(&running, &["retire", UUID, "--yes", "--json"]).json();
    assert_eq!((&done["server"], done["holder"].as_str().map(str::len)), (&mim_url.clone().into(), Some(36)));
    let request = done["request"].as_str().expect("a request");
    let shown = mim(&running, &["request", "show", request]);
    assert!(shown.out.contains(&mim_url), "{shown:?}");
    let json = mim(&running, &["request", "show", request, "--json"]).json();
    assert_eq!((&json["server"], &json["serial_number"]), (&mim_url.into(), &done["serial_number"]));
    assert_eq!(json["step"], "awaiting approval");
}

/// A request of the card's, which was approved or needs nobody's approval, and is not carried out.
fn waiting(running: &Running) -> String {
    let asked = mim(running, &["retire", UUID, "--yes", "--json"]);
    assert_eq!(asked.code, 7, "{asked:?}");
    asked.json()["request"].as_str().expect("a request").to_string()
}

#[test]
fn a_request_that_retires_a_card_is_continued_after_a_yes() {
    let running = server_with(|config| config.operator = true);
    let request = waiting(&running);
    let goes_on = ["request", "continue", &request];
    let refused = mim(&running, &goes_on);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{refused:?}");
    assert!(refused.err.contains("next: --yes does it without asking"), "{refused:?}");
    // One that is not approved yet waits on.
    assert_eq!(mim(&running, &[&goes_on[..], &["--yes"]].concat()).code, 7);
    let before = operations(&running);
    for (typed, code) in [("\n", 3), ("n\n", 3), ("y\n", 7)] {
        let url = running.mim_url();
        let arguments = [&goes_on[..], &["--user", "administrator", "--url", &url]].concat();
        let Some(mut terminal) = on_a_terminal("[y/N] ", &arguments) else { return };
        terminal.env("CARDWRIGHT_PASSWORD", PASSWORD).env("TYPED", typed);
        let output = terminal.output().expect("python3 runs");
        let shown = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{typed:?}: {shown}");
        let question = shown.split("[y/N] ").next().expect("a question");
        for named in [request.as_str(), UUID, "Active", &url, "retire this card?", "cannot be undone"] {
            assert!(question.contains(named), "{named}: {shown}");
        }
        assert_eq!(operations(&running), before);
    }
    // Of one that has ended nothing is sent, and nothing is asked.
    assert_eq!(mim(&running, &["request", "cancel", &request]).code, 0);
    let ended = mim(&running, &goes_on);
    assert_eq!((ended.code, ended.err.contains("Canceled")), (3, true), "{ended:?}");
}

#[test]
fn a_card_that_changes_during_the_question_is_left_alone() {
    let reads = Arc::new(AtomicUsize::new(0));
    for (now, said) in [
        (r#""serialNumber":"02A1B3C4","state":"Disabled","userName":"EXAMPLE\\user1""#, "state Disabled where Issued"),
        (r#""serialNumber":"02A1B3C4","state":"Issued","userName":"EXAMPLE\\user2""#, r"user2 where EXAMPLE\user1"),
        (r#""serialNumber":"0BADCAFE","state":"Issued","userName":"EXAMPLE\\user1""#, "serial number 0BADCAFE"),
    ] {
        reads.store(0, Ordering::SeqCst);
        let count = Arc::clone(&reads);
        let fake = Fake::answering(move |_, _| {
            let first = r#""serialNumber":"02A1B3C4","state":"Issued","userName":"EXAMPLE\\user1""#;
            let facts = if count.fetch_add(1, Ordering::SeqCst) == 0 { first } else { now };
            json(&format!("{{\"id\":1013,{facts}}}"))
        });
        let url = fake.url("/certiflow/api");
        let arguments = ["revoke", CARD, "--reason", "CardLost", "--auth", "none", "--url", &url];
        let Some(mut terminal) = on_a_terminal("[y/N] ", &arguments) else { return };
        let output = terminal.env("TYPED", "y\n").output().expect("python3 runs");
        let shown = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{shown}");
        assert!(shown.contains(said) && shown.contains("nothing was sent"), "{shown}");
        let requests = fake.requests();
        assert!(requests.len() == 2 && requests.iter().all(|request| request.starts_with("GET ")), "{requests:?}");
    }
}
