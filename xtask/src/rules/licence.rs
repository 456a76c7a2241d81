//! What an SPDX licence expression permits.
//!
//! `AND` binds tighter than `OR`, `WITH` tighter than both (SPDX 2.3, annex D.4). The `/` of old
//! manifests means `OR`.

/// Whether one of the choices that an expression leaves is made of accepted licences only.
///
/// # Errors
///
/// When it is no expression.
pub(super) fn accepted(expression: &str, allow: &[String]) -> Result<bool, String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    let verdict = any(&mut words, allow);
    match (verdict, words.next()) {
        (Some(verdict), None) => Ok(verdict),
        _ => Err(format!("not a licence expression: {expression}")),
    }
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any(words: &mut Words<'_>, allow: &[String]) -> Option<bool> {
    let mut verdict = all(words, allow)?;
    while words.next_if_eq(&"OR").is_some() {
        verdict |= all(words, allow)?;
    }
    Some(verdict)
}

fn all(words: &mut Words<'_>, allow: &[String]) -> Option<bool> {
    let mut verdict = one(words, allow)?;
    while words.next_if_eq(&"AND").is_some() {
        verdict &= one(words, allow)?;
    }
    Some(verdict)
}

fn one(words: &mut Words<'_>, allow: &[String]) -> Option<bool> {
    let name = words.next()?;
    if name == "(" {
        let verdict = any(words, allow)?;
        return words.next_if_eq(&")").map(|_| verdict);
    }
    if [")", "OR", "AND", "WITH"].contains(&name) {
        return None;
    }
    let mut name = name.to_string();
    if words.next_if_eq(&"WITH").is_some() {
        name = name + " WITH " + words.next().filter(|word| !["(", ")", "OR", "AND"].contains(word))?;
    }
    Some(allow.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(expression: &str) -> Result<bool, String> {
        let allow = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"];
        accepted(expression, &allow.map(String::from))
    }

    #[test]
    fn expressions_are_evaluated() {
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0", false),
            ("MIT OR GPL-3.0", true),
            ("GPL-3.0 OR MIT", true),
            ("MIT AND GPL-3.0", false),
            ("MIT/Apache-2.0", true),
            ("GPL-2.0/GPL-3.0", false),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("(MIT OR Apache-2.0) AND OpenSSL", false),
            // AND first: GPL-3.0 AND MIT, or Apache-2.0.
            ("GPL-3.0 AND MIT OR Apache-2.0", true),
            ("Apache-2.0 OR GPL-3.0 AND MIT", true),
            ("GPL-3.0 AND (MIT OR Apache-2.0)", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("MIT WITH LLVM-exception", false),
            ("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", true),
            ("((MIT))", true),
        ] {
            assert_eq!(verdict(expression), Ok(expected), "{expression}");
        }
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for expression in ["", "MIT Apache-2.0", "MIT OR", "OR MIT", "(MIT", "MIT)", "MIT AND", "MIT WITH", "()"] {
            assert!(verdict(expression).is_err(), "{expression}");
        }
    }
}
