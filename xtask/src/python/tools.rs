//! maturin, pip and the other programs of an environment, and what they make.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place;
use crate::run::{Out, minutes};

/// The manifest of the package.
pub(super) const MANIFEST: &str = "python/Cargo.toml";

/// maturin for the package; what it makes goes into a folder.
pub(super) fn maturin(bin: &Path, word: &str, into: &Path) -> Result<Command, String> {
    let mut command = tool(bin, "maturin")?;
    command.args([word, "--manifest-path", MANIFEST, "--out"]).arg(into);
    Ok(command)
}

/// Installs a wheel in place of what is there.
pub(super) fn install(bin: &Path, wheel: &Path, out: &mut Out) -> Result<(), String> {
    out.run(pip_install(bin, &["--no-deps", "--force-reinstall"])?.arg(wheel), minutes(5))
}

pub(super) fn pip_install(bin: &Path, words: &[&str]) -> Result<Command, String> {
    let mut command = tool(bin, "pip")?;
    command.args(["install", "--quiet", "--disable-pip-version-check"]).args(words);
    // For what pip has built by maturin.
    command.env("MATURIN_PEP517_ARGS", "--profile dev");
    Ok(command)
}

/// The one file of this kind in a folder.
pub(super) fn built(folder: &Path, extension: &str) -> Result<PathBuf, String> {
    let entries = std::fs::read_dir(folder).map_err(place::at(folder))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut paths = paths.filter(|path| path.extension().is_some_and(|its| its == extension));
    match (paths.next(), paths.next()) {
        (Some(path), None) => Ok(path),
        _ => Err(format!("{}: not one .{extension} in it", folder.display())),
    }
}

/// A program of an environment, which builds where the other steps do.
pub(super) fn tool(bin: &Path, name: &str) -> Result<Command, String> {
    let mut command = place::program(place::text(&bin.join(name))?, &[]);
    command.env("CARGO", place::cargo(&[]).get_program()).env("CARGO_TARGET_DIR", place::target());
    // What these programs find on the path is what stands beside them.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(bin.to_path_buf()).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(path).map_err(|error| error.to_string())?);
    Ok(command)
}
