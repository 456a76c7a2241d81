//! The oldest compiler of each published crate: what its manifest names, and what that stands on.
//!
//! A dependency that asks for a newer compiler makes the manifest wrong, and so does code that the old
//! compiler refuses. The first is in `cargo metadata`; for the second, the core is compiled with its compiler
//! where rustup has it, and with `--long` each crate is, where rustup has it or can fetch it. Clippy's
//! `incompatible_msrv` finds in any case what the old library lacks.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::front;
use crate::place;
use crate::published::Crate;
use crate::run::{Done, Out, Stop, minutes};

/// The crate that is compiled also where it must not take long. It is the only one for which an old compiler is
/// likely: that of a maker of chips.
const ALWAYS: &str = "cardwright-core";

/// Compares the manifests with those of the dependencies, and compiles.
///
/// # Errors
///
/// When a manifest names a compiler that is too old, or a crate does not compile with it. Skipped where no old
/// compiler is to be had, after the manifests were compared; but on a machine for checks, which need not have it,
/// the manifests and the lint are the check, unless it is the long one.
pub(crate) fn check(long: bool, out: &mut Out) -> Done {
    let crates = front::oldest()?;
    let list =
        ["metadata", "--format-version=1", "--locked", "--all-features", "--filter-platform=x86_64-unknown-linux-gnu"];
    let metadata = out.read(&mut place::cargo(&list), minutes(5))?;
    let graph = Graph::read(&metadata)?;
    let mut wrong = Vec::new();
    for (of, named) in &crates {
        let (needed, by) = graph.needed(of.package)?;
        out.say(format_args!("{}: {named}; its dependencies need {}, as {by}", of.package, shown(needed)));
        if version(named) < needed {
            wrong.push(format!("{} names Rust {named}, and {by} needs {}", of.package, shown(needed)));
        }
    }
    if let Some(first) = wrong.first() {
        return Err(first.clone().into());
    }
    let mut by_version: BTreeMap<&str, Vec<&Crate>> = BTreeMap::new();
    let compiled = crates.iter().filter(|(of, _)| long || of.package == ALWAYS);
    compiled.for_each(|(of, named)| by_version.entry(named).or_default().push(of));
    let (mut had, mut missing) = (Vec::new(), Vec::new());
    for (named, crates) in &by_version {
        if toolchain(named, long, out) {
            compile(named, crates, out)?;
            had.extend(crates.iter().map(|of| format!("{} with {named}", of.short())));
        } else {
            missing.push(*named);
        }
    }
    let agreed = format!("{} manifests agree", crates.len());
    match missing.join(", ").as_str() {
        "" => Ok(format!("{agreed}; compiled: {}", had.join(", "))),
        missing if place::ci() && !long => Ok(format!("{agreed}; nothing compiled: Rust {missing} is not here")),
        missing => {
            Err(Stop::Skipped(format!("{agreed}; Rust {missing} is missing: rustup toolchain install {missing}")))
        }
    }
}

/// Whether rustup has a compiler, or fetches it if it may.
fn toolchain(named: &str, fetch: bool, out: &mut Out) -> bool {
    if !place::on_path("rustup") {
        return false;
    }
    let run = format!("+{named}");
    let mut ask = place::program("rustc", &[&run, "-V"]);
    // Of itself a proxy of rustup would fetch it, without a word and in any extent.
    ask.env("RUSTUP_AUTO_INSTALL", "0").env_remove("RUSTUP_TOOLCHAIN");
    out.run(&mut ask, minutes(1)).is_ok()
        || fetch && {
            let install = ["toolchain", "install", named, "--profile=minimal", "--no-self-update"];
            out.run(&mut place::program("rustup", &install), minutes(5)).is_ok()
        }
}

/// Compiles crates with a compiler that rustup has, with all their features.
fn compile(named: &str, crates: &[&Crate], out: &mut Out) -> Result<(), String> {
    let run = format!("+{named}");
    // The proxy of rustup, and not the cargo that runs this program.
    let mut command = place::program("cargo", &[&run, "check", "--locked", "--all-features", "--lib"]);
    for of in crates {
        command.args(["-p", of.package]);
    }
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if matches!(name.as_ref(), "CARGO" | "RUSTC" | "RUSTDOC" | "RUSTUP_TOOLCHAIN" | "CARGO_ENCODED_RUSTFLAGS")
            || name.starts_with("CARGO_PKG_")
            || name.starts_with("CARGO_MANIFEST_")
        {
            command.env_remove(name.as_ref());
        }
    }
    // Without what only a debugger reads.
    command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_TARGET_DIR", place::target().join("msrv"));
    out.run(&mut command, minutes(20))
}

