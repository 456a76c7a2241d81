//! The number in a KRB-ERROR that a server puts into its token.
//!
//! It is found by the tags alone, within whatever SPNEGO or GSS-API wraps around it.
//!
//! RFC 4120, 5.9.1: `[APPLICATION 30] SEQUENCE`, with `error-code [6] Int32`.

/// The deepest wrapping that is looked through.
const DEEPEST: u8 = 12;

/// The number of the error; `None` if the token holds none.
pub(super) fn number(token: &[u8]) -> Option<i32> {
    within(token, DEEPEST)
}

fn within(mut bytes: &[u8], deeper: u8) -> Option<i32> {
    let deeper = deeper.checked_sub(1)?;
    // GSS-API puts an identifier and two bytes of a kind before the message (RFC 4121, 4.1).
    if let [3, 0, rest @ ..] = bytes {
        bytes = rest;
    }
    while let Some((tag, value, rest)) = element(bytes) {
        let found = match tag {
            0x7e => return code(value),
            // A token within a text of bytes, or within another element.
            0x04 => within(value, deeper),
            tag if tag & 0x20 != 0 => within(value, deeper),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
        bytes = rest;
        if let [3, 0, rest @ ..] = bytes {
            bytes = rest;
        }
    }
    None
}

fn code(error: &[u8]) -> Option<i32> {
    let (0x30, mut fields, _) = element(error)? else { return None };
    while let Some((tag, value, rest)) = element(fields) {
        if tag == 0xa6 {
            let (2, number, _) = element(value)? else { return None };
            let (first, _) = number.split_first()?;
            let sign = if first & 0x80 == 0 { 0_i32 } else { -1 };
            return (number.len() <= 4).then(|| number.iter().fold(sign, |sum, byte| sum << 8 | i32::from(*byte)));
        }
        fields = rest;
    }
    None
}

/// The first element of DER: its tag, its value, and what comes after it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, short], rest) = bytes.split_first_chunk::<2>()?;
    let (length, rest) = match short {
        0..=0x7f => (usize::from(short), rest),
        0x81..=0x84 => {
            let (long, rest) = rest.split_at_checked(usize::from(short & 0x7f))?;
            (long.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (value, rest) = rest.split_at_checked(length)?;
    Some((tag, value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der(tag: u8, value: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(value.len()).expect("short")], value].concat()
    }

    fn error(number: &[u8]) -> Vec<u8> {
        let fields = [der(0xa0, &der(2, &[5])), der(0xa1, &der(2, &[30])), der(0xa6, &der(2, number))].concat();
        der(0x7e, &der(0x30, &fields))
    }

    #[test]
    fn the_number_is_found_within_what_is_wrapped_around_it() {
        let krb5 = der(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2]);
        let gss = der(0x60, &[krb5, vec![3, 0], error(&[37])].concat());
        let spnego = der(0xa1, &der(0x30, &[der(0xa0, &der(10, &[2])), der(0xa2, &der(4, &gss))].concat()));
        for (token, expected) in [
            (error(&[37]), Some(37)),
            (gss, Some(37)),
            (spnego, Some(37)),
            (error(&[0xff]), Some(-1)),
            (der(0xa1, &der(0x30, &der(0xa0, &der(10, &[0])))), None),
            (Vec::new(), None),
            (b"NTLMSSP\0\x02\0\0\0".to_vec(), None),
        ] {
            assert_eq!(number(&token), expected, "{token:02x?}");
        }
    }

    #[test]
    fn a_token_that_is_cut_or_too_deep_has_none() {
        let whole = error(&[41]);
        assert!((0..whole.len()).all(|end| number(&whole[..end]).is_none()));
        let deep = (0..100).fold(error(&[41]), |inner, _| {
            [&[0x30, 0x82, (inner.len() >> 8) as u8, inner.len() as u8][..], &inner].concat()
        });
        assert_eq!(number(&deep), None);
    }
}
