//! The C library from outside: its header in every dialect, and programs that are linked with what
//! `cargo xtask install` puts into a folder.

mod beside;
mod common;
mod earlier;
mod installed;
mod lab;

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use self::common::{BY_CMAKE, WARNINGS, declared, functions_for_the_walk};
use crate::run::{Done, Out, Stop, minutes};
use crate::{header, install, place, steps};

/// Compilers with the dialects that the header must be understood in.
const DIALECTS: &[(&str, &str, &[&str])] = &[
    ("gcc", "c", &["c99", "c11", "c17", "c2x"]),
    ("clang", "c", &["c99", "c11", "c17", "c2x"]),
    ("g++", "c++", &["c++17", "c++20"]),
    ("clang++", "c++", &["c++17", "c++20"]),
];

/// How programs are compiled, and which.
struct Build {
    compiler: &'static str,
    dialect: &'static str,
    /// Whether the static library is taken.
    fixed: bool,
    /// Whether the compiler adds what finds errors of memory and undefined behaviour.
    sanitized: bool,
    programs: &'static [&'static str],
}

impl Build {
    fn name(&self) -> String {
        format!("{}{}", self.compiler, if self.sanitized { "-sanitized" } else { "" })
    }
}

const C: &[&str] = &[
    "ffi/tests/walk.c",
    "ffi/tests/threads.c",
    FORK,
    MODEL,
    "examples/c/atr.c",
    "examples/c/bulk.c",
    "examples/c/expiring.c",
    "examples/c/revoke.c",
    SIGN_IN,
    "examples/c/watch.c",
];
/// The program that the tests of forks run.
const FORK: &str = "ffi/tests/fork.c";
/// The program that the test against the model server runs.
const MODEL: &str = "ffi/tests/model.c";
/// The program that the tests of sign-in run.
const SIGN_IN: &str = "examples/c/sign_in.c";

const CPP: &[&str] = &[
    "ffi/tests/classes.cpp",
    "ffi/tests/without_exceptions.cpp",
    "examples/cpp/bulk.cpp",
    "examples/cpp/cards.cpp",
    "examples/cpp/results.cpp",
    "examples/cpp/watch.cpp",
];
/// Those of them that are compiled without exceptions.
const WITHOUT_EXCEPTIONS: &[&str] = &["ffi/tests/without_exceptions.cpp", "examples/cpp/results.cpp"];
/// How that is done.
const NO_EXCEPTIONS: &[&str] = &["-fno-exceptions", "-fno-rtti"];

const BUILDS: &[Build] = &[
    Build { compiler: "gcc", dialect: "c11", fixed: false, sanitized: false, programs: C },
    Build { compiler: "clang", dialect: "c2x", fixed: true, sanitized: false, programs: C },
    Build { compiler: "g++", dialect: "c++20", fixed: false, sanitized: false, programs: CPP },
    Build { compiler: "clang++", dialect: "c++17", fixed: true, sanitized: false, programs: CPP },
    Build { compiler: "gcc", dialect: "c11", fixed: true, sanitized: true, programs: C },
    Build { compiler: "clang", dialect: "c2x", fixed: false, sanitized: true, programs: C },
    Build { compiler: "g++", dialect: "c++20", fixed: true, sanitized: true, programs: CPP },
    Build { compiler: "clang++", dialect: "c++17", fixed: false, sanitized: true, programs: CPP },
];

