//! Writes the C header to its standard output. `cargo xtask gen` runs it from the root of the repository.
//!
//! Functions, structures and enumerations are cbindgen's, from `ffi` and the enumerations of `core`; the
//! fields of objects come from core's schemas, as cbindgen does not see into macros.

use std::fmt::Write as _;
use std::process::ExitCode;

use cardwright_core::json::{Schema, ValueType};
use cardwright_core::{certiflow, mim};

fn main() -> ExitCode {
    match header() {
        Ok(header) => {
            print!("{header}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn header() -> Result<String, String> {
    let mut config = cbindgen::Config::from_file("ffi/header/cbindgen.toml")?;
    config.after_includes = Some(config.after_includes.unwrap_or_default() + &fields());
    let bindings = cbindgen::Builder::new().with_crate("ffi").with_config(config).generate();
    let mut bytes = Vec::new();
    bindings.map_err(|error| error.to_string())?.write(&mut bytes);
    let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
    // The name of the product is one word.
    let text = text.replace("CERTI_FLOW", "CERTIFLOW");
    let kinds = text.lines().filter_map(|line| line.strip_prefix("enum ").or(line.strip_prefix("typedef struct ")));
    if let Some(foreign) = kinds.into_iter().find(|name| !name.starts_with("Cardwright")) {
        return Err(format!("{foreign}: name it in `rename` of cbindgen.toml, or in `exclude`"));
    }
    let ours: Vec<&str> = text.split("\n\n").filter(|block| !is_foreign(block)).collect();
    Ok(ours.join("\n\n").lines().map(|line| in_c(line).trim_end().to_string() + "\n").collect())
}

/// Whether a block is a constant that stands in one of core's types.
fn is_foreign(block: &str) -> bool {
    let name = block.lines().last().and_then(|line| line.strip_prefix("#define "));
    name.is_some_and(|name| !name.starts_with("CARDWRIGHT_"))
}

/// A line with Rust's links as plain words.
fn in_c(line: &str) -> String {
    if !line.trim_start().starts_with('*') {
        return line.to_string();
    }
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("[`") {
        let Some((name, after)) = after.split_once("`]") else { break };
        out = out + before + "`" + name.trim_start_matches("super::").trim_start_matches("crate::json::") + "`";
        rest = after;
        if let Some((_, behind)) = rest.strip_prefix('(').and_then(|link| link.split_once(')')) {
            rest = behind;
        }
    }
    out + rest
}

/// The enumerations of fields.
fn fields() -> String {
    let mut out = String::new();
    for Schema { name: object, fields, .. } in certiflow::SCHEMAS.into_iter().chain(mim::SCHEMAS) {
        let _ = write!(out, "\n/**\n * The fields of {object}, for the functions `cardwright_view_…`.\n */\n");
        let _ = writeln!(out, "enum Cardwright{object}Field {{");
        for (n, field) in fields.iter().enumerate() {
            let kind = match field.value {
                ValueType::Text | ValueType::Date | ValueType::Uuid => "a text",
                ValueType::Texts | ValueType::Objects(_) => "a list",
                _ => "a text, a number, true or false",
            };
            let doc: Vec<&str> = field.doc.lines().map(str::trim).collect();
            let doc = in_c(&format!("*{}", doc.join(" "))).split_off(1);
            let _ = write!(out, "  /**\n   * `{}`, {kind}. {doc}\n   */\n", field.name);
            let _ = writeln!(out, "  CARDWRIGHT_{}_{} = {n},", screaming(object), screaming(field.name));
        }
        out.push_str("};\n");
    }
    out
}

/// `serialNumber` and `SerialNumber` as `SERIAL_NUMBER`.
fn screaming(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}
