//! What a certificate says of itself: names, dates, keys, how it is signed.
//!
//! RFC 5280.

use super::cause::TlsCause;
use std::net::IpAddr;
use x509_parser::prelude::{FromDer as _, GeneralName, ParsedExtension, X509Certificate, X509Name, X509Version};

/// Object identifiers of weak signatures, of which a person knows the hash.
const WEAK: &[(&str, &str)] = &[
    ("1.2.840.113549.1.1.2", "MD2"),
    ("1.2.840.113549.1.1.3", "MD4"),
    ("1.2.840.113549.1.1.4", "MD5"),
    ("1.2.840.113549.1.1.5", "SHA-1"),
    ("1.2.840.10040.4.3", "DSA with SHA-1"),
    ("1.2.840.10045.4.1", "SHA-1"),
];

/// Object identifiers of curves (RFC 5480, 2.1.1.1; RFC 5639).
const CURVES: &[(&str, &str)] = &[
    ("1.3.132.0.35", "P-521"),
    ("1.3.132.0.33", "P-224"),
    ("1.3.132.0.10", "secp256k1"),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"),
];

/// The certificates that a server presented, its own first.
pub(super) struct Chain<'c>(Vec<X509Certificate<'c>>);

impl<'c> Chain<'c> {
    pub(super) fn of(chain: &'c [Vec<u8>]) -> Self {
        Chain(chain.iter().filter_map(|der| Some(X509Certificate::from_der(der).ok()?.1)).collect())
    }

    fn own(&self) -> Option<&X509Certificate<'c>> {
        self.0.first()
    }

    /// The cause where no trusted authority was found, by a library that does not know all curves.
    pub(super) fn unknown_ca(&self) -> TlsCause {
        self.curve().unwrap_or_else(|| self.untrusted())
    }

    /// The cause where no trusted authority was found.
    pub(super) fn untrusted(&self) -> TlsCause {
        if let Some(cause) = self.weak_signature() {
            return cause;
        }
        match self.own() {
            Some(own) if own.subject() == own.issuer() && own.is_ca() => return TlsCause::CaAsServer,
            Some(own) if own.subject() == own.issuer() => return TlsCause::SelfSigned,
            _ => {}
        }
        TlsCause::UnknownCa { issuer: self.0.last().map_or_else(String::new, |last| named(last.issuer())) }
    }

    /// The cause where a certificate has expired.
    pub(super) fn expired(&self, now: i64) -> TlsCause {
        let ends = self.0.iter().map(|one| one.validity().not_after.timestamp());
        TlsCause::Expired { since: ends.filter(|end| *end < now).min() }
    }

    /// The cause where a certificate is not valid yet.
    pub(super) fn not_yet_valid(&self, now: i64) -> TlsCause {
        let begins = self.0.iter().map(|one| one.validity().not_before.timestamp());
        TlsCause::NotYetValid { from: begins.filter(|begin| *begin > now).max() }
    }

    /// The cause where the name does not match.
    pub(super) fn other_name(&self) -> TlsCause {
        let names = self.own().map(names).unwrap_or_default();
        match names.is_empty() {
            true if self.is_version_1() => TlsCause::Version1,
            true => TlsCause::NoAltName,
            false => TlsCause::OtherName { names },
        }
    }

    /// Whether the server's own certificate is of version 1 or 2.
    pub(super) fn is_version_1(&self) -> bool {
        self.own().is_some_and(|own| own.version() == X509Version::V1)
    }

    /// Whether the server's own certificate may be used by servers, as far as it says so (RFC 5280, 4.2.1.12).
    pub(super) fn is_for_servers(&self) -> bool {
        let usage = self.own().and_then(|own| own.extended_key_usage().ok().flatten());
        usage.is_none_or(|usage| usage.value.any || usage.value.server_auth)
    }

    /// The cause in what a certificate is made of: how it is signed, with which key.
    pub(super) fn unreadable(&self) -> Option<TlsCause> {
        self.curve().or_else(|| self.weak_signature())
    }

    /// A key of a presented certificate on a curve that is not supported.
    fn curve(&self) -> Option<TlsCause> {
        self.0.iter().find_map(|one| {
            let parameters = one.public_key().algorithm.parameters.as_ref()?;
            let curve = parameters.as_oid().ok()?.to_id_string();
            Some(TlsCause::Key { kind: find(CURVES, &curve)?.to_string() })
        })
    }

    /// A weak signature of a presented certificate. Nobody checks the one of an authority on itself.
    pub(super) fn weak_signature(&self) -> Option<TlsCause> {
        let signed = self.0.iter().filter(|one| one.subject() != one.issuer());
        signed
            .map(|one| one.signature_algorithm.algorithm.to_id_string())
            .find_map(|signature| Some(TlsCause::Signature { algorithm: find(WEAK, &signature)?.to_string() }))
    }

    /// The cause where an RSA key is too short.
    pub(super) fn short_key(&self) -> Option<TlsCause> {
        use x509_parser::public_key::PublicKey;
        self.0.iter().find_map(|one| match one.public_key().parsed() {
            Ok(PublicKey::RSA(key)) if key.key_size() < 2048 => Some(TlsCause::ShortKey { bits: Some(key.key_size()) }),
            _ => None,
        })
    }
}

