//! The classes of the vendors' objects: a property for each field of a view of the core. Written by
//! `cargo xtask gen`.

use crate::record::record;

record! {
    /// A card's record (API, Cards).
    card CardInfo of CertiFlow in certiflow {
        /// Opaque; the documents show a number, older ones a text. (`id`)
        id: value,
        /// The card's serial number, as its middleware writes it. (`serialNumber`)
        serial_number: value,
        /// The name of the card's type. (`cardTypeName`)
        card_type_name: value,
        /// The model, where the type is split into models. (`cardModelName`)
        card_model_name: value,
        /// The ATR in hexadecimal digits. (`atr`)
        atr: value,
        /// The name of the card. (`label`)
        label: value,
        /// A note. (`comment`)
        comment: value,
        /// Tags. (`tags`)
        tags: value,
        /// The state. (`state`)
        state: value,
        /// The form: the values are not documented. (`formFactor`)
        form_factor: value,
        /// The number for physical access ("HID label"). (`pacNumber`)
        pac_number: value,
        /// When the card expires, ISO 8601. (`expirationDate`)
        expiration_date: moment,
        /// When the card was issued, ISO 8601. (`timeIssued`)
        time_issued: moment,
        /// When the card was put on hold, ISO 8601. (`timeDisabled`)
        time_disabled: moment,
        /// When the card was updated, ISO 8601. (`timeUpdated`)
        time_updated: moment,
        /// When the card was revoked, ISO 8601. (`timeRevoked`)
        time_revoked: moment,
        /// The user's id, opaque. (`userId`)
        user_id: value,
        /// The user, `DOMAIN\LogonName`. (`userName`)
        user_name: value,
        /// The policy's id, opaque. (`policyId`)
        policy_id: value,
        /// The policy's name. (`policyName`)
        policy_name: value,
        /// The certificates on the card. (`certificates`)
        certificates: records,
    }
}

record! {
    /// A certificate on a card.
    record Certificate of CertiFlow in certiflow {
        /// Where it comes from. (`type`)
        kind: value,
        /// Its serial number in hexadecimal digits. (`serialNumber`)
        serial_number: value,
        /// Its SHA-1 thumbprint in hexadecimal digits. (`thumbprint`)
        thumbprint: value,
        /// The common name of its subject. (`subject`)
        subject: value,
        /// The common name of its issuer. (`issuer`)
        issuer: value,
        /// When it expires, ISO 8601. (`validTo`)
        valid_to: moment,
    }
}

record! {
    /// A smart card profile ("Get smartcard data").
    card Smartcard of Mim in mim {
        /// Its id in the database. Not the card's own id: see `serial_number`. (`Uuid`)
        uuid: value,
        /// The status, as a number; `StatusScheme` reads it. (`Status`)
        status: value,
        /// Its relation to other cards: bits, of which only 1 (Primary) is known. (`Flags`)
        flags: value,
        /// The card that this one replaces. (`ParentSmartcardUuid`)
        parent_smartcard_uuid: value,
        /// The card that this one is a duplicate of. (`PrimarySmartcardUuid`)
        primary_smartcard_uuid: value,
        /// The permanent card of this temporary one. (`PermanentSmartcardUuid`)
        permanent_smartcard_uuid: value,
        /// The user. (`AssignedUserUuid`)
        assigned_user_uuid: value,
        /// The profile template. (`ProfileTemplateUuid`)
        profile_template_uuid: value,
        /// The template's version when the profile was made. (`ProfileTemplateVersion`)
        profile_template_version: value,
        /// A comment; `""` if there is none. (`Comment`)
        comment: value,
        /// The serial number; for a Base CSP card its `cardid` in braces. (`SerialNumber`)
        serial_number: value,
        /// The middleware, such as `MSBaseCSP`. (`Middleware`)
        middleware: value,
        /// The ATR in lower-case hexadecimal digits. (`Atr`)
        atr: value,
    }
}

record! {
    /// A request ("Get request").
    record Request of Mim in mim {
        /// Its id. (`Uuid`)
        uuid: value,
        /// What it is for. (`RequestType`)
        request_type: value,
        /// How far it is. (`Status`)
        status: value,
        /// Options: bits, not published. (`Flags`)
        flags: value,
        /// The answers to the policy's questions. (`DataCollection`)
        data_collection: records,
        /// Options of the data collection: bits, not published. (`DataCollectionFlags`)
        data_collection_flags: value,
        /// The user who made it. (`OriginatorUserUuid`)
        originator_user_uuid: value,
        /// The user that it is for. (`TargetUserUuid`)
        target_user_uuid: value,
        /// When it was made, ISO 8601. (`Submitted`)
        submitted: moment,
        /// When it was completed, ISO 8601; `0001-01-01T00:00:00` until then. (`Completed`)
        completed: moment,
        /// The profile that it makes. (`NewProfileUuid`)
        new_profile_uuid: value,
        /// The profile that it is about. (`OldProfileUuid`)
        old_profile_uuid: value,
        /// The card that it gives; the empty GUID until one is assigned. (`NewSmartcardUuid`)
        new_smartcard_uuid: value,
        /// The card that it is about. (`OldSmartcardUuid`)
        old_smartcard_uuid: value,
        /// 0 to 255; 0 is the highest. (`Priority`)
        priority: value,
        /// A comment; `""` if there is none. (`Comment`)
        comment: value,
        /// The profile template. (`ProfileTemplateUuid`)
        profile_template_uuid: value,
        /// The access rights, in SDDL. Servers send it with NUL characters at its end. (`SecurityDescriptor`)
        security_descriptor: value,
        /// Whether it is about a smart card. (`IsSmartcard`)
        is_smartcard: value,
        /// Whether an enrollment agent must carry it out. (`IsEnrollmentAgent`)
        is_enrollment_agent: value,
        /// Whether all questions are answered. (`IsDataCollectionComplete`)
        is_data_collection_complete: value,
    }
}

record! {
    /// An answer to a question of a policy.
    record DataItem of Mim in mim {
        /// The question. (`Name`)
        name: value,
        /// The answer. (`Value`)
        value: value,
    }
}
