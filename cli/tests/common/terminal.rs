//! The command on a terminal of its own, at which somebody answers a question.

use std::process::Command;

/// The command, to be given what is typed by `TYPED`; `None` where there is no python3 to play the terminal.
pub(crate) fn on_a_terminal(question: &str, arguments: &[&str]) -> Option<Command> {
    let mut command = program_on_a_terminal(question)?;
    command.arg(env!("CARGO_BIN_EXE_cardwright")).args(arguments);
    Some(command)
}

/// The same for any program, which is named by the first argument.
pub(crate) fn program_on_a_terminal(question: &str) -> Option<Command> {
    if Command::new("python3").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "there is no python3, and CI must have it");
        eprintln!("SKIPPED: there is no python3 to play the terminal");
        return None;
    }
    let mut command = Command::new("python3");
    command.args(["-c", include_str!("terminal.py")]);
    command.env("QUESTION", question);
    Some(command)
}
