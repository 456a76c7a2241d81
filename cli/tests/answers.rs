//! What the command says after an operation, and which cards it reaches, against servers that misbehave.
//!
//! The cases are in Python, in the folder `answers`: a small server or proxy, a command line, and the right outcome with
//! its reason. `python3 cli/tests/answers/run.py --only NAME BINARY` runs some of them.

use std::path::Path;
use std::process::Command;

#[test]
fn each_case_has_its_right_outcome() {
    let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/answers/run.py");
    let Ok(output) = Command::new("python3").arg("-B").arg(run).arg(env!("CARGO_BIN_EXE_cardwright")).output() else {
        assert!(std::env::var_os("CI").is_none(), "there is no python3, and CI must have it");
        return eprintln!("SKIPPED: there is no python3 to run the cases");
    };
    let said = String::from_utf8_lossy(&output.stdout);
    let failed: Vec<&str> = said.lines().filter(|line| !line.starts_with("ok ")).collect();
    assert!(output.status.success(), "{}\n{}", failed.join("\n"), String::from_utf8_lossy(&output.stderr));
    let passed = said.lines().filter(|line| line.starts_with("ok ")).count();
    println!("{passed} cases");
    assert!(passed > 380, "{passed} cases");
}
