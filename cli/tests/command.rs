//! The command as people and scripts use it, against a real server.

mod common;

use common::{PASSWORD, cardwright, certiflow, mim, run, server};

const STORY_SERIAL: &str = "02A1B3C4";
const CARD_ID: &str = "{d1ef6869-5517-42a0-8f05-16ca1a0b834d}";

#[test]
fn cards_are_listed_as_a_table_and_as_json() {
    let running = server();
    let table = certiflow(&running, &["cards", "--state", "Issued", "--limit", "3"]);
    assert_eq!((table.code, table.out.lines().count()), (0, 4), "{table:?}");
    assert!(table.out.starts_with("ID"), "{table:?}");
    assert!(table.err.contains("3 cards in "), "{table:?}");
    let all = certiflow(&running, &["cards", "--json"]).json();
    let issued = certiflow(&running, &["cards", "--json", "--state", "issued"]).json();
    let of = |cards: &serde_json::Value| cards.as_array().expect("a list").len();
    assert!(of(&all) > of(&issued) && of(&issued) > 0);
    assert!(issued.as_array().expect("a list").iter().all(|card| card["state"] == "Issued"));
    assert_eq!(certiflow(&running, &["cards", "--json", "--serial", "no such"]).json(), serde_json::json!([]));
}

#[test]
fn a_card_is_shown_with_what_may_be_done() {
    let running = server();
    let shown = certiflow(&running, &["card", "--serial", STORY_SERIAL]);
    assert_eq!(shown.code, 0, "{shown:?}");
    for expected in [STORY_SERIAL, "Issued", "Disable", "leads to Disabled (documented)"] {
        assert!(shown.out.contains(expected), "{expected}: {}", shown.out);
    }
    let shown = mim(&running, &["card", "--serial", CARD_ID, "--json"]).json();
    assert_eq!(shown["card"]["SerialNumber"], CARD_ID);
    assert_eq!(shown["state"]["evidence"], "assumed");
    let words: Vec<&str> =
        shown["operations"].as_array().expect("a list").iter().map(|o| o["word"].as_str().expect("a word")).collect();
    assert_eq!(words, ["renew", "unblock", "retire"]);
}

#[test]
fn a_card_goes_through_its_life_and_each_step_is_logged() {
    let running = server();
    for (arguments, shown) in [
        (vec!["disable"], "Issued → Disabled"),
        (vec!["enable"], "Disabled → Issued"),
        (vec!["preupdate"], "Issued → Issued"),
        (vec!["revoke", "--reason", "2", "--yes"], "Issued → Revoked"),
        (vec!["withdraw", "--yes"], "Revoked → Clean"),
    ] {
        let arguments = [arguments, vec!["--serial", STORY_SERIAL]].concat();
        let done = certiflow(&running, &arguments);
        assert_eq!(done.code, 0, "{done:?}");
        assert!(done.out.contains(shown), "{shown}: {done:?}");
    }
    assert_eq!(running.registry().audit(0, 100).expect("a log").len(), 5);
}

#[test]
fn a_dry_run_shows_the_request_and_sends_nothing() {
    let running = server();
    let dry = certiflow(&running, &["revoke", "--serial", STORY_SERIAL, "--reason", "CardLost", "--dry-run"]);
    assert_eq!(dry.code, 0, "{dry:?}");
    assert!(dry.out.contains("/Revoke?reason=CardLost") && dry.out.contains("documented"), "{dry:?}");
    let dry = mim(&running, &["retire", "--serial", CARD_ID, "--dry-run", "--json"]).json();
    assert_eq!(dry["requests"].as_array().expect("a list").len(), 5);
    assert_eq!(dry["listed_by_server"], true);
    let dry = certiflow(&running, &["withdraw", "--serial", STORY_SERIAL, "--dry-run"]);
    assert_eq!(dry.code, 3, "not allowed: {dry:?}");
    assert!(running.registry().audit(0, 100).expect("a log").is_empty());
}

#[test]
fn a_card_is_retired_in_mim_by_the_request_workflow() {
    let running = server();
    let done = mim(&running, &["retire", "--serial", CARD_ID, "--comment", "broken", "--yes", "--json"]);
    assert_eq!(done.code, 0, "{done:?}");
    let done = done.json();
    assert_eq!(
        (&done["before"]["name"], &done["after"]["name"], &done["card"]["Status"]),
        (&"Active".into(), &"Retired".into(), &6.into())
    );
}

