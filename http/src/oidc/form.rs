//! The form of a request to the issuer, and the header by which a client authenticates.

use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

/// A form (`application/x-www-form-urlencoded`), and the secrets in it.
pub(super) struct Form {
    pub(super) text: Zeroizing<String>,
    pub(super) secrets: Vec<Secret>,
}

impl Form {
    /// A form that requests a token by this grant.
    pub(super) fn new(grant_type: &str) -> Self {
        let mut form = Self::empty();
        form.add("grant_type", grant_type);
        form
    }

    pub(super) fn empty() -> Self {
        // Large enough not to grow, which would leave copies of secrets behind.
        Form { text: Zeroizing::new(String::with_capacity(64 << 10)), secrets: Vec::new() }
    }

    pub(super) fn add(&mut self, name: &str, value: &str) {
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.text.push_str(name);
        self.text.push('=');
        self.text.extend(byte_serialize(value.as_bytes()));
    }

    pub(super) fn secret(&mut self, name: &str, value: &Secret) {
        self.add(name, value.expose());
        self.secrets.push(value.clone());
    }
}

/// The header of `client_secret_basic`: id and secret are escaped first (RFC 6749, 2.3.1).
pub(super) fn basic(id: &str, secret: &Secret) -> Secret {
    let mut pair = Zeroizing::new(String::with_capacity(3 * (id.len() + secret.expose().len()) + 1));
    pair.extend(byte_serialize(id.as_bytes()));
    pair.push(':');
    pair.extend(byte_serialize(secret.expose().as_bytes()));
    let coded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
    Secret::new(format!("Basic {}", *coded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_escaped_and_basic_is_too() {
        let mut form = Form::new("a b");
        form.add("resource", "https://x/ä?&=+*-._");
        assert_eq!(*form.text, "grant_type=a+b&resource=https%3A%2F%2Fx%2F%C3%A4%3F%26%3D%2B*-._");
        // RFC 6749, 2.3.1 by way of RFC 7617: escaped, then coded.
        let header = basic("a b", &Secret::new("s:1"));
        assert_eq!(header.expose(), "Basic YStiOnMlM0Ex");
    }
}
