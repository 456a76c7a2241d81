//! Where things are: the repository, what is built, what is kept between runs, programs.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    // The one of the running `cargo`; the one compiled in serves a binary that is started by hand.
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").into());
    match Path::new(&here).parent() {
        Some(root) => root.to_path_buf(),
        None => PathBuf::from("."),
    }
}

/// Where cargo puts what it builds: this program is `debug/xtask` there.
pub(crate) fn target() -> PathBuf {
    let here = std::env::current_exe().ok();
    let folder = here.as_deref().and_then(|here| here.ancestors().nth(2));
    folder.map_or_else(|| root().join("target"), Path::to_path_buf)
}

/// Where this program keeps logs and what it builds for itself.
pub(crate) fn logs() -> PathBuf {
    target().join("xtask")
}

/// Where things are kept that outlive the repository's folder.
///
/// # Errors
///
/// When neither `XDG_CACHE_HOME` nor `HOME` is set.
pub(crate) fn cache() -> Result<PathBuf, String> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_CACHE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("cardwright"))
        .ok_or_else(|| "neither XDG_CACHE_HOME nor HOME is set".into())
}

/// A command of the cargo that runs this program, started in the root of the repository.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = program(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), arguments);
    // `cargo run` sets these for this program; a build script below must not see them as its own.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name.as_ref());
        }
    }
    command
}

/// A command, started in the root of the repository.
pub(crate) fn program(name: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(root());
    command
}

/// Whether a program of this name can be started.
pub(crate) fn on_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .any(|folder| folder.join(name).is_file() || folder.join(format!("{name}.exe")).is_file())
}

/// Whether this is a machine for checks, where no check may be left out.
pub(crate) fn ci() -> bool {
    std::env::var("CI").is_ok_and(|ci| ci == "true")
}

/// Reads a file of the repository, named from its root.
///
/// # Errors
///
/// When it cannot be read; the text names the file.
pub(crate) fn read(path: &str) -> Result<String, String> {
    std::fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
}

/// Puts the path before an error.
pub(crate) fn at<E: Display>(path: &Path) -> impl Fn(E) -> String {
    move |error| format!("{}: {error}", path.display())
}

/// A path as text for a command line.
///
/// # Errors
///
/// When it is not UTF-8.
pub(crate) fn text(path: &Path) -> Result<&str, String> {
    path.to_str().ok_or_else(|| format!("{}: not UTF-8", path.display()))
}

/// Writes a program for `sh` that can be started.
///
/// # Errors
///
/// When the file cannot be written.
pub(crate) fn script(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    folder.and_then(|()| std::fs::write(path, format!("#!/bin/sh\n{text}"))).map_err(at(path))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).map_err(at(path))?;
    }
    Ok(())
}
