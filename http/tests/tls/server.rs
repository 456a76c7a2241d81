//! `openssl s_server`.

use super::made::Made;
use cardwright_http::{TlsBackend, Trust};
use std::io::{BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Whether openssl or the system's library is not there; outside CI, tests are then left out.
pub(crate) fn is_missing() -> bool {
    let program = Command::new("openssl").arg("version").output().is_ok_and(|output| output.status.success());
    if program && Trust::only_added().backend(TlsBackend::System).is_ok() {
        return false;
    }
    assert!(std::env::var_os("CI").is_none(), "openssl and libssl are needed");
    eprintln!("SKIPPED: there is no openssl, so TLS was not tried against it");
    true
}

/// What a server does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Answers each request by an empty list.
    Answers,
    /// Asks for a client certificate by renegotiation when the request has come, and answers then.
    Renegotiates,
}

const ANSWER: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]";

/// A server, which ends when it is dropped.
pub(crate) struct Server {
    pub(crate) port: u16,
    child: Child,
    _folder: tempfile::TempDir,
}

impl Server {
    /// A server with this certificate and these options of openssl.
    pub(crate) fn start(made: &Made, kind: Kind, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
        file("own.pem", &made.certificate);
        file("own.key", &made.key);
        file("Cards", ANSWER);
        let mut command = Command::new("openssl");
        command.args(["s_server", "-accept", "127.0.0.1:0", "-cert", "own.pem", "-key", "own.key"]).args(options);
        if kind == Kind::Answers {
            command.arg("-HTTP");
        }
        let child =
            command.current_dir(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = child.spawn().expect("openssl");
        let (output, input) = (child.stdout.take().expect("output"), child.stdin.take().expect("input"));
        let (sender, port) = mpsc::channel();
        std::thread::spawn(move || watch(BufReader::new(output), input, kind, &sender));
        let port = port.recv_timeout(Duration::from_secs(20)).expect("openssl listens");
        Server { port, child, _folder: folder }
    }
}

/// Tells the port, and does what is to be done when the request has come.
fn watch(output: impl std::io::BufRead, mut input: ChildStdin, kind: Kind, port: &mpsc::Sender<u16>) {
    for line in output.lines().map_while(Result::ok) {
        if let Some(found) = line.strip_prefix("ACCEPT 127.0.0.1:") {
            let _ = port.send(found.trim().parse().expect("a port"));
        }
        if kind == Kind::Renegotiates && line.starts_with("GET ") {
            let _ = input.write_all(b"R\n");
        }
        if kind == Kind::Renegotiates && line.contains("SSL_do_handshake ->") {
            let _ = input.write_all(ANSWER.as_bytes());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
