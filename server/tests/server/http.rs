//! A server with an account, and a client that sends bytes and reads bytes.

use base64::Engine as _;
use cardwright_server::{Account, Config, Data, Database, Running, Secret, Server, seed};
use cardwright_testkit::postgres;
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// Name and password of the account that may do everything; it is the story's user.
pub(crate) const DEMO: &str = "demo:correct horse battery staple";

/// Set to `postgres` where the registries of the tests are in PostgreSQL; else they are in files of SQLite.
const STORE: &str = "CARDWRIGHT_TEST_STORE";

/// A place for a registry of PostgreSQL, if that is what is tested. It is gone with the test.
fn in_postgres() -> Option<Data> {
    let store = std::env::var_os(STORE)?;
    assert_eq!(store, "postgres", "{STORE} names no store");
    let url = postgres::of_this_test().expect("PostgreSQL is installed");
    Some(Data::Postgres(Database::parse(&url).unwrap()))
}

/// A place for a registry that is still there when its server has stopped.
pub(crate) struct Kept {
    data: Data,
    _folder: Option<tempfile::TempDir>,
}

impl Kept {
    pub(crate) fn new() -> Self {
        let in_folder = || {
            let folder = tempfile::tempdir().unwrap();
            Kept { data: Data::Directory(folder.path().join("data")), _folder: Some(folder) }
        };
        in_postgres().map_or_else(in_folder, |data| Kept { data, _folder: None })
    }

    pub(crate) fn config(&self) -> Config {
        config_at(self.data.clone())
    }
}

/// A configuration with the account and an empty registry.
pub(crate) fn config() -> Config {
    config_at(in_postgres().unwrap_or(Data::Temporary))
}

/// A configuration with the account.
pub(crate) fn config_at(data: Data) -> Config {
    let mut config = Config::default();
    let (name, password) = DEMO.split_once(':').unwrap();
    let account = Account::new(name, Secret::new(password), "administrator");
    config.accounts.push(account.as_user(seed::story_user().unwrap()));
    config.data = data;
    config
}

/// A server with the account and the story.
pub(crate) fn start() -> Running {
    start_with(config())
}

pub(crate) fn start_with(config: Config) -> Running {
    let running = Server::start(config).unwrap();
    seed::story(running.registry()).unwrap();
    running
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
    /// Whether the body is there to its end.
    pub(crate) is_whole: bool,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let line =
            self.head.lines().find(|line| line.split_once(':').is_some_and(|pair| pair.0.eq_ignore_ascii_case(name)));
        line.and_then(|line| line.split_once(':')).map(|pair| pair.1.trim())
    }

    /// All headers of a name, in their order.
    pub(crate) fn headers(&self, name: &str) -> Vec<&str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(':'));
        pairs.filter(|pair| pair.0.eq_ignore_ascii_case(name)).map(|pair| pair.1.trim()).collect()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The sentence of a problem.
    pub(crate) fn detail(&self) -> String {
        self.json()["detail"].as_str().unwrap_or_default().to_owned()
    }
}

/// Sends a request as the account that may do everything.
pub(crate) fn send(running: &Running, method: &str, target: &str, body: &str) -> Answer {
    send_as(running, Some(DEMO), method, target, ("application/json", body))
}

pub(crate) fn get(running: &Running, target: &str) -> Answer {
    send(running, "GET", target, "")
}

pub(crate) fn post(running: &Running, target: &str) -> Answer {
    send(running, "POST", target, "")
}

pub(crate) fn send_as(
    running: &Running,
    credentials: Option<&str>,
    method: &str,
    target: &str,
    (content_type, body): (&str, &str),
) -> Answer {
    let mut head = format!("{method} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", running.address());
    if let Some(credentials) = credentials {
        let coded = base64::engine::general_purpose::STANDARD.encode(credentials);
        head += &format!("Authorization: Basic {coded}\r\n");
    }
    if !body.is_empty() {
        head += &format!("Content-Type: {content_type}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n", body.len());
    exchange(running, &(head + body))
}

/// Sends bytes as they are, and reads until the server closes.
pub(crate) fn exchange(running: &Running, request: &str) -> Answer {
    let mut stream = TcpStream::connect(running.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    // A server that refuses a body closes while it is being sent.
    let _ = stream.write_all(request.as_bytes());
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer to {request:?}: {text:?}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    let is_chunked = head.to_ascii_lowercase().contains("\r\ntransfer-encoding: chunked");
    let (body, is_whole) = if is_chunked { unchunked(body.as_bytes()) } else { (body.into(), true) };
    let body = String::from_utf8_lossy(&body).into_owned();
    let answer = Answer { status, head: head.to_owned(), body, is_whole };
    let length = answer.header("content-length").and_then(|length| length.parse::<usize>().ok());
    Answer { is_whole: is_whole && length.is_none_or(|length| length == answer.body.len()), ..answer }
}

/// What chunks hold, as far as they go, and whether their end is there (RFC 9112, 7.1).
pub(crate) fn unchunked(mut chunks: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    while let Some(end) = chunks.windows(2).position(|pair| pair == b"\r\n") {
        let size = core::str::from_utf8(&chunks[..end]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        let chunk = &chunks[end + 2..];
        if size == 0 {
            return (body, true);
        }
        body.extend_from_slice(&chunk[..size.min(chunk.len())]);
        chunks = chunk.get(size + 2..).unwrap_or_default();
    }
    (body, false)
}

/// A path of CertiFlow's API.
pub(crate) fn certiflow(path: &str) -> String {
    format!("/certiflow/api/{path}")
}

/// A path of MIM CM's API.
pub(crate) fn mim(path: &str) -> String {
    format!("/CertificateManagement/api/v1.0/{path}")
}
