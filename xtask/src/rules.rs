//! Rules across crates and files: dependencies, circles, `unsafe`, licences, duplicates, words.
//!
//! Each rule says how many things it looked at. One that looked at nothing fails.

mod arrows;
mod circles;
mod forbidden;
mod graph;
mod licence;
mod modules;
pub(crate) mod phrases;

use std::collections::{BTreeMap, BTreeSet};

use graph::Package;

use crate::deny::Deny;
use crate::run::{Done, Out, Stop, minutes};
use crate::{front, place, rust};

/// Which of our crates each of our crates may use. A crate that is not listed is refused.
const KNOWS: &[(&str, &[&str])] = &[
    ("cardwright-core", &[]),
    ("cardwright-reader", &["cardwright-core"]),
    ("cardwright-http", &["cardwright-core"]),
    ("cardwright-client", &["cardwright-core", "cardwright-http"]),
    ("cardwright-server", &["cardwright-core"]),
    ("cardwright", &["cardwright-core", "cardwright-reader", "cardwright-http", "cardwright-client"]),
    ("cardwright-ffi", &["cardwright-core", "cardwright"]),
    ("cardwright-cli", &["cardwright-server", "cardwright"]),
    ("cardwright-python-common", &["cardwright-core", "cardwright"]),
    // Without the reader: this extension must load where PC/SC is not installed. It names the second one for no system,
    // for source distributions.
    (
        "cardwright-python",
        &[
            "cardwright-core",
            "cardwright-server",
            "cardwright",
            "cardwright-cli",
            "cardwright-python-common",
            "cardwright-python-reader",
        ],
    ),
    ("cardwright-python-reader", &["cardwright-core", "cardwright-reader", "cardwright-python-common"]),
];

/// Crates that may use any other: nothing depends on them, except tests on the test kit.
const KNOW_ALL: &[&str] = &["cardwright-benches", TESTKIT, "xtask"];

/// What the tests of several crates share. Only tests and [`KNOW_ALL`] use it.
const TESTKIT: &str = "cardwright-testkit";

/// Crates whose tests use no other crate of ours, except the test kit.
const STRICT: &[&str] = &["cardwright-core"];

/// Foreign crates that one of ours alone names. It hides them from the others.
const OWNED: &[(&str, &str)] = &[
    ("serde-json-core", "cardwright-core"),
    ("ureq", "cardwright-http"),
    ("libloading", "cardwright-http"),
    ("pcsc", "cardwright-reader"),
    ("axum", "cardwright-server"),
    ("rusqlite", "cardwright-server"),
];

/// Where `unsafe` may stand: beginnings of paths.
const UNSAFE: &[&str] = &[
    // The C library, called as C calls it.
    "fuzz/fuzz_targets/bare.rs",
    "benches/calls.rs",
    "ffi/",
    "http/src/gssapi",
    "http/src/sspi",
    "http/src/tls/openssl",
    "http/src/tls/schannel",
    "proof/",
    "python/src/table/raw.rs",
];

/// Checks every rule.
///
/// # Errors
///
/// When a rule is broken; the output tells every breach.
pub(crate) fn check(out: &mut Out) -> Done {
    let metadata = out.read(
        &mut place::cargo(&[
            "metadata",
            "--format-version=1",
            "--locked",
            "--all-features",
            "--filter-platform=x86_64-unknown-linux-gnu",
        ]),
        minutes(5),
    )?;
    let packages = graph::read(&metadata)?;
    let tree = out.read(
        &mut place::cargo(&[
            "tree",
            "--locked",
            "--workspace",
            "--all-features",
            "--target=x86_64-unknown-linux-gnu",
            "--prefix=none",
        ]),
        minutes(5),
    )?;
    let built = graph::built(&tree);
    let deny = Deny::read(&place::read("deny.toml")?)?;
    let files = files(out)?;

    let mut report = Report { out, breaches: Vec::new() };
    let ours: Vec<&Package> = packages.iter().filter(|package| package.ours).collect();
    report.rule("crates of ours, their dependencies on each other", |breaches| knows(&ours, breaches));
    report.rule("direct dependencies, their owners", |breaches| owned(&ours, breaches));
    report.rule("files of core, serde-json-core in one place", |breaches| json(&files, breaches));
    let mut lines = Vec::new();
    report.rule("Rust files of our crates, circles", |breaches| rings(&ours, &files, &mut lines, breaches));
    lines.iter().for_each(|line| report.out.say(format_args!("        {line}")));
    let mut holders = BTreeSet::new();
    report.rule("Rust files, unsafe in its places", |breaches| unsafe_code(&files, &mut holders, breaches));
    for holder in &holders {
        report.out.say(format_args!("           unsafe in {holder}"));
    }
    report.rule("packages, their licences", |breaches| licences(&packages, &deny, breaches));
    report.rule("crates that are built, their duplicates", |breaches| duplicates(&built, &deny, breaches));
    report.rule("files, forbidden words", |breaches| words(&files, breaches));

    report.rule("manifests and front pages of what is published", front::check);

    let list = place::read(phrases::LIST)?;
    report.rule("files, plain English", |breaches| plain(&files, &phrases::listed(&list), breaches));

    match report.breaches.as_slice() {
        [] => Ok(format!("{} packages, {} files", packages.len(), files.len())),
        [only] => Err(Stop::Failed(only.clone())),
        [first, more @ ..] => Err(format!("{first}; and {} more", more.len()).into()),
    }
}

