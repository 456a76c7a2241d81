//! Which public types have no example that the tests run.

use serde_json::Value;

use super::rustdoc::{Document, kind, list, text};
use crate::published::Crate;
use crate::run::Out;

/// The modules in which every public type has an example: the crate, and the beginning of its paths.
const WHERE: &[(&str, &[&str])] = &[
    ("cardwright-core", &["atr::", "identity::", "http::", "json::", "certiflow::", "mim::", "lifecycle::"]),
    ("cardwright-client", &[""]),
];

/// Types that need none, and why.
const NONE: &[(&str, &str, &str)] = &[
    ("cardwright-core", "certiflow::CardInfo", VIEW),
    ("cardwright-core", "certiflow::Certificate", VIEW),
    ("cardwright-core", "mim::Smartcard", VIEW),
    ("cardwright-core", "mim::DataItem", VIEW),
];

/// The documentation of a view is a part of its schema, which other languages show.
const VIEW: &str = "a view, whose example stands with its owned copy";

/// Says which types lack an example, and which are excused although they have one.
pub(super) fn check(documents: &[(&'static Crate, Document)], out: &mut Out) -> Vec<String> {
    let mut wrong = Vec::new();
    for (package, modules) in WHERE {
        let Some((_, document)) = documents.iter().find(|(of, _)| of.package == *package) else {
            wrong.push(format!("{package}: no documentation"));
            continue;
        };
        let (mut looked, mut without) = (0, Vec::new());
        for (name, item) in types(document).filter(|(name, _)| modules.iter().any(|module| name.starts_with(module))) {
            looked += 1;
            let has = has_example(document, item);
            let excused = NONE.iter().any(|(of, path, _)| of == package && *path == name);
            match (has, excused) {
                (false, false) => without.push(name),
                (true, true) => wrong.push(format!("{package}: {name} has an example, and is excused from it")),
                _ => {}
            }
        }
        out.say(format_args!("{package}: {looked} public types, {} without an example", without.len()));
        without.sort_unstable();
        without.iter().for_each(|name| out.say(format_args!("        {name}")));
        if looked == 0 {
            wrong.push(format!("{package}: no type was looked at"));
        }
        if let Some(first) = without.first() {
            wrong.push(format!("{package}: {} public types have no example, among them {first}", without.len()));
        }
    }
    for (package, path, _) in NONE {
        let document = documents.iter().find(|(of, _)| of.package == *package).map(|(_, document)| document);
        if !document.is_some_and(|document| types(document).any(|(name, _)| name == *path)) {
            wrong.push(format!("{package}: {path} is excused from an example, and does not exist"));
        }
    }
    wrong
}

/// The public structures, enumerations and traits that a crate defines, by their first names.
fn types(document: &Document) -> impl Iterator<Item = (&str, &Value)> {
    document.items().filter(|item| item["crate_id"] == 0).filter_map(|item| {
        let named = matches!(kind(item), "struct" | "enum" | "trait" | "union");
        named.then(|| document.name(&item["id"]).map(|name| (name, item))).flatten()
    })
}

/// Whether it, one of its values or fields, or one of its own functions has an example.
fn has_example(document: &Document, item: &Value) -> bool {
    let inner = item["inner"].as_object().and_then(|inner| inner.values().next()).unwrap_or(&Value::Null);
    let mut parts = vec![item];
    let find = |ids: &Value| list(ids).iter().filter_map(|id| document.item(id)).collect::<Vec<_>>();
    for key in ["items", "variants"] {
        parts.extend(find(&inner[key]));
    }
    for part in find(&inner["impls"]) {
        // What a trait of another crate says of its functions is not this type's.
        if part["inner"]["impl"]["trait"].is_null() {
            parts.extend(find(&part["inner"]["impl"]["items"]));
        }
    }
    parts.iter().any(|part| is_tested(text(&part["docs"])))
}

/// Whether a documentation has a block of Rust that is at least compiled.
fn is_tested(docs: &str) -> bool {
    let mut inside = false;
    docs.lines().any(|line| {
        let Some(info) = line.trim_start().strip_prefix("```") else { return false };
        inside = !inside;
        let rust = ["rust", "no_run", "should_panic", "compile_fail", "edition2024"];
        inside && info.split([',', ' ']).all(|word| word.is_empty() || rust.contains(&word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::rustdoc;

    #[test]
    fn only_rust_that_is_compiled_is_an_example() {
        assert!(is_tested("Text.\n\n# Examples\n```\nlet a = 1;\n```"));
        assert!(is_tested("```text\nno\n```\n```no_run\nyes();\n```"));
        for none in
            ["", "Text.", "```text\nno\n```", "```ignore\nno();\n```", "```sh\nls\n```\ntext", "```json\n{}\n```"]
        {
            assert!(!is_tested(none), "{none}");
        }
    }

    #[test]
    fn an_example_of_a_type_or_of_a_function_of_it_counts() {
        let document = rustdoc::small(
            "/// A.\n/// ```\n/// ```\npub struct A;
             pub struct B; impl B {\n/// ```\n/// ```\npub fn b() {} }
             pub struct C; impl C { pub fn c() {} } impl Clone for C {\n/// ```\n/// ```\nfn clone(&self) -> C { C } }
             pub trait D {\n/// ```\n/// ```\nfn d(); }\npub enum E {\n/// ```text\n/// ```\nOne }",
        );
        let with: Vec<&str> = types(&document).filter(|of| has_example(&document, of.1)).map(|of| of.0).collect();
        assert_eq!(with.len(), 3, "{with:?}");
        assert!(["A", "B", "D"].iter().all(|name| with.contains(name)));
    }
}
