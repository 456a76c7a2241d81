//! The generated parts of the Python package: classes and stubs of the vendors' objects, and the
//! enumerations.
//!
//! They are written from the source of the core: rows of `view!`, and enumerations with their
//! documentation. What a value is called on the wire comes from the core itself.

use crate::place;
use crate::run::Out;
use cardwright_core::atr::Rule;
use cardwright_core::certiflow::{CardState, CertificateType, ContentExpirationStatus, Dialect, RevocationReason};
use cardwright_core::identity::{CardKind, Source, Trust};
use cardwright_core::lifecycle::{Evidence, Operation, State, System};
use cardwright_core::mim::{RequestStatus, RequestType, SmartcardStatus};
use cardwright_core::{Code, Named};
use std::fmt::{Debug, Write as _};

/// The classes of vendor objects, in Rust.
pub(crate) const CLASSES: &str = "python/src/fields.rs";

/// The enumerations, in Python.
pub(crate) const ENUMERATIONS: &str = "python/cardwright/_enums.py";

/// The words of their members, where these are not their names.
pub(crate) const WORDS: &str = "python/cardwright/_words.py";

/// The stubs, which have a generated part.
pub(crate) const STUBS: &str = "python/cardwright/_cardwright.pyi";

/// Where the views are defined, and the module that has them.
const VIEWS: &[(&str, &str)] = &[("core/src/certiflow/card.rs", "certiflow"), ("core/src/mim/object.rs", "mim")];

/// The objects that are records of cards.
const CARDS: &[&str] = &["CardInfo", "Smartcard"];

/// A view of the core.
struct View {
    module: &'static str,
    name: String,
    doc: String,
    rows: Vec<Row>,
}

/// A field of one.
struct Row {
    doc: String,
    name: String,
    kind: String,
    wire: String,
    required: bool,
}

impl Row {
    /// How it is decoded: a text whose documentation says that it is a date is one.
    fn how(&self) -> &'static str {
        match self.kind.as_str() {
            "Option<Text<'a>>" if self.is_date() => "moment",
            kind if kind.starts_with("List<'a, ") && kind != "List<'a, Text<'a>>" => "records",
            _ => "value",
        }
    }

    fn is_date(&self) -> bool {
        self.doc.contains("ISO 8601")
    }

    /// Its type in a stub.
    fn stub(&self) -> String {
        match self.kind.as_str() {
            "Option<Text<'a>>" if self.is_date() => "datetime | None".into(),
            "Option<Text<'a>>" if self.required => "str".into(),
            "Option<Text<'a>>" => "str | None".into(),
            "Scalar<'a>" if self.required => "str | int".into(),
            "Scalar<'a>" => "_Scalar".into(),
            "List<'a, Text<'a>>" => "tuple[str, ...]".into(),
            kind => match (inner(kind, "Known<'a, ", ">"), inner(kind, "List<'a, ", "<'a>>")) {
                (Some(known), _) => format!("{known} | _Scalar"),
                (_, Some(item)) => format!("tuple[{item}, ...]"),
                _ => format!("no stub for {kind}"),
            },
        }
    }
}

fn inner<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.strip_prefix(before)?.strip_suffix(after)
}

fn views() -> Result<Vec<View>, String> {
    let mut views = Vec::new();
    for (file, module) in VIEWS {
        let source = place::read(file)?;
        for block in source.split("\nview! {\n").skip(1) {
            views.push(view(module, block).ok_or_else(|| format!("{file}: a view that cannot be read"))?);
        }
    }
    if views.is_empty() { Err("the core has no views".into()) } else { Ok(views) }
}

