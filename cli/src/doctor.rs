//! `doctor`: examines a server without changing anything, and says what is in the way.

use crate::args::Arguments;
use crate::connect;
use crate::failure::{Done, Exit};
use crate::out::{self, say};
use crate::style::{BAD, BOLD, CARE, END, GOOD, KEY, escape_controls};
use cardwright::doctor::{Check, Level, Report, examine};
use serde_json::{Value, json};
use std::io;

pub(crate) fn doctor(arguments: &Arguments) -> Done {
    let target = connect::target(arguments)?;
    let report = if arguments.json {
        examine(&target, &mut |_| {})?
    } else {
        say!("{BOLD}{}{END}", escape_controls(&target.url))?;
        let mut printed = Ok(());
        let report = examine(&target, &mut |check| {
            if printed.is_ok() {
                printed = print(check);
            }
        })?;
        printed?;
        report
    };
    let (ok, warn, fail) = (report.count(Level::Ok), report.count(Level::Warn), report.count(Level::Fail));
    if arguments.json {
        let checks = as_json(&report);
        out::json(&json!({ "url": target.url, "ok": ok, "warn": warn, "fail": fail, "checks": checks }))?;
    } else {
        say!("{KEY}{ok} ok, {warn} to look at, {fail} failed; nothing was changed{END}")?;
    }
    Ok(report.failed().map_or(Exit::Done, Exit::from))
}

fn print(check: &Check) -> io::Result<()> {
    let style = match check.level {
        Level::Ok => GOOD,
        Level::Warn => CARE,
        Level::Fail => BAD,
    };
    let next = check.next.as_ref().map(|next| format!("  {KEY}next:{END} {}", escape_controls(next)));
    say!(
        "{style}{:4}{END}  {KEY}{:10}{END}  {}{}",
        check.level.name(),
        check.name,
        escape_controls(&check.seen),
        next.unwrap_or_default()
    )
}

fn as_json(report: &Report) -> Value {
    let checks = report.checks.iter().map(
        |check| json!({ "check": check.name, "result": check.level.name(), "seen": check.seen, "next": check.next }),
    );
    checks.collect()
}