struct Report<'a> {
    out: &'a mut Out,
    breaches: Vec<String>,
}

impl Report<'_> {
    /// Runs one rule, which adds what it finds and returns how many things it looked at.
    fn rule(&mut self, name: &str, rule: impl FnOnce(&mut Vec<String>) -> usize) {
        let mut breaches = Vec::new();
        let count = rule(&mut breaches);
        if count == 0 {
            breaches.push(format!("{name}: looked at nothing"));
        }
        let verdict = if breaches.is_empty() { "ok" } else { "BROKEN" };
        self.out.say(format_args!("{count:>6}  {name}: {verdict}"));
        for breach in &breaches {
            self.out.say(format_args!("        {breach}"));
        }
        self.breaches.append(&mut breaches);
    }
}

fn knows(ours: &[&Package], breaches: &mut Vec<String>) -> usize {
    for package in ours {
        if KNOW_ALL.contains(&package.name.as_str()) {
            continue;
        }
        let Some((_, allowed)) = KNOWS.iter().find(|(name, _)| *name == package.name) else {
            breaches.push(format!("{} is not in the table of crates", package.name));
            continue;
        };
        let strict = STRICT.contains(&package.name.as_str());
        for want in package.wants.iter().filter(|want| !want.dev || strict && want.name != TESTKIT) {
            // Its own tests may ask for more features of it.
            let of_ours = want.name != package.name && ours.iter().any(|other| other.name == want.name);
            if of_ours && !allowed.contains(&want.name.as_str()) {
                breaches.push(format!("{} may not know {}", package.name, want.name));
            }
        }
    }
    ours.len()
}

fn owned(ours: &[&Package], breaches: &mut Vec<String>) -> usize {
    let mut count = 0;
    for package in ours {
        count += package.wants.len();
        for (foreign, owner) in OWNED {
            let named = package.wants.iter().any(|want| want.name == *foreign);
            if named && package.name != *owner && !KNOW_ALL.contains(&package.name.as_str()) {
                breaches.push(format!("{} names {foreign}, which only {owner} may", package.name));
            }
        }
    }
    count
}

/// Counts the files, arrows and circles of each crate.
fn rings(ours: &[&Package], files: &[File], lines: &mut Vec<String>, breaches: &mut Vec<String>) -> usize {
    let sources: BTreeMap<&str, &str> =
        files.iter().filter(|file| file.is_rust()).map(|file| (file.path.as_str(), file.text.as_str())).collect();
    let mut count = 0;
    for package in ours {
        let name = &package.name;
        let found = match circles::look(&package.roots, &sources) {
            Ok(found) => found,
            Err(why) => {
                breaches.push(why);
                continue;
            }
        };
        count += found.files;
        lines.push(format!("{name}: {} files, {} arrows, {} circles", found.files, found.arrows, found.circles.len()));
        if found.files == 0 {
            breaches.push(format!("{name}: no file was looked at"));
        }
        breaches.extend(found.circles.iter().map(|circle| format!("{name}: {circle}")));
    }
    count
}

