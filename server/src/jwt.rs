//! Signed tokens and the keys that verify them: a JWS in compact form, a set of JWKs, and whether one of the
//! keys has signed the token.
//!
//! Bytes in, verdict out: no clock, no network. A token is accepted only after its signature was
//! verified, and its header only chooses which of the known keys to try: an algorithm must be
//! in [`ALGORITHMS`] and fit the key. `none` and the HMACs are not there, so a token that names them is
//! always refused.
//!
//! RFC 7515 (JWS), RFC 7517 (JWK), RFC 7518 (algorithms), RFC 8037 (Ed25519), RFC 8725 (best current practices).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use core::fmt;
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The accepted algorithms, by their names in the IANA registry.
static ALGORITHMS: [(&str, Algorithm); 10] = [
    ("RS256", Algorithm::Rsa(&signature::RSA_PKCS1_2048_8192_SHA256)),
    ("RS384", Algorithm::Rsa(&signature::RSA_PKCS1_2048_8192_SHA384)),
    ("RS512", Algorithm::Rsa(&signature::RSA_PKCS1_2048_8192_SHA512)),
    ("PS256", Algorithm::Rsa(&signature::RSA_PSS_2048_8192_SHA256)),
    ("PS384", Algorithm::Rsa(&signature::RSA_PSS_2048_8192_SHA384)),
    ("PS512", Algorithm::Rsa(&signature::RSA_PSS_2048_8192_SHA512)),
    ("ES256", Algorithm::Point("P-256", &signature::ECDSA_P256_SHA256_FIXED)),
    ("ES384", Algorithm::Point("P-384", &signature::ECDSA_P384_SHA384_FIXED)),
    ("EdDSA", Algorithm::Point("Ed25519", &signature::ED25519)),
    ("Ed25519", Algorithm::Point("Ed25519", &signature::ED25519)),
];

/// How a signature is verified.
#[derive(Clone, Copy)]
enum Algorithm {
    Rsa(&'static RsaParameters),
    /// By a point on the curve of this name.
    Point(&'static str, &'static (dyn VerificationAlgorithm + Sync)),
}

/// The accepted values of `typ`: a JWT, or an access token (RFC 9068). `application/` may stand before either
/// (RFC 7515, 4.1.9), and media types have no case.
const TYPES: [&str; 2] = ["jwt", "at+jwt"];

/// Why a token is refused. The details are short and fit for a log; the token itself is not included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is not a signed JWT.
    Malformed(&'static str),
    /// It names an algorithm that is not accepted.
    Algorithm(String),
    /// No key has its `kid` and fits its algorithm, or no key without a `kid` has signed it. A newer set of
    /// keys may have one.
    NoKey(String),
    /// The key that it names has not signed it.
    Signature(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Malformed(what) => write!(f, "the token is no signed JWT: {what}"),
            Refused::Algorithm(name) => write!(f, "the token's algorithm {name} is not taken"),
            Refused::NoKey(which) => write!(f, "no key is there for {which}"),
            Refused::Signature(which) => write!(f, "the signature is not that of {which}"),
        }
    }
}

/// A token that is not verified.
pub(crate) struct Jwt<'t> {
    /// Header and claims as they were signed.
    signed: &'t str,
    algorithm: Algorithm,
    alg: &'static str,
    kid: Option<String>,
    claims: Vec<u8>,
    signature: Vec<u8>,
}

/// The header's relevant members. Others are ignored, as RFC 7515, 4 requires.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    /// Extensions that must be understood; none is.
    crit: Option<Value>,
    /// An unencoded payload (RFC 7797), which no token has.
    b64: Option<Value>,
}

