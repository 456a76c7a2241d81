//! Texts that must not be seen: passwords and tokens.

use crate::error::Error;
use cardwright_core::Code;
use std::fmt;
use ureq::http::HeaderValue;
use zeroize::Zeroizing;

/// A password or token. It is wiped when dropped, and `Debug` does not show it.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// A secret with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Secret(Zeroizing::new(text.into()))
    }

    /// One secret of several parts. Unlike a text that grows, it leaves no copy behind.
    pub(crate) fn concat(parts: &[&str]) -> Self {
        Secret::new(parts.concat())
    }

    /// The text, for the code that must write it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A header value that is wiped when its last copy is dropped.
    pub(crate) fn header_value(self) -> Result<HeaderValue, Error> {
        struct Wiped(Secret);
        impl AsRef<[u8]> for Wiped {
            fn as_ref(&self) -> &[u8] {
                self.0.expose().as_bytes()
            }
        }
        let mut value = HeaderValue::from_maybe_shared(bytes::Bytes::from_owner(Wiped(self))).map_err(|_| {
            Error::setup(Code::Header, "the credentials hold a character that no HTTP header can carry")
        })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Secret::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
