//! The order of the header: each section with its functions, each type before the first function that has to do with it.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use crate::block::Block;
use crate::section::{self, SECTIONS};

/// Blocks in their sections.
#[derive(Debug)]
pub(crate) struct Layout<'a> {
    blocks: &'a [Block],
    /// Which block declares a name, a value of an enumeration too.
    declares: HashMap<&'a str, usize>,
    placed: HashSet<usize>,
    sections: Vec<Vec<usize>>,
}

impl<'a> Layout<'a> {
    /// Puts every block into a section.
    ///
    /// # Errors
    ///
    /// Tells a function that belongs to no section, and what no function speaks of.
    pub(crate) fn of(blocks: &'a [Block]) -> Result<Self, String> {
        let names = blocks.iter().enumerate().flat_map(|(n, block)| {
            let names = std::iter::once(&block.name).chain(&block.values);
            names.map(move |name| (name.as_str(), n))
        });
        let mut layout = Layout { blocks, declares: names.collect(), placed: HashSet::new(), sections: Vec::new() };
        let mut functions = vec![Vec::new(); SECTIONS.len()];
        for (n, block) in blocks.iter().enumerate().filter(|(_, block)| block.is_function()) {
            let none = || format!("{}: no section has it, see ffi/header/src/section.rs", block.name);
            let (section, place) = section::of(&block.name).ok_or_else(none)?;
            functions.get_mut(section).ok_or_else(none)?.push((place, n));
        }
        for (section, mut functions) in SECTIONS.iter().zip(functions) {
            layout.sections.push(Vec::new());
            for name in section.first {
                let n = layout.declares.get(name).ok_or_else(|| format!("section.rs: there is no {name}"))?;
                layout.place(*n);
            }
            functions.sort_unstable();
            functions.into_iter().for_each(|(_, n)| layout.place(n));
        }
        let rest = blocks.iter().enumerate().filter(|(n, _)| !layout.placed.contains(n));
        let rest: Vec<&str> = rest.map(|(_, block)| block.name.as_str()).collect();
        match rest.is_empty() {
            true => Ok(layout),
            false => Err(format!("no function speaks of {}: ffi/header/src/section.rs", rest.join(", "))),
        }
    }

    /// Puts a block into the last section, after what it needs and the enumerations of which it speaks.
    fn place(&mut self, n: usize) {
        if !self.placed.insert(n) {
            return;
        }
        let blocks = self.blocks;
        let Some(block) = blocks.get(n) else { return };
        let later = SECTIONS.get(self.sections.len()..).unwrap_or_default();
        for name in &block.uses {
            if let Some(needed) = self.declares.get(name.as_str()) {
                self.place(*needed);
            }
        }
        for name in &block.mentions {
            let Some(spoken) = self.declares.get(name.as_str()).copied() else { continue };
            let is_first_later = |name: &str| later.iter().any(|section| section.first.contains(&name));
            if blocks.get(spoken).is_some_and(|block| block.is_number() && !is_first_later(&block.name)) {
                self.place(spoken);
            }
        }
        if let Some(section) = self.sections.last_mut() {
            section.push(n);
        }
    }

    /// The list of all functions, for a comment.
    pub(crate) fn index(&self) -> String {
        let mut out = String::new();
        for (section, blocks) in self.each() {
            let _ = writeln!(out, " *\n * {}", section.title);
            for block in blocks.iter().filter(|block| block.is_function()) {
                let _ = writeln!(out, " *   {:36} {}", block.name, block.summary());
            }
        }
        out
    }

    /// All sections; `after` is written behind the block of that name.
    pub(crate) fn text(&self, after: (&str, &str)) -> String {
        let mut out = String::new();
        for (section, blocks) in self.each() {
            let line = "=".repeat(100_usize.saturating_sub(section.title.len()));
            let _ = write!(out, "\n/* {line} {} */\n", section.title);
            let _ = write!(
                out,
                "\n/**\n * @defgroup {} {}\n * {}\n * @{{\n */\n",
                section.key, section.title, section.about
            );
            let mut guard = "";
            for block in blocks {
                if block.guard != guard {
                    out += if guard.is_empty() { "" } else { "\n#endif\n" };
                    if !block.guard.is_empty() {
                        let _ = write!(out, "\n#if {}\n", block.guard);
                    }
                    guard = &block.guard;
                }
                let _ = write!(out, "\n{}\n", block.text);
                if block.name == after.0 {
                    out += after.1;
                }
            }
            out += if guard.is_empty() { "" } else { "\n#endif\n" };
            out += "\n/** @} */\n";
        }
        out
    }

    /// The sections in which there is something.
    fn each(&self) -> impl Iterator<Item = (&'static section::Section, Vec<&'a Block>)> {
        let blocks = self.blocks;
        let filled = SECTIONS.iter().zip(&self.sections).filter(|(_, numbers)| !numbers.is_empty());
        filled.map(move |(section, numbers)| (section, numbers.iter().filter_map(|n| blocks.get(*n)).collect()))
    }
}
