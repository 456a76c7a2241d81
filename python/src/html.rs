//! Tables for notebooks.

/// A text escaped for HTML: what a server wrote is no markup.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#x27;",
            c => out.push(c),
        }
    }
    out
}

/// A table with a title and a head, which may be empty. All texts are escaped.
pub(crate) fn table<const N: usize>(
    title: &str,
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut out = format!("<table><caption>{}</caption>", escaped(title));
    let mut row = |cells: &mut dyn Iterator<Item = (&str, &str)>| {
        out += "<tr>";
        for (tag, cell) in cells {
            out += &format!("<{tag} style=\"text-align:left\">{}</{tag}>", escaped(cell));
        }
        out += "</tr>";
    };
    if head.iter().any(|name| !name.is_empty()) {
        row(&mut head.iter().map(|name| ("th", *name)));
    }
    for cells in rows {
        // The first cell is the row's name.
        row(&mut cells.iter().enumerate().map(|(n, cell)| (if n == 0 { "th" } else { "td" }, cell.as_str())));
    }
    out + "</table>"
}
