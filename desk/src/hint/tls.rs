//! Connections that cannot be secured.

use super::step::Hint;
use cardwright_client::http::Error;
use cardwright_core::Code;

/// The next step after an error of TLS.
pub(crate) fn after(error: &Error) -> Hint {
    (error.code() == Code::Tls).then(|| "a certificate of the organisation's own CA is given by --ca FILE".into())
}
