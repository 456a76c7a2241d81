//! What is released of the Python package: wheels, and a source distribution.

use std::path::Path;

use super::tools::{MANIFEST, built, install, maturin, tool};
use super::{REQUIREMENTS, STRANGER, libraries};
use crate::run::{Done, Out, Stop, minutes};
use crate::{place, venv};

/// The oldest Linux on which a wheel runs: one with glibc 2.17.
const MANYLINUX: &str = "manylinux2014";

/// The newest version of glibc's functions that such a wheel may use.
const GLIBC: [u32; 2] = [2, 17];

/// Of the name of every wheel: its Python and its interface.
const TAG: &str = "-cp39-abi3-";

/// What a wheel is built for: the target, what its name ends in, and the system that it must be built on. For Linux zig
/// links it anywhere; the others need the linker and the libraries of their own system.
const TARGETS: [(&str, &str, Option<&str>); 5] = [
    ("x86_64-unknown-linux-gnu", "manylinux2014_x86_64.whl", None),
    ("aarch64-unknown-linux-gnu", "manylinux2014_aarch64.whl", None),
    ("x86_64-pc-windows-msvc", "win_amd64.whl", Some("windows")),
    ("aarch64-apple-darwin", "_arm64.whl", Some("macos")),
    ("x86_64-apple-darwin", "_x86_64.whl", Some("macos")),
];

/// Builds a source distribution and a wheel for each target into `target/xtask/release`, checks what is in a wheel, and
/// installs the one for this machine into an empty environment. A target that cannot be built for here is named.
///
/// # Errors
///
/// Skipped where there is no Python, failed where something is not built or is not what it should be.
pub(crate) fn build(out: &mut Out) -> Done {
    let bin = venv::with("python", REQUIREMENTS, out)?;
    let release = place::logs().join("release");
    let _ = std::fs::remove_dir_all(&release);
    out.run(&mut maturin(&bin, "sdist", &release)?, minutes(5))?;
    let (mut all, mut not) = (vec![built(&release, "gz")?], Vec::new());
    for (target, end, system) in TARGETS {
        if let Some(system) = system.filter(|system| *system != std::env::consts::OS) {
            not.push(format!("; NOT BUILT for {target}: it is built on {system}"));
            continue;
        }
        if !have(target, out) {
            not.push(format!("; NOT BUILT for {target}: rustup target add {target}"));
            continue;
        }
        let zig = system.is_none();
        let into = release.join(target);
        let mut build = maturin(&bin, "build", &into)?;
        build.args(["--release", "--locked", "--target", target]);
        if zig {
            build.args(["--zig", "--compatibility", MANYLINUX]);
        }
        out.run(&mut build, minutes(60))?;
        let wheel = built(&into, "whl")?;
        judge(&bin, &wheel, end, out)?;
        if target.starts_with(std::env::consts::ARCH) && system.unwrap_or("linux") == std::env::consts::OS {
            try_out(&wheel, zig, out)?;
        }
        all.push(wheel);
    }
    for path in &all {
        let size = std::fs::metadata(path).map_err(place::at(path))?.len();
        out.say(format_args!("{}: {size} bytes", path.display()));
    }
    Ok(format!("{} wheels and a source distribution in {}", all.len() - 1, release.display()) + &not.concat())
}

/// Whether Rust's library for a target is here.
fn have(target: &str, out: &mut Out) -> bool {
    let mut rustc = place::program("rustc", &["--print", "target-libdir", "--target", target]);
    out.read(&mut rustc, minutes(1)).is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

/// Looks at the name of a wheel, and at what is in it: both modules, the licences, and no library of the system.
fn judge(bin: &Path, wheel: &Path, end: &str, out: &mut Out) -> Result<(), Stop> {
    let name = wheel.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if !name.contains(TAG) || !name.ends_with(end) {
        return Err(format!("{name} has not the tag {TAG}…{end}").into());
    }
    let list = "import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).namelist(), sep='\\n')";
    let names = out.read(tool(bin, "python")?.args(["-c", list]).arg(wheel), minutes(1))?;
    for wanted in ["cardwright/_cardwright.", "cardwright/_reader.", "licenses/LICENSE-MIT", "licenses/LICENSE-APACHE"]
    {
        let is = |line: &&str| line.contains(wanted) && !line.ends_with(".pyi");
        if names.lines().filter(is).count() != 1 {
            return Err(format!("{name}: not one {wanted}").into());
        }
    }
    match names.lines().find(|line| line.contains("pcsclite") || line.contains(".libs/")) {
        Some(line) => Err(format!("{name}: {line} is in it").into()),
        None => Ok(()),
    }
}

/// Installs a wheel into an empty environment and uses both modules; those that zig has linked use no younger glibc.
fn try_out(wheel: &Path, zig: bool, out: &mut Out) -> Result<(), Stop> {
    let clean = venv::empty("python-clean", out)?;
    install(&clean, wheel, out)?;
    out.run(tool(&clean, "python")?.args(["-c", STRANGER]), minutes(1))?;
    for said in if zig { libraries(&clean, out)? } else { Vec::new() } {
        let versions = said.split("GLIBC_").skip(1).map(numbers);
        match versions.max() {
            Some(newest) if newest <= GLIBC.to_vec() => out.say(format_args!("glibc {newest:?} at the most")),
            newest => return Err(format!("{MANIFEST}: a module needs glibc {newest:?}, younger than {GLIBC:?}").into()),
        }
    }
    Ok(())
}

/// The numbers with which a text begins: those of `2.17 (3)`.
fn numbers(text: &str) -> Vec<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text.get(..end).unwrap_or_default().split('.').filter_map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_their_numbers() {
        assert_eq!(numbers("2.17 (3)"), [2, 17]);
        assert!(numbers("2.2.5") < GLIBC.to_vec() && numbers("2.9\n") < GLIBC.to_vec());
        assert!(numbers("2.34") > GLIBC.to_vec());
    }
}
