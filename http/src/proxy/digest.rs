//! Digest: a proof of a password that does not send it.
//!
//! MD5 and SHA-256, with `-sess` and without; `qop=auth`, or none as in RFC 2069. SHA-256 is preferred to MD5.
//!
//! RFC 7616.

use super::address::Account;
use super::challenges::of_scheme;
use crate::secret::Secret;
use crate::sign_in::challenge::Challenge;
use md5::{Digest as _, Md5};
use rustls::crypto::hash::HashAlgorithm;
use zeroize::Zeroizing;

/// A challenge, and how many requests have answered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digest {
    realm: String,
    pub(super) nonce: String,
    opaque: Option<String>,
    algorithm: Algorithm,
    session: bool,
    /// Whether the proxy knows `qop=auth`.
    counts: bool,
    /// Whether it wants a hash in the place of the user's name.
    hashes_user: bool,
    /// Whether the answer before was right but for the age of its nonce.
    pub(super) stale: bool,
    count: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Algorithm {
    Md5,
    Sha256,
}

impl Algorithm {
    fn name(self) -> &'static str {
        match self {
            Algorithm::Md5 => "MD5",
            Algorithm::Sha256 => "SHA-256",
        }
    }

    /// The hash of these parts with colons between, in hex.
    fn hash(self, parts: &[&str]) -> String {
        let text = Zeroizing::new(parts.join(":"));
        match self {
            Algorithm::Md5 => hex(&Md5::digest(text.as_bytes())),
            Algorithm::Sha256 => hex(&crate::crypto::hash(HashAlgorithm::SHA256, text.as_bytes()).unwrap_or_default()),
        }
    }
}

impl Digest {
    /// The strongest challenge of these `Proxy-Authenticate` headers that can be answered.
    pub(super) fn of(headers: &[String]) -> Option<Self> {
        let known = of_scheme(headers, "Digest", |challenge| Self::read(&challenge));
        known.into_iter().rev().max_by_key(|challenge| challenge.algorithm)
    }

    fn read(challenge: &Challenge<'_>) -> Option<Self> {
        // What goes back into a header must not end it.
        let text = |name: &str| match challenge.parameter(name) {
            Some(value) if value.chars().any(char::is_control) => None,
            value => Some(value.map(str::to_string)),
        };
        let algorithm = text("algorithm")?.unwrap_or_else(|| "MD5".to_string()).to_ascii_uppercase();
        let (algorithm, session) = match algorithm.strip_suffix("-SESS") {
            Some(algorithm) => (algorithm, true),
            None => (algorithm.as_str(), false),
        };
        let algorithm = match algorithm {
            "MD5" => Algorithm::Md5,
            "SHA-256" if crate::crypto::hash(HashAlgorithm::SHA256, b"").is_some() => Algorithm::Sha256,
            _ => return None,
        };
        let says = |name: &str| challenge.parameter(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let counts = match challenge.parameter("qop") {
            Some(qop) if qop.split(',').any(|one| one.trim().eq_ignore_ascii_case("auth")) => true,
            // The whole body would have to be hashed.
            Some(_) => return None,
            None => false,
        };
        Some(Digest {
            realm: text("realm")??,
            nonce: text("nonce")??,
            opaque: text("opaque")?,
            algorithm,
            session,
            counts,
            hashes_user: says("userhash"),
            stale: says("stale"),
            count: 0,
        })
    }

    /// The header that answers the challenge for a request with this method and target, which is counted.
    ///
    /// # Errors
    /// If the system gives no random bytes.
    pub(super) fn answer(&mut self, account: &Account, method: &str, target: &str) -> Result<Secret, &'static str> {
        let mut random = [0; 16];
        crate::crypto::random(&mut random)?;
        self.count = self.count.saturating_add(1);
        Ok(self.answer_with(account, method, target, &hex(&random)))
    }

