//! Operations on cards, and their outcomes.

use super::card::CardwrightCard;
use super::handle::{CardwrightClient, noted};
use crate::call::reason_of;
use crate::enumeration::value;
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nullable, size, structures};
use crate::lifecycle::{CardwrightVerdict, verdict_of};
use crate::text::CardwrightText;
use cardwright::client::{AnyCard, Job, Outcome};
use cardwright_core::lifecycle::Verdict;
use cardwright_core::{Code, Error};
use core::ffi::c_char;

/// The result of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightResult {
    /// The server carried it out.
    Done = 1,
    /// The answer was lost, and reading the card again does not show whether it was carried out:
    /// `cardwright_last_error` says what was lost.
    Unknown = 2,
    /// MIM CM accepted the request; somebody must approve it before it can be carried out.
    AwaitingApproval = 3,
}

/// The outcome of an operation.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightOutcome {
    /// `sizeof(CardwrightOutcome)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightResult`.
    pub result: u32,
    /// 1 if the answer was lost and the card, read again, shows that it was carried out.
    pub answer_lost: u32,
    /// The card as it is now; `NULL` if it could not be read again or is no longer listed. Free it with
    /// `cardwright_card_free`.
    pub card: *mut CardwrightCard,
    /// 1 if `verdict` counts: the tables were asked, and know the card's state.
    pub has_verdict: u32,
    /// The id of the request of MIM CM that did it, or will, `\0`-terminated; empty if there is none.
    pub request: [c_char; 64],
    /// What the tables said about the operation before it was sent. The server may have known better.
    pub verdict: CardwrightVerdict,
}

structures!(CardwrightOutcome);

/// Performs a `CardwrightOperation` on a card.
///
/// CertiFlow takes a `CardwrightRevocationReason` for a revocation, if `has_reason` is 1; MIM CM takes a comment, by
/// default an empty one. What the vendor documents as not allowed in the card's state is not sent:
/// `CARDWRIGHT_CODE_NOT_ALLOWED`; what is only assumed not to be is sent, unless the client was set up otherwise. Nothing
/// is sent either for a record that may be another card's: `CARDWRIGHT_CODE_UNCONFIRMED`, until `cardwright_card_confirm`.
/// The server's refusals are the codes from 701 on, and `cardwright_last_error` has its words.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_operate(
    client: *const CardwrightClient, card: *const CardwrightCard, operation: u32, has_reason: u32, reason: u32,
    comment: CardwrightText, outcome: *mut CardwrightOutcome, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, card, comment, outcome) = (from_c!(client), from_c!(card), nullable!(comment), from_c!(outcome));
        let (operation, reason) = (value(operation, "operation")?, reason_of(has_reason, reason)?);
        let job = Job { operation, reason, comment: comment.unwrap_or("").into() };
        card.confirmed()?;
        let done = client.0.operate(&card.0, &job).map_err(noted)?;
        outcome.put(outcome_of(done)?);
    })
}

/// Continues a request of MIM CM that waited for approval; `request` is its id, from an outcome. If it still waits,
/// that is the outcome again.
///
/// `CARDWRIGHT_CODE_NO_SUCH_CALL` in CertiFlow, which has no requests; `CARDWRIGHT_CODE_NO_SUCH_OPERATION` if it
/// is for something that this library cannot perform; `CARDWRIGHT_CODE_REQUEST_ENDED` if it was denied, was
/// canceled or failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_go_on(
    client: *const CardwrightClient, request: CardwrightText, outcome: *mut CardwrightOutcome,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, request, outcome) = from_c!(client, request, outcome);
        outcome.put(outcome_of(client.0.go_on(request).map_err(noted)?)?);
    })
}

fn outcome_of(outcome: Outcome<AnyCard>) -> Result<CardwrightOutcome, Error> {
    use CardwrightResult as R;
    let (result, card, request, answer_lost, verdict) = match outcome {
        Outcome::Done { card, request, answer_lost, verdict } => (R::Done, card, request, answer_lost, verdict),
        Outcome::Unknown { card, error, request } => {
            noted(error);
            (R::Unknown, card, request, true, None)
        }
        Outcome::AwaitingApproval { request, verdict } => (R::AwaitingApproval, None, Some(request), false, verdict),
        _ => return Err(Error::new(Code::Internal, 0)),
    };
    let mut id = [0; 64];
    // An id is a GUID; the last place stays 0.
    let written = request.unwrap_or_default();
    id.iter_mut().take(63).zip(written.bytes()).for_each(|(to, from)| *to = from as c_char);
    Ok(CardwrightOutcome {
        struct_size: size::<CardwrightOutcome>(),
        result: result as u32,
        answer_lost: answer_lost.into(),
        card: CardwrightCard::into_raw(card),
        has_verdict: verdict.is_some().into(),
        request: id,
        verdict: verdict_of(verdict.unwrap_or(Verdict::Lacks)),
    })
}
