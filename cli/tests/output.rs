//! Where what the command prints cannot be written, and what it shows on a terminal.

#![cfg(target_os = "linux")]

mod common;

use cardwright_server::Running;
use common::fake::{Fake, json};
use common::terminal::on_a_terminal;
use common::{PASSWORD, cardwright, server, server_with};
use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn asked(running: &Running, arguments: &[&str]) -> Command {
    let mut command = cardwright(arguments);
    command.env("CARDWRIGHT_URL", running.certiflow_url()).env("CARDWRIGHT_USER", "administrator");
    command.env("CARDWRIGHT_PASSWORD", PASSWORD);
    command
}

fn full() -> Stdio {
    OpenOptions::new().write(true).open("/dev/full").expect("a full disk").into()
}

fn run(command: &mut Command, input: &[u8]) -> (Option<i32>, String) {
    let mut child = command.stdin(Stdio::piped()).spawn().expect("the command runs");
    // A command that reads nothing may be gone.
    let _ = child.stdin.take().expect("piped").write_all(input);
    let Output { status, stderr, .. } = child.wait_with_output().expect("it ends");
    (status.code(), String::from_utf8(stderr).expect("UTF-8"))
}

#[test]
fn a_full_disk_is_an_error_and_an_operation_is_told_all_the_same() {
    let running = server_with(|config| config.operator = true);
    let journal = common::process::folder("full-disk");
    let journal = journal.to_str().expect("UTF-8");
    // So that the log has a row.
    assert_eq!(common::certiflow(&running, &["disable", "1065"]).code, 0);
    let atr = "3b8d0180fba000000397425446590301c8";
    for arguments in [
        &["cards"][..],
        &["cards", "--json"],
        &["cards", "--format", "csv"],
        &["card", "1013"],
        &["card", "1013", "--json"],
        &["operations", "1013"],
        &["operations", "1013", "--json"],
        &["disable", "1013", "--dry-run"],
        &["disable", "1013", "--dry-run", "--json"],
        &["doctor"],
        &["doctor", "--json"],
        &["audit"],
        &["history", "1065"],
        &["account", "list"],
        &["account", "list", "--json"],
        &["atr", atr],
        &["atr", atr, "--json"],
        &["atr", "-"],
        &["completions", "bash"],
        &["virtual-card", "list"],
        &["bulk", "disable", "--serial", "02A1B3C4", "--plan", "--json"],
        &["--help"],
        &["cards", "--help"],
        &["--version"],
    ] {
        let (code, said) = run(asked(&running, arguments).stdout(full()).stderr(Stdio::piped()), atr.as_bytes());
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(said.contains("the output cannot be written: No space left"), "{arguments:?}: {said}");
    }
    for (arguments, state) in [
        (&["disable", "1013"][..], "Issued → Disabled"),
        (&["enable", "1013", "--json"], "\"name\":\"Issued\""),
        (&["bulk", "disable", "--serial", "02A1B3C4", "--expect", "1", "--json", "--journal", journal], "1 done"),
    ] {
        let (code, said) = run(asked(&running, arguments).stdout(full()).stderr(Stdio::piped()), b"");
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(said.contains(state) && said.contains("No space left"), "{arguments:?}: {said}");
    }
    std::fs::remove_file(journal).expect("removed");
    assert_eq!(running.registry().audit(0, 100).expect("a log").len(), 4);
    // The outcome takes precedence.
    let (code, said) = run(asked(&running, &["disable", "1013"]).stdout(full()).stderr(Stdio::piped()), b"");
    assert!(code == Some(3) && said.contains("409"), "{said}");
    // Where nothing can be told at all, the exit code says it.
    for (arguments, expected) in [(&["cards"][..], 1), (&["card", "999999"], 4), (&["nonsense"], 2)] {
        let (code, _) = run(asked(&running, arguments).stdout(full()).stderr(full()), b"");
        assert_eq!(code, Some(expected), "{arguments:?}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_a_command_quietly() {
    let running = server();
    for arguments in [&["cards"][..], &["cards", "--json"], &["card", "1013"], &["disable", "1013"], &["--help"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let (code, said) = run(asked(&running, arguments).stdout(writer).stderr(Stdio::piped()), b"");
        assert_eq!((code, said.contains("error") || said.contains("panic")), (Some(0), false), "{arguments:?}: {said}");
    }
    assert_eq!(running.registry().audit(0, 100).expect("a log").len(), 1);
}

#[test]
fn a_reader_that_goes_away_hides_no_failure() {
    let running = server();
    let nobody = ["--auth", "none"];
    for (arguments, code) in [
        (&["enable", "1013", "--dry-run"][..], 3),
        (&["enable", "1013", "--dry-run", "--json"], 3),
        (&[&["doctor"], &nobody[..]].concat(), 5),
        (&[&["doctor", "--json"], &nobody[..]].concat(), 5),
        (&["atr", "-"], 1),
    ] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let (closed, said) = run(asked(&running, arguments).stdout(writer).stderr(Stdio::piped()), b"no ATR\n");
        assert_eq!(closed, Some(code), "{arguments:?}: {said}");
    }
}

#[test]
fn what_has_returned_before_the_time_limit_is_told_however_long_that_takes() {
    let running = server();
    let (mut reader, mut writer) = std::io::pipe().expect("a pipe");
    let full = writer.try_clone().expect("the same pipe");
    // It has no room until somebody reads.
    let filling = std::thread::spawn(move || writer.write_all(&vec![b'.'; 1 << 20]));
    let mut command = asked(&running, &["disable", "1013", "--time-limit", "2"]);
    let mut child = command.stdout(full).stderr(Stdio::null()).spawn().expect("the command runs");
    drop(command);
    // The limit, the time in which a command may end after it, and a second.
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(5) {
        assert!(child.try_wait().expect("a child").is_none(), "it has ended, and what it did was not told");
        std::thread::sleep(Duration::from_millis(50));
    }
    let mut told = String::new();
    reader.read_to_string(&mut told).expect("text");
    filling.join().expect("no panic").expect("written");
    assert!(told.contains("Issued → Disabled"), "{}", told.trim_start_matches('.'));
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn what_a_server_sends_does_not_steer_a_terminal() {
    const CARD: &str = "{\"id\":7,\"serialNumber\":\"AB01\",\"userName\":\"U\u{9b}31m\u{202e}\",\"label\":\"A\u{9b}31mB\u{7f}\u{202e}C\u{2066}\u{61c}\u{200f} é\",\"state\":\"Issued\"}";
    let fake = Fake::answering(|line, _| {
        json(&match line {
            line if line.contains("/Cards/7") => CARD.to_string(),
            line if line.contains("offset=1") => "[]".to_string(),
            _ => format!("[{CARD}]"),
        })
    });
    let url = fake.url("/certiflow/api");
    let steers = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    for arguments in [
        &["cards", "--json"][..],
        &["cards", "--format", "ndjson"],
        &["cards", "--format", "csv"],
        &["cards"],
        &["card", "7", "--json"],
        &["card", "7"],
        &["disable", "7", "--dry-run", "--json"],
        &["bulk", "disable", "--all", "--plan", "--format", "csv"],
    ] {
        let arguments = [arguments, &["--url", &url, "--auth", "none"]].concat();
        // Nothing is asked.
        let Some(mut terminal) = on_a_terminal("no such question", &arguments) else { return };
        let output = terminal.env("TYPED", "").output().expect("python3 runs");
        let shown = String::from_utf8(output.stdout).expect("UTF-8");
        assert_eq!(output.status.code(), Some(0), "{shown}");
        assert!(shown.contains("AB01") && !shown.contains(steers), "{arguments:?}: {shown:?}");
        if arguments.contains(&"--json") {
            let told: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
            let label = told.pointer("/0/label").or(told.pointer("/card/label")).expect("a label");
            assert_eq!(label, "A\u{9b}31mB\u{7f}\u{202e}C\u{2066}\u{61c}\u{200f} é");
        }
        // A program gets it as it was sent.
        let piped = common::run(&mut cardwright(&arguments));
        let as_sent = arguments.contains(&"--json") || arguments.contains(&"ndjson");
        assert_eq!(piped.out.contains('\u{9b}'), as_sent || arguments.contains(&"csv"), "{piped:?}");
    }
}
