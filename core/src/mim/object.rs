//! The objects that MIM CM sends.

use super::{RequestStatus, RequestType};
use crate::view;

view! {
    /// A smart card profile ("Get smartcard data").
    Smartcard,
    /// A smart card profile, with its bytes.
    ///
    /// # Examples
    /// ```
    /// use cardwright_core::json;
    /// use cardwright_core::mim::{OwnedSmartcard, Smartcard};
    ///
    /// let card: Smartcard<'_> = json::from_slice(br#"{"Uuid":"438d1b30-f3b4-4bed-85fa-285e08605ba7","Status":3}"#)?;
    /// let kept: OwnedSmartcard = card.owned();
    /// assert_eq!(kept.view(), card);
    /// # Ok::<(), cardwright_core::Error>(())
    /// ```
    OwnedSmartcard {
        /// Its id in the database. Not the card's own id: see `serial_number`.
        uuid: Uuid = "Uuid" required;
        /// The status, as a number; [`super::StatusScheme`] reads it.
        status: Number = "Status";
        /// Its relation to other cards: bits, of which only 1 (Primary) is known.
        flags: Number = "Flags";
        /// The card that this one replaces.
        parent_smartcard_uuid: Uuid = "ParentSmartcardUuid";
        /// The card that this one is a duplicate of.
        primary_smartcard_uuid: Uuid = "PrimarySmartcardUuid";
        /// The permanent card of this temporary one.
        permanent_smartcard_uuid: Uuid = "PermanentSmartcardUuid";
        /// The user.
        assigned_user_uuid: Uuid = "AssignedUserUuid";
        /// The profile template.
        profile_template_uuid: Uuid = "ProfileTemplateUuid";
        /// The template's version when the profile was made.
        profile_template_version: Number = "ProfileTemplateVersion";
        /// A comment; `""` if there is none.
        comment: Text = "Comment";
        /// The serial number; for a Base CSP card its `cardid` in braces.
        serial_number: Text = "SerialNumber";
        /// The middleware, such as `MSBaseCSP`.
        middleware: Text = "Middleware";
        /// The ATR in lower-case hexadecimal digits.
        atr: Text = "Atr";
    }
}

view! {
    /// A request ("Get request").
    Request,
    /// A request, with its bytes.
    ///
    /// # Examples
    /// ```
    /// use cardwright_core::json;
    /// use cardwright_core::mim::{OwnedRequest, Request};
    ///
    /// let request: Request<'_> = json::from_slice(br#"{"Uuid":"438d1b30-f3b4-4bed-85fa-285e08605ba7","Status":3}"#)?;
    /// let kept: OwnedRequest = request.owned();
    /// assert_eq!(kept.view().step(), request.step());
    /// # Ok::<(), cardwright_core::Error>(())
    /// ```
    OwnedRequest {
        /// Its id.
        uuid: Uuid = "Uuid" required;
        /// What it is for.
        request_type: Known<RequestType> = "RequestType";
        /// How far it is.
        status: Known<RequestStatus> = "Status";
        /// Options: bits, not published.
        flags: Number = "Flags";
        /// The answers to the policy's questions.
        data_collection: List<DataItem> = "DataCollection";
        /// Options of the data collection: bits, not published.
        data_collection_flags: Number = "DataCollectionFlags";
        /// The user who made it.
        originator_user_uuid: Uuid = "OriginatorUserUuid";
        /// The user that it is for.
        target_user_uuid: Uuid = "TargetUserUuid";
        /// When it was made, ISO 8601.
        submitted: Date = "Submitted";
        /// When it was completed, ISO 8601; `0001-01-01T00:00:00` until then.
        completed: Date = "Completed";
        /// The profile that it makes.
        new_profile_uuid: Uuid = "NewProfileUuid";
        /// The profile that it is about.
        old_profile_uuid: Uuid = "OldProfileUuid";
        /// The card that it gives; the empty GUID until one is assigned.
        new_smartcard_uuid: Uuid = "NewSmartcardUuid";
        /// The card that it is about.
        old_smartcard_uuid: Uuid = "OldSmartcardUuid";
        /// 0 to 255; 0 is the highest.
        priority: Number = "Priority";
        /// A comment; `""` if there is none.
        comment: Text = "Comment";
        /// The profile template.
        profile_template_uuid: Uuid = "ProfileTemplateUuid";
        /// The access rights, in SDDL. Servers send it with NUL characters at its end.
        security_descriptor: Text = "SecurityDescriptor";
        /// Whether it is about a smart card.
        is_smartcard: Flag = "IsSmartcard";
        /// Whether an enrollment agent must carry it out.
        is_enrollment_agent: Flag = "IsEnrollmentAgent";
        /// Whether all questions are answered.
        is_data_collection_complete: Flag = "IsDataCollectionComplete";
    }
}

view! {
    /// An answer to a question of a policy.
    DataItem,
    /// An answer to a question of a policy, with its bytes.
    ///
    /// # Examples
    /// ```
    /// use cardwright_core::json;
    /// use cardwright_core::mim::{DataItem, OwnedDataItem};
    ///
    /// let item: DataItem<'_> = json::from_slice(br#"{"Name":"Reason","Value":"lost"}"#)?;
    /// let kept: OwnedDataItem = item.owned();
    /// assert_eq!(kept.view(), item);
    /// # Ok::<(), cardwright_core::Error>(())
    /// ```
    OwnedDataItem {
        /// The question.
        name: Text = "Name";
        /// The answer.
        value: Text = "Value";
    }
}
