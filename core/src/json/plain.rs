//! Where the next byte of a string stands that is more than itself.

/// How many bytes from the start are neither `"`, `\` nor a control character.
#[inline]
pub(super) fn plain_run(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    #[cfg(target_pointer_width = "64")]
    while let Some((eight, after)) = rest.split_first_chunk::<8>() {
        // Eight bytes at a time: a byte that equals X is zero after XOR with X, and subtracting one sets
        // the top bit of a zero byte; so does subtracting 0x20 from a control character. The top bits
        // of the text itself are taken out. The lowest bit that is left is always a true one.
        const ONES: u64 = 0x0101_0101_0101_0101;
        let w = u64::from_le_bytes(*eight);
        let (quote, slash) = (w ^ (ONES * b'"' as u64), w ^ (ONES * b'\\' as u64));
        let hit =
            (quote.wrapping_sub(ONES) | slash.wrapping_sub(ONES) | w.wrapping_sub(ONES * 0x20)) & !w & (ONES * 0x80);
        if hit != 0 {
            let before = bytes.len().wrapping_sub(rest.len());
            return before.wrapping_add((hit.trailing_zeros() / 8) as usize);
        }
        rest = after;
    }
    while let Some((&b, after)) = rest.split_first() {
        if b == b'"' || b == b'\\' || b < 0x20 {
            break;
        }
        rest = after;
    }
    bytes.len().wrapping_sub(rest.len())
}
