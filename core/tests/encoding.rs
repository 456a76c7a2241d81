//! Text files in the encodings that people's programs write.

#![cfg(feature = "alloc")]

use cardwright_core::encoding::{NotText, decode};

const TEXT: &str = "é 名 \u{1F511}\r\nzwei\r\n";

#[test]
fn a_text_is_the_same_in_each_encoding() {
    let wide = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| {
        mark.into_iter().chain(TEXT.encode_utf16().flat_map(bytes)).collect::<Vec<u8>>()
    };
    for bytes in [
        TEXT.as_bytes().to_vec(),
        [&[0xEF, 0xBB, 0xBF], TEXT.as_bytes()].concat(),
        wide([0xFF, 0xFE], u16::to_le_bytes),
        wide([0xFE, 0xFF], u16::to_be_bytes),
    ] {
        assert_eq!(decode(&bytes).expect("a text"), TEXT);
    }
    assert_eq!(decode(b"").expect("an empty text"), "");
}

#[test]
fn what_is_no_text_is_said() {
    for (bytes, why) in [
        (&b"\xFCber"[..], NotText::Utf8),
        (b"\xFF\xFEa", NotText::Utf16),
        (b"\xFF\xFE\x00\xD8", NotText::Utf16),
        (b"\xFE\xFF\xD8\x00\x00a", NotText::Utf16),
        (b"a\0b\0", NotText::Zero),
    ] {
        assert_eq!(decode(bytes), Err(why), "{bytes:?}");
    }
}
