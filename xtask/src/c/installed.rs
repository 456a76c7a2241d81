//! The installation as a distribution looks at it: what the libraries are, what they show, how they are found
//! and how they go.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::common::{BY_CMAKE, WARNINGS, declared, functions_for_the_walk};
use crate::install::{self, Order, SHARED, SONAME};
use crate::place;
use crate::run::{Out, minutes};

/// The shared library exports the functions of the header and those of the earlier ones, and nothing else; the static
/// one has the same and no other global name.
pub(super) fn exports(prefix: &Path, functions: &[String], out: &mut Out) -> Result<(), String> {
    let mut wanted: BTreeSet<String> = functions.iter().cloned().collect();
    if wanted.is_empty() {
        return Err("the header declares no function".into());
    }
    wanted.extend(earlier(&place::root().join("ffi/tests/earlier"), out)?);
    for (options, name) in [(&["-D"][..], "libcardwright.so"), (&[], "libcardwright.a")] {
        let mut command = place::program("nm", &["--extern-only", "--defined-only", "--format=posix"]);
        let symbols = out.read(command.args(options).arg(prefix.join("lib").join(name)), minutes(1))?;
        // The name of the version is listed too, as an absolute symbol; and the name of the object, in an archive.
        let lines = symbols.lines().filter(|line| !line.contains(" A ") && !line.ends_with(':'));
        let found: BTreeSet<String> =
            lines.filter_map(|line| line.split(['@', ' ']).next()).map(String::from).collect();
        if let Some(name_of) = found.symmetric_difference(&wanted).next() {
            return Err(format!("{name_of} stands in one of headers and {name} only"));
        }
    }
    Ok(())
}

/// The functions of the headers of earlier versions, which are kept for the test.
fn earlier(folder: &Path, out: &mut Out) -> Result<BTreeSet<String>, String> {
    let mut functions = BTreeSet::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            functions.extend(earlier(&path, out)?);
        } else if path.extension().is_some_and(|end| end == "h") {
            functions.extend(declared(&path, &[], out)?);
        }
    }
    Ok(functions)
}

/// The shared library is linked as Debian and Fedora ask for, and its debug information lies beside it.
pub(super) fn hardened(prefix: &Path, out: &mut Out) -> Result<(), String> {
    let shared = prefix.join("lib").join(SHARED);
    let mut read = |options: &[&str], file: &Path| {
        out.read(place::program("readelf", &["--wide"]).args(options).arg(file), minutes(1))
    };
    let dynamic = read(&["--dynamic"], &shared)?;
    for word in ["BIND_NOW", "Flags: NOW", &format!("soname: [{SONAME}]"), "[libpcsclite.so.1]"] {
        if !dynamic.contains(word) {
            return Err(format!("{SHARED} has no {word}"));
        }
    }
    if let Some(word) = ["TEXTREL", "RPATH", "RUNPATH"].iter().find(|word| dynamic.contains(**word)) {
        return Err(format!("{SHARED} has {word}"));
    }
    let segments = read(&["--segments"], &shared)?;
    if !segments.contains("GNU_RELRO") {
        return Err(format!("{SHARED}: what is found when it is loaded can be written afterwards"));
    }
    let flags = |line: &str| line.split_whitespace().skip(6).take_while(|word| !word.starts_with("0x")).collect();
    for line in segments.lines().filter(|line| line.contains("GNU_STACK") || line.trim_start().starts_with("LOAD")) {
        let flags: String = flags(line);
        if flags.contains('W') && flags.contains('E') {
            return Err(format!("{SHARED} has memory that is written and executed: {line}"));
        }
    }
    if !segments.contains("GNU_STACK") {
        return Err(format!("{SHARED} does not say that its stack is not executed"));
    }
    let sections = read(&["--sections"], &shared)?;
    if sections.contains(".symtab") || sections.contains(".debug_") || !sections.contains(".gnu_debuglink") {
        return Err(format!("{SHARED} is not stripped, or does not point to its debug information"));
    }
    let id =
        |notes: &str| notes.lines().find_map(|line| line.split_once("Build ID: ").map(|(_, id)| id.trim().to_owned()));
    let own = id(&read(&["--notes"], &shared)?).ok_or("the shared library has no number of its build")?;
    let (first, rest) = own.split_at_checked(2).unwrap_or_default();
    for debug in [
        prefix.join(format!("lib/.debug/{SHARED}.debug")),
        prefix.join(format!("lib/debug/.build-id/{first}/{rest}.debug")),
    ] {
        if id(&read(&["--notes"], &debug)?).as_ref() != Some(&own)
            || !read(&["--sections"], &debug)?.contains(".debug_line")
        {
            return Err(format!("{} is not what belongs to {SHARED}", debug.display()));
        }
    }
    Ok(())
}

