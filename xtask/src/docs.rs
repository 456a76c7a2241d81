//! The book in `docs/`: built by Sphinx into a site, its links and examples checked.
//!
//! Warnings of Sphinx are errors. No address outside the repository is asked for anything.

mod examples;
mod link;
mod markdown;
mod site;

use std::path::{Path, PathBuf};

use crate::run::{Done, Out, Stop, minutes};
use crate::{place, rules, venv};

/// What builds the book, with everything that it needs.
const REQUIREMENTS: &str = "docs/requirements.txt";

/// How Doxygen reads the C header.
const DOXYFILE: &str = "docs/Doxyfile";

/// Where its pages are in the site.
const C_PAGES: &str = "c-api";

/// Builds the site anew, and says where it is.
///
/// # Errors
///
/// Skipped where there is no Python or Doxygen, failed on a warning.
pub(crate) fn build(out: &mut Out) -> Result<PathBuf, Stop> {
    let bin = venv::with("docs", REQUIREMENTS, out)?;
    let site = place::target().join("docs");
    // A page that is gone from the book must not stay in the site.
    let _ = std::fs::remove_dir_all(&site);
    let mut sphinx = place::program(place::text(&bin.join("sphinx-build"))?, &["--quiet", "--fresh-env", "--nitpicky"]);
    // Sphinx keeps what it has read apart from the site.
    sphinx.args(["--fail-on-warning", "--keep-going", "--builder", "html", "--doctree-dir"]);
    out.run(sphinx.arg(place::logs().join("docs-doctrees")).arg("docs").arg(&site), minutes(5))?;
    c_pages(&site, out)?;
    Ok(site)
}

/// Adds the pages of the C header to the site.
fn c_pages(site: &Path, out: &mut Out) -> Result<(), Stop> {
    if !place::on_path("doxygen") {
        return Err(Stop::Skipped("doxygen is missing: cargo xtask setup".into()));
    }
    let settings = place::read(DOXYFILE)?;
    let (site, file) = (place::text(site)?, place::logs().join("Doxyfile"));
    let settings = format!("{settings}OUTPUT_DIRECTORY = \"{site}\"\nHTML_OUTPUT = {C_PAGES}\n");
    std::fs::write(&file, settings).map_err(place::at(&file))?;
    out.run(place::program("doxygen", &[]).arg(&file), minutes(2))?;
    Ok(())
}

/// `cargo xtask docs`: builds the site and says which file to open.
///
/// # Errors
///
/// As [`build`].
pub(crate) fn run(out: &mut Out) -> Done {
    build(out).map(|site| site.join("index.html").display().to_string())
}

/// Builds the site, and checks the links of its pages and of all Markdown files, and that something tests each example.
///
/// # Errors
///
/// Tells every dead link, every resource that the site would fetch from elsewhere, and every example that nothing tests.
pub(crate) fn check(out: &mut Out) -> Done {
    let site = site::Site::read(&build(out)?)?;
    let files = rules::files(out)?;
    let mut breaches = Vec::new();
    let counts = [
        ("pages", site.pages.len()),
        ("links in them", site.check(&mut breaches)),
        ("links in Markdown", markdown::check(&files, &mut breaches)),
        ("examples", examples::check(&files, &mut breaches)),
    ];
    for (what, count) in counts {
        out.say(format_args!("{count:>6}  {what}"));
        if count == 0 {
            breaches.push(format!("{what}: looked at nothing"));
        }
    }
    for breach in &breaches {
        out.say(format_args!("        {breach}"));
    }
    match breaches.is_empty() {
        true => Ok(counts.map(|(what, count)| format!("{count} {what}")).join(", ")),
        false => Err(Stop::Failed(breaches.join("; "))),
    }
}
