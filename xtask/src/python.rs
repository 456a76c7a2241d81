//! The Python package: built, installed into environments of its own, and checked.
//!
//! Everything is built by the profile `dev` and shares what the other steps have compiled. A release is built by
//! `cargo xtask wheel`.

pub(crate) mod docstrings;
pub(crate) mod methods;
pub(crate) mod options;
mod others;
pub(crate) mod text;
mod tools;
pub(crate) mod wheel;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Done, Out, Stop, minutes};
use crate::{place, venv};
use tools::{built, install, maturin, pip_install, tool};

/// What is installed beside the package, with everything that it needs.
const REQUIREMENTS: &str = "python/requirements.txt";

/// What mypy looks at, each time; two modules `conftest` cannot be looked at together.
const TYPED: [&[&str]; 2] = [&["python/cardwright", "python/tests", "examples/python"], &["python/lab"]];

/// Builds the package, installs it, runs its tests, and checks its types and stubs; runs tests on the oldest Python and the
/// newest; then installs it as a stranger does.
///
/// # Errors
///
/// Skipped where there is no Python, failed where a check fails.
pub(crate) fn check(out: &mut Out) -> Done {
    let bin = venv::with("python", REQUIREMENTS, out)?;
    let wheels = place::logs().join("wheels");
    // What an earlier version built must not be found again.
    let _ = std::fs::remove_dir_all(&wheels);
    let mut build = maturin(&bin, "build", &wheels)?;
    out.run(build.args(["--profile", "dev", "--locked", "--compatibility", "linux"]), minutes(20))?;
    let wheel = built(&wheels, "whl")?;
    install(&bin, &wheel, out)?;
    libraries(&bin, out)?;

    let mut tests = tool(&bin, "python")?;
    tests.args(["-m", "pytest", "-q", "python/tests"]).env("CARDWRIGHT_TEST_MODEL", model(out)?);
    out.run(&mut tests, minutes(10))?;
    for typed in TYPED {
        out.run(tool(&bin, "mypy")?.args(["--strict", "--config-file=python/pyproject.toml"]).args(typed), minutes(5))?;
    }
    out.run(&mut pyright(&bin, &["--project", "python"])?, minutes(5))?;
    out.run(&mut pyright(&bin, &["--ignoreexternal", "--verifytypes", "cardwright"])?, minutes(5))?;
    let stubs = ["-m", "mypy.stubtest", "--allowlist", "python/stubtest.txt", "cardwright"];
    out.run(tool(&bin, "python")?.args(stubs), minutes(5))?;

    let versions = others::check(&bin, &wheel, out)?;
    strangers(&bin, out)?;
    Ok(versions)
}

/// The server that the tests of what is reported play against.
fn model(out: &mut Out) -> Result<PathBuf, Stop> {
    let build = ["build", "--package", "cardwright-testkit", "--example", "model", "--features", "model", "--locked"];
    out.run(&mut place::cargo(&build), minutes(10))?;
    Ok(place::target().join("debug/examples/model"))
}

/// The first module must load where PC/SC is not installed, and the second is the one that is linked to it. Returns what
/// `readelf` says of both.
fn libraries(bin: &Path, out: &mut Out) -> Result<Vec<String>, Stop> {
    let find = ["-c", "import pathlib, cardwright; print(pathlib.Path(cardwright.__file__).parent)"];
    let folder = out.read(tool(bin, "python")?.args(find), minutes(1))?;
    let mut found = Vec::new();
    for (name, linked) in [("_cardwright", false), ("_reader", true)] {
        let path = format!("{}/{name}.abi3.so", folder.trim());
        let mut readelf = place::program("readelf", &["--wide", "--dynamic", "--version-info", &path]);
        let said = out.read(&mut readelf, minutes(1))?;
        let needs = |library: &str| said.lines().any(|line| line.contains("(NEEDED)") && line.contains(library));
        if needs("[libpcsclite.so.1]") != linked || !needs("[libc.so.6]") {
            return Err(format!("{path} needs libpcsclite, and must not; or it does not, and must").into());
        }
        found.push(said);
    }
    Ok(found)
}

/// `pip install ./python` into an empty environment, and the same from a source distribution, which has the crates
/// that it needs. Both have readers.
fn strangers(bin: &Path, out: &mut Out) -> Result<(), Stop> {
    let sources = place::logs().join("sdist");
    let _ = std::fs::remove_dir_all(&sources);
    out.run(&mut maturin(bin, "sdist", &sources)?, minutes(2))?;
    let archive = built(&sources, "gz")?;
    // Always in the same place: else pip has a new one each time, and Cargo builds anew what is already there.
    let unpack = ["-xzmf", place::text(&archive)?, "-C", place::text(&sources)?];
    out.run(&mut place::program("tar", &unpack), minutes(1))?;
    let unpacked = archive.with_extension("").with_extension("");
    for from in [Path::new("./python"), &unpacked] {
        let clean = venv::empty("python-clean", out)?;
        out.run(pip_install(&clean, &[])?.arg(from), minutes(20))?;
        out.run(tool(&clean, "python")?.args(["-c", STRANGER]), minutes(1))?;
        out.run(tool(&clean, "cardwright")?.args(["atr", "3B00"]), minutes(1))?;
    }
    Ok(())
}

const STRANGER: &str = "\
import cardwright
with cardwright.Server(cards=1) as server, server.certiflow() as cm:
    assert cm.find('02A1B3C4')
cardwright.readers.watch().cancel()
";

fn pyright(bin: &Path, words: &[&str]) -> Result<Command, String> {
    let mut command = tool(bin, "pyright")?;
    command.args(["--pythonpath", place::text(&bin.join("python"))?]).args(words);
    Ok(command)
}
