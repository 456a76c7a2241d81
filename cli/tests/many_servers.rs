//! The page about many servers: two of them over one PostgreSQL, with HAProxy in front, as the page sets them up.
#![cfg(target_os = "linux")]

mod common;

use cardwright_testkit::postgres::{Cluster, is_missing};
use common::process::{Process, folder};
use common::{Done, PASSWORD, cardwright, run};
use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const HAPROXY: &str = "/usr/sbin/haproxy";

/// Whether something is not there; says so, and fails where it must be.
fn lacks(what: &str, is_there: bool) -> bool {
    if !is_there {
        eprintln!("SKIPPED: there is no {what}");
        assert!(std::env::var_os("CI").is_none(), "CI must have {what}");
    }
    !is_there
}

/// A file of the repository.
fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What the page has under a mark.
fn part<'p>(page: &'p str, kind: &str, name: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!("<!-- {kind}: {name} -->\n```")).unwrap_or_else(|| panic!("no {name}"));
    rest.split_once('\n').and_then(|(_, rest)| rest.split_once("```")).expect("an example").0
}

/// What a page says, with each name replaced by what stands for it in the test.
fn here(text: &str, names: &[(&str, &str)]) -> String {
    names.iter().fold(text.to_string(), |text, (name, own)| {
        assert!(text.contains(name), "no {name} in {text}");
        text.replace(name, own)
    })
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < Duration::from_secs(60), "not in time: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A program that ends with this thread, however that ends.
fn bound(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", program]);
    command
}

/// A port on which nobody listens.
fn port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// HAProxy, ended at the end of the test.
struct Balancer(Child);

impl Balancer {
    fn start(file: &Path, log: &Path) -> Self {
        let checked = Command::new(HAPROXY).args(["-c", "-f"]).arg(file).output().expect("haproxy runs");
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success() && !said.contains("WARNING"), "{said}");
        let mut command = bound(HAPROXY);
        let log = File::create(log).expect("a log");
        let errors = log.try_clone().expect("a log");
        Balancer(command.args(["-db", "-f"]).arg(file).stdout(log).stderr(errors).spawn().expect("haproxy runs"))
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The folder of a test, which is `/etc/cardwright` and all else.
struct Site(PathBuf);

impl Site {
    fn new(name: &str) -> Self {
        let folder = folder(name);
        fs::create_dir_all(&folder).expect("a folder");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("a mode");
        let site = Site(folder);
        let names = ["cards.example.com", "127.0.0.1"].map(String::from);
        let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
        for (name, text) in [
            ("chain.pem", made.cert.pem().as_str()),
            ("server.key", &made.signing_key.serialize_pem()),
            ("db-ca.pem", &made.cert.pem()),
            ("database.password", "of the database\n"),
            ("root.password", PASSWORD),
        ] {
            site.write(name, text);
        }
        site
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_string()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).expect("written");
        fs::set_permissions(self.0.join(name), fs::Permissions::from_mode(0o600)).expect("a mode");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_default()
    }

    /// Carries out the lines of an example: those of the command by this one, others by a shell as the owner of a cluster.
    fn run(&self, lines: &str, cluster: &Cluster) {
        for line in lines.lines() {
            if let Some(words) = line.strip_prefix("cardwright ") {
                let words: Vec<&str> = words.split(' ').collect();
                let done = run(cardwright(&words).current_dir(&self.0));
                assert_eq!(done.code, 0, "{line}: {done:?}");
                continue;
            }
            let mut shell = Command::new("/bin/sh");
            shell.args(["-c", line]).current_dir(&self.0);
            shell.env("PGHOST", cluster.folder()).env("PGPORT", cluster.port().to_string()).env("PGUSER", "postgres");
            let output = shell.output().expect("a shell");
            assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }

    /// Starts a server as its unit does. What it writes to standard error is in NAME.log.
    fn serve(&self, name: &str) -> Process {
        let unit = text("packaging/cardwright@.service");
        let line = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).expect("a command");
        let names = [("%i", name), ("%d", self.0.to_str().expect("UTF-8")), ("/etc/cardwright", &self.file("")[..])];
        let line = here(line, &names).replace("//", "/");
        let words: Vec<&str> = line.split(' ').collect();
        assert_eq!(words[..2], ["/usr/bin/cardwright", "serve"]);
        let log = File::options().append(true).create(true).open(self.0.join(format!("{name}.log"))).expect("a log");
        let mut command = bound(env!("CARGO_BIN_EXE_cardwright"));
        Process::spawn(command.args(&words[1..]).arg("--database-connections=8").env_clear().stderr(log))
    }

    /// How many operations a server has done.
    fn operations(&self, name: &str) -> usize {
        self.read(&format!("{name}.log")).lines().filter(|line| line.contains("\"method\":\"POST\"")).count()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_servers_of_the_page_go_on_when_one_is_killed_and_when_the_database_restarts() {
    if is_missing() || lacks("HAProxy", Path::new(HAPROXY).exists()) {
        return;
    }
    let (page, site, cluster) = (text("docs/many-servers.md"), Site::new("many-servers"), Cluster::start_fast());
    // Nobody is here to type a password.
    site.run(&here(part(&page, "run", "many-servers-database"), &[("--pwprompt ", "")]), &cluster);
    let database = format!("127.0.0.1:{}", cluster.port());
    let of_database = [("db.example.com", database.as_str())];
    site.run(&here(part(&page, "run", "many-servers-fill"), &of_database), &cluster);

    let settings = here(part(&page, "config", "many-servers"), &of_database);
    let start = |name: &str, port: u16| {
        site.write(&format!("{name}.toml"), &here(&settings, &[("0.0.0.0:8443", &format!("127.0.0.1:{port}"))]));
        let server = site.serve(name);
        assert!(server.first.contains("serves 56 cards"), "{}", server.first);
        server
    };
    let (first_port, second_port, front) = (port(), port(), port());
    let first = start("one", first_port);
    let _second = start("two", second_port);
    site.write(
        "haproxy.cfg",
        &here(
            part(&page, "config", "many-servers-haproxy"),
            &[
                ("bind :443", &format!("bind 127.0.0.1:{front}")),
                ("cards-1.example.com:8443", &format!("127.0.0.1:{first_port}")),
                ("cards-2.example.com:8443", &format!("127.0.0.1:{second_port}")),
                ("/etc/haproxy/cards-ca.pem", &site.file("chain.pem")),
            ],
        ),
    );
    let _balancer = Balancer::start(&site.0.join("haproxy.cfg"), &site.0.join("haproxy.log"));
    let url = format!("https://127.0.0.1:{front}/certiflow/api");
    let ca = site.file("chain.pem");
    let ask = |arguments: &[&str]| -> Done {
        let arguments = [arguments, &["--url", &url, "--ca", &ca, "--user", "root"]].concat();
        run(cardwright(&arguments).env("CARDWRIGHT_PASSWORD", PASSWORD))
    };
    until("the balancer listens", || ask(&["cards", "--limit", "1"]).code == 0);
    let mut is_issued = true;
    let mut operate = || {
        let done = ask(&[if is_issued { "disable" } else { "enable" }, "1065"]);
        is_issued ^= done.code == 0;
        done
    };
    let counts = || (site.operations("one"), site.operations("two"));
    (0..6).for_each(|_| assert_eq!(operate().code, 0));
    let (one, two) = counts();
    assert!(one > 0 && two > 0 && one + two == 6, "both have work: {one} and {two}");

    // One dies: the other does all, also before the balancer has found out.
    first.kill();
    for _ in 0..6 {
        let done = operate();
        assert_eq!(done.code, 0, "{done:?}");
    }
    assert_eq!(counts(), (one, two + 6));
    until("it is marked down", || site.read("haproxy.log").contains("cardwright/one is DOWN"));
    assert_eq!(operate().code, 0);
    let _first = start("one", first_port);
    until("it is marked up", || site.read("haproxy.log").contains("cardwright/one is UP"));
    until("it has work again", || operate().code == 0 && counts().0 > one);

    // The database restarts: nobody needs to do anything.
    cluster.stop();
    assert_eq!(operate().code, 6, "{:?}", operate());
    cluster.start_again();
    until("both come back", || operate().code == 0 && ask(&["card", "1065"]).code == 0);
    let state = ask(&["card", "1065", "--json"]).json()["card"]["state"].clone();
    assert_eq!(state, if is_issued { "Issued" } else { "Disabled" });

    // What the page says of a backup.
    let lines = here(part(&page, "run", "many-servers-backup"), &of_database);
    site.run(&lines, &cluster);
    assert_eq!(cluster.psql("restored", "SELECT count(*) FROM card"), "56");
    assert_eq!(
        cluster.psql("restored", "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'cards'"),
        "cardwright"
    );
}

#[test]
fn the_unit_for_many_servers_is_valid_and_confined() {
    let is_there = Command::new("systemd-analyze").arg("--version").output().is_ok();
    if lacks("systemd-analyze", is_there) {
        return;
    }
    let site = Site::new("many-servers-unit");
    let unit = text("packaging/cardwright@.service");
    let unit = here(&unit, &[("/usr/bin/cardwright", env!("CARGO_BIN_EXE_cardwright"))]);
    site.write("cardwright@.service", &unit);
    site.write("cardwright@one.service", &unit);
    let analyze = |arguments: &[&str]| {
        let mut command = Command::new("systemd-analyze");
        let output = command.args(arguments).arg(site.file("cardwright@one.service")).output().expect("it runs");
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    };
    let (is_valid, said) = analyze(&["verify", "--man=no"]);
    assert!(is_valid && said.is_empty(), "{said}");
    // As confined as the unit for one server: at most 1.5 of 10.
    let (is_confined, said) = analyze(&["security", "--offline=true", "--threshold=15", "--no-pager"]);
    assert!(is_confined, "{said}");
    // It differs from the unit for one server in what the database needs.
    let other = text("packaging/cardwright.service");
    let lines = |unit: &str| {
        unit.lines().filter(|line| line.contains('=') && !line.starts_with('#')).map(str::to_string).collect::<Vec<_>>()
    };
    let own = lines(&text("packaging/cardwright@.service"));
    let missing: Vec<_> = lines(&other).into_iter().filter(|line| !own.contains(line)).collect();
    assert!(
        missing
            .iter()
            .all(|line| ["Description", "ExecStart", "StateDirectory"].iter().any(|key| line.starts_with(key))),
        "{missing:?}"
    );
}
