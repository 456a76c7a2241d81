//! A pcscd of the test's own, which nobody else sees.
//!
//! [`in_lab`] starts the test program again, for one test, in mount, network and process namespaces of its
//! own (unshare, of util-linux): there `/run` is empty, the network is a loopback of its own, and with the
//! test end all processes that it started. So each test has its own pcscd with two virtual readers, tests
//! may run side by side, and the pcscd of the machine is neither used nor touched.

use cardwright_reader::virtual_card::{Inserted, VirtualCard, insert};
use cardwright_reader::{Slot, readers};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Set for the program that runs inside.
const INSIDE: &str = "CARDWRIGHT_LAB";

/// A test that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(180);
const LONG_LIMIT: Duration = Duration::from_secs(3600);

const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
const SOCKET: &str = "/run/pcscd/pcscd.comm";

/// The readers' ports; free, as the network is the test's own.
pub const PORTS: [u16; 2] = [40123, 40124];

/// The readers, by the names that pcscd makes for them.
pub const READERS: [&str; 2] = ["Test PCD 00 00", "Test PCD 00 01"];

/// Whether the long forms of tests are asked for.
pub fn long() -> bool {
    std::env::var_os("CARDWRIGHT_LONG").is_some()
}

/// Runs `body` with a pcscd of its own. `test` is the name of the calling test, whole.
///
/// Where namespaces are not permitted, or pcscd or vpcd is not installed, this says so and returns; with
/// `CI` in the environment it fails.
pub fn in_lab(test: &'static str, body: impl FnOnce(&mut Lab)) {
    if let Some(output) = inside(test, &[test, "--exact", "--nocapture", "--test-threads=1"], body) {
        assert!(output.contains("1 passed"), "there is no test {test:?}");
    }
}

/// Runs this program again with these arguments, and there, where this is called again, `body`. Says what
/// it printed, or nothing where it was `body` that ran, or where it cannot run.
pub fn inside(name: &'static str, arguments: &[&str], body: impl FnOnce(&mut Lab)) -> Option<String> {
    let limit = if long() { LONG_LIMIT } else { LIMIT };
    if std::env::var_os(INSIDE).is_some() {
        thread::spawn(move || {
            thread::sleep(limit);
            eprintln!("{name} takes more than {limit:?}");
            std::process::exit(102);
        });
        body(&mut Lab::start());
        return None;
    }
    let namespaces = match namespaces() {
        Ok(namespaces) => namespaces,
        Err(why) => {
            eprintln!("SKIPPED {name}: {why}");
            assert!(std::env::var_os("CI").is_none(), "{name} cannot run, and CI must run it: {why}");
            return None;
        }
    };
    let program = std::env::current_exe().expect("the test program");
    let mut command = Command::new("unshare");
    command.args(namespaces).arg(program).args(arguments);
    let (status, output) = run_within(command.env(INSIDE, "1"), limit + Duration::from_secs(5));
    println!("{output}");
    assert!(status, "{name} failed inside");
    Some(output)
}

/// The options of unshare, if it may do what is needed.
fn namespaces() -> Result<Vec<&'static str>, String> {
    let pcscd = pcscd().ok_or("pcscd is not installed (Debian: pcscd)")?;
    for (path, package) in [(DRIVER, "vsmartcard-vpcd"), ("/usr/bin/unshare", "util-linux")] {
        if !Path::new(path).exists() {
            return Err(format!("{path} is missing (Debian: {package})"));
        }
    }
    let all = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
    let mut said = String::new();
    for root in [&[][..], &["--map-root-user"]] {
        let options = [root, &all].concat();
        let trial = Command::new("unshare").args(&options).arg(&pcscd).arg("--version").output();
        match trial {
            Ok(output) if output.status.success() => return Ok(options),
            Ok(output) => said = String::from_utf8_lossy(&output.stderr).trim().to_string(),
            Err(error) => said = error.to_string(),
        }
    }
    Err(format!("namespaces are not permitted here: {said}"))
}

fn pcscd() -> Option<PathBuf> {
    ["/usr/sbin/pcscd", "/usr/bin/pcscd", "/sbin/pcscd"].iter().map(PathBuf::from).find(|path| path.exists())
}

/// Runs a command to its end, or ends it; says whether it succeeded, and what it printed.
pub fn run_within(command: &mut Command, limit: Duration) -> (bool, String) {
    static COUNTER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = COUNTER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    // Inside, process ids are small and alike, and /run is the test's own.
    let folder = if std::env::var_os(INSIDE).is_some() { PathBuf::from("/run") } else { std::env::temp_dir() };
    let path = folder.join(format!("cardwright-lab-{}-{number}", std::process::id()));
    let file = fs::File::create(&path).expect("a file");
    command.stdin(Stdio::null()).stdout(file.try_clone().expect("a handle")).stderr(file);
    let mut child = command.spawn().expect("it runs");
    let end = Instant::now() + limit;
    let status = loop {
        match child.try_wait().expect("a child") {
            Some(status) => break Some(status),
            None if Instant::now() > end => {
                child.kill().expect("a child");
                child.wait().expect("a child");
                break None;
            }
            None => thread::sleep(Duration::from_millis(20)),
        }
    };
    let output = String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned();
    fs::remove_file(&path).expect("a file");
    (status.is_some_and(|status| status.success()), output)
}

