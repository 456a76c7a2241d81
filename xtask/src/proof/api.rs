//! The public functions of the core, as rustdoc sees them: each with its name and a call of it.
//!
//! Rustdoc describes a crate in JSON: every item that a user of the crate can reach, those that a
//! macro writes and those that are derived too. A call gets an unknown value for each argument, so
//! the compiler infers what they are. For a type parameter stands `Unknown`; for one that is a
//! closure, a pointer to a function; for one that is an iterator, `Items`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::place;
use crate::run::{Out, minutes};

/// A public function.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Function {
    /// Its path, such as `atr::Atr::parse` or `<atr::Atr as core::fmt::Display>::fmt`.
    pub(crate) name: String,
    /// An expression that calls it with whatever there can be.
    pub(crate) call: String,
    /// What it returns is an iterator without a name, so that only who calls it can ask for items.
    pub(crate) iterator: bool,
}

/// All public functions of the core without its features, by their names.
///
/// # Errors
///
/// When rustdoc fails, when it writes something that is not understood, or for a function that
/// cannot be called in this way.
pub(crate) fn functions(out: &mut Out) -> Result<Vec<Function>, String> {
    // A folder of its own: with `RUSTC_BOOTSTRAP` crates are compiled in another way.
    let built = place::target().join("rustdoc-json");
    let mut command = place::cargo(&["rustdoc", "--locked", "-q", "-p", "cardwright-core", "--no-default-features"]);
    command.args(["--", "-Zunstable-options", "--output-format=json", "--document-hidden-items"]);
    command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", &built);
    command.env_remove("RUSTDOCFLAGS").env_remove("CARGO_ENCODED_RUSTDOCFLAGS");
    out.run(&mut command, minutes(10))?;
    let path = built.join("doc/cardwright_core.json");
    let text = std::fs::read_to_string(&path).map_err(place::at(&path))?;
    let json: Value = serde_json::from_str(&text).map_err(place::at(&path))?;
    let format = &json["format_version"];
    read(&json).map_err(|why| format!("rustdoc's JSON, format {format}: {why}"))
}

fn read(json: &Value) -> Result<Vec<Function>, String> {
    let mut api = Api { index: object(json, "index")?, foreign: object(json, "paths")?, paths: BTreeMap::new() };
    let mut free = Vec::new();
    api.walk(api.item(&json["root"])?, "", &mut free)?;
    let mut functions = Vec::new();
    for (path, item) in free {
        match kind(item)? {
            ("function", function) => functions.push(api.function(&path, function, &Names::new())?),
            // What a trait brings itself.
            ("trait", definition) => {
                for (name, method, _) in api.methods(&definition["items"])?.filter(|of| of.1["has_body"] == true) {
                    functions.push(api.function(&format!("<Bare as {path}>::{name}"), method, &Names::new())?);
                }
            }
            _ => {}
        }
    }
    for item in api.index.values().filter(|item| item["crate_id"] == 0) {
        if let ("impl", implementation) = kind(item)? {
            functions.append(&mut api.implementation(implementation)?);
        }
    }
    functions.sort();
    match functions.windows(2).find(|pair| matches!(pair, [a, b] if a.name == b.name)) {
        Some(pair) => Err(format!("two functions are {pair:?}")),
        None if functions.is_empty() => Err("no public function".into()),
        None => Ok(functions),
    }
}

type Object = serde_json::Map<String, Value>;

/// What stands for each type parameter.
type Names = BTreeMap<String, String>;

struct Api<'j> {
    /// Every item of the crate, by its number.
    index: &'j Object,
    /// Items of all crates that are mentioned, by their numbers.
    foreign: &'j Object,
    /// How a user of the crate names what it exports.
    paths: BTreeMap<String, String>,
}

