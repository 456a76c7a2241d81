//! The oldest Python that the package supports, and the newest: its tests there, where no library for tables is.
//!
//! They are looked for on the path and among pyenv's. One that is not there does not fail the step, as few machines have
//! both; the step says what it did not try.

use std::path::{Path, PathBuf};

use super::tools::{install, tool};
use crate::run::{Out, Stop, minutes};
use crate::{place, venv};

/// The oldest and the newest version that `pyproject.toml` names.
const VERSIONS: [&str; 2] = ["3.9", "3.13"];

/// What the tests need there.
const REQUIREMENTS: &str = "python/requirements-others.txt";

/// Tests that need libraries for tables or for types, and those that take long and whose subject is no matter of the version.
const LEFT_OUT: [&str; 15] = [
    "test_async.py",
    "test_bulk.py",
    "test_bulk_given.py",
    "test_docstrings.py",
    "test_examples.py",
    "test_growth.py",
    "test_logging.py",
    "test_model.py",
    "test_notebook.py",
    "test_processes.py",
    "test_sign_in.py",
    "test_tables.py",
    "test_tokens.py",
    "test_typed_examples.py",
    "test_waiting.py",
];

/// Runs the tests on each version that is there, unless the environment `bin`, where all tests have run, is of that version.
/// Returns what was tried, and what was not.
pub(super) fn check(bin: &Path, wheel: &Path, out: &mut Out) -> Result<String, Stop> {
    let whole = version(&bin.join("python"), out).unwrap_or_default();
    let (mut tried, mut missing) = (vec![format!("all tests on {whole}")], Vec::new());
    for wanted in VERSIONS.into_iter().filter(|wanted| !is_of(&whole, wanted)) {
        let Some((python, found)) = find(wanted, out) else {
            missing.push(wanted);
            continue;
        };
        let bin = venv::of(place::text(&python)?, &format!("python-{wanted}"), REQUIREMENTS, out)?;
        install(&bin, wheel, out)?;
        let mut tests = tool(&bin, "python")?;
        tests.args(["-m", "pytest", "-q", "python/tests"]);
        tests.args(LEFT_OUT.map(|name| format!("--ignore=python/tests/{name}")));
        out.run(&mut tests, minutes(5))?;
        tried.push(format!("most on {found}"));
    }
    let not = missing.iter().map(|version| format!("; NOT TRIED on {version}: no such Python here"));
    Ok(tried.join(", ") + &not.collect::<String>())
}

/// A Python of a version, and which it is exactly.
fn find(wanted: &str, out: &mut Out) -> Option<(PathBuf, String)> {
    let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let root = root.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv")));
    let versions = root.and_then(|root| std::fs::read_dir(root.join("versions")).ok()).into_iter().flatten().flatten();
    let of_pyenv = versions.filter(|entry| entry.file_name().to_str().is_some_and(|name| is_of(name, wanted)));
    std::iter::once(PathBuf::from(format!("python{wanted}")))
        .chain(of_pyenv.map(|entry| entry.path().join("bin/python3")))
        .find_map(|python| version(&python, out).filter(|found| is_of(found, wanted)).map(|found| (python, found)))
}

/// The version of a Python that can make environments.
fn version(python: &Path, out: &mut Out) -> Option<String> {
    let ask = "import ensurepip, platform, venv; print(platform.python_version())";
    let said = out.read(&mut place::program(python.to_str()?, &["-c", ask]), minutes(1)).ok()?;
    Some(said.trim().to_owned())
}

/// Whether a version belongs to a series: 3.9.18 to 3.9, and 3.90 not.
fn is_of(version: &str, series: &str) -> bool {
    version.strip_prefix(series).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_are_the_ends_of_what_the_package_names() {
        let manifest = place::read("python/pyproject.toml").expect("it is there");
        let named: Vec<&str> = manifest
            .lines()
            .filter_map(|line| line.trim().strip_prefix("\"Programming Language :: Python :: 3.")?.strip_suffix("\","))
            .collect();
        let ends = [named.first(), named.last()].map(|end| format!("3.{}", end.expect("versions")));
        assert_eq!(ends, VERSIONS);
        assert!(manifest.contains(&format!("requires-python = \">={}\"", VERSIONS[0])));
    }

    #[test]
    fn a_version_is_of_its_series_alone() {
        assert!(is_of("3.9.18", "3.9") && is_of("3.9", "3.9"));
        assert!(!is_of("3.90.1", "3.9") && !is_of("3.13.0", "3.1") && !is_of("", "3.9"));
    }
}
