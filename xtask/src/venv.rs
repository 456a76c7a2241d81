//! Programs of Python, each in an environment of its own that is kept between runs.

use std::path::PathBuf;

use crate::run::{Out, Stop};
use crate::{minutes, place};

/// Whether Python can make such an environment and install into it.
pub(crate) fn possible() -> bool {
    let mut python = place::program("python3", &["-c", "import ensurepip, venv"]);
    python.output().is_ok_and(|output| output.status.success())
}

/// The folder of programs of the environment `name`, installed where it is missing or where the list of
/// what belongs there has changed.
///
/// # Errors
///
/// Skipped where there is no Python, failed where it cannot be installed.
pub(crate) fn installed(name: &str, requirements: &str, out: &mut Out) -> Result<PathBuf, Stop> {
    if !possible() {
        return Err(Stop::Skipped("no python3 with venv and pip".into()));
    }
    let wanted = place::read(requirements)?;
    let home = place::logs().join(name);
    let (stamp, bin) = (home.join("requirements.txt"), home.join("bin"));
    if bin.join("python").is_file() && std::fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
        return Ok(bin);
    }
    out.run(&mut place::program("python3", &["-m", "venv", "--clear", place::text(&home)?]), minutes(3))?;
    let pip = bin.join("pip");
    let words = ["install", "--quiet", "--disable-pip-version-check", "-r", requirements];
    out.run(&mut place::program(place::text(&pip)?, &words), minutes(10))?;
    std::fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(bin)
}
