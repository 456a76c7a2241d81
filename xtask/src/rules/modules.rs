//! The modules of a crate, the names in each, and the file that defines what a path means.
//!
//! Names are looked up as the compiler does it, but without types: a re-export leads to the file
//! that defines the item, an associated item belongs to the file of its type, and an item that
//! nobody writes by name belongs to the module whose macro makes it. Items under `#[cfg(test)]`
//! are left out.

use std::collections::{BTreeMap, HashMap};
use std::path::{Component, Path, PathBuf};

use syn::{Attribute, Ident, Item, ItemMod, ItemUse, UseTree, Visibility};

/// How many re-exports are followed before a path counts as foreign.
const MOST_STEPS: usize = 32;

/// The modules of one library or binary, with the library that a binary stands on.
#[derive(Default)]
pub(super) struct Modules {
    /// Paths of the files, from the root of the repository.
    pub(super) files: Vec<String>,
    /// The parsed files with the module that each is.
    pub(super) parsed: Vec<(usize, syn::File)>,
    all: Vec<Module>,
    /// The library's name in Rust, and its root.
    library: Option<(String, usize)>,
    /// The files that define a macro of this name.
    macros: HashMap<String, Vec<usize>>,
}

struct Module {
    file: usize,
    parent: Option<usize>,
    names: HashMap<String, Vec<Meaning>>,
    globs: Vec<Vec<String>>,
    inner: HashMap<String, Vec<usize>>,
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A module.
    Module(usize),
    /// An item that a file defines.
    Item(usize),
    /// What this path means, from the module that has the name.
    Path(Vec<String>),
    /// Something of another crate.
    Foreign,
}

/// One name that a `use` brings in; `None` for everything.
pub(super) struct Import {
    pub(super) path: Vec<String>,
    pub(super) name: Option<String>,
}

impl Modules {
    /// Reads a crate from its root and adds its modules; a library must be added before its binaries.
    ///
    /// # Errors
    ///
    /// When a file is missing or is not Rust.
    pub(super) fn add(
        &mut self,
        root: &str,
        library: Option<&str>,
        sources: &BTreeMap<&str, &str>,
    ) -> Result<(), String> {
        let folder = Path::new(root).parent().unwrap_or(Path::new("")).to_path_buf();
        let module = self.file(root, &folder, None, sources)?;
        if let Some(name) = library {
            self.library = Some((name.replace('-', "_"), module));
        }
        Ok(())
    }

    /// Reads a file, whose children stand in a folder.
    fn file(
        &mut self,
        path: &str,
        children: &Path,
        parent: Option<usize>,
        sources: &BTreeMap<&str, &str>,
    ) -> Result<usize, String> {
        let source = sources.get(path).ok_or_else(|| format!("{path}: no such file"))?;
        let parsed = syn::parse_file(source)
            .map_err(|error| format!("{path}:{}: not Rust: {error}", error.span().start().line))?;
        let file = self.files.iter().position(|known| known == path).unwrap_or_else(|| {
            self.files.push(path.into());
            self.files.len() - 1
        });
        let module = self.module(&parsed.items, file, children, parent, sources)?;
        self.parsed.push((module, parsed));
        Ok(module)
    }

    fn module(
        &mut self,
        items: &[Item],
        file: usize,
        children: &Path,
        parent: Option<usize>,
        sources: &BTreeMap<&str, &str>,
    ) -> Result<usize, String> {
        let id = self.all.len();
        let (names, inner) = (HashMap::new(), HashMap::new());
        self.all.push(Module { file, parent, names, globs: Vec::new(), inner });
        for item in items.iter().filter(|item| !is_test(attributes(item))) {
            match item {
                Item::Mod(item) => {
                    let name = item.ident.to_string();
                    let folder = children.join(&name);
                    let module = match &item.content {
                        Some((_, items)) => self.module(items, file, &folder, Some(id), sources)?,
                        None => {
                            let path = self.path_of(item, file, children, sources)?;
                            self.file(&path, &folder, Some(id), sources)?
                        }
                    };
                    self.all[id].inner.entry(name.clone()).or_default().push(module);
                    self.name(id, name, Meaning::Module(module));
                }
                Item::Use(item) => {
                    for Import { path, name } in imports(item) {
                        match name {
                            Some(name) => self.name(id, name, Meaning::Path(path)),
                            None => self.all[id].globs.push(path),
                        }
                    }
                }
                Item::Macro(item) => {
                    if let Some(name) = &item.ident {
                        self.macros.entry(name.to_string()).or_default().push(file);
                    }
                }
                item => {
                    if let Some((_, name)) = named(item) {
                        self.name(id, name.to_string(), Meaning::Item(file));
                    }
                }
            }
        }
        Ok(id)
    }

