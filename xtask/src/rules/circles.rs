//! Rings of files: those of one crate that use each other in turn.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use super::arrows::{self, Arrows};
use super::modules::Modules;

/// The file with which a library or a binary begins.
pub(super) struct Root {
    pub(super) path: String,
    /// The name of a library.
    pub(super) library: Option<String>,
}

/// What was found in one crate.
pub(super) struct Found {
    pub(super) files: usize,
    pub(super) arrows: usize,
    /// Each circle: how many files, and the shortest ring through them.
    pub(super) circles: Vec<String>,
}

/// Looks for circles in a crate with these roots, a library first.
///
/// # Errors
///
/// When a file of it is missing or cannot be read.
pub(super) fn look(roots: &[Root], sources: &BTreeMap<&str, &str>) -> Result<Found, String> {
    let mut modules = Modules::default();
    for root in roots {
        modules.add(&root.path, root.library.as_deref(), sources)?;
    }
    let arrows = arrows::find(&modules);
    let circles = circles(modules.files.len(), &arrows);
    let circles = circles.iter().map(|circle| shown(circle, &arrows, &modules.files)).collect();
    Ok(Found { files: modules.files.len(), arrows: arrows.len(), circles })
}

/// The groups of two or more files that reach each other.
fn circles(files: usize, arrows: &Arrows) -> Vec<BTreeSet<usize>> {
    let reach: Vec<BTreeSet<usize>> = (0..files).map(|from| distances(from, arrows).into_keys().collect()).collect();
    let mut left: BTreeSet<usize> = (0..files).collect();
    let mut found = Vec::new();
    while let Some(first) = left.pop_first() {
        let ring: BTreeSet<usize> =
            reach[first].iter().copied().filter(|other| reach[*other].contains(&first)).collect();
        left.retain(|file| !ring.contains(file));
        if ring.len() > 1 {
            found.push(ring);
        }
    }
    found
}

/// The files that one reaches by an arrow or more, each with the file before it on the shortest way.
fn distances(from: usize, arrows: &Arrows) -> BTreeMap<usize, usize> {
    let mut before = BTreeMap::new();
    let mut next = VecDeque::from([from]);
    while let Some(at) = next.pop_front() {
        for (_, to) in arrows.range((at, 0)..=(at, usize::MAX)).map(|(arrow, _)| *arrow) {
            before.entry(to).or_insert_with(|| {
                next.push_back(to);
                at
            });
        }
    }
    before
}

/// How many files a circle has, and its shortest ring with the line of each arrow.
fn shown(circle: &BTreeSet<usize>, arrows: &Arrows, files: &[String]) -> String {
    let ring = circle.iter().map(|file| ring(*file, arrows)).min_by_key(Vec::len).unwrap_or_default();
    let mut text = format!("{} files in a circle:", circle.len());
    for arrow in ring {
        if let Some(used) = arrows.get(&arrow) {
            let _ = write!(text, " {}:{} uses {} of {};", files[arrow.0], used.line, used.path, files[arrow.1]);
        }
    }
    text.trim_end_matches(';').into()
}

