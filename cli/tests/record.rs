//! A recording tells how a server answers, and nothing about who is in it.

mod common;

use cardwright_server::Running;
use common::fake::{Fake, answer};
use common::process::folder;
use common::{Done, PASSWORD, cardwright, certiflow, mim, run, server};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const CARD_ID: &str = "d1ef6869-5517-42a0-8f05-16ca1a0b834d";

/// The recording of a command.
fn recorded(folder: &Path, url: &str, arguments: &[&str]) -> (Done, Vec<Value>, String) {
    let file = folder.join(format!("{}.ndjson", std::fs::read_dir(folder).expect("a folder").count()));
    let mut command = cardwright(arguments);
    command.arg("--record").arg(&file).env("CARDWRIGHT_URL", url);
    let done = run(command.env("CARDWRIGHT_USER", "administrator").env("CARDWRIGHT_PASSWORD", PASSWORD));
    let text = std::fs::read_to_string(&file).expect("a recording");
    let lines = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    (done, lines, text)
}

fn new_folder(name: &str) -> PathBuf {
    let folder = folder(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Every name, serial number and id of the registry, as either API shows it.
fn secrets(running: &Running) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    let named = [
        "serialNumber",
        "userName",
        "userId",
        "label",
        "comment",
        "cardTypeName",
        "cardModelName",
        "policyName",
        "policyId",
        "SerialNumber",
        "AssignedUserUuid",
        "ProfileTemplateUuid",
        "Uuid",
        "subject",
        "issuer",
        "thumbprint",
    ];
    let cards = [certiflow(running, &["cards", "--json"]).json(), mim(running, &["cards", "--json"]).json()];
    for card in cards.iter().filter_map(Value::as_array).flatten() {
        let certificates = card["certificates"].as_array().cloned().unwrap_or_default();
        for object in std::iter::once(card).chain(&certificates) {
            for name in named {
                if let Some(text) = object[name].as_str() {
                    secrets.insert(text.to_string());
                    secrets.extend(text.split(['\\', '@', '{', '}']).map(str::to_string));
                }
            }
        }
    }
    secrets.retain(|secret| secret.len() >= 5 && secret.chars().any(|c| c.is_alphanumeric() && c != '0'));
    let empty = "00000000-0000-0000-0000-000000000000";
    secrets.remove(empty);
    secrets
}

#[test]
fn a_recording_of_a_whole_session_names_nobody() {
    let running = server();
    let secrets = secrets(&running);
    assert!(secrets.len() > 200, "{}", secrets.len());
    let folder = new_folder("record");
    let mut exchanges = 0;
    let mut everything = String::new();
    for (url, arguments, code) in [
        (running.certiflow_url(), vec!["cards"], 0),
        (running.certiflow_url(), vec!["card", "--serial", "02A1B3C4"], 0),
        (running.certiflow_url(), vec!["cards", "--of", r"DEMO\ipetrov", "--policy", "nothing of the kind"], 0),
        (running.certiflow_url(), vec!["disable", "1013"], 0),
        (running.certiflow_url(), vec!["disable", "--serial", "02A1B3C4", "--check", "off"], 3),
        (running.certiflow_url(), vec!["revoke", "--serial", "02A1B3C4", "--reason", "CardLost", "--yes"], 0),
        (running.certiflow_url(), vec!["enable", "1013"], 3),
        (running.certiflow_url(), vec!["card", "987654"], 4),
        (running.certiflow_url(), vec!["doctor"], 0),
        (running.mim_url(), vec!["cards"], 0),
        (running.mim_url(), vec!["retire", "--serial", CARD_ID, "--comment", "Ivan Petrov lost it", "--yes"], 0),
        (running.mim_url(), vec!["doctor"], 0),
    ] {
        let (done, lines, text) = recorded(&folder, &url, &arguments);
        assert_eq!(done.code, code, "{done:?}");
        exchanges += lines.len() - 1;
        everything.push_str(&text);
    }
    assert!(exchanges > 30, "{exchanges}");
    let lower = everything.to_lowercase().replace("\\\\", "\\");
    let found: Vec<&String> = secrets.iter().filter(|secret| lower.contains(&secret.to_lowercase())).collect();
    assert!(found.is_empty(), "{found:?}");
    for gone in ["127.0.0.1", "ipetrov", "petrov", PASSWORD, "authorization", "basic ", "administrator", "cards/1013"] {
        assert!(!lower.contains(gone), "{gone}");
    }
    // What settles questions is there.
    for kept in [
        "\"status\":409",
        "Issued",
        "reason=CardLost",
        "not allowed in the state Revoked",
        "api/v1.0/requests",
        "\"Status\":3",
    ] {
        assert!(everything.contains(kept), "{kept}");
    }
    println!("{exchanges} exchanges, {} values looked for", secrets.len());
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn a_value_has_one_stand_in_in_the_request_and_in_the_answer() {
    let running = server();
    let folder = new_folder("record-same");
    let (_, lines, _) = recorded(&folder, &running.certiflow_url(), &["disable", "--serial", "02a1b3c4"]);
    let card = &lines[1]["body"]["json"][0];
    let address = lines[1]["address"].as_str().expect("an address");
    let serial = card["serialNumber"].as_str().expect("a serial number");
    assert!(address.to_lowercase().contains(&format!("serialnumber={}", serial.to_lowercase())), "{address} {serial}");
    assert!(lines.iter().any(|line| {
        line["address"].as_str().is_some_and(|address| address.ends_with(&format!("/Cards/{}/Disable", card["id"])))
    }));
    assert_eq!(lines[1]["body"]["json"][0]["state"], "Issued");
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn a_recording_never_replaces_a_file_and_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let running = server();
    let folder = new_folder("record-new");
    let file = folder.join("r.ndjson");
    let name = file.to_str().expect("UTF-8");
    assert_eq!(certiflow(&running, &["cards", "--limit", "1", "--record", name]).code, 0);
    assert_eq!(std::fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
    let refused = certiflow(&running, &["cards", "--limit", "1", "--record", name]);
    assert!(refused.code == 2 && refused.err.contains("not there yet"), "{refused:?}");
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn a_cookie_a_ticket_a_redirect_and_a_lost_answer_tell_nothing() {
    let fake = Fake::answering(|_, _| {
        answer(
            "302 Found",
            "Set-Cookie: session=s3cr3t\r\nLocation: https://login.corp.example/adfs/ls?token=s3cr3t\r\nWWW-Authenticate: Negotiate s3cr3t\r\nX-Thing: s3cr3t\r\n",
            "<title>Sign in to corp.example as CORP\\ivan</title>",
        )
    });
    let folder = new_folder("record-fake");
    let (_, lines, text) = recorded(&folder, &fake.url("/cm/api"), &["cards"]);
    assert_eq!(lines[1]["status"], 302);
    for gone in ["s3cr3t", "corp", "CORP", "ivan", "login", "adfs"] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
    assert!(text.contains("set-cookie") && text.contains("Negotiate") && text.contains("Sign in to"), "{text}");
    let (done, lines, text) = recorded(&folder, "http://127.0.0.1:9/cm/api", &["cards"]);
    assert_eq!(done.code, 6);
    assert!(lines.len() > 1 && lines[1]["status"].is_null() && lines[1]["error"].is_string(), "{text}");
    assert!(!text.contains("127.0.0.1"), "{text}");
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn of_a_list_longer_than_what_is_kept_the_whole_cards_are_there() {
    let running = server();
    cardwright_server::seed::synthetic(running.registry(), 300, 9).expect("cards");
    let folder = new_folder("record-long");
    let (_, lines, _) = recorded(&folder, &running.certiflow_url(), &["cards"]);
    assert_eq!(lines[1]["cut"], true);
    let cards = lines[1]["body"]["json"].as_array().expect("a list");
    assert!(cards.len() > 20 && cards.iter().all(|card| card["state"].is_string()));
    std::fs::remove_dir_all(&folder).expect("removed");
}
