//! The doc comments of the core's tables of fields.

use std::collections::HashMap;

/// The doc comments of one view of a file of the core, by the field's name on the wire.
///
/// # Errors
///
/// When the file cannot be read or has no such view.
pub(super) fn of(file: &str, view: &str) -> Result<HashMap<String, String>, String> {
    let found = read(&crate::place::read(file)?, view);
    if found.is_empty() { Err(format!("{file}: no view {view}")) } else { Ok(found) }
}

fn read(source: &str, view: &str) -> HashMap<String, String> {
    let mut docs = HashMap::new();
    let mut doc = String::new();
    let mut is_inside = false;
    for line in source.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("/// ") {
            if !doc.is_empty() {
                doc.push(' ');
            }
            doc += text;
            continue;
        }
        if line == "view! {" {
            is_inside = false;
        } else if line.strip_suffix(',') == Some(view) {
            is_inside = true;
        } else if is_inside && let Some(name) = wire_name(line) {
            docs.insert(name.to_owned(), plain(&doc));
        }
        doc.clear();
    }
    docs
}

/// The text between the quotes of `getter: Type = "name" required;`.
fn wire_name(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(" = \"")?;
    let (name, end) = rest.split_once('"')?;
    end.ends_with(';').then_some(name)
}

/// A doc comment without its links.
fn plain(doc: &str) -> String {
    let mut out = String::new();
    let mut rest = doc;
    while let Some((before, link)) = rest.split_once("[`") {
        out += before;
        let (name, after) = link.split_once("`]").unwrap_or((link, ""));
        out += name.rsplit("::").next().unwrap_or(name);
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comment_of_a_field_is_found_by_its_name_on_the_wire() {
        let source = "view! {\n    /// Other.\n    Other,\n    Owned {\n        /// No.\n        a: X = \"a\";\n    }\n}\n\
            view! {\n    /// Card.\n    Card,\n    OwnedCard {\n        /// The id;\n        /// [`super::Scheme`] reads it.\n        \
            id: Scalar<'a> = \"id\" required;\n        none: Text = \"none\";\n    }\n}\n";
        let docs = read(source, "Card");
        assert_eq!(docs.len(), 2);
        assert_eq!(docs["id"], "The id; Scheme reads it.");
        assert_eq!(docs["none"], "");
        assert_eq!(read(source, "Other").len(), 1);
    }
}
