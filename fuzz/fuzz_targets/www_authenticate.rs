//! The header `WWW-Authenticate`: bounded, and nothing comes out that is not in it.

#![no_main]

use cardwright_http::challenges;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|header: &str| {
    let found = challenges(header);
    assert!(found.len() <= 32);
    for challenge in &found {
        assert!(!challenge.scheme.is_empty() && header.contains(challenge.scheme));
        assert!(challenge.token.is_none_or(|token| !token.is_empty() && header.contains(token)));
        assert!(challenge.token.is_none() || challenge.parameters.is_empty());
        assert!(challenge.parameters.len() <= 32);
        assert!(challenge.parameters.iter().all(|(name, value)| header.contains(name) && value.len() <= header.len()));
    }
    // What is read once more stays the same.
    if let [only] = &found[..]
        && let Some(token) = only.token
    {
        let again = format!("{} {token}", only.scheme);
        assert_eq!(challenges(&again), found);
    }
});
