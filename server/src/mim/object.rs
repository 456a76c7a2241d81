//! Cards and requests as MIM CM writes them: .NET's property names in the order of the documents, the
//! empty GUID for none, and .NET's minimum date for "not yet".

use super::status;
use crate::registry::{Card, Request};
use cardwright_core::identity::Guid;
use cardwright_core::mim::StatusScheme;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

/// .NET's `DateTime.MinValue`, as Json.NET writes it.
const UNSET: &str = "0001-01-01T00:00:00";

/// A smart card profile.
pub(super) struct SmartcardObject<'a> {
    pub(super) card: &'a Card,
    pub(super) scheme: StatusScheme,
}

impl Serialize for SmartcardObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let card = self.card;
        let status = status::of(card.state);
        // The published part of scheme A ends with Disabled: the rest uses B's numbers.
        let number = self.scheme.number(status).or_else(|| StatusScheme::B.number(status));
        let serial_number =
            card.card_id.map_or_else(|| card.serial_number.clone(), |card_id| card_id.braced().to_string());
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("Uuid", &card.uuid.to_string())?;
        object.serialize_entry("Status", &number.unwrap_or(0))?;
        object.serialize_entry("Flags", &card.flags)?;
        object.serialize_entry("ParentSmartcardUuid", &or_empty(card.parent))?;
        object.serialize_entry("PrimarySmartcardUuid", &or_empty(card.primary))?;
        object.serialize_entry("PermanentSmartcardUuid", &or_empty(card.permanent))?;
        object.serialize_entry("AssignedUserUuid", &or_empty(card.user))?;
        object.serialize_entry("ProfileTemplateUuid", &or_empty(card.template))?;
        object.serialize_entry("ProfileTemplateVersion", &card.template_version)?;
        object.serialize_entry("Comment", &card.mim_comment)?;
        object.serialize_entry("SerialNumber", &serial_number)?;
        object.serialize_entry("Middleware", &card.middleware)?;
        object.serialize_entry("Atr", &card.atr.as_deref().unwrap_or_default().to_ascii_lowercase())?;
        object.end()
    }
}

/// A request.
pub(super) struct RequestObject<'a>(pub(super) &'a Request);

impl Serialize for RequestObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let request = self.0;
        let answers = request.data_collection.iter();
        let answers: Vec<_> = answers.map(|(name, value)| DataItemObject { name, value: value.as_deref() }).collect();
        let completed = request.completed.map_or_else(|| UNSET.to_owned(), |stamp| stamp.iso(3).to_string());
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("Uuid", &request.uuid.to_string())?;
        object.serialize_entry("RequestType", &request.kind.request_type().map_or(0, |number| number as u8))?;
        object.serialize_entry("Status", &(request.status as u8))?;
        object.serialize_entry("Flags", &request.flags)?;
        object.serialize_entry("DataCollection", &answers)?;
        object.serialize_entry("DataCollectionFlags", &request.data_collection_flags)?;
        object.serialize_entry("OriginatorUserUuid", &request.originator.to_string())?;
        object.serialize_entry("TargetUserUuid", &request.target.to_string())?;
        object.serialize_entry("Submitted", &request.submitted.iso(3))?;
        object.serialize_entry("Completed", &completed)?;
        object.serialize_entry("NewProfileUuid", &or_empty(request.new_profile))?;
        object.serialize_entry("OldProfileUuid", &or_empty(request.old_profile))?;
        object.serialize_entry("NewSmartcardUuid", &or_empty(request.new_smartcard))?;
        object.serialize_entry("OldSmartcardUuid", &or_empty(request.old_smartcard))?;
        object.serialize_entry("Priority", &request.priority)?;
        object.serialize_entry("Comment", &request.comment)?;
        object.serialize_entry("ProfileTemplateUuid", &request.template.to_string())?;
        object.serialize_entry("SecurityDescriptor", &request.security_descriptor)?;
        object.serialize_entry("IsSmartcard", &request.is_smartcard)?;
        object.serialize_entry("IsEnrollmentAgent", &request.is_enrollment_agent)?;
        object.serialize_entry("IsDataCollectionComplete", &request.is_data_complete)?;
        object.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DataItemObject<'a> {
    name: &'a str,
    value: Option<&'a str>,
}

fn or_empty(guid: Option<Guid>) -> String {
    guid.unwrap_or(Guid::new([0; 16])).to_string()
}