impl<'j> Api<'j> {
    fn item(&self, id: &Value) -> Result<&'j Value, String> {
        self.index.get(&id.to_string()).ok_or_else(|| format!("no item {id}"))
    }

    /// Takes down how everything in a module is named, and which functions and traits there are.
    fn walk(&mut self, module: &'j Value, path: &str, found: &mut Vec<(String, &'j Value)>) -> Result<(), String> {
        for id in array(&module["inner"]["module"]["items"])? {
            let item = self.item(id)?;
            let exported = &item["inner"]["use"];
            if item["visibility"] != "public" {
                continue;
            }
            if exported["is_glob"] == true {
                return Err(format!("`pub use {}::*` is not understood", exported["source"]));
            }
            // What another crate defines has no item here.
            let Some(target) = self.index.get(&exported.get("id").unwrap_or(id).to_string()) else { continue };
            let name = exported["name"].as_str().or(item["name"].as_str()).unwrap_or_default();
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}::{name}") };
            let known = self.paths.contains_key(&target["id"].to_string());
            self.paths.entry(target["id"].to_string()).or_insert_with(|| path.clone());
            match kind(target)?.0 {
                "module" => self.walk(target, &path, found)?,
                "function" | "trait" if !known => found.push((path, target)),
                _ => {}
            }
        }
        Ok(())
    }

    fn implementation(&self, implementation: &'j Value) -> Result<Vec<Function>, String> {
        if implementation["is_synthetic"] == true || !implementation["blanket_impl"].is_null() {
            return Ok(Vec::new());
        }
        let mut methods: Vec<_> = self.methods(&implementation["items"])?.collect();
        let names = self.stand_ins(&implementation["generics"], &Names::new())?;
        let of = self.text(&implementation["for"], &names)?;
        let place = match &implementation["trait"] {
            Value::Null => {
                methods.retain(|method| method.2 == "public");
                of.replacen('<', "::<", usize::from(of.ends_with('>') && !of.starts_with('<')))
            }
            // Its functions are the compiler's, and never called.
            path if path["path"] == "Eq" => return Ok(Vec::new()),
            path => {
                // A method of ours that is not written out is still this type's; what another crate's
                // trait does by itself is not ours.
                if let Some(definition) = self.index.get(&path["id"].to_string()) {
                    for own in self.methods(&definition["inner"]["trait"]["items"])? {
                        if methods.iter().all(|method| method.0 != own.0) {
                            methods.push(own);
                        }
                    }
                }
                format!("<{of} as {}>", self.path(path, &names)?)
            }
        };
        let functions =
            methods.into_iter().map(|(name, function, _)| self.function(&format!("{place}::{name}"), function, &names));
        functions.collect()
    }

    /// Name, description and visibility of the functions among items.
    fn methods(&self, ids: &'j Value) -> Result<impl Iterator<Item = (&'j str, &'j Value, &'j str)>, String> {
        let items = array(ids)?.iter().map(|id| self.item(id)).collect::<Result<Vec<_>, _>>()?;
        Ok(items.into_iter().filter_map(|item| {
            let visibility = item["visibility"].as_str().unwrap_or_default();
            Some((item["name"].as_str()?, item["inner"].get("function")?, visibility))
        }))
    }

    fn function(&self, path: &str, function: &Value, outer: &Names) -> Result<Function, String> {
        let call = || {
            let names = self.stand_ins(&function["generics"], outer)?;
            let mut given = Vec::new();
            for argument in array(&function["sig"]["inputs"])? {
                let open = mentions(&argument[1], "impl_trait");
                given.push(if open {
                    format!("any::<{}>()", self.text(&argument[1], &names)?)
                } else {
                    "any()".into()
                });
            }
            let types = type_arguments(&function["generics"], &names)?;
            Ok::<_, String>(format!("{path}{types}({})", given.join(", ")))
        };
        let output = &function["sig"]["output"];
        let iterator = output["impl_trait"][0]["trait_bound"]["trait"]["path"] == "Iterator";
        if mentions(output, "impl_trait") && !iterator {
            return Err(format!("{path} returns an unnamed type that is no iterator"));
        }
        Ok(Function { name: path.into(), call: call().map_err(|why| format!("{path}: {why}"))?, iterator })
    }

    /// What stands for the type parameters of a function or an `impl`, and for those around it.
    fn stand_ins(&self, generics: &Value, outer: &Names) -> Result<Names, String> {
        let mut names = outer.clone();
        for parameter in type_parameters(generics)? {
            let name = parameter["name"].as_str().unwrap_or_default();
            let mut bounds = array(&parameter["kind"]["type"]["bounds"])?.clone();
            for predicate in array(&generics["where_predicates"])?.iter().map(|of| &of["bound_predicate"]) {
                if predicate["type"]["generic"] == name {
                    bounds.extend_from_slice(array(&predicate["bounds"])?);
                }
            }
            names.insert(name.into(), self.stand_in(&bounds, &names)?);
        }
        Ok(names)
    }

    /// A type that meets bounds, and of which nothing else is known.
    fn stand_in(&self, bounds: &[Value], names: &Names) -> Result<String, String> {
        for bound in bounds.iter().map(|bound| &bound["trait_bound"]["trait"]) {
            match bound["path"].as_str() {
                Some("Fn" | "FnMut" | "FnOnce") => {
                    let of = &bound["args"]["parenthesized"];
                    let output = of["output"].is_object().then(|| self.text(&of["output"], names)).transpose()?;
                    let inputs = self.texts(&of["inputs"], names)?.join(", ");
                    return Ok(format!("fn({inputs}){}", output.map_or(String::new(), |of| format!(" -> {of}"))));
                }
                Some("Iterator" | "IntoIterator") => {
                    let item = &bound["args"]["angle_bracketed"]["constraints"][0]["binding"];
                    // An item that must become something is that already.
                    let into = &item["constraint"][0]["trait_bound"]["trait"]["args"]["angle_bracketed"]["args"][0];
                    let item = [&item["equality"]["type"], &into["type"]].into_iter().find(|of| of.is_object());
                    let item = item.map_or_else(|| Ok("Unknown".into()), |of| self.text(of, names))?;
                    return Ok(format!("Items<{item}>"));
                }
                _ => {}
            }
        }
        Ok("Unknown".into())
    }

    fn texts(&self, list: &Value, names: &Names) -> Result<Vec<String>, String> {
        array(list)?.iter().map(|of| self.text(of, names)).collect()
    }

    /// A type as it is written in an expression: without lifetimes, and with what stands for its
    /// parameters.
    fn text(&self, of: &Value, names: &Names) -> Result<String, String> {
        let (kind, of) = of.as_object().and_then(|of| of.iter().next()).ok_or_else(|| format!("not a type: {of}"))?;
        Ok(match kind.as_str() {
            "primitive" => of.as_str().unwrap_or_default().to_owned(),
            "generic" if of == "Self" => "_".into(),
            "generic" => of.as_str().and_then(|name| names.get(name)).ok_or_else(|| format!("no type {of}"))?.clone(),
            "impl_trait" => self.stand_in(array(of)?, names)?,
            "borrowed_ref" if of["is_mutable"] == true => format!("&mut {}", self.text(&of["type"], names)?),
            "borrowed_ref" => format!("&{}", self.text(&of["type"], names)?),
            "slice" => format!("[{}]", self.text(of, names)?),
            "array" => format!("[{}; {}]", self.text(&of["type"], names)?, constant(&of["len"])),
            "tuple" => format!("({})", self.texts(of, names)?.join(", ")),
            "resolved_path" => self.path(of, names)?,
            "dyn_trait" => format!("dyn {}", self.path(&of["traits"][0]["trait"], names)?),
            "qualified_path" => "_".into(),
            kind => return Err(format!("a type that is a {kind}")),
        })
    }

    /// The name of a type or trait with its type arguments.
    fn path(&self, of: &Value, names: &Names) -> Result<String, String> {
        let id = of["id"].to_string();
        let name = match self.paths.get(&id) {
            Some(path) => path.clone(),
            None if self.index.contains_key(&id) => return Err(format!("{} has no public name", of["path"])),
            None => {
                let path = self.foreign.get(&id).ok_or_else(|| format!("no path {id}"))?;
                let words: Vec<&str> = array(&path["path"])?.iter().filter_map(Value::as_str).collect();
                // What lies deeper is private, and exported by the module at the top.
                match words.as_slice() {
                    ["serde_core", module, .., name] => format!("serde::{module}::{name}"),
                    [of, module, .., name] => format!("{of}::{module}::{name}"),
                    _ => return Err(format!("the path {}", words.join("::"))),
                }
            }
        };
        let mut arguments = Vec::new();
        for argument in of["args"]["angle_bracketed"]["args"].as_array().into_iter().flatten() {
            match argument.get("type") {
                Some(of) => arguments.push(self.text(of, names)?),
                None if argument.get("const").is_some() => arguments.push(constant(&argument["const"]["expr"])),
                None => {}
            }
        }
        Ok(if arguments.is_empty() { name } else { format!("{name}<{}>", arguments.join(", ")) })
    }
}