impl<'t> Jwt<'t> {
    /// Parses a token.
    ///
    /// # Errors
    /// [`Refused::Malformed`] and [`Refused::Algorithm`].
    pub(crate) fn parse(token: &'t str) -> Result<Self, Refused> {
        let parts = "it has not three parts";
        let (signed, signature) = token.rsplit_once('.').ok_or(Refused::Malformed(parts))?;
        let (header, claims) = signed.split_once('.').ok_or(Refused::Malformed(parts))?;
        if claims.contains('.') {
            return Err(Refused::Malformed("it has more than three parts; an encrypted token cannot be read"));
        }
        let decode = |part: &str, what| URL_SAFE_NO_PAD.decode(part).map_err(|_| Refused::Malformed(what));
        let header = decode(header, "its header is not base64url")?;
        let header: Header = object(&header).ok_or(Refused::Malformed("its header is no JSON object with alg"))?;
        if header.crit.is_some() || header.b64.is_some() {
            return Err(Refused::Malformed("its header asks for an extension (crit, b64)"));
        }
        let typ = header.typ.map(|typ| typ.to_ascii_lowercase());
        let typ = typ.as_deref().map(|typ| typ.strip_prefix("application/").unwrap_or(typ));
        if typ.is_some_and(|typ| !TYPES.contains(&typ)) {
            return Err(Refused::Malformed("its typ is that of no access token"));
        }
        let known = ALGORITHMS.iter().find(|(name, _)| *name == header.alg);
        let (alg, algorithm) = known.copied().ok_or_else(|| Refused::Algorithm(shown(&header.alg)))?;
        let claims = decode(claims, "its claims are not base64url")?;
        let signature = decode(signature, "its signature is not base64url")?;
        Ok(Jwt { signed, algorithm, alg, kid: header.kid, claims, signature })
    }

    /// The claims, if one of the keys has signed them.
    ///
    /// # Errors
    /// [`Refused::NoKey`] and [`Refused::Signature`]; [`Refused::Malformed`] if a key has signed something
    /// that is not a JSON object.
    pub(crate) fn verify(&self, keys: &Keys) -> Result<Map<String, Value>, Refused> {
        // A key without a `kid` may be any.
        let may_be = |key: &&Key| self.kid.is_none() || key.kid.is_none() || key.kid == self.kid;
        let mut fitting = keys.0.iter().filter(may_be).filter(|key| key.fits(self.alg, self.algorithm));
        let mut is_there = false;
        let is_signed = fitting.any(|key| {
            is_there |= self.kid.is_some() && key.kid == self.kid;
            key.has_signed(self)
        });
        match (is_signed, is_there) {
            (true, _) => {}
            (false, true) => return Err(Refused::Signature(self.key_name())),
            (false, false) => return Err(Refused::NoKey(self.key_name())),
        }
        serde_json::from_slice(&self.claims).map_err(|_| Refused::Malformed("its claims are no JSON object"))
    }

    /// The key that it names, in words.
    fn key_name(&self) -> String {
        match &self.kid {
            Some(kid) => format!("kid {} with {}", shown(kid), self.alg),
            None => format!("{} without a kid", self.alg),
        }
    }
}

/// The public keys of an issuer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys(Vec<Key>);

#[derive(Debug, Clone)]
struct Key {
    kid: Option<String>,
    /// The only algorithm that it is for, if it says so.
    alg: Option<String>,
    material: Material,
}

#[derive(Debug, Clone)]
enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// In the form that ring expects: for Ed25519 the point, for the others `04`, x and y.
    Point {
        curve: &'static str,
        point: Vec<u8>,
    },
}

/// The relevant members of a JWK.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Keys {
    /// Reads a set of keys. Keys other than public ones for signatures of [`ALGORITHMS`] are ignored, as
    /// RFC 7517, 5 requires.
    ///
    /// # Errors
    /// In words, if it is no such set, or no key in it can be used.
    pub(crate) fn parse(document: &[u8]) -> Result<Self, &'static str> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = object(document).ok_or("it is no JSON object with a list of keys")?;
        let keys: Vec<Key> = set.keys.into_iter().filter_map(|key| Key::read(key.as_object()?.clone())).collect();
        if keys.is_empty() {
            return Err("no key in it is a public one for RS, PS, ES256, ES384 or EdDSA");
        }
        Ok(Keys(keys))
    }
}

