//! A crate's public interface, a line an item.
//!
//! Each line is what a user may rely on: names, types, signatures, fields, values, the traits that are
//! implemented, and the attributes that decide what compiles or warns. Sorted by the item's path, so that
//! a change of one thing is a change of a few lines.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::rustdoc::{Document, kind, list, text};
use super::types::Types;

/// Traits of the compiler's own, which nobody names.
const UNNAMED: &[&str] = &["StructuralPartialEq", "TrivialClone", "Freeze", "UnsafeUnpin"];

/// Traits that a type has by itself, and whose absence a user notices.
const AUTO: &[&str] = &["Send", "Sync", "Unpin"];

/// The lines of a crate.
///
/// # Errors
///
/// When something in it is not understood.
pub(super) fn of(document: &Document, ours: &BTreeMap<String, String>) -> Result<Vec<String>, String> {
    let mut lines = Lines { types: Types { document, ours }, seen: BTreeSet::new(), lines: BTreeSet::new() };
    lines.module(document.root()?, "")?;
    for item in document.items().filter(|item| item["crate_id"] == 0 && kind(item) == "impl") {
        lines.implementation(&item["inner"]["impl"])?;
    }
    Ok(lines.lines.into_iter().map(|(_, line)| line).collect())
}

struct Lines<'d> {
    types: Types<'d>,
    /// The items that were written down under their first name.
    seen: BTreeSet<String>,
    /// Each line with what it is sorted by.
    lines: BTreeSet<(String, String)>,
}

impl<'d> Lines<'d> {
    fn add(&mut self, path: &str, line: String) {
        self.lines.insert((path.to_owned(), line));
    }

    fn module(&mut self, module: &'d Value, path: &str) -> Result<(), String> {
        for (name, item, import) in self.types.document.members(module)? {
            let path = join(path, name);
            let again = !self.seen.insert(item["id"].to_string());
            match import {
                // What another crate defines, or what has a name already.
                Some(import) if again || item["inner"].get("use").is_some() => {
                    let source = self.source(import);
                    self.add(&path, format!("pub use {source} as {path}"));
                }
                _ => self.item(item, &path).map_err(|why| format!("{path}: {why}"))?,
            }
        }
        Ok(())
    }

    fn source(&self, import: &Value) -> String {
        let name =
            self.types.document.name(&import["id"]).filter(|_| self.types.document.item(&import["id"]).is_some());
        name.map_or_else(|| text(&import["source"]).to_owned(), str::to_owned)
    }

    fn item(&mut self, item: &'d Value, path: &str) -> Result<(), String> {
        let of = item["inner"].as_object().and_then(|inner| inner.values().next()).unwrap_or(&Value::Null);
        let front = front(item);
        let types = &self.types;
        match kind(item) {
            "module" => {
                self.add(path, format!("{front}pub mod {path}"));
                self.module(item, path)?;
            }
            "function" => self.add(path, self.function(item, path, "pub ")?),
            "struct" | "union" => {
                let generics = types.parameters(&of["generics"])?;
                let rest = self.fields(&of["kind"], path, &of["fields"], of["has_stripped_fields"] == true)?;
                let line = format!(
                    "{front}pub {} {path}{generics}{rest}{}",
                    kind(item),
                    self.types.conditions(&of["generics"])?
                );
                self.add(path, line);
            }
            "enum" => {
                let head = format!("{}{}", types.parameters(&of["generics"])?, types.conditions(&of["generics"])?);
                self.add(path, format!("{front}pub enum {path}{head}"));
                for id in list(&of["variants"]) {
                    let Some(variant) = self.types.document.item(id) else { continue };
                    let name = join(path, text(&variant["name"]));
                    let inner = &variant["inner"]["variant"];
                    let rest = self.fields(&inner["kind"], &name, &Value::Null, false)?;
                    let rest = rest.trim_end_matches(';');
                    let number = inner["discriminant"]["value"].as_str().map_or(String::new(), |of| format!(" = {of}"));
                    self.add(&name, format!("{}value {name}{rest}{number}", self::front(variant)));
                }
            }
            "trait" => {
                let bounds = types.bounds(&of["bounds"])?;
                let bounds = if bounds.is_empty() { bounds } else { format!(": {bounds}") };
                let head =
                    format!("{}{bounds}{}", types.parameters(&of["generics"])?, types.conditions(&of["generics"])?);
                self.add(path, format!("{front}pub trait {path}{head}"));
                for id in list(&of["items"]) {
                    let Some(item) = self.types.document.item(id) else { continue };
                    let name = join(path, text(&item["name"]));
                    let line = self.associated(item, &name, "")?;
                    self.add(&name, line);
                }
            }
            "trait_alias" | "type_alias" => {
                let head = types.parameters(&of["generics"])?;
                self.add(path, format!("{front}pub type {path}{head} = {}", types.of(&of["type"])?));
            }
            "constant" => self.add(path, format!("{front}pub const {path}: {}", types.of(&of["type"])?)),
            "static" => self.add(path, format!("{front}pub static {path}: {}", types.of(&of["type"])?)),
            "macro" => {
                // Its arms are what a user writes.
                let arms = text(of).lines().filter_map(|line| line.trim().strip_suffix(" => { ... };"));
                let arms: Vec<&str> = arms.filter(|arm| !arm.starts_with("(@")).collect();
                self.add(path, format!("{front}pub macro {path}! {}", arms.join(" | ")));
            }
            "proc_macro" => self.add(path, format!("{front}pub macro {path}!")),
            // A crate that is exported whole.
            "use" | "extern_crate" => self.add(path, format!("pub use {} as {path}", text(&of["source"]))),
            other => return Err(format!("an item that is a {other}")),
        }
        Ok(())
    }

