//! The Python packages: built, installed into environments of their own, and checked.
//!
//! Everything is built by the profile `dev` and shares what the other steps have compiled. A release is built by
//! `cargo xtask wheel`.

pub(crate) mod docstrings;
pub(crate) mod methods;
pub(crate) mod options;
pub(crate) mod text;
pub(crate) mod wheel;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Done, Out, Stop, minutes};
use crate::{place, venv};

/// What is installed beside the packages, with everything that it needs.
const REQUIREMENTS: &str = "python/requirements.txt";

/// The folders of the two packages; the second needs the first.
const PACKAGES: [&str; 2] = ["python", "python/reader"];

/// What mypy looks at, each time; two modules `conftest` cannot be looked at together.
const TYPED: [&[&str]; 2] =
    [&["python/cardwright", "python/reader/cardwright_reader", "python/tests", "examples/python"], &["python/lab"]];

/// Builds the packages, installs them, runs their tests, and checks their types and stubs; then installs them as a
/// stranger does.
///
/// # Errors
///
/// Skipped where there is no Python, failed where a check fails.
pub(crate) fn check(out: &mut Out) -> Done {
    let bin = venv::with("python", REQUIREMENTS, out)?;
    let wheels = place::logs().join("wheels");
    // What an earlier version built must not be found again.
    let _ = std::fs::remove_dir_all(&wheels);
    for package in PACKAGES {
        let mut build = maturin(&bin, "build", package, &wheels)?;
        build.args(["--profile", "dev", "--locked", "--compatibility", "linux"]);
        out.run(&mut build, minutes(20))?;
    }
    let mut pip = pip_install(&bin, &["--no-deps", "--force-reinstall"])?;
    out.run(pip.args(built(&wheels, "whl")?), minutes(5))?;
    without_pcsc(&bin, out)?;

    let mut tests = tool(&bin, "python")?;
    tests.args(["-m", "pytest", "-q", "python/tests"]).env("CARDWRIGHT_TEST_MODEL", model(out)?);
    out.run(&mut tests, minutes(10))?;
    for typed in TYPED {
        out.run(tool(&bin, "mypy")?.args(["--strict", "--config-file=python/pyproject.toml"]).args(typed), minutes(5))?;
    }
    out.run(&mut pyright(&bin, &["--project", "python"])?, minutes(5))?;
    out.run(&mut pyright(&bin, &["--ignoreexternal", "--verifytypes", "cardwright"])?, minutes(5))?;
    let stubs = ["-m", "mypy.stubtest", "cardwright", "cardwright_reader"];
    out.run(tool(&bin, "python")?.args(stubs), minutes(5))?;

    strangers(&bin, out)?;
    Ok("two packages".into())
}

/// The server that the tests of what is reported play against.
fn model(out: &mut Out) -> Result<PathBuf, Stop> {
    let build = ["build", "--package", "cardwright-testkit", "--example", "model", "--features", "model", "--locked"];
    out.run(&mut place::cargo(&build), minutes(10))?;
    Ok(place::target().join("debug/examples/model"))
}

/// The extension of the first package must load where PC/SC is not installed.
fn without_pcsc(bin: &Path, out: &mut Out) -> Result<(), Stop> {
    let find = ["-c", "import cardwright._cardwright as e; print(e.__file__)"];
    let extension = out.read(tool(bin, "python")?.args(find), minutes(1))?;
    let needed = out.read(&mut place::program("readelf", &["--dynamic", extension.trim()]), minutes(1))?;
    match needed.contains("libpcsclite") || !needed.contains("libc.so") {
        true => Err(format!("{} needs libpcsclite, or nothing at all", extension.trim()).into()),
        false => Ok(()),
    }
}

/// `pip install ./python` into an empty environment, and the same from a source distribution, which has the crates
/// that it needs. Readers are missing, and the error says what to install.
fn strangers(bin: &Path, out: &mut Out) -> Result<(), Stop> {
    let sources = place::logs().join("sdist");
    let _ = std::fs::remove_dir_all(&sources);
    for package in PACKAGES {
        out.run(&mut maturin(bin, "sdist", package, &sources)?, minutes(2))?;
    }
    let clean = venv::empty("python-clean", out)?;
    out.run(pip_install(&clean, &[])?.arg("./python"), minutes(20))?;
    out.run(tool(&clean, "python")?.args(["-c", STRANGER]), minutes(1))?;
    out.run(tool(&clean, "cardwright")?.args(["atr", "3B00"]), minutes(1))?;

    let clean = venv::empty("python-clean", out)?;
    let sources = built(&sources, "gz")?;
    if sources.len() != PACKAGES.len() {
        return Err(format!("{} source distributions, not {}", sources.len(), PACKAGES.len()).into());
    }
    // Both at once, as no index has them.
    out.run(pip_install(&clean, &[])?.args(sources), minutes(20))?;
    out.run(
        tool(&clean, "python")?.args(["-c", "from cardwright import readers; readers.watch().cancel()"]),
        minutes(1),
    )?;
    Ok(())
}

const STRANGER: &str = "\
import cardwright
with cardwright.Server(cards=1) as server, server.certiflow() as cm:
    assert cm.find('02A1B3C4')
try:
    cardwright.readers.readers()
except ImportError as error:
    assert 'pip install cardwright[reader]' in str(error)
else:
    raise AssertionError('readers are there')
";

/// maturin for a package; what it makes goes into a folder.
fn maturin(bin: &Path, word: &str, package: &str, into: &Path) -> Result<Command, String> {
    let mut command = tool(bin, "maturin")?;
    command.args([word, "--manifest-path", &format!("{package}/Cargo.toml"), "--out"]).arg(into);
    Ok(command)
}

fn pip_install(bin: &Path, words: &[&str]) -> Result<Command, String> {
    let mut command = tool(bin, "pip")?;
    command.args(["install", "--quiet", "--disable-pip-version-check"]).args(words);
    // For what pip has built by maturin.
    command.env("MATURIN_PEP517_ARGS", "--profile dev");
    Ok(command)
}

fn pyright(bin: &Path, words: &[&str]) -> Result<Command, String> {
    let mut command = tool(bin, "pyright")?;
    command.args(["--pythonpath", place::text(&bin.join("python"))?]).args(words);
    Ok(command)
}

/// The files of this kind in a folder.
fn built(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(place::at(folder))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|its| its == extension)).collect();
    paths.sort();
    match paths.is_empty() {
        true => Err(format!("{}: no .{extension} in it", folder.display())),
        false => Ok(paths),
    }
}

/// A program of an environment, which builds where the other steps do.
fn tool(bin: &Path, name: &str) -> Result<Command, String> {
    let mut command = place::program(place::text(&bin.join(name))?, &[]);
    command.env("CARGO", place::cargo(&[]).get_program()).env("CARGO_TARGET_DIR", place::target());
    // What these programs find on the path is what stands beside them.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(bin.to_path_buf()).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(path).map_err(|error| error.to_string())?);
    Ok(command)
}
