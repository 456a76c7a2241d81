//! The example with a card in a reader, and the real server.
#![cfg(feature = "reader")]

use cardwright::{CardLimits, InReader, System};
use cardwright_server::{Fault, TestServer};
use cardwright_testkit::readers::{in_lab, script};
use std::path::Path;
use std::process::Command;

fn example(server: &TestServer) -> (String, String, Option<i32>) {
    let program = std::env::current_exe().expect("a path");
    let folder = program.parent().and_then(Path::parent).expect("target/debug").join("examples");
    let program = folder.join(format!("at_the_reader{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        let arguments = ["build", "-q", "-p", "cardwright", "--example", "at_the_reader"];
        assert!(Command::new(env!("CARGO")).args(arguments).status().expect("cargo").success());
    }
    let mut command = Command::new(program);
    command.arg("hold").env("CARDWRIGHT_URL", server.certiflow_url()).env("NO_PROXY", "*");
    command.env("CARDWRIGHT_USER", TestServer::USER).env("CARDWRIGHT_PASSWORD", TestServer::PASSWORD);
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn the_card_in_the_reader_is_put_on_hold() {
    in_lab("the_card_in_the_reader_is_put_on_hold", |lab| {
        let _card = lab.insert(0, script("gids"));
        let card = InReader::ask(None, CardLimits::default()).expect("a card");
        let guess = card.identity.guesses(System::CertiFlow).next().expect("it has a number");
        let record =
            format!(r#"{{"id": 7, "state": "Issued", "serialNumber": "{}", "userName": "pat"}}"#, guess.spelling);
        let server = TestServer::with_cards(&record).expect("a server");
        // The answer is lost, and the card is as it was.
        server.fault(Fault::at("**/disable").close()).expect("a fault");
        let (out, errors, code) = example(&server);
        assert!(code == Some(1) && errors.contains("nknown") && !out.contains("is Disabled"), "{out}{errors}");
        server.no_faults();
        let (out, errors, code) = example(&server);
        assert!(code == Some(0) && out.ends_with("card 7 is Disabled\n"), "{out}{errors}");
        // Another card's record is not found.
        let server = TestServer::start().expect("a server");
        let (out, errors, code) = example(&server);
        assert!(code == Some(1) && !out.contains("is Disabled"), "{out}{errors}");
    });
}
