//! The server against its own documents, by schemathesis.

use std::path::PathBuf;

use crate::run::{Done, Out, Stop};
use crate::test::Options;
use crate::{minutes, place};

/// What is installed, with everything that it needs.
const REQUIREMENTS: &str = "server/openapi/requirements.txt";

/// Runs schemathesis on a server of its own.
///
/// # Errors
///
/// Skipped where there is no Python, failed where a check of schemathesis fails.
pub(crate) fn check(_: &Options, out: &mut Out) -> Done {
    if !have_venv() {
        return Err(Stop::Skipped("no python3 with venv and pip".into()));
    }
    let schemathesis = installed(out)?;
    let build = ["build", "--workspace", "--all-features", "--locked", "--bin", "cardwright"];
    out.run(&mut place::cargo(&build), minutes(30))?;
    let cardwright = place::target().join("debug/cardwright");
    let script = ["server/openapi/schemathesis.sh", place::text(&cardwright)?, place::text(&schemathesis)?];
    out.run(&mut place::program("sh", &script), minutes(5))?;
    Ok("both documents".into())
}

/// Whether Python can make an environment of its own and install into it.
pub(crate) fn have_venv() -> bool {
    let mut python = place::program("python3", &["-c", "import ensurepip, venv"]);
    python.output().is_ok_and(|output| output.status.success())
}

/// The program, installed where it is missing or where the list of what belongs there has changed.
fn installed(out: &mut Out) -> Result<PathBuf, Stop> {
    let wanted = place::read(REQUIREMENTS)?;
    let home = place::logs().join("schemathesis");
    let (stamp, bin) = (home.join("requirements.txt"), home.join("bin"));
    let program = bin.join("schemathesis");
    if program.is_file() && std::fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
        return Ok(program);
    }
    out.run(&mut place::program("python3", &["-m", "venv", "--clear", place::text(&home)?]), minutes(3))?;
    let pip = bin.join("pip");
    let words = ["install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS];
    out.run(&mut place::program(place::text(&pip)?, &words), minutes(10))?;
    std::fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(program)
}
