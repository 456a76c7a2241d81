//! Signed tokens and sets of keys: nothing is believed but what the issuer has signed.
//!
//! The input is a token; behind a line's end may stand a set of keys. The module is the server's own: it
//! needs nothing else of the server.

#![no_main]

// The server's half of the module is not called here.
#[allow(dead_code)]
#[path = "../../server/src/jwt.rs"]
mod jwt;

use jwt::{Jwt, Keys};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

/// The public keys of RFC 7515, A.2 and A.3, and RFC 8037, A.2.
static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::parse(include_bytes!("../seeds/jwt.json")).expect("keys"));

/// What these keys have signed: the standards' examples.
const SIGNED: [&str; 3] =
    [include_str!("../seeds/jwt/es256"), include_str!("../seeds/jwt/rs256"), include_str!("../seeds/jwt/eddsa")];

/// A token without its signature: some have more than one that is right.
fn signed(token: &str) -> Option<&str> {
    token.rsplit_once('.').map(|parts| parts.0)
}

fuzz_target!(|input: &[u8]| {
    let Ok(input) = std::str::from_utf8(input) else { return };
    let (token, keys) = input.split_once('\n').unwrap_or((input, ""));
    let keys = Keys::parse(keys.as_bytes());
    match Jwt::parse(token) {
        Ok(jwt) => {
            if jwt.verify(&KEYS).is_ok() {
                let is_known = SIGNED.iter().any(|known| signed(known) == signed(token));
                assert!(is_known, "nobody has signed {token}");
            }
            if let Ok(keys) = keys {
                let _ = jwt.verify(&keys);
            }
        }
        Err(refused) => assert!(refused.to_string().chars().count() < 400, "{refused}"),
    }
});
