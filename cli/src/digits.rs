//! Bytes that were typed as hexadecimal digits.

use crate::failure::Failure;
use zeroize::Zeroizing;

/// Bytes from hexadecimal digits, between which spaces and colons may stand. There may be a PIN among
/// them: the error says where it is wrong and does not repeat the text.
pub(crate) fn bytes(place: &str, text: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    // With room for all of them no buffer is outgrown and left behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 2));
    let mut half = None;
    for (column, c) in (1..).zip(text.chars()).filter(|(_, c)| !matches!(c, ' ' | ':' | '\t')) {
        let digit = c.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let digit =
            digit.ok_or_else(|| Failure::usage(format!("{place}: column {column}: {c:?} is no hexadecimal digit")))?;
        match half.take() {
            Some(high) => bytes.push(high << 4 | digit),
            None => half = Some(digit),
        }
    }
    match half {
        Some(_) => Err(Failure::usage(format!("{place}: half a byte too many"))),
        None => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_place_and_never_the_text() {
        for (text, expected) in [
            ("00 20 00 80 02 31:3G", "line 3: column 20: 'G' is no hexadecimal digit"),
            ("00200080023132 3", "line 3: half a byte too many"),
        ] {
            let failure = bytes("line 3", text).expect_err("wrong");
            assert_eq!(failure.message(), expected);
        }
    }
}
