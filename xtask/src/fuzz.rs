//! The fuzz targets: built once and run side by side for a time.
//!
//! The corpus of a run stays in `fuzz/corpus`, which git ignores; `fuzz/seeds/TARGET` holds the
//! committed seeds.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::run::{Done, Out, Stop, minutes};
use crate::{place, setup};

const FOLDER: &str = "fuzz/fuzz_targets";
/// The target of the C library without an operating system, which is also built with each system alone: the names of
/// these, and their features.
const BARE: &str = "bare";
const ALONE: &[(&str, &str)] = &[("bare_certiflow", "certiflow"), ("bare_mim", "mim")];
const TRIPLE: &str = "x86_64-unknown-linux-gnu";

/// What to run, and for how long.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// For each target.
    seconds: u64,
    /// Whether a row is added to `fuzz/RESULTS.md`.
    pub(crate) record: bool,
    /// How many run side by side. Default: one per core.
    at_once: Option<usize>,
    /// Empty for all.
    targets: Vec<String>,
}

impl Options {
    /// All targets, for this number of seconds each.
    pub(crate) fn all(seconds: u64) -> Options {
        Options { seconds, record: false, at_once: None, targets: Vec::new() }
    }

    /// Reads the words after `cargo xtask fuzz`.
    ///
    /// # Errors
    ///
    /// When one of them makes no sense.
    pub(crate) fn read(words: &[&str]) -> Result<Options, String> {
        let mut options = Options::all(20);
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--seconds" => {
                    let seconds = words.next().and_then(|number| number.parse().ok());
                    options.seconds = seconds.filter(|seconds| *seconds > 0).ok_or("--seconds needs a number")?;
                }
                "--at-once" => {
                    let number = words.next().and_then(|number| number.parse().ok()).filter(|number| *number > 0);
                    options.at_once = Some(number.ok_or("--at-once needs a number")?);
                }
                "--record" => options.record = true,
                word if word.starts_with('-') => {
                    return Err(format!("not an option of fuzz: {word}"));
                }
                target => options.targets.push(target.into()),
            }
        }
        Ok(options)
    }
}

/// Runs the targets.
///
/// # Errors
///
/// When one of them crashes or is unknown, or when there is none. Skipped without `cargo fuzz`.
pub(crate) fn run(options: &Options, out: &mut Out) -> Done {
    let all = targets()?;
    if let Some(unknown) = options.targets.iter().find(|target| !all.contains(target)) {
        return Err(format!("no {FOLDER}/{unknown}.rs").into());
    }
    let chosen = if options.targets.is_empty() { all } else { options.targets.clone() };
    if chosen.is_empty() {
        return Err(format!("no target in {FOLDER}").into());
    }
    if !setup::have_cargo_fuzz() {
        return Err(Stop::Skipped("cargo-fuzz is missing: cargo xtask setup".into()));
    }

    // The commit that is built, not the one checked out hours later.
    let commit = if options.record { Some(commit()?) } else { None };
    // `cargo fuzz` has no `--locked`.
    out.run(&mut place::cargo(&["fetch", "--locked", "--manifest-path", "fuzz/Cargo.toml"]), minutes(10))?;
    let built = place::target().join("fuzz");
    let programs = built.join(TRIPLE).join("release");
    // What sanitizers need is not stable; this opens it without another compiler.
    let build = |words: &[&str], out: &mut Out| {
        let command = ["fuzz", "build", "--fuzz-dir", "fuzz", "--target-dir", place::text(&built)?];
        out.run(place::cargo(&command).args(words).env("RUSTC_BOOTSTRAP", "1"), minutes(20))
    };
    for (name, feature) in ALONE.iter().filter(|(name, _)| chosen.iter().any(|target| target == name)) {
        build(&["--no-default-features", "--features", feature, BARE], out)?;
        // The next build puts its program in the same place.
        let [from, to] = [BARE, name].map(|name| programs.join(name));
        std::fs::copy(&from, &to).map_err(place::at(&from))?;
    }
    build(&[], out)?;

    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let at_once = options.at_once.unwrap_or(cores);
    let runs = side_by_side(&chosen, at_once, |target| run_one(&programs, target, options.seconds));
    out.say(format_args!("{:<24} {:>8} {:>12} {:>7}", "target", "seconds", "executions", "edges"));
    let mut failed = Vec::new();
    for (target, run) in chosen.iter().zip(&runs) {
        match run {
            Ok(Run { seconds, executions, edges }) => {
                out.say(format_args!("{target:<24} {seconds:>8} {executions:>12} {edges:>7}"));
            }
            Err(why) => {
                out.say(format_args!("{target:<24} FAILED: {why}"));
                failed.push(target.as_str());
            }
        }
    }
    if let Some(commit) = commit {
        record(&commit, &chosen, &runs)?;
    }
    if !failed.is_empty() {
        return Err(Stop::Failed(failed.join(", ")));
    }
    let executions: u64 = runs.iter().flatten().map(|run| run.executions).sum();
    Ok(format!("targets: {}, executions: {executions}", chosen.len()))
}

/// The names of the targets, in order: those of the files, and [`ALONE`].
fn targets() -> Result<Vec<String>, String> {
    let folder = place::root().join(FOLDER);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        return Ok(Vec::new());
    };
    let mut names = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| format!("{FOLDER}: {error}"))?.path();
        if let (Some(name), Some("rs")) = (path.file_stem(), path.extension().and_then(|rs| rs.to_str())) {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    if names.iter().any(|name| name == BARE) {
        names.extend(ALONE.iter().map(|(name, _)| (*name).to_string()));
    }
    names.sort();
    Ok(names)
}