fn json(files: &[File], breaches: &mut Vec<String>) -> usize {
    let core = files.iter().filter(|file| file.is_rust() && file.path.starts_with("core/src/"));
    core.inspect(|file| {
        let here = file.path.starts_with("core/src/json");
        if !here && rust::has_word(&file.text, "serde_json_core") {
            breaches.push(format!("{} mentions serde_json_core", file.path));
        }
    })
    .count()
}

fn unsafe_code(files: &[File], holders: &mut BTreeSet<String>, breaches: &mut Vec<String>) -> usize {
    let rust = files.iter().filter(|file| file.is_rust());
    rust.inspect(|file| {
        if rust::has_word(&file.text, "unsafe") {
            if !UNSAFE.iter().any(|place| file.path.starts_with(place)) {
                breaches.push(format!("{} holds unsafe code", file.path));
            }
            holders.insert(file.path.clone());
        }
    })
    .count()
}

fn licences(packages: &[Package], deny: &Deny, breaches: &mut Vec<String>) -> usize {
    for package in packages {
        let Package { name, version, license, .. } = package;
        match license.as_deref().map(|expression| licence::accepted(expression, &deny.allow)) {
            Some(Ok(true)) => {}
            Some(Ok(false)) => {
                let expression = license.as_deref().unwrap_or_default();
                breaches.push(format!("{name} {version}: {expression} is not accepted by deny.toml"));
            }
            Some(Err(why)) => breaches.push(format!("{name} {version}: {why}")),
            None => breaches.push(format!("{name} {version} names no licence")),
        }
    }
    packages.len()
}

fn duplicates(built: &BTreeMap<String, BTreeSet<String>>, deny: &Deny, breaches: &mut Vec<String>) -> usize {
    let mut versions = built.clone();
    for skip in &deny.skip {
        let found = versions.get_mut(&skip.name);
        if !found.filter(|found| found.len() > 1).is_some_and(|found| found.remove(&skip.version)) {
            breaches.push(format!("deny.toml skips {}@{}, which is no duplicate", skip.name, skip.version));
        }
    }
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        let list: Vec<&str> = versions.iter().map(String::as_str).collect();
        breaches.push(format!("{name} in the versions {}", list.join(" and ")));
    }
    built.len()
}

fn words(files: &[File], breaches: &mut Vec<String>) -> usize {
    let applying = files.iter().filter(|file| forbidden::applies(&file.path));
    applying
        .inspect(|file| {
            for (line, what) in forbidden::find(&file.text) {
                breaches.push(format!("{}:{line}: {what}", file.path));
            }
        })
        .count()
}

fn plain(files: &[File], listed: &BTreeSet<&str>, breaches: &mut Vec<String>) -> usize {
    let applying = files.iter().filter(|file| phrases::applies(&file.path) && !listed.contains(file.path.as_str()));
    applying
        .inspect(|file| {
            for (line, what) in phrases::find(&file.text) {
                breaches.push(format!("{}:{line}: {what}", file.path));
            }
        })
        .count()
}

/// The list of files that are not in plain English yet: what the present list has, without those that are.
///
/// # Errors
///
/// When the list or the files of the repository cannot be read.
pub(crate) fn not_plain(out: &mut Out) -> Result<String, String> {
    let list = place::read(phrases::LIST)?;
    let mut listed = phrases::listed(&list);
    let files = files(out)?;
    let not_plain = |path: &str| files.iter().any(|file| file.path == path && !phrases::find(&file.text).is_empty());
    listed.retain(|path| not_plain(path));
    let head = list.lines().take_while(|line| line.starts_with('#'));
    Ok(head.chain(listed).map(|line| format!("{line}\n")).collect())
}

