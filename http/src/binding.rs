//! The channel binding `tls-server-end-point`: a hash of the server's certificate, which binds a sign-in
//! to one TLS connection ("Extended Protection").
//!
//! RFC 5929 clause 4.1. The hash is the one of the certificate's signature, or SHA-256 in place of MD5 and
//! SHA-1. A signature without a separate hash, such as Ed25519, has no such binding.

use crate::crypto::hash;
use rustls::crypto::hash::HashAlgorithm::{self, SHA256, SHA384, SHA512};

const PREFIX: &[u8] = b"tls-server-end-point:";

/// The application data of the binding for a certificate in DER, if there is one.
#[must_use]
pub fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    let hash = hash(hash_of_signature(certificate)?, certificate)?;
    Some([PREFIX, &hash].concat())
}

/// The hash of a certificate's signature (RFC 5280 clause 4.1.1.2).
fn hash_of_signature(certificate: &[u8]) -> Option<HashAlgorithm> {
    let (whole, _) = value(certificate, SEQUENCE)?;
    let (_, after) = value(whole, SEQUENCE)?;
    let (algorithm, _) = value(after, SEQUENCE)?;
    let (identifier, parameters) = value(algorithm, OBJECT_IDENTIFIER)?;
    if identifier == RSASSA_PSS {
        // [0] hashAlgorithm; its default is SHA-1 (RFC 4055 clause 3.1).
        let (parameters, _) = value(parameters, SEQUENCE)?;
        let Some((explicit, _)) = value(parameters, 0xa0) else { return Some(SHA256) };
        let (algorithm, _) = value(explicit, SEQUENCE)?;
        return find(HASHES, value(algorithm, OBJECT_IDENTIFIER)?.0);
    }
    find(SIGNATURES, identifier)
}

type Table = &'static [(&'static [u8], HashAlgorithm)];

fn find(table: Table, identifier: &[u8]) -> Option<HashAlgorithm> {
    table.iter().find(|(known, _)| *known == identifier).map(|(_, hash)| *hash)
}

/// Signatures and their hashes (RFC 8017, RFC 5758).
const SIGNATURES: Table = &[
    // md5WithRSAEncryption, sha1WithRSAEncryption, ecdsa-with-SHA1
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4], SHA256),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5], SHA256),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1], SHA256),
    // sha256WithRSAEncryption, sha384…, sha512…
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11], SHA256),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12], SHA384),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13], SHA512),
    // ecdsa-with-SHA256, …384, …512
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2], SHA256),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3], SHA384),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4], SHA512),
];

const RSASSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];

/// Hashes (RFC 8017 appendix B.1).
const HASHES: Table = &[
    (&[0x2b, 0x0e, 3, 2, 26], SHA256),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1], SHA256),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2], SHA384),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3], SHA512),
];

const SEQUENCE: u8 = 0x30;
const OBJECT_IDENTIFIER: u8 = 0x06;

/// The value of the first element, if it has this tag, and the bytes after it.
fn value(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (head, rest) = der.split_first_chunk::<2>()?;
    let [actual, length] = *head;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        0x81..=0x84 => {
            let (length, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length).filter(|_| actual == tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// The output of openssl, in a folder of its own.
    fn openssl(folder: &std::path::Path, arguments: &str) -> Vec<u8> {
        let output = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output();
        let output = output.expect("openssl");
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    #[test]
    fn the_hash_is_the_one_that_openssl_makes_of_the_certificate() {
        let folder = std::env::temp_dir().join(format!("cardwright-binding-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let (rsa, ec) = ("rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-256");
        let pss = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20";
        for (key, signature, hash) in [
            (rsa, "-sha1", "sha256"),
            (rsa, "-sha256", "sha256"),
            (rsa, "-sha384", "sha384"),
            (rsa, "-sha512", "sha512"),
            (rsa, &format!("-sha384 {pss}"), "sha384"),
            (ec, "-sha256", "sha256"),
            (ec, "-sha512", "sha512"),
        ] {
            let make = "req -x509 -nodes -subj /CN=localhost -keyout key.pem -outform der -out c.der";
            openssl(&folder, &format!("{make} -newkey {key} {signature}"));
            let certificate = std::fs::read(folder.join("c.der")).expect("a certificate");
            let expected = openssl(&folder, &format!("dgst -binary -{hash} c.der"));
            let expected = [PREFIX, &expected].concat();
            assert_eq!(end_point(&certificate), Some(expected), "{key} {signature}");
        }
        openssl(&folder, "req -x509 -nodes -subj /CN=x -keyout key.pem -outform der -out c.der -newkey ed25519");
        assert_eq!(end_point(&std::fs::read(folder.join("c.der")).expect("a certificate")), None);
        std::fs::remove_dir_all(&folder).expect("the test's own folder");
    }

    #[test]
    fn what_is_no_certificate_has_no_binding() {
        for bytes in [&b""[..], &[0x30], &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[0x30, 3, 0x30, 1, 0], b"hello"] {
            assert_eq!(end_point(bytes), None, "{bytes:?}");
        }
    }
}
