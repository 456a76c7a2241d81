//! Files as programs of Windows write them: a byte order mark, CR LF, UTF-16. Each option that reads a text reads them all.

mod common;

use common::process::{Process, folder};
use common::{PASSWORD, cardwright, run, server};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// A folder of a test's own, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = folder(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }

    /// A file for its owner alone.
    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let file = self.0.join(name);
        std::fs::write(&file, bytes).expect("a file");
        #[cfg(unix)]
        for (path, mode) in [(&self.0, 0o700), (&file, 0o600)] {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
        }
        file.to_str().expect("UTF-8").to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A text with the line ends of Windows, in each way that its programs write it.
fn spellings(text: &str) -> Vec<Vec<u8>> {
    let text = text.replace('\n', "\r\n");
    let wide = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| {
        mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect::<Vec<u8>>()
    };
    vec![
        text.as_bytes().to_vec(),
        [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat(),
        wide([0xFF, 0xFE], u16::to_le_bytes),
        wide([0xFE, 0xFF], u16::to_be_bytes),
    ]
}

#[test]
fn a_list_of_cards_a_password_and_a_profile_are_read_in_each_encoding() {
    let running = server();
    let url = running.certiflow_url();
    let folder = Folder::new("text-files");
    let profile =
        format!("# é\n[profile.test]\nurl = \"{url}\"\nuser = \"administrator\"\npassword_file = \"password\"\n");
    let lists = [("ids", "# who left\n1013\n\n1065\n"), ("serials", "02A1B3C4\n")];
    for n in 0..4 {
        folder.file("password", &spellings(&format!("{PASSWORD}\nmore\n"))[n]);
        let config = folder.file("config.toml", &spellings(&profile)[n]);
        let ask = |arguments: &[&str]| cardwright(&[arguments, &["--profile", "test", "--config", &config]].concat());
        let listed = run(&mut ask(&["cards", "--limit", "1"]));
        assert_eq!((listed.code, listed.err.contains("warning")), (0, false), "{n}: {listed:?}");
        for (kind, list) in lists {
            let list = &spellings(list)[n];
            let (cards, option) = if kind == "ids" { ("2 cards", "--all") } else { ("1 card,", "--serials") };
            let options = if option == "--all" { vec![] } else { vec![option] };
            let file = folder.file("list.txt", list);
            let plan = run(&mut ask(&[&["bulk", "disable", "--plan", "--from", &file][..], &options].concat()));
            assert!(plan.code == 0 && plan.err.contains(cards), "{n}: {plan:?}");
            let mut command = ask(&[&["bulk", "disable", "--plan", "--from", "-"][..], &options].concat());
            let input = std::fs::File::open(&file).expect("a file");
            let plan = run(command.stdin(Stdio::from(input)));
            assert!(plan.code == 0 && plan.err.contains(cards), "{n}: {plan:?}");
        }
        // A program's output too.
        let file = folder.file("password", &spellings(PASSWORD)[n]);
        let command = format!("cat {file}");
        let given = ["cards", "--limit", "1", "--url", &url, "--user", "viewer", "--password-command", &command];
        let listed = run(cardwright(&given).env("PATH", "/usr/bin:/bin"));
        assert_eq!(listed.code, 0, "{n}: {listed:?}");
    }
    // A wrong password is none that is sent: it would count.
    let unmarked: Vec<u8> = PASSWORD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = folder.file("password", &unmarked);
    let refused = run(&mut cardwright(&["cards", "--url", &url, "--user", "viewer", "--password-file", &file]));
    assert!(refused.code == 2 && refused.err.contains("UTF-16 without a byte order mark"), "{refused:?}");
}

#[test]
fn a_server_reads_its_settings_and_its_cards_in_each_encoding() {
    let folder = Folder::new("text-serve");
    let cards = "id,serialNumber,label,state,tags\n7,AB01,\"see;'=1+2\",Clean,a;'+1\n";
    for n in 0..4 {
        let config = folder.file("serve.toml", &spellings("cards = 3\n[switch]\nrefusal = '400'\n")[n]);
        let server = Process::start(&["--config", &config]);
        assert!(server.first.contains(" 9 "), "three, and the six of the documents: {}", server.first);
        let data = folder.0.join(format!("data{n}"));
        let data = data.to_str().expect("UTF-8");
        let list = folder.file("cards.csv", &spellings(cards)[n]);
        let seeded = run(&mut cardwright(&["seed", "--data", data, "--from", &list, "--json"]));
        assert_eq!(seeded.code, 0, "{n}: {seeded:?}");
        assert_eq!(seeded.json()["cards"], 1);
    }
    // What was guarded against spreadsheets comes back the same.
    let data = folder.0.join("data0");
    let server = Process::start(&["--cards", "0", "--data", data.to_str().expect("UTF-8")]);
    let card = server.ask(&["card", "7", "--json"]).json();
    assert_eq!(card["card"]["label"], "see;=1+2");
    assert_eq!(card["card"]["tags"], serde_json::json!(["a", "+1"]));
    let csv = server.ask(&["cards", "--format", "csv", "--serial", "AB01"]);
    assert!(csv.out.contains("see;'=1+2") && csv.out.contains("a;'+1"), "{csv:?}");
}

#[test]
fn atrs_are_read_in_each_encoding() {
    let folder = Folder::new("text-atr");
    let atr = "3b8d0180fba000000397425446590301c8\n";
    for bytes in spellings(&atr.repeat(2)) {
        let file = std::fs::File::open(Path::new(&folder.file("atrs.txt", &bytes))).expect("a file");
        let told = run(cardwright(&["atr", "-", "--json"]).stdin(Stdio::from(file)));
        assert_eq!((told.code, told.out.lines().count(), told.out.contains("error")), (0, 2, false), "{told:?}");
    }
}
