//! From the card in a reader to its record and its operations, on a pcscd and a server of the test's own.

#![cfg(all(target_os = "linux", feature = "reader"))]

mod common;

use cardwright_server::{Running, seed};
use cardwright_testkit::readers::{self as lab, READERS, in_lab, script};
use common::fake::{Fake, answer, json};
use common::terminal::on_a_terminal;
use common::{Done, PASSWORD, cardwright, certiflow, mim, run, server};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

const CARD_ID: &str = "{d1ef6869-5517-42a0-8f05-16ca1a0b834d}";

/// The sample card `yubikey`, as these records of CertiFlow's have it.
fn with_yubikeys(running: &Running, serials: &[&str]) {
    let lines = (9001..).zip(serials).map(|(id, serial)| {
        format!("{{\"id\":{id},\"state\":\"Issued\",\"serialNumber\":\"{serial}\",\"userName\":\"DEMO\\\\ipetrov\"}}\n")
    });
    seed::inventory(running.registry(), lines.collect::<String>()).expect("cards");
}

/// The state of a record, as the system calls it.
fn state(running: &Running, id: &str) -> String {
    let card = certiflow(running, &["card", id, "--json"]).json();
    card["state"]["name"].as_str().expect("a state").to_string()
}

#[test]
fn a_card_says_what_it_is_and_how_systems_may_write_it() {
    in_lab("a_card_says_what_it_is_and_how_systems_may_write_it", |lab| {
        assert_eq!(run(&mut cardwright(&["identify"])).code, 4, "no card");
        let _gids = lab.insert(0, script("gids"));
        let shown = run(&mut cardwright(&["identify"]));
        assert_eq!(shown.code, 0, "{shown:?}");
        for expected in
            [READERS[0], "GIDS", "cardid", "stable", CARD_ID, "documented", "6968EFD11755A0428F0516CA1A0B834D"]
        {
            assert!(shown.out.contains(expected), "{expected}: {shown:?}");
        }
        let json = run(&mut cardwright(&["identify", "--json"])).json();
        assert_eq!(json["kinds"][0], "GIDS");
        assert_eq!(json["identifiers"][0]["bytes"], "6968EFD11755A0428F0516CA1A0B834D");
        assert_eq!(json["guesses"]["MIM"][0]["spelling"], CARD_ID);
        assert_eq!(json["guesses"]["MIM"][0]["evidence"], "documented");
        assert_eq!((json["guesses"]["CertiFlow"].as_array().map(Vec::len), &json["resets"]), (Some(2), &0.into()));
        let atr = run(&mut cardwright(&["atr", "--from-reader", "--json"])).json();
        assert_eq!(atr["atr"].as_str().map(str::to_uppercase).as_deref(), json["atr"].as_str());
        assert_eq!(run(&mut cardwright(&["atr", "--from-reader", "3B00"])).code, 2);

        let _random = lab.insert(1, script("random-uid"));
        assert_eq!(run(&mut cardwright(&["identify"])).code, 2, "two cards");
        let random = run(&mut cardwright(&["identify", "--reader", "00 01"]));
        assert!(random.out.contains("08A1B2C3  random"), "{random:?}");
        assert!(random.out.contains("nothing by which it could be known"), "{random:?}");
    });
}

