//! A pass is shown, its record is found in Lodge, and it is put on hold.
//!
//! The card is played by `card.txt`, and Lodge by this program itself: `cargo run`.

use std::process::ExitCode;
use std::time::Duration;

use cardwright_client::{Client, Credentials};
use cardwright_core::apdu::Transmit;
use cardwright_core::atr::AtrBuf;
use cardwright_core::identity::Interface;
use third_vendor::api::PassState;
use third_vendor::pass::identify;
use third_vendor::server::{Behaviour, Kept, Server};
use third_vendor::system::{Held, Lodge};

fn main() -> ExitCode {
    match run() {
        Ok(Held::Done) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<Held, Box<dyn std::error::Error>> {
    let passes = vec![
        Kept { id: "p-16", number: "LX-004710", holder: "Ivan Petrov", state: PassState::Active },
        Kept { id: "p-17", number: "LX-004711", holder: "Anna Weber", state: PassState::Active },
    ];
    let server = Server::start(passes, Behaviour::default())?;

    let mut card = Script(include_str!("../card.txt"));
    let atr = AtrBuf::from_hex(card.answer("atr").ok_or("the card has no ATR")?)?;
    let identity = identify(&mut card, atr.bytes(), Interface::Contact)?;
    println!("{identity}");

    let client = Client::<()>::builder(server.base())
        .credentials(Credentials::basic("porter", "not a secret"))
        .timeouts(cardwright_client::Timeouts { answer: Duration::from_secs(10), ..Default::default() })
        .build()?;
    let lodge = Lodge::new(client);
    let pass = lodge.record(&identity)?;
    let view = pass.view();
    println!(
        "{} of {}: {}",
        view.number(),
        view.holder().map(|holder| holder.to_string()).unwrap_or_default(),
        view.state()
    );
    let held = lodge.hold(&pass, "porter");
    println!("{held}");
    Ok(held)
}

/// A card that answers by a table: a command and its answer in each line, in hexadecimal.
struct Script(&'static str);

impl Script {
    fn answer(&self, command: &str) -> Option<&'static str> {
        self.0
            .lines()
            .filter_map(|line| line.split_once(' '))
            .find(|(known, _)| *known == command)
            .map(|(_, answer)| answer)
    }
}

impl Transmit for Script {
    type Error = &'static str;

    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Self::Error> {
        let command: String = command.iter().map(|byte| format!("{byte:02X}")).collect();
        let answer = self.answer(&command).unwrap_or("6D00");
        let digits = answer.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap_or_default());
        let mut length = 0;
        for (place, pair) in response.iter_mut().zip(digits) {
            *place = u8::from_str_radix(pair, 16).map_err(|_| "the card's answer is not hexadecimal")?;
            length += 1;
        }
        Ok(length)
    }
}
