//! `doctor`: looks at a server without changing anything, and says what is in the way.
//!
//! It sends GETs alone, to the server that was named. Each check is a line: what was looked at, what
//! was seen, and the next step where there is one. A check that needs an earlier one is left out when
//! that one failed.

mod api;
mod base;
mod network;
mod token;

use crate::args::Arguments;
use crate::connect::{self, Target};
use crate::failure::{Done, Exit, Failure};
use crate::style::{BAD, BOLD, CARE, END, GOOD, KEY, harmless};
use cardwright_client::http::{Credentials, Error, Explanation, Raw, Retries, Setup, Timeouts, Transport};
use cardwright_core::http::Method;
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) fn doctor(arguments: &Arguments) -> Done {
    let target = connect::target(&arguments.server)?;
    let mut report = Report { json: arguments.json, checks: Vec::new() };
    let anonymous = Asker::new(&target, &target.url, Credentials::Anonymous)?;
    if !arguments.json {
        anstream::println!("{BOLD}{}{END}", harmless(&target.url));
    }
    if let Some(answer) = network::look(&mut report, &target, &anonymous) {
        api::look(&mut report, &target, &anonymous, &answer)?;
    }
    Ok(report.end(&target.url))
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Ok,
    Warn,
    Fail,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Level::Ok => "ok",
            Level::Warn => "warn",
            Level::Fail => "fail",
        }
    }
}

/// A check that was made.
struct Check {
    name: &'static str,
    level: Level,
    seen: String,
    next: Option<String>,
}

/// The checks so far, printed as they are made.
struct Report {
    json: bool,
    checks: Vec<(Check, Exit)>,
}

impl Report {
    fn ok(&mut self, name: &'static str, seen: impl Into<String>) {
        self.add(Check { name, level: Level::Ok, seen: seen.into(), next: None }, Exit::Done);
    }

    fn warn(&mut self, name: &'static str, seen: impl Into<String>, next: impl Into<String>) {
        self.add(Check { name, level: Level::Warn, seen: seen.into(), next: Some(next.into()) }, Exit::Done);
    }

    /// A check that failed, and how the command is to end when it is the first.
    fn fail(&mut self, name: &'static str, exit: Exit, seen: impl Into<String>, next: impl Into<String>) {
        self.add(Check { name, level: Level::Fail, seen: seen.into(), next: Some(next.into()) }, exit);
    }

    fn add(&mut self, check: Check, exit: Exit) {
        if !self.json {
            let style = match check.level {
                Level::Ok => GOOD,
                Level::Warn => CARE,
                Level::Fail => BAD,
            };
            let next = check.next.as_ref().map(|next| format!("  {KEY}next:{END} {}", harmless(next)));
            anstream::println!(
                "{style}{:4}{END}  {KEY}{:10}{END}  {}{}",
                check.level.name(),
                check.name,
                harmless(&check.seen),
                next.unwrap_or_default()
            );
        }
        self.checks.push((check, exit));
    }

    fn end(self, url: &str) -> Exit {
        let count = |level| self.checks.iter().filter(|(check, _)| check.level == level).count();
        let (ok, warn, fail) = (count(Level::Ok), count(Level::Warn), count(Level::Fail));
        if self.json {
            let checks: Vec<Value> = self
                .checks
                .iter()
                .map(|(check, _)| {
                    json!({ "check": check.name, "result": check.level.name(), "seen": check.seen, "next": check.next })
                })
                .collect();
            anstream::println!("{}", json!({ "url": url, "ok": ok, "warn": warn, "fail": fail, "checks": checks }));
        } else {
            anstream::println!("{KEY}{ok} ok, {warn} to look at, {fail} failed; nothing was changed{END}");
        }
        self.checks.iter().find(|(check, _)| check.level == Level::Fail).map_or(Exit::Done, |(_, exit)| *exit)
    }
}

/// Asks a server by GETs alone.
struct Asker(Transport);

impl Asker {
    fn new(target: &Target, base: &str, credentials: Credentials) -> Result<Self, Failure> {
        let limits = Timeouts {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(20),
            idle: Duration::from_secs(20),
        };
        let (timeouts, retries) = (limits, Retries::none());
        Ok(Asker(Transport::new(Setup { credentials, timeouts, retries, ..target.setup(base) })?))
    }

    fn get(&self, path: &str) -> Result<Raw, Error> {
        self.0.raw(Method::Get, path, None)
    }

    /// How the sign-in went.
    fn explain(&self) -> Explanation {
        self.0.explain()
    }

    /// The certificates that the server presented.
    fn presented(&self) -> Vec<Vec<u8>> {
        self.0.presented()
    }
}
