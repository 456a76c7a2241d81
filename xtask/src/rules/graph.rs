//! The packages that are built and their dependencies, from `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::circles::Root;

/// One package of the graph.
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    /// What the manifest calls the licence.
    pub(super) license: Option<String>,
    /// Whether it is a member of the workspace.
    pub(super) ours: bool,
    /// What the manifest asks for, on any system and with any feature.
    pub(super) wants: Vec<Want>,
    /// The files with which its library and its binaries begin, the library first.
    pub(super) roots: Vec<Root>,
}

/// One dependency in a manifest.
pub(super) struct Want {
    pub(super) name: String,
    /// Whether only tests, examples and benchmarks have it.
    pub(super) dev: bool,
}

/// Reads the output of `cargo metadata --format-version 1`.
///
/// # Errors
///
/// When a part is missing.
pub(super) fn read(written: &str) -> Result<Vec<Package>, String> {
    let metadata: Value = serde_json::from_str(written).map_err(|error| format!("cargo metadata: {error}"))?;
    let members = list(&metadata, "workspace_members")?;
    let root = text(&metadata, "workspace_root")?;
    list(&metadata, "packages")?.iter().map(|package| Package::read(package, members, &root)).collect()
}

impl Package {
    fn read(package: &Value, members: &[Value], root: &str) -> Result<Package, String> {
        let wants = list(package, "dependencies")?.iter().map(|want| {
            let dev = want.get("kind").and_then(Value::as_str) == Some("dev");
            Ok(Want { name: text(want, "name")?, dev })
        });
        Ok(Package {
            name: text(package, "name")?,
            version: text(package, "version")?,
            license: text(package, "license").ok(),
            ours: package.get("id").is_some_and(|id| members.contains(id)),
            wants: wants.collect::<Result<_, String>>()?,
            roots: roots(package, root)?,
        })
    }
}

/// Where the library and the binaries of a package begin, from the root of the repository.
fn roots(package: &Value, root: &str) -> Result<Vec<Root>, String> {
    let mut roots = Vec::new();
    for target in list(package, "targets")? {
        let kinds = list(target, "kind")?;
        let is = |wanted: &[&str]| kinds.iter().any(|kind| wanted.iter().any(|wanted| kind == wanted));
        let library = is(&["lib", "rlib", "cdylib", "staticlib", "proc-macro"]).then(|| text(target, "name"));
        if library.is_some() || is(&["bin"]) {
            let path = text(target, "src_path")?;
            let path = path.strip_prefix(root).unwrap_or(&path).trim_start_matches(['/', '\\']).replace('\\', "/");
            roots.push(Root { path, library: library.transpose()? });
        }
    }
    roots.sort_by_key(|root| root.library.is_none());
    Ok(roots)
}

/// Reads the output of `cargo tree --prefix=none`: each name with its versions.
///
/// This is what is compiled. `cargo metadata` counts optional dependencies that no feature switches
/// on, when another optional one names them.
pub(super) fn built(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut built: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        if let (Some(name), Some(version)) = (words.next(), words.next().and_then(|word| word.strip_prefix('v'))) {
            built.entry(name.into()).or_default().insert(version.into());
        }
    }
    built
}

fn list<'a>(value: &'a Value, name: &str) -> Result<&'a [Value], String> {
    let list = value.get(name).and_then(Value::as_array);
    list.map(Vec::as_slice).ok_or_else(|| format!("cargo metadata: no {name}"))
}

fn text(value: &Value, name: &str) -> Result<String, String> {
    let text = value.get(name).and_then(Value::as_str);
    text.map(String::from).ok_or_else(|| format!("cargo metadata: no {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_and_their_wants_are_read() {
        let packages = read(
            r#"{"workspace_root": "/r", "workspace_members": ["path+file:///a#0.1.0"], "packages": [
                {"name": "a", "version": "0.1.0", "id": "path+file:///a#0.1.0", "license": null, "targets": [
                    {"name": "a-tool", "kind": ["bin"], "src_path": "/r/a/src/main.rs"},
                    {"name": "a", "kind": ["lib"], "src_path": "/r/a/src/lib.rs"},
                    {"name": "t", "kind": ["test"], "src_path": "/r/a/tests/t.rs"}], "dependencies": [
                    {"name": "b", "kind": null}, {"name": "c", "kind": "dev"}, {"name": "d", "kind": "build"}]},
                {"name": "b", "version": "1.0.0", "id": "b", "license": "MIT", "targets": [],
                    "dependencies": []}]}"#,
        )
        .expect("it is whole");
        assert_eq!(packages.len(), 2);
        assert!(packages[0].ours && !packages[1].ours);
        assert_eq!((packages[0].license.as_deref(), packages[1].license.as_deref()), (None, Some("MIT")));
        let wants: Vec<_> = packages[0].wants.iter().map(|want| (want.name.as_str(), want.dev)).collect();
        assert_eq!(wants, [("b", false), ("c", true), ("d", false)]);
        let roots: Vec<_> =
            packages[0].roots.iter().map(|root| (root.path.as_str(), root.library.as_deref())).collect();
        assert_eq!(roots, [("a/src/lib.rs", Some("a")), ("a/src/main.rs", None)]);
        assert!(read("{}").is_err());
    }

    #[test]
    fn each_name_has_its_versions() {
        let built = built("a v0.1.0 (/x/a)\nsyn v2.0.119\nb v1.0.0 (proc-macro)\nsyn v3.0.9 (*)\n\nsyn v3.0.9\n");
        assert_eq!(built.len(), 3);
        assert_eq!(built["syn"].iter().collect::<Vec<_>>(), ["2.0.119", "3.0.9"]);
    }
}