const SANITIZERS: &[&str] = &["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];

/// Checks the header, installs the library, and builds and runs the programs.
///
/// # Errors
///
/// Skipped where a compiler or valgrind is missing, and at the end where there can be no reader.
pub(crate) fn check(out: &mut Out) -> Done {
    for tool in ["gcc", "g++", "clang", "clang++", "pkg-config", "cmake", "valgrind", "nm", "readelf"] {
        if !place::on_path(tool) {
            return Err(Stop::Skipped(format!("{tool} is missing: cargo xtask setup")));
        }
    }
    let dialects = dialects(out)?;
    mixed()?;
    let (prefix, work) = (place::logs().join("c/prefix"), place::logs().join("c/work"));
    for folder in [&prefix, &work] {
        // What an earlier version installed must not be found again.
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).map_err(place::at(folder))?;
    }
    // Before the whole library, whose needs are others.
    installed::package(&work, out)?;
    bare(&work, out)?;
    install::run(&install::Options::for_tests(prefix.clone(), &[]), out)?;
    let functions = declared(Path::new(header::FILE), &[], out)?;
    installed::exports(&prefix, &functions, out)?;
    installed::hardened(&prefix, out)?;
    installed::nameless(&prefix, out)?;
    installed::requires(&prefix, out)?;
    installed::by_cmake(&prefix, "lib", "", &work.join("cmake-whole"), out)?;
    notices(&prefix)?;
    beside::check(&prefix, &work, out)?;
    functions_for_the_walk(&work, &[], out)?;
    let served = steps::command(out)?;
    let namespaces = lab::namespaces();
    let programs = 9 + builds(&Lab { prefix: &prefix, work: &work, served: &served, namespaces: &namespaces }, out)?;
    by_cmake(&prefix, &work, out)?;
    let done = format!("{} functions, {dialects} dialects, {programs} programs", functions.len());
    match namespaces {
        Ok(_) => Ok(done),
        Err(why) => Err(Stop::Skipped(format!("the readers' part, as {why}; else {done}"))),
    }
}

/// What the programs of all builds need.
struct Lab<'a> {
    prefix: &'a Path,
    work: &'a Path,
    /// The command.
    served: &'a Path,
    namespaces: &'a Result<(Vec<&'static str>, &'static str), String>,
}

/// Builds and runs the programs, as many builds at once as there are processors, each with a log that is told
/// when it has ended; how many programs there were.
fn builds(lab: &Lab<'_>, out: &mut Out) -> Result<usize, String> {
    let left = Mutex::new(BUILDS.iter());
    // Tests that `cargo` runs take all processors, and some have limits of time.
    let alone = Mutex::new(());
    let out = Mutex::new(out);
    let locked = |message: &str| format!("{message}: another thread has panicked");
    let worker = || -> Result<usize, String> {
        let mut programs = 0;
        loop {
            let Some(build) = left.lock().map_err(|_| locked("builds"))?.next() else { return Ok(programs) };
            let folder = lab.work.join(build.name());
            let log = folder.join("log");
            let mut own = Out::log(&log)?;
            let done = run_build(build, lab, &folder, &alone, &mut own);
            let told = std::fs::read(&log).unwrap_or_default();
            let mut out = out.lock().map_err(|_| locked("log"))?;
            out.say(format_args!("---- {}\n{}", build.name(), String::from_utf8_lossy(&told)));
            done.map_err(|why| format!("{}: {why}", build.name()))?;
            programs += build.programs.len();
        }
    };
    // Without networks of their own one waits for the other.
    let count = if lab.namespaces.is_ok() { std::thread::available_parallelism().map_or(1, usize::from) } else { 1 };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..count.min(BUILDS.len())).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| Err("a build panicked".into()))).sum()
    })
}

/// Builds and runs the programs of one build.
fn run_build(build: &Build, lab: &Lab<'_>, folder: &Path, alone: &Mutex<()>, out: &mut Out) -> Result<(), String> {
    for source in build.programs {
        compile(build, source, lab.prefix, lab.work, folder, out)?;
    }
    if build.programs == C && !build.fixed && !build.sanitized {
        earlier::program(lab.prefix, folder, &WARNINGS, out)?;
    }
    lab::run(lab.namespaces, lab.served, folder, build.sanitized, lab.prefix, out)?;
    let _alone = alone.lock().map_err(|_| "another build panicked")?;
    // Once with the sanitizers and once without: shared and static are the same code.
    if build.compiler == "gcc" {
        sign_in(folder, lab.prefix, out)?;
        // A child of several threads must start one, and the sanitizer's own locks do not survive a fork.
        if !build.sanitized {
            fork(folder, lab.prefix, out)?;
        }
        model(folder, lab.prefix, out)?;
    }
    if !build.sanitized && build.compiler.starts_with('g') {
        example(&folder.join(if build.programs == C { "revoke" } else { "cards" }), lab.prefix, out)?;
    }
    Ok(())
}

