//! What the programs of `proof/` take in flash.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::link::{Library, Linked};
use crate::run::{Done, Out, Stop, minutes};
use crate::sysroot::{TARGETS, Toolchain};
use crate::{firmware, header, place};

const PROGRAMS: &str = "proof/src/programs.rs";
const RECORD: &str = "benches/results/flash.txt";

/// A C library: the features that make it, what the header is told of it, and sets of its functions.
pub(super) struct InC {
    pub(super) features: &'static [&'static str],
    pub(super) defines: &'static [&'static str],
    /// Each is linked with what its functions reach. `*` stands for the rest of a name.
    sets: &'static [(&'static str, &'static [&'static str])],
}

const TERMINAL: &[&str] = &[
    "cardwright_atr_parse",
    "cardwright_identity_*",
    "cardwright_call_message",
    "cardwright_reply_*",
    "cardwright_list_*",
    "cardwright_view_*",
    "cardwright_serial_match",
    "cardwright_verdict",
];

/// The whole library, and that for each system alone.
pub(super) const IN_C: &[InC] = &[
    InC {
        features: &["certiflow", "mim"],
        defines: &[],
        sets: &[
            ("in C: an ATR, every figure", &["cardwright_atr_parse"]),
            (
                "in C: an ATR, and the dialogue that tells who a card is",
                &["cardwright_atr_parse", "cardwright_identity_*"],
            ),
            ("in C: a terminal: the same, HTTP, lists, views, serials, verdicts", TERMINAL),
            ("in C: the whole library", &["*"]),
        ],
    },
    InC {
        features: &["certiflow"],
        defines: &["-DCARDWRIGHT_NO_MIM"],
        sets: &[
            ("in C: a terminal with CertiFlow alone", TERMINAL),
            ("in C: the library with CertiFlow alone", &["*"]),
        ],
    },
    InC {
        features: &["mim"],
        defines: &["-DCARDWRIGHT_NO_CERTIFLOW"],
        sets: &[("in C: a terminal with MIM CM alone", TERMINAL), ("in C: the library with MIM CM alone", &["*"])],
    },
];

/// Links the sets of functions in C; the rows that tell what they take.
///
/// # Errors
///
/// When one can panic.
pub(super) fn in_c(of: &InC, libraries: &[Library], functions: &[String], out: &mut Out) -> Result<String, Stop> {
    let mut rows = String::new();
    for (name, wanted) in of.sets {
        let chosen: Vec<&str> = functions
            .iter()
            .map(String::as_str)
            .filter(|name| wanted.iter().any(|wanted| fits(name, wanted)))
            .collect();
        row(&mut rows, name, &linked(libraries, &chosen, out)?);
    }
    Ok(rows)
}

/// Links every program for every target, one library for each, and prints what each takes; then the rows
/// of [`in_c`], the terminals of `examples/firmware`, and the sizes of what a program in C has in memory.
///
/// # Errors
///
/// When one can panic, when there is none, or when the record cannot be written. Skipped without a
/// compiler for C.
pub(super) fn measure(tools: &Toolchain, in_rust: &[Library], in_c: &str, record: bool, out: &mut Out) -> Done {
    let source = place::read(PROGRAMS)?;
    let programs = programs(&source);
    if programs.is_empty() {
        return Err(format!("no program in {PROGRAMS}").into());
    }
    let mut table = head("bytes of flash");
    for program in &programs {
        row(&mut table, program, &linked(in_rust, &[program], out)?);
    }
    table += in_c;
    let (mut sizes, mut memory) = (Vec::<(&str, Vec<Size>)>::new(), Vec::new());
    for target in TARGETS {
        for program in firmware::build(tools, target, out)? {
            let size = size(&program.path, out)?;
            match sizes.iter_mut().find(|(name, _)| *name == program.name) {
                Some((_, sizes)) => sizes.push(size),
                None => sizes.push((program.name, vec![size])),
            }
        }
        memory.push(objects(target, out)?);
    }
    for (name, sizes) in &sizes {
        let name = format!("examples/firmware {name}");
        row(&mut table, &name, &sizes.iter().map(|size| size.flash).collect::<Vec<_>>());
    }
    table.push('\n');
    table += &head("bytes of memory");
    for (name, sizes) in &sizes {
        let name = format!("examples/firmware {name}: static");
        row(&mut table, &name, &sizes.iter().map(|size| size.memory).collect::<Vec<_>>());
    }
    for name in memory.first().iter().flat_map(|sizes| sizes.keys()) {
        row(&mut table, name, &memory.iter().filter_map(|sizes| sizes.get(name).copied()).collect::<Vec<_>>());
    }
    out.say(table.trim_end());
    if record {
        let text = format!("$ cargo xtask proof --record\n{}\n\n{table}", tools.compiler(out)?);
        std::fs::write(place::root().join(RECORD), text).map_err(|error| format!("{RECORD}: {error}"))?;
    }
    let in_c: usize = IN_C.iter().map(|of| of.sets.len()).sum();
    Ok(format!("programs measured: {}", programs.len() + in_c + sizes.len()))
}

