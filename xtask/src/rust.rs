//! Reads Rust: which words of a file are code, and what the core says of its enumerations.

use std::collections::BTreeMap;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Expr, Item, Lit, Meta};

/// Whether a word stands in the code, not in a comment or a text. What is not Rust is searched as text.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    fn has(tokens: TokenStream, word: &str) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Group(group) => has(group.stream(), word),
            TokenTree::Ident(name) => name == word,
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    text.contains(word) && text.parse().map_or(true, |tokens| has(tokens, word))
}

/// The documentation of an enumeration and of its values by their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EnumDocs {
    pub(crate) about: String,
    pub(crate) values: BTreeMap<String, String>,
}

/// The documentation of every public enumeration in a folder of Rust files, by its name.
///
/// # Errors
///
/// When a file cannot be read.
pub(crate) fn enums(folder: &Path) -> Result<BTreeMap<String, EnumDocs>, String> {
    let mut found = BTreeMap::new();
    let at = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        if path.is_dir() {
            found.append(&mut enums(&path)?);
        } else {
            found.append(&mut enums_of(&std::fs::read_to_string(&path).map_err(at)?)?);
        }
    }
    Ok(found)
}

fn enums_of(source: &str) -> Result<BTreeMap<String, EnumDocs>, String> {
    let file = syn::parse_file(source).map_err(|error| error.to_string())?;
    let enums = file.items.iter().filter_map(|item| match item {
        Item::Enum(of) if matches!(of.vis, syn::Visibility::Public(_)) => {
            let values = of.variants.iter().map(|value| (value.ident.to_string(), doc(&value.attrs)));
            Some((of.ident.to_string(), EnumDocs { about: doc(&of.attrs), values: values.collect() }))
        }
        _ => None,
    });
    Ok(enums.collect())
}

/// The doc comment among attributes, line by line.
fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
            Expr::Lit(syn::ExprLit { lit: Lit::Str(line), .. }) => Some(line.value()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_texts_are_not_code() {
        let has = |text: &str| has_word(text, "unsafe");
        for text in ["// unsafe", "/* /* */ unsafe */ fn f() {}", "const A: &str = r#\"\"unsafe\"#;", "'u' unsafe_code"]
        {
            assert!(!has(text), "{text}");
        }
        for text in ["fn f() { unsafe {} }", "#[unsafe(no_mangle)] fn g() {}", "m!(\"\" unsafe)", "\"not closed unsafe"]
        {
            assert!(has(text), "{text}");
        }
    }

    #[test]
    fn enumerations_have_their_documentation() {
        let source = "/// One\n/// of two.\n#[derive(Debug)]\npub enum A {\n    /// First.\n    One = 1,\n    Two,\n}\nenum B {}";
        let found = enums_of(source).expect("it is Rust");
        assert_eq!(found.len(), 1);
        assert_eq!(found["A"].about, " One\n of two.");
        assert_eq!(found["A"].values, [("One", " First."), ("Two", "")].map(|(a, b)| (a.into(), b.into())).into());
    }
}
