//! The three messages of NTLM in bytes.
//!
//! MS-NLMP clauses 2.2.1 and 2.2.2.1.

use std::ops::Range;
use zeroize::Zeroizing;

const SIGNATURE: &[u8; 8] = b"NTLMSSP\0";

/// NTLMSSP_NEGOTIATE_UNICODE: texts are UTF-16.
const UNICODE: u32 = 0x0000_0001;
/// The flags that are requested: UNICODE, REQUEST_TARGET, NTLM, ALWAYS_SIGN, EXTENDED_SESSIONSECURITY, TARGET_INFO,
/// VERSION, 128, 56 (clause 2.2.2.5).
const ASKED: u32 = UNICODE | 0x0000_0204 | 0x0008_8000 | 0x0280_0000 | 0xa000_0000;

/// The client's version: Windows 10, as in other implementations, and revision 15 of the protocol.
const VERSION: [u8; 8] = [10, 0, 0, 0, 0, 0, 0, 15];

const AV_EOL: u16 = 0;
const AV_FLAGS: u16 = 6;
const AV_TIMESTAMP: u16 = 7;
const AV_TARGET_NAME: u16 = 9;
const AV_CHANNEL_BINDINGS: u16 = 10;

/// The bit of [`AV_FLAGS`] that says that there is a MIC.
const HAS_MIC: u32 = 2;

/// The first message (clause 2.2.1.1).
pub(crate) fn negotiate() -> Vec<u8> {
    [&SIGNATURE[..], &1_u32.to_le_bytes(), &ASKED.to_le_bytes(), &[0; 16], &VERSION].concat()
}

/// The server's message (clause 2.2.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Challenge<'m> {
    pub(crate) flags: u32,
    pub(crate) challenge: [u8; 8],
    /// The server's time, if it sends one.
    pub(crate) time: Option<u64>,
    /// The server's attributes: numbers and values.
    pairs: Vec<(u16, &'m [u8])>,
}

impl<'m> Challenge<'m> {
    /// Parses the message.
    ///
    /// # Errors
    /// If it is not a challenge, ends too early, or is not in UTF-16.
    pub(crate) fn read(message: &'m [u8]) -> Result<Self, String> {
        let wrong = |what: &str| format!("the server's NTLM challenge {what}");
        if message.get(..12) != Some(&[&SIGNATURE[..], &[2, 0, 0, 0]].concat()) {
            return Err(wrong("is none"));
        }
        let flags = u32::from_le_bytes(array(message, 20).ok_or_else(|| wrong("ends too early"))?);
        let challenge = array(message, 24).ok_or_else(|| wrong("ends too early"))?;
        if flags & UNICODE == 0 {
            return Err(wrong("is not in Unicode"));
        }
        // Servers older than Windows 2000 send no attributes.
        let mut rest = match (array(message, 40), array(message, 44)) {
            (Some(length), Some(offset)) => {
                let (length, offset) = (usize::from(u16::from_le_bytes(length)), u32::from_le_bytes(offset) as usize);
                let info = offset.checked_add(length).and_then(|end| message.get(offset..end));
                info.ok_or_else(|| wrong("points beyond its end"))?
            }
            _ => &[],
        };
        let mut pairs = Vec::new();
        while let Some((head, after)) = rest.split_first_chunk::<4>() {
            let [id, id_high, length, length_high] = *head;
            let (id, length) = (u16::from_le_bytes([id, id_high]), u16::from_le_bytes([length, length_high]));
            if id == AV_EOL {
                break;
            }
            let (value, after) = after.split_at_checked(length.into()).ok_or_else(|| wrong("ends within a value"))?;
            pairs.push((id, value));
            rest = after;
        }
        let time = pairs.iter().find(|(id, _)| *id == AV_TIMESTAMP).and_then(|(_, time)| (*time).try_into().ok());
        Ok(Challenge { flags, challenge, time: time.map(u64::from_le_bytes), pairs })
    }

    /// The server's attributes with those that the client adds (clause 3.1.5.1.2).
    pub(super) fn target_for(
        &self,
        service: &str,
        channel: Option<[u8; 16]>,
        has_mic: bool,
    ) -> Result<Vec<u8>, String> {
        let mut target = Vec::new();
        let mut put = |id: u16, value: &[u8]| {
            let length = u16::try_from(value.len()).map_err(|_| "a value of NTLM is too long".to_string())?;
            target.extend([id.to_le_bytes(), length.to_le_bytes()].concat());
            target.extend_from_slice(value);
            Ok::<(), String>(())
        };
        let mut flags = 0;
        for (id, value) in &self.pairs {
            match *id {
                AV_FLAGS => flags = array(value, 0).map_or(0, u32::from_le_bytes),
                AV_TARGET_NAME | AV_CHANNEL_BINDINGS => {}
                id => put(id, value)?,
            }
        }
        if has_mic {
            put(AV_FLAGS, &(flags | HAS_MIC).to_le_bytes())?;
        }
        put(AV_TARGET_NAME, &utf16(service))?;
        // Zeros would mean that there is no TLS, which a server that requires a binding refuses.
        if let Some(hash) = channel {
            put(AV_CHANNEL_BINDINGS, &hash)?;
        }
        put(AV_EOL, &[])?;
        Ok(target)
    }
}

