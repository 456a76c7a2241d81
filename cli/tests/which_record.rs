//! The record of the card in a reader: its own, one that may be another card's, or none.

#![cfg(all(target_os = "linux", feature = "reader"))]

mod common;

use cardwright_reader::virtual_card::Script;
use cardwright_server::{Running, seed};
use cardwright_testkit::readers::{READERS, in_lab};
use common::terminal::on_a_terminal;
use common::{PASSWORD, certiflow, server};

const YUBIKEY: &str = "23852774";
const GUID: &str = "E603124B-B240-4D5F-9A0B-1C2D3E4F5061";

/// The sample card `yubikey`, serial 23852774, with a CHUID: a GUID of its own, or none, and the FASC-N of zero
/// digits that a tool writes into every card (OpenSC pull request 3270).
fn yubikey(guid: &str) -> Script {
    let guid = guid.replace('-', "");
    let fasc_n = "D04210D821086C1084210D836858210842108421C84210C3EB";
    let chuid = format!("533B3019{fasc_n}3410{guid}350832303330303130313E00FE009000");
    let text = include_str!("../../reader/cards/yubikey.json");
    let with_chuid = text.replace("\"6A82\"", &format!("\"{chuid}\""));
    assert_ne!(with_chuid, text);
    Script::parse(&with_chuid, None).expect("a script")
}

/// A server with cards of these serial numbers, of which the first has id 9001.
fn server_with(serials: &[&str]) -> Running {
    let running = server();
    let lines = (9001..).zip(serials).map(|(id, serial)| {
        format!("{{\"id\":{id},\"state\":\"Issued\",\"serialNumber\":\"{serial}\",\"userName\":\"DEMO\\\\ipetrov\"}}\n")
    });
    seed::inventory(running.registry(), lines.collect::<String>()).expect("cards");
    running
}

fn states<const N: usize>(running: &Running, ids: [&str; N]) -> [String; N] {
    ids.map(|id| {
        let card = certiflow(running, &["card", id, "--json"]).json();
        card["state"]["name"].as_str().expect("a state").to_string()
    })
}

/// What a search by the weaker GUID alone has to say.
const EVIDENCE: [&str; 6] =
    ["YubiKey serial 23852774 or 016BF6E6", "CHUID GUID", "another card's", "ipetrov, serial", "Issued", "id 9001"];

#[test]
fn the_strongest_identifier_has_the_record_whatever_a_weaker_one_would_find() {
    in_lab("the_strongest_identifier_has_the_record_whatever_a_weaker_one_would_find", |lab| {
        let running = server_with(&[GUID, "016BF6E6"]);
        let _card = lab.insert(0, yubikey(GUID));
        let done = certiflow(&running, &["disable", "--from-reader", "--yes", "--json"]);
        assert_eq!(done.code, 0, "{done:?}");
        let json = done.json();
        assert_eq!((&json["by"]["source"], &json["passed_over"]), (&"YubiKey serial".into(), &serde_json::json!([])));
        assert_eq!(states(&running, ["9001", "9002"]), ["Issued", "Disabled"]);
    });
}

