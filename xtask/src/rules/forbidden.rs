//! Words that no file of the repository may hold: folders of one machine, hosts of registries.

/// What must not stand in a file. Written in two parts, as this file is looked at too.
const WORDS: &[(&str, &str)] = &[
    (concat!("/wo", "rk/"), "a folder of one machine"),
    (concat!("/ro", "ot/"), "a folder of one machine"),
    (concat!("crates", ".io"), "the host of a registry"),
    (concat!("pypi", ".org"), "the host of a registry"),
    (concat!("python", "hosted.org"), "the host of a registry"),
    (concat!("npmjs", ".org"), "the host of a registry"),
    (concat!("deb.", "debian.org"), "the host of a registry"),
];

/// Whether a file is looked at: all but lock files, which cargo writes.
pub(super) fn applies(path: &str) -> bool {
    path.rsplit('/').next() != Some("Cargo.lock")
}

/// Each line with a forbidden word, counted from one, and what is wrong with it.
pub(super) fn find(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for (word, why) in WORDS {
            if holds(line, word) {
                found.push((at + 1, format!("{word} is {why}")));
            }
        }
    }
    found
}

/// Whether a line holds a word; a folder counts only where a path begins.
fn holds(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !word.starts_with('/') || !before.is_some_and(|c| c.is_alphanumeric() || "._-~})".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_count_where_a_path_begins() {
        let folder = WORDS[0].0;
        for line in ["{}x", "cd {}x", "\"{}x\"", "file://{}x", "--out={}", "PATH=a:{}"] {
            let line = line.replace("{}", folder);
            assert_eq!(find(&format!("first\n{line}\n")).len(), 1, "{line}");
        }
        for line in ["~{}x", "a{}x", "..{}x", "https://host{}"] {
            assert!(find(&line.replace("{}", folder)).is_empty(), "{line}");
        }
    }

    #[test]
    fn the_line_is_told() {
        let found = find(&format!("one\ntwo https://index.{}/x\n", WORDS[2].0));
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn hosts_count_anywhere() {
        for (word, _) in WORDS.iter().filter(|(word, _)| !word.starts_with('/')) {
            assert_eq!(find(&format!("x.{word}")).len(), 1, "{word}");
        }
    }

    #[test]
    fn lock_files_are_left_out() {
        assert!(!applies("Cargo.lock") && !applies("fuzz/Cargo.lock"));
        assert!(applies("Cargo.toml") && applies("NotCargo.lock"));
    }
}
