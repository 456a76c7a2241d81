//! The shape of enumerations in C, and the type of parameters and members that are values of one.

use std::fmt::Write as _;

/// The file with the names of parameters and members that are values of an enumeration.
const NUMBERS: &str = "ffi/src/number.rs";

/// What the header defines for them.
pub(crate) const MACROS: &str = "
/**
 * The type of a parameter or a member that is a value of an enumeration: the enumeration itself in C, so that the
 * compiler finds where another one stands (-Wenum-conversion, -Wenum-compare), and uint32_t in C++ and where
 * enumerations are narrower than that. Both have 4 bytes.
 */
#if !defined(CARDWRIGHT_ENUM)
#if defined(__cplusplus) || (defined(__ARM_SIZEOF_MINIMAL_ENUM) && __ARM_SIZEOF_MINIMAL_ENUM != 4)
#define CARDWRIGHT_ENUM(name) uint32_t
#else
#define CARDWRIGHT_ENUM(name) enum name
#endif
#endif
";

/// The enumeration that is asked for its width.
pub(crate) const ASSERTED: &str = "CardwrightCode";

/// That the compiler's enumerations are as wide as the library takes them.
pub(crate) fn assertion() -> String {
    let test = format!("(sizeof(CARDWRIGHT_ENUM({ASSERTED})) == 4, \"define CARDWRIGHT_ENUM(name) as uint32_t\");");
    format!(
        "\n#if defined(__cplusplus)\nstatic_assert{test}\n#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= \
         201112L\n_Static_assert{test}\n#endif\n"
    )
}

/// Each name of a parameter's type in Rust, with the type in C.
///
/// # Errors
///
/// When the file cannot be read.
pub(crate) fn numbers() -> Result<Vec<(String, String)>, String> {
    let text = std::fs::read_to_string(NUMBERS).map_err(|error| format!("{NUMBERS}: {error}"))?;
    let names = text.lines().filter_map(|line| line.strip_prefix("pub type ")?.strip_suffix("Number = u32;"));
    Ok(names.map(|name| (format!("{name}Number"), format!("CARDWRIGHT_ENUM(Cardwright{name})"))).collect())
}

/// Whether a block of cbindgen's is the alias itself, which C has no need of.
pub(crate) fn is_alias(block: &str) -> bool {
    block.contains("\ntypedef uint32_t CARDWRIGHT_ENUM(")
}

/// The text with `typedef enum X { ... } X;` for each enumeration, of the width that it has in Rust in C++ alone: C has
/// to take its values by [`MACROS`].
pub(crate) fn shaped(text: &str) -> String {
    const FIXED: &str = "#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L";
    let mut out = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(name) = line.strip_prefix("enum ") else {
            let _ = writeln!(out, "{line}");
            continue;
        };
        let _ = writeln!(out, "typedef enum {name}");
        if lines.next_if_eq(&FIXED).is_some() {
            let width = lines.next().unwrap_or_default();
            let _ = writeln!(out, "#if defined(__cplusplus)\n{width}\n#endif\n{{");
            // The end of the condition, and the brace.
            lines.next();
            lines.next();
        }
        let name = name.trim_end_matches(" {");
        for line in lines.by_ref().take_while(|line| *line != "};") {
            let _ = writeln!(out, "{line}");
        }
        let _ = writeln!(out, "}} {name};");
        if lines.next_if_eq(&"#ifndef __cplusplus").is_some() {
            // Its other names, and the end of this condition.
            lines.by_ref().take_while(|line| !line.ends_with("// __cplusplus")).for_each(drop);
        }
    }
    out
}
