//! The examples of README and the book: something runs each of them.
//!
//! A Rust program is compiled by the documentation tests, which include its page. What stands under a mark
//! `<!-- run: NAME -->`, `config` or `transcript` is read by a test, which holds the name.

use crate::rules::File;

/// Where the documentation tests include pages.
const INCLUDES: &str = "benches/lib.rs";

/// The kinds of marks whose text a test reads.
const MARKS: [&str; 3] = ["run", "config", "transcript"];

/// Checks that each page with a Rust program is included, and each mark is in a test; returns how many there are.
pub(super) fn check(files: &[File], breaches: &mut Vec<String>) -> usize {
    let includes = files.iter().find(|file| file.path == INCLUDES).map_or("", |file| &file.text);
    let tests: Vec<&str> = files.iter().filter(|file| is_test(&file.path)).map(|file| file.text.as_str()).collect();
    let mut count = 0;
    for page in files.iter().filter(|file| is_page(&file.path)) {
        if page.text.contains("```rust") {
            count += 1;
            if !includes.contains(&format!("include_str!(\"../{}\")", page.path)) {
                breaches.push(format!("{}: a Rust program that {INCLUDES} does not include", page.path));
            }
        }
        for (kind, name) in page.text.lines().filter_map(mark) {
            count += 1;
            let (quoted, marked) = (format!("\"{name}\""), format!("{kind}: {name} -->"));
            if !tests.iter().any(|test| test.contains(&quoted) || test.contains(&marked)) {
                breaches.push(format!("{}: no test reads the example {name}", page.path));
            }
        }
    }
    count
}

fn is_page(path: &str) -> bool {
    path == "README.md" || path.starts_with("docs/") && path.ends_with(".md")
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/") && (path.ends_with(".rs") || path.ends_with(".py"))
}

/// The kind and the name of a mark that a test reads.
fn mark(line: &str) -> Option<(&str, &str)> {
    let (kind, name) = line.strip_prefix("<!-- ")?.strip_suffix(" -->")?.split_once(": ")?;
    MARKS.contains(&kind).then_some((kind, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(page: &str) -> (usize, Vec<String>) {
        let file = |path: &str, text: &str| File { path: path.into(), text: text.into() };
        let files = [
            file("docs/page.md", page),
            file(INCLUDES, "include_str!(\"../docs/other.md\")"),
            file("docs/other.md", "```rust,no_run\n```\n"),
            file("cli/tests/readme.rs", "commands(&text, \"one\"); \"<!-- config: two -->\""),
        ];
        let mut breaches = Vec::new();
        (check(&files, &mut breaches), breaches)
    }

    #[test]
    fn what_a_test_reads_passes() {
        let page = "<!-- run: one -->\n<!-- config: two -->\n<!-- generated: three -->\n<!-- /generated -->\n";
        assert_eq!(breaches(page), (3, Vec::new()));
    }

    #[test]
    fn an_example_that_nothing_tests_is_found() {
        for page in ["<!-- run: three -->\n", "<!-- transcript: demo -->\n", "```rust\nfn main() {}\n```\n"] {
            assert_eq!(breaches(page).1.len(), 1, "{page}");
        }
    }
}
