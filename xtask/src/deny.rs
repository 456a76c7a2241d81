//! The two lists of `deny.toml`: licences that are accepted, and duplicates with a reason.

use toml::de::{DeTable, DeValue};

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
    /// When it is not TOML, or a duplicate has no exact version or no reason.
    pub(crate) fn read(text: &str) -> Result<Deny, String> {
        let file = DeTable::parse(text).map_err(|error| format!("deny.toml: {error}"))?;
        let list = |table: &str, name: &str| {
            let list = file.get_ref().get(table).and_then(|table| table.get_ref().get(name));
            list.and_then(|list| list.get_ref().as_array()).into_iter().flatten()
        };
        let allow = list("licenses", "allow").filter_map(|name| name.get_ref().as_str().map(String::from)).collect();
        let skip = list("bans", "skip").map(|item| Skip::read(item.get_ref())).collect::<Result<_, _>>()?;
        Ok(Deny { allow, skip })
    }
}

impl Skip {
    /// Reads `{ crate = "name@version", reason = "why" }`.
    fn read(item: &DeValue<'_>) -> Result<Skip, String> {
        let of = |key: &str| item.get(key).and_then(|value| value.get_ref().as_str()).filter(|text| !text.is_empty());
        let named = of("crate").and_then(|named| named.split_once('@'));
        let Some((name, version)) = named.filter(|(_, version)| version.split('.').count() >= 3) else {
            return Err(format!("deny.toml: no crate = \"name@1.2.3\" in {item:?}"));
        };
        of("reason").ok_or_else(|| format!("deny.toml: no reason for {name}"))?;
        Ok(Skip { name: name.into(), version: version.into() })
    }
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
