//! Cards as CertiFlow writes them: all fields of a dialect, in the order of the vendor's page, `null`
//! for absent ones.

use crate::registry::{Card, Certificate, Iso, Stamp};
use cardwright_core::Named as _;
use cardwright_core::lifecycle::System;
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
        object.serialize_entry("id", &card.id)?;
        object.serialize_entry("serialNumber", &card.serial_number)?;
        object.serialize_entry("cardTypeName", &card.card_type_name)?;
        object.serialize_entry("cardModelName", &card.card_model_name)?;
        object.serialize_entry("atr", &card.atr)?;
        object.serialize_entry("label", &card.label)?;
        object.serialize_entry("comment", &card.comment)?;
        object.serialize_entry("tags", &card.tags)?;
        object.serialize_entry("state", &state(card))?;
        object.serialize_entry("formFactor", &card.form_factor)?;
        object.serialize_entry("pacNumber", &card.pac_number)?;
        object.serialize_entry("expirationDate", &time(card.expiration_date))?;
        object.serialize_entry("timeIssued", &time(card.time_issued))?;
        object.serialize_entry("timeDisabled", &time(card.time_disabled))?;
        object.serialize_entry("timeUpdated", &time(card.time_updated))?;
        object.serialize_entry("timeRevoked", &time(card.time_revoked))?;
        object.serialize_entry("userId", &card.user.map(|user| user.to_string()))?;
        object.serialize_entry("userName", &card.user_name)?;
        object.serialize_entry("policyId", &card.policy_id)?;
        object.serialize_entry("policyName", &card.policy_name)?;
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
        object.serialize_entry("state", &state(card))?;
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

fn state(card: &Card) -> Option<&'static str> {
    card.state.native(System::CertiFlow).map(|state| state.name())
}

fn time(stamp: Option<Stamp>) -> Option<Iso> {
    stamp.map(|stamp| stamp.iso(7))
}
