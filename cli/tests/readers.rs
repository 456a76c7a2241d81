//! The commands for readers and cards, on a pcscd of the test's own.

#![cfg(all(target_os = "linux", feature = "reader"))]

mod common;

use cardwright_core::Code;
use cardwright_reader::virtual_card::{Answer, Program, VirtualCard};
use cardwright_testkit::readers::{self as lab, READERS, in_lab, script};
use common::{cardwright, run};
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A command that goes on, and its lines.
struct Going(Child, std::io::Lines<BufReader<ChildStdout>>);

impl Going {
    fn start(arguments: &[&str]) -> Self {
        let mut child = cardwright(arguments).stdout(Stdio::piped()).spawn().expect("the command runs");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        Going(child, lines)
    }

    /// The next line that has this in it.
    fn line(&mut self, with: &str) -> String {
        self.1.by_ref().map_while(Result::ok).find(|line| line.contains(with)).unwrap_or_else(|| panic!("no {with}"))
    }

    /// Ends it as Ctrl-C does.
    fn interrupt(mut self) -> Option<i32> {
        let asked = Command::new("kill").args(["-INT", &self.0.id().to_string()]).status().expect("kill runs");
        assert!(asked.success());
        self.0.wait().expect("it ends").code()
    }
}

#[test]
fn readers_are_listed_as_a_table_and_as_json() {
    in_lab("readers_are_listed_as_a_table_and_as_json", |lab| {
        let _card = lab.insert(0, script("gids"));
        let table = run(&mut cardwright(&["readers"]));
        assert_eq!((table.code, table.out.lines().count()), (0, 3), "{table:?}");
        assert!(table.out.contains("3B8D0180FBA000000397425446590301C8"), "{table:?}");
        let json = run(&mut cardwright(&["readers", "--json"])).json();
        assert_eq!(json[0]["name"], READERS[0]);
        assert_eq!((&json[0]["state"], &json[1]["state"]), (&"card".into(), &"empty".into()));
        assert!(json[1]["atr"].is_null());
        lab.kill_service();
        let lost = run(&mut cardwright(&["readers", "--json"]));
        assert_eq!(lost.code, 6, "{lost:?}");
        assert!(lost.err.contains("501") && lost.err.contains("pcscd"), "{lost:?}");
    });
}

#[test]
fn commands_go_to_the_card_and_their_status_is_explained() {
    in_lab("commands_go_to_the_card_and_their_status_is_explained", |lab| {
        assert_eq!(run(&mut cardwright(&["apdu", "00A40400"])).code, 4, "no card");
        let _first = lab.insert(0, script("gids"));
        let done = run(&mut cardwright(&["apdu", "00 CB A0 12 04 5C 02 DF 20 00", "00:A4:04:00"]));
        assert_eq!(done.code, 0, "{done:?}");
        assert!(done.out.contains("DF20106968EFD1") && done.out.contains("9000  done"), "{done:?}");
        assert!(done.out.contains("6D00  instruction not supported"), "{done:?}");
        let json = run(&mut cardwright(&["apdu", "--json", "00A40400"])).json();
        assert_eq!((&json[0]["sw"], &json[0]["data"]), (&"6D00".into(), &"".into()));
        let _second = lab.insert(1, script("mifare"));
        let several = run(&mut cardwright(&["apdu", "FFCA000000"]));
        assert_eq!(several.code, 2, "{several:?}");
        assert!(several.err.contains("several readers") && several.err.contains("--reader"), "{several:?}");
        let done = run(&mut cardwright(&["apdu", "FFCA000000", "--reader", "00 01"]));
        assert!(done.out.contains("04A1B2C3D4E580"), "{done:?}");
        assert_eq!(run(&mut cardwright(&["apdu", "FFCA000000", "--reader", "no such"])).code, 4);
        for wrong in ["0", "0G", "00A4040"] {
            assert_eq!(run(&mut cardwright(&["apdu", wrong])).code, 2, "{wrong}");
        }
    });
}