/// The headers alone: that for C++ also without exceptions.
fn dialects(out: &mut Out) -> Result<usize, String> {
    let mut count = 0;
    for (compiler, language, dialects) in DIALECTS {
        for dialect in *dialects {
            for without in ["-UX", "-DCARDWRIGHT_BARE", "-DCARDWRIGHT_NO_CLIENT", "-DCARDWRIGHT_NO_READER"] {
                let mut command = place::program(compiler, &["-fsyntax-only", "-x", language]);
                command.arg(format!("-std={dialect}")).args(WARNINGS).args([without, header::FILE]);
                out.run(&mut command, minutes(1))?;
                for exceptions in [&[][..], NO_EXCEPTIONS].into_iter().filter(|_| *language == "c++") {
                    let mut command = place::program(compiler, &["-fsyntax-only", "-x", language, "-Iinclude"]);
                    command.arg(format!("-std={dialect}")).args(WARNINGS).args(exceptions);
                    out.run(command.args([without, "include/cardwright.hpp"]), minutes(3))?;
                }
            }
            count += 1;
        }
    }
    Ok(count)
}

/// The compilers refuse a value of one enumeration where another is meant, and nothing else.
fn mixed() -> Result<(), String> {
    const WAYS: [(&str, &[&str]); 2] = [("gcc", &["1", "2", "3"]), ("clang", &["1", "2"])];
    for (compiler, refused) in WAYS {
        for way in ["0"].iter().chain(refused) {
            let mut command = place::program(compiler, &["-fsyntax-only", "-std=c11", "-Iinclude"]);
            command.args(WARNINGS).args(["-Wenum-conversion", "-Wenum-compare"]).arg(format!("-DMIXED={way}"));
            let output = command.arg("ffi/tests/mixed.c").output().map_err(|error| error.to_string())?;
            let said = String::from_utf8_lossy(&output.stderr);
            let errors = said.matches(" error: ").count();
            let known = said.matches("-Wenum-").count() + said.matches("-Werror=enum-").count();
            if output.status.success() != (*way == "0") || errors != known {
                return Err(format!("{compiler}, MIXED={way}: {said}"));
            }
        }
    }
    Ok(())
}

/// Compiles a program into a folder, with what pkg-config says.
fn compile(
    build: &Build,
    source: &str,
    prefix: &Path,
    work: &Path,
    folder: &Path,
    out: &mut Out,
) -> Result<PathBuf, String> {
    let mut find = place::program("pkg-config", &["--cflags", "--libs"]);
    find.args(build.fixed.then_some("--static")).arg("cardwright").env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"));
    let flags = out.read(&mut find, minutes(1))?;
    let program = folder.join(Path::new(source).file_stem().unwrap_or_default());
    let mut command = place::program(build.compiler, &["-gdwarf-4", "-O1", "-pthread"]);
    command.arg(format!("-std={}", build.dialect)).args(WARNINGS).args(if build.sanitized { SANITIZERS } else { &[] });
    if WITHOUT_EXCEPTIONS.contains(&source) {
        command.args(NO_EXCEPTIONS);
    }
    // With sanitizers gcc warns of optional values that are not read, as its manual says.
    command.args((build.sanitized && build.compiler == "g++").then_some("-Wno-maybe-uninitialized"));
    command.arg("-I").arg(work).arg(source).arg("-o").arg(&program);
    // What a program does not use is not linked: half of the builds see that nothing is missed.
    command.args((build.fixed && build.sanitized).then_some("-Wl,--gc-sections"));
    for flag in flags.split_whitespace() {
        // The linker prefers the shared library where both are found.
        if build.fixed && flag == "-lcardwright" {
            command.arg(prefix.join("lib/libcardwright.a"));
        } else {
            command.arg(flag);
        }
    }
    out.run(&mut command, minutes(3))?;
    if build.sanitized {
        let symbols = out.read(place::program("nm", &[]).arg(&program), minutes(1))?;
        if let Some(missing) = ["__asan_init", "__ubsan_handle"].iter().find(|name| !symbols.contains(**name)) {
            return Err(format!("{}: there is no {missing} in it, so no sanitizer", program.display()));
        }
    }
    Ok(program)
}

