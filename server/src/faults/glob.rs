//! Patterns for paths: `*` matches anything within one part of a path, `**` anything.

/// Whether a path matches a pattern.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    // The last star of each kind, and how much of the path it has consumed: enough to backtrack.
    let (pattern, path) = (pattern.as_bytes(), path.as_bytes());
    let (mut at, mut consumed) = (0, 0);
    let mut one: Option<(usize, usize)> = None;
    let mut two: Option<(usize, usize)> = None;
    loop {
        let rest = pattern.get(at..).unwrap_or_default();
        if rest.starts_with(b"**") {
            at += 2;
            (one, two) = (None, Some((at, consumed)));
            continue;
        }
        if rest.starts_with(b"*") {
            at += 1;
            one = Some((at, consumed));
            continue;
        }
        match (rest.first(), path.get(consumed)) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted == given => {
                at += 1;
                consumed += 1;
                continue;
            }
            _ => {}
        }
        // The nearer star first: it consumes one more byte, but no slash.
        if let Some((after, from)) = one.filter(|star| path.get(star.1).is_some_and(|byte| *byte != b'/')) {
            one = Some((after, from + 1));
            (at, consumed) = (after, from + 1);
        } else if let Some((after, from)) = two.filter(|star| star.1 < path.len()) {
            (one, two) = (None, Some((after, from + 1)));
            (at, consumed) = (after, from + 1);
        } else {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn one_star_stays_within_a_part_and_two_do_not() {
        let cases = [
            ("", "", true),
            ("/health", "/health", true),
            ("/health", "/healthy", false),
            ("/a/*/c", "/a/b/c", true),
            ("/a/*/c", "/a//c", true),
            ("/a/*/c", "/a/b/b/c", false),
            ("/a/*", "/a/b", true),
            ("/a/*", "/a/b/c", false),
            ("/a/**", "/a/b/c", true),
            ("/a/**", "/b", false),
            ("**", "/anything/at/all", true),
            ("**/revoke", "/a/1/revoke", true),
            ("**/revoke", "/a/1/revoked", false),
            ("/a/**/c*/*d", "/a/x/y/c1/zd", true),
            ("/a/**/c*/*d", "/a/c/c1/zd", true),
            ("/a/*b*c", "/a/xbybzc", true),
            ("/a/*b*c", "/a/xb/c", false),
            ("*", "/", false),
        ];
        for (pattern, path, wanted) in cases {
            assert_eq!(matches(pattern, path), wanted, "{pattern} {path}");
        }
    }

    #[test]
    fn a_pattern_of_many_stars_does_not_take_forever() {
        let pattern = "*a".repeat(20) + "**" + &"*a".repeat(20);
        assert!(!matches(&pattern, &("a".repeat(2_000) + "b")));
    }
}
