//! Comments of Rust as comments of C.

/// The lines without the examples in Rust of comments.
pub(crate) fn in_words(text: &str) -> Vec<&str> {
    let (mut lines, mut code) = (Vec::new(), false);
    for line in text.lines() {
        let comment = line.trim_start().strip_prefix('*').map(str::trim);
        let fence = comment == Some("```");
        code ^= fence;
        if fence || code || comment == Some("# Examples") {
            continue;
        }
        // The empty line before an example would now be the last one.
        if comment == Some("/") {
            while lines.last().is_some_and(|last: &&str| last.trim() == "*") {
                lines.pop();
            }
        }
        lines.push(line);
    }
    lines
}

/// A line with Rust's links as plain words.
pub(crate) fn in_c(line: &str) -> String {
    if !line.trim_start().starts_with('*') {
        return line.to_string();
    }
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("[`") {
        let Some((name, after)) = after.split_once("`]") else { break };
        out = out + before + "`" + name.trim_start_matches("super::").trim_start_matches("crate::json::") + "`";
        rest = after;
        if let Some((_, behind)) = rest.strip_prefix('(').and_then(|link| link.split_once(')')) {
            rest = behind;
        }
    }
    out + rest
}
