//! The vendors' objects as the core describes them, and documentation as text.

use cardwright_core::json::Schema;
use cardwright_core::{certiflow, mim};

/// Every object, with the module of the core that has it.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static Schema)> {
    let certiflow = certiflow::SCHEMAS.into_iter().map(|schema| ("certiflow", schema));
    certiflow.chain(mim::SCHEMAS.into_iter().map(|schema| ("mim", schema)))
}

/// Documentation on one line, without the examples in Rust; a link of rustdoc becomes the last name of its path, as code.
pub(crate) fn plain(doc: &str) -> String {
    let mut code = false;
    let is_text = |line: &&str| {
        let fence = line.starts_with("```");
        code ^= fence;
        !fence && !code && *line != "# Examples"
    };
    let line: Vec<&str> = doc.trim().lines().map(str::trim).filter(is_text).collect();
    let line = line.join(" ").trim_end().to_string();
    let mut out = String::new();
    let mut rest = line.as_str();
    while let Some((before, link)) = rest.split_once("[`") {
        let (name, after) = link.split_once("`]").unwrap_or((link, ""));
        out = out + before + "`" + name.rsplit("::").next().unwrap_or(name) + "`";
        rest = after;
    }
    out + rest
}

/// A clause as the beginning of a sentence.
pub(crate) fn capitalized(clause: &str) -> String {
    let (first, rest) = clause.split_at(clause.chars().next().map_or(0, char::len_utf8));
    first.to_uppercase() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_in_rust_are_for_rust_alone() {
        assert_eq!(plain(" A [`a::Kind`].\n\n # Examples\n ```\n let a = 1;\n ```\n"), "A `Kind`.");
        assert_eq!(plain("A.\n```\n# use b;\n```\nMore."), "A. More.");
    }

    #[test]
    fn every_field_of_every_object_is_documented() {
        let fields: Vec<_> = all().flat_map(|(_, schema)| schema.fields).collect();
        assert!(fields.len() > 60, "{} fields", fields.len());
        assert!(all().all(|(_, schema)| !schema.doc.trim().is_empty()));
        for field in fields {
            assert!(!field.doc.trim().is_empty(), "{} has no documentation", field.name);
        }
    }

    #[test]
    fn links_are_code_and_lines_are_joined() {
        assert_eq!(plain(" The id;\n [`super::Scheme`] reads it.\n"), "The id; `Scheme` reads it.");
        assert_eq!(plain(" No link.\n"), "No link.");
    }
}
