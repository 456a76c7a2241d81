//! What is done to a card by its id alone.

use super::handle::{CardwrightClient, noted};
use super::operate::{CardwrightOutcome, outcome_of};
use super::plan::CardwrightPlan;
use crate::call::reason_of;
use crate::enumeration::value;
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nullable};
use crate::hosted::into_raw;
use crate::number::{OperationNumber, RevocationReasonNumber};
use crate::text::CardwrightText;
use cardwright::client::Job;
use cardwright_core::Error;

/// Reads the card with an id and performs a `CardwrightOperation` on it, with the parameters and results of
/// `cardwright_client_operate`. What is sent is for the card that was read, and what is read afterwards is compared with
/// it: another card that has the id by then is not taken for it.
///
/// `CARDWRIGHT_CODE_NOT_FOUND` if the server has no such card; nothing was sent then, and `*outcome` is not written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_operate_by_id(
    client: *const CardwrightClient, id: CardwrightText, operation: OperationNumber, has_reason: u32,
    reason: RevocationReasonNumber, comment: CardwrightText, outcome: *mut CardwrightOutcome,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, id, comment, outcome) = (from_c!(client), from_c!(id), nullable!(comment), from_c!(outcome));
        let job = job(operation, has_reason, reason, comment)?;
        let (shown, result) = outcome_of(client.0.operate_by_id(id, &job).map_err(noted)?);
        outcome.put(shown);
        result?;
    })
}

/// What `cardwright_client_operate_by_id` would send with the same parameters, after it has read the card; nothing is
/// sent, and whether there is such a card is not asked. Free `*plan` with `cardwright_plan_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_plan_by_id(
    client: *const CardwrightClient, id: CardwrightText, operation: OperationNumber, has_reason: u32,
    reason: RevocationReasonNumber, comment: CardwrightText, plan: *mut *mut CardwrightPlan, count: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, id, comment, plan, count) =
            (from_c!(client), from_c!(id), nullable!(comment), from_c!(plan), from_c!(count));
        let planned = client.0.plan_by_id(id, &job(operation, has_reason, reason, comment)?).map_err(noted)?;
        count.put(planned.len());
        plan.put(into_raw(CardwrightPlan::of(planned)));
    })
}

/// An operation with its parameters.
pub(super) fn job(
    operation: OperationNumber, has_reason: u32, reason: RevocationReasonNumber, comment: Option<&str>,
) -> Result<Job, Error> {
    let (operation, reason) = (value(operation, "operation")?, reason_of(has_reason, reason)?);
    Ok(Job { operation, reason, comment: comment.unwrap_or("").into() })
}
