//! The C library from outside: its header in every dialect, and programs that are linked with what
//! `cargo xtask install` puts into a folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Done, Out, Stop};
use crate::{header, install, minutes, place};

const WARNINGS: [&str; 5] = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];

/// Compilers with the dialects that the header must be understood in.
const DIALECTS: &[(&str, &str, &[&str])] = &[
    ("gcc", "c", &["c99", "c11", "c17", "c2x"]),
    ("clang", "c", &["c99", "c11", "c17", "c2x"]),
    ("g++", "c++", &["c++17", "c++20"]),
    ("clang++", "c++", &["c++17", "c++20"]),
];

/// How the programs are compiled: compiler, dialect, and whether the static library is taken.
const BUILDS: &[(&str, &str, bool)] = &[("gcc", "c11", false), ("clang", "c2x", true)];

/// The same of the programs in C++.
const BUILDS_CPP: &[(&str, &str, bool)] = &[("g++", "c++20", false), ("clang++", "c++17", true)];

/// Programs with the words they are started with and the file that has what they print.
const EXAMPLES: &[(&str, &[&str], &str)] =
    &[("examples/c/atr.c", &["3B D5 18 FF 81 91 FE 1F C3 80 73 C8 21 10 0B"], "examples/c/atr.txt")];

/// Checks the header, installs the library, and builds and runs the programs.
///
/// # Errors
///
/// Skipped where a compiler or valgrind is missing.
pub(crate) fn check(out: &mut Out) -> Done {
    for tool in ["gcc", "g++", "clang", "clang++", "pkg-config", "cmake", "valgrind", "nm"] {
        if !place::on_path(tool) {
            return Err(Stop::Skipped(format!("{tool} is missing: cargo xtask setup")));
        }
    }
    let dialects = dialects(out)?;
    let (prefix, work) = (place::logs().join("c/prefix"), place::logs().join("c/work"));
    for folder in [&prefix, &work] {
        // What an earlier version installed must not be found again.
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    install::run(&install::Options::for_tests(prefix.clone()), out)?;
    let functions = header::functions(&place::read(header::FILE)?);
    exports(&prefix, &functions, out)?;

    let list: String = functions.iter().map(|name| format!("FUNCTION({name})\n")).collect();
    std::fs::write(work.join("functions.h"), list).map_err(|error| error.to_string())?;
    bare(&work, out)?;
    let served = server(out)?;
    for build in BUILDS {
        let walk = compile(build, "ffi/tests/walk.c", &prefix, &work, out)?;
        let cards = compile(build, "examples/c/cards.c", &prefix, &work, out)?;
        with_server(&served, &walk, &cards, &prefix, out)?;
        for (source, words, expected) in EXAMPLES {
            let program = compile(build, source, &prefix, &work, out)?;
            let printed = run(&program, words, &prefix, out)?;
            if printed != place::read(expected)? {
                return Err(Stop::Failed(format!("{source} does not print {expected}, but:\n{printed}")));
            }
        }
    }
    for (build, c) in BUILDS_CPP.iter().zip(BUILDS) {
        let cards = compile(build, "examples/cpp/cards.cpp", &prefix, &work, out)?;
        with_server(&served, &work.join(format!("walk-{}", c.0)), &cards, &prefix, out)?;
    }
    by_cmake(&prefix, &work, out)?;
    Ok(format!(
        "{} functions, {dialects} dialects, {} programs",
        functions.len(),
        BUILDS.len() * 3 + BUILDS_CPP.len() + 3
    ))
}

/// The header alone.
fn dialects(out: &mut Out) -> Result<usize, String> {
    let mut count = 0;
    for (compiler, language, dialects) in DIALECTS {
        for dialect in *dialects {
            for bare in [&[][..], &["-DCARDWRIGHT_BARE"]] {
                let mut command = place::program(compiler, &["-fsyntax-only", "-x", language]);
                command.arg(format!("-std={dialect}")).args(WARNINGS).args(bare).arg(header::FILE);
                out.run(&mut command, minutes(1))?;
            }
            count += 1;
        }
    }
    Ok(count)
}

/// The shared library exports the functions of the header, and nothing else.
fn exports(prefix: &Path, functions: &[String], out: &mut Out) -> Result<(), String> {
    let mut command = place::program("nm", &["-D", "--defined-only", "--format=posix"]);
    let symbols = out.read(command.arg(prefix.join("lib/libcardwright.so")), minutes(1))?;
    // The name of the version is listed too, as an absolute symbol.
    let lines = symbols.lines().filter(|line| !line.contains(" A "));
    let found: BTreeSet<&str> = lines.filter_map(|line| line.split(['@', ' ']).next()).collect();
    let wanted: BTreeSet<&str> = functions.iter().map(String::as_str).collect();
    match found.symmetric_difference(&wanted).next() {
        _ if wanted.is_empty() => Err("the header declares no function".into()),
        Some(name) => Err(format!("{name} stands in one of header and shared library only")),
        None => Ok(()),
    }
}

fn compile(
    (compiler, dialect, fixed): &(&str, &str, bool),
    source: &str,
    prefix: &Path,
    work: &Path,
    out: &mut Out,
) -> Result<PathBuf, String> {
    let mut find = place::program("pkg-config", &["--cflags", "--libs"]);
    find.args(fixed.then_some("--static")).arg("cardwright").env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"));
    let flags = out.read(&mut find, minutes(1))?;
    let stem = Path::new(source).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let program = work.join(format!("{stem}-{compiler}"));
    let mut command = place::program(compiler, &["-gdwarf-4", "-O1"]);
    command.arg(format!("-std={dialect}")).args(WARNINGS).arg("-I").arg(work).arg(source).arg("-o").arg(&program);
    for flag in flags.split_whitespace() {
        // The linker prefers the shared library where both are found.
        if *fixed && flag == "-lcardwright" {
            command.arg(prefix.join("lib/libcardwright.a"));
        } else {
            command.arg(flag);
        }
    }
    out.run(&mut command, minutes(3))?;
    Ok(program)
}

/// Runs a program as it is and below valgrind; what it prints.
fn run(program: &Path, words: &[&str], prefix: &Path, out: &mut Out) -> Result<String, String> {
    let program = place::text(program)?;
    let here = |mut command: Command| {
        command.env("LD_LIBRARY_PATH", prefix.join("lib"));
        command
    };
    let printed = out.read(&mut here(place::program(program, words)), minutes(1))?;
    let mut valgrind = place::program("valgrind", &["--quiet", "--error-exitcode=99", "--leak-check=full"]);
    valgrind.args(["--show-leak-kinds=definite,indirect", "--errors-for-leak-kinds=definite,indirect"]);
    valgrind.arg(program).args(words);
    out.run(&mut here(valgrind), minutes(3))?;
    Ok(printed)
}

/// The library without an operating system, as the host runs it: every function that the header declares
/// then, in a program without the library's help for unwinding and without an allocator of Rust's.
fn bare(work: &Path, out: &mut Out) -> Result<(), String> {
    let build = ["build", "--locked", "-p", "cardwright-ffi", "--no-default-features", "--features=panic-handler"];
    out.run(place::cargo(&build).args(["--profile", "terminal"]), minutes(10))?;
    let declared =
        out.read(&mut place::program("gcc", &["-E", "-P", "-DCARDWRIGHT_BARE", header::FILE]), minutes(1))?;
    let folder = work.join("bare");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let list: String = header::functions(&declared).iter().map(|name| format!("FUNCTION({name})\n")).collect();
    std::fs::write(folder.join("functions.h"), list).map_err(|error| error.to_string())?;
    let program = folder.join("walk");
    let mut command = place::program("gcc", &["-std=c11", "-g", "-DCARDWRIGHT_BARE", "-Iinclude", "-I"]);
    command.arg(&folder).args(WARNINGS).arg("ffi/tests/walk.c").arg(place::target().join("terminal/libcardwright.a"));
    // The host's own `core` is made for programs that unwind, and names what does it. This one does not.
    command.args(["-Wl,--gc-sections", "-Wl,--defsym=rust_eh_personality=0", "-o"]).arg(&program);
    out.run(&mut command, minutes(1))?;
    let symbols = out.read(place::program("nm", &[]).arg(&program), minutes(1))?;
    if let Some(line) = symbols.lines().find(|line| ["malloc", "__rust_alloc"].iter().any(|name| line.contains(name))) {
        return Err(format!("the library without an operating system allocates: {line}"));
    }
    out.run(&mut place::program(place::text(&program)?, &[]), minutes(1))
}

/// The program that serves the cards for the programs.
fn server(out: &mut Out) -> Result<PathBuf, String> {
    // With the features of the whole workspace, as the step `test` has compiled the crates below.
    let build = ["build", "--workspace", "--all-features", "--locked", "--bin", "cardwright"];
    out.run(&mut place::cargo(&build), minutes(30))?;
    Ok(place::target().join("debug/cardwright"))
}

/// Starts a server, walks the functions, lists cards, revokes one, and finds that it cannot be revoked twice.
/// All below valgrind too, but what cannot be done twice.
const WITH_SERVER: &str = r#"set -eu
served=$1 walk=$2 cards=$3
printed=$(mktemp)
"$served" serve --cards 400 >"$printed" 2>&1 &
server=$!
trap 'kill $server; wait $server || :; rm -f "$printed"' EXIT
n=0
until grep -q CARDWRIGHT_PASSWORD "$printed"; do
    n=$((n + 1)); [ $n -lt 300 ] || { cat "$printed"; exit 1; }
    sleep 0.1
done
eval "$(grep -o 'export CARDWRIGHT.*' "$printed")"
kinds=definite,indirect
memory="valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=$kinds --errors-for-leak-kinds=$kinds"
"$walk"
$memory "$walk"
serial=$("$cards" | head -n 1 | cut -d ' ' -f 1)
[ -n "$serial" ]
$memory "$cards" >/dev/null
[ "$("$cards" "$serial")" = "$serial is revoked" ]
refused() {
    code=0
    "$@" || code=$?
    [ $code = 1 ] || { echo "exit code $code, not 1: $*"; exit 1; }
}
refused $memory "$cards" "$serial"
refused $memory "$cards" 'no such card'
export CARDWRIGHT_PASSWORD=wrong
refused $memory "$cards"
"#;

fn with_server(served: &Path, walk: &Path, cards: &Path, prefix: &Path, out: &mut Out) -> Result<(), String> {
    let mut command = place::program("sh", &["-c", WITH_SERVER, "with-server"]);
    command.arg(served).arg(walk).arg(cards).env("LD_LIBRARY_PATH", prefix.join("lib"));
    out.run(&mut command, minutes(4))
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
        let (_, words, expected) = EXAMPLES.first().ok_or("there is no example")?;
        let mut command = place::program(place::text(&program)?, words);
        if out.read(&mut command, minutes(1))? != place::read(expected)? {
            return Err(format!("{name}, built by CMake, does not print {expected}"));
        }
    }
    Ok(())
}
