//! Every generation of CertiFlow's API, none of which is given: commands work, and what was found out is told once.

mod common;

use cardwright_testkit::generations::Generation;
use common::fake::{Fake, json};
use common::{Done, cardwright, run};

/// What a question asks for that nobody has.
const NOBODY: &str = "0cardwright-no-such-value";

/// A user with two cards, of which one is in use: id 11, serial number AA11.
const USER: &str = "user1@demo.example";

fn ask(url: &str, arguments: &[&str]) -> Done {
    run(cardwright(arguments).env("CARDWRIGHT_URL", url))
}

/// Whether the server was asked which generation it speaks.
fn was_asked(server: &Generation) -> bool {
    server.requests().iter().any(|request| request.contains(NOBODY))
}

#[test]
fn looking_and_changing_work_in_every_generation_and_what_was_found_out_is_told_once() {
    let (mut told, mut ran) = (Vec::new(), 0);
    for generation in 1..=7 {
        let by_user: &[&str] = if generation == 1 { &["--of", USER] } else { &[] };
        for command in [
            &["cards"][..],
            &["card", "11"],
            &["card", "--serial", "aa11"],
            &["operations", "11"],
            &["disable", "11", "--dry-run"],
            &["disable", "--serial", "AA11"],
            &["revoke", "11", "--reason", "CardLost", "--yes"],
            &["bulk", "disable", "--plan"],
        ] {
            let fake = Generation::start(generation);
            let all: &[&str] = if command[0] == "bulk" && generation != 1 { &["--all"] } else { &[] };
            let done = ask(&fake.url(), &[command, by_user, all].concat());
            assert_eq!(done.code, 0, "G{generation} {command:?}: {done:?}\n{:#?}", fake.requests());
            let line = format!("dialect = \"g{generation}\"");
            let asked = was_asked(&fake);
            assert_eq!(done.err.matches("generation was found out").count(), usize::from(asked), "{done:?}");
            assert_eq!(done.err.contains(&line), asked, "G{generation} {command:?}: {done:?}");
            if asked {
                told.push(generation);
            }
            ran += 1;
        }
    }
    assert_eq!(ran, 56);
    told.dedup();
    // In the others each answer told enough.
    assert_eq!(told, [2, 3, 5, 6]);
}

#[test]
fn what_was_found_out_does_not_disturb_json_and_is_left_out_with_quiet() {
    for generation in 1..=7 {
        let fake = Generation::start(generation);
        let of = ["--of", USER];
        let by_user = match generation {
            1 => &of[..],
            2 => &[],
            _ => &["--serial", "AA11"],
        };
        let done = ask(&fake.url(), &[&["cards", "--json"], by_user].concat());
        assert_eq!(done.code, 0, "{done:?}");
        assert!(done.json().as_array().is_some_and(|cards| !cards.is_empty()), "{done:?}");
        if was_asked(&fake) {
            let note: serde_json::Value = serde_json::from_str(&done.err).expect("one line of JSON");
            assert_eq!(note["generation"]["dialect"], format!("G{generation}"), "{note}");
            assert_eq!(note["generation"]["sure"], "shown", "{note}");
            assert_eq!(note["generation"]["profile"], format!("dialect = \"g{generation}\""), "{note}");
        } else {
            assert!(done.err.is_empty(), "{done:?}");
        }
        let quiet = ask(&Generation::start(generation).url(), &[&["cards", "--quiet"], by_user].concat());
        assert_eq!((quiet.code, quiet.err.as_str()), (0, ""), "{quiet:?}");
    }
}

#[test]
fn a_generation_that_is_given_wins_and_nothing_is_told() {
    for generation in 1..=7 {
        let fake = Generation::start(generation);
        let arguments = ["card", "11", "--of", USER];
        let word = format!("g{generation}");
        let mut command = cardwright(&arguments);
        let done = run(command.env("CARDWRIGHT_URL", fake.url()).env("CARDWRIGHT_DIALECT", &word));
        assert_eq!(done.code, 0, "{done:?}");
        assert!(!done.err.contains("found out"), "{done:?}");
    }
    let fake = Generation::start(1);
    let wrong = ask(&fake.url(), &["cards", "--of", USER, "--dialect", "g7"]);
    assert_eq!(wrong.code, 1, "{wrong:?}");
    assert!(wrong.err.contains("does not speak G7") && wrong.err.contains("--dialect g1"), "{wrong:?}");
    assert!(!wrong.err.contains("found out"), "{wrong:?}");
}

