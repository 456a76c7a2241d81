//! Cards and requests as MIM CM writes them: .NET's property names in the order of the documents, the
//! empty GUID for none, and .NET's least date for "not yet".

use crate::registry::{Card, Request, mim_status};
use cardwright_core::identity::Guid;
use cardwright_core::mim::StatusScheme;
use serde::Serialize;

/// .NET's `DateTime.MinValue`, as Json.NET writes it.
const UNSET: &str = "0001-01-01T00:00:00";

/// A smart card profile.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SmartcardObject<'a> {
    uuid: String,
    status: i64,
    flags: i64,
    parent_smartcard_uuid: String,
    primary_smartcard_uuid: String,
    permanent_smartcard_uuid: String,
    assigned_user_uuid: String,
    profile_template_uuid: String,
    profile_template_version: i64,
    comment: &'a str,
    serial_number: String,
    middleware: &'a str,
    atr: String,
}

/// A request.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RequestObject<'a> {
    uuid: String,
    request_type: u8,
    status: u8,
    flags: i64,
    data_collection: Vec<DataItemObject<'a>>,
    data_collection_flags: i64,
    originator_user_uuid: String,
    target_user_uuid: String,
    submitted: String,
    completed: String,
    new_profile_uuid: String,
    old_profile_uuid: String,
    new_smartcard_uuid: String,
    old_smartcard_uuid: String,
    priority: u8,
    comment: &'a str,
    profile_template_uuid: String,
    security_descriptor: &'a str,
    is_smartcard: bool,
    is_enrollment_agent: bool,
    is_data_collection_complete: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DataItemObject<'a> {
    name: &'a str,
    value: Option<&'a str>,
}

impl<'a> SmartcardObject<'a> {
    pub(super) fn new(card: &'a Card, scheme: StatusScheme) -> Self {
        let status = mim_status(card.state);
        // The published part of scheme A ends with Disabled: for the rest it borrows B's numbers.
        let number = scheme.number(status).or_else(|| StatusScheme::B.number(status));
        SmartcardObject {
            uuid: card.uuid.to_string(),
            status: number.unwrap_or(0),
            flags: card.flags,
            parent_smartcard_uuid: or_empty(card.parent),
            primary_smartcard_uuid: or_empty(card.primary),
            permanent_smartcard_uuid: or_empty(card.permanent),
            assigned_user_uuid: or_empty(card.user),
            profile_template_uuid: or_empty(card.template),
            profile_template_version: card.template_version,
            comment: &card.mim_comment,
            serial_number: match card.card_id {
                Some(card_id) => card_id.braced().to_string(),
                None => card.serial_number.clone(),
            },
            middleware: &card.middleware,
            atr: card.atr.as_deref().unwrap_or_default().to_ascii_lowercase(),
        }
    }
}

impl<'a> RequestObject<'a> {
    pub(super) fn new(request: &'a Request) -> Self {
        let item = |item: &'a (String, Option<String>)| DataItemObject { name: &item.0, value: item.1.as_deref() };
        RequestObject {
            uuid: request.uuid.to_string(),
            request_type: request.kind.request_type().map_or(0, |number| number as u8),
            status: request.status as u8,
            flags: request.flags,
            data_collection: request.data_collection.iter().map(item).collect(),
            data_collection_flags: request.data_collection_flags,
            originator_user_uuid: request.originator.to_string(),
            target_user_uuid: request.target.to_string(),
            submitted: request.submitted.mim(),
            completed: request.completed.map_or_else(|| UNSET.to_owned(), |stamp| stamp.mim()),
            new_profile_uuid: or_empty(request.new_profile),
            old_profile_uuid: or_empty(request.old_profile),
            new_smartcard_uuid: or_empty(request.new_smartcard),
            old_smartcard_uuid: or_empty(request.old_smartcard),
            priority: request.priority,
            comment: &request.comment,
            profile_template_uuid: request.template.to_string(),
            security_descriptor: &request.security_descriptor,
            is_smartcard: request.is_smartcard,
            is_enrollment_agent: request.is_enrollment_agent,
            is_data_collection_complete: request.is_data_complete,
        }
    }
}

fn or_empty(guid: Option<Guid>) -> String {
    guid.unwrap_or(Guid::new([0; 16])).to_string()
}
