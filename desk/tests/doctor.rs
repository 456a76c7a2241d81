//! An examination ends within its limit, whatever the server does, and is the same for a client's own set-up.

use cardwright::client::{Canceler, TokenSource};
use cardwright::doctor::{Level, Report, examine};
use cardwright::{Credentials, Secret, Setup, System, Target, http};
use cardwright_server::{Fault, TestServer};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn target(base: String) -> Target {
    target_of(System::CertiFlow, base)
}

fn target_of(system: System, base: String) -> Target {
    let credentials = Credentials::basic(TestServer::USER, TestServer::PASSWORD);
    Target::of(system, None, Setup { credentials, ..Setup::new(base) })
}

/// Examines, and checks that it takes no longer than the limit and a second.
fn within(mut target: Target, limit: Duration) -> Report {
    target.time_limit = Some(limit);
    let (started, mut told) = (Instant::now(), 0);
    let report = examine(&target, &mut |_| told += 1).expect("usable settings");
    assert!(started.elapsed() < limit + Duration::from_secs(1), "{:?}: {report:?}", started.elapsed());
    assert_eq!(told, report.checks.len());
    report
}

#[test]
fn a_clients_own_set_up_is_examined() {
    let server = TestServer::start().expect("it starts");
    for (system, base) in [(System::CertiFlow, server.certiflow_url()), (System::Mim, server.mim_url())] {
        let report = within(target_of(system, base), Duration::from_secs(60));
        assert_eq!((report.failed(), report.count(Level::Fail)), (None, 0), "{report:?}");
        assert!(report.checks.iter().any(|check| check.name == "sign-in"));
    }
}

#[test]
fn a_server_that_never_answers_does_not_hold_it_up() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("its address");
    let report = within(target(format!("http://{address}/certiflow/api")), Duration::from_millis(300));
    let last = report.checks.last().expect("a check");
    assert_eq!((last.name, last.level), ("time", Level::Fail), "{report:?}");
    assert!(last.seen.contains("0.3 s") && last.next.is_some(), "{last:?}");
    assert!(report.checks.iter().any(|check| check.name == "connection" && check.level == Level::Ok));
}

#[test]
fn many_slow_answers_do_not_add_up() {
    let server = TestServer::start().expect("it starts");
    server.fault(Fault::at("**").latency(Duration::from_millis(250))).expect("a fault");
    let report = within(target(server.certiflow_url()), Duration::from_millis(600));
    assert_eq!(report.checks.last().map(|check| check.name), Some("time"), "{report:?}");
}

/// A source of tokens that waits until it is stopped.
#[derive(Debug)]
struct Waits;

impl TokenSource for Waits {
    fn token(&self, canceler: &Canceler) -> Result<Secret, http::Error> {
        while canceler.wait(Duration::from_millis(20)) {}
        Err(http::Error::NoToken(Arc::new(http::Error::setup(cardwright::Code::Canceled, "stopped"))))
    }

    fn renew(&self, _: &Secret, _: &Canceler) -> Result<Option<Secret>, http::Error> {
        Ok(None)
    }
}

#[test]
fn an_issuer_that_gives_no_token_does_not_hold_it_up() {
    let server = TestServer::start().expect("it starts");
    let setup = Setup { credentials: Credentials::Tokens(Arc::new(Waits)), ..Setup::new(server.certiflow_url()) };
    let report = within(Target::of(System::CertiFlow, None, setup), Duration::from_millis(500));
    let token = report.checks.iter().find(|check| check.name == "token");
    assert_eq!(token.map(|check| check.level), Some(Level::Fail), "{report:?}");
}

#[test]
fn a_limit_that_no_clock_holds_is_none() {
    let server = TestServer::start().expect("it starts");
    let mut target = target(server.certiflow_url());
    target.time_limit = Some(Duration::MAX);
    assert_eq!(examine(&target, &mut |_| {}).expect("usable settings").failed(), None);
}