/// A program that is a witness, with no longer than 20 seconds to say what it sees.
pub fn witness(program: &str, arguments: &[&str]) -> String {
    run_within(Command::new(program).args(arguments), Duration::from_secs(20)).1
}

/// The inside: a pcscd and its two readers.
pub struct Lab {
    pcscd: Option<Child>,
}

impl Lab {
    fn start() -> Self {
        command("ip", &["link", "set", "lo", "up"]);
        // vpcd writes a length and then a message, and TCP lets the second wait for the first to be
        // acknowledged: 40 ms for each APDU, unless that is done at once.
        let route = "route replace local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1 quickack 1";
        command("ip", &route.split(' ').collect::<Vec<_>>());
        command("mount", &["-t", "tmpfs", "tmpfs", "/run"]);
        fs::create_dir_all("/run/pcscd").expect("a folder");
        fs::create_dir_all("/run/readers").expect("a folder");
        let port = PORTS[0];
        let readers =
            format!("FRIENDLYNAME \"Test PCD\"\nDEVICENAME /dev/null:{port}\nLIBPATH {DRIVER}\nCHANNELID {port}\n");
        fs::write("/run/readers/vpcd", readers).expect("a file");
        let mut lab = Lab { pcscd: None };
        lab.start_service();
        lab
    }

    /// Starts pcscd and waits until it answers with its readers.
    pub fn start_service(&mut self) {
        assert!(self.pcscd.is_none(), "it runs");
        let log = fs::File::options().append(true).create(true).open("/run/pcscd.log").expect("a log");
        let mut service = Command::new(pcscd().expect("it was found"));
        service.args(["--foreground", "--info", "--config", "/run/readers"]).stdin(Stdio::null());
        service.stdout(log.try_clone().expect("a handle")).stderr(log);
        self.pcscd = Some(service.spawn().expect("pcscd starts"));
        until("pcscd has its readers", || readers().is_ok_and(|readers| readers.len() == READERS.len()));
    }

    /// Kills pcscd by SIGKILL.
    pub fn kill_service(&mut self) {
        let mut pcscd = self.pcscd.take().expect("it runs");
        pcscd.kill().expect("it runs");
        pcscd.wait().expect("it ends");
        assert!(Path::new(SOCKET).exists(), "a service that is killed leaves its socket");
    }

    /// Puts a card into a reader, and waits until pcscd has seen it.
    pub fn insert(&self, slot: usize, card: impl VirtualCard + 'static) -> Inserted {
        let card = put(slot, card);
        until("pcscd sees the card", || has_card(slot));
        card
    }

    /// Pulls a card, and waits until pcscd has seen it.
    pub fn remove(&self, slot: usize, card: Inserted) {
        card.remove().expect("a card");
        until("pcscd sees that the card is gone", || !has_card(slot));
    }

    /// What pcscd said.
    pub fn log(&self) -> String {
        fs::read_to_string("/run/pcscd.log").unwrap_or_default()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            eprintln!("pcscd said:\n{}", lines[lines.len().saturating_sub(60)..].join("\n"));
        }
        if let Some(mut pcscd) = self.pcscd.take() {
            let _ = pcscd.kill();
            let _ = pcscd.wait();
        }
    }
}

/// Puts a card into a reader, and does not wait for pcscd.
pub fn put(slot: usize, card: impl VirtualCard + 'static) -> Inserted {
    insert(("127.0.0.1", PORTS[slot]), card).expect("vpcd waits for a card")
}

fn has_card(slot: usize) -> bool {
    let readers = readers().expect("pcscd answers");
    readers.iter().any(|reader| reader.name == READERS[slot] && reader.slot == Slot::Card)
}

/// Waits for something, 20 seconds at most.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < end, "not in time: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn command(program: &str, arguments: &[&str]) {
    let Output { status, stderr, .. } = Command::new(program).args(arguments).output().expect("it runs");
    assert!(status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&stderr));
}

/// A card of the folder `cards`.
pub fn script(name: &str) -> cardwright_reader::virtual_card::Script {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../reader/cards").join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    cardwright_reader::virtual_card::Script::parse(&text, None).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What this process holds: open files, threads, and bytes of memory.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    pub files: usize,
    pub threads: usize,
    pub bytes: usize,
}

impl Held {
    pub fn now() -> Self {
        let count = |path| fs::read_dir(path).expect("/proc").count();
        let statm = fs::read_to_string("/proc/self/statm").expect("/proc");
        let pages: usize = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("a number");
        Held { files: count("/proc/self/fd"), threads: count("/proc/self/task"), bytes: pages * 4096 }
    }

    /// Waits until no more files and threads are held than before; memory may have grown by a bit.
    pub fn assert_as_before(before: Held) {
        until("files and threads are given back", || {
            let now = Held::now();
            now.files <= before.files && now.threads <= before.threads
        });
        let now = Held::now();
        println!("before {before:?}, after {now:?}");
        assert!(now.bytes < before.bytes + (4 << 20), "{before:?}, {now:?}");
    }
}
