//! `serve` with faults and with a log.

mod common;

use common::process::{Process, folder};
use common::{cardwright, run};
use std::io::{Read as _, Write as _};
use std::process::Stdio;

const RULES: &str = r#"{"seed": 3, "rules": [
    {"name": "busy", "path": "/certiflow/api/cards", "times": 1, "status": 500, "body": {"Message": "on request"}},
    {"path": "/health", "close": true}
]}"#;

#[test]
fn a_server_makes_the_faults_of_a_file_and_shows_them() {
    let folder = folder("faults");
    std::fs::create_dir_all(&folder).expect("made");
    let file = folder.join("faults.json");
    std::fs::write(&file, RULES).expect("written");
    let server = Process::start(&["--cards", "5", "--faults", file.to_str().expect("UTF-8")]);
    let address = server.url.strip_prefix("http://").and_then(|rest| rest.split('/').next()).expect("an address");
    let ask = |target: &str, headers: &str| {
        let mut stream = std::net::TcpStream::connect(address).expect("it listens");
        let head = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        let mut text = String::new();
        let _ = stream.read_to_string(&mut text);
        text
    };
    assert_eq!(ask("/health", ""), "");
    assert!(ask("/certiflow/api/Cards", "").contains("on request"));
    assert!(ask("/certiflow/api/Cards", "").starts_with("HTTP/1.1 401 "), "it was for once");
    assert!(ask("/_sandbox/faults", "").starts_with("HTTP/1.1 401 "), "it is there, for accounts that may see it");
    assert_eq!(server.stop(), Some(0));

    std::fs::write(&file, r#"{"rules": [{"path": "/", "status": 500, "every": "x"}]}"#).expect("written");
    let wrong = run(&mut cardwright(&["serve", "--faults", file.to_str().expect("UTF-8")]));
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert!(wrong.err.contains("faults.json") && wrong.err.contains("rule 1: every: must be"), "{wrong:?}");
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn a_log_has_a_line_for_each_request_and_no_secret() {
    let mut child = cardwright(&["serve", "--cards", "5", "--log"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let mut out = child.stdout.take().expect("piped");
    let mut shown = String::new();
    while !shown.contains("Anybody who reads") {
        let mut some = [0; 256];
        let read = out.read(&mut some).expect("it writes");
        assert!(read > 0, "{shown}");
        shown += core::str::from_utf8(&some[..read]).expect("UTF-8");
    }
    let value = |name: &str| {
        let found = shown.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
        found.expect("a setting").to_owned()
    };
    let password = value("CARDWRIGHT_PASSWORD");
    let listed = run(cardwright(&["cards", "--json", "--comment", "hush"])
        .env("CARDWRIGHT_URL", value("CARDWRIGHT_URL"))
        .env("CARDWRIGHT_USER", value("CARDWRIGHT_USER"))
        .env("CARDWRIGHT_PASSWORD", &password));
    assert_eq!(listed.code, 0, "{listed:?}");
    child.kill().expect("it runs");
    let mut log = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut log).expect("UTF-8");
    let _ = child.wait();
    // The first is the question what the server takes, without a password.
    let line: serde_json::Value = serde_json::from_str(log.lines().nth(1).expect("a line")).expect("JSON");
    assert_eq!(
        (&line["route"], &line["status"], &line["account"]),
        (&"/certiflow/api/Cards".into(), &200.into(), &"demo".into())
    );
    assert!(!log.contains(&password) && !log.contains("hush") && !log.contains("Basic"), "{log}");
}
