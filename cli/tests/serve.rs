//! `serve` and `seed` as a program of their own: started, used, stopped.

mod common;

use common::process::{Process, folder};
use common::{cardwright, run};
use std::path::Path;

#[test]
fn a_server_prints_what_is_needed_to_use_it_and_stops_when_asked() {
    let server = Process::start(&["--cards", "5"]);
    let cards = server.ask(&["cards", "--json"]).json();
    assert!(cards.as_array().expect("a list").len() > 5);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn the_generations_that_are_told_are_served_and_printed() {
    let told = |arguments: &[&str]| {
        let mut child = cardwright(&["serve", "--cards", "3", "--color", "never"]);
        let mut child = child.args(arguments).stdout(std::process::Stdio::piped()).spawn().expect("the command runs");
        let mut printed = String::new();
        let mut lines = std::io::BufReader::new(child.stdout.take().expect("piped"));
        while !printed.contains("CARDWRIGHT_PASSWORD=") {
            use std::io::BufRead as _;
            assert!(lines.read_line(&mut printed).expect("text") > 0, "{printed}");
        }
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        let words = printed.lines().filter_map(|line| line.trim_start().strip_prefix("CertiFlow ")?.split_once("  "));
        let path = |url: &str| url.split('/').skip(3).map(|part| format!("/{part}")).collect::<String>();
        words.map(|(name, rest)| format!("{name} {}", path(rest.split(' ').next().unwrap_or("")))).collect::<Vec<_>>()
    };
    assert_eq!(told(&[]), ["G7 /certiflow/api", "G5 /cm/api", "G1 /icmapi"]);
    let own = ["--certiflow", "g2,g6=/cm6/api", "--certiflow", "g7=/c/"];
    assert_eq!(told(&own), ["G7 /c", "G6 /cm6/api", "G2 /icmapi"]);
    let help = run(&mut cardwright(&["serve", "--help"])).out;
    let usual: Vec<_> = cardwright_server::Generation::usual().iter().map(ToString::to_string).collect();
    assert!(help.contains(&format!("Default: {}", usual.join(","))), "{help}");

    let server = Process::start(&["--cards", "3", "--certiflow", "g5=/cards,g6"]);
    assert!(server.url.ends_with("/certiflow/api"), "{}", server.url);
    assert_eq!(server.ask(&["cards", "--json", "--dialect", "g6", "--limit", "1"]).code, 0);
    // Nothing in this address says which system it is.
    let other = server.url.replace("/certiflow/api", "/cards");
    let of_other = |words: &[&str]| server.ask(&[words, &["--json", "--api", "certiflow", "--url", &other]].concat());
    let listed = of_other(&["cards", "--dialect", "g5", "--state", "Issued", "--limit", "1"]);
    assert_eq!((listed.code, listed.json()[0]["state"].as_str()), (0, Some("Issued")), "{listed:?}");
    let log = of_other(&["audit"]);
    assert_eq!(log.code, 0, "its own API is below a base of its own: {log:?}");
    assert_eq!(server.stop(), Some(0));

    for (wrong, words) in [
        ("g6,g7", &["G6 and G7", "/certiflow/api", "--certiflow g6=/g6/certiflow/api,g7"][..]),
        ("g1,g2", &["G1 and G2", "--certiflow g1=/g1/icmapi,g2"]),
        ("g6=/a,g7=/a/b", &["G6 and G7", "/a and /a/b"]),
        ("g7,g7=/x", &["G7", "twice"]),
        ("g8", &["\"g8\"", "G1, G2"]),
        ("g6=cm/api", &["\"cm/api\"", "begins with /"]),
        ("g6=/_cardwright", &["\"/_cardwright\"", "the server itself"]),
        ("g6=/certificatemanagement", &["MIM CM"]),
    ] {
        let refused = run(&mut cardwright(&["serve", "--certiflow", wrong]));
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(words.iter().all(|word| refused.err.contains(word)), "{wrong}: {refused:?}");
    }
}

#[test]
fn a_kept_registry_is_there_after_a_restart_and_belongs_to_one_server() {
    let data = folder("kept");
    let data_text = data.to_str().expect("UTF-8");
    let seeded = run(&mut cardwright(&["seed", "--data", data_text, "--cards", "20", "--json"])).json();
    let server = Process::start(&["--data", data_text]);
    assert_eq!(server.ask(&["cards", "--json"]).json().as_array().expect("a list").len(), seeded["cards"]);
    assert_eq!(server.ask(&["disable", "1065"]).code, 0);
    let second = run(&mut cardwright(&["serve", "--data", data_text]));
    assert_eq!(second.code, 1, "{second:?}");
    assert_eq!(server.stop(), Some(0));
    let again = run(&mut cardwright(&["seed", "--data", data_text]));
    assert_eq!(again.code, 3, "{again:?}");
    let server = Process::start(&["--data", data_text]);
    assert_eq!(server.ask(&["card", "1065", "--json"]).json()["card"]["state"], "Disabled");
    assert_eq!(server.stop(), Some(0));
    std::fs::remove_dir_all(&data).expect("removed");
}

#[test]
fn no_address_but_loopback_is_listened_on() {
    let refused = run(&mut cardwright(&["serve", "--listen", "0.0.0.0:0"]));
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("loopback"), "{refused:?}");
}

