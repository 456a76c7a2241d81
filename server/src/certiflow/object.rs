//! Cards as CertiFlow writes them: all fields of a dialect, in the order of the vendor's page, `null`
//! for absent ones.

use super::fields::{CARD_INFO, word};
use crate::registry::{CardShown, Kind, Shown};

/// CardInfo.
pub(super) const CARD: CardShown = CardShown { fields: CARD_INFO, certificates: Some(CERTIFICATE) };

const CERTIFICATE: &[Shown] = &[
    Shown { key: "\"type\":", column: "type", kind: Kind::CertificateType },
    Shown { key: "\"serialNumber\":", column: "serial_number", kind: Kind::Text },
    Shown { key: "\"thumbprint\":", column: "thumbprint", kind: Kind::Text },
    Shown { key: "\"subject\":", column: "subject", kind: Kind::Text },
    Shown { key: "\"issuer\":", column: "issuer", kind: Kind::Text },
    Shown { key: "\"validTo\":", column: "valid_to", kind: Kind::Time },
];

/// CardInfo of G1: six fields. That the id is text, as in the page's example, is assumed.
pub(super) const OLD_CARD: CardShown = CardShown {
    fields: &[
        Shown { key: "\"id\":", column: "id", kind: Kind::NumberAsText },
        Shown { key: "\"serialNumber\":", column: "serial_number", kind: Kind::Text },
        Shown { key: "\"atr\":", column: "atr", kind: Kind::Text },
        Shown { key: "\"label\":", column: "label", kind: Kind::Text },
        Shown { key: "\"state\":", column: "state", kind: Kind::State(word) },
        Shown { key: "\"pacNumber\":", column: "pac_number", kind: Kind::Text },
    ],
    certificates: None,
};