    /// A constant, type or function in an `impl` or a trait.
    fn associated(&self, item: &Value, name: &str, public: &str) -> Result<String, String> {
        let (front, types) = (front(item), &self.types);
        Ok(match kind(item) {
            "function" => {
                let own =
                    if public.is_empty() && item["inner"]["function"]["has_body"] == true { " { .. }" } else { "" };
                self.function(item, name, public)? + own
            }
            "assoc_const" => {
                let of = &item["inner"]["assoc_const"];
                let own = if public.is_empty() && !of["value"].is_null() { " = .." } else { "" };
                format!("{front}{public}const {name}: {}{own}", types.of(&of["type"])?)
            }
            "assoc_type" => {
                let of = &item["inner"]["assoc_type"];
                let bounds = types.bounds(&of["bounds"])?;
                let bounds = if bounds.is_empty() { bounds } else { format!(": {bounds}") };
                let value = if of["type"].is_null() { String::new() } else { format!(" = {}", types.of(&of["type"])?) };
                format!("{front}{public}type {name}{}{bounds}{value}", types.parameters(&of["generics"])?)
            }
            other => return Err(format!("{name} is a {other}")),
        })
    }

    fn function(&self, item: &Value, name: &str, public: &str) -> Result<String, String> {
        let (of, types) = (&item["inner"]["function"], &self.types);
        let mut words = String::new();
        for (key, word) in [("is_const", "const "), ("is_async", "async "), ("is_unsafe", "unsafe ")] {
            words += if of["header"][key] == true { word } else { "" };
        }
        if let Some(abi) = of["header"]["abi"].as_object().and_then(|abi| abi.keys().next()) {
            words += &format!("extern \"{abi}\" ");
        }
        let mut inputs = Vec::new();
        for input in list(&of["sig"]["inputs"]) {
            inputs.push(match (text(&input[0]), types.of(&input[1])?) {
                ("self", of) if of == "Self" => "self".into(),
                ("self", of) if of.starts_with('&') && of.ends_with("Self") => of.replace("Self", "self"),
                (name, of) => format!("{name}: {of}"),
            });
        }
        let head = format!("{}{public}{words}fn {name}{}", front(item), types.parameters(&of["generics"])?);
        let output = types.output(&of["sig"]["output"])?;
        Ok(format!("{head}({}){output}{}", inputs.join(", "), types.conditions(&of["generics"])?))
    }

    /// The public fields, a line each; and what follows the name of the structure or of the value.
    fn fields(&mut self, of: &Value, path: &str, union: &Value, union_stripped: bool) -> Result<String, String> {
        if let Some(ids) = of.get("tuple") {
            let mut shown = Vec::new();
            for id in list(ids) {
                let field = self.types.document.item(id).filter(|field| !field.is_null());
                shown.push(field.map_or(Ok("_".into()), |field| self.types.of(&field["inner"]["struct_field"]))?);
            }
            return Ok(format!("({})", shown.join(", ")));
        }
        let (ids, stripped) = match of.get("plain").or(of.get("struct")) {
            Some(of) => (&of["fields"], of["has_stripped_fields"] == true),
            None if union.is_array() => (union, union_stripped),
            None => return Ok(";".into()),
        };
        let mut count = 0;
        for field in list(ids).iter().filter_map(|id| self.types.document.item(id)) {
            let name = join(path, text(&field["name"]));
            let line = format!("{}field {name}: {}", front(field), self.types.of(&field["inner"]["struct_field"])?);
            self.add(&name, line);
            count += 1;
        }
        Ok(match (count, stripped) {
            (0, true) => " { private }".into(),
            (_, true) => " { .., private }".into(),
            (_, false) => " { .. }".into(),
        })
    }

