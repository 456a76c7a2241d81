//! Both libraries, of what Rust has compiled.
//!
//! The static one is a single object in which no name is global but those that the header declares. So it stands
//! beside another static library in Rust, which has the same names of Rust's own library inside. What none of
//! our functions reaches is left out; the rest keeps a section for each function, so that a program that is
//! linked with `--gc-sections` takes what it uses. The shared one is linked from that object.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::compile::Compiled;
use super::name::{SHARED, SONAME};
use super::options::{Debug, Options};
use super::tools::Tools;
use crate::place;
use crate::run::{Out, minutes};

/// The file with the shared library's debug information.
pub(super) const DEBUG: &str = concat!("libcardwright.so.", env!("CARGO_PKG_VERSION"), ".debug");

/// The libraries, not yet where they belong.
pub(super) struct Made {
    pub(super) archive: Option<PathBuf>,
    pub(super) shared: PathBuf,
    /// Debug information, and where it is looked for by the number of the build.
    pub(super) debug: Option<(PathBuf, PathBuf)>,
}

/// What every shared library is linked with. All addresses are found when it is loaded, and can then not be written.
const HARDENED: &[&str] = &[
    "-shared",
    "-Wl,-z,relro,-z,now,-z,noexecstack",
    "-Wl,--no-undefined,--gc-sections,--as-needed,--build-id=sha1,--hash-style=gnu",
];

/// Links both, in a folder that is for this alone.
///
/// # Errors
///
/// When a function of the header is in no object, or a tool fails.
pub(super) fn libraries(
    compiled: &Compiled,
    functions: &[String],
    options: &Options,
    tools: &Tools,
    folder: &Path,
    out: &mut Out,
) -> Result<Made, String> {
    let exported = exported(&compiled.archive, functions)?;
    let object = merged(&compiled.archive, &exported, folder, tools, out)?;
    let shared = shared(&object, &exported, &compiled.native, folder, tools, out)?;
    let debug = match options.debug {
        Debug::Keep => None,
        Debug::None => {
            out.run(tools.objcopy(&["--strip-unneeded"]).arg(&shared), minutes(2))?;
            None
        }
        Debug::Split => Some(split(&shared, folder, tools, out)?),
    };
    let archive = match options.has("static") {
        true => Some(archive(&object, options.debug, folder, tools, out)?),
        false => None,
    };
    Ok(Made { archive, shared, debug })
}

/// Our functions that an archive has: those of the header, and earlier names that it no longer declares.
fn exported(archive: &Path, functions: &[String]) -> Result<BTreeSet<String>, String> {
    let bytes = std::fs::read(archive).map_err(place::at(archive))?;
    let index = index(&bytes).ok_or_else(|| format!("{}: an archive without an index", archive.display()))?;
    let ours: BTreeSet<String> =
        index.into_iter().filter(|name| name.starts_with("cardwright_")).map(String::from).collect();
    match functions.iter().find(|name| !ours.contains(*name)) {
        Some(name) => Err(format!("the header declares {name}, and the library does not have it")),
        None => Ok(ours),
    }
}

/// The names in the index of an archive: a count, that number of places in the file, and as many texts.
fn index(archive: &[u8]) -> Option<Vec<&str>> {
    let rest = archive.strip_prefix(b"!<arch>\n")?;
    let (head, rest) = rest.split_at_checked(60)?;
    let width = match head.get(..16)?.trim_ascii() {
        b"/" => 4,
        b"/SYM64/" => 8,
        _ => return None,
    };
    let size: usize = std::str::from_utf8(head.get(48..58)?).ok()?.trim().parse().ok()?;
    let (count, rest) = rest.get(..size)?.split_at_checked(width)?;
    let count = count.iter().fold(0_usize, |count, byte| count << 8 | usize::from(*byte));
    let names = rest.get(count.checked_mul(width)?..)?;
    names.split(|byte| *byte == 0).take(count).map(|name| std::str::from_utf8(name).ok()).collect()
}

/// One object of all, whose other names nobody sees.
fn merged(
    archive: &Path,
    exported: &BTreeSet<String>,
    folder: &Path,
    tools: &Tools,
    out: &mut Out,
) -> Result<PathBuf, String> {
    let (all, object) = (folder.join("all.o"), folder.join("cardwright.o"));
    let (wanted, global) = (folder.join("wanted"), folder.join("global"));
    let lines = |form: fn(&String) -> String| exported.iter().map(form).collect::<String>();
    std::fs::write(&wanted, lines(|name| format!("-Wl,-u,{name}\n"))).map_err(place::at(&wanted))?;
    std::fs::write(&global, lines(|name| format!("{name}\n"))).map_err(place::at(&global))?;
    // With plain objects, also where the flags ask for those of an optimising linker. Groups of sections, of which a
    // linker takes one by its name, are dissolved: that name is local afterwards.
    let mut command = tools.cc(&["-fno-lto", "-r", "-nostdlib"]);
    command.arg("-Wl,--gc-sections,--unique,--force-group-allocation").arg(format!("@{}", place::text(&wanted)?));
    command.arg("-o").arg(&all).arg("-Wl,--whole-archive").arg(archive).arg("-Wl,--no-whole-archive");
    out.run(&mut command, minutes(5))?;
    // Rust's own library comes with what its compiler would need to optimise it once more.
    let mut command = tools.objcopy(&["--remove-section=.llvmbc", "--remove-section=.llvmcmd"]);
    command.arg(format!("--keep-global-symbols={}", place::text(&global)?)).arg(&all).arg(&object);
    out.run(&mut command, minutes(5))?;
    std::fs::remove_file(&all).map_err(place::at(&all))?;
    Ok(object)
}

