//! The steps that are a call or two of cargo, and the demo.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use crate::run::{self, Done, Out, Stop, minutes};
use crate::{fuzz, header, place, setup, venv};

/// What the tests of sign-in install for Python.
const PYSPNEGO: &str = "testkit/realm/requirements.txt";

/// What the measurements of sign-in install for Python.
const SIGN_IN_PEERS: &str = "benches/requirements.txt";

/// Whether every Rust file is formatted, those of the other workspaces too.
pub(crate) fn fmt(_: bool, out: &mut Out) -> Done {
    out.run(&mut place::cargo(&["fmt", "--all", "--check", "--", "--color", "never"]), minutes(2))?;
    let mut others = vec!["proof/src/lib.rs".to_string(), "ffi/header/src/main.rs".to_string()];
    others.extend(["main.rs", "../build.rs"].map(|name| format!("examples/firmware/src/{name}")));
    if let Ok(entries) = std::fs::read_dir(place::root().join("fuzz/fuzz_targets")) {
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        others.extend(names.filter(|name| name.ends_with(".rs")).map(|name| format!("fuzz/fuzz_targets/{name}")));
    }
    let mut rustfmt = place::program("rustfmt", &["--edition", "2024", "--check", "--color", "never"]);
    out.run(rustfmt.args(&others), minutes(2))?;
    Ok(String::new())
}

/// The lints, of the proof too.
pub(crate) fn clippy(_: bool, out: &mut Out) -> Done {
    let workspace = ["clippy", "--workspace", "--all-targets", "--all-features", "--locked"];
    out.run(place::cargo(&workspace).args(["--", "-D", "warnings"]), minutes(30))?;
    let proof = ["clippy", "--manifest-path", "proof/Cargo.toml", "--all-features", "--locked", "--target-dir"];
    out.run(place::cargo(&proof).arg(place::target()).args(["--", "-D", "warnings"]), minutes(10))?;
    let header = ["clippy", "--manifest-path", "ffi/header/Cargo.toml", "--locked", "--target-dir"];
    out.run(place::cargo(&header).arg(header::target()).args(["--", "-D", "warnings"]), minutes(10))?;
    for alone in ["client", "reader"] {
        let ffi = ["clippy", "-p", "cardwright-ffi", "--no-default-features", "--locked", "--features", alone];
        out.run(place::cargo(&ffi).args(["--", "-D", "warnings"]), minutes(10))?;
    }
    let profile = ["--profile", "terminal", "--locked", "--", "-D", "warnings"];
    for systems in ["certiflow,mim", "certiflow", "mim"] {
        let bare =
            ["clippy", "-p", "cardwright-ffi", "--no-default-features", "--features=panic-handler", "--features"];
        out.run(place::cargo(&bare).arg(systems).args(profile), minutes(10))?;
    }
    Ok(String::new())
}

/// All tests, also those in the documentation, and those of the server over PostgreSQL too; one that fails does not stop
/// the others. Those that have a long form look at `CARDWRIGHT_LONG`.
pub(crate) fn test(long: bool, out: &mut Out) -> Done {
    let mut command = place::cargo(&["test", "--workspace", "--all-features", "--locked", "--no-fail-fast"]);
    if long {
        command.env("CARDWRIGHT_LONG", "1");
    }
    // Without it the tests that need it say so, and fail where nothing may be left out.
    match venv::beside_debian("spnego", PYSPNEGO, out) {
        Ok(bin) => drop(command.env("CARDWRIGHT_TEST_PYSPNEGO", bin.join("python"))),
        Err(Stop::Skipped(why) | Stop::Failed(why)) => out.say(format_args!("no pyspnego: {why}")),
    }
    let all = out.run(&mut command, minutes(45));
    let over_postgres = server_over_postgres(out);
    all?;
    over_postgres
}

/// The tests that see the server from outside, with its registries in PostgreSQL. Those that are about SQLite's files are
/// left out.
fn server_over_postgres(out: &mut Out) -> Done {
    if !setup::have_postgresql() {
        return Err(Stop::Skipped("the server over PostgreSQL, which is missing: cargo xtask setup".into()));
    }
    // Of the workspace, as everything was compiled for that just now; a test of the client has the same name. They wait more
    // than they work.
    let test = ["test", "--workspace", "--all-features", "--locked", "--no-fail-fast", "--test", "server"];
    let mut command = place::cargo(&test);
    command
        .args(["--", "--test-threads", "6"])
        .args(["backup::", "folder::", "group::"].into_iter().flat_map(|of_sqlite| ["--skip", of_sqlite]));
    out.run(command.env("CARDWRIGHT_TEST_STORE", "postgres"), minutes(30))?;
    Ok(String::new())
}

/// The tests of the C library with AddressSanitizer in all Rust code. The compiler that is here does it, where it
/// is told that it may; the sanitizer comes with it.
pub(crate) fn address(_: bool, out: &mut Out) -> Done {
    const TARGET: &str = "x86_64-unknown-linux-gnu";
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err(Stop::Skipped(format!("only for {TARGET}")));
    }
    // A target of its own: what runs while it compiles has no sanitizer.
    let test = ["test", "-p", "cardwright-ffi", "--locked", "--tests", "--target", TARGET, "--target-dir"];
    let mut command = place::cargo(&test);
    command.arg(place::target().join("address")).env("RUSTC_BOOTSTRAP", "1");
    command.env("RUSTFLAGS", "-Zsanitizer=address").env("ASAN_OPTIONS", "detect_leaks=1");
    out.run(&mut command, minutes(30))?;
    let built = place::target().join("address").join(TARGET).join("debug/deps");
    let mut programs = 0;
    for entry in std::fs::read_dir(&built).map_err(place::at(&built))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("ownership-") && !name.contains('.') {
            let symbols = out.read(place::program("nm", &[]).arg(entry.path()), minutes(1))?;
            if !symbols.contains("__asan_init") {
                return Err(format!("{name}: there is no sanitizer in it").into());
            }
            programs += 1;
        }
    }
    match programs {
        0 => Err(format!("no program in {}", built.display()).into()),
        programs => Ok(format!("the sanitizer is in {programs}")),
    }
}

