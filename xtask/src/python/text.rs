//! The generated parts of the Python package: classes and stubs of the vendors' objects, and the
//! enumerations.
//!
//! They are written from the core: its schemas of objects, and its enumerations, with the documentation in the source.

use crate::place;
use crate::run::Out;
use crate::rust::{self, EnumDocs};
use crate::schema::{self, plain};
use cardwright_core::atr::Rule;
use cardwright_core::certiflow::{
    CardState, CertificateType, ContentExpirationStatus, Dialect, RevocationReason, Sure,
};
use cardwright_core::identity::{Basis, CardKind, Source, Trust};
use cardwright_core::json::{Schema, SchemaField, ValueType};
use cardwright_core::lifecycle::{Evidence, Operation, State, System};
use cardwright_core::mim::{RequestStatus, RequestType, SmartcardStatus};
use cardwright_core::{Code, Named};
use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};

/// The classes of vendor objects, in Rust.
pub(crate) const CLASSES: &str = "python/src/fields.rs";

/// The enumerations, in Python.
pub(crate) const ENUMERATIONS: &str = "python/cardwright/_enums.py";

/// The stubs, which have a generated part.
pub(crate) const STUBS: &str = "python/cardwright/_cardwright.pyi";

/// The objects that are records of cards.
const CARDS: &[&str] = &["CardInfo", "Smartcard"];

/// How the extension decodes a value.
fn how(value: &ValueType) -> &'static str {
    match value {
        ValueType::Date => "moment",
        ValueType::Objects(_) => "records",
        _ => "value",
    }
}

/// The type of a field in a stub.
fn stub_type(field: &SchemaField) -> String {
    match (&field.value, field.required) {
        (ValueType::Date, _) => "datetime | None".into(),
        (ValueType::Text | ValueType::Uuid, true) => "str".into(),
        (ValueType::Text | ValueType::Uuid, false) => "str | None".into(),
        (ValueType::Scalar, true) => "str | int".into(),
        (ValueType::Scalar | ValueType::Number | ValueType::Flag, _) => "_Scalar".into(),
        (ValueType::Known(name), _) => format!("{name} | _Scalar"),
        (ValueType::Texts, _) => "tuple[str, ...]".into(),
        (ValueType::Objects(item), _) => format!("tuple[{}, ...]", item.name),
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => "object".into(),
    }
}

/// The classes of vendor objects, in Rust.
pub(crate) fn classes(_: &mut Out) -> Result<String, String> {
    let mut out = String::from(
        "//! The classes of the vendors' objects: a property for each field of a view of the core. Written by\n\
         //! `cargo xtask gen`.\n\nuse crate::record::record;\n",
    );
    for (module, Schema { name, doc, fields, .. }) in schema::all() {
        let base = if CARDS.contains(name) { "card" } else { "record" };
        let system = System::from_name(module).ok_or_else(|| format!("no system is called {module}"))?;
        let _ = write!(out, "\nrecord! {{\n    /// {}\n    {base} {name} of {system:?} in {module} {{\n", plain(doc));
        for field in *fields {
            let _ = writeln!(out, "        /// {} (`{}`)", plain(field.doc), field.name);
            let _ = writeln!(out, "        {}: {},", field.getter, how(&field.value));
        }
        out += "    }\n}\n";
    }
    Ok(out)
}

/// The stubs of these classes.
pub(crate) fn stubs() -> String {
    schema::all().map(|(_, schema)| stub(schema)).collect()
}

fn stub(Schema { name, doc, fields, .. }: &Schema) -> String {
    let (base, more) = match CARDS.contains(name) {
        true => ("Card", ", found_by: str | None = None, status_scheme: str = \"B\""),
        false => ("Record", ""),
    };
    let doc = plain(doc);
    let mut out = format!(
        "@final\nclass {name}({base}):\n    \"\"\"{doc}\"\"\"\n\n    def __new__(cls, json: str{more}) -> {name}: ...\n"
    );
    for field in *fields {
        let (doc, getter, wire) = (plain(field.doc), field.getter, field.name);
        let kind = stub_type(field);
        let _ = write!(out, "    @property\n    def {getter}(self) -> {kind}:\n        \"\"\"{doc} (`{wire}`)\"\"\"\n");
    }
    out + "\n"
}

/// The enumerations, in Python.
///
/// # Errors
/// When the core has no documentation of one.
pub(crate) fn enumerations(_: &mut Out) -> Result<String, String> {
    Ok(format!("{HEAD}{}", all()?.concat()))
}

const HEAD: &str = "\
\"\"\"The enumerations. Written by `cargo xtask gen` from the core.\"\"\"

