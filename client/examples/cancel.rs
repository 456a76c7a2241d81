//! Looks for a card, and gives up after a number of seconds: `cargo run --example cancel -- 02A1B3C4 5`
//!
//! A canceler is given to another thread, such as the one that waits for a button; it ends that one call at once, and
//! nothing else that the program has under way.

use cardwright_client::{CertiFlow, Client, Credentials};
use cardwright_core::Code;
use std::env::{args, var};
use std::sync::mpsc::channel;
use std::time::Duration;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (serial, seconds) = args().nth(1).zip(args().nth(2)).ok_or("usage: cancel SERIAL SECONDS")?;
    let client = Client::<CertiFlow>::builder(var("CARDWRIGHT_URL")?)
        .credentials(Credentials::basic(var("CARDWRIGHT_USER")?, var("CARDWRIGHT_PASSWORD")?))
        .build()?;

    let (one_call, canceler) = client.cancelable();
    let (found, button) = channel::<()>();
    let limit = Duration::from_secs_f64(seconds.parse()?);
    let watch = std::thread::spawn(move || {
        // Whatever comes first: the time, or the end of the call.
        if button.recv_timeout(limit).is_err_and(|error| error == std::sync::mpsc::RecvTimeoutError::Timeout) {
            canceler.cancel();
        }
    });
    let answer = one_call.find(&serial);
    drop(found);
    watch.join().map_err(|_| "the thread that watches failed")?;
    match answer {
        Ok(Some(card)) => println!("card {} is {}", card.view().id(), card.view().state()),
        Ok(None) => println!("no such card"),
        Err(error) if error.code() == Code::Canceled => println!("gave up after {seconds} s"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
