//! The front page of each published crate, and what is made of it.
//!
//! The text stands once, as the `//!` of the crate's `lib.rs`. The README is written from it; the features,
//! the dependency lines and the oldest compiler in it are compared with Cargo.toml.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::place;
use crate::published::{self, CRATES, Crate};
use crate::run::Out;

/// The categories of Rust's registry that we use.
const CATEGORIES: &[&str] = &[
    "api-bindings",
    "authentication",
    "command-line-utilities",
    "development-tools::testing",
    "embedded",
    "hardware-support",
    "no-std::no-alloc",
    "parser-implementations",
    "web-programming::http-client",
    "web-programming::http-server",
];

/// The README of a crate.
///
/// # Errors
///
/// When its front page or its manifest cannot be read.
pub(crate) fn readme(folder: &str) -> Result<String, String> {
    let of = CRATES.iter().find(|of| of.folder == folder).ok_or_else(|| format!("{folder} is not published"))?;
    let mut text = format!("# {}\n\n{}", of.package, readable(&page(of)?));
    text += "\n## Licence\n\n[MIT](LICENSE-MIT) or [Apache-2.0](LICENSE-APACHE), at your option.\n";
    Ok(text)
}

/// A row for each crate and the oldest compiler that its manifest names.
///
/// # Errors
///
/// When a manifest cannot be read.
pub(crate) fn compilers(_: &mut Out) -> Result<String, String> {
    CRATES
        .iter()
        .map(|of| Ok(format!("| `{}` | {} |\n", of.package, Manifest::read(of)?.text("rust-version"))))
        .collect()
}

/// Looks at every manifest and front page; returns how many things it looked at.
pub(crate) fn check(breaches: &mut Vec<String>) -> usize {
    let mut count = 0;
    for of in CRATES {
        match Manifest::read(of) {
            Ok(manifest) => {
                breaches.extend(manifest.breaches(of));
                match page(of) {
                    Ok(page) => count += compare(of, &manifest, &page, breaches),
                    Err(why) => breaches.push(why),
                }
            }
            Err(why) => breaches.push(why),
        }
        count += 1;
    }
    count
}

/// What the front page says of features, of the version and of the compiler, and what the manifest does.
fn compare(of: &Crate, manifest: &Manifest, page: &str, breaches: &mut Vec<String>) -> usize {
    let told = features(page);
    let real = manifest.defaults();
    for (name, default) in &real {
        match told.get(name) {
            None => breaches.push(format!("{}: the front page does not tell the feature {name}", of.package)),
            Some(told) if told != default => {
                breaches.push(format!("{}: the front page is wrong about whether {name} is a default", of.package));
            }
            Some(_) => {}
        }
    }
    for name in told.keys().filter(|name| !real.contains_key(*name)) {
        breaches.push(format!("{}: the front page tells a feature {name}, which there is not", of.package));
    }
    let version = env!("CARGO_PKG_VERSION").rsplit_once('.').map_or("", |(minor, _)| minor);
    for needed in [
        if of.library { format!("{} = \"{version}\"", of.package) } else { format!("cargo install {}", of.package) },
        format!("Compiles with Rust {} and newer", manifest.text("rust-version")),
        "\"What may change\"".into(),
    ] {
        if !page.contains(&needed) {
            breaches.push(format!("{}: the front page does not say `{needed}`", of.package));
        }
    }
    real.len() + 3
}

/// The features that a front page tells, and whether it calls each a default: lines such as "- `name` (default): …".
fn features(page: &str) -> BTreeMap<String, bool> {
    let section = page.split("\n# ").find(|section| section.starts_with("Features")).unwrap_or_default();
    let lines = section.lines().filter_map(|line| line.strip_prefix("- `")?.split_once('`'));
    lines.map(|(name, rest)| (name.to_owned(), rest.starts_with(" (default)"))).collect()
}

/// The `//!` of a crate's library, from its beginning.
fn page(of: &Crate) -> Result<String, String> {
    let path = format!("{}/src/lib.rs", of.folder);
    let source = place::read(&path)?;
    let mut page = String::new();
    for line in source.lines() {
        if let Some(line) = line.strip_prefix("//!") {
            page += line.strip_prefix(' ').unwrap_or(line);
            page.push('\n');
        } else if let Some(program) = line.split("#![doc = concat!(\"```no_run\\n\", include_str!(\"../").nth(1) {
            // An example that is a program too.
            let program = program.split('"').next().unwrap_or_default();
            page += &format!("```no_run\n{}```\n", place::read(&format!("{}/{program}", of.folder))?);
        }
    }
    if page.is_empty() { Err(format!("{path}: no `//!`")) } else { Ok(page) }
}