from __future__ import annotations

from typing import Literal

from ._named import Named, NamedOrOther, Numbered, numbered
";

/// The enumerations of parameters: the types of their words are names of the package.
const TAKEN: &[&str] = &[
    "System",
    "Operation",
    "CardState",
    "RevocationReason",
    "ContentExpirationStatus",
    "Dialect",
    "SmartcardStatus",
    "RequestStatus",
];

/// The text of each.
fn all() -> Result<Vec<String>, String> {
    let docs = rust::enums(&place::root().join("core/src"))?;
    macro_rules! named {
        ($($kind:ident),* $(,)?) => {
            [$(enumeration(&docs, stringify!($kind), $kind::ALL.iter().map(|value| (value, value.number(), value.name())))),*]
        };
    }
    let named = named!(
        System,
        Operation,
        State,
        Evidence,
        CardState,
        RevocationReason,
        ContentExpirationStatus,
        CertificateType,
        Dialect,
        Sure,
        SmartcardStatus,
        RequestType,
        RequestStatus,
        CardKind,
        Basis,
        Source,
        Trust,
    );
    // Their words would be sentences.
    let codes = Code::ALL.iter().map(|code| (code, u32::from(code.number()), ""));
    let rules = (0..=u8::MAX).filter_map(Rule::from_number).map(|rule| (rule, u32::from(rule.number()), rule.name()));
    let others = [enumeration(&docs, "Code", codes), enumeration(&docs, "Rule", rules)];
    others.into_iter().chain(named).collect()
}

/// The property of [`Operation`] that asks for consent.
fn final_operations() -> String {
    let members = Operation::ALL.iter().filter(|operation| operation.facts().is_final);
    let members: Vec<String> = members.map(|operation| format!("Operation.{operation:?}")).collect();
    format!(
        "\n    @property\n    def is_final(self) -> bool:\n        \"\"\"Whether it ends the card, or what is left of it: \
         no operation undoes it.\"\"\"\n        return self in ({})\n",
        members.join(", ")
    )
}

/// One enumeration: its members with their words, numbers and documentation, and the type of the words.
fn enumeration<T: Debug>(
    docs: &BTreeMap<String, EnumDocs>,
    name: &'static str,
    members: impl Iterator<Item = (T, u32, &'static str)>,
) -> Result<String, String> {
    let docs = docs.get(name).ok_or_else(|| format!("the core has no enumeration {name}"))?;
    let base = match name {
        "Code" => "Numbered",
        _ if docs.values.contains_key("Other") => "NamedOrOther",
        _ => "Named",
    };
    let mut out = format!("class {name}({base}):\n    \"\"\"{}\"\"\"\n\n", plain(&docs.about));
    let (mut words, mut numbers): (Vec<&str>, Vec<u32>) = (Vec::new(), Vec::new());
    for (member, number, word) in members {
        let rust = format!("{member:?}");
        // A word of the language.
        let member = if rust == "None" { "None_" } else { &rust };
        let doc = docs.values.get(&rust).filter(|doc| !doc.is_empty());
        let doc = doc.ok_or_else(|| format!("no documentation of {name}::{rust}"))?;
        // Python makes one member of two with the same word.
        if base != "Numbered" && words.iter().any(|before| before.eq_ignore_ascii_case(word)) {
            return Err(format!("two members of {name} have the word {word}"));
        }
        words.push(word);
        numbers.push(number);
        let value = if base == "Numbered" { number.to_string() } else { format!("{word:?}") };
        let _ = write!(out, "    {member} = {value}\n    \"\"\"{}\"\"\"\n", plain(doc));
    }
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else {
        return Err(format!("{name} has no values"));
    };
    let before = if base == "Numbered" {
        String::new()
    } else if numbers.iter().copied().eq(*first..=*last) {
        format!("@numbered(range({first}, {}))\n", last + 1)
    } else {
        format!("@numbered({numbers:?})\n")
    };
    out.insert_str(0, &format!("\n\n{before}"));
    if name == "Operation" {
        out += &final_operations();
        for native in System::ALL.iter().flat_map(|system| Operation::of(*system).filter_map(|one| one.native(*system)))
        {
            if !words.contains(&native) {
                words.push(native);
            }
        }
    }
    if TAKEN.contains(&name) {
        let words: String = words.iter().map(|word| format!("    {word:?},\n")).collect();
        let about = if name == "Operation" { ", and the systems' own words" } else { "" };
        let _ = write!(out, "\n\n{name}Word = Literal[\n{words}]\n\"\"\"The words of `{name}`{about}.\"\"\"\n");
    }
    Ok(out)
}
