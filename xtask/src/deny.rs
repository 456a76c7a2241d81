//! The two lists of `deny.toml`: licences that are accepted, and duplicates with a reason.
//!
//! This reads the few forms that the file uses: tables in `[brackets]`, a list that begins with
//! `name = [` and ends with `]`, texts in double quotes, comments.

/// The lists.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Deny {
    /// `licenses.allow`: SPDX names, with `WITH` and an exception where there is one.
    pub(crate) allow: Vec<String>,
    /// `bans.skip`.
    pub(crate) skip: Vec<Skip>,
}

/// A version of a crate that may stand beside another one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Skip {
    pub(crate) name: String,
    pub(crate) version: String,
}

impl Deny {
    /// Reads the text of the file.
    ///
    /// # Errors
    ///
    /// When a duplicate has no exact version or no reason.
    pub(crate) fn read(text: &str) -> Result<Deny, String> {
        let mut deny = Deny::default();
        let mut table = "";
        let mut list = "";
        for line in text.lines() {
            let line = without_comment(line);
            let mut items = line;
            if list.is_empty() {
                if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                    table = name;
                }
                let Some((name, rest)) = line.split_once('=') else {
                    continue;
                };
                let Some(rest) = rest.trim_start().strip_prefix('[') else {
                    continue;
                };
                (list, items) = (name.trim(), rest);
            }
            match (table, list) {
                ("licenses", "allow") => deny.allow.extend(quoted(items).map(String::from)),
                ("bans", "skip") => {
                    for item in items.split('{').skip(1) {
                        deny.skip.push(Skip::read(item)?);
                    }
                }
                _ => {}
            }
            if items.ends_with(']') {
                list = "";
            }
        }
        Ok(deny)
    }
}

impl Skip {
    /// Reads what stands in `{ crate = "name@version", reason = "why" }`.
    fn read(item: &str) -> Result<Skip, String> {
        let of = |key: &str| item.split_once(key).and_then(|(_, rest)| quoted(rest).next());
        let named = of("crate").and_then(|named| named.split_once('@'));
        let Some((name, version)) = named.filter(|(_, version)| version.split('.').count() >= 3) else {
            return Err(format!("deny.toml: no crate = \"name@1.2.3\" in {item}"));
        };
        match of("reason") {
            Some(reason) if !reason.is_empty() => {}
            _ => return Err(format!("deny.toml: no reason for {name}")),
        }
        Ok(Skip { name: name.into(), version: version.into() })
    }
}

fn without_comment(line: &str) -> &str {
    let mut inside = false;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'"' => inside = !inside,
            b'#' if !inside => return line.get(..at).unwrap_or(line).trim(),
            _ => {}
        }
    }
    line.trim()
}

/// The texts in double quotes.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lists_are_read_and_no_other() {
        let text = r#"
# allow = ["No"]
[other]
allow = ["No"]
[licenses]
allow = [
    "MIT", # and "No"
    "Apache-2.0 WITH LLVM-exception",
]
confidence = "x"
[bans]
skip = [
    { crate = "hashbrown@0.14.5", reason = "two users, # two versions" },
    { crate = "a@1.0.0", reason = "b" }]
deny = ["No"]
"#;
        let deny = Deny::read(text).expect("it is well formed");
        assert_eq!(deny.allow, ["MIT", "Apache-2.0 WITH LLVM-exception"]);
        let skip: Vec<_> = deny.skip.iter().map(|skip| (skip.name.as_str(), skip.version.as_str())).collect();
        assert_eq!(skip, [("hashbrown", "0.14.5"), ("a", "1.0.0")]);
    }

    #[test]
    fn a_list_may_stand_on_one_line() {
        let deny = Deny::read("[licenses]\nallow = [\"MIT\", \"ISC\"]\nx = [\"No\"]").expect("it is well formed");
        assert_eq!(deny.allow, ["MIT", "ISC"]);
    }

    #[test]
    fn a_duplicate_without_version_or_reason_is_refused() {
        for item in
            [r#"{ crate = "a@1.0.0" }"#, r#"{ crate = "a", reason = "b" }"#, r#"{ crate = "a@1", reason = "b" }"#]
        {
            assert!(Deny::read(&format!("[bans]\nskip = [{item}]")).is_err(), "{item}");
        }
    }

    #[test]
    fn the_projects_own_file_has_licences() {
        let text = crate::place::read("deny.toml").expect("it is there");
        assert!(!Deny::read(&text).expect("it is well formed").allow.is_empty());
    }
}
