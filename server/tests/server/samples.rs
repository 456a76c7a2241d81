//! The documents' own exchanges, played against the server.

use crate::http::{Answer, config, get, send, start_with};
use cardwright_core::date::Moment;
use cardwright_core::lifecycle::State;
use cardwright_server::{ManualClock, Running};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../core/tests/samples").join(name)
}

/// An exchange.
struct Sample {
    method: String,
    target: String,
    body: String,
    status: String,
    reply: String,
}

impl Sample {
    fn read(system: &str, name: &str) -> Self {
        let path = folder(system).join(format!("{name}.http"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let start = text.lines().take_while(|line| line.starts_with('#')).map(|line| line.len() + 1).sum::<usize>();
        let (request, answer) = text[start..].split_once("\n--- ").unwrap();
        let (line, body) = request.split_once("\n\n").unwrap_or((request, ""));
        let (method, target) = line.trim_end().split_once(' ').unwrap();
        let (status, reply) = answer.split_once('\n').unwrap_or((answer, ""));
        Sample {
            method: method.into(),
            target: target.into(),
            body: body.trim().into(),
            status: status.trim().into(),
            reply: minified(reply),
        }
    }

    fn play(&self, running: &Running) -> Answer {
        let answer = send(running, &self.method, &self.target, &self.body);
        let is_right = match self.status.as_str() {
            "?" | "2xx" => (200..300).contains(&answer.status),
            status => status == answer.status.to_string(),
        };
        assert!(is_right, "{} {}: wanted {}, {answer:?}", self.method, self.target, self.status);
        answer
    }
}

/// JSON without the spaces outside of texts.
fn minified(json: &str) -> String {
    let (mut in_text, mut escaped) = (false, false);
    json.chars()
        .filter(|c| {
            if in_text {
                (in_text, escaped) = (escaped || *c != '"', !escaped && *c == '\\');
                return true;
            }
            in_text = *c == '"';
            !c.is_whitespace()
        })
        .collect()
}

fn id_in(answer: &Answer) -> String {
    answer.json().as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

#[test]
fn the_mim_story_is_answered_byte_for_byte() {
    // The request is completed at the time that the document shows.
    let completed = Sample::read("mim", "put-request-completed");
    let reply: Value = serde_json::from_str(&completed.reply).unwrap();
    let now = Moment::parse(reply["Completed"].as_str().unwrap()).unwrap();
    let mut config = config();
    config.clock = Arc::new(ManualClock::new(now));
    // The pages' examples leave an unblock request open beside the next one.
    config.switches.set("mim-open-requests", "any").unwrap();
    let running = start_with(config);

    let verbatim = [
        "get-smartcards-by-cardid",
        "get-smartcard-by-uuid",
        "get-smartcard-operations",
        "get-request-enroll",
        "get-request-unblock",
        "post-smartcards-assign",
        "put-request-completed",
        "put-smartcard-retired",
    ];
    let ours = ["post-requests-enroll", "post-requests-enroll-target", "post-requests-unblock"];
    let mut played = BTreeSet::new();
    for name in verbatim {
        if name == "put-smartcard-retired" {
            // The unblock request is made while the card is active.
            for name in ours {
                let sample = Sample::read("mim", name);
                let answer = sample.play(&running);
                let made = id_in(&answer);
                let printed = sample.reply.trim_matches('"').rsplit('/').next().unwrap();
                if !printed.is_empty() {
                    assert_eq!(answer.body.replace(&made, printed), sample.reply, "{name}");
                }
                played.insert(name.to_owned());
            }
        }
        let sample = Sample::read("mim", name);
        assert_eq!(sample.play(&running).body, sample.reply, "{name}");
        played.insert(name.to_owned());
    }
    let all: BTreeSet<_> = std::fs::read_dir(folder("mim"))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(played, all, "every sample is played");
    println!("{} exchanges of MIM CM", played.len());
}

#[test]
fn the_same_story_with_a_new_card_differs_in_ids_and_times_only() {
    let now = Moment::parse("2031-02-03T04:05:06.78Z").unwrap();
    let mut config = config();
    config.clock = Arc::new(ManualClock::new(now));
    let running = start_with(config);
    let value = |name: &str| -> Value { serde_json::from_str(&Sample::read("mim", name).reply).unwrap() };
    let base = "/CertificateManagement/api/v1.0";

    let request = id_in(&Sample::read("mim", "post-requests-enroll").play(&running));
    let mut wanted = value("get-request-enroll");
    wanted["Uuid"] = json!(request);
    wanted["Submitted"] = json!("2031-02-03T04:05:06.78Z");
    assert_eq!(get(&running, &format!("{base}/requests/{request}")).body, wanted.to_string());

    let mut body: Value = serde_json::from_str(&Sample::read("mim", "post-smartcards-assign").body).unwrap();
    body["requestid"] = json!(request);
    body["cardid"] = json!("{0A0B0C0D-0102-0304-0506-0708090A0B0C}");
    let assigned = send(&running, "POST", &format!("{base}/smartcards"), &body.to_string());
    assert_eq!(assigned.status, 201, "{assigned:?}");
    let card = id_in(&assigned);
    let mut wanted = value("get-smartcard-by-uuid");
    wanted["Uuid"] = json!(card);
    wanted["SerialNumber"] = json!("{0a0b0c0d-0102-0304-0506-0708090a0b0c}");
    assert_eq!(get(&running, &format!("{base}/smartcards/{card}")).body, wanted.to_string());

    let done = send(&running, "PUT", &format!("{base}/requests/{request}"), r#"{"Status":"completed"}"#);
    let mut wanted = value("put-request-completed");
    wanted["Uuid"] = json!(request);
    wanted["Submitted"] = json!("2031-02-03T04:05:06.78Z");
    wanted["Completed"] = json!("2031-02-03T04:05:06.78Z");
    wanted["NewProfileUuid"] = done.json()["NewProfileUuid"].clone();
    wanted["NewSmartcardUuid"] = json!(card);
    assert_eq!(done.body, wanted.to_string());

    let body = json!({"type": "UNBLOCK", "datacollection": [], "SmartCard": card, "comment": ""});
    let unblock = id_in(&send(&running, "POST", &format!("{base}/requests"), &body.to_string()));
    let mut wanted = value("get-request-unblock");
    wanted["Uuid"] = json!(unblock);
    wanted["Submitted"] = json!("2031-02-03T04:05:06.78Z");
    for field in ["NewProfileUuid", "OldProfileUuid"] {
        wanted[field] = done.json()["NewProfileUuid"].clone();
    }
    for field in ["NewSmartcardUuid", "OldSmartcardUuid"] {
        wanted[field] = json!(card);
    }
    assert_eq!(get(&running, &format!("{base}/requests/{unblock}")).body, wanted.to_string());
}

/// The number of the generation that a sample is of, by its name (README).
fn generation(name: &str) -> u8 {
    let digit = |word: &str| word.strip_prefix('g').and_then(|digit| digit.parse().ok());
    let ends = name.ends_with("-g7").then_some(7);
    name.split('-').next().and_then(digit).or(ends).unwrap_or(6)
}

#[test]
fn each_generation_answers_the_requests_of_its_pages() {
    let names: Vec<_> = std::fs::read_dir(folder("certiflow"))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let mut played = 0;
    for n in 1..=7_u8 {
        let mut config = config();
        config.certiflow = vec![format!("g{n}").parse().unwrap()];
        let running = start_with(config);
        let mut names: Vec<_> = names.iter().filter(|name| generation(name) == n).collect();
        // What reads comes first; a card is disabled before it is enabled, and revoked before it is withdrawn.
        let order = ["disable", "enable", "preupdate", "revoke", "withdraw"];
        names.sort_by_key(|name| order.iter().position(|word| name.ends_with(word)).map_or(0, |place| place + 1));
        let mut operations = Vec::new();
        for name in names {
            let mut sample = Sample::read("certiflow", name);
            // The pages have examples of their own, for which a card of the story stands in: id1 and 1.
            sample.target = sample.target.replace("=id1", "=1065").replace("/Cards/1/", "/Cards/1065/");
            if name.ends_with("withdraw") {
                running.registry().set_state(1013, State::Revoked).unwrap();
            }
            let answer = sample.play(&running);
            if sample.method == "POST" {
                let wanted = if n <= 4 { 204 } else { 200 };
                assert_eq!((answer.status, answer.body.as_str()), (wanted, ""), "{name}: nothing is returned");
                operations.push(name.rsplit('-').next().unwrap().to_owned());
            } else if name.starts_with("g1-") || name.ends_with("getcards-reply") || name == "g2-getcards" {
                // Nobody in the story is called as the users of the pages.
                let wanted = if sample.reply.is_empty() { "[]" } else { &sample.reply };
                assert_eq!(answer.body, wanted, "{name}");
            }
            if name == "g7-card" {
                let listed = Sample::read("certiflow", "cards-reply").reply;
                assert_eq!(format!("[{}]", answer.body), listed, "the card of the sample reply");
            }
            played += 1;
        }
        let done = running.registry().audit(0, 100).unwrap().into_iter();
        let done: Vec<_> = done.filter(|entry| entry.system.is_some()).map(|entry| entry.operation).collect();
        let word = |name: &String| match name.as_str() {
            "disable" => "suspend",
            "enable" => "resume",
            "preupdate" => "pre-update",
            "withdraw" => "retire",
            _ => "revoke",
        };
        assert_eq!(done, operations.iter().map(word).collect::<Vec<_>>(), "G{n}");
    }
    println!("{played} requests of CertiFlow");
    assert!(played == names.len() && played >= 33, "{played}");
}
