//! Enumerations of the core that cbindgen does not see: the fields of objects, from core's schemas, and those that have
//! values of a program's own, of which it is shown the library's values alone, with their numbers.

use std::fmt::{Debug, Write as _};
use std::path::PathBuf;

use cardwright_core::identity::{CardKind, Source};
use cardwright_core::json::{Schema, ValueType};
use cardwright_core::{Named, certiflow, mim};
use syn::{Expr, ExprLit, Item, ItemEnum, Lit, Meta};

use crate::comment::in_c;

/// A file with the enumerations that have data, without those values.
pub(crate) fn plain_enumerations() -> Result<PathBuf, String> {
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

/// The numbers of the objects, by their names.
fn objects() -> Result<Vec<(String, u32)>, String> {
    const FILE: &str = "ffi/src/view.rs";
    let text = std::fs::read_to_string(FILE).map_err(|error| format!("{FILE}: {error}"))?;
    let items = syn::parse_file(&text).map_err(|error| format!("{FILE}: {error}"))?.items;
    let of = items.into_iter().find_map(|item| match item {
        Item::Enum(of) if of.ident == "CardwrightObject" => Some(of),
        _ => None,
    });
    let of = of.ok_or_else(|| format!("{FILE}: there is no CardwrightObject"))?;
    let number = |variant: &syn::Variant| match &variant.discriminant {
        Some((_, Expr::Lit(ExprLit { lit: Lit::Int(number), .. }))) => number.base10_parse().ok(),
        _ => None,
    };
    let numbers = of.variants.iter().map(|variant| Some((variant.ident.to_string(), number(variant)?)));
    numbers.collect::<Option<_>>().ok_or_else(|| format!("{FILE}: an object has no number"))
}

/// The enumerations of fields. A number has its object above the index, so that another object's field is told.
pub(crate) fn fields() -> Result<String, String> {
    let objects = objects()?;
    let mut out = String::new();
    for Schema { name: object, fields, .. } in certiflow::SCHEMAS.into_iter().chain(mim::SCHEMAS) {
        let _ = write!(out, "\n/**\n * The fields of {object}, for the functions `cardwright_view_…`.\n */\n");
        let _ = writeln!(out, "enum Cardwright{object}Field {{");
        let number = objects.iter().find(|(name, _)| name == object).map(|(_, number)| number);
        let number = number.ok_or_else(|| format!("{object} is no CardwrightObject"))?;
        for (n, field) in (0_u32..).zip(fields.iter()) {
            let kind = match field.value {
                ValueType::Text | ValueType::Date | ValueType::Uuid => "a text",
                ValueType::Texts | ValueType::Objects(_) => "a list",
                _ => "a text, a number, true or false",
            };
            let doc: Vec<&str> = field.doc.lines().map(str::trim).collect();
            let doc = in_c(&format!("*{}", doc.join(" "))).split_off(1);
            let _ = write!(out, "  /**\n   * `{}`, {kind}. {doc}\n   */\n", field.name);
            let _ = writeln!(
                out,
                "  CARDWRIGHT_{}_{} = 0x{:X},",
                screaming(object),
                screaming(field.name),
                (number << 16) | n
            );
        }
        out.push_str("};\n");
    }
    Ok(out)
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
