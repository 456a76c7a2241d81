//! A server's NTLM challenge, and a certificate to be bound to: an answer whose parts lie within it, or none.

#![no_main]

use cardwright_http::fuzzing::{answer_to, end_point};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(binding) = end_point(bytes) {
        assert!(matches!(binding.len() - "tls-server-end-point:".len(), 32 | 48 | 64));
    }
    let Ok(answer) = answer_to(bytes) else { return };
    assert_eq!(&answer[..12], b"NTLMSSP\0\x03\0\0\0");
    let mut end = 88;
    for field in answer[12..60].chunks(8) {
        let length = usize::from(u16::from_le_bytes([field[0], field[1]]));
        let offset = u32::from_le_bytes([field[4], field[5], field[6], field[7]]) as usize;
        assert_eq!(offset, end);
        end += length;
    }
    assert_eq!(end, answer.len());
});
