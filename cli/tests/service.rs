//! `serve` as a service: its settings in a file, certificates and keys read again, and what systemd is told.
#![cfg(unix)]

mod common;

use cardwright_testkit::issuer::AUDIENCE;
use cardwright_testkit::jws::Signer;
use common::process::{Process, folder};
use common::{cardwright, run};
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::json;
use std::io::{BufRead as _, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// A folder of a test's own, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = folder(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        mode(&folder, 0o700);
        Folder(folder)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let file = self.0.join(name);
        std::fs::write(&file, text).expect("written");
        mode(&file, 0o600);
        file
    }

    /// A new certificate and its key, as `chain.pem` and `server.key`.
    fn certificate(&self) -> String {
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".into()]).expect("a certificate");
        self.write("chain.pem", &made.cert.pem());
        self.write("server.key", &made.signing_key.serialize_pem());
        made.cert.pem()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
}

fn serve(arguments: &[&str]) -> Command {
    let mut command = cardwright(&["serve"]);
    command.args(arguments);
    command
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A TLS connection of somebody who trusts these certificates.
struct Connection(StreamOwned<ClientConnection, TcpStream>);

impl Connection {
    fn new(server: &Process, trusted: &[&str]) -> Self {
        let mut roots = RootCertStore::empty();
        for pem in trusted {
            roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate")).expect("a root");
        }
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let address = server.url.trim_start_matches("https://").split('/').next().expect("an address");
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
        let name = ServerName::try_from("127.0.0.1").expect("a name");
        Connection(StreamOwned::new(ClientConnection::new(Arc::new(config), name).expect("a client"), stream))
    }

    /// Sends a request, reads the head of its answer, and returns the certificate that was presented.
    fn ask(&mut self) -> String {
        let host = self.0.sock.peer_addr().expect("an address");
        write!(self.0, "GET /health HTTP/1.1\r\nHost: {host}\r\n\r\n").expect("sent");
        let mut taken = Vec::new();
        while !taken.windows(4).any(|end| end == b"\r\n\r\n") {
            let mut more = [0; 1024];
            let length = self.0.read(&mut more).expect("an answer");
            assert_ne!(length, 0, "closed");
            taken.extend(&more[..length]);
        }
        assert!(taken.starts_with(b"HTTP/1.1 "), "{taken:?}");
        let presented = self.0.conn.peer_certificates().expect("certificates");
        format!("{:?}", presented[0])
    }
}

fn shown(pem: &str) -> String {
    format!("{:?}", CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate"))
}

#[test]
fn settings_come_from_a_file_and_the_command_line_takes_precedence() {
    let folder = Folder::new("service-file");
    let config = folder.write("serve.toml", "data = 'data'\ncards = 3\nlog = true\n[switch]\nmim-api = 'off'\n");
    let mut server = Process::spawn(serve(&["--config", text(&config), "--cards", "4"]).stderr(Stdio::piped()));
    assert!(server.first.contains("serves 10 made-up cards, kept in "), "{}", server.first);
    assert!(folder.0.join("data/registry.sqlite").is_file(), "beside the file that names it");
    assert_eq!(server.ask(&["cards", "--limit", "1"]).code, 0);
    let mut line = String::new();
    server.errors().read_line(&mut line).expect("a line of the log");
    assert!(line.starts_with('{'), "{line}");
    assert_eq!(server.stop(), Some(0));
    let config = folder.write("serve.toml", "log = true\n\nlisten_on = '0.0.0.0:1'\n");
    let refused = run(&mut serve(&["--config", text(&config)]));
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("serve.toml:3: unknown key listen_on"), "{refused:?}");
    assert!(refused.err.contains("tls_self_signed") && !refused.err.contains("tls-self-signed"), "{refused:?}");
    let missing = run(&mut serve(&["--config", "/no/such/serve.toml"]));
    assert!(missing.code == 2 && missing.err.contains("/no/such/serve.toml"), "{missing:?}");
    // The profiles' file is another one.
    let server = Process::spawn(serve(&["--cards", "1"]).env("CARDWRIGHT_CONFIG", "/no/such/config.toml"));
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn settings_that_others_may_write_are_not_obeyed() {
    let folder = Folder::new("service-owner");
    let config = folder.write("serve.toml", "cards = 3\n");
    for (of_folder, of_config, place) in
        [(0o700, 0o620, &config), (0o700, 0o602, &config), (0o777, 0o600, &folder.0), (0o770, 0o600, &folder.0)]
    {
        mode(&folder.0, of_folder);
        mode(&config, of_config);
        let refused = run(&mut serve(&["--config", text(&config), "--json"]));
        assert_eq!(refused.code, 2, "{refused:?}");
        let told: serde_json::Value = serde_json::from_str(&refused.err).expect("JSON");
        assert!(told["error"].as_str().expect("a text").contains("not obeyed"), "{refused:?}");
        assert_eq!(told["hint"], format!("chmod go-w {}", place.display()));
    }
    mode(&folder.0, 0o700);
}

#[test]
fn the_packaged_settings_are_settings() {
    let packaging = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packaging");
    let sample = std::fs::read_to_string(packaging.join("serve.toml")).expect("the sample");
    let folder = Folder::new("service-sample");
    folder.certificate();
    let signer = Signer::new("first", "ES256");
    folder.write("keys.json", &json!({ "keys": [signer.jwk()] }).to_string());
    let here = |sample: &str| {
        let here = text(&folder.0);
        let sample = sample.replace("/var/lib/cardwright", &format!("{here}/data")).replace("/etc/cardwright", here);
        sample.replace("0.0.0.0:8443", "127.0.0.1:0")
    };
    // As it is, and with all that it only suggests: the lines in which no blank follows the mark of a comment.
    let suggested = sample.lines().map(|line| match line.strip_prefix('#') {
        Some(setting) if !setting.is_empty() && !setting.starts_with(' ') => setting,
        _ => line,
    });
    let suggested = suggested.collect::<Vec<_>>().join("\n");
    assert!(suggested.lines().filter(|line| line.contains(" = ")).count() >= 8, "{suggested}");
    for (sample, more) in [(sample.clone(), &[][..]), (suggested, &["--no-account"][..])] {
        let config = folder.write("serve.toml", &here(&sample));
        let server = Process::spawn(serve(&["--config", text(&config)]).args(more).stderr(Stdio::null()));
        assert!(server.url.starts_with("https://"), "{}", server.url);
        assert_eq!(server.stop(), Some(0));
    }
    let unit = std::fs::read_to_string(packaging.join("cardwright.service")).expect("the unit");
    assert!(unit.contains("ExecStart=/usr/bin/cardwright serve --config /etc/cardwright/serve.toml\n"));
}

#[test]
fn certificate_and_keys_are_read_again_on_a_signal_and_connections_go_on() {
    let folder = Folder::new("service-reload");
    let first = folder.certificate();
    let (old, new) = (Signer::new("old", "ES256"), Signer::new("new", "ES256"));
    folder.write("keys.json", &json!({ "keys": [old.jwk()] }).to_string());
    let config = folder.write(
        "serve.toml",
        &format!(
            "tls_cert = 'chain.pem'\ntls_key = 'server.key'\nbearer_issuer = 'the issuer'\n\
             bearer_audience = '{AUDIENCE}'\nbearer_keys = 'keys.json'\n"
        ),
    );
    let mut server = Process::spawn(serve(&["--config", text(&config)]).stderr(Stdio::piped()));
    let mut errors = server.errors();
    let mut reload = |server: &Process| {
        server.signal("HUP");
        let mut told = String::new();
        (0..2).for_each(|_| assert_ne!(errors.read_line(&mut told).expect("a line"), 0));
        told
    };
    let mut open = Connection::new(&server, &[&first]);
    assert_eq!(open.ask(), shown(&first));

    let second = folder.certificate();
    folder.write("keys.json", &json!({ "keys": [new.jwk()] }).to_string());
    let told = reload(&server);
    assert_eq!(told.matches("read again").count(), 2, "{told}");
    let trusted = [first.as_str(), second.as_str()];
    assert_eq!(Connection::new(&server, &trusted).ask(), shown(&second));
    assert_eq!(open.ask(), shown(&first), "it goes on");
    let ca = folder.write("ca.pem", &second);
    let token = |signer: &Signer| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_secs();
        let claims = json!({ "iss": "the issuer", "aud": AUDIENCE, "sub": "a", "roles": ["viewer"], "exp": now + 60 });
        let file = folder.write("token", &signer.token(&claims));
        let arguments = ["cards", "--limit", "1", "--ca", text(&ca), "--url", &server.url, "--token-file", text(&file)];
        run(&mut cardwright(&arguments)).code
    };
    assert_eq!((token(&new), token(&old)), (0, 5));

    // What cannot be read stays as it was, each by itself.
    folder.write("server.key", "no key\n");
    let told = reload(&server);
    assert!(told.contains("certificate: the old one stays: ") && told.contains("chain.pem"), "{told}");
    assert!(told.contains("keys: read again"), "{told}");
    folder.write("keys.json", "{");
    std::fs::remove_file(folder.0.join("chain.pem")).expect("removed");
    let told = reload(&server);
    assert_eq!(told.matches("the old one stays").count(), 2, "{told}");
    assert_eq!(Connection::new(&server, &trusted).ask(), shown(&second));
    assert_eq!(token(&new), 0);
    assert_eq!(open.ask(), shown(&first));
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn systemd_is_told_how_the_server_is() {
    let folder = Folder::new("service-systemd");
    let path = folder.0.join("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    socket.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
    let message = || {
        let mut bytes = [0; 256];
        let length = socket.recv(&mut bytes).expect("a message");
        String::from_utf8(bytes[..length].to_vec()).expect("UTF-8")
    };
    // The first message of another kind than a sign of life.
    let state = || loop {
        let message = message();
        if message != "WATCHDOG=1\n" {
            return message;
        }
    };
    let mut command = serve(&["--cards", "1"]);
    command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "100000").stderr(Stdio::null());
    let server = Process::spawn(&mut command);
    assert_eq!(message(), "READY=1\n");
    for _ in 0..3 {
        assert_eq!(message(), "WATCHDOG=1\n");
    }
    server.signal("HUP");
    let reloading = state();
    assert!(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC="), "{reloading}");
    assert_eq!(state(), "READY=1\n");
    assert_eq!(server.ask(&["cards", "--limit", "1"]).code, 0);
    server.signal("TERM");
    assert_eq!(state(), "STOPPING=1\n");
    drop(server);
    // A process that the limit is not for sends none.
    let server = Process::spawn(command.env("WATCHDOG_PID", "1"));
    assert_eq!(message(), "READY=1\n");
    server.signal("TERM");
    assert_eq!(message(), "STOPPING=1\n");
    assert_eq!(server.stop(), Some(0));
}