impl Key {
    fn read(value: Map<String, Value>) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(Value::Object(value)).ok()?;
        let is_for_signatures = jwk.usage.as_deref().is_none_or(|usage| usage == "sig")
            && jwk.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        if !is_for_signatures {
            return None;
        }
        let bytes = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_deref()?).ok();
        let of_length = |text: &Option<String>, length: usize| bytes(text).filter(|bytes| bytes.len() == length);
        let pair = |curve, length| {
            let point = [vec![4], of_length(&jwk.x, length)?, of_length(&jwk.y, length)?].concat();
            Some(Material::Point { curve, point })
        };
        let material = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("RSA", _) => Material::Rsa { n: bytes(&jwk.n)?, e: bytes(&jwk.e)? },
            ("EC", Some("P-256")) => pair("P-256", 32)?,
            ("EC", Some("P-384")) => pair("P-384", 48)?,
            ("OKP", Some("Ed25519")) => Material::Point { curve: "Ed25519", point: of_length(&jwk.x, 32)? },
            _ => return None,
        };
        Some(Key { kid: jwk.kid, alg: jwk.alg, material })
    }

    fn fits(&self, alg: &str, algorithm: Algorithm) -> bool {
        let is_meant = self.alg.as_deref().is_none_or(|its| its == alg);
        is_meant
            && match (algorithm, &self.material) {
                (Algorithm::Rsa(_), Material::Rsa { .. }) => true,
                (Algorithm::Point(wanted, _), Material::Point { curve, .. }) => wanted == *curve,
                (Algorithm::Rsa(_), Material::Point { .. }) | (Algorithm::Point(..), Material::Rsa { .. }) => false,
            }
    }

    fn has_signed(&self, token: &Jwt<'_>) -> bool {
        let (signed, signature) = (token.signed.as_bytes(), &token.signature);
        match (token.algorithm, &self.material) {
            (Algorithm::Rsa(parameters), Material::Rsa { n, e }) => {
                // ring refuses leading zeros; some issuers write them.
                let number = |bytes: &[u8]| bytes.iter().skip_while(|byte| **byte == 0).copied().collect::<Vec<u8>>();
                RsaPublicKeyComponents { n: number(n), e: number(e) }.verify(parameters, signed, signature).is_ok()
            }
            (Algorithm::Point(_, algorithm), Material::Point { point, .. }) => {
                UnparsedPublicKey::new(algorithm, point).verify(signed, signature).is_ok()
            }
            (Algorithm::Rsa(_), Material::Point { .. }) | (Algorithm::Point(..), Material::Rsa { .. }) => false,
        }
    }
}

/// A JSON object; serde would accept a list of members too.
fn object<T: for<'d> Deserialize<'d>>(document: &[u8]) -> Option<T> {
    let is_object = document.trim_ascii_start().starts_with(b"{");
    is_object.then(|| serde_json::from_slice(document).ok()).flatten()
}