#[test]
fn the_card_in_the_reader_is_shown_by_its_record() {
    in_lab("the_card_in_the_reader_is_shown_by_its_record", |lab| {
        let running = server();
        let gids = lab.insert(0, script("gids"));
        let shown = mim(&running, &["card", "--from-reader"]);
        assert_eq!(shown.code, 0, "{shown:?}");
        for expected in [READERS[0], "438d1b30-f3b4-4bed-85fa-285e08605ba7", "(documented)", "retire"] {
            assert!(shown.out.contains(expected), "{expected}: {shown:?}");
        }
        let json = mim(&running, &["card", "--from-reader", "--reader", "00 00", "--json"]).json();
        assert_eq!((&json["by"]["spelling"], &json["card"]["SerialNumber"]), (&CARD_ID.into(), &CARD_ID.into()));
        assert_eq!(json["in_reader"]["reader"], READERS[0]);
        let operations = mim(&running, &["operations", "--from-reader"]);
        assert!(operations.out.contains("the server allows it"), "{operations:?}");
        // CertiFlow has this card under no spelling: each that was tried is named.
        let none = certiflow(&running, &["card", "--from-reader"]);
        assert_eq!((none.code, none.err.contains("cardwright doctor")), (4, true), "{none:?}");
        for tried in ["6968EFD11755A0428F0516CA1A0B834D (assumed)", "d1ef6869-5517-42a0-8f05-16ca1a0b834d (assumed)"] {
            assert!(none.err.contains(tried), "{none:?}");
        }
        lab.remove(0, gids);
        let _random = lab.insert(0, script("random-uid"));
        let nothing = mim(&running, &["card", "--from-reader"]);
        assert_eq!(nothing.code, 4, "{nothing:?}");
        assert!(nothing.err.contains("nothing by which MIM could know it"), "{nothing:?}");
        for wrong in [
            &["card"][..],
            &["card", "--from-reader", "7"],
            &["card", "7", "--reader", "x"],
            &["retire", "7", "--yes", "--other-atr"],
            &["card", "--from-reader", "--of", "x@y"],
        ] {
            assert_eq!(mim(&running, wrong).code, 2, "{wrong:?}");
        }
    });
}

#[test]
fn an_operation_names_the_card_and_is_done_when_it_is_confirmed() {
    in_lab("an_operation_names_the_card_and_is_done_when_it_is_confirmed", |lab| {
        let running = server();
        with_yubikeys(&running, &["23852774", "23852775"]);
        let _yubikey = lab.insert(1, script("yubikey"));
        let revoke = ["revoke", "--from-reader", "--reason", "CardLost"];
        let with = |more: &[&'static str]| [&revoke[..], more].concat();
        // Nobody is there to ask.
        let refused = certiflow(&running, &revoke);
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.err.contains("--yes") && refused.out.is_empty(), "{refused:?}");
        assert_eq!(state(&running, "9001"), "Issued");
        let plan = certiflow(&running, &with(&["--dry-run"]));
        assert_eq!((plan.code, plan.out.contains("nothing was sent")), (0, true), "{plan:?}");
        for named in [READERS[1], "23852774 (assumed)", "DEMO\\ipetrov"] {
            assert!(plan.out.contains(named), "{named}: {plan:?}");
        }
        let plan = certiflow(&running, &with(&["--dry-run", "--json"])).json();
        assert_eq!((&plan["in_reader"]["reader"], &plan["by"]["spelling"]), (&READERS[1].into(), &"23852774".into()));
        assert_eq!((&plan["card"]["id"], &plan["other_atr"]), (&9001.into(), &serde_json::Value::Null));
        assert_eq!(state(&running, "9001"), "Issued");

        let done = certiflow(&running, &with(&["--yes"]));
        assert_eq!(done.code, 0, "{done:?}");
        for named in [READERS[1], "DEMO\\ipetrov", "serial 23852774", "Issued"] {
            assert!(done.err.contains(named), "{named}: {done:?}");
        }
        assert!(done.out.contains("Issued → Revoked"), "{done:?}");
        assert_eq!([state(&running, "9001"), state(&running, "9002")], ["Revoked", "Issued"]);
        // And by the exit codes of any other card: enabling a revoked one is refused by the server.
        let again = certiflow(&running, &["enable", "--from-reader", "--yes", "--json"]);
        assert_eq!(again.code, 3, "{again:?}");
        // The old half of the API finds it among the cards of its user.
        let old = |arguments: &[&str]| -> Done {
            run(cardwright(arguments)
                .env("CARDWRIGHT_URL", running.icmapi_url())
                .env("CARDWRIGHT_USER", "administrator")
                .env("CARDWRIGHT_PASSWORD", PASSWORD))
        };
        let nobodys = old(&["card", "--from-reader"]);
        assert_eq!(
            (nobodys.code, nobodys.err.contains("G1") && nobodys.err.contains("--of")),
            (2, true),
            "{nobodys:?}"
        );
        let theirs = old(&["card", "--from-reader", "--of", "ipetrov", "--json"]);
        assert_eq!((theirs.code, &theirs.json()["card"]["id"]), (0, &"9001".into()), "{theirs:?}");
    });
}

