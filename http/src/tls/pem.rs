//! Texts in PEM as they come from any editor.

use zeroize::Zeroizing;

/// The text in ASCII, as far as it is: without a byte order mark, and from UTF-16, which Windows writes. PEM has no
/// characters beyond ASCII (RFC 7468, 3).
pub(crate) fn plain(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let narrow = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).filter_map(|pair| Some(read(pair.try_into().ok()?)));
        Zeroizing::new(units.map(|unit| u8::try_from(unit).unwrap_or(b'?')).collect())
    };
    match text {
        [0xef, 0xbb, 0xbf, rest @ ..] => Zeroizing::new(rest.to_vec()),
        [0xff, 0xfe, rest @ ..] => narrow(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => narrow(rest, u16::from_be_bytes),
        _ => Zeroizing::new(text.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_with_any_mark_at_its_beginning() {
        let text = "-----BEGIN X-----\r\nAA==\r\n-----END X-----\r\n";
        let wide = |mark: [u8; 2], write: fn(u16) -> [u8; 2]| {
            mark.into_iter().chain(text.encode_utf16().flat_map(write)).collect::<Vec<u8>>()
        };
        let forms = [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            wide([0xff, 0xfe], u16::to_le_bytes),
            wide([0xfe, 0xff], u16::to_be_bytes),
        ];
        for form in forms {
            assert_eq!(*plain(&form), text.as_bytes(), "{form:?}");
        }
        assert_eq!(*plain(&[0xff, 0xfe, 0x41]), b"", "half a character");
    }
}