fn view(module: &'static str, block: &str) -> Option<View> {
    let (mut doc, mut name, mut rows) = (Vec::new(), None, Vec::new());
    let mut about = String::new();
    for line in block.lines().take_while(|line| *line != "}").map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            doc.push(text.trim().to_string());
        } else if name.is_none() {
            name = Some(line.strip_suffix(',')?.to_string());
            about = std::mem::take(&mut doc).join(" ");
        } else if let Some((get, rest)) = line.split_once(": ").filter(|_| line.ends_with(';')) {
            let (kind, rest) = rest.split_once(" = \"")?;
            let (wire, rest) = rest.split_once('"')?;
            rows.push(Row {
                doc: std::mem::take(&mut doc).join(" "),
                name: get.into(),
                kind: kind.into(),
                wire: wire.into(),
                required: rest.contains("required"),
            });
        } else {
            doc.clear();
        }
    }
    Some(View { module, name: name?, doc: about, rows })
}

/// The classes of vendor objects, in Rust.
///
/// # Errors
/// Where a view of the core cannot be read.
pub(crate) fn classes(_: &mut Out) -> Result<String, String> {
    let mut out = String::from(
        "//! The classes of the vendors' objects: a property for each field of a view of the core. Written by\n\
         //! `cargo xtask gen`.\n\nuse crate::record::record;\n",
    );
    for View { module, name, doc, rows } in views()? {
        let base = if CARDS.contains(&name.as_str()) { "card" } else { "record" };
        let _ = write!(out, "\nrecord! {{\n    /// {doc}\n    {base} {name} of {module} {{\n");
        for row in rows {
            let _ = writeln!(out, "        /// {} (`{}`)", linkless(&row.doc), row.wire);
            let _ = writeln!(out, "        {}: {},", row.name, row.how());
        }
        out += "    }\n}\n";
    }
    Ok(out)
}

/// Documentation without the links of rustdoc.
fn linkless(doc: &str) -> String {
    let mut out = String::new();
    let mut rest = doc;
    while let Some((before, after)) = rest.split_once("[`") {
        let (name, after) = after.split_once("`]").unwrap_or((after, ""));
        out += before;
        let _ = write!(out, "`{}`", name.rsplit("::").next().unwrap_or(name));
        rest = after;
    }
    out + rest
}

/// The stubs of these classes.
pub(crate) fn stubs() -> String {
    match views() {
        Ok(views) => views.iter().map(stub).collect(),
        // The check shows it as a difference.
        Err(why) => format!("# {why}\n"),
    }
}

fn stub(View { name, doc, rows, .. }: &View) -> String {
    let card = CARDS.contains(&name.as_str());
    let base = if card { "Card" } else { "Record" };
    let more = match name.as_str() {
        "CardInfo" => ", found_by: str | None = None, status_scheme: str = \"B\"",
        "Smartcard" => ", found_by: str | None = None, status_scheme: str = \"B\"",
        _ => "",
    };
    let mut out = format!(
        "@final\nclass {name}({base}):\n    \"\"\"{doc}\"\"\"\n\n    def __new__(cls, json: str{more}) -> {name}: ...\n"
    );
    for row in rows {
        let doc = linkless(&row.doc);
        let _ = write!(
            out,
            "    @property\n    def {}(self) -> {}:\n        \"\"\"{doc} (`{}`)\"\"\"\n",
            row.name,
            row.stub(),
            row.wire
        );
    }
    out + "\n"
}

/// The enumerations, in Python.
///
/// # Errors
/// Where one is not found in the source of the core.
pub(crate) fn enumerations(_: &mut Out) -> Result<String, String> {
    let enumerations = all()?;
    Ok(format!("{HEAD}{}", enumerations.iter().map(|one| one.python.as_str()).collect::<String>()))
}

/// The words of their members.
///
/// # Errors
/// As [`enumerations`].
pub(crate) fn words(_: &mut Out) -> Result<String, String> {
    let with_words = all()?.into_iter().filter(|one| !one.words.is_empty());
    let rows: String = with_words.map(|one| format!("    {:?}: {{\n{}    }},\n", one.name, one.words)).collect();
    Ok(format!("{WORDS_HEAD}{rows}}}\n"))
}

const HEAD: &str = "\
\"\"\"The enumerations. Written by `cargo xtask gen` from the core.\"\"\"

from __future__ import annotations

from ._named import Named
";

const WORDS_HEAD: &str = "\
\"\"\"The words of members that are not their names. Written by `cargo xtask gen` from the core.\"\"\"

