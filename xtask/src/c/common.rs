//! What several checks of the C library share: how strict compilers are, and the functions that a header declares.

use std::path::Path;

use crate::run::{Out, minutes};
use crate::{header, place};

/// What compilers warn of, each an error.
pub(super) const WARNINGS: [&str; 6] = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"];

/// The program that is built by CMake too: the words it is started with, and the file that has what it prints.
pub(super) const BY_CMAKE: (&str, &str) = ("3B D5 18 FF 81 91 FE 1F C3 80 73 C8 21 10 0B", "examples/c/atr.txt");

/// The functions that a header declares with these defines.
pub(super) fn declared(header: &Path, defines: &[&str], out: &mut Out) -> Result<Vec<String>, String> {
    let text = out.read(place::program("gcc", &["-E", "-P"]).args(defines).arg(header), minutes(1))?;
    Ok(header::functions(&text))
}

/// Writes the list of functions that the walk includes: those that the header declares with these defines.
pub(super) fn functions_for_the_walk(folder: &Path, defines: &[&str], out: &mut Out) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let functions = declared(Path::new(header::FILE), defines, out)?;
    let list: String = functions.iter().map(|name| format!("FUNCTION({name})\n")).collect();
    std::fs::write(folder.join("functions.h"), list).map_err(|error| error.to_string())
}
