//! Which file of a crate uses an item that another file defines.
//!
//! A `use` and a path in code are uses, also inside the words of a macro. A module that declares a
//! child, or exports what stands below it, does not thereby use it.

use std::collections::BTreeMap;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::modules::{Import, Meaning, Modules, attributes, imports, is_export, is_test};

/// Where one file first uses another: the line, and what is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) line: usize,
    pub(super) path: String,
}

/// The arrows from file to file.
pub(super) type Arrows = BTreeMap<(usize, usize), Use>;

/// Finds the arrows of a crate.
pub(super) fn find(modules: &Modules) -> Arrows {
    let mut arrows = Arrows::new();
    for (module, file) in &modules.parsed {
        let mut walk =
            Walk { modules, module: *module, blocks: Vec::new(), inline: BTreeMap::new(), arrows: &mut arrows };
        walk.visit_file(file);
    }
    arrows
}

struct Walk<'m> {
    modules: &'m Modules,
    module: usize,
    /// What the blocks around this place import.
    blocks: Vec<Vec<Import>>,
    /// How many modules of a name have been met in a module.
    inline: BTreeMap<(usize, String), usize>,
    arrows: &'m mut Arrows,
}

impl Walk<'_> {
    fn resolve(&self, path: &[String]) -> Vec<Meaning> {
        let imported = self.blocks.iter().rev().flatten().find(|import| import.name.as_ref() == path.first());
        match imported {
            Some(import) if import.path != path => {
                let whole: Vec<String> = import.path.iter().chain(path.iter().skip(1)).cloned().collect();
                self.modules.resolve(self.module, &whole)
            }
            _ => self.modules.resolve(self.module, path),
        }
    }

    /// Whether a path leads into a module below this one.
    fn goes_below(&self, path: &[String]) -> bool {
        let beginnings = (1..=path.len()).filter_map(|length| path.get(..length));
        let below = |meaning| matches!(meaning, Meaning::Module(of) if self.modules.is_below(of, self.module));
        beginnings.flat_map(|beginning| self.modules.resolve(self.module, beginning)).any(below)
    }

    fn used(&mut self, path: &[String], line: usize) {
        for meaning in self.resolve(path) {
            if let Meaning::Item(file) = meaning {
                self.arrow(file, line, || path.join("::"));
            }
        }
    }

    fn arrow(&mut self, to: usize, line: usize, path: impl FnOnce() -> String) {
        let from = self.modules.file_of(self.module);
        if from != to {
            self.arrows.entry((from, to)).or_insert_with(|| Use { line, path: path() });
        }
    }

    /// A macro by its name alone.
    fn macro_used(&mut self, name: &str, line: usize) {
        for file in self.modules.macros(name) {
            self.arrow(*file, line, || format!("{name}!"));
        }
    }

    /// The paths among the words of a macro. In a definition only those from the root are known.
    fn tokens(&mut self, tokens: &TokenStream, definition: bool) {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let is = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(of)) if of.as_char() == sign);
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Group(group) => self.tokens(&group.stream(), definition),
                TokenTree::Ident(first) => {
                    let line = first.span().start().line;
                    let before = at.checked_sub(2);
                    let follows = |sign| before.is_some_and(|before| is(before, sign));
                    let (field, foreign) = (follows('.'), follows(':') && at >= 3 && is(at - 3, ':'));
                    let mut path = vec![first.to_string()];
                    while is(at, ':') && is(at + 1, ':') {
                        let Some(TokenTree::Ident(next)) = tokens.get(at + 2) else { break };
                        path.push(next.to_string());
                        at += 3;
                    }
                    let known = !definition || path.first().is_some_and(|first| first == "crate");
                    if path.len() > 1 && known && !field && !foreign {
                        self.used(&path, line);
                    }
                    if let ([name], true) = (path.as_slice(), is(at, '!')) {
                        self.macro_used(name, line);
                    }
                }
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Walk<'_> {
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let name = item.ident.to_string();
        let nth = self.inline.entry((self.module, name.clone())).or_default();
        let inner = self.modules.inner(self.module, &name, *nth);
        *nth += 1;
        if let (Some((_, items)), Some(inner)) = (&item.content, inner) {
            let outer = std::mem::replace(&mut self.module, inner);
            items.iter().for_each(|item| self.visit_item(item));
            self.module = outer;
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let line = item.use_token.span.start().line;
        for Import { path, .. } in imports(item) {
            if !(is_export(item) && self.goes_below(&path)) {
                self.used(&path, line);
            }
        }
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        let uses = block.stmts.iter().filter_map(|statement| match statement {
            syn::Stmt::Item(syn::Item::Use(item)) => Some(imports(item)),
            _ => None,
        });
        self.blocks.push(uses.flatten().collect());
        visit::visit_block(self, block);
        self.blocks.pop();
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let words: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.used(&words, line_of(path));
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, of: &'ast syn::Macro) {
        let line = line_of(&of.path);
        match of.path.get_ident() {
            Some(name) => self.macro_used(&name.to_string(), line),
            None => self.visit_path(&of.path),
        }
        let definition = of.path.is_ident("macro_rules");
        self.tokens(&of.tokens, definition);
    }
}

fn line_of(path: &syn::Path) -> usize {
    path.segments.first().map_or(0, |segment| segment.ident.span().start().line)
}