from __future__ import annotations

WORDS: dict[str, dict[int, str]] = {
";

/// An enumeration.
struct Enumeration {
    name: &'static str,
    /// Its class.
    python: String,
    /// The words of its members, a line each.
    words: String,
}

fn all() -> Result<Vec<Enumeration>, String> {
    macro_rules! named {
        ($($kind:ident in $file:literal),* $(,)?) => {
            [$(enumeration(stringify!($kind), $file, $kind::ALL.iter().map(|value| (value, *value as u32, value.name())))),*]
        };
    }
    let named = named!(
        System in "core/src/operation.rs",
        Operation in "core/src/operation.rs",
        State in "core/src/operation.rs",
        Evidence in "core/src/operation.rs",
        CardState in "core/src/certiflow/values.rs",
        RevocationReason in "core/src/certiflow/values.rs",
        ContentExpirationStatus in "core/src/certiflow/values.rs",
        CertificateType in "core/src/certiflow/values.rs",
        Dialect in "core/src/certiflow/dialect.rs",
        SmartcardStatus in "core/src/mim/status.rs",
        RequestType in "core/src/mim/status.rs",
        RequestStatus in "core/src/mim/status.rs",
        CardKind in "core/src/identity/kind.rs",
        Source in "core/src/identity/identifier.rs",
        Trust in "core/src/identity/identifier.rs",
    );
    // Their words would be sentences.
    let codes = Code::ALL.iter().map(|code| (code, u32::from(code.number()), ""));
    let rules = (0..=u8::MAX).filter_map(Rule::from_number).map(|rule| (rule, u32::from(rule.number()), rule.name()));
    let others = [enumeration("Code", "core/src/error.rs", codes), enumeration("Rule", "core/src/atr/rule.rs", rules)];
    others.into_iter().chain(named).collect()
}

/// One enumeration: its members with their numbers, words and documentation.
fn enumeration<T: Debug>(
    name: &'static str,
    file: &str,
    members: impl Iterator<Item = (T, u32, &'static str)>,
) -> Result<Enumeration, String> {
    let source = place::read(file)?;
    let missing = |what: &str| format!("{file}: no documentation of {what}");
    let head = format!("\npub enum {name} {{\n");
    let (before, body) = source.split_once(&head).ok_or_else(|| missing(name))?;
    let about: Vec<&str> = before.lines().rev().skip_while(|line| line.starts_with("#[")).map_while(doc_of).collect();
    let about: Vec<&str> = about.into_iter().rev().collect();
    let body = body.split_once("\n}").ok_or_else(|| missing(name))?.0;

    let mut python = format!("\n\nclass {name}(Named):\n    \"\"\"{}\"\"\"\n\n", linkless(&about.join(" ")));
    let (mut words, before) = (String::new(), python.len());
    for (member, number, word) in members {
        let rust = format!("{member:?}");
        // A word of the language.
        let member = if rust == "None" { "None_" } else { &rust };
        let doc = doc_of_variant(body, &rust).ok_or_else(|| missing(&format!("{name}::{rust}")))?;
        let _ = write!(python, "    {member} = {number}\n    \"\"\"{}\"\"\"\n", linkless(&doc));
        if !word.is_empty() && word != member {
            let _ = writeln!(words, "        {number}: {word:?},");
        }
    }
    if python.len() == before { Err(format!("{name} has no values")) } else { Ok(Enumeration { name, python, words }) }
}

fn doc_of(line: &str) -> Option<&str> {
    line.trim().strip_prefix("///").map(str::trim)
}

/// The documentation of a value: the lines before it.
fn doc_of_variant(body: &str, variant: &str) -> Option<String> {
    let mut doc: Vec<&str> = Vec::new();
    for line in body.lines() {
        let name: String = line.trim().chars().take_while(|c| c.is_alphanumeric()).collect();
        match doc_of(line) {
            Some(text) => doc.push(text),
            None if name == variant && !doc.is_empty() => return Some(doc.join(" ")),
            None if line.trim().starts_with("#[") => {}
            None => doc.clear(),
        }
    }
    None
}