/// The shared library, exporting our functions and nothing else.
fn shared(
    object: &Path,
    exported: &BTreeSet<String>,
    native: &[String],
    folder: &Path,
    tools: &Tools,
    out: &mut Out,
) -> Result<PathBuf, String> {
    let (script, shared) = (folder.join("cardwright.map"), folder.join(SHARED));
    let list: String = exported.iter().map(|name| format!("    {name};\n")).collect();
    let text = format!("{SONAME} {{\n  global:\n{list}  local:\n    *;\n}};\n");
    std::fs::write(&script, text).map_err(place::at(&script))?;
    let mut command = tools.ld(HARDENED);
    command.arg(format!("-Wl,-soname,{SONAME}")).arg(format!("-Wl,--version-script={}", place::text(&script)?));
    command.arg("-o").arg(&shared).arg(object).args(native);
    out.run(&mut command, minutes(5))?;
    Ok(shared)
}

/// Moves the debug information of a shared library to a file beside it, to which the library points.
fn split(shared: &Path, folder: &Path, tools: &Tools, out: &mut Out) -> Result<(PathBuf, PathBuf), String> {
    let (debug, note) = (folder.join(DEBUG), folder.join("build-id"));
    out.run(tools.objcopy(&["--only-keep-debug"]).arg(shared).arg(&debug), minutes(2))?;
    let link = format!("--add-gnu-debuglink={}", place::text(&debug)?);
    out.run(tools.objcopy(&["--strip-unneeded", &link]).arg(shared), minutes(2))?;
    let only = ["-O", "binary", "--only-section=.note.gnu.build-id"];
    out.run(tools.objcopy(&only).arg(shared).arg(&note), minutes(2))?;
    let bytes = std::fs::read(&note).map_err(place::at(&note))?;
    // Three lengths, the name "GNU", and the number.
    let id: String = bytes.iter().skip(16).map(|byte| format!("{byte:02x}")).collect();
    match id.split_at_checked(2) {
        Some((first, rest)) if rest.len() == 38 => Ok((debug, Path::new(first).join(format!("{rest}.debug")))),
        _ => Err(format!("{}: no number of the build", shared.display())),
    }
}

/// The static library.
fn archive(object: &Path, debug: Debug, folder: &Path, tools: &Tools, out: &mut Out) -> Result<PathBuf, String> {
    if debug != Debug::Keep {
        out.run(tools.objcopy(&["--strip-debug"]).arg(object), minutes(2))?;
    }
    let archive = folder.join("libcardwright.a");
    // Without times and users.
    out.run(tools.ar(&["rcsD"]).arg(&archive).arg(object), minutes(2))?;
    Ok(archive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_an_archive_are_read_and_what_is_cut_is_none() {
        let index_of = |name: &str, body: &[u8]| {
            let head = format!("!<arch>\n{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 0, body.len());
            [head.as_bytes(), body].concat()
        };
        let short = index_of("/", b"\0\0\0\x02AAAABBBBone\0two\0");
        assert_eq!(index(&short), Some(vec!["one", "two"]));
        let long = index_of("/SYM64/", b"\0\0\0\0\0\0\0\x01AAAAAAAAone\0");
        assert_eq!(index(&long), Some(vec!["one"]));
        assert_eq!(index(&index_of("one.o/", b"")), None);
        for length in 0..short.len() {
            assert_eq!(index(short.get(..length).unwrap_or_default()), None, "{length}");
        }
        assert_eq!(index(&index_of("/", b"\xff\xff\xff\xff")), None);
    }

    #[test]
    fn a_function_that_no_object_has_is_told() {
        let path = std::env::temp_dir().join(format!("cardwright-index-{}.a", std::process::id()));
        let body = b"\0\0\0\x02AAAABBBBcardwright_a\0other\0";
        let head = format!("!<arch>\n{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", "/", 0, 0, 0, 0, body.len());
        std::fs::write(&path, [head.as_bytes(), body].concat()).expect("a file");
        let exported = |name: &str| exported(&path, &[name.to_owned()]);
        assert_eq!(exported("cardwright_a"), Ok(BTreeSet::from(["cardwright_a".to_owned()])));
        assert!(exported("cardwright_b").is_err_and(|why| why.contains("cardwright_b")));
        let _ = std::fs::remove_file(&path);
    }
}