/// The certificates among these that lead from a client's own one to an authority, the nearest first and without the
/// authority itself: for files that hold no chain. Names are compared, and not signatures: the server
/// verifies the chain.
pub(super) fn chain_from<'c>(own: &[u8], others: &'c [Vec<u8>]) -> Vec<&'c [u8]> {
    let parse = |der: &'c Vec<u8>| Some((der.as_slice(), X509Certificate::from_der(der).ok()?.1));
    let others: Vec<_> = others.iter().filter_map(parse).filter(|(_, one)| one.subject() != one.issuer()).collect();
    let mut found = Vec::new();
    let Ok((_, own)) = X509Certificate::from_der(own) else { return found };
    let mut wanted = own.issuer().as_raw();
    // Each at most once, so that names in a ring end.
    while let Some((der, one)) =
        others.iter().find(|(der, one)| one.is_ca() && one.subject().as_raw() == wanted && !found.contains(der))
    {
        found.push(*der);
        wanted = one.issuer().as_raw();
    }
    found
}

/// What is known of an algorithm by its object identifier in DER, without tag and length.
pub(super) fn signature_name(oid: &[u8]) -> String {
    let text = x509_parser::der_parser::Oid::new(oid.into()).to_id_string();
    find(WEAK, &text).map_or(text, str::to_string)
}

/// The curve whose object identifier stands in an AlgorithmIdentifier in DER.
pub(crate) fn curve_in(algorithm: &[u8]) -> Option<&'static str> {
    P521.iter().any(|form| algorithm.windows(form.len()).any(|window| window == *form)).then_some("P-521")
}

/// The object identifier of P-521, with its tag and length.
const P521: &[&[u8]] = &[&[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23]];

fn find(table: &'static [(&str, &'static str)], oid: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == oid).map(|(_, name)| *name)
}

/// The common name, or the whole name where it has none.
fn named(name: &X509Name<'_>) -> String {
    let common = name.iter_common_name().next().and_then(|common| common.as_str().ok());
    let shown: String = common.map_or_else(|| name.to_string(), str::to_string).chars().take(200).collect();
    format!("\"{}\"", shown.replace(char::is_control, " "))
}

/// The names and addresses that a certificate is for (RFC 5280, 4.2.1.6), twenty at most.
fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let alternatives = certificate.extensions().iter().filter_map(|extension| match extension.parsed_extension() {
        ParsedExtension::SubjectAlternativeName(names) => Some(&names.general_names),
        _ => None,
    });
    let shown = alternatives.flatten().filter_map(|name| match name {
        GeneralName::DNSName(name) => Some(name.chars().take(253).collect::<String>().replace(char::is_control, " ")),
        GeneralName::IPAddress(bytes) => {
            let address = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
            address.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from)).ok().map(|ip| ip.to_string())
        }
        _ => None,
    });
    shown.take(20).collect()
}
