//! A realm and an Apache of the tests' own (`realm/realm.sh`), in front of the real server.
//!
//! The system's Kerberos library reads its settings from the environment, so each test runs this program
//! again with the environment of the lab, and there its body.

use cardwright_server::{Account, Config, Running, Server, seed};
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// What tells a test that it runs in the lab: its folder and ports.
const INSIDE: &str = "CARDWRIGHT_TEST_LAB";

/// How long a test may take.
const LIMIT: Duration = Duration::from_secs(60);

/// What is started once for all tests of a program. It ends when the program does, as its standard input
/// ends then.
struct Started {
    place: Place,
    _server: Running,
    _script: (Child, ChildStdin),
    python: Mutex<Option<(Child, ChildStdin)>>,
}

/// Where everything is.
#[derive(Debug, Clone)]
pub struct Place {
    folder: PathBuf,
    http: u16,
    tls: u16,
    pyspnego: u16,
}

/// A request as Apache has seen it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The client's port, which tells connections apart.
    pub port: u16,
    /// How many requests the connection had before.
    pub nth: u32,
    pub user: String,
    pub status: u16,
    pub method: String,
}

impl Place {
    /// The API's base behind a way to sign in: `kerberos`, `bound`, `ntlm` or `basic`.
    pub fn url(&self, way: &str) -> String {
        format!("http://localhost:{}/{way}/certiflow/api", self.http)
    }

    pub fn tls_url(&self, way: &str) -> String {
        format!("https://localhost:{}/{way}/certiflow/api", self.tls)
    }

