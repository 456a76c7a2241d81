//! Through squid, the proxy that most organisations have: what it takes, and what its log says of a wrong password.

#![cfg(unix)]

use cardwright_core::certiflow::{Call, Dialect};
use cardwright_core::lifecycle::Operation;
use cardwright_http::{Error, Proxy, Repeat, Retries, Secret, Setup, Transport};
use cardwright_testkit::raw::Raw;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SQUID: &str = "/usr/sbin/squid";
const HELPERS: &str = "/usr/lib/squid";

/// `op` with the password `pass word`, for Basic (crypt, apr1) and for Digest (the hash of name, realm and password).
const BASIC: &str = "op:$apr1$abcdefgh$NriZ3KceyQFy368Ufp8U./\n";
const DIGEST: &str = "op:proxy:f7227d1a34cd8f1c2c5f776926968acb\n";

/// A squid of the test's own.
struct Squid {
    child: Child,
    folder: PathBuf,
    port: u16,
}

impl Squid {
    /// With these rules, in which `FOLDER` is that of its files; nothing where there is no squid.
    fn start(test: &str, rules: &str) -> Option<Self> {
        if !Path::new(SQUID).exists() || !Path::new(HELPERS).exists() {
            eprintln!("SKIPPED {test}: no {SQUID} (Debian: squid)");
            assert!(std::env::var_os("CI").is_none(), "{test} cannot run, and CI must run it");
            return None;
        }
        let folder = std::env::temp_dir().join(format!("cardwright-squid-{}-{test}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        // As root, squid runs as another user.
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).expect("its own folder");
        std::fs::write(folder.join("basic"), BASIC).expect("written");
        std::fs::write(folder.join("digest"), DIGEST).expect("written");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let place = folder.display();
        let rules = rules.replace("FOLDER", &place.to_string()).replace("HELPERS", HELPERS);
        let config = format!(
            "http_port 127.0.0.1:{port}\npid_filename {place}/pid\ncache_log {place}/cache.log\n\
             logformat x %rm %ru %>Hs %un\naccess_log stdio:{place}/access.log x\nbuffered_logs off\ncache deny all\n\
             coredump_dir {place}\nshutdown_lifetime 1 seconds\nvisible_hostname proxy.example\npinger_enable off\n\
             netdb_filename none\n{rules}"
        );
        std::fs::write(folder.join("conf"), config).expect("written");
        let mut command = Command::new(SQUID);
        // The name keeps what squid shares between its processes apart from other instances.
        command.args(["-N", "-n", &format!("t{port}"), "-f"]).arg(folder.join("conf"));
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("squid");
        let mut squid = Squid { child, folder, port };
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = squid.child.try_wait().expect("its state").is_some();
            let log = std::fs::read_to_string(squid.folder.join("cache.log")).unwrap_or_default();
            assert!(!ended && began.elapsed() < Duration::from_secs(30), "squid does not start: {log}");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(squid)
    }

    fn url(&self, account: &str) -> String {
        format!("http://{account}127.0.0.1:{}", self.port)
    }

    /// The lines of its log with requests, once there are this many.
    fn log(&self, lines: usize) -> Vec<String> {
        let began = Instant::now();
        loop {
            let log = std::fs::read_to_string(self.folder.join("access.log")).unwrap_or_default();
            let seen: Vec<String> = log.lines().filter(|line| !line.contains("error:")).map(str::to_string).collect();
            if seen.len() >= lines || began.elapsed() > Duration::from_secs(10) {
                return seen;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Squid {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Suspends a card at this base, with as many attempts as are usual.
fn suspend(proxy: &str, base: &str) -> Vec<Result<u16, Error>> {
    let retries = Retries { longest_wait: Duration::from_millis(10), ..Retries::default() };
    let proxy = Proxy::Address(Secret::new(proxy));
    let transport = Transport::new(Setup { proxy, retries, ..Setup::new(base) }).expect("usable");
    let call = Call::Operate { operation: Operation::Suspend, id: "1", reason: None };
    let call = call.in_dialect(Dialect::G7).expect("the dialect has it");
    let once = |_| transport.send_again(&call, Repeat::Unsent).map(|reply| reply.finish().status);
    (0..2).map(once).collect()
}

fn server() -> Raw {
    Raw::answering(|_| b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_vec())
}

const LOGIN: &str = "acl a proxy_auth REQUIRED\nhttp_access allow a\nhttp_access deny all\n";

#[test]
fn squid_carries_plain_http_and_refuses_a_tunnel_by_its_usual_rules() {
    let rules = "acl SSL_ports port 443\nhttp_access deny CONNECT !SSL_ports\nhttp_access allow all\n";
    let Some(squid) = Squid::start("squid_carries_plain_http", rules) else { return };
    let server = server();
    let done = suspend(&squid.url(""), &server.url("/api"));
    assert!(done.iter().all(|done| matches!(done, Ok(204))), "{done:?}");
    let refused = suspend(&squid.url(""), &server.url("/api").replace("http:", "https:"));
    for error in refused.into_iter().map(|refused| refused.expect_err("no tunnel to that port")) {
        assert_eq!(error.proxy_refusal().and_then(|refusal| refusal.status), Some(403), "{error}");
        assert!(!error.was_sent() && error.attempts() == 1, "{error}");
    }
    let log = squid.log(4);
    let line = format!("POST {} 204 -", server.url("/api/Cards/1/Disable"));
    let tunnel = format!("CONNECT 127.0.0.1:{} 403 -", server.port());
    assert_eq!(log, [line.clone(), line, tunnel.clone(), tunnel]);
}

#[test]
fn squid_sees_a_wrong_password_once_and_a_right_one_by_basic_and_digest() {
    for (scheme, rules, first) in [
        (
            "basic",
            "auth_param basic program HELPERS/basic_ncsa_auth FOLDER/basic\nauth_param basic realm proxy\n",
            &[][..],
        ),
        (
            "digest",
            "auth_param digest program HELPERS/digest_file_auth -c FOLDER/digest\nauth_param digest realm proxy\n",
            // What the user's password by Basic is answered with, which squid does not look at.
            &["407 -"][..],
        ),
    ] {
        let Some(squid) = Squid::start(&format!("squid_and_{scheme}"), &format!("{rules}{LOGIN}")) else { return };
        let server = server();
        let done = suspend(&squid.url("op:pass%20word@"), &server.url("/api"));
        assert!(done.iter().all(|done| matches!(done, Ok(204))), "{scheme}: {done:?}");
        let wrong = suspend(&squid.url("op:wrong@"), &server.url("/api"));
        for error in wrong.into_iter().map(|refused| refused.expect_err("a wrong password")) {
            assert!(error.proxy_refusal().is_some_and(|refusal| refusal.password_refused), "{scheme}: {error}");
        }
        let expected = [first, &["204 op", "204 op"], first, &["407 op"]].concat();
        let log = squid.log(expected.len());
        assert!(log.iter().all(|line| line.starts_with("POST http://127.0.0.1:")), "{log:?}");
        let ends: Vec<String> =
            log.iter().filter_map(|line| line.split_once("Disable ")).map(|(_, end)| end.into()).collect();
        assert_eq!(ends, expected, "{scheme}");
        assert_eq!(server.requests().len(), 2, "{scheme}: a wrong password sends nothing on");
    }
}
