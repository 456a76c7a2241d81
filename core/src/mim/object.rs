//! The objects that MIM CM sends.

use super::{RequestStatus, RequestType};
use crate::Known;
use crate::json::{List, Scalar, Text, view};

view! {
    /// A smart card profile ("Get smartcard data").
    Smartcard,
    /// A smart card profile, with its bytes.
    OwnedSmartcard {
        /// Its id in the database. Not the card's own id: see `serial_number`.
        uuid: Option<Text<'a>> = "Uuid" required;
        /// The status, as a number; [`super::StatusScheme`] reads it.
        status: Scalar<'a> = "Status";
        /// How it stands to other cards: bits, of which only 1 (Primary) is known.
        flags: Scalar<'a> = "Flags";
        /// The card that this one replaces.
        parent_smartcard_uuid: Option<Text<'a>> = "ParentSmartcardUuid";
        /// The card that this one is a duplicate of.
        primary_smartcard_uuid: Option<Text<'a>> = "PrimarySmartcardUuid";
        /// The permanent card of this temporary one.
        permanent_smartcard_uuid: Option<Text<'a>> = "PermanentSmartcardUuid";
        /// The user.
        assigned_user_uuid: Option<Text<'a>> = "AssignedUserUuid";
        /// The profile template.
        profile_template_uuid: Option<Text<'a>> = "ProfileTemplateUuid";
        /// The template's version when the profile was made.
        profile_template_version: Scalar<'a> = "ProfileTemplateVersion";
        /// A comment, `""` where there is none.
        comment: Option<Text<'a>> = "Comment";
        /// The serial number; for a Base CSP card its `cardid` in braces.
        serial_number: Option<Text<'a>> = "SerialNumber";
        /// The middleware, such as `MSBaseCSP`.
        middleware: Option<Text<'a>> = "Middleware";
        /// The ATR in lower-case hexadecimal digits.
        atr: Option<Text<'a>> = "Atr";
    }
}

view! {
    /// A request ("Get request").
    Request,
    /// A request, with its bytes.
    OwnedRequest {
        /// Its id.
        uuid: Option<Text<'a>> = "Uuid" required;
        /// What it is for.
        request_type: Known<'a, RequestType> = "RequestType";
        /// How far it is.
        status: Known<'a, RequestStatus> = "Status";
        /// Options: bits, not published.
        flags: Scalar<'a> = "Flags";
        /// The answers to the policy's questions.
        data_collection: List<'a, DataItem<'a>> = "DataCollection";
        /// Options of the data collection: bits, not published.
        data_collection_flags: Scalar<'a> = "DataCollectionFlags";
        /// Who made it.
        originator_user_uuid: Option<Text<'a>> = "OriginatorUserUuid";
        /// For whom.
        target_user_uuid: Option<Text<'a>> = "TargetUserUuid";
        /// When it was made, ISO 8601.
        submitted: Option<Text<'a>> = "Submitted";
        /// When it was completed, ISO 8601; `0001-01-01T00:00:00` until then.
        completed: Option<Text<'a>> = "Completed";
        /// The profile that it makes.
        new_profile_uuid: Option<Text<'a>> = "NewProfileUuid";
        /// The profile that it is about.
        old_profile_uuid: Option<Text<'a>> = "OldProfileUuid";
        /// The card that it gives; the empty GUID until one is assigned.
        new_smartcard_uuid: Option<Text<'a>> = "NewSmartcardUuid";
        /// The card that it is about.
        old_smartcard_uuid: Option<Text<'a>> = "OldSmartcardUuid";
        /// 0 to 255; 0 is the highest.
        priority: Scalar<'a> = "Priority";
        /// A comment, `""` where there is none.
        comment: Option<Text<'a>> = "Comment";
        /// The profile template.
        profile_template_uuid: Option<Text<'a>> = "ProfileTemplateUuid";
        /// Who may do what, in SDDL. Servers send it with NUL characters at its end.
        security_descriptor: Option<Text<'a>> = "SecurityDescriptor";
        /// Whether it is about a smart card.
        is_smartcard: Scalar<'a> = "IsSmartcard";
        /// Whether an enrollment agent must carry it out.
        is_enrollment_agent: Scalar<'a> = "IsEnrollmentAgent";
        /// Whether all questions are answered.
        is_data_collection_complete: Scalar<'a> = "IsDataCollectionComplete";
    }
}

view! {
    /// An answer to a question of a policy.
    DataItem,
    /// An answer to a question of a policy, with its bytes.
    OwnedDataItem {
        /// The question.
        name: Option<Text<'a>> = "Name";
        /// The answer.
        value: Option<Text<'a>> = "Value";
    }
}