    /// A base of the server that pyspnego guards.
    pub fn pyspnego_url(&self, way: &str) -> String {
        format!("https://localhost:{}/{way}", self.pyspnego)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The certificate of both servers, in PEM.
    pub fn certificate(&self) -> Vec<u8> {
        std::fs::read(self.file("tls.pem")).expect("a certificate")
    }

    /// What Apache has seen of a client with this name, as soon as it is `count` requests. It writes its log
    /// after the answer.
    pub fn seen(&self, client: &str, count: usize) -> Vec<Seen> {
        self.seen_when(client, |seen| seen.len() >= count)
    }

    /// The same, as soon as it is enough; after five seconds, whatever it is.
    pub fn seen_when(&self, client: &str, enough: impl Fn(&[Seen]) -> bool) -> Vec<Seen> {
        let started = Instant::now();
        loop {
            let log = std::fs::read_to_string(self.file("access.log")).unwrap_or_default();
            let seen: Vec<Seen> = log.lines().filter_map(|line| Seen::read(line, client)).collect();
            if enough(&seen) || started.elapsed() > Duration::from_secs(5) {
                return seen;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Gives a program the settings of the lab's Kerberos, and the operator's ticket.
    pub fn enter(&self, command: &mut Command) {
        command.env("KRB5_CONFIG", self.file("krb5.conf"));
        command.env("KRB5CCNAME", format!("FILE:{}", self.file("ccache").display()));
        command.env_remove("KRB5_CLIENT_KTNAME");
    }

    fn read(text: &str) -> Self {
        let words: Vec<&str> = text.split(' ').collect();
        let [folder, http, tls, pyspnego] = words[..] else { panic!("no lab: {text}") };
        let port = |text: &str| text.parse().expect("a port");
        Place { folder: folder.into(), http: port(http), tls: port(tls), pyspnego: port(pyspnego) }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {} {}", self.folder.display(), self.http, self.tls, self.pyspnego)
    }
}

impl Seen {
    pub fn read(line: &str, client: &str) -> Option<Seen> {
        let words: Vec<&str> = line.split(' ').collect();
        let [port, nth, user, status, method, agent, ..] = words[..] else { return None };
        let seen = Seen {
            port: port.parse().ok()?,
            nth: nth.parse().ok()?,
            user: user.to_string(),
            status: status.parse().ok()?,
            method: method.to_string(),
        };
        (agent == client).then_some(seen)
    }
}

/// Runs `body` in the lab. `test` is the name of the calling test, whole.
///
/// Where a program is not installed, this says so and returns; with `CI` in the environment it fails.
pub fn in_lab(test: &'static str, body: impl FnOnce(&Place)) {
    if let Ok(place) = std::env::var(INSIDE) {
        return body(&Place::read(&place));
    }
    if let Some(missing) = missing() {
        return skip(test, &missing);
    }
    let place = &started().place;
    let program = std::env::current_exe().expect("the test program");
    let mut command = Command::new(program);
    command.args([test, "--exact", "--include-ignored", "--nocapture", "--test-threads=1"]);
    command.env(INSIDE, place.to_string());
    place.enter(&mut command);
    let (success, output) = within(LIMIT, command);
    println!("{output}");
    assert!(success, "{test} failed in the lab");
    assert!(output.contains("1 passed"), "there is no test {test:?}");
}

/// The lab, for a program that does more than one test; it ends with the program. What is not installed
/// is the error.
pub fn open() -> Result<Place, String> {
    missing().map_or_else(|| Ok(started().place.clone()), Err)
}

/// The first program of the lab that is not installed.
fn missing() -> Option<String> {
    for (path, package) in [
        ("/usr/sbin/krb5kdc", "krb5-kdc"),
        ("/usr/sbin/kadmin.local", "krb5-admin-server"),
        ("/usr/bin/kinit", "krb5-user"),
        ("/usr/sbin/apache2", "apache2"),
        ("/usr/lib/apache2/modules/mod_auth_gssapi.so", "libapache2-mod-auth-gssapi"),
        ("/etc/gss/mech.d/mech.ntlmssp.conf", "gss-ntlmssp"),
    ] {
        if !Path::new(path).exists() {
            return Some(format!("{path} is missing (Debian: {package})"));
        }
    }
    None
}

/// As [`in_lab`], with the server that pyspnego guards.
pub fn with_pyspnego(test: &'static str, body: impl FnOnce(&Place)) {
    if std::env::var_os(INSIDE).is_none() {
        match std::env::var_os("CARDWRIGHT_TEST_PYSPNEGO") {
            Some(python) => start_pyspnego(python.as_ref()),
            None => return skip(test, "CARDWRIGHT_TEST_PYSPNEGO names no Python with pyspnego: cargo xtask test does"),
        }
    }
    in_lab(test, body);
}

fn skip(test: &str, why: &str) {
    eprintln!("SKIPPED {test}: {why}");
    assert!(std::env::var_os("CI").is_none(), "{test} cannot run, and CI must run it: {why}");
}

fn started() -> &'static Started {
    static STARTED: OnceLock<Started> = OnceLock::new();
    STARTED.get_or_init(|| {
        let mut config = Config::default();
        let account = Account::new("tester", cardwright_server::Secret::new("a password"), "administrator");
        config.accounts.push(account.as_user(seed::story_user().expect("a user")));
        let server = Server::start(config).expect("a server");
        seed::story(server.registry()).expect("the story");
        seed::synthetic(server.registry(), 200, 3).expect("cards");
        let folder = std::env::temp_dir().join(format!("cardwright-lab-{}", std::process::id()));
        let [kdc, http, tls, pyspnego] = free_ports();
        let place = Place { folder, http, tls, pyspnego };
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/realm/realm.sh");
        let mut command = Command::new("sh");
        command.arg(script).arg(&place.folder);
        command.args([kdc, http, tls].map(|port| port.to_string()));
        command.arg(server.url().rsplit(':').next().expect("a port"));
        let script = ready(command);
        Started { place, _server: server, _script: script, python: Mutex::default() }
    })
}

fn start_pyspnego(python: &Path) {
    let started = started();
    let mut running = started.python.lock().unwrap_or_else(PoisonError::into_inner);
    running.get_or_insert_with(|| {
        let mut command = Command::new(python);
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/realm/ntlm_server.py"));
        command.arg(started.place.pyspnego.to_string());
        command.args([started.place.file("tls.pem"), started.place.file("tls.key")]);
        command.env("NTLM_USER_FILE", started.place.file("ntlm.users"));
        ready(command)
    });
}

/// Starts a program that says `ready` when it is, and runs until its standard input ends.
fn ready(mut command: Command) -> (Child, ChildStdin) {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let input = child.stdin.take().expect("a pipe");
    let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    if !lines.map_while(Result::ok).any(|line| line.ends_with("ready")) {
        let mut said = String::new();
        let _ = child.stderr.take().expect("a pipe").read_to_string(&mut said);
        panic!("{command:?}: {said}");
    }
    // Nobody reads what it says from now on.
    child.stderr = None;
    (child, input)
}

fn free_ports<const N: usize>() -> [u16; N] {
    let listeners: [TcpListener; N] = std::array::from_fn(|_| TcpListener::bind("127.0.0.1:0").expect("a port"));
    listeners.map(|listener| listener.local_addr().expect("an address").port())
}

/// Runs a program, ended where it takes too long; whether it succeeded, and what it said.
fn within(limit: Duration, mut command: Command) -> (bool, String) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let (mut out, mut err) = (child.stdout.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
    let readers = [
        std::thread::spawn(move || {
            let mut text = String::new();
            let _ = out.read_to_string(&mut text);
            text
        }),
        std::thread::spawn(move || {
            let mut text = String::new();
            let _ = err.read_to_string(&mut text);
            text
        }),
    ];
    let started = Instant::now();
    let status = loop {
        match child.try_wait().expect("a child") {
            Some(status) => break Some(status),
            None if started.elapsed() > limit => {
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    };
    let text: String = readers.into_iter().map(|reader| reader.join().expect("text")).collect();
    (status.is_some_and(|status| status.success()), text)
}
