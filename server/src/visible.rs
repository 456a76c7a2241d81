//! Text from outside that is stored or logged: without characters that change what its reader sees.
//!
//! Removed are the categories Cc, Cf, Zl and Zp of Unicode 17.0: controls, marks of direction, line and paragraph
//! ends, and what has no shape (Unicode TR 36, 2.5).

use std::borrow::Cow;

/// The ranges of category Cf (format), and U+2028 and U+2029 (Zl, Zp).
const FORMAT: [(u32, u32); 21] = [
    (0x00AD, 0x00AD),
    (0x0600, 0x0605),
    (0x061C, 0x061C),
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x2064),
    (0x2066, 0x206F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0001, 0xE0001),
    (0xE0020, 0xE007F),
];

/// The text without them.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if is_visible(text) { Cow::Borrowed(text) } else { Cow::Owned(text.chars().filter(|c| !is_hidden(*c)).collect()) }
}

/// Whether a text has none of them.
pub(crate) fn is_visible(text: &str) -> bool {
    !text.chars().any(is_hidden)
}

fn is_hidden(c: char) -> bool {
    c.is_control() || !c.is_ascii() && FORMAT.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(c)))
}

#[cfg(test)]
mod tests {
    use super::{is_visible, visible};

    #[test]
    fn what_changes_the_view_is_removed_and_all_else_stays() {
        for (text, wanted) in [
            ("Ann\r\n\u{b}\u{c}\u{85}\u{2029}{}", "Ann{}"),
            ("Ann\u{202e}neB\u{2028}\u{200b}", "AnnneB"),
            ("An\0n\u{1b}[2J\u{7f}", "Ann[2J"),
            ("a\u{e0041}b\u{feff}", "ab"),
            ("Zoë Ñandú, 王 \u{1F6CE}\u{FE0F}", "Zoë Ñandú, 王 \u{1F6CE}\u{FE0F}"),
        ] {
            assert_eq!(visible(text), wanted);
            assert_eq!(is_visible(text), text == wanted);
        }
    }
}
