//! The client's side of NTLMv2, which proves a password without sending it.
//!
//! Two messages go to the server and one comes back. The proof has a MIC over all three, the binding to
//! the TLS connection and the name of the service, so that it cannot be used elsewhere. NTLMv1 and the LM
//! response are never sent; no session key is exchanged, so there is no RC4.
//!
//! MS-NLMP clauses 2.2 and 3.3.2.

mod message;
mod upcase;

use hmac::{Hmac, KeyInit as _, Mac as _};
use md4::Md4;
use md5::{Digest as _, Md5};
use message::{Answer, Challenge, negotiate, utf16};
use std::time::{SystemTime, UNIX_EPOCH};
use upcase::upper;
use zeroize::Zeroizing;

/// A sign-in under way.
#[derive(Debug)]
pub(crate) struct Client {
    account: Account,
    service: String,
    binding: Option<Vec<u8>>,
    /// The first message, unchanged.
    sent: Vec<u8>,
}

impl Client {
    /// A sign-in to the service `HTTP/host`, bound to a channel by its application data.
    pub(crate) fn new(user: &str, password: &str, service: String, binding: Option<Vec<u8>>) -> Self {
        Client { account: Account::new(user, password), service, binding, sent: negotiate() }
    }

    /// The first message, or the answer to the server's challenge.
    ///
    /// # Errors
    /// If the challenge is invalid.
    pub(crate) fn step(&self, input: Option<&[u8]>) -> Result<Zeroizing<Vec<u8>>, String> {
        let Some(challenge) = input else { return Ok(Zeroizing::new(self.sent.clone())) };
        let mut random = [0; 8];
        crate::crypto::random(&mut random)?;
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // 134,774 days lie between 1601 and 1970.
        let now = u64::try_from(since.as_nanos() / 100).unwrap_or(0).saturating_add(134_774 * 86_400 * 10_000_000);
        let bound = Bound { service: &self.service, channel: self.binding.as_deref(), random, now };
        self.account.authenticate(&self.sent, challenge, bound)
    }
}

/// The answer to any challenge, for the fuzz targets.
///
/// # Errors
/// If the challenge is invalid.
pub fn answer_to(challenge: &[u8]) -> Result<Vec<u8>, String> {
    let bound = Bound { service: "HTTP/cm.example.com", channel: Some(b"channel"), random: [0xaa; 8], now: 0 };
    let answer = Account::new("DOMAIN\\user", "password").authenticate(&negotiate(), challenge, bound)?;
    Ok(answer.to_vec())
}

/// A user, and the hash of the password.
#[derive(Clone)]
struct Account {
    user: String,
    domain: String,
    hash: Zeroizing<[u8; 16]>,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("user", &self.user).field("domain", &self.domain).finish_non_exhaustive()
    }
}

/// What a proof is bound to, with its random bytes and its time.
#[derive(Debug, Clone, Copy)]
struct Bound<'b> {
    /// The service, `HTTP/host`.
    service: &'b str,
    /// The application data of the channel binding (RFC 5929), with its prefix.
    channel: Option<&'b [u8]>,
    /// Eight unpredictable bytes.
    random: [u8; 8],
    /// The time if the server does not send one, in 100 ns since 1601.
    now: u64,
}

impl Account {
    /// `DOMAIN\name` has a domain; the domain controller splits `name@domain`.
    fn new(user: &str, password: &str) -> Self {
        let (domain, user) = user.split_once('\\').unwrap_or(("", user));
        let hash = md4(&utf16(password));
        Account { user: user.to_string(), domain: domain.to_string(), hash }
    }

    /// The key of the responses (NTOWFv2, clause 3.3.2).
    fn key(&self) -> Zeroizing<[u8; 16]> {
        hmac(&*self.hash, &[&utf16(&(upper(&self.user) + &self.domain))])
    }

    /// The answer to a challenge. `negotiate` and `challenge` are the unchanged messages.
    ///
    /// # Errors
    /// If the challenge is invalid, or asks for something unsupported.
    fn authenticate(&self, negotiate: &[u8], challenge: &[u8], bound: Bound<'_>) -> Result<Zeroizing<Vec<u8>>, String> {
        let read = Challenge::read(challenge)?;
        // A server that sends its time checks the MIC.
        let has_mic = read.time.is_some();
        let target = read.target_for(bound.service, bound.channel.map(channel_hash), has_mic)?;
        let time = read.time.unwrap_or(bound.now);
        let (key, response) = (self.key(), Response { challenge: read.challenge, random: bound.random, time });
        let (nt, session) = response.nt(&key, &target);
        let lm = if has_mic { [0; 24] } else { response.lm(&key) };
        let answer = Answer { flags: read.flags, lm: &lm, nt: &nt, domain: &self.domain, user: &self.user };
        let mut message = answer.write()?;
        if has_mic {
            let mic = hmac(&*session, &[negotiate, challenge, &message]);
            if let Some(place) = message.get_mut(Answer::MIC) {
                place.copy_from_slice(&*mic);
            }
        }
        Ok(message)
    }
}

/// The common input of both responses.
struct Response {
    challenge: [u8; 8],
    random: [u8; 8],
    time: u64,
}

