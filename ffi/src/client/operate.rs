//! Operations on cards, and what they come to.

use super::{CardwrightCard, CardwrightClient, noted};
use crate::boundary::{CardwrightError, CardwrightText, Output, size};
use crate::call::reason_of;
use crate::hosted::{handle, run};
use crate::lifecycle::{CardwrightVerdict, operation_of, verdict_of};
use cardwright_client::{AnyCard, Outcome};
use cardwright_core::lifecycle::Verdict;
use cardwright_core::{Code, Error};
use core::ffi::c_char;

/// What an operation came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightResult {
    /// The server carried it out.
    Done = 1,
    /// The answer was lost, and reading the card again does not tell whether it was carried out:
    /// `cardwright_last_error` says what was lost.
    Unknown = 2,
    /// MIM CM took the request; somebody must approve it before it can be carried out.
    AwaitingApproval = 3,
}

/// What an operation came to.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightOutcome {
    /// `sizeof(CardwrightOutcome)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightResult`.
    pub result: u32,
    /// 1 where the answer was lost and the card, read again, shows that it was carried out.
    pub answer_lost: u32,
    /// The card as it is now, the caller's, for `cardwright_card_free`; `NULL` where it could not be read again
    /// or is no longer listed.
    pub card: *mut CardwrightCard,
    /// 1 where `verdict` says something: the tables were asked, and knew the card's state.
    pub has_verdict: u32,
    /// The id of the request of MIM CM that did it, or will, `\0`-terminated; empty where there is none.
    pub request: [c_char; 64],
    /// What the tables said of the operation before it was sent. The server may have known better.
    pub verdict: CardwrightVerdict,
}

/// Carries out a `CardwrightOperation` on a card.
///
/// CertiFlow takes a `CardwrightRevocationReason` for a revocation, where `has_reason` is 1; MIM CM takes a
/// comment, none is an empty one. What the vendor documents as not allowed in the card's state is not sent:
/// `CARDWRIGHT_CODE_NOT_ALLOWED`; what is only assumed is, unless the client was set up otherwise. The server's
/// refusals are the codes from 701 on, and `cardwright_last_error` has its words.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_operate(
    client: *const CardwrightClient,
    card: *const CardwrightCard,
    operation: u32,
    has_reason: u32,
    reason: u32,
    comment: CardwrightText,
    outcome: *mut CardwrightOutcome,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: client, card and text stay for the call; the structure is there to be written to.
        let (client, card, comment, place) =
            unsafe { (handle(client)?, handle(card)?, comment.get()?, Output::structure(outcome)?) };
        let (operation, reason) = (operation_of(operation)?, reason_of(has_reason, reason)?);
        let came_to = client.0.operate(&card.0, operation, reason, comment.unwrap_or("")).map_err(noted)?;
        place.put(outcome_of(came_to)?);
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Goes on with a request of MIM CM that waited for approval; `request` is its id, as an outcome had it. Where it
/// still waits, that is the outcome again.
///
/// `CARDWRIGHT_CODE_NO_SUCH_CALL` in CertiFlow, which has no requests; `CARDWRIGHT_CODE_NO_SUCH_OPERATION` where it
/// is for something that this library does not carry out; `CARDWRIGHT_CODE_REQUEST_ENDED` where it was denied,
/// canceled or failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_go_on(
    client: *const CardwrightClient,
    request: CardwrightText,
    outcome: *mut CardwrightOutcome,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: client and text stay for the call; the structure is there to be written to.
        let (client, request, place) = unsafe { (handle(client)?, request.needed()?, Output::structure(outcome)?) };
        place.put(outcome_of(client.0.go_on(request).map_err(noted)?)?);
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

fn outcome_of(came_to: Outcome<AnyCard>) -> Result<CardwrightOutcome, Error> {
    use CardwrightResult as R;
    let (result, card, request, answer_lost, verdict) = match came_to {
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
        card: CardwrightCard::give(card),
        has_verdict: verdict.is_some().into(),
        request: id,
        verdict: verdict_of(verdict.unwrap_or(Verdict::Lacks)),
    })
}
