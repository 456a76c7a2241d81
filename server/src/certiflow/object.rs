//! Cards as CertiFlow writes them: all fields of a dialect, in the order of the vendor's page, `null`
//! for absent ones.

use super::fields::CARD_INFO;
use crate::registry::{CardShown, Kind, Shown};
use cardwright_core::certiflow::Dialect;

/// CardInfo of a dialect.
pub(super) fn card(dialect: Dialect) -> CardShown {
    let fields = CARD_INFO.iter().filter(|field| dialect.has_field(field.name()));
    let of_dialect = |field: &Shown| match field.name() {
        "id" if dialect.id_is_text() => Shown { kind: Kind::NumberAsText, ..*field },
        _ => *field,
    };
    let certificates = dialect.has_field("certificates").then_some(CERTIFICATE);
    CardShown { fields: fields.map(of_dialect).collect(), certificates }
}

const CERTIFICATE: &[Shown] = &[
    Shown { key: "\"type\":", column: "type", kind: Kind::CertificateType },
    Shown { key: "\"serialNumber\":", column: "serial_number", kind: Kind::Text },
    Shown { key: "\"thumbprint\":", column: "thumbprint", kind: Kind::Text },
    Shown { key: "\"subject\":", column: "subject", kind: Kind::Text },
    Shown { key: "\"issuer\":", column: "issuer", kind: Kind::Text },
    Shown { key: "\"validTo\":", column: "valid_to", kind: Kind::Time },
];
