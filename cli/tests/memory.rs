//! What is left of a password in the command's memory when it ends, and whether it would be dumped.

#![cfg(target_os = "linux")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cardwright_testkit::realm::in_lab;
use common::terminal::program_on_a_terminal;
use common::{PASSWORD, server};
use std::path::{Path, PathBuf};
use std::process::Command;

const USER: &str = "viewer";

/// A folder that is gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("cardwright-memory-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The command under gdb, which writes all of its memory into a file when it is about to end.
fn dumped(mut run: Command, dump: &Path, arguments: &[&str]) -> Vec<u8> {
    let write = format!("gcore {}", dump.display());
    run.args(["gdb", "-q", "-nx", "-batch", "-iex", "set debuginfod enabled off"]);
    for order in [
        "set disable-randomization off",
        "set print thread-events off",
        "catch syscall exit_group",
        "run",
        &write,
        "kill",
    ] {
        run.args(["-ex", order]);
    }
    run.arg("--args").arg(env!("CARGO_BIN_EXE_cardwright")).args(arguments);
    let output = run.output().expect("gdb runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("DEMO\\"), "it lists cards: {said}");
    std::fs::read(dump).unwrap_or_else(|error| panic!("{error}: {said}"))
}

fn holds(dump: &[u8], text: &[u8]) -> bool {
    memchr::memmem::find(dump, text).is_some()
}

/// The forms in which the password may be there, of those that are.
fn found(dump: &[u8]) -> Vec<&'static str> {
    found_of(dump, USER, PASSWORD)
}

fn found_of(dump: &[u8], user: &str, password: &str) -> Vec<&'static str> {
    let (alone, pair) = (STANDARD.encode(password), STANDARD.encode(format!("{user}:{password}")));
    let wide: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let forms = [
        ("in clear", password.as_bytes()),
        // Without the end, which depends on what follows.
        ("in base64", &alone.as_bytes()[..password.len() / 3 * 4]),
        ("in base64, with its user", pair.as_bytes()),
        ("in UTF-16", &wide),
    ];
    forms.into_iter().filter(|(_, form)| holds(dump, form)).map(|(name, _)| name).collect()
}

fn has_gdb() -> bool {
    let has = Command::new("gdb").arg("--version").output().is_ok();
    assert!(has || std::env::var_os("CI").is_none(), "there is no gdb, and CI must have it");
    if !has {
        eprintln!("SKIPPED: there is no gdb");
    }
    has
}

#[test]
fn after_its_use_a_password_from_file_program_or_prompt_is_in_no_dump() {
    if !has_gdb() {
        return;
    }
    let running = server();
    let url = running.certiflow_url();
    let folder = Folder::new("dump");
    let file = folder.0.join("password");
    std::fs::write(&file, PASSWORD).expect("a file");
    let (file, program) = (file.display().to_string(), format!("cat '{}'", file.display()));
    let dump = folder.0.join("dump");
    let asked = ["cards", "--limit", "5", "--url", &url, "--user", USER];
    let mut looked_at = 0;
    for more in [["--password-file", &file, "--auth", "basic"], ["--password-command", &program, "--auth", "auto"]] {
        let mut env = Command::new("env");
        env.env_clear().env("PATH", "/usr/bin:/bin");
        let dump = dumped(env, &dump, &[&asked[..], &more].concat());
        assert!(holds(&dump, USER.as_bytes()), "the dump is of the right memory");
        assert_eq!(found(&dump), [""; 0], "{more:?}");
        looked_at += dump.len();
    }
    if let Some(mut terminal) = program_on_a_terminal("Password of viewer: ") {
        terminal.env_clear().env("PATH", "/usr/bin:/bin").env("SILENT", "1").env("TYPED", format!("{PASSWORD}\n"));
        terminal.env("QUESTION", "Password of viewer: ");
        // What is typed is for the player alone.
        terminal.args(["/usr/bin/env", "-u", "TYPED"]);
        assert_eq!(found(&dumped(terminal, &dump, &asked)), [""; 0], "prompt");
    }
    // The environment cannot be wiped, which shows that what is there is found.
    let mut env = Command::new("env");
    env.env_clear().env("PATH", "/usr/bin:/bin").env("CARDWRIGHT_PASSWORD", PASSWORD);
    assert_eq!(found(&dumped(env, &dump, &asked)), ["in clear"]);
    println!("{} MB looked at", looked_at >> 20);
}

#[test]
fn after_ntlm_and_kerberos_by_password_it_is_in_no_dump() {
    in_lab("after_ntlm_and_kerberos_by_password_it_is_in_no_dump", |place| {
        if !has_gdb() {
            return;
        }
        let folder = Folder::new("dump-windows");
        let (file, dump) = (folder.0.join("password"), folder.0.join("dump"));
        for (way, scheme, user, password) in [
            ("ntlm", "ntlm", r"CORP\anna", "Anna-Passw0rd"),
            ("kerberos", "negotiate", "operator@EXAMPLE.TEST", "operator-password"),
        ] {
            std::fs::write(&file, password).expect("a file");
            let mut env = Command::new("env");
            env.env_clear().env("PATH", "/usr/bin:/bin");
            place.enter(&mut env);
            let file = file.display().to_string();
            let asked = ["cards", "--limit", "5", "--url", &place.url(way), "--auth", scheme, "--user", user];
            let dump = dumped(env, &dump, &[&asked[..], &["--password-file", &file]].concat());
            assert!(holds(&dump, user.as_bytes()), "the dump is of the right memory");
            assert_eq!(found_of(&dump, user, password), [""; 0], "{scheme}");
        }
    });
}

#[test]
fn the_command_refuses_core_dumps_unless_told_otherwise() {
    let limit = |set: bool| {
        let mut command = Command::new("sh");
        // The program of the password is a child of the command, and has its limits.
        let show = "sh -c 'ulimit -c >&2; echo x'";
        let run = format!(
            "ulimit -c 4096; exec {} cards --url http://127.0.0.1:9/cm/api --user u --password-command \"{show}\"",
            env!("CARGO_BIN_EXE_cardwright")
        );
        command.args(["-c", &run]).env_clear().env("PATH", "/usr/bin:/bin");
        if set {
            command.env("CARDWRIGHT_CORE_DUMPS", "1");
        }
        let output = command.output().expect("sh runs");
        String::from_utf8_lossy(&output.stderr).lines().next().expect("a limit").to_string()
    };
    assert_eq!((limit(false).as_str(), limit(true).as_str()), ("0", "4096"));
}
