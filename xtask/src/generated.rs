//! The parts of committed files that are written by this program, from what the core knows.
//!
//! A part stands between the lines `<!-- generated: NAME -->` and `<!-- /generated -->`, in Python
//! behind `# `, or is a whole file.

use crate::place;
use crate::run::{Done, Out};
use crate::{cpp, front, header, names, openapi, proof, python, rules, tables};
use cardwright_core::certiflow::Dialect;

/// Every part: the file, the name between the marks, and what belongs there.
const PARTS: &[(&str, &str, Source)] = &[
    ("README.md", "demo", Tables(tables::demo_excerpt)),
    ("README.md", "operations", Tables(tables::operations)),
    ("README.md", "rust", Program("rust,no_run", "client/examples/lost_card.rs")),
    ("README.md", "c", Program("c", "examples/c/atr.c")),
    ("README.md", "python", Program("python", "examples/python/lost_card.py")),
    ("README.md", "firmware", Function("rust,ignore", "examples/firmware/src/main.rs", "fn terminal()")),
    ("docs/operations.md", "operations", Tables(tables::operations)),
    ("docs/serve.md", "generations", Tables(tables::generations)),
    ("docs/server.md", "privileges", Tables(tables::privileges)),
    ("docs/command-line.md", "generations", Tables(tables::generations)),
    ("docs/c.md", "c", Program("c", "examples/c/atr.c")),
    ("docs/c.md", "c-mixed", Function("c", "ffi/tests/mixed.c", "int32_t revoke(const CardwrightClient")),
    ("docs/c.md", "c-sign-in", Function("c", "examples/c/sign_in.c", "static int32_t client_by(")),
    ("docs/names.md", "names", Made(names::table)),
    ("docs/cpp.md", "cpp", Program("cpp", "examples/cpp/cards.cpp")),
    ("docs/cpp.md", "cpp-results", Program("cpp", "examples/cpp/results.cpp")),
    ("docs/terminal.md", "firmware", Function("rust,ignore", "examples/firmware/src/main.rs", "fn terminal()")),
    ("docs/extending.md", "kind", Function("rust,ignore", "examples/third-vendor/src/pass.rs", "pub fn add_pass")),
    (
        "docs/extending.md",
        "object",
        Function("rust,ignore", "examples/third-vendor/src/api.rs", "cardwright_core::view! {"),
    ),
    ("docs/extending.md", "call", Function("rust,ignore", "examples/third-vendor/src/api.rs", "impl Call for Hold")),
    (
        "docs/extending.md",
        "find",
        Function("rust,ignore", "examples/third-vendor/src/system.rs", "impl Find for &Lodge"),
    ),
    ("docs/extending.md", "system", Function("rust,ignore", "examples/third-vendor/src/system.rs", "impl Lodge")),
    ("docs/rust.md", "lost-card", Program("rust,no_run", "client/examples/lost_card.rs")),
    ("docs/rust.md", "hold", Program("rust,no_run", "client/examples/hold.rs")),
    ("docs/rust.md", "expiring", Program("rust,no_run", "client/examples/expiring.rs")),
    ("docs/rust.md", "bulk-hold", Program("rust,no_run", "client/examples/bulk_hold.rs")),
    ("docs/rust.md", "cancel", Program("rust,no_run", "client/examples/cancel.rs")),
    ("docs/rust.md", "header", Program("rust,no_run", "client/examples/header.rs")),
    ("docs/async.md", "tokio", Program("rust,no_run", "client/examples/tokio.rs")),
    ("docs/python.md", "python", Program("python", "examples/python/lost_card.py")),
    ("docs/python.md", "python-reader", Program("python", "examples/python/at_the_reader.py")),
    ("docs/python.md", "python-async", Program("python", "examples/python/many_at_once.py")),
    ("docs/python.md", "python-bulk", Program("python", "examples/python/hold.py")),
    ("docs/python.md", "python-tables", Program("python", "examples/python/tables.py")),
    ("docs/states.md", "states", Tables(tables::states)),
    ("docs/states.md", "certiflow", Tables(tables::certiflow_transitions)),
    ("docs/states.md", "mim", Tables(tables::mim_transitions)),
    ("docs/generations.md", "generations", Tables(tables::generations)),
    ("docs/generations.md", "pairs", Tables(tables::pairs)),
    ("docs/generations.md", "matrix", Tables(tables::matrix)),
    ("docs/changes.md", "compilers", Made(front::compilers)),
    ("docs/errors.md", "codes", Tables(tables::codes)),
    ("docs/cards.md", "cards", Tables(tables::cards)),
    ("ARCHITECTURE.md", "certiflow", Tables(tables::certiflow_diagram)),
    ("ARCHITECTURE.md", "mim", Tables(tables::mim_diagram)),
    ("python/README.md", "python", Program("python", "examples/python/lost_card.py")),
    ("python/README.md", "python-bulk", Program("python", "examples/python/hold.py")),
    ("python/README.md", "python-tables", Program("python", "examples/python/tables.py")),
    ("python/README.md", "python-reader", Program("python", "examples/python/at_the_reader.py")),
    (python::text::STUBS, "records", Tables(python::text::stubs)),
    (python::text::STUBS, WHOLE, Rewritten(python::docstrings::cardwright)),
    (python::docstrings::READERS, WHOLE, Rewritten(python::docstrings::readers)),
    (python::methods::CERTIFLOW, WHOLE, Rewritten(python::options::shown)),
    (python::methods::MIM, WHOLE, Rewritten(python::options::shown)),
    (python::methods::CERTIFLOW, "cards", Tables(python::methods::cards)),
    (python::methods::CERTIFLOW, "operations", Tables(python::methods::certiflow)),
    (python::methods::MIM, "operations", Tables(python::methods::mim)),
    ("server/openapi/certiflow-g1.json", WHOLE, Made(|_| openapi::certiflow(Dialect::G1))),
    ("server/openapi/certiflow-g2.json", WHOLE, Made(|_| openapi::certiflow(Dialect::G2))),
    ("server/openapi/certiflow-g3.json", WHOLE, Made(|_| openapi::certiflow(Dialect::G3))),
    ("server/openapi/certiflow-g4.json", WHOLE, Made(|_| openapi::certiflow(Dialect::G4))),
    ("server/openapi/certiflow-g5.json", WHOLE, Made(|_| openapi::certiflow(Dialect::G5))),
    ("server/openapi/certiflow-g6.json", WHOLE, Made(|_| openapi::certiflow(Dialect::G6))),
    ("server/openapi/certiflow-g7.json", WHOLE, Made(|_| openapi::certiflow(Dialect::G7))),
    ("server/openapi/mim.json", WHOLE, Made(|_| openapi::mim())),
    ("core/README.md", WHOLE, Made(|_| front::readme("core"))),
    ("reader/README.md", WHOLE, Made(|_| front::readme("reader"))),
    ("http/README.md", WHOLE, Made(|_| front::readme("http"))),
    ("client/README.md", WHOLE, Made(|_| front::readme("client"))),
    ("desk/README.md", WHOLE, Made(|_| front::readme("desk"))),
    ("server/README.md", "front", Made(|_| front::readme("server"))),
    ("cli/README.md", WHOLE, Made(|_| front::readme("cli"))),
    (proof::FILE, WHOLE, Made(proof::text)),
    (header::FILE, WHOLE, Made(header::text)),
    (cpp::ENUMERATIONS, WHOLE, Made(cpp::enumerations)),
    (python::text::CLASSES, WHOLE, Made(python::text::classes)),
    (python::text::ENUMERATIONS, WHOLE, Made(python::text::enumerations)),
    (rules::phrases::LIST, WHOLE, Made(rules::not_plain)),
];

