//! Cards as CertiFlow writes them: all fields of a dialect, in the order of the vendor's page, `null`
//! for absent ones.

use super::fields;
use crate::registry::{Card, Certificate, Iso};
use cardwright_core::Named as _;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

/// CardInfo. That `userId` is text and `policyId` a number is assumed.
pub(super) struct CardObject<'a> {
    pub(super) card: &'a Card,
    pub(super) certificates: &'a [Certificate],
}

impl Serialize for CardObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let card = self.card;
        let certificates: Vec<_> = self.certificates.iter().map(CertificateObject::new).collect();
        let mut object = serializer.serialize_map(None)?;
        fields::write(card, &mut object)?;
        object.serialize_entry("certificates", &certificates)?;
        object.end()
    }
}

/// CardInfo of G1: six fields. That the id is text, as in the page's example, is assumed.
pub(super) struct OldCardObject<'a>(pub(super) &'a Card);

impl Serialize for OldCardObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let card = self.0;
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("id", &card.id.to_string())?;
        object.serialize_entry("serialNumber", &card.serial_number)?;
        object.serialize_entry("atr", &card.atr)?;
        object.serialize_entry("label", &card.label)?;
        object.serialize_entry("state", &fields::state(card))?;
        object.serialize_entry("pacNumber", &card.pac_number)?;
        object.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificateObject<'a> {
    r#type: &'static str,
    serial_number: &'a str,
    thumbprint: &'a str,
    subject: &'a str,
    issuer: &'a str,
    valid_to: Iso,
}

impl<'a> CertificateObject<'a> {
    fn new(certificate: &'a Certificate) -> Self {
        CertificateObject {
            r#type: certificate.kind.name(),
            serial_number: &certificate.serial_number,
            thumbprint: &certificate.thumbprint,
            subject: &certificate.subject,
            issuer: &certificate.issuer,
            valid_to: certificate.valid_to.iso(7),
        }
    }
}