/// A version of the compiler: `1.88` and `1.88.0` are the same.
type Version = [u32; 3];

fn version(text: &str) -> Version {
    let mut numbers = text.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| numbers.next().unwrap_or(0))
}

fn shown([major, minor, patch]: Version) -> String {
    if patch == 0 { format!("{major}.{minor}") } else { format!("{major}.{minor}.{patch}") }
}

/// Packages, with what each needs to be compiled.
struct Graph {
    /// By the package's id: its name, the compiler that it asks for, whether it is ours.
    packages: BTreeMap<String, (String, Version, bool)>,
    /// By the package's id: the ids that it needs, without those for tests.
    needs: BTreeMap<String, Vec<String>>,
}

impl Graph {
    fn read(metadata: &str) -> Result<Graph, String> {
        let metadata: Value = serde_json::from_str(metadata).map_err(|error| format!("cargo metadata: {error}"))?;
        let list = |of: &Value| of.as_array().cloned().unwrap_or_default();
        let text = |of: &Value| of.as_str().unwrap_or_default().to_owned();
        let mut graph = Graph { packages: BTreeMap::new(), needs: BTreeMap::new() };
        for package in list(&metadata["packages"]) {
            let about = (text(&package["name"]), version(&text(&package["rust_version"])), package["source"].is_null());
            graph.packages.insert(text(&package["id"]), about);
        }
        for node in list(&metadata["resolve"]["nodes"]) {
            let wanted = list(&node["deps"])
                .into_iter()
                .filter(|of| list(&of["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev"));
            graph.needs.insert(text(&node["id"]), wanted.map(|of| text(&of["pkg"])).collect());
        }
        if graph.needs.is_empty() { Err("cargo metadata: no packages".into()) } else { Ok(graph) }
    }

    /// The newest compiler that anything below a package asks for, and what asks for it.
    fn needed(&self, name: &str) -> Result<(Version, String), String> {
        let root = self.packages.iter().find(|(_, about)| about.0 == name && about.2).map(|(id, _)| id);
        let root = root.ok_or_else(|| format!("no package {name}"))?;
        let (mut seen, mut next) = (BTreeSet::new(), vec![root]);
        let mut most = (version(""), "nothing".to_owned());
        while let Some(id) = next.pop() {
            if !seen.insert(id) {
                continue;
            }
            if let Some((name, asks, _)) = self.packages.get(id).filter(|_| id != root)
                && *asks > most.0
            {
                most = (*asks, name.clone());
            }
            next.extend(self.needs.get(id).into_iter().flatten());
        }
        Ok(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_compiler_that_a_dependency_asks_for_counts_and_that_of_a_test_does_not() {
        let graph = Graph::read(
            r#"{"packages": [
                {"name": "a", "id": "a", "source": null, "rust_version": "1.95"},
                {"name": "b", "id": "b", "source": "r", "rust_version": "1.71"},
                {"name": "c", "id": "c", "source": "r", "rust_version": "1.88.0"},
                {"name": "d", "id": "d", "source": "r", "rust_version": "1.90"}],
              "resolve": {"nodes": [
                {"id": "a", "deps": [{"pkg": "b", "dep_kinds": [{"kind": null}]}, {"pkg": "d", "dep_kinds": [{"kind": "dev"}]}]},
                {"id": "b", "deps": [{"pkg": "c", "dep_kinds": [{"kind": "dev"}, {"kind": "build"}]}, {"pkg": "b", "dep_kinds": []}]},
                {"id": "c", "deps": []}, {"id": "d", "deps": []}]}}"#,
        )
        .expect("it is whole");
        assert_eq!(graph.needed("a"), Ok((version("1.88"), "c".into())));
        assert!(graph.needed("b").is_err(), "only ours are asked for");
        assert!(Graph::read("{}").is_err());
    }

    #[test]
    fn versions_are_compared_by_number() {
        assert!(version("1.9") < version("1.88"));
        assert_eq!(version("1.88"), version("1.88.0"));
        assert_eq!([shown(version("1.88.0")), shown(version("1.88.1"))], ["1.88", "1.88.1"]);
    }
}
