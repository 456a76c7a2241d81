//! The transcript in the book is what the demo prints, and the examples of README and the book run.

mod common;

use cardwright_server::{Bearer, KeySource, seed};
use cardwright_testkit::gateway::Gateway;
use cardwright_testkit::issuer::{AUDIENCE, CLIENT, Issuer, SECRET};
use common::{PASSWORD, cardwright, run, server};
use std::path::PathBuf;

/// A file of the repository, named from its root: where it is, and its text.
fn page(name: &str) -> (PathBuf, String) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    (path, text)
}

/// What stands between two lines of a text, without them.
fn between<'t>(text: &'t str, begin: &str, end: &str) -> &'t str {
    let start = text.find(begin).unwrap_or_else(|| panic!("no {begin}")) + begin.len();
    let length = text[start..].find(end).unwrap_or_else(|| panic!("no {end}"));
    &text[start..start + length]
}

/// A transcript without what differs from run to run: values, and the cards that expire soonest.
fn lasting(transcript: &str) -> String {
    let mut lines = Vec::new();
    let mut soon = false;
    for line in transcript.lines() {
        // The three rows under "the first of them" name other cards every day.
        if soon && line.starts_with("  ") {
            lines.push("  row".to_string());
            continue;
        }
        soon = line.contains("the first of them");
        let indent = if line.starts_with(' ') { "  " } else { "" };
        let words: Vec<String> = line.split_whitespace().map(without_value).collect();
        let mut text = format!("{indent}{}", words.join(" "));
        // How many certificates an operation held or revoked depends on those that have expired by now.
        for effect in ["; # revoked", " # held", " # released"] {
            text = text.strip_suffix(effect).unwrap_or(&text).to_string();
        }
        lines.push(text);
    }
    lines.join("\n")
}

/// A word as it stands, or `#` for a number, a hexadecimal value, a GUID, a date or a time, and for a port.
fn without_value(word: &str) -> String {
    let value = word.trim_matches(|c: char| !c.is_alphanumeric());
    let is_value = value.contains(|c: char| c.is_ascii_digit())
        && value.chars().all(|c| c.is_ascii_hexdigit() || "-:.,TZ".contains(c));
    match word.rsplit_once(':') {
        _ if is_value => word.replace(value, "#"),
        Some((host, port)) if !port.is_empty() && port.chars().all(|c| c.is_ascii_digit()) => format!("{host}:#"),
        _ => word.to_string(),
    }
}

#[test]
fn words_are_compared_and_values_are_not() {
    for (one, other) in [
        ("10,006 cards  http://127.0.0.1:45087", "9 cards  http://127.0.0.1:80"),
        ("1,130 cards in 0.16 s; the rest", "2 cards in 1.5 s; the rest"),
        ("id {d1ef6869-5517-42a0-8f05-16ca1a0b834d}  ATR 3B8D01", "id {00000000-0000-0000-0000-000000000000}  ATR 3B"),
        ("2026-11-22T02:04:16Z  MIM  (409)", "2027-01-01T00:00:00Z  MIM  (500)"),
        ("Disable  Issued  1 held", "Disable  Issued"),
        ("Revoke  CardLost; 1 revoked", "Revoke  CardLost"),
        ("x; the first of them:\n  2026-11-22, today  A", "x; the first of them:\n  2026-11-23, tomorrow  B"),
    ] {
        assert_eq!(lasting(one), lasting(other));
    }
    for (one, other) in
        [("the record", "the recede"), ("added", "faded"), ("T=1", "T=0"), ("x: 1", "y: 1"), ("  a", "a")]
    {
        assert_ne!(lasting(one), lasting(other));
    }
}

/// Around the transcript.
const BEGIN: &str = "<!-- transcript: demo -->\n```text\n";
const END: &str = "```\n<!-- /transcript -->";

/// What the demo says where it cannot have a reader.
const NO_READER: &str = "no reader of the demo's own";

/// A transcript without what only the reader's presence tells: the first part, and the search by guesses.
fn without_reader(transcript: &str) -> String {
    let (head, rest) = transcript.split_once("\nA card").expect("the part about the card");
    let (_, rest) = rest.split_once("\n\n").expect("another part");
    let lines = rest.lines().filter(|line| !line.starts_with("  asked for "));
    format!("{head}\n{}\n", lines.collect::<Vec<_>>().join("\n"))
}