/// The shortest ring through a file.
fn ring(file: usize, arrows: &Arrows) -> Vec<(usize, usize)> {
    let before = distances(file, arrows);
    let mut ring = Vec::new();
    let mut at = file;
    while let Some(previous) = before.get(&at) {
        ring.push((*previous, at));
        at = *previous;
        if at == file {
            break;
        }
    }
    ring.reverse();
    ring
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Found {
        let sources: BTreeMap<&str, &str> = files.iter().copied().collect();
        let library = Root { path: "a/src/lib.rs".into(), library: Some("the-crate".into()) };
        let binary = Root { path: "a/src/main.rs".into(), library: None };
        let roots = if sources.contains_key("a/src/main.rs") { vec![library, binary] } else { vec![library] };
        look(&roots, &sources).expect("it is Rust")
    }

    fn library(root: &str, one: &str, two: &str) -> Found {
        found(&[("a/src/lib.rs", root), ("a/src/one.rs", one), ("a/src/two.rs", two)])
    }

    const BOTH: &str = "mod one; mod two;";

    #[test]
    fn a_ring_is_found_with_the_lines_of_its_arrows() {
        let ring =
            library(BOTH, "use crate::two::Two;\npub struct One;", "pub struct Two;\n\nfn f(_: super::one::One) {}");
        assert_eq!((ring.files, ring.arrows), (3, 2));
        let [circle] = ring.circles.as_slice() else { panic!("{:?}", ring.circles) };
        assert!(circle.contains("a/src/one.rs:1 uses crate::two::Two of a/src/two.rs"), "{circle}");
        assert!(circle.contains("a/src/two.rs:3 uses super::one::One of a/src/one.rs"), "{circle}");
    }

    #[test]
    fn every_kind_of_use_is_an_arrow() {
        for one in [
            "use crate::two::Two;",
            "use super::two::Two as Other;",
            "use crate::{two::{self, Two}};",
            "use crate::two; fn f() { two::two() }",
            "use crate::two as other; fn f() -> other::Two { todo!() }",
            "fn f() { use super::two; two::Two::new(); }",
            "use super::*; fn f() { let _ = two::Two; }",
            "use super::two::*; fn f(_: Two) {}",
            "impl super::two::Trait for u8 {}",
            "fn f() { assert_eq!(1, crate::two::NUMBER) }",
            "fn f() { told!() }",
            "macro_rules! own { () => { $crate::two::NUMBER } }",
            "mod inner { use super::super::two::Two; }",
            "use crate::Two;",
            "use crate::two::MadeByAMacro;",
            "fn f<T: crate::two::Trait>() {}",
            "fn f() { <u8 as crate::two::Trait>::f() }",
        ] {
            let two = "pub struct Two; pub trait Trait {} pub const NUMBER: u8 = 1; pub fn two() {}\n\
                macro_rules! told { () => {} }";
            let found = library("mod one; mod two; pub use two::Two;", one, two);
            assert_eq!(found.arrows, 1, "{one}");
        }
    }

    #[test]
    fn what_is_no_use_is_no_arrow() {
        for one in [
            "use std::fmt;",
            "use ::two::Two;",
            "#[cfg(test)] mod tests { use crate::two::Two; }",
            "#[cfg(all(test, unix))] use crate::two::Two;",
            "//! [`crate::two::Two`]\n// crate::two::Two",
            "fn f() -> &'static str { \"crate::two::Two\" }",
            "use crate::two;",
            "pub(in crate) struct One;",
            "mod two { pub struct Two; } use two::Two;",
            "use crate::Foreign; use crate::{foreign::Deep, inner::Other};",
        ] {
            let root = "mod one; mod two; use foreign::{self, Foreign}; mod inner { pub use foreign::Other; }";
            assert_eq!(library(root, one, "pub struct Two;").arrows, 0, "{one}");
        }
    }

    #[test]
    fn a_parent_that_exports_its_child_does_not_use_it_but_the_child_uses_what_the_parent_defines() {
        let exports = library(
            "mod one; mod two; pub use one::One; pub use self::two::*; pub struct Root;",
            "pub struct One(crate::Root);",
            "",
        );
        assert_eq!((exports.arrows, exports.circles.len()), (1, 0));
        let uses = library("mod one; mod two; use one::One; pub struct Root;", "pub struct One(super::Root);", "");
        assert_eq!((uses.arrows, uses.circles.len()), (2, 1));
    }

    #[test]
    fn files_are_found_by_their_modules() {
        let deep = found(&[
            ("a/src/lib.rs", "mod one; mod inline { mod deep; } #[path = \"../other/x.rs\"] mod x;"),
            ("a/src/one.rs", "mod two;"),
            ("a/src/one/two.rs", ""),
            ("a/src/inline/deep.rs", "use crate::x::X;"),
            ("a/other/x.rs", "pub struct X;"),
            ("a/src/main.rs", "fn main() { the_crate::x::X; }"),
        ]);
        assert_eq!((deep.files, deep.arrows), (6, 2));
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        let look = |text: &str| {
            look(&[Root { path: "a.rs".into(), library: None }], &BTreeMap::from([("a.rs", text)])).is_err()
        };
        assert!(look("mod missing;"));
        assert!(look("fn f( {"));
        assert!(!look("use a::a; use self::b as c; use c as b; use super::super::x; fn f() { b::c::d(); a::a() }"));
    }
}
