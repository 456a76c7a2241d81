//! Earlier names of functions: what the header defines for them.

use std::fmt::Write as _;

use crate::block::{Block, words};

/// The file with the list.
const LIST: &str = "ffi/src/earlier.rs";

const ABOUT: &str = "/**
 * @defgroup earlier Earlier names
 * Names of 0.1.0, for programs that use them; the library has functions of these names too. Define
 * CARDWRIGHT_NO_EARLIER_NAMES to do without.
 * @{
 */
#if !defined(CARDWRIGHT_NO_EARLIER_NAMES)
";

/// The last section of the header.
///
/// # Errors
///
/// When the list cannot be read, or names a function that there is not.
pub(crate) fn text(blocks: &[Block]) -> Result<String, String> {
    let list = std::fs::read_to_string(LIST).map_err(|error| format!("{LIST}: {error}"))?;
    let list = list.split_once("\nearlier! {\n").and_then(|(_, rest)| rest.split_once("\n}")).map(|(list, _)| list);
    let list = list.ok_or_else(|| format!("{LIST}: there is no list"))?;
    let mut out = String::from(ABOUT);
    for entry in list.split(';').map(str::trim).filter(|entry| !entry.is_empty()) {
        out += &one(entry, blocks).ok_or_else(|| format!("{LIST}: {entry}"))?;
    }
    Ok(out + "\n#endif\n/** @} */\n")
}

/// What stands for one of them: `earlier(parameters) -> result = newer(arguments)`.
fn one(entry: &str, blocks: &[Block]) -> Option<String> {
    let (earlier, newer) = entry.split_once(" = ").or_else(|| entry.split_once("= "))?;
    let (earlier, newer) = (earlier.trim(), newer.trim());
    let (name, now) = (words(earlier).first().copied()?, words(newer).first().copied()?);
    blocks.iter().find(|block| block.name == now)?;
    let has = |text: &str| -> Option<Vec<String>> {
        let inside = text.split_once('(')?.1.split_once(')')?.0;
        let names = inside.split(',').filter_map(|part| words(part).first().map(|name| (*name).to_string()));
        Some(names.collect())
    };
    let (given, taken) = (has(earlier)?, has(newer)?);
    let mut out = format!("\n/**\n * {now}().\n */\n");
    if given == taken {
        let _ = writeln!(out, "#define {name} {now}");
        return Some(out);
    }
    let _ = writeln!(out, "#define {name}({}) {now}({})", given.join(", "), taken.join(", "));
    Some(out)
}
