//! The authors of what is linked in, its licences, and the texts that come with it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::place;
use crate::run::{Out, minutes};

/// A section for each package.
///
/// # Errors
///
/// When cargo does not tell, or a package has no licence.
pub(super) fn text(out: &mut Out) -> Result<String, String> {
    let tree = ["tree", "--locked", "-p", "cardwright-ffi", "--edges=normal", "--prefix=none", "--format={p}"];
    let tree = out.read(&mut place::cargo(&tree), minutes(5))?;
    let used: BTreeSet<(&str, &str)> = tree
        .lines()
        .filter_map(|line| {
            let (name, rest) = line.split_once(" v")?;
            Some((name, rest.split_whitespace().next()?))
        })
        .collect();
    let metadata = out.read(&mut place::cargo(&["metadata", "--format-version=1", "--locked"]), minutes(5))?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    let mut text = String::from("What libcardwright is made of besides Cardwright itself.\n");
    let mut count = 0;
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let of = |name: &str| package[name].as_str().unwrap_or_default();
        if package["source"].is_null() || !used.contains(&(of("name"), of("version"))) {
            continue;
        }
        count += 1;
        text += &format!(
            "\n{}\n{} {}: {}\n{}\n",
            "=".repeat(78),
            of("name"),
            of("version"),
            of("license"),
            of("repository")
        );
        let folder = Path::new(of("manifest_path")).parent().map(Path::to_path_buf).unwrap_or_default();
        let mut files: Vec<PathBuf> =
            fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path()).collect();
        files.sort();
        let mut texts = 0;
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy().to_ascii_uppercase();
            if ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE"].iter().any(|word| name.starts_with(word)) {
                text += &format!("\n---- {name}\n\n{}\n", fs::read_to_string(&file).unwrap_or_default());
                texts += 1;
            }
        }
        if texts == 0 {
            text += &format!("\n---- LICENSE\n\n{}\n", mit(package).ok_or(format!("no licence of {}", of("name")))?);
        }
    }
    if count == 0 { Err("no third party found".into()) } else { Ok(text) }
}

/// The licence of a package under MIT whose authors put no text beside it.
fn mit(package: &serde_json::Value) -> Option<String> {
    let authors: Vec<&str> = package["authors"].as_array()?.iter().filter_map(|author| author.as_str()).collect();
    let own = place::read("LICENSE-MIT").ok()?;
    let terms = own.find("Permission is hereby granted").and_then(|at| own.get(at..))?;
    let is_mit = package["license"].as_str()?.split([' ', '/']).any(|word| word == "MIT");
    (is_mit && !authors.is_empty()).then(|| format!("Copyright (c) {}\n\n{terms}", authors.join(", ")))
}