#[test]
fn what_only_a_weaker_identifier_finds_is_not_changed_by_any_option() {
    in_lab("what_only_a_weaker_identifier_finds_is_not_changed_by_any_option", |lab| {
        let running = server_with(&[GUID]);
        let _card = lab.insert(0, yubikey(GUID));
        let disable = ["disable", "--from-reader"];
        for more in [&[][..], &["--yes"], &["--yes", "--json"], &["--yes", "--other-atr"]] {
            let refused = certiflow(&running, &[&disable, more].concat());
            assert_eq!((refused.code, refused.out.as_str()), (3, ""), "{more:?}: {refused:?}");
            for said in EVIDENCE.iter().chain(&["name it by its id"]) {
                assert!(refused.err.contains(said), "{said}: {refused:?}");
            }
        }
        // Neither is it shown as the card's.
        for look in
            [&["card", "--from-reader"][..], &["operations", "--from-reader"], &["card", "--from-reader", "--json"]]
        {
            let refused = certiflow(&running, look);
            assert_eq!((refused.code, refused.out.as_str()), (3, ""), "{refused:?}");
            assert!(EVIDENCE.iter().all(|said| refused.err.contains(said)), "{refused:?}");
        }
        let plan = certiflow(&running, &["disable", "--from-reader", "--dry-run"]);
        assert_eq!((plan.code, plan.out.contains("nothing was sent")), (3, true), "{plan:?}");
        assert!(EVIDENCE.iter().all(|said| plan.out.contains(said)), "{plan:?}");
        assert_eq!(states(&running, ["9001"]), ["Issued"]);
        let named = certiflow(&running, &["disable", "9001"]);
        assert_eq!((named.code, states(&running, ["9001"])), (0, ["Disabled".to_string()]), "{named:?}");
    });
}

#[test]
fn a_person_who_has_read_the_evidence_may_say_that_it_is_the_cards() {
    in_lab("a_person_who_has_read_the_evidence_may_say_that_it_is_the_cards", |lab| {
        let running = server_with(&[GUID]);
        let url = running.certiflow_url();
        let _card = lab.insert(0, yubikey(GUID));
        let answer = |more: &[&str], typed: &str| {
            let arguments = ["disable", "--from-reader", "--user", "administrator", "--url", &url];
            let mut command = on_a_terminal("[y/N] ", &[&arguments, more].concat())?;
            let output =
                command.env("CARDWRIGHT_PASSWORD", PASSWORD).env("TYPED", typed).output().expect("python3 runs");
            Some((output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned()))
        };
        for (more, typed, code, after) in [
            (&[][..], "\n", 3, "Issued"),
            (&[], "n\n", 3, "Issued"),
            (&["--yes"], "y\n", 3, "Issued"),
            (&[], "y\n", 0, "Disabled"),
        ] {
            let Some((status, shown)) = answer(more, typed) else { return };
            assert_eq!(status, Some(code), "{typed:?}: {shown}");
            for said in EVIDENCE {
                assert!(shown.contains(said), "{said}: {shown}");
            }
            assert_eq!(states(&running, ["9001"]), [after], "{typed:?}: {shown}");
        }
    });
}

#[test]
fn numbers_that_other_cards_have_too_find_nothing() {
    in_lab("numbers_that_other_cards_have_too_find_nothing", |lab| {
        let defaults = ["D04210D821086C1084210D836858210842108421C84210C3EB", "00000000000000000000000000000000"];
        let running = server_with(&defaults);
        let _card = lab.insert(0, yubikey(defaults[1]));
        for more in [&["--yes"][..], &["--yes", "--other-atr"]] {
            let none = certiflow(&running, &[&["disable", "--from-reader"], more].concat());
            assert_eq!((none.code, none.out.as_str()), (4, ""), "{none:?}");
            assert!(none.err.contains("no record") && !none.err.contains("ipetrov"), "{none:?}");
        }
        assert_eq!(states(&running, ["9001", "9002"]), ["Issued"; 2]);
    });
}

#[test]
fn two_spellings_of_one_number_that_find_two_records_are_an_error() {
    in_lab("two_spellings_of_one_number_that_find_two_records_are_an_error", |lab| {
        let running = server_with(&[YUBIKEY, "016BF6E6"]);
        let _card = lab.insert(0, yubikey(GUID));
        for arguments in [&["disable", "--from-reader", "--yes"][..], &["card", "--from-reader"]] {
            let both = certiflow(&running, arguments);
            assert_eq!((both.code, both.out.as_str()), (1, ""), "{both:?}");
            for said in ["2 records", READERS[0], "id 9001", "id 9002"] {
                assert!(both.err.contains(said), "{said}: {both:?}");
            }
        }
        assert_eq!(states(&running, ["9001", "9002"]), ["Issued", "Issued"]);
    });
}