#[test]
fn exit_codes_tell_what_happened() {
    let running = server();
    let code = |done: common::Done| (done.code, done.err);
    // 2: what the system does not have, or what was not said.
    let (exit, said) = code(mim(&running, &["disable", "--serial", CARD_ID]));
    assert_eq!(exit, 2);
    assert!(said.contains("Reinstate, Revoke, Retire") && said.contains("final"), "{said}");
    assert_eq!(code(certiflow(&running, &["revoke", "--serial", STORY_SERIAL])).0, 2);
    assert_eq!(code(certiflow(&running, &["retire", "1013"])).0, 2);
    assert_eq!(code(certiflow(&running, &["card"])).0, 2);
    assert_eq!(code(certiflow(&running, &["cards", "--dialect", "g6", "--policy", "x"])).0, 2);
    assert_eq!(code(mim(&running, &["cards", "--state", "Issued"])).0, 2);
    assert_eq!(run(&mut cardwright(&["cards"])).code, 2);
    // 3: refused by the server, with its words; and by the tables.
    let (exit, said) = code(certiflow(&running, &["enable", "--serial", STORY_SERIAL]));
    assert_eq!(exit, 3);
    assert!(said.contains("(status 409)"), "{said}");
    assert_eq!(code(certiflow(&running, &["enable", "--serial", STORY_SERIAL, "--check", "strict"])).0, 3);
    assert_eq!(code(mim(&running, &["revoke", "--serial", CARD_ID, "--yes"])).0, 3, "not in the server's list");
    // 4: no such card.
    assert_eq!(code(certiflow(&running, &["card", "999999"])).0, 4);
    assert_eq!(code(mim(&running, &["card", "--serial", "00000000-0000-0000-0000-00000000000f"])).0, 4);
    // 5: wrong password, and a role that may only look.
    let mut wrong = cardwright(&["cards", "--json"]);
    wrong.env("CARDWRIGHT_URL", running.certiflow_url()).env("CARDWRIGHT_USER", "administrator");
    let (exit, said) = code(run(wrong.env("CARDWRIGHT_PASSWORD", "wrong")));
    assert_eq!(exit, 5);
    let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(said["code"], 701);
    let mut viewer = cardwright(&["disable", "1013"]);
    viewer.env("CARDWRIGHT_URL", running.certiflow_url()).env("CARDWRIGHT_USER", "viewer");
    assert_eq!(run(viewer.env("CARDWRIGHT_PASSWORD", PASSWORD)).code, 5);
    // 6: nobody there.
    let mut gone = cardwright(&["cards"]);
    assert_eq!(run(gone.env("CARDWRIGHT_URL", "http://127.0.0.1:9/certiflow/api")).code, 6);
}

#[test]
fn a_password_may_come_from_a_file() {
    let running = server();
    let file = std::env::temp_dir().join(format!("cardwright-password-{}", std::process::id()));
    std::fs::write(&file, format!("{PASSWORD}\nsecond line\n")).expect("a file");
    let mut command = cardwright(&["cards", "--limit", "1", "--user", "viewer", "--password-file"]);
    let done = run(command.arg(&file).args(["--url", &running.certiflow_url()]));
    std::fs::remove_file(&file).expect("removed");
    assert_eq!(done.code, 0, "{done:?}");
}

#[test]
fn an_atr_is_taken_apart() {
    let done = run(&mut cardwright(&["atr", "3b8d0180fba000000397425446590301c8"]));
    assert_eq!(done.code, 0);
    for expected in ["direct convention", "13 historical bytes", "TCK   right", "T=1"] {
        assert!(done.out.contains(expected), "{expected}: {}", done.out);
    }
    let json = run(&mut cardwright(&["atr", "--json", "3B 8D 01 80 FB A0 00 00 03 97 42 54 46 59 03 01 C9"])).json();
    assert_eq!((&json["tck"], &json["tck_right"], &json["tck_ok"]), (&0xC9.into(), &0xC8.into(), &false.into()));
    assert_eq!(json["findings"][0], "tck-wrong");
    let wrong = run(&mut cardwright(&["atr", "3b8g"]));
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("at byte 3") && wrong.err.contains("'g'"), "{wrong:?}");
}
