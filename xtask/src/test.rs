//! The list of steps, and how they are run one after the other.
//!
//! A step that fails does not stop the next: one run tells everything. Each step's output goes to
//! a log; that of a step that fails is printed whole.

use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::openapi::schemathesis;
use crate::run::{Done, Out, Stop};
use crate::{
    api, bare_metal, c, docs, features, firmware, generated, msrv, package, place, proof, python, rules, setup, steps,
    third_vendor,
};

/// Every step, in order. What is quick or tells most comes first; each later step finds compiled
/// what the earlier ones needed too.
const STEPS: &[Step] = &[
    Step::new("setup", "installs what is missing", |_, out| setup::everything(out)),
    Step::new("fmt", "formatting", steps::fmt),
    Step::new("clippy", "lints", steps::clippy),
    Step::new("rules", "dependencies, circles, licences, unsafe, words", |_, out| rules::check(out)),
    Step::new("generated", "generated parts of files", |_, out| generated::check(out)),
    Step::new("docs", "the book: built, its links, its examples", |_, out| docs::check(out)),
    Step::new("test", "all tests", steps::test),
    Step::new("doc", "documentation", steps::doc),
    Step::new("api", "public interfaces, examples of public types", |_, out| api::run(false, out)),
    Step::new("package", "the crates as they are published, and docs.rs' documentation", package::check),
    Step::new("msrv", "the oldest compiler of each crate", msrv::check),
    Step::new("features", "each feature alone; values that nobody matches", features::check),
    Step::new("c", "the C library: header, programs, valgrind", |_, out| c::check(out)),
    Step { long: true, ..Step::new("address", "AddressSanitizer over the C library's tests", steps::address) },
    Step::new("python", "the Python package: installed, tested, typed", |_, out| python::check(out)),
    Step::new("bare-metal", "the core without an operating system", |_, out| bare_metal::check(out)),
    Step::new("firmware", "the terminals in Rust and C, in QEMU", firmware::check),
    Step::new("third-vendor", "a system and a card kind of somebody else's", third_vendor::check),
    Step::new("proof", "no panic, bytes of flash", |_, out| proof::check(false, out)),
    Step::new("count", "the core on a Cortex-M, instructions", |_, out| proof::count(false, out)),
    Step::new("fuzz", "20 s a target; an hour with --long", steps::fuzz),
    Step::new("demo", "the demo runs to its end", steps::demo),
    Step::new("openapi", "the server against its documents", schemathesis::check),
    Step { long: true, ..Step::new("windows", "the client for Windows, only with --long", steps::windows) },
    Step { long: true, ..Step::new("figures", "measurements, only with --long", steps::figures) },
];

/// One step.
struct Step {
    name: &'static str,
    about: &'static str,
    /// Whether it runs only when asked for by `--long` or by name.
    long: bool,
    /// Gets whether the long form is asked for.
    run: fn(bool, &mut Out) -> Done,
}

impl Step {
    const fn new(name: &'static str, about: &'static str, run: fn(bool, &mut Out) -> Done) -> Step {
        Step { name, about, long: false, run }
    }
}

/// What to run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// With what takes hours.
    pub(crate) long: bool,
    /// Names of steps; empty for all.
    only: Vec<String>,
    /// Names of steps that are left out.
    skip: Vec<String>,
}

impl Options {
    /// Reads the words after `cargo xtask test`.
    ///
    /// # Errors
    ///
    /// When one of them makes no sense.
    pub(crate) fn read(words: &[&str]) -> Result<Options, String> {
        let mut options = Options::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--long" => options.long = true,
                "--only" | "--skip" => match words.next() {
                    Some(name) if STEPS.iter().any(|step| step.name == *name) => {
                        let steps = if *word == "--only" { &mut options.only } else { &mut options.skip };
                        steps.push((*name).into());
                    }
                    name => return Err(format!("{word} needs a step, not {name:?}\n{}", list())),
                },
                word => return Err(format!("not an option of test: {word}")),
            }
        }
        Ok(options)
    }

    fn wants(&self, step: &Step) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name == step.name);
        !named(&self.skip) && if self.only.is_empty() { self.long || !step.long } else { named(&self.only) }
    }
}

/// The steps, a line each.
pub(crate) fn list() -> String {
    let lines = STEPS.iter().map(|step| format!("{:<12} {}\n", step.name, step.about));
    format!("Steps of the test:\n{}", lines.collect::<String>())
}

/// How a step ended.
struct Ended {
    name: &'static str,
    time: Duration,
    done: Done,
    /// The last lines of test runners in its log.
    summaries: Vec<String>,
}

