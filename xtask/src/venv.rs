//! Python environments of this program's own, with pinned packages.

use std::path::PathBuf;

use crate::place;
use crate::run::{Out, Stop, minutes};

/// Whether Python can make an environment of its own and install into it.
pub(crate) fn possible() -> bool {
    let mut python = place::program("python3", &["-c", "import ensurepip, venv"]);
    python.output().is_ok_and(|output| output.status.success())
}

/// The programs of an environment of this name, made anew where the list of what belongs there has
/// changed, or there is none.
///
/// # Errors
///
/// Skipped where there is no Python, failed where something cannot be installed.
pub(crate) fn with(name: &str, requirements: &str, out: &mut Out) -> Result<PathBuf, Stop> {
    filled(("python3", &[]), name, requirements, out)
}

/// The same, of this Python.
///
/// # Errors
///
/// As [`with`].
pub(crate) fn of(python: &str, name: &str, requirements: &str, out: &mut Out) -> Result<PathBuf, Stop> {
    filled((python, &[]), name, requirements, out)
}

/// The same, with Debian's own Python packages beside them, where this is a Debian.
///
/// # Errors
///
/// As [`with`].
pub(crate) fn beside_debian(name: &str, requirements: &str, out: &mut Out) -> Result<PathBuf, Stop> {
    match std::path::Path::new(DEBIAN).exists() {
        true => filled((DEBIAN, &["--system-site-packages"]), name, requirements, out),
        false => with(name, requirements, out),
    }
}

/// Debian's own Python.
const DEBIAN: &str = "/usr/bin/python3";

/// A Python, and the options by which it makes an environment.
type Maker<'a> = (&'a str, &'a [&'a str]);

fn filled(maker: Maker<'_>, name: &str, requirements: &str, out: &mut Out) -> Result<PathBuf, Stop> {
    let wanted = place::read(requirements)?;
    let home = place::logs().join(name);
    let stamp = home.join("requirements.txt");
    let is_whole = home.join("bin/python").is_file();
    if is_whole && std::fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
        return Ok(home.join("bin"));
    }
    let bin = make(maker, name, out)?;
    let words = ["install", "--quiet", "--disable-pip-version-check", "-r", requirements];
    out.run(&mut place::program(place::text(&bin.join("pip"))?, &words), minutes(10))?;
    std::fs::write(&stamp, wanted).map_err(place::at(&stamp))?;
    Ok(bin)
}

/// The programs of an empty environment of this name.
///
/// # Errors
///
/// As [`with`].
pub(crate) fn empty(name: &str, out: &mut Out) -> Result<PathBuf, Stop> {
    make(("python3", &[]), name, out)
}

fn make((python, options): Maker<'_>, name: &str, out: &mut Out) -> Result<PathBuf, Stop> {
    if !possible() {
        return Err(Stop::Skipped("no python3 with venv and pip".into()));
    }
    let home = place::logs().join(name);
    let mut command = place::program(python, &["-m", "venv", "--clear"]);
    out.run(command.args(options).arg(&home), minutes(3))?;
    Ok(home.join("bin"))
}
