//! Cards as CertiFlow writes them: all fields of a dialect, in the order of the vendor's page, `null`
//! where there is nothing.

use crate::registry::{Card, Certificate, Stamp};
use cardwright_core::Named as _;
use cardwright_core::lifecycle::System;
use serde::Serialize;

/// CardInfo. That `userId` is text and `policyId` a number is assumed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CardObject<'a> {
    id: i64,
    serial_number: &'a str,
    card_type_name: Option<&'a str>,
    card_model_name: Option<&'a str>,
    atr: Option<&'a str>,
    label: Option<&'a str>,
    comment: Option<&'a str>,
    tags: &'a [String],
    state: Option<&'static str>,
    form_factor: Option<&'a str>,
    pac_number: Option<&'a str>,
    expiration_date: Option<String>,
    time_issued: Option<String>,
    time_disabled: Option<String>,
    time_updated: Option<String>,
    time_revoked: Option<String>,
    user_id: Option<String>,
    user_name: Option<&'a str>,
    policy_id: Option<i64>,
    policy_name: Option<&'a str>,
    certificates: Vec<CertificateObject<'a>>,
}

/// CardInfo of G1: six fields. That the id is text, as in the page's example, is assumed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OldCardObject<'a> {
    id: String,
    serial_number: &'a str,
    atr: Option<&'a str>,
    label: Option<&'a str>,
    state: Option<&'static str>,
    pac_number: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificateObject<'a> {
    r#type: &'static str,
    serial_number: &'a str,
    thumbprint: &'a str,
    subject: &'a str,
    issuer: &'a str,
    valid_to: String,
}

impl<'a> CardObject<'a> {
    pub(super) fn new(card: &'a Card, certificates: &'a [Certificate]) -> Self {
        let time = |stamp: Option<Stamp>| stamp.map(Stamp::certiflow);
        CardObject {
            id: card.id,
            serial_number: &card.serial_number,
            card_type_name: card.card_type_name.as_deref(),
            card_model_name: card.card_model_name.as_deref(),
            atr: card.atr.as_deref(),
            label: card.label.as_deref(),
            comment: card.comment.as_deref(),
            tags: &card.tags,
            state: card.state.native(System::CertiFlow).map(|state| state.name()),
            form_factor: card.form_factor.as_deref(),
            pac_number: card.pac_number.as_deref(),
            expiration_date: time(card.expiration_date),
            time_issued: time(card.time_issued),
            time_disabled: time(card.time_disabled),
            time_updated: time(card.time_updated),
            time_revoked: time(card.time_revoked),
            user_id: card.user.map(|user| user.to_string()),
            user_name: card.user_name.as_deref(),
            policy_id: card.policy_id,
            policy_name: card.policy_name.as_deref(),
            certificates: certificates.iter().map(CertificateObject::new).collect(),
        }
    }
}

impl<'a> OldCardObject<'a> {
    pub(super) fn new(card: &'a Card) -> Self {
        OldCardObject {
            id: card.id.to_string(),
            serial_number: &card.serial_number,
            atr: card.atr.as_deref(),
            label: card.label.as_deref(),
            state: card.state.native(System::CertiFlow).map(|state| state.name()),
            pac_number: card.pac_number.as_deref(),
        }
    }
}

impl<'a> CertificateObject<'a> {
    fn new(certificate: &'a Certificate) -> Self {
        CertificateObject {
            r#type: certificate.kind.name(),
            serial_number: &certificate.serial_number,
            thumbprint: &certificate.thumbprint,
            subject: &certificate.subject,
            issuer: &certificate.issuer,
            valid_to: certificate.valid_to.certiflow(),
        }
    }
}
