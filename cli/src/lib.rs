//! The command `cardwright`, as a library: [`run`] is all of it, so that a package of another
//! language can ship the same command.
//!
//! ```sh
//! cargo install cardwright-cli
//! cardwright serve          # a server with cards to try it on; prints its addresses and lines to type
//! cardwright identify       # what is the card in the reader?
//! cardwright cards --state Issued --limit 5
//! cardwright disable --serial 02A1B3C4
//! ```
//!
//! # Features
//!
//! - `reader` (default): the commands for readers and cards: needs PC/SC when it is built (Debian: libpcsclite-dev).
//!
//! # Versions
//!
//! Compiles with Rust 1.89 and newer. What a version 0.x may change, and what it never does, is on the page "What may change"
//! of the book.

#![allow(
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    reason = "for the program alone: it is no library for others"
)]

mod account;
#[cfg(feature = "reader")]
mod apdu;
mod args;
mod atr;
mod audit;
mod bulk;
mod card;
mod completions;
mod confirm;
mod connect;
mod copy_registry;
mod demo;
#[cfg(feature = "reader")]
mod digits;
mod doctor;
mod failure;
mod generation;
#[cfg(feature = "reader")]
mod identify;
mod in_reader;
mod interrupt;
mod kept;
pub mod known_cards;
mod listing;
mod operate;
mod operator;
mod out;
mod output;
mod progress;
#[cfg(feature = "reader")]
mod readers;
mod request;
mod serve;
mod skzi;
mod style;
mod table;
mod terminal;
mod time_limit;
#[cfg(feature = "reader")]
mod virtual_card;

pub use failure::Exit;

use args::{Arguments, Command};
use cardwright::Settings;
use cardwright::client::Decision;
use failure::Failure;
use out::tell;
use std::ffi::OsString;
use std::io::Write as _;

/// Runs the command with its arguments, of which the first is its own name. It prints to the
/// standard streams and returns the exit code.
///
/// It refuses core dumps, which could hold a password, unless `CARDWRIGHT_CORE_DUMPS` is set.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    refuse_core_dumps();
    let arguments = match args::with_file(arguments.into_iter().collect()) {
        Ok(arguments) => arguments,
        Err((failure, json)) => return failure::report(&failure, json),
    };
    let arguments = match Arguments::read(&arguments) {
        Ok(arguments) => arguments,
        Err(usage) => {
            if usage.use_stderr() {
                tell!("{}", usage.render().ansi().to_string().trim_end());
                return Exit::Usage;
            }
            // Help and version come this way too, and are no fault.
            let printed = write!(out::text(), "{}", usage.render().ansi()).and_then(|()| out::flush());
            return printed.map_or_else(|error| failure::report(&error.into(), false), |()| Exit::Done);
        }
    };
    arguments.color.write_global();
    out::be_quiet(arguments.quiet);
    let done = limited(&arguments).and_then(|()| perform(&arguments));
    let done = arguments.limit.end(done);
    // Before an error, which stays the last line.
    arguments.asked.tell(arguments.json);
    match failure::with_output(done, out::flush(), arguments.json) {
        Ok(exit) => exit,
        Err(failure) => failure::report(&failure, arguments.json),
    }
}

/// Sets the time limit that an option or the environment gives. That of a profile is set when it is read.
fn limited(arguments: &Arguments) -> Result<(), Failure> {
    let given = arguments.server.settings.time_limit;
    if matches!(arguments.command, Command::Serve(_) | Command::Demo(_)) {
        return match given {
            Some(_) => Err(Failure::usage("a server runs until it is asked to stop").hint("leave --time-limit out")),
            None => Ok(()),
        };
    }
    let limit = match given {
        Some(limit) => Some(limit),
        None => Settings::from_environment().map_err(Failure::usage)?.time_limit,
    };
    limit.map_or(Ok(()), |limit| arguments.limit.set(limit, arguments.json))
}

fn perform(arguments: &Arguments) -> failure::Done {
    match &arguments.command {
        Command::Cards(cards) => card::cards(arguments, cards),
        Command::Card(given) => card::card(arguments, given),
        Command::Operations(given) => card::operations(arguments, given),
        Command::Skzi(given) => skzi::skzi(arguments, given),
        Command::Operate(operate) => operate::operate(arguments, operate),
        Command::Bulk(bulk) => bulk::bulk(arguments, bulk),
        Command::Request(given) => request::request(arguments, given),
        Command::Atr(atr) => atr::atr(arguments, atr),
        #[cfg(not(feature = "reader"))]
        Command::Readers { .. } => cardwright::choose_reader(None).map(|_| Exit::Done),
        #[cfg(feature = "reader")]
        Command::Readers => readers::readers(arguments),
        #[cfg(feature = "reader")]
        Command::Identify(given) => identify::identify(arguments, given),
        #[cfg(feature = "reader")]
        Command::Watch(watch) => readers::watch(arguments, watch),
        #[cfg(feature = "reader")]
        Command::Apdu(apdu) => apdu::apdu(arguments, apdu),
        #[cfg(feature = "reader")]
        Command::VirtualCard(card) => virtual_card::virtual_card(arguments, card),
        Command::Serve(serve) => serve::serve(serve),
        Command::Approve(decide) => operator::decide(arguments, decide, Decision::Approve),
        Command::Deny(decide) => operator::decide(arguments, decide, Decision::Deny),
        Command::History(given) => audit::history(arguments, given),
        Command::Audit(given) => audit::audit(arguments, given),
        Command::Account(given) => account::account(arguments, given),
        Command::Seed(seed) => serve::seed(arguments, seed),
        Command::Backup(backup) => operator::backup(arguments, backup),
        Command::CopyRegistry(given) => copy_registry::copy_registry(arguments, given),
        Command::Doctor => doctor::doctor(arguments),
        Command::Completions(given) => completions::completions(given),
        Command::Demo(demo) => demo::demo(demo),
    }
}

fn refuse_core_dumps() {
    #[cfg(unix)]
    if std::env::var_os("CARDWRIGHT_CORE_DUMPS").is_none() {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Where it is not permitted, there is nothing better to do.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
}