    fn answer_with(&self, account: &Account, method: &str, target: &str, cnonce: &str) -> Secret {
        let hash = |parts: &[&str]| self.algorithm.hash(parts);
        let (realm, nonce) = (self.realm.as_str(), self.nonce.as_str());
        let count = format!("{:08x}", self.count);
        let mut secret = Zeroizing::new(hash(&[&account.user, realm, account.password.expose()]));
        if self.session {
            secret = Zeroizing::new(hash(&[&secret, nonce, cnonce]));
        }
        let request = hash(&[method, target]);
        let response = match self.counts {
            true => hash(&[&secret, nonce, &count, cnonce, "auth", &request]),
            false => hash(&[&secret, nonce, &request]),
        };
        let user = if self.hashes_user { hash(&[&account.user, realm]) } else { quoted(&account.user) };
        let suffix = if self.session { "-sess" } else { "" };
        let mut header = format!(
            "Digest username=\"{user}\", realm=\"{}\", nonce=\"{}\", uri=\"{}\", algorithm={}{suffix}, response=\"{response}\"",
            quoted(realm),
            quoted(nonce),
            quoted(target),
            self.algorithm.name(),
        );
        if self.counts || self.session {
            header += &format!(", cnonce=\"{cnonce}\"");
        }
        if self.counts {
            header += &format!(", qop=auth, nc={count}");
        }
        if let Some(opaque) = &self.opaque {
            header += &format!(", opaque=\"{}\"", quoted(opaque));
        }
        if self.hashes_user {
            header += ", userhash=true";
        }
        Secret::new(header)
    }
}

/// A text within quotes (RFC 9110, 5.6.4).
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(header: &str, account: (&str, &str), request: (&str, &str), cnonce: &str) -> String {
        let mut digest = Digest::of(&[header.to_string()]).expect("a challenge");
        digest.count = 1;
        let account = Account { user: account.0.into(), password: Secret::new(account.1) };
        digest.answer_with(&account, request.0, request.1, cnonce).expose().to_string()
    }

    #[test]
    fn the_published_examples_come_out() {
        // RFC 7616, 3.9.1.
        let challenge = |algorithm: &str| {
            format!(
                "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, \
                 nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
            )
        };
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        for (algorithm, response) in [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let account = ("Mufasa", "Circle of Life");
            let header = answered(&challenge(algorithm), account, ("GET", "/dir/index.html"), cnonce);
            assert!(header.contains(&format!("response=\"{response}\"")), "{header}");
            assert!(header.contains("qop=auth, nc=00000001") && header.contains(&format!("algorithm={algorithm}")));
        }
        // RFC 2069, 2.4, with the response as erratum 749 corrects it.
        let old = "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc\"";
        let header = answered(old, ("Mufasa", "CircleOfLife"), ("GET", "/dir/index.html"), "x");
        assert!(
            header.contains("response=\"1949323746fe6a43ef61f9606e7febea\"") && !header.contains("cnonce"),
            "{header}"
        );
    }

    #[test]
    fn the_strongest_known_algorithm_is_taken() {
        let header = "Digest realm=r, nonce=a, algorithm=SHA-512-256, qop=auth, Digest realm=r, nonce=b, algorithm=MD5, \
             qop=auth, Digest realm=r, nonce=c, algorithm=SHA-256-sess, qop=auth, stale=TRUE, Basic realm=x";
        let digest = Digest::of(&[header.to_string()]).expect("one is known");
        assert_eq!((digest.nonce.as_str(), digest.session, digest.stale), ("c", true, true));
        for unknown in ["Digest realm=r", "Digest nonce=n", "Digest realm=r, nonce=n, qop=auth-int", "Basic realm=r"] {
            assert_eq!(Digest::of(&[unknown.to_string()]), None, "{unknown}");
        }
        assert_eq!(Digest::of(&["Digest realm=\"a\rb\", nonce=n".to_string()]), None);
    }

    #[test]
    fn quotes_in_what_is_sent_stay_within_their_quotes() {
        let header =
            answered("Digest realm=\"a\\\"b\", nonce=n, userhash=true", ("jo\"e", "p"), ("CONNECT", "h:443"), "x");
        assert!(
            header.contains("realm=\"a\\\"b\"") && header.contains("userhash=true") && !header.contains("jo"),
            "{header}"
        );
    }
}
