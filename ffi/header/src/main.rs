//! Writes the C header to its standard output. `cargo xtask gen` runs it from the root of the repository.
//!
//! Functions, structures and enumerations are cbindgen's, from `ffi` and the enumerations of `core`; the
//! fields of objects come from core's schemas, as cbindgen does not see into macros. An enumeration with values of
//! a program's own would be a union to cbindgen; it is shown the library's values alone, with their numbers.

use std::fmt::{Debug, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use cardwright_core::identity::{CardKind, Source};
use cardwright_core::json::{Schema, ValueType};
use cardwright_core::{Named, certiflow, mim};
use syn::{Expr, ExprLit, Item, ItemEnum, Lit, Meta};

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
    let plain = plain_enumerations()?;
    let bindings = cbindgen::Builder::new().with_crate("ffi").with_src(plain).with_config(config).generate();
    let mut bytes = Vec::new();
    bindings.map_err(|error| error.to_string())?.write(&mut bytes);
    let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
    // The name of the product is one word.
    let text = text.replace("CERTI_FLOW", "CERTIFLOW");
    // A member for hosted programs ends within the condition, and those that follow each other share one.
    let text = text.replace("\n#endif\n  ;", ";\n#endif");
    let text = text.replace(";\n#endif\n#if defined(CARDWRIGHT_HOSTED)\n  /**", ";\n  /**");
    let kinds = text.lines().filter_map(|line| line.strip_prefix("enum ").or(line.strip_prefix("typedef struct ")));
    if let Some(foreign) = kinds.into_iter().find(|name| !name.starts_with("Cardwright")) {
        return Err(format!("{foreign}: name it in `rename` of cbindgen.toml, or in `exclude`"));
    }
    let ours: Vec<&str> = text.split("\n\n").filter(|block| !is_foreign(block)).collect();
    Ok(in_words(&ours.join("\n\n")).into_iter().map(|line| in_c(line).trim_end().to_string() + "\n").collect())
}

/// Whether a block is a constant that stands in one of core's types.
fn is_foreign(block: &str) -> bool {
    let name = block.lines().last().and_then(|line| line.strip_prefix("#define "));
    name.is_some_and(|name| !name.starts_with("CARDWRIGHT_"))
}

/// The lines without the examples in Rust of comments.
fn in_words(text: &str) -> Vec<&str> {
    let (mut lines, mut code) = (Vec::new(), false);
    for line in text.lines() {
        let comment = line.trim_start().strip_prefix('*').map(str::trim);
        let fence = comment == Some("```");
        code ^= fence;
        if fence || code || comment == Some("# Examples") {
            continue;
        }
        // The empty line before an example would now be the last one.
        if comment == Some("/") {
            while lines.last().is_some_and(|last: &&str| last.trim() == "*") {
                lines.pop();
            }
        }
        lines.push(line);
    }
    lines
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

/// A file with the enumerations that have data, without those values.
fn plain_enumerations() -> Result<PathBuf, String> {
    let plain = [
        plain_enumeration::<CardKind>("CardKind", "core/src/identity/kind.rs")?,
        plain_enumeration::<Source>("Source", "core/src/identity/source.rs")?,
    ];
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let path = program.with_file_name("plain_enumerations.rs");
    std::fs::write(&path, plain.concat()).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}

/// The library's values of an enumeration, documented as in its file.
fn plain_enumeration<T: Named + Debug>(name: &str, file: &str) -> Result<String, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let items = syn::parse_file(&text).map_err(|error| format!("{file}: {error}"))?.items;
    let of = items.into_iter().find_map(|item| match item {
        Item::Enum(of) if of.ident == name => Some(of),
        _ => None,
    });
    let of: ItemEnum = of.ok_or_else(|| format!("{file}: there is no {name}"))?;
    let mut out = doc(&of.attrs) + "#[repr(u8)]\npub enum Cardwright" + name + " {\n";
    for value in T::ALL {
        let rust = format!("{value:?}");
        let variant = of.variants.iter().find(|variant| variant.ident == rust);
        let variant = variant.ok_or_else(|| format!("{file}: {name} has no {rust}"))?;
        let _ = writeln!(out, "{}{rust} = {},", doc(&variant.attrs), value.number());
    }
    Ok(out + "}\n")
}

/// The doc comment among attributes.
fn doc(attributes: &[syn::Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
            Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) => Some(format!("///{}\n", line.value())),
            _ => None,
        },
        _ => None,
    });
    lines.collect()
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
