//! `serve --switch`, and the operator's `approve` and `deny`.

mod common;

use cardwright_testkit::generations::Generation;
use common::process::{Process, folder};
use common::{cardwright, mim, run, server};

/// The story's card whose template asks for one approval.
const CARD: &str = "d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32";

fn by_mim(server: &Process, arguments: &[&str]) -> common::Done {
    run(cardwright(arguments)
        .env("CARDWRIGHT_URL", server.url.replace("certiflow/api", "CertificateManagement"))
        .env("CARDWRIGHT_USER", &server.user)
        .env("CARDWRIGHT_PASSWORD", &server.password))
}

/// Asks for a card to be retired, which waits for approval; the request's id.
fn request(server: &Process) -> String {
    let asked = by_mim(server, &["retire", CARD, "--yes", "--json"]);
    assert_eq!(asked.code, 7, "{asked:?}");
    let printed = asked.out.clone() + &asked.err;
    let is_guid = |word: &&str| word.len() == 36 && word.matches('-').count() == 4 && *word != CARD;
    let mut words = printed.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
    words.find(is_guid).unwrap_or_else(|| panic!("{asked:?}")).to_string()
}

#[test]
fn a_request_is_approved_or_denied_by_a_command() {
    let server = Process::start(&["--cards", "5", "--switch", "own-approval=on", "--switch", "mim-open-requests=any"]);
    let first = request(&server);
    // By whichever base, as the operator's calls are beside both.
    let approved = server.ask(&["approve", &first, "--json"]);
    assert_eq!((approved.code, &approved.json()["status"]), (0, &"Approved".into()), "{approved:?}");
    let again = server.ask(&["approve", &first]);
    assert_eq!((again.code, again.err.contains("is Approved already")), (3, true), "{again:?}");
    let second = request(&server);
    let denied = by_mim(&server, &["deny", &second]);
    let expected = format!("request {second} is Denied; 0 of 1 approvals, on http://127.0.0.1:");
    assert!(denied.code == 0 && denied.out.starts_with(&expected), "{denied:?}");
    let unknown = server.ask(&["deny", "00000000-0000-0000-0000-00000000abcd"]);
    assert_eq!(unknown.code, 4, "{unknown:?}");
    assert_eq!(server.ask(&["deny", "7"]).code, 2);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_server_without_the_operators_calls_is_named() {
    let running = server();
    let refused = mim(&running, &["approve", "00000000-0000-0000-0000-00000000abcd"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("no server of cardwright serve") && refused.err.contains("portal"), "{refused:?}");
    // A server that has other APIs alone.
    let other = Generation::at(7, "/keybox/api");
    let elsewhere =
        run(cardwright(&["approve", "00000000-0000-0000-0000-00000000abcd"]).env("CARDWRIGHT_URL", other.url()));
    assert_eq!((elsewhere.code, elsewhere.err.contains("cardwright serve")), (2, true), "{elsewhere:?}");
}

#[test]
fn a_switch_is_set_on_the_command_line_and_an_unknown_one_lists_them() {
    let server = Process::start(&["--cards", "5", "--switch", "mim-api=off", "--switch", "refusal=400"]);
    assert_eq!(by_mim(&server, &["cards"]).code, 4);
    assert_eq!(server.ask(&["cards", "--json"]).code, 0);
    assert_eq!(server.stop(), Some(0));
    for (switch, part) in [("mim=off", "mim-api"), ("refusal=404", "profile, 409, 400, 500"), ("refusal", "409")] {
        let refused = run(&mut cardwright(&["serve", "--switch", switch]));
        assert_eq!((refused.code, refused.err.contains(part)), (2, true), "{refused:?}");
    }
}

#[test]
fn a_registry_is_copied_while_its_server_runs() {
    let data = folder("backup");
    let (data_text, copy) = (data.to_str().expect("UTF-8"), data.join("copy.sqlite"));
    let copy_text = copy.to_str().expect("UTF-8");
    let server = Process::start(&["--data", data_text, "--cards", "20"]);
    assert_eq!(server.ask(&["disable", "1065"]).code, 0);
    let copied = run(&mut cardwright(&["backup", "--data", data_text, copy_text, "--json"]));
    assert_eq!(copied.code, 0, "{copied:?}");
    assert_eq!((&copied.json()["cards"], &copied.json()["audit"]), (&26.into(), &1.into()));
    assert_eq!(server.ask(&["enable", "1065"]).code, 0);
    let again = run(&mut cardwright(&["backup", "--data", data_text, copy_text]));
    assert_eq!((again.code, again.err.contains("copy.sqlite")), (1, true), "{again:?}");
    assert_eq!(server.stop(), Some(0));
    // The copy is what was there then.
    let second = data.join("second");
    std::fs::create_dir(&second).expect("a folder");
    std::fs::rename(&copy, second.join("registry.sqlite")).expect("renamed");
    let server = Process::start(&["--data", second.to_str().expect("UTF-8")]);
    assert_eq!(server.ask(&["card", "1065", "--json"]).json()["card"]["state"], "Disabled");
    assert_eq!(server.stop(), Some(0));
    std::fs::remove_dir_all(&data).expect("removed");
}

#[test]
fn what_one_server_lists_fills_the_registry_of_another() {
    let server = Process::start(&["--cards", "60"]);
    for format in ["csv", "ndjson"] {
        let data = folder(&format!("import-{format}"));
        let listed = server.ask(&["cards", "--format", format]);
        assert_eq!(listed.code, 0, "{listed:?}");
        std::fs::create_dir(&data).expect("a folder");
        let (file, data_text) = (data.join("inventory"), data.to_str().expect("UTF-8"));
        std::fs::write(&file, &listed.out).expect("written");
        let file_text = file.to_str().expect("UTF-8");
        let seeded = run(&mut cardwright(&["seed", "--data", data_text, "--from", file_text, "--json"]));
        assert_eq!(seeded.code, 0, "{seeded:?}");
        let again = run(&mut cardwright(&["seed", "--data", data_text, "--from", file_text]));
        assert_eq!(again.code, 3, "{again:?}");
        let second = Process::start(&["--data", data_text]);
        let (wanted, got) = (server.ask(&["cards", "--json"]).json(), second.ask(&["cards", "--json"]).json());
        assert_eq!(got, wanted, "{format}");
        assert_eq!(seeded.json()["cards"], wanted.as_array().expect("a list").len());
        assert_eq!(second.stop(), Some(0));

        let broken = listed.out.replacen("Issued", "Broken", 1);
        std::fs::write(&file, broken).expect("written");
        let empty = data.join("empty");
        let empty = empty.to_str().expect("UTF-8");
        let refused = run(&mut cardwright(&["seed", "--data", empty, "--from", file_text]));
        assert_eq!((refused.code, refused.err.contains(": line ")), (2, true), "{refused:?}");
        let kept = run(&mut cardwright(&["seed", "--data", empty, "--cards", "5", "--json"]));
        assert_eq!(kept.code, 0, "nothing was added before: {kept:?}");
        std::fs::remove_dir_all(&data).expect("removed");
    }
    assert_eq!(server.stop(), Some(0));
}
