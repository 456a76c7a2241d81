//! OpenPGP and PIV of an emulator that is not ours: jcecard, of PyPI.

#![cfg(target_os = "linux")]

use cardwright_core::identity::{CardKind, Source};
use cardwright_reader::Session;
use cardwright_testkit::readers::{PORTS, READERS, in_lab, run_within, until, witness};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The version that was tried.
const PACKAGE: &str = "jcecard==0.1.0";

/// A Python that has it, installed where it is missing.
fn python() -> Option<PathBuf> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("jcecard");
    let python = home.join("bin/python");
    let has_it =
        || Command::new(&python).args(["-c", "import jcecard.main"]).output().is_ok_and(|o| o.status.success());
    if !has_it() {
        run_within(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home), Duration::from_secs(60));
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE];
        if python.exists() {
            println!("{}", run_within(Command::new(&python).args(install), Duration::from_secs(110)).1);
        }
    }
    if !has_it() {
        eprintln!("SKIPPED: {PACKAGE} cannot be installed (python3 -m venv, pip)");
        assert!(std::env::var_os("CI").is_none(), "no {PACKAGE}, and CI must have it");
        return None;
    }
    Some(python)
}

struct Emulator(Child);

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn an_emulator_of_somebody_else_tells_its_serials() {
    let Some(python) = python() else { return };
    in_lab("an_emulator_of_somebody_else_tells_its_serials", |_| {
        // By an ATR that names the one, and by one that names the other.
        for (atr, kind, source) in [
            ("3BDA18FF81B1FE751F030031F573C001600090001C", CardKind::OpenPgp, Source::OpenPgpAid),
            ("3BDB960080B1FE451F830031C064C7FC10000F90007A", CardKind::Piv, Source::ChuidGuid),
        ] {
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/jcecard_card.py");
            let mut command = Command::new(&python);
            command.arg(script).arg(PORTS[0].to_string()).arg(atr).stdin(Stdio::null()).stdout(Stdio::piped());
            let mut emulator = Emulator(command.spawn().expect("it runs"));
            let mut chuid = String::new();
            BufReader::new(emulator.0.stdout.take().expect("piped")).read_line(&mut chuid).expect("a line");
            until("the card is in", || Session::connect(READERS[0]).is_ok());
            let identity = Session::connect(READERS[0]).expect("a session").identify().expect("a card");
            println!("{identity}");
            assert!(identity.is(kind), "{identity}");
            let bytes = identity.get(source).unwrap_or_else(|| panic!("{identity}")).bytes();
            let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
            if source == Source::OpenPgpAid {
                // Manufacturer and serial number. OpenSC does not take jcecard for a PIV card.
                let tool = witness("opensc-tool", &["--reader", "0", "--serial"]).replace(' ', "");
                assert!(tool.contains(&hex(&bytes[8..14])), "{identity}: {tool}");
            } else {
                assert!(chuid.contains(&format!("3410{}", hex(bytes))), "{identity}: {chuid}");
            }
            drop(emulator);
            until("the card is out", || Session::connect(READERS[0]).is_err());
        }
    });
}