    fn implementation(&mut self, of: &'d Value) -> Result<(), String> {
        if !of["blanket_impl"].is_null() {
            return Ok(());
        }
        let foreign = &of["trait"];
        // What is not named by a user cannot be implemented for him, nor by him.
        let hidden = |id: &Value| {
            let item = self.types.document.item(id);
            item.is_some_and(|item| item["crate_id"] == 0) && self.types.document.name(id).is_none()
        };
        let path = &of["for"]["resolved_path"];
        if hidden(&path["id"]) || hidden(&foreign["id"]) {
            return Ok(());
        }
        let target = self.types.of(&of["for"])?;
        let sorted = if path.is_null() { target.clone() } else { bare(&target).to_owned() };
        if foreign.is_null() {
            let parameters = self.types.parameters(&of["generics"])?;
            let conditions = self.types.conditions(&of["generics"])?;
            // Where only some kinds of the type have these, the line names them.
            let narrow = parameters.contains(':') || !conditions.is_empty() || has_concrete(&target, &parameters);
            let narrow = if narrow { format!(" in impl{parameters} {target}{conditions}") } else { String::new() };
            for item in list(&of["items"]).iter().filter_map(|id| self.types.document.item(id)) {
                if item["visibility"] == "public" {
                    let name = join(&sorted, text(&item["name"]));
                    let line = self.associated(item, &name, "pub ")? + &narrow;
                    self.add(&name, line);
                }
            }
            return Ok(());
        }
        let name = self.types.path(foreign)?;
        let last = bare(&name).rsplit("::").next().unwrap_or_default().to_owned();
        let absent = of["is_negative"] == true;
        if UNNAMED.contains(&last.as_str()) || of["is_synthetic"] == true && !(AUTO.contains(&last.as_str()) && absent)
        {
            return Ok(());
        }
        let head = format!("{}{}", self.types.parameters(&of["generics"])?, if absent { " !" } else { " " });
        let mut types = Vec::new();
        for item in list(&of["items"]).iter().filter_map(|id| self.types.document.item(id)) {
            if let Some(of) = item["inner"].get("assoc_type") {
                types.push(format!("{} = {}", text(&item["name"]), self.types.of(&of["type"])?));
            }
        }
        let types = if types.is_empty() { String::new() } else { format!(" {{ {} }}", types.join(", ")) };
        // `~` puts them after all that the type has.
        let line = format!("impl{head}{name} for {target}{}{types}", self.types.conditions(&of["generics"])?);
        self.add(&format!("{sorted}::~{name}"), line);
        Ok(())
    }
}

/// Whether a type has an argument that is no parameter and no lifetime.
fn has_concrete(target: &str, generics: &str) -> bool {
    let parameters: BTreeSet<&str> = generics.trim_matches(['<', '>']).split(", ").collect();
    let arguments = target.split_once('<').map_or("", |(_, rest)| rest.trim_end_matches('>'));
    arguments.split(", ").any(|of| !of.is_empty() && !of.starts_with('\'') && !parameters.contains(of))
}

/// A path without its arguments.
fn bare(path: &str) -> &str {
    path.split(['<', '(']).next().unwrap_or(path)
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}::{name}") }
}

