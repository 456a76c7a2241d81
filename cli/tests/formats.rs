//! Lists for programs, and completions for shells.

mod common;

use common::{cardwright, certiflow, mim, run, server};
use std::process::{Command, Stdio};

#[test]
fn ndjson_has_one_record_a_line_as_the_server_sent_it() {
    let running = server();
    let all = certiflow(&running, &["cards", "--json"]).json();
    let listed = certiflow(&running, &["cards", "--format", "ndjson"]);
    assert_eq!((listed.code, listed.err.as_str()), (0, ""), "{listed:?}");
    let lines: Vec<serde_json::Value> =
        listed.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(all.as_array().expect("a list"), &lines);
    let json = certiflow(&running, &["cards", "--format", "json"]);
    assert_eq!(json.json(), all);
    assert_eq!(certiflow(&running, &["cards", "--format", "ndjson", "--serial", "none"]).out, "");
}

#[test]
fn csv_has_the_vendors_names_and_every_card() {
    let running = server();
    let cards = certiflow(&running, &["cards", "--json"]).json();
    let csv = certiflow(&running, &["cards", "--format", "csv"]);
    assert_eq!((csv.code, csv.err.as_str()), (0, ""), "{csv:?}");
    let mut lines = csv.out.split("\r\n");
    assert!(lines.next().is_some_and(|header| header.starts_with("id,serialNumber,cardTypeName,")));
    assert_eq!(csv.out.matches("\r\n").count(), 1 + cards.as_array().expect("a list").len());
    let csv = mim(&running, &["cards", "--format", "csv"]);
    assert!(csv.out.starts_with("Uuid,Status,Flags,") && csv.out.lines().count() > 1, "{csv:?}");
    assert_eq!(certiflow(&running, &["cards", "--format", "csv", "--json"]).code, 2);
}

#[test]
fn python_reads_the_csv_as_the_same_cards() {
    let running = server();
    let csv = certiflow(&running, &["cards", "--format", "csv", "--csv-raw"]);
    let cards = certiflow(&running, &["cards", "--json"]).json();
    let file = std::env::temp_dir().join(format!("cardwright-{}.csv", std::process::id()));
    std::fs::write(&file, &csv.out).expect("a file");
    let program = "import csv,json,sys; print(json.dumps([[r['id'], r['serialNumber'], r['userName'], r['certificates']] for r in csv.DictReader(open(sys.argv[1], newline='', encoding='utf-8'))]))";
    let Ok(output) = Command::new("python3").args(["-c", program]).arg(&file).output() else {
        assert!(std::env::var_os("CI").is_none(), "there is no python3, and CI must have it");
        eprintln!("SKIPPED: there is no python3 to read the CSV back");
        return;
    };
    std::fs::remove_file(&file).expect("removed");
    let rows: Vec<[String; 4]> = serde_json::from_slice(&output.stdout).expect("JSON");
    let cards = cards.as_array().expect("a list");
    assert_eq!(rows.len(), cards.len());
    for (row, card) in rows.iter().zip(cards) {
        assert_eq!(row[0], card["id"].to_string());
        assert_eq!(
            (row[1].as_str(), row[2].as_str()),
            (card["serialNumber"].as_str().unwrap_or(""), card["userName"].as_str().unwrap_or(""))
        );
        let certificates: serde_json::Value =
            if row[3].is_empty() { serde_json::json!([]) } else { serde_json::from_str(&row[3]).expect("JSON") };
        assert_eq!(certificates, card["certificates"]);
    }
    println!("{} rows compared", rows.len());
}

#[test]
fn each_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let done = run(&mut cardwright(&["completions", shell]));
        assert_eq!(done.code, 0, "{done:?}");
        for word in ["cardwright", "preupdate", "password-command"] {
            assert!(done.out.contains(word), "{shell}: {word}");
        }
        if shell == "bash" {
            let mut bash = Command::new("bash").args(["-n", "/dev/stdin"]).stdin(Stdio::piped()).spawn().expect("bash");
            std::io::Write::write_all(&mut bash.stdin.take().expect("piped"), done.out.as_bytes()).expect("written");
            assert!(bash.wait().expect("it ends").success());
        }
    }
    assert_eq!(run(&mut cardwright(&["completions", "dos"])).code, 2);
}
