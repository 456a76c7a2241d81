//! Cells of CSV that no spreadsheet takes for a formula, and back.

#![cfg(feature = "alloc")]

use cardwright_core::csv::{guarded, guarded_json, unguarded};

const SIGNS: [&str; 10] = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"];

/// Whether a program that parts cells at this character takes one of them for a formula.
fn runs(cell: &str, parted_at: char) -> bool {
    cell.split([parted_at, '\n']).any(|cell| {
        let cell = cell.trim_start_matches(['"', ' ']);
        SIGNS.iter().any(|sign| cell.starts_with(sign))
    })
}

#[test]
fn what_begins_a_formula_gets_an_apostrophe_wherever_a_cell_may_begin() {
    for (text, expected) in [
        ("=1+2", "'=1+2"),
        ("see;=1+2", "see;'=1+2"),
        ("a;+1;-2;@x", "a;'+1;'-2;'@x"),
        ("a,=b", "a,'=b"),
        ("a\t=b", "a\t'=b"),
        ("two\n=lines", "two\n'=lines"),
        ("\t=b", "'\t'=b"),
        ("＝1；=1", "'＝1；=1"),
        ("a;\"=1", "a;'\"=1"),
        ("'=1", "''=1"),
        ("a-b; c+d, e=f", "a-b; c+d, e=f"),
        ("2026-03-01T08:00:00+01:00", "2026-03-01T08:00:00+01:00"),
        ("EXAMPLE\\user@x", "EXAMPLE\\user@x"),
        ("", ""),
    ] {
        assert_eq!(guarded(text), expected, "{text:?}");
    }
}

#[test]
fn every_text_comes_back_the_same_and_none_runs() {
    // All texts of up to five signs of those that matter.
    let signs = ["=", "-", "\t", "\r", ";", ",", "\n", "'", "\"", " ", "a", "＝"];
    let (mut texts, mut begun) = (vec![String::new()], 0);
    for _ in 0..5 {
        let end = texts.len();
        for n in begun..end {
            for sign in signs {
                texts.push(format!("{}{sign}", texts[n]));
            }
        }
        begun = end;
    }
    assert!(texts.len() > 250_000, "{}", texts.len());
    for text in &texts {
        let cell = guarded(text);
        assert_eq!(unguarded(&cell), *text, "{text:?} as {cell:?}");
        for parted_at in [';', ','] {
            assert!(!runs(&cell, parted_at), "{text:?} as {cell:?}");
        }
    }
}

#[test]
fn json_says_the_same_and_is_no_formula() {
    for (json, expected) in [
        (r#"[{"a":"x;=1"}]"#, r#"[{"a":"x;\u003d1"}]"#),
        (r#"[{"a":"=1","b":-5,"c":["+1"]}]"#, r#"[{"a":"=1","b":-5,"c":["+1"]}]"#),
        (r#"["a","=1"]"#, r#"["a","\u003d1"]"#),
        (r#"["a\\";"=1"]"#, r#"["a\\";"\u003d1"]"#),
        (r#"["x;＝1"]"#, r#"["x;\uff1d1"]"#),
        (r#"{"at":"2026-03-01T08:00:00+01:00"}"#, r#"{"at":"2026-03-01T08:00:00+01:00"}"#),
    ] {
        assert_eq!(guarded_json(json), expected, "{json}");
        assert_eq!(unguarded(&guarded_json(json)), expected, "there is nothing to take away");
    }
}
