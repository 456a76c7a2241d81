//! The objects that CertiFlow sends.

use super::{CardState, CertificateType};
use crate::Known;
use crate::json::{List, Scalar, Text, view};

view! {
    /// A card's record (API, Cards).
    CardInfo,
    /// A card's record, with its bytes.
    OwnedCardInfo {
        /// Opaque; the documents show a number, older ones a text.
        id: Scalar<'a> = "id" required;
        /// The card's serial number, as its middleware writes it.
        serial_number: Option<Text<'a>> = "serialNumber";
        /// The name of the card's type.
        card_type_name: Option<Text<'a>> = "cardTypeName";
        /// The model, where the type is split into models.
        card_model_name: Option<Text<'a>> = "cardModelName";
        /// The ATR in hexadecimal digits.
        atr: Option<Text<'a>> = "atr";
        /// The name of the card.
        label: Option<Text<'a>> = "label";
        /// A note.
        comment: Option<Text<'a>> = "comment";
        /// Tags.
        tags: List<'a, Text<'a>> = "tags";
        /// The state.
        state: Known<'a, CardState> = "state";
        /// The form: the values are not documented.
        form_factor: Scalar<'a> = "formFactor";
        /// The number for physical access ("HID label").
        pac_number: Scalar<'a> = "pacNumber";
        /// When the card expires, ISO 8601.
        expiration_date: Option<Text<'a>> = "expirationDate";
        /// When the card was issued, ISO 8601.
        time_issued: Option<Text<'a>> = "timeIssued";
        /// When the card was put on hold, ISO 8601.
        time_disabled: Option<Text<'a>> = "timeDisabled";
        /// When the card was updated, ISO 8601.
        time_updated: Option<Text<'a>> = "timeUpdated";
        /// When the card was revoked, ISO 8601.
        time_revoked: Option<Text<'a>> = "timeRevoked";
        /// The user's id, opaque.
        user_id: Scalar<'a> = "userId";
        /// The user, `DOMAIN\LogonName`.
        user_name: Option<Text<'a>> = "userName";
        /// The policy's id, opaque.
        policy_id: Scalar<'a> = "policyId";
        /// The policy's name.
        policy_name: Option<Text<'a>> = "policyName";
        /// The certificates on the card.
        certificates: List<'a, Certificate<'a>> = "certificates";
    }
}

view! {
    /// A certificate on a card.
    Certificate,
    /// A certificate on a card, with its bytes.
    OwnedCertificate {
        /// Where it comes from.
        kind: Known<'a, CertificateType> = "type";
        /// Its serial number in hexadecimal digits.
        serial_number: Option<Text<'a>> = "serialNumber";
        /// Its SHA-1 thumbprint in hexadecimal digits.
        thumbprint: Option<Text<'a>> = "thumbprint";
        /// The common name of its subject.
        subject: Option<Text<'a>> = "subject";
        /// The common name of its issuer.
        issuer: Option<Text<'a>> = "issuer";
        /// When it expires, ISO 8601.
        valid_to: Option<Text<'a>> = "validTo";
    }
}
