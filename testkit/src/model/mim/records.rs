//! The records of MIM CM as JSON.

use serde_json::{Value, json};

/// The number that replies show for a status; at a `swapped` site, Suspended and Disabled have each other's number.
fn number(status: &str, swapped: bool) -> u8 {
    match status {
        "New" => 1,
        "Assigned" => 2,
        "Active" => 3,
        "Disabled" => 4 + u8::from(swapped),
        "Suspended" => 5 - u8::from(swapped),
        "Retired" => 6,
        other => panic!("no status of MIM CM: {other}"),
    }
}

pub(super) fn smartcard([uuid, card_id, user]: [&str; 3], status: &str, swapped: bool) -> Value {
    json!({"Uuid": uuid, "Status": number(status, swapped), "Flags": 1, "ParentSmartcardUuid": ZERO,
        "PrimarySmartcardUuid": ZERO, "PermanentSmartcardUuid": ZERO, "AssignedUserUuid": user,
        "ProfileTemplateUuid": TEMPLATE, "ProfileTemplateVersion": 46, "Comment": "",
        "SerialNumber": format!("{{{card_id}}}"), "Middleware": "MSBaseCSP", "Atr": "3b8d0180fba000000397425446590301c8"})
}

pub(super) fn request(uuid: &str, card: &str, kind: u8, status: u8) -> Value {
    let completed = if status == 8 { "2026-11-29T17:41:00.1Z" } else { "0001-01-01T00:00:00" };
    json!({"Uuid": uuid, "RequestType": kind, "Status": status, "Flags": 2, "DataCollection": [],
        "DataCollectionFlags": 32, "OriginatorUserUuid": ZERO, "TargetUserUuid": ZERO,
        "Submitted": "2026-11-29T17:40:53.345Z", "Completed": completed, "NewProfileUuid": ZERO, "OldProfileUuid": ZERO,
        "NewSmartcardUuid": card, "OldSmartcardUuid": card, "Priority": 0, "Comment": "", "ProfileTemplateUuid": TEMPLATE,
        "SecurityDescriptor": "O:SY\u{0}", "IsSmartcard": true, "IsEnrollmentAgent": false,
        "IsDataCollectionComplete": false})
}

const ZERO: &str = "00000000-0000-0000-0000-000000000000";
const TEMPLATE: &str = "a039b4d0-5ce8-4eff-8651-181c6576fda3";
