//! The commands of `cargo xtask`.
//!
//! Each command is one module. Exit code 0 means all is well, 1 that something failed, 2 that the
//! command line was not understood.

mod api;
mod bare_metal;
mod c;
mod cpp;
mod deny;
mod docs;
mod features;
mod firmware;
mod front;
mod fuzz;
mod generated;
mod header;
mod install;
mod msrv;
mod names;
mod openapi;
mod package;
mod place;
mod proof;
mod published;
mod python;
mod rules;
mod run;
mod rust;
mod schema;
mod setup;
mod steps;
mod sysroot;
mod tables;
mod test;
mod third_vendor;
mod venv;

use std::process::ExitCode;

use run::{Out, conclude};

const USAGE: &str = "\
cargo xtask demo [ARGS]...              build the release binary and run `cardwright demo ARGS`
cargo xtask test [--long] [--only STEP]... [--skip STEP]...
                                        every check; --long adds the slow ones
cargo xtask gen [--check]               write the generated parts of committed files
cargo xtask docs                        build the book as a site that needs no network
cargo xtask rules                       dependencies, circles, licences, duplicates, unsafe, words
cargo xtask proof [--record]            which functions cannot panic, and sizes in flash
cargo xtask count [--record]            instructions and stack that calls take on a Cortex-M, in QEMU
cargo xtask api [--record]              the public interfaces of the libraries, against api/
cargo xtask package                     the crates as they are published, and docs.rs' documentation
cargo xtask msrv                        the oldest compiler of each crate
cargo xtask fuzz [--seconds N] [--at-once N] [--record] [TARGET]...
                                        run the fuzz targets, side by side
cargo xtask install --prefix P [OPTION]...
                                        the C library: headers, libraries, pkg-config, CMake (see --help)
cargo xtask uninstall --prefix P        removes what was installed
cargo xtask wheel                       the Python package: a wheel for each target, a source distribution
cargo xtask install --bare --prefix P [--target T] [--system certiflow|mim] [--features LIST]
                                        the C library for a machine without an operating system
cargo xtask setup                       install what the checks need
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut out = Out::Terminal;
    let done = match words.as_slice() {
        ["demo", arguments @ ..] => return steps::run_demo(arguments, &mut out),
        ["test", rest @ ..] => match test::Options::read(rest) {
            Ok(options) => return test::run(&options),
            Err(wrong) => return misunderstood(&wrong),
        },
        ["gen"] => generated::write(&mut out),
        ["gen", "--check"] => generated::check(&mut out),
        ["docs"] => docs::run(&mut out),
        ["rules"] => rules::check(&mut out),
        ["proof"] => proof::check(false, &mut out),
        ["proof", "--record"] => proof::check(true, &mut out),
        ["count"] => proof::count(false, &mut out),
        ["count", "--record"] => proof::count(true, &mut out),
        ["api"] => api::run(false, &mut out),
        ["api", "--record"] => api::run(true, &mut out),
        ["package"] => package::check(true, &mut out),
        ["msrv"] => msrv::check(true, &mut out),
        ["fuzz", rest @ ..] => match fuzz::Options::read(rest) {
            Ok(options) => fuzz::run(&options, &mut out),
            Err(wrong) => return misunderstood(&wrong),
        },
        ["install", rest @ ..] if rest.contains(&"--bare") => match install::bare::Options::read(rest) {
            Ok(options) => install::bare::run(&options, &mut out),
            Err(wrong) => return misunderstood(&wrong),
        },
        [command @ ("install" | "uninstall"), rest @ ..] => match install::Order::read(command, rest) {
            Ok(order) => install::order(&order, &mut out),
            Err(wrong) => return misunderstood(&wrong),
        },
        ["wheel"] => python::wheel::build(&mut out),
        ["setup"] => setup::everything(&mut out),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}\n{}", test::list());
            return ExitCode::SUCCESS;
        }
        _ => return misunderstood(&format!("not a command: {}", words.join(" "))),
    };
    conclude(done)
}

fn misunderstood(wrong: &str) -> ExitCode {
    eprint!("{wrong}\n\n{USAGE}");
    ExitCode::from(2)
}