#[test]
fn a_record_of_another_atr_is_not_changed_by_yes_alone() {
    in_lab("a_record_of_another_atr_is_not_changed_by_yes_alone", |lab| {
        let running = server();
        let line = |id: u32, serial: &str, atr: &str| {
            format!("{{\"id\":{id},\"state\":\"Issued\",\"serialNumber\":\"{serial}\",\"atr\":\"{atr}\"}}\n")
        };
        // A card of another maker, whose serial number of four bytes is written as the YubiKey's eight digits.
        let other = line(9001, "23852774", "3B 8D 01 80 FB A0 00 00 03 97 42 54 46 59 03 01 C8");
        seed::inventory(running.registry(), &other).expect("a card");
        let yubikey = lab.insert(0, script("yubikey"));
        let disable = ["disable", "--from-reader", "--yes"];
        for more in [&[][..], &["--json"]] {
            let refused = certiflow(&running, &[&disable, more].concat());
            assert_eq!((refused.code, refused.out.as_str()), (3, ""), "{refused:?}");
            for said in ["3B 8D 01", "3BFD1300008131FE158073C021C057597562694B657940", "--other-atr"] {
                assert!(refused.err.contains(said), "{said}: {refused:?}");
            }
        }
        assert_eq!(state(&running, "9001"), "Issued");
        let shown = certiflow(&running, &["card", "--from-reader"]);
        assert!(shown.out.contains("the record has another ATR"), "{shown:?}");
        let json = certiflow(&running, &["card", "--from-reader", "--json"]).json();
        assert_eq!(json["other_atr"], json["card"]["atr"]);
        assert_eq!(certiflow(&running, &["disable", "--from-reader", "--other-atr"]).code, 2, "not without --yes");
        let done = certiflow(&running, &[&disable[..], &["--other-atr"]].concat());
        assert_eq!((done.code, state(&running, "9001").as_str()), (0, "Disabled"), "{done:?}");
        // The same ATR is the same, however it is written.
        lab.remove(0, yubikey);
        let spelled = "0x3B 0x8D 01:80:fb:a0:00:00:03:97:42:54:46:59:03:01:c8";
        let same = line(9002, "6968EFD11755A0428F0516CA1A0B834D", spelled);
        seed::inventory(running.registry(), &same).expect("a card");
        let _gids = lab.insert(0, script("gids"));
        let done = certiflow(&running, &disable);
        assert_eq!((done.code, state(&running, "9002").as_str()), (0, "Disabled"), "{done:?}");
    });
}

#[test]
fn two_records_are_listed_and_nothing_is_done() {
    in_lab("two_records_are_listed_and_nothing_is_done", |lab| {
        let running = server();
        with_yubikeys(&running, &["23852774", "23852774"]);
        let _yubikey = lab.insert(0, script("yubikey"));
        let revoke = ["revoke", "--from-reader", "--yes", "--reason", "CardLost"];
        for arguments in [&revoke[..], &["card", "--from-reader"], &["card", "--from-reader", "--json"]] {
            let both = certiflow(&running, arguments);
            assert_eq!((both.code, both.out.as_str()), (1, ""), "{both:?}");
            assert!(both.err.contains("2 records") && both.err.contains("id 9001"), "{both:?}");
            assert!(both.err.contains("id 9002"), "{both:?}");
        }
        assert_eq!([state(&running, "9001"), state(&running, "9002")], ["Issued", "Issued"]);
    });
}