/// Each file of a folder, and the folder itself, with its mode.
#[cfg(unix)]
fn modes(folder: &Path) -> Vec<(String, u32)> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
    let files = folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path());
    let name = |file: &Path| file.file_name().expect("a name").to_string_lossy().into_owned();
    let files = files.map(|file| (name(&file), mode(&file)));
    std::iter::once((String::new(), mode(folder))).chain(files).collect()
}

#[cfg(unix)]
#[test]
fn what_a_server_keeps_is_private_whatever_the_umask() {
    let base = folder("umask");
    std::fs::create_dir_all(base.join("temporary")).expect("a folder");
    let under = |umask: &str, arguments: &[&str]| {
        let mut command = std::process::Command::new("/bin/sh");
        command.arg("-c").arg(format!("umask {umask}; exec \"$0\" \"$@\"")).arg(env!("CARGO_BIN_EXE_cardwright"));
        command.args(arguments).env_clear().env("TMPDIR", base.join("temporary"));
        command
    };
    for umask in ["000", "022", "077"] {
        let data = base.join(umask);
        let data_text = data.to_str().expect("UTF-8");
        for arguments in [&["serve", "--cards", "5", "--data", data_text][..], &["serve", "--cards", "5"]] {
            let server = Process::spawn(&mut under(umask, arguments));
            assert_eq!(server.ask(&["disable", "1013"]).code, 0);
            let kept = if arguments.len() > 3 {
                data.clone()
            } else {
                let mut folders = base.join("temporary").read_dir().expect("a folder");
                folders.next().expect("the server's").expect("an entry").path()
            };
            let found = modes(&kept);
            assert!(found.len() >= 5, "the folder, the registry, its log and index, the lock: {found:?}");
            for (name, mode) in found {
                assert_eq!(mode, if name.is_empty() { 0o700 } else { 0o600 }, "{umask} {name:?}");
            }
            assert_eq!(server.stop(), Some(0));
        }
        let copies = base.join(format!("copies-{umask}"));
        std::fs::create_dir(&copies).expect("a folder");
        let copy = copies.join("copy.sqlite");
        let done = run(&mut under(umask, &["backup", "--data", data_text, copy.to_str().expect("UTF-8")]));
        assert_eq!(done.code, 0, "{done:?}");
        assert_eq!(modes(&copies)[1..], [("copy.sqlite".to_string(), 0o600)], "{umask}");
    }
    std::fs::remove_dir_all(&base).expect("removed");
}