impl Response {
    /// NTLMv2's response, and the key of the session.
    fn nt(&self, key: &[u8; 16], target: &[u8]) -> (Zeroizing<Vec<u8>>, Zeroizing<[u8; 16]>) {
        let time = self.time.to_le_bytes();
        let blob = [&[1, 1, 0, 0, 0, 0, 0, 0], &time[..], &self.random, &[0; 4], target, &[0; 4]].concat();
        let proof = hmac(key, &[&self.challenge, &blob]);
        let session = hmac(key, &[&*proof]);
        (Zeroizing::new([&proof[..], &blob].concat()), session)
    }

    /// LMv2's response.
    fn lm(&self, key: &[u8; 16]) -> [u8; 24] {
        let proof = hmac(key, &[&self.challenge, &self.random]);
        std::array::from_fn(|at| *proof.get(at).or_else(|| self.random.get(at.wrapping_sub(16))).unwrap_or(&0))
    }
}

/// MD5 of the `gss_channel_bindings_struct` that holds this application data (MS-NLMP clause 2.2.2.1).
fn channel_hash(data: &[u8]) -> [u8; 16] {
    let mut hash = Md5::new_with_prefix([0; 16]);
    hash.update(u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes());
    hash.update(data);
    hash.finalize().into()
}

/// MD4 of a secret. The hash leaves the text in stack frames, so the same work is done again with zeros in
/// the same frames.
fn md4(secret: &[u8]) -> Zeroizing<[u8; 16]> {
    #[inline(never)]
    fn digest(text: &[u8]) -> Zeroizing<[u8; 16]> {
        Zeroizing::new(Md4::digest(text).into())
    }
    let hash = digest(secret);
    std::hint::black_box(digest(&vec![0; secret.len()]));
    hash
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Zeroizing<[u8; 16]> {
    // A key of any length is accepted.
    let Ok(mut mac) = Hmac::<Md5>::new_from_slice(key) else { return Zeroizing::default() };
    parts.iter().for_each(|part| mac.update(part));
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).expect("digits"), 16).expect("a byte");
        digits.chunks(2).map(byte).collect()
    }

    /// MS-NLMP clause 4.2.1: the values that all examples share.
    fn example() -> (Account, Response, Vec<u8>) {
        let challenge = 0x0123_4567_89ab_cdef_u64.to_be_bytes();
        let target = hex("02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000");
        (Account::new("Domain\\User", "Password"), Response { challenge, random: [0xaa; 8], time: 0 }, target)
    }

    #[test]
    fn the_published_values_of_ntlmv2_come_out() {
        let (account, response, target) = example();
        let key = account.key();
        assert_eq!(account.hash.to_vec(), hex("a4f49c406510bdcab6824ee7c30fd852"), "NTOWFv1, clause 4.2.2.1.2");
        assert_eq!(key.to_vec(), hex("0c868a403bfd7a93a3001ef22ef02e3f"), "NTOWFv2, clause 4.2.4.1.1");
        let (nt, session) = response.nt(&key, &target);
        assert_eq!(nt[..16].to_vec(), hex("68cd0ab851e51c96aabc927bebef6a1c"), "NTProofStr, clause 4.2.4.2.2");
        let temp = "0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000
             02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000 00000000";
        assert_eq!(nt[16..].to_vec(), hex(temp), "temp, clause 4.2.4.1.3");
        assert_eq!(session.to_vec(), hex("8de40ccadbc14a82f15cb0ad0de95ca3"), "SessionBaseKey, clause 4.2.4.1.2");
        let lm = hex("86c35097ac9cec102554764a57cccc19 aaaaaaaaaaaaaaaa");
        assert_eq!(response.lm(&key).to_vec(), lm, "LMv2, clause 4.2.4.2.1");
    }

    #[test]
    fn the_published_challenge_is_read_and_answered() {
        // Clause 4.2.4.3.
        let challenge = hex("4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef
             0000000000000000 2400240044000000 0600701700 00000f 530065007200760065007200
             02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000");
        let read = Challenge::read(&challenge).expect("it is well formed");
        assert_eq!((read.flags, read.challenge, read.time), (0xe28a_8233, example().1.challenge, None));
        let bound = Bound { service: "HTTP/server", channel: None, random: [0xaa; 8], now: 0 };
        let answer = example().0.authenticate(&negotiate(), &challenge, bound).expect("an answer");
        // Without a time of the server there is no MIC, and LMv2 is sent.
        assert_eq!(answer[72..88], [0; 16]);
        let lm = hex("86c35097ac9cec102554764a57cccc19 aaaaaaaaaaaaaaaa");
        assert!(answer.windows(24).any(|window| window == lm));
    }

    #[test]
    fn the_channels_hash_is_that_of_the_whole_structure() {
        // 16 zeros, the length, the data.
        let data = b"tls-server-end-point:abc";
        let whole = [&[0; 16][..], &24_u32.to_le_bytes(), data].concat();
        let expected: [u8; 16] = Md5::digest(&whole).into();
        assert_eq!(channel_hash(data), expected);
    }

    #[test]
    fn a_name_is_taken_apart_at_its_backslash() {
        for (name, domain, user) in [("D\\u", "D", "u"), ("u@d.example", "", "u@d.example"), ("u", "", "u")] {
            let account = Account::new(name, "p");
            assert_eq!((account.domain.as_str(), account.user.as_str()), (domain, user));
        }
        assert!(!format!("{:?}", Account::new("u", "p")).contains("hash"));
    }
}