/// The last message (clause 2.2.1.3).
pub(crate) struct Answer<'a> {
    /// The flags of the challenge.
    pub(crate) flags: u32,
    pub(crate) lm: &'a [u8],
    pub(crate) nt: &'a [u8],
    pub(crate) domain: &'a str,
    pub(crate) user: &'a str,
}

impl Answer<'_> {
    /// The place of the MIC.
    pub(crate) const MIC: Range<usize> = 72..88;

    /// The message, with zeros in place of the MIC.
    pub(super) fn write(&self) -> Result<Zeroizing<Vec<u8>>, String> {
        let (domain, user) = (utf16(self.domain), utf16(self.user));
        let mut message = Zeroizing::new([&SIGNATURE[..], &3_u32.to_le_bytes()].concat());
        let mut payload = Zeroizing::new(Vec::new());
        // In the order of the fields: no workstation, and no session key.
        for part in [self.lm, self.nt, &domain, &user, &[], &[]] {
            let length = u16::try_from(part.len()).map_err(|_| "a part of the NTLM answer is too long".to_string())?;
            let offset = u32::try_from(Self::MIC.end + payload.len()).unwrap_or(u32::MAX);
            message.extend([length.to_le_bytes(), length.to_le_bytes()].concat());
            message.extend(offset.to_le_bytes());
            payload.extend_from_slice(part);
        }
        message.extend((self.flags & ASKED).to_le_bytes());
        message.extend(VERSION);
        message.extend([0; 16]);
        message.extend_from_slice(&payload);
        Ok(message)
    }
}

/// A text in UTF-16, little-endian.
pub(super) fn utf16(text: &str) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len().saturating_mul(2)));
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenge(info: &[u8]) -> Vec<u8> {
        let length = (info.len() as u16).to_le_bytes();
        let mut message = [&SIGNATURE[..], &[2, 0, 0, 0], &[0; 8], &ASKED.to_le_bytes(), &[7; 8], &[0; 8]].concat();
        message.extend([length, length].concat());
        message.extend([56, 0, 0, 0]);
        message.extend([0; 8]);
        message.extend_from_slice(info);
        message
    }

    #[test]
    fn what_the_server_says_is_kept_and_what_binds_is_added() {
        let time = [&7_u16.to_le_bytes()[..], &8_u16.to_le_bytes(), &[1, 0, 0, 0, 0, 0, 0, 0]].concat();
        let message = challenge(&[&[2, 0, 2, 0, b'D', 0], &time[..], &[0; 4]].concat());
        let read = Challenge::read(&message).expect("it is well formed");
        assert_eq!(read.time, Some(1));
        let target = read.target_for("HTTP/h", Some([9; 16]), true).expect("it fits");
        let expected: &[&[u8]] = &[
            &[2, 0, 2, 0, b'D', 0],
            &time,
            &[6, 0, 4, 0, 2, 0, 0, 0],
            &[9, 0, 12, 0],
            b"H\0T\0T\0P\0/\0h\0",
            &[10, 0, 16, 0],
            &[9; 16],
            &[0; 4],
        ];
        assert_eq!(target, expected.concat());
        // An attacker who strips the time cannot strip the binding.
        let untimed = Challenge::read(&challenge(&[2, 0, 2, 0, b'D', 0, 0, 0, 0, 0]))
            .expect("it is well formed")
            .target_for("HTTP/h", Some([9; 16]), false);
        assert_eq!(untimed.expect("it fits"), [expected[0], &expected[3..].concat()].concat());
        let unbound = read.target_for("HTTP/h", None, true).expect("it fits");
        assert!(!unbound.windows(4).any(|pair| pair == [10, 0, 16, 0]), "no binding rather than zeros");
    }

    #[test]
    fn a_challenge_that_is_cut_or_lies_is_refused() {
        let whole = challenge(&[2, 0, 2, 0, b'D', 0, 0, 0, 0, 0]);
        assert!(Challenge::read(&whole).is_ok());
        let refused = (0..whole.len()).filter(|end| Challenge::read(&whole[..*end]).is_err()).count();
        // Cut before its fields it is one of an old server.
        assert_eq!(refused, 32 + (whole.len() - 48));
        let mut beyond = whole.clone();
        beyond[47] = 0xff;
        assert!(Challenge::read(&beyond).is_err());
        let within = challenge(&[2, 0, 9, 0, b'D', 0]);
        assert!(Challenge::read(&within).is_err());
        let mut oem = whole;
        oem[20] = 2;
        assert!(Challenge::read(&oem).expect_err("refused").contains("Unicode"));
    }
}