/// Has the program sign in by each of its ways, in the lab of the client's tests.
fn sign_in(folder: &Path, prefix: &Path, out: &mut Out) -> Result<(), String> {
    let program = folder.join(Path::new(SIGN_IN).file_stem().unwrap_or_default());
    // With the features of the whole workspace, as the step `test` has compiled it; the other crates' tests of that
    // name ignore nothing.
    let test = ["test", "--workspace", "--all-features", "--locked", "--test", "sign_in", "--", "--ignored"];
    let mut command = place::cargo(&test);
    command.env("CARDWRIGHT_TEST_SIGN_IN", program).env("LD_LIBRARY_PATH", prefix.join("lib"));
    // What the system's Kerberos keeps of OpenSSL is not ours to give back.
    let others = folder.join("others-leaks");
    std::fs::write(&others, "leak:libcrypto.so\n").map_err(place::at(&others))?;
    command.env("LSAN_OPTIONS", format!("print_suppressions=0:suppressions={}", place::text(&others)?));
    out.run(&mut command, minutes(30))
}

/// Has the program fork, against a server over plain HTTP and one over TLS.
fn fork(folder: &Path, prefix: &Path, out: &mut Out) -> Result<(), String> {
    let program = folder.join(Path::new(FORK).file_stem().unwrap_or_default());
    let test = ["test", "--workspace", "--all-features", "--locked", "--test", "fork", "--", "--ignored"];
    let mut command = place::cargo(&test);
    command.env("CARDWRIGHT_TEST_FORK", program).env("LD_LIBRARY_PATH", prefix.join("lib"));
    out.run(&mut command, minutes(15))
}

/// Has the program do what the model server's seeds ask for.
fn model(folder: &Path, prefix: &Path, out: &mut Out) -> Result<(), String> {
    let program = folder.join(Path::new(MODEL).file_stem().unwrap_or_default());
    let test = ["test", "--workspace", "--all-features", "--locked", "--test", "model", "--", "--ignored"];
    let mut command = place::cargo(&test);
    command.env("CARDWRIGHT_TEST_MODEL", program).env("LD_LIBRARY_PATH", prefix.join("lib"));
    out.run(&mut command, minutes(15))
}

/// Has an example that changes a card do so, against a server that loses the answer.
fn example(program: &Path, prefix: &Path, out: &mut Out) -> Result<(), String> {
    let test = ["test", "--workspace", "--all-features", "--locked", "--test", "examples", "--", "--ignored"];
    let mut command = place::cargo(&test);
    command.env("CARDWRIGHT_TEST_EXAMPLE", program).env("LD_LIBRARY_PATH", prefix.join("lib"));
    out.run(&mut command, minutes(15))
}

/// The licences of what is linked in are installed, each with its text.
fn notices(prefix: &Path) -> Result<(), String> {
    let path = prefix.join("share/doc/cardwright/THIRD-PARTY.txt");
    let text = std::fs::read_to_string(&path).map_err(place::at(&path))?;
    for name in ["ureq ", "rustls ", "ring ", "pcsc ", "tracing "] {
        let about = text.split(&"=".repeat(78)).find(|about| about.trim_start().starts_with(name));
        if !about.is_some_and(|about| about.contains("---- LICENSE")) {
            return Err(format!("{} has no licence of {name}", path.display()));
        }
    }
    Ok(())
}

