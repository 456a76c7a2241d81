//! What stands where: the documents' examples in the seed data only, SQL in the registry only.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "sql") {
            found.push(path);
        }
    }
}

/// The texts of a document that only its story can hold: ids, times, serial numbers, descriptors.
fn constants(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            let is_nil = text.trim_matches(['0', '-']).is_empty() || text.starts_with("0001-01-01");
            if digits >= 6 && !is_nil {
                found.insert(text.trim_matches(['{', '}', '\0']).to_ascii_lowercase());
            }
        }
        Value::Array(list) => list.iter().for_each(|value| constants(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| constants(value, found)),
        _ => {}
    }
}

#[test]
fn no_constant_of_the_story_stands_in_the_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wanted = BTreeSet::new();
    let seed = std::fs::read_to_string(root.join("src/seed/story.json")).unwrap();
    constants(&serde_json::from_str(&seed).unwrap(), &mut wanted);
    for folder in ["mim", "certiflow"] {
        for entry in std::fs::read_dir(root.join("../core/tests/samples").join(folder)).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for part in text.split("\n--- ").flat_map(|part| part.split_once('\n')) {
                if let Ok(json) = serde_json::from_str(part.1) {
                    constants(&json, &mut wanted);
                }
            }
        }
    }
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        // The tests inside a module may name what they check.
        let code = text.split("#[cfg(test)]").next().unwrap().to_ascii_lowercase();
        for constant in &wanted {
            assert!(!code.contains(constant.as_str()), "{} holds {constant}", file.display());
        }
    }
    println!("{} constants looked for in {} files", wanted.len(), files.len());
    assert!(wanted.len() > 30 && files.len() > 20);
}

#[test]
fn only_the_registry_speaks_to_the_database() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let is_registry = |file: &PathBuf| file.starts_with(root.join("registry")) || file.ends_with("registry.rs");
    let (inside, outside): (Vec<_>, Vec<_>) = files.iter().partition(|file| is_registry(file));
    for file in &outside {
        let text = std::fs::read_to_string(file).unwrap();
        for word in ["rusqlite", "SELECT ", "UPDATE ", "INSERT ", "DELETE FROM"] {
            assert!(!text.contains(word), "{} holds {word}", file.display());
        }
    }
    println!("{} files beside the registry's {}", outside.len(), inside.len());
    assert!(outside.len() > 15 && inside.len() > 8);
}
