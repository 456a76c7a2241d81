//! Links: whether they lead out of the repository, and to which file.

/// What is wrong with an address outside the repository, from its text alone.
pub(super) fn wrong_address(address: &str) -> Option<&'static str> {
    let Some(rest) = address.strip_prefix("https://") else {
        return Some("not an https address");
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_host = labels.len() > 1 && labels.iter().all(is_label);
    let is_written = rest.chars().all(|c| c.is_ascii_graphic() && !"<>\"\\^`{|}".contains(c));
    (!is_host || !is_written).then_some("not a well-formed address")
}

/// Whether a link begins with a scheme, as `https:`, or names a host alone, as `//host`.
pub(super) fn is_elsewhere(link: &str) -> bool {
    let scheme = link.split(['/', '?', '#']).next().unwrap_or_default();
    link.starts_with("//") || scheme.contains(':')
}

/// The file that a relative link on a page leads to; the page itself for an empty link. None if that is outside.
pub(super) fn resolve(page: &str, link: &str) -> Option<String> {
    if link.is_empty() {
        return Some(page.into());
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_elsewhere_is_https_and_well_formed() {
        for address in ["https://example.com", "https://docs.example.com/a/b.html?x=1#y", "https://a-b.example/~c"] {
            assert!(is_elsewhere(address) && wrong_address(address).is_none(), "{address}");
        }
        for address in
            ["http://example.com", "https://", "https://example", "https:///x", "https://a b.com", "//cdn.example/x"]
        {
            assert!(is_elsewhere(address) && wrong_address(address).is_some(), "{address}");
        }
        for link in ["page.md", "../a/b.c#x:y", "#part", "a?b=c:d"] {
            assert!(!is_elsewhere(link), "{link}");
        }
    }
}
