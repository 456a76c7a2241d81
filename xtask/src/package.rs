//! What one would publish: the packages, what is in them, and their documentation as docs.rs builds it.
//!
//! Cargo packs each crate. The packages are unpacked beside each other, as a workspace of its own. Some have another
//! documentation without all features: they are documented there, which compiles what they stand on too;
//! with `--long` all are compiled.

use std::path::{Component, Path};

use crate::published::{CRATES, Crate};
use crate::run::{Done, Out, minutes};
use crate::{front, place};

/// What every package has.
const NEEDED: &[&str] = &["Cargo.toml", "README.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// The crate that none of ours stands below.
const BARE: &str = "cardwright-core";

/// The most that a package may take, unpacked; more is data that no user of the crate wants.
const MOST_BYTES: u64 = 3 << 20;

/// Packs every crate, and looks at what is in it.
///
/// # Errors
///
/// When one cannot be packed, has too little or too much, or has a dead link.
pub(crate) fn check(long: bool, out: &mut Out) -> Done {
    let mut pack = place::cargo(&["package", "--offline", "--locked", "--allow-dirty", "--no-verify", "--quiet"]);
    for of in CRATES {
        pack.args(["-p", of.package]);
    }
    out.run(&mut pack, minutes(5))?;
    let folder = place::logs().join("packages");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).map_err(place::at(&folder))?;
    let (mut files, mut wrong) = (0, Vec::new());
    for of in CRATES {
        let found = unpack(of, &folder, out)?;
        let bytes: u64 = found.iter().map(|(_, bytes)| bytes).sum();
        out.say(format_args!("{}: {} files, {bytes} bytes", of.package, found.len()));
        wrong.extend(judge(of, &found, bytes));
        let mut dead = dead_links(&folder.join(of.folder), &found);
        dead.extend(absent(&folder.join(of.folder), &found));
        wrong.extend(dead.into_iter().map(|why| format!("{}: {why}", of.package)));
        files += found.len();
    }
    if let Some(first) = wrong.first() {
        wrong.iter().for_each(|why| out.say(why));
        return Err(first.clone().into());
    }
    workspace(&folder)?;
    document(long, &folder, out)?;
    Ok(format!("{} packages, {files} files", CRATES.len()))
}

/// Unpacks a package, and lists its files with their sizes.
fn unpack(of: &Crate, folder: &Path, out: &mut Out) -> Result<Vec<(String, u64)>, String> {
    let name = format!("{}-{}", of.package, env!("CARGO_PKG_VERSION"));
    let archive = place::target().join("package").join(format!("{name}.crate"));
    let mut tar = place::program("tar", &["-xzf", place::text(&archive)?, "-C", place::text(folder)?]);
    out.run(&mut tar, minutes(1))?;
    let mut files = Vec::new();
    list(&folder.join(&name), "", &mut files)?;
    std::fs::rename(folder.join(&name), folder.join(of.folder)).map_err(place::at(folder))?;
    Ok(files)
}

fn list(folder: &Path, path: &str, files: &mut Vec<(String, u64)>) -> Result<(), String> {
    for entry in std::fs::read_dir(folder).map_err(place::at(folder))? {
        let entry = entry.map_err(place::at(folder))?;
        let path = format!("{path}{}", entry.file_name().to_string_lossy());
        let about = entry.metadata().map_err(place::at(folder))?;
        if about.is_dir() { list(&entry.path(), &(path + "/"), files)? } else { files.push((path, about.len())) }
    }
    Ok(())
}

/// Links of README and documentation to files that are not in the package: they would be dead where it is shown.
fn dead_links(folder: &Path, files: &[(String, u64)]) -> Vec<String> {
    let mut dead = Vec::new();
    for (path, _) in files.iter().filter(|(path, _)| path.ends_with(".rs") || path == "README.md") {
        let text = std::fs::read_to_string(folder.join(path)).unwrap_or_default();
        let rust = path.ends_with(".rs");
        for (number, line) in text.lines().enumerate() {
            if rust && !["///", "//!"].iter().any(|mark| line.trim_start().starts_with(mark)) {
                continue;
            }
            let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            for target in targets.map(|of| of.split('#').next().unwrap_or_default()) {
                let file = !target.contains("://") && (target.contains('/') || target.ends_with(".md"));
                if file && (rust || !files.iter().any(|(path, _)| path == target)) {
                    dead.push(format!("{path}:{}: a dead link to {target}", number + 1));
                }
            }
        }
    }
    dead
}

/// Files that the source takes into itself, and that are not in the package.
fn absent(folder: &Path, files: &[(String, u64)]) -> Vec<String> {
    let mut absent = Vec::new();
    for (path, _) in files.iter().filter(|(path, _)| path.ends_with(".rs")) {
        let text = std::fs::read_to_string(folder.join(path)).unwrap_or_default();
        let beside = Path::new(path).parent().unwrap_or(Path::new(""));
        for mark in ["include_str!(\"", "include_bytes!(\"", "include!(\""] {
            for name in text.split(mark).skip(1).filter_map(|rest| rest.split('"').next()) {
                if !folder.join(beside).join(name).exists() || !inside(&beside.join(name)) {
                    absent.push(format!("{path}: {name} is not in the package"));
                }
            }
        }
    }
    absent
}

/// Whether a path stays in the folder where it begins.
fn inside(path: &Path) -> bool {
    let mut depth = 0_i32;
    path.components().all(|part| {
        depth += if part == Component::ParentDir { -1 } else { 1 };
        depth >= 0
    })
}