/// Disables the card in the reader, on a terminal of its own; `None` where there is none.
fn disable_on_a_terminal(running: &Running) -> Option<Command> {
    let url = running.certiflow_url();
    let arguments = ["disable", "--from-reader", "--user", "administrator", "--url", &url];
    let mut command = on_a_terminal("[y/N] ", &arguments)?;
    command.env("CARDWRIGHT_PASSWORD", PASSWORD);
    Some(command)
}

#[test]
fn a_card_that_goes_while_the_question_stands_is_not_changed() {
    in_lab("a_card_that_goes_while_the_question_stands_is_not_changed", |lab| {
        let running = server();
        with_yubikeys(&running, &["23852774"]);
        let yubikey = lab.insert(0, script("yubikey"));
        let Some(mut terminal) = disable_on_a_terminal(&running) else { return };
        let asked = Path::new("/run/asked");
        let terminal = terminal.env("ASKED", asked).env("TYPED", "y\n").stdout(Stdio::piped());
        let terminal = terminal.spawn().expect("python3 runs");
        lab::until("the question", || asked.exists());
        lab.remove(0, yubikey);
        let _gids = lab.insert(0, script("gids"));
        std::fs::remove_file(asked).expect("a file");
        let output = terminal.wait_with_output().expect("it ends");
        let shown = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(3), "{shown}");
        assert!(shown.contains("another card is in Test PCD 00 00 now"), "{shown}");
        assert_eq!(state(&running, "9001"), "Issued");
    });
}