/// Whether the client compiles for Windows, where another library of the system signs in.
pub(crate) fn windows(_: bool, out: &mut Out) -> Done {
    const TARGET: &str = "x86_64-pc-windows-gnu";
    let mut ask = place::program("rustc", &["--print", "target-libdir", "--target", TARGET]);
    let library = out.read(&mut ask, minutes(1))?;
    if !std::path::Path::new(library.trim()).is_dir() {
        return Err(Stop::Skipped(format!("the library for it is missing: rustup target add {TARGET}")));
    }
    if !place::on_path("x86_64-w64-mingw32-gcc") {
        return Err(Stop::Skipped("the C compiler for it is missing (Debian: gcc-mingw-w64-x86-64)".into()));
    }
    let check = [
        "clippy",
        "-p",
        "cardwright-client",
        "-p",
        "cardwright-http",
        "--all-features",
        "--locked",
        "--target",
        TARGET,
    ];
    out.run(place::cargo(&check).args(["--", "-D", "warnings"]), minutes(20))?;
    Ok(TARGET.into())
}

/// Whether the documentation can be made, without a dead link.
pub(crate) fn doc(_: bool, out: &mut Out) -> Done {
    let mut command = place::cargo(&["doc", "--workspace", "--no-deps", "--all-features", "--locked"]);
    out.run(command.env("RUSTDOCFLAGS", "-Dwarnings"), minutes(20))?;
    Ok(String::new())
}

/// The fuzz targets, for a short or a long time; the results of a long run are recorded.
pub(crate) fn fuzz(long: bool, out: &mut Out) -> Done {
    let mut targets = fuzz::Options::all(if long { 3_600 } else { 20 });
    targets.record = long;
    fuzz::run(&targets, out)
}

/// Builds the command, and says where it is.
///
/// # Errors
///
/// When it does not compile.
pub(crate) fn command(out: &mut Out) -> Result<PathBuf, String> {
    // With the features of the whole workspace, as the step `test` has compiled the crates below.
    let build = ["build", "--workspace", "--all-features", "--locked", "--bin", "cardwright"];
    out.run(&mut place::cargo(&build), minutes(30))?;
    Ok(place::target().join("debug/cardwright"))
}

/// Whether the demo runs to its end.
pub(crate) fn demo(_: bool, out: &mut Out) -> Done {
    let program = command(out)?;
    let mut demo = place::program(place::text(&program)?, &["demo", "--color", "never"]);
    out.run(&mut demo, Duration::from_secs(120))?;
    Ok(String::new())
}

/// The measurements. Those of the server are skipped without `wrk`.
pub(crate) fn figures(_: bool, out: &mut Out) -> Done {
    out.run(&mut place::cargo(&["bench", "--locked", "-p", "cardwright-benches"]), minutes(90))?;
    out.run(&mut place::cargo(&["bench", "--locked", "-p", "cardwright-reader", "--bench", "transmit"]), minutes(10))?;
    for runner in ["atr", "list"] {
        let run = ["run", "--release", "--locked", "-p", "cardwright-benches", "--bin", runner];
        out.run(&mut place::cargo(&run), minutes(30))?;
    }
    let mut sign_in = place::cargo(&["run", "--release", "--locked", "-p", "cardwright-benches", "--bin", "sign_in"]);
    match venv::with("sign-in-peers", SIGN_IN_PEERS, out) {
        Ok(bin) => drop(sign_in.env("PYTHON", bin.join("python"))),
        Err(Stop::Skipped(why) | Stop::Failed(why)) => out.say(format_args!("no peers of sign-in: {why}")),
    }
    out.run(&mut sign_in, minutes(30))?;
    if !place::on_path("wrk") {
        return Err(Stop::Skipped("the server's and of bulk: wrk is missing: cargo xtask setup".into()));
    }
    let bulk = ["run", "--release", "--locked", "-p", "cardwright-benches", "--bin", "bulk"];
    out.run(&mut place::cargo(&bulk), minutes(30))?;
    let server = ["run", "--release", "--locked", "-p", "cardwright-server", "--example", "figures"];
    out.run(&mut place::cargo(&server), minutes(30))?;
    let postgres = [server.as_slice(), &["--", "postgres"]].concat();
    out.run(&mut place::cargo(&postgres), minutes(30))?;
    Ok(String::new())
}

/// `cargo xtask demo`: builds the release binary and hands it the terminal.
pub(crate) fn run_demo(arguments: &[&str], out: &mut Out) -> ExitCode {
    if let Err(stop) = setup::demo(out) {
        return run::conclude(Err(stop));
    }
    let build = ["build", "--release", "--locked", "-p", "cardwright-cli"];
    if let Err(why) = out.run(&mut place::cargo(&build), minutes(60)) {
        return run::conclude(Err(why.into()));
    }
    let program = place::target().join("release/cardwright");
    // In the folder where the user is, with the user's terminal and for as long as it takes.
    match std::process::Command::new(&program).arg("demo").args(arguments).status() {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
        Err(error) => run::conclude(Err(format!("{}: {error}", program.display()).into())),
    }
}