/// A file of the repository.
pub(crate) struct File {
    /// From the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

/// The files that git knows, and those that it would take.
pub(crate) fn files(out: &mut Out) -> Result<Vec<File>, String> {
    let mut command = place::program("git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let names = out.read(&mut command, minutes(1))?;
    let mut files = Vec::new();
    for path in names.split('\0').filter(|path| !path.is_empty()) {
        // A file that is gone is still known until the next commit; a link has no text of its own.
        let Ok(bytes) = std::fs::read(place::root().join(path)) else {
            continue;
        };
        files.push(File { path: path.into(), text: String::from_utf8_lossy(&bytes).into_owned() });
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str, wants: &[(&str, bool)]) -> Package {
        let wants = wants.iter().map(|(name, dev)| graph::Want { name: (*name).into(), dev: *dev }).collect();
        Package {
            name: name.into(),
            version: version.into(),
            license: Some("MIT".into()),
            ours: true,
            wants,
            roots: Vec::new(),
        }
    }

    fn breaches(rule: impl FnOnce(&mut Vec<String>) -> usize) -> Vec<String> {
        let mut breaches = Vec::new();
        assert!(rule(&mut breaches) > 0);
        breaches
    }

    #[test]
    fn the_side_crates_do_not_know_each_other_but_their_tests_may() {
        let server = package("cardwright-server", "0.1.0", &[]);
        let good = package("cardwright-client", "0.1.0", &[("cardwright-server", true), ("url", false)]);
        assert!(breaches(|b| knows(&[&server, &good], b)).is_empty());
        let bad = package("cardwright-client", "0.1.0", &[("cardwright-server", false)]);
        assert_eq!(breaches(|b| knows(&[&server, &bad], b)).len(), 1);
        let core = package("cardwright-core", "0.1.0", &[("cardwright-server", true)]);
        assert_eq!(breaches(|b| knows(&[&server, &core], b)).len(), 1);
        let kit = package(TESTKIT, "0.1.0", &[("cardwright-server", false)]);
        let tested = package("cardwright-core", "0.1.0", &[(TESTKIT, true)]);
        assert!(breaches(|b| knows(&[&server, &kit, &tested], b)).is_empty());
        let shipped = package("cardwright-client", "0.1.0", &[(TESTKIT, false)]);
        assert_eq!(breaches(|b| knows(&[&kit, &shipped], b)).len(), 1);
        let new = package("cardwright-new", "0.1.0", &[]);
        assert_eq!(breaches(|b| knows(&[&new], b)).len(), 1);
    }

    #[test]
    fn a_foreign_crate_belongs_to_its_owner() {
        let client = package("cardwright-http", "0.1.0", &[("ureq", false)]);
        let bench = package("cardwright-benches", "0.1.0", &[("serde-json-core", false)]);
        assert!(breaches(|b| owned(&[&client, &bench], b)).is_empty());
        let cli = package("cardwright-cli", "0.1.0", &[("ureq", true)]);
        assert_eq!(breaches(|b| owned(&[&cli], b)).len(), 1);
    }

    #[test]
    fn every_crate_in_the_tables_is_known_to_them() {
        let known: Vec<&str> = KNOWS.iter().map(|(name, _)| *name).chain(KNOW_ALL.iter().copied()).collect();
        for (name, allowed) in KNOWS {
            assert!(allowed.iter().all(|other| known.contains(other) && other != name), "{name}");
        }
        assert!(OWNED.iter().all(|(_, owner)| known.contains(owner)));
    }

    #[test]
    fn a_duplicate_needs_a_line_and_a_line_needs_a_duplicate() {
        let twice = graph::built("a v1.0.0\na v2.0.0\nb v1.0.0\n");
        let once = graph::built("a v2.0.0\nb v1.0.0\n");
        let skip = |text: &str| Deny::read(&format!("[bans]\nskip = [{text}]")).expect("it is well formed");
        assert_eq!(breaches(|b| duplicates(&twice, &skip(""), b)).len(), 1);
        let line = r#"{ crate = "a@1.0.0", reason = "b" }"#;
        assert!(breaches(|b| duplicates(&twice, &skip(line), b)).is_empty());
        assert_eq!(breaches(|b| duplicates(&once, &skip(line), b)).len(), 1);
    }

    #[test]
    fn unsafe_stands_only_where_it_may() {
        let file = |path: &str, text: &str| File { path: path.into(), text: text.into() };
        let files = [
            file("ffi/src/lib.rs", "unsafe {}"),
            file("core/src/lib.rs", "#![forbid(unsafe_code)] // unsafe"),
            file("README.md", "unsafe"),
        ];
        let mut holders = BTreeSet::new();
        assert!(breaches(|b| unsafe_code(&files, &mut holders, b)).is_empty());
        assert_eq!(holders.len(), 1);
        let bad = [file("core/src/lib.rs", "unsafe {}")];
        assert_eq!(breaches(|b| unsafe_code(&bad, &mut holders, b)).len(), 1);
    }
}
