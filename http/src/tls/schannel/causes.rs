//! The statuses of SChannel, as causes.

use super::security::words;
use crate::tls::cause::{Stage, TlsCause, of_alert};
use windows_sys::Win32::Foundation::{
    CRYPT_E_REVOKED, SEC_E_ALGORITHM_MISMATCH, SEC_E_CERT_EXPIRED, SEC_E_CERT_UNKNOWN, SEC_E_ILLEGAL_MESSAGE,
    SEC_E_LOGON_DENIED, SEC_E_UNSUPPORTED_FUNCTION, SEC_E_UNTRUSTED_ROOT,
};

/// The cause of a failure, where these bytes of the server were not used up.
///
/// SChannel tells an alert of the server by a status, of which several alerts share one (MS Learn, "TLS and SSL alert
/// messages": "Schannel Error Codes for TLS and SSL Alerts"); one that came in the clear is read itself.
pub(super) fn of_status(status: i32, input: &[u8], stage: Stage) -> TlsCause {
    if let Some(alert) = alert_in(input) {
        return of_alert(alert, stage);
    }
    match status {
        SEC_E_ALGORITHM_MISMATCH => TlsCause::NothingInCommon,
        SEC_E_UNSUPPORTED_FUNCTION if !stage.established => TlsCause::NoVersion,
        SEC_E_UNTRUSTED_ROOT => of_alert(48, stage),
        SEC_E_CERT_EXPIRED => of_alert(45, stage),
        SEC_E_CERT_UNKNOWN => of_alert(46, stage),
        CRYPT_E_REVOKED => of_alert(44, stage),
        SEC_E_LOGON_DENIED => of_alert(49, stage),
        // certificate_required, which has no status of its own
        SEC_E_ILLEGAL_MESSAGE if stage.established && stage.is_13 && stage.asked && !stage.given => {
            of_alert(116, stage)
        }
        other => TlsCause::Other { words: words(other) },
    }
}

/// The records at the beginning of these bytes that have arrived whole: their kinds and contents (RFC 8446, 5.1).
fn records(mut input: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let [kind, 3, _, high, low, rest @ ..] = input else { return None };
        let (content, after) = rest.split_at_checked(usize::from(u16::from_be_bytes([*high, *low])))?;
        input = after;
        Some((*kind, content))
    })
}

/// The first alert in records that are not encrypted (RFC 8446, 6): one that is has another length.
pub(super) fn alert_in(input: &[u8]) -> Option<u8> {
    records(input).find_map(|record| match record {
        (21, [1 | 2, alert]) => Some(*alert),
        _ => None,
    })
}

/// Whether a client's certificate is asked for in records of TLS 1.2 that are not encrypted (RFC 5246, 7.4.4), of which
/// each begins with a message.
pub(super) fn asks_in(input: &[u8]) -> bool {
    let clear = records(input).take_while(|(kind, _)| *kind == 22);
    clear.into_iter().any(|(_, mut content)| {
        while let [kind, high, middle, low, rest @ ..] = content {
            if *kind == 13 {
                return true;
            }
            let length = u32::from_be_bytes([0, *high, *middle, *low]);
            content = usize::try_from(length).ok().and_then(|length| rest.get(length..)).unwrap_or(&[]);
        }
        false
    })
}

/// Whether the first bytes of an answer are none of TLS.
pub(super) fn is_no_tls(input: &[u8]) -> bool {
    !matches!(input, [] | [20..=23] | [20..=23, 3, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_in_the_clear_is_found_behind_other_records() {
        let hello = [22, 3, 3, 0, 1, 0];
        let alert = [21, 3, 3, 0, 2, 2, 40];
        assert_eq!(alert_in(&[&hello[..], &alert].concat()), Some(40));
        assert_eq!(alert_in(&hello), None);
        assert_eq!(alert_in(&alert[..6]), None, "not all of it");
        assert_eq!(alert_in(&[21, 3, 3, 0, 3, 2, 40, 0]), None, "encrypted");
    }

    #[test]
    fn a_request_for_a_certificate_is_found_behind_other_messages() {
        let (hello, request) = ([2, 0, 0, 1, 9], [13, 0, 0, 1, 9]);
        let record = |content: &[u8]| [&[22, 3, 3, 0, content.len() as u8], content].concat();
        assert!(asks_in(&record(&[hello, request].concat())));
        assert!(asks_in(&[record(&hello), record(&request)].concat()));
        assert!(!asks_in(&record(&hello)));
        assert!(!asks_in(&[&[20, 3, 3, 0, 1, 1][..], &record(&request)].concat()), "encrypted from there on");
    }

    #[test]
    fn an_answer_of_plain_http_is_no_tls() {
        assert!(is_no_tls(b"HTTP/1.1 400"));
        assert!(!is_no_tls(&[22, 3, 3]) && !is_no_tls(&[21]) && !is_no_tls(&[]));
        assert!(is_no_tls(&[22, 4]));
    }
}