/// `::<Unknown>` for one type parameter, and so on; any number for a constant.
fn type_arguments(generics: &Value, names: &Names) -> Result<String, String> {
    let written = array(&generics["params"])?.iter().filter(|of| of["kind"]["type"]["is_synthetic"] != true);
    let arguments = written.filter_map(|of| match of["kind"].get("const") {
        Some(_) => Some("4"),
        None => names.get(of["name"].as_str()?).map(String::as_str),
    });
    let arguments: Vec<&str> = arguments.collect();
    Ok(if arguments.is_empty() { String::new() } else { format!("::<{}>", arguments.join(", ")) })
}

/// The parameters that are types, also those that an `impl Trait` argument makes.
fn type_parameters(generics: &Value) -> Result<impl Iterator<Item = &Value>, String> {
    Ok(array(&generics["params"])?.iter().filter(|parameter| parameter["kind"]["type"].is_object()))
}

/// A number as it stands; a parameter, or what must be computed, as any number.
fn constant(of: &Value) -> String {
    of.as_str().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or("4").to_owned()
}

/// The one key of what an item is, and what stands there.
fn kind(item: &Value) -> Result<(&str, &Value), String> {
    let inner = item["inner"].as_object().and_then(|inner| inner.iter().next());
    inner.map(|(kind, of)| (kind.as_str(), of)).ok_or_else(|| format!("item {} is nothing", item["id"]))
}

