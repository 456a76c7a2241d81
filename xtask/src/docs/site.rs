//! The built site: each link of each page leads somewhere, and nothing is fetched from elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::place;

use super::link::{is_elsewhere, resolve, wrong_address};

/// What a site consists of. Paths are relative to its folder.
#[derive(Debug, Default)]
pub(super) struct Site {
    /// The text of each page.
    pub(super) pages: BTreeMap<String, String>,
    /// The text of each style sheet.
    styles: BTreeMap<String, String>,
    /// All files.
    files: BTreeSet<String>,
}

impl Site {
    /// Reads the files of a folder.
    ///
    /// # Errors
    ///
    /// When one of them cannot be read.
    pub(super) fn read(folder: &Path) -> Result<Site, String> {
        let mut site = Site::default();
        site.read_below(folder, "").map_err(place::at(folder))?;
        Ok(site)
    }

    fn read_below(&mut self, folder: &Path, prefix: &str) -> std::io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.read_below(&entry.path(), &format!("{path}/"))?;
                continue;
            }
            if path.ends_with(".html") {
                self.pages.insert(path.clone(), std::fs::read_to_string(entry.path())?);
            } else if path.ends_with(".css") {
                self.styles.insert(path.clone(), std::fs::read_to_string(entry.path())?);
            }
            self.files.insert(path);
        }
        Ok(())
    }

    /// Checks each link and each resource of each page and style sheet; returns how many there are.
    pub(super) fn check(&self, breaches: &mut Vec<String>) -> usize {
        let mut count = 0;
        let anchors: BTreeMap<&str, BTreeSet<String>> = self
            .pages
            .iter()
            .map(|(path, text)| {
                (path.as_str(), elements(text).filter_map(|element| attribute(element, "id")).collect())
            })
            .collect();
        for (path, text) in &self.pages {
            for element in elements(text) {
                for link in ["href", "src"].iter().filter_map(|name| attribute(element, name)) {
                    count += 1;
                    if let Some(why) = self.wrong(path, element, &link, &anchors) {
                        breaches.push(format!("site, {path}: {link}: {why}"));
                    }
                }
            }
        }
        for (path, text) in &self.styles {
            for link in resources(text) {
                count += 1;
                let is_inline = link.starts_with("data:");
                if !is_inline && (is_elsewhere(link) || self.target(path, link).is_none()) {
                    breaches.push(format!("site, {path}: {link}: not in the site"));
                }
            }
        }
        count
    }

    fn wrong(
        &self,
        page: &str,
        element: &str,
        link: &str,
        anchors: &BTreeMap<&str, BTreeSet<String>>,
    ) -> Option<&'static str> {
        if is_elsewhere(link) {
            // Only what a reader clicks on may be elsewhere; a browser fetches the rest by itself.
            return if element.starts_with("a ") { wrong_address(link) } else { Some("fetched from elsewhere") };
        }
        let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
        let Some(target) = self.target(page, file) else {
            return Some("no such file in the site");
        };
        let has_anchor = anchors.get(target.as_str()).is_some_and(|anchors| anchors.contains(anchor));
        (!anchor.is_empty() && !has_anchor).then_some("no such anchor")
    }

    /// The file of the site that a link leads to; its query does not matter.
    fn target(&self, page: &str, link: &str) -> Option<String> {
        let file = link.split('?').next().unwrap_or_default();
        resolve(page, file).filter(|target| self.files.contains(target))
    }
}

/// The start tags of a page, without their brackets. Sphinx writes no `>` within an attribute.
fn elements(text: &str) -> impl Iterator<Item = &str> {
    text.split('<').skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag))
}

/// An attribute's value.
fn attribute(element: &str, name: &str) -> Option<String> {
    let (_, rest) = element.split_once(&format!(" {name}=\""))?;
    Some(rest.split_once('"')?.0.replace("&amp;", "&"))
}

/// What a style sheet refers to: `url(…)` and `@import "…"`.
fn resources(style: &str) -> impl Iterator<Item = &str> {
    let urls = style.split("url(").skip(1).map(|rest| {
        let rest = rest.trim_start();
        match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => rest.get(1..).and_then(|rest| rest.split(quote).next()).unwrap_or_default(),
            _ => rest.split(')').next().unwrap_or_default().trim_end(),
        }
    });
    let imports = style.split("@import \"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
    urls.chain(imports)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(page: &str, style: &str) -> (usize, Vec<String>) {
        let mut site = Site::default();
        site.pages.insert("a/page.html".into(), page.into());
        site.pages.insert("index.html".into(), r#"<h1 id="top">x</h1>"#.into());
        site.styles.insert("_static/book.css".into(), style.into());
        site.files.extend(["a/page.html", "index.html", "_static/book.css", "_static/x.js"].map(String::from));
        let mut breaches = Vec::new();
        (site.check(&mut breaches), breaches)
    }

    #[test]
    fn a_site_that_needs_no_network_passes() {
        let page = r##"<link rel="stylesheet" href="../_static/book.css?v=1" /><script src="../_static/x.js"></script>
            <a class="x" href="../index.html#top">a</a><a href="#">b</a><a href="https://example.com/?a=1&amp;b">c</a>"##;
        let style = "a { background: url('data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"/>') }\n\
            b { background: url(x.js) }";
        assert_eq!(breaches(page, style), (7, Vec::new()));
    }

    #[test]
    fn each_dead_link_is_found() {
        for dead in [
            r#"<a href="gone.html">a</a>"#,
            r#"<a class="x" href="../index.html#gone">a</a>"#,
            r##"<a href="#gone">a</a>"##,
            r#"<img alt="x" src="gone.png">"#,
            r#"<a href="http://example.com">a</a>"#,
        ] {
            assert_eq!(breaches(dead, "").1.len(), 1, "{dead}");
        }
    }

    #[test]
    fn what_a_browser_would_fetch_is_found() {
        for fetched in [
            r#"<script src="https://cdn.example.com/x.js"></script>"#,
            r#"<link rel="stylesheet" href="//cdn.example.com/x.css">"#,
            r#"<img src="https://example.com/x.png">"#,
        ] {
            assert_eq!(breaches(fetched, "").1.len(), 1, "{fetched}");
        }
        for fetched in ["a { src: url(https://fonts.example.com/x) }", "@import \"//fonts.example.com/x\";"] {
            assert_eq!(breaches("", fetched).1.len(), 1, "{fetched}");
        }
    }
}