    fn name(&mut self, module: usize, name: String, meaning: Meaning) {
        self.all[module].names.entry(name).or_default().push(meaning);
    }

    /// The file of `mod name;`.
    fn path_of(
        &self,
        item: &ItemMod,
        file: usize,
        children: &Path,
        sources: &BTreeMap<&str, &str>,
    ) -> Result<String, String> {
        let here = Path::new(&self.files[file]).parent().unwrap_or(Path::new(""));
        let told = item.attrs.iter().find_map(path_attribute).map(|path| here.join(path));
        let name = item.ident.to_string();
        let usual = [children.join(format!("{name}.rs")), children.join(&name).join("mod.rs")];
        let mut places = told.into_iter().chain(usual).map(|place| plain(&place));
        places
            .find(|place| sources.contains_key(place.as_str()))
            .ok_or_else(|| format!("{}: no file of `mod {name}`", self.files[file]))
    }

    /// The module that stands inline in another.
    pub(super) fn inner(&self, module: usize, name: &str, nth: usize) -> Option<usize> {
        self.all[module].inner.get(name)?.get(nth).copied()
    }

    /// The file of a module.
    pub(super) fn file_of(&self, module: usize) -> usize {
        self.all[module].file
    }

    /// Whether a module is inside another.
    pub(super) fn is_below(&self, module: usize, above: usize) -> bool {
        let mut at = self.all[module].parent;
        while let Some(parent) = at {
            if parent == above {
                return true;
            }
            at = self.all[parent].parent;
        }
        false
    }

    /// The files that define a macro of this name.
    pub(super) fn macros(&self, name: &str) -> &[usize] {
        self.macros.get(name).map_or(&[], Vec::as_slice)
    }

    /// What a path in a module means: modules, and items by their files. Nothing for an unknown name.
    pub(super) fn resolve(&self, module: usize, path: &[String]) -> Vec<Meaning> {
        self.resolve_within(module, path, MOST_STEPS)
    }

    fn resolve_within(&self, module: usize, path: &[String], steps: usize) -> Vec<Meaning> {
        let Some((first, rest)) = path.split_first().filter(|_| steps > 0) else { return Vec::new() };
        let mut found = match first.as_str() {
            "crate" => vec![Meaning::Module(self.root(module))],
            "self" => vec![Meaning::Module(module)],
            "super" => self.all[module].parent.map(Meaning::Module).into_iter().collect(),
            name => self.lookup(module, name, steps),
        };
        if found.is_empty()
            && let Some((_, root)) = self.library.as_ref().filter(|(name, _)| name == first)
        {
            found.push(Meaning::Module(*root));
        }
        for name in rest {
            // What follows an item is a part of it, and what follows a foreign name is foreign.
            let Some(module) = module_among(&found) else { return found };
            found = match name.as_str() {
                "super" => self.all[module].parent.map(Meaning::Module).into_iter().collect(),
                "self" => vec![Meaning::Module(module)],
                name => self.lookup(module, name, steps),
            };
            if found.is_empty() {
                return vec![Meaning::Item(self.all[module].file)];
            }
        }
        found
    }

    fn root(&self, module: usize) -> usize {
        self.all[module].parent.map_or(module, |parent| self.root(parent))
    }

    /// What a name means in a module, by itself or by a glob.
    fn lookup(&self, module: usize, name: &str, steps: usize) -> Vec<Meaning> {
        let mut modules = vec![module];
        let mut next = 0;
        while let Some(module) = modules.get(next).copied() {
            let found = self.named(module, name, steps);
            if !found.is_empty() {
                return found;
            }
            for glob in self.all[module].globs.iter().filter_map(|glob| self.globbed(module, glob, steps)) {
                if !modules.contains(&glob) {
                    modules.push(glob);
                }
            }
            next += 1;
        }
        Vec::new()
    }