/// What is missing in a package, and what is too much.
fn judge(of: &Crate, files: &[(String, u64)], bytes: u64) -> Vec<String> {
    let mut wrong = Vec::new();
    for needed in NEEDED {
        if !files.iter().any(|(path, bytes)| path == needed && *bytes > 0) {
            wrong.push(format!("{}: {needed} is not in the package", of.package));
        }
    }
    if let Some((path, _)) = files.iter().find(|(path, _)| path.starts_with("tests/")) {
        wrong.push(format!("{}: {path} is in the package, and needs files that are not", of.package));
    }
    if bytes > MOST_BYTES {
        wrong.push(format!("{}: the package has {bytes} bytes, more than {MOST_BYTES}", of.package));
    }
    wrong
}

/// Makes one workspace of all packages, in which each finds the others, with the versions and profiles of ours: so what
/// they stand on need not be compiled again.
fn workspace(folder: &Path) -> Result<(), String> {
    let members: Vec<String> = CRATES.iter().map(|of| format!("\"{}\"", of.folder)).collect();
    let patches = CRATES.iter().map(|of| format!("{} = {{ path = \"{}\" }}\n", of.package, of.folder));
    let ours = place::read("Cargo.toml")?;
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[patch.crates-io]\n{}\n{}",
        members.join(", "),
        patches.collect::<String>(),
        ours.find("\n[profile.").and_then(|at| ours.get(at..)).unwrap_or_default()
    );
    std::fs::write(folder.join("Cargo.toml"), manifest).map_err(place::at(folder))?;
    std::fs::copy(place::root().join("Cargo.lock"), folder.join("Cargo.lock")).map_err(place::at(folder))?;
    for of in CRATES {
        // Each has the lock file of a package that is built alone.
        let _ = std::fs::remove_file(folder.join(of.folder).join("Cargo.lock"));
    }
    Ok(())
}

/// Documents the packages as they are without a word about features, which compiles what they stand on. The features
/// that docs.rs takes are all; with these the step `doc` documents, and so is each crate of which all are defaults.
fn document(long: bool, folder: &Path, out: &mut Out) -> Result<(), String> {
    let run = |arguments: &[&str], out: &mut Out| {
        let mut command = place::cargo(arguments);
        command.arg("--offline").env("CARGO_TARGET_DIR", place::target()).current_dir(folder);
        command.env_remove("CARGO_ENCODED_RUSTDOCFLAGS").env("RUSTDOCFLAGS", "-Dwarnings");
        out.run(&mut command, minutes(15))
    };
    // Every manifest, also of what is not compiled here.
    run(&["tree", "--workspace", "--all-features", "--depth=1", "--quiet"], out)?;
    let partly =
        front::features_of_all()?.into_iter().filter(|(_, features)| features.iter().any(|(_, default)| !default));
    let (bare, above): (Vec<_>, Vec<_>) = partly.map(|(of, _)| of.package).partition(|package| *package == BARE);
    // The core alone: beside others it has the features that these ask for.
    for packages in [bare, above].iter().filter(|packages| !packages.is_empty()) {
        let mut words = vec!["doc", "--no-deps", "--lib"];
        packages.iter().for_each(|package| words.extend(["-p", package]));
        run(&words, out)?;
    }
    if long { run(&["check", "--workspace", "--all-features"], out) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_without_its_licences_and_one_with_tests_are_refused() {
        let whole: Vec<(String, u64)> = NEEDED.iter().map(|path| ((*path).into(), 1)).collect();
        let judged = |files: &[(String, u64)], bytes| judge(&CRATES[0], files, bytes).len();
        assert_eq!(judged(&whole, 4), 0);
        assert_eq!(judged(&whole[1..], 3), 1);
        assert_eq!(judged(&whole, MOST_BYTES + 1), 1);
        let empty: Vec<_> = whole.iter().map(|(path, _)| (path.clone(), 0)).collect();
        assert_eq!(judged(&empty, 0), NEEDED.len());
        assert_eq!(judged(&[whole.as_slice(), &[("tests/data/a".into(), 1)]].concat(), 5), 1);
    }

    #[test]
    fn a_file_that_the_source_takes_from_outside_is_absent() {
        let folder = std::env::temp_dir().join(format!("cardwright-absent-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("a/src")).expect("a folder");
        std::fs::write(folder.join("outside.md"), "").expect("a file");
        std::fs::write(folder.join("a/inside.md"), "").expect("a file");
        let source = "#[doc = include_str!(\"../inside.md\")]\n#[doc = include_str!(\"../../outside.md\")]\n\
                      const A: &[u8] = include_bytes!(\"none.bin\");\n";
        std::fs::write(folder.join("a/src/lib.rs"), source).expect("a file");
        let found = absent(&folder.join("a"), &[("src/lib.rs".to_owned(), 1)]);
        std::fs::remove_dir_all(&folder).expect("it goes away");
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn a_link_out_of_the_package_is_dead() {
        let folder = std::env::temp_dir().join(format!("cardwright-package-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let rust = "/// See [a](../docs/a.md), [`B`](crate::B), [c](https://c.example/c.md).\n// [d](../d.md)\n//! [e](e.md#f)\n";
        std::fs::write(folder.join("lib.rs"), rust).expect("a file");
        std::fs::write(folder.join("README.md"), "[L](LICENSE-MIT) [a](../docs/a.md) [b](#b)\n").expect("a file");
        let files = ["lib.rs", "README.md", "LICENSE-MIT"].map(|path| (path.to_owned(), 1));
        let dead = dead_links(&folder, &files);
        std::fs::remove_dir_all(&folder).expect("it goes away");
        assert_eq!(dead.len(), 3, "{dead:?}");
    }
}