#[test]
fn only_a_folder_that_nobody_used_gets_made_up_cards_and_that_is_the_first_thing_said() {
    let data = folder("made-up");
    let data_text = data.to_str().expect("UTF-8");
    let server = Process::start(&["--data", data_text, "--cards", "0"]);
    assert!(server.first.contains("serves 6 made-up cards, kept in "), "{}", server.first);
    assert_eq!(server.stop(), Some(0));
    let server = Process::start(&["--data", data_text, "--cards", "50"]);
    assert!(server.first.contains("serves 6 cards, kept in "), "{}", server.first);
    assert_eq!(server.stop(), Some(0));

    let backup = data.with_extension("sqlite");
    std::fs::copy(data.join("registry.sqlite"), &backup).expect("copied");
    std::fs::write(data.join("registry.sqlite"), "").expect("emptied");
    for command in [&["serve"][..], &["seed", "--cards", "5"]] {
        let refused = run(&mut cardwright(&[command, &["--data", data_text]].concat()));
        assert_eq!((refused.code, refused.out.as_str()), (1, ""), "{refused:?}");
        assert!(
            refused.err.contains("registry.sqlite is empty") && refused.err.contains("restore a backup"),
            "{refused:?}"
        );
    }
    std::fs::copy(&backup, data.join("registry.sqlite")).expect("restored");
    let server = Process::start(&["--data", data_text]);
    assert!(server.first.contains("serves 6 cards, kept in "), "{}", server.first);
    assert_eq!(server.stop(), Some(0));
    std::fs::remove_file(&backup).expect("removed");
    std::fs::remove_dir_all(&data).expect("removed");
}

#[test]
fn a_registry_without_cards_is_filled_by_seed_alone() {
    let data = folder("no-cards");
    let data_text = data.to_str().expect("UTF-8");
    // A server that was started by a program, which fills it as it likes.
    let mut config = cardwright_server::Config::default();
    config.data = cardwright_server::Data::Directory(data.clone());
    cardwright_server::Server::start(config).expect("a server").stop();
    let server = Process::start(&["--data", data_text, "--cards", "50"]);
    assert!(server.first.contains("serves 0 cards"), "{}", server.first);
    assert_eq!(server.ask(&["cards", "--json"]).json(), serde_json::json!([]));
    assert_eq!(server.stop(), Some(0));
    let seeded = run(&mut cardwright(&["seed", "--data", data_text, "--cards", "5", "--json"]));
    assert_eq!(seeded.json()["cards"], 11);
    std::fs::remove_dir_all(&data).expect("removed");
}

#[cfg(unix)]
#[test]
fn a_self_signed_certificate_replaces_that_of_an_earlier_run_and_nothing_else() {
    let base = folder("self-signed");
    std::fs::create_dir_all(&base).expect("a folder");
    let (file, target) = (base.join("server.pem"), base.join("target"));
    let text = |file: &Path| std::fs::read_to_string(file).expect("a text");
    let arguments = ["--cards", "0", "--tls-self-signed", "server.pem"];
    let mut seen = Vec::new();
    for _ in 0..2 {
        let server = Process::start_in(&base, &arguments);
        seen.push(text(&file));
        assert_eq!(server.ask(&["cards", "--limit", "1", "--ca", file.to_str().expect("UTF-8")]).code, 0);
        assert_eq!(server.stop(), Some(0));
    }
    assert_ne!(seen[0], seen[1]);
    let refused = || {
        let refused = run(cardwright(&[&["serve"], &arguments[..]].concat()).current_dir(&base));
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.err.contains("server.pem") && refused.err.contains("next: name a file"), "{refused:?}");
    };
    for other in ["notes\n", "-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n"] {
        std::fs::write(&file, other).expect("written");
        refused();
        assert_eq!(text(&file), other);
    }
    std::fs::remove_file(&file).expect("removed");
    std::os::unix::fs::symlink(&target, &file).expect("a link");
    refused();
    assert!(!target.exists());
    std::fs::write(&target, "precious\n").expect("written");
    refused();
    assert_eq!(text(&target), "precious\n");
    std::fs::remove_dir_all(&base).expect("removed");
}
