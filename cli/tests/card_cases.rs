//! Cards of every family with their right identity, cards that never end, ATRs, and other programs that know a card, on a
//! pcscd of the test's own.
//!
//! The cases are in the folder `card_cases`: a row of `cases.json` and `own.json` is a case, with its reason.
//! `python3 cli/tests/card_cases/run.py --only NAME BINARY` runs one of them, as root.

#![cfg(all(target_os = "linux", feature = "reader"))]

use std::path::Path;
use std::process::Command;

#[test]
fn each_card_has_its_right_outcome() {
    let is_ci = std::env::var_os("CI").is_some();
    let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/card_cases/run.py");
    let mut command = Command::new("python3");
    command.arg("-B").arg(run).args(["--at-once", "4", env!("CARGO_BIN_EXE_cardwright")]);
    let Ok(output) = command.output() else {
        assert!(!is_ci, "there is no python3, and CI must have it");
        return eprintln!("SKIPPED: there is no python3 to run the cases");
    };
    let said = String::from_utf8_lossy(&output.stdout);
    let starting = |word: &str| said.lines().filter(|line| line.starts_with(word)).collect::<Vec<_>>();
    let (passed, failed, skipped) = (starting("ok ").len(), starting("FAILS "), starting("SKIPPED "));
    assert!(output.status.success(), "{}\n{}", failed.join("\n"), String::from_utf8_lossy(&output.stderr));
    skipped.iter().for_each(|line| eprintln!("{line}"));
    assert!(skipped.is_empty() || !is_ci, "CI must run every case:\n{}", skipped.join("\n"));
    println!("{passed} cases");
    assert!(passed + skipped.len() > 80, "{passed} cases");
}
