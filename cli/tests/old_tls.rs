//! Servers with which rustls does not get along: what is said, and that its next step helps.

#![cfg(target_os = "linux")]

mod common;

use common::{cardwright, run};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// `openssl s_server` with files below a folder, which ends when this is dropped.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(folder: &Path, options: &[&str]) -> Self {
        let mut command = Command::new("openssl");
        command.args(["s_server", "-HTTP", "-accept", "127.0.0.1:0", "-cert", "made.pem", "-key", "made.key"]);
        let command = command.args(options).current_dir(folder).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("openssl");
        let output = BufReader::new(child.stdout.take().expect("output"));
        let mut lines = output.lines().map_while(Result::ok);
        let port = lines.find_map(|line| Some(line.strip_prefix("ACCEPT 127.0.0.1:")?.trim().to_string()));
        // What else it prints is read too, so that it does not stop.
        std::thread::spawn(move || lines.for_each(drop));
        Server { child, url: format!("https://localhost:{}/certiflow/api", port.expect("a port")) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn openssl(folder: &Path, arguments: &str) -> bool {
    let mut command = Command::new("openssl");
    let command = command.args(arguments.split(' ')).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// A folder with a certificate for `localhost`, and the answer to a request for five cards; `None` without openssl.
fn folder(name: &str) -> Option<PathBuf> {
    let folder = common::process::folder(name);
    let api = folder.join("certiflow/api");
    std::fs::create_dir_all(&api).expect("a folder");
    let answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]";
    std::fs::write(api.join("Cards?offset=0&count=5"), answer).expect("a file");
    let certificate = "-subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout made.key -out made.pem";
    if openssl(&folder, &format!("req -x509 -nodes -newkey rsa:2048 {certificate}")) {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "openssl is needed");
    eprintln!("SKIPPED: there is no openssl, so old servers were not tried");
    None
}

#[test]
fn where_nothing_is_in_common_the_next_step_is_the_systems_library_and_it_helps() {
    let Some(folder) = folder("old-tls-next") else { return };
    let server = Server::start(&folder, &["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA"]);
    let ca = folder.join("made.pem");
    let arguments =
        ["cards", "--limit", "5", "--url", &server.url, "--auth", "none", "--ca", ca.to_str().expect("UTF-8")];
    let done = run(&mut cardwright(&arguments));
    assert_eq!(done.code, 6, "{done:?}");
    assert!(done.err.contains("no cipher suite") && done.err.contains("next: --tls system"), "{done:?}");
    let done = run(&mut cardwright(&[&arguments[..], &["--tls", "system"]].concat()));
    assert_eq!(done.code, 0, "{done:?}");
    let done = run(cardwright(&arguments).env("CARDWRIGHT_TLS", "system"));
    assert_eq!(done.code, 0, "{done:?}");
    let done = run(&mut cardwright(&[&arguments[..], &["--tls", "schannel"]].concat()));
    assert!(done.code == 2 && done.err.contains("rustls, system"), "{done:?}");
}

#[test]
fn where_a_client_certificate_is_missing_the_next_step_is_to_give_one_and_it_helps() {
    let Some(folder) = folder("old-tls-client") else { return };
    let ca = folder.join("made.pem");
    let ca = ca.to_str().expect("UTF-8");
    assert!(openssl(&folder, "pkcs12 -export -in made.pem -inkey made.key -out made.p12 -passout pass:hush"));
    let server = Server::start(&folder, &["-Verify", "1", "-verify_return_error", "-CAfile", "made.pem"]);
    let arguments = ["cards", "--limit", "5", "--url", &server.url, "--auth", "none", "--ca", ca];
    for backend in ["rustls", "system"] {
        let arguments = [&arguments[..], &["--tls", backend]].concat();
        let done = run(&mut cardwright(&arguments));
        assert_eq!(done.code, 6, "{done:?}");
        assert!(
            done.err.contains("next: the server demands a client certificate: give --client-cert FILE"),
            "{done:?}"
        );
        let with = |file: &str| {
            let file = folder.join(file);
            [&arguments[..], &["--client-cert", file.to_str().expect("UTF-8")]].concat().join(" ")
        };
        let pem = format!("{} --client-key {}", with("made.pem"), folder.join("made.key").display());
        let done = run(&mut cardwright(&pem.split(' ').collect::<Vec<_>>()));
        assert_eq!(done.code, 0, "{done:?}");
        // The key is not encrypted, and a file that is named is there all the same.
        let absent = format!("{pem} --client-key-password-file /nowhere/x");
        let done = run(&mut cardwright(&absent.split(' ').collect::<Vec<_>>()));
        assert!(done.code == 2 && done.err.contains("/nowhere/x"), "{done:?}");
        let p12 = with("made.p12");
        let done = run(&mut cardwright(&p12.split(' ').collect::<Vec<_>>()));
        assert!(done.code == 2 && done.err.contains("--client-key-password-file"), "{done:?}");
        let done = run(cardwright(&p12.split(' ').collect::<Vec<_>>()).env("CARDWRIGHT_CLIENT_KEY_PASSWORD", "hush"));
        assert_eq!(done.code, 0, "{done:?}");
        let done = run(cardwright(&p12.split(' ').collect::<Vec<_>>()).env("CARDWRIGHT_CLIENT_KEY_PASSWORD", "other"));
        assert!(done.code == 2 && done.err.contains("is wrong") && !done.err.contains("other"), "{done:?}");
    }
}

#[test]
fn the_examples_of_the_page_run() {
    let Some(folder) = folder("old-tls-page") else { return };
    let server = Server::start(&folder, &["-tls1_2", "-cipher", "AES128-GCM-SHA256"]);
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/old-tls.md")).expect("the page");
    let (_, block) = page.split_once("<!-- run: old-tls -->\n```sh\n").expect("commands");
    let (block, _) = block.split_once("```").expect("an end");
    assert!(!block.is_empty());
    for line in block.lines() {
        let words: Vec<&str> = line.split(' ').skip(1).collect();
        let mut command = cardwright(&words);
        let command = command.env("CARDWRIGHT_URL", &server.url).env("CARDWRIGHT_AUTH", "none");
        let done = run(command.env("CARDWRIGHT_CA", folder.join("made.pem")));
        assert_eq!(done.code, 0, "{line}: {done:?}");
    }
}
