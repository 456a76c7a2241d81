//! `serve` and `seed` as a program of their own: started, used, stopped.

mod common;

use common::{cardwright, run};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// A server process, ended at the end of the test.
struct Process {
    child: Child,
    url: String,
    user: String,
    password: String,
}

impl Process {
    fn start(arguments: &[&str]) -> Self {
        let mut child =
            cardwright(&["serve"]).args(arguments).stdout(Stdio::piped()).spawn().expect("the command runs");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let mut value = |name: &str| {
            let line = lines.find(|line| line.contains(&format!("{name}="))).expect("a line to try");
            let words: Vec<String> = line.split_whitespace().map(str::to_string).collect();
            move |name: &str| {
                let found = words.iter().find_map(|word| word.strip_prefix(&format!("{name}=")));
                found.expect("a setting").to_string()
            }
        };
        let url = value("CARDWRIGHT_URL")("CARDWRIGHT_URL");
        let account = value("CARDWRIGHT_USER");
        let (user, password) = (account("CARDWRIGHT_USER"), account("CARDWRIGHT_PASSWORD"));
        Process { child, url, user, password }
    }

    fn ask(&self, arguments: &[&str]) -> common::Done {
        run(cardwright(arguments)
            .env("CARDWRIGHT_URL", &self.url)
            .env("CARDWRIGHT_USER", &self.user)
            .env("CARDWRIGHT_PASSWORD", &self.password))
    }

    /// Asks it to stop, and waits until it has.
    fn stop(mut self) -> Option<i32> {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill runs");
        assert!(asked.success());
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("cardwright-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

#[test]
fn a_server_prints_what_is_needed_to_use_it_and_stops_when_asked() {
    let server = Process::start(&["--cards", "5"]);
    let cards = server.ask(&["cards", "--json"]).json();
    assert!(cards.as_array().expect("a list").len() > 5);
    assert_eq!(server.stop(), Some(0));
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
