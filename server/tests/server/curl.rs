//! Both APIs, driven by curl.

use crate::http::{DEMO, start};
use std::process::Command;

#[test]
fn curl_can_drive_both_apis() {
    if Command::new("curl").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "there is no curl, and CI must have it");
        eprintln!("SKIPPED: there is no curl, so the script was not run");
        return;
    }
    let running = start();
    let (name, password) = DEMO.split_once(':').unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/curl.sh");
    let output = Command::new("sh")
        .arg(script)
        .env("CARDWRIGHT_URL", running.url())
        .env("CARDWRIGHT_USER", name)
        .env("CARDWRIGHT_PASSWORD", password)
        .output()
        .unwrap();
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{out}");
    assert!(output.status.success(), "{out}{error}");
    assert!(out.lines().filter(|line| line.starts_with("ok ")).count() >= 15, "{out}");
}
