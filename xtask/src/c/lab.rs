//! Where the programs run: with a server, and with a pcscd of their own, which nobody else sees.

use std::path::Path;
use std::process::Command;

use crate::place;
use crate::run::{Out, minutes};

const DRIVERS: [&str; 3] = [
    "/usr/lib/pcsc/drivers/serial/libifdvpcd.so",
    "/usr/lib64/pcsc/drivers/serial/libifdvpcd.so",
    "/usr/local/lib/pcsc/drivers/serial/libifdvpcd.so",
];

const SCRIPT: &str = include_str!("lab.sh");

/// As it is put before a program: nothing may be lost, and nothing be read or written that is not there.
const MEMORY: &str = "valgrind --quiet --error-exitcode=99 --leak-check=full \
    --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect";

/// The options of unshare with which a pcscd of one's own can be had, and its driver.
///
/// # Errors
///
/// Why it cannot.
pub(super) fn namespaces() -> Result<(Vec<&'static str>, &'static str), String> {
    let driver = DRIVERS.into_iter().find(|driver| Path::new(driver).exists());
    let driver = driver.ok_or("vpcd is not installed (Debian: vsmartcard-vpcd)")?;
    let all = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
    let mut said = String::new();
    for root in [&[][..], &["--map-root-user"]] {
        let options = [root, &all].concat();
        let trial = "PATH=$PATH:/usr/sbin:/sbin pcscd --version && mount -t tmpfs tmpfs /run";
        match Command::new("unshare").args(&options).args(["sh", "-c", trial]).output() {
            Ok(output) if output.status.success() => return Ok((options, driver)),
            Ok(output) => said = String::from_utf8_lossy(&output.stderr).trim().to_string(),
            Err(error) => said = format!("unshare: {error}"),
        }
    }
    Err(format!("namespaces are not permitted here: {said}"))
}

/// Runs the programs of a folder; without namespaces, what needs no reader.
pub(super) fn run(
    namespaces: &Result<(Vec<&'static str>, &'static str), String>,
    served: &Path,
    programs: &Path,
    sanitized: bool,
    prefix: &Path,
    out: &mut Out,
) -> Result<(), String> {
    let mut command = match namespaces {
        Ok((options, driver)) => {
            let mut command = place::program("unshare", options);
            command.arg("sh").env("DRIVER", driver);
            command
        }
        Err(_) => place::program("sh", &[]),
    };
    command.args(["-c", SCRIPT, "lab"]).arg(served).arg(programs).arg(if sanitized { "" } else { MEMORY });
    command.env("LD_LIBRARY_PATH", prefix.join("lib"));
    out.run(&mut command, minutes(10))
}