    /// What a name means in a module without its globs.
    fn named(&self, module: usize, name: &str, steps: usize) -> Vec<Meaning> {
        let named = self.all[module].names.get(name).into_iter().flatten();
        named.flat_map(|meaning| self.follow(module, meaning, steps)).collect()
    }

    /// The module that a glob brings in; its own path does without globs.
    fn globbed(&self, module: usize, glob: &[String], steps: usize) -> Option<usize> {
        let mut at = module;
        for word in glob {
            at = match word.as_str() {
                "crate" => self.root(at),
                "self" => at,
                "super" => self.all[at].parent?,
                name => module_among(&self.named(at, name, steps))?,
            };
        }
        Some(at)
    }

    fn follow(&self, module: usize, meaning: &Meaning, steps: usize) -> Vec<Meaning> {
        let Meaning::Path(path) = meaning else { return vec![meaning.clone()] };
        // `use name::…` where the only such name is the one that it brings in is a crate's.
        let itself = path.len() == 1 && self.all[module].names.contains_key(&path[0]);
        let found = if itself { Vec::new() } else { self.resolve_within(module, path, steps - 1) };
        if found.is_empty() { vec![Meaning::Foreign] } else { found }
    }
}

fn module_among(meanings: &[Meaning]) -> Option<usize> {
    meanings.iter().find_map(|meaning| match meaning {
        Meaning::Module(module) => Some(*module),
        _ => None,
    })
}

/// A path without `.` and `..`, with `/`.
fn plain(path: &Path) -> String {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::Normal(part) => plain.push(part),
            _ => {}
        }
    }
    plain.to_string_lossy().replace('\\', "/")
}

/// The text of `#[path = "…"]`.
fn path_attribute(attribute: &Attribute) -> Option<String> {
    let syn::Meta::NameValue(value) = &attribute.meta else { return None };
    match &value.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) if value.path.is_ident("path") => {
            Some(text.value())
        }
        _ => None,
    }
}

/// Whether an item is there for tests alone.
pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else { return false };
        let condition = list.tokens.to_string().replace(' ', "");
        list.path.is_ident("cfg")
            && (condition == "test"
                || condition.starts_with("all(test,")
                || condition.starts_with("all(") && condition.contains(",test"))
    })
}

/// What a `use` brings in, name by name.
pub(super) fn imports(item: &ItemUse) -> Vec<Import> {
    let mut found = Vec::new();
    if item.leading_colon.is_none() {
        collect(&item.tree, &mut Vec::new(), &mut found);
    }
    found
}

fn collect(tree: &UseTree, path: &mut Vec<String>, found: &mut Vec<Import>) {
    let mut add = |last: String, name: String| {
        let mut path = path.clone();
        // `use a::{self}` is `use a`.
        let name = if last == "self" && name == "self" { path.last().cloned().unwrap_or_default() } else { name };
        if last != "self" || path.is_empty() {
            path.push(last);
        }
        found.push(Import { path, name: Some(name) });
    };
    match tree {
        UseTree::Name(name) => add(name.ident.to_string(), name.ident.to_string()),
        UseTree::Rename(name) => add(name.ident.to_string(), name.rename.to_string()),
        UseTree::Glob(_) => found.push(Import { path: path.clone(), name: None }),
        UseTree::Path(of) => {
            path.push(of.ident.to_string());
            collect(&of.tree, path, found);
            path.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| collect(tree, path, found)),
    }
}

/// Whether a `use` hands on what it brings in.
pub(super) fn is_export(item: &ItemUse) -> bool {
    !matches!(item.vis, Visibility::Inherited)
}

/// The attributes of an item.
pub(super) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        item => named(item).map_or(&[], |(attributes, _)| attributes),
    }
}

/// The attributes and the name of an item that other files can name.
fn named(item: &Item) -> Option<(&[Attribute], &Ident)> {
    Some(match item {
        Item::Const(item) => (&item.attrs, &item.ident),
        Item::Enum(item) => (&item.attrs, &item.ident),
        Item::Fn(item) => (&item.attrs, &item.sig.ident),
        Item::Static(item) => (&item.attrs, &item.ident),
        Item::Struct(item) => (&item.attrs, &item.ident),
        Item::Trait(item) => (&item.attrs, &item.ident),
        Item::Type(item) => (&item.attrs, &item.ident),
        Item::Union(item) => (&item.attrs, &item.ident),
        _ => return None,
    })
}