#[test]
fn a_pin_is_not_shown_and_not_left_verified() {
    in_lab("a_pin_is_not_shown_and_not_left_verified", |lab| {
        let file = "/run/commands";
        let from_file = |text: &str, arguments: &[&str]| {
            std::fs::write(file, text).expect("a file");
            let mut command = cardwright(&[&["apdu", "-"], arguments].concat());
            let out = command.stdin(std::fs::File::open(file).expect("a file")).output().expect("it runs");
            (out.status.code(), String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned())
        };
        let _card = lab.insert(0, script("gids"));
        let mut other = cardwright_reader::Session::connect(READERS[0]).expect("a session");
        for arguments in [&[][..], &["--json"]] {
            other.send(&[0x00, 0xA4, 0x04, 0x00]).expect("an answer");
            let (code, said) = from_file("00A40400\n", arguments);
            assert_eq!((code, other.resets()), (Some(0), 0), "{said}");
            other.send(&[0x00, 0xA4, 0x04, 0x00]).expect("nothing was reset");
            let (code, said) = from_file("00A40400\n\n00200080 06 313233343536\n", arguments);
            assert_eq!(code, Some(0), "{said}");
            assert!(said.contains("0020008006…") && !said.contains("3132"), "{said}");
            assert_eq!(other.send(&[0x00, 0xA4, 0x04, 0x00]).expect_err("reset").code(), Code::CardReset);
            other = cardwright_reader::Session::connect(READERS[0]).expect("a session");
        }
        let (code, said) = from_file("00A40400\n00200080 06 3132G3343536\n", &[]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("line 2: column 17: 'G'") && !said.contains("3132"), "{said}");
        let (code, said) = from_file(&"00 ".repeat(400_000), &[]);
        assert!(code == Some(2) && said.contains("1 MiB"), "{said}");
    });
}

#[test]
fn what_was_exchanged_before_a_card_was_pulled_is_told() {
    in_lab("what_was_exchanged_before_a_card_was_pulled_is_told", |lab| {
        let answer = |command: &[u8]| match command {
            [_, 0xFF, ..] => Answer::Removal,
            _ => Answer::Bytes(vec![0x90, 0x00]),
        };
        let _card = lab.insert(0, Program { atr: script("gids").atr(), answer });
        let done = run(&mut cardwright(&["apdu", "--json", "00A40400", "0020008000023132", "00FF0000"]));
        assert_eq!(done.code, 4, "{done:?}");
        let told = done.json();
        assert_eq!(told.as_array().map(Vec::len), Some(2), "{told}");
        assert_eq!((&told[0]["command"], &told[1]["sw"]), (&"00A40400".into(), &"9000".into()));
        assert!(done.err.contains("removed") && !done.err.contains("not reset"), "{done:?}");
    });
}

#[test]
fn a_sequence_is_sent_to_its_end_where_nobody_reads() {
    in_lab("a_sequence_is_sent_to_its_end_where_nobody_reads", |lab| {
        static SENT: AtomicUsize = AtomicUsize::new(0);
        let answer = |command: &[u8]| match command {
            [0x80, 0xFF, ..] => Answer::Removal,
            [0x80, ..] => {
                SENT.fetch_add(1, Ordering::SeqCst);
                Answer::Bytes(vec![0x90, 0x00])
            }
            _ => Answer::Bytes(vec![0x6D, 0x00]),
        };
        let _card = lab.insert(0, Program { atr: script("gids").atr(), answer });
        for (last, code, sent) in [("80030000", 0, 3), ("80FF0000", 4, 5)] {
            let (reader, writer) = std::io::pipe().expect("a pipe");
            drop(reader);
            let done = cardwright(&["apdu", "80010000", "80020000", last]).stdout(writer).output().expect("it runs");
            assert_eq!((done.status.code(), SENT.load(Ordering::SeqCst)), (Some(code), sent), "{done:?}");
        }
    });
}

#[test]
fn a_watch_prints_a_line_for_each_event() {
    in_lab("a_watch_prints_a_line_for_each_event", |lab| {
        let mut json = Going::start(&["watch", "--json"]);
        let mut text = Going::start(&["watch", "--events", "4", "--for", "60"]);
        for _ in READERS {
            assert!(json.line("").contains("\"reader_added\""));
            text.line("reader in");
        }
        let card = lab.insert(1, script("gids"));
        let line: serde_json::Value = serde_json::from_str(&json.line("")).expect("JSON");
        assert_eq!((&line["event"], &line["reader"]), (&"card_inserted".into(), &READERS[1].into()));
        assert_eq!(line["atr"], "3B8D0180FBA000000397425446590301C8");
        text.line("card in");
        lab.remove(1, card);
        json.line("card_removed");
        text.line("card out");
        assert_eq!(text.0.wait().expect("it ends").code(), Some(0), "after four events");
        lab.kill_service();
        json.line("\"code\":501");
        lab.start_service();
        json.line("service_back");
        assert_eq!(json.interrupt(), Some(0));
    });
}

