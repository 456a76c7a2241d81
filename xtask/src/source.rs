//! Which words of a Rust file are code: not those in comments and texts.

/// The identifiers and keywords of a Rust file, in order.
pub(crate) fn words(source: &str) -> impl Iterator<Item = String> {
    let code = code(source);
    let words: Vec<String> = code
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .map(String::from)
        .collect();
    words.into_iter()
}

/// The file with a space in place of each comment, text and character.
fn code(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '"' => text(rest),
            '\'' => character(rest),
            'r' | 'b' | 'c' if !ends_in_word(&out) => raw_text(rest).unwrap_or(0),
            _ => 0,
        };
        if length > 0 {
            out.push(' ');
            rest = rest.get(length..).unwrap_or_default();
        } else {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

fn ends_in_word(text: &str) -> bool {
    text.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// The length of a comment that may hold others.
fn block_comment(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut at, mut depth) = (0, 0u32);
    while let Some(pair) = bytes.get(at..at + 2) {
        match pair {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// The length of a text in double quotes.
fn text(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a character, or 0 for a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some(_)) => chars.find(|(_, c)| *c == '\'').map_or(rest.len(), |(at, _)| at + 1),
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 0,
    }
}

/// The length of `r"..."`, `br#"..."#` and the like, or `None` if this is something else.
fn raw_text(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix(['b', 'c']).unwrap_or(rest).strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let inside = after.get(hashes..)?.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = rest.len() - inside.len();
    Some(inside.find(&end).map_or(rest.len(), |at| start + at + end.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(source: &str) -> String {
        words(source).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_and_texts_are_not_code() {
        for (source, expected) in [
            ("let a = 1; // unsafe", "let a 1"),
            ("/// unsafe\nfn f() {}", "fn f"),
            ("a /* unsafe /* unsafe */ unsafe */ b", "a b"),
            ("a(\"unsafe \\\" unsafe\", b)", "a b"),
            ("a(r#\"unsafe \" unsafe\"#, b)", "a b"),
            ("a(br\"unsafe\\\", b)", "a b"),
            ("a(b\"unsafe\", c)", "a b c"),
            ("'\"' unsafe '\"'", "unsafe"),
            ("'\\'' unsafe '\\u{1F600}' x", "unsafe x"),
            ("fn f<'a>(x: &'a str) { unsafe {} }", "fn f a x a str unsafe"),
            ("r#unsafe + for_r\"x\"", "r unsafe for_r"),
            ("#[unsafe(no_mangle)] fn g()", "unsafe no_mangle fn g"),
            ("#![forbid(unsafe_code)]", "forbid unsafe_code"),
            ("\"not closed unsafe", ""),
            ("'ü' ü", "ü"),
        ] {
            assert_eq!(seen(source), expected, "{source}");
        }
    }
}
