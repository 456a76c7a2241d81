//! Writes the C header to its standard output. `cargo xtask gen` runs it from the root of the repository.
//!
//! Functions, structures and enumerations are cbindgen's, from `ffi` and the enumerations of `core`; the
//! fields of objects come from core's tables, as cbindgen does not see into macros. Their lines of
//! documentation are those of the same rows.

use std::fmt::Write as _;
use std::process::ExitCode;

use cardwright_core::certiflow::{CardInfo, Certificate};
use cardwright_core::json::{Field, Kind};
use cardwright_core::mim::{DataItem, Request, Smartcard};

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
    let fields = fields()?;
    config.after_includes = Some(config.after_includes.unwrap_or_default() + &fields);
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
fn fields() -> Result<String, String> {
    let mut out = String::new();
    let certiflow = source("core/src/certiflow/card.rs")?;
    let mim = source("core/src/mim/object.rs")?;
    let objects: [(&str, &str, &[Field]); 5] = [
        ("CardInfo", &certiflow, CardInfo::FIELDS),
        ("Certificate", &certiflow, Certificate::FIELDS),
        ("Smartcard", &mim, Smartcard::FIELDS),
        ("Request", &mim, Request::FIELDS),
        ("DataItem", &mim, DataItem::FIELDS),
    ];
    for (object, source, fields) in objects {
        let docs = docs(source, object);
        if docs.len() != fields.len() {
            return Err(format!("{object}: {} rows, {} fields", docs.len(), fields.len()));
        }
        let _ = write!(out, "\n/**\n * The fields of {object}, for the functions `cardwright_view_…`.\n */\n");
        let _ = writeln!(out, "enum Cardwright{object}Field {{");
        for (n, (field, (name, doc))) in fields.iter().zip(&docs).enumerate() {
            if field.name != name {
                return Err(format!("{object}: {} is documented as {name}", field.name));
            }
            let kind = match field.kind {
                Kind::Text => "a text",
                Kind::Scalar => "a text, a number, true or false",
                Kind::List => "a list",
            };
            let _ = write!(out, "  /**\n   * `{name}`, {kind}. {doc}\n   */\n");
            let _ = writeln!(out, "  CARDWRIGHT_{}_{} = {n},", screaming(object), screaming(name));
        }
        out.push_str("};\n");
    }
    Ok(out)
}

fn source(path: &str) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))
}

/// The name on the wire and the documentation of each row of a view.
fn docs(source: &str, object: &str) -> Vec<(String, String)> {
    let begin = format!("    {object},");
    let lines = source.lines().skip_while(|line| *line != begin).take_while(|line| *line != "}");
    let mut docs = Vec::new();
    let mut doc = String::new();
    for line in lines.map(str::trim) {
        if let Some(text) = line.strip_prefix("/// ") {
            doc = if doc.is_empty() { text.to_string() } else { doc + " " + text };
        } else if let Some(name) = line.split('"').nth(1) {
            docs.push((name.to_string(), in_c(&format!("*{doc}")).split_off(1)));
            doc.clear();
        } else {
            doc.clear();
        }
    }
    docs
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
