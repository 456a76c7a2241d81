//! The command in a network: a domain by Samba, Apache, squid, SOCKS, nginx, and a server that signs in as IIS does,
//! all in namespaces of their own.
//!
//! The rows are in Python, in the folder `network_cases`: a row of `rows.py` is a command line with its right outcome
//! and the reason. As root, `python3 cli/tests/network_cases/run.py --only NAME --show BINARY` runs some of them and
//! shows what was said and logged; `--curl` puts curl in the command's place, and `--list` prints them all.

#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::Command;

#[test]
fn each_row_of_the_network_has_its_right_outcome() {
    let is_ci = std::env::var_os("CI").is_some();
    let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/network_cases/run.py");
    let mut command = Command::new("python3");
    command.arg("-B").arg(run).arg(env!("CARGO_BIN_EXE_cardwright"));
    if let Some(python) = std::env::var_os("CARDWRIGHT_TEST_PYSPNEGO") {
        command.env("CASES_PYTHON", python);
    }
    let Ok(output) = command.output() else {
        assert!(!is_ci, "there is no python3, and CI must have it");
        return eprintln!("SKIPPED: there is no python3 to run the rows");
    };
    let said = String::from_utf8_lossy(&output.stdout);
    let starting = |word: &str| said.lines().filter(|line| line.starts_with(word)).collect::<Vec<_>>();
    let (passed, failed, skipped) = (starting("ok ").len(), starting("FAILS "), starting("skipped "));
    assert!(output.status.success(), "{}\n{}", failed.join("\n"), String::from_utf8_lossy(&output.stderr));
    skipped.iter().for_each(|line| eprintln!("SKIPPED: {line}"));
    assert!(skipped.is_empty() || !is_ci, "CI must run every row:\n{}", skipped.join("\n"));
    println!("{passed} rows");
    assert!(passed + skipped.len() > 90, "{passed} rows");
}
