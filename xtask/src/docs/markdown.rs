//! The links of Markdown files: to other files of the repository, to their headings, and elsewhere.
//!
//! A heading's anchor is named as code hosts and MyST name it.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::link::{is_elsewhere, resolve, wrong_address};
use crate::rules::File;

/// Checks each link and image of each Markdown file; returns how many there are.
pub(super) fn check(files: &[File], breaches: &mut Vec<String>) -> usize {
    let pages: BTreeMap<&str, Page> = files
        .iter()
        .filter(|file| file.path.ends_with(".md"))
        .map(|file| (file.path.as_str(), Page::read(&file.text)))
        .collect();
    let is_there = |path: &str| {
        let is_in = |file: &File| file.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        files.iter().any(|file| file.path == path || is_in(file))
    };
    let mut count = 0;
    for (path, page) in &pages {
        for link in &page.links {
            count += 1;
            if let Some(why) = wrong(path, link, &pages, is_there) {
                breaches.push(format!("{path}: {link}: {why}"));
            }
        }
    }
    count
}

/// What is wrong with a link on the page at this path.
fn wrong(
    path: &str,
    link: &str,
    pages: &BTreeMap<&str, Page>,
    is_there: impl Fn(&str) -> bool,
) -> Option<&'static str> {
    if is_elsewhere(link) {
        return wrong_address(link);
    }
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let Some(target) = resolve(path, file) else {
        return Some("leads out of the repository");
    };
    if !is_there(&target) {
        return Some("no such file");
    }
    let anchor = anchor?;
    let has_anchor = pages.get(target.as_str()).is_some_and(|page| page.anchors.contains(anchor));
    (!has_anchor).then_some("no such heading")
}

/// What a page links to, and what of it can be linked to.
#[derive(Debug, Default)]
struct Page {
    links: Vec<String>,
    anchors: BTreeSet<String>,
}

impl Page {
    fn read(text: &str) -> Page {
        let mut page = Page::default();
        let mut heading: Option<String> = None;
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(dest_url.into_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => page.add_anchor(&heading.take().unwrap_or_default()),
                Event::Text(words) | Event::Code(words) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&words);
                    }
                }
                _ => {}
            }
        }
        page
    }

    /// The anchor of a heading: small letters, hyphens for spaces, no punctuation; a number if it is not the first.
    fn add_anchor(&mut self, heading: &str) {
        let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
        let anchor: String = heading.to_lowercase().chars().filter(is_kept).collect();
        let anchor = anchor.trim().replace(' ', "-");
        let numbered = (1..).map(|number| format!("{anchor}-{number}"));
        let free = std::iter::once(anchor.clone()).chain(numbered).find(|anchor| !self.anchors.contains(anchor));
        self.anchors.extend(free);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), text: text.into() }
    }

    fn breaches(text: &str) -> (usize, Vec<String>) {
        let files = [
            file("docs/page.md", text),
            file("docs/other.md", "# Other\n\n## Two words: `code`\n\n## Part\n\n## Part\n"),
            file("examples/c/atr.c", ""),
            file("README.md", "# Read [me](docs/page.md)\n"),
        ];
        let mut breaches = Vec::new();
        (check(&files, &mut breaches), breaches)
    }

    #[test]
    fn links_that_lead_somewhere_pass() {
        let text = "# Page\n[a](other.md#two-words-code) [b](other.md#part-1) [c](#page) [d](../examples/c/atr.c)\n\
            [e](../examples/c/) ![f](../README.md#read-me) <https://example.com> [g]\n\n[g]: other.md\n\n\
            | t |\n|---|\n| [h](../README.md) |\n";
        // With the one in README.
        assert_eq!(breaches(text), (10, Vec::new()));
    }

    #[test]
    fn each_dead_link_is_found() {
        for dead in [
            "[a](gone.md)",
            "[a](other.md#gone)",
            "[a](other.md#part-2)",
            "[a](#gone)",
            "[a](../examples/c/gone.c)",
            "[a](../examples/c/atr.c#gone)",
            "[a](../../README.md)",
            "![a](gone.png)",
            "[a](http://example.com)",
            "| t |\n|---|\n| [a](gone.md) |\n",
            "[a]\n\n[a]: gone.md\n",
        ] {
            assert_eq!(breaches(dead).1.len(), 1, "{dead}");
        }
    }

    #[test]
    fn what_is_code_is_no_link() {
        assert_eq!(breaches("`[a](gone.md)`\n\n```c\n[a](gone.md)\n```\n"), (1, Vec::new()));
    }
}