/// The library without an operating system, as the host runs it: every function that the header declares
/// then, in a program without the library's help for unwinding and without an allocator of Rust's.
fn bare(work: &Path, out: &mut Out) -> Result<(), String> {
    let build = ["rustc", "--locked", "-p", "cardwright-ffi", "--lib", "--crate-type=staticlib", "--profile=terminal"];
    out.run(
        place::cargo(&build).args(["--no-default-features", "--features=panic-handler,certiflow,mim,complete"]),
        minutes(10),
    )?;
    let folder = work.join("bare");
    functions_for_the_walk(&folder, &["-DCARDWRIGHT_BARE"], out)?;
    let program = folder.join("walk");
    let mut command = place::program("gcc", &["-std=c11", "-g", "-DCARDWRIGHT_BARE", "-Iinclude", "-I"]);
    command
        .arg(&folder)
        .args(WARNINGS)
        .arg("ffi/tests/walk.c")
        .arg(place::target().join("terminal/libcardwright_ffi.a"));
    // The host's own `core` is made for programs that unwind, and names what does it. This one does not.
    command.args(["-Wl,--gc-sections", "-Wl,--defsym=rust_eh_personality=0", "-o"]).arg(&program);
    out.run(&mut command, minutes(1))?;
    let symbols = out.read(place::program("nm", &[]).arg(&program), minutes(1))?;
    let wrong = ["malloc", "__rust_alloc", "panicking"];
    if let Some(line) = symbols.lines().find(|line| wrong.iter().any(|name| line.contains(name))) {
        return Err(format!("the library without an operating system allocates or panics: {line}"));
    }
    out.run(&mut place::program(place::text(&program)?, &[]), minutes(1))?;
    // The classes too: without a heap, and without the library of C++.
    let program = folder.join("classes");
    let mut command = place::program("g++", &["-std=c++17", "-g", "-Os", "-DCARDWRIGHT_BARE", "-Iinclude"]);
    command.args(WARNINGS).args(NO_EXCEPTIONS).arg("ffi/tests/without_exceptions.cpp");
    command.arg(place::target().join("terminal/libcardwright_ffi.a")).arg("-nodefaultlibs").arg("-lc");
    command.args(["-Wl,--gc-sections", "-Wl,--defsym=rust_eh_personality=0", "-o"]).arg(&program);
    out.run(&mut command, minutes(2))?;
    out.run(&mut place::program(place::text(&program)?, &[]), minutes(1))
}

/// A project that finds the library by CMake, shared and static.
fn by_cmake(prefix: &Path, work: &Path, out: &mut Out) -> Result<(), String> {
    let build = work.join("cmake");
    let mut configure = place::program("cmake", &["-S", "examples/c", "-B"]);
    configure.arg(&build).arg(format!("-DCMAKE_PREFIX_PATH={}", place::text(prefix)?));
    out.run(&mut configure, minutes(2))?;
    out.run(place::program("cmake", &["--build"]).arg(&build), minutes(3))?;
    for name in ["atr", "atr_static"] {
        let program = build.join(name);
        let (word, expected) = BY_CMAKE;
        let mut command = place::program(place::text(&program)?, &[word]);
        if out.read(&mut command, minutes(1))? != place::read(expected)? {
            return Err(format!("{name}, built by CMake, does not print {expected}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compilers_find_mix_ups() {
        if place::on_path("clang") && place::on_path("gcc") {
            super::mixed().expect("they are refused");
        }
    }

    #[test]
    fn every_program_is_built_with_a_sanitizer_and_without() {
        for compiler in ["gcc", "clang", "g++", "clang++"] {
            let of = |sanitized| BUILDS.iter().find(|build| build.compiler == compiler && build.sanitized == sanitized);
            let (with, without) = (of(true).expect("one with"), of(false).expect("one without"));
            assert_eq!(with.programs, without.programs, "{compiler}");
            assert_ne!(with.fixed, without.fixed, "{compiler}: static and shared");
        }
    }
}
