//! The objects that CertiFlow sends.

use super::{CardState, CertificateType};
use crate::view;

view! {
    /// A card's record (API, Cards).
    CardInfo,
    /// A card's record, with its bytes.
    ///
    /// # Examples
    /// ```
    /// use cardwright_core::certiflow::{CardInfo, CardState, OwnedCardInfo};
    /// use cardwright_core::json;
    ///
    /// let card: CardInfo<'_> = json::from_slice(br#"{"id":1013,"state":"Issued","new":[1]}"#)?;
    /// let kept: OwnedCardInfo = card.owned();
    /// assert!(kept.view().state().is(CardState::Issued));
    /// # Ok::<(), cardwright_core::Error>(())
    /// ```
    OwnedCardInfo {
        /// Opaque; the documents show a number, older ones a text.
        id: Scalar = "id" required;
        /// The card's serial number, as its middleware writes it.
        serial_number: Text = "serialNumber";
        /// The name of the card's type.
        card_type_name: Text = "cardTypeName";
        /// The model, where the type is split into models.
        card_model_name: Text = "cardModelName";
        /// The ATR in hexadecimal digits.
        atr: Text = "atr";
        /// The name of the card.
        label: Text = "label";
        /// A note.
        comment: Text = "comment";
        /// Tags.
        tags: List<Text> = "tags";
        /// The state.
        state: Known<CardState> = "state";
        /// The form: the values are not documented.
        form_factor: Scalar = "formFactor";
        /// The number for physical access ("HID label").
        pac_number: Scalar = "pacNumber";
        /// When the card expires, ISO 8601.
        expiration_date: Date = "expirationDate";
        /// When the card was issued, ISO 8601.
        time_issued: Date = "timeIssued";
        /// When the card was put on hold, ISO 8601.
        time_disabled: Date = "timeDisabled";
        /// When the card was updated, ISO 8601.
        time_updated: Date = "timeUpdated";
        /// When the card was revoked, ISO 8601.
        time_revoked: Date = "timeRevoked";
        /// The user's id, opaque.
        user_id: Scalar = "userId";
        /// The user, `DOMAIN\LogonName`.
        user_name: Text = "userName";
        /// The policy's id, opaque.
        policy_id: Scalar = "policyId";
        /// The policy's name.
        policy_name: Text = "policyName";
        /// The certificates on the card.
        certificates: List<Certificate> = "certificates";
    }
}

view! {
    /// A certificate on a card.
    Certificate,
    /// A certificate on a card, with its bytes.
    ///
    /// # Examples
    /// ```
    /// use cardwright_core::certiflow::{Certificate, OwnedCertificate};
    /// use cardwright_core::json;
    ///
    /// let certificate: Certificate<'_> = json::from_slice(br#"{"serialNumber":"4D00"}"#)?;
    /// let kept: OwnedCertificate = certificate.owned();
    /// assert!(kept.view().serial_number().is_some_and(|serial| serial == "4D00"));
    /// # Ok::<(), cardwright_core::Error>(())
    /// ```
    OwnedCertificate {
        /// Where it comes from.
        kind: Known<CertificateType> = "type";
        /// Its serial number in hexadecimal digits.
        serial_number: Text = "serialNumber";
        /// Its SHA-1 thumbprint in hexadecimal digits.
        thumbprint: Text = "thumbprint";
        /// The common name of its subject.
        subject: Text = "subject";
        /// The common name of its issuer.
        issuer: Text = "issuer";
        /// When it expires, ISO 8601.
        valid_to: Date = "validTo";
    }
}