/// A front page for who reads it elsewhere: without lines that rustdoc hides, and without its links.
fn readable(page: &str) -> String {
    let (mut out, mut code, mut rust) = (String::new(), false, false);
    for line in page.lines() {
        if let Some(info) = line.strip_prefix("```") {
            code = !code;
            rust = code && !matches!(info, "toml" | "text" | "sh");
            out += if rust { "```rust" } else { line };
        } else if code && rust && (line == "#" || line.starts_with("# ")) {
            continue;
        } else if code {
            out += line;
        } else if line.starts_with("# ") {
            out += &format!("#{line}");
        } else {
            out += &unlinked(line);
        }
        out.push('\n');
    }
    out
}

/// A line in which links to items are the items' names alone.
fn unlinked(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some((before, after)) = rest.split_once('[') {
        let Some((name, after)) = after.split_once(']') else { break };
        out += before;
        let target = after.strip_prefix('(').and_then(|of| of.split_once(')'));
        match target {
            Some((target, after)) if target.starts_with("http") => {
                out += &format!("[{name}]({target})");
                rest = after;
            }
            Some((_, after)) => {
                out += name;
                rest = after;
            }
            None if name.starts_with('`') => {
                out += name;
                rest = after;
            }
            None => {
                out += &format!("[{name}]");
                rest = after;
            }
        }
    }
    out + rest
}

/// What Cargo.toml says.
struct Manifest(Value);

impl Manifest {
    fn read(of: &Crate) -> Result<Manifest, String> {
        let path = format!("{}/Cargo.toml", of.folder);
        let text = place::read(&path)?;
        Manifest::of(&text).map_err(|why| format!("{path}: {why}"))
    }

    fn of(text: &str) -> Result<Manifest, String> {
        let table = DeTable::parse(text).map_err(|error| error.to_string())?.into_inner();
        Ok(Manifest(json(&DeValue::Table(table))))
    }

    fn text(&self, key: &str) -> &str {
        self.0["package"][key].as_str().unwrap_or_default()
    }

    fn strings(&self, table: &str, key: &str) -> Vec<String> {
        let list = self.0[table][key].as_array();
        list.into_iter().flatten().filter_map(|of| of.as_str().map(String::from)).collect()
    }

    /// All features but the list of defaults.
    fn features(&self) -> impl Iterator<Item = &str> {
        let features = self.0["features"].as_object();
        features.into_iter().flat_map(serde_json::Map::keys).map(String::as_str).filter(|name| *name != "default")
    }

    /// All features, and whether each is on by default: listed there, or turned on by one that is.
    fn defaults(&self) -> BTreeMap<String, bool> {
        let (mut default, mut next) = (BTreeSet::new(), self.strings("features", "default"));
        while let Some(name) = next.pop() {
            if default.insert(name.clone()) {
                next.extend(self.strings("features", &name));
            }
        }
        self.features().map(|name| (name.to_owned(), default.contains(name))).collect()
    }

    /// What is missing for who looks at the crate in a registry.
    fn breaches(&self, of: &Crate) -> Vec<String> {
        let mut breaches = Vec::new();
        let mut need = |fine: bool, what: &str| {
            if !fine {
                breaches.push(format!("{}: {what}", of.package));
            }
        };
        let package = |key: &str| self.0["package"].get(key);
        for key in ["description", "rust-version", "readme", "documentation"] {
            need(!self.text(key).is_empty(), &format!("Cargo.toml has no {key}"));
        }
        need(package("publish").is_none(), "Cargo.toml has `publish`, and it is one of those that are published");
        need(package("include").is_some(), "Cargo.toml has no `include`: its tests would be published too");
        let (keywords, categories) = (self.strings("package", "keywords"), self.strings("package", "categories"));
        need((1..=5).contains(&keywords.len()), "there must be one to five keywords");
        for word in &keywords {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+');
            need(word.len() <= 20 && word.chars().all(plain), &format!("not a keyword: {word}"));
        }
        need((1..=5).contains(&categories.len()), "there must be one to five categories");
        for word in &categories {
            need(CATEGORIES.contains(&word.as_str()), &format!("not in the list of categories: {word}"));
        }
        let docs = package("metadata").and_then(|of| of.get("docs")?.get("rs")?.get("all-features"));
        need(!of.library || docs.and_then(Value::as_bool) == Some(true), "docs.rs does not build all features");
        breaches
    }
}

