//! The REST API of Microsoft Identity Manager 2016 Certificate Management (MIM CM; before it FIM CM).
//!
//! Cards are read as [`Smartcard`] views and requests as [`Request`] views; what is asked is a
//! [`Call`]. Every change of a card is a request in MIM: it is created, perhaps approved by somebody,
//! carried out and completed, and [`Step`] says what comes next.
//!
//! Names in replies are the .NET property names, enumerations are numbers, and most of these numbers
//! are not published: what is not known is kept as it came.

mod call;
mod object;
mod status;

pub use call::{Call, CreateRequest, Endpoint, Permission, RequestEnd, RequestKind, RequestQuery, id_of_uri};
pub use object::{DataItem, Request, Smartcard};
#[cfg(feature = "alloc")]
pub use object::{OwnedDataItem, OwnedRequest, OwnedSmartcard};
pub use status::{RequestStatus, RequestType, SmartcardStatus, StatusScheme};

use crate::json::Schema;
use crate::operation::{Operation, System};

/// `SmartcardFlags.Primary`: the only flag of which the value is known (SDK sample).
pub const FLAG_PRIMARY: i64 = 1;

/// The empty GUID: no card, no profile.
pub const EMPTY_UUID: &str = "00000000-0000-0000-0000-000000000000";

/// The objects that MIM CM sends.
pub const SCHEMAS: [&Schema; 3] = [&Smartcard::SCHEMA, &Request::SCHEMA, &DataItem::SCHEMA];

/// The operation that a word of `/smartcards/{id}/operations` means, of those that can be done with
/// this library. `disable` is MIM's own word for Revoke in these lists.
#[must_use]
pub fn listed_operation(word: &str) -> Option<Operation> {
    if word.eq_ignore_ascii_case("disable") {
        return Some(Operation::Revoke);
    }
    Operation::from_native(System::Mim, word).ok()
}

/// The operation that a request is for, of those that can be done with this library. Suspend and Reinstate share
/// one number, and REST can only make the second.
#[must_use]
pub fn operation_of(request: &Request<'_>) -> Option<Operation> {
    match request.request_type().known()? {
        RequestType::Retire => Some(Operation::Retire),
        RequestType::Disable => Some(Operation::Revoke),
        RequestType::SuspendOrReinstate => Some(Operation::Resume),
        _ => None,
    }
}

/// What comes next for a request, by its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "what is not known is Unknown, and each case must be heeded")]
pub enum Step {
    /// It can be carried out: set the card's status, then complete the request.
    CarryOut,
    /// Somebody must approve it first; REST has no call for that.
    AwaitApproval,
    /// It is completed already.
    Done,
    /// It was denied, canceled, or has failed.
    Ended(RequestStatus),
    /// The status is not known: nothing should be sent on its strength.
    Unknown,
}

impl<'a> Request<'a> {
    /// The card that it is about: the old one, or the new one where there is no old one.
    #[must_use]
    pub fn smartcard_uuid(&self) -> Option<crate::json::Text<'a>> {
        let some = |uuid: Option<crate::json::Text<'a>>| uuid.filter(|uuid| !uuid.is_empty() && *uuid != EMPTY_UUID);
        some(self.old_smartcard_uuid()).or(some(self.new_smartcard_uuid()))
    }

    /// What comes next.
    #[must_use]
    pub fn step(&self) -> Step {
        match self.status().known() {
            Some(RequestStatus::Approved | RequestStatus::Executing) => Step::CarryOut,
            Some(RequestStatus::Pending | RequestStatus::NotProcessed) => Step::AwaitApproval,
            Some(RequestStatus::Completed) => Step::Done,
            Some(status @ (RequestStatus::Denied | RequestStatus::Canceled | RequestStatus::Failed)) => {
                Step::Ended(status)
            }
            None => Step::Unknown,
        }
    }
}
