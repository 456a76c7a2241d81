//! Operations on cards, and their outcomes.

use super::card::CardwrightCard;
use super::handle::{CardwrightClient, Shared, noted};
use crate::call::reason_of;
use crate::detail;
use crate::enumeration::value;
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nullable, size, structures};
use crate::lifecycle::{CardwrightVerdict, verdict_of};
use crate::text::CardwrightText;
use cardwright::client::{AnyCard, Ending, Job, Outcome};
use cardwright_core::lifecycle::Verdict;
use cardwright_core::{Code, Error};
use core::ffi::c_char;

/// The result of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightResult {
    /// It was carried out: the card was read again, and is as the operation leaves it. `cardwright_last_error` has what
    /// a person should know all the same, or nothing.
    Done = 1,
    /// It may have been carried out, or may still be: the card was read again until the settle limit, and does not
    /// tell. `cardwright_last_error` says what was seen.
    Unknown = 2,
    /// MIM CM accepted the request; somebody must approve it before it can be carried out.
    AwaitingApproval = 3,
    /// The server refused it, or does not accept the account. The function returns the code of the refusal.
    Refused = 4,
    /// No byte of its request left. The function returns the code of what kept it.
    NotSent = 5,
    /// The server said yes, and the card was not read again, as `CARDWRIGHT_VERIFY_NEVER` asks.
    Accepted = 6,
}

/// The outcome of an operation.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightOutcome {
    /// `sizeof(CardwrightOutcome)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightResult`.
    pub result: u32,
    /// 1 if the answer to the operation was lost, or said that it failed; what `result` says was read from the card, or
    /// could not be.
    pub answer_lost: u32,
    /// The card as it was read last; `NULL` if it was not read again, could not be, or is no longer listed. Free it
    /// with `cardwright_card_free`.
    pub card: *mut CardwrightCard,
    /// 1 if `verdict` counts: the tables were asked, and know the card's state.
    pub has_verdict: u32,
    /// The id of the request of MIM CM that did it, or will, or is left behind, `\0`-terminated; empty if there is
    /// none.
    pub request: [c_char; 64],
    /// What the tables said about the operation before it was sent. The server may have known better.
    pub verdict: CardwrightVerdict,
}

structures!(CardwrightOutcome { result, answer_lost, card, has_verdict, request, verdict });

/// Performs a `CardwrightOperation` on a card.
///
/// CertiFlow takes a `CardwrightRevocationReason` for a revocation, if `has_reason` is 1; MIM CM takes a comment, by
/// default an empty one. What the vendor documents as not allowed in the card's state is not sent:
/// `CARDWRIGHT_CODE_NOT_ALLOWED`; what is only assumed not to be is sent, unless the client was set up otherwise. Nothing
/// is sent either for a record that may be another card's: `CARDWRIGHT_CODE_UNCONFIRMED`, until `cardwright_card_confirm`.
///
/// The card is read again until it shows the result, as long as the options say. The server's refusals are the codes
/// from 701 on, and what kept the request from being sent those from 601 to 615; `*outcome` is written then too, with
/// no card. `cardwright_last_error` has the words.
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
        let (shown, result) = outcome_of(done, &client.0);
        outcome.put(shown);
        result?;
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
        let (shown, result) = outcome_of(client.0.go_on(request).map_err(noted)?, &client.0);
        outcome.put(shown);
        result?;
    })
}

/// Gives up a request of MIM CM that is not carried out yet: it is canceled, or abandoned where it was approved already.
///
/// `CARDWRIGHT_CODE_REQUEST_ENDED` if it has ended already; `CARDWRIGHT_CODE_UNEXPECTED` if it does not show, until the settle
/// limit, that it was given up; `CARDWRIGHT_CODE_NO_SUCH_CALL` in CertiFlow, which has no requests.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_cancel_request(
    client: *const CardwrightClient, request: CardwrightText, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, request) = from_c!(client, request);
        client.0.cancel_request(request).map_err(noted)?;
    })
}

/// The outcome as it crosses the boundary, and the code that goes with it.
fn outcome_of(outcome: Outcome<AnyCard>, client: &Shared) -> (CardwrightOutcome, Result<(), Error>) {
    use CardwrightResult as R;
    let words = outcome.to_string();
    let Outcome { ending, card, error, request, answer_lost, verdict, warning, .. } = outcome;
    let (result, code) = match ending {
        Ending::Done => {
            warning.into_iter().for_each(detail::words);
            (R::Done, Ok(()))
        }
        Ending::Accepted => (R::Accepted, Ok(())),
        Ending::AwaitingApproval => (R::AwaitingApproval, Ok(())),
        Ending::Unknown => {
            detail::words(words);
            (R::Unknown, Ok(()))
        }
        Ending::Refused | Ending::NotSent => {
            let result = if ending == Ending::Refused { R::Refused } else { R::NotSent };
            (result, Err(error.map_or(Error::new(Code::Internal, 0), noted)))
        }
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => {
            detail::words(words);
            (R::Unknown, Ok(()))
        }
    };
    let mut id = [0; 64];
    // An id is a GUID; the last place stays 0.
    let written = request.unwrap_or_default();
    id.iter_mut().take(63).zip(written.bytes()).for_each(|(to, from)| *to = from as c_char);
    let shown = CardwrightOutcome {
        struct_size: size::<CardwrightOutcome>(),
        result: result as u32,
        answer_lost: answer_lost.into(),
        // A program that is told of a failure frees nothing.
        card: CardwrightCard::into_raw(card.filter(|_| code.is_ok()), client),
        has_verdict: verdict.is_some().into(),
        request: id,
        verdict: verdict_of(verdict.unwrap_or(Verdict::Lacks)),
    };
    (shown, code)
}
