//! Calls of MIM CM.

use super::structures::{CardwrightCall, CardwrightCallKind};
use crate::enumeration::{optional_value, value};
use crate::frame::{from_c, nullable};
use cardwright_core::mim::{Call, CreateRequest, RequestQuery};
use cardwright_core::{Code, Error};

/// A call of MIM CM, if it is one.
pub(super) fn call(given: &CardwrightCall) -> Result<Option<Call<'_>>, Error> {
    use CardwrightCallKind as Kind;
    Ok(Some(match given.kind {
        n if n == Kind::MimSmartcards as u32 => Call::Smartcards,
        n if n == Kind::MimSmartcardByCardId as u32 => Call::SmartcardByCardId { card_id: from_c!(given.card_id) },
        n if n == Kind::MimSmartcard as u32 => Call::Smartcard { uuid: from_c!(given.id) },
        n if n == Kind::MimOperations as u32 => Call::Operations { uuid: from_c!(given.id) },
        n if n == Kind::MimAssignSmartcard as u32 => Call::AssignSmartcard {
            request: from_c!(given.request),
            card_id: from_c!(given.card_id),
            atr: from_c!(given.atr),
        },
        n if n == Kind::MimUpdateSmartcard as u32 => Call::UpdateSmartcard {
            status: value(given.status, "status")?,
            request: from_c!(given.request),
            uuid: from_c!(given.id),
        },
        n if n == Kind::MimCreateRequest as u32 => Call::CreateRequest(create_request(given)?),
        n if n == Kind::MimRequest as u32 => Call::Request { uuid: from_c!(given.request) },
        n if n == Kind::MimEndRequest as u32 => {
            Call::EndRequest { end: value(given.request_end, "status")?, uuid: from_c!(given.request) }
        }
        n if n == Kind::MimRequests as u32 => Call::Requests(RequestQuery {
            status: match given.has_request_status {
                0 => None,
                _ => Some(value(given.request_status, "status")?),
            },
            for_caller: given.for_caller != 0,
        }),
        _ => return Ok(None),
    }))
}

fn create_request(given: &CardwrightCall) -> Result<CreateRequest<'_>, Error> {
    let comment = nullable!(given.comment).unwrap_or("");
    let priority = match given.has_priority {
        0 => None,
        _ => Some(u8::try_from(given.priority).map_err(|_| Error::of(Code::UnknownValue, "priority"))?),
    };
    let kind = match optional_value(given.request_kind, "type")? {
        Some(kind) => kind,
        None => CreateRequest::for_operation(value(given.operation, "operation")?, "", comment)?.kind,
    };
    Ok(CreateRequest {
        kind,
        smartcard: nullable!(given.id),
        profile_template: nullable!(given.profile_template),
        target: nullable!(given.target),
        data_collection: nullable!(given.data_collection).unwrap_or("[]"),
        comment,
        priority,
    })
}
