//! A request of MIM CM: reading it without changing anything.

use super::card::CardwrightCard;
use super::handle::{CardwrightClient, noted};
use super::raw::CardwrightRaw;
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, size, structures};
use crate::hosted::into_raw;
use crate::number::{OperationNumber, RequestStatusNumber, RequestStepNumber, RequestTypeNumber};
use crate::text::CardwrightText;
use cardwright_core::mim::Step;

/// What comes next for a request of MIM CM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightRequestStep {
    /// Somebody must approve it first, or MIM CM has not looked at it yet. Follow it again later.
    AwaitApproval = 1,
    /// It is approved, or its carrying out was begun: `cardwright_client_go_on` carries it out.
    CarryOut = 2,
    /// It is completed.
    Done = 3,
    /// It was denied, was canceled or has failed, as `status` says: nothing more comes of it.
    Ended = 4,
    /// Its status is not known: nothing should be sent on its strength.
    Unknown = 5,
}

/// A request of MIM CM as it is now, and the card that it is for.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightFollowed {
    /// `sizeof(CardwrightFollowed)`, set by the caller.
    pub struct_size: u32,
    /// What comes next: a `CardwrightRequestStep`.
    pub step: RequestStepNumber,
    /// 1 if `status` counts: it is known.
    pub has_status: u32,
    /// A `CardwrightRequestStatus`.
    pub status: RequestStatusNumber,
    /// 1 if `request_type` counts: it is known.
    pub has_request_type: u32,
    /// A `CardwrightRequestType`.
    pub request_type: RequestTypeNumber,
    /// The `CardwrightOperation` that it is for; 0 if this library cannot perform it.
    pub operation: OperationNumber,
    /// The code of what kept the card from being read; `CARDWRIGHT_OK` if nothing did.
    pub card_code: i32,
    /// The request as the server sent it, a body that `cardwright_view_parse` reads. Free it with `cardwright_raw_free`.
    pub request: *mut CardwrightRaw,
    /// The card that it is for; `NULL` if it is for none, the server does not have it, or it cannot be read. Free it with
    /// `cardwright_card_free`.
    pub card: *mut CardwrightCard,
}

structures!(CardwrightFollowed);

/// Reads a request of MIM CM by its id, and the card that it is for; nothing is changed. For a program that waits until
/// somebody approves what it asked for. Free `followed->request` and `followed->card`.
///
/// `CARDWRIGHT_CODE_NO_SUCH_CALL` in CertiFlow, which has no requests; `CARDWRIGHT_CODE_NOT_FOUND` if there is no such
/// request; `CARDWRIGHT_CODE_UNEXPECTED` if the server answers with another one. That the card cannot be read is no error:
/// `card_code` says so.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_follow(
    client: *const CardwrightClient, request: CardwrightText, followed: *mut CardwrightFollowed,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, request, followed) = from_c!(client, request, followed);
        let found = client.0.follow(request).map_err(noted)?;
        let view = found.request.view();
        let (status, kind) = (view.status().known(), view.request_type().known());
        followed.put(CardwrightFollowed {
            struct_size: size::<CardwrightFollowed>(),
            step: step_of(found.step) as u32,
            has_status: status.is_some().into(),
            status: status.map_or(0, |status| status as u32),
            has_request_type: kind.is_some().into(),
            request_type: kind.map_or(0, |kind| kind as u32),
            operation: found.operation.map_or(0, |operation| operation as u32),
            card_code: found.unread.as_ref().map_or(0, |error| error.code().number().into()),
            request: into_raw(CardwrightRaw::of(view.json().to_string())),
            card: CardwrightCard::into_raw(found.card),
        });
    })
}

fn step_of(step: Step) -> CardwrightRequestStep {
    match step {
        Step::AwaitApproval => CardwrightRequestStep::AwaitApproval,
        Step::CarryOut => CardwrightRequestStep::CarryOut,
        Step::Done => CardwrightRequestStep::Done,
        Step::Ended(_) => CardwrightRequestStep::Ended,
        Step::Unknown => CardwrightRequestStep::Unknown,
    }
}
