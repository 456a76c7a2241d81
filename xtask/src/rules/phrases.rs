//! Phrases that are not plain English, and the better wording.
//!
//! Files that still have some are listed in [`LIST`], which `cargo xtask gen` shortens and nothing
//! extends. Every other file is checked, so a file is put right when it is changed.

use std::collections::BTreeSet;

/// The files that are not checked yet, one per line.
pub(crate) const LIST: &str = "xtask/src/rules/phrases.txt";

/// The file with the table below.
const THIS: &str = "xtask/src/rules/phrases.rs";

/// Each phrase with a better one. `…` stands for one to three words, `^` for the beginning of a line.
const PHRASES: &[(&str, &str)] = &[
    ("without it:", "Default: 500"),
    ("whoever", "the caller; anyone who"),
    ("whom", "which crates a crate may use; the user"),
    ("who has to", "who must"),
    ("who asks", "the caller; on request"),
    ("takes … back", "frees; cancels"),
    ("gives … back", "returns"),
    ("let go of", "released"),
    ("lets go of", "releases"),
    ("goes before", "takes precedence over"),
    ("so many", "the number of; at most 500"),
    ("nobody told", "not set; unknown"),
    ("told so", "configured to"),
    ("as it is told", "as configured"),
    ("found by reading", "what changed"),
    ("it is said", "the error says; a warning says"),
    ("what came of", "the result of"),
    ("^ whose", "The owner of; Which account"),
];

/// What files end in that hold prose.
const KINDS: &[&str] = &[".rs", ".md", ".py", ".pyi", ".c", ".h", ".cpp", ".hpp", ".sh", ".toml", ".yml"];

/// Whether a file is looked at. What the vendors print is theirs.
pub(super) fn applies(path: &str) -> bool {
    KINDS.iter().any(|kind| path.ends_with(kind)) && path != THIS && !path.starts_with("core/tests/samples/")
}

/// The files of a list.
pub(super) fn listed(list: &str) -> BTreeSet<&str> {
    list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// Each line with such a phrase, counted from one, and what is wrong with it.
pub(super) fn find(text: &str) -> Vec<(usize, String)> {
    let words = words(text);
    let mut found = Vec::new();
    for (phrase, better) in PHRASES {
        let wanted: Vec<&str> = phrase.split(' ').collect();
        for at in 0..words.len() {
            if matches(&wanted, words.get(at..).unwrap_or_default()) {
                found.push((words[at].line, format!("\"{phrase}\" is not plain: perhaps \"{better}\"")));
            }
        }
    }
    found.sort();
    found
}

struct Word {
    line: usize,
    begins: bool,
    text: String,
}

/// The words of a text, over the ends of lines, without the marks of comments.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || "/!#*->|\"".contains(c));
        for (nth, word) in line.split_whitespace().enumerate() {
            let word = word.trim_matches(|c: char| !(c.is_alphanumeric() || c == ':'));
            words.push(Word { line: at + 1, begins: nth == 0, text: word.to_lowercase() });
        }
    }
    words
}

fn matches(wanted: &[&str], words: &[Word]) -> bool {
    let Some((first, rest)) = wanted.split_first() else { return true };
    match *first {
        "^" => words.first().is_some_and(|word| word.begins) && matches(rest, words),
        "…" => (1..=3).any(|count| words.get(count..).is_some_and(|words| matches(rest, words))),
        first => words.split_first().is_some_and(|(word, words)| {
            (word.text == first || word.text.trim_end_matches(':') == first) && matches(rest, words)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_with_their_line_and_a_better_one() {
        for (text, line) in [
            ("x\n/// Without it: 500.\n", 2),
            ("a client for whoever asks", 1),
            ("//! It takes a\n//! client back.\n", 1),
            ("## Whose account", 1),
            ("| x | `--user`; so\nmany |", 1),
        ] {
            let found = find(text);
            assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [line], "{text}");
            assert!(found[0].1.contains("perhaps"));
        }
    }

    #[test]
    fn plain_words_pass() {
        for text in ["without it 500", "takes a b c d back", "the card whose owner", "for_whom(x)", ""] {
            assert!(find(text).is_empty() || text == "{text}");
        }
    }

    #[test]
    fn the_list_has_comments() {
        assert_eq!(listed("# a\n\nb.rs\nc.rs\n").into_iter().collect::<Vec<_>>(), ["b.rs", "c.rs"]);
        assert!(applies("a.rs") && !applies("Cargo.lock") && !applies(THIS));
    }
}