/// Whether a key stands anywhere in a type.
fn mentions(of: &Value, key: &str) -> bool {
    match of {
        Value::Object(of) => of.iter().any(|(name, of)| name == key || mentions(of, key)),
        Value::Array(of) => of.iter().any(|of| mentions(of, key)),
        _ => false,
    }
}

fn object<'j>(of: &'j Value, key: &str) -> Result<&'j Object, String> {
    of[key].as_object().ok_or_else(|| format!("no {key}"))
}

fn array(of: &Value) -> Result<&Vec<Value>, String> {
    of.as_array().ok_or_else(|| format!("not a list: {of}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn item(id: u32, name: &str, visibility: &str, inner: &Value) -> (String, Value) {
        (id.to_string(), json!({ "id": id, "crate_id": 0, "name": name, "visibility": visibility, "inner": inner }))
    }

    fn function(inputs: &Value, output: &Value, bounds: &Value) -> Value {
        let params: Vec<Value> = bounds
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, of)| json!({ "name": name, "kind": { "type": { "bounds": [{ "trait_bound": { "trait": of } }] } } }))
            .collect();
        let generics = json!({ "params": params, "where_predicates": [] });
        json!({ "function": { "sig": { "inputs": inputs, "output": output }, "generics": generics } })
    }

    /// A crate that is one module `m` with a public type, its private and its public method, and a
    /// function.
    fn document(free: &Value) -> Value {
        let none = json!({ "params": [], "where_predicates": [] });
        let of = json!({ "resolved_path": { "path": "Thing", "id": 3, "args": null } });
        let this = json!([["self", { "borrowed_ref": { "is_mutable": false, "type": { "generic": "Self" } } }]]);
        let implementation = json!({ "impl": {
            "is_synthetic": false, "blanket_impl": null, "generics": none, "trait": null, "for": of, "items": [5, 6]
        } });
        let index: Object = [
            item(1, "crate", "public", &json!({ "module": { "items": [2] } })),
            item(2, "m", "public", &json!({ "module": { "items": [3, 7] } })),
            item(3, "Thing", "public", &json!({ "struct": {} })),
            item(4, "", "default", &implementation),
            item(5, "open", "public", &function(&this, &Value::Null, &Value::Null)),
            item(6, "closed", "default", &function(&this, &Value::Null, &Value::Null)),
            item(7, "free", "public", free),
        ]
        .into_iter()
        .collect();
        json!({ "root": 1, "index": index, "paths": {} })
    }

    #[test]
    fn every_public_function_is_called_and_no_other() {
        let take = json!([["n", { "primitive": "u8" }], ["all", { "generic": "T" }]]);
        let free = function(&take, &Value::Null, &json!({ "T": { "path": "Copy" } }));
        let calls: Vec<String> =
            read(&document(&free)).expect("it is understood").into_iter().map(|function| function.call).collect();
        assert_eq!(calls, ["m::Thing::open(any())", "m::free::<Unknown>(any(), any())"]);
    }

    #[test]
    fn closures_and_iterators_have_stand_ins_of_their_own() {
        let text = json!({ "borrowed_ref": { "is_mutable": false, "type": { "primitive": "str" } } });
        let closure = json!({ "path": "FnMut", "args": { "parenthesized": { "inputs": [text], "output": null } } });
        let item = json!({ "name": "Item", "binding": { "equality": { "type": { "primitive": "u8" } } } });
        let items = json!({ "path": "Iterator", "args": { "angle_bracketed": { "args": [], "constraints": [item] } } });
        let free = function(&json!([]), &Value::Null, &json!({ "F": closure, "I": items }));
        let functions = read(&document(&free)).expect("it is understood");
        assert_eq!(functions[1].call, "m::free::<fn(&str), Items<u8>>()");
    }

    #[test]
    fn an_iterator_without_a_name_is_asked_for_its_items_and_another_such_type_is_refused() {
        let returns = |path: &str| {
            let output = json!({ "impl_trait": [{ "trait_bound": { "trait": { "path": path } } }] });
            read(&document(&function(&json!([]), &output, &Value::Null)))
        };
        assert!(returns("Iterator").is_ok_and(|functions| functions[1].iterator && !functions[0].iterator));
        assert!(returns("Display").is_err_and(|why| why.contains("m::free")));
    }

    #[test]
    fn what_is_not_understood_is_an_error_and_not_a_shorter_list() {
        assert!(read(&json!({})).is_err());
        assert!(read(&json!({ "root": 1, "index": {}, "paths": {} })).is_err());
        let mut document = document(&function(&json!([]), &Value::Null, &Value::Null));
        document["index"]["4"]["inner"]["impl"]["for"]["resolved_path"]["id"] = 4.into();
        assert!(read(&document).is_err_and(|why| why.contains("no public name")));
    }
}
