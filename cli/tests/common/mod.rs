//! The command against a server of the test's own.

// Each test binary uses a part of this.
#![allow(dead_code)]

pub(crate) mod fake;
pub(crate) mod plain;
pub(crate) mod process;
pub(crate) mod terminal;

use cardwright_server::{Account, Config, Running, Secret, Server, seed};
use std::process::{Command, Output};

pub(crate) const PASSWORD: &str = "a password of the test";

/// A server with the story, fifty made-up cards, and an account for each role.
pub(crate) fn server() -> Running {
    server_with(|_| {})
}

/// The same, set up in another way.
pub(crate) fn server_with(set_up: impl FnOnce(&mut Config)) -> Running {
    let mut config = Config::default();
    set_up(&mut config);
    for role in ["administrator", "operator", "viewer"] {
        let account = Account::new(role, Secret::new(PASSWORD), role);
        config.accounts.push(if role == "viewer" {
            account
        } else {
            account.as_user(seed::story_user().expect("a user"))
        });
    }
    let running = Server::start(config).expect("a server");
    seed::story(running.registry()).expect("the story");
    seed::synthetic(running.registry(), 50, 7).expect("cards");
    running
}

/// The command with its arguments, and with no settings of the environment's.
pub(crate) fn cardwright(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cardwright"));
    command.args(arguments).env_clear();
    command
}

/// The command as the administrator of a server, by its CertiFlow API.
pub(crate) fn certiflow(running: &Running, arguments: &[&str]) -> Done {
    run(cardwright(arguments)
        .env("CARDWRIGHT_URL", running.certiflow_url())
        .env("CARDWRIGHT_USER", "administrator")
        .env("CARDWRIGHT_PASSWORD", PASSWORD))
}

/// The same by its MIM API.
pub(crate) fn mim(running: &Running, arguments: &[&str]) -> Done {
    run(cardwright(arguments)
        .env("CARDWRIGHT_URL", running.mim_url())
        .env("CARDWRIGHT_USER", "administrator")
        .env("CARDWRIGHT_PASSWORD", PASSWORD))
}

/// What a command printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn run(command: &mut Command) -> Done {
    let Output { status, stdout, stderr } = command.output().expect("the command runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let done = Done { code: status.code().expect("no signal"), out: text(stdout), err: text(stderr) };
    assert!(!done.out.contains(PASSWORD) && !done.err.contains(PASSWORD), "a password was shown");
    done
}

impl Done {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }
}