#[test]
fn a_card_that_goes_while_the_server_is_asked_is_not_changed_either() {
    in_lab("a_card_that_goes_while_the_server_is_asked_is_not_changed_either", |lab| {
        for (next, said) in [
            (None, "the card was taken out of Test PCD 00 00"),
            (Some("gids"), "another card is in Test PCD 00 00 now"),
            (Some("yubikey"), "this one or another one is in it now"),
        ] {
            // Who finds the record pulls the card, and puts another one in.
            let cards = Mutex::new(vec![lab.insert(0, script("yubikey"))]);
            let fake = Fake::answering(move |line, _| {
                if !line.starts_with("GET ") {
                    return answer("500 Internal Server Error", "", "");
                }
                if line.contains("offset=1") {
                    return json("[]");
                }
                let mut cards = cards.lock().expect("no panic while held");
                if let Some(card) = cards.pop() {
                    let is_in = |has_card| {
                        let readers = cardwright_reader::readers().expect("pcscd answers");
                        readers.iter().any(|reader| reader.name == READERS[0] && reader.slot.has_card() == has_card)
                    };
                    card.remove().expect("a card");
                    lab::until("the card is out", || is_in(false));
                    if let Some(next) = next {
                        cards.insert(0, lab::put(0, script(next)));
                        lab::until("the next one is in", || is_in(true));
                    }
                }
                match line.contains("23852774") {
                    true => json(r#"[{"id":7,"serialNumber":"23852774","state":"Issued"}]"#),
                    false => json("[]"),
                }
            });
            let arguments = ["disable", "--from-reader", "--yes"];
            let done = run(cardwright(&arguments).env("CARDWRIGHT_URL", fake.url("/certiflow/api")));
            assert_eq!(done.code, 3, "{done:?}");
            assert!(done.err.contains(said) && done.err.contains("nothing was done"), "{said}: {done:?}");
            let requests = fake.requests();
            assert!(requests.iter().all(|request| request.starts_with("GET ")), "{requests:?}");
            drop(fake);
            let empty = || cardwright_reader::readers().is_ok_and(|all| all.iter().all(|one| !one.slot.has_card()));
            lab::until("the reader is empty", empty);
        }
    });
}

#[test]
fn at_a_terminal_anything_but_a_yes_changes_nothing() {
    in_lab("at_a_terminal_anything_but_a_yes_changes_nothing", |lab| {
        let running = server();
        with_yubikeys(&running, &["23852774"]);
        let _yubikey = lab.insert(0, script("yubikey"));
        // Ctrl-D is the end of what is typed.
        for (typed, code, after) in [
            ("\n", 3, "Issued"),
            ("no\n", 3, "Issued"),
            ("\u{4}", 3, "Issued"),
            ("yes, perhaps\n", 3, "Issued"),
            ("y\n", 0, "Disabled"),
        ] {
            let Some(mut terminal) = disable_on_a_terminal(&running) else { return };
            let output = terminal.env("TYPED", typed).output().expect("python3 runs");
            let shown = String::from_utf8_lossy(&output.stdout);
            assert_eq!(output.status.code(), Some(code), "{typed:?}: {shown}");
            assert!(shown.contains("DEMO\\ipetrov, serial 23852774, Issued"), "{shown}");
            assert_eq!(state(&running, "9001"), after, "{typed:?}: {shown}");
        }
    });
}

#[test]
fn a_watch_shows_the_record_of_each_card_that_comes() {
    in_lab("a_watch_shows_the_record_of_each_card_that_comes", |lab| {
        let running = server();
        let folder = common::process::folder("watch");
        std::fs::create_dir_all(&folder).expect("a folder");
        let config = folder.join("config.toml");
        let profile = format!("[profile.test]\nurl = \"{}\"\nuser = \"administrator\"\n", running.mim_url());
        std::fs::write(&config, profile).expect("a file");
        let start = |more: &[&str]| {
            let mut command = cardwright(&["watch", "--profile", "test", "--for", "60"]);
            command.args(more).env("CARDWRIGHT_CONFIG", &config).env("CARDWRIGHT_PASSWORD", PASSWORD);
            command.stdout(Stdio::piped()).spawn().expect("the command runs")
        };
        // Two readers, a card in, a card out, and another in.
        let (mut text, mut stream) = (start(&["--events", "5"]), start(&["--events", "5", "--json"]));
        let lines =
            |child: &mut Child| BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let (mut shown, mut records) = (lines(&mut text), lines(&mut stream));
        let mut line = |with: &str| shown.find(|line| line.contains(with)).unwrap_or_else(|| panic!("no {with:?}"));
        let mut record = || {
            let line = records.find(|line| line.contains("\"event\":\"record\"")).expect("a record");
            serde_json::from_str::<serde_json::Value>(&line).expect("JSON")
        };
        let gids = lab.insert(0, script("gids"));
        let found = record();
        assert_eq!((&found["reader"], &found["system"]), (&READERS[0].into(), &"MIM".into()));
        assert_eq!((&found["by"]["spelling"], &found["tried"].as_array().map(Vec::len)), (&CARD_ID.into(), &Some(2)));
        assert_eq!((&found["found"], &found["passed_over"]), (&"record".into(), &serde_json::json!([])));
        let cards = found["records"].as_array().expect("records");
        assert_eq!((cards.len(), &cards[0]["card"]["SerialNumber"]), (1, &CARD_ID.into()));
        assert_eq!(cards[0]["operations"].as_array().map(|all| all.is_empty()), Some(false));
        line("card in");
        let shown = line("record  ");
        assert!(shown.contains(READERS[0]) && shown.ends_with(&format!("by {CARD_ID} (documented)")), "{shown}");
        assert!(line("").starts_with("  renew"));
        lab.remove(0, gids);
        let _piv = lab.insert(0, script("piv"));
        let none = record();
        assert_eq!((&none["records"], &none["by"]), (&serde_json::json!([]), &serde_json::Value::Null));
        assert_eq!(none["found"], "nothing");
        assert_eq!(none["tried"].as_array().map(Vec::len), Some(2));
        assert!(line("no record").contains("{0a1b6d2f-8e4c-9547-a3b1-d07e5c924f18} (assumed)"));
        for mut watch in [text, stream] {
            assert_eq!(watch.wait().expect("it ends").code(), Some(0));
        }
        std::fs::remove_dir_all(&folder).expect("removed");
    });
}

/// A server of CertiFlow's that finds no card, and that holds its answers back until it is told.
fn slow_server() -> (Fake, Arc<AtomicBool>) {
    let go = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&go);
    let fake = Fake::answering(move |_, _| {
        while !told.load(Ordering::SeqCst) {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        json("[]")
    });
    (fake, go)
}

/// A watch that looks up cards at a server, and the lines of its JSON.
fn watch_json(fake: &Fake, more: &[&str]) -> (Child, impl Iterator<Item = serde_json::Value> + use<>) {
    let mut command = cardwright(&["watch", "--json", "--for", "60", "--url", &fake.url("/certiflow/api")]);
    let mut child = command.args(more).stdout(Stdio::piped()).spawn().expect("the command runs");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
    (child, lines.map(|line| serde_json::from_str(&line).expect("JSON")))
}

#[test]
fn a_record_is_that_of_the_card_that_came_and_of_no_later_one() {
    in_lab("a_record_is_that_of_the_card_that_came_and_of_no_later_one", |lab| {
        let (fake, go) = slow_server();
        // Two readers; a card in the second; a card in the first, out, and another one in.
        let (mut watch, mut lines) = watch_json(&fake, &["--events", "6"]);
        let mut next = |event: &str| lines.find(|line| line["event"] == event).unwrap_or_else(|| panic!("no {event}"));
        let _first = lab.insert(1, script("piv"));
        next("card_inserted");
        let gids = lab.insert(0, script("gids"));
        let pulled = next("card_inserted");
        lab.remove(0, gids);
        next("card_removed");
        let _yubikey = lab.insert(0, script("yubikey"));
        let stays = next("card_inserted");
        go.store(true, Ordering::SeqCst);
        assert_eq!(next("record")["reader"], READERS[1]);
        let failed = next("record_failed");
        for field in ["reader", "atr", "events"] {
            assert_eq!(failed[field], pulled[field], "{failed}");
        }
        assert!(failed["error"].as_str().is_some_and(|error| error.contains("taken out")), "{failed}");
        let record = next("record");
        for field in ["reader", "atr", "events"] {
            assert_eq!(record["in_reader"][field], stays[field], "{record}");
        }
        assert_eq!(watch.wait().expect("it ends").code(), Some(0));
    });
}

#[test]
fn a_watch_that_waits_for_a_server_at_its_end_is_stopped_by_ctrl_c() {
    in_lab("a_watch_that_waits_for_a_server_at_its_end_is_stopped_by_ctrl_c", |lab| {
        let (fake, go) = slow_server();
        let _card = lab.insert(0, script("piv"));
        let (mut watch, mut lines) = watch_json(&fake, &["--events", "3"]);
        lines.find(|line| line["event"] == "card_inserted").expect("the last event");
        // A program that has reached the end of its events, and does not wait, has ended by then.
        std::thread::sleep(std::time::Duration::from_millis(500));
        assert!(watch.try_wait().expect("a child").is_none(), "it waits for the server");
        let asked = Command::new("kill").args(["-INT", &watch.id().to_string()]).status().expect("kill runs");
        assert!(asked.success());
        lab::until("it ends", || watch.try_wait().expect("a child").is_some());
        assert_eq!(watch.wait().expect("it ended").code(), Some(0));
        go.store(true, Ordering::SeqCst);
    });
}

#[test]
fn a_plan_moves_no_cursor() {
    let fake = Fake::answering(|_, _| json(r#"{"id":7,"serialNumber":"AB\u001b]0;x\u0007","state":"Issued"}"#));
    let mut plan = cardwright(&["disable", "7", "--dry-run", "--color", "never"]);
    let plan = run(plan.env("CARDWRIGHT_URL", fake.url("/certiflow/api")));
    assert_eq!(plan.code, 0, "{plan:?}");
    assert!(plan.out.contains("7 AB\u{fffd}]0;x\u{fffd}, now Issued"), "{plan:?}");
}