/// The last figures that libFuzzer prints.
#[derive(Debug, PartialEq, Eq)]
struct Run {
    seconds: u64,
    executions: u64,
    edges: u64,
}

/// Does the work for each name, at most `at_once` at a time; results in the same order.
fn side_by_side<T: Send>(names: &[String], at_once: usize, work: impl Fn(&str) -> T + Sync) -> Vec<T> {
    let next = Mutex::new(names.iter().enumerate());
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..at_once.min(names.len()) {
            scope.spawn(|| {
                // The lock is released before the work begins.
                let take = || next.lock().ok().and_then(|mut next| next.next());
                while let Some((at, name)) = take() {
                    let result = work(name);
                    if let Ok(mut done) = done.lock() {
                        done.push((at, result));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

fn run_one(programs: &Path, target: &str, seconds: u64) -> Result<Run, String> {
    let program = programs.join(target);
    if !program.is_file() {
        return Err(format!("not built; is there a [[bin]] for {target} in fuzz/Cargo.toml?"));
    }
    let root = place::root();
    let [corpus, artifacts] = ["corpus", "artifacts"].map(|folder| root.join("fuzz").join(folder).join(target));
    let seeds = root.join("fuzz/seeds").join(if ALONE.iter().any(|(name, _)| *name == target) { BARE } else { target });
    for folder in [&corpus, &artifacts] {
        std::fs::create_dir_all(folder).map_err(place::at(folder))?;
    }
    let mut command = Command::new(&program);
    command.current_dir(&root).arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-artifact_prefix={}/", artifacts.display())).arg(&corpus);
    if seeds.is_dir() {
        command.arg(&seeds);
    }
    let path = place::logs().join(format!("fuzz-{target}.log"));
    let started = Instant::now();
    let ended = Out::log(&path)?.run(&mut command, Duration::from_secs(seconds + 120));
    let log = std::fs::read(&path).map_err(place::at(&path))?;
    let log = String::from_utf8_lossy(&log);
    if let Err(why) = ended {
        return Err(format!("{why}\n{}", crash(&log)));
    }
    let mut run = conclusion(&log).ok_or_else(|| format!("no last line in {}", path.display()))?;
    run.seconds = started.elapsed().as_secs();
    Ok(run)
}

/// The useful part of the log of a crash: from its first line on, or the end.
fn crash(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    let told = lines.iter().position(|line| line.contains("panicked at") || line.contains("ERROR:"));
    let from = told.unwrap_or(lines.len().saturating_sub(40));
    lines.get(from..).unwrap_or_default().join("\n")
}

/// Reads `Done N runs in M second(s)` and the last `cov: N`, which counts edges.
fn conclusion(log: &str) -> Option<Run> {
    fn after<'a>(line: &'a str, word: &str) -> Option<&'a str> {
        line.split_once(word)?.1.split_whitespace().next()
    }
    let done = log.lines().rev().find(|line| line.starts_with("Done "))?;
    let edges = log.lines().rev().find_map(|line| after(line, "cov: "))?;
    Some(Run {
        seconds: after(done, "runs in ")?.parse().ok()?,
        executions: after(done, "Done ")?.parse().ok()?,
        edges: edges.parse().ok()?,
    })
}

/// The commit that is checked out, with `-dirty` where files differ from it.
fn commit() -> Result<String, String> {
    let mut describe = place::program("git", &["describe", "--always", "--dirty", "--abbrev=12"]);
    Ok(Out::Terminal.read(&mut describe, minutes(1))?.trim().into())
}

/// Adds a row for each target that ended well.
fn record(commit: &str, targets: &[String], runs: &[Result<Run, String>]) -> Result<(), String> {
    let path = place::root().join("fuzz/RESULTS.md");
    let mut text = String::new();
    if !path.exists() {
        text += "# Fuzzing results\n\nRows are added by `cargo xtask fuzz --record`.\n\n";
        text += "| target | commit | seconds | executions | edges |\n|---|---|---:|---:|---:|\n";
    }
    for (target, run) in targets.iter().zip(runs) {
        if let Ok(Run { seconds, executions, edges }) = run {
            text += &format!("| {target} | {commit} | {seconds} | {executions} | {edges} |\n");
        }
    }
    let file = std::fs::OpenOptions::new().create(true).append(true).open(&path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(place::at(&path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_of_libfuzzer_are_read() {
        let log = "#2\tINITED cov: 3 ft: 3\n#524288\tpulse  cov: 120 ft: 300 corp: 9/1b\n\
                   #900000\tDONE   cov: 121 ft: 301 corp: 9/1b lim: 17 exec/s: 300000 rss: 40Mb\n\
                   Done 900000 runs in 3 second(s)\n";
        assert_eq!(conclusion(log), Some(Run { seconds: 3, executions: 900_000, edges: 121 }));
        assert_eq!(conclusion("#2\tINITED cov: 3 ft: 3\n"), None);
    }

    #[test]
    fn words_are_read() {
        let options = Options::read(&["--seconds", "7", "atr", "--record", "--at-once", "3"]);
        let wanted = Options { seconds: 7, record: true, at_once: Some(3), targets: vec!["atr".into()] };
        assert_eq!(options, Ok(wanted));
        for wrong in [&["--seconds"][..], &["--seconds", "0"], &["--seconds", "x"], &["--at-once", "0"], &["--other"]] {
            assert!(Options::read(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn results_keep_the_order_of_the_names() {
        let names: Vec<String> = (0..9).map(|n| n.to_string()).collect();
        assert_eq!(side_by_side(&names, 2, str::to_string), names);
    }
}