#[test]
fn without_a_reader_the_demo_says_so_and_does_the_rest() {
    // Without the programs that make a reader of its own.
    let demo = run(cardwright(&["demo", "--color", "never"]).env("PATH", "/nowhere"));
    assert_eq!(demo.code, 0, "{demo:?}");
    assert!(demo.out.contains(NO_READER), "{demo:?}");
    let (_, text) = page("docs/start.md");
    let printed = between(&text, BEGIN, END);
    assert_eq!(lasting(&without_reader(printed)), lasting(&without_reader(&demo.out)));
}

#[test]
fn the_transcript_is_what_the_demo_prints() {
    let demo = run(&mut cardwright(&["demo", "--color", "never"]));
    assert_eq!(demo.code, 0, "{demo:?}");
    let (path, text) = page("docs/start.md");
    let printed = between(&text, BEGIN, END);
    if std::env::var_os("CARDWRIGHT_WRITE_TRANSCRIPT").is_some() {
        let text = text.replace(&format!("{BEGIN}{printed}{END}"), &format!("{BEGIN}{}{END}", demo.out));
        std::fs::write(path, text).expect("written");
        return;
    }
    let (mut printed, mut shown) = (printed.to_string(), demo.out.clone());
    if demo.out.contains(NO_READER) {
        assert!(std::env::var_os("CI").is_none(), "no reader, and CI must have one: {}", demo.out);
        eprintln!("SKIPPED: the part with a reader: there is none of the demo's own");
        (printed, shown) = (without_reader(&printed), without_reader(&shown));
    }
    assert_eq!(
        lasting(&printed),
        lasting(&shown),
        "the transcript in docs/start.md is old: CARDWRIGHT_WRITE_TRANSCRIPT=1 cargo test -p cardwright-cli --test readme, then cargo xtask gen"
    );
    assert!(demo.out.lines().count() <= 50, "more than a screen");
}

/// The commands of an example.
fn commands<'t>(text: &'t str, name: &str) -> Vec<Vec<&'t str>> {
    let lines = between(text, &format!("<!-- run: {name} -->\n```sh\n"), "```").lines();
    let commands: Vec<Vec<&str>> = lines
        .map(|line| {
            let words: Vec<&str> = line.split('#').next().unwrap_or(line).split_whitespace().collect();
            let Some((&"cardwright", arguments)) = words.split_first() else { panic!("not the command: {line}") };
            arguments.to_vec()
        })
        .collect();
    println!("{name}: {} examples", commands.len());
    commands
}

#[test]
fn the_examples_for_a_terminal_run() {
    for name in ["README.md", "docs/command-line.md"] {
        // Each page begins with the cards of a fresh registry.
        let running = server();
        let (_, text) = page(name);
        let commands = commands(&text, "terminal");
        assert!(commands.len() >= 5);
        for arguments in commands {
            let done = run(cardwright(&arguments)
                .env("CARDWRIGHT_URL", running.certiflow_url())
                .env("CARDWRIGHT_USER", "administrator")
                .env("CARDWRIGHT_PASSWORD", PASSWORD));
            assert_eq!(done.code, 0, "{name}: {arguments:?}: {done:?}");
        }
    }
}

#[test]
fn the_examples_for_proxies_run_through_one() {
    let (running, proxy) = (server(), Gateway::open());
    let (_, text) = page("docs/proxies.md");
    let text = text.replace("http://proxy.example.com:3128", &proxy.url());
    let mut through = Vec::new();
    for arguments in commands(&text, "proxies") {
        let before = proxy.seen().len();
        let done = run(cardwright(&arguments)
            .env("CARDWRIGHT_URL", running.certiflow_url())
            .env("CARDWRIGHT_USER", "administrator")
            .env("CARDWRIGHT_PASSWORD", PASSWORD));
        assert_eq!(done.code, 0, "{arguments:?}: {done:?}");
        through.push(proxy.seen().len() > before);
    }
    assert_eq!(through, [true, false, true]);
    assert!(proxy.seen().iter().all(|seen| seen.head.contains(" http://127.0.0.1:")), "in absolute form");
}