/// Runs the steps and tells how they ended.
pub(crate) fn run(options: &Options) -> ExitCode {
    let mut all = Vec::new();
    for step in STEPS.iter().filter(|step| options.wants(step)) {
        print!("{:<12}", step.name);
        flush();
        let ended = run_step(step, options.long);
        ended.tell();
        all.push(ended);
    }
    conclude(&all)
}

fn run_step(step: &Step, long: bool) -> Ended {
    let started = Instant::now();
    let path = place::logs().join(format!("{}.log", step.name));
    let done = Out::log(&path).map_err(Stop::from).and_then(|mut out| {
        let done = (step.run)(long, &mut out);
        if let Err(Stop::Failed(why)) = &done {
            out.say(format_args!("FAILED: {why}"));
        }
        done
    });
    let log = std::fs::read(&path).unwrap_or_default();
    let summaries = summaries(&String::from_utf8_lossy(&log));
    Ended { name: step.name, time: started.elapsed(), done, summaries }
}

impl Ended {
    /// The rest of the line that begins with the name, and the log if it failed.
    fn tell(&self) {
        let seconds = self.time.as_secs_f64();
        match &self.done {
            Ok(note) => println!("{seconds:>7.1} s  ok       {note}"),
            Err(Stop::Skipped(why)) => println!("{seconds:>7.1} s  SKIPPED  {why}"),
            Err(Stop::Failed(_)) => {
                println!("{seconds:>7.1} s  FAILED   its output:");
                let log = std::fs::read(place::logs().join(format!("{}.log", self.name))).unwrap_or_default();
                let _ = std::io::stdout().write_all(&log);
                println!("---- end of the output of {}", self.name);
            }
        }
        flush();
    }
}

fn flush() {
    let _ = std::io::stdout().flush();
}

fn conclude(all: &[Ended]) -> ExitCode {
    let mut slowest: Vec<&Ended> = all.iter().collect();
    slowest.sort_by_key(|ended| std::cmp::Reverse(ended.time));
    println!("\nsteps, slowest first; their logs are in {}", place::logs().display());
    for ended in slowest {
        println!("{:>7.1} s  {}", ended.time.as_secs_f64(), ended.name);
    }

    println!();
    let ci = place::ci();
    let mut bad = all.is_empty();
    for ended in all {
        match &ended.done {
            Ok(_) => {}
            Err(Stop::Skipped(why)) => {
                println!("SKIPPED {}: {why}", ended.name);
                bad |= ci;
            }
            Err(Stop::Failed(why)) => {
                println!("FAILED {}: {}", ended.name, why.lines().next().unwrap_or_default());
                bad = true;
            }
        }
    }

    let summaries: Vec<&str> = all.iter().flat_map(|ended| &ended.summaries).map(String::as_str).collect();
    for summary in &summaries {
        println!("{summary}");
    }
    let sum = |word| summaries.iter().filter_map(|summary| number_before(summary, word)).sum::<u64>();
    println!("{} passed, {} failed", sum("passed"), sum("failed"));
    if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The lines with which cargo's test runner and pytest close.
fn summaries(log: &str) -> Vec<String> {
    let closes = |line: &&str| line.starts_with("test result: ") || line.contains(" passed in ");
    log.lines().filter(closes).map(String::from).collect()
}

/// The number before a word, as in `3 passed`.
fn number_before(summary: &str, word: &str) -> Option<u64> {
    let mut before = summary.split_once(&format!(" {word}"))?.0.split_whitespace();
    before.next_back()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_a_test_runner_are_summed() {
        let log = "running 2 tests\ntest a ... ok\n\ntest result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured\n";
        let summaries = summaries(log);
        assert_eq!(summaries.len(), 1);
        assert_eq!(number_before(&summaries[0], "passed"), Some(12));
        assert_eq!(number_before(&summaries[0], "failed"), Some(3));
        assert_eq!(number_before("test result: ok.", "passed"), None);
    }

    #[test]
    fn what_takes_long_runs_only_when_asked_for() {
        let names = |words: &[&str]| {
            let options = Options::read(words).expect("they make sense");
            STEPS.iter().filter(|step| options.wants(step)).map(|step| step.name).collect::<Vec<_>>()
        };
        assert!(!names(&[]).contains(&"figures"));
        assert_eq!(names(&["--long"]).len(), STEPS.len());
        assert_eq!(names(&["--only", "proof", "--only", "fmt"]), ["fmt", "proof"]);
        assert_eq!(names(&["--only", "figures"]), ["figures"]);
        assert_eq!(names(&["--long", "--skip", "fuzz"]).len(), STEPS.len() - 1);
        assert!(Options::read(&["--only", "nothing"]).is_err());
        assert!(Options::read(&["proof"]).is_err());
    }
}
