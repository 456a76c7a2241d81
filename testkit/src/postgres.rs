//! A cluster of PostgreSQL of the tests' own (`postgres/cluster.sh`), in a temporary folder and on loopback.
//!
//! It ends, and its folder is removed, with its value; where the process of the tests ends before, however it does,
//! then too: the script that keeps it reads from that process.

use crate::demanding::Ca;
use rcgen::{CertificateParams, DnType, KeyPair};
use std::cell::RefCell;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The user of a cluster that wants a password.
pub const REGISTRY: &str = "registry";

/// Where its port is looked for. The system gives connections ports above these: while the cluster is stopped, none of
/// them takes its port, and no client that tries to come back connects to itself.
const PORTS: core::ops::Range<u16> = 20_000..32_000;

/// How a cluster differs from the plain one.
#[derive(Default)]
struct Form<'a> {
    fast: bool,
    ca: Option<&'a Ca>,
    password: Option<&'a str>,
}

/// A running or a stopped cluster.
pub struct Cluster {
    bin: PathBuf,
    folder: PathBuf,
    port: u16,
    user: &'static str,
    /// How a database is made.
    strategy: &'static str,
    ca: Option<String>,
    keeper: Mutex<Keeper>,
}

/// The script, which is the parent of PostgreSQL.
struct Keeper {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Cluster {
    /// A cluster that keeps what it has committed, whatever happens to it.
    pub fn start() -> Self {
        Self::of(&Form::default())
    }

    /// One that writes when the system likes to: what it has committed is kept when it is stopped, but not where
    /// the machine ends.
    pub fn start_fast() -> Self {
        Self::of(&Form { fast: true, ..Form::default() })
    }

    /// One that serves over TLS alone, with a certificate for `localhost`, and not for its address.
    pub fn start_tls() -> Self {
        Self::of(&Form { fast: true, ca: Some(&Ca::new()), ..Form::default() })
    }

    /// One whose only user over the network is [`REGISTRY`], with a password, by SCRAM-SHA-256.
    pub fn start_with_password(password: &str) -> Self {
        Self::of(&Form { fast: true, password: Some(password), ..Form::default() })
    }

    fn of(form: &Form<'_>) -> Self {
        let bin = programs().unwrap_or_else(|why| panic!("{why}"));
        let folder = new_folder();
        configure(&folder, form);
        let keeper = Mutex::new(Keeper::start(&folder, &bin));
        let user = if form.password.is_some() { REGISTRY } else { "postgres" };
        let ca = form.ca.map(|ca| ca.0.pem());
        let mut cluster = Cluster { bin, folder, port: 0, user, strategy: "", ca, keeper };
        cluster.port = free_ports().find(|port| cluster.try_on(*port)).expect("a free port");
        let version: u32 = cluster.psql("postgres", "SHOW server_version_num").parse().expect("a number");
        // Where nothing is flushed, copying files takes a fifth of the time; before version 15 it is the only way.
        if form.fast && version >= 150_000 {
            cluster.strategy = "STRATEGY FILE_COPY";
        }
        if let Some(password) = form.password {
            let quoted = password.replace('\'', "''");
            cluster.psql("postgres", &format!("CREATE ROLE {REGISTRY} LOGIN PASSWORD '{quoted}'"));
        }
        cluster
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its folder: PostgreSQL's socket is in it.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The CA that its certificate is from, in PEM.
    pub fn ca(&self) -> &str {
        self.ca.as_deref().expect("a cluster with TLS")
    }

    /// The address of a database, by TCP: by name where a certificate has the name, else by number.
    pub fn url(&self, database: &str) -> String {
        let host = if self.ca.is_some() { "localhost" } else { "127.0.0.1" };
        format!("postgresql://{}@{host}:{}/{database}", self.user, self.port)
    }

    /// Creates an empty database with a name of its own, and says its name.
    pub fn create_database(&self) -> String {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        self.psql("postgres", &format!("CREATE DATABASE {name} OWNER {} {}", self.user, self.strategy));
        name
    }

    /// Creates an empty database with a name of its own, and says its address.
    pub fn database(&self) -> String {
        self.url(&self.create_database())
    }

    /// Drops a database, by its name or its address, also where somebody is connected to it.
    pub fn drop_database(&self, database: &str) {
        let name = database.rsplit('/').next().expect("a name");
        self.psql("postgres", &format!("DROP DATABASE {name} WITH (FORCE)"));
    }

    /// Carries out statements as the cluster's owner, and says what they give: a line a row, with `|` between columns.
    pub fn psql(&self, database: &str, sql: &str) -> String {
        let port = self.port.to_string();
        let mut command = Command::new(self.bin.join("psql"));
        command.args(["-X", "-q", "-A", "-t", "-w", "-v", "ON_ERROR_STOP=1", "-U", "postgres"]);
        command.arg("-h").arg(&self.folder).args(["-p", &port, "-d", database, "-c", sql]);
        let output = command.output().expect("psql runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{sql}: {said}");
        String::from_utf8(output.stdout).expect("UTF-8").trim_end().to_string()
    }

    /// PostgreSQL's own process, while it runs.
    pub fn process(&self) -> u32 {
        let file = fs::read_to_string(self.folder.join("data/postmaster.pid")).expect("it runs");
        file.lines().next().and_then(|line| line.trim().parse().ok()).expect("a number")
    }

    /// Stops it at once. As after a crash, nothing is written any more, and no client is told.
    pub fn stop(&self) {
        assert_eq!(self.keeper().ask("stop"), "stopped");
    }

    /// Starts it on its port, once it was stopped.
    pub fn start_again(&self) {
        assert!(self.try_on(self.port), "{}", self.log());
    }

    pub fn restart(&self) {
        self.stop();
        self.start_again();
    }

    /// What PostgreSQL has said.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("postgres.log")).unwrap_or_default()
    }

