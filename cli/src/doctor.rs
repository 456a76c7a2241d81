//! `doctor`: examines a server without changing anything, and says what is in the way.

use crate::args::Arguments;
use crate::connect;
use crate::failure::{Done, Exit, with_output};
use crate::generation::generation_json;
use crate::out::{self, say};
use crate::style::{BAD, BOLD, CARE, END, GOOD, KEY, escape_controls};
use cardwright::doctor::{Check, Level, Report, examine};
use serde_json::{Value, json};
use std::io;

pub(crate) fn doctor(arguments: &Arguments) -> Done {
    let target = connect::target(arguments)?;
    // A reader that goes away keeps no check from being made: the exit code tells what they found.
    let mut printed = Ok(());
    let report = if arguments.json {
        examine(&target, &mut |_| {})?
    } else {
        printed = say!("{BOLD}{}{END}", escape_controls(&target.url));
        examine(&target, &mut |check| {
            if printed.is_ok() {
                printed = print(check);
            }
        })?
    };
    let (ok, warn, fail) = (report.count(Level::Ok), report.count(Level::Warn), report.count(Level::Fail));
    if arguments.json {
        let checks = as_json(&report);
        let generation = report.generation.as_ref().map(generation_json);
        printed = out::json(&json!({
            "url": target.url, "ok": ok, "warn": warn, "fail": fail, "checks": checks, "generation": generation,
        }));
    } else if printed.is_ok() {
        printed = say!("{KEY}{ok} ok, {warn} to look at, {fail} failed; nothing was changed{END}");
    }
    with_output(Ok(report.failed().map_or(Exit::Done, Exit::from)), printed, arguments.json)
}

fn print(check: &Check) -> io::Result<()> {
    let style = match check.level {
        Level::Ok => GOOD,
        Level::Warn => CARE,
        Level::Fail => BAD,
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => BAD,
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
