//! The public interface of each published library: committed in `api/`, and compared with what there is.
//!
//! A change of an interface needs a line in CHANGELOG.md that names the crate. No history of git is
//! needed to see that: the head of each file has a digest of the lines about its crate under "Unreleased", as
//! they were when it was recorded. While they are the same, another interface is not recorded.

mod examples;
mod lines;
mod rustdoc;
mod types;

use std::collections::BTreeMap;

use crate::place;
use crate::published::Crate;
use crate::run::{Done, Out};

/// Compares or records every interface, and looks for public types without an example.
///
/// # Errors
///
/// When an interface is another than the recorded, when one may not be recorded, or when rustdoc's output
/// is not understood.
pub(crate) fn run(record: bool, out: &mut Out) -> Done {
    let documents = rustdoc::all(out)?;
    let mut ours = BTreeMap::new();
    for (of, document) in &documents {
        let names = document.public().map(|(path, name)| (path, format!("{}::{name}", of.name())));
        for (path, name) in names {
            // The crate that defines it names it; others only export it.
            if path.split("::").next() == Some(&of.name()) {
                ours.insert(path, name);
            }
        }
    }
    let unreleased = place::read("CHANGELOG.md")?;
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (of, document) in &documents {
        let lines = lines::of(document, &ours).map_err(|why| format!("{}: {why}", of.package))?;
        if lines.is_empty() {
            wrong.push(format!("{}: no public item", of.package));
        }
        count += lines.len();
        let path = format!("api/{}.txt", of.short());
        let recorded = place::read(&path).unwrap_or_default();
        let now = File { changelog: digest(&entries(&unreleased, of)), lines };
        let done = if record { now.record(of, &recorded, &path, out) } else { now.compare(of, &recorded, &path, out) };
        wrong.extend(done.err());
    }
    wrong.extend(examples::check(&documents, out));
    match wrong.as_slice() {
        [] => Ok(format!("{} interfaces, {count} lines", documents.len())),
        [only] => Err(only.clone().into()),
        [first, more @ ..] => {
            wrong.iter().for_each(|why| out.say(why));
            Err(format!("{first}; and {} more", more.len()).into())
        }
    }
}

/// What a file of `api/` holds.
struct File {
    /// The digest of what CHANGELOG.md says of the crate.
    changelog: String,
    lines: Vec<String>,
}

impl File {
    fn written(&self, of: &Crate) -> String {
        let body = self.lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let whole = digest(&format!("{}\n{body}", self.changelog));
        format!(
            "# The public interface of {}, with all features. Written by `cargo xtask api --record`.\n\
             # changelog {}\n# interface {whole}\n\n{body}",
            of.package, self.changelog
        )
    }

    /// Reads a file that was written, and refuses one that was changed by hand.
    fn read(text: &str, path: &str) -> Result<File, String> {
        let (head, body) = text.split_once("\n\n").unwrap_or_default();
        let value = |name: &str| {
            let line = head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.trim().to_owned()
        };
        let file = File { changelog: value("# changelog"), lines: body.lines().map(String::from).collect() };
        if value("# interface") == digest(&format!("{}\n{body}", file.changelog)) {
            Ok(file)
        } else {
            Err(format!("{path} is not as `cargo xtask api --record` wrote it"))
        }
    }

    fn compare(&self, of: &Crate, recorded: &str, path: &str, out: &mut Out) -> Result<(), String> {
        let before = File::read(recorded, path)?;
        let differences = differences(&before.lines, &self.lines);
        if differences.is_empty() {
            return Ok(());
        }
        differences.iter().for_each(|line| out.say(format_args!("{}: {line}", of.package)));
        Err(format!(
            "{}: {} lines of {path} changed: say so in CHANGELOG.md, in an entry with `{}`, then cargo xtask api --record",
            of.package,
            differences.len(),
            of.short()
        ))
    }

    fn record(&self, of: &Crate, recorded: &str, path: &str, out: &mut Out) -> Result<(), String> {
        if let Ok(before) = File::read(recorded, path) {
            if before.lines == self.lines {
                return Ok(());
            }
            if before.changelog == self.changelog || self.changelog == digest("") {
                let lines = differences(&before.lines, &self.lines);
                lines.iter().for_each(|line| out.say(format_args!("{}: {line}", of.package)));
                return Err(format!(
                    "{}: {} lines of the interface changed, and no entry with `{}` under Unreleased in CHANGELOG.md",
                    of.package,
                    lines.len(),
                    of.short()
                ));
            }
        }
        let full = place::root().join(path);
        let folder = full.parent().map_or(Ok(()), std::fs::create_dir_all);
        folder.and_then(|()| std::fs::write(&full, self.written(of))).map_err(place::at(&full))?;
        out.say(format_args!("{path}: written"));
        Ok(())
    }
}

