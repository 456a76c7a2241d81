//! Types, bounds and generics of rustdoc's JSON as they are written in Rust.

use std::collections::BTreeMap;

use serde_json::Value;

use super::rustdoc::{Document, list, text};

/// Writes the types of one crate.
pub(super) struct Types<'d> {
    pub(super) document: &'d Document,
    /// Items of our crates by the path at which they are defined, and how users name them.
    pub(super) ours: &'d BTreeMap<String, String>,
}

/// What needs no path in Rust.
const PRELUDE: &[&str] = &[
    "alloc::borrow::ToOwned",
    "alloc::boxed::Box",
    "alloc::string::String",
    "alloc::string::ToString",
    "alloc::vec::Vec",
    "core::clone::Clone",
    "core::cmp::Eq",
    "core::cmp::Ord",
    "core::cmp::PartialEq",
    "core::cmp::PartialOrd",
    "core::convert::AsRef",
    "core::convert::From",
    "core::convert::Into",
    "core::convert::TryFrom",
    "core::default::Default",
    "core::fmt::macros::Debug",
    "core::iter::traits::IntoIterator",
    "core::iter::traits::Iterator",
    "core::marker::Copy",
    "core::marker::Send",
    "core::marker::Sized",
    "core::marker::Sync",
    "core::ops::Drop",
    "core::ops::Fn",
    "core::ops::FnMut",
    "core::ops::FnOnce",
    "core::option::Option",
    "core::result::Result",
];

