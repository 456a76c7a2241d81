//! The old half of CertiFlow's API, in which a card is found by its user alone.

mod common;

use common::fake::{Fake, answer, json};
use common::{Done, cardwright, run};
use std::sync::Mutex;

const USER: &str = "ivan@demo.example";

/// Two cards of one user, of which the first can be revoked.
fn server() -> Fake {
    let state = Mutex::new("Issued");
    Fake::answering(move |line, _| {
        let mut state = state.lock().expect("no panic while held");
        match line {
            "GET /icmapi/user/getcards?name=ivan%40demo.example" => json(&format!(
                r#"[{{"id":"7","serialNumber":"AB01","state":"{state}"}},{{"id":"8","serialNumber":"AB02","state":"Issued"}}]"#
            )),
            line if line.starts_with("GET /icmapi/user/getcards?name=") => json("[]"),
            "POST /icmapi/card/revoke?id=7" => {
                *state = "Revoked";
                json("")
            }
            _ => answer("404 Not Found", "", ""),
        }
    })
}

fn ask(fake: &Fake, arguments: &[&str]) -> Done {
    run(cardwright(arguments).env("CARDWRIGHT_URL", fake.url("/icmapi")))
}

#[test]
fn an_address_that_ends_in_icmapi_is_g1_and_the_user_finds_the_card() {
    let fake = server();
    let listed = ask(&fake, &["cards", "--of", USER]);
    assert_eq!((listed.code, listed.out.lines().count()), (0, 3), "{listed:?}");
    for which in [["7", "--of", USER], ["--serial=ab02", "--of", USER]] {
        let shown = ask(&fake, &[&["operations"], &which[..]].concat());
        assert_eq!(shown.code, 0, "{shown:?}");
        assert!(shown.out.contains("Disable") && !shown.out.contains("Withdraw"), "{shown:?}");
    }
}

#[test]
fn an_operation_reads_the_card_again_by_its_user() {
    let fake = server();
    let done =
        ask(&fake, &["revoke", "--serial", "AB01", "--of", USER, "--reason", "CardLost", "--yes", "--json"]).json();
    assert_eq!((&done["outcome"], &done["after"]["name"]), (&"done".into(), &"Revoked".into()));
    assert!(
        fake.requests().iter().any(|request| request == r#"POST /icmapi/card/revoke?id=7 {"reason":2}"#
            || request.starts_with("POST /icmapi/card/revoke?id=7 ")),
        "{:?}",
        fake.requests()
    );
}

#[test]
fn a_list_of_a_users_cards_is_planned() {
    let fake = server();
    let list = std::env::temp_dir().join(format!("cardwright-g1-{}", std::process::id()));
    std::fs::write(&list, "7\n8\n").expect("written");
    let list = list.to_str().expect("UTF-8");
    let planned = ask(&fake, &["bulk", "disable", "--of", USER, "--from", list, "--plan", "--json"]);
    std::fs::remove_file(list).expect("removed");
    assert_eq!(planned.code, 0, "{planned:?}");
    assert_eq!(planned.json().as_array().expect("a list").len(), 2);
}

#[test]
fn what_g1_lacks_is_told_and_nothing_but_questions_is_sent() {
    let fake = server();
    for (arguments, expected) in [
        (vec!["card", "7"], "add --of USER"),
        (vec!["card", "--serial", "AB01"], "add --of USER"),
        (vec!["cards"], "add --of USER"),
        (vec!["cards", "--of", USER, "--state", "Issued"], "state"),
    ] {
        let refused = ask(&fake, &arguments);
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.err.contains(expected) && refused.err.contains("G1"), "{expected}: {refused:?}");
    }
    let (given, before) = (server(), fake.requests());
    assert!(before.iter().all(|request| request.starts_with("GET ")), "{before:?}");
    let told = run(cardwright(&["card", "7", "--dialect", "g1"]).env("CARDWRIGHT_URL", given.url("/icmapi")));
    assert!(told.code == 2 && told.err.contains("add --of USER"), "{told:?}");
    assert!(given.requests().is_empty(), "{:?}", given.requests());
    for (arguments, code) in [
        (vec!["withdraw", "7", "--of", USER, "--yes"], 2),
        (vec!["revoke", "7", "--of", USER, "--reason", "CardCompromised", "--yes"], 2),
        // An id is no serial number.
        (vec!["card", "--serial", "7", "--of", USER], 4),
        (vec!["card", "9", "--of", USER], 4),
        (vec!["card", "7", "--of", "nobody@demo.example"], 4),
    ] {
        let refused = ask(&fake, &arguments);
        assert_eq!(refused.code, code, "{refused:?}");
    }
    assert!(fake.requests().iter().all(|request| request.starts_with("GET ")), "{:?}", fake.requests());
}

#[test]
fn in_other_dialects_the_user_narrows_the_look_up_and_in_mim_it_is_refused() {
    let running = common::server();
    let found = common::certiflow(&running, &["card", "1013", "--of", r"DEMO\ipetrov", "--json"]);
    assert_eq!(found.code, 0, "{found:?}");
    let other = common::certiflow(&running, &["card", "--serial", "02A1B3C4", "--of", r"DEMO\nobody"]);
    assert_eq!(other.code, 4, "{other:?}");
    let refused = common::mim(&running, &["card", "438d1b30-f3b4-4bed-85fa-285e08605ba7", "--of", "x"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("leave --of out"), "{refused:?}");
}

#[test]
fn a_card_goes_through_its_life_on_a_whole_server() {
    let running = common::server();
    let url = running.icmapi_url();
    let old = |arguments: &[&str]| {
        let mut command = cardwright(arguments);
        command.env("CARDWRIGHT_URL", &url).env("CARDWRIGHT_USER", "administrator");
        run(command
            .args(["--serial", "02A1B3C4", "--of", "ipetrov@demo.example"])
            .env("CARDWRIGHT_PASSWORD", common::PASSWORD))
    };
    assert_eq!(old(&["card"]).code, 0);
    for (arguments, shown) in [
        (vec!["disable"], "Issued → Disabled"),
        (vec!["enable"], "Disabled → Issued"),
        (vec!["preupdate"], "Issued → Issued"),
        (vec!["revoke", "--reason", "6", "--yes"], "Issued → Revoked"),
    ] {
        let done = old(&arguments);
        assert_eq!(done.code, 0, "{done:?}");
        assert!(done.out.contains(shown), "{shown}: {done:?}");
    }
    // The old API fails where a newer one refuses, with a sentence. A failure may still be carried out.
    let refused = old(&["enable", "--settle", "0.05"]);
    assert!(refused.code == 8 && refused.out.contains("not allowed in the state Revoked"), "{refused:?}");
    assert_eq!(running.registry().audit(0, 100).expect("a log").len(), 5);
}
