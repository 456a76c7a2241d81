//! What is released of the Python packages: wheels and source distributions.

use super::{PACKAGES, REQUIREMENTS, built, maturin};
use crate::run::{Done, Out, minutes};
use crate::{place, venv};

/// The oldest systems on which a wheel for release runs: those with glibc 2.17.
const MANYLINUX: &str = "manylinux2014";

/// Of the tag of such a wheel: its Python and its interface; its platform.
const TAG: [&str; 2] = ["-cp39-abi3-", "manylinux2014_x86_64"];

/// Builds wheels and source distributions for release into `target/xtask/release`.
///
/// With `manylinux`, the first package's wheel is linked by zig for old systems, and its tag is checked. Readers have no
/// such wheel: PC/SC is the system's own, so that they are built where they are installed.
///
/// # Errors
///
/// Skipped where there is no Python, failed where something is not built or a tag is another one.
pub(crate) fn build(manylinux: bool, out: &mut Out) -> Done {
    let bin = venv::with("python", REQUIREMENTS, out)?;
    let into = place::logs().join("release");
    let _ = std::fs::remove_dir_all(&into);
    for package in PACKAGES {
        out.run(&mut maturin(&bin, "sdist", package, &into)?, minutes(5))?;
        let mut build = maturin(&bin, "build", package, &into)?;
        build.args(["--release", "--locked"]);
        match (manylinux, package) {
            (false, _) => out.run(build.args(["--compatibility", "linux"]), minutes(60))?,
            (true, "python") => out.run(build.args(["--zig", "--compatibility", MANYLINUX]), minutes(60))?,
            (true, _) => {}
        }
    }
    let wheels = built(&into, "whl")?;
    let mut names = wheels.iter().map(|path| path.to_string_lossy());
    match names.find(|name| manylinux && !TAG.iter().all(|part| name.contains(part))) {
        Some(name) => Err(format!("{name} has not the tag {}…{}", TAG[0], TAG[1]).into()),
        None => {
            Ok(format!("{} wheels and {} source distributions in {}", wheels.len(), PACKAGES.len(), into.display()))
        }
    }
}