#[test]
fn a_virtual_card_says_what_is_asked_of_it() {
    in_lab("a_virtual_card_says_what_is_asked_of_it", |lab| {
        let port = lab::PORTS[0].to_string();
        let mut card = Going::start(&["virtual-card", "mifare", "--port", &port]);
        card.line("MIFARE Classic 1K");
        lab::until("the card is in", || run(&mut cardwright(&["apdu", "FFCA000000"])).code == 0);
        card.line("> FFCA000000");
        assert!(card.line("").contains("04A1B2C3D4E5809000  done"));
        assert_eq!(card.interrupt(), Some(0));
        lab::until("the card is out", || run(&mut cardwright(&["apdu", "FFCA000000"])).code == 4);

        let file = "/run/script.json";
        std::fs::write(file, r#"{"00B0*": {"answer": "AA9000", "after_ms": 300}, "00FF*": "removed"}"#)
            .expect("a file");
        assert_eq!(run(&mut cardwright(&["virtual-card", file])).code, 2, "no ATR");
        let mut card = Going::start(&["virtual-card", file, "--port", &port, "--atr", "3B00", "--json"]);
        card.line("inserted");
        lab::until("the card is in", || run(&mut cardwright(&["apdu", "00B0000000"])).code == 0);
        card.line("\"after_ms\":300");
        // Pulled in the middle of a command: both ends say so.
        assert_eq!(run(&mut cardwright(&["apdu", "00FF0000"])).code, 4);
        card.line("removed");
        assert_eq!(card.0.wait().expect("it ends").code(), Some(0));
        lab.kill_service();
        let nobody = run(&mut cardwright(&["virtual-card", "mifare", "--port", &port]));
        assert_eq!(nobody.code, 6, "{nobody:?}");
        assert!(nobody.err.contains("vsmartcard-vpcd"), "{nobody:?}");
    });
}

/// A card that takes its time for a command and for a reset.
struct Slow;

impl VirtualCard for Slow {
    fn atr(&self) -> Vec<u8> {
        std::thread::sleep(Duration::from_millis(40));
        script("gids").atr()
    }

    fn answer(&mut self, _: &[u8]) -> Answer {
        Answer::Late(Duration::from_millis(150), vec![0x90, 0x00])
    }
}

/// pcscd resets the card of a program that dies, and forgets for a moment which protocol was negotiated.
#[test]
fn a_program_that_is_killed_in_the_middle_of_a_command_disturbs_no_other() {
    in_lab("a_program_that_is_killed_in_the_middle_of_a_command_disturbs_no_other", |lab| {
        let _card = lab.insert(0, Slow);
        let mut second = 0;
        let rounds = (1..=60).find(|round| {
            let mut killed = cardwright(&["apdu", "00A40400", "00A40400", "00A40400"]);
            let mut killed = killed.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
            std::thread::sleep(Duration::from_millis(100 + round % 7 * 45));
            killed.kill().expect("it runs");
            killed.wait().expect("it ends");
            let done = run(&mut cardwright(&["apdu", "00A40400"]));
            assert_eq!(done.code, 0, "round {round}: {done:?}");
            second += u32::from(done.err.contains("second attempt"));
            second >= 2
        });
        println!("{second} connects at the second attempt, in {rounds:?} rounds");
        assert!(second > 0, "it was not provoked, and nothing is proved");
    });
}

#[test]
fn the_cards_that_come_with_the_command_are_named() {
    let list = run(&mut cardwright(&["virtual-card", "list"]));
    let samples = cardwright_reader::virtual_card::SAMPLES;
    assert_eq!((list.code, list.out.lines().count()), (0, samples.len()), "{list:?}");
    assert!(samples.iter().all(|(name, _)| list.out.contains(name)));
    let unknown = run(&mut cardwright(&["virtual-card", "no such"]));
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(unknown.err.contains("virtual-card list"), "{unknown:?}");
}
