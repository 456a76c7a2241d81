//! What the command does where somebody sits at a terminal: it asks for the password, and shows nothing
//! of it.

mod common;

use common::terminal::on_a_terminal;
use common::{PASSWORD, server};

#[test]
fn at_a_terminal_the_password_is_asked_for_and_not_shown() {
    let running = server();
    for (typed, code) in [(PASSWORD, 0), ("another-1", 5)] {
        let url = running.certiflow_url();
        let arguments = ["cards", "--limit", "2", "--user", "viewer", "--url", &url];
        let Some(mut terminal) = on_a_terminal("Password of viewer: ", &arguments) else { return };
        terminal.env_remove("CARDWRIGHT_PASSWORD").env("SILENT", "1").env("TYPED", format!("{typed}\n"));
        let output = terminal.output().expect("python3 runs");
        let shown = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{shown}");
        assert!(shown.contains("Password of viewer: ") && !shown.contains(typed), "{shown}");
    }
}