#[test]
fn doctor_reports_every_generation_and_the_line_for_the_profile() {
    for generation in 1..=7 {
        let fake = Generation::start(generation);
        let done = ask(&fake.url(), &["doctor"]);
        let line = done.out.lines().find(|line| line.split_whitespace().nth(1) == Some("dialect"));
        let line = line.unwrap_or_else(|| panic!("G{generation}: {done:?}"));
        assert!(line.contains(&format!("G{generation}")), "G{generation}: {line}");
        assert!(line.contains(&format!("dialect = \"g{generation}\"")), "G{generation}: {line}");
        assert!(!done.err.contains("found out"), "{done:?}");
        let report = ask(&Generation::start(generation).url(), &["doctor", "--json"]).json();
        assert_eq!(report["generation"]["dialect"], format!("G{generation}"), "{report}");
        assert_eq!(report["generation"]["sure"], "shown", "{report}");
        assert!(fake.requests().iter().all(|request| request.starts_with("GET ")), "{:?}", fake.requests());
    }
}

#[test]
fn the_help_names_all_generations() {
    let help = run(&mut cardwright(&["cards", "--help"]));
    let text = help.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for generation in 1..=7 {
        assert!(text.contains(&format!("g{generation}")), "{text}");
    }
    assert!(text.contains("g1 (Indeed CM up to 5.7)") && text.contains("Default: found out"), "{text}");
}

/// Indeed CM 7.1 with a register of five entries, two at a page at most, and one of them twice.
fn with_register() -> Fake {
    const ENTRIES: [&str; 5] = [
        r#"{"id":1,"objectType":"Card","n":1.50}"#,
        r#"{"id":2,"objectType":"Card"}"#,
        r#"{"id":2,"objectType":"Card"}"#,
        r#"{ "id": 3, "имя": "ключ" }"#,
        r#"{"id":4}"#,
    ];
    Fake::answering(|line, _| {
        let Some(query) = line.strip_prefix("GET /cm/api/Skzi?") else { return json("{\"title\":\"Not Found\"}") };
        let number = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(its, _)| *its == name).and_then(|(_, value)| value.parse::<usize>().ok())
        };
        let (offset, count) = (number("offset").expect("an offset"), number("count").expect("a count").min(2));
        let page: Vec<&str> = ENTRIES.iter().copied().skip(offset).take(count).collect();
        json(&format!("[{}]", page.join(",")))
    })
}

#[test]
fn the_register_of_skzi_is_a_line_for_each_entry_as_it_was_sent() {
    let fake = with_register();
    let done = ask(&fake.url("/cm/api"), &["skzi", "--object-type", "Card", "--of", "Ivan Petrov"]);
    assert_eq!(done.code, 0, "{done:?}");
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!(lines.len(), 4, "{done:?}");
    assert_eq!((lines[0], lines[2]), (r#"{"id":1,"objectType":"Card","n":1.50}"#, r#"{ "id": 3, "имя": "ключ" }"#));
    let requests = fake.requests();
    assert!(
        requests[0].starts_with("GET /cm/api/Skzi?objectType=Card&userName=Ivan%20Petrov&offset=0&"),
        "{requests:?}"
    );
    let list = ask(&with_register().url("/cm/api"), &["skzi", "--limit", "3", "--json"]);
    assert_eq!(list.json().as_array().map(Vec::len), Some(3), "{list:?}");
}

#[test]
fn a_server_without_the_register_says_so_and_an_older_generation_is_named() {
    for generation in 1..=7 {
        let fake = Generation::start(generation);
        let done = ask(&fake.url(), &["skzi"]);
        let expected = if generation == 7 { (4, "only Indeed CM 7.1 has this register") } else { (2, "Skzi") };
        assert_eq!(done.code, expected.0, "G{generation}: {done:?}");
        assert!(done.err.contains(expected.1), "G{generation}: {done:?}");
        assert!(done.out.is_empty(), "{done:?}");
        if generation <= 4 {
            assert!(fake.requests().is_empty(), "no generation there has it: {:?}", fake.requests());
        }
        let given = ask(&fake.url(), &["skzi", "--dialect", "g6"]);
        assert!(given.code == 2 && given.err.contains("G6"), "{given:?}");
    }
    let mim = ask("http://127.0.0.1:1/CertificateManagement", &["skzi"]);
    assert_eq!(mim.code, 2, "{mim:?}");
}
