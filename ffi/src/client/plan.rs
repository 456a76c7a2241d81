//! What an operation would send.

use super::{CardwrightCard, CardwrightClient, noted};
use crate::boundary::{CardwrightError, CardwrightText, Output, size};
use crate::call::reason_of;
use crate::hosted::{give, handle, run, take_back};
use crate::lifecycle::operation_of;
use crate::names::nth;
use cardwright_client::Planned;

/// The requests that an operation would send. It may be shared between threads.
#[derive(Debug)]
pub struct CardwrightPlan(Vec<Planned>);

/// A request that would be sent. Its texts lie in the plan.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightPlanned {
    /// `sizeof(CardwrightPlanned)`, set by the caller.
    pub struct_size: u32,
    /// The method.
    pub method: CardwrightText,
    /// The whole address. `{request}` stands for the id that MIM CM will give to its request.
    pub address: CardwrightText,
    /// The body; with `data` as `NULL` where there is none.
    pub body: CardwrightText,
}

/// What `cardwright_client_operate` would send, by the same parameters; nothing is sent. `*plan` is the caller's,
/// for `cardwright_plan_free`, and `*count` is how many requests it has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_plan(
    client: *const CardwrightClient,
    card: *const CardwrightCard,
    operation: u32,
    has_reason: u32,
    reason: u32,
    comment: CardwrightText,
    plan: *mut *mut CardwrightPlan,
    count: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: client, card and text stay for the call; the outputs are there to be written to.
        let (client, card, comment, place, count) =
            unsafe { (handle(client)?, handle(card)?, comment.get()?, Output::new(plan)?, Output::new(count)?) };
        let (operation, reason) = (operation_of(operation)?, reason_of(has_reason, reason)?);
        let planned = client.0.plan(&card.0, operation, reason, comment.unwrap_or("")).map_err(noted)?;
        count.put(planned.len());
        place.put(give(CardwrightPlan(planned)));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// A request of a plan by its index, from 0, in the order in which they would be sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_plan_at(
    plan: *const CardwrightPlan,
    index: usize,
    planned: *mut CardwrightPlanned,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the plan is there to be read, the structure to be written to.
        let (plan, place) = unsafe { (handle(plan)?, Output::structure(planned)?) };
        let one = nth(plan.0.iter(), index)?;
        place.put(CardwrightPlanned {
            struct_size: size::<CardwrightPlanned>(),
            method: CardwrightText::of(one.method),
            address: CardwrightText::within(&one.address),
            body: one.body.as_deref().map_or(CardwrightText::NONE, CardwrightText::within),
        });
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Takes a plan back; its texts are of no use any more. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_plan_free(plan: *mut CardwrightPlan) {
    // SAFETY: what a function of this library gave away, once.
    unsafe { take_back(plan) }
}
