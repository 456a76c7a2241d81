//! The options of the clients in Python, as `help()` shows them: written into the docstrings of the clients, below
//! `Options:`, from the docstrings of `ClientOptions`.

use std::fmt::Write as _;

use crate::place;

/// Where the options are declared.
const DECLARED: &str = "python/cardwright/_client.py";

/// The line of the class.
const CLASS: &str = "class ClientOptions(";

/// The line below which they are shown.
const BELOW: &str = "    Options:";

/// The most characters of a line.
const WIDTH: usize = 120;

/// A client's source, with the options in its docstring.
///
/// # Errors
///
/// When there are no options, or it has no place for them.
pub(crate) fn shown(client: &str) -> Result<String, String> {
    let options = declared(&place::read(DECLARED)?);
    match options.is_empty() {
        true => Err(format!("{DECLARED}: no options")),
        false => put(client, &options),
    }
}

/// Names and docstrings of the options.
fn declared(source: &str) -> Vec<(String, String)> {
    let mut lines = source.lines().skip_while(|line| !line.starts_with(CLASS)).skip(1).peekable();
    let mut found = Vec::new();
    while let Some(line) = lines.next_if(|line| line.is_empty() || line.starts_with(' ')) {
        let Some((name, _)) = line.trim_start().split_once(": ").filter(|(name, _)| !name.contains([' ', '"'])) else {
            continue;
        };
        let mut text = String::new();
        for line in lines.by_ref() {
            text += line.trim().trim_start_matches("\"\"\"").trim_end_matches("\"\"\"");
            if line.ends_with("\"\"\"") {
                break;
            }
            text.push(' ');
        }
        found.push((name.to_string(), text));
    }
    found
}

/// The source with the options below the line for them, up to the next line that is not deeper.
fn put(client: &str, options: &[(String, String)]) -> Result<String, String> {
    let (before, after) =
        client.split_once(&format!("{BELOW}\n")).ok_or_else(|| format!("no line {BELOW:?} in a docstring"))?;
    let is_old = |line: &&str| line.trim().is_empty() || line.starts_with("     ");
    let old: usize = after.split_inclusive('\n').take_while(is_old).map(str::len).sum();
    let rest = after.get(old..).unwrap_or_default();
    let mut out = format!("{before}{BELOW}\n");
    for (name, text) in options {
        let mut line = format!("        {name}:");
        for word in text.split_whitespace() {
            if line.chars().count() + word.chars().count() >= WIDTH {
                let _ = writeln!(out, "{line}");
                line = " ".repeat(11);
            }
            line.push(' ');
            line += word;
        }
        let _ = writeln!(out, "{line}");
    }
    if !rest.trim_start().starts_with("\"\"\"") {
        out.push('\n');
    }
    Ok(out + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "class ClientOptions(TypedDict, total=False):\n    \"\"\"What may be: all.\"\"\"\n\n    wait: float\n    \"\"\"Seconds\n    \
                          to wait.\"\"\"\n    name: str\n    \"\"\"A name.\"\"\"\n\n\nclass Other:\n    x: int\n    \"\"\"No.\"\"\"\n";

    #[test]
    fn options_are_found_and_put() {
        let options = declared(SOURCE);
        let right = [("wait", "Seconds to wait."), ("name", "A name.")].map(|(a, b)| (a.to_string(), b.to_string()));
        assert_eq!(options, right);
        let client =
            "    \"\"\"A client.\n\n    Options:\n        old: text\n\n    Raises:\n        E: no.\n    \"\"\"\n";
        let new = put(client, &options).expect("there is a place");
        assert_eq!(new, client.replace("old: text", "wait: Seconds to wait.\n        name: A name."));
        assert_eq!(put(&new, &options).as_ref(), Ok(&new));
        let last = put("    Options:\n    \"\"\"\n", &[("a".into(), "b ".repeat(70))]).expect("there is a place");
        assert!(
            last.ends_with("b\n    \"\"\"\n")
                && last.lines().count() == 4
                && last.lines().all(|line| line.len() <= WIDTH),
            "{last}"
        );
        assert!(put("", &options).is_err());
    }
}
