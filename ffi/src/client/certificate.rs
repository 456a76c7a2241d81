//! A client's certificate, with its key in memory, in a file, or behind a function that signs.

use super::handle::{about, noted};
use crate::detail;
use crate::error::refused;
use crate::frame::{nullable, slice, structures};
use crate::hosted::Context;
use crate::text::CardwrightText;
use cardwright::client::{ClientCertificate, ClientKey, Secret, SignatureScheme};
use cardwright_core::{Code, Error};
use core::ffi::c_void;
use core::fmt;
use std::io::Read as _;
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::Zeroizing;

/// How a key signs, by the numbers of TLS (RFC 8446, 4.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightSignatureScheme {
    /// RSASSA-PSS with SHA-256, its salt as long as the hash.
    RsaPssSha256 = 0x0804,
    /// The same with SHA-384.
    RsaPssSha384 = 0x0805,
    /// The same with SHA-512.
    RsaPssSha512 = 0x0806,
    /// RSASSA-PKCS1-v1_5 with SHA-256. Servers take it in TLS 1.2 alone.
    RsaPkcs1Sha256 = 0x0401,
    /// The same with SHA-384.
    RsaPkcs1Sha384 = 0x0501,
    /// The same with SHA-512.
    RsaPkcs1Sha512 = 0x0601,
    /// ECDSA on P-256 with SHA-256; the signature is in DER, a sequence of r and s.
    EcdsaP256Sha256 = 0x0403,
    /// ECDSA on P-384 with SHA-384, in DER.
    EcdsaP384Sha384 = 0x0503,
    /// Ed25519.
    Ed25519 = 0x0807,
}

const SCHEMES: [(CardwrightSignatureScheme, SignatureScheme); 9] = [
    (CardwrightSignatureScheme::RsaPssSha256, SignatureScheme::RsaPssSha256),
    (CardwrightSignatureScheme::RsaPssSha384, SignatureScheme::RsaPssSha384),
    (CardwrightSignatureScheme::RsaPssSha512, SignatureScheme::RsaPssSha512),
    (CardwrightSignatureScheme::RsaPkcs1Sha256, SignatureScheme::RsaPkcs1Sha256),
    (CardwrightSignatureScheme::RsaPkcs1Sha384, SignatureScheme::RsaPkcs1Sha384),
    (CardwrightSignatureScheme::RsaPkcs1Sha512, SignatureScheme::RsaPkcs1Sha512),
    (CardwrightSignatureScheme::EcdsaP256Sha256, SignatureScheme::EcdsaP256Sha256),
    (CardwrightSignatureScheme::EcdsaP384Sha384, SignatureScheme::EcdsaP384Sha384),
    (CardwrightSignatureScheme::Ed25519, SignatureScheme::Ed25519),
];

structures!(CardwrightClientCertificate {
    scheme_count,
    certificates,
    certificate_file,
    key,
    key_file,
    sign,
    context,
    schemes,
    key_password
});

/// The certificate that a client presents if the server asks for one, and its key: as a text, in a file, or
/// elsewhere, such as on a card, where a function of the program signs with it. That the key belongs to the
/// certificate is checked when the client is set up; a key that is elsewhere signs once for that.
///
/// Zero all of it, then set `struct_size`, `certificates` or `certificate_file`, and at most one of `key`,
/// `key_file` and `sign`. Default: the key is with the certificates.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightClientCertificate {
    /// `sizeof(CardwrightClientCertificate)`.
    pub struct_size: u32,
    /// The number of `schemes`.
    pub scheme_count: u32,
    /// Certificates in PEM, the client's own first. A file may also be PKCS #12, with its key.
    pub certificates: CardwrightText,
    /// The file with them.
    pub certificate_file: CardwrightText,
    /// The key in PEM: PKCS #8, PKCS #1 or SEC 1. It is not kept as text.
    pub key: CardwrightText,
    /// The file with it.
    pub key_file: CardwrightText,
    /// The function that signs with a key that is elsewhere, or `NULL`.
    pub sign: CardwrightSign,
    /// What `sign` is passed; it must stay valid until the client and the lists that came from it are freed.
    pub context: *mut c_void,
    /// How the key can sign: each a `CardwrightSignatureScheme`, in order of preference, all for the same kind of key.
    pub schemes: *const u32,
    /// The password of an encrypted key, or of a PKCS #12 file. Both are read by the system's OpenSSL.
    pub key_password: CardwrightText,
}

/// A function of the program that signs a message, by one of the `schemes` of `CardwrightClientCertificate`; it
/// computes the scheme's hash itself. It writes the signature to `signature`, which has room for
/// `capacity` bytes, and its length to `*length`, and returns `CARDWRIGHT_OK`; anything else ends the request, and
/// `cardwright_last_error` has the number.
///
/// It is called on any thread that opens a connection, one at a time for each client, and must not use that
/// client. The server waits for it, so a PIN is better typed beforehand. It must return, and
/// not by `longjmp` or an exception.
pub type CardwrightSign = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        scheme: u32,
        message: *const u8,
        message_length: usize,
        signature: *mut u8,
        capacity: usize,
        length: *mut usize,
    ) -> i32,
