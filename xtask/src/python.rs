//! The Python package: built, installed into environments of its own, and checked.
//!
//! Everything is built by the profile `dev` and shares what the other steps have compiled.

pub(crate) mod text;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Done, Out, Stop};
use crate::{minutes, place, venv};

/// What is installed beside the package, with everything that it needs.
const REQUIREMENTS: &str = "python/requirements.txt";

/// Builds the package, installs it, and runs its tests.
///
/// # Errors
///
/// Skipped where there is no Python, failed where a check fails.
pub(crate) fn check(out: &mut Out) -> Done {
    let bin = venv::with("python", REQUIREMENTS, out)?;
    let wheels = place::logs().join("wheels");
    let _ = std::fs::remove_dir_all(&wheels);
    install(&bin, &wheels, out)?;

    out.run(python(&bin, "pytest")?.args(["-q", "python/tests"]), minutes(5))?;
    Ok(String::new())
}

/// Builds the wheels and installs them.
fn install(bin: &Path, wheels: &Path, out: &mut Out) -> Result<(), Stop> {
    for manifest in ["python/Cargo.toml"] {
        let mut build = tool(bin, "maturin")?;
        build.args(["build", "--profile", "dev", "--locked", "--compatibility", "linux", "--manifest-path", manifest]);
        out.run(build.arg("--out").arg(wheels), minutes(20))?;
    }
    let mut pip = tool(bin, "pip")?;
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--force-reinstall"]);
    out.run(pip.args(built(wheels)?), minutes(5))?;
    Ok(())
}

/// The wheels that were built.
fn built(wheels: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(wheels).map_err(|error| format!("{}: {error}", wheels.display()))?;
    Ok(entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "whl"))
        .collect())
}

/// A program of an environment, which builds where the other steps do.
fn tool(bin: &Path, name: &str) -> Result<Command, String> {
    let mut command = place::cargo(&[]);
    let cargo = command.get_program().to_owned();
    command = place::program(place::text(&bin.join(name))?, &[]);
    command.env("CARGO", cargo).env("CARGO_TARGET_DIR", place::target());
    Ok(command)
}

/// A module of an environment, as a program.
fn python(bin: &Path, module: &str) -> Result<Command, String> {
    let mut command = tool(bin, "python")?;
    command.args(["-m", module]);
    Ok(command)
}