    /// Starts it on a port; not where that is taken.
    fn try_on(&self, port: u16) -> bool {
        let is_ready = self.keeper().ask(&format!("start {port}")) == "ready";
        assert!(is_ready || self.log().contains("Address already in use"), "{}", self.log());
        is_ready
    }

    fn keeper(&self) -> std::sync::MutexGuard<'_, Keeper> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Closes its standard input first, which is its end.
        let _ = self.keeper().child.wait();
    }
}

impl Keeper {
    fn start(folder: &Path, bin: &Path) -> Self {
        let mut command = Command::new("sh");
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/postgres/cluster.sh")).arg(folder).arg(bin);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let mut stderr = child.stderr.take().expect("a pipe");
        let mut keeper = Keeper { child, lines };
        if keeper.answer() != "ready" {
            let mut said = String::new();
            let _ = stderr.read_to_string(&mut said);
            panic!("{command:?}: {said}");
        }
        keeper
    }

    fn ask(&mut self, words: &str) -> String {
        let input = self.child.stdin.as_mut().expect("a pipe");
        writeln!(input, "{words}").expect("the script runs");
        self.answer()
    }

    fn answer(&mut self) -> String {
        self.lines.next().and_then(Result::ok).unwrap_or_default()
    }
}

/// The cluster that the tests of this process share, a fast one, which ends with the process.
///
/// Where PostgreSQL is not installed, this says so; with `CI` in the environment it fails.
pub fn shared() -> Option<&'static Cluster> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| programs().is_ok().then(Cluster::start_fast));
    if shared.is_none() {
        skip();
    }
    shared.as_ref()
}

/// The address of a fresh database of the shared cluster. It is dropped with the thread that asks, which is that of
/// the test.
pub fn of_this_test() -> Option<String> {
    struct Made(Vec<String>);
    impl Drop for Made {
        fn drop(&mut self) {
            for url in &self.0 {
                shared().expect("it is there").drop_database(url);
            }
        }
    }
    thread_local! { static MADE: RefCell<Made> = const { RefCell::new(Made(Vec::new())) } }
    let url = shared()?.database();
    MADE.with_borrow_mut(|made| made.0.push(url.clone()));
    Some(url)
}

/// Says that PostgreSQL is not installed, where that is so.
pub fn is_missing() -> bool {
    let is_missing = programs().is_err();
    if is_missing {
        skip();
    }
    is_missing
}

fn skip() {
    let test = std::thread::current().name().unwrap_or("a test").to_string();
    let why = programs().err().unwrap_or_default();
    eprintln!("SKIPPED {test}: {why}");
    assert!(std::env::var_os("CI").is_none(), "{test} cannot run, and CI must run it: {why}");
}

/// The folder of the newest programs that Debian has installed, or else of those on the path.
fn programs() -> Result<PathBuf, String> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let mut versions: Vec<PathBuf> = versions.filter(|path| number(path).is_some()).collect();
    versions.sort_by_key(|path| core::cmp::Reverse(number(path)));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = versions.into_iter().map(|version| version.join("bin")).chain(std::env::split_paths(&path));
    let is_whole =
        |folder: &PathBuf| ["initdb", "postgres", "psql", "pg_isready"].iter().all(|name| folder.join(name).is_file());
    folders.into_iter().find(is_whole).ok_or_else(|| "PostgreSQL is not installed (Debian: postgresql)".into())
}

/// A folder that was not there before, for this user alone.
fn new_folder() -> PathBuf {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("cardwright-postgres-{}-{number}", std::process::id()));
        match fs::DirBuilder::new().mode(0o700).create(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            created => {
                created.expect("a folder");
                return folder;
            }
        }
    }
}

/// Ports of the range that nobody listens on, from a place of this process's own.
fn free_ports() -> impl Iterator<Item = u16> {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let count = u32::from(PORTS.end - PORTS.start);
    let from = std::process::id().wrapping_mul(61).wrapping_add(COUNTER.fetch_add(1, Ordering::Relaxed));
    let ports = (0..count).map(move |at| PORTS.start + (from.wrapping_add(at) % count) as u16);
    ports.filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
}

/// Writes the cluster's settings, and who may connect.
fn configure(folder: &Path, form: &Form<'_>) {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("a file");
    let place = folder.display();
    let mut settings = format!(
        "listen_addresses = '127.0.0.1'\nunix_socket_directories = '{place}'\nhba_file = '{place}/pg_hba.conf'\n\
         max_connections = 200\npassword_encryption = 'scram-sha-256'\n"
    );
    if form.fast {
        settings += "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nwal_level = minimal\n\
                     max_wal_senders = 0\nmax_wal_size = 256MB\n";
    }
    if let Some(ca) = form.ca {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec!["localhost".to_string()]).expect("a name");
        params.distinguished_name.push(DnType::CommonName, "localhost");
        write("tls.pem", &params.signed_by(&key, &ca.0).expect("a certificate").pem());
        write("tls.key", &key.serialize_pem());
        fs::set_permissions(folder.join("tls.key"), std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .expect("a file");
        let _ = write!(settings, "ssl = on\nssl_cert_file = '{place}/tls.pem'\nssl_key_file = '{place}/tls.key'\n");
    }
    write("postgresql.conf", &settings);
    let network = match form {
        Form { password: Some(_), .. } => format!("host all {REGISTRY} 127.0.0.1/32 scram-sha-256"),
        Form { ca: Some(_), .. } => "hostssl all all 127.0.0.1/32 trust".into(),
        _ => "host all all 127.0.0.1/32 trust".into(),
    };
    write("pg_hba.conf", &format!("local all postgres trust\n{network}\n"));
}
