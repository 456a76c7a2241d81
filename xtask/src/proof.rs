//! Which functions of the core cannot panic, and what each costs in flash.
//!
//! `proof/` is a library whose panic handler calls a function that nobody defines. Each of its
//! roots is linked alone. Whatever panic the optimiser could not rule out keeps the call, and the
//! link fails. A root with a planted panic shows that the check can fail.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::run::{Done, Out, Stop};
use crate::sysroot::Toolchain;
use crate::{minutes, place, source};

const TARGET: &str = "thumbv7m-none-eabi";
const PLANTED: &str = "root_planted_panic";
const HANDLER: &str = "a_panic_is_reachable";

/// Links every root, and prints a table of them.
///
/// # Errors
///
/// When a root can panic, when the planted panic is not found, when there is no root, or when the
/// roots in the source are not those in the library. Skipped without the tools.
pub(crate) fn check(out: &mut Out) -> Done {
    for tool in ["arm-none-eabi-ld", "arm-none-eabi-nm", "arm-none-eabi-size"] {
        if !place::on_path(tool) {
            return Err(Stop::Skipped(format!("{tool} is missing: cargo xtask setup")));
        }
    }
    let mut roots = roots_in_source()?;
    if !roots.remove(PLANTED) {
        return Err(Stop::Failed(format!("no {PLANTED} in proof/src")));
    }
    if roots.is_empty() {
        return Err(Stop::Failed("no root in proof/src".into()));
    }
    let tools = Toolchain::find(out)?;

    let library = build(&tools, &[TARGET], &[], out)?;
    same(&roots, &roots_in_library(&library, out)?)?;
    let mut table = Vec::new();
    let mut panics = Vec::new();
    for root in &roots {
        match link(&library, root, out)? {
            Link::Flash(bytes) => table.push((root.as_str(), bytes)),
            Link::Panics => panics.push(root.as_str()),
        }
    }

    out.say(format_args!("{:<40} flash, bytes ({TARGET})", "root"));
    for (root, bytes) in &table {
        out.say(format_args!("{root:<40} {bytes:>6}"));
    }
    for root in &panics {
        out.say(format_args!("{root:<40} CAN PANIC"));
    }
    if !panics.is_empty() {
        return Err(Stop::Failed(format!("can panic: {}", panics.join(", "))));
    }

    let library = build(&tools, &[TARGET], &["--features", "planted-panic"], out)?;
    let mut planted = roots.clone();
    planted.insert(PLANTED.into());
    same(&planted, &roots_in_library(&library, out)?)?;
    for root in &planted {
        let found = matches!(link(&library, root, out)?, Link::Panics);
        if found != (root == PLANTED) {
            let wrong = if found { "seen as one that panics" } else { "not seen" };
            return Err(Stop::Failed(format!("with a planted panic, {root} is {wrong}")));
        }
    }
    out.say("the planted panic is found");

    let largest = table.iter().map(|(_, bytes)| bytes).max().copied().unwrap_or(0);
    Ok(format!("roots that cannot panic: {}, the largest takes {largest} bytes", table.len()))
}

/// Builds the library for targets and says where the last one is.
///
/// # Errors
///
/// When it does not compile.
pub(crate) fn build(tools: &Toolchain, targets: &[&str], features: &[&str], out: &mut Out) -> Result<PathBuf, String> {
    let mut command = tools.cargo(&["build", "--locked", "--release", "--manifest-path", "proof/Cargo.toml"]);
    command.args(features);
    let mut library = PathBuf::new();
    for target in targets {
        command.args(["--target", target]);
        library = tools.release(target).join("libcardwright_proof.a");
    }
    out.run(&mut command, minutes(15))?;
    Ok(library)
}

/// What came of linking one root.
enum Link {
    /// Bytes of code and constant data.
    Flash(u64),
    Panics,
}

fn link(library: &Path, root: &str, out: &mut Out) -> Result<Link, String> {
    let folder = place::logs().join("proof");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let program = folder.join(format!("{root}.elf"));
    let arguments = [
        "--gc-sections",
        "-T",
        "proof/link.ld",
        "-e",
        root,
        // `-e` alone takes a name that does not exist for a warning.
        &format!("--require-defined={root}"),
        place::text(library)?,
        "-o",
        place::text(&program)?,
    ];
    let linked = place::program("arm-none-eabi-ld", &arguments).output();
    let linked = linked.map_err(|error| format!("arm-none-eabi-ld: {error}"))?;
    if !linked.status.success() {
        let why = String::from_utf8_lossy(&linked.stderr);
        // Any other reason is a fault of the check, and must not pass for a panic that was found.
        if why.contains(&format!("undefined reference to `{HANDLER}'")) {
            return Ok(Link::Panics);
        }
        return Err(format!("{root} cannot be linked: {why}"));
    }
    let sizes = out.read(&mut place::program("arm-none-eabi-size", &[place::text(&program)?]), minutes(1))?;
    match flash(&sizes) {
        Some(bytes) if bytes > 0 => Ok(Link::Flash(bytes)),
        _ => Err(format!("{root} has no size: {sizes}")),
    }
}

/// Text and data from what `size` prints: a line of titles, then `text data bss dec hex name`.
fn flash(sizes: &str) -> Option<u64> {
    let mut columns = sizes.lines().nth(1)?.split_whitespace();
    let text: u64 = columns.next()?.parse().ok()?;
    let data: u64 = columns.next()?.parse().ok()?;
    text.checked_add(data)
}

fn roots_in_source() -> Result<BTreeSet<String>, String> {
    let folder = place::root().join("proof/src");
    let mut roots = BTreeSet::new();
    for entry in std::fs::read_dir(&folder).map_err(|error| format!("proof/src: {error}"))? {
        let path = entry.map_err(|error| format!("proof/src: {error}"))?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let source = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            roots.extend(roots_in(&source));
        }
    }
    Ok(roots)
}

/// Every function whose name begins with `root_`.
fn roots_in(source: &str) -> Vec<String> {
    let words: Vec<String> = source::words(source).collect();
    let names =
        words.windows(2).filter(|pair| matches!(pair, [word, name] if word == "fn" && name.starts_with("root_")));
    names.filter_map(|pair| pair.last().cloned()).collect()
}

fn roots_in_library(library: &Path, out: &mut Out) -> Result<BTreeSet<String>, String> {
    let mut command = place::program("arm-none-eabi-nm", &["--quiet", "--defined-only", place::text(library)?]);
    let names = out.read(&mut command, minutes(1))?;
    let last = names.lines().filter_map(|line| line.split_whitespace().last());
    Ok(last.filter(|name| name.starts_with("root_")).map(String::from).collect())
}

fn same(source: &BTreeSet<String>, library: &BTreeSet<String>) -> Result<(), String> {
    match source.symmetric_difference(library).next() {
        None => Ok(()),
        Some(root) => Err(format!("{root} is in only one of proof/src and the library built from it")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_found_by_their_names() {
        let source =
            "// fn root_no()\nroot! {\n fn root_one(input: &[u8]) -> usize { 0 }\n}\nfn other() {}\nfn root_two()";
        assert_eq!(roots_in(source), ["root_one", "root_two"]);
    }

    #[test]
    fn flash_is_text_and_data() {
        let sizes = "   text\t   data\t    bss\t    dec\t    hex\tfilename\n    780\t      4\t      8\t    792\t    318\tx.elf\n";
        assert_eq!(flash(sizes), Some(784));
        assert_eq!(flash(""), None);
    }
}