/// TOML as JSON: texts, truths, lists and tables, which is all that is asked for.
fn json(of: &DeValue<'_>) -> Value {
    match of {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Boolean(truth) => Value::from(*truth),
        DeValue::Array(list) => list.iter().map(|of| json(of.get_ref())).collect(),
        DeValue::Table(table) => {
            Value::Object(table.iter().map(|(key, of)| (key.get_ref().to_string(), json(of.get_ref()))).collect())
        }
        _ => Value::Null,
    }
}

/// The oldest compiler that each published crate names.
///
/// # Errors
///
/// When a manifest cannot be read.
pub(crate) fn oldest() -> Result<Vec<(&'static Crate, String)>, String> {
    published::CRATES.iter().map(|of| Ok((of, Manifest::read(of)?.text("rust-version").to_owned()))).collect()
}

/// A crate and its features: whether each is on by default.
type Features = (&'static Crate, BTreeMap<String, bool>);

/// The features of each published crate, and whether each is a default.
///
/// # Errors
///
/// When a manifest cannot be read.
pub(crate) fn features_of_all() -> Result<Vec<Features>, String> {
    let of = |of: &'static Crate| Ok((of, Manifest::read(of)?.defaults()));
    published::libraries().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_readme_has_no_hidden_lines_and_no_links_to_items() {
        let page = "What [`A`] and [the other](crate::b::B) are, [here](https://a.example) and [1].\n\n# Features\n\n```no_run\n\
                    # use x;\nlet a = 1;\n#\n# Ok(())\n```\n\n```toml\n# Kept.\n```\n";
        let want = "What `A` and the other are, [here](https://a.example) and [1].\n\n## Features\n\n```rust\nlet a = 1;\n```\n\n\
                    ```toml\n# Kept.\n```\n";
        assert_eq!(readable(page), want);
    }

    #[test]
    fn features_that_differ_are_told() {
        let page = "Text.\n\n# Features\n\n- `a` (default): one.\n- `b`: two.\n\n# Versions\n\n- `c`: none.\n";
        assert_eq!(features(page), [("a".into(), true), ("b".into(), false)].into());
        let manifest = |text: &str| Manifest::of(text).expect("it is TOML");
        let told = |text: &str| {
            let mut breaches = Vec::new();
            compare(&CRATES[0], &manifest(text), page, &mut breaches);
            breaches.into_iter().filter(|why| why.contains("feature") || why.contains("default")).count()
        };
        assert_eq!(told("[features]\ndefault = [\"a\"]\na = []\nb = []\n"), 0);
        assert_eq!(told("[features]\ndefault = [\"b\"]\na = []\nb = []\n"), 2);
        assert_eq!(told("[features]\ndefault = [\"a\"]\na = []\n"), 1);
        assert_eq!(told("[features]\ndefault = [\"a\"]\na = []\nb = []\nc = []\n"), 1);
        assert_eq!(told("[features]\ndefault = [\"b\"]\na = []\nb = [\"a\", \"dep:d\"]\n"), 1);
    }

    #[test]
    fn a_manifest_that_a_registry_would_refuse_is_refused() {
        let whole = "[package]\ndescription = 'a'\nrust-version = '1.88'\nreadme = 'README.md'\ndocumentation = 'https://docs.rs/a'\n\
                     include = ['/src']\nkeywords = ['smart-card']\ncategories = ['embedded']\n[package.metadata.docs.rs]\n\
                     all-features = true\n";
        let count = |text: &str| Manifest::of(text).expect("it is TOML").breaches(&CRATES[0]).len();
        assert_eq!(count(whole), 0);
        assert_eq!(count(&whole.replace("'smart-card'", "'a b'")), 1);
        assert_eq!(count(&whole.replace("'smart-card'", "'1', '2', '3', '4', '5', '6'")), 1);
        assert_eq!(count(&whole.replace("embedded", "smart-cards")), 1);
        assert_eq!(count(&whole.replace("include", "publish = false\nexclude")), 2);
        assert_eq!(count(&whole.replace("description = 'a'", "")), 1);
        assert_eq!(count(&whole.replace("= true", "= false")), 1);
    }
}
