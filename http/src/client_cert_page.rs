//! Pages by which web servers say that a client certificate is missing or not accepted: the handshake succeeds, and
//! the answer to the request is a refusal.
//!
//! nginx (`ngx_http_special_response.c`, statuses 400 of 495 and 496), IIS (403.7, 403.13, 403.16, 403.17), Apache
//! (`ssl_engine_kernel.c`).

/// What such a page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClientCertificatePage {
    /// There was none.
    Missing,
    /// It is not accepted: of another CA, expired, revoked.
    Refused,
    /// The server wants to ask for it after the handshake (RFC 8446, 4.6.2), which the client did not offer.
    Later,
}

/// Words of such pages, in lower case, with the statuses that they come with.
const WORDS: &[(&[u16], &str, ClientCertificatePage)] = &[
    (&[400, 496], "no required ssl certificate was sent", ClientCertificatePage::Missing),
    (&[400, 495], "the ssl certificate error", ClientCertificatePage::Refused),
    (&[403], "cannot perform post-handshake authentication", ClientCertificatePage::Later),
    (&[403], "403.7 - ", ClientCertificatePage::Missing),
    (&[403], "ssl client certificate is required", ClientCertificatePage::Missing),
    (&[403], "403.13 - ", ClientCertificatePage::Refused),
    (&[403], "403.16 - ", ClientCertificatePage::Refused),
    (&[403], "403.17 - ", ClientCertificatePage::Refused),
];

/// How much of a page is looked at, in bytes.
const MOST: usize = 16 << 10;

/// What a refusal says of the client's certificate, if it says something.
#[must_use]
pub fn client_certificate_page(status: u16, body: &[u8]) -> Option<ClientCertificatePage> {
    match status {
        495 => return Some(ClientCertificatePage::Refused),
        496 => return Some(ClientCertificatePage::Missing),
        400 | 403 => {}
        _ => return None,
    }
    let text = String::from_utf8_lossy(body.get(..MOST).unwrap_or(body)).to_ascii_lowercase();
    if !text.contains('<') {
        return None;
    }
    WORDS.iter().find(|(statuses, words, _)| statuses.contains(&status) && text.contains(words)).map(|(.., page)| *page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_tells_what_it_says_of_the_clients_certificate() {
        let page = |title: &str| format!("<html>\r\n<head><title>{title}</title></head>\r\n<body>x</body></html>");
        for (status, body, expected) in [
            (400, page("400 No required SSL certificate was sent"), Some(ClientCertificatePage::Missing)),
            (400, page("400 The SSL certificate error"), Some(ClientCertificatePage::Refused)),
            (403, page("IIS 8.5 Detailed Error - 403.7 - Forbidden"), Some(ClientCertificatePage::Missing)),
            (403, page("IIS 8.5 Detailed Error - 403.16 - Forbidden"), Some(ClientCertificatePage::Refused)),
            (
                403,
                "<p>You don't have permission.Reason: Cannot perform Post-Handshake Authentication.<br />".into(),
                Some(ClientCertificatePage::Later),
            ),
            (403, page("403 Forbidden"), None),
            (400, "no required ssl certificate was sent".into(), None),
            (200, page("400 No required SSL certificate was sent"), None),
            (496, String::new(), Some(ClientCertificatePage::Missing)),
        ] {
            assert_eq!(client_certificate_page(status, body.as_bytes()), expected, "{status} {body}");
        }
    }
}
