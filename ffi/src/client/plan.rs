//! What an operation would send.

use super::card::CardwrightCard;
use super::handle::{CardwrightClient, noted};
use crate::call::reason_of;
use crate::enumeration::value;
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nth, nullable, size, structures};
use crate::hosted::{free, handle, into_raw};
use crate::text::CardwrightText;
use cardwright::client::{Job, Planned};

/// The requests that an operation would send. It may be shared between threads.
#[derive(Debug)]
pub struct CardwrightPlan(Vec<Planned>);

handle!(CardwrightPlan: Send + Sync);

/// A request that would be sent. Its texts belong to the plan.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightPlanned {
    /// `sizeof(CardwrightPlanned)`, set by the caller.
    pub struct_size: u32,
    /// The method.
    pub method: CardwrightText,
    /// The whole address. `{request}` stands for the id that MIM CM will give to its request.
    pub address: CardwrightText,
    /// The body; `data` is `NULL` if there is none.
    pub body: CardwrightText,
}

structures!(CardwrightPlanned { method, address, body });

/// What `cardwright_client_operate` would send with the same parameters; nothing is sent. `*count` is the number of
/// requests. Free `*plan` with `cardwright_plan_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_plan(
    client: *const CardwrightClient, card: *const CardwrightCard, operation: u32, has_reason: u32, reason: u32,
    comment: CardwrightText, plan: *mut *mut CardwrightPlan, count: *mut usize, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, card, comment, plan, count) =
            (from_c!(client), from_c!(card), nullable!(comment), from_c!(plan), from_c!(count));
        let (operation, reason) = (value(operation, "operation")?, reason_of(has_reason, reason)?);
        let job = Job { operation, reason, comment: comment.unwrap_or("").into() };
        let planned = client.0.plan(&card.0, &job).map_err(noted)?;
        count.put(planned.len());
        plan.put(into_raw(CardwrightPlan(planned)));
    })
}

/// A request of a plan by its index, from 0, in the order in which they would be sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_plan_at(
    plan: *const CardwrightPlan, index: usize, planned: *mut CardwrightPlanned, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (plan, planned) = from_c!(plan, planned);
        let one = nth(plan.0.iter(), index)?;
        planned.put(CardwrightPlanned {
            struct_size: size::<CardwrightPlanned>(),
            method: CardwrightText::of(one.method),
            address: CardwrightText::of(&one.address),
            body: CardwrightText::of_any(one.body.as_deref()),
        });
    })
}

/// Frees a plan; its texts become invalid. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_plan_free(plan: *mut CardwrightPlan) {
    free!(plan)
}