/// Nothing that is installed has the name of a folder of this machine in it, but the list of what is installed.
pub(super) fn nameless(prefix: &Path, out: &mut Out) -> Result<(), String> {
    let mut folders: BTreeSet<PathBuf> = [place::root(), place::target()].into();
    for name in ["HOME", "CARGO_HOME"] {
        folders.extend(std::env::var_os(name).map(PathBuf::from));
    }
    let sysroot = out.read(&mut place::program("rustc", &["--print", "sysroot"]), minutes(1))?;
    folders.insert(sysroot.trim().into());
    let mut command = place::program("grep", &["--recursive", "--text", "--fixed-strings", "--only-matching"]);
    command.args(["--exclude=installed.txt", "--max-count=1"]).env("LC_ALL", "C");
    for folder in folders.iter().filter(|folder| folder.is_absolute() && folder.parent().is_some()) {
        command.arg(format!("--regexp={}/", place::text(folder)?));
    }
    let found = command.arg(prefix).output().map_err(|error| format!("grep: {error}"))?;
    match (found.status.code(), String::from_utf8_lossy(&found.stdout).lines().next()) {
        (Some(1), None) => Ok(()),
        (_, line) => Err(format!("a folder of this machine is named in {}", line.unwrap_or("what grep did not read"))),
    }
}

/// Installs a package's folder as Debian has it, without readers, and looks at it from there: as somebody whose
/// prefix is elsewhere. Then it is removed, and what was there before is as it was.
pub(super) fn package(work: &Path, out: &mut Out) -> Result<(), String> {
    let folder = work.join("package");
    let (usr, theirs) = (folder.join("usr"), folder.join("usr/share/doc/theirs"));
    for folder in [usr.join("lib/pkgconfig"), theirs.clone()] {
        std::fs::create_dir_all(&folder).map_err(place::at(&folder))?;
    }
    let file = theirs.join("README");
    std::fs::write(&file, "theirs\n").map_err(place::at(&file))?;
    let before = below(&folder);

    let libdir = format!("lib/{}-linux-gnu", std::env::consts::ARCH);
    let destdir = place::text(&folder)?.to_owned();
    let words = ["--prefix", "/usr", "--destdir", &destdir, "--libdir", &libdir, "--profile", "dev"];
    let words = [&words[..], &["--without", "reader"]].concat();
    let run = |command: &str, out: &mut Out| {
        install::order(&Order::read(command, &words)?, out).map_err(|stop| format!("{stop:?}"))
    };
    run("install", out)?;
    let lib = usr.join(&libdir);
    let needed = out.read(place::program("readelf", &["-d"]).arg(lib.join("libcardwright.so")), minutes(1))?;
    if needed.contains("pcsc") || !needed.contains("NEEDED") {
        return Err("the library without readers needs PC/SC".into());
    }
    let shared = pkg_config(&lib, &["--cflags", "--libs"], out)?;
    let fixed = pkg_config(&lib, &["--static", "--cflags", "--libs"], out)?;
    if shared.contains("-lm") || !fixed.contains("-lm") || fixed.contains("pcsc") {
        return Err(format!("pkg-config says {shared} and, of the static library, {fixed}"));
    }
    // With this library's flags, and with every function that it declares.
    functions_for_the_walk(work, &["-DCARDWRIGHT_NO_READER"], out)?;
    let mut command = place::program("gcc", &["-std=c11", "-pthread", "-I"]);
    command.arg(work).args(WARNINGS).args(["ffi/tests/walk.c", "-o"]).arg(work.join("walk-without-readers"));
    out.run(command.args(shared.split_whitespace()), minutes(2))?;
    // All of it inside, the C library too.
    let program = work.join("atr-static");
    let mut command = place::program("gcc", &["-static", "examples/c/atr.c", "-o"]);
    out.run(command.arg(&program).args(fixed.split_whitespace()), minutes(2))?;
    prints(&program, &lib, out)?;
    by_cmake(&usr, &libdir, "reader", &work.join("cmake-package"), out)?;

    run("uninstall", out)?;
    let after = below(&folder);
    match before.symmetric_difference(&after).next() {
        Some(path) => Err(format!("{} is not as it was before the installation", path.display())),
        None => Ok(()),
    }
}