>;

/// How large a file of certificates or a key may be, in bytes.
const MOST: usize = 256 << 10;

/// How long a signature may be, in bytes: that of an RSA key of 8192 bits.
const LONGEST: usize = 1024;

pub(super) fn certificate(given: &CardwrightClientCertificate) -> Result<ClientCertificate, Error> {
    let certificates = match (nullable!(given.certificates), nullable!(given.certificate_file)) {
        (None, None) => return Err(refused("certificates", "no text, and no file with them either")),
        (text, file) => pem(Code::Certificate, text, file, "certificate_file")?,
    };
    let key = match (nullable!(given.key), nullable!(given.key_file)) {
        (None, None) => None,
        (text, file) => Some(pem(Code::Key, text, file, "key_file")?),
    };
    let made = match (key, given.sign) {
        (key, None) => {
            let password = nullable!(given.key_password).map(Secret::new);
            ClientCertificate::read(&certificates, key.as_deref().map(Vec::as_slice), password.as_ref())
        }
        (None, Some(sign)) => {
            let (schemes, context) = (schemes(given)?, Context::new(given.context).into());
            ClientCertificate::with_key(&certificates, Arc::new(CallbackKey { schemes, sign, context }))
        }
        (Some(_), Some(_)) => return Err(refused("sign", "there is a key too: one of them")),
    };
    made.map_err(|error| about("certificate", noted(error)))
}

/// The content of a text, or of the file that is called `what`; wiped at the end, as it may be a key.
fn pem(code: Code, text: Option<&str>, path: Option<&str>, what: &'static str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let path = match (text, path) {
        (Some(_), Some(_)) => return Err(refused(what, "there is a text too: one of them")),
        (Some(text), None) => return Ok(Zeroizing::new(text.as_bytes().to_vec())),
        (None, path) => path.unwrap_or_default(),
    };
    // Allocated at full size at once: growing would leave copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MOST + 1));
    let read = std::fs::File::open(path).and_then(|file| file.take(MOST as u64 + 1).read_to_end(&mut bytes));
    let read = match read {
        Ok(length) if length > MOST => Err(std::io::Error::other(format!("more than {MOST} bytes"))),
        other => other,
    };
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => {
            detail::record(&std::io::Error::new(error.kind(), format!("{path}: {error}")));
            Err(Error::of(code, what))
        }
    }
}

fn schemes(given: &CardwrightClientCertificate) -> Result<Vec<SignatureScheme>, Error> {
    if given.scheme_count as usize > SCHEMES.len() {
        return Err(refused("scheme_count", "more than there are schemes"));
    }
    let known = |number: &u32| SCHEMES.iter().find(|(its, _)| *its as u32 == *number).map(|(_, scheme)| *scheme);
    let numbers = slice!(given.schemes, given.scheme_count as usize).iter();
    numbers.map(|number| known(number).ok_or(Error::of(Code::UnknownValue, "schemes"))).collect()
}

/// A key that the program signs with.
struct CallbackKey {
    schemes: Vec<SignatureScheme>,
    sign: unsafe extern "C" fn(*mut c_void, u32, *const u8, usize, *mut u8, usize, *mut usize) -> i32,
    /// The lock makes the calls one at a time.
    context: Mutex<Context>,
}

impl fmt::Debug for CallbackKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackKey").field("schemes", &self.schemes).finish_non_exhaustive()
    }
}

impl ClientKey for CallbackKey {
    fn schemes(&self) -> &[SignatureScheme] {
        &self.schemes
    }

    fn sign(
        &self, scheme: SignatureScheme, message: &[u8],
    ) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        let number = SCHEMES.iter().find(|(_, its)| *its == scheme).map(|(number, _)| *number as u32);
        let number = number.ok_or("there is no number for the scheme")?;
        let (mut signature, mut length) = (vec![0; LONGEST], 0);
        let context = self.context.lock().unwrap_or_else(PoisonError::into_inner);
        let (from, to) = (message.as_ptr(), signature.as_mut_ptr());
        // SAFETY: the program promises that its function may be called on any thread, one at a time, and that the
        // context stays valid; it reads and writes no more bytes than the arguments say.
        let code = unsafe { (self.sign)(context.pointer(), number, from, message.len(), to, LONGEST, &raw mut length) };
        drop(context);
        match code {
            0 if (1..=LONGEST).contains(&length) => {
                signature.truncate(length);
                Ok(signature)
            }
            0 => Err(format!("its function wrote {length} bytes, not 1 to {LONGEST}").into()),
            code => {
                let known = Code::ALL.iter().find(|known| i32::from(known.number()) == code);
                let words = known.map_or(String::new(), |known| format!(", {}", known.text()));
                Err(format!("its function returned {code}{words}").into())
            }
        }
    }
}
