//! Texts that must not be seen: passwords and tokens.

use std::fmt;
use zeroize::Zeroizing;

/// A password or token. It is wiped when dropped, and no format shows it.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text that must not be seen from now on.
    pub fn new(text: impl Into<String>) -> Self {
        Secret(Zeroizing::new(text.into()))
    }

    /// The text, for the one place that must write it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// How to sign in.
#[derive(Debug, Clone, Default)]
pub enum Credentials {
    /// Not at all.
    #[default]
    Anonymous,
    /// HTTP Basic (RFC 7617). Neither vendor documents it; reverse proxies and test servers use it.
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: Secret,
    },
    /// A bearer token (RFC 6750).
    Bearer(Secret),
}

impl Credentials {
    /// Name and password.
    pub fn basic(user: impl Into<String>, password: Secret) -> Self {
        Credentials::Basic { user: user.into(), password }
    }

    /// The value of the header `Authorization`.
    pub(crate) fn header(&self) -> Option<Secret> {
        use base64::Engine as _;
        match self {
            Credentials::Anonymous => None,
            Credentials::Basic { user, password } => {
                let pair = Zeroizing::new(format!("{user}:{}", password.expose()));
                let encoded = Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(pair.as_bytes()));
                Some(Secret::new(format!("Basic {}", *encoded)))
            }
            Credentials::Bearer(token) => Some(Secret::new(format!("Bearer {}", token.expose()))),
        }
    }
}
