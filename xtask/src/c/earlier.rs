//! Programs of earlier versions: their headers are kept, and they run with the newest library where its soname says so.

use std::path::Path;

use crate::place;
use crate::run::{Out, minutes};

/// A folder for each version that a soname has had, with the header of its first day and a program.
const FOLDER: &str = "ffi/tests/earlier";

/// Compiles the program of the first version that had this soname, against the header of that day, into a folder where
/// the lab runs it. That every function of that header is still exported, `installed` looks at.
pub(super) fn program(prefix: &Path, folder: &Path, warnings: &[&str], out: &mut Out) -> Result<(), String> {
    let library = prefix.join("lib/libcardwright.so");
    let dynamic = out.read(place::program("readelf", &["-d"]).arg(&library), minutes(1))?;
    let soname = dynamic.lines().find_map(|line| line.split("[libcardwright.so.").nth(1)?.split(']').next());
    let version = soname.ok_or("the library has no soname")?;
    let source = Path::new(FOLDER).join(version);
    let mut command = place::program("gcc", &["-std=c11", "-g", "-pthread", "-I"]);
    command.arg(&source).args(warnings).arg(source.join("program.c")).arg("-o").arg(folder.join("earlier"));
    out.run(command.arg(&library), minutes(1))
}