/// The entries under "Unreleased" that name a crate: `core` and `cardwright-core` are the same.
fn entries(changelog: &str, of: &Crate) -> String {
    let names = [format!("`{}`", of.package), format!("`{}`", of.short())];
    let (mut inside, mut entries) = (false, Vec::<String>::new());
    for line in changelog.lines() {
        if line.starts_with("## ") {
            inside = line == "## Unreleased";
        } else if inside && line.starts_with("- ") {
            entries.push(line.into());
        } else if inside
            && line.starts_with("  ")
            && let Some(entry) = entries.last_mut()
        {
            entry.push('\n');
            entry.push_str(line);
        }
    }
    entries.retain(|entry| names.iter().any(|name| entry.contains(name)));
    entries.join("\n")
}

/// The lines that only one of two sorted lists has: `- ` before, `+ ` now.
fn differences(before: &[String], now: &[String]) -> Vec<String> {
    let gone = before.iter().filter(|line| !now.contains(line)).map(|line| format!("- {line}"));
    gone.chain(now.iter().filter(|line| !before.contains(line)).map(|line| format!("+ {line}"))).collect()
}

/// FNV-1a of 64 bits: enough against mistakes, and not meant against deceit.
fn digest(text: &str) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    format!("{:016x}", text.bytes().fold(0xCBF2_9CE4_8422_2325, step))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::published;

    const CHANGELOG: &str = "# Changelog\n## Unreleased\n### Added\n- `core`, `http`: a.\n  More.\n- `desk`: b.\n\
                             ### Changed\n- `cardwright-core`: c.\n\n## 0.1.0\n- `core`: d.\n";

    fn core() -> &'static Crate {
        published::libraries().next().expect("there is one")
    }

    #[test]
    fn entries_of_a_crate_are_those_that_name_it_before_the_next_release() {
        let of = |package: &str| published::libraries().find(|of| of.package == package).expect("it is published");
        assert_eq!(entries(CHANGELOG, core()), "- `core`, `http`: a.\n  More.\n- `cardwright-core`: c.");
        assert_eq!(entries(CHANGELOG, of("cardwright-http")), "- `core`, `http`: a.\n  More.");
        assert_eq!(entries(CHANGELOG, of("cardwright")), "");
    }

    #[test]
    fn another_interface_is_recorded_only_with_another_changelog() {
        let file = |changelog: &str, line: &str| File { changelog: changelog.into(), lines: vec![line.into()] };
        let recorded = file("1", "pub fn a()").written(core());
        let mut out = Out::Terminal;
        let path = format!("target/api-test-{}.txt", std::process::id());
        let mut record = |now: File| now.record(core(), &recorded, &path, &mut out);
        assert!(record(file("1", "pub fn b()")).is_err_and(|why| why.contains("CHANGELOG")));
        assert_eq!(record(file("1", "pub fn a()")), Ok(()));
        assert!(!place::root().join(&path).exists());
        assert_eq!(record(file("2", "pub fn b()")), Ok(()));
        let written = place::read(&path).expect("it was written");
        std::fs::remove_file(place::root().join(&path)).expect("it is there");
        assert_eq!(written, file("2", "pub fn b()").written(core()));
    }

    #[test]
    fn a_changed_interface_and_a_changed_file_are_told() {
        let now = File { changelog: "1".into(), lines: vec!["pub fn a()".into(), "pub fn b()".into()] };
        let recorded = now.written(core());
        let mut out = Out::Terminal;
        assert_eq!(now.compare(core(), &recorded, "x", &mut out), Ok(()));
        let other = File { lines: vec!["pub fn a()".into(), "pub fn c()".into()], ..now };
        assert!(other.compare(core(), &recorded, "x", &mut out).is_err_and(|why| why.contains("2 lines of x")));
        let by_hand = recorded.replace("pub fn b", "pub fn c");
        assert!(other.compare(core(), &by_hand, "x", &mut out).is_err_and(|why| why.contains("is not as")));
        assert!(other.compare(core(), "", "x", &mut out).is_err());
    }
}
