//! What the command does where somebody sits at a terminal: it asks for the password, and shows nothing
//! of it.

mod common;

use common::{PASSWORD, server};
use std::process::Command;

/// Runs the command on a terminal of its own, types the password when it is asked for, and prints all
/// that the terminal showed.
const ON_A_TERMINAL: &str = "
import os, pty, sys, termios, time
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
shown, typed = b'', False
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    shown += piece
    if not typed and b'Password of viewer: ' in shown:
        # The question comes a moment before the echo goes; nobody types as fast.
        while termios.tcgetattr(terminal)[3] & termios.ECHO:
            time.sleep(0.01)
        os.write(terminal, os.environ['TYPED'].encode() + b'\\n')
        typed = True
sys.stdout.buffer.write(shown)
sys.exit(os.waitpid(pid, 0)[1] >> 8)
";

#[test]
fn at_a_terminal_the_password_is_asked_for_and_not_shown() {
    let running = server();
    for (typed, code) in [(PASSWORD, 0), ("wrong", 5)] {
        let output = Command::new("python3")
            .args(["-c", ON_A_TERMINAL, env!("CARGO_BIN_EXE_cardwright"), "cards", "--limit", "2"])
            .args(["--user", "viewer", "--url", &running.certiflow_url()])
            .env_remove("CARDWRIGHT_PASSWORD")
            .env("TYPED", typed)
            .output();
        let Ok(output) = output else {
            assert!(std::env::var_os("CI").is_none(), "there is no python3, and CI must have it");
            eprintln!("SKIPPED: there is no python3 to play the terminal");
            return;
        };
        let shown = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{shown}");
        assert!(shown.contains("Password of viewer: ") && !shown.contains(typed), "{shown}");
    }
}