/// What pkg-config says of the library in a folder, and of no other.
fn pkg_config(lib: &Path, words: &[&str], out: &mut Out) -> Result<String, String> {
    let mut command = place::program("pkg-config", words);
    out.read(command.arg("cardwright").env("PKG_CONFIG_PATH", lib.join("pkgconfig")), minutes(1))
}

/// With readers, pkg-config asks for libpcsclite where the static library is linked, and only there.
pub(super) fn requires(prefix: &Path, out: &mut Out) -> Result<(), String> {
    let lib = prefix.join("lib");
    let says = pkg_config(&lib, &["--print-requires-private"], out)?;
    let shared = pkg_config(&lib, &["--libs"], out)?;
    let fixed = pkg_config(&lib, &["--static", "--libs"], out)?;
    match says.trim() == "libpcsclite" && !shared.contains("pcsc") && fixed.contains("-lpcsclite") {
        true => Ok(()),
        false => Err(format!("pkg-config says that it requires {says}, and {shared} and {fixed}")),
    }
}

/// A project that finds the library by CMake: its components, versions and the size of a pointer.
pub(super) fn by_cmake(prefix: &Path, libdir: &str, absent: &str, work: &Path, out: &mut Out) -> Result<(), String> {
    let mut configure = place::program("cmake", &["-S", "ffi/tests/package", "-B"]);
    configure.arg(work).arg(format!("-DCMAKE_PREFIX_PATH={}", place::text(prefix)?)).arg(format!("-DABSENT={absent}"));
    configure.arg(format!("-DSOURCE={}", place::text(&place::root().join("examples/c/atr.c"))?));
    out.run(&mut configure, minutes(2))?;
    out.run(place::program("cmake", &["--build"]).arg(work), minutes(3))?;
    for name in ["by_cardwright", "by_static", "by_cardwright_static"] {
        prints(&work.join(name), &prefix.join(libdir), out)?;
    }
    Ok(())
}

/// The example that parses an ATR prints what it should.
fn prints(program: &Path, lib: &Path, out: &mut Out) -> Result<(), String> {
    let (word, expected) = BY_CMAKE;
    let mut command: Command = place::program(place::text(program)?, &[word]);
    match out.read(command.env("LD_LIBRARY_PATH", lib), minutes(1))? == place::read(expected)? {
        true => Ok(()),
        false => Err(format!("{} does not print {expected}", program.display())),
    }
}

/// Every path below a folder.
fn below(folder: &Path) -> BTreeSet<PathBuf> {
    let mut paths = BTreeSet::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        paths.insert(entry.path());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            paths.extend(below(&entry.path()));
        }
    }
    paths
}
