//! What the programs of `proof/` take in flash.

use std::fmt::Write as _;

use super::link::{Library, Linked};
use crate::run::{Done, Out, Stop};
use crate::sysroot::{TARGETS, Toolchain};
use crate::{minutes, place};

const PROGRAMS: &str = "proof/src/programs.rs";
const RECORD: &str = "benches/results/flash.txt";

/// Links every program for every target, one library for each, and prints what each takes.
///
/// # Errors
///
/// When one can panic, when there is none, or when the record cannot be written.
pub(super) fn measure(libraries: &[Library], tools: &Toolchain, record: bool, out: &mut Out) -> Done {
    let source = place::read(PROGRAMS)?;
    let programs = programs(&source);
    if programs.is_empty() {
        return Err(Stop::Failed(format!("no program in {PROGRAMS}")));
    }
    let mut table = format!("{:<70}", "bytes of flash");
    for target in TARGETS {
        let _ = write!(table, "{:>10}", target.trim_end_matches("-none-eabi"));
    }
    table.push('\n');
    for program in &programs {
        let _ = write!(table, "{program:<70}");
        for library in libraries {
            let Linked::Program(path) = library.link(&[program])? else {
                return Err(Stop::Failed(format!("can panic: {program}")));
            };
            let sizes = out.read(&mut place::program("arm-none-eabi-size", &[place::text(&path)?]), minutes(1))?;
            let bytes = flash(&sizes).filter(|bytes| *bytes > 0);
            let _ = write!(table, "{:>10}", bytes.ok_or_else(|| format!("{program} has no size: {sizes}"))?);
        }
        table.push('\n');
    }
    out.say(table.trim_end());
    if record {
        let text = format!("$ cargo xtask proof --record\n{}\n\n{table}", tools.compiler(out)?);
        std::fs::write(place::root().join(RECORD), text).map_err(|error| format!("{RECORD}: {error}"))?;
    }
    Ok(format!("programs measured: {}", programs.len()))
}

/// The names of the roots in a file.
fn programs(source: &str) -> Vec<&str> {
    source.lines().filter_map(|line| Some(line.trim().strip_prefix('"')?.split_once("\" => ")?.0)).collect()
}

/// Text and data from what `size` prints: a line of titles, then `text data bss dec hex name`.
fn flash(sizes: &str) -> Option<u64> {
    let mut columns = sizes.lines().nth(1)?.split_whitespace();
    let text: u64 = columns.next()?.parse().ok()?;
    let data: u64 = columns.next()?.parse().ok()?;
    text.checked_add(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_by_their_names() {
        let source =
            "//! \"no\" => x\nroots! {\n    \"an ATR: all\" => give(1),\n    \"two\" => {\n        a();\n    },\n}\n";
        assert_eq!(programs(source), ["an ATR: all", "two"]);
    }

    #[test]
    fn flash_is_text_and_data() {
        let sizes = "   text\t   data\t    bss\t    dec\t    hex\tfilename\n    780\t      4\t      8\t    792\t    318\tx.elf\n";
        assert_eq!(flash(sizes), Some(784));
        assert_eq!(flash(""), None);
    }
}