impl Types<'_> {
    /// A type.
    pub(super) fn of(&self, of: &Value) -> Result<String, String> {
        let (kind, of) = of.as_object().and_then(|of| of.iter().next()).ok_or_else(|| format!("not a type: {of}"))?;
        Ok(match kind.as_str() {
            "primitive" | "generic" if of == "never" => "!".into(),
            "primitive" | "generic" => text(of).into(),
            "borrowed_ref" => {
                let lifetime = of["lifetime"].as_str().map_or(String::new(), |name| format!("{name} "));
                format!(
                    "&{lifetime}{}{}",
                    if of["is_mutable"] == true { "mut " } else { "" },
                    self.grouped(&of["type"])?
                )
            }
            "raw_pointer" => {
                format!("*{} {}", if of["is_mutable"] == true { "mut" } else { "const" }, self.grouped(&of["type"])?)
            }
            "slice" => format!("[{}]", self.of(of)?),
            "array" => format!("[{}; {}]", self.of(&of["type"])?, text(&of["len"])),
            "tuple" if list(of).len() == 1 => format!("({},)", self.of(&of[0])?),
            "tuple" => format!("({})", self.list(list(of))?),
            "resolved_path" => self.path(of)?,
            "impl_trait" => format!("impl {}", self.bounds(of)?),
            "dyn_trait" => {
                let traits = list(&of["traits"]).iter().map(|of| self.poly(of));
                let lifetime = of["lifetime"].as_str().map(|name| Ok(name.to_owned()));
                format!("dyn {}", traits.chain(lifetime).collect::<Result<Vec<_>, String>>()?.join(" + "))
            }
            "function_pointer" => {
                let inputs =
                    list(&of["sig"]["inputs"]).iter().map(|of| self.of(&of[1])).collect::<Result<Vec<_>, _>>()?;
                format!(
                    "{}fn({}){}",
                    self.for_all(&of["generic_params"])?,
                    inputs.join(", "),
                    self.output(&of["sig"]["output"])?
                )
            }
            "qualified_path" => {
                let name = format!("{}{}", text(&of["name"]), self.arguments(&of["args"])?);
                match &of["trait"] {
                    Value::Null => format!("{}::{name}", self.of(&of["self_type"])?),
                    path if text(&path["path"]).is_empty() || of["self_type"]["generic"] == "Self" => {
                        format!("{}::{name}", self.of(&of["self_type"])?)
                    }
                    path => format!("<{} as {}>::{name}", self.of(&of["self_type"])?, self.path(path)?),
                }
            }
            "infer" => "_".into(),
            kind => return Err(format!("a type that is a {kind}")),
        })
    }

    /// A type behind a reference: with parentheses where it has a `+`.
    fn grouped(&self, of: &Value) -> Result<String, String> {
        let written = self.of(of)?;
        let open = of.get("dyn_trait").or(of.get("impl_trait")).is_some() && written.contains(" + ");
        Ok(if open { format!("({written})") } else { written })
    }

    fn list(&self, of: &[Value]) -> Result<String, String> {
        Ok(of.iter().map(|of| self.of(of)).collect::<Result<Vec<_>, _>>()?.join(", "))
    }

    /// ` -> Type`; empty for `()`.
    pub(super) fn output(&self, of: &Value) -> Result<String, String> {
        if of.is_null() { Ok(String::new()) } else { Ok(format!(" -> {}", self.of(of)?)) }
    }

    /// The name of a type or trait, with its arguments.
    pub(super) fn path(&self, of: &Value) -> Result<String, String> {
        Ok(self.name(of)? + &self.arguments(&of["args"])?)
    }

    /// The shortest name by which a user finds it: in this crate, in another of ours, in Rust's
    /// prelude, or with its crate and module. What lies deeper is private there.
    fn name(&self, of: &Value) -> Result<String, String> {
        if let Some(name) = self.document.name(&of["id"]) {
            return Ok(name.into());
        }
        let Some(path) = self.document.defined(&of["id"]) else { return Ok(text(&of["path"]).into()) };
        let whole = path.join("::");
        if let Some(ours) = self.ours.get(&whole) {
            return Ok(ours.clone());
        }
        let short = match path.as_slice() {
            [of, module, .., name] => format!("{of}::{module}::{name}"),
            _ => whole.clone(),
        };
        let known = |prelude: &&str| {
            // The module between may be any: it is the library's own affair.
            let (head, name) = prelude.rsplit_once("::").unwrap_or_default();
            whole == **prelude || whole.starts_with(&format!("{head}::")) && whole.ends_with(&format!("::{name}"))
        };
        Ok(if PRELUDE.iter().any(known) {
            text(&path.last().copied().unwrap_or_default().into()).into()
        } else {
            short
        })
    }

    /// `<A, B = C>`; empty for none.
    fn arguments(&self, of: &Value) -> Result<String, String> {
        if let Some(of) = of.get("parenthesized") {
            return Ok(format!("({}){}", self.list(list(&of["inputs"]))?, self.output(&of["output"])?));
        }
        let Some(of) = of.get("angle_bracketed") else { return Ok(String::new()) };
        let mut all = Vec::new();
        for argument in list(&of["args"]) {
            all.push(match argument.as_object().and_then(|of| of.iter().next()) {
                Some((kind, of)) if kind == "type" => self.of(of)?,
                Some((kind, of)) if kind == "lifetime" => text(of).into(),
                Some((kind, of)) if kind == "const" => text(&of["expr"]).into(),
                _ => "_".into(),
            });
        }
        for constraint in list(&of["constraints"]) {
            let name = format!("{}{}", text(&constraint["name"]), self.arguments(&constraint["args"])?);
            let binding = &constraint["binding"];
            all.push(match binding.get("equality") {
                Some(of) if of.get("type").is_some() => format!("{name} = {}", self.of(&of["type"])?),
                Some(of) => format!("{name} = {}", text(&of["constant"]["expr"])),
                None => format!("{name}: {}", self.bounds(&binding["constraint"])?),
            });
        }
        Ok(if all.is_empty() { String::new() } else { format!("<{}>", all.join(", ")) })
    }

    /// `A + B`.
    pub(super) fn bounds(&self, of: &Value) -> Result<String, String> {
        let mut all = Vec::new();
        for bound in list(of) {
            if let Some(of) = bound.get("trait_bound") {
                let sign = if of["modifier"] == "maybe" { "?" } else { "" };
                all.push(format!("{sign}{}", self.poly(of)?));
            } else if let Some(of) = bound.get("outlives") {
                all.push(text(of).into());
            } else if let Some(of) = bound.get("use") {
                let names =
                    list(of).iter().map(|of| of.as_object().and_then(|of| of.values().next()).map_or(text(of), text));
                all.push(format!("use<{}>", names.collect::<Vec<_>>().join(", ")));
            } else {
                return Err(format!("the bound {bound}"));
            }
        }
        Ok(all.join(" + "))
    }

    fn poly(&self, of: &Value) -> Result<String, String> {
        Ok(self.for_all(&of["generic_params"])? + &self.path(&of["trait"])?)
    }

    fn for_all(&self, of: &Value) -> Result<String, String> {
        let names: Vec<&str> = list(of).iter().map(|of| text(&of["name"])).collect();
        Ok(if names.is_empty() { String::new() } else { format!("for<{}> ", names.join(", ")) })
    }

    /// `<'a, T: Bound, const N: usize>`; empty for none.
    pub(super) fn parameters(&self, generics: &Value) -> Result<String, String> {
        let mut all = Vec::new();
        for parameter in list(&generics["params"]) {
            let (name, of) = (text(&parameter["name"]), &parameter["kind"]);
            if let Some(of) = of.get("lifetime") {
                // One that the compiler made for `'_` has no name that counts.
                let outlives: Vec<&str> = list(&of["outlives"]).iter().map(text).collect();
                all.push(if outlives.is_empty() { name.into() } else { format!("{name}: {}", outlives.join(" + ")) });
            } else if let Some(of) = of.get("const") {
                all.push(format!("const {name}: {}", self.of(&of["type"])?));
            } else if of["type"]["is_synthetic"] != true {
                let bounds = self.bounds(&of["type"]["bounds"])?;
                let default = &of["type"]["default"];
                let default = if default.is_null() { String::new() } else { format!(" = {}", self.of(default)?) };
                all.push(if bounds.is_empty() {
                    format!("{name}{default}")
                } else {
                    format!("{name}: {bounds}{default}")
                });
            }
        }
        Ok(if all.is_empty() { String::new() } else { format!("<{}>", all.join(", ")) })
    }

    /// ` where A: B`; empty for none.
    pub(super) fn conditions(&self, generics: &Value) -> Result<String, String> {
        let mut all = Vec::new();
        for predicate in list(&generics["where_predicates"]) {
            if let Some(of) = predicate.get("bound_predicate") {
                all.push(format!(
                    "{}{}: {}",
                    self.for_all(&of["generic_params"])?,
                    self.of(&of["type"])?,
                    self.bounds(&of["bounds"])?
                ));
            } else if let Some(of) = predicate.get("lifetime_predicate") {
                let outlives: Vec<&str> = list(&of["outlives"]).iter().map(text).collect();
                all.push(format!("{}: {}", text(&of["lifetime"]), outlives.join(" + ")));
            } else {
                return Err(format!("the condition {predicate}"));
            }
        }
        Ok(if all.is_empty() { String::new() } else { format!(" where {}", all.join(", ")) })
    }
}