/// In place of a name: the part is the whole file.
const WHOLE: &str = "";

/// Where the text of a part comes from.
enum Source {
    /// The tables of the core.
    Tables(fn() -> String),
    /// What takes other programs, or may fail.
    Made(fn(&mut Out) -> Result<String, String>),
    /// A program that the tests run: the language, and its file.
    Program(&'static str, &'static str),
    /// A function of one: also the line with which it begins.
    Function(&'static str, &'static str, &'static str),
    /// The file itself, of which something is written anew.
    Rewritten(fn(&str) -> Result<String, String>),
}

use Source::{Function, Made, Program, Rewritten, Tables};

/// A file as it is, and as it should be.
struct Compared {
    file: &'static str,
    before: String,
    after: String,
}

/// Every file that has a part, with all its parts written anew.
fn compare(out: &mut Out) -> Result<Vec<Compared>, String> {
    let mut all: Vec<Compared> = Vec::new();
    for (file, name, source) in PARTS {
        let at = all.iter().position(|compared| compared.file == *file);
        let text = match source {
            Rewritten(text) => {
                let before =
                    at.and_then(|at| all.get(at)).map_or_else(|| place::read(file), |of| Ok(of.after.clone()))?;
                text(&before).map_err(|why| format!("{file}: {why}"))?
            }
            Tables(text) => text(),
            Made(text) => text(out)?,
            Program(language, path) => tables::program(language, path),
            Function(language, path, beginning) => tables::function(language, path, beginning),
        };
        let before = place::read(file);
        let put = |document: &str| match *name {
            WHOLE => Ok(text.clone()),
            _ => replace(document, name, &text).map_err(|why| format!("{file}: {why}")),
        };
        match at.and_then(|at| all.get_mut(at)) {
            Some(compared) => compared.after = put(&compared.after)?,
            None if *name == WHOLE => all.push(Compared { file, before: before.unwrap_or_default(), after: text }),
            None => {
                let before = before?;
                all.push(Compared { file, after: put(&before)?, before });
            }
        }
    }
    all.retain(|compared| compared.before != compared.after);
    Ok(all)
}

/// Writes every file whose parts differ.
///
/// # Errors
///
/// When a file or its marks are missing, or a part cannot be made.
pub(crate) fn write(out: &mut Out) -> Done {
    let changed = compare(out)?;
    for Compared { file, after, .. } in &changed {
        let path = place::root().join(file);
        let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        folder.and_then(|()| std::fs::write(&path, after)).map_err(|error| format!("{file}: {error}"))?;
        out.say(format_args!("{file}: written"));
    }
    Ok(format!("generated parts: {}, {} files changed", PARTS.len(), changed.len()))
}

/// Compares every part, and shows where a file differs.
///
/// # Errors
///
/// As [`write()`], and when a file differs.
pub(crate) fn check(out: &mut Out) -> Done {
    let stale = compare(out)?;
    for Compared { file, before, after } in &stale {
        out.say(format_args!("{file}:\n{}", difference(before, after)));
    }
    let names: Vec<&str> = stale.iter().map(|compared| compared.file).collect();
    match names.is_empty() {
        true => Ok(format!("generated parts: {}, all as generated", PARTS.len())),
        false => Err(format!("not as generated: {}; run cargo xtask gen", names.join(", ")).into()),
    }
}

/// The document with the text between the marks of this name.
///
/// # Errors
///
/// When the name has no mark or two, or no end before the next mark.
fn replace(document: &str, name: &str, text: &str) -> Result<String, String> {
    let begin = format!("<!-- generated: {name} -->");
    let mut out = String::with_capacity(document.len() + text.len());
    let mut inside = false;
    let mut found = 0;
    for line in document.split_inclusive('\n') {
        let mark = line.trim().trim_start_matches("# ");
        if inside && mark.starts_with("<!-- generated:") {
            return Err(format!("{name} does not end before {mark}"));
        }
        if mark == "<!-- /generated -->" {
            inside = false;
        }
        if !inside {
            out.push_str(line);
        }
        if mark == begin {
            (inside, found) = (true, found + 1);
            out.push_str(text);
            if !text.is_empty() && !text.ends_with('\n') {
                out.push('\n');
            }
        }
    }
    match (inside, found) {
        (true, _) => Err(format!("{name} does not end")),
        (false, 1) => Ok(out),
        (false, _) => Err(format!("{found} lines {begin}, not one")),
    }
}

/// The lines that differ, without those that both have before and after them.
fn difference(before: &str, after: &str) -> String {
    const MOST: usize = 8;
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old, new) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let mut out = format!("from line {}:\n", head + 1);
    for (sign, lines) in [('-', old), ('+', new)] {
        let lines = lines.get(..lines.len() - tail).unwrap_or_default();
        for line in lines.iter().take(MOST) {
            out += &format!("{sign} {line}\n");
        }
        if lines.len() > MOST {
            out += &format!("{sign} … and {} more lines\n", lines.len() - MOST);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Page\n<!-- generated: one -->\nold\nolder\n<!-- /generated -->\ntext\n<!-- generated: two -->\n<!-- /generated -->\n";

    #[test]
    fn a_part_is_replaced_and_nothing_else() {
        let page = replace(PAGE, "one", "new").expect("the marks are there");
        assert_eq!(page, PAGE.replace("old\nolder\n", "new\n"));
        let page = replace(&page, "two", "a\nb\n").expect("the marks are there");
        assert!(page.ends_with("text\n<!-- generated: two -->\na\nb\n<!-- /generated -->\n"));
        assert_eq!(replace(&page, "two", "a\nb\n").as_ref(), Ok(&page));
    }

    #[test]
    fn marks_that_do_not_pair_are_refused() {
        for (page, name) in [
            (PAGE, "three"),
            ("", "one"),
            ("<!-- generated: one -->\n", "one"),
            ("<!-- generated: one -->\n<!-- generated: two -->\n<!-- /generated -->\n", "one"),
            ("<!-- generated: one -->\n<!-- /generated -->\n<!-- generated: one -->\n<!-- /generated -->\n", "one"),
        ] {
            assert!(replace(page, name, "x").is_err(), "{page}");
        }
    }

    #[test]
    fn a_difference_shows_the_lines_between() {
        assert_eq!(difference("a\nb\nc\nd", "a\nx\ny\nd"), "from line 2:\n- b\n- c\n+ x\n+ y\n");
        assert_eq!(difference("a\nb", "a\nb\nc"), "from line 3:\n+ c\n");
        let long: String = (0..20).map(|n| format!("{n}\n")).collect();
        assert!(difference("", &long).ends_with("+ … and 12 more lines\n"));
    }
}