fn head(title: &str) -> String {
    let columns: String =
        TARGETS.iter().map(|target| format!("{:>10}", target.trim_end_matches("-none-eabi"))).collect();
    format!("{title:<70}{columns}\n")
}

fn row(table: &mut String, name: &str, numbers: &[u64]) {
    let columns: String = numbers.iter().map(|number| format!("{number:>10}")).collect();
    let _ = writeln!(table, "{name:<70}{columns}");
}

/// What roots take in flash, for each library.
fn linked(libraries: &[Library], roots: &[&str], out: &mut Out) -> Result<Vec<u64>, Stop> {
    let mut flash = Vec::new();
    for library in libraries {
        let Linked::Program(path) = library.link(roots)? else {
            return Err(format!("can panic: {}", roots.join(", ")).into());
        };
        flash.push(size(&path, out)?.flash);
    }
    Ok(flash)
}

/// Whether a name is a wanted one.
fn fits(name: &str, wanted: &str) -> bool {
    wanted.strip_suffix('*').map_or(name == wanted, |beginning| name.starts_with(beginning))
}

/// What a program takes.
#[derive(Debug, PartialEq, Eq)]
struct Size {
    /// Text, and what data are set from.
    flash: u64,
    /// Data, and what is zero at the start; without the stack.
    memory: u64,
}

fn size(program: &Path, out: &mut Out) -> Result<Size, String> {
    let text = out.read(&mut place::program("arm-none-eabi-size", &[place::text(program)?]), minutes(1))?;
    read_size(&text).filter(|size| size.flash > 0).ok_or_else(|| format!("{} has no size: {text}", program.display()))
}

/// Reads what `size` prints: a line of titles, then `text data bss dec hex name`.
fn read_size(text: &str) -> Option<Size> {
    let mut columns = text.lines().nth(1)?.split_whitespace().map_while(|column| column.parse::<u64>().ok());
    let (text, data, bss) = (columns.next()?, columns.next()?, columns.next()?);
    Some(Size { flash: text.checked_add(data)?, memory: data.checked_add(bss)? })
}

/// The sizes of the header's structures: each is a variable, which `nm` tells the size of.
fn objects(target: &str, out: &mut Out) -> Result<BTreeMap<String, u64>, String> {
    let header = header::bare(&[], out)?;
    let names = header.lines().filter_map(|line| line.strip_prefix("typedef struct ")?.strip_suffix(" {"));
    let source: String = names.map(|name| format!("{name} size_of_{name};\n")).collect();
    let folder = place::logs().join("proof");
    let (c, object) = (folder.join("objects.c"), folder.join("objects.o"));
    std::fs::write(&c, format!("#define CARDWRIGHT_BARE\n#include <cardwright.h>\n{source}")).map_err(place::at(&c))?;
    let mut gcc = place::program("arm-none-eabi-gcc", &["-ffreestanding", "-Iinclude", "-c", "-o"]);
    gcc.arg(&object).arg(&c).args(firmware::cpu(target));
    out.run(&mut gcc, minutes(1))?;
    let symbols = out.read(place::program("arm-none-eabi-nm", &["-S", "-t", "d"]).arg(&object), minutes(1))?;
    let sizes: BTreeMap<String, u64> = symbols.lines().filter_map(read_object).collect();
    if sizes.is_empty() { Err(format!("no structure in {}", header::FILE)) } else { Ok(sizes) }
}

/// Reads a line of `nm -S`: `address size kind name`.
fn read_object(line: &str) -> Option<(String, u64)> {
    let (numbers, name) = line.split_once("size_of_")?;
    Some((name.into(), numbers.split_whitespace().nth(1)?.parse().ok()?))
}

/// The names of the roots in a file.
fn programs(source: &str) -> Vec<&str> {
    source.lines().filter_map(|line| Some(line.trim().strip_prefix('"')?.split_once("\" => ")?.0)).collect()
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
    fn flash_is_text_and_data_and_memory_is_data_and_bss() {
        let sizes = "   text\t   data\t    bss\t    dec\t    hex\tfilename\n    780\t      4\t      8\t    792\t    318\tx.elf\n";
        assert_eq!(read_size(sizes), Some(Size { flash: 784, memory: 12 }));
        assert_eq!(read_size(""), None);
    }

    #[test]
    fn objects_are_read_from_symbols() {
        assert_eq!(read_object("00000004 00000072 C size_of_CardwrightAtr"), Some(("CardwrightAtr".into(), 72)));
        assert_eq!(read_object("00000004 t other"), None);
    }

    #[test]
    fn names_fit_whole_or_by_their_beginning() {
        assert!(fits("cardwright_atr_parse", "cardwright_atr_*") && fits("a", "*") && fits("a", "a"));
        assert!(!fits("cardwright_atr_parse", "cardwright_atr") && !fits("a", "b*"));
    }
}
