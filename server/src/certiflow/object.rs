//! Cards as CertiFlow writes them: all fields of a dialect, in the order of the vendor's page, `null`
//! for absent ones.

use crate::registry::{Card, Certificate, Iso, Stamp};
use cardwright_core::Named as _;
use cardwright_core::lifecycle::System;
use serde::ser::{SerializeMap as _, SerializeSeq as _};
use serde::{Serialize, Serializer};

/// CardInfo. That `userId` is text and `policyId` a number is assumed.
pub(super) struct CardObject<'a> {
    pub(super) card: &'a Card,
    pub(super) certificates: &'a [Certificate],
}

impl Serialize for CardObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let card = self.card;
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
        object.serialize_entry("certificates", &CertificateObjects(self.certificates))?;
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

struct CertificateObjects<'a>(&'a [Certificate]);

impl Serialize for CertificateObjects<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for certificate in self.0 {
            list.serialize_element(&CertificateObject(certificate))?;
        }
        list.end()
    }
}

struct CertificateObject<'a>(&'a Certificate);

impl Serialize for CertificateObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let certificate = self.0;
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("type", certificate.kind.name())?;
        object.serialize_entry("serialNumber", &certificate.serial_number)?;
        object.serialize_entry("thumbprint", &certificate.thumbprint)?;
        object.serialize_entry("subject", &certificate.subject)?;
        object.serialize_entry("issuer", &certificate.issuer)?;
        object.serialize_entry("validTo", &certificate.valid_to.iso(7))?;
        object.end()
    }
}

fn state(card: &Card) -> Option<&'static str> {
    card.state.native(System::CertiFlow).map(|state| state.name())
}

fn time(stamp: Option<Stamp>) -> Option<Iso> {
    stamp.map(|stamp| stamp.iso(7))
}