/// Text from outside, for a log: quoted and shortened.
pub(crate) fn shown(text: &str) -> String {
    let end = text.char_indices().nth(80).map_or(text.len(), |(end, _)| end);
    format!("{:?}{}", &text[..end], if end < text.len() { "…" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::{Jwt, Keys, Refused, URL_SAFE_NO_PAD};
    use base64::Engine as _;

    /// RFC 7515, A.3: ES256 over P-256.
    const ES256_KEY: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;
    const ES256: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    /// RFC 7515, A.2: RS256.
    const RS256_KEY: &str = r#"{"keys":[{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}]}"#;
    const RS256: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

    /// RFC 8037, A.4: Ed25519 over what is no JSON.
    const ED25519_KEY: &str =
        r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    const ED25519: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

    fn judged(token: &str, keys: &str) -> Result<String, Refused> {
        let claims = Jwt::parse(token)?.verify(&Keys::parse(keys.as_bytes()).unwrap())?;
        Ok(claims["iss"].as_str().unwrap_or_default().to_owned())
    }

    fn token(header: &str, rest: &str) -> String {
        format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header))
    }

    #[test]
    fn the_standards_examples_are_believed() {
        assert_eq!(judged(ES256, ES256_KEY).unwrap(), "joe");
        assert_eq!(judged(RS256, RS256_KEY).unwrap(), "joe");
        let not_json = judged(ED25519, ED25519_KEY).unwrap_err();
        assert_eq!(not_json, Refused::Malformed("its claims are no JSON object"), "signed, all the same");
    }

    #[test]
    fn a_token_that_was_touched_is_not_believed() {
        for (whole, key) in [(ES256, ES256_KEY), (RS256, RS256_KEY), (ED25519, ED25519_KEY)] {
            let claims = whole.find('.').unwrap() + 1;
            let touched = format!("{}X{}", &whole[..claims], &whole[claims + 1..]);
            // Another key might have signed it, as none has a name.
            assert!(matches!(judged(&touched, key), Err(Refused::NoKey(_))), "{touched}");
            let (signed, _) = whole.rsplit_once('.').unwrap();
            assert!(matches!(judged(&format!("{signed}."), key), Err(Refused::NoKey(_))));
        }
    }

    #[test]
    fn the_key_decides_and_not_the_header() {
        let (_, rest) = ES256.split_once('.').unwrap();
        for alg in ["none", "None", "HS256", "HS384", "HS512", "ES512", "RS1", ""] {
            let refused = judged(&token(&format!(r#"{{"alg":"{alg}"}}"#), rest), ES256_KEY);
            assert_eq!(refused, Err(Refused::Algorithm(format!("{alg:?}"))));
        }
        let unsigned = token(r#"{"alg":"none"}"#, "e30.");
        assert!(matches!(judged(&unsigned, ES256_KEY), Err(Refused::Algorithm(_))));
        let refused = judged(RS256, ES256_KEY);
        assert_eq!(refused, Err(Refused::NoKey("RS256 without a kid".into())));
        let limited = RS256_KEY.replace(r#""kty""#, r#""alg":"PS256","kty""#);
        assert!(matches!(judged(RS256, &limited), Err(Refused::NoKey(_))));
    }

    #[test]
    fn a_typ_is_a_media_type() {
        let (_, rest) = ES256.split_once('.').unwrap();
        let of = |typ: &str| Jwt::parse(&token(&format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#), rest)).map(|_| ());
        for typ in ["JWT", "jwt", "at+jwt", "AT+JWT", "application/jwt", "Application/At+Jwt"] {
            assert_eq!(of(typ), Ok(()), "{typ}");
        }
        for typ in ["", "logout+jwt", "application/", "application/application/jwt", "text/jwt", "jwt;x=y"] {
            assert!(matches!(of(typ), Err(Refused::Malformed(_))), "{typ}");
        }
    }

    #[test]
    fn a_kid_chooses_the_key() {
        let both = |kid: &str| {
            let keys = ES256_KEY.trim_end_matches("]}").trim_start_matches(r#"{"keys":["#).to_owned();
            format!(r#"{{"keys":[{}]}}"#, keys.replace(r#""kty""#, &format!(r#""kid":"{kid}","kty""#)))
        };
        let (_, rest) = ES256.split_once('.').unwrap();
        let named = token(r#"{"alg":"ES256","kid":"a"}"#, rest);
        assert_eq!(judged(&named, &both("b")), Err(Refused::NoKey(r#"kid "a" with ES256"#.into())));
        assert!(matches!(judged(&named, &both("a")), Err(Refused::Signature(_))), "the header is signed too");
        // A key without a name is tried, and others may come.
        assert!(matches!(judged(&named, ES256_KEY), Err(Refused::NoKey(_))));
        let signer = ring::signature::Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let x = URL_SAFE_NO_PAD.encode(ring::signature::KeyPair::public_key(&signer));
        let signed = token(r#"{"alg":"EdDSA","kid":"a"}"#, &URL_SAFE_NO_PAD.encode(r#"{"iss":"joe"}"#));
        let whole = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signer.sign(signed.as_bytes())));
        let nameless = format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}]}}"#);
        assert_eq!(judged(&whole, &nameless).unwrap(), "joe");
    }

    #[test]
    fn what_is_no_signed_jwt_says_why() {
        let (_, rest) = ES256.split_once('.').unwrap();
        for (text, expected) in [
            (String::new(), "three parts"),
            ("a.b".into(), "three parts"),
            ("a.b.c.d.e".into(), "encrypted"),
            (token("{", rest), "no JSON object"),
            (token("[]", rest), "no JSON object"),
            (token(r#"{"alg":"ES256","alg":"none"}"#, rest), "no JSON object"),
            (token(r#"{"alg":"ES256","crit":["exp"]}"#, rest), "extension"),
            (token(r#"{"alg":"ES256","typ":"logout+jwt"}"#, rest), "typ"),
            (format!("{ES256}="), "signature is not base64url"),
            (ES256.replacen('.', "=.", 1), "header is not base64url"),
        ] {
            let refused = judged(&text, ES256_KEY).unwrap_err().to_string();
            assert!(refused.contains(expected), "{text}: {refused}");
        }
    }

    #[test]
    fn keys_that_cannot_check_a_signature_are_passed_over() {
        for (document, expected) in [
            ("[]", "no JSON object"),
            (r#"{"keys":[]}"#, "no key"),
            (r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#, "no key"),
            (r#"{"keys":[7, {"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}"#, "no key"),
            (&RS256_KEY.replace(r#""kty""#, r#""use":"enc","kty""#), "no key"),
        ] {
            let refused = Keys::parse(document.as_bytes()).unwrap_err();
            assert!(refused.contains(expected), "{document}: {refused}");
        }
    }
}
