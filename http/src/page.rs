//! Bodies that are pages for people, where an API's answer was asked for.

/// The first byte that is no blank, after a byte order mark.
pub(crate) fn first_character(body: &[u8]) -> Option<u8> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    body.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

/// Whether a body is a page. An empty one is none, whatever its type.
pub(crate) fn is_page(content_type: &str, body: &[u8]) -> bool {
    let kind = content_type.split(';').next().unwrap_or("").trim();
    let by_type = ["text/html", "application/xhtml+xml"].iter().any(|known| kind.eq_ignore_ascii_case(known));
    first_character(body).is_some_and(|first| by_type || first == b'<')
}
