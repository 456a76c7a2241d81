//! Features of the published libraries: each alone, none and all; and enumerations that must stay whole.
//!
//! Each combination compiles without a warning. With `--cfg cardwright_exhaustive` our own enumerations are not
//! `#[non_exhaustive]`: then the arm for values to come must be unreachable in each `match` of another crate, and
//! where it is not, a value was forgotten.

use std::path::PathBuf;
#[cfg(test)]
use std::process::Command;

use crate::place;
use crate::published::libraries;
use crate::run::{Done, Out, minutes};
use crate::{front, rules};

/// Lints of which each exception is argued.
const ARGUED: [&str; 2] = ["exhaustive_enums", "exhaustive_structs"];

/// Checks every library without features and with each alone, and all with closed enumerations. A feature that no
/// file of the crate names only passes on to others: with it the crate is the same, and the others are checked.
///
/// # Errors
///
/// When something does not compile, or with a warning; when an exception to [`ARGUED`] has no reason.
pub(crate) fn check(long: bool, out: &mut Out) -> Done {
    let (argued, without) = argued(out)?;
    if let Some(first) = without.first() {
        without.iter().for_each(|why| out.say(why));
        return Err(first.clone().into());
    }
    let strict = wrapper("strict", "-Dwarnings")?;
    let (mut count, files) = (0, rules::files(out)?);
    for (of, features) in front::features_of_all()? {
        if features.is_empty() {
            continue;
        }
        let source: Vec<_> =
            files.iter().filter(|file| file.path.starts_with(&format!("{}/src/", of.folder))).collect();
        let named = |feature: &&str| {
            let name = format!("feature = \"{feature}\"");
            long || source.iter().any(|file| file.text.contains(&name))
        };
        // All of them together are what the step `clippy` compiles.
        for feature in std::iter::once("").chain(features.keys().map(String::as_str).filter(named)) {
            let mut command = place::cargo(&["check", "-p", of.package, "--lib", "--no-default-features", "--locked"]);
            command.args(["--features", feature]).env("RUSTC_WORKSPACE_WRAPPER", &strict);
            out.run(&mut command, minutes(10))?;
            count += 1;
        }
    }
    let mut whole = place::cargo(&["check", "--workspace", "--all-features", "--locked", "--lib", "--bins"]);
    whole.env("RUSTC_WORKSPACE_WRAPPER", wrapper("exhaustive", "-Dwarnings --cfg cardwright_exhaustive")?);
    out.run(&mut whole, minutes(20))?;
    Ok(format!("{count} combinations; {argued} exceptions to {}, each with its reason", ARGUED.join(" and ")))
}

/// A program that is rustc with more options, for our own crates alone: what they stand on is compiled as ever.
fn wrapper(name: &str, options: &str) -> Result<PathBuf, String> {
    let path = place::logs().join(format!("rustc-{name}.sh"));
    place::script(&path, &format!("rustc=\"$1\"; shift\nexec \"$rustc\" \"$@\" {options}\n"))?;
    Ok(path)
}

/// How many exceptions to the lints have a reason, and where one has none.
fn argued(out: &mut Out) -> Result<(usize, Vec<String>), String> {
    let (mut count, mut without) = (0, Vec::new());
    let workspace = place::read("Cargo.toml")?;
    let off = ARGUED.iter().filter(|lint| !warns(&workspace, lint));
    without.extend(off.map(|lint| format!("Cargo.toml: the workspace does not warn of {lint}")));
    let files = rules::files(out)?;
    for of in libraries() {
        let source = format!("{}/src/", of.folder);
        for file in files.iter().filter(|file| file.path.starts_with(&source)) {
            for exception in exceptions(&file.text) {
                count += 1;
                if !exception.contains("reason = \"") {
                    without.push(format!("{}: no reason for allow({exception})", file.path));
                }
            }
        }
        let manifest = format!("{}/Cargo.toml", of.folder);
        if !place::read(&manifest)?.contains("[lints]\nworkspace = true\n") {
            without.push(format!("{manifest}: it has not the lints of the workspace"));
        }
    }
    Ok((count, without))
}

/// Whether a lint of clippy is on in the workspace's Cargo.toml.
fn warns(workspace: &str, lint: &str) -> bool {
    let lints = workspace.split_once("[workspace.lints.clippy]\n").map_or("", |(_, rest)| rest);
    lints.lines().take_while(|line| !line.starts_with('[')).any(|line| line == format!("{lint} = \"warn\""))
}

/// What stands in each `allow` or `expect` of one of the lints.
fn exceptions(text: &str) -> Vec<&str> {
    let attributes = ["#[allow(", "#![allow(", "#[expect(", "#![expect("]
        .iter()
        .flat_map(|begin| text.split(*begin).skip(1).filter_map(|rest| rest.split(")]").next()));
    attributes.filter(|of| ARGUED.iter().any(|lint| of.contains(lint))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_is_found_over_several_lines_and_in_a_module() {
        let text = "#![allow(clippy::exhaustive_structs, reason = \"a\")]\n#[allow(\n    clippy::exhaustive_enums,\n    \
                    reason = \"b (c)\"\n)]\nenum A {}\n#[allow(clippy::exhaustive_enums)]\n#[allow(dead_code)]\n";
        let found = exceptions(text);
        assert_eq!(found.len(), 3);
        assert_eq!(found.iter().filter(|of| of.contains("reason = \"")).count(), 2);
    }

    #[test]
    fn the_workspace_warns_of_both() {
        let text = |lint: &str| format!("[workspace.lints.clippy]\ntodo = \"warn\"\n{lint}\n[profile.dev]\n");
        assert!(warns(&text("exhaustive_enums = \"warn\""), ARGUED[0]));
        for other in
            ["exhaustive_enums = \"allow\"", "# exhaustive_enums = \"warn\"", "[a]\nexhaustive_enums = \"warn\""]
        {
            assert!(!warns(&text(other), ARGUED[0]), "{other}");
        }
        assert!(!warns("exhaustive_enums = \"warn\"\n", ARGUED[0]));
    }

    #[test]
    fn a_match_that_forgets_a_value_is_found() {
        let compiled = |arms: &str| {
            let source = format!(
                "#![crate_type = \"lib\"]\npub enum A {{ One, Two }}\npub fn f(a: A) -> u8 {{ match a {{ {arms} \
                 #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))] _ => 0 }} }}"
            );
            let path = std::env::temp_dir().join(format!("cardwright-arms-{}.rs", std::process::id()));
            std::fs::write(&path, source).expect("a file");
            let mut rustc = Command::new("rustc");
            rustc.args(["--cfg", "cardwright_exhaustive", "-Dwarnings", "--emit=metadata", "-o"]);
            let done = rustc.arg(path.with_extension("out")).arg(&path).output().expect("rustc runs");
            done.status.success()
        };
        assert!(compiled("A::One => 1, A::Two => 2,"));
        assert!(!compiled("A::One => 1,"));
    }
}
