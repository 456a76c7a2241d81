//! `history`, `audit`, `account` and `request list`, on servers of `cardwright serve`.

mod common;

use common::process::{Process, folder};
use common::{Done, cardwright, mim, run};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// The story's card whose template asks for one approval: its id in each system.
const CARD: &str = "1003";
const UUID: &str = "d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32";

fn by_mim(server: &Process, arguments: &[&str]) -> Done {
    let url = server.url.replace("certiflow/api", "CertificateManagement");
    server.ask(&[arguments, &["--url", &url]].concat())
}

/// The command with something on standard input.
fn typed(command: &mut Command, text: &str) -> Done {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command runs");
    child.stdin.take().expect("piped").write_all(text.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Done { code: output.status.code().expect("no signal"), out: text(output.stdout), err: text(output.stderr) }
}

fn account(data: &Path, arguments: &[&str], password: &str) -> Done {
    let data = data.to_str().expect("UTF-8");
    typed(&mut cardwright(&[&["account"], arguments, &["--data", data]].concat()), password)
}

fn operations(done: &Done) -> Vec<String> {
    assert_eq!(done.code, 0, "{done:?}");
    let rows = done.json();
    rows.as_array().expect("a list").iter().map(|row| row["operation"].as_str().expect("a word").into()).collect()
}

#[test]
fn what_was_done_to_a_card_is_shown_by_either_id_and_by_its_serial_number() {
    let server = Process::start(&["--cards", "5"]);
    for what in ["disable", "enable"] {
        assert_eq!(server.ask(&[what, "1065"]).code, 0);
    }
    let table = server.ask(&["history", "1065"]);
    let lines: Vec<&str> = table.out.lines().collect();
    assert_eq!((table.code, lines.len()), (0, 3), "{table:?}");
    assert!(lines[0].starts_with("TIME ") && lines[1].contains("active → suspended"), "{table:?}");
    let json = server.ask(&["history", "1065", "--json"]);
    assert_eq!(operations(&json), ["suspend", "resume"]);
    let uuid = json.json()[0]["uuid"].as_str().expect("an id").to_string();
    assert_eq!(operations(&by_mim(&server, &["history", &uuid, "--json"])).len(), 2);
    let serial = server.ask(&["card", "1065", "--json"]).json()["card"]["serialNumber"].clone();
    let by_serial = server.ask(&["history", "--serial", serial.as_str().expect("a text"), "--json"]);
    assert_eq!(operations(&by_serial).len(), 2);
    let nothing = server.ask(&["history", CARD]);
    assert_eq!((nothing.code, nothing.out.as_str()), (0, ""));
    assert!(nothing.err.contains("nothing was done"), "{nothing:?}");
    assert_eq!(server.ask(&["history", "99999"]).code, 4);
    assert_eq!(server.ask(&["history", "x"]).code, 1);

    assert_eq!(operations(&server.ask(&["audit", "--account", "DEMO", "--limit", "1", "--json"])), ["suspend"]);
    assert_eq!(operations(&server.ask(&["audit", "--until", "2020-01-01", "--json"])), [""; 0]);
    assert_eq!(operations(&server.ask(&["audit", "--since", "2020-01-01", "--card", "1065", "--json"])).len(), 2);
    let wrong = server.ask(&["audit", "--since", "yesterday"]);
    assert_eq!((wrong.code, wrong.err.contains("since")), (1, true), "{wrong:?}");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_name_in_the_log_does_not_reach_the_terminal_as_it_is() {
    use cardwright_testkit::raw::{Raw, json};
    let raw = Raw::answering(|_| json(r#"{"rows":[{"id":1,"account":"a\u001b[31mb","note":"x\u0007"}],"next":1}"#));
    let url = raw.url("/certiflow/api");
    let shown = run(cardwright(&["audit", "--color", "never"]).env("CARDWRIGHT_URL", url));
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(!shown.out.contains(['\u{1b}', '\u{7}']) && shown.out.contains("a\u{fffd}[31mb"), "{shown:?}");
}

#[test]
fn requests_are_listed_with_what_they_wait_for() {
    let server = Process::start(&["--cards", "5"]);
    assert_eq!(by_mim(&server, &["retire", UUID, "--comment", "left", "--yes"]).code, 7);
    let all = by_mim(&server, &["request", "list"]);
    assert_eq!((all.code, all.out.lines().count()), (0, 5), "the story has three: {all:?}");
    let waits = all.out.lines().last().expect("a line");
    assert!(waits.contains("Pending   0 of 1") && waits.ends_with("left"), "{all:?}");
    let json = by_mim(&server, &["request", "list", "--status", "pending", "--json"]).json();
    assert_eq!((json.as_array().map(Vec::len), &json[0]["Comment"]), (Some(1), &json!("left")));
    let open = by_mim(&server, &["request", "list", "--open", "--mine", "--json"]).json();
    assert_eq!(open.as_array().map(Vec::len), Some(4), "{open}");
    let request = json[0]["Uuid"].as_str().expect("an id");
    assert_eq!(server.ask(&["deny", request]).code, 0);
    let open = by_mim(&server, &["request", "list", "--open", "--json"]).json();
    assert_eq!(open.as_array().map(Vec::len), Some(3), "{open}");
    assert_eq!(server.ask(&["request", "list"]).code, 2, "CertiFlow has none");
    assert_eq!(by_mim(&server, &["request", "list", "--status", "waiting"]).code, 2);
    assert_eq!(server.stop(), Some(0));
    // A server without the own API lists them all the same.
    let running = common::server();
    assert_eq!(mim(&running, &["retire", UUID, "--yes"]).code, 7);
    let listed = mim(&running, &["request", "list", "--status", "Pending"]);
    assert_eq!((listed.code, listed.out.contains(" of 1")), (0, false), "{listed:?}");
    let refused = mim(&running, &["history", UUID]);
    assert_eq!((refused.code, refused.err.contains("no server of cardwright serve")), (2, true), "{refused:?}");
}

#[test]
fn accounts_are_made_in_a_registry_and_changed_on_its_server() {
    let data = folder("accounts");
    assert_eq!(account(&data, &["list"], "").code, 4, "nothing is made by looking");
    let first = account(&data, &["add", "root", "--role", "administrator", "--new-password-file", "-"], "first\n");
    assert_eq!((first.code, first.out.as_str()), (0, "root is added\n"), "{first:?}");
    let last = account(&data, &["disable", "root"], "");
    assert_eq!((last.code, last.err.contains("last account")), (3, true), "{last:?}");
    assert_eq!(account(&data, &["role", "nobody", "viewer"], "").code, 4);
    assert_eq!(account(&data, &["role", "root", "queen"], "").code, 2);

    let server = Process::start(&["--data", data.to_str().expect("UTF-8"), "--cards", "5"]);
    let used = account(&data, &["list"], "");
    assert_eq!((used.code, used.err.contains("--url")), (3, true), "{used:?}");
    let as_root = |password: &str, arguments: &[&str]| {
        let mut command = cardwright(arguments);
        let command = command.env("CARDWRIGHT_URL", &server.url).env("CARDWRIGHT_USER", "root");
        run(command.env("CARDWRIGHT_PASSWORD", password))
    };
    let add = ["account", "add", "ann", "--role", "viewer", "--mim-user", UUID, "--new-password-command", "echo one"];
    let added = as_root("first", &[&add[..], &["--json"]].concat());
    assert_eq!(added.json(), json!({"name": "ann", "role": "viewer", "user": UUID, "disabled": false}));
    let again = as_root("first", &add);
    assert_eq!((again.code, again.err.contains("already")), (3, true), "{again:?}");
    let unasked = as_root("first", &["account", "password", "ann"]);
    assert_eq!((unasked.code, unasked.err.contains("--new-password-file")), (2, true), "{unasked:?}");
    assert_eq!(as_root("first", &["account", "password", "root", "--new-password-command", "echo second"]).code, 0);
    assert_eq!(as_root("first", &["account", "list"]).code, 5, "the password is another one");
    assert_eq!(as_root("second", &["account", "role", "ann", "operator"]).code, 0);
    assert_eq!(as_root("second", &["account", "disable", "ann"]).out, "ann cannot sign in any more\n");
    let table = as_root("second", &["account", "list"]);
    let ann = table.out.lines().find(|line| line.starts_with("ann ")).expect("a line");
    assert!(ann.contains("operator") && ann.contains(UUID) && ann.ends_with("disabled"), "{table:?}");
    assert_eq!(as_root("second", &["account", "enable", "ann"]).code, 0);
    let log = as_root("second", &["audit", "--json"]);
    let wanted =
        ["add", "disable", "add", "password", "role", "disable", "enable"].map(|what| format!("account-{what}"));
    assert_eq!(
        operations(&log).iter().filter(|what| what.starts_with("account-")).collect::<Vec<_>>(),
        wanted.iter().collect::<Vec<_>>()
    );
    assert!(!log.out.contains("second") && !log.out.contains("first"), "{log:?}");
    assert_eq!(server.stop(), Some(0));
    std::fs::remove_dir_all(&data).expect("removed");
}

/// `audit --follow --json` under way.
struct Follower {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Follower {
    fn start(url: &str) -> Self {
        let mut command = cardwright(&["audit", "--follow", "--every", "0.05", "--json", "--account", "changer"]);
        let command = command.env("CARDWRIGHT_URL", url).env("CARDWRIGHT_USER", "watcher");
        let command = command.env("CARDWRIGHT_PASSWORD", "w").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command runs");
        let lines = BufReader::new(child.stdout.take().expect("piped"));
        Follower { child, lines }
    }

    /// The next row: what was done.
    fn next(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a line");
        let row: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        row["operation"].as_str().expect("a word").into()
    }

    /// Asks it to end: its exit code, and what it said.
    fn interrupt(self) -> (Option<i32>, String) {
        let asked = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(asked.success());
        let output = self.child.wait_with_output().expect("it ends");
        (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
    }
}

#[cfg(unix)]
#[test]
fn who_follows_sees_each_row_once_also_over_a_restart_of_the_server() {
    let data = folder("follow");
    let data_text = data.to_str().expect("UTF-8");
    assert_eq!(run(&mut cardwright(&["seed", "--data", data_text, "--cards", "5"])).code, 0);
    for name in ["watcher", "changer"] {
        let password = &name[..1];
        let added = account(&data, &["add", name, "--role", "operator", "--new-password-file", "-"], password);
        assert_eq!(added.code, 0, "{added:?}");
    }
    let change = |server: &Process, what: &str| {
        let mut command = cardwright(&[what, "1065"]);
        let command = command.env("CARDWRIGHT_URL", &server.url).env("CARDWRIGHT_USER", "changer");
        let done = run(command.env("CARDWRIGHT_PASSWORD", "c"));
        assert_eq!(done.code, 0, "{done:?}");
    };
    let server = Process::start(&["--data", data_text, "--cards", "5"]);
    let url = server.url.clone();
    change(&server, "disable");
    let mut follower = Follower::start(&url);
    assert_eq!(follower.next(), "suspend", "what was there");
    change(&server, "enable");
    assert_eq!(follower.next(), "resume", "what comes");
    // Of somebody else.
    assert_eq!(server.ask(&["disable", "1065"]).code, 0);
    assert_eq!(server.ask(&["enable", "1065"]).code, 0);
    assert_eq!(server.stop(), Some(0));
    let address = url.trim_start_matches("http://").split('/').next().expect("an address").to_string();
    // The follower says that it waits before there is a server again.
    let mut said = BufReader::new(follower.child.stderr.take().expect("piped"));
    let mut line = String::new();
    said.read_line(&mut line).expect("a line");
    assert!(line.contains("waiting:"), "{line:?}");
    let server = Process::start(&["--data", data_text, "--listen", &address]);
    assert_eq!(server.url, url);
    change(&server, "disable");
    assert_eq!(follower.next(), "suspend", "and goes on");
    line.clear();
    said.read_line(&mut line).expect("a line");
    assert!(line.contains("back:"), "{line:?}");
    assert_eq!(follower.interrupt().0, Some(0));
    assert_eq!(server.stop(), Some(0));
    std::fs::remove_dir_all(&data).expect("removed");
}

#[test]
fn a_follower_whose_account_is_refused_ends() {
    let server = Process::start(&["--cards", "5"]);
    let mut command = cardwright(&["audit", "--follow", "--every", "0.05"]);
    let refused = run(command
        .env("CARDWRIGHT_URL", &server.url)
        .env("CARDWRIGHT_USER", "nobody")
        .env("CARDWRIGHT_PASSWORD", "x"));
    assert_eq!(refused.code, 5, "{refused:?}");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_server_without_an_account_of_the_run_has_those_that_were_added() {
    let data = folder("own-accounts");
    let text = data.to_str().expect("UTF-8");
    let serve = ["serve", "--data", text, "--no-account", "--public-url", "https://cards.example.com"];
    let nobody = run(&mut cardwright(&serve));
    assert_eq!((nobody.code, nobody.err.contains("account add")), (2, true), "{nobody:?}");
    // An earlier run has made its own account.
    let earlier = Process::start(&["--data", text]);
    let (user, password) = (earlier.user.clone(), earlier.password.clone());
    earlier.stop();
    let only = run(&mut cardwright(&serve));
    assert_eq!((only.code, only.err.contains("account add")), (2, true), "it alone may do everything: {only:?}");
    let add = ["add", "root", "--role", "administrator", "--new-password-file", "-"];
    assert_eq!(account(&data, &add, "secret\n").code, 0);

    let server = Process::start(&serve[1..]);
    let ask = |user: &str, password: &str| {
        let mut command = cardwright(&["cards", "--limit", "1"]);
        let command = command.env("CARDWRIGHT_URL", &server.url).env("CARDWRIGHT_USER", user);
        run(command.env("CARDWRIGHT_PASSWORD", password)).code
    };
    let codes = [ask("root", "secret"), ask(&user, &password)];
    assert_eq!(codes, [0, 5], "the one that was added, and not that of the earlier run");
    assert_eq!(server.stop(), Some(0));
    let _ = std::fs::remove_dir_all(data);
}
