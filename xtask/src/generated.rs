//! The parts of committed files that are written by this program, from what the core knows.
//!
//! A part stands between the lines `<!-- generated: NAME -->` and `<!-- /generated -->`, in Python
//! behind `# `, or is a whole file.

use crate::place;
use crate::run::{Done, Out, Stop};
use crate::{header, openapi, proof, python, rules, tables};

/// Every part: the file, the name between the marks, and what belongs there.
const PARTS: &[Part] = &[
    Part { file: "README.md", name: "demo", text: tables::demo_excerpt },
    Part { file: "README.md", name: "operations", text: tables::operations },
    Part { file: "README.md", name: "c", text: || tables::program("c", "examples/c/atr.c") },
    Part { file: "README.md", name: "python", text: || tables::program("python", "examples/python/lost_card.py") },
    Part {
        file: "README.md",
        name: "firmware",
        text: || tables::function("rust,ignore", "examples/firmware/src/main.rs", "fn terminal()"),
    },
    Part { file: "docs/operations.md", name: "operations", text: tables::operations },
    Part { file: "docs/server.md", name: "privileges", text: tables::privileges },
    Part { file: "docs/c.md", name: "c", text: || tables::program("c", "examples/c/atr.c") },
    Part {
        file: "docs/c.md",
        name: "c-sign-in",
        text: || tables::function("c", "examples/c/sign_in.c", "static int32_t client_by("),
    },
    Part { file: "docs/cpp.md", name: "cpp", text: || tables::program("cpp", "examples/cpp/cards.cpp") },
    Part {
        file: "docs/terminal.md",
        name: "firmware",
        text: || tables::function("rust,ignore", "examples/firmware/src/main.rs", "fn terminal()"),
    },
    Part { file: "docs/python.md", name: "python", text: || tables::program("python", "examples/python/lost_card.py") },
    Part {
        file: "docs/python.md",
        name: "python-reader",
        text: || tables::program("python", "examples/python/at_the_reader.py"),
    },
    Part { file: "docs/python.md", name: "python-bulk", text: || tables::program("python", "examples/python/hold.py") },
    Part {
        file: "docs/python.md",
        name: "python-tables",
        text: || tables::program("python", "examples/python/tables.py"),
    },
    Part { file: "docs/states.md", name: "states", text: tables::states },
    Part { file: "docs/states.md", name: "certiflow", text: tables::certiflow_transitions },
    Part { file: "docs/states.md", name: "mim", text: tables::mim_transitions },
    Part { file: "docs/errors.md", name: "codes", text: tables::codes },
    Part { file: "ARCHITECTURE.md", name: "certiflow", text: tables::certiflow_diagram },
    Part { file: "ARCHITECTURE.md", name: "mim", text: tables::mim_diagram },
    Part { file: python::text::STUBS, name: "records", text: python::text::stubs },
];

/// Every file that is written whole.
const FILES: &[WholeFile] = &[
    WholeFile { file: "server/openapi/certiflow.json", text: |_| openapi::certiflow() },
    WholeFile { file: "server/openapi/mim.json", text: |_| openapi::mim() },
    WholeFile { file: proof::FILE, text: proof::text },
    WholeFile { file: header::FILE, text: header::text },
    WholeFile { file: python::text::CLASSES, text: python::text::classes },
    WholeFile { file: python::text::ENUMERATIONS, text: python::text::enumerations },
    WholeFile { file: python::text::WORDS, text: python::text::words },
    WholeFile { file: rules::phrases::LIST, text: rules::not_plain },
];

/// A whole file.
struct WholeFile {
    file: &'static str,
    text: fn(&mut Out) -> Result<String, String>,
}

/// A part of a file.
struct Part {
    file: &'static str,
    name: &'static str,
    text: fn() -> String,
}

/// Writes every part that differs.
///
/// # Errors
///
/// When a file or its marks are missing, or when there is no part at all.
pub(crate) fn write(out: &mut Out) -> Done {
    let mut changed = 0;
    for part in PARTS {
        let before = place::read(part.file)?;
        let after = part.put(&before)?;
        if after != before {
            std::fs::write(place::root().join(part.file), after).map_err(|error| format!("{}: {error}", part.file))?;
            out.say(format_args!("{}: wrote {}", part.file, part.name));
            changed += 1;
        }
    }
    for whole in FILES {
        let text = (whole.text)(out)?;
        if place::read(whole.file).ok().as_ref() != Some(&text) {
            let path = place::root().join(whole.file);
            let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            folder.and_then(|()| std::fs::write(&path, text)).map_err(|error| format!("{}: {error}", whole.file))?;
            out.say(format_args!("{}: wrote it", whole.file));
            changed += 1;
        }
    }
    counted(PARTS.len() + FILES.len()).map(|count| format!("{count}, {changed} changed"))
}

/// Compares every part, and shows where one differs.
///
/// # Errors
///
/// When one differs or cannot be found, or when there is no part at all.
pub(crate) fn check(out: &mut Out) -> Done {
    let mut stale = Vec::new();
    for part in PARTS {
        let before = place::read(part.file)?;
        let after = part.put(&before)?;
        if after != before {
            out.say(format_args!("{}, {}:\n{}", part.file, part.name, difference(&before, &after)));
            stale.push(format!("{} in {}", part.name, part.file));
        }
    }
    for whole in FILES {
        let (before, after) = (place::read(whole.file).unwrap_or_default(), (whole.text)(out)?);
        if after != before {
            out.say(format_args!("{}:\n{}", whole.file, difference(&before, &after)));
            stale.push(whole.file.to_owned());
        }
    }
    let count = counted(PARTS.len() + FILES.len())?;
    match stale.as_slice() {
        [] => Ok(format!("{count}, all as generated")),
        _ => Err(Stop::Failed(format!("not as generated: {}; run cargo xtask gen", stale.join(", ")))),
    }
}

fn counted(count: usize) -> Done {
    match count {
        0 => Err(Stop::Failed("there is no generated part".into())),
        count => Ok(format!("generated parts: {count}")),
    }
}

impl Part {
    fn put(&self, document: &str) -> Result<String, String> {
        replace(document, self.name, &(self.text)()).map_err(|why| format!("{}: {why}", self.file))
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