/// The attributes that a user of an item notices, each with a space behind it.
fn front(item: &Value) -> String {
    let has = |name: &str| list(&item["attrs"]).iter().any(|of| of == name || of.get(name).is_some());
    let mut front = String::new();
    for name in ["non_exhaustive", "must_use"] {
        front += &if has(name) { format!("#[{name}] ") } else { String::new() };
    }
    if !item["deprecation"].is_null() {
        front += "#[deprecated] ";
    }
    front
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::rustdoc;

    fn lines(source: &str) -> Vec<String> {
        of(&rustdoc::small(source), &BTreeMap::new()).expect("it is understood")
    }

    #[test]
    fn each_item_is_a_line_under_the_name_that_a_user_has_for_it() {
        let source = "
            mod inside { #[derive(Clone)] pub struct Pair<'a, T: ?Sized>(pub &'a T, u8); impl<T: ?Sized> Pair<'_, T> {
                #[must_use] pub const fn first(&self) -> &T { self.0 } fn hidden(&self) {} } }
            pub use inside::Pair;
            #[non_exhaustive] #[derive(Debug)] pub enum Word { Many { count: usize }, Text(String) }
            pub enum Number { One = 1 }
            pub struct Open { pub a: Option<[u8; 4]>, b: *const u8 }
            pub trait Ask { type Answer: Send; const N: u8 = 3; fn ask(&mut self) -> Result<Self::Answer, std::io::Error>; fn own(&self) {} }
            impl<A: Ask> Ask for &mut A { type Answer = A::Answer; fn ask(&mut self) -> Result<A::Answer, std::io::Error> { (**self).ask() } }
            pub fn each<F>(all: &mut (dyn Iterator<Item = u8> + 'static), f: F, g: impl Fn(&str) -> bool) where F: for<'a> FnMut(&'a u8) {}
            impl From<Open> for u8 { fn from(_: Open) -> u8 { 0 } }
            #[doc(hidden)] pub fn nobody() {}
            pub const LIMIT: usize = 1;";
        let want = "\
pub trait Ask
type Ask::Answer: Send
const Ask::N: u8 = ..
fn Ask::ask(&mut self) -> Result<Self::Answer, std::io::Error>
fn Ask::own(&self) { .. }
pub const LIMIT: usize
pub enum Number
value Number::One = 1
pub struct Open { .., private }
field Open::a: Option<[u8; 4]>
impl !Send for Open
impl !Sync for Open
pub struct Pair<'a, T: ?Sized>(&'a T, _)
#[must_use] pub const fn Pair::first(&self) -> &T in impl<T: ?Sized> Pair<'_, T>
impl<'a, T: Clone + ?Sized> Clone for Pair<'a, T>
#[non_exhaustive] pub enum Word
value Word::Many { .. }
field Word::Many::count: usize
value Word::Text(String)
impl core::fmt::Debug for Word
pub fn each<F>(all: &mut (dyn Iterator<Item = u8> + 'static), f: F, g: impl Fn(&str) -> bool) where F: for<'a> FnMut(&'a u8)";
        let found = lines(source).join("\n");
        let mut missing: Vec<&str> = want.lines().filter(|line| !found.lines().any(|of| of == *line)).collect();
        missing.extend(["nobody", "hidden(", "inside::", "Structural"].iter().filter(|word| found.contains(**word)));
        assert!(missing.is_empty(), "{missing:#?}\nin\n{found}");
        assert!(found.contains("Ask for &mut A { Answer = "), "{found}");
        assert!(found.contains("impl From<Open> for u8"), "{found}");
    }

    #[test]
    fn what_a_user_notices_changes_a_line() {
        let before = lines("pub struct A { pub a: u8 } impl A { pub fn f(&self) -> u8 { self.a } }");
        for other in [
            "pub struct A { pub a: u16 } impl A { pub fn f(&self) -> u8 { 1 } }",
            "pub struct A { pub a: u8, b: u8 } impl A { pub fn f(&self) -> u8 { self.a } }",
            "#[non_exhaustive] pub struct A { pub a: u8 } impl A { pub fn f(&self) -> u8 { self.a } }",
            "pub struct A { pub a: u8 } impl A { pub fn f(&mut self) -> u8 { self.a } }",
            "pub struct A { pub a: u8 } impl A { #[must_use] pub fn f(&self) -> u8 { self.a } }",
            "#[derive(Clone)] pub struct A { pub a: u8 } impl A { pub fn f(&self) -> u8 { self.a } }",
            "pub struct A { pub a: u8 } impl A { pub const fn f(&self) -> u8 { self.a } }",
            "#[must_use] pub struct A { pub a: u8 } impl A { pub fn f(&self) -> u8 { self.a } }",
        ] {
            assert_ne!(lines(other), before, "{other}");
        }
        assert_eq!(
            lines("/// Text.\npub struct A { pub a: u8 } impl A { pub fn f(&self) -> u8 { 7 } fn g() {} }"),
            before
        );
    }
}
