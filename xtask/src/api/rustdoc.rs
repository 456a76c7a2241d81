//! What rustdoc knows of a crate: its items in JSON, and the names that a user has for them.
//!
//! The JSON is unstable, so rustdoc alone is told that it may (`RUSTC_BOOTSTRAP`). What it stands on is
//! compiled as for the step `doc`, and shared with it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
#[cfg(test)]
use std::process::Command;

use serde_json::Value;

use crate::place;
use crate::published::{self, Crate};
use crate::run::{Out, minutes};

pub(crate) type Object = serde_json::Map<String, Value>;

/// A crate as rustdoc describes it.
pub(crate) struct Document {
    json: Value,
    /// How a user of the crate names what it exports, by the items' numbers.
    names: BTreeMap<String, String>,
}

/// An item of a module: its name, what it is, and its import where it is one.
pub(crate) type Member<'d> = (&'d str, &'d Value, Option<&'d Value>);

/// The documents of all published libraries, in their order.
///
/// # Errors
///
/// When rustdoc fails, or writes something that is not understood.
pub(crate) fn all(out: &mut Out) -> Result<Vec<(&'static Crate, Document)>, String> {
    let folder = place::target().join("doc");
    let file = |of: &Crate| folder.join(format!("{}.json", of.name()));
    for of in published::libraries() {
        let _ = std::fs::remove_file(file(of));
    }
    let mut command = place::cargo(&["doc", "--workspace", "--no-deps", "--all-features", "--locked"]);
    command.env("RUSTDOC", wrapper()?).env_remove("CARGO_ENCODED_RUSTDOCFLAGS");
    command.env("RUSTDOCFLAGS", "-Zunstable-options --output-format=json");
    out.run(&mut command, minutes(20))?;
    published::libraries().map(|of| Ok((of, Document::read(&file(of))?))).collect()
}

/// A program that is rustdoc for the published libraries, and does nothing for other crates.
fn wrapper() -> Result<PathBuf, String> {
    let names: Vec<String> = published::libraries().map(|of| format!("*' --crate-name {} '*", of.name())).collect();
    let path = place::logs().join("rustdoc.sh");
    let rustdoc = "RUSTC_BOOTSTRAP=1 exec rustdoc \"$@\"";
    // Cargo asks for the version first.
    place::script(&path, &format!("case \" $* \" in\n{}|*' -'[vV]*) {rustdoc} ;;\nesac\n", names.join("|")))?;
    Ok(path)
}

impl Document {
    fn read(path: &Path) -> Result<Document, String> {
        let text = std::fs::read_to_string(path).map_err(place::at(path))?;
        Document::new(serde_json::from_str(&text).map_err(place::at(path))?)
    }

    /// Takes what rustdoc wrote.
    ///
    /// # Errors
    ///
    /// When it is not understood.
    pub(crate) fn new(json: Value) -> Result<Document, String> {
        let mut document = Document { json, names: BTreeMap::new() };
        let mut names = BTreeMap::new();
        document.walk(document.root()?, "", &mut names)?;
        document.names = names;
        Ok(document)
    }

    pub(crate) fn root(&self) -> Result<&Value, String> {
        self.item(&self.json["root"]).ok_or_else(|| "rustdoc's JSON: no root".into())
    }

    /// An item of this crate, or one that it shows as its own.
    pub(crate) fn item(&self, id: &Value) -> Option<&Value> {
        self.json["index"].get(id.to_string())
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = &Value> {
        self.json["index"].as_object().into_iter().flat_map(Object::values)
    }

    /// How a user names an item of this crate, without the name of the crate.
    pub(crate) fn name(&self, id: &Value) -> Option<&str> {
        self.names.get(&id.to_string()).map(String::as_str)
    }

    /// The path at which an item is defined, with the name of its crate.
    pub(crate) fn defined(&self, id: &Value) -> Option<Vec<&str>> {
        let path = self.json["paths"].get(id.to_string())?["path"].as_array()?;
        path.iter().map(Value::as_str).collect()
    }

    /// Each public item of this crate: where it is defined, and how users name it.
    pub(crate) fn public(&self) -> impl Iterator<Item = (String, &str)> {
        self.names.iter().filter_map(|(id, name)| {
            let path = self.json["paths"].get(id)?["path"].as_array()?;
            let path: Vec<&str> = path.iter().filter_map(Value::as_str).collect();
            Some((path.join("::"), name.as_str()))
        })
    }

    /// The items of a module that a user sees: each with its name, and its import where it is one.
    pub(crate) fn members<'d>(&'d self, module: &'d Value) -> Result<Vec<Member<'d>>, String> {
        let mut members = Vec::new();
        for id in list(&module["inner"]["module"]["items"]) {
            // What is hidden from the documentation has no item.
            let Some(item) = self.item(id).filter(|item| item["visibility"] == "public") else { continue };
            match item["inner"].get("use") {
                None => members.push((text(&item["name"]), item, None)),
                Some(import) if import["is_glob"] == true => {
                    return Err(format!("`pub use {}::*` is not understood", text(&import["source"])));
                }
                Some(import) => {
                    members.push((text(&import["name"]), self.item(&import["id"]).unwrap_or(item), Some(import)))
                }
            }
        }
        Ok(members)
    }

    fn walk(&self, module: &Value, path: &str, names: &mut BTreeMap<String, String>) -> Result<(), String> {
        for (name, item, _) in self.members(module)? {
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}::{name}") };
            names.entry(item["id"].to_string()).or_insert_with(|| path.clone());
            if kind(item) == "module" {
                self.walk(item, &path, names)?;
            }
        }
        Ok(())
    }
}

/// A document of a small crate, for tests.
#[cfg(test)]
pub(crate) fn small(source: &str) -> Document {
    use core::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("cardwright-api-{}-{count}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("small.rs");
    std::fs::write(&file, source).expect("a file");
    let mut command = Command::new("rustdoc");
    command.args([
        "--edition=2024",
        "-Zunstable-options",
        "--output-format=json",
        "--crate-name=small",
        "--cap-lints=allow",
        "-o",
    ]);
    let done = command.arg(&folder).arg(&file).env("RUSTC_BOOTSTRAP", "1").status().expect("rustdoc runs");
    assert!(done.success());
    let document = Document::read(&folder.join("small.json")).expect("it is understood");
    std::fs::remove_dir_all(&folder).expect("it goes away");
    document
}

/// What an item is: `struct`, `function` and so on.
pub(crate) fn kind(item: &Value) -> &str {
    item["inner"].as_object().and_then(|inner| inner.keys().next()).map_or("", String::as_str)
}

/// The elements of a list; none where there is no list.
pub(crate) fn list(of: &Value) -> &[Value] {
    of.as_array().map_or(&[], Vec::as_slice)
}

/// A text; empty where there is none.
pub(crate) fn text(of: &Value) -> &str {
    of.as_str().unwrap_or_default()
}