#[test]
fn the_examples_for_many_cards_run() {
    let running = server();
    seed::synthetic(running.registry(), 100, 8).expect("cards");
    let (_, text) = page("docs/bulk.md");
    let commands = commands(&text, "bulk");
    assert!(commands.len() >= 4);
    let folder = common::process::folder("readme-bulk");
    std::fs::create_dir_all(&folder).expect("a folder");
    // Three of the cards that the examples before disable.
    let first = common::certiflow(&running, &["cards", "--state", "Issued", "--limit", "3", "--json"]).json();
    let ids: Vec<String> = first.as_array().expect("a list").iter().map(|card| format!("{}\n", card["id"])).collect();
    std::fs::write(folder.join("ids.txt"), ids.concat()).expect("written");
    for arguments in commands {
        let mut command = cardwright(&arguments);
        command.env("CARDWRIGHT_URL", running.certiflow_url()).env("CARDWRIGHT_USER", "administrator");
        let done = run(command.env("CARDWRIGHT_PASSWORD", PASSWORD).current_dir(&folder));
        assert_eq!(done.code, 0, "{arguments:?}: {done:?}");
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[cfg(all(target_os = "linux", feature = "reader"))]
#[test]
fn the_examples_for_a_reader_run() {
    cardwright_testkit::readers::in_lab("the_examples_for_a_reader_run", |lab| {
        let running = server();
        let _card = lab.insert(0, cardwright_testkit::readers::script("gids"));
        let (_, text) = page("docs/readers.md");
        let commands = commands(&text, "reader");
        assert!(commands.len() >= 5);
        for arguments in commands {
            let done = common::mim(&running, &arguments);
            assert_eq!(done.code, 0, "{arguments:?}: {done:?}");
        }
    });
}

/// The examples for tokens, certificates and a server for others, with addresses and files of the test's.
#[test]
fn the_examples_for_tokens_run() {
    let issuer = Issuer::start();
    issuer.state().device = serde_json::json!({ "interval": 0.2 });
    let bearer = Bearer::new(issuer.url(), AUDIENCE, KeySource::Discovery);
    let running = common::server_with(|config| config.bearer = Some(bearer));
    let (_, text) = page("docs/tokens.md");
    let folder = common::process::folder("readme-oidc");
    std::fs::create_dir_all(&folder).expect("a folder");
    let config = between(&text, "<!-- config: oidc -->\n```toml\n", "```")
        .replace("https://cm.example.com/certiflow/api", &running.certiflow_url())
        .replace("https://adfs.example.com/adfs", &issuer.url())
        .replace(r#"client_id = "cardwright""#, &format!(r#"client_id = "{CLIENT}""#));
    std::fs::write(folder.join("config.toml"), config).expect("written");
    std::fs::write(folder.join("client.secret"), SECRET).expect("written");
    let commands = commands(&text, "oidc");
    assert!(commands.len() >= 3);
    for arguments in commands {
        let mut command = cardwright(&arguments);
        let done = run(command.current_dir(&folder).env("CARDWRIGHT_CONFIG", "config.toml"));
        assert_eq!(done.code, 0, "{arguments:?}: {done:?}");
    }
    assert!(folder.join("token.json").exists());
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn the_examples_with_certificates_run() {
    let issuer = Issuer::start();
    let running = server();
    let folder = common::process::folder("readme-certificates");
    std::fs::create_dir_all(&folder).expect("a folder");
    let made = rcgen::generate_simple_self_signed(vec!["cards.example.com".into()]).expect("a certificate");
    for (name, text) in [
        ("client.pem", made.cert.pem()),
        ("client.key", made.signing_key.serialize_pem()),
        ("chain.pem", made.cert.pem()),
        ("server.key", made.signing_key.serialize_pem()),
    ] {
        std::fs::write(folder.join(name), text).expect("written");
    }
    let (_, text) = page("docs/certificates.md");
    let both = "client.pem -inkey client.key -out client.p12 -passout pass:hush";
    let made = std::process::Command::new("openssl")
        .args(format!("pkcs12 -export -in {both}").split(' '))
        .current_dir(&folder)
        .status();
    std::fs::write(folder.join("client.password"), "hush\n").expect("written");
    let has_openssl = made.is_ok_and(|status| status.success());
    assert!(has_openssl || std::env::var_os("CI").is_none(), "openssl is needed");
    for arguments in [commands(&text, "certificate"), commands(&text, "certificate-locked")].concat() {
        if !has_openssl && arguments.contains(&"client.p12") {
            eprintln!("SKIPPED: there is no openssl, so no PKCS #12 file was read");
            continue;
        }
        let mut command = cardwright(&arguments);
        let command = command.current_dir(&folder).env("CARDWRIGHT_URL", running.certiflow_url());
        let done = run(command.env("CARDWRIGHT_USER", "administrator").env("CARDWRIGHT_PASSWORD", PASSWORD));
        assert_eq!(done.code, 0, "{arguments:?}: {done:?}");
    }
    let (_, text) = page("docs/serve.md");
    std::fs::write(folder.join("root.password"), "a password of the page\n").expect("written");
    let accounts = commands(&text, "serve-accounts");
    let [add, serve] = accounts.as_slice() else { panic!("{accounts:?}") };
    let added = run(cardwright(add).current_dir(&folder));
    assert_eq!((added.code, added.out.as_str()), (0, "root is added\n"), "{added:?}");
    let server = common::process::Process::start_in(&folder, &serve[1..]);
    assert_eq!((server.user.is_empty(), server.stop()), (true, Some(0)));
    let text = text.replace("0.0.0.0:8443", "127.0.0.1:0").replace("https://issuer.example.com", &issuer.url());
    let servers = commands(&text, "serve");
    assert!(servers.len() >= 2);
    for arguments in servers {
        let server = common::process::Process::start_in(&folder, &arguments[1..]);
        assert!(server.url.starts_with("https://"), "{arguments:?}");
        assert_eq!(server.stop(), Some(0), "{arguments:?}");
    }
    assert!(folder.join("server.pem").exists());
    let servers = commands(&text, "serve-generations");
    assert!(servers.len() >= 2);
    for arguments in servers {
        let server = common::process::Process::start_in(&folder, &arguments[1..]);
        assert_eq!(server.stop(), Some(0), "{arguments:?}");
    }
    // The same settings in a file.
    let config = between(&text, "<!-- config: serve -->\n```toml\n", "```");
    assert!(config.lines().filter(|line| line.contains(" = ")).count() >= 7);
    std::fs::write(folder.join("serve.toml"), config).expect("written");
    let servers = commands(&text, "serve-config");
    assert!(servers.len() >= 2);
    for arguments in servers {
        let server = common::process::Process::start_in(&folder, &arguments[1..]);
        assert!(server.url.starts_with("https://"), "{arguments:?}");
        assert_eq!(server.stop(), Some(0), "{arguments:?}");
    }
    assert!(folder.join("data/registry.sqlite").exists());
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn the_examples_of_backups_run_and_the_errors_are_those_of_the_page() {
    let (_, text) = page("docs/backup.md");
    let folder = common::process::folder("readme-backup");
    std::fs::create_dir_all(&folder).expect("a folder");
    let here = |arguments: &[&str]| run(cardwright(arguments).current_dir(&folder));
    assert_eq!(here(&["seed", "--data", "data", "--cards", "30"]).code, 0);
    let server = common::process::Process::start_in(&folder, &["--data", "data"]);
    for arguments in commands(&text, "backup") {
        assert_eq!(here(&arguments).code, 0, "{arguments:?}");
    }
    assert_eq!(server.stop(), Some(0));
    let restore = between(&text, "<!-- run: restore -->\n```sh\n", "```");
    for line in restore.lines() {
        let Some(arguments) = line.strip_prefix("cardwright serve ") else {
            let mut shell = std::process::Command::new("/bin/sh");
            assert!(shell.args(["-c", line]).current_dir(&folder).status().expect("a shell").success(), "{line}");
            continue;
        };
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let server = common::process::Process::start_in(&folder, &arguments);
        assert!(server.first.contains("serves 36 cards"), "{}", server.first);
        assert_eq!(server.stop(), Some(0));
    }
    // Each error of the table, by what happened.
    let rows = between(&text, "|---|---|---|\n", "\n\n");
    let errors: Vec<&str> = rows.lines().filter_map(|row| row.split('`').nth(1)).collect();
    assert_eq!(errors.len(), 5);
    let file = folder.join("data/registry.sqlite");
    let whole = std::fs::read(&file).expect("a registry");
    let mut nothing = whole.get(..4096).expect("a page").to_vec();
    // A database of one empty page: its size, no schema, no version and no application.
    for (at, bytes) in [(28, 1_u32), (32, 0), (36, 0), (40, 1), (60, 0), (68, 0)] {
        nothing[at..at + 4].copy_from_slice(&bytes.to_be_bytes());
    }
    nothing[100..].fill(0);
    nothing[100..108].copy_from_slice(&[0x0D, 0, 0, 0, 0, 0x10, 0, 0]);
    let cut = whole.get(..whole.len() / 2).map(<[u8]>::to_vec);
    let found = [cut, Some(Vec::new()), None, Some(nothing), Some(b"text".repeat(2000))];
    for (error, content) in errors.iter().zip(found) {
        match content {
            Some(content) => std::fs::write(&file, content).expect("written"),
            None => std::fs::remove_file(&file).expect("removed"),
        }
        let refused = here(&["serve", "--data", "data"]);
        assert_eq!(refused.code, 1, "{error}: {refused:?}");
        assert!(refused.err.contains(error) && refused.err.contains("docs/backup.md"), "{error}: {refused:?}");
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn the_profile_is_one_and_its_examples_run() {
    let running = server();
    let (_, text) = page("docs/profiles.md");
    let config = between(&text, "<!-- config: profile -->\n```toml\n", "```");
    // Its server, user and program stand for the reader's own.
    let config = config
        .replace("https://cm.example.com/certiflow/api", &running.certiflow_url())
        .replace(r"EXAMPLE\operator", "administrator")
        .replace(r#"["pass", "show", "cardwright/test"]"#, &format!(r#"["printf", "%s", "{PASSWORD}"]"#));
    let folder = common::process::folder("readme");
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("config.toml");
    std::fs::write(&file, config).expect("a file");
    #[cfg(unix)]
    for (place, mode) in [(&folder, 0o700), (&file, 0o600)] {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(place, std::fs::Permissions::from_mode(mode)).expect("a mode");
    }
    let commands = commands(&text, "profile");
    assert!(commands.len() >= 3);
    for arguments in commands {
        let mut command = cardwright(&arguments);
        command.current_dir(&folder).env("CARDWRIGHT_CONFIG", &file).env("PATH", "/usr/bin:/bin");
        let done = run(&mut command);
        assert_eq!(done.code, 0, "{arguments:?}: {done:?}");
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}

/// The examples of the page about the log, requests and accounts, with a request and files of the test's.
#[test]
fn the_examples_of_who_did_what_run() {
    let running = common::server_with(|config| {
        config.operator = true;
        config.switches.set("own-approval", "on").expect("a switch");
    });
    let (_, text) = page("docs/who-did-what.md");
    let folder = common::process::folder("readme-who");
    std::fs::create_dir_all(&folder).expect("a folder");
    for name in ["root", "ann"] {
        std::fs::write(folder.join(format!("{name}.password")), "of the test\n").expect("written");
    }
    assert_eq!(common::certiflow(&running, &["disable", "1065"]).code, 0);
    let asked = common::mim(&running, &["retire", "d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32", "--yes", "--json"]);
    let request = asked.json()["request"].as_str().expect("a request").to_string();
    let text = text.replace("97c8a31e-66f3-47d4-9101-36215204cfcb", &request);
    let mut seen = 0;
    for name in ["history", "approvals", "first-account", "accounts"] {
        for arguments in commands(&text, name) {
            let url = if name == "approvals" { running.mim_url() } else { running.certiflow_url() };
            let mut command = cardwright(&arguments);
            let command = command.current_dir(&folder).env("CARDWRIGHT_URL", url);
            let done = run(command.env("CARDWRIGHT_USER", "administrator").env("CARDWRIGHT_PASSWORD", PASSWORD));
            assert_eq!(done.code, 0, "{arguments:?}: {done:?}");
            seen += 1;
        }
    }
    assert!(seen > 10);
    std::fs::remove_dir_all(&folder).expect("removed");
}
