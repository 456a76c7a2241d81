//! The C header: how it is written, and what it declares.

use std::path::PathBuf;

use crate::place;
use crate::run::{Out, minutes};

/// The header, from the root.
pub(crate) const FILE: &str = "include/cardwright.h";

/// Where its writer is built: a workspace of its own shares no compiled crate with the others.
pub(crate) fn target() -> PathBuf {
    place::target().join("header")
}

/// The text of the header.
///
/// # Errors
///
/// When its writer cannot be built, or fails, or something in the header has no documentation.
pub(crate) fn text(out: &mut Out) -> Result<String, String> {
    let run = ["run", "--quiet", "--locked", "--manifest-path", "ffi/header/Cargo.toml", "--target-dir"];
    let header = out.read(place::cargo(&run).arg(target()), minutes(10))?;
    let (count, bare) = undocumented(&header);
    match (count, bare.first()) {
        (0, _) => Err("the header declares nothing".into()),
        (_, Some(first)) => Err(format!("the header has no documentation of {first}")),
        _ => Ok(header),
    }
}

/// The header as it is without an operating system, and with what else is defined.
///
/// # Errors
///
/// When the compiler for bare metal fails.
pub(crate) fn bare(defines: &[&str], out: &mut Out) -> Result<String, String> {
    let mut gcc = place::program("arm-none-eabi-gcc", &["-E", "-P", "-ffreestanding", "-DCARDWRIGHT_BARE"]);
    out.read(gcc.args(defines).arg(FILE), minutes(1))
}

/// The functions that a header declares.
pub(crate) fn functions(header: &str) -> Vec<String> {
    let mut functions = Vec::new();
    for line in code(header) {
        let Some(at) = line.find("cardwright_").filter(|_| !line.starts_with([' ', '#'])) else { continue };
        let name = line.get(at..).unwrap_or_default();
        if let Some((name, _)) = name.split_once('(') {
            functions.push(name.to_string());
        }
    }
    functions
}

/// Each earlier name with the one that the header defines it as.
pub(crate) fn renamed(header: &str) -> Vec<(String, String)> {
    let names = header.lines().filter_map(|line| {
        let line = line.strip_prefix("#define ").filter(|line| line.starts_with("cardwright_"))?;
        let mut names = line.split([' ', '(']).filter(|word| word.starts_with("cardwright_")).map(String::from);
        names.next().zip(names.next())
    });
    names.collect()
}

/// How many things a header declares, and those of them without a comment before.
fn undocumented(header: &str) -> (usize, Vec<String>) {
    let mut before = "";
    let (mut count, mut bare) = (0, Vec::new());
    for line in header.lines().filter(|line| !line.is_empty()) {
        let comment = line.trim_start().starts_with(['*', '/']);
        if !comment && declares(line) {
            count += 1;
            if !before.ends_with("*/") {
                bare.push(line.trim().to_string());
            }
        }
        before = line;
    }
    (count, bare)
}

/// Whether a line begins a declaration: a constant, a type, a value, a member, a function.
fn declares(line: &str) -> bool {
    let ours = |name: &str| name.starts_with("CARDWRIGHT_") || name.starts_with("cardwright_");
    match line.strip_prefix("  ") {
        // The second line of a type's width, and of a function's parameters.
        Some(inner) if inner.starts_with([' ', ':']) => false,
        Some(inner) => ours(inner) || inner.ends_with(';'),
        None => {
            let defined = line.strip_prefix("#define ").and_then(|line| line.split_once(' '));
            let constant = defined.is_some_and(|(name, _)| ours(name) && !name.contains('('));
            let kind = line.starts_with("typedef enum ") || line.starts_with("typedef struct ") && line.ends_with('{');
            let function = line.contains("cardwright_") && line.contains('(') && !line.starts_with('#');
            constant || kind || function
        }
    }
}

/// The lines that are no comments.
fn code(header: &str) -> impl Iterator<Item = &str> {
    header.lines().filter(|line| !line.trim_start().starts_with(['*', '/']))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "/**\n * cardwright_no(\n */\n#define CARDWRIGHT_OK 0\n/**\n * A type.\n */\ntypedef struct A {\n  /**\n   * It.\n   */\n  uint32_t one;\n} A;\n\n/**\n * Does.\n */\nint32_t cardwright_do(uint32_t a,\n                      A *b);\n";

    #[test]
    fn functions_are_found_outside_of_comments() {
        assert_eq!(functions(HEADER), ["cardwright_do"]);
        assert_eq!(functions("const char *cardwright_version(void);\n"), ["cardwright_version"]);
    }

    #[test]
    fn earlier_names_are_found() {
        let header = "#define cardwright_a cardwright_b_a\n#define cardwright_c(x, y) cardwright_d(y, x)\n#define CARDWRIGHT_E 1\n";
        assert_eq!(
            renamed(header),
            [("cardwright_a".into(), "cardwright_b_a".into()), ("cardwright_c".into(), "cardwright_d".into())]
        );
    }

    #[test]
    fn what_has_no_comment_is_told() {
        assert_eq!(undocumented(HEADER), (4, vec![]));
        let (count, bare) = undocumented(&HEADER.replace("   */\n  uint32_t", "   */\n  int a;\n  uint32_t"));
        assert_eq!((count, bare), (5, vec!["uint32_t one;".to_string()]));
        assert_eq!(undocumented(&HEADER.replace("/**\n * Does.\n */\n", "")).1.len(), 1);
    }
}
